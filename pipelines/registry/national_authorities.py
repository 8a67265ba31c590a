"""Bodies of states that coordinate or carry out the fight against trafficking; institutions, never persons."""

import dataframely as dy
import polars as pl

from pipelines import schemas
from pipelines import vocabularies as words
from pipelines.conform import conform
from pipelines.fields import Area, Code, Key, Reference, Table, Text, Year

TABLE = Table(
    name="national_authorities",
    file="registry/national_authorities.csv",
    key=("authority_id",),
    fields=(
        Key("authority_id", is_required=True),
        Area("country", is_required=True),
        Text("name_original"),
        Text("name", is_required=True),
        Code("authority_type", words.AUTHORITY_TYPES, is_required=True),
        Text("role", is_required=True),
        Text("lead_institution"),
        Year("created_year"),
        Text("legal_basis"),
        Text("website"),
        Year("as_of_year"),
        Reference("source_id", "sources", is_required=True),
        Reference("source_id_2", "sources"),
        Text("note"),
        Code("text_lang", words.LANGUAGES, is_required=True),
    ),
)


def transform(authorities: pl.DataFrame) -> dy.DataFrame[schemas.NationalAuthority]:
    """Every body, by its id."""
    return conform(authorities.rename({"country": "area_code"}), schemas.NationalAuthority, TABLE.file)
