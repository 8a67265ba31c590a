"""The questions of every round, each with its predecessor in an earlier round where there is one."""

import dataframely as dy
import polars as pl

from pipelines import schemas
from pipelines import vocabularies as words
from pipelines.conform import conform
from pipelines.fields import Code, Key, Reference, Table, Text

TABLE = Table(
    name="questionnaire_questions",
    file="registry/questionnaire_questions.csv",
    key=("question_id",),
    fields=(
        Key("question_id", is_required=True),
        Reference("round_id", "questionnaire_rounds", is_required=True),
        Text("topic", is_required=True),
        Code("pillar", words.PILLARS, is_required=True),
        Text("wording", is_required=True),
        Reference("previous_question_id", "questionnaire_questions"),
        Code("text_lang", words.LANGUAGES, is_required=True),
    ),
)


def transform(questions: pl.DataFrame) -> dy.DataFrame[schemas.Question]:
    """Every question, by its id."""
    return conform(questions, schemas.Question, TABLE.file)
