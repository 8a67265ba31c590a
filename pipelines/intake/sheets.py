"""What a handed-in file holds, before anyone asks what it means: sheets of text cells as the person sees them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from pipelines.i18n import _
from pipelines.intake.kinds import Kind

__all__ = ["ROW", "Formula", "Kind", "Note", "Sheet", "cell_name", "letters"]

ROW = "row"


@dataclass(frozen=True, kw_only=True)
class Formula:
    """A cell worked out by the spreadsheet; ``row`` and ``column`` count from 1, ``text`` is cut to 80 characters."""

    row: int
    column: int
    text: str


@dataclass(frozen=True)
class Note:
    """A sentence that is said in the language of the moment: a text marked for translation and its values."""

    text: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return _(self.text, **self.values)


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One sheet of a workbook, or one text file.

    ``file`` is the name as handed in, without its folder; ``name`` is the sheet's (None for a text file). ``cells``
    has ``row`` (Int64, from 1, as the person sees it) and ``c1`` … ``cN`` (String, null where there is no text),
    rows with text only, by row. ``kinds`` has the same rows with c1 … cN as UInt8 (:class:`Kind`), or is None where
    all is text. ``merged`` are ranges of merged cells below row 1 ("B7:B12"; the value stands in the first cell only).

    Numbers have a point and no needless zeros ("12", "0.5"), dates are ISO, with the time only where it is not
    midnight; booleans are "true" and "false", errors "#REF!"; text is untouched.
    """

    file: str
    name: str | None
    cells: pl.DataFrame
    kinds: pl.DataFrame | None
    formulas: tuple[Formula, ...] = ()
    merged: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    sha256: str = ""

    @property
    def remarks(self) -> tuple[str, ...]:
        """How the sheet was read, in whole sentences, in the language of the moment."""
        return tuple(str(note) for note in self.notes)


def cell_name(position: int) -> str:
    """The name of a column of ``cells`` and ``kinds``, counted from 1: ``c1``."""
    return f"c{position}"


def letters(position: int) -> str:
    """A column as the person sees it: 1 is A, 27 is AA."""
    text = ""
    while position > 0:
        position, letter = divmod(position - 1, 26)
        text = chr(ord("A") + letter) + text
    return text
