"""Which group is looked at, and its states."""

from dashboard import areas
from dashboard.i18n import _, listing, n_
from dashboard.queries import overview, subregion
from dashboard.selection import Selection


def group_of(selection: Selection) -> str:
    """The chosen group of the chosen scheme; without a choice, the scheme's first."""
    groups = areas.groups(selection.scheme)
    return selection.group if selection.group in groups else groups[0]


def members_of(selection: Selection) -> list[str]:
    """The states of the group at the end of the period, in the reader's alphabetical order."""
    own = set(subregion.members_on(selection.scheme, group_of(selection), areas.period_end(selection)))
    return [code for code in areas.states() if code in own]


def portrait(selection: Selection) -> str:
    """The group in a few whole sentences."""
    members = members_of(selection)
    taking_part = set(areas.participating(areas.period_end(selection)))
    out = [areas.name(code) for code in members if code not in taking_part]
    sentences = [n_("A group of {n} state.", "A group of {n} states.", len(members))]
    if members:
        sentences.append(
            n_(
                "{states} does not take part in the OAS at the end of the period.",
                "{states} do not take part in the OAS at the end of the period.",
                len(out),
                states=listing(out),
            )
            if out
            else _("All of them take part in the OAS at the end of the period.")
        )
    return " ".join(sentences)


def round_shown(selection: Selection) -> dict[str, str]:
    """The period's newest OAS round with every state's return known, else the newest there is; empty without any."""
    return overview.latest_full_round(**selection.period) or overview.latest_full_round()


def group_option(selection: Selection) -> dict[str, str]:
    """The group as a parameter of the address of a view."""
    return {"group": group_of(selection)}
