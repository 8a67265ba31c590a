"""The states of one group: what reached them, together and one by one."""

from collections.abc import Mapping

import polars as pl

from dashboard import areas
from dashboard.charts.facts import Fact, facts
from dashboard.charts.figures import KeyFigure, key_figures_html
from dashboard.charts.shares import Share, shares
from dashboard.charts.years import Series, stacked_years
from dashboard.choices import record_years
from dashboard.i18n import _, clauses, day, language, listing, n_, number, percent, short_number
from dashboard.labels import label
from dashboard.queries import country, overview, subregion, training
from dashboard.selection import Selection
from dashboard.settings import hides_names_not_received
from dashboard.texts import localise
from dashboard.theme import palette
from dashboard.views.periods import period_text
from dashboard.views.registry import view
from dashboard.views.sourcing import cite
from dashboard.views.view import Column, View


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


def _round(selection: Selection) -> dict[str, str]:
    """The period's newest OAS round with every state's return known, else the newest there is; empty without any."""
    return overview.latest_full_round(**selection.period) or overview.latest_full_round()


def _counts(selection: Selection) -> dict[str, int]:
    """Members taking part, reached, events, programmes and returns of the group, each counted once."""
    rows = overview.groups_side_by_side(
        selection.scheme,
        **selection.period,
        is_all_time=selection.is_all_time,
        on=areas.period_end(selection),
        round_id=_round(selection).get("round_id", ""),
    ).filter(pl.col("group_code") == group_of(selection))
    names = ("participating", "reached", "held", "others", "programmes", "asked", "returned")
    return rows.row(0, named=True) if rows.height else dict.fromkeys(names, 0)


def _group_option(selection: Selection) -> dict[str, str]:
    return {"group": group_of(selection)}


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
    full_round = _round(selection)
    if own["asked"]:
        asked = _("states asked returned the {year} questionnaire", year=full_round["year"])
        rows.append(KeyFigure("subregion.members", "subregion", own["returned"], own["asked"], asked))
    table = pl.DataFrame(
        [(row.value, row.of, row.what) for row in rows],
        schema={"value": pl.Int64, "of": pl.Int64, "what": pl.String},
        orient="row",
    )
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
            Column("value", _("Value"), "number"),
            Column("of", _("Of"), "number"),
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
        options=_group_option(selection),
        empty="" if members else _("The group has no member at the end of the period."),
    )


@view("subregion.members")
def members(selection: Selection) -> View:
    """One row a state of the group: reached, events, programmes, last training, questionnaire, treaties."""
    codes = members_of(selection)
    full_round = _round(selection)
    year = full_round.get("year", "")
    found = subregion.members_side_by_side(
        codes,
        **selection.period,
        is_all_time=selection.is_all_time,
        on=areas.period_end(selection),
        round_id=full_round.get("round_id", ""),
    )
    order = {code: position for position, code in enumerate(codes)}
    found = found.sort(pl.col("area_code").replace_strict(order, default=None, return_dtype=pl.Int64))
    # "not applicable" where a state took no part in the OAS at any time of the period; its zeros are known otherwise
    found = found.with_columns(pl.col("area_code").is_in(areas.took_part(selection)).alias("took_part"))
    is_outside = ~pl.col("took_part")
    rows = found.with_columns(
        pl.Series("reached_said", [_reached(row) for row in found.iter_rows(named=True)], dtype=pl.String),
        pl.Series("trained_said", [_last_trained(row) for row in found.iter_rows(named=True)], dtype=pl.String),
        pl.Series("reply", [label("response_status", code) for code in found["response_status"]], dtype=pl.String),
        pl.Series(
            "treaties_said",
            [_("{n} of {total} known", n=row["parties"], total=row["known"]) for row in found.iter_rows(named=True)],
            dtype=pl.String,
        ),
        *(
            pl.when(is_outside, pl.col(column) == 0).then(None).otherwise(pl.col(column)).alias(column)
            for column in ("held", "others", "programmes")
        ),
        outside=pl.when(is_outside).then(pl.lit("M")),
    )
    reached = rows.filter("is_reached").height
    replied = rows.filter(pl.col("response_status") == "returned").height
    # everyone's reply to this round is known: who returned it also tells who did not
    hides = hides_names_not_received()
    if hides:
        rows = rows.drop("reply", "response_status")
    return View(
        id="subregion.members",
        title=_("State by state"),
        takeaway=_(
            "Training is on record as held or carried out in {reached} of {total} states; {replied} returned the {year} questionnaire.",
            reached=reached,
            total=rows.height,
            replied=replied,
            year=year,
        ),
        table=rows,
        columns=(
            Column("area_code", _("State"), "area"),
            Column("reached_said", _("Reached by training")),
            Column("held", _("Events held"), "number", status_key="outside"),
            Column("others", _("Announced or planned"), "number", status_key="outside"),
            Column("programmes", _("Programmes"), "number", status_key="outside"),
            Column("trained_said", _("Last training on record")),
            *(() if hides else (Column("reply", _("{year} questionnaire", year=year)),)),
            Column("treaties_said", _("Party to treaties")),
        ),
        notes=(
            _(
                "In alphabetical order; each event counts once for each state that took part, so the rows do not add up to the group’s number."
            ),
            _(
                "“Not applicable” stands where a state does not take part in the OAS at the end of the period and nothing is on record."
            ),
            _("A training programme carried out also reaches a state: the last training may be a programme’s."),
            *((_("States whose reply was not received are not named on this site."),) if hides else ()),
        ),
        sources=cite(
            overview.reached_states(**selection.period, is_all_time=selection.is_all_time).filter(
                pl.col("area_code").is_in(codes)
            ),
            subregion.treaty_sources(codes),
            subregion.reply_sources(codes, full_round.get("round_id", "")),
        ),
        period=period_text(selection),
        is_table_open=True,
        options=_group_option(selection),
        empty="" if codes else _("The group has no member at the end of the period."),
    )


