"""Which table a sheet holds, where its header stands and which column is which, however people write it."""

import polars as pl
import pytest

from pipelines import catalog
from pipelines.fields import Lookup
from pipelines.intake.headings import Recognised, recognise
from pipelines.intake.plain_words import plain
from pipelines.intake.tables import INTAKE_TABLES, WITHDRAW
from pipelines.reading import read_table
from tests.intake_sheets import PROJECT_DATA, made, project_vocabulary

KNOWN = project_vocabulary()
HEADINGS = read_table(catalog.COLUMNS, PROJECT_DATA, Lookup()).frame
EVENTS = ["Código del evento", "Título del evento", "Tipo de evento", "Situación", "Fecha de inicio", "Fuente"]
EVENT_COLUMNS = {"event_id": 1, "title": 2, "event_type": 3, "status": 4, "start_date": 5, "source_id": 6}


def recognised(*rows, **given) -> Recognised:
    return recognise(made(*rows, **given), KNOWN)


@pytest.mark.parametrize("lang", ["en", "es", "pt", "fr"])
@pytest.mark.parametrize("table", INTAKE_TABLES, ids=lambda table: table.name)
def test_every_table_is_known_by_its_headings_in_every_language(table, lang):
    rows = HEADINGS.filter(pl.col("table_name") == table.name)
    headings = dict(rows.select("column", f"heading_{lang}").iter_rows())
    found = recognised([headings[name] for name in table.columns], name="Sheet1")
    assert found.table is table
    assert found.columns == {name: position for position, name in enumerate(table.columns, 1)}
    assert found.language == lang


@pytest.mark.parametrize("table", INTAKE_TABLES, ids=lambda table: table.name)
def test_the_own_names_of_the_columns_are_known_and_say_nothing_of_a_language(table):
    found = recognised(table.columns, name=None, file="x.csv")
    assert found.table is table
    assert list(found.columns) == table.columns
    assert found.language is None


@pytest.mark.parametrize(
    "written",
    [
        "FECHA DE INICIO",
        "fecha de inicio",
        "  Fecha   de  inicio ",
        "Fecha de\ninicio",
        "Fecha de inicio *",
        "Fecha de inicio:",
        "Fecha de inicio (dd/mm/aaaa)",
        "Féchà de início",
        "start_date",
        "Start date",
        "Data de início",
        "Date de début / Fecha de inicio",
        "Fecha de inicio | Start date",
    ],
)
def test_a_heading_is_known_by_its_words_alone(written):
    found = recognised([*EVENTS[:4], written, EVENTS[5]])
    assert found.columns == EVENT_COLUMNS
    assert not found.unknown


def test_columns_stand_in_any_order_and_in_several_languages():
    found = recognised(["Source", "Situação", "Código del evento", "Date de début"])
    assert found.columns == {"source_id": 1, "status": 2, "event_id": 3, "start_date": 4}


def test_titles_above_the_header_are_passed_over():
    found = recognised(["Registro de eventos 2024"], [None], ["Departamento", "Fecha: 2024"], EVENTS, ["EV9", "Taller"])
    assert (found.header_row, found.columns) == (4, EVENT_COLUMNS)


def test_the_headings_decide_and_not_the_name_of_the_sheet():
    found = recognised(EVENTS, name="Reuniones")
    assert found.table is not None
    assert found.table.name == "training_events"


@pytest.mark.parametrize(("name", "table"), [("Reuniones", "meetings"), ("Recomendaciones", "recommendations")])
def test_the_name_of_the_sheet_decides_where_the_headings_do_not(name, table):
    found = recognised(["Fuente", "Nota", "Idioma de los textos"], name=name)
    assert found.table is not None
    assert found.table.name == table


def test_the_name_of_a_text_file_helps_likewise():
    found = recognised(["topic", "anything", "else", "more"], name=None, file="questionnaire_questions.csv")
    assert found.table is not None
    assert found.table.name == "questionnaire_questions"


def test_unknown_and_nameless_columns_are_kept_apart():
    found = recognised([*EVENTS, "Observaciones internas", None], [*["x"] * 7, "text without a heading"])
    assert [found.headings[position] for position in found.unknown] == ["Observaciones internas"]
    assert found.nameless == [8]


def test_two_columns_for_one_field_are_told():
    found = recognised([*EVENTS, "start_date"])
    assert found.twice == {"start_date": [5, 7]}


def test_the_column_that_withdraws_is_known_and_the_one_that_holds_reasons_is_not_read():
    found = recognised([*EVENTS, "Retirar (x)", "Por corregir"])
    assert found.columns[WITHDRAW] == 7
    assert 8 not in found.columns.values()
    assert not found.unknown


@pytest.mark.parametrize("name", ["Léame", "Read me", "Listas", "Codes in use"])
def test_read_me_and_lists_are_left_alone(name):
    found = recognised(["a", "b", "c", "d"], ["1", "2", "3", "4"], name=name)
    assert (found.table, found.is_data) == (None, False)


def test_notes_are_left_alone_and_unknown_data_are_not():
    assert not recognised(["Some notes"], ["and more of them"]).is_data
    found = recognised(["Código", "Títlo", "Tipo de evnto", "Fecha inicio", "Situacón"], ["1", "2", "3", "4", "5"])
    assert (found.table, found.is_data, found.nearest) == (None, True, "training_events")


@pytest.mark.parametrize(
    "file", ["national_laws", "national_plans", "national_authorities", "treaty_actions", "training_statements"]
)
def test_other_tables_of_the_house_are_not_taken_for_one_that_is_handed_in(file):
    header = (PROJECT_DATA / "registry" / f"{file}.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
    assert recognised(header, ["x"] * len(header), name=None, file=f"{file}.csv").table is None


def test_words_are_compared_without_case_accents_and_punctuation():
    assert plain("  Situación:\n* ") == "situacion"
    assert plain("L’événement") == "l evenement"


@pytest.mark.parametrize(
    ("headings", "table", "columns"),
    [
        (["Código del evento", "País", "Fuente"], "training_participation", ["event_id", "country", "source_id"]),
        (["Event code", "Country", "Source code"], "training_participation", ["event_id", "country", "source_id"]),
        ([*EVENTS, "País sede"], "training_events", [*EVENT_COLUMNS, "host_country"]),
        (["Código de la respuesta", "Código de la pregunta", "País"], "questionnaire_answers",
         ["answer_id", "question_id", "country"]),
    ],
)  # fmt: skip
def test_what_people_also_write_above_states_and_codes_is_known(headings, table, columns):
    found = recognised(headings)
    assert found.table is not None
    assert (found.table.name, list(found.columns)) == (table, columns)
