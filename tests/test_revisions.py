"""What changed since the previous edition."""

from datetime import date

import polars as pl

from pipelines import schemas
from pipelines.revisions import COMPARED, WHOLE_ROW, revisions


def plans(**titles: str) -> dict[str, pl.DataFrame]:
    rows = [
        {"plan_id": plan_id, "area_code": "CHL", "title": title, "start_year": None, "approved_on": date(2015, 1, 1)}
        for plan_id, title in titles.items()
    ]
    return {"national_plan": pl.DataFrame(rows, schema_overrides={"start_year": pl.Int32})}


def test_a_row_added_can_be_told_by_its_key_alone():
    found = revisions(plans(NP1="a"), plans(NP2="b"), tells_added=False)
    told = found.sort("record_key").select("record_key", "change", pl.col("old_value", "new_value").is_not_null())
    assert told.rows() == [("NP1", "withdrawn", True, False), ("NP2", "added", False, False)]


def test_nothing_differs_between_equal_editions():
    assert revisions(plans(NP1="a"), plans(NP1="a")).is_empty()


def test_a_changed_value_comes_with_both_wordings_its_state_and_the_reason():
    found = revisions(plans(NP1="a", NP2="b"), plans(NP1="a", NP2="c"), "corrected by the source")
    assert found.rows() == [
        ("national_plan", "NP2", "title", "changed", "b", "c", "CHL", "corrected by the source"),
    ]


def test_a_value_that_appears_or_disappears_is_a_change():
    filled = {"national_plan": plans(NP1="a")["national_plan"].with_columns(start_year=pl.lit(2015, pl.Int32))}
    assert revisions(plans(NP1="a"), filled).select("old_value", "new_value").rows() == [(None, "2015")]
    assert revisions(filled, plans(NP1="a")).select("old_value", "new_value").rows() == [("2015", None)]


def test_added_and_withdrawn_rows_come_whole():
    found = revisions(plans(NP1="a"), plans(NP2="b"))
    assert found.select("record_key", "column", "change", "area_code").rows() == [
        ("NP1", WHOLE_ROW, "withdrawn", "CHL"),
        ("NP2", WHOLE_ROW, "added", "CHL"),
    ]
    assert found["old_value"].str.json_path_match("$.title").to_list() == ["a", None]
    assert found["new_value"].str.json_path_match("$.title").to_list() == [None, "b"]


def test_an_observation_is_known_by_its_whole_key(tiny_tables):
    old = tiny_tables["fct_observation"].filter(indicator_id="population", area_code="BRB")
    new = old.with_columns(value=pl.lit(1.0))
    found = revisions({"fct_observation": old}, {"fct_observation": new})
    assert found.select("record_key", "column", "old_value", "new_value", "area_code").rows() == [
        ("population|BRB|year|2010|_T|_T|_T", "value", "274711.0", "1.0", "BRB")
    ]


def test_what_is_suppressed_by_now_is_not_told_as_an_old_value(tiny_tables):
    hidden = pl.col("answer_id") == "QA002"
    old = tiny_tables["fct_answer"]
    new = old.with_columns(
        pl.when(~hidden).then(pl.col("answer", "value")),
        answer_status=pl.when(hidden).then(pl.lit("Q")).otherwise("answer_status"),
    )
    found = revisions({"fct_answer": old}, {"fct_answer": new})
    assert found.select("column", "old_value", "new_value").rows() == [
        ("answer", None, None),
        ("answer_status", "A", "Q"),
        ("value", None, None),
    ]


def test_neither_edition_tells_what_the_other_suppresses(tiny_tables):
    """Backwards, an answer that is suppressed now would otherwise come back as a new value."""
    suppressed = tiny_tables["fct_answer"]
    hidden = pl.col("answer_id") == "QA001"
    told = suppressed.with_columns(
        answer=pl.when(hidden).then(pl.lit("7, all female")).otherwise("answer"),
        value=pl.when(hidden).then(7.0).otherwise("value"),
        note=pl.when(hidden).then(pl.lit("All found in one place")).otherwise("note"),
        answer_status=pl.lit("A"),
    )
    for old, new in ((suppressed, told), (told, suppressed)):
        found = revisions({"fct_answer": old}, {"fct_answer": new}).filter(record_key="QA001")
        values = found.filter(pl.col("column") != "answer_status").select("old_value", "new_value")
        assert values.rows() == [(None, None)] * 3


def test_an_answer_cut_to_its_total_hides_its_parts_on_either_side(tiny_tables):
    cut = tiny_tables["fct_answer"].filter(answer_id="QA002")
    assert cut.select("answer", "value", "note").row(0) == ("16", 16.0, None)
    whole = cut.with_columns(answer=pl.lit("16: 13 from one state"), note=pl.lit("Two were children"))
    assert revisions({"fct_answer": whole}, {"fct_answer": cut}).select("column", "old_value", "new_value").rows() == [
        ("answer", None, "16"),
        ("note", None, None),
    ]
    assert revisions({"fct_answer": cut}, {"fct_answer": whole})["new_value"].to_list() == [None, None]


def test_a_value_suppressed_in_one_edition_is_told_by_none(tiny_tables):
    told = tiny_tables["fct_observation"].filter(indicator_id="population", area_code="BRB")
    hidden = told.with_columns(value=pl.lit(None, pl.Float64), obs_status=pl.lit("Q"))
    for old, new in ((told, hidden), (hidden, told)):
        found = revisions({"fct_observation": old}, {"fct_observation": new}).filter(column="value")
        assert found.select("old_value", "new_value").rows() == [(None, None)] * told.height


def test_a_table_without_a_key_is_compared_by_whole_rows(tiny_tables):
    evidence = tiny_tables["tip_tier_evidence"]
    found = revisions(
        {"tip_tier_evidence": evidence}, {"tip_tier_evidence": evidence.with_columns(value_code=pl.lit("3"))}
    )
    assert found["change"].to_list() == ["withdrawn", "added"] or found["change"].to_list() == ["added", "withdrawn"]
    assert found["area_code"].to_list() == ["BRB", "BRB"]


def test_tables_and_columns_of_one_edition_only_are_not_compared():
    wider = {"national_plan": plans(NP1="a")["national_plan"].with_columns(more=pl.lit("x"))}
    assert revisions({}, plans(NP1="a")).is_empty()
    assert revisions(plans(NP1="a"), wider).is_empty()


def test_a_host_is_told_as_a_change_of_its_event_alone(tiny_tables):
    roles = tiny_tables["fct_training_participation"]
    moved = roles.with_columns(
        area_code=pl.when(role="host", event_id="EV002").then(pl.lit("BRB")).otherwise("area_code")
    )
    fewer = roles.filter(~((pl.col("role") == "participant") & (pl.col("event_id") == "EV004")))
    assert roles.filter(role="host")["event_id"].to_list() == ["EV001", "EV002"]
    assert revisions({"fct_training_participation": roles}, {"fct_training_participation": moved}).is_empty()
    found = revisions({"fct_training_participation": roles}, {"fct_training_participation": fewer})
    assert found.select("record_key", "change").rows() == [("EV004|BHS|participant", "withdrawn")]


def test_all_tables_of_records_are_compared():
    only_restating = {name for name in schemas.TABLES if name.startswith("count_")} | {
        "listed_event",
        "training_audience",
    }
    about_the_build = {"dim_text", "edition", "load_report", "rejected_row", "revision"}
    assert set(schemas.TABLES) - set(COMPARED) == about_the_build | only_restating
