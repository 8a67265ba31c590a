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
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from difflib import get_close_matches
from pathlib import Path

import duckdb
import polars as pl

from pipelines.errors import EditionError, shown
from pipelines.i18n import _

KEPT = 10
POINTER = "current"
LOCK = ".lock"
UNPUBLISHED = "unpublished"
MEMORY = "512MB"
"""What writing an edition may take; what does not fit, such as a large table while it is sorted, goes to the disk."""
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
                "Another build or rollback is running on these editions; try again when it is done."
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
        raise EditionError('There is no live edition yet; "panorama build" makes one.')
    known = edition_ids(folder)
    if wanted not in known:
        nearest = get_close_matches(wanted, known, n=1)
        hint = f'; nearest: "{nearest[0]}"' if nearest else ""
        raise EditionError(f'"{shown(wanted)}" is not one of the {len(known)} editions{hint}.')
    return folder / f"{wanted}{_SUFFIX}"


@contextmanager
def workspace(folder: Path) -> Iterator[Path]:
    """A folder for work files, gone afterwards; after a kill the next to hold the lock removes it. Needs the lock."""
    path = folder / _WORKSPACE
    path.mkdir()
    try:
        yield path
    finally:
        shutil.rmtree(path)


def write_edition(
    folder: Path,
    edition_id: str,
    tables: Mapping[str, pl.DataFrame],
    order: Mapping[str, Sequence[str]] | None = None,
    files: Mapping[str, Sequence[Path]] | None = None,
) -> Path:
    """A whole, checked edition file, not yet live. Rows are stored as sorted by ``order``, else as they come.

    The rows of a table in ``files`` are those of the Parquet files, not those in ``tables``.
    """
    partial, path = folder / f"{edition_id}{_PARTIAL}", folder / f"{edition_id}{_SUFFIX}"
    if path.exists():
        raise EditionError(
            f"The edition {edition_id} is already there, and a published edition is never written again."
        )
    with _opened(partial, read_only=False) as connection:
        connection.execute("set memory_limit = $memory", {"memory": MEMORY})
        connection.execute("set temp_directory = $folder", {"folder": str(folder / _WORKSPACE / "spilled")})
        for name, table in tables.items():
            keys, stored = (order or {}).get(name, ()), (files or {}).get(name)
            if stored:
                rows = connection.read_parquet([str(file) for file in stored])
                rows = rows.sort(*(duckdb.ColumnExpression(key).nulls_last() for key in keys)) if keys else rows
                rows.create(name)
            else:
                connection.register("incoming", table.sort(keys, nulls_last=True) if keys else table)
                connection.table("incoming").create(name)
                connection.unregister("incoming")
        connection.execute("checkpoint")
    if (log := partial.with_name(f"{partial.name}.wal")).exists():
        # DuckDB keeps silent when the last write of a closing file finds no room
        raise EditionError(_("The edition could not be written whole; {file} is left over.", file=log.name))
    _check(partial, {name: table.height for name, table in tables.items()} | _rows_in(files or {}))
    _flush(partial)
    os.chmod(partial, 0o444)
    (folder / UNPUBLISHED).write_text(f"{edition_id}\n", encoding="utf-8")
    _flush(folder / UNPUBLISHED)
    os.rename(partial, path)
    _flush(folder)
    return path


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
            raise EditionError("There is no edition before the live one to go back to.")
        edition_id = older[-1]
    elif edition_id == live:
        raise EditionError(f"The edition {edition_id} is already live.")
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
        present = [name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()]
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
        present = {name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()}
        return {
            name: connection.sql(statement, params=parameters).pl()
            for name, statement in statements.items()
            if name in present
        }


@contextmanager
def _opened(path: Path, *, read_only: bool = True) -> Iterator[duckdb.DuckDBPyConnection]:
    try:
        with duckdb.connect(path, read_only=read_only) as connection:
            yield connection
    except duckdb.Error as error:
        if any(sign in str(error) for sign in _NO_ROOM):
            raise EditionError(_("There is no room left on the disk for the edition; nothing was changed.")) from error
        what = "read" if read_only else "written"
        raise EditionError(f"{path.name} cannot be {what}: {str(error).partition(chr(10))[0]}") from error


def _rows_in(files: Mapping[str, Sequence[Path]]) -> dict[str, int]:
    return {
        name: pl.scan_parquet(list(stored)).select(pl.len()).collect().item()
        for name, stored in files.items()
        if stored
    }


def _check(partial: Path, rows: Mapping[str, int]) -> None:
    with _opened(partial) as connection:
        for name, expected in rows.items():
            written = connection.table(f'"{name}"').count("*").fetchall()[0][0]
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
            f"The edition {info.edition_id} cannot be made live: its tables follow contract {info.contract}, and this "
            f'version of Panorama reads contract {CONTRACT}; "panorama build" makes an edition that it can show.'
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
