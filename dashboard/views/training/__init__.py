"""Training reach: events, officials, coverage."""

from dashboard.views.training import coverage, events, groups, statements, years  # noqa: F401  (registers views)
from dashboard.views.training.not_reached import first_year_asked
from dashboard.views.training.numbers import counted_sources, numbers_by_kind, with_civil_society

__all__ = ["counted_sources", "first_year_asked", "numbers_by_kind", "with_civil_society"]
