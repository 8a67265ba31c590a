"""The records behind a figure: the first of the two steps from a number to its documents."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from dashboard import areas
from dashboard.i18n import _, clauses, language, listing, mark, n_, named, number
from dashboard.labels import label
from dashboard.queries.records import commitments, names, national, programmes, questionnaires
from dashboard.queries.records import training as training_records
from dashboard.queries.records.asked import MOST, Asked, codes_of, states_of, years_of
from dashboard.record_codes import CODE_LISTS
from dashboard.record_filters import (
    ANY_TIME,
    COUNTINGS,
    NO_SINGLE_YEAR,
    OWN_CODES,
    RECORD_SETS,
    SEPARATOR,
    YEARS,
    is_year,
    year_bounds,
)
from dashboard.selection import Selection, address
from dashboard.settings import hides_names_not_received
from dashboard.texts import wording
from dashboard.views.behind import Behind
from dashboard.views.periods import period_text
from dashboard.views.record_columns import shown
from dashboard.views.registry import view
from dashboard.views.sourcing import cite
from dashboard.views.view import View

_STATEMENTS: Mapping[str, Callable[[Asked], pl.DataFrame]] = {
    "events": training_records.events,
    "officials": training_records.officials,
    "reach": training_records.reach,
    "statements": training_records.statements,
    "programmes": programmes.programmes,
    "deployments": programmes.deployments,
    "rounds": questionnaires.rounds,
    "responses": questionnaires.responses,
    "answers": questionnaires.answers,
    "commitments": commitments.commitments,
    "meetings": commitments.meetings,
    "treaty_actions": commitments.treaty_actions,
    "authorities": national.authorities,
    "plans": national.plans,
    "laws": national.laws,
    "participation": national.participation,
    "observations": national.observations,
}
_COUNTED = {"value": "values"}
"""The column of a count, where it is not called as the count is."""

SET_NAMES: Mapping[str, str] = {
    "events": mark("Training events"),
    "officials": mark("Numbers of people stated for training events"),
    "reach": mark("Training held or carried out, by state reached"),
    "statements": mark("Figures stated for many events at once"),
    "programmes": mark("Programmes"),
    "deployments": mark("Programmes by country"),
    "rounds": mark("Questionnaires"),
    "responses": mark("Returns of questionnaires"),
    "answers": mark("Answers to questions"),
    "commitments": mark("Recommendations and commitments"),
    "meetings": mark("Meetings"),
    "treaty_actions": mark("Signatures and ratifications"),
    "authorities": mark("National authorities"),
    "plans": mark("National plans"),
    "laws": mark("National laws"),
    "participation": mark("Participation in the OAS"),
    "observations": mark("Values of indicators"),
}
_FILTER_NAMES: Mapping[str, str] = {
    "area": mark("State or group of states"),
    "host": mark("Host state"),
    "status": mark("Status"),
    "basis": mark("Kind of number"),
    "scope": mark("Scope"),
    "stated": mark("With a number or value"),
    "women": mark("With a number of women"),
    "named": mark("With a state named"),
    "type": mark("Type"),
    "audience": mark("Audience"),
    "programme": mark("Programme"),
    "part": mark("Part of the number"),
    "over": mark("Counted over"),
    "year": mark("Years"),
    "begun": mark("First year"),
    "ended": mark("Last year"),
    "date": mark("Date"),
    "source": mark("Document"),
    "record": mark("Identifier"),
    "kind": mark("Kind"),
    "taking_part": mark("Takes part in the OAS at the end of these years"),
    "dated": mark("With a year on record"),
    "unit": mark("Unit"),
    "additive": mark("Events"),
    "pillar": mark("Pillar"),
    "funder": mark("Funder"),
    "placed": mark("With a deployment or a state on record"),
    "standing": mark("Only said beforehand"),
    "round": mark("Questionnaire"),
    "form": mark("Whose form"),
    "respondent": mark("Answered by"),
    "series": mark("Series"),
    "question": mark("Question"),
    "topic": mark("Topic"),
    "instrument": mark("Instrument"),
    "issuer": mark("Issued by"),
    "treaty": mark("Treaty"),
    "action": mark("Kind of action"),
    "indicator": mark("Indicator"),
    "category": mark("Category"),
    "sex": mark("Sex"),
    "age": mark("Age"),
}
_OWN_WORDS: Mapping[str, Mapping[str, str]] = {
    **{name: {"yes": mark("yes"), "no": mark("no")} for name in ("stated", "women", "named", "taking_part", "placed")},
    "over": {"all_time": mark("all years together"), "year": mark("single years")},
    "part": {"own": mark("given to single states"), "shared": mark("not attributable to one country")},
    "dated": {"ever": mark("yes"), "never": mark("no")},
    "standing": {
        "not_there": mark("not carried out in the same state in these years"),
        "nowhere": mark("not carried out in these years"),
        "never": mark("not carried out in any year"),
    },
    "status": {
        "deployed": mark("under way or carried out"),
        "beforehand": mark("only planned, announced or of interest"),
        "asked": mark("returned or not received"),
        "known": mark("standing known"),
        "others": mark("not a party"),
    },
    "basis": {"beforehand": mark("announced beforehand")},
}


@dataclass(frozen=True)
class Listed:
    """The records behind a figure (of a long list the first ones), and what all of them amount to.

    ``counts``: what can be counted in them (records, people, states …) -> how many; ``counting`` is what the figure
    counts.
    """

    rows: pl.DataFrame
    counts: Mapping[str, float]
    counting: str

    @property
    def figure(self) -> float:
        """The number on the page from which the reader came."""
        return self.counts[self.counting]


def listed(one: Behind, selection: Selection) -> Listed:
    """The records behind a figure for the period of a selection."""
    where = dict(one.where)
    rows = _STATEMENTS[one.of](_asked(one.of, where, selection))
    if _is_misread(one.of, where):
        rows = rows.clear()
    first = rows.row(0, named=True) if rows.height else {}
    possible = dict.fromkeys(("records", *COUNTINGS[one.of]))
    counting = where.get("counting", "")
    return Listed(
        rows,
        {name: first.get(_COUNTED.get(name, name)) or 0 for name in possible},
        counting if counting in possible else COUNTINGS[one.of][0],
    )


def _is_misread(of: str, where: Mapping[str, str]) -> bool:
    """Whether a filter that is no column of the records has a value that means nothing: then nothing is listed."""
    known = {**OWN_CODES, "counting": COUNTINGS[of]}
    is_unknown = any(name in known and value not in known[name] for name, value in where.items())
    return is_unknown or any(name in where and not is_year(where[name]) for name in YEARS)


def _asked(of: str, where: Mapping[str, str], selection: Selection) -> Asked:
    years = years_of(where, selection.period, selection.is_all_time)
    codes = codes_of(of, where)
    on = _last_day(where, selection)
    named_areas = codes.get("area", [])
    is_everywhere = not named_areas or areas.HEMISPHERE in named_areas
    return Asked(
        of,
        codes,
        **years,
        on=on,
        states=areas.states() if is_everywhere else states_of(named_areas, on),
        is_everywhere=is_everywhere,
        is_state=named_areas == states_of(named_areas, on),
        hides_names=hides_names_not_received(),
    )


def _last_day(where: Mapping[str, str], selection: Selection) -> date:
    """The day on which groups and participation are taken: the end of the years asked for, or the edition's own day."""
    bounds = year_bounds(where.get("year", ""))
    if bounds:
        return areas.period_end(selection.but(first_year=None, last_year=bounds[1] if bounds[1] < 2100 else None))
    return areas.period_end(selection.but(last_year=None) if where.get("year") == ANY_TIME else selection)


