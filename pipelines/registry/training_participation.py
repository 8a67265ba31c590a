"""Which countries took part in which training event, and the officials stated for each, if any."""

import dataframely as dy
import polars as pl

from pipelines import schemas
from pipelines.conform import conform
from pipelines.fields import Area, Integer, Reference, Table

TABLE = Table(
    name="training_participation",
    file="registry/training_participation.csv",
    key=("event_id", "country"),
    split_by="event_id",
    fields=(
        Reference("event_id", "training_events", is_required=True),
        Area("country", is_required=True),
        Integer("officials_trained"),
        Reference("source_id", "sources", is_required=True),
    ),
)


def transform(participation: pl.DataFrame, events: pl.DataFrame) -> dy.DataFrame[schemas.TrainingParticipation]:
    """Participants as recorded, and the host of each event as a role of its own."""
    participants = participation.select(
        "event_id",
        "source_id",
        area_code="country",
        role=pl.lit("participant"),
        officials_stated="officials_trained",
    )
    hosts = events.drop_nulls("host_country").select(
        "event_id",
        "source_id",
        area_code="host_country",
        role=pl.lit("host"),
        officials_stated=pl.lit(None, pl.Int64),
    )
    return pl.concat([participants, hosts]).pipe(conform, schemas.TrainingParticipation, TABLE.file)