def _reached(row: Mapping[str, object]) -> str:
    if row["is_reached"]:
        return _("yes")
    return _("none on record") if row["took_part"] else label("obs_status", "M")


def _last_trained(row: Mapping[str, object]) -> str:
    if row["last_trained"]:
        return str(row["last_trained"])
    if row["is_undated_only"]:
        return _("date not stated")
    return _("none on record") if row["took_part"] else label("obs_status", "M")


@view("subregion.events_by_year")
def events_by_year(selection: Selection) -> View:
    """Events held, announced and planned in each year in which states of the group took part."""
    group = group_of(selection)
    rows = training.events_by_year(group, **selection.period)
    undated = training.events_without_year(group) if selection.is_all_time else training.events_without_year("")
    first, last = record_years()
    years = (selection.first_year or first, selection.last_year or last)
    held = int(rows.filter(pl.col("category") == "held")["value"].sum())
    no_year = int(undated["value"].sum())
    statuses = ("held", "announced", "planned")
    table = pl.concat(
        [
            rows.select(pl.col("year").cast(pl.String).alias("when"), "category", "value"),
            undated.select(pl.lit(_("no single year")).alias("when"), "category", "value"),
        ]
    ).with_columns(pl.col("category").replace({code: label("event_status", code) for code in statuses}))
    notes = [_("Announced and planned events are never added to those held: whether they took place is not on record.")]
    if no_year:
        notes.insert(
            0,
            n_(
                "{n} event has no single year in its source; it stands apart at the right and counts only in all years.",
                "{n} events have no single year in their sources; they stand apart at the right and count only in all years.",
                no_year,
            ),
        )
    if (
        subregion.memberships(selection.scheme, group)
        .filter(pl.col("from_on").is_not_null() | pl.col("to_on").is_not_null())
        .height
    ):
        notes.append(_("Each year counts the states that belonged to the group at that year’s end."))
    codes = members_of(selection)
    return View(
        id="subregion.events_by_year",
        title=_("Training events by year"),
        takeaway=n_(
            "{n} event held in one known year is on record for the group.",
            "{n} events held in one known year are on record for the group.",
            held,
        ),
        figure=stacked_years(
            rows,
            (
                Series("held", label("event_status", "held"), "focus"),
                Series("announced", label("event_status", "announced"), "announced"),
                Series("planned", label("event_status", "planned"), "planned"),
            ),
            colours=palette(selection.theme),
            years=years,
            unit=_("events"),
            undated=dict(undated.select("category", "value").iter_rows()),
            undated_name=_("no single year"),
        ),
        height=260,
        table=table,
        columns=(
            Column("when", _("Year")),
            Column("category", _("Status")),
            Column("value", _("Events"), "number"),
        ),
        notes=tuple(notes),
        sources=cite(subregion.event_sources(codes, **selection.period, is_all_time=selection.is_all_time)),
        period=period_text(selection),
        options=_group_option(selection),
        empty="" if table.height else _("No event with a state of the group is on record in these years."),
    )


