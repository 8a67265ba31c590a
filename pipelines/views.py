"""Tables that would mostly repeat another table: the edition's file has them as views, and stores only what is their own."""

from dataclasses import dataclass

import polars as pl

SCHEMA = "stored"
"""The schema of the file for what lies under views; readers see the views, in the main schema, like all other tables."""


@dataclass(frozen=True, kw_only=True)
class View:
    """A table found by ``query``, of ``size`` rows; where some are its own, those that ``is_own`` lie in ``stored``."""

    query: str
    size: str  # a query for one number, which need not make the rows to count them
    stored: str | None = None
    is_own: pl.Expr = pl.lit(False)  # noqa: RUF009 - never changed
    columns: tuple[str, ...] = ()

    def own_rows(self, table: pl.DataFrame) -> pl.DataFrame:
        """What of the table is stored."""
        return table.filter(self.is_own).select(self.columns)


VIEWS = {
    "fct_training_participation": View(
        stored=f"{SCHEMA}.participant",
        is_own=pl.col("role") == "participant",
        columns=("event_id", "area_code", "officials_stated", "source_id"),
        query="""
            select event_id, area_code, 'participant' as role, officials_stated, source_id
            from stored.participant
            union all
            select event_id, host_area_code, 'host', null::bigint, source_id
            from fct_training_event
            where host_area_code is not null
            """,
        size="""
            select (select count(*) from stored.participant) + count(host_area_code)
            from fct_training_event
            """,
    ),
    "training_audience": View(
        query="""
            select named.event_id, named.audience, dim_audience.audience_group
            from (
                select event_id, unnest(list_sort(list_distinct(string_split(audience, ';')))) as audience
                from fct_training_event
                where audience is not null
            ) as named
            join dim_audience on dim_audience.audience = named.audience
            """,
        size="""
            select coalesce(sum(events * len(list_distinct(string_split(audience, ';')))), 0)::bigint
            from (
                select audience, count(*) as events
                from fct_training_event
                where audience is not null
                group by audience
            )
            """,
    ),
}
"""A host says again what its event says, and so does each audience of an event."""
