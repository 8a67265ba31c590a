"""Recorded texts in the reader's language, with the standing of each wording.

A record keeps the text of its source; ``dim_text`` holds the other wordings. Beside each localised column ``x`` stands
``x_basis``: ``original`` (the recorded text itself, in the reader's language), ``official`` or ``same`` (needs no
remark), ``translated`` (ours: marked on screen), or the two-letter code of the language in which the text had to be
shown because no translation is on record.
"""

import polars as pl

from dashboard.db import fetch
from dashboard.i18n import language

FREE_OF_REMARK = ("original", "official", "same")


def _wordings(lang: str) -> pl.DataFrame:
    return fetch(
        """
        select original, any_value(text order by text_id) as text, any_value(basis order by text_id) as basis
        from dim_text
        where lang = $lang
        group by original
        order by original
        """,
        lang=lang,
    )


def localise(frame: pl.DataFrame, *columns: str, lists: tuple[str, ...] = ()) -> pl.DataFrame:
    """The frame with the given text columns in the reader's language and a ``<column>_basis`` beside each.

    Columns named in ``lists`` hold several texts split at ";"; each part is looked up and they are joined with ", ".
    """
    lang = language()
    wordings = _wordings(lang)
    text = dict(zip(wordings["original"], wordings["text"], strict=True))
    basis = dict(zip(wordings["original"], wordings["basis"], strict=True))
    original_lang = pl.col("text_lang") if "text_lang" in frame.columns else pl.lit("en")
    without = pl.when(original_lang == lang).then(pl.lit("original")).otherwise(original_lang)
    for column in columns:
        frame = frame.with_columns(
            pl.when(pl.col(column).is_null())
            .then(None)
            .otherwise(pl.coalesce(pl.col(column).replace_strict(basis, default=None, return_dtype=pl.String), without))
            .alias(f"{column}_basis"),
            pl.col(column).replace(text) if text else pl.col(column),
        )
    for column in lists:
        parts = pl.col(column).str.split(";").list.eval(pl.element().str.strip_chars())
        known = pl.element().replace_strict(basis, default="missing", return_dtype=pl.String)
        frame = frame.with_columns(
            pl.when(pl.col(column).is_null())
            .then(None)
            .when(parts.list.eval(known == "missing").list.any())
            .then(without)
            .when(parts.list.eval(known == "translated").list.any())
            .then(pl.lit("translated"))
            .otherwise(pl.lit("same"))
            .alias(f"{column}_basis"),
            parts.list.eval(pl.element().replace(text) if text else pl.element()).list.join(", ").alias(column),
        )
    return frame


def wording(original: str) -> str:
    """One recorded text in the reader's language (the text itself where no wording is on record)."""
    wordings = _wordings(language())
    row = wordings.filter(pl.col("original") == original)
    return row["text"][0] if row.height else original
