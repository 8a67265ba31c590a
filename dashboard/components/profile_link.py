"""The link to a state's profile, the two pages to print."""

from html import escape
from urllib.parse import urlencode

from dashboard.i18n import _
from dashboard.selection import Selection


def profile_link(selection: Selection) -> str:
    """The link, as markup; a frozen edition stays frozen."""
    asked = {"lang": selection.lang} | ({"edition": selection.edition} if selection.edition else {})
    href = f"/profile/{selection.area}.pdf?{urlencode(asked)}"
    words = _("Country profile to print (PDF, two pages)")
    return f'<p class="pn-print"><a href="{escape(href)}" target="_blank">{escape(words)}</a></p>'
