"""The events that a list can show: of every area the newest of each year, however many there are in all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

import dataframely as dy
import polars as pl

from pipelines.conform import conform
from pipelines.derive.training import participants
from pipelines.schemas import ListedEvent

Tables = Mapping[str, pl.DataFrame]

LISTED = 400
"""Events of an area, newest first, that a list of any period shows at most."""
_WAITING = 200_000  # places of events that wait to be compared with those kept
_CELL = ["area_code", "year", "first_year", "last_year"]  # a period has all events of such a cell or none
_OF_AREA = ["area_code", "took_part", "hosted", "own_officials"]
WITH_EVENTS = """
    select fct_training_event.* exclude (event_id), incoming.*
    from incoming
    join fct_training_event on fct_training_event.event_id = incoming.event_id
    order by area_code, year nulls last, start_on nulls last, fct_training_event.event_id
    """
"""The rows of ``listed_event`` out of places (``incoming``) and the events of the edition, as it keeps them sorted."""


@dataclass
class Listed:
    """Gathers the newest events of each area and year from parts of whole events."""

    hemisphere: str
    _places: list[pl.DataFrame] = field(default_factory=list)  # the events of each area, with what is of the area alone
    _named: list[pl.DataFrame] = field(default_factory=list)  # of each of these events the states that took part
    _oldest: pl.DataFrame | None = None  # the last day that still comes among the newest, of cells that are full
    _waiting: int = 0

    def add(self, part: Tables, states: pl.DataFrame) -> None:
        """Keep of a part (and the states of its events, as counts have them) what may be among the newest."""
        events = part["fct_training_event"]
        in_hemisphere = events.select("event_id").join(
            states.group_by("event_id").agg(pl.col("took_part", "hosted").any()),
            on="event_id",
            how="left",
            validate="1:1",
        )
        places = pl.concat(
            [
                states.select("event_id", *_OF_AREA),
                in_hemisphere.select(
                    "event_id",
                    pl.lit(self.hemisphere).alias("area_code"),
                    pl.col("took_part", "hosted").fill_null(False),
                    pl.lit(None, pl.Int64).alias("own_officials"),
                ),
            ]
        ).join(events.select("event_id", *_CELL[1:], "start_on"), on="event_id", validate="m:1")
        if self._oldest is not None:
            places = _that_may_be_newer(places, self._oldest)
        took_part = participants(part).join(places, on="event_id", how="semi")
        named = took_part.group_by("event_id").agg(participants=pl.col("state_code").sort().str.join(";"))
        self._places.append(_apart(places))
        self._named.append(_apart(named))
        self._waiting += places.height
        if self._waiting > _WAITING:
            self._keep_the_newest()

    def places(self) -> pl.DataFrame:
        """event_id, area_code, took_part, hosted, participants, own_officials, after one part at least."""
        self._keep_the_newest()
        places = pl.concat(self._places).select("event_id", *_OF_AREA)
        named = places.join(pl.concat(self._named), on="event_id", how="left", validate="m:1")
        return named.select(*places.columns[:-1], "participants", places.columns[-1])

    def table(self, events: pl.DataFrame) -> dy.DataFrame[ListedEvent]:
        """The rows of ``listed_event`` out of all events, after one part at least."""
        rows = self.places().join(events, on="event_id", validate="m:1")
        return conform(rows, ListedEvent, "listed_event")

    def _keep_the_newest(self) -> None:
        newest = (
            pl.concat(self._places)
            .sort("start_on", "event_id", descending=[True, False], nulls_last=True)
            .group_by(_CELL, maintain_order=True)
            .head(LISTED)
            .select(self._places[0].columns)
        )
        cells = newest.group_by(_CELL).agg(
            places=pl.len(), oldest=pl.col("start_on").min(), has_undated=pl.col("start_on").is_null().any()
        )
        self._oldest = cells.filter(pl.col("places") == LISTED, ~pl.col("has_undated")).select(*_CELL, "oldest")
        self._places = [_apart(newest)]
        kept = (named.join(newest, on="event_id", how="semi") for named in self._named)
        self._named = [_apart(pl.concat(list(kept)))]
        self._waiting = 0


def _apart(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows in memory of their own: as picked out of a table, their texts hold on to all texts of the table."""
    return cast(pl.DataFrame, pl.from_arrow(rows.to_arrow(compat_level=pl.CompatLevel.oldest())))


def _that_may_be_newer(places: pl.DataFrame, oldest: pl.DataFrame) -> pl.DataFrame:
    return (
        places.join(oldest, on=_CELL, how="left", nulls_equal=True, validate="m:1")
        .filter(pl.col("oldest").is_null() | (pl.col("start_on") >= pl.col("oldest")))
        .drop("oldest")
    )
