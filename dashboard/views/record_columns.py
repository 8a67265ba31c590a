"""How the records of each set are shown: their words, and the columns in which they stand."""

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from dashboard import areas
from dashboard.i18n import _, clauses, language, listing, named, number
from dashboard.labels import labels
from dashboard.queries import observations
from dashboard.texts import localise
from dashboard.views.dates import day_of, span_of
from dashboard.views.sourcing import cite
from dashboard.views.view import Column
from dashboard.views.vintages import vintage
from dashboard.views.worded import each, in_words

Shown = tuple[pl.DataFrame, tuple[Column, ...]]


def shown(of: str, rows: pl.DataFrame) -> Shown:
    """The rows of a set with the words for their codes, dates and places, and the columns to show, documents second.

    A text in another wording than the recorded one has its standing beside it (see ``dashboard/texts.py``).
    """
    texts = [name for name in ("title", "scope", "note", "unit", "answer", "instrument") if name in rows.columns]
    topic = [name for name in ("topic",) if name in rows.columns]
    table = localise(rows, *texts, *topic).with_columns(when=each(rows, _when))
    if "title_original" in table.columns:
        table = _with_original(table)
    table, columns = _SETS[of](table)
    first, *others = columns
    if first.kind == "area":  # states stand in the reader's alphabetical order
        order = {code: position for position, code in enumerate(areas.states())}
        place = pl.col(first.key).replace_strict(order, default=len(order), return_dtype=pl.Int64)
        table = table.sort(place, maintain_order=True)
    documents = [Column("source_id", _("Document"), "source")]
    if "source_id_2" in table.columns and table["source_id_2"].is_not_null().any():
        documents.append(Column("source_id_2", _("Second document"), "source"))
    record = [] if of == "observations" else [Column("record", _("Identifier"))]
    return table, (first, *documents, *(column for column in [*others, *record] if _has_content(table, column)))


def _has_content(table: pl.DataFrame, column: Column) -> bool:
    """Whether any row says something in a column; a column that is empty for another reason than that stays."""
    is_empty = table[column.key].is_null()
    if table.schema[column.key] == pl.String:
        is_empty |= table[column.key] == ""
    return bool(column.status_key) or not is_empty.all() or table.is_empty()


def _with_original(table: pl.DataFrame) -> pl.DataFrame:
    """The official title first, the reader's wording in brackets where it differs."""
    has_original = pl.col("title_original").is_not_null() & (pl.col("title_original") != pl.col("title"))
    return table.with_columns(
        title=pl.when(has_original).then(pl.format("{} [{}]", "title_original", "title")).otherwise("title")
    )


def _when(row: Mapping[str, Any]) -> str:
    """The time of a record as its source states it."""
    if "start_on" in row:
        said = span_of(row)
        return said or str(row.get("year") or "") or _("date not stated")
    return str(row["year"]) if row.get("year") else _("date not stated")


def _words(table: pl.DataFrame, *pairs: tuple[str, str]) -> pl.DataFrame:
    """With a column ``<column>_said`` holding the words for the codes of a column, for each (column, family)."""
    return table.with_columns(in_words(table[column], family).alias(f"{column}_said") for column, family in pairs)


def _status(column: str) -> pl.Expr:
    return pl.when(pl.col(column).is_null()).then(pl.lit("O")).otherwise(pl.lit("A"))


def _states(table: pl.DataFrame) -> pl.DataFrame:
    return table.with_columns(
        states_said=pl.Series(
            [
                listing(sorted(areas.name(code) for code in codes)) or _("no state named")
                for codes in table["area_codes"].to_list()
            ],
            dtype=pl.String,
        )
    )


def _events(table: pl.DataFrame) -> Shown:
    table = _words(
        _states(table), ("event_type", "event_type"), ("status", "event_status"), ("number_basis", "number_basis")
    )
    table = table.with_columns(people_status=_status("officials_stated"))
    return table, (
        Column("title", _("Event"), is_wide=True),
        Column("when", _("Date")),
        Column("states_said", _("States taking part"), is_wide=True),
        Column("status_said", _("Status")),
        Column("event_type_said", _("Type")),
        Column("officials_stated", _("People stated"), "number", status_key="people_status"),
        Column("number_basis_said", _("Kind of number")),
        *(
            (Column("women_stated", _("of these women"), "number"),)
            if table["women_stated"].is_not_null().any()
            else ()
        ),
    )


