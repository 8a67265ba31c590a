"""axe-core on what is not there when a page opens: phones, open lists, menus, messages; and that it finds anything at all."""

import pytest

from tests.browser.checking import KNOWN, PATHS, check_page, findings
from tests.browser.conftest import NewReader, Reader


@pytest.mark.parametrize(
    ("path", "lang", "theme"),
    [(path, ("es", "fr", "pt", "en")[turn % 4], ("light", "dark")[turn % 2]) for turn, path in enumerate(PATHS)],
)
def test_nothing_is_found_on_a_phone(new_reader: NewReader, path: str, lang: str, theme: str) -> None:
    check_page(new_reader(theme=theme, width=390, height=844), path, lang)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_is_found_while_a_list_or_menu_is_open(new_reader: NewReader, theme: str) -> None:
    reader = new_reader(theme=theme)
    reader.open("/?lang=es&map=outlines")
    page = reader.page
    page.keyboard.press("Tab")
    assert findings(page) == []
    page.locator(".st-key-period_popover button").first.click()
    page.get_by_role("slider").first.wait_for()
    assert findings(page) == []
    page.keyboard.press("Escape")
    page.locator(".st-key-scheme_choice input").click()
    page.get_by_role("option").first.wait_for()
    assert findings(page) == []
    page.keyboard.press("Escape")
    page.locator(".pn-menu summary").first.click()
    assert findings(page) == []


def test_nothing_is_found_where_an_address_is_not_understood(reader: Reader) -> None:
    reader.open("/country?lang=fr&area=Atlantis&period=3000")
    reader.page.get_by_role("alert").first.wait_for()
    assert findings(reader.page) == []


def test_a_fault_on_the_page_is_found(reader: Reader) -> None:
    reader.open("/accessibility?lang=en")
    reader.page.evaluate(
        """() => {
            const fault = document.createElement('div');
            fault.innerHTML = '<img src="data:,"><p style="color: #aaa; background: #fff">pale</p><a href="#x"></a>';
            document.querySelector('.pn-prose').append(fault);
        }"""
    )
    assert {line.split(":")[0] for line in findings(reader.page)} >= {
        "critical image-alt",
        "serious color-contrast",
        "serious link-name",
    }


def test_what_is_known_says_why_and_where_it_is_reported() -> None:
    assert all(known.reason and known.reported for known in KNOWN)
