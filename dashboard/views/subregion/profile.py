"""The key figures of a group."""

from dataclasses import replace

import polars as pl

from dashboard import areas
from dashboard.charts.figures import KeyFigure, key_figures_html
from dashboard.i18n import _, n_
from dashboard.queries import overview, subregion
from dashboard.record_filters import ANY_TIME
from dashboard.selection import Selection
from dashboard.views.behind import Behind, behind, behind_address
from dashboard.views.periods import period_text
from dashboard.views.registry import view
from dashboard.views.sourcing import cite
from dashboard.views.subregion.choice import group_of, group_option, members_of, round_shown
from dashboard.views.view import Column, View


def _counts(selection: Selection) -> dict[str, int]:
    """Members taking part, reached, events, programmes and returns of the group, each counted once."""
    rows = overview.groups_side_by_side(
        selection.scheme,
        **selection.period,
        is_all_time=selection.is_all_time,
        on=areas.period_end(selection),
        round_id=round_shown(selection).get("round_id", ""),
    ).filter(pl.col("group_code") == group_of(selection))
    names = ("participating", "reached", "held", "others", "programmes", "asked", "returned")
    return rows.row(0, named=True) if rows.height else dict.fromkeys(names, 0)


@view("subregion.profile")
def profile(selection: Selection) -> View:
    """Members taking part, states reached, events, programmes and questionnaires returned, each counted once."""
    own = _counts(selection)
    members = members_of(selection)
    events = n_("training event held", "training events held", own["held"])
    if own["others"]:
        more = n_("{n} more announced or planned", "{n} more announced or planned", own["others"])
        events = _("{events}; {more}", events=events, more=more)
    rows = [
        KeyFigure(
            "subregion.members",
            "subregion",
            own["participating"],
            len(members),
            _("states of the group taking part in the OAS"),
        ),
        KeyFigure(
            "subregion.members",
            "subregion",
            own["reached"],
            own["participating"],
            _("of these reached by training held or carried out"),
        ),
        KeyFigure("subregion.events_by_year", "subregion", own["held"], None, events),
        KeyFigure(
            "subregion.programmes",
            "subregion",
            own["programmes"],
            None,
            n_("programme carried out or under way", "programmes carried out or under way", own["programmes"]),
        ),
    ]
    full_round = round_shown(selection)
    if own["asked"]:
        asked = _("states asked returned the {year} questionnaire", year=full_round["year"])
        rows.append(KeyFigure("subregion.members", "subregion", own["returned"], own["asked"], asked))
    found = _behind_profile(group_of(selection), full_round.get("round_id", ""))
    rows = [replace(row, behind=behind_address(one, selection)) for row, (one, _of) in zip(rows, found, strict=False)]
    table = pl.DataFrame(
        [(row.value, row.of, row.what) for row in rows],
        schema={"value": pl.Int64, "of": pl.Int64, "what": pl.String},
        orient="row",
    ).with_row_index("figure")
    period, is_all_time = selection.period, selection.is_all_time
    reached = overview.reached_states(**period, is_all_time=is_all_time).filter(pl.col("area_code").is_in(members))
    return View(
        id="subregion.profile",
        title=_("Key figures"),
        takeaway=_(
            "{reached} of {total} states of the group that take part in the OAS were reached by training held or carried out.",
            reached=own["reached"],
            total=own["participating"],
        ),
        figure=key_figures_html(rows, selection.but(group=group_of(selection))),
        is_lead=True,
        table=table,
        columns=(
            Column("what", _("Figure"), is_wide=True),
            Column("value", _("Value"), "number", behind=lambda row: found[row["figure"]][0]),
            Column("of", _("Of"), "number", behind=lambda row: found[row["figure"]][1]),
        ),
        notes=(
            _(
                "An event or programme with several of these states counts once here, so the states’ own numbers do not add up to it."
            ),
            _(
                "The states are those of the group at the end of the period; the denominator of the states reached leaves out who did not take part in the OAS then."
            ),
        ),
        sources=cite(
            reached,
            subregion.event_sources(members, **period, is_all_time=is_all_time),
            subregion.reply_sources(members, full_round.get("round_id", "")),
        ),
        period=period_text(selection),
        options=group_option(selection),
        empty="" if members else _("The group has no member at the end of the period."),
    )


def _behind_profile(group: str, round_id: str) -> list[tuple[Behind, Behind | None]]:
    """The records behind each key figure of a group, and behind what it is measured against."""
    taking_part = behind("participation", area=group, taking_part=True)
    replied = behind("responses", area=group, round=round_id, status="returned", year=ANY_TIME)
    return [
        (taking_part, behind("participation", area=group)),
        (behind("reach", area=group, taking_part=True), taking_part),
        (behind("events", area=group, status="held"), None),
        (behind("deployments", area=group, status="deployed", counting="programmes"), None),
        (replied, replied.but(status="asked")),
    ]
