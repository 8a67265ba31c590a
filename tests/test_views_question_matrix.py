"""State × question: each kind of answer and of change on four states and three questionnaires, small enough for the eye."""

import re
from collections import Counter
from collections.abc import Callable
from functools import partial
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl

import polars as pl
import pytest

from dashboard.charts.matrix import Cell
from dashboard.charts.wordings import marked_changes
from dashboard.exports.downloads import view_csv
from dashboard.i18n import LANGUAGES, in_language
from dashboard.queries import questionnaires as queries
from dashboard.selection import Choices, Problem, Selection, address, from_parameters, to_parameters
from dashboard.views import VIEWS, Markup, View, records
from dashboard.views import questionnaires as page
from dashboard.views.behind import Behind
from dashboard.views.questionnaires.answer_states import marks, state_of_answer
from dashboard.views.questionnaires.links import CHANGES, change_marks
from pipelines import build, editions
from tests.conftest import AS_OF, make_tiny_data

OWN = ("questions", "question", "change", "wording", "changes")
ROUNDS = """\
round_id,name,meeting,meeting_id,year,issued_by,form_family,series_code,respondent_kind,responses_stated,is_responders_named,is_list_complete,source_id,note,text_lang
A2010,Form,,,2010,OAS,oas,A,states,2,true,true,oas_report,,en
A2014,Form,,,2014,OAS,oas,A,states,3,true,false,oas_report,,en
A2018,Form,,,2018,OAS,oas,A,states,2,true,false,oas_report,,en
B2016,Foreign form,,,2016,Other body,other_body,B,states,,false,false,oas_report,,en
"""
QUESTIONS = """\
question_id,round_id,topic,pillar,wording,previous_question_id,text_lang
A2010-01,A2010,legislation,prosecution,Is there a law?,,en
A2010-02,A2010,victim data,protection,How many victims were found?,,en
A2010-03,A2010,policy,prevention,What is done?,,en
A2010-05,A2010,policy,prevention,Is there a plan?,,en
A2010-06,A2010,policy,prevention,Is there a hotline?,,en
A2014-01,A2014,legislation,prosecution,Is there  a LAW?,A2010-01,en
A2014-02,A2014,victim data,protection,How many victims were found?,A2010-02,en
A2014-03,A2014,policy,prevention,What is done?,A2010-03,en
A2014-05,A2014,policy,prevention,Is there a plan?,A2010-05,en
A2014-06,A2014,policy,prevention,Is there a hotline?,A2010-06,en
A2014-07,A2014,policy,prevention,Is there a fund?,,en
A2018-01,A2018,legislation,prosecution,Is there a law on trafficking?,A2014-01,en
A2018-05,A2018,policy,prevention,¿Hay un plan?,A2014-05,es
A2018-06,A2018,policy,prevention,Is there a hotline?,A2014-06,en
B2016-01,B2016,legislation,prosecution,Is there a law?,,en
"""
RESPONSES = """\
response_id,round_id,country,year,response_status,source_id,note,text_lang
R1,A2010,BHS,2010,returned,oas_report,,en
R2,A2010,BRA,2010,not_received,oas_report,,en
R3,A2010,BRB,2010,returned,oas_report,,en
R4,A2010,CHL,2010,not_asked,oas_report,,en
R5,A2014,BHS,2014,returned,oas_report,,en
R6,A2014,BRA,2014,returned,oas_report,,en
R7,A2014,BRB,2014,returned,oas_report,,en
R8,A2018,BHS,2018,returned,oas_report,,en
R9,A2018,BRB,2018,returned,oas_report,,en
R10,B2016,BHS,2016,returned,oas_report,,en
"""
ANSWERS = """\
answer_id,question_id,country,scope,answer,value,unit,has_small_parts,source_id,note,text_lang
Q01,A2010-01,BHS,country,No,,,false,oas_report,,en
Q02,A2010-01,BRB,country,"Yes, by an Act",2010,year,false,oas_report,,en
Q03,A2010-02,BHS,country,7 found,7,victims,false,oas_report,Seen by few,en
Q04,A2010-02,BRB,country,20 found,20,victims,false,oas_report,,en
Q05,A2010-03,BHS,country,Raids and talks,,,false,oas_report,,en
Q06,A2010-03,BRB,country,Raids,,,false,oas_report,,en
Q07,A2010-05,BHS,country,Yes,,,false,oas_report,,en
Q08,A2010-05,BRB,country,Yes,,,false,oas_report,,en
Q09,A2010-06,BRB,country,Yes,,,false,oas_report,,en
Q11,A2014-01,BHS,country,"Partly, in a bill",,,false,oas_report,,en
Q12,A2014-01,BRA,country,Yes,,,false,oas_report,,en
Q13,A2014-02,BHS,country,30 found,30,victims,false,oas_report,,en
Q14,A2014-02,BRB,country,25 found,25,victims,false,oas_report,,en
Q15,A2014-03,BHS,country,Raids  and talks,,,false,oas_report,,en
Q16,A2014-03,BRB,country,<b>Talks</b>,,,false,oas_report,,en
Q17,A2014-03,BRA,country,Talleres para la policía,,,false,oas_report,,es
Q18,A2014-05,BHS,country,"Yes, the second",,,false,oas_report,,en
Q19,A2014-05,BRB,country,No,,,false,oas_report,,en
Q20,A2014-07,,all responders,Yes in all,,,false,oas_report,,en
Q21,A2018-01,BHS,country,Yes,,,false,oas_report,,en
Q22,A2018-05,BHS,country,Sí,,,false,oas_report,,es
Q23,A2018-06,BRB,country,Yes,,,false,oas_report,,en
Q24,B2016-01,BHS,country,Yes,,,false,oas_report,,en
"""


