"""Where states stand with regard to international instruments, as of the sources."""

import dataframely as dy
import polars as pl

from pipelines import schemas
from pipelines import vocabularies as words
from pipelines.conform import conform
from pipelines.dates import first_day, stated
from pipelines.fields import Area, Code, PartialDate, Reference, RowRule, Table, Text, Year
from pipelines.i18n import mark

TABLE = Table(
    name="treaty_actions",
    file="registry/treaty_actions.csv",
    key=("country", "treaty_id"),
    fields=(
        Area("country", is_required=True),
        Reference("treaty_id", "treaties", is_required=True),
        Code("status", words.TREATY_STATUSES, is_required=True),
        PartialDate("signature_date"),
        Code("action_type", words.TREATY_ACTIONS),
        PartialDate("action_date"),
        Year("year"),
        Reference("source_id", "sources"),
        Reference("source_id_2", "sources"),
        Text("note"),
        Code("text_lang", words.LANGUAGES, is_required=True),
    ),
    rules=(
        RowRule(
            "only_an_unknown_standing_has_no_source",
            "source_id",
            mark("a source; only the status unknown needs none"),
            (pl.col("status") == "unknown") | pl.col("source_id").is_not_null(),
        ),
        RowRule(
            "year_is_the_year_of_the_action",
            "year",
            mark("the year of {action_date}"),
            pl.col("year") == first_day(pl.col("action_date")).dt.year(),
        ),
    ),
)


def transform(actions: pl.DataFrame) -> dy.DataFrame[schemas.TreatyAction]:
    """Every state's standing in every instrument, by state and instrument."""
    return (
        actions.rename({"country": "area_code"})
        .with_columns(*stated("signature_date", "signature"), *stated("action_date", "action"))
        .pipe(conform, schemas.TreatyAction, TABLE.file)
    )
