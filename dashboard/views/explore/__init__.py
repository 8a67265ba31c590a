"""One indicator explored: on the map, over time, within the hemisphere, and value by value."""

from dashboard.views.explore import every_value, on_map, trend, within  # noqa: F401  (registers views)
from dashboard.views.explore.page import (
    about_html,
    area_choices,
    breakdown_choices,
    glossary_html,
    layout,
    place_chosen,
)

__all__ = ["about_html", "area_choices", "breakdown_choices", "glossary_html", "layout", "place_chosen"]