def _officials(table: pl.DataFrame) -> Shown:
    table = _words(
        _states(table), ("status", "event_status"), ("number_basis", "number_basis"), ("count_scope", "count_scope")
    )
    differs = (table["people_here"] != table["officials_stated"]).any()
    whole = (Column("officials_stated", _("Stated for the whole event"), "number"),) if differs else ()
    return table, (
        Column("title", _("Event"), is_wide=True),
        Column("people_here", _("People counted here"), "number"),
        *whole,
        Column("number_basis_said", _("Kind of number")),
        Column("count_scope_said", _("Who is in the number")),
        Column("when", _("Date")),
        Column("states_said", _("States taking part"), is_wide=True),
        Column("status_said", _("Status")),
    )


def _reach(table: pl.DataFrame) -> Shown:
    table = _words(table, ("record_kind", "reach_kind")).with_columns(
        known=each(table, lambda row: day_of(row, "as_of"))
    )
    is_known = (table["known"] != "").any()
    return table, (
        Column("area_code", _("State"), "area"),
        Column("title", _("Event or programme"), is_wide=True),
        Column("record_kind_said", _("Kind of record")),
        Column("when", _("Date")),
        *((Column("known", _("As of")),) if is_known else ()),
    )


def _statements(table: pl.DataFrame) -> Shown:
    return _words(table, ("qualifier", "qualifier")), (
        Column("title", _("What is counted"), is_wide=True),
        Column("qualifier_said", _("As stated")),
        Column("value", _("Figure"), "number"),
        Column("unit", _("Unit")),
        Column("period", _("Period")),
    )


def _programmes(table: pl.DataFrame) -> Shown:
    table = _words(table, ("pillar", "pillar"), ("activity_type", "activity_type"))
    return table, (
        Column("title", _("Programme"), is_wide=True),
        Column("pillar_said", _("Pillar")),
        Column("activity_type_said", _("Type of activity")),
        Column("start_year", _("First year"), "year"),
        Column("end_year", _("Last year"), "year"),
        Column("lead_unit", _("Lead unit")),
    )


def _deployments(table: pl.DataFrame) -> Shown:
    table = _words(table, ("status", "deployment_status"), ("pillar", "pillar"))
    return table, (
        Column("title", _("Programme"), is_wide=True),
        Column("area_code", _("State"), "area"),
        Column("scope", _("Scope")),
        Column("status_said", _("Status")),
        Column("when", _("Date")),
        Column("pillar_said", _("Pillar")),
        Column("note", _("Note"), is_wide=True),
    )


def _rounds(table: pl.DataFrame) -> Shown:
    table = _words(table, ("form_family", "form_family")).with_columns(replies_status=_status("responses_stated"))
    return table, (
        Column("title", _("Questionnaire"), is_wide=True),
        Column("when", _("Year")),
        Column("issued_by", _("Issued by")),
        Column("form_family_said", _("Whose form")),
        Column("responses_stated", _("Replies stated"), "number", status_key="replies_status"),
        Column("note", _("Note"), is_wide=True),
    )


def _responses(table: pl.DataFrame) -> Shown:
    return _words(table, ("response_status", "response_status")), (
        Column("title", _("Questionnaire"), is_wide=True),
        Column("area_code", _("State"), "area"),
        Column("response_status_said", _("Standing")),
        Column("when", _("Year")),
        Column("note", _("Note"), is_wide=True),
    )


def _answers(table: pl.DataFrame) -> Shown:
    table = localise(table, "wording").with_columns(
        said=each(table, _answer),
        said_basis=pl.col("answer_basis"),
    )
    return table, (
        Column("wording", _("Question"), is_wide=True),
        Column("area_code", _("State"), "area"),
        Column("scope", _("Who answered")),
        Column("said", _("Answer"), is_wide=True, status_key="answer_status"),
        Column("topic", _("Topic")),
        Column("title", _("Questionnaire"), is_wide=True),
    )


def _answer(row: Mapping[str, Any]) -> str | None:
    parts = [row["answer"] or ""]
    if row["value"] is not None:
        value = number(row["value"], 0 if float(row["value"]).is_integer() else 2)
        parts.append(f"{value} {row['unit'] or ''}".strip())
    return clauses(parts) or None


def _commitments(table: pl.DataFrame) -> Shown:
    table = _words(table, ("kind", "commitment_kind"), ("pillar", "pillar"))
    return table, (
        Column("title", _("In our words"), is_wide=True),
        Column("instrument", _("Instrument"), is_wide=True),
        Column("item_no", _("No."), "number"),
        Column("kind_said", _("Kind")),
        Column("pillar_said", _("Pillar")),
        Column("issuer", _("Issued by")),
        Column("year", _("Year"), "year"),
    )


def _meetings(table: pl.DataFrame) -> Shown:
    return table, (
        Column("title", _("Meeting"), is_wide=True),
        Column("when", _("Date")),
        Column("city", _("City")),
        Column("host_area_code", _("Host state"), "area"),
    )


