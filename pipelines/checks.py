"""Promises across the tables of an edition; each function returns one sentence for each breach it finds."""

from collections.abc import Callable, Mapping

import polars as pl

from pipelines import schemas
from pipelines import vocabularies as words
from pipelines.errors import PromisesBroken, shown
from pipelines.i18n import _, n_

Tables = Mapping[str, pl.DataFrame]

SYNTHETIC = "synthetic"  # the kind of a source whose records are made up for practice and tests
REFERENCE_TABLES = ("dim_area", "area_membership", "oas_participation", "dim_source")
"""What stays real whatever the records are: the states, their groups and their standing in the OAS."""
_REPEATING_TABLES = ("fct_reach", "programme_funder")  # with the sources of the records they are made from
_ROWS_NAMED = 5

SCHEMES_THAT_COVER_ALL = ("oas", "m49")
_REFERENCES = (
    ("fct_training_event", "programme_id", "dim_programme", "programme_id"),
    ("fct_training_participation", "event_id", "fct_training_event", "event_id"),
    ("training_statement", "programme_id", "dim_programme", "programme_id"),
    ("programme_funder", "programme_id", "dim_programme", "programme_id"),
    ("fct_deployment", "programme_id", "dim_programme", "programme_id"),
    ("dim_questionnaire_round", "meeting_id", "dim_meeting", "meeting_id"),
    ("dim_question", "round_id", "dim_questionnaire_round", "round_id"),
    ("dim_question", "previous_question_id", "dim_question", "question_id"),
    ("fct_response", "round_id", "dim_questionnaire_round", "round_id"),
    ("fct_answer", "question_id", "dim_question", "question_id"),
    ("fct_treaty_action", "treaty_id", "dim_treaty", "treaty_id"),
    ("fct_observation", "indicator_id", "dim_indicator", "indicator_id"),
    ("area_membership", "scheme_id", "dim_scheme", "scheme_id"),
    ("area_membership", "group_code", "dim_area", "area_code"),
    ("dim_area", "scheme_id", "dim_scheme", "scheme_id"),
    ("caveat_area", "caveat_id", "dim_caveat", "caveat_id"),
)


def every_source_exists(tables: Tables) -> list[str]:
    """Every fact's source is in ``dim_source``."""
    return [
        breach
        for name, table in tables.items()
        for column in ("source_id", "source_id_2")
        if column in table.columns and name != "dim_source"
        for breach in _orphans(tables, name, column, "dim_source", "source_id")
    ]


def every_area_exists(tables: Tables) -> list[str]:
    """Every area named by a fact is in ``dim_area``."""
    return [
        breach
        for name, table in tables.items()
        for column in ("area_code", "host_area_code", "attributable_area_code")
        if column in table.columns and name not in ("dim_area", "revision")
        for breach in _orphans(tables, name, column, "dim_area", "area_code")
    ]


def every_reference_exists(tables: Tables) -> list[str]:
    """Every programme, event, meeting, round, question, treaty, indicator and group referred to is there."""
    return [breach for reference in _REFERENCES if reference[0] in tables for breach in _orphans(tables, *reference)]


def every_state_is_in_one_group(tables: Tables) -> list[str]:
    """In the schemes that cover the hemisphere, every state belongs to exactly one group at present."""
    states = tables["dim_area"].filter(pl.col("area_type") == "country").select("area_code")
    current = tables["area_membership"].filter(pl.col("to_on").is_null())
    groups = (
        states.join(pl.DataFrame({"scheme_id": list(SCHEMES_THAT_COVER_ALL)}), how="cross")
        .join(current, on=["scheme_id", "area_code"], how="left")
        .group_by("scheme_id", "area_code")
        .agg(groups=pl.col("group_code").drop_nulls().n_unique())
        .filter(pl.col("groups") != 1)
        .sort("scheme_id", "area_code")
    )
    return [
        n_(
            "area_memberships.csv: {area} is in {n} group of the scheme {scheme}; expected: exactly one",
            "area_memberships.csv: {area} is in {n} groups of the scheme {scheme}; expected: exactly one",
            count,
            area=area,
            scheme=scheme,
        )
        for scheme, area, count in groups.select("scheme_id", "area_code", "groups").iter_rows()
    ]


