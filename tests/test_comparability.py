"""Whether values compare: each rule with the sentence it says, and what it leaves alone."""

import csv
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import comparability
from dashboard.comparability import Figure, Wording, breaks, common_year, runs, verdicts, wordings, yardstick
from dashboard.i18n import LANGUAGES, in_language

DATA = Path(__file__).parent.parent / "data"
DOMINICA = Figure("DMA", "Dominica", value=10.0, year=2020)
GRENADA = Figure("GRD", "Grenada", value=20.0, year=2020)
SURINAME = Figure("SUR", "Suriname", value=30.0, year=2020)


def rules(figures: list[Figure], indicator_id: str = "") -> dict[str, list[tuple[str, bool]]]:
    """Area -> the rules that speak of it, and whether each keeps it off the scale."""
    return {
        one.figure.area: [(reason.rule, reason.is_apart) for reason in one.reasons]
        for one in verdicts(figures, indicator_id)
    }


def said(figures: list[Figure], area: str, indicator_id: str = "") -> str:
    """What is said of an area, all reasons together."""
    found = next(one for one in verdicts(figures, indicator_id) if one.figure.area == area)
    return " ".join(reason.text for reason in found.reasons)


def test_values_of_one_kind_and_year_compare_without_a_word() -> None:
    assert rules([DOMINICA, GRENADA, SURINAME]) == {"DMA": [], "GRD": [], "SUR": []}


def test_verdicts_keep_the_order_of_the_figures() -> None:
    assert [one.figure.area for one in verdicts([SURINAME, DOMINICA, GRENADA])] == ["SUR", "DMA", "GRD"]


def test_another_year_stands_apart_with_both_years_said() -> None:
    figures = [DOMINICA, GRENADA, replace(SURINAME, year=2014)]
    assert rules(figures) == {"DMA": [], "GRD": [], "SUR": [("year", True)]}
    assert said(figures, "SUR") == "Another year: the value of Suriname is of 2014, the others are of 2020."


def test_of_two_years_the_newer_is_the_measure() -> None:
    assert rules([replace(DOMINICA, year=2014), GRENADA]) == {"DMA": [("year", True)], "GRD": []}


def test_a_number_announced_beforehand_does_not_compare_with_one_reported() -> None:
    announced = replace(SURINAME, basis="announced", basis_words="announced beforehand")
    reported = replace(DOMINICA, basis="reported", basis_words="reported afterwards")
    assert rules([announced, reported]) == {"SUR": [("basis", True)], "DMA": []}
    assert said([announced, reported], "SUR") == (
        "Another kind of number. Suriname: announced beforehand; the others: reported afterwards."
    )


def test_at_least_and_about_are_kinds_of_their_own() -> None:
    kinds = [replace(one, basis=basis) for one, basis in zip((DOMINICA, GRENADA), ("announced", "announced_minimum"), strict=True)]  # fmt: skip
    assert sum(bool(found) for found in rules(kinds).values()) == 1


def test_a_definition_of_its_own_stands_apart_with_the_words_of_the_source() -> None:
    own = replace(SURINAME, remark="counts foreign citizens, not foreign-born", remark_words="cuenta a ciudadanos")
    assert rules([DOMINICA, GRENADA, own]) == {"DMA": [], "GRD": [], "SUR": [("definition", True)]}
    assert "“cuenta a ciudadanos”" in said([DOMINICA, GRENADA, own], "SUR")
    most = [replace(DOMINICA, remark="fiscal year"), replace(GRENADA, remark="fiscal year"), SURINAME]
    assert rules(most)["SUR"] == [("definition", True)]
    assert "of the others “fiscal year”, and not of Suriname" in said(most, "SUR")


@pytest.mark.parametrize("remark", [*sorted(comparability.REMARKS_ON_EVIDENCE), "coverage_by_states", "some_unknown"])
def test_remarks_on_evidence_and_our_own_codes_are_no_definitions(remark: str) -> None:
    assert comparability.definition(remark) == ""
    assert rules([DOMINICA, replace(GRENADA, remark=remark)]) == {"DMA": [], "GRD": []}


