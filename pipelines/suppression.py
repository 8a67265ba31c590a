"""Small counts of people and cases are taken out of the answers before they are stored.

A count of 1 to 9 in the answers on victims and cases is suppressed: answer, value and note are emptied and the status
is Q. Zero stays zero. Where a larger total is broken down into small parts, only the total stays. A breakdown
without a total is suppressed whole.
"""

import polars as pl

SMALLEST_COUNT_SHOWN = 10
SENSITIVE_TOPICS = ("victim data", "case data")
UNITS_THAT_COUNT_NOBODY = ("per cent", "year", "years", "countries", "states", "questions", "languages")

WITHHELD_COLUMNS = {"questionnaire_answers": ("answer", "value", "note")}
"""The cells of refused rows that are not kept either: a refused answer may hold a small count."""


def without_small_counts(answers: pl.DataFrame, smallest_shown: int = SMALLEST_COUNT_SHOWN) -> pl.DataFrame:
    """``answers`` with ``answer_status``; ``answer``, ``value`` and ``note`` empty or cut to the total where needed.

    Needs the columns ``topic``, ``answer``, ``value``, ``unit``, ``has_small_parts`` and ``note``. Any unit in the
    sensitive topics counts people or cases unless it is known not to.
    """
    counts_people = pl.col("topic").is_in(list(SENSITIVE_TOPICS)) & ~pl.col("unit").fill_null("").is_in(
        list(UNITS_THAT_COUNT_NOBODY)
    )
    is_small = (pl.col("value") > 0) & (pl.col("value") < smallest_shown)
    has_parts = pl.col("has_small_parts").fill_null(False)
    hidden = (is_small & (counts_people | has_parts)).fill_null(False) | (has_parts & pl.col("value").is_null())
    return answers.with_columns(
        answer=pl.when(hidden)
        .then(None)
        .when(has_parts)
        .then(_plain_number(pl.col("value")))
        .otherwise(pl.col("answer")),
        value=pl.when(~hidden).then(pl.col("value")),
        note=pl.when(~hidden & ~has_parts).then(pl.col("note")),
        answer_status=pl.when(hidden).then(pl.lit("Q")).otherwise(pl.lit("A")),
    )


def _plain_number(value: pl.Expr) -> pl.Expr:
    return (
        pl.when(value == value.round(0))
        .then(value.cast(pl.Int64, strict=False).cast(pl.String))
        .otherwise(value.cast(pl.String))
    )
