"""As much of a view's table as can be read on a slide: its columns and their breadth, its rows, its type."""

from dataclasses import dataclass
from typing import Any

from dashboard.exports.slide.measures import ROOM, SMALLEST
from dashboard.exports.slide.text import BOLD_BREADTH, Words, clean, cut, text_breadth
from dashboard.views.cells import wording, written
from dashboard.views.view import Column, View

GAP = 0.35
"""Between the parts of a table, in inches."""
_MOST_LINES, _MOST_LOOKED_AT, _PADDING, _NOTHING = 2, 60, 0.09, "–"


@dataclass(frozen=True)
class Sheet:
    """A table that fits: type size, columns with their breadth in inches, rows of cells by line, and side-by-side parts."""

    size: int
    columns: tuple[Column, ...]
    widths: tuple[float, ...]
    head: tuple[Words, ...]
    rows: tuple[tuple[Words, ...], ...]
    parts: int
    rows_in_part: int
    cuts: int  # cells that do not show all of their text


def sheet_of(view: View, room: float) -> Sheet:
    """As much of the view's table as can be read in a room of that height.

    Rather more columns than more rows, then whole words, then larger type.
    """
    rows = view.table.head(_MOST_LOOKED_AT).to_dicts()
    texts = [[_text(column, row) for column in view.columns] for row in rows]
    sizes = (20, 18, 16, SMALLEST) if len(rows) <= 24 else (SMALLEST,)
    # of a list of states none is left out, rather than that one more column is shown
    is_of_states = view.columns[0].kind == "area" and len(rows) == view.table.height
    sheets = [
        sheet
        for limit in ((len(view.columns), 2) if is_of_states else (len(view.columns),))
        for size in sizes
        for parts in (1, 2, 3)
        for most in ((8, 3, _MOST_LINES) if len(rows) <= 12 else (_MOST_LINES,))
        for sheet in [_sheet_in(view, texts, room, size, parts, most, limit)]
        if sheet is not None
    ]
    return max(
        sheets,
        key=lambda sheet: (
            is_of_states and len(sheet.rows) == len(rows),
            len(sheet.columns),
            len(sheet.rows),
            -sheet.cuts,
            sheet.size,
            -sheet.parts,
        ),
    )


def _sheet_in(
    view: View, texts: list[list[str]], room: float, size: int, parts: int, most: int, limit: int
) -> Sheet | None:
    """The table in that type, in parts side by side, with cells of at most so many lines; none where it makes no sense.

    ``limit`` is how many of its columns are offered.
    """
    wide = (ROOM - GAP * (parts - 1)) / parts
    places, widths = _chosen(view, texts, size, wide, limit)
    if parts > 1 and (len(texts) <= 12 or len(places) < min(2, len(view.columns))):
        return None
    columns = tuple(view.columns[place] for place in places)
    widths = _stretched(columns, widths, [[row[place] for row in texts] for place in places], size, wide)
    head = tuple(
        cut(column.label, size * BOLD_BREADTH, width, 3) for column, width in zip(columns, widths, strict=True)
    )
    cells = tuple(
        tuple(cut(row[place], size, width, most) for place, width in zip(places, widths, strict=True)) for row in texts
    )
    shown = len(cells)
    while shown:
        cuts = sum(text.endswith("…") for row in cells[:shown] for text, in_lines in row)
        sheet = Sheet(size, columns, widths, head, cells[:shown], parts, -(-shown // parts), cuts)
        if sum(row_heights(sheet)) <= room:
            return sheet
        shown -= 1
    return Sheet(size, columns, widths, head, cells[:1], 1, 1, 0) if parts == 1 else None


def _chosen(
    view: View, texts: list[list[str]], size: int, room: float, limit: int
) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """The places of the columns from the left that fit beside each other, and how broad each has to be.

    Empty ones are passed over; documents stand at the foot and in the notes.
    """
    offered = [n for n, column in enumerate(view.columns) if column.kind != "source"] or [*range(len(view.columns))]
    chosen: list[int] = []
    widths: list[float] = []
    left = room
    for place in offered[:limit]:
        own = [row[place] for row in texts]
        width = _width(view.columns[place], own, size, room)
        if chosen and (width > left or all(text == _NOTHING for text in own)):
            continue
        chosen.append(place)
        widths.append(min(width, room))
        left -= width
    return tuple(chosen), tuple(widths)


def _width(column: Column, texts: list[str], size: int, room: float) -> float:
    """The breadth of a column in inches: the longest word whole, most cells in one line or two."""
    head = size * BOLD_BREADTH
    word = max(
        (
            text_breadth(word, size if text is not column.label else head)
            for text in (column.label, *texts)
            for word in text.split()
        ),
        default=0,
    )
    lengths = sorted(text_breadth(text, size) for text in texts) or [0.0]
    usual = (
        lengths[int(len(lengths) * 0.9)]
        if room < ROOM
        else lengths[-1]
        if lengths[-1] < 220
        else lengths[int(len(lengths) * 0.9)]
    )
    most = (2.2 if column.kind in ("number", "percent", "year") else min(4.6, room * 0.6)) * 72
    wanted = usual if usual <= most * 0.75 else min(usual / 1.7, most)
    return max(min(word, most), wanted, min(text_breadth(column.label, head) / 2, most)) * 1.03 / 72 + 0.18


def _stretched(
    chosen: tuple[Column, ...], widths: tuple[float, ...], texts: list[list[str]], size: int, room: float
) -> tuple[float, ...]:
    """The widths with what is left of the room given to the columns of words, first to those that need it."""
    words = [n for n, column in enumerate(chosen) if column.kind in ("text", "area")] or list(range(len(chosen)))
    needed = [max((text_breadth(text, size) for text in own), default=0) * 1.03 / 72 + 0.2 for own in texts]
    broken = [n for n, width in enumerate(widths) if needed[n] > width]
    left = max(0.0, room - sum(widths))
    grown = list(widths)
    # who needs least is served first: what it leaves is for the others
    for position, n in enumerate(sorted(broken, key=lambda n: needed[n] - widths[n])):
        given = min(needed[n] - widths[n], left / (len(broken) - position))
        grown[n] += given
        left -= given
    if broken:
        return tuple(grown)
    share = left / len(words)
    share = min(share, 2.4) if room == ROOM else 0.0
    return tuple(width + share if n in words else width for n, width in enumerate(widths))


def _text(column: Column, row: dict[str, Any]) -> str:
    text = written(column, row)
    if text and wording(row.get(f"{column.key}_basis")):
        text += "°"
    return clean(" ".join(text.split())) or _NOTHING


def row_heights(sheet: Sheet) -> list[float]:
    """The height of each row in inches, the head first."""
    line = sheet.size * 1.2 / 72
    counts = [max(lines for _text, lines in sheet.head)] + [
        max(lines for row in _beside(sheet, down) for _text, lines in sheet.rows[row])
        for down in range(sheet.rows_in_part)
    ]
    return [line * count + padding(sheet) for count in counts]


def padding(sheet: Sheet) -> float:
    """The space above and below the words of a row; less where the table stands in parts beside each other."""
    return _PADDING if sheet.parts == 1 else _PADDING / 2


def _beside(sheet: Sheet, down: int) -> list[int]:
    rows = (part * sheet.rows_in_part + down for part in range(sheet.parts))
    return [row for row in rows if row < len(sheet.rows)]