def test_every_remark_of_the_shipped_indicators_is_on_evidence_or_on_what_is_counted() -> None:
    with (DATA / "open" / "open_indicators.csv").open(encoding="utf-8") as lines:
        remarks = {row["note"] for row in csv.DictReader(lines)} - {""}
    assert remarks - comparability.REMARKS_ON_EVIDENCE == {
        "counts foreign citizens, not foreign-born",
        "foreign-born includes people born in US territories",
        "fiscal year ending 30 September",
    }
    assert all(comparability.definition(remark) for remark in remarks - comparability.REMARKS_ON_EVIDENCE)


def test_a_group_as_a_whole_does_not_compare_with_single_states() -> None:
    caribbean = Figure("OAS-CAR", "Caribbean", "total", 500.0, year=2020)
    assert rules([DOMINICA, GRENADA, caribbean]) == {"DMA": [], "GRD": [], "OAS-CAR": [("whole", True)]}
    assert said([DOMINICA, caribbean], "OAS-CAR").startswith("Caribbean is a group")
    others = [caribbean, replace(caribbean, area="OAS-SOU", name="South America"), DOMINICA]
    assert rules(others) == {"OAS-CAR": [], "OAS-SOU": [], "DMA": [("whole", True)]}
    assert said(others, "DMA").startswith("Dominica is a single state")


def test_a_state_comes_before_a_group_where_neither_has_company() -> None:
    caribbean = Figure("OAS-CAR", "Caribbean", "total", 500.0, year=2020)
    assert yardstick([caribbean, DOMINICA]) == DOMINICA


def test_a_median_stays_on_the_scale_of_the_states_and_says_what_it_is() -> None:
    median = Figure("OAS-CAR", "Caribbean", "median", 15.0, year=2020, with_value=9, states=16)
    assert rules([DOMINICA, median]) == {"DMA": [], "OAS-CAR": [("median", False)]}
    assert "the median of the 9 of its 16 states with a value" in said([DOMINICA, median], "OAS-CAR")


def test_partial_coverage_is_said_and_full_coverage_is_not() -> None:
    part = Figure("OAS-CAR", "Caribbean", "total", 5.0, year=2020, coverage=0.75)
    full = Figure("OAS-SOU", "South America", "total", 9.0, year=2020, coverage=1.0)
    assert rules([part, full]) == {"OAS-CAR": [("coverage", False)], "OAS-SOU": []}
    assert said([part, full], "OAS-CAR") == "Coverage: the total of Caribbean covers states with 75% of its population."
    by_states = replace(part, remark="coverage_by_states")
    assert said([by_states, full], "OAS-CAR") == "Coverage: the total of Caribbean covers 75% of its states."


@pytest.mark.parametrize(("status", "word"), [("E", "an estimate"), ("P", "provisional")])
def test_estimates_and_provisional_values_are_named(status: str, word: str) -> None:
    figures = [replace(DOMINICA, status=status), GRENADA]
    assert rules(figures) == {"DMA": [("estimate", False)], "GRD": []}
    assert word in said(figures, "DMA")


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        ("O", "No value of Grenada is on record: not reported is not zero."),
        ("L", "Grenada was not asked."),
        ("M", "Not applicable to Grenada."),
        ("Q", "The figure of Grenada is suppressed: it counts fewer than 10."),
    ],
)
def test_each_kind_of_empty_has_a_sentence_and_no_place_on_the_scale(status: str, sentence: str) -> None:
    empty = replace(GRENADA, value=None, year=None, status=status)
    assert rules([DOMINICA, empty]) == {"DMA": [], "GRD": [("empty", True)]}
    assert said([DOMINICA, empty], "GRD") == sentence


def test_zero_is_a_value() -> None:
    assert rules([DOMINICA, replace(GRENADA, value=0.0)]) == {"DMA": [], "GRD": []}


