"""A view on the screen: title, takeaway, figure, notes, table, sources and what one can take away."""

from dataclasses import dataclass
from functools import lru_cache
from html import escape

import plotly.graph_objects as go
import streamlit as st

from dashboard import db, synthetic
from dashboard.components.drawing import draw, drawing_html
from dashboard.components.table_addresses import page_address, table_address
from dashboard.components.tables import describe, table_html
from dashboard.exports.citation import file_link, view_link
from dashboard.exports.formats import FORMATS, GROUPS, Format, Group
from dashboard.i18n import _, listing, n_, named
from dashboard.selection import Selection, address
from dashboard.settings import in_use
from dashboard.views.cells import has_translations
from dashboard.views.registry import VIEWS
from dashboard.views.view import Drawing, SourceNote, View

# Plotly asks a public host for its world outline unless told where a local one lies.
PLOTLY_CONFIG = {"displayModeBar": False, "responsive": True, "topojsonURL": "/app/static/topojson/"}

_NOTES_SHOWN = 2
_MOST_DRAWN = 500
_MOST_ROWS_INLINE = 12
"""The rows of a table that comes with the page although its fold is closed."""


@dataclass(frozen=True)
class Drawn:
    """A view ready for the screen: markup before and after the figure or picture, or the view whole."""

    whole: str = ""
    before: str = ""
    figure: go.Figure | None = None
    picture: str = ""
    after: str = ""
    said: str = ""
    height: int = 0


def show(view_id: str, selection: Selection, *, page: str, level: int = 2) -> None:
    """Draw the view of that id for the selection, as part of the given page."""
    anchor = view_id.replace(".", "-")
    reading = (str(db.editions_folder()), db.edition(), db.now_live())
    drawn = _drawn(reading, in_use(), view_id, selection, page, level)
    if drawn.whole:
        st.html(drawn.whole)
        return
    with st.container(key=f"view-{anchor}", gap="small"):
        st.html(drawn.before)
        if drawn.figure is not None:
            st.plotly_chart(
                drawn.figure,
                key=f"chart-{anchor}",
                theme=None,
                config=PLOTLY_CONFIG,
                alt=drawn.said,
                height=drawn.height,
            )
        if drawn.picture:
            draw(drawn.picture, key=f"picture-{anchor}")
        if drawn.after:
            st.html(drawn.after)


# An edition never changes, so a view of it is worth keeping: readers ask for the same few selections over and over.
@lru_cache(maxsize=_MOST_DRAWN)
def _drawn(
    _reading: tuple[str, str, str],
    _settings: tuple[object, ...],
    view_id: str,
    selection: Selection,
    page: str,
    level: int,
) -> Drawn:
    view = VIEWS[view_id](selection)
    anchor = view_id.replace(".", "-")
    unseen = " pn-unseen" if view.is_lead else ""
    head = f'<h{level} id="{anchor}" class="pn-title{unseen}">{escape(view.title)}</h{level}>'
    if view.empty:
        return Drawn(_alone(anchor, f'{head}<p class="pn-takeaway pn-none">{escape(view.empty)}</p>'))
    head += f'<p class="pn-takeaway{unseen}">{escape(view.takeaway)}</p>'
    below = foot(view, selection, page)
    if isinstance(view.figure, go.Figure):
        return Drawn(before=head, figure=_settled(view.figure), after=below, said=view.takeaway, height=view.height)
    if isinstance(view.figure, Drawing):
        return Drawn(before=head, picture=drawing_html(view.figure), after=below)
    return Drawn(_alone(anchor, head + (view.figure.html if view.figure else "") + below))


def _alone(anchor: str, markup: str) -> str:
    """A view that is markup only, in the block that Streamlit would put around it: one message to the reader, not two."""
    return f'<div class="st-key-view-{anchor}">{markup}</div>'


def _settled(figure: go.Figure) -> go.Figure:
    """The figure with its description worked out once: Plotly copies all of it anew each time it is asked."""
    described = figure.to_dict()
    figure.to_dict = lambda: described  # type: ignore[method-assign]
    return figure


def foot(view: View, selection: Selection, page: str) -> str:
    """What stands under the figure: table, notes, sources, download and link."""
    notes = list(view.notes)
    if has_translations(view):
        notes.append(_("° Our translation; the document cited has the original wording."))
    has_table = view.table.height and not view.is_figure_whole
    above = table_html(view, selection) if has_table and view.is_table_open else ""
    above += _notes(notes)
    folded = _folded_table(view, selection) if has_table and not view.is_table_open else ""
    sources = _sources_line(view.sources, selection)
    return f'{above}<div class="pn-foot">{folded}{sources}{_actions(view, selection, page)}</div>'


def _folded_table(view: View, selection: Selection) -> str:
    """The table in its fold; a long one is fetched when somebody opens the fold, prints or searches the page."""
    if view.table.height <= _MOST_ROWS_INLINE:
        return _fold(describe(view.table), table_html(view, selection))
    words = escape(_("Open the table on a page of its own"))
    link = f'<a href="{escape(page_address(view, selection))}" target="_blank">{words}</a>'
    return _fold(describe(view.table), f'<p class="pn-later">{link}</p>', later=escape(table_address(view, selection)))


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


def _fold(summary: str, content: str, *, later: str = "") -> str:
    """Something to be opened; ``later`` is the address (escaped) from which the content comes once it is."""
    comes = f' data-later="{later}"' if later else ""
    return f'<details class="pn-fold"{comes}><summary>{escape(summary)}</summary>{content}</details>'


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
    """The menu of a view: every format in which it can be taken away, its links and its citation."""
    sections = [_section(_(heading), _files(view, selection, group)) for group, heading in GROUPS.items()]
    links = "".join(
        f'<li><a href="{escape(href)}" data-copy="{escape(_("Link copied"))}">{escape(words)}</a></li>'
        for words, href in (
            (_("Copy link"), view_link(view, selection, page=page)),
            (_("Copy link to this edition"), view_link(view, selection, edition=db.edition(), page=page)),
        )
    )
    sections.insert(-1, _section(_("Link"), links))
    return (
        f'<div class="pn-menu"><details><summary>{escape(_("Save or share"))}'
        f'<span class="pn-unseen"> {escape(view.title)}</span></summary>'
        f'<div class="pn-menu-panel">{"".join(sections)}</div></details></div>'
    )


def _section(heading: str, items: str) -> str:
    return f'<p class="pn-menu-head">{escape(heading)}</p><ul>{items}</ul>' if items else ""


def _files(view: View, selection: Selection, group: Group) -> str:
    """The entries of a group of formats; one that this server cannot make says so instead of leading nowhere."""
    return "".join(f"<li>{_entry(one, view, selection)}</li>" for one in FORMATS.values() if one.group == group)


def _entry(one: Format, view: View, selection: Selection) -> str:
    name = escape(_(one.name))
    if not one.is_possible():
        return f'<span class="pn-none">{name}: {escape(_("not on this server"))}</span>'
    href = escape(file_link(view, selection, one.suffix))
    if one.use == "copied":
        remark = f' <small class="pn-none">{escape(said)}</small>' if (said := one.remark()) else ""
        return f'<a href="{href}" target="_blank" data-copy-text="{escape(_("Copied"))}">{name}</a>{remark}'
    if one.use == "shown":
        return f'<a href="{href}" target="_blank">{name}</a>'
    file = escape(synthetic.file_name(f"{view.id}.{one.suffix}"))
    return f'<a href="{href}" download="{file}" target="_self">{name}</a>'
