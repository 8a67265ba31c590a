"""Figures that a source states for many events at once; shown as marks beside the data, never added to it."""

import dataframely as dy
import polars as pl

from pipelines import schemas
from pipelines import vocabularies as words
from pipelines.conform import conform
from pipelines.fields import Code, Key, Number, Reference, Table, Text, Year

TABLE = Table(
    name="training_statements",
    file="registry/training_statements.csv",
    key=("statement_id",),
    fields=(
        Key("statement_id", is_required=True),
        Reference("programme_id", "programmes"),
        Text("scope", is_required=True),
        Code("qualifier", words.STATEMENT_QUALIFIERS, is_required=True),
        Number("value", 0, is_required=True),
        Text("unit", is_required=True),
        Text("period"),
        Year("mark_year"),
        Code("additive_with_events", words.ADDITIVITIES, is_required=True),
        Reference("source_id", "sources", is_required=True),
        Text("note"),
        Code("text_lang", words.LANGUAGES, is_required=True),
    ),
)


def transform(statements: pl.DataFrame) -> dy.DataFrame[schemas.TrainingStatement]:
    """Every statement, by its id."""
    return conform(statements, schemas.TrainingStatement, TABLE.file)
