"""Recorded texts in the reader's language, with the standing of each wording.

A record keeps the text of its source; ``dim_text`` holds the other wordings. Beside each localised column ``x`` stands
``x_basis``: ``original`` (the recorded text itself, in the reader's language), ``official`` or ``same`` (needs no
remark), ``translated`` (ours: marked on screen), or the two-letter code of the language in which the text had to be
shown because no translation is on record.
"""

from functools import lru_cache
from html import escape

import polars as pl

from dashboard.db import fetch, read_from
from dashboard.i18n import _, language
from dashboard.labels import label

FREE_OF_REMARK = ("original", "official", "same")
_TRANSLATED = "°"


@lru_cache(maxsize=32)
def _wordings(_reading: tuple[str, str], lang: str) -> dict[str, tuple[str, str]]:
    """Original -> its wording in a language and the standing of that wording."""
    rows = fetch(
        """
        select original, any_value(text order by text_id) as text, any_value(basis order by text_id) as basis
        from dim_text
        where lang = $lang
        group by original
        order by original
        """,
        lang=lang,
    )
    return {original: (text, basis) for original, text, basis in rows.iter_rows()}


def localise(frame: pl.DataFrame, *columns: str, lists: tuple[str, ...] = ()) -> pl.DataFrame:
    """The frame with the given text columns in the reader's language and a ``<column>_basis`` beside each.

    Columns named in ``lists`` hold several texts split at ";"; each part is looked up and they are joined with ", ".
    """
    lang = language()
    wordings = _wordings(read_from(), lang)
    originals = frame["text_lang"].to_list() if "text_lang" in frame.columns else ["en"] * frame.height
    unworded = ["original" if original == lang else original for original in originals]
    localised: list[pl.Series] = []
    said: list[tuple[str | None, str | None]]
    for column in columns:
        said = [
            (None, None) if text is None else wordings.get(text, (text, without))
            for text, without in zip(frame[column], unworded, strict=True)
        ]
        localised += _columns(column, said)
    for column in lists:
        said = [
            (None, None) if text is None else _parts(text, without, wordings)
            for text, without in zip(frame[column], unworded, strict=True)
        ]
        localised += _columns(column, said)
    return frame.with_columns(localised)


def _parts(text: str, without: str, wordings: dict[str, tuple[str, str]]) -> tuple[str, str]:
    """Several texts in one cell; their standing is that of the part that needs a remark most."""
    found = [wordings.get(part, (part, without)) for part in (piece.strip() for piece in text.split(";"))]
    bases = {basis for _text, basis in found}
    ours = "translated" if "translated" in bases else "same"
    basis = without if without in bases else ours
    return ", ".join(part for part, _basis in found), basis


def _columns(column: str, said: list[tuple[str | None, str | None]]) -> tuple[pl.Series, pl.Series]:
    return (
        pl.Series(column, [text for text, _basis in said], dtype=pl.String),
        pl.Series(f"{column}_basis", [basis for _text, basis in said], dtype=pl.String),
    )


def wording(original: str) -> str:
    """One recorded text in the reader's language (the text itself where no wording is on record)."""
    return _wordings(read_from(), language()).get(original, (original, ""))[0]


def remark(basis: str | None) -> str:
    """What stands right behind a wording: a sign where it is ours, its language where there is none in the reader's."""
    if not basis or basis in FREE_OF_REMARK:
        return ""
    return _TRANSLATED if basis == "translated" else f" ({label('language', basis)})"


def remark_html(basis: str | None) -> str:
    """The remark behind a wording as markup, small and with the words for the sign."""
    said = remark(basis)
    if said == _TRANSLATED:
        return f'<span class="pn-tr" title="{escape(_("our translation"))}">{said}</span>'
    return f' <span class="pn-tr">{escape(said.strip())}</span>' if said else ""
