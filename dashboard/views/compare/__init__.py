"""A few states or groups side by side: their records, values of an indicator, and whom to compare with."""

from dashboard.views.compare import answers, matrices, over_time, records, values  # noqa: F401  (registers views)
from dashboard.views.compare.chosen import area_choices, lede, order_of, titles
from dashboard.views.compare.measured import breakdown_choices, indicator_choices
from dashboard.views.compare.peers import peers_of

__all__ = [
    "area_choices",
    "breakdown_choices",
    "indicator_choices",
    "lede",
    "order_of",
    "peers_of",
    "titles",
]
