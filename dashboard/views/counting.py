"""How we count: the rules behind every figure, each at work in the edition on screen."""

import polars as pl

from dashboard import areas
from dashboard.charts.entries import numbered_rules
from dashboard.i18n import _, day, language, listing, n_
from dashboard.queries import sources
from dashboard.selection import Selection
from dashboard.views.periods import period_text
from dashboard.views.registry import view
from dashboard.views.sources import section_titles
from dashboard.views.sourcing import OWN_SOURCE, cite
from dashboard.views.view import Column, View


@view("sources.counting")
def counting(selection: Selection) -> View:
    """The rules by which everything here is counted, each with its figures from this edition."""
    rules = _rules(selection)
    table = pl.DataFrame(
        [(position, *rule) for position, rule in enumerate(rules, 1)],
        schema={"rule": pl.Int64, "title": pl.String, "meaning": pl.String, "example": pl.String},
        orient="row",
    )
    return View(
        id="sources.counting",
        title=section_titles()["sources.counting"],
        takeaway=n_(
            "{n} rule holds for every figure here; the second line shows it at work in this edition.",
            "{n} rules hold for every figure here; the second line shows each at work in this edition.",
            len(rules),
        ),
        figure=numbered_rules(rules),
        table=table,
        columns=(
            Column("rule", _("No.")),
            Column("title", _("Rule")),
            Column("meaning", _("What it means"), is_wide=True),
            Column("example", _("In this edition"), is_wide=True),
        ),
        sources=cite([OWN_SOURCE]),
        period=period_text(selection),
        is_figure_whole=True,
    )


def _rules(selection: Selection) -> list[tuple[str, str, str]]:
    found = sources.counting_examples(areas.period_end(selection))
    count = {name: value or 0 for name, value in found.items()}
    return [
        (
            _("Count once."),
            _(
                "An event counts once for the hemisphere and once for each state that took part, so the values of states are never added up."
            ),
            n_(
                "{n} event held has a list of states; added up by state it would count {by_state} times.",
                "The {n} events held with a list of states would become {by_state} if the values of states were added up.",
                count["held_with_states"],
                by_state=count["held_by_state"],
            ),
        ),
        (
            _("Never split a total."),
            _(
                "Officials belong to a state only where a source gives the number of that state, or where it was the only one taking part."
            ),
            n_(
                "{n} event has a number of officials; {apart} of these cannot be given to one state and count for the hemisphere only.",
                "{n} events have a number of officials; {apart} of these cannot be given to one state and count for the hemisphere only.",
                count["with_number"],
                apart=count["not_attributable"],
            ),
        ),
        (
            _("Say what kind of number it is."),
            _(
                "Numbers reported afterwards and numbers announced beforehand are drawn differently and never added; overall figures that a source states are marks beside the data."
            ),
            _(
                "{reported} people were reported as trained and {beforehand} were announced beforehand; {statements} overall figures stand apart.",
                reported=count["reported"],
                beforehand=count["beforehand"],
                statements=count["statements"],
            ),
        ),
        (
            _("Held is not planned."),
            _(
                "Coverage counts what was held or carried out; what was announced or planned is shown hatched beside it."
            ),
            _(
                "{held} events were held; {announced} were announced and {planned} planned, and whether these took place is not on record.",
                held=count["held"],
                announced=count["announced"],
                planned=count["planned"],
            ),
        ),
        (
            _("Five kinds of empty."),
            _(
                "Zero, not reported, not asked, not applicable and suppressed are stored, drawn and exported differently; nothing is filled in, carried forward or smoothed."
            ),
            _(
                "Among the values of indicators, {zeros} are zero, {not_reported} not reported, {not_asked} not asked and {not_applicable} not applicable; {suppressed} figures are suppressed.",
                zeros=count["zeros"],
                not_reported=count["not_reported"],
                not_asked=count["not_asked"],
                not_applicable=count["not_applicable"],
                suppressed=count["suppressed"],
            ),
        ),
        (
            _("Undated is not dropped."),
            _(
                "A record whose source gives no single year stands in a group of its own and counts when all years are shown."
            ),
            n_(
                "{n} of {total} training events has no single year.",
                "{n} of {total} training events have no single year.",
                count["events_without_year"],
                total=count["events"],
            ),
        ),
        (
            _("Dated denominators."),
            _(
                "“18 of 34” is measured against the states that took part in the OAS at the end of the period, or that a questionnaire was sent to."
            ),
            _denominators(selection, count["taking_part"]),
        ),
        (
            _("Compare only what compares."),
            _(
                "Where the wording of a question, a definition or a series changes, the line is broken and the chart says so."
            ),
            _(
                "{breaks} values are marked as a break in their series; {linked} of {questions} questions are linked to one of an earlier questionnaire.",
                breaks=count["breaks"],
                linked=count["questions_with_predecessor"],
                questions=count["questions"],
            ),
        ),
        (
            _("No year stands in for another."),
            _("Where the newest value of each state is shown, its own year stands beside it."),
            _spread(found["spread_indicator"], str(count["spread_oldest"]), str(count["spread_newest"])),
        ),
        (
            _("No ranking, no blame."),
            _(
                "A state is shown within the range of the hemisphere and beside the median of its subregion; states are listed by name. A missing questionnaire is “not received”."
            ),
            _not_received(),
        ),
        (
            _("Detected is not occurred."),
            _(
                "Figures on victims and cases say what authorities detected or reported, not what happened; counts under 10 are suppressed, and what would give them away with them."
            ),
            n_(
                "{n} answer to a questionnaire is suppressed.",
                "{n} answers to questionnaires are suppressed.",
                count["answers_suppressed"],
            ),
        ),
        (
            _("Revisions are public."),
            _(
                "Every recorded value that differs from the edition before is listed with the old value, the new one and the reason given."
            ),
            n_(
                "{n} difference from the edition before is on record.",
                "{n} differences from the edition before are on record.",
                count["revisions"],
            ),
        ),
        (
            _("Whose form it was."),
            _(
                "Questionnaires of the OAS are shown apart from what states told other bodies, and training reported there is never counted as training of the OAS."
            ),
            _(
                "{own} questionnaires and other collections of replies are of the OAS, {other} of other bodies.",
                own=count["oas_rounds"],
                other=count["other_rounds"],
            ),
        ),
        (
            _("Names and borders are a convenience."),
            _(
                "Names and boundaries on maps imply no opinion on the status of any territory; each state has a tile of the same size."
            ),
            n_("{n} state has a tile.", "{n} states have a tile each.", len(areas.states())),
        ),
    ]


