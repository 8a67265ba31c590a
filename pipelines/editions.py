"""Editions: one immutable DuckDB file for each build, and the small file ``current`` that names the live one.

A build writes ``<edition_id>.duckdb.partial``, reopens and counts it, renames it, and only then replaces ``current``: a
reader sees the old edition or the new one, never something between, and a build killed at any instant leaves the live
edition as it was. Until it is published, the file ``unpublished`` names the new edition, so that the next to hold the
folder removes what nobody will publish. A published file is never written to again. Whoever changes the folder holds its
lock.
"""

import fcntl
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from difflib import get_close_matches
from pathlib import Path
from threading import BoundedSemaphore
from typing import TypeVar

import duckdb
import polars as pl

from pipelines.errors import EditionError, shown
from pipelines.i18n import _
from pipelines.views import SCHEMA, VIEWS

Result = TypeVar("Result")

KEPT = 10
POINTER = "current"
LOCK = ".lock"
UNPUBLISHED = "unpublished"
MEMORY = "256MB"
"""What writing an edition may take; what does not fit, such as a large table while it is sorted, goes to the disk."""
_WAITING = 2  # parts of tables that wait to be written, each held in memory
_AT_ONCE = 2 * 122_880  # rows: two of the groups that DuckDB keeps them in
_SUFFIX, _PARTIAL = ".duckdb", ".duckdb.partial"
_WORKSPACE = ".work"
_NEXT_POINTER = f"{POINTER}.partial"
_NO_ROOM = ("No space left on device", "File too large", "Disk quota exceeded")
_PROJECT = Path(__file__).parent.parent


@dataclass(frozen=True, kw_only=True)
class EditionInfo:
    """An edition in the folder."""

    edition_id: str
    is_live: bool
    built_at: datetime
    as_of_on: date
    allows_rejected: bool
    contract: int  # of its tables; a dashboard shows editions of its own contract only
    size: int  # bytes


def data_folder(given: Path | None = None) -> Path:
    """The folder of the data: ``given``, else $PANORAMA_DATA, else the project's ``data``."""
    return given or Path(os.environ.get("PANORAMA_DATA") or _PROJECT / "data")


def editions_folder(data: Path | None = None) -> Path:
    """The folder of the editions: $PANORAMA_EDITIONS, else ``editions`` in the data folder."""
    chosen = os.environ.get("PANORAMA_EDITIONS")
    return Path(chosen) if chosen else data_folder(data) / "editions"


