"""A state on two pages of A4 as PDF: the views of its page, set by typst, tagged for those who hear it (PDF/UA-1).

The words and numbers are those of the views of the country page. They reach typst as data, never as markup; how many
rows of each list fit is measured there. The same edition gives the same file, byte for byte.
"""

from dashboard.exports.profile.files import (
    CannotBeShown,
    UnknownState,
    file_name,
    find_state,
    find_states,
    profile_pdf,
    read_edition,
    write_profile,
)
from dashboard.exports.profile.pages import content
from dashboard.exports.profile.route import ROUTES, country_profile
from dashboard.exports.profile.typesetting import typeset

__all__ = [
    "ROUTES",
    "CannotBeShown",
    "UnknownState",
    "content",
    "country_profile",
    "file_name",
    "find_state",
    "find_states",
    "profile_pdf",
    "read_edition",
    "typeset",
    "write_profile",
]