@pytest.fixture(scope="module")
def handmade_edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an edition of three OAS questionnaires and one of another body, made by hand; for reading only."""
    folder = tmp_path_factory.mktemp("questions")
    data = make_tiny_data(folder)
    for table, rows in (
        ("rounds", ROUNDS), ("questions", QUESTIONS), ("responses", RESPONSES), ("answers", ANSWERS),
    ):  # fmt: skip
        (data / "registry" / f"questionnaire_{table}.csv").write_text(rows, encoding="utf-8")
    texts = data / "catalog" / "texts"
    with (texts / "en.csv").open("a", encoding="utf-8") as file:
        file.write("x1,fct_answer.answer,Raids and talks\n")
    for lang, words in (("es", "Redadas y charlas"), ("pt", "Operações e palestras"), ("fr", "Descentes et causeries")):
        with (texts / f"{lang}.csv").open("a", encoding="utf-8") as file:
            file.write(f"x1,{words},translated\n")
    build.build(data, folder / "editions", as_of=AS_OF)
    return editions.resolve(None, folder / "editions")


@pytest.fixture
def handmade(handmade_edition: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The dashboard reads the edition made by hand."""
    monkeypatch.setenv("PANORAMA_EDITIONS", str(handmade_edition.parent))
    monkeypatch.delenv("PANORAMA_HIDE_NOT_RECEIVED", raising=False)


def show(name: str, **chosen: object) -> View:
    return VIEWS[f"questionnaires.{name}"](Selection().but(**chosen))


def html(view: View) -> str:
    assert isinstance(view.figure, Markup)
    return view.figure.html


def states(view: View, question: str) -> dict[str, str]:
    rows = view.table.filter(pl.col("question_id") == question)
    return dict(rows.select("area_code", "state").iter_rows())


def changes(question: str) -> dict[str, str]:
    table = show("change", question=question).table.filter(pl.col("later_id") == question)
    return dict(table.select("area_code", "kind").iter_rows())


