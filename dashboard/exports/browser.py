"""One headless Chromium for all pictures: started when the first is asked for, kept, and stopped with the server.

The browser has a thread and an event loop of its own, so that it serves any caller. It is cut off from every network: it
is given a page as text, with the typefaces and the chart library, and gives back PNG, SVG or PDF.
"""

import asyncio
import base64
import json
import logging
import os
import shutil
import threading
from collections.abc import Coroutine, Sequence
from concurrent.futures import Future
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from dashboard.exports import sheet

SECONDS = 10.0
"""How long a picture may take, waiting included."""
AT_ONCE = 2
MOST_HEIGHT = 3_600
"""The height at which a figure is cut, in CSS pixels: beyond it nobody reads it as a picture."""

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
_MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
_CUT_OFF = (
    # no name is ever resolved and no proxy of the machine is used: whatever the browser would like to ask stays inside
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--no-proxy-server",
    "--disable-background-networking",
    "--disable-component-extensions-with-background-pages",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-client-side-phishing-detection",
    "--disable-features=AutofillServerCommunication,CertificateTransparencyComponentUpdater,MediaRouter,"
    "NetworkTimeServiceQuerying,OptimizationHints,Translate",
    "--disable-quic",
    "--allow-browser-signin=false",
    "--no-pings",
    "--hide-scrollbars",
    "--font-render-hinting=none",
    "--force-color-profile=srgb",
)
_A4_LANDSCAPE_INCHES = (11.693, 8.268)
_PIXELS_PER_INCH = 96
# without a document type the browser would lay tables out by the rules of old
_EMPTY = "data:text/html,<!DOCTYPE html><title>Panorama</title>"
_log = logging.getLogger(__name__)


class NoBrowser(Exception):
    """There is no Chromium or Chrome on this machine, or it does not start."""


class TooSlow(Exception):
    """A picture took longer than it may and was given up."""


class PictureFailed(Exception):
    """The browser could not draw the page; the message is for the log."""


def program() -> str:
    """The program of Chromium or Chrome: the one that CHROMIUM names, else the first one found; empty without one."""
    if chosen := os.environ.get("CHROMIUM"):
        return shutil.which(chosen) or ""
    found = next((path for name in _NAMES if (path := shutil.which(name))), "")
    return found or (str(_MAC) if _MAC.exists() else "")


def is_available() -> bool:
    """Whether pictures can be made here."""
    return bool(program())


class Studio:
    """A browser and its tabs; ``arguments`` are further ones for its command line."""

    def __init__(self, arguments: Sequence[str] = ()) -> None:
        self._arguments = tuple(arguments)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._guard = threading.Lock()
        self._browser: Any = None
        self._opening = asyncio.Lock()
        self._seats = asyncio.Semaphore(AT_ONCE)
        self._free: list[Any] = []

    async def draw(self, page: str, suffix: str, *, seconds: float = SECONDS) -> bytes:
        """The page as ``png``, ``svg`` or ``pdf``; NoBrowser, TooSlow or PictureFailed where there is none."""
        work = self._run(self._in_time(page, suffix, seconds))
        return await asyncio.wrap_future(work)

    def drawn(self, page: str, suffix: str, *, seconds: float = SECONDS) -> bytes:
        """The same for a caller without an event loop, who waits."""
        return self._run(self._in_time(page, suffix, seconds)).result()

    def wake(self) -> None:
        """Start the browser, unless it runs, without waiting for it: a page to be drawn is on its way."""
        self._run(self._woken())

    def stop(self) -> None:
        """End the browser and its thread; the next picture starts them anew."""
        with self._guard:
            loop, thread, self._loop, self._thread = self._loop, self._thread, None, None
        if loop is None or thread is None:
            return
        with suppress(Exception):
            asyncio.run_coroutine_threadsafe(self._close(), loop).result(timeout=10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=5)
        self._opening, self._seats = asyncio.Lock(), asyncio.Semaphore(AT_ONCE)

    @property
    def process_id(self) -> int:
        """The process of the browser; 0 where none runs."""
        return self._browser.subprocess.pid if self._is_open() else 0

    def _run(self, work: Coroutine[Any, Any, Any]) -> Future[Any]:
        with self._guard:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=self._loop.run_forever, name="pictures", daemon=True)
                self._thread.start()
            return asyncio.run_coroutine_threadsafe(work, self._loop)

    async def _in_time(self, page: str, suffix: str, seconds: float) -> bytes:
        try:
            return await asyncio.wait_for(self._draw(page, suffix), seconds)
        except TimeoutError as error:
            raise TooSlow from error

    async def _draw(self, page: str, suffix: str) -> bytes:
        async with self._seats:
            try:
                return await self._draw_on(await self._tab(), page, suffix)
            except (NoBrowser, PictureFailed):
                raise
            except Exception as error:
                # whatever else a browser may do: end, close the tab, answer in another way than it should
                raise PictureFailed(repr(error)) from error

    async def _draw_on(self, tab: Any, page: str, suffix: str) -> bytes:
        is_fit = False
        try:
            made = await _picture(tab, page, suffix)
            is_fit = True
            return made
        finally:
            # a tab that was left in the middle of something is not asked again
            if is_fit:
                self._free.append(tab)
            else:
                await asyncio.shield(self._discard(tab))

    async def _tab(self) -> Any:
        if not self._is_open():
            # a reader who waited too long leaves the browser starting: the next one finds it ready
            await asyncio.shield(self._start())
        if self._free:
            return self._free.pop()
        # in a window of its own: a tab that lies behind another is not always painted, and its picture never comes
        tab = await self._browser.create_tab(_EMPTY, window=True)
        await _furnish(tab)
        return tab

    async def _woken(self) -> None:
        # why it does not start is told to whoever brings the page
        with suppress(NoBrowser):
            await self._start()

    async def _start(self) -> None:
        async with self._opening:
            if not self._is_open():
                await self._open()

    def _is_open(self) -> bool:
        return self._browser is not None and self._browser.subprocess.poll() is None

    async def _open(self) -> None:
        found = program()
        if not found:
            raise NoBrowser
        await self._close()
        # imported here: a server that draws no picture does without it
        from choreographer import Browser
        from choreographer.browsers import BrowserFailedError
        from choreographer.browsers.chromium import Chromium

        arguments = (*_CUT_OFF, *self._arguments)

        class CutOff(Chromium):
            def get_cli(self) -> Sequence[str]:
                # without an address of its own the browser would open its maker's start page
                return [*super().get_cli(), *arguments, "about:blank"]

        for name in ("choreographer", "browser_proc"):
            logging.getLogger(name).setLevel(logging.ERROR)
        browser = Browser(found, browser_cls=CutOff, enable_extensions=False)
        try:
            await browser.open()
        except (BrowserFailedError, OSError) as error:
            _log.exception("the browser for pictures does not start")
            raise NoBrowser from error
        self._browser = browser

    async def _close(self) -> None:
        browser, self._browser, self._free = self._browser, None, []
        if browser is not None:
            with suppress(Exception):
                await browser.close()

    async def _discard(self, tab: Any) -> None:
        try:
            await asyncio.wait_for(tab.close(), 2)
        except Exception:
            # a browser that does not even close a tab is ended whole
            _log.warning("the browser for pictures does not answer and is started anew")
            browser, self._browser, self._free = self._browser, None, []
            if browser is not None:
                with suppress(Exception):
                    browser.subprocess.kill()
                with suppress(Exception):
                    await asyncio.wait_for(browser.close(), 5)


