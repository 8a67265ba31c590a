"""Editions: one immutable DuckDB file for each build, and the small file ``current`` that names the live one.

A build writes ``<edition_id>.duckdb.partial``, reopens and counts it, renames it, and only then replaces ``current``: a
reader sees the old edition or the new one, never something between, and a build killed at any instant leaves the live
edition as it was. A published file is never written to again. Whoever changes the folder holds its lock.
"""

import fcntl
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from difflib import get_close_matches
from pathlib import Path

import duckdb
import polars as pl

from pipelines.errors import EditionError, shown

KEPT = 10
POINTER = "current"
LOCK = ".lock"
_SUFFIX, _PARTIAL = ".duckdb", ".duckdb.partial"
_PROJECT = Path(__file__).parent.parent


@dataclass(frozen=True, kw_only=True)
class EditionInfo:
    """An edition in the folder."""

    edition_id: str
    is_live: bool
    built_at: datetime
    as_of_on: date
    allows_rejected: bool
    size: int  # bytes


def data_folder(given: Path | None = None) -> Path:
    """The folder of the data: ``given``, else $PANORAMA_DATA, else the project's ``data``."""
    return given or Path(os.environ.get("PANORAMA_DATA") or _PROJECT / "data")


def editions_folder(data: Path | None = None) -> Path:
    """The folder of the editions: $PANORAMA_EDITIONS, else ``editions`` in the data folder."""
    chosen = os.environ.get("PANORAMA_EDITIONS")
    return Path(chosen) if chosen else data_folder(data) / "editions"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder alone; EditionError at once where another process holds it. Leftovers are cleaned first."""
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / LOCK, "a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise EditionError(
                "Another build or rollback is running on these editions; try again when it is done."
            ) from None
        _clean(folder)
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
        raise EditionError('There is no live edition yet; "panorama build" makes one.')
    known = edition_ids(folder)
    if wanted not in known:
        nearest = get_close_matches(wanted, known, n=1)
        hint = f'; nearest: "{nearest[0]}"' if nearest else ""
        raise EditionError(f'"{shown(wanted)}" is not one of the {len(known)} editions{hint}.')
    return folder / f"{wanted}{_SUFFIX}"


def write_edition(
    folder: Path, edition_id: str, tables: Mapping[str, pl.DataFrame], order: Mapping[str, Sequence[str]] | None = None
) -> Path:
    """A whole, checked edition file, not yet live. Rows are stored as sorted by ``order``, else as they come."""
    partial, path = folder / f"{edition_id}{_PARTIAL}", folder / f"{edition_id}{_SUFFIX}"
    if path.exists():
        raise EditionError(
            f"The edition {edition_id} is already there, and a published edition is never written again."
        )
    with _opened(partial, read_only=False) as connection:
        for name, table in tables.items():
            keys = (order or {}).get(name)
            connection.register("incoming", table.sort(keys, nulls_last=True) if keys else table)
            connection.table("incoming").create(name)
            connection.unregister("incoming")
    _check(partial, tables)
    _flush(partial)
    os.chmod(partial, 0o444)
    os.rename(partial, path)
    _flush(folder)
    return path


def publish(folder: Path, edition_id: str) -> None:
    """Make a written edition the live one."""
    resolve(edition_id, folder)
    pointer = folder / f"{POINTER}.partial"
    pointer.write_text(f"{edition_id}\n", encoding="utf-8")
    _flush(pointer)
    os.replace(pointer, folder / POINTER)
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
        live = live_id(folder)
        if edition_id is None:
            older = [known for known in edition_ids(folder) if live is not None and _age(known) < _age(live)]
            if not older:
                raise EditionError("There is no edition before the live one to go back to.")
            edition_id = older[-1]
        elif edition_id == live:
            raise EditionError(f"The edition {edition_id} is already live.")
        publish(folder, edition_id)
        return edition_id


def prune(folder: Path, kept: int = KEPT) -> list[str]:
    """Delete all but the newest ``kept`` editions, never the live one; returns the ids deleted. Needs the lock."""
    live = live_id(folder)
    surplus = [edition_id for edition_id in edition_ids(folder)[:-kept] if edition_id != live]
    for edition_id in surplus:
        (folder / f"{edition_id}{_SUFFIX}").unlink()
    return surplus


def read_tables(path: Path, names: Sequence[str] | None = None) -> dict[str, pl.DataFrame]:
    """The tables of an edition by name: those asked for that it has, by default all."""
    with _opened(path) as connection:
        present = [name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()]
        wanted = present if names is None else [name for name in names if name in present]
        return {name: connection.table(f'"{name}"').pl() for name in wanted}


@contextmanager
def _opened(path: Path, *, read_only: bool = True) -> Iterator[duckdb.DuckDBPyConnection]:
    try:
        with duckdb.connect(path, read_only=read_only) as connection:
            yield connection
    except duckdb.Error as error:
        what = "read" if read_only else "written"
        raise EditionError(f"{path.name} cannot be {what}: {str(error).partition(chr(10))[0]}") from error


def _check(partial: Path, tables: Mapping[str, pl.DataFrame]) -> None:
    with _opened(partial) as connection:
        for name, table in tables.items():
            written = connection.table(f'"{name}"').count("*").fetchall()[0][0]
            if written != table.height:
                raise EditionError(f"{name}: {table.height} rows were to be written, {written} are in the file.")


def _info(path: Path, is_live: bool) -> EditionInfo:
    with _opened(path) as connection:
        built_at, as_of_on, allows_rejected = connection.execute(
            "select built_at, as_of_on, allows_rejected from edition"
        ).fetchall()[0]
    return EditionInfo(
        edition_id=path.name.removesuffix(_SUFFIX),
        is_live=is_live,
        built_at=built_at,
        as_of_on=as_of_on,
        allows_rejected=allows_rejected,
        size=path.stat().st_size,
    )


def _clean(folder: Path) -> None:
    for leftover in [*folder.glob(f"*{_PARTIAL}*"), folder / f"{POINTER}.partial"]:
        with suppress(FileNotFoundError):
            leftover.unlink()


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _age(edition_id: str) -> tuple[str, int]:
    stem, _, number = edition_id.partition("-")
    return stem, int(number) if number.isdigit() else 1