@pytest.mark.parametrize(
    ("answer", "value", "unit", "lang", "state"),
    [
        ("Yes", None, None, "en", "yes"),
        ("Yes, by Act 3", 2010, "year", "en", "yes"),
        ("Yesterday a law was passed", None, None, "en", "text"),
        ("yes", None, None, "es", "text"),
        ("Sí, desde 2010", None, None, "es", "yes"),
        ("Si bien no hay ley, hay un plan", None, None, "es", "text"),
        ("Sim", None, None, "pt", "yes"),
        ("Não, ainda não", None, None, "pt", "no"),
        ("Oui (en partie)", None, None, "fr", "yes"),
        ("En partie, par décret", None, None, "fr", "partly"),
        ("No.", None, None, "en", "no"),
        ("No, not yet", None, None, "en", "no"),
        ("No. 7 of 2023, replacing an older act", None, None, "en", "text"),
        ("No law was found", None, None, "en", "text"),
        ("Not at all", None, None, "en", "text"),
        ("Partially", None, None, "en", "partly"),
        ("Synthetic answer: in part", None, None, "en", "partly"),
        ("In force: yes in two regions", None, None, "en", "text"),
        ("Trafficking Act 2010", 2010, "year", "en", "text"),
        ("1994", 1994, "year", "en", "number"),
        (None, 1994, "year", "en", "number"),
        ("More than 10,000", 10000, "officials", "en", "number"),
        ("80 per cent of 111 measures", 80, "per cent", "en", "number"),
        ("None so far", 0, "cases", "en", "number"),
        ("Task Force since 2005 with three sub-committees", 3, "sub-committees", "en", "text"),
        ("Workshops", None, None, "en", "text"),
    ],
)
def test_an_answer_is_classed_by_how_it_begins(
    answer: str | None, value: float | None, unit: str | None, lang: str, state: str
) -> None:
    assert state_of_answer(answer, value, unit, "A", lang) == state


def test_a_suppressed_answer_is_nothing_else() -> None:
    assert state_of_answer(None, None, "victims", "Q", "en") == "suppressed"


@pytest.mark.usefixtures("handmade")
def test_each_way_of_standing_to_a_question_is_told_apart() -> None:
    first, second, third = (show("questions", round=one) for one in ("A2010", "A2014", "A2018"))
    assert states(first, "A2010-01") == {"BHS": "no", "BRA": "not_received", "BRB": "yes", "CHL": "not_asked"}
    assert states(first, "A2010-02") == {
        "BHS": "suppressed",
        "BRA": "not_received",
        "BRB": "number",
        "CHL": "not_asked",
    }
    assert states(second, "A2014-01") == {"BHS": "partly", "BRA": "yes", "BRB": "unanswered", "CHL": "not_stated"}
    assert states(second, "A2014-03") == {"BHS": "text", "BRA": "text", "BRB": "text", "CHL": "not_stated"}
    assert states(third, "A2018-01") == {
        "BHS": "yes",
        "BRA": "not_stated",
        "BRB": "unanswered",
        "CHL": "not_taking_part",
    }


@pytest.mark.usefixtures("handmade")
def test_marks_differ_in_sign_or_pattern_and_stand_in_the_legend_only_when_they_occur() -> None:
    known = marks() | change_marks()
    assert len({(cell.kind, cell.sign) for cell in known.values()}) == len(known)
    assert len({cell.words for cell in known.values()}) == len(known)
    view = show("questions", round="A2010")
    legend = html(view).partition("</ul>")[0]
    occurring = set(view.table["state"])
    assert occurring == {"no", "yes", "suppressed", "number", "text", "unanswered", "not_received", "not_asked"}
    said = re.findall(r"</i>([^<]+)</li>", legend)
    assert said == [cell.words for state, cell in marks().items() if state in occurring]


@pytest.mark.usefixtures("handmade")
def test_the_figure_is_the_sign_of_its_cell_and_every_answer_leads_to_its_record() -> None:
    drawn = html(show("questions", round="A2010"))
    assert '<i class="pn-mark pn-mark-figure" aria-hidden="true">20</i>' in drawn
    links = re.findall(r'<td title="[^"]*"><a href="(/records[^"]+)"', drawn)
    assert len(links) == 9
    assert all("of=answers" in link and "question=A2010-0" in link and "area=" in link for link in links)


@pytest.mark.usefixtures("handmade")
def test_the_links_of_a_matrix_are_one_stop_for_the_keyboard() -> None:
    for view in (show("questions", round="A2010"), show("change", question="A2014-01")):
        walked = html(view).partition("data-tiles")[2]
        assert walked.partition("</table>")[0].count("<a ") > 4
        assert "Arrow keys" in walked
        assert not re.search(r"<table[^>]*>.*<table", walked)


@pytest.mark.usefixtures("handmade")
def test_a_state_without_any_answer_has_one_line_that_says_why() -> None:
    drawn = html(show("questions", round="A2010"))
    brazil = re.search(r">Brazil</a></th>(.*?)</tr>", drawn)
    assert brazil
    assert brazil[1].count("<td") == 1
    assert 'colspan="5"' in brazil[1]
    assert "not received by October 2012" in brazil[1]


