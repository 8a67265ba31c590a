"""A picture that we draw ourselves, on the page: real links, focus and titles, which Streamlit's own HTML strips."""

from html import escape
from pathlib import Path

from streamlit.components.v2 import component

from dashboard.charts.americas import FILE, version
from dashboard.views.view import Drawing

_SCRIPT = Path(__file__).parents[1] / "static" / "drawing.js"
_mount = component("panorama_drawing", js=_SCRIPT.read_text(encoding="utf-8"), isolate_styles=False)


def drawing_html(drawing: Drawing) -> str:
    """Both layouts of the picture, of which the page shows the one that fits."""
    hint = f'<p class="pn-keys">{escape(drawing.hint)}</p>'
    return "".join(
        f'<nav class="pn-geo-{layout}" aria-label="{escape(drawing.label)}" data-tiles>{svg}{hint}</nav>'
        for layout, svg in (("wide", drawing.wide), ("tall", drawing.tall))
    )


def draw(html: str, *, key: str) -> None:
    """Put a picture, as ``drawing_html`` wrote it, on the page."""
    _mount(key=key, data={"html": html, "outlines": f"/app/static/{FILE.name}?v={version()}"})
