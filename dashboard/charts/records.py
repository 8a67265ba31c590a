"""Records as a list that reads well on a phone: date, title, what else is known, status, source."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from dashboard.i18n import n_
from dashboard.texts import remark_html
from dashboard.views.view import Markup

MOST_SHOWN = 8
MOST_LISTED = 100


@dataclass(frozen=True)
class Wording:
    """A text; ``remark`` is ``translated`` for a wording of ours, or the language it had to be shown in."""

    text: str
    remark: str = ""


@dataclass(frozen=True)
class Entry:
    """One record: when, what, further lines, a status with the kind of its key (see ``pn-key`` in the style sheet)."""

    when: str
    title: Wording
    lines: tuple[Wording, ...] = ()
    status: str = ""
    kind: str = ""
    source: str = ""
    source_link: str = ""


def record_list(
    groups: Sequence[tuple[str, Sequence[Entry]]], most_shown: int = MOST_SHOWN, left_out: int = 0
) -> Markup:
    """Draw groups (heading or empty text, entries); a long group folds what comes after its first entries.

    ``left_out`` is how many more records there are than those given; a sentence says so and where they are.
    """
    more = ""
    if left_out:
        text = n_("{n} more record is in the download only.", "{n} more records are in the download only.", left_out)
        more = f'<p class="pn-none">{escape(text)}</p>'
    return Markup("".join(_group(heading, entries, most_shown) for heading, entries in groups if entries) + more)


def _group(heading: str, entries: Sequence[Entry], most_shown: int) -> str:
    head = f'<h3 class="pn-records-head">{escape(heading)}</h3>' if heading else ""
    # a fold for one or two entries would hide more than it saves
    shown = len(entries) if len(entries) <= most_shown + 2 else most_shown
    rest = entries[shown:]
    more = ""
    if rest:
        summary = n_("Show {n} more", "Show {n} more", len(rest))
        more = f'<details class="pn-fold"><summary>{escape(summary)}</summary>{_list(rest)}</details>'
    return head + _list(entries[:shown]) + more


def _list(entries: Sequence[Entry]) -> str:
    return f'<ul class="pn-records">{"".join(_entry(entry) for entry in entries)}</ul>'


def _entry(entry: Entry) -> str:
    lines = "".join(f"<p>{worded(line)}</p>" for line in entry.lines if line.text)
    key = f'<i class="pn-key pn-{entry.kind}" aria-hidden="true"></i>' if entry.kind else ""
    status = f'<span class="pn-records-status">{key}{escape(entry.status)}</span>' if entry.status else ""
    source = f'<a href="{escape(entry.source_link)}">{escape(entry.source)}</a>' if entry.source else ""
    below = f'<p class="pn-records-foot">{status}{source}</p>' if status or source else ""
    return (
        f'<li><span class="pn-records-when">{escape(entry.when)}</span>'
        f"<div><b>{worded(entry.title)}</b>{lines}{below}</div></li>"
    )


def worded(wording: Wording) -> str:
    """A text with the remark that the standing of its wording asks for, as HTML."""
    return escape(wording.text) + remark_html(wording.remark)
