"""The chosen period in words, under views and in exports."""

from dashboard.i18n import _
from dashboard.selection import Selection


def period_text(selection: Selection) -> str:
    """The years that a view covers."""
    if selection.is_all_time:
        return _("All years")
    if selection.first_year and selection.last_year:
        return f"{selection.first_year}–{selection.last_year}"
    if selection.first_year:
        return _("since {year}", year=str(selection.first_year))
    return _("until {year}", year=str(selection.last_year))
