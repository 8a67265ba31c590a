"""Addresses at which the table of a view comes by itself: into its fold when that is opened, or as a page of its own.

``/view/<view id>.table`` is the markup of the table, ``/view/<view id>.table.html`` the page; both read the address as
the view's files do, and ``read`` names the edition of the page from which the table is asked for.
"""

from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from dashboard import db
from dashboard.components.tables import table_html
from dashboard.exports.kept import kept
from dashboard.exports.refusals import language_of, nearest_of, nothing_served, refused, selection_of
from dashboard.exports.sheet import table_page
from dashboard.i18n import _, language, use_language
from dashboard.selection import Selection, to_parameters
from dashboard.settings import in_use
from dashboard.views.registry import VIEWS
from dashboard.views.view import View

_READ = "read"


def table_address(view: View, selection: Selection) -> str:
    """The address of the table of a view as it is in the edition being read, from the site's root."""
    asked = {**to_parameters(selection.but(**view.options)), _READ: db.edition()}
    return f"/view/{view.id}.table?{urlencode(asked)}"


def page_address(view: View, selection: Selection) -> str:
    """The address of the table of a view as a page of its own, from the site's root."""
    return table_address(view, selection).replace(".table?", ".table.html?", 1)


async def table(request: Request) -> Response:
    """The table of a view as markup; 404 for an unknown view, 400 for an unknown value."""
    return await run_in_threadpool(_answer, request, is_page=False)


async def page(request: Request) -> Response:
    """The table of a view as a page; 404 for an unknown view, 400 for an unknown value."""
    return await run_in_threadpool(_answer, request, is_page=True)


def _answer(request: Request, *, is_page: bool) -> Response:
    import dashboard.pages  # noqa: F401  (registers every view)

    view_id = request.path_params["view_id"]
    use_language(language_of(request))
    if view_id not in VIEWS:
        return refused(404, _("There is no view called “{view}”.", view=view_id[:80]), nearest_of(view_id, VIEWS))
    try:
        selection, problem = selection_of(request)
    except db.NoEdition as error:
        return nothing_served(error)
    if problem:
        return refused(400, problem)
    asked = request.query_params.get(_READ, "")
    if is_named := asked in db.editions() and db.can_show(asked):
        db.use_edition(asked)
    key = (db.read_from(), in_use(), view_id, "table page" if is_page else "table", selection)
    markup = kept(key, lambda: _made(view_id, selection, is_page=is_page).encode())
    # a table of an edition named never changes
    caching = "private, max-age=3600" if is_named else "no-cache"
    return HTMLResponse(markup, headers={"Cache-Control": caching, "Content-Language": language()})


def _made(view_id: str, selection: Selection, *, is_page: bool) -> str:
    view = VIEWS[view_id](selection)
    drawn = table_html(view, selection)
    return table_page(view, selection, drawn) if is_page else drawn


ROUTES = [Route("/view/{view_id:str}.table", table), Route("/view/{view_id:str}.table.html", page)]
"""To be asked before the other files of a view, whose addresses end in any suffix."""
