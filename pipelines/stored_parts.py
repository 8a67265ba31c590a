"""Tables that are made part by part: the rows of each part wait in Parquet files until the edition is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl


@dataclass(frozen=True)
class StoredParts:
    """``files`` and number of ``rows`` by table; the files follow each other as the parts do."""

    folder: Path
    files: dict[str, list[Path]] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)

    def scan(self, name: str) -> pl.LazyFrame:
        """All rows of a table so far."""
        return pl.scan_parquet(self.files[name])

    def add(self, tables: Mapping[str, pl.DataFrame]) -> None:
        """Keep the rows of one more part of each of the tables."""
        for name, table in tables.items():
            files = self.files.setdefault(name, [])
            files.append(self.folder / f"{name}-{len(files)}.parquet")
            table.write_parquet(files[-1], compression="lz4", statistics=False, mkdir=True)
            self.rows[name] = self.rows.get(name, 0) + table.height
