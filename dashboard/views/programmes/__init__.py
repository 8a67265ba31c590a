"""Programmes: where each was carried out, when, by pillar, and who is named as paying for it."""

from dashboard.views.programmes import by_state, countries, groups, lists, over_time  # noqa: F401  (registers views)
from dashboard.views.programmes.by_state import SIGNS
from dashboard.views.programmes.wording import caveats, marked, when

__all__ = ["SIGNS", "caveats", "marked", "when"]