def test_a_total_of_too_few_states_says_so() -> None:
    empty = Figure("OAS-CAR", "Caribbean", "total", None, status="O", remark="coverage_too_low")
    assert said([empty], "OAS-CAR") == "Too few states of Caribbean have a value for a total."


def test_why_a_kind_of_area_has_no_value_goes_before_any_other_word() -> None:
    empty = Figure("OAS-CAR", "Caribbean", "total", None, status="M", missing="A figure of states.")
    assert said([DOMINICA, empty], "OAS-CAR") == "A figure of states."


def test_a_code_outside_the_order_stands_apart() -> None:
    ranked = [replace(one, code=code, value=rank) for one, code, rank in ((DOMINICA, "2", 2.0), (GRENADA, "2WL", 2.5))]
    special = replace(SURINAME, code="SC", value=None)
    assert rules([*ranked, special]) == {"DMA": [], "GRD": [], "SUR": [("order", True)]}
    assert "SC" in said([*ranked, special], "SUR")


def test_where_each_state_has_its_own_line_no_two_states_compare() -> None:
    found = rules([DOMINICA, GRENADA], "national_poverty_rate")
    assert found == {"DMA": [("yardstick", True)], "GRD": [("yardstick", True)]}
    alone = rules([DOMINICA, replace(GRENADA, value=None, status="O")], "national_poverty_rate")
    assert alone == {"DMA": [], "GRD": [("empty", True)]}


def test_several_reasons_are_all_said() -> None:
    odd = replace(SURINAME, year=2014, basis="announced", remark="fiscal year", status="E")
    assert [rule for rule, _apart in rules([DOMINICA, GRENADA, odd])["SUR"]] == [
        "year", "basis", "definition", "estimate",
    ]  # fmt: skip


def test_nothing_at_all_gives_no_measure() -> None:
    assert yardstick([]) is None
    assert yardstick([replace(DOMINICA, value=None, status="O")]) is None
    assert verdicts([]) == []


FIGURES = st.builds(
    Figure,
    area=st.sampled_from(["DMA", "GRD", "SUR", "OAS-CAR"]),
    name=st.sampled_from(["Dominica", "Grenada"]),
    measure=st.sampled_from(["state", "median", "total"]),
    value=st.none() | st.floats(-1e9, 1e9),
    code=st.sampled_from(["", "", "SC"]),
    status=st.sampled_from(["A", "E", "O", "M"]),
    year=st.none() | st.integers(1990, 2025),
    basis=st.sampled_from(["", "reported", "announced"]),
    remark=st.sampled_from(["", "fiscal year"]),
)


@given(st.lists(FIGURES, max_size=6))
def test_what_shares_the_scale_shares_year_basis_definition_and_kind(figures: list[Figure]) -> None:
    judged = verdicts(figures)
    together = [one.figure for one in judged if not one.is_apart]
    assert len({(one.measure == "total", one.basis, one.definition) for one in together}) <= 1
    assert len({one.year for one in together if one.year is not None}) <= 1
    assert not any(one.is_empty for one in together)
    assert bool(together) == any(not one.is_empty for one in figures)


def test_the_common_year_is_the_newest_that_more_than_half_share() -> None:
    assert common_year({"VEN": [2013, 2014], "COL": [2013, 2014, 2024]}) == 2014
    assert common_year({"VEN": [2014], "COL": [2014, 2024], "ECU": [2014, 2024]}) == 2024
    assert common_year({"VEN": [2014], "COL": [2024], "ECU": [2020]}) is None
    assert common_year({"VEN": [], "COL": [2020], "ECU": [2020]}) == 2020
    assert common_year({"A": [2001], "B": [2001], "C": [2002], "D": [2003]}) == 2001
    assert common_year({}) is None


