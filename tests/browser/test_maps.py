"""Both maps of the states as readers meet them: every state is drawn, and reached by pointing, by touch and by keys."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, expect

from dashboard.charts.geo_map import notice
from dashboard.i18n import LANGUAGES, in_language
from tests.browser.conftest import NewReader, Reader

MAP = ".pn-geo nav:visible"
KINDS = {"tiles": ".pn-tiles", "outlines": MAP}
DRAWN = """map => [...map.querySelectorAll('svg use')].map(use => {
    const box = use.getBoundingClientRect();
    return [use.getAttribute('href').replace('#pn-shape-', ''), box.width, box.height];
})"""
# Every step that the arrow keys can take from every state, as state -> states.
STEPS = """map => {
    const places = [...map.querySelectorAll('a:not([aria-hidden])')];
    const code = (place) => new URL(place.href.baseVal ?? place.href, location.href).searchParams.get('area');
    return Object.fromEntries(places.map(place => [code(place), ['Up', 'Down', 'Left', 'Right'].map(direction => {
        place.focus();
        place.dispatchEvent(new KeyboardEvent('keydown', { key: `Arrow${direction}`, bubbles: true }));
        return code(document.activeElement);
    })]));
}"""


def see_map(reader: Reader, address: str) -> Locator:
    """Open an address and wait until the map of outlines is drawn."""
    reader.open(address)
    reader.see("() => document.querySelectorAll('#pn-shapes path').length === 36")
    expect(reader.page.locator(f"{MAP} a.pn-place")).to_have_count(35)
    return reader.page.locator(MAP)


def state_of(link: Locator) -> str:
    return parse_qs(urlsplit(link.get_attribute("href") or "").query)["area"][0]


def focused(reader: Reader) -> str:
    return reader.page.evaluate(
        "new URL(document.activeElement.getAttribute('href'), location.href).searchParams.get('area')"
    )


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1366, 768), (1920, 1080)])
def test_every_state_is_drawn_and_has_a_target_for_a_finger(new_reader: NewReader, width: int, height: int) -> None:
    reader = new_reader(width=width, height=height, theme="dark" if width == 1366 else "light")
    for page in ("", "country"):
        picture = see_map(reader, f"/{page}?lang=fr&map=outlines")
        shapes = picture.evaluate(DRAWN)
        assert [name for name, across, down in shapes if across <= 0 or down <= 0] == []
        assert len({name for name, _across, _down in shapes}) == 36
        assert len(shapes) > 60  # the enlargement draws its part again
        boxes = {
            state_of(link): link.locator(".pn-disc").bounding_box() for link in picture.locator("a.pn-place").all()
        }
        assert len(boxes) == 35
        assert all(box and box["width"] >= 24 and box["height"] >= 24 for box in boxes.values())
        frame = picture.bounding_box()
        assert frame is not None
        assert frame["width"] <= width


TEXTS = """map => {
    const frame = map.querySelector('svg').getBoundingClientRect();
    return [...map.querySelectorAll('svg tspan')].map(line => {
        const box = line.getBoundingClientRect();
        return [line.textContent, box.left - frame.left, frame.right - box.right, frame.bottom - box.bottom];
    });
}"""


@pytest.mark.parametrize("width", [390, 1366])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_legend_and_boundary_notice_are_inside_the_picture(new_reader: NewReader, lang: str, width: int) -> None:
    reader = new_reader(width=width)
    texts = see_map(reader, f"/?lang={lang}&map=outlines&indicator=gini_index").evaluate(TEXTS)
    with in_language(lang):
        assert notice() in " ".join(words for words, *_space in texts)
    assert [words for words, *space in texts if min(space) < -0.5] == []


def test_a_click_on_the_outline_or_on_the_code_opens_the_page_of_the_state(reader: Reader) -> None:
    see_map(reader, "/?lang=es&map=outlines&period=2005-2015")
    reader.page.locator(f'{MAP} a[data-code="KNA"] .pn-disc').click()
    reader.see("() => location.pathname === '/country'")
    reader.wait("es")
    assert {"area": "KNA", "lang": "es", "period": "2005-2015"}.items() <= reader.said().items()
    picture = see_map(reader, "/?lang=es&map=outlines")
    brazil = picture.locator('a[data-code="BRA"] .pn-disc')
    brazil.scroll_into_view_if_needed()
    box = brazil.bounding_box()
    assert box is not None
    # beside the code, where only the outline of Brazil is
    reader.page.mouse.click(box["x"] + box["width"] * 1.5, box["y"] + box["height"] / 2)
    reader.see("() => location.pathname === '/country'")
    reader.wait("es")
    assert reader.said()["area"] == "BRA"


@pytest.mark.parametrize("kind", KINDS)
def test_enter_opens_the_state_that_the_arrow_keys_reached(reader: Reader, kind: str) -> None:
    reader.open(f"/?lang=en&map={kind}")
    places = reader.page.locator(f"{KINDS[kind]} a:not([aria-hidden])")
    expect(places).to_have_count(35)
    places.first.focus()
    reader.page.keyboard.press("ArrowDown")
    reader.page.keyboard.press("ArrowDown")
    reached = focused(reader)
    assert reached != state_of(places.first)
    hint = reader.page.locator(f"{KINDS[kind]} .pn-keys")
    expect(hint).to_have_css("opacity", "1")
    reader.page.keyboard.press("Enter")
    reader.see("() => location.pathname === '/country'")
    reader.wait()
    assert reader.said()["area"] == reached


@pytest.mark.parametrize("kind", KINDS)
def test_arrow_keys_reach_every_state_from_every_state(reader: Reader, kind: str) -> None:
    reader.open(f"/?lang=en&map={kind}")
    expect(reader.page.locator(f"{KINDS[kind]} a:not([aria-hidden])")).to_have_count(35)
    steps = reader.page.locator(KINDS[kind]).evaluate(STEPS)
    assert len(steps) == 35
    for start in steps:
        reached, waiting = {start}, [start]
        while waiting:
            new = set(steps[waiting.pop()]) - reached
            reached |= new
            waiting += new
        assert len(reached) == 35, start


@pytest.mark.parametrize("kind", KINDS)
def test_a_map_is_one_stop_on_the_way_through_the_page(reader: Reader, kind: str) -> None:
    reader.open(f"/?lang=en&map={kind}")
    places = reader.page.locator(f"{KINDS[kind]} a:not([aria-hidden])")
    expect(places).to_have_count(35)
    stops = reader.page.locator(f'{KINDS[kind]} a[tabindex="0"]')
    expect(stops).to_have_count(1)
    places.nth(20).focus()
    expect(stops).to_have_count(1)
    reader.page.keyboard.press("End")
    assert focused(reader) == state_of(places.last)
    reader.page.keyboard.press("Home")
    assert focused(reader) == state_of(places.first)
    reader.page.keyboard.press("Tab")
    assert reader.page.evaluate("document.activeElement.closest('[data-tiles]')") is None
    reader.page.keyboard.press("Shift+Tab")
    assert focused(reader) == state_of(places.first)


def test_the_way_of_drawing_is_chosen_kept_in_the_address_and_in_other_languages(reader: Reader) -> None:
    reader.open("/?lang=en")
    expect(reader.page.locator(".pn-tiles a")).to_have_count(35)
    expect(reader.page.locator(".pn-geo")).to_have_count(0)
    reader.page.locator(".st-key-map_kind").get_by_role("radio").last.click()
    reader.see("() => new URLSearchParams(location.search).get('map') === 'outlines'")
    expect(reader.page.locator(f"{MAP} a.pn-place")).to_have_count(35)
    reader.pick("language_choice", "Español")
    reader.wait("es")
    assert reader.said()["map"] == "outlines"
    label = reader.page.locator(f'{MAP} a[data-code="USA"]').get_attribute("aria-label") or ""
    assert label.startswith("Estados Unidos")
    reader.page.locator(".st-key-map_kind").get_by_role("radio").first.click()
    expect(reader.page.locator(".pn-tiles a")).to_have_count(35)
    assert reader.said()["map"] == "tiles"


def test_another_indicator_is_drawn_on_the_same_outlines(reader: Reader) -> None:
    asked: list[str] = []
    reader.page.on("request", lambda request: asked.append(request.url))
    see_map(reader, "/?lang=en&map=outlines")
    reader.pick("map_indicator", "Population")
    expect(reader.page.locator(f'{MAP} a[data-code="BRA"]')).to_have_attribute(
        "aria-label", re.compile("million|[0-9]{9}|,")
    )
    assert len(reader.page.locator(MAP).evaluate(DRAWN)) > 60
    assert sum("americas.geojson" in url for url in asked) == 1
