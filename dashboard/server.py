"""The ASGI application: Streamlit with our start-up, head of page, security headers, downloads and health check.

``panorama serve`` starts it; ``streamlit run dashboard/server.py`` works as well.
"""

import asyncio
import gc
import gzip
import importlib
import logging
import re
import socket
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit
import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard import db
from dashboard.exports.refusals import language_of
from dashboard.i18n import OWN_NAMES
from dashboard.settings import SettingFault, embedding_sites

_log = logging.getLogger(__name__)
_HERE = Path(__file__).parent
_STATIC = "./app/static"


def _preload() -> str:
    """Fetch what draws the first words while the app starts.

    Not the chart library: it is so large that fetching it early holds back the words by 0.7 s and wins nothing.
    """
    scripts = Path(streamlit.__path__[0]) / "static" / "static" / "js"
    files = sorted(file.name for name in ("Html", "purify.es") for file in scripts.glob(f"{name}.*.js"))
    return "".join(f'<link rel="modulepreload" href="./static/js/{file}">' for file in files)


# Told where its server is, Streamlit need not look for it below the address of the page first.
_OWN_SERVER = "<script>window.__streamlit = {BACKEND_BASE_URL: location.origin};</script>"
_HEAD = (
    f'{_OWN_SERVER}<link rel="stylesheet" href="{_STATIC}/panorama.css"><link rel="icon" href="{_STATIC}/favicon.png">'
    f'<script src="{_STATIC}/panorama.js" defer></script>{_preload()}'
    '<meta name="description" content="Open indicators on the fight against trafficking in persons in the Americas.">'
)
_STREAMLIT = "<title>Streamlit</title>"
_NO_SCRIPT = "Panorama needs JavaScript. Panorama necesita JavaScript. Panorama precisa de JavaScript."
# Streamlit's page starts with an inline script and Plotly draws with inline styles; no other host is ever needed.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws: wss:; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
# Only the page of one view may stand in other sites: it has no session and nothing on it can be done in a reader's name.
_EMBEDDED = re.compile(r"/view/[^/]+\.html")
_COMPRESSIBLE = (".js", ".css", ".json", ".svg", ".map", ".geojson", ".wasm", ".ttf")
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


