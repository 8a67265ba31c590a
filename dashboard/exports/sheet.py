"""One standing page of a view: complete in itself, to be embedded elsewhere, drawn as a picture or printed.

The page carries its own style and everything that is said of the view. With a ``width`` it is the page of a picture: no
script, no link and no address of anything outside it; whoever draws it brings the chart library and the typefaces.
Without one it is as wide as the place it is put in, and takes both from this site.
"""

import hashlib
import json
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboard import areas, db, synthetic
from dashboard.charts.drawing import standalone
from dashboard.exports import citation
from dashboard.i18n import _, clauses, day, listing, n_, named
from dashboard.labels import label
from dashboard.queries.sources import edition
from dashboard.selection import Selection
from dashboard.texts import remark
from dashboard.theme import palette
from dashboard.views.cells import has_translations, written
from dashboard.views.compare.chosen import chosen
from dashboard.views.subregion import group_of
from dashboard.views.view import Column, Drawing, Figure, SourceNote, View

MOST_ROWS = 40
"""The rows of a table that is the figure of a picture; the data file has all."""
MOST_SOURCES = 12
WIDTH = 1200
"""The width of a picture and of a printed page, in CSS pixels."""
CHARTS = "plotly.min.js"
"""The address of the chart library, beside the pages of the views."""

_STATIC = Path(__file__).parents[1] / "static"
_FONT_FILES = {"Source Sans": "SourceSansVF-Upright.*.woff2", "Source Serif": "SourceSerifVariable-Roman.*.woff2"}


def view_page(view: View, selection: Selection, *, width: int = 0, theme: str = "light") -> str:
    """A view as one HTML document: ``width`` in CSS pixels for a picture, 0 for a page that fits where it is put."""
    is_picture = bool(width)
    figure = _figure(view, theme, is_picture=is_picture)
    body = "".join((
        _made_up(),
        f'<p class="pn-kicker">{escape(_kicker(view, selection))}</p>',
        f"<h1>{escape(view.title)}</h1>",
        f'<p class="pn-takeaway{" pn-none" if view.empty else ""}">{escape(view.empty or view.takeaway)}</p>',
        f"<figure>{figure}</figure>" if figure else "",
        _cut() if is_picture and figure else "",
        _notes(view, shows_table=view.figure is None and not view.empty),
        _foot(view),
    ))  # fmt: skip
    sized = f' style="width:{width}px"' if is_picture else ""
    css = "stApp sheet sheet-picture" if is_picture else "stApp sheet"
    return _document(f"{view.title} · Panorama", body, selection.lang, theme, css=css, sized=sized)


def table_page(view: View, selection: Selection, table: str) -> str:
    """The table of a view as one HTML document that fits where it is put; ``table`` is its markup."""
    body = "".join((
        _made_up(),
        f'<p class="pn-kicker">{escape(_kicker(view, selection))}</p>',
        f"<h1>{escape(view.title)}</h1>",
        f'<p class="pn-takeaway{" pn-none" if view.empty else ""}">{escape(view.empty or view.takeaway)}</p>',
        table if view.table.height else "",
        _notes(view, shows_table=True),
        _foot(view),
    ))  # fmt: skip
    return _document(f"{view.title} · Panorama", body, selection.lang, "", css="stApp sheet", sized="")


def message_page(title: str, *texts: str, lang: str) -> str:
    """A page that says in one or two sentences why there is nothing to take away; the texts may hold markup of ours."""
    body = f"<h1>{escape(title)}</h1>" + "".join(f'<p class="pn-takeaway">{text}</p>' for text in texts)
    return _document(f"{title} · Panorama", body, lang, "", css="stApp sheet", sized="")


def has_chart(page: str) -> bool:
    """Whether a page describes a chart that the chart library is to draw."""
    return "<div data-figure " in page