@given(st.dictionaries(st.sampled_from("ABCDEF"), st.lists(st.integers(1990, 2025), max_size=8)))
def test_a_common_year_is_shared_by_at_least_two(years: dict[str, list[int]]) -> None:
    year = common_year(years)
    sharing = [area for area, own in years.items() if year in own]
    assert year is None or len(sharing) >= 2


def test_a_series_breaks_where_it_is_marked_and_where_the_definition_changes() -> None:
    series: list[tuple[int, str, str]] = [
        (2003, "A", ""), (2004, "B", ""), (2005, "A", ""), (2006, "A", "fiscal year"), (2008, "A", "fiscal year"),
        (2009, "A", ""),
    ]  # fmt: skip
    assert breaks(series) == [2004, 2006, 2009]
    assert breaks([]) == []


def test_a_line_joins_only_years_that_follow_each_other_and_no_break() -> None:
    assert runs([2001, 2002, 2003, 2006, 2007]) == [[2001, 2002, 2003], [2006, 2007]]
    assert runs([2001, 2002, 2003], broken=[2003]) == [[2001, 2002], [2003]]
    assert runs([1990, 1995, 2000]) == [[1990], [1995], [2000]]
    assert runs([]) == []


@given(st.sets(st.integers(1990, 2025)), st.sets(st.integers(1990, 2025)))
def test_stretches_hold_every_year_once_and_bridge_nothing(years: set[int], broken: set[int]) -> None:
    stretches = runs(sorted(years), broken)
    assert sorted(year for own in stretches for year in own) == sorted(years)
    for own in stretches:
        assert own == list(range(own[0], own[-1] + 1))
        assert not broken.intersection(own[1:])


def question(question_id: str, text: str, **more: Any) -> Wording:
    """A question of a round of its own."""
    return Wording(question_id=question_id, round_id=f"round of {question_id}", text=text, **more)


def test_answers_to_one_question_compare() -> None:
    assert wordings([question("Q1", "Is there a law?")]) == ()
    assert wordings([]) == ()


def test_a_question_taken_up_in_the_same_words_compares_and_in_others_does_not() -> None:
    first = question("Q1", "Is there a law?")
    assert wordings([first, question("Q2", "Is there  a LAW?", previous="Q1")]) == ()
    changed = wordings([first, question("Q2", "Does a law cover all forms?", previous="Q1")])
    assert [reason.rule for reason in changed] == ["wording"]
    assert "worded differently" in changed[0].text


def test_unlinked_questions_are_different_questions_even_in_the_same_words() -> None:
    found = wordings([question("Q1", "Is there a law?"), question("Q2", "Is there a law?")])
    assert [reason.rule for reason in found] == ["question"]


def test_forms_of_different_bodies_are_never_compared() -> None:
    found = wordings([question("Q1", "Is there a law?"), question("U1", "Is there a law?", form="other_body")])
    assert [reason.rule for reason in found] == ["form"]


def test_questionnaires_counted_out_of_different_numbers_are_said() -> None:
    assert comparability.returns_reason({"Dominica": 2, "Grenada": 2}) is None
    assert comparability.returns_reason({}) is None
    reason = comparability.returns_reason({"Dominica": 1, "Grenada": 3})
    assert reason is not None
    assert "Dominica 1 and Grenada 3" in reason.text
    assert not reason.is_apart


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sentence_can_be_said_in_every_language(lang: str) -> None:
    odd = replace(SURINAME, year=2014, basis="announced", remark="fiscal year", status="E")
    median = Figure("OAS-CAR", "Caribbean", "median", 15.0, year=2020, with_value=9, states=16)
    total = Figure("OAS-SOU", "South America", "total", 9.0, year=2020, coverage=0.999)
    empties = [replace(GRENADA, value=None, status=status) for status in "OLMQ"]
    with in_language(lang):
        judged = verdicts([DOMINICA, odd, median, total, *empties]) + verdicts(
            [DOMINICA, GRENADA], "national_poverty_rate"
        )
        assert all("{" not in reason.text for one in judged for reason in one.reasons)
