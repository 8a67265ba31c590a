"""Indicators' files, texts in four languages, and the other tables that people write by hand."""

import polars as pl
import pytest

from pipelines import catalog
from pipelines.build import READERS, TABLES
from pipelines.fields import Lookup
from pipelines.reading import read_all
from tests.conftest import FIXTURES

POPULATION = "catalog/indicators/population.yml"


@pytest.mark.parametrize("table", ["dim_scheme", "dim_treaty", "dim_source", "dim_caveat", "caveat_area", "dim_text"])
def test_catalog_tables_are_as_reviewed(tiny_tables, assert_golden, table):
    assert_golden(table, tiny_tables[table])


def indicator_problems(data) -> list[str]:
    return [str(problem) for problem in catalog.read_indicators(data, Lookup()).problems]


def test_an_indicator_file_becomes_one_row(tiny_data):
    read = catalog.read_indicators(tiny_data, Lookup())
    population = read.frame.row(by_predicate=pl.col("indicator_id") == "population", named=True)
    assert population["aggregation"] == "sum"
    assert population["least_coverage"] == 0.5
    assert population["is_derived"] is False
    assert population["title_fr"] == "Population"
    assert (read.rows_read, read.problems) == (len(list((tiny_data / "catalog/indicators").glob("*.yml"))), [])


def test_a_wrong_value_in_an_indicator_names_file_key_and_nearest(tiny_data, edit):
    edit(POPULATION, "aggregation: sum", "aggregation: sums")
    assert indicator_problems(tiny_data) == [
        'indicators/population.yml, column aggregation: "sums" is not one of sum, count, share, none; nearest: "sum"'
    ]


def test_an_unknown_key_in_an_indicator_names_the_nearest(tiny_data, edit):
    edit(POPULATION, "direction: ", "directon: ")
    assert indicator_problems(tiny_data)[0].startswith('indicators/population.yml: the key "directon" is unknown;')
    assert indicator_problems(tiny_data)[0].endswith("nearest: direction")


def test_a_missing_wording_in_an_indicator_is_told(tiny_data, edit):
    edit(POPULATION, '  fr: "Population"', "")
    assert indicator_problems(tiny_data) == [
        "indicators/population.yml, column title_fr: the cell is empty; expected: plain text without control characters"
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"family: [context\n", "line 2 is not YAML"),
        (b"\xff", "the file is not YAML"),
        (b"just words", "the file holds no keys"),
        (b"", "the file holds no keys"),
        (b"family: !!python/object/apply:os.getcwd []", "line 1 is not YAML"),
    ],
)
def test_a_file_that_declares_no_indicator_is_told(tiny_data, content, message):
    (tiny_data / POPULATION).write_bytes(content)
    assert indicator_problems(tiny_data) == [
        f"indicators/population.yml: {message}; expected: keys and values as in the other indicators"
    ]


def test_an_indicator_has_the_first_and_last_year_with_a_value(tiny_data):
    observed = pl.DataFrame(
        {
            "indicator_id": ["population"] * 3,
            "year": [2001, 2005, 2009],
            "obs_status": ["A", "E", "O"],
        },
        schema_overrides={"year": pl.Int32},
    )
    indicators = catalog.indicators(catalog.read_indicators(tiny_data, Lookup()).frame, observed)
    years = indicators.filter(indicator_id="population").select("first_year", "last_year")
    assert years.rows() == [(2001, 2005)]
    assert indicators.filter(indicator_id="tip_tier")["first_year"].to_list() == [None]


def test_a_text_that_the_tables_do_not_hold_is_left_out():
    records = {name: read.frame for name, read in read_all(TABLES, FIXTURES, READERS).items()}
    held = {"any": pl.DataFrame({"topics": ["routes; victim care"], "officials": [3]})}
    texts = catalog.texts(records, held)
    assert texts.select("text_id", "lang", "text", "basis").rows() == [
        ("t3", "en", "victim care", "original"),
        ("t3", "es", "atención a las víctimas", "translated"),
        ("t3", "fr", "prise en charge des victimes", "translated"),
        ("t3", "pt", "atendimento às vítimas", "translated"),
    ]


def test_a_translation_of_no_text_is_told(tiny_data, edit):
    edit("catalog/texts/es.csv", "t3,", "t9,")
    problems = read_all(TABLES, tiny_data, READERS)["texts_es"].problems
    assert [str(problem) for problem in problems] == [
        'texts/es.csv, row 4, column text_id: "t9" is not a key of texts_en.csv'
    ]