@contextmanager
def locked(folder: Path, *, kept: str | None = None) -> Iterator[None]:
    """Hold the folder alone; EditionError at once where another process holds it.

    Leftovers are cleaned first, but for the edition ``kept``, which is still to be published.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / LOCK, "a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise EditionError(
                _("Another build or rollback is running on these editions; try again when it is done.")
            ) from None
        clean(folder, kept)
        yield


def new_edition_id(folder: Path, now: datetime) -> str:
    """An id made of the time in UTC, with a number behind where the second is taken: 20261122T101500Z-2."""
    stem = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    taken = set(edition_ids(folder))
    numbered = (stem if number == 1 else f"{stem}-{number}" for number in range(1, len(taken) + 2))
    return next(edition_id for edition_id in numbered if edition_id not in taken)


def edition_ids(folder: Path) -> list[str]:
    """The ids of all published editions, oldest first."""
    return sorted((path.name.removesuffix(_SUFFIX) for path in folder.glob(f"*{_SUFFIX}")), key=_age)


def live_id(folder: Path) -> str | None:
    """The id in ``current``; nothing before the first build."""
    try:
        return (folder / POINTER).read_text(encoding="utf-8").strip() or None
    except FileNotFoundError:
        return None


def resolve(edition_id: str | None = None, folder: Path | None = None) -> Path:
    """The file of the edition, by default of the live one; EditionError where there is none."""
    folder = editions_folder() if folder is None else folder
    wanted = edition_id or live_id(folder)
    if wanted is None:
        raise EditionError(_('There is no live edition yet; "panorama build" makes one.'))
    known = edition_ids(folder)
    if wanted not in known:
        raise EditionError(_unknown(wanted, known))
    return folder / f"{wanted}{_SUFFIX}"


def _unknown(edition_id: str, known: Sequence[str]) -> str:
    nearest = get_close_matches(edition_id, known, n=1)
    if nearest:
        return _(
            '"{edition}" is not one of the {count} editions; nearest: "{nearest}".',
            edition=shown(edition_id),
            count=str(len(known)),
            nearest=nearest[0],
        )
    return _('"{edition}" is not one of the {count} editions.', edition=shown(edition_id), count=str(len(known)))


@contextmanager
def workspace(folder: Path) -> Iterator[Path]:
    """A folder for work files, gone afterwards; after a kill the next to hold the lock removes it. Needs the lock."""
    path = folder / _WORKSPACE
    path.mkdir()
    try:
        yield path
    finally:
        shutil.rmtree(path)


class Writer:
    """Writes the tables of an edition one by one, in a thread of its own, while the next ones are being made."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, thread: ThreadPoolExecutor) -> None:
        """Write what is added through ``connection``, which nobody else uses meanwhile."""
        self._connection, self._thread = connection, thread
        self._started: list[tuple[str, Future[int]]] = []
        self._helpers: list[Future[object]] = []
        self._room = BoundedSemaphore(_WAITING)
        self._has_views = False
        self.stored: Counter[str] = Counter()
        """Rows that lie in the file so far, by table; views have their own rows under another name, or none."""

    def add(self, name: str, rows: pl.DataFrame | Sequence[Path], order: Sequence[str] = ()) -> None:
        """Write the table ``name``: these rows, or those of Parquet files, as sorted by ``order``, else as they come."""
        self._started.append((name, self._thread.submit(self._write, name, rows, order)))

    def add_part(self, name: str, rows: pl.DataFrame) -> None:
        """Write more rows of the table ``name``; waits where those before are far from written."""
        is_first = name not in self.names
        if self._started and (written := self._started[-1][1]).done():
            written.result()  # a full disk is told now, not when all parts are made
        self._room.acquire()
        self._started.append((name, self._thread.submit(self._write_part, name, rows, is_first)))

    def add_found(
        self, name: str, query: str, beside: Mapping[str, pl.DataFrame], values: Mapping[str, object]
    ) -> None:
        """Write as the table ``name`` what ``query`` finds in the tables and helpers added so far and those ``beside``.

        ``values`` are those of the query's parameters.
        """
        self._started.append((name, self._thread.submit(self._write_found, "table", name, query, beside, values)))

    def add_helper(
        self, name: str, query: str, beside: Mapping[str, pl.DataFrame], values: Mapping[str, object]
    ) -> None:
        """Keep what ``query`` finds in the same way, for queries that follow; it is no table of the edition."""
        self._helpers.append(self._thread.submit(self._write_found, "temporary table", name, query, beside, values))

    def start(self, act: Callable[[duckdb.DuckDBPyConnection], Result]) -> Future[Result]:
        """What ``act`` finds or writes in the edition, once all is written that was added so far; nothing if it fails."""
        return self._thread.submit(self._acted, act)

    def do(self, act: Callable[[duckdb.DuckDBPyConnection], Result]) -> Result:
        """The same, waited for."""
        return self.start(act).result()

    def add_made(self, name: str, rows: int) -> None:
        """Tell that the table ``name`` was written by what was done, with so many rows."""
        self.stored[name] += rows
        self._started.append((name, self._thread.submit(lambda: rows)))

    def add_views(self) -> None:
        """Make the tables added so far that are views of others; whatever reads them is added after that."""
        if not self._has_views:
            self._has_views = True
            self._helpers.append(self._thread.submit(self._make_views, [name for name in VIEWS if name in self.names]))

    @property
    def names(self) -> set[str]:
        """The tables added so far."""
        return {name for name, _written in self._started}

    def rows_written(self) -> dict[str, int]:
        """Wait until all is written: the rows of each table. What went wrong on the way is raised here."""
        rows: dict[str, int] = {}
        for helper in self._helpers:
            helper.result()
        for name, written in self._started:
            rows[name] = rows.get(name, 0) + written.result()
        return rows

    def _write_part(self, name: str, rows: pl.DataFrame, is_first: bool) -> int:
        try:
            self._expect(name, rows)
            self._write_rows(name, rows, is_first=is_first)
            self._commit()
            return rows.height
        finally:
            self._room.release()

    def _write_found(
        self, kind: str, name: str, query: str, beside: Mapping[str, pl.DataFrame], values: Mapping[str, object]
    ) -> int:
        for other, rows in beside.items():
            self._connection.register(other, rows)
        written = self._connection.execute(f"create {kind} {name} as {query}", dict(values)).fetchone()
        for other in beside:
            self._connection.unregister(other)
        rows = written[0] if written else 0
        if kind == "table":
            self.stored[name] += rows
        return rows

    def _write(self, name: str, rows: pl.DataFrame | Sequence[Path], order: Sequence[str]) -> int:
        if isinstance(rows, pl.DataFrame):
            self._expect(name, rows)
            in_order = rows.sort(order, nulls_last=True) if order else rows
            # what is handed to DuckDB is a copy, so of many rows some at a time
            for offset in range(0, max(rows.height, 1), _AT_ONCE):
                self._write_rows(name, in_order.slice(offset, _AT_ONCE), is_first=not offset)
            if rows.height > _AT_ONCE // 2:
                self._commit()
            return rows.height
        stored = self._connection.read_parquet([str(file) for file in rows])
        keys = [duckdb.ColumnExpression(key).nulls_last() for key in order]
        (stored.sort(*keys) if keys else stored).create(name)
        self.stored[name] += (count := pl.scan_parquet(list(rows)).select(pl.len()).collect().item())
        return count

    def _write_rows(self, name: str, rows: pl.DataFrame, *, is_first: bool) -> None:
        """Write rows that lie in memory; of a view those that no other table has."""
        view = VIEWS.get(name)
        stored, own = (view.stored, view.own_rows(rows)) if view else (name, rows)
        if stored is None:
            return
        self._connection.register("incoming", own)
        incoming = self._connection.table("incoming")
        if is_first:
            incoming.create(stored)
        else:
            incoming.insert_into(stored)
        self._connection.unregister("incoming")

    def _commit(self) -> None:
        """What is not committed stays in memory."""
        self._connection.commit()
        self._connection.begin()

    def _expect(self, name: str, rows: pl.DataFrame) -> None:
        """Count the rows that the file is to have, before anything is done with them."""
        view = VIEWS.get(name)
        if view is None:
            self.stored[name] += rows.height
        elif view.stored:
            self.stored[view.stored] += view.own_rows(rows).height

    def _acted(self, act: Callable[[duckdb.DuckDBPyConnection], Result]) -> Result:
        self._commit()
        try:
            found = act(self._connection)
        except BaseException:
            self._connection.rollback()
            self._connection.begin()
            raise
        self._commit()
        return found

    def _make_views(self, names: Sequence[str]) -> None:
        sizes = []
        for name in names:
            self._connection.sql(VIEWS[name].query).create_view(name)
            sizes.append({"table_name": name, "rows": self._connection.sql(VIEWS[name].size).fetchall()[0][0]})
        self._connection.register("sizes", pl.DataFrame(sizes, {"table_name": pl.String, "rows": pl.Int64}))
        self._connection.table("sizes").create(f"{SCHEMA}.view_size")
        self._connection.unregister("sizes")


