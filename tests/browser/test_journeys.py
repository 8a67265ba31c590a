"""What readers do: open, choose, follow links, go back, take data away."""

import csv
import io
import re
import urllib.request
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from dashboard.pages import PAGES
from tests.browser.conftest import NewReader, Reader
from tests.serving import PROJECT

PATHS = [entry.path for entry in PAGES]
with (PROJECT / "data" / "catalog" / "areas.csv").open(encoding="utf-8", newline="") as _lines:
    NAMES = {row["area_code"]: row for row in csv.DictReader(_lines)}


def test_every_page_opens_from_the_navigation(reader: Reader) -> None:
    reader.open("/?lang=en")
    seen = {reader.heading}
    in_navigation = [entry for entry in PAGES if entry.is_in_navigation]
    for entry in in_navigation[1:]:
        reader.page.locator(f'.st-key-frame-nav a[href^="{entry.path}?"]').click()
        reader.see("path => location.pathname === path", f"/{entry.path}")
        reader.see("before => ![...before].includes(document.querySelector('h1')?.innerText)", sorted(seen))
        reader.wait()
        seen.add(reader.heading)
        assert reader.page.locator(".st-key-frame-nav [aria-current=page]").inner_text() == entry.name
        assert entry.name in reader.page.title()
    assert len(seen) == len(in_navigation)


def test_the_accessibility_page_opens_from_the_foot_of_every_page(reader: Reader) -> None:
    reader.open("/programmes?lang=fr&period=2005-2015")
    reader.page.locator(".pn-pagefoot a").click()
    reader.see("() => location.pathname === '/accessibility'")
    reader.wait("fr")
    assert reader.said()["period"] == "2005-2015"
    assert reader.page.locator("main h2").count() == 4


def test_the_browser_language_is_served_without_a_choice(new_reader: NewReader) -> None:
    reader = new_reader(locale="pt-BR")
    reader.open("/")
    assert reader.lang == "pt"
    assert reader.said()["lang"] == "pt"


def test_another_language_changes_words_address_and_declared_language_and_nothing_else(reader: Reader) -> None:
    reader.open("/training?lang=en&scheme=m49&period=2005-2015")
    before, words = reader.said(), reader.head
    for lang, name in (("es", "Español"), ("fr", "Français"), ("pt", "Português"), ("en", "English")):
        reader.pick("language_choice", name)
        reader.wait(lang)
        reader.see("lang => document.documentElement.lang === lang", lang)
        assert reader.said() == {**before, "lang": lang}
        assert (reader.head == words) == (lang == "en")


def test_another_country_changes_heading_and_address(reader: Reader) -> None:
    reader.open("/country?area=KNA&lang=en")
    assert NAMES["KNA"]["name_en"] in reader.heading
    chooser = reader.page.locator(".st-key-area_choice input")
    chooser.click()
    chooser.fill("Braz")  # the list opens at the state that is shown, with those around it only
    reader.page.get_by_role("option", name="Brazil", exact=True).click()
    expect(reader.page.locator("h1")).to_contain_text("Brazil")
    reader.see("() => new URLSearchParams(location.search).get('area') === 'BRA'")


def test_a_shared_link_opens_as_it_was_shared_and_changes_language_only(reader: Reader) -> None:
    reader.open("/country?area=KNA&lang=es&scheme=caricom&period=2008-2014")
    assert NAMES["KNA"]["name_es"] in reader.heading
    assert reader.lang == "es"
    before = reader.said()
    assert {"area": "KNA", "lang": "es", "scheme": "caricom", "period": "2008-2014"}.items() <= before.items()
    reader.pick("language_choice", "Français")
    reader.wait("fr")
    assert NAMES["KNA"]["name_fr"] in reader.heading
    assert reader.said() == {**before, "lang": "fr"}


