"""The tables of training events, whole or, where the events were read in parts, made and checked part by part."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from pipelines import catalog, editions
from pipelines.checks import check_part
from pipelines.derive.reach import reaching_records
from pipelines.parts import records_in_parts
from pipelines.reading import Records
from pipelines.registry import training_events, training_participation

EVENT_TABLES = ("fct_training_event", "fct_training_participation", "training_audience", "fct_reach")
Range = tuple[str, str | None]
"""Event ids from the first text on and before the second; without an end where that is None."""
Store = Callable[[Mapping[str, pl.DataFrame], Range], None]

COMPARED_AT_ONCE = 250_000  # events
BEFORE = {
    "fct_training_event": """
        select *
        from fct_training_event
        where event_id >= $low
            and ($high is null or event_id < $high)
        """,
    "fct_training_participation": """
        select *
        from fct_training_participation
        where event_id >= $low
            and ($high is null or event_id < $high)
        """,
    "fct_reach": """
        select *
        from fct_reach
        where case
            when record_kind = 'event' then record_id >= $low and ($high is null or record_id < $high)
            else $low = ''
        end
        """,
}

APART = """
    select event_id
    from fct_training_event
    where rowid % $rows = $rows - 1
    order by event_id
    """
"""Every id that stands so many ``rows`` after another."""


def event_tables(frames: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The tables made from the records of events and participation alone, by name."""
    events, participation = frames["training_events"], frames["training_participation"]
    return {
        "fct_training_event": training_events.transform(events, participation),
        "fct_training_participation": training_participation.transform(participation, events),
        "training_audience": training_events.audiences(events, frames["audiences"]),
    }


@dataclass(frozen=True)
class EventParts:
    """Goes through the parts of the events once: makes their tables, checks them, hands them to ``store``.

    ``tables`` are the other tables of the edition. Afterwards ``texts`` has the recorded texts found in the parts, and
    ``citing`` a few rows of each table, which together cite every source that they cite.
    """

    records: Mapping[str, Records]
    tables: Mapping[str, pl.DataFrame]
    store: Store
    texts: list[pl.DataFrame] = field(default_factory=list)
    citing: list[dict[str, pl.DataFrame]] = field(default_factory=list)

    @property
    def years(self) -> pl.Series:
        """The years in which there are events."""
        return training_events.years(pl.scan_parquet(list(self.records["training_events"].parts)))

    def __iter__(self) -> Iterator[dict[str, pl.DataFrame]]:
        """The tables of each part, in the order of event ids; what no event is part of comes with the first."""
        frames = {name: read.frame for name, read in self.records.items()}
        deployments = self.tables["fct_deployment"]
        ranges = ranges_of(self.records["training_events"].cuts)
        for rows, own_range in zip(records_in_parts(self.records), ranges, strict=True):
            part = event_tables(frames | rows)
            part["fct_reach"] = reaching_records({**self.tables, **part, "fct_deployment": deployments})
            check_part(part, self.tables)
            self.texts[:] = [pl.concat([*self.texts, catalog.recorded_texts_in(part, frames)]).unique()]
            self.citing.append(_citing(part))
            self.store(part, own_range)
            deployments = deployments.clear()
            yield part

    def few_rows(self) -> dict[str, pl.DataFrame]:
        """The rows in ``citing`` as tables; the other tables of events empty."""
        return {name: pl.concat([few[name] for few in self.citing]) for name in EVENT_TABLES}


def ranges_of(cuts: Sequence[str]) -> list[Range]:
    """The ranges between the cuts, with those before the first and after the last."""
    return list(zip(["", *cuts], [*cuts, None], strict=True))


def event_rows_before(path: Path, within: Range) -> dict[str, pl.DataFrame]:
    """The rows of event tables in an edition that belong to events in a range; what belongs to none is in the first."""
    low, high = within
    return editions.read_rows(path, BEFORE, low=low, high=high)


def ranges_before(path: Path) -> list[Range]:
    """Ranges of event ids, each with so many of an edition's events as are compared at once."""
    found = editions.read_rows(path, {"fct_training_event": APART}, rows=COMPARED_AT_ONCE)
    return ranges_of([key for table in found.values() for key in table["event_id"]])


def event_rows(tables: Mapping[str, pl.DataFrame], within: Range) -> dict[str, pl.DataFrame]:
    """The same rows of an edition not written yet."""
    low, high = within

    def is_in_range(column: str) -> pl.Expr:
        return (pl.col(column) >= low) & (pl.lit(high is None) | (pl.col(column) < (high or "")))

    is_event = pl.col("record_kind") == "event"
    reach = pl.when(is_event).then(is_in_range("record_id")).otherwise(pl.lit(low == ""))
    return {
        name: tables[name].filter(reach if name == "fct_reach" else is_in_range("event_id")) for name in EVENT_TABLES
    }


def _citing(part: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    events = part["fct_training_event"]
    participation = part["fct_training_participation"].unique("source_id")
    cited = [events.unique(["source_id", "source_id_2"]), events.join(participation, on="event_id", how="semi")]
    return {
        "fct_training_event": pl.concat(cited).unique("event_id"),
        "fct_training_participation": participation,
        "training_audience": part["training_audience"].clear(),
        "fct_reach": part["fct_reach"].clear(),
    }
