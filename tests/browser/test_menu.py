"""The menu of a view: opened and closed with the keyboard, links copied, files taken away."""

from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import expect

from tests.browser.conftest import Reader

OPEN = ".pn-menu > details[open]"


def test_the_menu_of_a_view_is_used_without_a_mouse(reader: Reader) -> None:
    reader.open("/training?lang=en")
    page = reader.page
    summary = page.locator(".st-key-view-training-coverage .pn-menu summary")
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator(OPEN)).to_have_count(1)
    page.keyboard.press("Tab")
    first = page.evaluate("document.activeElement.closest('.pn-menu-panel') !== null")
    assert first
    page.keyboard.press("Escape")
    expect(page.locator(OPEN)).to_have_count(0)
    expect(summary).to_be_focused()

    page.keyboard.press("Enter")
    frozen = page.locator(f"{OPEN} a[data-copy]").last
    frozen.focus()
    page.keyboard.press("Enter")
    expect(frozen).to_have_text("Link copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert parse_qs(urlsplit(copied).query)["edition"] == [reader.server.edition]
    assert urlsplit(copied).fragment == "training-coverage"

    cited = page.locator(f"{OPEN} a[data-copy-text]").first
    cited.click()
    expect(cited).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()").startswith("Panorama. “States reached so far”")

    page.locator("h1").click()
    expect(page.locator(OPEN)).to_have_count(0)


def test_a_workbook_and_a_slide_come_from_the_menu(reader: Reader) -> None:
    reader.open("/training?lang=es&period=2005-2015")
    menu = reader.page.locator(".st-key-view-training-events_by_year .pn-menu")
    menu.locator("summary").click()
    for suffix in ("xlsx", "pptx", "csv"):
        with reader.page.expect_download() as waited:
            menu.locator(f'a[download$=".{suffix}"]').click()
        assert waited.value.suggested_filename == f"training.events_by_year.{suffix}"
        assert "period=2005-2015" in waited.value.url
        assert waited.value.path().stat().st_size > 500
