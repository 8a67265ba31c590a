"""A view on another site: shown where the operators have named that site, refused by the browser everywhere else."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.serving import serving

BLOCKED = "chrome-error://chromewebdata/"


class _Elsewhere(BaseHTTPRequestHandler):
    """A page of somebody else with the markup to embed that its address carries."""

    snippet = ""

    def do_GET(self) -> None:
        body = f"<!DOCTYPE html><title>Elsewhere</title>{self.snippet}".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing on the terminal."""


@pytest.fixture
def elsewhere() -> Iterator[ThreadingHTTPServer]:
    """Another site on this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Elsewhere)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("is_named", [True, False])
def test_a_view_is_shown_on_the_sites_that_the_operators_name(
    elsewhere: ThreadingHTTPServer,
    browser: Browser,
    shipped_edition: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    is_named: bool,
) -> None:
    other = f"http://127.0.0.1:{elsewhere.server_port}"
    monkeypatch.setenv("PANORAMA_FRAME_ANCESTORS", other if is_named else "https://www.example.org")
    with serving(shipped_edition.parent, tmp_path / "log.txt") as server:
        page = browser.new_page()
        reply = page.request.get(f"{server.url}/view/training.events_by_year.embed?lang=en")
        monkeypatch.setattr(_Elsewhere, "snippet", reply.text())
        page.goto(other)
        if is_named:
            frame = page.frame_locator("iframe")
            frame.locator(".js-plotly-plot .main-svg").first.wait_for(timeout=20_000)
            assert frame.locator("footer").inner_text().startswith("Source:")
        else:
            refused(page)
        # a whole page of the dashboard stands in no other site
        monkeypatch.setattr(_Elsewhere, "snippet", f'<iframe src="{server.url}/training?lang=en"></iframe>')
        page.goto(other)
        refused(page)
        page.close()


def refused(page: Page) -> None:
    """Wait until the browser has put its own message in the place of the frame."""
    expect(page.locator("iframe")).to_be_visible()
    until = time.monotonic() + 10
    while page.frames[-1].url != BLOCKED and time.monotonic() < until:
        page.wait_for_timeout(100)
    assert page.frames[-1].url == BLOCKED
