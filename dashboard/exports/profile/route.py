"""The address at which the profile of a state is served."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dashboard import db
from dashboard.exports.profile.files import UnknownState, file_name, find_state, profile_pdf
from dashboard.exports.refusals import nearest, nothing_served, refused, selection_of
from dashboard.i18n import _


async def country_profile(request: Request) -> Response:
    """The profile of the state in the address as PDF; 404 for a state that is not known, 400 for an unknown value."""
    return await run_in_threadpool(_country_profile, request)


def _country_profile(request: Request) -> Response:
    try:
        selection, problem = selection_of(request, only=("lang", "edition"))
    except db.NoEdition as error:
        return nothing_served(error)
    if problem:
        return refused(400, problem)
    try:
        area_code = find_state(request.path_params["area"])
    except UnknownState as unknown:
        said = _("There is no state “{name}” here.", name=unknown.text)
        return refused(404, said, nearest(f"{unknown.nearest_name} ({unknown.nearest})" if unknown.nearest else ""))
    site = str(request.base_url).rstrip("/")
    file = file_name(area_code, selection.lang)
    headers = {"Content-Disposition": f'inline; filename="{file}"', "Cache-Control": "no-cache"}
    return Response(profile_pdf(area_code, selection.lang, site=site), media_type="application/pdf", headers=headers)


ROUTES = [Route("/profile/{area:str}.pdf", country_profile)]
