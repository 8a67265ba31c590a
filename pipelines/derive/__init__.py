"""The observations of an edition: open values as published, and everything worked out from the OAS records."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

import dataframely as dy
import polars as pl

from pipelines.conform import conform
from pipelines.derive import context, participation, programmes, questionnaires, reach, training, treaties
from pipelines.derive.places import make_places
from pipelines.schemas import Observation

ORDER = ["area_code", "indicator_id", "category", "sex", "age", "period"]


@dataclass(frozen=True)
class Events:
    """The tables of training events, all or part by part (the rows of an event in one part), and the events' years.

    ``others`` are events that are in none of the parts, and in which no state took part.
    """

    years: pl.Series
    parts: Iterable[Mapping[str, pl.DataFrame]]
    others: training.Alike | None = None


def derive(
    tables: Mapping[str, pl.DataFrame], as_of: datetime.date, events: Events | None = None
) -> dy.DataFrame[Observation]:
    """All rows of ``fct_observation``, sorted by area, indicator, category, sex, age and period.

    ``tables`` holds the edition's tables by name and ``open_observations`` (indicator_id, area_code, year, value,
    value_code, obs_status, source_id, note); ``as_of`` is the day on which figures for all years stand. Training
    events come from ``events`` where they are given, and their parts are gone through once.
    """
    events = events or Events(tables["fct_training_event"].get_column("year"), [tables])
    places = make_places(tables, events.years, as_of)
    counts, reached = training.NOTHING_COUNTED, reach.reached_by_programmes(tables)
    for part in events.parts:
        counts = training.added([counts, training.counted(part, places)])
        reached = pl.concat([reached, reach.reached_by_events(part)]).unique()
    if events.others is not None:
        counts = training.added([counts, training.counted_alike(events.others, places)])
    observations = pl.concat(
        [
            context.observations(tables, places),
            participation.observations(tables, places, as_of),
            training.observations(counts, events.years, tables["open_observations"], places),
            reach.observations(reached, events.years, places, as_of),
            programmes.observations(tables, places),
            questionnaires.observations(tables, places),
            treaties.observations(tables, places),
        ]
    )
    return cast(dy.DataFrame[Observation], conform(observations, Observation, "derived observations").sort(ORDER))
