"""A fast look through a sheet's XML for what calamine does not tell: formulas, and cells that show an error."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipelines.intake.package import Package

FORMULA_LENGTH = 80
_WINDOW_BYTES = 1 << 20
_LONGEST_WINDOW = 1 << 23
_OVERLAP = 256
_ROOT = re.compile(rb"<(\w+:)?worksheet[\s>]")
_REFERENCE = re.compile(rb"""\sr\s*=\s*["']\$?([A-Za-z]{1,3})\$?(\d{1,7})["']""")
_ANY_REFERENCE = re.compile(rb"""<(?:\w+:)?c\s(?:[^>]*?\s)?r=["']([A-Za-z]{1,3})(\d{1,7})["']""")
_ROW_NUMBER = re.compile(rb"""\sr\s*=\s*["'](\d{1,7})["']""")
_ERROR_TYPE = re.compile(rb"""\st\s*=\s*["']e["']""")
_SHARED = re.compile(rb"""\ssi\s*=\s*["'](\d+)["']""")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))


@dataclass
class Scan:
    """What a sheet holds: formulas (row, column, text), how many in all, and errors by row and column; all from 1."""

    formulas: list[tuple[int, int, str]] = field(default_factory=list)
    formula_count: int = 0
    errors: dict[int, dict[int, str]] = field(default_factory=dict)


class _NoReference(Exception):
    """A cell does not say where it stands."""


class _Patterns:
    """What tags look like in this sheet; some programs put a prefix before each name."""

    def __init__(self, prefix: bytes) -> None:
        opening = b"<" + prefix
        name = re.escape(opening)
        self.cell_start = opening + b"c"
        self.formula_start = opening + b"f"
        self.formula = re.compile(name + rb"f(?=[\s/>])([^>]*?)(?:/>|>([^<]*)<)")
        self.value = re.compile(name + rb"v(?:\s[^>]*)?>([^<]*)<")
        self.tag = re.compile(name + rb"(row|c)(?=[\s/>])([^>]*)>")


def scan_sheet(package: Package, part: str, formulas_kept: int) -> Scan:
    """Look through one sheet, keeping the first formulas; cells that do not say where they stand are counted."""
    try:
        return _scanned(package, part, formulas_kept, is_counting=False)
    except _NoReference:
        return _scanned(package, part, formulas_kept, is_counting=True)


def extent(package: Package, part: str) -> tuple[int, int]:
    """The last row and the last column in which a sheet states a cell."""
    rows, columns = {0}, {0}
    for _, window in _windows(package, part):
        found = set(_ANY_REFERENCE.findall(window))
        columns.update(_column(letters) for letters in {letters for letters, _ in found})
        rows.update(int(row) for _, row in found)
        rows, columns = {max(rows)}, {max(columns)}
    return max(rows), max(columns)


def _scanned(package: Package, part: str, formulas_kept: int, *, is_counting: bool) -> Scan:
    scan, shared, place = Scan(), {}, (0, 0)
    for patterns, window in _windows(package, part):
        places = {}
        if is_counting:
            places, place = _counted(window, patterns, place)
        for start, tag, text, group in _formulas(window, patterns):
            row, column = places[start] if is_counting else _place(tag)
            known = shared.setdefault(group, text) if group and text else text or shared.get(group, "")
            scan.formula_count += 1
            if len(scan.formulas) < formulas_kept:
                scan.formulas.append((row, column, f"={known}"[:FORMULA_LENGTH]))
        for start, tag, text in _errors(window, patterns):
            row, column = places[start] if is_counting else _place(tag)
            scan.errors.setdefault(row, {})[column] = text
    return scan


def _windows(package: Package, part: str) -> Iterator[tuple[_Patterns, bytes]]:
    """The XML in pieces that do not part a cell from its formula or value."""
    rest, patterns = b"", None
    for piece in package.pieces(part):
        rest += piece
        if len(rest) < _WINDOW_BYTES:
            continue
        patterns = patterns or _patterns(rest)
        cut = rest.rfind(patterns.cell_start)
        if cut <= 0:
            if len(rest) < _LONGEST_WINDOW:
                continue
            cut = len(rest) - _OVERLAP
        yield patterns, rest[:cut]
        rest = rest[cut:]
    yield patterns or _patterns(rest), rest


def _patterns(head: bytes) -> _Patterns:
    root = _ROOT.search(head)
    return _Patterns((root.group(1) or b"") if root else b"")


def _formulas(window: bytes, patterns: _Patterns) -> Iterator[tuple[int, bytes, str, bytes]]:
    """Each formula: where its cell's tag starts, the tag, the formula's text and the group that shares it."""
    if patterns.formula_start not in window:
        return
    for found in patterns.formula.finditer(window):
        start = window.rfind(patterns.cell_start, 0, found.start())
        if start < 0:
            continue
        group = _SHARED.search(found.group(1))
        yield start, _tag(window, start), _text(found.group(2) or b""), group.group(1) if group else b""


def _errors(window: bytes, patterns: _Patterns) -> Iterator[tuple[int, bytes, str]]:
    """Each cell that shows an error: where its tag starts, the tag and what it shows."""
    # what an error shows starts with "#"; one letter is found many times faster than two
    if b"#" not in window or b">#" not in window:
        return
    for found in _ERROR_TYPE.finditer(window):
        start = window.rfind(patterns.cell_start, 0, found.start())
        if start < 0 or b">" in window[start : found.start()]:
            continue
        end = window.find(patterns.cell_start, found.end())
        value = patterns.value.search(window, found.end(), end if end >= 0 else len(window))
        if value:
            yield start, _tag(window, start), _text(value.group(1))


def _tag(window: bytes, start: int) -> bytes:
    end = window.find(b">", start)
    return window[start : end if end >= 0 else len(window)]


def _place(tag: bytes) -> tuple[int, int]:
    reference = _REFERENCE.search(tag)
    if reference is None:
        raise _NoReference
    return int(reference.group(2)), _column(reference.group(1))


def _column(letters: bytes) -> int:
    column = 0
    for letter in letters.upper():
        column = column * 26 + letter - ord("A") + 1
    return column


def _counted(
    window: bytes, patterns: _Patterns, place: tuple[int, int]
) -> tuple[dict[int, tuple[int, int]], tuple[int, int]]:
    """Where each cell of a window stands, by the start of its tag; a cell without a reference follows the one before."""
    row, column = place
    places = {}
    for found in patterns.tag.finditer(window):
        if found.group(1) == b"row":
            number = _ROW_NUMBER.search(found.group(2))
            row, column = int(number.group(1)) if number else row + 1, 0
        else:
            reference = _REFERENCE.search(found.group(2))
            column = _column(reference.group(1)) if reference else column + 1
            row = int(reference.group(2)) if reference else row
            places[found.start()] = (row, column)
    return places, (row, column)


def _text(content: bytes) -> str:
    text = content.decode("utf-8", "replace")
    for entity, letter in _ENTITIES:
        text = text.replace(entity, letter)
    return text
