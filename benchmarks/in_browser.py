"""What a reader waits for, measured inside the page of a cold browser, in milliseconds."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.chromium import ARGUMENTS, executable

# A chart counts as drawn when one of its marks has a size; a page's last chart when the run has ended as well.
WATCH = """
(() => {
    const size = element => { const box = element.getBoundingClientRect(); return box.width + box.height > 1; };
    const charts = () => [...document.querySelectorAll('[class*="st-key-chart-"]')];
    const isDrawn = chart => [...chart.querySelectorAll('.trace path, .shapelayer path')].some(size);
    const marks = chart => [...chart.querySelectorAll('.trace path, .xaxislayer-above text')]
        .map(mark => mark.getAttribute('d') + mark.textContent + (mark.getAttribute('transform') || '')).join();
    const seen = selector => [...document.querySelectorAll(selector)].some(size);
    const has = {
        heading: () => seen('h1'),
        answer: () => seen('h1') && (seen('.pn-figures, .pn-tiles, .pn-takeaway, .pn-table, #floor')),
        map: () => seen('.pn-figures') && document.querySelectorAll('.pn-tiles a').length === 35,
        figure: () => charts().some(isDrawn) || seen('.pn-tiles, .pn-matrix, [class^="pn-fig"]:not(.pn-figures)'),
        first: () => charts().some(isDrawn),
        last: () => document.querySelector('[data-test-script-state="notRunning"] .pn-pagefoot') && seen('h1')
            && charts().every(isDrawn),
    };
    window.bench = {times: {}, marks: () => charts().length ? marks(charts()[0]) : '', start: 0, before: null, has};
    const look = () => {
        const now = performance.now();
        for (const [name, test] of Object.entries(has)) {
            if (!(name in window.bench.times) && document.body && test()) window.bench.times[name] = now;
        }
        const {before} = window.bench;
        if (before !== null && window.bench.marks() !== before && charts().length && isDrawn(charts()[0])) {
            window.bench.redrawn = now - window.bench.start;
            window.bench.before = null;
        }
        requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
    addEventListener('keydown', () => { window.bench.start = performance.now(); }, true);
})();
"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser for the measurements."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=list(ARGUMENTS))
        yield browser
        browser.close()


@contextmanager
def _fresh(browser: Browser) -> Iterator[tuple[BrowserContext, Page]]:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="en-US")
    context.add_init_script(WATCH)
    try:
        yield context, context.new_page()
    finally:
        context.close()


def cold_view(browser: Browser, address: str) -> dict[str, float]:
    """Milliseconds from navigation to each thing seen, with an empty cache: heading, answer, map, figure, first, last."""
    with _fresh(browser) as (_context, page):
        page.goto(address)
        page.wait_for_function("() => 'last' in window.bench.times", timeout=60_000)
        return page.evaluate("window.bench.times")


def changes(browser: Browser, address: str, *, popover: str = "", samples: int = 20) -> list[float]:
    """Milliseconds from a key press on the period slider until the first chart is redrawn."""
    with _fresh(browser) as (_context, page):
        page.goto(address)
        page.wait_for_function("() => 'last' in window.bench.times", timeout=60_000)
        if popover:
            page.locator(popover).click()
        slider = page.get_by_role("slider").first
        slider.focus()
        taken = []
        for sample in range(samples + 2):
            page.evaluate("() => { window.bench.redrawn = 0; window.bench.before = window.bench.marks(); }")
            page.keyboard.press("ArrowRight" if sample % 2 == 0 else "ArrowLeft")
            page.wait_for_function("() => window.bench.redrawn > 0", timeout=60_000)
            taken.append(page.evaluate("window.bench.redrawn"))
            page.wait_for_selector('[data-test-script-state="notRunning"]')
            page.wait_for_timeout(60)
        return taken[2:]  # the first of each direction still warms up


def page_changes(browser: Browser, address: str, paths: list[str], rounds: int) -> dict[str, list[float]]:
    """Milliseconds from a click in the navigation to the first figure of the next page, by path of that page."""
    taken: dict[str, list[float]] = {path: [] for path in paths}
    with _fresh(browser) as (_context, page):
        page.goto(address)
        page.wait_for_function("() => 'last' in window.bench.times", timeout=60_000)
        page.wait_for_selector(f'.st-key-frame-nav a[href^="{paths[-1]}?"]')
        for _round in range(rounds):
            for path in paths:
                page.evaluate(
                    """path => new Promise(resolve => {
                        const before = document.querySelector('h1');
                        const words = before.textContent;
                        const started = performance.now();
                        document.querySelector(`.st-key-frame-nav a[href^="${path}?"]`).click();
                        const look = () => {
                            const heading = document.querySelector('h1');
                            const isNew = location.pathname === '/' + path && heading && heading.textContent !== words;
                            const {has} = window.bench;
                            if (isNew && (has.figure() || has.answer())) {
                                window.bench.changed = performance.now() - started;
                                resolve();
                            } else requestAnimationFrame(look);
                        };
                        requestAnimationFrame(look);
                    })""",
                    path,
                )
                taken[path].append(page.evaluate("window.bench.changed"))
                page.wait_for_selector('[data-test-script-state="notRunning"]')
                page.wait_for_timeout(100)
    return taken


def wire(browser: Browser, address: str) -> dict[str, int]:
    """Bytes of HTTP answers for a first view (compressed, uncompressed) and for a second one with the cache kept."""
    with _fresh(browser) as (context, page):
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        count = {"wire": 0, "plain": 0}
        session.on("Network.dataReceived", lambda data: count.__setitem__("plain", count["plain"] + data["dataLength"]))
        session.on(
            "Network.loadingFinished",
            lambda data: count.__setitem__("wire", count["wire"] + int(data["encodedDataLength"])),
        )
        result = {}
        for name in ("first", "second"):
            count.update(wire=0, plain=0)
            page.goto(address)
            page.wait_for_function("() => 'last' in window.bench.times", timeout=60_000)
            page.wait_for_timeout(500)
            result |= {f"{name}_wire": count["wire"], f"{name}_plain": count["plain"]}
        return result
