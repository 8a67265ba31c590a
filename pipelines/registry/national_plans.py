"""National plans, policies and strategies."""

import dataframely as dy
import polars as pl

from pipelines import schemas
from pipelines import vocabularies as words
from pipelines.conform import conform
from pipelines.fields import Area, Code, Key, Reference, RowRule, Table, Text, Year
from pipelines.i18n import mark

TABLE = Table(
    name="national_plans",
    file="registry/national_plans.csv",
    key=("plan_id",),
    fields=(
        Key("plan_id", is_required=True),
        Area("country", is_required=True),
        Text("title_original", is_required=True),
        Text("title", is_required=True),
        Year("approved_year"),
        Year("start_year"),
        Year("end_year"),
        Code("status", words.PLAN_STATUSES, is_required=True),
        Text("legal_basis"),
        Reference("source_id", "sources", is_required=True),
        Text("note"),
        Code("text_lang", words.LANGUAGES, is_required=True),
    ),
    rules=(
        RowRule(
            "end_is_not_before_start",
            "end_year",
            mark("a year from {start_year} on"),
            pl.col("end_year") >= pl.col("start_year"),
        ),
    ),
)


def transform(plans: pl.DataFrame) -> dy.DataFrame[schemas.NationalPlan]:
    """Every plan, by its id."""
    return conform(plans.rename({"country": "area_code"}), schemas.NationalPlan, TABLE.file)
