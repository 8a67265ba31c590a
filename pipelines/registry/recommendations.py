"""Recommendations, mandates, commitments and the like, paraphrased."""

import dataframely as dy
import polars as pl

from pipelines import schemas
from pipelines import vocabularies as words
from pipelines.conform import conform
from pipelines.fields import Code, Integer, Key, Reference, Table, Text, Year

TABLE = Table(
    name="recommendations",
    file="registry/recommendations.csv",
    key=("commitment_id",),
    fields=(
        Key("commitment_id", is_required=True),
        Text("instrument", is_required=True),
        Text("instrument_code"),
        Year("year", is_required=True),
        Text("issuer", is_required=True),
        Integer("item_no", 1),
        Code("kind", words.COMMITMENT_KINDS, is_required=True),
        Code("pillar", words.PILLARS, is_required=True),
        Text("paraphrase", is_required=True),
        Reference("source_id", "sources", is_required=True),
        Text("note"),
        Code("text_lang", words.LANGUAGES, is_required=True),
    ),
)


def transform(recommendations: pl.DataFrame) -> dy.DataFrame[schemas.Commitment]:
    """Every commitment, by its id."""
    return conform(recommendations, schemas.Commitment, TABLE.file)
