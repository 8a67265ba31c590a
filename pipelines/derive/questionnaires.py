"""Questionnaires: who returned which round; the forms of the OAS and of other bodies never added together."""

from collections.abc import Mapping

import polars as pl

from pipelines.derive.places import ALL_TIME, UNDATED, Places, in_periods, years_between
from pipelines.derive.rows import observed

RETURNED, NOT_RECEIVED, NOT_ASKED = "returned", "not_received", "not_asked"


def observations(tables: Mapping[str, pl.DataFrame], places: Places) -> pl.DataFrame:
    """Returns of each state, returns and return rate of each round, and most recent returns in a row.

    Only rounds that states answered are counted. A state that a source does not name is empty, never a refusal.
    """
    rounds = (
        tables["dim_questionnaire_round"]
        .filter(pl.col("respondent_kind") == "states")
        .select(
            *["round_id", "year", "form_family", "series_code", "responses_stated"],
            *["is_responders_named", "is_list_complete"],
            period=pl.col("year").cast(pl.String).fill_null(UNDATED),
        )
    )
    responses = tables["fct_response"].join(rounds, on="round_id", how="semi")
    of_states = _standing_of_states(rounds, responses, places)
    of_groups = _standing_of_groups(rounds, of_states, places)
    return pl.concat(
        [
            observed(_returned(rounds, responses, places), "questionnaires_returned"),
            observed(_in_all_time_too(_of_each_state(of_states)), "questionnaire_returns"),
            observed(_in_all_time_too(_of_each_group(of_groups, places)), "questionnaire_returns"),
            observed(_in_all_time_too(_rates(of_groups)), "questionnaire_return_rate"),
            observed(_in_a_row(rounds, of_states, places), "questionnaire_returns_in_row"),
        ]
    )


def _in_all_time_too(cells: pl.DataFrame) -> pl.DataFrame:
    """A round is one event: its figure is the same in its own period and for all years."""
    return pl.concat([cells, cells.with_columns(period=pl.lit(ALL_TIME, dtype=pl.String))])


def _standing_of_states(rounds: pl.DataFrame, responses: pl.DataFrame, places: Places) -> pl.DataFrame:
    """Every round and state: the columns of ``rounds``, state_code, is_counted, standing (empty: not named)."""
    statuses = responses.group_by("round_id", state_code="area_code").agg(pl.col("response_status"))
    status = pl.col("response_status")
    counted = places.members.filter(pl.col("area_code") == pl.col("state_code"))
    return (
        rounds.join(places.states.select(state_code="area_code"), how="cross")
        .join(statuses, on=["round_id", "state_code"], how="left", validate="1:1")
        .join(counted.select("period", "state_code", "is_counted"), on=["period", "state_code"], validate="m:1")
        .with_columns(
            standing=pl.when(status.list.contains(RETURNED))
            .then(pl.lit(RETURNED))
            .when(status.list.contains(NOT_RECEIVED))
            .then(pl.lit(NOT_RECEIVED))
            .when(status.list.contains(NOT_ASKED))
            .then(pl.lit(NOT_ASKED))
        )
        .drop("response_status")
    )


def _of_each_state(of_states: pl.DataFrame) -> pl.DataFrame:
    standing = pl.col("standing")
    is_outside = standing.is_null() & ~pl.col("is_counted") & (pl.col("form_family") == "oas")
    return of_states.select(
        "period",
        area_code="state_code",
        category="round_id",
        value=pl.when(standing == RETURNED).then(1.0).when(standing == NOT_RECEIVED).then(0.0),
        obs_status=pl.when(standing.is_in([RETURNED, NOT_RECEIVED]))
        .then(pl.lit("A"))
        .when(standing == NOT_ASKED)
        .then(pl.lit("L"))
        .when(is_outside)
        .then(pl.lit("M"))
        .otherwise(pl.lit("O")),
        note=pl.when(standing == NOT_ASKED)
        .then(pl.lit("not_asked"))
        .when(is_outside)
        .then(pl.lit("not_participating"))
        .when(standing.is_null())
        .then(pl.lit("not_stated")),
    )


