"""One state: what the records hold on it, where it stands among the others, and what is missing."""

from dashboard.views.country import choice, indicators, national, replies, time_line  # noqa: F401  (registers views)
from dashboard.views.country.activities import UNDEPLOYED
from dashboard.views.country.page import SECTIONS, kicker, layout, portrait
from dashboard.views.country.remarks import SUBJECTS
from dashboard.views.country.state_view import TITLES

__all__ = ["SECTIONS", "SUBJECTS", "TITLES", "UNDEPLOYED", "kicker", "layout", "portrait"]