@pytest.mark.usefixtures("handmade")
def test_states_stand_by_name_within_the_groups_of_the_scheme() -> None:
    def order(scheme: str) -> list[str]:
        return re.findall(
            r'scope="row(?:group)?"[^>]*>(?:<a[^>]*>)?([^<]+)', html(show("questions", round="A2010", scheme=scheme))
        )

    assert order("oas") == ["Caribbean", "Bahamas", "Barbados", "South America", "Brazil", "Chile"]
    assert order("caricom")[1:3] == ["Bahamas", "Barbados"]


@pytest.mark.usefixtures("handmade")
def test_only_the_topic_chosen_is_shown() -> None:
    view = show("questions", round="A2010", topic="legislation")
    assert set(view.table["question_id"]) == {"A2010-01"}
    assert "2 states have an answer of their own on record; 1 of the 1 questions" in view.takeaway
    assert show("questions", round="A2010", topic="nothing").empty


@pytest.mark.usefixtures("handmade")
def test_without_a_choice_the_newest_oas_questionnaire_is_shown_and_named_in_the_link() -> None:
    view = show("questions")
    assert dict(view.options) == {"round": "A2018", "question": ""}
    assert page.round_of_choice(Selection()) == "A2018"
    assert page.round_of_choice(Selection(last_year=2012)) == "A2010"
    assert page.round_of_choice(Selection(first_year=2016, last_year=2016)) == "B2016"
    assert show("questions", first_year=1950, last_year=1951).empty


@pytest.mark.usefixtures("handmade")
@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("A2014-01", {"BHS": "gained", "BRA": "first", "BRB": "no_longer", "CHL": ""}),
        ("A2014-02", {"BHS": "not_compared", "BRA": "", "BRB": "differs", "CHL": ""}),
        ("A2014-03", {"BHS": "kept", "BRA": "first", "BRB": "differs", "CHL": ""}),
        ("A2014-05", {"BHS": "kept", "BRA": "", "BRB": "lost", "CHL": ""}),
        ("A2014-06", {"BHS": "", "BRA": "", "BRB": "no_longer", "CHL": ""}),
        ("A2018-06", {"BHS": "", "BRA": "", "BRB": "again", "CHL": ""}),
        ("A2018-01", {"BHS": "not_compared", "BRA": "not_compared", "BRB": "", "CHL": ""}),
        ("A2018-05", {"BHS": "not_compared", "BRA": "", "BRB": "not_compared", "CHL": ""}),
    ],
)
def test_each_kind_of_change_is_told_only_between_questions_worded_alike(
    question: str, expected: dict[str, str]
) -> None:
    assert changes(question) == expected


@pytest.mark.usefixtures("handmade")
def test_every_kind_of_change_occurs_in_the_handmade_records() -> None:
    found = {
        kind for question in ("A2014-01", "A2014-02", "A2014-05", "A2018-06") for kind in changes(question).values()
    }
    assert found - {""} == set(CHANGES)


@pytest.mark.usefixtures("handmade")
def test_where_the_wording_changed_the_chart_says_so_and_shows_both() -> None:
    view = show("change", question="A2018-01")
    assert "The wording of the question changed, so no change is claimed." in html(view)
    assert "Is there  a LAW?" in view.notes[0]
    assert "Is there a law on trafficking?" in view.notes[0]
    # the newest pair that may be compared is the one before
    assert "gained: 1" in view.takeaway
    assert "recorded in different languages" in html(show("change", question="A2018-05"))


@pytest.mark.usefixtures("handmade")
def test_nothing_joins_two_questionnaires() -> None:
    drawn = html(show("change", question="A2010-06"))
    assert re.findall(r'<th scope="col" class="pn-step-(\w+)"', drawn) == [
        "round",
        "change",
        "round",
        "change",
        "round",
    ]
    assert "Change since 2010" in drawn
    assert "<svg" not in drawn


