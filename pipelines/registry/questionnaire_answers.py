"""What states answered; small counts of people and cases are suppressed before anything is stored."""

import dataframely as dy
import polars as pl

from pipelines import schemas
from pipelines import vocabularies as words
from pipelines.conform import conform
from pipelines.fields import Area, Boolean, Code, Key, Number, Reference, RowRule, Table, Text
from pipelines.i18n import mark
from pipelines.suppression import SMALLEST_COUNT_SHOWN, without_small_counts

TABLE = Table(
    name="questionnaire_answers",
    file="registry/questionnaire_answers.csv",
    key=("answer_id",),
    fields=(
        Key("answer_id", is_required=True),
        Reference("question_id", "questionnaire_questions", is_required=True),
        Area("country"),
        Text("scope", is_required=True),
        Text("answer"),
        Number("value", 0),
        Text("unit"),
        Boolean("has_small_parts", is_required=True),
        Reference("source_id", "sources", is_required=True),
        Text("note"),
        Code("text_lang", words.LANGUAGES, is_required=True),
    ),
    rules=(
        RowRule(
            "an_answer_says_something",
            "answer",
            mark("a text here, a value or both"),
            pl.col("answer").is_not_null() | pl.col("value").is_not_null(),
        ),
    ),
)


def transform(
    answers: pl.DataFrame, questions: pl.DataFrame, smallest_shown: int = SMALLEST_COUNT_SHOWN
) -> dy.DataFrame[schemas.Answer]:
    """Every answer, by its id; without counts from 1 up to (not including) ``smallest_shown`` of people or cases."""
    return (
        answers.rename({"country": "area_code"})
        .join(questions.select("question_id", "round_id", "topic"), on="question_id", how="left", validate="m:1")
        .pipe(without_small_counts, smallest_shown)
        .pipe(conform, schemas.Answer, TABLE.file)
    )