@view("records.rows")
def rows(selection: Selection) -> View:
    """The records that an address asks for, each with its documents, and what they amount to."""
    one = Behind(selection.of or "events", selection.where)
    found = listed(one, selection)
    table, columns = shown(one.of, found.rows)
    records = int(found.counts["records"])
    said = filters_said(one, selection)
    notes = _notes(one, found)
    return View(
        id="records.rows",
        title=_(SET_NAMES[one.of]),
        takeaway=_("{amount} Asked for: {filters}.", amount=_amount(found), filters=clauses(said)),
        table=table,
        columns=columns,
        notes=notes,
        sources=cite(found.rows),
        period=_years(one, selection),
        is_table_open=True,
        empty="" if records else _("No record is behind this figure. Asked for: {filters}.", filters=clauses(said)),
    )


def _amount(found: Listed) -> str:
    """What the figure counts, and how many records there are."""
    records, n = int(found.counts["records"]), int(found.figure)
    if found.counting == "people":
        return n_(
            "The figure is {n} person. Records behind it: {records}.",
            "The figure is {n} people, added up. Records behind it: {records}.",
            n,
            records=records,
        )
    if found.counting == "women":
        return n_(
            "The figure is {n} woman. Records behind it: {records}.",
            "The figure is {n} women, added up. Records behind it: {records}.",
            n,
            records=records,
        )
    if found.counting == "states":
        return n_(
            "The figure counts {n} state. Records behind it: {records}.",
            "The figure counts {n} states, each once. Records behind it: {records}.",
            n,
            records=records,
        )
    if found.counting == "programmes":
        return n_(
            "The figure counts {n} programme. Records behind it: {records}.",
            "The figure counts {n} programmes, each once. Records behind it: {records}.",
            n,
            records=records,
        )
    if found.counting == "rounds":
        return n_(
            "The figure counts {n} questionnaire. Records behind it: {records}.",
            "The figure counts {n} questionnaires, each once. Records behind it: {records}.",
            n,
            records=records,
        )
    if found.counting == "treaties":
        return n_(
            "The figure counts {n} treaty. Records behind it: {records}.",
            "The figure counts {n} treaties, each once. Records behind it: {records}.",
            n,
            records=records,
        )
    if found.counting == "replies":
        return n_(
            "The figure is {n} reply, as stated by the source. Records behind it: {records}.",
            "The figure is {n} replies, as stated by the sources. Records behind it: {records}.",
            n,
            records=records,
        )
    if found.counting == "value" and records > 1 and _is_sum(found.rows):
        return n_(
            "{n} value is behind the figure; the sum is {sum}.",
            "{n} values are behind the figure; their sum is {sum}.",
            records,
            sum=_value(found.figure, found.rows),
        )
    return n_("{n} record is behind the figure.", "{n} records are behind the figure.", records)


