"""Pictures that we draw ourselves as SVG: paints by role, patterns, wrapped text, and the picture as a file of its own.

On a page a picture is painted with the page's own variables (``var(--pn-focus)``) and its outlines lie elsewhere on the
page; as a file it carries everything it needs.
"""

import re
from collections.abc import Iterable
from html import escape

from dashboard.charts.americas import outlines
from dashboard.theme import FONT, Palette

# How wide the letters of the sans are, in parts of the size of the type.
_WIDTHS = {**dict.fromkeys(" .,;:!|'’()[]iIjlftr·", 0.3), **dict.fromkeys("mwMW—…", 0.86)}
_WIDTH_OF_CAPITALS, _WIDTH_OF_OTHERS = 0.62, 0.52
_SHAPE = "pn-shape-"
_LISTS = ("scale", "subregions")


def breadth(text: str, size: float) -> float:
    """About how wide a text is when it is set in the given size."""
    letters = (_WIDTHS.get(letter, _WIDTH_OF_CAPITALS if letter.isupper() else _WIDTH_OF_OTHERS) for letter in text)
    return size * sum(letters)


def wrapped(text: str, size: float, width: float) -> list[str]:
    """A text in lines that are at most about so wide."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and breadth(longer, size) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def text_lines(lines: Iterable[str], x: float, y: float, size: float, paint: str, *, weight: int = 400) -> str:
    """Lines of text under one another; ``y`` is the foot of the first one."""
    spans = "".join(
        f'<tspan x="{x:g}" y="{y + row * size * 1.35:g}">{escape(line)}</tspan>' for row, line in enumerate(lines)
    )
    return f'<text font-size="{size:g}" font-weight="{weight}" fill="{paint}">{spans}</text>'


def shape(code: str) -> str:
    """The reference to a shape's outline."""
    return f'<use href="#{_SHAPE}{code}"/>'


def pattern(kind: str, name: str, scale: float = 1) -> str:
    """The pattern of a kind of empty under a name, for use in units drawn ``scale`` times as large and with north up."""
    transform = f' patternTransform="scale({1 / scale:.6g} {-1 / scale:.6g})"' if scale != 1 else ""
    size, drawn = {
        "missing": (6, '<path d="M-1 1L1 -1M0 6L6 0M5 7L7 5" stroke="var(--pn-context)" stroke-width="1"/>'),
        "outside": (12, '<path d="M-2 10L2 14M0 0L12 12M10 -2L14 2" stroke="var(--pn-context)" stroke-width="2"/>'),
        "suppressed": (6, '<circle cx="3" cy="3" r="1.3" fill="var(--pn-context)"/>'),
    }[kind]
    return (
        f'<pattern id="{name}" width="{size}" height="{size}" patternUnits="userSpaceOnUse"{transform}>'
        f'<rect width="{size}" height="{size}" fill="var(--pn-page)"/>{drawn}</pattern>'
    )


def standalone(svg: str, colours: Palette) -> str:
    """A picture of a page as a file: colours instead of the page's variables, outlines inside, no links."""
    roles = {name: getattr(colours, name) for name in Palette.__dataclass_fields__ if name not in _LISTS}
    roles |= {f"level_{level}": colour for level, colour in enumerate(colours.scale)}
    painted = re.sub(r"var\(--pn-([a-z0-9-]+)\)", lambda found: roles[found[1].replace("-", "_")], svg)
    plain = re.sub(r"<a [^>]*>", "<g>", painted).replace("</a>", "</g>")
    used = sorted(set(re.findall(rf'href="#{_SHAPE}(\w+)"', plain)))
    paths = "".join(f'<path id="{_SHAPE}{code}" fill-rule="evenodd" d="{outlines()[code].path}"/>' for code in used)
    head, inside = plain.split(">", 1)
    _x, _y, width, height = re.search(r'viewBox="([^"]*)"', head)[1].split()  # type: ignore[index]
    return (
        f'{head} xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="{escape(FONT)}">'
        f'<defs>{paths}</defs><rect width="{width}" height="{height}" fill="{colours.page}"/>{inside}'
    )