def _treaty_actions(table: pl.DataFrame) -> Shown:
    table = _words(table, ("status", "treaty_status"), ("action_type", "treaty_action")).with_columns(
        signed=each(table, lambda row: day_of(row, "signature")),
        acted=each(table, lambda row: day_of(row, "action") or str(row["year"] or "")),
    )
    return table, (
        Column("title", _("Treaty"), is_wide=True),
        Column("area_code", _("State"), "area"),
        Column("status_said", _("Standing")),
        Column("action_type_said", _("Kind of action")),
        Column("acted", _("Ratification or accession")),
        Column("signed", _("Signature")),
        Column("note", _("Note"), is_wide=True),
    )


def _authorities(table: pl.DataFrame) -> Shown:
    return _words(localise(table, "role"), ("kind", "authority_type")), (
        Column("title", _("Authority"), is_wide=True),
        Column("area_code", _("State"), "area"),
        Column("kind_said", _("Kind of authority")),
        Column("role", _("Role"), is_wide=True),
        Column("year", _("Set up"), "year"),
        Column("as_of_year", _("As of"), "year"),
    )


def _plans(table: pl.DataFrame) -> Shown:
    return _words(table, ("status", "plan_status")), (
        Column("title", _("Plan"), is_wide=True),
        Column("area_code", _("State"), "area"),
        Column("start_year", _("First year"), "year"),
        Column("end_year", _("Last year"), "year"),
        Column("status_said", _("Status")),
    )


def _laws(table: pl.DataFrame) -> Shown:
    table = _words(table, ("kind", "law_scope"), ("status", "law_status")).with_columns(
        adopted=each(table, lambda row: day_of(row, "adopted")),
        published=each(table, lambda row: day_of(row, "published")),
    )
    return table, (
        Column("title", _("Law"), is_wide=True),
        Column("area_code", _("State"), "area"),
        Column("law_number", _("Number of the law")),
        Column("kind_said", _("Kind")),
        Column("status_said", _("Status")),
        Column("adopted", _("Adopted")),
        Column("published", _("Published")),
    )


def _participation(table: pl.DataFrame) -> Shown:
    table = _words(table, ("status", "participation")).with_columns(
        since=each(table, lambda row: day_of(row, "from")),
        until=each(table, lambda row: day_of(row, "to")),
    )
    return table, (
        Column("area_code", _("State"), "area"),
        Column("status_said", _("Standing")),
        Column("since", _("From")),
        Column("until", _("To")),
        Column("note", _("Note"), is_wide=True),
    )


def _observations(table: pl.DataFrame) -> Shown:
    texts = labels("observation_note")
    vintages = {source.source_id: source.vintage for source in cite(table)}
    about = {code: observations.indicator(code) for code in table["indicator_id"].unique()}
    table = table.with_columns(
        indicator=pl.Series(
            [
                named(str(about[code][f"title_{language()}"]), str(about[code][f"unit_{language()}"]))
                for code in table["indicator_id"]
            ],
            dtype=pl.String,
        ),
        remark=pl.Series([texts.get(note or "", note or "") for note in table["note"]], dtype=pl.String),
        period_said=pl.Series([_period(period) for period in table["period"]], dtype=pl.String),
        coded=pl.col("value_code").fill_null(""),
        dated=pl.Series([vintage(vintages.get(source)) for source in table["source_id"]], dtype=pl.String),
    )
    has_code = table["value_code"].is_not_null().any()
    return _words(table, ("obs_status", "obs_status")), (
        Column("area_code", _("State"), "area"),
        Column("indicator", _("Indicator"), is_wide=True),
        Column("period_said", _("Year")),
        Column("coded", _("Value"))
        if has_code
        else Column("value", _("Value"), "number", status_key="obs_status", decimals_key="decimals"),
        Column("obs_status_said", _("Standing of the value")),
        Column("dated", _("Date or version of the source")),
        Column("remark", _("Note"), is_wide=True),
    )


def _period(period: str) -> str:
    return {"undated": _("no single year"), "all_time": _("All years")}.get(period, period)


_SETS: Mapping[str, Callable[[pl.DataFrame], Shown]] = {
    "events": _events,
    "officials": _officials,
    "reach": _reach,
    "statements": _statements,
    "programmes": _programmes,
    "deployments": _deployments,
    "rounds": _rounds,
    "responses": _responses,
    "answers": _answers,
    "commitments": _commitments,
    "meetings": _meetings,
    "treaty_actions": _treaty_actions,
    "authorities": _authorities,
    "plans": _plans,
    "laws": _laws,
    "participation": _participation,
    "observations": _observations,
}
