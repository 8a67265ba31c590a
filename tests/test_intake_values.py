"""Cells as people write them become the house's forms; what is doubtful is asked about, never guessed."""

from datetime import date
from functools import cache

import polars as pl
import pytest

from pipelines import vocabularies as words
from pipelines.fields import (
    Area,
    Boolean,
    Code,
    Field,
    Integer,
    Key,
    ListOf,
    Number,
    PartialDate,
    Reference,
    Text,
    Year,
)
from pipelines.i18n import in_language
from pipelines.intake.on_file import OnFile, lookup_of, read_on_file
from pipelines.intake.values import BAD, INVISIBLE, SERIAL, TIME, Situation, Values, normalised
from pipelines.registry import questionnaire_answers, training_events
from tests.intake_sheets import PROJECT_DATA, Cell, made, project_vocabulary

DATE, WHOLE, NUMBER = PartialDate("start_date"), Integer("officials_trained"), Number("value")
STATE, STATUS = Area("host_country"), Code("status", words.EVENT_STATUSES)
AUDIENCE = ListOf("audience", Reference("", "audiences"))


@cache
def file() -> OnFile:
    return read_on_file(PROJECT_DATA, project_vocabulary())


def column(declared: Field, *cells: Cell, lang: str | None = "es", is_text: bool = True, **given) -> Values:
    """A column as read; ``is_text`` says that it comes from a text file, in which nothing has a kind."""
    sheet = made(*([cell, "x"] for cell in cells), name=None if is_text else "Sheet1")
    situation = Situation(known=file().known, lookup=lookup_of(file(), training_events.TABLE), lang=lang, **given)
    return normalised(declared, sheet.cells["c1"], None if sheet.kinds is None else sheet.kinds["c1"], situation)


def read(declared: Field, *cells: Cell, **given) -> list[str | None]:
    return column(declared, *cells, **given).text.to_list()


def asked(declared: Field, *cells: Cell, **given) -> list[tuple[str, str | None]]:
    """What was expected, and the nearest value, of each bad cell."""
    values = column(declared, *cells, **given)
    findings = [values.findings[text] for text in values.text if text is not None and text.startswith(BAD)]
    return [(finding.expected, finding.nearest) for finding in findings]


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2012-03-01", "2012-03-01"),
        ("2012-3-1", "2012-03-01"),
        ("2012/03/01", "2012-03-01"),
        ("2012-03", "2012-03"),
        ("2012", "2012"),
        ("01/03/2012", "2012-03-01"),
        ("1-3-2012", "2012-03-01"),
        ("1.3.2012", "2012-03-01"),
        (" 01/03/2012 ", "2012-03-01"),
        ("03/2012", "2012-03"),
        ("marzo 2012", "2012-03"),
        ("marzo de 2012", "2012-03"),
        ("12 de marzo de 2012", "2012-03-12"),
        ("lunes 12 de marzo de 2012", "2012-03-12"),
        ("mars 2012", "2012-03"),
        ("1er août 2012", "2012-08-01"),
        ("12 décembre 2012", "2012-12-12"),
        ("March 2012", "2012-03"),
        ("March 12th, 2012", "2012-03-12"),
        ("12-Mar-2012", "2012-03-12"),
        ("março de 2012", "2012-03"),
        ("setembro de 2012", "2012-09"),
        ("setiembre 2012", "2012-09"),
    ],
)
def test_dates_are_read_as_people_write_them(written, iso):
    assert read(DATE, written) == [iso]


def test_a_date_cell_and_a_number_that_is_a_day_are_read():
    values = column(DATE, date(2010, 3, 1), 40238, 2010, is_text=False)
    assert values.text.to_list() == ["2010-03-01", "2010-03-01", "2010"]
    assert values.done[SERIAL].to_list() == [1]
    assert read(DATE, "40238") == ["2010-03-01"]


def test_the_time_of_day_is_left_out_and_told():
    values = column(DATE, "2010-03-01 14:30:00", "01/03/2010 0:00")
    assert values.text.to_list() == ["2010-03-01", "2010-03-01"]
    assert values.done[TIME].to_list() == [0, 1]


