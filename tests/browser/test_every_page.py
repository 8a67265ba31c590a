"""Every page in every language and both themes: drawn whole, without errors, within the width of the screen."""

import pytest

from dashboard.i18n import LANGUAGES
from dashboard.pages import PAGES
from tests.browser.conftest import WIDTHS, NewReader

PATHS = [entry.path for entry in PAGES]
MARKS = """() => [...document.querySelectorAll('[data-testid="stPlotlyChart"]')].map(chart => ({
    name: chart.getAttribute('aria-label'),
    marks: [...chart.querySelectorAll('.trace path, .trace text, .shapelayer path, .scatterlayer path')]
        .map(mark => mark.getBoundingClientRect())
        .filter(box => box.width + box.height > 1)
        .length,
}))"""


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_drawn_whole_in_every_language(new_reader: NewReader, path: str, theme: str) -> None:
    reader = new_reader(theme=theme)
    heads = set()
    for lang in LANGUAGES:
        reader.open(f"/{path}?lang={lang}&area=KNA&group=OAS-CAR")
        reader.see("lang => document.documentElement.lang === lang", lang)
        heads.add(reader.head)
        assert reader.page.locator("h1").count() == 1
        assert reader.page.locator('[data-testid="stException"], [data-testid="stAlert"]').count() == 0
        charts = reader.page.evaluate(MARKS)
        assert [chart["name"] for chart in charts if not chart["marks"]] == []
        assert all(chart["name"] for chart in charts)
        background = reader.page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")
        assert (background == "rgb(14, 26, 36)") == (theme == "dark")
        assert reader.complaints == []
    assert len(heads) == len(LANGUAGES)


@pytest.mark.parametrize("path", PATHS)
def test_a_page_fits_the_width_of_the_screen(new_reader: NewReader, path: str) -> None:
    reader = new_reader(width=WIDTHS["phone"], height=844)
    too_wide = {}
    for device, width in WIDTHS.items():
        reader.page.set_viewport_size({"width": width, "height": 844})
        reader.open(f"/{path}?lang=es&area=VCT&group=OAS-CAR")
        reader.page.wait_for_timeout(300)
        too_wide[device] = reader.page.evaluate(
            """() => {
                const main = document.querySelector('[data-testid="stMain"]');
                return Math.max(document.documentElement.scrollWidth - innerWidth, main.scrollWidth - main.clientWidth);
            }"""
        )
    assert {device: excess for device, excess in too_wide.items() if excess > 0} == {}
