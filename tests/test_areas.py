"""From any usual spelling of a state to its code."""

import polars as pl
import pytest

from pipelines import reading
from pipelines.area_names import AreaNames
from pipelines.areas import ALIASES, MEMBERSHIPS, PARTICIPATION, TABLE
from pipelines.fields import Lookup
from tests.conftest import FIXTURES, PROJECT


@pytest.fixture(scope="module")
def names() -> AreaNames:
    states = reading.read_table(TABLE, FIXTURES, Lookup()).frame
    return AreaNames(states, reading.read_table(ALIASES, FIXTURES, Lookup()).frame)


def code_of(names: AreaNames, name: str) -> str | None:
    return pl.select(names.code_of(pl.lit(name))).item()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("BRA", "BRA"),
        ("bra", "BRA"),
        ("BR", "BRA"),
        ("076", "BRA"),
        ("76", "BRA"),
        ("Brazil", "BRA"),
        ("BRASIL", "BRA"),
        ("Brésil", "BRA"),
        ("Bresil", "BRA"),
        ("Federative Republic of Brazil", "BRA"),
        ("República de Chile", "CHL"),
        ("Barbade", "BRB"),
        ("The Islands of the Bahamas", "BHS"),
        ("the  islands-of the Bahamas ", "BHS"),
        ("44", "BHS"),
    ],
)
def test_codes_and_names_in_four_languages_give_the_state(names, name, code):
    assert code_of(names, name) == code


@pytest.mark.parametrize("name", ["Barbadoss", "France", "FRA", "Guiana", "Aruba", "", "Caribbean", "019"])
def test_unknown_foreign_and_ambiguous_names_give_nothing(names, name):
    assert code_of(names, name) is None


def test_an_ambiguous_name_is_told_with_all_it_may_mean(names):
    assert names.why_unknown("Guiana") == 'the name of one state only: it may mean "Brazil" (BRA) or "Chile" (CHL)'


def test_a_known_country_elsewhere_is_told_apart_from_a_name_never_heard_of(names):
    elsewhere = "one of the states covered here: it is the name of another country or territory"
    assert names.why_unknown("France") == elsewhere
    assert names.why_unknown("Aruba") == elsewhere
    assert names.why_unknown("Barbadoss") is None


def test_the_nearest_name_comes_in_its_own_spelling_with_the_code(names):
    assert names.nearest("Barbadoss") == '"Barbados" (BRB)'
    assert names.nearest("Brazl") == '"Brazil" (BRA)'
    assert names.nearest("Xyzzy") is None


@pytest.mark.parametrize("name", ["Guinea", "Guinée", "Congo", "China", "Irland"])
def test_the_name_of_a_country_elsewhere_is_never_taken_for_a_misspelt_state(name):
    states, aliases = (reading.read_table(table, PROJECT / "data", Lookup()).frame for table in (TABLE, ALIASES))
    names = AreaNames(states, aliases)
    assert code_of(names, name) is None
    assert str(names.why_unknown(name)).startswith("one of the states covered here")
    assert names.nearest(name) is None


@pytest.mark.parametrize("table", ["dim_area", "area_membership", "oas_participation"])
def test_area_tables_are_as_reviewed(tiny_tables, assert_golden, table):
    assert_golden(table, tiny_tables[table])


def test_area_tables_name_the_columns_of_their_files():
    for table in (TABLE, ALIASES, MEMBERSHIPS, PARTICIPATION):
        header = (FIXTURES / table.file).read_text(encoding="utf-8").splitlines()[0]
        assert table.columns == header.split(",")
