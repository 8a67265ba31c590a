"""What axe-core finds on a page as readers have it before them, less what is known and not ours."""

from dataclasses import dataclass
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from dashboard.pages import PAGES
from tests.browser.conftest import Reader

# WCAG 2.2, levels A and AA, and what the authors of axe-core advise beyond it.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CHOICES = {
    "country": "&area=KNA",
    "subregion": "&group=OAS-CAR",
    "compare": "&areas=KNA,LCA,VCT&indicator=gini_index",
    "explore": "&indicator=programmes_deployed&area=KNA",
    "records": "&of=events&area=KNA",
}
"""What is chosen on the pages that show little or nothing without a choice."""
PATHS = [entry.path for entry in PAGES]


@dataclass(frozen=True)
class Known:
    """A finding that is not ours to mend: the rule, a part of the element's markup, why, and where it is reported."""

    rule: str
    markup: str
    reason: str
    reported: str


KNOWN = (
    Known(
        rule="region",
        markup='role="listbox"',
        reason="Streamlit 1.67 draws the open list of a select box beside the page, outside of every landmark (moderate)",
        reported="not reported",
    ),
)


def page_address(path: str, lang: str) -> str:
    """The address of a page with something on it."""
    return f"/{path}?lang={lang}{CHOICES.get(path, '')}"


def unfold(page: Page) -> None:
    """Open everything that folds away, and wait for what is fetched only then."""
    page.evaluate("document.querySelectorAll('main details:not(.pn-menu details)').forEach(fold => fold.open = true)")
    page.wait_for_function("() => document.querySelectorAll('.pn-later').length === 0", timeout=20_000)


def findings(page: Page) -> list[str]:
    """What axe-core complains of on the page as it stands: impact, rule, element and advice."""
    page.evaluate(AXE_SCRIPT)
    found: list[dict[str, Any]] = page.evaluate(
        "rules => axe.run(document, { resultTypes: ['violations'], runOnly: rules }).then(found => found.violations)",
        RULES,
    )
    return [
        f"{one['impact']} {one['id']}: {node['html'][:200]} ({node.get('failureSummary', '')})"
        for one in found
        for node in one["nodes"]
        if not any(known.rule == one["id"] and known.markup in node["html"] for known in KNOWN)
    ]


def check_page(reader: Reader, path: str, lang: str) -> None:
    """Open a page, unfold it, and fail on whatever axe-core finds."""
    reader.open(page_address(path, lang))
    reader.see("lang => document.documentElement.lang === lang", lang)
    unfold(reader.page)
    found = findings(reader.page)
    assert not found, "\n".join(found)
