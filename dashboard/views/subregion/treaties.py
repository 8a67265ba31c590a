"""The treaties to which the states of a group are party."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboard import areas
from dashboard.charts.shares import Share, shares
from dashboard.i18n import _, n_
from dashboard.labels import label
from dashboard.queries import subregion
from dashboard.record_filters import ANY_TIME, SEPARATOR
from dashboard.selection import Selection
from dashboard.texts import localise
from dashboard.views.behind import Behind, behind, behind_address
from dashboard.views.registry import view
from dashboard.views.sourcing import cite
from dashboard.views.subregion.activities import states_named
from dashboard.views.subregion.choice import group_option, members_of
from dashboard.views.view import Column, View


@view("subregion.treaties")
def treaties(selection: Selection) -> View:
    """States of the group party to each instrument, of those whose standing is known."""
    codes = members_of(selection)
    rows = localise(subregion.treaties(codes), "name")
    names = areas.names()
    rows = rows.with_columns(
        pl.Series(
            "not_party", [states_named(own or [], names) for own in rows["not_party_states"].to_list()], dtype=pl.String
        ),
        known=pl.col("parties") + pl.col("others"),
    )

    def standing(row: Mapping[str, Any], status: str) -> Behind:
        # by the states themselves: those that belonged to the group at the end of the period
        states = SEPARATOR.join(codes)
        return behind("treaty_actions", area=states, treaty=row["treaty_id"], status=status, year=ANY_TIME)

    everyone = rows.filter(pl.col("parties") == pl.col("states")).height
    bars = [
        Share(
            name=row["name"],
            text=_("{n} of {total}", n=row["parties"], total=row["known"]),
            yes=row["parties"],
            no=row["others"],
            unknown=row["unknown"],
            link=behind_address(standing(row, "party"), selection) if row["parties"] else "",
            said=_(
                "{treaty}: {n} of the {known} states whose standing is known are party; of {unknown} it is not known here.",
                treaty=row["name"],
                n=row["parties"],
                known=row["known"],
                unknown=row["unknown"],
            ),
        )
        for row in rows.iter_rows(named=True)
    ]
    return View(
        id="subregion.treaties",
        title=_("Treaties"),
        takeaway=n_(
            "All states of the group are on record as party to {n} of {total} instruments.",
            "All states of the group are on record as party to {n} of {total} instruments.",
            everyone,
            total=rows.height,
        ),
        figure=shares(
            bars,
            yes_name=label("treaty_status", "party"),
            no_name=_("not party, or no action seen, as of the source"),
            unknown_name=label("treaty_status", "unknown"),
        ),
        table=rows,
        columns=(
            Column("name", _("Instrument"), is_wide=True),
            Column("parties", _("Party"), "number", behind=lambda row: standing(row, "party")),
            Column("known", _("Standing known"), "number", behind=lambda row: standing(row, "known")),
            Column("unknown", _("Not known here"), "number"),
            Column("not_party", _("Not party, or no action seen, as of the source")),
        ),
        notes=(
            _(
                "The number beside each bar is of the states whose standing is known; parties are easier to find than non-parties."
            ),
            _("Standings are as of the date of each source, whatever the period; the page of a state gives the dates."),
        ),
        sources=cite(subregion.treaty_sources(codes)),
        period=_("As of the date of each source"),
        options=group_option(selection),
        empty="" if codes else _("The group has no member at the end of the period."),
    )