@view("subregion.programmes")
def programmes(selection: Selection) -> View:
    """Programmes in states of the group, with the states in which each was carried out or is under way."""
    codes = members_of(selection)
    found = subregion.programmes(codes, **selection.period, is_all_time=selection.is_all_time)
    names = areas.names()
    rows = localise(found, "name").with_columns(
        pl.Series("in_states", [_named(codes_, names) for codes_ in found["deployed"].to_list()], dtype=pl.String),
        pl.Series("others", [_named(codes_, names) for codes_ in found["prospective"].to_list()], dtype=pl.String),
        pl.Series("when", [_years(row) for row in found.iter_rows(named=True)], dtype=pl.String),
        pl.Series("said_pillar", [label("pillar", code) for code in found["pillar"]], dtype=pl.String),
    )
    counted = rows.filter("is_counted")
    return View(
        id="subregion.programmes",
        title=_("OAS programmes in the group"),
        takeaway=n_(
            "{n} programme was carried out or is under way in states of the group; {total} are on record in all.",
            "{n} programmes were carried out or are under way in states of the group; {total} are on record in all.",
            counted.filter(pl.col("states") > 0).height,
            total=counted.height,
        ),
        table=rows,
        columns=(
            Column("name", _("Programme"), is_wide=True),
            Column("said_pillar", _("Pillar")),
            Column("when", _("Years")),
            Column("states", _("States with it"), "number"),
            Column("in_states", _("Carried out or under way in"), is_wide=True),
            Column("others", _("Only planned, announced or of interest in")),
            Column("source_id", _("Source"), "source"),
        ),
        notes=(
            _("Programmes for which a source names no state of the group are not here."),
            _(
                "Records without a single year are listed where they may lie in the period; they count only in all years."
            ),
        ),
        sources=cite(rows),
        period=period_text(selection),
        is_table_open=True,
        options=_group_option(selection),
        empty="" if rows.height else _("No programme in a state of the group is on record in these years."),
    )


def _named(codes: list[str], names: Mapping[str, str]) -> str:
    return listing(sorted(names[code] for code in codes)) if codes else ""


def _years(row: Mapping[str, object]) -> str:
    first, last = row["first_year"], row["last_year"]
    if first is None:
        return _("date not stated")
    if row["is_open"]:
        years = _("from {year}, end not stated", year=str(first))
    else:
        years = str(first) if first == last else f"{first}–{last}"
    return _("{years}, and undated", years=years) if row["has_undated"] else years