@pytest.mark.parametrize(
    "written", ["2012-02-30", "31/02/2012", "32/01/2012", "someday", "2010-2011", "1700", "14:30:00"]
)
def test_what_is_no_date_stays_as_it_is(written):
    assert read(DATE, written) == [written]


@pytest.mark.parametrize("written", ["1/3/12", "01.03.12", "mar-12"])
def test_a_year_of_two_digits_is_refused_with_the_reason(written):
    assert asked(DATE, written) == [("a year of four digits", None)]
    (finding,) = column(DATE, written).findings.values()
    assert finding.found == "the two digits of the year do not say the century"


def test_a_date_with_the_month_first_is_refused_with_the_date_meant():
    assert asked(DATE, "03/25/2012") == [
        ("a date with the day first: day, month and year of four digits", '"25/03/2012"')
    ]


def test_the_day_comes_first_unless_another_date_of_the_column_denies_it():
    assert read(DATE, "03/04/2012", "25/04/2012") == ["2012-04-03", "2012-04-25"]
    told = asked(DATE, "03/04/2012", "04/25/2012", "05/05/2012")
    assert [expected for expected, _nearest in told] == [
        "2012-04-03 or 2012-03-04",
        "a date with the day first: day, month and year of four digits",
    ]


def test_dates_that_run_together_are_asked_about():
    assert asked(DATE, "20100301", "201003") == [
        ("a date with its parts set apart", '"2010-03-01"'),
        ("a date with its parts set apart", '"2010-03"'),
    ]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("1234", "1234"),
        ("1.234", "1234"),
        ("1,234", "1234"),
        ("1 234", "1234"),
        ("1\u00a0234", "1234"),
        ("1\u202f234", "1234"),
        ("1'234", "1234"),
        ("1.234.567", "1234567"),
        ("12,0", "12"),
        ("12.00", "12"),
        ("+12", "12"),
    ],
)
def test_whole_numbers_are_read_whatever_sets_thousands_apart(written, number):
    assert read(WHOLE, written) == [number]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("0,5", "0.5"),
        ("0.125", "0.125"),
        ("12,34", "12.34"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1.234.567", "1234567"),
        ("1 234,5", "1234.5"),
        ("-3,5", "-3.5"),
    ],
)
def test_numbers_are_read_with_either_decimal_sign(written, number):
    assert read(NUMBER, written) == [number]


def test_a_number_that_may_be_two_is_asked_about_unless_its_column_settles_it():
    assert asked(NUMBER, "1.234") == [("1234 if thousands are set apart, 1,234 if not", None)]
    (finding,) = column(NUMBER, "1.234").findings.values()
    assert finding.found == '"1.234" can be read in two ways'
    assert read(NUMBER, "1.234", "0,5", "2,345") == ["1234", "0.5", "2.345"]
    assert read(NUMBER, "1.234", "0.5", "2,345") == ["1.234", "0.5", "2345"]
    assert len(asked(NUMBER, "1.234", "0.5", "0,5")) == 1
    assert read(NUMBER, "1.234", is_house_file=True) == ["1.234"]


def test_a_number_cell_is_never_doubtful():
    assert read(NUMBER, 1.234, 28, is_text=False) == ["1.234", "28"]


@pytest.mark.parametrize(
    ("written", "number"), [("12 officials", "12"), ("~40", "40"), ("more than 30", "30"), ("más de 1.000", "1.000")]
)
def test_words_about_a_number_belong_elsewhere(written, number):
    expected = 'a number alone; whether it is exact, a minimum or about is said in the column "Basis of the number"'
    assert asked(WHOLE, written, has_basis=True) == [(expected, f'"{number}"')]
    assert asked(NUMBER, written) == [("a number alone, words about it in another column", f'"{number}"')]


def test_a_percent_sign_belongs_to_the_unit():
    assert asked(NUMBER, "35 %") == [("a number alone, its unit in a column of its own", '"35"')]


def test_a_number_that_became_a_date_is_told():
    assert asked(WHOLE, date(2010, 3, 1), is_text=False) == [("the number", None)]
    (finding,) = column(WHOLE, date(2010, 3, 1), is_text=False).findings.values()
    assert finding.found == 'the spreadsheet has made the date "2010-03-01" of this number'


