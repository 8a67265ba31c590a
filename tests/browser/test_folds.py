"""Tables that wait in closed folds: fetched when opened, searched for or printed; a link where they cannot be."""

from playwright.sync_api import expect

from tests.browser.conftest import Reader

LATER = "details[data-later]"


def test_a_table_comes_when_its_fold_is_opened_and_only_then(reader: Reader) -> None:
    asked: list[str] = []
    reader.page.on("request", lambda request: asked.append(request.url) if ".table?" in request.url else None)
    reader.open("/country?area=JAM&lang=es")
    fold = reader.page.locator(f".st-key-view-country-answers {LATER}")
    expect(fold.locator("table")).to_have_count(0, timeout=20_000)
    assert asked == []
    fold.locator("summary").focus()
    reader.page.keyboard.press("Enter")
    expect(fold.locator("table")).to_be_visible(timeout=20_000)
    expect(fold.locator(".pn-later")).to_have_count(0, timeout=20_000)
    rows = fold.locator("tbody tr").count()
    assert str(rows) in fold.locator("summary").inner_text()
    assert len(asked) == 1
    assert "lang=es" in asked[0]
    # what the table leads to is followed as from any other table
    fold.locator("tbody a").first.click()
    reader.see("location.pathname === '/sources' || location.pathname === '/records'")


def test_whoever_searches_the_page_finds_what_lies_in_its_folds(reader: Reader) -> None:
    reader.open("/country?area=JAM&lang=en")
    assert reader.page.locator(f"{LATER} .pn-later").count() > 1
    reader.page.keyboard.press("F3")
    expect(reader.page.locator(f"{LATER} .pn-later")).to_have_count(0, timeout=20_000)
    assert reader.page.locator(f"{LATER} table").count() == reader.page.locator(LATER).count()


def test_an_open_fold_is_printed_with_its_table(reader: Reader) -> None:
    reader.open("/country?area=JAM&lang=en")
    fold = reader.page.locator(f".st-key-view-country-answers {LATER}")
    # neither of the two waits for the other: printing begins at once
    reader.page.evaluate(
        """fold => { document.querySelector(fold).open = true; dispatchEvent(new Event("beforeprint")); }""",
        f".st-key-view-country-answers {LATER}",
    )
    assert fold.locator("tbody tr").count() > 12


def test_a_table_that_does_not_come_leaves_a_link_to_its_own_page(reader: Reader) -> None:
    reader.open("/country?area=JAM&lang=en")
    reader.page.route("**/*.table?*", lambda route: route.fulfill(status=503, body="Not now."))
    fold = reader.page.locator(f".st-key-view-country-answers {LATER}")
    fold.locator("summary").click()
    link = fold.get_by_role("link", name="Open the table on a page of its own")
    expect(link).to_be_visible(timeout=20_000)
    with reader.page.expect_popup() as opened:
        link.click()
    expect(opened.value.locator("h1")).to_have_text("Answers on record")
    assert opened.value.locator("tbody tr").count() > 12
    # the answer that we gave instead of the server's is no fault of the page
    reader.complaints[:] = [said for said in reader.complaints if "503" not in said]
    reader.page.unroute("**/*.table?*")
    fold.locator("summary").click()
    fold.locator("summary").click()
    expect(fold.locator("table")).to_be_visible(timeout=20_000)
