"""The observations of an edition: open values as published, and everything worked out from the OAS records."""

import datetime
from collections.abc import Mapping
from typing import cast

import dataframely as dy
import polars as pl

from pipelines.conform import conform
from pipelines.derive import context, participation, programmes, questionnaires, reach, training, treaties
from pipelines.derive.places import make_places
from pipelines.schemas import Observation

ORDER = ["area_code", "indicator_id", "category", "sex", "age", "period"]


def derive(tables: Mapping[str, pl.DataFrame], as_of: datetime.date) -> dy.DataFrame[Observation]:
    """All rows of ``fct_observation``, sorted by area, indicator, category, sex, age and period.

    ``tables`` holds the edition's tables by name and ``open_observations`` (indicator_id, area_code, year, value,
    value_code, obs_status, source_id, note); ``as_of`` is the day on which figures for all years stand.
    """
    places = make_places(tables, as_of)
    observations = pl.concat(
        [
            context.observations(tables, places),
            participation.observations(tables, places, as_of),
            training.observations(tables, places),
            reach.observations(tables, places, as_of),
            programmes.observations(tables, places),
            questionnaires.observations(tables, places),
            treaties.observations(tables, places),
        ]
    )
    return cast(dy.DataFrame[Observation], conform(observations, Observation, "derived observations").sort(ORDER))
