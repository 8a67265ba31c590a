"""The link from a state's page to the comparison with its peers."""

from html import escape

from dashboard import areas
from dashboard.i18n import _
from dashboard.selection import Selection, address
from dashboard.views.compare import order_of, peers_of


def compare_link(selection: Selection) -> str:
    """The link, as markup: the state beside those nearest to it in population within its group of the chosen scheme."""
    group = areas.group_of(selection.area, selection.scheme)
    peers = order_of(peers_of(selection.area, group=group))
    href = address("compare", selection, areas=tuple(peers))
    words = (
        _("Compare with its peers: {group}, nearest in population", group=areas.name(group))
        if group
        else _("Compare with its peers: nearest in population")
    )
    return f'<p class="pn-print"><a href="{escape(href)}">{escape(words)}</a></p>'
