"""A real server with the shipped data, and a browser to read it with."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request, sync_playwright

from tests.browser.chromium import ARGUMENTS, NoBrowserError, executable
from tests.serving import Server, serving

WIDTHS = {"phone": 390, "laptop": 1366, "projector": 1920}
READY = '[data-testid="stApp"][data-test-script-state="notRunning"] .pn-pagefoot'


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def server(shipped_edition: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The dashboard with the shipped data."""
    with serving(shipped_edition.parent, tmp_path_factory.mktemp("server") / "log.txt") as server:
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for the whole run."""
    try:
        program = executable()
    except NoBrowserError as error:
        pytest.fail(str(error))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        yield browser
        browser.close()


@dataclass
class Reader:
    """Someone who reads the dashboard: a page of the browser, and whatever went wrong on it."""

    page: Page
    server: Server
    complaints: list[str] = field(default_factory=list)

    def note_request(self, request: Request) -> None:
        """Keep a request that leaves this machine."""
        if not re.match(r"(https?|wss?)://127\.0\.0\.1:|data:|blob:|about:", request.url):
            self.complaints.append(f"asked {request.url}")

    def note_error(self, error: Error) -> None:
        """Keep an error of a script."""
        self.complaints.append(f"script: {error}")

    def note_console(self, message: ConsoleMessage) -> None:
        """Keep an error in the console."""
        address = message.location.get("url", "")
        if message.type == "error":
            self.complaints.append(f"console: {message.text} {address}")

    def open(self, address: str) -> None:
        """Go to an address of the dashboard and wait until the page is drawn."""
        self.page.goto(self.server.url + address)
        self.wait()

    def wait(self, lang: str = "") -> None:
        """Wait until the page is drawn, its charts included; with ``lang``, until it speaks that language."""
        self.page.wait_for_selector(READY + (f'[data-lang="{lang}"]' if lang else ""), timeout=20_000)
        self.page.wait_for_function(
            """() => [...document.querySelectorAll('[class*="st-key-chart-"]')]
                .every(chart => chart.querySelector('.main-svg .plot, .main-svg .infolayer'))""",
            timeout=20_000,
        )

    def see(self, expression: str, argument: Any = None) -> None:
        """Wait until a JavaScript expression becomes true on the page."""
        self.page.wait_for_function(expression, arg=argument, timeout=20_000)

    @property
    def heading(self) -> str:
        """The words of the page's first-level heading."""
        return self.page.locator("h1").inner_text()

    @property
    def head(self) -> str:
        """The words of the page's heading and of its first sentence."""
        return f"{self.heading} {self.page.locator('.pn-lede').first.inner_text()}"

    @property
    def lang(self) -> str:
        """The language that the page declares to assistive technology."""
        return self.page.evaluate("document.documentElement.lang")

    def said(self) -> dict[str, str]:
        """The parameters in the address bar."""
        return self.page.evaluate("Object.fromEntries(new URLSearchParams(location.search))")

    def path(self) -> str:
        """The path in the address bar."""
        return self.page.evaluate("location.pathname")

    def pick(self, key: str, words: str) -> None:
        """Choose an entry of a select box as a person does."""
        self.page.locator(f".st-key-{key} input").click()
        self.page.get_by_role("option", name=words, exact=True).click()


NewReader = Callable[..., Reader]


@pytest.fixture
def new_reader(server: Server, browser: Browser) -> Iterator[NewReader]:
    """Brings a reader with a fresh browser profile; complains at the end about errors and about any other host."""
    readers: list[Reader] = []

    def come(*, theme: str = "light", width: int = 1366, height: int = 768, locale: str = "en-US") -> Reader:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=theme,  # type: ignore[arg-type]
            locale=locale,
            permissions=["clipboard-read", "clipboard-write"],
        )
        page = context.new_page()
        reader = Reader(page, server)
        page.on("request", reader.note_request)
        page.on("pageerror", reader.note_error)
        page.on("console", reader.note_console)
        readers.append(reader)
        return reader

    yield come
    for reader in readers:
        reader.page.context.close()
    assert [complaint for reader in readers for complaint in reader.complaints] == []


@pytest.fixture
def reader(new_reader: NewReader) -> Reader:
    """A reader at a laptop, with an English browser."""
    return new_reader()
