"""What an address is answered that cannot be served: one short text in the reader's language, and nothing else."""

from collections.abc import Iterable
from difflib import get_close_matches

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from dashboard import db
from dashboard.choices import read_address
from dashboard.i18n import _, asked_language, language, use_language
from dashboard.selection import Selection


def language_of(request: Request) -> str:
    """The language a request asks for: the address first, then the browser."""
    return asked_language(request.query_params.get("lang"), request.headers.get("accept-language"))


def selection_of(request: Request, only: Iterable[str] = ()) -> tuple[Selection, str]:
    """The selection that an address names, strictly: an unknown value gives a message instead of a guess.

    ``only``: the parameters that are read; none: all. Raises NoEdition with the reader's language in use.
    """
    use_language(language_of(request))
    wanted = set(only) or set(request.query_params)
    asked = {name: value for name, value in request.query_params.items() if name in wanted}
    selection, problems = read_address(asked, Selection())
    if not problems:
        use_language(selection.lang)
        return selection, ""
    return selection, " ".join(filter(None, (problems[0].text, nearest(problems[0].nearest))))


def nothing_served(error: db.NoEdition) -> Response:
    """The answer while there is no edition, or none that this dashboard can show."""
    return refused(503, why_nothing(error))


def why_nothing(error: db.NoEdition) -> str:
    """Why there is nothing to show, as one sentence or two."""
    if isinstance(error, db.OtherContract):
        return _("The data are being prepared for this new version of the dashboard. Please come back later.")
    return _("No edition of the data has been published yet. Please come back later.")


def refused(status: int, *sentences: str) -> Response:
    """What is wrong, in the reader's language."""
    text = " ".join(sentence for sentence in sentences if sentence)
    headers = {"Content-Language": language(), "Cache-Control": "no-store"}
    return PlainTextResponse(text, status_code=status, headers=headers)


def nearest(text: str) -> str:
    """The offer of what comes nearest to an unknown value; nothing where nothing does."""
    return _("The nearest is “{nearest}”.", nearest=text) if text else ""


def nearest_of(value: str, known: Iterable[str]) -> str:
    """The offer of the one among those known that comes nearest to a value."""
    near = get_close_matches(value[:80], list(known), n=1, cutoff=0.5)
    return nearest(near[0]) if near else ""
