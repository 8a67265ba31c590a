"""The tables that pages read in the place of very many records, made of all events or part by part."""

from collections.abc import Mapping

import polars as pl

from pipelines.derive import counts
from pipelines.derive.listed import Listed
from pipelines.schemas import ListedEvent

_WAITING = 200_000  # rows of counts of parts that wait to be added up


class PageCounts:
    """The tables of counts and of listed events; parts are whole events and are added one by one."""

    def __init__(self, tables: Mapping[str, pl.DataFrame]) -> None:
        """Nothing counted yet; ``tables`` has the areas and their memberships."""
        self._groups = counts.groups_of(tables)
        self._listed = Listed(self._groups.hemisphere)
        self._counts: list[dict[str, pl.DataFrame]] = []
        self._waiting = 0

    def add(self, part: Mapping[str, pl.DataFrame]) -> None:
        """Count the events of a part."""
        states = counts.in_states(part)
        self._listed.add(part, states)
        self._counts.append(counts.counted(part, states, self._groups))
        self._waiting += sum(table.height for table in self._counts[-1].values())
        if self._waiting > _WAITING:
            self._add_up()

    def tables(self, events: pl.DataFrame | None = None) -> dict[str, pl.DataFrame]:
        """The tables of the parts added, at least one of them; without all ``events`` the listed ones are none yet."""
        self._add_up()
        listed = ListedEvent.create_empty() if events is None else self._listed.table(events)
        return {**counts.conformed(self._counts[0]), "listed_event": listed}

    def places(self) -> pl.DataFrame:
        """The places of the events to list, of which ``listed.WITH_EVENTS`` makes the table."""
        return self._listed.places()

    def _add_up(self) -> None:
        if len(self._counts) > 1:
            self._counts = [counts.added(self._counts)]
        self._waiting = 0
