"""A table that does not keep its contract stops with source, contract and first bad row."""

import polars as pl
import pytest

from pipelines import schemas
from pipelines.conform import conform
from pipelines.errors import ContractBroken

TREATIES = pl.DataFrame({"treaty_id": ["T2", "T1"], "name": ["b", "a"], "adopted_year": [2000, None], "position": [2, 1], "more": [0, 0]})  # fmt: skip


def test_the_contract_columns_come_typed_and_sorted_by_key():
    table = conform(TREATIES, schemas.Treaty, "treaties.csv")
    assert table.rows() == [("T1", "a", None, 1), ("T2", "b", 2000, 2)]
    assert table.schema["position"] == pl.Int32


def test_a_broken_contract_names_source_contract_rule_and_first_row():
    with pytest.raises(ContractBroken) as told:
        conform(TREATIES.with_columns(adopted_year=3000), schemas.Treaty, "treaties.csv")
    assert str(told.value) == (
        "treaties.csv: contract Treaty is broken in 2 rows by the rule adopted_year|max; "
        "first row: treaty_id=T2, name=b, adopted_year=3000, position=2"
    )


def test_a_missing_column_is_named():
    with pytest.raises(ContractBroken, match=r"^treaties.csv: the contract Treaty needs the column name, position$"):
        conform(TREATIES.drop("name", "position"), schemas.Treaty, "treaties.csv")


def test_a_value_of_another_type_is_told():
    with pytest.raises(ContractBroken, match=r"^treaties.csv: "):
        conform(TREATIES.with_columns(position=pl.lit("first")), schemas.Treaty, "treaties.csv")