@pytest.mark.parametrize(
    ("address", "wrong", "parameter", "nearest"),
    [
        ("/country?area=Brasill&lang=en", "Brasill", "area", "BRA"),
        ("/?lang=spa", "spa", "", ""),
        ("/?lang=en&scheme=caricon", "caricon", "scheme", "caricom"),
        ("/training?lang=en&period=2030-2020", "2030-2020", "period", None),
        ("/?lang=en&edition=19990101", "19990101", "", ""),
    ],
)
def test_an_unknown_value_is_told_and_the_nearest_offered(
    reader: Reader, address: str, wrong: str, parameter: str, nearest: str | None
) -> None:
    reader.open(address)
    message = reader.page.locator(".pn-banner[role=alert]")
    expect(message).to_contain_text(wrong)
    if parameter:
        link = message.locator("a")
        offered = parse_qs(urlsplit(link.get_attribute("href") or "").query)
        assert nearest is None or offered[parameter] == [nearest]
        link.click()
        reader.see("wrong => !location.search.includes(wrong)", wrong)
        reader.wait()
        assert reader.said()[parameter] == offered[parameter][0]
        expect(reader.page.locator(".pn-banner[role=alert]")).to_have_count(0)


def test_an_unknown_value_is_not_forgotten_before_it_was_read(reader: Reader) -> None:
    reader.open("/?lang=en&scheme=caricon")
    reader.page.wait_for_timeout(1_000)
    expect(reader.page.locator(".pn-banner[role=alert]")).to_contain_text("caricon")


def test_language_scheme_and_period_survive_a_change_of_page(reader: Reader) -> None:
    reader.open("/training?lang=es&scheme=sica&period=2005-2015")
    reader.page.locator('.st-key-frame-nav a[href^="programmes?"]').click()
    reader.see("() => location.pathname === '/programmes' && location.search.includes('period=2005-2015')")
    reader.wait("es")
    assert {"lang": "es", "scheme": "sica", "period": "2005-2015"}.items() <= reader.said().items()
    assert reader.lang == "es"


def test_the_period_is_chosen_with_the_keyboard_and_undone(reader: Reader) -> None:
    reader.open("/training?lang=en")
    reader.page.locator(".st-key-period_popover button").click()
    reader.page.get_by_role("slider").first.focus()
    reader.page.keyboard.press("ArrowRight")
    reader.see("() => /^[0-9]{4}-[0-9]{4}$/.test(new URLSearchParams(location.search).get('period'))")
    reader.wait()
    reader.page.get_by_role("button", name="All years", exact=True).last.click()
    reader.see("() => new URLSearchParams(location.search).get('period') === 'all'")


def test_back_and_forward_walk_through_what_was_seen(reader: Reader) -> None:
    reader.open("/?lang=en")
    first = reader.heading
    reader.page.locator('.st-key-frame-nav a[href^="training?"]').click()
    reader.see("first => document.querySelector('h1') && document.querySelector('h1').innerText !== first", first)
    second = reader.heading
    reader.page.go_back()
    expect(reader.page.locator("h1")).to_have_text(first)
    assert reader.path() == "/"
    reader.page.go_forward()
    expect(reader.page.locator("h1")).to_have_text(second)
    assert reader.path() == "/training"


def test_a_tile_leads_to_its_country_in_the_same_language(reader: Reader) -> None:
    reader.open("/?lang=fr")
    reader.page.locator('.pn-tiles a[href*="area=HTI"]').click()
    reader.see("() => location.pathname === '/country' && location.search.includes('area=HTI')")
    reader.wait("fr")
    assert NAMES["HTI"]["name_fr"] in reader.heading
    assert reader.said()["lang"] == "fr"


def test_a_frozen_link_says_so_and_leads_back_to_the_live_edition(reader: Reader) -> None:
    reader.open(f"/training?lang=en&edition={reader.server.edition}")
    banner = reader.page.locator(".pn-banner[role=note]", has_text="frozen")
    expect(banner).to_be_visible()
    for link in reader.page.locator(".st-key-frame-nav a").all():
        assert reader.server.edition in (link.get_attribute("href") or "")
    banner.locator("a").click()
    reader.see("() => !location.search.includes('edition=')")
    reader.wait()
    expect(reader.page.locator(".pn-banner[role=note]", has_text="frozen")).to_have_count(0)