@cache
def fonts() -> dict[str, Path]:
    """The typefaces that Streamlit ships, by family; a family that this version has not is left out."""
    import importlib.resources

    media = Path(str(importlib.resources.files("streamlit"))) / "static" / "static" / "media"
    found = {family: next(iter(sorted(media.glob(pattern))), None) for family, pattern in _FONT_FILES.items()}
    return {family: file for family, file in found.items() if file}


@cache
def script(name: str) -> str:
    """A script of ours, by its name in the static folder."""
    return (_STATIC / name).read_text(encoding="utf-8")


@cache
def _style() -> str:
    # a style element ends at the first thing that looks like its end: nothing of ours does
    return "".join(script(name) for name in ("panorama.css", "sheet.css"))


def _document(title: str, body: str, lang: str, theme: str, *, css: str, sized: str) -> str:
    scheme = theme or "light dark"
    own = ""
    if not sized:
        faces = "".join(
            f'@font-face{{font-family:"{family}";src:url("../static/media/{file.name}");font-weight:200 900;'
            "font-display:swap}"
            for family, file in fonts().items()
        )
        own = f'<link rel="icon" href="../app/static/favicon.png"><style>{faces}</style>'
        if has_chart(body):
            mark = hashlib.sha256(script("sheet.js").encode()).hexdigest()[:12]
            own += (
                f'<script src="{CHARTS}?v={_charts_version()}" defer></script>'
                f'<script src="../app/static/sheet.js?v={mark}" defer></script>'
                '<script>addEventListener("DOMContentLoaded", () => panoramaSheet.draw())</script>'
            )
    return (
        f'<!DOCTYPE html><html lang="{escape(lang)}" style="color-scheme:{scheme}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(title)}</title><base target="_top"><style>{_style()}</style>{own}</head>'
        f'<body class="{css}"{sized}><main>{body}</main></body></html>'
    )


def _charts_version() -> str:
    from plotly.offline import get_plotlyjs_version

    return get_plotlyjs_version()


def _made_up() -> str:
    return f'<p class="sheet-made-up">{escape(synthetic.sentence())}</p>' if synthetic.is_synthetic() else ""


def _kicker(view: View, selection: Selection) -> str:
    """Whose view it is, where the title does not say: state or group, and the years."""
    subject = view.id.partition(".")[0]
    whose = {"country": selection.area, "subregion": group_of(selection)}.get(subject, "")
    compared = listing(one.name for one in chosen(selection)) if subject == "compare" else ""
    return " · ".join(part for part in (areas.name(whose) if whose else "", compared, view.period) if part)


def _figure(view: View, theme: str, *, is_picture: bool) -> str:
    if view.empty:
        return ""
    if view.figure is None:
        return _table(view, most=MOST_ROWS if is_picture else 0) if view.table.height else ""
    return _drawn(view.figure, view, theme, is_picture=is_picture)


def _drawn(figure: Figure, view: View, theme: str, *, is_picture: bool) -> str:
    if isinstance(figure, go.Figure):
        described = _described(figure, view.height)
        return (
            f'<div data-figure role="img" aria-label="{escape(view.takeaway)}">'
            f'<div class="sheet-plot" style="height:{view.height}px"></div>'
            f'<script type="application/json">{described}</script></div>'
        )
    if isinstance(figure, Drawing):
        colours = palette(theme)
        named_as = f'role="img" aria-label="{escape(view.takeaway)}"'
        if is_picture:
            return f'<div class="pn-geo" {named_as}>{standalone(figure.wide, colours)}</div>'
        return '<div class="pn-geo">' + "".join(
            f'<div class="pn-geo-{layout}" {named_as}>{standalone(svg, colours)}</div>'
            for layout, svg in (("wide", figure.wide), ("tall", figure.tall))
        ) + "</div>"  # fmt: skip
    return figure.html


def _described(figure: go.Figure, height: int) -> str:
    described: dict[str, Any] = json.loads(figure.to_json() or "{}")
    described["layout"]["height"] = height
    # the description lies in a script element, which only its own end may close
    return json.dumps({"data": described["data"], "layout": described["layout"]}).replace("<", "\\u003c")


