"""What is told of a state where the states whose reply was not received are not named (PANORAMA_HIDE_NOT_RECEIVED)."""

import polars as pl

from dashboard.i18n import _
from dashboard.queries import country
from dashboard.selection import Selection
from dashboard.settings import hides_names_not_received


def rounds_told(selection: Selection) -> pl.DataFrame:
    """The rounds with the state's standing; where names are not shown, so that nobody's missing reply can be told.

    ``not_shown``: everyone's reply to the round is known, so a return is withheld as well. ``untold``: the reply was
    not received, or no source says anything of it.
    """
    rows = country.rounds(selection.area, **selection.period, is_all_time=selection.is_all_time)
    if not hides_names_not_received():
        return rows
    is_withheld = pl.col("has_missing") & (
        pl.col("is_list_complete") & pl.col("standing").is_in(["returned", "not_received"])
        | ~pl.col("is_list_complete") & pl.col("standing").is_in(["not_received", "not_stated"])
    )
    told, withheld = rows.filter(~is_withheld), rows.filter(is_withheld)
    withheld = (
        # the year of a reply not received would tell it from one that no source mentions
        withheld.filter(selection.is_all_time | pl.col("year").is_not_null())
        .join(told, on="round_id", how="anti", maintain_order="left")
        .unique("round_id", keep="first", maintain_order=True)
        .with_columns(
            pl.when("is_list_complete").then(pl.lit("not_shown")).otherwise(pl.lit("untold")).alias("standing"),
            *(pl.lit(None, dtype=rows.schema[name]).alias(name) for name in ("response_year", "note", "as_of")),
            pl.col("round_source_id").alias("source_id"),
            pl.lit("en").alias("text_lang"),
        )
    )
    return pl.concat([told, withheld]).sort(
        pl.col("form_family") == "oas",
        "year",
        "round_id",
        descending=[True, True, False],
        nulls_last=True,
        maintain_order=True,
    )


def names_note() -> tuple[str, ...]:
    """What is said where the states whose reply was not received are not named."""
    return (_("States whose reply was not received are not named on this site."),) if hides_names_not_received() else ()


def withheld_indicators() -> list[str]:
    """The indicators that tell whose questionnaire was not received, where that is not shown."""
    return ["questionnaires_returned"] if hides_names_not_received() else []


def remarks_told(area_code: str) -> pl.DataFrame:
    """The remarks that name the state; those on questionnaires only where names of missing replies are shown."""
    rows = country.caveats(area_code)
    return rows.filter(pl.col("family").ne_missing(pl.lit("questionnaires"))) if hides_names_not_received() else rows
