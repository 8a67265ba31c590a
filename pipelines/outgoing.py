"""Tables of an edition on their way out: written, and compared with the edition before, while the others are being made."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from pipelines.editions import Writer
from pipelines.revisions import differences


@dataclass(frozen=True)
class Outgoing:
    """What is written and what differs so far; ``before`` are the tables that new ones are compared with."""

    writer: Writer
    before: Mapping[str, pl.DataFrame]
    thread: ThreadPoolExecutor
    started: list[Future[dict[str, pl.DataFrame]]] = field(default_factory=list)

    def add(self, tables: Mapping[str, pl.DataFrame], order: Mapping[str, Sequence[str]]) -> None:
        """Write these tables, as sorted by ``order``, and compare them."""
        for name, table in tables.items():
            self.writer.add(name, table, order.get(name, ()))
        self.started.append(self.thread.submit(differences, self.before, tables, tells_added=False))

    def differences(self) -> dict[str, pl.DataFrame]:
        """What differs in the tables added so far, by name; given once, so that it is not held any longer."""
        found: dict[str, pl.DataFrame] = {}
        while self.started:
            found |= self.started.pop().result()
        return found

    def add_rest(
        self,
        tables: Mapping[str, pl.DataFrame],
        files: Mapping[str, Sequence[Path]],
        order: Mapping[str, Sequence[str]],
    ) -> None:
        """Write those of the tables that are not written yet; rows that wait in ``files`` in place of the table's."""
        for name, table in tables.items():
            if name not in self.writer.names:
                self.writer.add(name, files.get(name) or table, order.get(name, ()))


@contextmanager
def outgoing(writer: Writer, before: Mapping[str, pl.DataFrame]) -> Iterator[Outgoing]:
    """Nothing added yet; all is compared when the block ends."""
    with ThreadPoolExecutor(1) as thread:
        yield Outgoing(writer, before, thread)
