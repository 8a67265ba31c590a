"""A list of events: one line each, everything else a click or key press away."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from dashboard.views.view import Markup

Linked = tuple[str, str]  # text, link or empty


@dataclass(frozen=True)
class Entry:
    """An event: its date, title and remark on the title, who took part, its status (fill of the key, words), details."""

    when: str
    title: str
    remark: str
    where: str
    fill: str
    status: str
    details: Sequence[tuple[str, Sequence[Linked]]]


def event_list(groups: Sequence[tuple[str, Sequence[Entry]]]) -> Markup:
    """Draw groups (heading, events) in the order given; details without a text are left out."""
    drawn = "".join(
        f'<h3 class="pn-event-group">{escape(heading)}</h3>' + "".join(_event(one) for one in entries)
        for heading, entries in groups
        if entries
    )
    return Markup(f'<div class="pn-events">{drawn}</div>')


def _event(one: Entry) -> str:
    details = "".join(
        f"<div><dt>{escape(term)}</dt><dd>{', '.join(_linked(text, link) for text, link in parts if text)}</dd></div>"
        for term, parts in one.details
        if any(text for text, _link in parts)
    )
    remark = f'<span class="pn-tr">{escape(one.remark)}</span>' if one.remark else ""
    return (
        f'<details class="pn-event"><summary><span class="pn-event-when">{escape(one.when)}</span>'
        f'<span class="pn-event-title">{escape(one.title)}{remark}</span>'
        f'<span class="pn-event-where">{escape(one.where)}</span>'
        f'<span class="pn-event-status"><i class="pn-key pn-fill-{one.fill}" aria-hidden="true"></i>{escape(one.status)}</span>'
        f"</summary><dl>{details}</dl></details>"
    )


def _linked(text: str, link: str) -> str:
    return f'<a href="{escape(link)}">{escape(text)}</a>' if link else escape(text)
