"""Questionnaires and other collections of replies, the OAS' own apart from those of other bodies."""

import dataframely as dy
import polars as pl

from pipelines import schemas
from pipelines import vocabularies as words
from pipelines.conform import conform
from pipelines.fields import Boolean, Code, Integer, Key, Reference, Table, Text, Year

TABLE = Table(
    name="questionnaire_rounds",
    file="registry/questionnaire_rounds.csv",
    key=("round_id",),
    fields=(
        Key("round_id", is_required=True),
        Text("name", is_required=True),
        Text("meeting"),
        Reference("meeting_id", "meetings"),
        Year("year"),
        Text("issued_by", is_required=True),
        Code("form_family", words.FORM_FAMILIES, is_required=True),
        Text("series_code", is_required=True),
        Code("respondent_kind", words.RESPONDENT_KINDS, is_required=True),
        Integer("responses_stated"),
        Boolean("is_responders_named", is_required=True),
        Boolean("is_list_complete", is_required=True),
        Reference("source_id", "sources", is_required=True),
        Text("note"),
        Code("text_lang", words.LANGUAGES, is_required=True),
    ),
)


def transform(rounds: pl.DataFrame) -> dy.DataFrame[schemas.QuestionnaireRound]:
    """Every round, by its id."""
    return conform(rounds, schemas.QuestionnaireRound, TABLE.file)
