"""From a number to its records, and from a record to its document: followed as a reader follows it."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import NewReader, Reader

FAMILIES = {
    "training events": ("/?lang=en", ".st-key-view-overview-key_figures .pn-figures dd a[href*='of=events']"),
    "officials, added up": ("/?lang=en", ".st-key-view-overview-key_figures .pn-figures dd a[href*='of=officials']"),
    "states reached": ("/?lang=en", ".st-key-view-overview-key_figures .pn-figures dd a[href*='of=reach']"),
    "questionnaires returned": (
        "/?lang=en", ".st-key-view-overview-key_figures .pn-figures dd a[href*='of=responses']",
    ),
    "programmes": ("/programmes?lang=en", ".st-key-view-programmes-list a.pn-behind[href*='of=deployments']"),
    "treaties": ("/subregion?group=OAS-CAR&lang=en", ".st-key-view-subregion-treaties .pn-share a.pn-behind"),
    "a context value": ("/subregion?group=OAS-CAR&lang=en", ".st-key-view-subregion-context .pn-table a.pn-behind"),
    "answers": ("/questionnaires?lang=en", ".st-key-view-questionnaires-topics a[href*='of=answers']"),
    "commitments": ("/programmes?lang=en", ".st-key-view-commitments-by_pillar a.pn-behind"),
}  # fmt: skip
CHARTS = {
    "events of a year": ("/training?lang=en", "training-events_by_year"),
    "people of a year": ("/training?lang=en", "training-officials_by_year"),
    "states reached by a year": ("/training?lang=en", "training-coverage"),
    "events of a group in a year": ("/subregion?group=OAS-CAR&lang=en", "subregion-events_by_year"),
    "a programme over time": ("/programmes?lang=en", "programmes-timeline"),
}
# The middle of the first mark of a chart that leads somewhere, on the screen, and its address.
FIRST_MARK = """(chart) => {
  const { data, _fullLayout: layout } = chart;
  const box = chart.getBoundingClientRect();
  const { xaxis, yaxis } = layout;
  for (const trace of data) {
    const at = (trace.meta?.links ?? []).findIndex((link, n) => link && trace.y[n] !== null);
    if (at < 0) continue;
    const isBar = trace.type === "bar", isAcross = trace.orientation === "h";
    const base = trace.base?.[at] ?? 0;
    const x = isBar && isAcross ? base + trace.x[at] / 2 : trace.x[at];
    const y = isBar && !isAcross ? base + trace.y[at] / 2 : trace.y[at];
    return {
      x: box.x + xaxis._offset + xaxis.d2p(x),
      y: box.y + yaxis._offset + yaxis.d2p(y),
      link: trace.meta.links[at],
    };
  }
  return null;
}"""


def the_number(link: Locator) -> float:
    """The number written in a link, without what it is measured against."""
    text = link.evaluate("node => node.firstChild.textContent")
    found = re.search(r"[\d,.]*\d", text)
    assert found, text
    return float(found[0].replace(",", ""))


def records_said(reader: Reader) -> str:
    """What the page of records says: the sentence under the name of the set."""
    return reader.page.locator(".st-key-view-records-rows .pn-takeaway").inner_text()


def follow_to_the_document(reader: Reader) -> None:
    """From the first record to the entry of its document, and from there to where the document is."""
    document = reader.page.locator(".st-key-view-records-rows tbody a[href^='/sources']").first
    entry = urlsplit(document.get_attribute("href") or "").fragment
    document.click()
    reader.see("() => location.pathname === '/sources'")
    reader.wait()
    found = reader.page.locator(f'[id="{entry}"]')
    expect(found).to_be_visible()
    expect(found).to_be_in_viewport()
    outside = found.locator("a[target=_blank]")
    assert outside.count() == 0 or (outside.first.get_attribute("href") or "").startswith("http")


@pytest.mark.parametrize("family", FAMILIES)
def test_a_number_leads_to_its_records_and_they_to_their_documents(reader: Reader, family: str) -> None:
    address, where = FAMILIES[family]
    reader.open(address)
    if ".pn-table" in where:
        reader.page.locator(where.partition(" ")[0]).locator(".pn-foot summary", has_text="Table").click()
    link = reader.page.locator(where).first
    hidden = link.locator("xpath=ancestor::details[not(@open)]")
    for fold in hidden.all():
        fold.locator("summary").first.click()
    number = the_number(link)
    link.click()
    reader.see("() => location.pathname === '/records'")
    reader.wait()
    said = records_said(reader)
    numbers = {float(text.replace(",", "")) for text in re.findall(r"\d[\d,]*(?:\.\d+)?", said)}
    assert number in numbers, f"{number}, but: {said}"
    expect(reader.page.locator("h1")).to_have_text("Records behind a figure")
    rows = reader.page.locator(".st-key-view-records-rows tbody tr")
    assert rows.count() >= 1
    follow_to_the_document(reader)


def first_mark(reader: Reader, view: str) -> dict[str, Any]:
    chart = reader.page.locator(f".st-key-chart-{view} .js-plotly-plot")
    chart.scroll_into_view_if_needed()
    reader.see("view => document.querySelector(`.st-key-chart-${view} .js-plotly-plot`)?._fullLayout?.xaxis", view)
    mark = chart.evaluate(FIRST_MARK)
    assert mark is not None
    reader.page.evaluate("y => document.querySelector('[data-testid=stMain]').scrollBy(0, y - 300)", mark["y"])
    reader.page.wait_for_timeout(300)
    return chart.evaluate(FIRST_MARK)


@pytest.mark.parametrize("chart", CHARTS)
def test_a_bar_of_a_chart_leads_to_its_records(reader: Reader, chart: str) -> None:
    address, view = CHARTS[chart]
    reader.open(address)
    mark = first_mark(reader, view)
    reader.page.mouse.move(mark["x"] - 1, mark["y"])
    reader.page.mouse.move(mark["x"], mark["y"])
    expect(reader.page.locator(f".st-key-chart-{view} .js-plotly-plot.pn-leads")).to_have_count(1)
    drag = reader.page.locator(f".st-key-chart-{view} .nsewdrag").first
    assert drag.evaluate("node => getComputedStyle(node).cursor") == "pointer"
    reader.page.mouse.click(mark["x"], mark["y"])
    reader.see("() => location.pathname === '/records'")
    reader.wait()
    asked = {name: value for name, [value] in parse_qs(urlsplit(mark["link"]).query).items()}
    assert asked.items() <= reader.said().items()
    assert "behind" in records_said(reader)


def test_the_table_beside_a_chart_gives_the_same_by_keyboard(reader: Reader) -> None:
    reader.open("/training?lang=en")
    view = reader.page.locator(".st-key-view-training-events_by_year")
    fold = view.locator(".pn-foot summary", has_text="Table")
    fold.focus()
    reader.page.keyboard.press("Enter")
    link = view.locator("tbody a.pn-behind").first
    link.focus()
    number = link.inner_text()
    reader.page.keyboard.press("Enter")
    reader.see("() => location.pathname === '/records'")
    reader.wait()
    assert records_said(reader).startswith(f"{number} record")


def test_a_tile_still_leads_to_its_state_and_the_number_in_the_table_to_its_records(reader: Reader) -> None:
    reader.open("/?lang=en")
    assert "/country?" in (reader.page.locator('.pn-tiles a[href*="area=BRA"]').get_attribute("href") or "")
    view = reader.page.locator(".st-key-view-overview-map")
    view.locator(".pn-foot summary", has_text="Table").click()
    link = view.locator("tbody a.pn-behind[href*='area=BRA']").first
    assert "/records?" in (link.get_attribute("href") or "")


def test_a_finger_first_reads_and_then_follows(new_reader: NewReader) -> None:
    reader = new_reader(width=390, height=844)
    reader.open("/training?lang=en")
    mark = first_mark(reader, "training-events_by_year")
    reader.page.evaluate(
        """() => document.dispatchEvent(new PointerEvent("pointerdown", { pointerType: "touch", bubbles: true }))"""
    )
    tap = f"""() => document.querySelector(".st-key-chart-training-events_by_year .js-plotly-plot")
        .emit("plotly_click", {{ points: [{{ pointNumber: 0, data: {{ meta: {{ links: ["{mark["link"]}"] }} }} }}] }})"""
    reader.page.evaluate(tap)
    reader.page.wait_for_timeout(300)
    assert reader.path() == "/training"
    reader.page.evaluate(tap)
    reader.see("() => location.pathname === '/records'")


def test_an_unknown_filter_is_told_and_mended_by_a_link(reader: Reader) -> None:
    reader.open("/records?of=events&area=Brasill&lang=en")
    message = reader.page.locator(".pn-banner[role=alert]")
    expect(message).to_contain_text("Brasill")
    message.locator("a").click()
    reader.see("() => location.search.includes('area=BRA')")
    reader.wait()
    expect(reader.page.locator(".pn-banner[role=alert]")).to_have_count(0)
    assert "Brazil" in records_said(reader)


def test_hostile_values_stay_texts(reader: Reader) -> None:
    reader.open("/records?of=events&programme=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E&lang=en")
    assert reader.page.locator("[data-testid=stMain] img[src=x]").count() == 0
    expect(reader.page.locator(".pn-banner[role=alert]")).to_contain_text("<img src=x")


@pytest.mark.parametrize("width", [390, 1366, 1920])
def test_the_list_fits_its_screen(new_reader: NewReader, width: int) -> None:
    reader = new_reader(width=width)
    reader.open("/records?of=reach&area=OAS-CAR&lang=es")
    wide = reader.page.evaluate("document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth")
    assert wide <= 0
    assert reader.page.locator(".st-key-view-records-rows tbody tr").count() > 5


def test_the_period_narrows_the_records(reader: Reader) -> None:
    reader.open("/records?of=events&lang=en")
    everything = records_said(reader)
    reader.open("/records?of=events&lang=en&period=2010-2012")
    assert records_said(reader) != everything
    assert "2010–2012" in records_said(reader)
