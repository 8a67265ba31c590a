"""How the pages sit on a screen: nothing jumps, nothing moves against the reader's wish, nothing is lost on paper."""

import io

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.checking import PATHS, page_address
from tests.browser.conftest import NewReader, Reader

# Sums up how far things on the page are shifted by anything but scrolling, as Cumulative Layout Shift counts it; what
# follows a click or a key counts here as well, for a filter is nothing else.
WATCH = """() => {
    window.shifted = 0;
    new PerformanceObserver(list => list.getEntries().forEach(entry => { window.shifted += entry.value; }))
        .observe({ type: 'layout-shift' });
}"""


def settle(reader: Reader) -> None:
    """Wait until the charts stand."""
    reader.wait()
    reader.page.wait_for_timeout(800)


@pytest.mark.parametrize("path", ["", "training"])
def test_a_page_does_not_jump_when_the_scheme_changes(reader: Reader, path: str) -> None:
    reader.open(f"/{path}?lang=en")
    settle(reader)
    page = reader.page
    page.locator(".st-key-scheme_choice input").click()
    page.evaluate(WATCH)
    page.get_by_role("option", name="Caribbean Community (CARICOM)").click()
    reader.see("() => new URLSearchParams(location.search).get('scheme') === 'caricom'")
    settle(reader)
    assert page.evaluate("window.shifted") < 0.05


def test_a_page_does_not_jump_when_a_choice_in_its_middle_changes(reader: Reader) -> None:
    reader.open("/training?lang=en")
    settle(reader)
    page = reader.page
    choice = page.locator(".st-key-not_reached_since input")
    choice.scroll_into_view_if_needed()
    page.wait_for_timeout(500)  # an open list closes when the page is scrolled
    choice.click()
    page.evaluate(WATCH)
    page.get_by_role("option").nth(1).click()
    reader.see("() => new URLSearchParams(location.search).has('since')")
    settle(reader)
    assert page.evaluate("window.shifted") < 0.05


def test_another_indicator_on_the_map_moves_nothing_else(reader: Reader) -> None:
    reader.open("/?lang=en")
    settle(reader)
    page = reader.page
    page.evaluate("document.querySelector('main').scrollTo(0, 300)")
    page.locator(".st-key-map_indicator input").click()
    page.evaluate(WATCH)
    page.get_by_role("option", name="Population", exact=True).click()
    reader.see("() => new URLSearchParams(location.search).get('indicator') === 'population'")
    settle(reader)
    assert page.evaluate("window.shifted") < 0.05


def test_what_is_drawn_anew_is_not_dimmed(reader: Reader) -> None:
    reader.open("/training?lang=en")
    assert (
        reader.page.evaluate(
            """() => {
            const part = document.querySelector('.stElementContainer');
            part.setAttribute('data-stale', 'true');
            return getComputedStyle(part).opacity;
        }"""
        )
        == "1"
    )


@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_read_at_four_times_its_size(new_reader: NewReader, path: str) -> None:
    """1280 pixels enlarged four times are 320: nothing may reach beyond the edge but tables and maps in their frames."""
    reader = new_reader(width=320, height=640)
    reader.open(page_address(path, "fr"))
    beyond = reader.page.evaluate(
        "document.querySelector('main').scrollWidth - document.querySelector('main').clientWidth"
    )
    assert beyond <= 0


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1920, 1080)])
@pytest.mark.parametrize("lang", ["es", "fr"])
def test_no_page_is_cut_off_in_the_navigation(new_reader: NewReader, lang: str, width: int, height: int) -> None:
    reader = new_reader(width=width, height=height)
    reader.open(f"/sources?lang={lang}")
    row = reader.page.evaluate(
        """() => {
            const row = document.querySelector('.st-key-frame-nav');
            return [row.scrollWidth - row.clientWidth, document.querySelector('.st-key-frame').offsetHeight];
        }"""
    )
    assert row[0] <= 0
    assert row[1] <= 100


def test_a_phone_shows_which_page_it_is_on(new_reader: NewReader) -> None:
    reader = new_reader(width=390, height=844)
    reader.open("/sources?lang=fr")
    here = reader.page.locator('.st-key-frame-nav [aria-current="page"]')
    expect(here).to_be_in_viewport(ratio=0.9)