@view("subregion.treaties")
def treaties(selection: Selection) -> View:
    """States of the group party to each instrument, of those whose standing is known."""
    codes = members_of(selection)
    rows = localise(subregion.treaties(codes), "name")
    names = areas.names()
    rows = rows.with_columns(
        pl.Series(
            "not_party", [_named(own or [], names) for own in rows["not_party_states"].to_list()], dtype=pl.String
        ),
        known=pl.col("parties") + pl.col("others"),
    )
    everyone = rows.filter(pl.col("parties") == pl.col("states")).height
    bars = [
        Share(
            name=row["name"],
            text=_("{n} of {total}", n=row["parties"], total=row["known"]),
            yes=row["parties"],
            no=row["others"],
            unknown=row["unknown"],
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
            Column("parties", _("Party"), "number"),
            Column("known", _("Standing known"), "number"),
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
        options=_group_option(selection),
        empty="" if codes else _("The group has no member at the end of the period."),
    )


_CONTEXT = {
    "indicator_id": pl.String,
    "decimals": pl.Int32,
    "year": pl.Int32,
    "total": pl.Float64,
    "lowest": pl.Float64,
    "middle": pl.Float64,
    "highest": pl.Float64,
    "coverage": pl.Float64,
    "with_value": pl.Int64,
    "states": pl.Int64,
    "note": pl.String,
    "obs_status": pl.String,
    "source_id": pl.String,
}


@view("subregion.context")
def context(selection: Selection) -> View:
    """Open indicators of the group: sums with their coverage, or range and median of its states."""
    group, codes, last_year = group_of(selection), members_of(selection), selection.period["last_year"]
    sums = subregion.context_sums(group, last_year).rename({"value": "total"})
    ranges = subregion.context_ranges(codes, last_year)
    coded = subregion.context_codes(codes, last_year)
    catalogue = country.indicators()
    titles = dict(zip(catalogue["indicator_id"], catalogue[f"title_{language()}"], strict=True))
    units = dict(zip(catalogue["indicator_id"], catalogue[f"unit_{language()}"], strict=True))
    order = {code: position for position, code in enumerate(catalogue["indicator_id"])}
    rows = (
        pl.concat([pl.DataFrame(schema=_CONTEXT), sums, ranges], how="diagonal_relaxed")
        .with_columns(
            title=pl.col("indicator_id").replace(titles),
            unit=pl.col("indicator_id").replace(units),
        )
        .sort(pl.col("indicator_id").replace_strict(order, return_dtype=pl.Int64))
    )
    rows = rows.with_columns(pl.Series("basis", [_basis(row) for row in rows.iter_rows(named=True)], dtype=pl.String))
    shown = [
        Fact(
            name=row["title"],
            note=clauses((str(row["unit"]), str(row["basis"]))),
            cells=(_value(row), str(row["year"])),
        )
        for row in rows.iter_rows(named=True)
    ]
    notes = [
        _(
            "Numbers of people and sums of money are added up; the share says how much of the group’s population, or of its states, stands behind the sum. Everything else is shown as lowest, median and highest state, in the newest year in which at least half of the states have a value."
        ),
        _("Context only: these figures say nothing about how much trafficking there is."),
    ]
    for (indicator, year), own in coded.group_by("indicator_id", "year", maintain_order=True):
        notes.append(
            _(
                "{indicator}, {year}: {codes}.",
                indicator=titles.get(str(indicator), ""),
                year=str(year),
                codes=listing(
                    n_("code {code} in {n} state", "code {code} in {n} states", row["states"], code=row["value_code"])
                    for row in own.iter_rows(named=True)
                ),
            )
        )
    return View(
        id="subregion.context",
        title=_("Context"),
        takeaway=n_(
            "{n} open indicator has a sum or a range for the group.",
            "{n} open indicators have a sum or a range for the group.",
            rows.height,
        ),
        figure=facts((_("Indicator"), _("Sum, or lowest · median · highest"), _("Year")), shown),
        table=rows,
        columns=(
            Column("title", _("Indicator"), is_wide=True),
            Column("unit", _("Unit")),
            Column("year", _("Year"), "year"),
            Column("total", _("Sum"), "number", decimals_key="decimals"),
            Column("coverage", _("Coverage"), "percent"),
            Column("lowest", _("Lowest"), "number", decimals_key="decimals"),
            Column("middle", _("Median"), "number", decimals_key="decimals"),
            Column("highest", _("Highest"), "number", decimals_key="decimals"),
            Column("with_value", _("States with a value"), "number"),
            Column("source_id", _("Source"), "source"),
        ),
        notes=tuple(notes),
        sources=cite(rows, coded),
        period=period_text(selection),
        options=_group_option(selection),
        empty="" if rows.height else _("No open indicator has a sum or a range for the group in these years."),
    )


def _basis(row: Mapping[str, object]) -> str:
    """What stands behind a sum or a range."""
    if row["with_value"] is not None:
        return _("{n} of {total} states", n=int(str(row["with_value"])), total=int(str(row["states"])))
    if row["coverage"] is None:
        return _("sum")
    share = percent(float(str(row["coverage"])))
    # the note says that coverage had to be counted in states because a population was missing
    if row["note"] == "coverage_by_states" or row["indicator_id"] == "population":
        said = _("sum over {share} of the states", share=share)
    else:
        said = _("sum over states with {share} of the population", share=share)
    return (
        clauses((said, label("obs_status", str(row["obs_status"])))) if row["obs_status"] in ("E", "P", "B") else said
    )


def _value(row: Mapping[str, object]) -> str:
    decimals = int(str(row["decimals"]))
    if row["total"] is not None:
        total = float(str(row["total"]))
        return short_number(total) if abs(total) >= 10_000_000 else number(total, decimals)
    return " · ".join(number(float(str(row[name])), decimals) for name in ("lowest", "middle", "highest"))


@view("subregion.note")
def note(selection: Selection) -> View:
    """Whose grouping it is, and its members by date."""
    group = group_of(selection)
    found = localise(subregion.memberships(selection.scheme, group), "note")
    order = {code: position for position, code in enumerate(areas.states())}
    rows = found.sort(pl.col("area_code").replace_strict(order, default=None, return_dtype=pl.Int64)).with_columns(
        pl.struct("from_on", "from_precision").alias("from_"), pl.struct("to_on", "to_precision").alias("to_")
    )
    rows = rows.with_columns(
        pl.Series(
            "since",
            [day(one["from_on"], one["from_precision"]) if one["from_on"] else "" for one in rows["from_"]],
            dtype=pl.String,
        ),
        pl.Series(
            "until",
            [day(one["to_on"], one["to_precision"]) if one["to_on"] else "" for one in rows["to_"]],
            dtype=pl.String,
        ),
    ).drop("from_", "to_")
    dated = rows.filter((pl.col("since") != "") | (pl.col("until") != "")).height
    return View(
        id="subregion.note",
        title=_("Whose grouping it is"),
        takeaway=areas.scheme_note(selection.scheme),
        table=rows,
        columns=(
            Column("area_code", _("State"), "area"),
            Column("since", _("From")),
            Column("until", _("To")),
            Column("note", _("Note"), is_wide=True),
            Column("source_id", _("Source"), "source"),
        ),
        notes=(
            n_(
                "{n} membership has a date on record; the others hold for all years.",
                "{n} memberships have a date on record; the others hold for all years.",
                dated,
            )
            if dated
            else _("No date is on record for these memberships; they hold for all years."),
        ),
        sources=cite(rows),
        period=_("All years"),
        options=_group_option(selection),
    )