def _standing_of_groups(rounds: pl.DataFrame, of_states: pl.DataFrame, places: Places) -> pl.DataFrame:
    """Every round and group: returned, asked and known states; asked only where the list is complete."""
    counts = (
        of_states.select("round_id", "period", "state_code", "standing")
        .join(places.group_members.select("period", "area_code", "state_code"), on=["period", "state_code"])
        .group_by("round_id", "area_code")
        .agg(
            returned=(pl.col("standing") == RETURNED).sum(),
            asked=pl.col("standing").is_in([RETURNED, NOT_RECEIVED]).sum(),
            known_share=pl.col("standing").is_not_null().mean(),
        )
    )
    complete = pl.col("is_list_complete")
    return counts.join(rounds, on="round_id", validate="m:1").select(
        "area_code",
        "period",
        "returned",
        "responses_stated",
        "is_responders_named",
        "is_list_complete",
        category="round_id",
        asked=pl.when(complete).then("asked"),
        coverage=pl.when(complete).then("known_share"),
    )


def _of_each_group(of_groups: pl.DataFrame, places: Places) -> pl.DataFrame:
    """Returned states; where not all are named, the hemisphere has the number the source states, if any."""
    is_hemisphere = pl.col("area_code") == places.hemisphere
    value = (
        pl.when("is_responders_named")
        .then(pl.col("returned").cast(pl.Float64))
        .when(is_hemisphere)
        .then(pl.col("responses_stated").cast(pl.Float64))
    )
    return of_groups.with_columns(value=value).select(
        *["area_code", "period", "category", "value", "coverage"],
        numerator="value",
        denominator="asked",
        obs_status=pl.when(pl.col("value").is_null()).then(pl.lit("O")).otherwise(pl.lit("A")),
        note=pl.when(~pl.col("is_responders_named")).then(pl.lit("responders_not_named")),
    )


def _rates(of_groups: pl.DataFrame) -> pl.DataFrame:
    has_rate = pl.col("asked").fill_null(0) > 0
    complete = pl.col("is_list_complete")
    return of_groups.select(
        *["area_code", "period", "category", "coverage"],
        value=pl.when(has_rate).then(pl.col("returned") / pl.col("asked")),
        numerator=pl.when(complete).then("returned"),
        denominator="asked",
        obs_status=pl.when(has_rate).then(pl.lit("A")).when(complete).then(pl.lit("M")).otherwise(pl.lit("L")),
        note=pl.when(~complete).then(pl.lit("list_not_complete")).when(~has_rate).then(pl.lit("none_asked")),
    )


