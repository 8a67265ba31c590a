"""The dashboard with the keyboard alone: everything is reached, seen to be reached, used, and left again."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.checking import page_address
from tests.browser.conftest import NewReader, Reader

# What has the focus: who it is, how its frame is drawn, and whether any of it can be seen.
FOCUSED = """() => {
    const part = document.activeElement;
    const shown = (part.matches('input') && part.closest('[role="group"]')) || part;
    const drawn = getComputedStyle(shown);
    const box = part.getBoundingClientRect();
    const spots = [0.1, 0.3, 0.5, 0.7, 0.9].flatMap(x => [0.2, 0.5, 0.8].map(y => [x, y]));
    const visible = spots.filter(([x, y]) => {
        const hit = document.elementFromPoint(box.x + x * box.width, box.y + y * box.height);
        return hit && (part.contains(hit) || hit.contains(part) || shown.contains(hit));
    });
    return {
        tag: part.tagName,
        words: (part.ariaLabel || part.textContent || part.id).trim().slice(0, 60),
        id: part.id || [...document.querySelectorAll('a, button, input, summary, [tabindex]')].indexOf(part).toString(),
        frame: drawn.outlineStyle === 'solid' ? parseFloat(drawn.outlineWidth) : 0,
        colour: drawn.outlineColor,
        is_svg: part instanceof SVGElement,
        visible: visible.length,
        left: box.left, right: box.right, width: box.width, height: box.height,
    };
}"""
SAID = "body > [role=status]"  # what is told to those who hear the page


def focused(page: Page) -> dict:
    return page.evaluate(FOCUSED)


def luminance(colour: str) -> float:
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def press_until(page: Page, words: str, *, key: str = "Tab", most: int = 60) -> dict:
    """Press a key until what has the focus is called so; the keyboard is the only way there."""
    for _press in range(most):
        page.keyboard.press(key)
        now = focused(page)
        if re.search(words, now["words"]):
            return now
    raise AssertionError(f"{words!r} was not reached with {most} presses of {key}")


def test_the_first_key_skips_what_every_page_begins_with(reader: Reader) -> None:
    reader.open("/training?lang=es")
    reader.see(
        "document.querySelector('[data-testid=stSkipToContent]').textContent === document.querySelector('[data-skip]').dataset.skip"
    )
    page = reader.page
    page.keyboard.press("Tab")
    skip = page.get_by_test_id("stSkipToContent")
    expect(skip).to_be_focused()
    box = skip.bounding_box()
    assert box is not None
    assert box["y"] >= 0
    assert box["height"] >= 24
    address = page.url
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_be_focused()
    assert page.url == address
    # the next stop is in the content, past the pages and the choices of the frame
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.st-key-frame') === null")
    assert page.evaluate(
        "document.querySelector('h1').compareDocumentPosition(document.activeElement) & Node.DOCUMENT_POSITION_FOLLOWING"
    )


def test_the_pages_are_a_landmark_and_lead_on(reader: Reader) -> None:
    reader.open("/?lang=en&period=2005-2015")
    page = reader.page
    pages = page.get_by_role("navigation", name="Pages")
    expect(pages).to_be_visible()
    expect(pages.locator('[aria-current="page"]')).to_have_text("Overview")
    press_until(page, "^Questionnaires$")
    page.keyboard.press("Enter")
    reader.see("() => location.pathname === '/questionnaires'")
    reader.wait("en")
    assert reader.said()["period"] == "2005-2015"
    expect(pages.locator('[aria-current="page"]')).to_have_text("Questionnaires")
    expect(page.locator(SAID)).to_have_text("Questionnaires", timeout=15_000)


def test_the_language_is_changed_and_the_change_is_said(reader: Reader) -> None:
    reader.open("/training?lang=en")
    page = reader.page
    press_until(page, "^Language$")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    reader.see("() => new URLSearchParams(location.search).get('lang') !== 'en'")
    lang = reader.said()["lang"]
    reader.wait(lang)
    assert reader.lang == lang
    expect(page.locator(SAID)).to_have_text(reader.heading, timeout=15_000)


def test_a_list_of_choices_closes_without_a_choice(reader: Reader) -> None:
    reader.open("/training?lang=en")
    page = reader.page
    press_until(page, "^Group the states by$")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    assert reader.said()["scheme"] == "oas"
    press_until(page, "^Training", key="Shift+Tab", most=12)


def test_the_years_are_changed_and_what_is_new_is_said(reader: Reader) -> None:
    reader.open("/training?lang=en")
    page = reader.page
    before = page.locator(".pn-takeaway").first.inner_text()
    press_until(page, "^All years")
    page.keyboard.press("Enter")
    page.get_by_role("slider").first.wait_for()
    # what the button unfolds is the next thing that keys reach
    reader.see("() => document.activeElement.matches('[role=slider], input[type=range]')")
    for _press in range(9):
        page.keyboard.press("ArrowRight")
    reader.see("() => /20(0[2-9]|10)-2026/.test(new URLSearchParams(location.search).get('period'))")
    page.keyboard.press("Escape")
    expect(page.get_by_role("slider")).to_have_count(0)
    assert focused(page)["tag"] == "BUTTON"
    expect(page.locator(".pn-takeaway").first).not_to_have_text(before)
    expect(page.locator(SAID)).to_have_text(page.locator(".pn-takeaway").first.inner_text(), timeout=15_000)


@pytest.mark.parametrize("kind", ["tiles", "outlines"])
def test_a_state_is_found_on_the_map_and_its_page_opened(reader: Reader, kind: str) -> None:
    reader.open(f"/?lang=en&map={kind}")
    if kind == "outlines":
        reader.see("() => document.querySelectorAll('#pn-shapes path').length === 36")
    page = reader.page
    now = press_until(page, ", [A-Z]{3}:")
    assert kind == "tiles" or now["is_svg"]
    start = now["words"]
    page.keyboard.press("ArrowDown")
    reached = focused(page)["words"]
    assert reached != start
    code = re.search(r", ([A-Z]{3}):", reached)
    assert code
    page.keyboard.press("Enter")
    reader.see("() => location.pathname === '/country'")
    assert parse_qs(urlsplit(page.url).query)["area"] == [code[1]]


def test_a_menu_is_opened_walked_through_and_closed(reader: Reader) -> None:
    reader.open("/training?lang=en")
    page = reader.page
    summary = press_until(page, "^Save or share")
    page.keyboard.press("Enter")
    expect(page.locator(".pn-menu > details[open]")).to_have_count(1)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.pn-menu-panel') !== null")
    page.keyboard.press("Escape")
    expect(page.locator(".pn-menu > details[open]")).to_have_count(0)
    assert focused(page)["words"] == summary["words"]
    # left with the Tab key, it closes as well
    page.keyboard.press("Enter")
    for _press in range(20):
        page.keyboard.press("Tab")
        if page.locator(".pn-menu > details[open]").count() == 0:
            break
    expect(page.locator(".pn-menu > details[open]")).to_have_count(0)


def test_a_table_is_unfolded_and_folded(reader: Reader) -> None:
    reader.open("/training?lang=en")
    page = reader.page
    press_until(page, r"^Table, \d+ rows")
    page.keyboard.press("Enter")
    fold = page.locator("details.pn-fold[open]").first
    expect(fold.locator("table")).to_be_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('details.pn-fold[open]') !== null")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("details.pn-fold[open]")).to_have_count(0)


@pytest.mark.parametrize(
    ("path", "theme", "width"),
    [
        ("", "light", 1366),
        ("training", "dark", 1366),
        ("country", "light", 390),
        ("compare", "light", 1366),
        ("explore", "dark", 1366),
        ("questionnaires", "dark", 390),
        ("accessibility", "light", 1366),
    ],
)
def test_every_stop_on_the_way_through_a_page_is_seen(new_reader: NewReader, path: str, theme: str, width: int) -> None:
    reader = new_reader(theme=theme, width=width, height=768)
    reader.open(page_address(path, "en"))
    page = reader.page
    ground = luminance(page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor"))
    stops = []
    for _press in range(70):
        page.keyboard.press("Tab")
        stop = focused(page)
        if stop["tag"] == "BODY":
            break  # through the whole page, and out of it again
        stops.append(stop)
    assert len(stops) > 12
    unseen = [stop["words"] for stop in stops if stop["visible"] == 0 and stop["tag"] != "MAIN"]
    assert unseen == []
    unframed = [stop["words"] for stop in stops if stop["frame"] < 2 and not stop["is_svg"]]
    assert unframed == []
    for colour in {stop["colour"] for stop in stops if not stop["is_svg"]}:
        lighter, darker = sorted((luminance(colour), ground), reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) >= 3, colour
    # no trap: a stop comes again only after all the others
    names = [stop["id"] for stop in stops]
    assert len(set(names)) == len(names)


def test_the_way_back_is_the_way_there(reader: Reader) -> None:
    reader.open("/accessibility?lang=en")
    page = reader.page
    there = []
    for _press in range(40):
        page.keyboard.press("Tab")
        stop = focused(page)
        if stop["tag"] == "BODY":
            break
        there.append(stop["id"])
    back = []
    for _press in range(len(there)):
        page.keyboard.press("Shift+Tab")
        back.append(focused(page)["id"])
    assert [stop for stop in reversed(back) if stop in there] == [stop for stop in there if stop in back]
    assert len(set(back) & set(there)) >= len(there) - 1
