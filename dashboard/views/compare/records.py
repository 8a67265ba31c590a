"""The OAS records of the areas compared, measure by measure on one scale."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from dashboard import areas, comparability
from dashboard.charts.measures import Amount, Block, Row, measures
from dashboard.i18n import _, clauses, listing, n_, number
from dashboard.labels import label
from dashboard.queries import compare, overview, subregion
from dashboard.selection import Selection
from dashboard.settings import hides_names_not_received
from dashboard.views.behind import Behind, behind, behind_address
from dashboard.views.compare.chosen import Compared, chosen, compare_view, page_of, titles
from dashboard.views.country.key_figures import counts
from dashboard.views.country.withheld import names_note
from dashboard.views.periods import period_text
from dashboard.views.sourcing import cite_count
from dashboard.views.view import Column, Markup, View


@dataclass(frozen=True)
class Counted:
    """What the records of one area count in the chosen years; none where a count does not apply to it.

    ``returned`` of ``known`` questionnaires for a state; for a group the states that returned a questionnaire of those
    asked, ``round_year`` being its year. ``parties`` of ``standings`` likewise.
    """

    one: Compared
    held: int | None
    beforehand: int | None
    deployed: int
    prospective: int
    returned: int | None
    known: int | None
    parties: int | None
    standings: int | None
    last_trained: int | None
    is_outside: bool


@compare_view("compare.records")
def records(selection: Selection) -> View:
    """Events held, programmes, questionnaires returned and treaties of each area, counted once in each."""
    compared = chosen(selection)
    full_round = _round(selection)
    found = _counted(compared, selection, full_round)
    return View(
        id="compare.records",
        title=titles()["compare.records"],
        takeaway=_takeaway(found),
        figure=_figure(found, full_round, selection),
        table=_table(found),
        columns=_columns(),
        notes=tuple(_notes(found, full_round)),
        sources=cite_count(*_sources(compared, selection, full_round)),
        period=period_text(selection),
    )


def _round(selection: Selection) -> dict[str, str]:
    """The period's newest OAS round with every reply known, else the newest there is; empty without any."""
    return overview.latest_full_round(**selection.period) or overview.latest_full_round()


def _counted(compared: Sequence[Compared], selection: Selection, full_round: Mapping[str, str]) -> list[Counted]:
    codes = sorted(one.code for one in compared)
    years = {**selection.period, "is_all_time": selection.is_all_time}
    on = areas.period_end(selection)
    by_area = {row["area_code"]: row for row in compare.records(codes, **years).iter_rows(named=True)}
    placed = compare.programmes(codes, on, **years)
    groups = [one.code for one in compared if not one.is_state]
    rates = {
        row["area_code"]: row
        for row in compare.return_rates(sorted(groups), full_round.get("round_id", "")).iter_rows(named=True)
    }
    took_part = set(areas.took_part(selection))
    members = compare.members(codes, on)
    return [
        _of_area(one, by_area[one.code], placed, rates.get(one.code, {}), selection, not took_part & set(
            members.filter(pl.col("area_code") == one.code)["state"]
        ))
        for one in compared
    ]  # fmt: skip


def _of_area(
    one: Compared,
    row: Mapping[str, Any],
    placed: pl.DataFrame,
    rate: Mapping[str, Any],
    selection: Selection,
    is_outside: bool,
) -> Counted:
    own = placed.filter(pl.col("area_code") == one.code)
    held = None if row["held"] is None else int(row["held"])
    beforehand = int((row["announced"] or 0) + (row["planned"] or 0))
    if is_outside and not held and not beforehand:
        held = None
    replies = counts(selection.but(area=one.code)) if one.is_state else None
    returned, known = (
        (rate.get("returned"), rate.get("asked")) if replies is None else (replies.returned, replies.known)
    )
    parties, standings = (row["parties"], row["known"]) if one.is_state else (row["palermo"], row["palermo_known"])
    return Counted(
        one=one,
        held=held,
        beforehand=None if held is None else beforehand,
        deployed=own.filter("is_deployed").height,
        prospective=own.filter(~pl.col("is_deployed")).height,
        returned=int(returned) if known and returned is not None else None,
        known=int(known) if known else None,
        parties=int(parties) if standings else None,
        standings=int(standings) if standings else None,
        last_trained=row["last_trained"],
        is_outside=is_outside,
    )


