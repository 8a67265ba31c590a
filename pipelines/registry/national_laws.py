"""Acts, sections of codes, regulations and decrees."""

import dataframely as dy
import polars as pl

from pipelines import schemas
from pipelines import vocabularies as words
from pipelines.conform import conform
from pipelines.dates import stated
from pipelines.fields import Area, Code, Key, PartialDate, Reference, Table, Text

TABLE = Table(
    name="national_laws",
    file="registry/national_laws.csv",
    key=("law_id",),
    fields=(
        Key("law_id", is_required=True),
        Area("country", is_required=True),
        Text("title_original", is_required=True),
        Text("title", is_required=True),
        Text("law_number"),
        PartialDate("adopted_date"),
        PartialDate("published_date"),
        Code("scope", words.LAW_SCOPES, is_required=True),
        Code("status", words.LAW_STATUSES, is_required=True),
        Reference("source_id", "sources", is_required=True),
        Text("note"),
        Code("text_lang", words.LANGUAGES, is_required=True),
    ),
)


def transform(laws: pl.DataFrame) -> dy.DataFrame[schemas.NationalLaw]:
    """Every law, by its id."""
    return (
        laws.rename({"country": "area_code"})
        .with_columns(*stated("adopted_date", "adopted"), *stated("published_date", "published"))
        .pipe(conform, schemas.NationalLaw, TABLE.file)
    )