def groups_belong_to_their_scheme(tables: Tables) -> list[str]:
    """A membership's group is a group of the membership's scheme."""
    wrong = (
        tables["area_membership"]
        .join(
            tables["dim_area"].select(group_code="area_code", own_scheme="scheme_id"), on="group_code", validate="m:1"
        )
        .filter(pl.col("scheme_id").ne_missing(pl.col("own_scheme")))
        .select("area_code", "group_code", "scheme_id")
        .sort("area_code", "scheme_id")
    )
    return [
        _(
            "area_memberships.csv: {area} is in {group} in the scheme {scheme}; areas.csv gives the group another scheme",
            area=area,
            group=group,
            scheme=scheme,
        )
        for area, group, scheme in wrong.iter_rows()
    ]


def participation_does_not_overlap(tables: Tables) -> list[str]:
    """A state has one standing in the OAS at a time."""
    next_interval = [
        pl.col(f"from_{part}").shift(-1).over("area_code", order_by="from_on").alias(f"next_{part}")
        for part in ("on", "precision")
    ]
    both_know_the_day = (pl.col("to_precision") == "day") & (pl.col("next_precision") == "day")
    overlapping = (
        tables["oas_participation"]
        .with_columns(next_interval)
        .filter(
            pl.col("next_on").is_not_null()
            & (
                pl.col("to_on").is_null()
                | (pl.col("next_on") < pl.col("to_on"))
                | ((pl.col("next_on") == pl.col("to_on")) & both_know_the_day)
            )
        )
        .sort("area_code", "from_on")
    )
    return [
        _(
            "oas_participation.csv: {area} has an interval from {first} that overlaps the one from {second}",
            area=area,
            first=first,
            second=second,
        )
        for area, first, second in overlapping.select("area_code", "from_on", "next_on").iter_rows()
    ]


def stated_responses_are_counted(tables: Tables) -> list[str]:
    """Where a source names every responder, the states recorded as returned are as many as it states."""
    counted = (
        tables["fct_response"]
        .filter(pl.col("response_status") == "returned")
        .group_by("round_id")
        .agg(returned=pl.col("area_code").n_unique())
    )
    wrong = (
        tables["dim_questionnaire_round"]
        .filter("is_responders_named", pl.col("responses_stated").is_not_null(), respondent_kind="states")
        .join(counted, on="round_id", how="left", validate="1:1")
        .with_columns(pl.col("returned").fill_null(0))
        .filter(pl.col("returned") != pl.col("responses_stated"))
        .sort("round_id")
    )
    return [
        n_(
            "questionnaire_responses.csv: {n} state is recorded as returned in the round {round_id}; expected: {stated}, "
            "as its source states",
            "questionnaire_responses.csv: {n} states are recorded as returned in the round {round_id}; expected: "
            "{stated}, as its source states",
            returned,
            round_id=round_id,
            stated=str(stated),
        )
        for round_id, returned, stated in wrong.select("round_id", "returned", "responses_stated").iter_rows()
    ]


def responses_come_once(tables: Tables) -> list[str]:
    """A state has one return of a round in a year."""
    twice = (
        tables["fct_response"]
        .group_by("round_id", "area_code", "year")
        .agg(pl.col("response_id").sort())
        .filter(pl.col("response_id").list.len() > 1)
        .sort("round_id", "area_code")
    )
    return [
        _(
            "questionnaire_responses.csv: {responses} are all the return of {area} in the round {round_id}",
            responses=", ".join(ids),
            area=area,
            round_id=round_id,
        )
        for round_id, area, ids in twice.select("round_id", "area_code", "response_id").iter_rows()
    ]


def answers_have_a_response(tables: Tables) -> list[str]:
    """A state with an answer has returned the round, or the answer's note says how else it is known."""
    returned = tables["fct_response"].filter(pl.col("response_status") == "returned")
    wrong = (
        tables["fct_answer"]
        .drop_nulls("area_code")
        .filter(pl.col("note").is_null(), answer_status="A")  # a suppressed answer has lost its note
        .join(returned, on=["round_id", "area_code"], how="anti")
        .select("answer_id", "area_code", "round_id")
        .sort("answer_id")
    )
    return [
        _(
            "questionnaire_answers.csv: {answer} is an answer of {area}, which has no return of the round {round_id}; "
            "expected: a row in questionnaire_responses.csv, or a note that says how the answer is known",
            answer=answer,
            area=area,
            round_id=round_id,
        )
        for answer, area, round_id in wrong.iter_rows()
    ]


