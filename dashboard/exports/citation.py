"""How a view is cited, linked and embedded: what people paste into a report or a page of their own."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from html import escape
from urllib.parse import urlencode

from dashboard import db, synthetic
from dashboard.i18n import _, clauses, day, n_
from dashboard.selection import Selection, address, to_parameters
from dashboard.views.view import SourceNote, View

_MOST_NAMED = 8
_PAGES = {"overview": "", "commitments": "programmes"}
"""The page of the views of a subject, where it is not called as the subject is."""


@dataclass(frozen=True)
class Taking:
    """Who takes a view away: with which selection, from which site (``https://…``, no slash at the end), on which day."""

    selection: Selection
    site: str
    on: date


def page_of(view_id: str) -> str:
    """The path of the page on which a view stands."""
    subject = view_id.partition(".")[0]
    return _PAGES.get(subject, subject)


def view_link(view: View, selection: Selection, *, edition: str = "", page: str | None = None) -> str:
    """The address of a view on its page, from the site's root; live, or frozen to an edition."""
    chosen = selection.but(**view.options).but(edition=edition)
    return f"{address(page_of(view.id) if page is None else page, chosen)}#{view.id.replace('.', '-')}"


def file_link(view: View, selection: Selection, suffix: str) -> str:
    """The address of a view as a file, from the site's root."""
    return f"/view/{view.id}.{suffix}?{urlencode(to_parameters(selection.but(**view.options)))}"


def frozen_link(view: View, taking: Taking) -> str:
    """The whole address at which everyone finds the view as it was taken: in this edition."""
    return taking.site + view_link(view, taking.selection, edition=db.edition())


def document_codes(sources: Iterable[SourceNote], most: int = _MOST_NAMED) -> str:
    """The documents behind a view, first those with a code, by it, then by publisher and title; a long list is cut.

    How many are left out is said at its end.
    """
    names = [_called(source) for source in sorted(sources, key=lambda source: not source.doc_code)]
    if len(names) > most:
        rest = len(names) - most
        names = [*names[:most], n_("{n} more document", "{n} more documents", rest)]
    return clauses(names)


def _called(source: SourceNote) -> str:
    if source.doc_code:
        return source.doc_code
    is_in_title = not source.publisher or source.title.startswith(source.publisher)
    return source.title if is_in_title else f"{source.publisher}, {source.title}"


def citation(view: View, taking: Taking) -> str:
    """The view as a reference: title, period, edition, documents with their codes, address and day of access."""
    parts = {
        "title": view.title,
        "period": view.period,
        "edition": db.edition(),
        "documents": document_codes(view.sources),
        "address": frozen_link(view, taking),
        "day": day(taking.on),
    }
    said = (
        _(
            "Panorama. “{title}” ({period}). Edition {edition}. Based on: {documents}. {address} (accessed {day}).",
            **parts,
        )
        if view.sources
        else _("Panorama. “{title}” ({period}). Edition {edition}. {address} (accessed {day}).", **parts)
    )
    return f"{synthetic.sentence()} {said}" if synthetic.is_synthetic() else said


def embed_snippet(view: View, taking: Taking) -> str:
    """The markup that shows the view on another page, always as the live edition has it."""
    source = taking.site + file_link(view, taking.selection, "html")
    return (
        f'<iframe src="{escape(source)}" title="{escape(view.title)}" width="100%" height="{view.height + 360}" '
        'style="border:0" loading="lazy"></iframe>'
    )


def licence() -> str:
    """Under what terms the data may be used."""
    return _("Our compilation of the data: CC BY 4.0; each source keeps its own licence.")


def not_official() -> str:
    """Whose publication this is not."""
    return _(
        "Panorama is an independent open-source project and not an official publication of the Organization of American States."
    )


def about(view: View, taking: Taking) -> list[tuple[str, str]]:
    """What a file says of itself, as (what, words) in the order to be read."""
    made_up = [(_("Synthetic"), synthetic.sentence())] if synthetic.is_synthetic() else []
    said = [
        *made_up,
        (_("Title"), view.title),
        (_("Takeaway"), view.empty or view.takeaway),
        *((_("Note"), note) for note in view.notes),
        (_("Period"), view.period),
        (_("Edition"), db.edition()),
        (_("Licence"), licence()),
        (_("What this is"), not_official()),
        (_("Link, frozen to this edition"), frozen_link(view, taking)),
        (_("Citation"), citation(view, taking)),
    ]
    return [(what, words) for what, words in said if words]