def test_letters_grow_with_the_screen(new_reader: NewReader) -> None:
    sizes = {}
    for width in (1366, 1920):
        reader = new_reader(width=width, height=900)
        reader.open("/training?lang=en")
        sizes[width] = reader.page.evaluate(
            """() => ['h1', '.pn-takeaway', '.pn-foot', '.main-svg text', '.st-key-scheme_choice input']
                .map(what => parseFloat(getComputedStyle(document.querySelector(what)).fontSize))"""
        )
    assert all(large >= 1.1 * small for small, large in zip(sizes[1366], sizes[1920], strict=True))
    assert min(sizes[1366]) >= 13


def test_nothing_moves_where_movement_is_not_wanted(reader: Reader) -> None:
    reader.page.emulate_media(reduced_motion="reduce")
    reader.open("/training?lang=en#training-coverage")
    moving = reader.page.evaluate(
        """() => [...document.querySelectorAll('.stApp, .stApp *')].filter(part => {
            const style = getComputedStyle(part);
            return style.animationName !== 'none' || parseFloat(style.transitionDuration) > 0;
        }).length"""
    )
    assert moving == 0
    assert reader.page.evaluate("document.getAnimations().length") == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_marks_keep_their_colours_where_the_system_paints_all_else(new_reader: NewReader, theme: str) -> None:
    reader = new_reader(theme=theme)
    reader.page.emulate_media(forced_colors="active")
    reader.open("/?lang=en")
    page = reader.page
    grounds = page.evaluate(
        "[...document.querySelectorAll('.pn-tile')].map(tile => getComputedStyle(tile).backgroundColor)"
    )
    assert len(set(grounds)) >= 5
    assert "none" not in page.evaluate(
        "[...document.querySelectorAll('.pn-outside, .pn-missing')].map(tile => getComputedStyle(tile).backgroundImage)"
    )
    reader.open("/questionnaires?lang=en")
    bars = "[...document.querySelectorAll('.pn-bt-bar i')].map(bar => getComputedStyle(bar).backgroundColor)"
    assert len(set(page.evaluate(bars))) >= 2
    # everything else is the system's: the ground of the page is its canvas
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")


def printed(page: Page) -> PdfReader:
    return PdfReader(io.BytesIO(page.pdf(format="A4", print_background=True)))


@pytest.mark.parametrize("path", ["training", "country"])
def test_a_page_is_printed_whole_and_without_what_only_a_screen_can_use(reader: Reader, path: str) -> None:
    reader.open(page_address(path, "en"))
    page = reader.page
    last = page.locator("main .pn-title").last.inner_text()
    paper = printed(page)
    said = " ".join(sheet.extract_text() for sheet in paper.pages)
    assert len(paper.pages) > 2
    for words in (reader.heading, last, "Panorama is an independent open-source project"):
        assert words in " ".join(said.split())
    for words in ("Save or share", "Skip to the content", "Arrow keys go"):
        assert words not in said


def test_the_icon_is_ours_on_every_page(reader: Reader) -> None:
    reader.open("/country?lang=en&area=KNA")
    icons = "[...document.querySelectorAll('link[rel~=icon]')].map(link => link.href)"
    ours = [f"{reader.server.url}/app/static/favicon.png"]
    assert reader.page.evaluate(icons) == ours
    assert reader.page.request.get(ours[0]).headers["content-type"] == "image/png"
    reader.page.locator('.st-key-frame-nav a[href^="training?"]').click()
    expect(reader.page.locator("h1")).to_have_text("Training reach")
    assert reader.page.evaluate(icons) == ours


@pytest.mark.parametrize("lang", ["en", "es", "pt", "fr"])
def test_the_records_of_events_fit_a_laptop_with_every_column(reader: Reader, lang: str) -> None:
    reader.open(f"/records?lang={lang}&of=events")
    table = reader.page.locator(".st-key-view-records-rows .pn-scroll")
    assert table.evaluate("table => table.scrollWidth - table.clientWidth") == 0
    for column in table.locator("th.pn-document").all():
        assert column.bounding_box()["width"] >= 120  # type: ignore[index]
