"""How broad a text is on a slide, how many lines it takes, and where it has to be cut."""

import re
import unicodedata
from functools import lru_cache

from dashboard.charts.drawing import breadth

Words = tuple[str, int]
"""A text and the number of lines that it takes."""
HEAD_FONT, TEXT_FONT = "Georgia", "Arial"
BOLD_BREADTH = 1.11
"""Bold type against the same text in plain type."""
# These fonts against the one that is measured; for headings, the broadest that stands in where the font is missing.
_HEAD_BREADTH, _TEXT_BREADTH = 1.3, 1.03


@lru_cache(maxsize=20_000)
def text_breadth(text: str, size: float, *, is_head: bool = False) -> float:
    """About how broad a text is on a slide, in points."""
    return breadth(text, size) * (_HEAD_BREADTH if is_head else _TEXT_BREADTH)


def in_lines(text: str, size: float, width: float, *, is_head: bool = False) -> list[str]:
    """A text in lines of a breadth in inches, broken as programs do: at spaces and after hyphens, else within a word."""
    most = width * 72
    lines = [""]
    for space, word in re.findall(r"(\s*)([^\s-]*-+(?=\S)|[^\s-]*-*\S?)", text):
        longer = lines[-1] + (" " if space and lines[-1] else "") + word
        if not word or text_breadth(longer, size, is_head=is_head) <= most:
            lines[-1] = longer if word else lines[-1]
            continue
        if lines[-1]:
            lines.append("")
        for letter in word:
            if lines[-1] and text_breadth(lines[-1] + letter, size, is_head=is_head) > most:
                lines.append("")
            lines[-1] += letter
    return lines


def cut(text: str, size: float, width: float, most: int) -> Words:
    """A text and the lines it takes, at most so many; one that is longer ends in a sign that something is left out."""
    inner = width - 0.18
    lines = in_lines(text, size, inner)
    if len(lines) <= most:
        return text, len(lines)
    return " ".join([*lines[: most - 1], fitted(" ".join(lines[most - 1 :]), size, inner)]), most


def fitted(text: str, size: float, width: float) -> str:
    """A text cut to one line of a breadth in inches."""
    if text_breadth(text, size) <= width * 72:
        return text
    room = width * 72 - text_breadth("…", size)
    kept = text
    while kept and text_breadth(kept, size) > room:
        kept = kept[:-1]
    return kept.rstrip(" ,;.") + "…"


def height_of(lines: list[str], size: float) -> float:
    """How high lines of text are, in inches."""
    return len(lines) * size * 1.22 / 72 + 0.04


def clean(text: str) -> str:
    """A text without characters that no document can hold."""
    return "".join(
        letter for letter in text if letter in "\n\t" or unicodedata.category(letter) not in ("Cc", "Cs", "Co")
    )
