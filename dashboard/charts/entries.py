"""Long lists that stay readable: entries in folds, numbered rules, tables of links, a list of sections."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from dashboard.views.view import Markup

Linked = tuple[str, str]  # text, link or empty


@dataclass(frozen=True)
class Line:
    """A line of an entry: a term (or none) and what is said under it, in parts of which some lead elsewhere."""

    term: str
    parts: Sequence[Linked]


@dataclass(frozen=True)
class Entry:
    """An entry: the id by which links find it, its title (or none), the address the title leads to, its lines."""

    key: str
    title: str
    link: str
    lines: Sequence[Line]


@dataclass(frozen=True)
class Fold:
    """Entries under one summary."""

    summary: str
    entries: Sequence[Entry]
    is_open: bool = False


def folds(sections: Sequence[tuple[str, Sequence[Fold]]]) -> Markup:
    """Draw sections (heading or empty, folds) in the order given; a fold without an entry is left out."""
    drawn = []
    for heading, parts in sections:
        inside = "".join(_fold(fold) for fold in parts if fold.entries)
        if inside:
            title = f'<h3 class="pn-subhead">{escape(heading)}</h3>' if heading else ""
            drawn.append(f"<div>{title}{inside}</div>")
    return Markup(f'<div class="pn-entries pn-list">{"".join(drawn)}</div>')


def _fold(fold: Fold) -> str:
    opened = " open" if fold.is_open else ""
    entries = "".join(_entry(entry) for entry in fold.entries)
    return (
        f'<details class="pn-entry-fold"{opened}><summary>{escape(fold.summary)}</summary><ul>{entries}</ul></details>'
    )


def _entry(entry: Entry) -> str:
    title = f"<b>{_linked(entry.title, entry.link)}</b>" if entry.title else ""
    return f'<li id="{escape(entry.key)}">{title}{"".join(_line(line) for line in entry.lines)}</li>'


def _line(line: Line) -> str:
    said = " · ".join(_linked(text, link) for text, link in line.parts if text)
    if not said:
        return ""
    term = f"<em>{escape(line.term)}</em> " if line.term else ""
    return f"<p>{term}{said}</p>"


def _linked(text: str, link: str) -> str:
    if not link:
        return escape(text)
    outside = ' target="_blank" rel="noopener"' if link.startswith(("http://", "https://")) else ""
    return f'<a href="{escape(link)}"{outside}>{escape(text)}</a>'


def numbered_rules(rules: Sequence[tuple[str, str, str]]) -> Markup:
    """Draw rules (title, meaning, example or empty) as a numbered list."""
    items = "".join(
        f"<li><b>{escape(title)}</b> {escape(meaning)}" + (f"<p>{escape(example)}</p>" if example else "") + "</li>"
        for title, meaning, example in rules
    )
    return Markup(f'<ol class="pn-rules">{items}</ol>')


def link_table(
    head: Sequence[str], rows: Sequence[Sequence[Linked]], *, caption: str, numbers: Sequence[int] = (), above: str = ""
) -> Markup:
    """Draw rows of cells (text, link or empty) as a table; ``numbers`` are the positions of columns of numbers.

    ``above`` is put before the table as it stands and must be escaped already.
    """
    css = [' class="pn-num"' if position in numbers else "" for position in range(len(head))]
    titles = "".join(f'<th scope="col"{css[position]}>{escape(text)}</th>' for position, text in enumerate(head))
    body = "".join(
        "<tr>"
        + "".join(
            f'<th scope="row">{_linked(*cell)}</th>' if position == 0 else f"<td{css[position]}>{_linked(*cell)}</td>"
            for position, cell in enumerate(row)
        )
        + "</tr>"
        for row in rows
    )
    return Markup(
        f'{above}<div class="pn-scroll" tabindex="0" role="region" aria-label="{escape(caption)}"><table class="pn-table">'
        f'<caption class="pn-unseen">{escape(caption)}</caption><thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def section_list(sections: Sequence[Linked], *, label: str) -> str:
    """The sections of a page (title, link) as a list to jump from."""
    items = "".join(f"<li>{_linked(title, link)}</li>" for title, link in sections)
    return f'<nav class="pn-sections pn-list" aria-label="{escape(label)}"><ul>{items}</ul></nav>'
