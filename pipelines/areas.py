"""States and their groups: the area tables of an edition."""

import dataframely as dy
import polars as pl

from pipelines import schemas
from pipelines import vocabularies as words
from pipelines.conform import conform
from pipelines.dates import stated
from pipelines.fields import (
    Area,
    Boolean,
    Code,
    Integer,
    Key,
    Number,
    PartialDate,
    Reference,
    Table,
    Text,
    ends_after_start,
)

TABLE = Table(
    name="areas",
    file="catalog/areas.csv",
    key=("area_code",),
    fields=(
        Key("area_code", is_required=True),
        Code("area_type", words.AREA_TYPES, is_required=True),
        Reference("scheme_id", "schemes"),
        Text("iso2"),
        Text("m49"),
        *(Text(f"name_{language}", is_required=True) for language in words.LANGUAGES),
        *(Text(f"official_name_{language}") for language in words.LANGUAGES),
        Integer("tile_row"),
        Integer("tile_column"),
        Number("longitude", -180, 180),
        Number("latitude", -90, 90),
        Text("note"),
        Reference("source_id", "sources", is_required=True),
    ),
)
ALIASES = Table(
    name="area_aliases",
    file="catalog/area_aliases.csv",
    key=("alias",),
    fields=(Text("alias", is_required=True), Reference("area_code", "areas")),
)
MEMBERSHIPS = Table(
    name="area_memberships",
    file="catalog/area_memberships.csv",
    key=("scheme_id", "group_code", "area_code"),
    fields=(
        Reference("scheme_id", "schemes", is_required=True),
        Reference("group_code", "areas", is_required=True),
        Area("area_code", is_required=True),
        PartialDate("from_date"),
        PartialDate("to_date"),
        Text("note"),
        Reference("source_id", "sources", is_required=True),
    ),
    rules=(ends_after_start("from_date", "to_date"),),
)
PARTICIPATION = Table(
    name="oas_participation",
    file="catalog/oas_participation.csv",
    key=("area_code", "from_date"),
    fields=(
        Area("area_code", is_required=True),
        PartialDate("from_date", is_required=True),
        PartialDate("to_date"),
        Code("status", words.PARTICIPATION_STATUSES, is_required=True),
        Boolean("is_counted", is_required=True),
        Text("note"),
        Reference("source_id", "sources", is_required=True),
    ),
    rules=(ends_after_start("from_date", "to_date"),),
)


def transform(areas: pl.DataFrame) -> dy.DataFrame[schemas.Area]:
    """Every area, by code."""
    return conform(areas, schemas.Area, TABLE.file)


def memberships(records: pl.DataFrame) -> dy.DataFrame[schemas.Membership]:
    """Every state's groups in every scheme."""
    dated = records.with_columns(*stated("from_date", "from"), *stated("to_date", "to"))
    return conform(dated, schemas.Membership, MEMBERSHIPS.file)


def participation(records: pl.DataFrame) -> dy.DataFrame[schemas.Participation]:
    """Every state's intervals of participation in the OAS."""
    dated = records.with_columns(*stated("from_date", "from"), *stated("to_date", "to"))
    return conform(dated, schemas.Participation, PARTICIPATION.file)
