"""From the source ids of rows to the documents cited under a view."""

from collections.abc import Iterable

import polars as pl

from dashboard.queries.sources import sources_by_id
from dashboard.views.view import SourceNote

OWN_SOURCE = "panorama_compilation"
"""The records put together here: what a count rests on where no document is behind it."""


def cite_count(*tables: pl.DataFrame | Iterable[str]) -> tuple[SourceNote, ...]:
    """The documents behind a count; where it found no row, the records as a whole, in which there is none."""
    return cite(*tables) or cite([OWN_SOURCE])


def cite(*tables: pl.DataFrame | Iterable[str]) -> tuple[SourceNote, ...]:
    """The documents named in ``source_id`` and ``source_id_2`` of the tables (or given as ids), each once."""
    ids: set[str] = set()
    for table in tables:
        if isinstance(table, pl.DataFrame):
            for column in ("source_id", "source_id_2"):
                if column in table.columns:
                    ids.update(table[column].drop_nulls().to_list())
        else:
            ids.update(table)
    rows = sources_by_id(sorted(ids))
    return tuple(
        SourceNote(
            source_id=row["source_id"],
            title=row["title"],
            doc_code=row["doc_code"] or "",
            publisher=row["publisher"],
            url=row["url"] or "",
            licence=row["licence"],
            vintage=row["vintage"] or "",
        )
        for row in rows.iter_rows(named=True)
    )