class Compression:
    """Middleware: static files compressed once and kept, everything else compressed as it passes.

    Streamlit sends its static files as they are; on a slow line that is most of the wait for the first view.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.static = app
        self.rest = GZipMiddleware(app, minimum_size=1_000, compresslevel=5)
        self.kept: dict[str, tuple[list[tuple[bytes, bytes]], bytes]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        is_static = (
            scope["type"] == "http"
            and scope["method"] == "GET"
            and scope["path"].endswith(_COMPRESSIBLE)
            and "gzip" in Headers(scope=scope).get("accept-encoding", "")
            and "if-none-match" not in Headers(scope=scope)
        )
        if not is_static:
            await self.rest(scope, receive, send)
            return
        if scope["path"] not in self.kept:
            headers, body = await self._read(scope, receive)
            if headers is None:
                await self.rest(scope, receive, send)
                return
            packed = await run_in_threadpool(gzip.compress, body, 6, mtime=0)
            sent = [(name, value) for name, value in headers if name not in (b"content-length", b"accept-ranges")]
            sent += [(b"content-encoding", b"gzip"), (b"vary", b"accept-encoding")]
            sent.append((b"content-length", str(len(packed)).encode()))
            self.kept[scope["path"]] = (sent, packed)
        sent, packed = self.kept[scope["path"]]
        await send({"type": "http.response.start", "status": 200, "headers": sent})
        await send({"type": "http.response.body", "body": packed})

    async def _read(self, scope: Scope, receive: Receive) -> tuple[list[tuple[bytes, bytes]] | None, bytes]:
        start: Message = {}
        body = bytearray()

        async def keep(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                body.extend(message.get("body", b""))

        await self.static(scope, receive, keep)
        return (start["headers"] if start.get("status") == 200 else None), bytes(body)


class Page:
    """Middleware: security headers on every answer; language, title, style and script in the page's own head."""

    def __init__(self, app: ASGIApp, head: str = _HEAD) -> None:
        self.app = app
        self.head = head

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        start: Message | None = None
        body = b""

        async def answer(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _headers(scope["path"]).items():
                    headers.setdefault(name, value)
                if headers.get("content-type", "").startswith("text/html"):
                    start = message  # held back until the whole page is here
                    return
            elif start is not None and message["type"] == "http.response.body":
                body += message.get("body", b"")
                if message.get("more_body"):
                    return
                page = localised_page(body.decode("utf-8"), language_of(request), self.head).encode("utf-8")
                MutableHeaders(scope=start)["content-length"] = str(len(page))
                await send(start)
                await send({"type": "http.response.body", "body": page})
                return
            await send(message)

        # the page is rewritten on its way out: it must arrive here neither compressed nor as "unchanged"
        unwanted = [] if scope["path"].endswith(_COMPRESSIBLE) else [b"accept-encoding"]
        if "text/html" in request.headers.get("accept", ""):
            unwanted = [b"accept-encoding", b"if-none-match", b"if-modified-since"]
        scope = {**scope, "headers": [(name, value) for name, value in scope["headers"] if name not in unwanted]}
        await self.app(scope, receive, answer)


def _headers(path: str) -> dict[str, str]:
    """The security headers of an answer; the page of a view names the sites in which it may be shown."""
    sites = embedding_sites() if _EMBEDDED.fullmatch(path) else ()
    return _HEADERS | {"Content-Security-Policy": " ".join((_POLICY, *sites))} if sites else _HEADERS


def localised_page(page: str, lang: str, head: str = _HEAD) -> str:
    """Streamlit's page with our language, title, style and script; any other page as it is."""
    if _STREAMLIT not in page:
        return page
    page = page.replace('<html lang="en">', f'<html lang="{lang}">', 1)
    page = page.replace(_STREAMLIT, "<title>Panorama</title>", 1)
    page = re.sub(r'<link rel="shortcut icon"[^>]*>', "", page, count=1)
    page = page.replace("</head>", head + "</head>", 1)
    return re.sub(r"<noscript>.*?</noscript>", f"<noscript>{_NO_SCRIPT}</noscript>", page, count=1, flags=re.DOTALL)


async def health(request: Request) -> Response:
    """Say whether an edition is being served, and which."""
    try:
        edition = db.use_edition(None)
    except db.OtherContract:
        return JSONResponse({"status": "edition of another contract"}, status_code=503)
    except db.NoEdition:
        return JSONResponse({"status": "no edition"}, status_code=503)
    return JSONResponse({"status": "ok", "edition": edition})


def load() -> None:
    """Import what every page needs before the first reader comes, and keep it out of garbage collection.

    Streamlit collects garbage after every run; objects that live as long as the server need not be looked at again.
    """
    for name in (
        "plotly.graph_objects",
        "plotly.io",
        "dashboard.exports.downloads",
        "dashboard.exports.pictures",
        "dashboard.exports.profile",
        "dashboard.pages",
    ):
        importlib.import_module(name)
    gc.collect()
    gc.freeze()


def warm() -> None:
    """Ask every question of every page once in each language, so that readers find the answers at hand."""
    from dashboard.pages import warm_views

    try:
        for lang in OWN_NAMES:
            warm_views(lang)
    except db.NoEdition:
        _log.warning("no edition has been published yet; the pages say so")
    except Exception:
        # one view that fails must not keep all the others from their readers
        _log.exception("warming stopped at a view that failed")
    gc.collect()
    gc.freeze()


def send_at_once() -> None:
    """Let small messages leave without waiting for the acknowledgement of the one before (TCP_NODELAY).

    Streamlit opens its socket in a way in which asyncio does not recognise TCP and leaves the wait on: 40 ms in each
    run, and more with some systems at the reader's end.
    """

    def no_delay(sock: socket.socket) -> None:
        if sock.family in (socket.AF_INET, socket.AF_INET6) and sock.type == socket.SOCK_STREAM:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    asyncio.base_events._set_nodelay = no_delay  # type: ignore[attr-defined]


@asynccontextmanager
async def _lifespan(_app: Any) -> AsyncIterator[dict[str, Any]]:
    embedding_sites()  # a fault in the settings is told before the first reader comes
    send_at_once()
    load()
    # readers need not wait for the other pages and languages to be warm
    threading.Thread(target=warm, name="warm", daemon=True).start()
    yield {}
    from dashboard.exports.browser import STUDIO

    await run_in_threadpool(STUDIO.stop)


def _routes() -> list[Route]:
    from dashboard.components import table_addresses
    from dashboard.exports import downloads, pictures, profile

    views = (*table_addresses.ROUTES, *pictures.ROUTES, *downloads.ROUTES)
    return [Route("/healthz", health), *views, *profile.ROUTES]


# streamlit run looks for this very expression
app = st.App(
    _HERE / "app.py", lifespan=_lifespan, routes=_routes(), middleware=[Middleware(Compression), Middleware(Page)]
)


def serve(port: int = 8501, address: str = "127.0.0.1") -> None:
    """Serve the dashboard on the given address until stopped; a fault in the settings ends the program."""
    try:
        embedding_sites()
    except SettingFault as fault:
        raise SystemExit(str(fault)) from None
    app.run(config={"server.port": port, "server.address": address, "server.headless": True})


if __name__ == "__main__":
    serve()
