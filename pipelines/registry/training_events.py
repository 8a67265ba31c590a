"""Trainings, workshops, seminars and conferences: what was held, announced or planned, and the officials stated."""

import dataframely as dy
import polars as pl

from pipelines import schemas
from pipelines import vocabularies as words
from pipelines.conform import conform
from pipelines.dates import stated, year_columns
from pipelines.fields import (
    LIST_SEPARATOR,
    Area,
    Code,
    Integer,
    Key,
    ListOf,
    PartialDate,
    Reference,
    RowRule,
    Table,
    Text,
    ends_after_start,
)
from pipelines.i18n import mark

TABLE = Table(
    name="training_events",
    file="registry/training_events.csv",
    key=("event_id",),
    split_by="event_id",
    fields=(
        Key("event_id", is_required=True),
        Text("title", is_required=True),
        Code("event_type", words.EVENT_TYPES, is_required=True),
        Reference("programme_id", "programmes"),
        Code("status", words.EVENT_STATUSES, is_required=True),
        PartialDate("start_date"),
        PartialDate("end_date"),
        Text("city"),
        Area("host_country"),
        ListOf("audience", Reference("", "audiences")),
        Integer("officials_trained"),
        Integer("women_trained"),
        Code("number_basis", words.NUMBER_BASES),
        Code("count_scope", words.COUNT_SCOPES),
        Code("modality", words.MODALITIES),
        ListOf("topics"),
        Reference("source_id", "sources", is_required=True),
        Reference("source_id_2", "sources"),
        Text("note"),
        Code("text_lang", words.LANGUAGES, is_required=True),
    ),
    rules=(
        ends_after_start(),
        RowRule(
            "a_number_has_a_basis",
            "number_basis",
            mark("a basis exactly where {officials_trained} is filled"),
            pl.col("officials_trained").is_null() == pl.col("number_basis").is_null(),
        ),
        RowRule(
            "women_are_not_more_than_all",
            "women_trained",
            mark("a number up to {officials_trained}"),
            pl.col("women_trained").is_null()
            | (pl.col("women_trained") <= pl.col("officials_trained")).fill_null(False),
        ),
    ),
)


def transform(events: pl.DataFrame, participation: pl.DataFrame) -> dy.DataFrame[schemas.TrainingEvent]:
    """Every event; a stated number belongs to a country only where that is the event's one participant."""
    of_events = events.select("event_id").join(
        only_countries(participation), on="event_id", how="left", validate="1:1", maintain_order="left"
    )
    return (
        events.with_columns(of_events["only_country"])  # joined apart, so that nothing else of the events is copied
        .rename({"host_country": "host_area_code"})
        .with_columns(
            *_dates(events),
            pl.col("audience", "topics").list.join(";"),
            officials_stated="officials_trained",
            women_stated="women_trained",
            attributable_area_code=pl.when(pl.col("officials_trained").is_not_null()).then("only_country"),
        )
        .pipe(conform, schemas.TrainingEvent, TABLE.file)
    )


def only_countries(participation: pl.DataFrame) -> pl.DataFrame:
    """The one country that took part, of each event in which one did: event_id, only_country."""
    participants = participation.group_by("event_id").agg(countries=pl.col("country").unique())
    return participants.filter(pl.col("countries").list.len() == 1).select(
        "event_id", only_country=pl.col("countries").list.first()
    )


def _dates(events: pl.DataFrame) -> pl.DataFrame:
    """The columns of dates and years, looked for once for each pair of dates: many events share theirs."""
    stated_dates = events.select("start_date", "end_date")
    found = stated_dates.unique().with_columns(
        *stated("start_date", "start"), *stated("end_date", "end"), *year_columns("start_date", "end_date")
    )
    return stated_dates.join(
        found, on=["start_date", "end_date"], how="left", nulls_equal=True, validate="m:1", maintain_order="left"
    ).drop("start_date", "end_date")


def years(events: pl.LazyFrame) -> pl.Series:
    """The years in which there are events, however many events there are."""
    year, *_others = year_columns("start_date", "end_date")
    return events.select(year.alias("year")).unique().collect().get_column("year")


def audiences(events: pl.DataFrame, groups: pl.DataFrame) -> dy.DataFrame[schemas.TrainingAudience]:
    """Every audience of every event, with the group it is shown in."""
    # Many events name the same list of audiences: each list is taken apart once.
    listed = events.select("event_id", together=pl.col("audience").list.join(LIST_SEPARATOR)).drop_nulls("together")
    named = (
        listed.select("together", audience=pl.col("together").str.split(LIST_SEPARATOR))
        .unique("together")
        .explode("audience")
        .unique()
        .join(groups, on="audience", how="left", validate="m:1")
        .sort("audience")
    )
    return listed.join(named, on="together", maintain_order="left_right").pipe(
        conform, schemas.TrainingAudience, TABLE.file
    )