def _takeaway(found: Sequence[Counted]) -> str:
    said = listing(
        _("{area} {value}", area=own.one.name, value=label("obs_status", "M") if own.held is None else number(own.held))
        for own in found
    )
    return _("Training events held: {values}.", values=said)


def _figure(found: Sequence[Counted], full_round: Mapping[str, str], selection: Selection) -> Markup:
    legend = (
        ("focus", _("held, carried out or under way, returned, party")),
        ("announced", _("announced, planned or of interest only")),
    )
    return measures(
        [
            _events(found, selection),
            _programmes(found, selection),
            _replies(found, full_round, selection),
            _treaties(found, selection),
            _last_training(found, selection),
        ],
        legend=legend,
        corner=_("State or group"),
    )


def _address(one: Behind | None, selection: Selection) -> str:
    return behind_address(one, selection) if one else ""


def _amount(fill: str, value: int, said: str, one: Behind, selection: Selection, words: str = "") -> Amount:
    return Amount(fill, value, words or number(value), said, _address(one if value else None, selection))


def _mixed(found: Sequence[Counted], text: str) -> list[str]:
    """What is said where groups stand beside single states."""
    kinds = {own.one.is_state for own in found}
    return [text] if len(kinds) > 1 else []


def _together(found: Sequence[Counted]) -> list[str]:
    groups = [own.one.name for own in found if not own.one.is_state]
    return _mixed(
        found,
        n_(
            "{groups} is a group: it counts the records of all its states, each once, and does not compare with a single state.",
            "{groups} are groups: they count the records of all their states, each once, and do not compare with a single state.",
            len(groups),
            groups=listing(groups),
        ),
    )


def _is_apart(own: Counted, found: Sequence[Counted]) -> bool:
    """Whether a group stands among states: its count is written, and not drawn on their scale."""
    return not own.one.is_state and any(other.one.is_state for other in found)


def _bars(own: Counted, found: Sequence[Counted], amounts: Sequence[Amount], selection: Selection) -> Row:
    """A row of bars, or of mere words where the area does not belong on the scale."""
    link = page_of(own.one, selection)
    if _is_apart(own, found):
        words = clauses(f"{amount.words} {amount.said}" for amount in amounts if amount.value or amount is amounts[0])
        return Row(own.one.name, link, words=words, behind=amounts[0].behind)
    drawn = tuple(amount for amount in amounts if amount.value or amount is amounts[0])
    return Row(own.one.name, link, amounts=drawn)


def _events(found: Sequence[Counted], selection: Selection) -> Block:
    rows = []
    for own in found:
        link = page_of(own.one, selection)
        if own.held is None:
            rows.append(Row(own.one.name, link, words=label("obs_status", "M"), empty="outside"))
            continue
        code = own.one.code
        rows.append(
            _bars(
                own,
                found,
                (
                    _amount("focus", own.held, n_("held", "held", own.held), behind("events", area=code, status="held"), selection),
                    _amount(
                        "announced",
                        own.beforehand or 0,
                        n_("announced or planned", "announced or planned", own.beforehand or 0),
                        behind("events", area=code, status="beforehand"),
                        selection,
                    ),
                ),
                selection,
            )
        )  # fmt: skip
    return Block(_("Training events"), rows, _together(found))


