"""The formats in which every view can be taken away: the menu of a view offers these, and its addresses answer them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from dashboard.exports.citation import Taking, citation, embed_snippet
from dashboard.i18n import _, mark
from dashboard.settings import embedding_sites
from dashboard.views.view import View

Group = Literal["picture", "document", "data", "words"]


@dataclass(frozen=True)
class Format:
    """A format: the end of its address, its group and name in the menu, what it is sent as, and what writes it.

    ``remark`` gives what is to be known before it is taken. What is ``shown`` opens in the browser, what is ``copied`` goes to the clipboard, everything else is saved as a file.
    ``needs`` names a format without which this one makes no sense. ``is_possible`` tells whether this server can.
    """

    suffix: str
    group: Group
    name: str
    media_type: str
    write: Callable[[View, Taking], bytes]
    use: Literal["saved", "shown", "copied"] = "saved"
    needs: str = ""
    is_possible: Callable[[], bool] = lambda: True
    remark: Callable[[], str] = lambda: ""


# Each writer is imported when it is first asked for: a server that starts need not wait for all of them.


def _csv(view: View, _taking: Taking) -> bytes:
    from dashboard.exports.downloads import view_csv

    return view_csv(view).encode()


def _xlsx(view: View, taking: Taking) -> bytes:
    from dashboard.exports.workbook import view_workbook

    return view_workbook(view, taking)


def _pptx(view: View, taking: Taking) -> bytes:
    from dashboard.exports.slide import view_slide

    return view_slide(view, taking)


def _citation(view: View, taking: Taking) -> bytes:
    return citation(view, taking).encode()


def _embed(view: View, taking: Taking) -> bytes:
    return embed_snippet(view, taking).encode()


def _html(view: View, taking: Taking) -> bytes:
    from dashboard.exports.sheet import view_page

    return view_page(view, taking.selection, theme=taking.selection.theme).encode()


def _picture(suffix: str) -> Callable[[View, Taking], bytes]:
    def write(view: View, taking: Taking) -> bytes:
        from dashboard.exports import browser, sheet

        page = sheet.view_page(view, taking.selection, width=sheet.WIDTH, theme=taking.selection.theme)
        return browser.STUDIO.drawn(page, suffix)

    return write


def _has_browser() -> bool:
    from dashboard.exports.browser import is_available

    return is_available()


def _where_embedded() -> str:
    return "" if embedding_sites() else _("works on this site only: embedding elsewhere is not switched on here")


_OFFICE = "application/vnd.openxmlformats-officedocument."
_TEXT = "text/plain; charset=utf-8"
_ALL = (
    Format("png", "picture", mark("Picture (PNG)"), "image/png", _picture("png"), "shown", is_possible=_has_browser),
    Format(
        "svg", "picture", mark("Drawing (SVG)"), "image/svg+xml", _picture("svg"), "shown", is_possible=_has_browser
    ),
    Format(
        "pdf",
        "document",
        mark("Page to print (PDF)"),
        "application/pdf",
        _picture("pdf"),
        "shown",
        is_possible=_has_browser,
    ),
    Format("html", "document", mark("Page on its own (HTML)"), "text/html; charset=utf-8", _html, "shown"),
    Format("pptx", "document", mark("Slide (PPTX)"), f"{_OFFICE}presentationml.presentation", _pptx),
    Format("xlsx", "data", mark("Workbook (XLSX)"), f"{_OFFICE}spreadsheetml.sheet", _xlsx),
    Format("csv", "data", mark("Table (CSV)"), "text/csv; charset=utf-8", _csv),
    Format("txt", "words", mark("Copy citation"), _TEXT, _citation, use="copied"),
    Format(
        "embed",
        "words",
        mark("Copy code to embed"),
        _TEXT,
        _embed,
        use="copied",
        needs="html",
        remark=_where_embedded,
    ),
)
FORMATS = {one.suffix: one for one in _ALL if not one.needs or one.needs in {other.suffix for other in _ALL}}
"""By suffix, in the order of the menu."""
GROUPS: dict[Group, str] = {
    "picture": mark("Picture"),
    "document": mark("Document"),
    "data": mark("Data"),
    "words": mark("Citation"),
}
"""The groups of the menu with their headings, in their order."""