def test_the_link_of_a_view_goes_to_the_clipboard_and_leads_to_the_view(reader: Reader) -> None:
    reader.open("/?lang=en")
    menu = reader.page.locator(".pn-menu").last
    menu.locator("summary").click()
    link = menu.locator("a[data-copy]").first
    words = link.inner_text()
    link.click()
    expect(link).not_to_have_text(words)
    copied = reader.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(reader.server.url)
    view = urlsplit(copied).fragment
    assert view
    reader.page.goto("about:blank")
    reader.page.goto(copied)
    reader.wait()
    expect(reader.page.locator(f"#{view}.pn-sought")).to_be_in_viewport()


def test_a_view_asked_for_stays_in_sight_until_the_reader_moves_on(reader: Reader) -> None:
    grow = """() => {
        const late = document.createElement('div');
        late.style.height = '3000px';
        document.querySelector('[data-testid="stMainBlockContainer"]').prepend(late);
    }"""
    reader.open("/training?lang=en")
    view = reader.page.locator("main h2[id]").last.get_attribute("id")
    reader.page.goto("about:blank")
    reader.open(f"/training?lang=en#{view}")
    sought = reader.page.locator(f"#{view}.pn-sought")
    expect(sought).to_be_in_viewport()
    # scrolled to the very top, a browser does not make up for what grows there
    reader.page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop = 0")
    reader.page.evaluate(grow)
    expect(sought).to_be_in_viewport()
    reader.page.mouse.move(600, 400)
    reader.page.mouse.wheel(0, -100_000)
    expect(sought).not_to_be_in_viewport()
    reader.page.evaluate(grow)
    reader.page.wait_for_timeout(500)
    expect(sought).not_to_be_in_viewport()


@pytest.mark.parametrize("path", [path for path in PATHS if path != "accessibility"])  # which has words only
def test_every_table_of_a_page_can_be_taken_away(reader: Reader, path: str) -> None:
    reader.open(f"/{path}?lang=es&area=KNA")
    files = [link.get_attribute("href") or "" for link in reader.page.locator(".pn-foot a[download]").all()]
    links = [file for file in files if urlsplit(file).path.endswith(".csv")]
    assert links
    for link in links:
        assert parse_qs(urlsplit(link).query)["lang"] == ["es"]
        with urllib.request.urlopen(reader.server.url + link) as answer:
            assert answer.status == 200
            assert answer.headers["content-type"].startswith("text/csv")
            rows = list(csv.reader(io.StringIO(answer.read().decode("utf-8-sig"))))
        assert len(rows) > 2


def test_arrow_keys_walk_the_tiles(reader: Reader) -> None:
    reader.open("/?lang=en")
    reader.page.locator('.pn-tiles a[href*="area=BRA"]').focus()
    seen = ["BRA"]
    for key in ("ArrowUp", "ArrowDown", "ArrowDown", "ArrowLeft"):
        reader.page.keyboard.press(key)
        seen.append(reader.page.evaluate("document.activeElement.querySelector('b')?.innerText"))
    assert None not in seen
    assert all(before != after for before, after in pairwise(seen))


def test_thirty_five_tiles_each_a_link_large_enough_for_a_finger(new_reader: NewReader) -> None:
    for width in (390, 1366):
        reader = new_reader(width=width)
        reader.open("/?lang=en")
        tiles = reader.page.locator(".pn-tiles a[href]")
        expect(tiles).to_have_count(35)
        boxes = [tile.bounding_box() for tile in tiles.all()]
        assert min(min(box["width"], box["height"]) for box in boxes if box) >= 24
        assert len({re.sub(r".*area=(...).*", r"\1", tile.get_attribute("href") or "") for tile in tiles.all()}) == 35
