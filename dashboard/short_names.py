"""Long official names cut short for heads and lanes, and still told apart."""

from collections.abc import Sequence
from itertools import zip_longest
from textwrap import shorten

_CUT = "\N{NO-BREAK SPACE}…"  # never alone on a line


def cut_short(text: str, width: int) -> str:
    """A text cut after a word to at most ``width`` characters, with a sign that something is left out."""
    if len(text) <= width:
        return text
    return shorten(text, width - len(_CUT), placeholder="").rstrip(" ,;:") + _CUT


def short_names(names: Sequence[str], width: int) -> list[str]:
    """The names, each in at most ``width`` characters or so; names that begin alike show where they begin to differ."""
    short = [cut_short(name, width) for name in names]
    alike: dict[str, set[str]] = {}
    for name, cut in zip(names, short, strict=True):
        alike.setdefault(cut, set()).add(name)
    return [
        cut if len(alike[cut]) == 1 else _from_difference(name, alike[cut], width)
        for name, cut in zip(names, short, strict=True)
    ]


def _from_difference(name: str, group: set[str], width: int) -> str:
    """The beginning that a group of names shares, cut, and then what follows from their first different word."""
    words = [other.split() for other in group]
    same = next(n for n, column in enumerate(zip_longest(*words)) if len(set(column)) > 1)
    beginning = shorten(" ".join(name.split()[:same]), width // 2, placeholder="").rstrip(" ,;")
    rest = cut_short(" ".join(name.split()[same:]), max(width - len(beginning) - len(_CUT), width // 3))
    return f"{beginning}{_CUT} {rest}".strip()