def _cut() -> str:
    text = _("The picture shows the first part; the page and the data file have all.")
    return f'<p class="sheet-more" data-cut hidden>{escape(text)}</p>'


def _table(view: View, *, most: int) -> str:
    """The table as the figure; ``most`` rows, 0 for all."""
    documents = {source.source_id: source for source in view.sources}
    head = "".join(f'<th scope="col" class="{_css(column)}">{escape(column.label)}</th>' for column in view.columns)
    rows = view.table.head(most) if most else view.table
    body = "".join(
        "<tr>"
        + "".join(_cell(column, row, documents, is_first=not place) for place, column in enumerate(view.columns))
        + "</tr>"
        for row in rows.iter_rows(named=True)
    )
    more = ""
    if rows.height < view.table.height:
        text = _(
            "The first {shown} of {total} rows; the page and the data file have all.",
            shown=rows.height,
            total=view.table.height,
        )
        more = f'<p class="sheet-more">{escape(text)}</p>'
    return (
        f'<table class="pn-table"><caption class="pn-unseen">{escape(view.title)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"
    )


def _css(column: Column) -> str:
    return "pn-num" if column.kind in ("number", "percent", "year") else "pn-wide" if column.is_wide else ""


def _cell(column: Column, row: dict[str, Any], documents: dict[str, SourceNote], *, is_first: bool) -> str:
    value = row[column.key]
    tag, scope = ("th", ' scope="row"') if is_first else ("td", "")
    if value is None:
        shown = label("obs_status", row.get(column.status_key)) if column.status_key else ""
        words = f'<span class="pn-none">{escape(shown or "–")}</span>'
    else:
        words = escape(_written(column, row, documents)) or '<span class="pn-none">–</span>'
        words += _remark(row.get(f"{column.key}_basis"))
    return f'<{tag}{scope} class="{_css(column)}">{words}</{tag}>'


def _written(column: Column, row: dict[str, Any], documents: dict[str, SourceNote]) -> str:
    value = row[column.key]
    if column.kind == "source" and value in documents:
        return documents[value].doc_code or documents[value].title
    if isinstance(value, pl.Series | list):
        return "; ".join(str(part) for part in value)
    return written(column, row)


def _remark(basis: str | None) -> str:
    words = remark(basis)
    return f'<span class="pn-tr">{escape(words)}</span>' if words else ""


def _notes(view: View, *, shows_table: bool) -> str:
    notes = list(view.notes)
    if shows_table and has_translations(view):
        notes.append(_("° Our translation; the document cited has the original wording."))
    return f'<ul class="pn-notes">{"".join(f"<li>{escape(note)}</li>" for note in notes)}</ul>' if notes else ""


def _foot(view: View) -> str:
    lines = []
    if view.sources:
        lines.append(f"{escape(_('Source:'))} {clauses(_cited(view.sources))}")
    records = _("Edition {edition}, records as of {date}.", edition=db.edition(), date=day(edition()["as_of_on"]))
    lines += [f"{escape(records)} {escape(citation.licence())}", escape(citation.not_official())]
    return f'<footer class="sheet-foot">{"".join(f"<p>{line}</p>" for line in lines)}</footer>'


def _cited(sources: tuple[SourceNote, ...]) -> list[str]:
    """The documents of each publisher: by code where they have one, else by title."""
    by_publisher: dict[str, list[str]] = {}
    for source in sources[:MOST_SOURCES]:
        title = escape(source.title.removeprefix(f"{source.publisher}: "))
        code = f"<b>{escape(source.doc_code)}</b>" if source.doc_code else title
        by_publisher.setdefault(source.publisher, []).append(code)
    cited = [
        named(escape(publisher), ", ".join(documents)) if publisher else ", ".join(documents)
        for publisher, documents in by_publisher.items()
    ]
    left = len(sources) - MOST_SOURCES
    if left > 0:
        cited.append(escape(n_("{n} more document", "{n} more documents", left)))
    return cited