def _programmes(found: Sequence[Counted], selection: Selection) -> Block:
    rows = []
    for own in found:
        if own.is_outside and not own.deployed and not own.prospective:
            rows.append(Row(own.one.name, page_of(own.one, selection), words=label("obs_status", "M"), empty="outside"))
            continue
        code = own.one.code
        rows.append(
            _bars(
                own,
                found,
                (
                    _amount(
                        "focus",
                        own.deployed,
                        n_("carried out or under way", "carried out or under way", own.deployed),
                        behind("deployments", area=code, status="deployed", counting="programmes"),
                        selection,
                    ),
                    _amount(
                        "announced",
                        own.prospective,
                        n_(
                            "announced, planned or of interest only",
                            "announced, planned or of interest only",
                            own.prospective,
                        ),
                        behind("deployments", area=code, standing="nowhere", counting="programmes"),
                        selection,
                    ),
                ),
                selection,
            )
        )
    return Block(_("Programmes"), rows, _together(found))


def _replies(found: Sequence[Counted], full_round: Mapping[str, str], selection: Selection) -> Block:
    rows = []
    for own in found:
        link = page_of(own.one, selection)
        code = own.one.code
        if own.returned is None or own.known is None:
            words = _("no reply is known") if own.one.is_state else _("no list of replies is complete")
            rows.append(Row(own.one.name, link, words=words, empty="missing"))
        elif own.one.is_state:
            words = _("{n} of {total} known", n=own.returned, total=own.known)
            one = behind("responses", area=code, form="oas", respondent="states", status="returned", counting="rounds")
            rows.append(
                Row(own.one.name, link, (_amount("focus", own.returned, _("returned"), one, selection, words),))
            )
        else:
            words = n_(
                "{n} of {total} states asked returned that of {year}",
                "{n} of {total} states asked returned that of {year}",
                own.returned,
                total=own.known,
                year=full_round.get("year", ""),
            )
            one = behind(
                "responses",
                area=code,
                round=full_round.get("round_id", ""),
                status="returned",
                year="all",
                counting="states",
            )
            rows.append(Row(own.one.name, link, words=words, behind=_address(one if own.returned else None, selection)))
    known = {own.one.name: own.known for own in found if own.one.is_state and own.known}
    reason = comparability.returns_reason(known)
    remarks = [reason.text] if reason else []
    remarks += _mixed(found, _("A group counts states that returned one questionnaire; a state counts questionnaires."))
    return Block(_("OAS questionnaires returned"), rows, remarks)


def _treaties(found: Sequence[Counted], selection: Selection) -> Block:
    rows = []
    for own in found:
        link = page_of(own.one, selection)
        code = own.one.code
        if own.parties is None or own.standings is None:
            rows.append(Row(own.one.name, link, words=label("treaty_status", "unknown"), empty="missing"))
        elif own.one.is_state:
            words = _("{n} of {total} known", n=own.parties, total=own.standings)
            one = behind("treaty_actions", area=code, status="party", year="all", counting="treaties")
            rows.append(Row(own.one.name, link, (_amount("focus", own.parties, _("party"), one, selection, words),)))
        else:
            words = _("{n} of {total} states are party to the Palermo Protocol", n=own.parties, total=own.standings)
            one = behind(
                "treaty_actions", area=code, status="party", treaty="PALERMO_TIP", year="all", counting="states"
            )
            rows.append(Row(own.one.name, link, words=words, behind=_address(one, selection)))
    known = {own.standings for own in found if own.one.is_state and own.standings}
    remarks = (
        [_("The number of treaties with a known standing differs: what is not known is not “not party”.")]
        if len(known) > 1
        else []
    )
    remarks += _mixed(found, _("A group counts states that are party to one treaty; a state counts treaties."))
    return Block(_("Treaties to which the state is party"), rows, remarks)


def _last_training(found: Sequence[Counted], selection: Selection) -> Block:
    rows = []
    for own in found:
        link = page_of(own.one, selection)
        if own.last_trained:
            one = behind("reach", area=own.one.code, year=own.last_trained)
            rows.append(Row(own.one.name, link, words=str(own.last_trained), behind=_address(one, selection)))
        elif own.is_outside:
            rows.append(Row(own.one.name, link, words=label("obs_status", "M"), empty="outside"))
        else:
            rows.append(Row(own.one.name, link, words=_("no dated training on record"), empty="missing"))
    return Block(_("Newest training with a known year"), rows)


