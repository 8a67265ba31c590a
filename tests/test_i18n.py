"""Words, numbers, dates and lists as each language writes them."""

from datetime import date
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from dashboard import i18n
from dashboard.i18n import (
    _,
    best_language,
    day,
    day_range,
    in_language,
    language,
    listing,
    n_,
    number,
    percent,
    plotly_separators,
    short_number,
    sort_key,
)

NARROW = "\u202f"
HARD = "\xa0"


@pytest.mark.parametrize(
    ("lang", "whole", "broken"),
    [
        ("en", "1,234,567", "1,234.5"),
        ("es", "1.234.567", "1.234,5"),
        ("pt", "1.234.567", "1.234,5"),
        ("fr", f"1{NARROW}234{NARROW}567", f"1{NARROW}234,5"),
    ],
)
def test_numbers_have_the_separators_of_the_language(lang: str, whole: str, broken: str) -> None:
    with in_language(lang):
        assert number(1_234_567) == whole
        assert number(1_234.5, 1) == broken
        assert plotly_separators() == broken[-2] + whole[1]


def test_four_figures_are_grouped_alike_in_spanish() -> None:
    with in_language("es"):
        assert number(1000) == "1.000"
        assert number(0) == "0"
        assert number(-12) == "-12"


@pytest.mark.parametrize(("lang", "said"), [("en", "53%"), ("es", f"53{HARD}%"), ("pt", "53%"), ("fr", f"53{HARD}%")])
def test_shares_are_written_as_percentages(lang: str, said: str) -> None:
    with in_language(lang):
        assert percent(0.529) == said
        assert percent(0) == said.replace("53", "0")
        assert percent(0.53, 1) == said.replace("53", "53.0" if lang == "en" else "53,0")


@pytest.mark.parametrize(
    ("value", "said"),
    [(0, "0"), (7, "7"), (7.26, "7.3"), (123.4, "123"), (9_999, "9,999"), (34_000, "34K"), (1_234_567, "1.2M")],
)
def test_a_tile_gets_a_short_number(value: float, said: str) -> None:
    assert short_number(value) == said


@pytest.mark.parametrize(
    ("lang", "to_the_day", "to_the_month"),
    [
        ("en", "March 1, 2010", "March 2010"),
        ("es", "1 de marzo de 2010", "marzo de 2010"),
        ("pt", "1 de março de 2010", "março de 2010"),
        ("fr", "1 mars 2010", "mars 2010"),
    ],
)
def test_a_date_is_written_as_far_as_it_is_known(lang: str, to_the_day: str, to_the_month: str) -> None:
    with in_language(lang):
        assert day(date(2010, 3, 1)) == to_the_day
        assert day(date(2010, 3, 1), "month") == to_the_month
        assert day(date(2010, 3, 1), "year") == "2010"


def test_a_range_of_days_does_not_repeat_itself() -> None:
    assert day_range(date(2010, 3, 1), "day", date(2010, 3, 5), "day").count("2010") == 1
    assert day_range(date(2010, 3, 1), "day", date(2010, 3, 1), "day") == "March 1, 2010"
    assert day_range(date(2010, 1, 1), "year", None, None) == "2010"
    assert day_range(date(2010, 1, 1), "year", date(2012, 1, 1), "year") == "2010 to 2012"
    assert day_range(None, None, date(2012, 5, 1), "month") == "until May 2012"
    assert day_range(None, None, None, None) == ""


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "a, b, and c"), ("es", "a, b y c"), ("pt", "a, b e c"), ("fr", "a, b et c")],
)
def test_lists_are_joined_as_the_language_joins_them(lang: str, said: str) -> None:
    with in_language(lang):
        assert listing(["a", "b", "c"]) == said
        assert listing(["a"]) == "a"
        assert listing([]) == ""


def test_numbers_in_a_sentence_are_written_and_years_given_as_text_are_not() -> None:
    with in_language("pt"):
        assert _("{n} in {year}", n=1234, year="2010") == "1.234 in 2010"
        assert _("{share} and {flag}", share=2.5, flag=True) == "2,5 and True"


def test_a_text_without_places_may_hold_braces_and_the_empty_text_stays_empty() -> None:
    assert _("{n} as it stands") == "{n} as it stands"
    assert _("") == ""


def test_the_count_chooses_the_form() -> None:
    assert n_("{n} event", "{n} events", 1) == "1 event"
    assert n_("{n} event", "{n} events", 0) == "0 events"
    assert n_("{n} event in {year}", "{n} events in {year}", 1200, year="2010") == "1,200 events in 2010"


@pytest.mark.parametrize(("lang", "none"), [("es", "muchos 0"), ("pt", "um 0"), ("fr", "um 0")])
def test_plural_rules_differ_at_zero(lang: str, none: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forms = ("uno {n}", "muchos {n}") if lang == "es" else ("um {n}", "muitos {n}")
    catalogue = Catalog(locale={"pt": "pt_BR"}.get(lang, lang), fuzzy=False)
    catalogue.add(("{n} one", "{n} many"), forms)
    with (tmp_path / f"{lang}.po").open("wb") as out:
        write_po(out, catalogue)
    monkeypatch.setattr(i18n, "_LOCALE_FOLDER", tmp_path)
    i18n._translations.cache_clear()
    try:
        with in_language(lang):
            assert n_("{n} one", "{n} many", 0) == none
            assert n_("{n} one", "{n} many", 1) == forms[0].format(n=1)
            assert n_("{n} one", "{n} many", 2) == forms[1].format(n=2)
    finally:
        i18n._translations.cache_clear()


@pytest.mark.parametrize(
    ("accepted", "lang"),
    [
        ("es-MX,es;q=0.9,en;q=0.8", "es"),
        ("de-DE,de;q=0.9,pt-BR;q=0.8", "pt"),
        ("fr_CA", "fr"),
        ("ja", "en"),
        ("", "en"),
        (None, "en"),
        ("*", "en"),
    ],
)
def test_the_browser_gets_the_first_language_that_is_served(accepted: str | None, lang: str) -> None:
    assert best_language(accepted) == lang


def test_a_language_ends_with_its_block() -> None:
    with in_language("fr"):
        assert language() == "fr"
    assert language() == "en"


def test_names_sort_without_regard_to_accents() -> None:
    assert sorted(["Zambia", "États", "Érythrée", "estonia"], key=sort_key) == [
        "Érythrée",
        "estonia",
        "États",
        "Zambia",
    ]
