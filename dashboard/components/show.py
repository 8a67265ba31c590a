"""A view on the screen: title, takeaway, figure, notes, table, sources and what one can take away."""

from html import escape
from urllib.parse import urlencode

import plotly.graph_objects as go
import streamlit as st

from dashboard.components.tables import describe, has_translations, table_html
from dashboard.i18n import _, listing, n_, named
from dashboard.selection import Selection, address, to_parameters
from dashboard.views.registry import VIEWS
from dashboard.views.view import SourceNote, View

# Plotly asks a public host for its world outline unless told where a local one lies.
PLOTLY_CONFIG = {"displayModeBar": False, "responsive": True, "topojsonURL": "/app/static/topojson/"}

_NOTES_SHOWN = 2


def show(view_id: str, selection: Selection, *, page: str, level: int = 2) -> None:
    """Draw the view of that id for the selection, as part of the given page."""
    view = VIEWS[view_id](selection)
    anchor = view_id.replace(".", "-")
    with st.container(key=f"view-{anchor}", gap="small"):
        unseen = " pn-unseen" if view.is_lead else ""
        head = f'<h{level} id="{anchor}" class="pn-title{unseen}">{escape(view.title)}</h{level}>'
        if view.empty:
            st.html(f'{head}<p class="pn-takeaway pn-none">{escape(view.empty)}</p>')
            return
        head += f'<p class="pn-takeaway{unseen}">{escape(view.takeaway)}</p>'
        if isinstance(view.figure, go.Figure):
            st.html(head)
            st.plotly_chart(
                view.figure,
                key=f"chart-{anchor}",
                theme=None,
                config=PLOTLY_CONFIG,
                alt=view.takeaway,
                height=view.height,
            )
            st.html(foot(view, selection, page))
        else:
            figure = view.figure.html if view.figure else ""
            st.html(head + figure + foot(view, selection, page))


def foot(view: View, selection: Selection, page: str) -> str:
    """What stands under the figure: table, notes, sources, download and link."""
    notes = list(view.notes)
    if has_translations(view):
        notes.append(_("° Our translation; the document cited has the original wording."))
    table = table_html(view, selection) if view.table.height and not view.is_figure_whole else ""
    above, folded = (table, "") if view.is_table_open else ("", _fold(describe(view.table), table) if table else "")
    above += _notes(notes)
    sources = _sources_line(view.sources, selection)
    return f'{above}<div class="pn-foot">{folded}{sources}{_actions(view, selection, page)}</div>'


def _notes(notes: list[str]) -> str:
    if not notes:
        return ""
    # the first notes say what the figure counts and against what; the others wait until they are asked for
    shown, waiting = (notes, []) if len(notes) <= _NOTES_SHOWN + 1 else (notes[:_NOTES_SHOWN], notes[_NOTES_SHOWN:])
    items = "".join(f"<li>{escape(note)}</li>" for note in shown)
    if waiting:
        more = "".join(f"<li>{escape(note)}</li>" for note in waiting)
        summary = n_("{n} more note", "{n} more notes", len(waiting))
        items += f'<li class="pn-more">{_fold(summary, f"<ul>{more}</ul>")}</li>'
    return f'<ul class="pn-notes">{items}</ul>'


def _fold(summary: str, content: str) -> str:
    return f'<details class="pn-fold"><summary>{escape(summary)}</summary>{content}</details>'


def _sources_line(sources: tuple[SourceNote, ...], selection: Selection) -> str:
    if not sources:
        return ""
    cited = [
        f'<a href="{escape(address("sources", selection))}#{escape(source.source_id)}" '
        f'title="{escape(named(source.publisher, source.title))}">{escape(source.doc_code or source.title)}</a>'
        for source in sources
    ]
    if len(cited) <= 3:
        return f"<span>{escape(_('Source:'))} {listing(cited)}</span>"
    # the fold keeps a long list of documents within reach without drowning the figure
    items = "".join(f"<li>{link}</li>" for link in cited)
    return _fold(_("Sources: {n} documents", n=len(cited)), f"<ol>{items}</ol>")


def _actions(view: View, selection: Selection, page: str) -> str:
    chosen = selection.but(**view.options) if view.options else selection
    link = address(page, chosen) + "#" + view.id.replace(".", "-")
    download = f"/download/{view.id}.csv?{urlencode(to_parameters(chosen))}"
    copied = escape(_("Link copied"))
    return (
        f'<a href="{escape(download)}" download="{escape(view.id)}.csv" target="_self">{escape(_("Download CSV"))}</a>'
        f'<a href="{escape(link)}" data-copy="{copied}">{escape(_("Copy link"))}</a>'
    )