def questions_follow_older_ones(tables: Tables) -> list[str]:
    """A question's predecessor belongs to another round, of the same series."""
    questions = tables["dim_question"].join(
        tables["dim_questionnaire_round"].select("round_id", "series_code"), on="round_id", validate="m:1"
    )
    wrong = (
        questions.join(
            questions.select(previous_question_id="question_id", old_round="round_id", old_series="series_code"),
            on="previous_question_id",
            validate="m:1",
        )
        .filter((pl.col("round_id") == pl.col("old_round")) | (pl.col("series_code") != pl.col("old_series")))
        .select("question_id", "previous_question_id")
        .sort("question_id")
    )
    return [
        _(
            "questionnaire_questions.csv: {question} follows {older}, which is not of an earlier round of the series",
            question=question,
            older=older,
        )
        for question, older in wrong.iter_rows()
    ]


def parts_are_not_more_than_the_whole(tables: Tables) -> list[str]:
    """The officials stated for countries do not add up to more than the event's own number."""
    parts = tables["fct_training_participation"].group_by("event_id").agg(parts=pl.col("officials_stated").sum())
    wrong = (
        tables["fct_training_event"]
        .join(parts, on="event_id", validate="1:1")
        .filter(pl.col("parts") > pl.col("officials_stated"))
        .select("event_id", "parts", "officials_stated")
        .sort("event_id")
    )
    return [
        _(
            "training_participation.csv: the countries of {event} have {parts} officials in all; expected: at most {whole}",
            event=event,
            parts=str(parts),
            whole=str(whole),
        )
        for event, parts, whole in wrong.iter_rows()
    ]


def group_counts_are_not_more_than_their_states(tables: Tables) -> list[str]:
    """Where something is counted once, a group's count is not above the sum of its states' counts."""
    counted = tables["dim_indicator"].filter("is_derived", aggregation="count").select("indicator_id")
    keys = ["indicator_id", "period", "category", "sex", "age"]
    values = tables["fct_observation"].join(counted, on="indicator_id", how="semi")
    states = tables["dim_area"].filter(pl.col("area_type") == "country")
    members = tables["area_membership"].select("group_code", "area_code")
    sums = (
        values.join(states, on="area_code", how="semi")
        .join(members, on="area_code")
        .group_by(*keys, area_code="group_code")
        .agg(of_states=pl.col("value").sum())
    )
    wrong = (
        values.join(sums, on=[*keys, "area_code"], validate="1:1")
        .filter(pl.col("value") > pl.col("of_states"))
        .sort("indicator_id", "area_code", "period")
    )
    return [
        _(
            "fct_observation: {indicator} of {area} in {period} is {value}, more than its states' {total} together",
            indicator=indicator,
            area=area,
            period=period,
            value=f"{value:g}",
            total=f"{total:g}",
        )
        for indicator, area, period, value, total in wrong.select(
            "indicator_id", "area_code", "period", "value", "of_states"
        ).iter_rows()
    ]


def open_values_are_kept(tables: Tables) -> list[str]:
    """Every open value is an observation, unchanged."""
    keys = ["indicator_id", "area_code", "period", "value", "value_code", "obs_status", "source_id"]
    lost = tables["open_observations"].join(tables["fct_observation"], on=keys, how="anti", nulls_equal=True).sort(keys)
    return [
        _(
            "fct_observation: the open value of {indicator} for {area} in {period} is missing or was changed",
            indicator=indicator,
            area=area,
            period=period,
        )
        for indicator, area, period in lost.select("indicator_id", "area_code", "period").iter_rows()
    ]


def every_text_is_in_every_language(tables: Tables) -> list[str]:
    """Every recorded text has its wording in the four languages."""
    missing = (
        tables["dim_text"]
        .group_by("text_id")
        .agg(pl.col("lang").unique())
        .filter(pl.col("lang").list.len() < len(words.LANGUAGES))
        .sort("text_id")
    )
    return [
        _("texts/{language}.csv: the text {text_id} is missing", language=language, text_id=text_id)
        for text_id, known in missing.iter_rows()
        for language in words.LANGUAGES
        if language not in known
    ]


def every_code_has_its_words(tables: Tables) -> list[str]:
    """Every code that records may use has its words, and no words are kept for a code that is none."""
    worded = set(tables["dim_code"].select("code_list", "code").iter_rows())
    known = {(name, code): None for name, codes in words.CODE_LISTS.items() for code in codes}
    missing = [
        _(
            "codes.csv: the code {code} of the list {name} has no words; expected: a row with its name in four languages",
            code=code,
            name=name,
        )
        for name, code in known
        if (name, code) not in worded
    ]
    return missing + [
        _(
            'codes.csv: "{code}" is not a code of the list {name}; expected: only codes that records may use',
            code=shown(code),
            name=shown(name),
        )
        for name, code in sorted(worded - known.keys())
    ]