def _table(found: Sequence[Counted]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            (
                own.one.code,
                own.one.is_state,
                own.held,
                own.beforehand,
                None if own.held is None else "A",
                own.deployed,
                own.prospective,
                own.returned,
                own.known,
                own.parties,
                own.standings,
                own.last_trained,
            )
            for own in found
        ],
        schema={
            "area_code": pl.String,
            "is_state": pl.Boolean,
            "held": pl.Int64,
            "beforehand": pl.Int64,
            "standing": pl.String,
            "deployed": pl.Int64,
            "prospective": pl.Int64,
            "returned": pl.Int64,
            "known": pl.Int64,
            "parties": pl.Int64,
            "standings": pl.Int64,
            "last_trained": pl.Int32,
        },
        orient="row",
    ).with_columns(
        outside=pl.when(pl.col("standing").is_null()).then(pl.lit("M")),
        no_reply=pl.when(pl.col("returned").is_null()).then(pl.lit("O")),
        no_standing=pl.when(pl.col("parties").is_null()).then(pl.lit("O")),
        of_what=pl.when("is_state").then(pl.lit(_("the state"))).otherwise(pl.lit(_("the group as a whole"))),
    )


def _columns() -> tuple[Column, ...]:
    def events(status: str) -> Any:
        return lambda row: behind("events", area=row["area_code"], status=status)

    return (
        Column("area_code", _("State or group"), "area"),
        Column("of_what", _("Value of")),
        Column("held", _("Training events held"), "number", status_key="outside", behind=events("held")),
        Column("beforehand", _("Announced or planned"), "number", status_key="outside", behind=events("beforehand")),
        Column(
            "deployed",
            _("Programmes carried out or under way"),
            "number",
            behind=lambda row: behind("deployments", area=row["area_code"], status="deployed", counting="programmes"),
        ),
        Column("prospective", _("Programmes announced, planned or of interest only"), "number"),
        Column("returned", _("Questionnaires returned (group: states)"), "number", status_key="no_reply"),
        Column("known", _("Of those with a known reply (group: asked)"), "number", status_key="no_reply"),
        Column("parties", _("Treaties, party (group: states, Palermo Protocol)"), "number", status_key="no_standing"),
        Column("standings", _("Of known standings"), "number", status_key="no_standing"),
        Column("last_trained", _("Newest training with a known year"), "year"),
    )


def _notes(found: Sequence[Counted], full_round: Mapping[str, str]) -> list[str]:
    notes = [
        _(
            "Each measure has a scale of its own from zero; the rows stand by name, states first, in every measure alike."
        ),
        _("An event or programme counts once in each area, so the figures of states never add up to that of a group."),
        _("Announced and planned events are never added to those held: whether they took place is not on record."),
        _("A zero says that nothing is on record, not that nothing happened."),
        _("Standings with treaties are as of the date of each source, whatever the period."),
    ]
    if hides_names_not_received():
        notes += names_note()
    if any(not own.one.is_state for own in found) and full_round:
        notes.append(
            _(
                "For groups, the questionnaire of {year} is shown: the newest for which every reply is known.",
                year=full_round["year"],
            )
        )
    return notes


def _sources(compared: Sequence[Compared], selection: Selection, full_round: Mapping[str, str]) -> list[pl.DataFrame]:
    codes = sorted(one.code for one in compared)
    years = {**selection.period, "is_all_time": selection.is_all_time}
    states = compare.members(codes, areas.period_end(selection))["state"].unique().sort().to_list()
    return [
        compare.programmes(codes, areas.period_end(selection), **years),
        subregion.event_sources(states, **years),
        subregion.treaty_sources(states),
        subregion.reply_sources(states, full_round.get("round_id", "")),
    ]