def _denominators(selection: Selection, taking_part: int) -> str:
    on = areas.period_end(selection)
    counted = set(areas.participating(on))
    outside = [areas.name(code) for code in areas.states() if code not in counted]
    text = (
        _(
            "On {date}, {n} of {total} states take part; not {states}.",
            date=day(on),
            n=taking_part,
            total=len(areas.states()),
            states=listing(outside, "or"),
        )
        if outside
        else _("On {date}, all {n} states take part.", date=day(on), n=taking_part)
    )
    rounds = sources.full_rounds()
    if rounds.is_empty():
        return text
    newest = rounds.row(0, named=True)
    left_out = [areas.name(code) for code in newest["not_asked"]]
    if not left_out:
        return text
    return (
        text
        + " "
        + n_(
            "{states} was not asked in {year}, so the rate of that questionnaire is {returned} of {asked}.",
            "{states} were not asked in {year}, so the rate of that questionnaire is {returned} of {asked}.",
            len(left_out),
            states=listing(left_out),
            year=str(newest["year"]),
            returned=newest["returned"],
            asked=newest["asked"],
        )
    )


def _not_received() -> str:
    rounds = sources.full_rounds()
    if rounds.is_empty():
        return ""
    newest = rounds.row(0, named=True)
    return n_(
        "{n} questionnaire of {year} is “not received” as of its source.",
        "{n} questionnaires of {year} are “not received” as of their source.",
        newest["asked"] - newest["returned"],
        year=str(newest["year"]),
    )


def _spread(indicator_id: object, oldest: str, newest: str) -> str:
    rows = sources.indicators().filter(pl.col("indicator_id") == str(indicator_id))
    if rows.is_empty():
        return ""
    return _(
        "{indicator}: the newest value of one state is of {oldest}, that of another of {newest}.",
        indicator=rows[f"title_{language()}"][0],
        oldest=oldest,
        newest=newest,
    )