def real_and_synthetic_are_apart(tables: Tables) -> list[str]:
    """Every record cites synthetic sources, or none does; names the first rows of whichever kind is rarer."""
    cited = _cited_kinds(tables)
    synthetic, real = (cited.filter(pl.col("is_synthetic") == is_synthetic) for is_synthetic in (True, False))
    if synthetic.is_empty() or real.is_empty():
        return []
    rarer = min(synthetic, real, key=lambda rows: rows["rows"].sum())
    named: list[str] = []
    for name, column, source_id in rarer.select("table", "column", "source_id").iter_rows():
        keys = schemas.TABLES.get(name, schemas.Observation).primary_key() or ["area_code", "year"]
        rows = tables[name].filter(pl.col(column) == source_id).select(keys).head(_ROWS_NAMED)
        named += [
            _of_another_kind(f"{name} {' '.join(map(str, row))}", source_id, is_synthetic=rarer is synthetic)
            for row in rows.iter_rows()
        ]
    return named[:_ROWS_NAMED]


def _of_another_kind(record: str, source_id: str, *, is_synthetic: bool) -> str:
    if is_synthetic:
        return _(
            "{record}: its source {source} is synthetic; expected: a real source, as in the other records; real and "
            "synthetic records never mix in one edition",
            record=record,
            source=shown(source_id),
        )
    return _(
        "{record}: its source {source} is real; expected: a synthetic source, as in the other records; real and "
        "synthetic records never mix in one edition",
        record=record,
        source=shown(source_id),
    )


def is_synthetic(tables: Tables) -> bool:
    """Whether the records are made up: all of them cite synthetic sources, as the promise above keeps them apart."""
    return bool(_cited_kinds(tables)["is_synthetic"].any())


def _cited_kinds(tables: Tables) -> pl.DataFrame:
    """Each source that a column of a table cites: table, column, source_id, rows, is_synthetic."""
    cited = [
        tables[name]
        .group_by(source_id=column)
        .agg(rows=pl.len())
        .drop_nulls("source_id")
        .select(pl.lit(name).alias("table"), pl.lit(column).alias("column"), "source_id", "rows")
        for name in sorted(tables)
        if name not in (*REFERENCE_TABLES, *_REPEATING_TABLES)
        for column in ("source_id", "source_id_2")
        if column in tables[name].columns
    ]
    kinds = tables["dim_source"].select("source_id", is_synthetic=pl.col("kind") == SYNTHETIC)
    return pl.concat(cited).join(kinds, on="source_id", validate="m:1").sort("table", "column", "source_id")


CHECKS: tuple[Callable[[Tables], list[str]], ...] = (
    every_source_exists,
    every_area_exists,
    every_reference_exists,
    every_state_is_in_one_group,
    groups_belong_to_their_scheme,
    participation_does_not_overlap,
    stated_responses_are_counted,
    responses_come_once,
    answers_have_a_response,
    questions_follow_older_ones,
    parts_are_not_more_than_the_whole,
    group_counts_are_not_more_than_their_states,
    open_values_are_kept,
    every_text_is_in_every_language,
    every_code_has_its_words,
    real_and_synthetic_are_apart,
)


CHECKS_OF_PARTS = (
    every_source_exists,
    every_area_exists,
    every_reference_exists,
    parts_are_not_more_than_the_whole,
)


def check_part(part: Tables, tables: Tables) -> None:
    """PromisesBroken with every breach by the rows of ``part``, which holds some of the training events whole."""
    around = {name: tables[name] for name in ("dim_source", "dim_area", "dim_programme", "dim_scheme")}
    if findings := [finding for check in CHECKS_OF_PARTS for finding in check({**around, **part})]:
        raise PromisesBroken(findings)


def check_promises(tables: Tables) -> None:
    """PromisesBroken with every breach; ``tables`` are those of the edition and ``open_observations``."""
    if findings := [finding for check in CHECKS for finding in check(tables)]:
        raise PromisesBroken(findings)


def _orphans(tables: Tables, name: str, column: str, parent: str, parent_key: str) -> list[str]:
    orphans = (
        tables[name]
        .select(pl.col(column).alias(parent_key))
        .drop_nulls()
        .unique()
        .join(tables[parent], on=parent_key, how="anti")
        .sort(parent_key)
    )
    return [
        _(
            '{table}, column {column}: "{value}" is not in {parent}',
            table=name,
            column=column,
            value=shown(value),
            parent=parent,
        )
        for value in orphans[parent_key]
    ]