@pytest.mark.usefixtures("handmade")
def test_a_question_of_another_body_is_never_set_against_one_of_the_oas() -> None:
    for question in ("A2010-01", "A2014-01", "A2018-01"):
        assert queries.question_chain(question)["question_id"].to_list() == ["A2010-01", "A2014-01", "A2018-01"]
    assert queries.question_chain("B2016-01")["question_id"].to_list() == ["B2016-01"]
    assert show("change", question="B2016-01").empty
    assert any("not OAS questionnaires" in note for note in show("question", question="B2016-01").notes)


@pytest.mark.usefixtures("handmade")
def test_the_wordings_stand_side_by_side_with_what_changed_marked() -> None:
    view = show("wording", question="A2014-01")
    assert view.table["remark"].to_list() == [
        "The first on record.",
        "Worded as before.",
        "The wording of the question changed, so no change is claimed.",
    ]
    assert html(view).count("<section>") == 3
    assert html(view).count("<ins>") == 1
    assert "wording changed 1 time, of 2" in view.takeaway
    assert show("wording", question="A2014-06").takeaway == "The wording is the same in all 3 questionnaires."


def test_words_that_are_new_and_words_that_went_are_marked_and_escaped() -> None:
    drawn = re.sub(
        r'<span class="pn-unseen">[^<]*</span>', "", marked_changes("Is there a law?", "Is there <b>no law?")
    )
    assert drawn == "Is there <del>a</del> <ins>&lt;b&gt;no</ins> law?"
    assert marked_changes("", "A <i>new</i> one") == "A &lt;i&gt;new&lt;/i&gt; one"


@pytest.mark.usefixtures("handmade")
def test_counts_of_change_lead_to_the_answers_before_and_after() -> None:
    view = show("changes", round="A2014")
    row = view.table.filter(pl.col("question_id") == "A2014-01").row(0, named=True)
    assert {kind: row[kind] for kind in CHANGES} == {
        "gained": 1, "kept": 0, "lost": 0, "differs": 0, "first": 1, "again": 0, "no_longer": 1, "not_compared": 0,
    }  # fmt: skip
    assert (
        view.takeaway
        == "5 questions were asked before in the same words; answers of states to them: gained 1, kept 2, lost 1."
    )
    links = [dict(parse_qsl(unescape(link))) for link in re.findall(r'href="/records\?([^"]+)"', html(view))]
    gained = next(link for link in links if link["area"] == "BHS" and link["question"] == "A2010-01,A2014-01")
    where = tuple((name, gained[name]) for name in ("area", "counting", "question", "year"))
    behind_it = records.rows(Selection(of="answers", where=where))
    assert behind_it.table["record"].sort().to_list() == ["Q01", "Q11"]
    assert "counts 1 state" in behind_it.takeaway
    anew = show("changes", round="A2018", topic="legislation")
    assert "worded anew" in anew.takeaway
    assert anew.table.row(0, named=True)["gained"] is None
    assert "no change is claimed" in html(anew)
    assert "link no question" in show("changes", round="A2010").empty


@pytest.mark.usefixtures("handmade")
def test_the_page_of_a_question_has_every_answer_in_full_and_every_other_state_with_its_reason() -> None:
    view = show("question", question="A2014-03")
    assert view.title == "3. What is done?"
    drawn = html(view)
    assert '<q lang="es">Talleres para la policía</q> <span class="pn-tr">(in Spanish)</span>' in drawn
    assert "No wording in your language is on record." in drawn
    assert "&lt;b&gt;Talks&lt;/b&gt;" in drawn
    assert "<b>Talks" not in drawn
    assert ">Chile</a>" in drawn
    assert Counter(view.table["said_lang"]) == {"in English": 2, "in Spanish": 1, None: 1}
    assert any("full text is not held" in note for note in view.notes)
    with in_language("es"):
        spanish = show("question", question="A2014-03", lang="es")
        assert '<q lang="en">Raids  and talks</q>' in html(spanish)


@pytest.mark.usefixtures("handmade")
def test_our_translation_stands_beside_the_recorded_answer_and_is_marked() -> None:
    with in_language("es"):
        drawn = html(show("question", question="A2010-03", lang="es"))
    assert '<q lang="en">Raids and talks</q>' in drawn
    assert re.search(r'Redadas y charlas<span class="pn-tr" title="[^"]+">°</span>', drawn)