@pytest.mark.parametrize("written", ["n/a", "N/A", "s/d", "S.D.", "-", "—", "...", "no data", "sin datos", "n. d."])
@pytest.mark.parametrize(
    "declared", [DATE, WHOLE, NUMBER, STATE, Year("year"), Code("modality", words.MODALITIES), AUDIENCE]
)
def test_words_for_nothing_are_no_zero(declared, written):
    values = column(declared, written)
    (finding,) = values.findings.values()
    assert finding.found == f'"{written}" is no value'
    assert finding.expected == "an empty cell where the source does not say it; never a zero, which would be a number"


def test_words_for_nothing_are_text_where_text_may_stand():
    assert read(Text("note"), "n/a", "-") == ["n/a", "-"]


@pytest.mark.parametrize(
    ("written", "truth"),
    [
        *(
            (word, "true")
            for word in ("true", "TRUE", "sí", "Si", "sim", "oui", "Yes", "x", "X", "1", "verdadero", "✓")
        ),
        *((word, "false") for word in ("false", "no", "No", "não", "non", "0", "falso", "Faux")),
    ],
)
def test_yes_and_no_are_known_in_every_language(written, truth):
    assert read(Boolean("is_list_complete"), written) == [truth]


def test_stored_truths_and_numbers_are_yes_and_no():
    assert read(Boolean("is_list_complete"), True, False, 1, 0, is_text=False) == ["true", "false", "true", "false"]


@pytest.mark.parametrize(
    "written", ["held", "HELD", "realizado", "Realizado ", "REALIZADO", "tenu", "Realizado (held)", "held - realizado"]
)
def test_codes_are_known_by_their_words_in_every_language(written):
    assert read(STATUS, written) == ["held"]


@pytest.mark.parametrize(
    ("written", "code"), [("In person", "in_person"), ("présentiel", None), ("en ligne", "online")]
)
def test_words_of_codes_need_no_accents_and_no_underscores(written, code):
    assert read(Code("modality", words.MODALITIES), written) == [code or f"{BAD}{written}"]


def test_an_unknown_code_is_told_with_the_nearest_in_the_persons_words():
    with in_language("es"):
        known = read_on_file(PROJECT_DATA, project_vocabulary())
    situation = Situation(known=known.known, lookup=lookup_of(known, training_events.TABLE), lang="es")
    (finding,) = normalised(STATUS, pl.Series(["realizad"]), None, situation).findings.values()
    assert finding.expected.endswith("realizado (held), anunciado (announced), previsto (planned)")
    assert finding.nearest == '"realizado" (held)'
    assert asked(STATUS, "realizad") == [("one of held, announced, planned", '"held"')]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Brasil", "BRA"),
        ("BRAZIL", "BRA"),
        ("Bresil", "BRA"),
        ("St. Kitts & Nevis", "KNA"),
        ("Sta. Lucía", "LCA"),
        ("Santa Lucia", "LCA"),
        ("EEUU", "USA"),
        ("EE. UU.", "USA"),
        ("U.S.", "USA"),
        ("Estados Unidos de Norteamérica", "USA"),
        ("Trinidad y Tobago", "TTO"),
        ("Rep. Dominicana", "DOM"),
        ("R. Dominicana", "DOM"),
        ("British Honduras", "BLZ"),
        ("Surinam", "SUR"),
        ("Haïti", "HTI"),
        ("S. Vicente e Granadinas", "VCT"),
        ("the Plurinational State of Bolivia", "BOL"),
        ("mx", "MEX"),
        ("MEX", "MEX"),
        ("028", "ATG"),
        ("28", "ATG"),
        ("Perú (PER)", "PER"),
    ],
)
def test_states_are_known_by_every_usual_name(written, code):
    assert read(STATE, written) == [code]


def test_a_code_that_the_spreadsheet_made_a_number_is_a_state():
    assert read(STATE, 28, is_text=False) == ["ATG"]


