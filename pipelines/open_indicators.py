"""Open context indicators by state and year, and the documents behind the tiers of the TIP Report."""

import dataframely as dy
import polars as pl

from pipelines import schemas
from pipelines import vocabularies as words
from pipelines.conform import conform
from pipelines.fields import Area, Code, Number, Reference, RowRule, Table, Text, Year

_HAS_VALUE = pl.col("value").is_not_null() | pl.col("value_code").is_not_null()

TABLE = Table(
    name="open_indicators",
    file="open/open_indicators.csv",
    key=("indicator_id", "country", "year"),
    fields=(
        Reference("indicator_id", "indicators", is_required=True),
        Area("country", is_required=True),
        Year("year", is_required=True),
        Number("value"),
        Text("value_code"),
        Code("obs_status", words.OBS_STATUSES, is_required=True),
        Reference("source_id", "sources", is_required=True),
        Text("note"),
    ),
    rules=(
        RowRule(
            "status_says_why_there_is_no_value",
            "obs_status",
            f"{' or '.join(words.VALUE_STATUSES)} with a value, another status without one",
            pl.col("obs_status").is_in(list(words.VALUE_STATUSES)) == _HAS_VALUE,
        ),
    ),
)
TIER_EVIDENCE = Table(
    name="tip_tier_evidence",
    file="open/tip_tier_evidence.csv",
    key=(),
    fields=(
        Area("country", is_required=True),
        Year("year", is_required=True),
        Text("value_code", is_required=True),
        Code("evidence_basis", words.EVIDENCE_BASES, is_required=True),
        Text("publisher", is_required=True),
        Text("source_title", is_required=True),
        Reference("source_id", "sources", is_required=True),
    ),
)

# The World Bank's mark ".." says that a value is not available: O here, where M stands for "not applicable".
_STATUS_OF_MARK = {"M": "O"}


def transform(records: pl.DataFrame) -> dy.DataFrame[schemas.Observation]:
    """The states' values as observations; group values are derived later."""
    nothing = pl.lit(None, pl.Float64)
    return (
        records.rename({"country": "area_code"})
        .with_columns(
            pl.lit("year").alias("period_kind"),
            pl.col("year").cast(pl.String).alias("period"),
            *(pl.lit("_T").alias(dimension) for dimension in ("category", "sex", "age")),
            *(nothing.alias(column) for column in ("numerator", "denominator", "coverage")),
            pl.col("obs_status").replace(_STATUS_OF_MARK),
        )
        .pipe(conform, schemas.Observation, TABLE.file)
    )


def tier_evidence(records: pl.DataFrame) -> dy.DataFrame[schemas.TierEvidence]:
    """Every document behind a tier, by state and year."""
    return conform(records.rename({"country": "area_code"}), schemas.TierEvidence, TIER_EVIDENCE.file)
