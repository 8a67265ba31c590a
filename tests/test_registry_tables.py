"""The tables of the OAS records: each as reviewed, each with the columns of its file, whatever the order of rows."""

import random

import pytest
from polars.testing import assert_frame_equal

from pipelines import build
from tests.conftest import AS_OF, FIXTURES

REGISTRY = (
    "dim_programme",
    "programme_funder",
    "fct_deployment",
    "fct_training_event",
    "fct_training_participation",
    "training_audience",
    "training_statement",
    "dim_meeting",
    "dim_questionnaire_round",
    "dim_question",
    "fct_response",
    "fct_answer",
    "fct_commitment",
    "fct_treaty_action",
    "national_authority",
    "national_plan",
    "national_law",
    "tip_tier_evidence",
)


@pytest.mark.parametrize("table", REGISTRY)
def test_tables_are_as_reviewed(tiny_tables, assert_golden, table):
    assert_golden(table, tiny_tables[table])


@pytest.mark.parametrize("table", build.RECORD_TABLES + build.OPEN_TABLES, ids=lambda table: table.name)
def test_a_table_declares_the_columns_of_its_file_in_their_order(table):
    header = (FIXTURES / table.file).read_text(encoding="utf-8").splitlines()[0]
    assert table.columns == header.split(",")


def test_the_order_of_rows_in_the_files_does_not_matter(tiny_data, tiny_tables):
    shuffle = random.Random(7).shuffle
    for path in sorted(tiny_data.rglob("*.csv")):
        header, *rows = path.read_text(encoding="utf-8").splitlines()
        shuffle(rows)
        path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    shuffled = build.edition_tables(build.read_records(tiny_data), AS_OF)
    assert shuffled.keys() == tiny_tables.keys()
    for name, table in tiny_tables.items():
        assert_frame_equal(shuffled[name], table)
