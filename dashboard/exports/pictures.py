"""Addresses under which a view is a page of its own or a picture: ``/view/<view id>.html``, ``.png``, ``.svg``, ``.pdf``.

A picture is drawn once for an edition and a selection and kept as long as there is room. Whatever cannot be drawn is said
on a page in the reader's language, and nothing is drawn instead.
"""

import asyncio
import hashlib
import logging
import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from difflib import get_close_matches
from html import escape
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from dashboard import areas, db, synthetic
from dashboard.choices import read_address
from dashboard.exports import browser, sheet
from dashboard.exports.formats import FORMATS
from dashboard.exports.refusals import language_of, why_nothing
from dashboard.i18n import _, in_language, language, use_language
from dashboard.selection import Problem, Selection, to_parameters
from dashboard.settings import hides_names_not_received
from dashboard.views.registry import VIEWS

PICTURES = {"png": "image/png", "svg": "image/svg+xml", "pdf": "application/pdf"}
THEMES = ("light", "dark")
_NEEDS_NO_AREA = ("country.choice", "compare.peers")
_log = logging.getLogger(__name__)


class Kept:
    """The pictures drawn last, as many as fit in ``most`` bytes."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._size = 0
        self._pictures: OrderedDict[Hashable, bytes] = OrderedDict()
        self._guard = threading.Lock()

    def get(self, key: Hashable) -> bytes | None:
        """The picture kept under the key."""
        with self._guard:
            if key in self._pictures:
                self._pictures.move_to_end(key)
            return self._pictures.get(key)

    def put(self, key: Hashable, picture: bytes) -> None:
        """Keep a picture; the ones not asked for longest make room. One that is too large on its own is not kept."""
        if len(picture) > self._most:
            return
        with self._guard:
            self._size += len(picture) - len(self._pictures.pop(key, b""))
            self._pictures[key] = picture
            while self._size > self._most:
                self._size -= len(self._pictures.popitem(last=False)[1])

    def clear(self) -> None:
        """Forget all pictures."""
        with self._guard:
            self._pictures.clear()
            self._size = 0


KEPT = Kept(64 * 2**20)
_being_drawn: dict[Hashable, asyncio.Task[bytes]] = {}


@dataclass(frozen=True)
class Asked:
    """What an address asks for, checked: view, selection with its theme, and the edition to be read."""

    view_id: str
    selection: Selection
    edition: str
    key: tuple[Hashable, ...]


@dataclass
class Refused(Exception):
    """An address that means nothing here: status of the answer, title and texts of the page that says so."""

    status: int
    title: str
    texts: tuple[str, ...]
    lang: str

    def page(self) -> Response:
        """The answer."""
        page = sheet.message_page(self.title, *self.texts, lang=self.lang)
        return HTMLResponse(page, status_code=self.status, headers={"Cache-Control": "no-store"})


async def standing_page(request: Request) -> Response:
    """A view as one page, to be embedded."""
    try:
        asked = await run_in_threadpool(_asked, request)
        page = await run_in_threadpool(_page, asked, 0)
    except Refused as refused:
        return refused.page()
    return _answer(request, asked, page.encode("utf-8"), "html", "text/html; charset=utf-8")


async def picture(request: Request) -> Response:
    """A view as PNG, SVG or PDF; 503 without a browser, 504 where drawing takes too long."""
    suffix = request.path_params["suffix"]
    try:
        asked = await run_in_threadpool(_asked, request)
        drawn = await _picture(asked, suffix)
    except Refused as refused:
        return refused.page()
    return _answer(request, asked, drawn, suffix, PICTURES[suffix])


async def chart_library(request: Request) -> Response:
    """The chart library of the installed Plotly, for pages that are embedded."""
    from plotly.offline import get_plotlyjs

    text = await run_in_threadpool(get_plotlyjs)
    return Response(
        text, media_type="text/javascript", headers={"Cache-Control": "public, max-age=31536000, immutable"}
    )


def _answer(request: Request, asked: Asked, content: bytes, suffix: str, media_type: str) -> Response:
    db.use_edition(asked.edition)
    name = synthetic.file_name(f"{asked.view_id}.{suffix}")
    headers = {
        "ETag": f'"{hashlib.sha256(content).hexdigest()[:32]}"',
        # an edition named in the address never changes; the live one is asked about again
        "Cache-Control": "public, max-age=86400" if asked.selection.edition else "no-cache",
        "Content-Disposition": f'inline; filename="{name}"',
    }
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=media_type, headers=headers)


def _asked(request: Request) -> Asked:
    """Read the address strictly; Refused for whatever it names that is not there."""
    import dashboard.pages  # noqa: F401  (registers every view)

    lang = request.query_params.get("lang", "")
    use_language(language_of(request))
    view_id = request.path_params["view_id"]
    try:
        selection, problems = read_address(dict(request.query_params), Selection())
    except db.NoEdition as error:
        raise Refused(503, "Panorama", (escape(why_nothing(error)),), language()) from error
    if lang and all(problem.parameter != "lang" for problem in problems):
        use_language(selection.lang)
    theme = request.query_params.get("theme", "light")
    if theme not in THEMES:
        problems.append(Problem("theme", theme[:80], get_close_matches(theme, THEMES, n=1, cutoff=0)[0]))
    if view_id not in VIEWS:
        raise _refused(404, _("There is no view called “{view}”.", view=view_id[:80]), _nearest_view(request, view_id))
    if problems:
        raise _refused(400, problems[0].text, _nearest_address(request, problems[0]))
    if view_id.startswith("country.") and not selection.area and view_id not in _NEEDS_NO_AREA:
        raise _refused(
            400,
            _("This view is about one state, and the address does not say which: add {example}.", example="area=KNA"),
            "",
        )
    if view_id.startswith("compare.") and len(selection.areas) < 2 and view_id not in _NEEDS_NO_AREA:
        raise _refused(
            400,
            _(
                "This view compares two to six states or groups, and the address does not name them: add {example}.",
                example="areas=KNA,LCA",
            ),
            "",
        )
    selection = selection.but(theme=theme)
    # the same address reads otherwise when another edition goes live or names are hidden
    key = (
        *db.read_from(),
        db.now_live(),
        hides_names_not_received(),
        view_id,
        *to_parameters(selection).items(),
        theme,
    )
    return Asked(view_id, selection, db.edition(), key)


def _refused(status: int, text: str, offer: str) -> Refused:
    return Refused(status, _("Nothing to show at this address"), tuple(filter(None, (escape(text), offer))), language())


def _nearest_view(request: Request, view_id: str) -> str:
    near = get_close_matches(view_id.lower(), VIEWS, n=1, cutoff=0)
    suffix = request.path_params.get("suffix", "html")
    query = f"?{request.url.query}" if request.url.query else ""
    return _offer(f"{near[0]}.{suffix}{query}", near[0]) if near else ""


def _nearest_address(request: Request, problem: Problem) -> str:
    if not problem.nearest:
        return ""
    query = urlencode({**request.query_params, **(dict(problem.mended) or {problem.parameter: problem.nearest})})
    file = request.url.path.rpartition("/")[2]
    words = areas.name(problem.nearest) if problem.parameter in ("area", "areas", "group") else problem.nearest
    return _offer(f"{file}?{query}", words)


def _offer(address: str, words: str) -> str:
    link = f'<a href="{escape(address)}">{escape(words)}</a>'
    return escape(_("Did you mean {nearest}?", nearest="\0")).replace("\0", link)


def _page(asked: Asked, width: int) -> str:
    # the threads of the pool carry nothing from one step to the next
    db.use_edition(asked.edition)
    with in_language(asked.selection.lang):
        view = VIEWS[asked.view_id](asked.selection)
        return sheet.view_page(view, asked.selection, width=width, theme=asked.selection.theme)


async def _picture(asked: Asked, suffix: str) -> bytes:
    """The picture from those kept, from whoever is drawing it just now, or drawn."""
    key = (*asked.key, suffix)
    if (kept := KEPT.get(key)) is not None:
        return kept
    if not browser.is_available():
        raise _no_picture(asked, suffix)
    task = _being_drawn.get(key)
    if task is None or task.get_loop() is not asyncio.get_running_loop():
        task = asyncio.create_task(_draw(asked, suffix))
        _being_drawn[key] = task
        task.add_done_callback(lambda _done: _being_drawn.pop(key, None))
    try:
        # one reader who leaves does not take the picture from the others
        drawn = await asyncio.shield(task)
    except browser.NoBrowser as error:
        raise _no_picture(asked, suffix) from error
    except browser.TooSlow as error:
        with in_language(asked.selection.lang):
            text = _(
                "Drawing this picture took more than {seconds} seconds and was stopped. Try again in a moment, or choose "
                "a shorter period; the table of the view can be taken away at once.",
                seconds=int(browser.SECONDS),
            )
            raise Refused(504, _("No picture"), (escape(text), _others(asked)), asked.selection.lang) from error
    except browser.PictureFailed as error:
        _log.error("no %s of %s: %s", suffix, asked.view_id, error)
        with in_language(asked.selection.lang):
            text = _("This picture could not be drawn; the operators of the site find the reason in its log.")
            raise Refused(500, _("No picture"), (escape(text), _others(asked)), asked.selection.lang) from error
    KEPT.put(key, drawn)
    return drawn


async def _draw(asked: Asked, suffix: str) -> bytes:
    try:
        async with asyncio.timeout(browser.SECONDS):
            browser.STUDIO.wake()
            page = await run_in_threadpool(_page, asked, sheet.WIDTH)
            return await browser.STUDIO.draw(page, suffix)
    except TimeoutError as error:
        raise browser.TooSlow from error


def _no_picture(asked: Asked, suffix: str) -> Refused:
    with in_language(asked.selection.lang):
        text = _(
            "No picture as {format} can be made here: this site has no browser (Chromium or Chrome) to draw it with.",
            format=suffix.upper(),
        )
        return Refused(503, _("No picture"), (escape(text), _others(asked)), asked.selection.lang)


def _others(asked: Asked) -> str:
    query = urlencode(to_parameters(asked.selection))
    links = "".join(
        f'<li><a href="{escape(f"{asked.view_id}.{suffix}?{query}")}">{escape(_(one.name))}</a></li>'
        for suffix, one in FORMATS.items()
        if suffix not in PICTURES and one.use != "copied"
    )
    return f"{escape(_('The view is offered as:'))}<ul>{links}</ul>"


class _Suffix(Convertor[str]):
    """The ending of a picture's address, so that other endings remain free for other files."""

    regex = "|".join(PICTURES)

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("picture", _Suffix())
ROUTES = [
    Route(f"/view/{sheet.CHARTS}", chart_library),
    Route("/view/{view_id:str}.html", standing_page),
    Route("/view/{view_id:str}.{suffix:picture}", picture),
]