def _is_sum(rows: pl.DataFrame) -> bool:
    """Whether the values may be added: those of one question, or of one indicator and year that is added for groups."""
    if "aggregation" not in rows.columns:
        return rows["value"].is_not_null().any() and rows["unit"].n_unique() == 1
    return rows["aggregation"].unique().to_list() == ["sum"] and rows["period"].n_unique() == 1


def _value(value: float, rows: pl.DataFrame) -> str:
    decimals = int(rows["decimals"].max() or 0) if "decimals" in rows.columns else 0  # type: ignore[arg-type]
    return number(value, decimals)


def _notes(one: Behind, found: Listed) -> tuple[str, ...]:
    notes = [_("Each row names its document: the name leads to its entry among the sources, and that to the document.")]
    records = int(found.counts["records"])
    if records > MOST:
        notes.append(
            _(
                "Listed are the first {shown} of {total} records, also in the download; choose a period for the others.",
                shown=MOST,
                total=records,
            )
        )
    if one.of == "officials":
        notes.append(_("Numbers are attendances as their sources state them, not distinct persons."))
        notes.append(
            _(
                "A number belongs to a state only where a source gives it for that state or the event had one country; it is never split."
            )
        )
    if one.of == "responses" and hides_names_not_received():
        notes.append(_("States whose reply was not received are not named on this site."))
    return tuple(notes)


def _years(one: Behind, selection: Selection) -> str:
    """The years that the records are asked for, in words."""
    asked = dict(one.where).get("year", "")
    bounds = year_bounds(asked)
    if bounds:
        first, last = bounds
        years = {"first_year": first if first > 1800 else None, "last_year": last if last < 2100 else None}
        return str(first) if first == last else period_text(selection.but(**years))
    if asked == NO_SINGLE_YEAR:
        return _("no single year")
    return _("All years") if asked == ANY_TIME else asked or period_text(selection)


def filters_said(one: Behind, selection: Selection) -> list[str]:
    """Every filter with its value, in words; the years last."""
    said = [
        named(_(_FILTER_NAMES[name]), _value_said(one.of, name, value))
        for name, value in one.where
        if name not in ("counting", "year")
    ]
    if one.of == "programmes" and "placed" not in dict(one.where):
        return said or [_("all records")]  # programmes themselves are not dated
    return [*said, named(_(_FILTER_NAMES["year"]), _years(one, selection))]


def _value_said(of: str, name: str, value: str) -> str:
    whole = wording(value)
    if name in ("record", "instrument", "issuer", "unit"):
        return whole
    return listing([_code_said(of, name, code) for code in value.split(SEPARATOR)], "or")


def _code_said(of: str, name: str, code: str) -> str:
    if code in _OWN_WORDS.get(name, {}):
        return _(_OWN_WORDS[name][code])
    if (of, name) in CODE_LISTS:
        return label(CODE_LISTS[of, name], code)
    if name in ("area", "host", "funder"):
        return areas.name(code)
    if name in ("begun", "ended"):
        return code
    if name == "audience":
        return label("audience_group", code)
    if name in ("programme", "round", "question", "treaty"):
        found = names.names().filter(pl.col("filter") == name, pl.col("code") == code)
        return wording(found["name"][0]) if found.height else code
    if name == "source":
        found = cite([code])
        return (found[0].doc_code or found[0].title) if found else code
    if name == "indicator":
        rows = names.indicators()
        return dict(zip(rows["indicator_id"], rows[f"title_{language()}"], strict=True)).get(code, code)
    return wording(code)


def record_sets(selection: Selection) -> list[tuple[str, str]]:
    """Every set of records with the address of its list, for the reader's period."""
    return [
        (_(name), address("records", selection, of=of, where=()))
        for of, name in SET_NAMES.items()
        if "indicator" not in RECORD_SETS[of]
    ]