STUDIO = Studio()


async def _furnish(tab: Any) -> None:
    await _send(tab, "Network.enable")
    await _send(
        tab,
        "Network.emulateNetworkConditions",
        offline=True,
        latency=0,
        downloadThroughput=-1,
        uploadThroughput=-1,
    )
    await _send(tab, "Emulation.setEmulatedMedia", media="screen")
    await _look(tab, sheet.WIDTH, 800)
    for part in _furniture():
        await _evaluate(tab, part)


@cache
def _furniture() -> tuple[str, ...]:
    """What every tab is given once: typefaces and our scripts."""
    faces = {family: base64.b64encode(file.read_bytes()).decode() for family, file in sheet.fonts().items()}
    load = (
        f"(async (faces) => {{ for (const [family, data] of Object.entries(faces)) {{"
        "const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));"
        'const face = new FontFace(family, bytes, {weight: "200 900"});'
        f"document.fonts.add(await face.load()); }} }})({json.dumps(faces)})"
    )
    return load, sheet.script("sheet.js"), sheet.script("picture.js")


async def _bring_chart_library(tab: Any) -> None:
    """Give a tab the chart library once: it is most of what a browser reads before its first picture of a chart."""
    from plotly.offline import get_plotlyjs

    if not await _evaluate(tab, "'Plotly' in globalThis"):
        await _evaluate(tab, get_plotlyjs())


async def _picture(tab: Any, page: str, suffix: str) -> bytes:
    await _look(tab, sheet.WIDTH, 800)
    if sheet.has_chart(page):
        await _bring_chart_library(tab)
    size = await _evaluate(tab, f"panoramaPicture.show({json.dumps(page)}, {MOST_HEIGHT})")
    width, height = size["width"], size["height"]
    if suffix == "svg":
        return (await _evaluate(tab, "panoramaPicture.svg()")).encode("utf-8")
    if suffix == "pdf":
        await _evaluate(tab, "panoramaPicture.drawPatterns()")
        return base64.b64decode((await _send(tab, "Page.printToPDF", **_paper(width, height)))["data"])
    await _look(tab, width, height)
    clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
    shot = await _send(tab, "Page.captureScreenshot", format="png", clip=clip, captureBeyondViewport=True)
    return base64.b64decode(shot["data"])


def _paper(width: int, height: int) -> dict[str, Any]:
    """How the page is printed: on A4 across where it fits, else on one page as long as it takes."""
    across, down = _A4_LANDSCAPE_INCHES
    scale = across * _PIXELS_PER_INCH / width
    fits = height * scale <= down * _PIXELS_PER_INCH
    paper = (across, down, scale) if fits else (width / _PIXELS_PER_INCH, (height + 2) / _PIXELS_PER_INCH, 1)
    return {
        "paperWidth": paper[0],
        "paperHeight": paper[1],
        "scale": paper[2],
        "marginTop": 0,
        "marginBottom": 0,
        "marginLeft": 0,
        "marginRight": 0,
        "printBackground": True,
        "generateTaggedPDF": True,
        "generateDocumentOutline": True,
    }


async def _look(tab: Any, width: int, height: int) -> None:
    await _send(
        tab, "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=2, mobile=False
    )


async def _evaluate(tab: Any, expression: str) -> Any:
    answer = await _send(tab, "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
    if "exceptionDetails" in answer:
        details = answer["exceptionDetails"]
        raise PictureFailed(details.get("exception", {}).get("description") or details.get("text", ""))
    return answer["result"].get("value")


async def _send(tab: Any, command: str, **parameters: Any) -> dict[str, Any]:
    answer = await tab.send_command(command, params=parameters)
    if "error" in answer:
        raise PictureFailed(f"{command}: {answer['error']}")
    return answer["result"]
