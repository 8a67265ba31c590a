"""Questionnaires: rates, lists and answers on screen are recounted from the CSV files and keep their forms apart."""

import csv
import re
from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from dashboard import areas
from dashboard.charts.answers import AnswerLine, QuestionBlock, RoundBlock, Said, answer_list
from dashboard.charts.bar_table import Bar, bar_table
from dashboard.exports.downloads import view_csv
from dashboard.i18n import LANGUAGES, in_language
from dashboard.selection import Selection
from dashboard.views import VIEWS, Markup, View
from dashboard.views import questionnaires as page

REGISTRY = Path(__file__).parent.parent / "data" / "registry"
OWN = ("return_rates", "not_received", "matrix", "rounds", "answers", "topics", "other_bodies", "reading")
pytestmark = pytest.mark.usefixtures("shipped")


def read(table: str) -> list[dict[str, str]]:
    with (REGISTRY / f"questionnaire_{table}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def show(name: str, **chosen: object) -> View:
    return VIEWS[f"questionnaires.{name}"](Selection().but(**chosen))


def html(view: View) -> str:
    return view.figure.html if isinstance(view.figure, Markup) else ""


def everything_said(view: View) -> str:
    """All that leaves the server for this view: words, figure and download."""
    return " ".join([view.title, view.takeaway, *view.notes, html(view), view_csv(view)])


def round_title(round_id: str) -> str:
    return page.round_choices(Selection())[round_id]


def standings_of(round_id: str) -> dict[str, str]:
    return {row["country"]: row["response_status"] for row in read("responses") if row["round_id"] == round_id}


def family_of_rounds() -> dict[str, str]:
    return {row["round_id"]: row["form_family"] for row in read("rounds")}


def family_of_questions() -> dict[str, str]:
    families = family_of_rounds()
    return {row["question_id"]: families[row["round_id"]] for row in read("questions")}


def test_the_return_rate_is_recounted_with_its_denominator() -> None:
    standing = Counter(standings_of("Q2012").values())
    view = show("return_rates")
    row = view.table.filter((pl.col("round") == round_title("Q2012")) & (pl.col("area_code") == areas.HEMISPHERE))
    assert row.select("returned", "asked").row(0) == (
        standing["returned"],
        standing["returned"] + standing["not_received"],
    )
    assert row["rate"][0] == pytest.approx(19 / 34)
    assert "19 of 34" in html(view)
    assert any("34 states that were asked; Cuba was not asked" in note for note in view.notes)


@pytest.mark.parametrize("scheme", ["oas", "m49", "caricom", "sica", "mercosur", "can"])
def test_groups_of_a_scheme_add_up_to_the_states_asked(scheme: str) -> None:
    table = show("return_rates", scheme=scheme).table.filter(pl.col("round") == round_title("Q2012"))
    groups = table.filter(pl.col("area_code") != areas.HEMISPHERE)
    assert groups["area_code"].to_list() == areas.groups(scheme)
    assert (groups["returned"].sum(), groups["asked"].sum()) == (19, 34)


def test_rounds_without_a_complete_list_have_no_rate_and_say_why() -> None:
    view = show("return_rates")
    others = [
        row["round_id"] for row in read("rounds") if row["form_family"] == "oas" and row["is_list_complete"] == "false"
    ]
    rows = view.table.filter(pl.col("round") != round_title("Q2012"))
    assert sorted(rows["round"]) == sorted(round_title(round_id) for round_id in others)
    assert rows["rate"].is_null().all()
    assert rows["why"].str.len_chars().min() > 0  # type: ignore[operator]
    replies = dict(rows.select("round", "returned").iter_rows())
    assert replies[round_title("IIN-2014")] == 14
    assert replies[round_title("WP2-2019")] is None, "a round whose responders no source names has no number, not zero"
    assert "Answered by civil society, not by states." in html(view)


def test_no_view_of_oas_forms_holds_a_round_of_another_body() -> None:
    others = {round_title(round_id) for round_id, family in family_of_rounds().items() if family == "other_body"}
    for name in ("return_rates", "matrix"):
        assert not others & set(show(name).table["round"]), name
    assert set(show("other_bodies").table["round"]) <= others


def test_not_received_lists_the_states_that_the_source_does_not_name() -> None:
    view = show("not_received")
    expected = {code for code, status in standings_of("Q2012").items() if status == "not_received"}
    assert view.title == "Not received by October 2012"
    assert set(view.table["area_code"]) == expected
    assert view.table["area_code"].to_list() == [code for code in areas.states() if code in expected]
    assert "15" in view.takeaway
    assert "Cuba" not in html(view), "a state that was not asked is not a missing reply"


def test_the_setting_hides_every_name_but_not_the_number(monkeypatch: pytest.MonkeyPatch) -> None:
    missing = [code for code, status in standings_of("Q2012").items() if status == "not_received"]
    monkeypatch.setenv("PANORAMA_HIDE_NOT_RECEIVED", "1")
    view = show("not_received")
    said = everything_said(view)
    assert not [code for code in missing if areas.name(code) in said or f"area={code}" in said]
    assert view.table.select("n", "asked").row(0) == (15, 34)


def test_the_setting_drops_the_round_whose_other_states_are_the_missing_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PANORAMA_HIDE_NOT_RECEIVED", "1")
    view = show("matrix")
    assert "Q2012" not in view.table["round_id"].to_list()
    assert round_title("Q2012") not in html(view)
    assert f"“{round_title('Q2012')}” is left out: 15 replies were not received" in " ".join(view.notes)
    assert not any("no source seen names a state" in note and round_title("Q2012") in note for note in view.notes)
    families = family_of_rounds()
    returned = {
        row["country"]
        for row in read("responses")
        if families[row["round_id"]] == "oas"
        and row["round_id"] != "Q2012"
        and row["response_status"] == "returned"
        and any(one["round_id"] == row["round_id"] and one["respondent_kind"] == "states" for one in read("rounds"))
    }
    assert view.takeaway.startswith(f"{len(returned)} of 35 states")


def test_the_setting_joins_a_missing_report_with_those_of_which_nothing_is_stated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chosen = {"first_year": 2021, "last_year": 2021}
    named = {code for code, status in standings_of("ILO-C29").items() if status == "not_received"}
    assert named == {"DMA", "HTI", "LCA"}
    monkeypatch.setenv("PANORAMA_HIDE_NOT_RECEIVED", "1")
    for view in (show("other_bodies"), show("other_bodies", **chosen)):
        rows = view.table.filter(pl.col("round_id") == "ILO-C29")
        assert set(rows["standing"]) == {"returned", "untold"}
        untold = rows.filter(pl.col("standing") == "untold")
        assert named < set(untold["area_code"])
        assert set(untold["said"]) == {"not stated, or not shown on this site"}
        assert untold.select(pl.col("years", "source_id", "note", "vintage").is_null().all()).row(0) == (True,) * 4
        assert "not received by" not in everything_said(view)


def test_the_setting_leaves_out_remarks_that_name_states(monkeypatch: pytest.MonkeyPatch) -> None:
    assert any("Dominica (2018)" in text for text in show("reading").table["text"])
    monkeypatch.setenv("PANORAMA_HIDE_NOT_RECEIVED", "1")
    for view in (show("reading"), VIEWS["sources.caveats"](Selection())):
        assert "Dominica (2018)" not in everything_said(view)
        assert "States whose reply was not received are not named on this site." in view.notes
        assert view.table.height
    kept = VIEWS["sources.caveats"](Selection()).table
    assert kept.filter(pl.col("family") == "questionnaires", pl.col("areas").list.len() > 0).is_empty()
    assert "contradiction-18" in kept["caveat_id"].to_list(), "remarks on other subjects stay with their states"


def test_a_round_without_a_complete_list_falls_back_and_says_so() -> None:
    view = show("not_received", round="IIN-2014")
    assert view.table.height == 15
    assert "the newest for which they are is shown" in view.notes[0]


def test_the_matrix_has_every_state_and_every_standing_on_record() -> None:
    table = show("matrix").table
    families = family_of_rounds()
    expected = {
        (row["country"], row["round_id"], row["response_status"])
        for row in read("responses")
        if families[row["round_id"]] == "oas"
    }
    known = table.filter(~pl.col("standing").is_in(["not_stated", "not_taking_part"]))
    assert set(known.select("area_code", "round_id", "standing").iter_rows()) == expected
    assert table["area_code"].unique(maintain_order=True).to_list() == areas.states()
    cuba = dict(table.filter(pl.col("area_code") == "CUB").select("round_id", "standing").iter_rows())
    assert cuba["Q2012"] == "not_asked"
    assert cuba["IIN-2014"] == "not_taking_part"
    assert (
        dict(table.filter(pl.col("area_code") == "HTI").select("round_id", "standing").iter_rows())["IIN-2014"]
        == "not_stated"
    )


def test_the_matrix_marks_each_cell_and_names_what_it_leaves_out() -> None:
    view = show("matrix")
    marks = Counter(re.findall(r'<td[^>]*>(?:<a [^>]*>)?<i class="pn-mark pn-mark-(\w+)"', html(view)))
    standing = Counter(view.table["standing"])
    assert marks == {
        "focus": standing["returned"],
        "zero": 15,
        "unasked": 1,
        "outside": standing["not_taking_part"],
        "missing": standing["not_stated"],
    }
    assert "not received by October 2012" in html(view)
    assert any(round_title("CIM-2001") in note and "civil society" in note for note in view.notes)
    assert any(round_title("WP2-2019") in note for note in view.notes)


def test_a_reply_to_a_continuing_mechanism_belongs_to_its_own_year() -> None:
    expected = {
        row["country"]
        for row in read("responses")
        if row["round_id"] == "ILO-C29" and row["response_status"] == "returned" and row["year"] == "2020"
    }
    table = show("other_bodies", first_year=2020, last_year=2020).table
    assert set(table.filter(pl.col("standing") == "returned")["area_code"]) == expected


def test_all_rounds_are_listed_oas_forms_first() -> None:
    table = show("rounds").table
    assert sorted(table["round_id"]) == sorted(row["round_id"] for row in read("rounds"))
    assert table["form_family"].is_sorted()
    stated = table.filter(pl.col("round_id") == "MESECVI-1")
    assert stated.select("responses_stated", "stated_status", "named").row(0) == (None, "O", "only 1 seen")


def test_every_answer_is_shown_once_under_its_own_form() -> None:
    families = family_of_questions()
    views = [show("answers", round=row["round_id"]) for row in read("rounds")]
    found = [row for view in views if not view.empty for row in view.table.iter_rows(named=True)]
    assert sorted(row["answer_id"] for row in found) == sorted(row["answer_id"] for row in read("answers"))
    assert all(families[row["question_id"]] == row["form_family"] for row in found)


def test_the_answers_on_a_topic_are_those_of_all_questionnaires_oas_forms_first() -> None:
    view = show("answers", topic="legislation")
    topics = {row["question_id"]: row["topic"] for row in read("questions")}
    expected = [row for row in read("answers") if topics[row["question_id"]] == "legislation"]
    assert sorted(view.table["answer_id"]) == sorted(row["answer_id"] for row in expected)
    counted = Counter(family_of_questions()[row["question_id"]] for row in expected)
    assert str(counted["oas"]) in view.takeaway
    assert str(counted["other_body"]) in view.takeaway
    assert html(view).index("OAS questionnaires: answers of states") < html(view).index(
        "Questionnaires of other bodies"
    )


def test_without_a_choice_only_the_questionnaire_with_most_to_read_is_shown() -> None:
    for name in ("answers", "questions"):
        view = show(name)
        assert view.options["round"] == "Q2012"
        assert set(view.table["question_id"].str.head(5)) == {"Q2012"}


def test_suppressed_answers_show_the_word_and_nothing_of_the_number() -> None:
    view = show("answers", round="GLOTIP-2018", topic="victim data")
    hidden = view.table.filter(pl.col("answer_status") == "Q")
    assert hidden["answer_id"].to_list() == ["QA047", "QA048"]
    assert hidden.select("answer", "figure", "note").row(0) == (None, None, None)
    assert html(view).count("suppressed: fewer than 10") == 2 * hidden.height
    assert "all female" not in everything_said(view)
    assert any("2 answers are suppressed" in note for note in view.notes)
    assert any("detected and reported, not those that occurred" in note for note in view.notes)
    assert "Q suppressed: fewer than 10" in view_csv(view)


def test_answers_on_training_are_never_oas_training() -> None:
    with_training = show("answers", topic="training")
    assert any("It is not OAS training" in note for note in with_training.notes)
    assert (
        html(with_training).count("national training, not OAS training")
        == with_training.table["question_id"].n_unique()
    )
    assert not any("OAS training" in note for note in show("answers", topic="treaty").notes)


def test_answers_for_all_responders_belong_to_no_state() -> None:
    view = show("answers", round="WP2-2019")
    assert view.table["area_code"].is_null().all()
    assert view.table["given_for"].unique().to_list() == ["reporting countries"]
    assert "answers given for all responders together" in html(view)
    assert "answers of states" not in html(view)
    assert "/country?" not in html(view)


def test_figures_are_written_in_the_readers_way_and_years_as_years() -> None:
    assert "236,458 people" in html(show("answers", topic="training"))
    assert "2,0" not in html(show("answers", round="MESECVI-2"))
    with in_language("es"):
        assert "96,15" in html(show("answers", round="ILO-C29", topic="national plan", lang="es"))
    with in_language("fr"):
        assert "96,15" in html(show("answers", round="ILO-C29", topic="national plan", lang="fr"))


def test_topics_count_answers_and_states_by_form() -> None:
    topic_of = {row["question_id"]: row["topic"] for row in read("questions")}
    families = family_of_questions()
    answers = Counter((topic_of[row["question_id"]], families[row["question_id"]]) for row in read("answers"))
    states = {
        key: len(
            {
                row["country"]
                for row in read("answers")
                if row["country"] and (topic_of[row["question_id"]], families[row["question_id"]]) == key
            }
        )
        for key in answers
    }
    table = show("topics").table
    assert set(table["topic_code"]) == {topic for topic, _family in answers}
    for row in table.iter_rows(named=True):
        for family in page.FAMILIES:
            key = (row["topic_code"], family)
            assert row[f"answers_{family}"] == answers[key]
            assert row[f"states_{family}"] == states.get(key, 0)


def test_choices_offer_only_what_has_answers() -> None:
    assert set(page.topic_choices(Selection(round="SUMMIT-2012"))) == {"", "legislation", "training", "coordination"}
    assert "treaty" in page.topic_choices(Selection(round="SUMMIT-2012", topic="treaty")), (
        "an address may name it all the same"
    )
    assert set(page.round_choices(Selection())) == {row["round_id"] for row in read("rounds")}
    # a topic of another questionnaire would leave nothing to read
    assert "treaty" not in page.topic_choices(Selection())
    assert "legislation" in page.topic_choices(Selection())


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", OWN)
@pytest.mark.parametrize(
    "chosen",
    [
        {},
        {"scheme": "mercosur", "theme": "dark", "round": "ILO-C29"},
        {"first_year": 2012, "last_year": 2014, "topic": "training"},
        {"first_year": 1950, "last_year": 1951},
    ],
)
def test_every_view_holds_in_every_language(name: str, lang: str, chosen: dict[str, object]) -> None:
    with in_language(lang):
        view = show(name, lang=lang, **chosen)
        assert view.title
        assert view.empty or view.takeaway
        assert {column.key for column in view.columns} <= set(view.table.columns)
        assert {column.status_key for column in view.columns if column.status_key} <= set(view.table.columns)
        if not view.empty:
            assert view.sources
            assert view_csv(view)


def test_no_number_stands_empty_without_its_status() -> None:
    for name in OWN:
        view = show(name)
        for column in view.columns:
            if column.kind in ("number", "percent") and view.table[column.key].null_count():
                empty = view.table.filter(pl.col(column.key).is_null())
                assert column.status_key, (name, column.key)
                assert empty[column.status_key].is_in(["O", "L", "M", "Q"]).all(), (name, column.key)


def test_years_without_a_questionnaire_say_so() -> None:
    years = {"first_year": 1950, "last_year": 1951}
    assert show("return_rates", **years).empty == "No OAS questionnaire is on record for these years."
    assert show("matrix", **years).empty
    assert show("not_received", **years).empty
    assert show("answers", **years, round="Q2012").empty == "No answer is on record for this choice."
    assert show("rounds", **years).table["round_id"].to_list() == ["ILO-C29"], "a round without a year is never dropped"


def test_views_hold_on_other_records(tiny_edition: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PANORAMA_EDITIONS", str(tiny_edition.parent))
    for name in OWN:
        view = show(name)
        assert view.empty or view.table.height


def test_bars_are_shares_of_the_same_width_and_words_are_escaped() -> None:
    drawn = bar_table(
        [("<North>", "", [Bar(0.5, "1 of 2"), Bar(None, "not asked")])], ["A & B", "C"], corner="Group", caption="Rates"
    ).html
    assert drawn.count("width:50.0%") == 1
    assert "&lt;North&gt;" in drawn
    assert "A &amp; B" in drawn
    assert '<span class="pn-none">not asked</span>' in drawn


def test_answers_are_escaped_and_translations_marked() -> None:
    line = AnswerLine(
        Said("Peru"), "/country", Said("<b>yes</b>", "translated"), "3 axes", Said(""), "doc", "/sources#doc"
    )
    block = RoundBlock(Said("Round"), "1 answer", [QuestionBlock(Said("Is it?"), "policy", "", [line])])
    drawn = answer_list([("Form", [block])], columns=("a", "b", "c", "d", "e"), is_open=False).html
    assert "&lt;b&gt;yes&lt;/b&gt;<span" in drawn
    assert "our translation" in drawn
    assert '<details class="pn-fold"><summary>' in drawn