def _returned(rounds: pl.DataFrame, responses: pl.DataFrame, places: Places) -> pl.DataFrame:
    """Returns on record of each state by whose form it was, in the years in which there was a round.

    0 only where every round of the period is known not to have come from the state, or not to have been sent to it.
    """
    dated = responses.join(rounds.select("round_id", "form_family", round_year="year"), on="round_id", validate="m:1")
    statuses = dated.select(
        "round_id", "form_family", "area_code", "response_status", year=pl.coalesce("year", "round_year")
    )
    silent = rounds.join(responses, on="round_id", how="anti").select("round_id", "form_family", "year")
    in_question = in_periods(
        pl.concat([statuses.select("round_id", "form_family", "year"), silent]).unique()
    ).with_columns(occasion=pl.format("{} {}", "round_id", pl.col("year").cast(pl.String).fill_null(UNDATED)))
    known = in_periods(statuses).with_columns(
        occasion=pl.format("{} {}", "round_id", pl.col("year").cast(pl.String).fill_null(UNDATED))
    )
    zeros = places.where_none_on_record_is_known(years_between(in_question.get_column("year")))
    status = pl.col("response_status")
    is_returned = pl.col("returned") > 0
    is_known_zero = (pl.col("unknown") == 0) & (pl.col("not_received") > 0)
    is_not_asked = (pl.col("unknown") == 0) & (pl.col("not_received") == 0)
    is_outside = (
        ~pl.col("is_zero_known") & (pl.col("category") == "oas") & (pl.col("returned") + pl.col("not_received") == 0)
    )
    return (
        in_question.select("form_family", "period", "occasion")
        .join(places.states, how="cross")
        .join(
            known.select("form_family", "period", "occasion", "area_code", "response_status"),
            on=["form_family", "period", "occasion", "area_code"],
            how="left",
        )
        .group_by("area_code", "period", category="form_family")
        .agg(
            returned=(status == RETURNED).sum(),
            not_received=(status == NOT_RECEIVED).sum(),
            unknown=status.is_null().sum(),
        )
        .join(zeros, on=["area_code", "period"], how="left", validate="m:1")
        .select(
            *["area_code", "period", "category"],
            value=pl.when(is_returned).then(pl.col("returned").cast(pl.Float64)).when(is_known_zero).then(0.0),
            obs_status=pl.when(is_returned | is_known_zero)
            .then(pl.lit("A"))
            .when(is_not_asked)
            .then(pl.lit("L"))
            .when(is_outside)
            .then(pl.lit("M"))
            .otherwise(pl.lit("O")),
            note=pl.when(is_returned | is_known_zero)
            .then(None)
            .when(is_not_asked)
            .then(pl.lit("not_asked"))
            .when(is_outside)
            .then(pl.lit("not_participating"))
            .otherwise(pl.lit("not_stated")),
        )
    )


def _in_a_row(rounds: pl.DataFrame, of_states: pl.DataFrame, places: Places) -> pl.DataFrame:
    """Returns in a row of each state in each OAS series, counted back from its latest round that is known.

    Rounds whose responders are not named, and rounds that did not ask the state, are left out. Counting stops at the
    first round that was not received or is not known; a round that is not known never makes the figure 0.
    """
    eligible = of_states.filter(
        pl.col("form_family") == "oas", pl.col("is_responders_named"), pl.col("year").is_not_null()
    )
    cell = ["state_code", "series_code"]
    is_known = pl.col("standing").is_in([RETURNED, NOT_RECEIVED]).fill_null(False)
    counted = (
        eligible.filter(pl.col("standing").is_null() | (pl.col("standing") != NOT_ASKED))
        .sort(*cell, "year", "round_id", descending=[False, False, True, True])
        .with_columns(is_known=is_known)
        .filter(pl.col("is_known").cast(pl.Int8).cum_max().over(cell) == 1)
        .with_columns(is_return=(pl.col("standing") == RETURNED).fill_null(False).cast(pl.Int8))
        .with_columns(is_in_row=pl.col("is_return").cum_min().over(cell))
        .group_by(cell)
        .agg(value=pl.col("is_in_row").cast(pl.Int64).sum())
    )
    zeros = places.where_none_on_record_is_known(years_between(eligible.get_column("year")))
    is_outside = ~pl.col("is_zero_known")
    return (
        eligible.select(cell)
        .unique()
        .join(counted, on=cell, how="left", validate="1:1")
        .join(zeros.filter(pl.col("period") == ALL_TIME).rename({"area_code": "state_code"}), on="state_code")
        .select(
            "period",
            "value",
            area_code="state_code",
            category="series_code",
            obs_status=pl.when(pl.col("value").is_not_null())
            .then(pl.lit("A"))
            .when(is_outside)
            .then(pl.lit("M"))
            .otherwise(pl.lit("O")),
            note=pl.when(pl.col("value").is_not_null())
            .then(None)
            .when(is_outside)
            .then(pl.lit("not_participating"))
            .otherwise(pl.lit("not_stated")),
        )
    )