def write_edition(
    folder: Path,
    edition_id: str,
    tables: Mapping[str, pl.DataFrame],
    order: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """A whole, checked edition file, not yet live. Rows are stored as sorted by ``order``, else as they come."""
    with writing(folder, edition_id) as writer:
        for name, table in tables.items():
            writer.add(name, table, (order or {}).get(name, ()))


@contextmanager
def writing(folder: Path, edition_id: str) -> Iterator[Writer]:
    """An edition file to write tables into; whole and checked at the end of the block, not yet live."""
    partial, path = folder / f"{edition_id}{_PARTIAL}", folder / f"{edition_id}{_SUFFIX}"
    if path.exists():
        raise EditionError(
            f"The edition {edition_id} is already there, and a published edition is never written again."
        )
    with _opened(partial, read_only=False) as connection:
        connection.execute("set memory_limit = $memory", {"memory": MEMORY})
        connection.execute("set temp_directory = $folder", {"folder": str(folder / _WORKSPACE / "spilled")})
        with ThreadPoolExecutor(1) as thread:
            try:
                connection.begin()  # else the log of each table's rows is written beside them
                connection.execute(f"create schema {SCHEMA}")
                yield (writer := Writer(connection, thread))
                writer.add_views()
                writer.rows_written()
                connection.commit()
            except BaseException:
                connection.interrupt()
                thread.shutdown(cancel_futures=True)
                raise
        connection.execute("checkpoint")
    if (log := partial.with_name(f"{partial.name}.wal")).exists():
        # DuckDB keeps silent when the last write of a closing file finds no room
        raise EditionError(_("The edition could not be written whole; {file} is left over.", file=log.name))
    _check(partial, writer.stored)
    _flush(partial)
    os.chmod(partial, 0o444)
    (folder / UNPUBLISHED).write_text(f"{edition_id}\n", encoding="utf-8")
    _flush(folder / UNPUBLISHED)
    os.rename(partial, path)
    _flush(folder)


def prepare_to_publish(folder: Path, edition_id: str) -> None:
    """Write all that publishing needs, so that making the edition live takes no more room on the disk."""
    resolve(edition_id, folder)
    pointer = folder / _NEXT_POINTER
    pointer.write_text(f"{edition_id}\n", encoding="utf-8")
    _flush(pointer)


def publish(folder: Path, edition_id: str) -> None:
    """Make a written edition the live one; ready-made by ``prepare_to_publish``, it is only renamed."""
    pointer = folder / _NEXT_POINTER
    if not pointer.exists() or pointer.read_text(encoding="utf-8") != f"{edition_id}\n":
        prepare_to_publish(folder, edition_id)
    os.replace(pointer, folder / POINTER)
    (folder / UNPUBLISHED).unlink(missing_ok=True)
    _flush(folder)


def listing(folder: Path) -> list[EditionInfo]:
    """All editions, newest first."""
    live = live_id(folder)
    return [
        _info(folder / f"{edition_id}{_SUFFIX}", edition_id == live) for edition_id in reversed(edition_ids(folder))
    ]


def rollback(folder: Path, edition_id: str | None = None) -> str:
    """Make an earlier edition live: the one named, else the one before the live one; returns its id."""
    with locked(folder):
        chosen = rollback_target(folder, edition_id)
        publish(folder, chosen)
        return chosen


def rollback_target(folder: Path, edition_id: str | None = None) -> str:
    """The edition that a rollback makes live: the one named, else the one before the live one; EditionError if none."""
    live = live_id(folder)
    if edition_id is None:
        older = [known for known in edition_ids(folder) if live is not None and _age(known) < _age(live)]
        if not older:
            raise EditionError(_("There is no edition before the live one to go back to."))
        edition_id = older[-1]
    elif edition_id == live:
        raise EditionError(_("The edition {edition} is already live.", edition=edition_id))
    _refuse_other_contract(resolve(edition_id, folder))
    return edition_id


def prune(folder: Path, kept: int = KEPT) -> list[str]:
    """Delete all but the newest ``kept`` editions, never the live one; returns the ids deleted. Needs the lock."""
    live = live_id(folder)
    surplus = [edition_id for edition_id in edition_ids(folder)[:-kept] if edition_id != live]
    for edition_id in surplus:
        (folder / f"{edition_id}{_SUFFIX}").unlink()
    return surplus


def read_tables(path: Path, names: Sequence[str] | None = None, most: int | None = None) -> dict[str, pl.DataFrame]:
    """The tables of an edition by name: those asked for that it has, by default all; none of more rows than ``most``."""
    with _opened(path) as connection:
        present = _tables(connection)
        wanted = present if names is None else [name for name in names if name in present]
        relations = {name: connection.table(f'"{name}"') for name in wanted}
        return {
            name: relation.pl()
            for name, relation in relations.items()
            if most is None or relation.count("*").fetchall()[0][0] <= most
        }


def read_rows(path: Path, statements: Mapping[str, str], **parameters: object) -> dict[str, pl.DataFrame]:
    """The rows that statements find in an edition, by the name of each statement's table; none for tables it lacks."""
    with _opened(path) as connection:
        connection.execute("set memory_limit = $memory", {"memory": MEMORY})
        present = _tables(connection)
        return {
            name: connection.sql(statement, params=parameters).pl()
            for name, statement in statements.items()
            if name in present
        }


def _tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The names of the tables that readers see, views among them."""
    found = connection.execute("select table_name from information_schema.tables where table_schema = 'main'")
    return [name for (name,) in found.fetchall()]


@contextmanager
def _opened(path: Path, *, read_only: bool = True) -> Iterator[duckdb.DuckDBPyConnection]:
    try:
        with duckdb.connect(path, read_only=read_only) as connection:
            yield connection
    except duckdb.Error as error:
        if any(sign in str(error) for sign in _NO_ROOM):
            raise EditionError(_("There is no room left on the disk for the edition; nothing was changed.")) from error
        cause = str(error).partition("\n")[0]
        said = _("{file} cannot be read: {cause}", file=path.name, cause=cause)
        if not read_only:
            said = _("{file} cannot be written: {cause}", file=path.name, cause=cause)
        raise EditionError(said) from error


def _check(partial: Path, rows: Mapping[str, int]) -> None:
    with _opened(partial) as connection:
        for name, expected in rows.items():
            written = connection.table(name).count("*").fetchall()[0][0]
            if written != expected:
                raise EditionError(f"{name}: {expected} rows were to be written, {written} are in the file.")


def _info(path: Path, is_live: bool) -> EditionInfo:
    with _opened(path) as connection:
        row = connection.table("edition").pl().row(0, named=True)
    return EditionInfo(
        edition_id=path.name.removesuffix(_SUFFIX),
        is_live=is_live,
        built_at=row["built_at"],
        as_of_on=row["as_of_on"],
        allows_rejected=row["allows_rejected"],
        contract=row.get("contract", 1),  # the first editions did not say
        size=path.stat().st_size,
    )


def _refuse_other_contract(path: Path) -> None:
    from pipelines.schemas import CONTRACT

    info = _info(path, is_live=False)
    if info.contract != CONTRACT:
        raise EditionError(
            _(
                "The edition {edition} cannot be made live: its tables follow contract {contract}, and this version of "
                'Panorama reads contract {read}; "panorama build" makes an edition that it can show.',
                edition=info.edition_id,
                contract=str(info.contract),
                read=str(CONTRACT),
            )
        )


def clean(folder: Path, kept: str | None = None) -> None:
    """Remove what a build did not finish or publish, but for the edition ``kept``. Needs the lock."""
    for leftover in [*folder.glob(f"*{_PARTIAL}*"), folder / _NEXT_POINTER]:
        with suppress(FileNotFoundError):
            leftover.unlink()
    with suppress(FileNotFoundError):
        shutil.rmtree(folder / _WORKSPACE)
    marker = folder / UNPUBLISHED
    if not marker.exists():
        return
    written = marker.read_text(encoding="utf-8").strip()
    if written == kept:
        return
    if written in edition_ids(folder) and written != live_id(folder):
        (folder / f"{written}{_SUFFIX}").unlink()
    marker.unlink()


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _age(edition_id: str) -> tuple[str, int]:
    stem, _, number = edition_id.partition("-")
    return stem, int(number) if number.isdigit() else 1
