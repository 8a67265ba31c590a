"""The hemisphere at a glance."""

from dashboard.views.overview import figures, lists  # noqa: F401  (registers views)
from dashboard.views.overview.map import RECORD_INDICATORS, indicator_choices

__all__ = ["RECORD_INDICATORS", "indicator_choices"]