@pytest.mark.usefixtures("handmade")
def test_an_answer_for_all_responders_stands_apart_from_those_of_states() -> None:
    view = show("question", question="A2014-07")
    assert "answered for all responders together, not state by state" in view.takeaway
    assert "Answers given for all responders together" in html(view)
    assert view.table.filter(pl.col("area_code").is_null())["state"].to_list() == ["yes"]
    assert "A2014-07" not in show("questions", round="A2014").table["question_id"].to_list()


@pytest.mark.usefixtures("handmade")
def test_nothing_of_a_suppressed_count_leaves_the_server() -> None:
    for name in ("questions", "question", "change"):
        view = show(name, question="A2010-02") if name != "questions" else show(name, round="A2010")
        said = " ".join([view.takeaway, *view.notes, html(view), view_csv(view)])
        assert "7 found" not in said
        assert "Seen by few" not in said
        assert "suppressed: fewer than 10" in said


@pytest.mark.usefixtures("handmade")
def test_the_setting_leaves_no_trace_of_whose_reply_was_not_received(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PANORAMA_HIDE_NOT_RECEIVED", "1")
    view = show("questions", round="A2010")
    assert set(view.table["area_code"]) == {"BHS", "BRB"}, "every other state's standing is known: the rest would tell"
    assert set(view.table["state"]) <= {"yes", "no", "number", "text", "suppressed", "untold"}
    for name in ("questions", "question", "change"):
        shown = show(name, round="A2010", **({} if name == "questions" else {"question": "A2010-01"}))
        said = " ".join([shown.title, shown.takeaway, *shown.notes, html(shown), view_csv(shown)])
        assert "not received by" not in said, name
        assert "status=not_received" not in said, name
        if name != "change":  # Brazil answered the later questionnaire
            assert "Brazil" not in said, name


@pytest.mark.usefixtures("handmade")
def test_a_question_names_its_round_and_leads_on() -> None:
    choices = page.question_choices(Selection(round="A2014", topic="legislation"))
    assert list(choices) == ["", "A2014-01"]
    assert [href.partition("question=")[2] for _words, href in page.steps(Selection(question="A2010-01"))] == [
        "",
        "A2010-02",
    ]
    assert page.has_other_rounds(Selection(question="A2010-01"))
    assert not page.has_other_rounds(Selection(question="A2014-07"))


def listed(one: Behind) -> View:
    """The page of the records behind a figure."""
    return records.rows(Selection(of=one.of, where=one.where))


@pytest.mark.usefixtures("handmade")
@pytest.mark.parametrize(
    ("name", "chosen", "column", "key"),
    [
        ("questions", {"round": "A2010"}, "said", "answer_id"),
        ("question", {"question": "A2014-03"}, "said", "answer_id"),
        ("answers", {"round": "A2014"}, "answer", "answer_id"),
    ],
)
def test_a_cell_leads_to_the_one_answer_it_shows(name: str, chosen: dict[str, str], column: str, key: str) -> None:
    view = show(name, **chosen)
    behind = next(one.behind for one in view.columns if one.key == column)
    assert behind
    answered = [row for row in view.table.iter_rows(named=True) if row[key]]
    assert answered
    for row in answered:
        one = behind(row)
        assert one
        assert listed(one).table["record"].to_list() == [row[key]]


@pytest.mark.usefixtures("handmade")
def test_a_state_without_an_answer_leads_to_its_return_where_that_is_on_record() -> None:
    view = show("question", question="A2010-01")
    behind = next(one.behind for one in view.columns if one.key == "said")
    assert behind
    found = {row["area_code"]: behind(row) for row in view.table.iter_rows(named=True)}
    assert found["BRA"]
    assert found["CHL"]
    assert listed(found["BRA"]).table["record"].to_list() == ["R2"]
    assert listed(found["CHL"]).table["record"].to_list() == ["R4"]
    link = re.search(r'href="/records\?([^"]+)"><i class="pn-mark pn-mark-zero"', html(view))
    assert link
    assert "area=BRA&amp;round=A2010&amp;status=not_received" in link[1]


@pytest.mark.usefixtures("shipped")
def test_the_counts_of_returns_and_topics_lead_to_as_many_records() -> None:
    for name, key, selection in (
        ("return_rates", "returned", {}),
        ("return_rates", "asked", {}),
        ("topics", "answers_oas", {}),
        ("topics", "answers_other_body", {"first_year": 2010, "last_year": 2014}),
    ):
        view = show(name, **selection)
        behind = next(one.behind for one in view.columns if one.key == key)
        assert behind
        followed = 0
        for row in view.table.iter_rows(named=True):
            if row[key] and (one := behind(row)):
                counted = listed(one).table
                assert counted.height == row[key], (name, key, row)
                followed += 1
        assert followed


@pytest.mark.usefixtures("handmade")
def test_the_tables_are_those_reviewed(assert_golden: Callable[[str, pl.DataFrame], None]) -> None:
    matrix = show("questions", round="A2014").table
    assert_golden(
        "questionnaires_questions", matrix.select("question_id", "area_code", "state", "said", "answer", "figure")
    )
    assert_golden("questionnaires_change", show("change", question="A2014-01").table)


@pytest.mark.usefixtures("handmade")
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", OWN)
@pytest.mark.parametrize(
    "chosen",
    [
        {},
        {"round": "A2014", "topic": "policy", "theme": "dark", "scheme": "caricom"},
        {"question": "A2018-01"},
        {"question": "A2014-07", "first_year": 2016, "last_year": 2016},
        {"round": "B2016"},
        {"round": "unknown", "topic": "unknown"},
        {"question": "unknown"},
        {"first_year": 1950, "last_year": 1951},
    ],
)
def test_every_view_holds_for_every_selection_in_every_language(
    name: str, lang: str, chosen: dict[str, object]
) -> None:
    with in_language(lang):
        view = show(name, lang=lang, **chosen)
        assert view.title
        assert view.empty or view.takeaway
        assert {column.key for column in view.columns} <= set(view.table.columns)
        assert {column.status_key for column in view.columns if column.status_key} <= set(view.table.columns)
        if not view.empty:
            assert view.sources
            assert view_csv(view)


@pytest.mark.parametrize("name", OWN)
@pytest.mark.usefixtures("shipped")
def test_every_view_holds_on_the_shipped_records(name: str) -> None:
    view = show(name)
    assert view.empty or view.table.height
    if name in ("change", "changes", "wording"):
        assert view.empty, "no question of today's records is linked to another"


KNOWN = Choices(
    schemes=("oas",), areas={}, groups={}, group_names={}, indicators=(), rounds=("A2010", "A2014"),
    topics=("legislation", "policy"), editions=(), years=(1990, 2026),
    questions={"A2010-01": ("A2010", "legislation"), "A2014-05": ("A2014", "policy")},
)  # fmt: skip


def test_a_question_in_an_address_brings_its_own_round_and_no_other_topic() -> None:
    read = partial(from_parameters, choices=KNOWN, defaults=Selection(round="A2014", topic="policy"))
    selection, problems = read({"question": "a2010-01", "round": "A2014", "topic": "policy"})
    assert (selection.question, selection.round, selection.topic, problems) == ("A2010-01", "A2010", "", [])
    selection, problems = read({"question": "A2014-05", "topic": "policy"})
    assert (selection.question, selection.round, selection.topic, problems) == ("A2014-05", "A2014", "policy", [])
    assert from_parameters(to_parameters(selection), KNOWN, Selection())[0] == selection
    assert "question=A2014-05" in address("questionnaires", selection)
    assert "question" not in address("training", selection)


def test_an_unknown_question_is_told_with_the_nearest() -> None:
    selection, problems = from_parameters({"question": "A2010-001"}, KNOWN, Selection())
    assert selection == Selection()
    assert problems == [Problem("question", "A2010-001", "A2010-01")]


def test_an_address_that_names_a_round_and_no_question_shows_them_all() -> None:
    chosen = Selection(round="A2014", question="A2014-05")
    assert from_parameters({"round": "A2010"}, KNOWN, chosen)[0].question == ""
    assert from_parameters({"lang": "es"}, KNOWN, chosen)[0].question == "A2014-05"


@pytest.mark.usefixtures("handmade")
def test_a_figure_of_marks_needs_no_colour() -> None:
    assert all(
        isinstance(cell, Cell) and (cell.sign or cell.kind not in ("focus", "none")) for cell in marks().values()
    )
