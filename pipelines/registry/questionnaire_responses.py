"""Which state returned which questionnaire."""

import dataframely as dy
import polars as pl

from pipelines import schemas
from pipelines import vocabularies as words
from pipelines.conform import conform
from pipelines.fields import Area, Code, Key, Reference, Table, Text, Year

TABLE = Table(
    name="questionnaire_responses",
    file="registry/questionnaire_responses.csv",
    key=("response_id",),
    fields=(
        Key("response_id", is_required=True),
        Reference("round_id", "questionnaire_rounds", is_required=True),
        Area("country", is_required=True),
        Year("year"),
        Code("response_status", words.RESPONSE_STATUSES, is_required=True),
        Reference("source_id", "sources", is_required=True),
        Text("note"),
        Code("text_lang", words.LANGUAGES, is_required=True),
    ),
)


def transform(responses: pl.DataFrame) -> dy.DataFrame[schemas.Response]:
    """Every state's return of every round, by its id."""
    return conform(responses.rename({"country": "area_code"}), schemas.Response, TABLE.file)