@pytest.mark.parametrize("written", ["Dominican", "Guinea", "Congo", "Saint", "Brazl", "Francia", "Perú (BRA)"])
def test_states_in_doubt_are_never_guessed(written):
    assert read(STATE, written) == [written]


def test_lists_are_split_at_semicolons_and_line_breaks():
    assert read(ListOf("funders", Area("")), "Canadá; EEUU", "Canada\nBrasil;", "CAN") == ["CAN;USA", "CAN;BRA", "CAN"]
    assert read(ListOf("topics"), " rutas ; víctimas\nredes;") == ["rutas;víctimas;redes"]


def test_a_list_split_at_commas_is_asked_about():
    told = asked(ListOf("funders", Area("")), "Canadá, Brasil")
    assert [nearest for _expected, nearest in told] == ['"Canadá; Brasil"']


@pytest.mark.parametrize(
    ("written", "audience"),
    [
        ("police", "police"),
        ("Police", "police"),
        ("policía; jueces", "police;judges"),
        ("juezas y jueces", "judges"),
        ("juízes; promotores", "judges;prosecutors"),
        ("forces de l'ordre", "law enforcement"),
    ],
)
def test_audiences_are_known_in_every_language(written, audience):
    assert read(AUDIENCE, written) == [audience]


def test_an_unknown_audience_is_told_with_the_nearest():
    assert asked(AUDIENCE, "police; jugdes") == [
        ('a valid list: "jugdes" is not one of the audiences of the list', '"judges"')
    ]


def test_what_cannot_be_seen_is_taken_out_of_codes_and_kept_within_texts():
    values = column(Key("event_id"), "\u200bEV\u200b900\ufeff", "EV901")
    assert values.text.to_list() == ["EV900", "EV901"]
    assert values.done[INVISIBLE].to_list() == [0]
    assert read(WHOLE, "\u202a12\u202c") == ["12"]
    assert read(STATE, "Bra\u00adsil") == ["BRA"]
    assert read(Text("title"), "\u200e Curso \u200d de \u202eجدة\u202c\u200f") == ["Curso \u200d de \u202eجدة"]
    assert read(Text("title"), "a\r\nb", " \u00a0 ") == ["a\nb", None]


@pytest.mark.parametrize(
    "declared", [Text("title"), Key("event_id"), WHOLE, DATE, STATE, STATUS, AUDIENCE, ListOf("topics")]
)
@pytest.mark.parametrize("written", ["#REF!", "#N/A", "#¡VALOR!"])
def test_errors_of_the_spreadsheet_are_problems_everywhere(declared, written):
    assert asked(declared, written) == [("a value", None)]
    (finding,) = column(declared, written).findings.values()
    assert finding.found == f'the cell shows "{written}", for the spreadsheet could not work it out'


def test_identifiers_typed_as_numbers_are_read_and_those_made_dates_are_told():
    assert read(Key("event_id"), 12, is_text=False) == ["12"]
    assert asked(Key("event_id"), date(2010, 3, 1), is_text=False) == [("the code, written as text", None)]


def test_a_date_in_a_column_of_years_is_told_with_the_year():
    assert asked(Year("year"), "01/03/2010") == [("a year of four digits alone", '"2010"')]
    assert read(Year("year"), "2010", "10") == ["2010", "10"]


@pytest.mark.parametrize("table", [training_events.TABLE, questionnaire_answers.TABLE], ids=lambda table: table.name)
def test_the_house_s_own_forms_stay_as_they_are(table):
    rows = file().texts(table)
    for declared in table.fields:
        if not isinstance(declared, Text):
            values = normalised(
                declared,
                rows[declared.name],
                None,
                Situation(known=file().known, lookup=lookup_of(file(), table), is_house_file=True),
            )
            assert values.text.to_list() == rows[declared.name].to_list()
            assert not values.findings


def test_of_very_many_bad_cells_the_first_are_explained_and_all_are_marked(monkeypatch):
    monkeypatch.setattr("pipelines.intake.values.MOST_TOLD", 3)
    values = column(WHOLE, *(f"about {number}" for number in range(10, 20)))
    assert sorted(values.findings) == [f"{BAD}about {number}" for number in (10, 11, 12)]
    assert values.text.str.starts_with(BAD).all()
