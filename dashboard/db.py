"""The one place that finds an edition, opens it and remembers what was asked of it.

The small file ``current`` names the live edition and is read anew for every run; an edition itself never changes, so
its answers are kept as long as there is room. One read-only connection an edition, one cursor a thread.
"""

import os
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

CONTRACT = 4
"""The contract of the tables that the queries here read; the pipelines' schemas have the same number."""

Ask = Callable[..., pl.DataFrame]
"""Gives the rows of one statement for its named parameters."""

_ROOT = Path(__file__).resolve().parent.parent
_MOST_ANSWERS = 2_000
_EDITION_NAME = re.compile(r"^[0-9A-Za-z_.\-]+$")
_edition: ContextVar[str] = ContextVar("edition", default="")
_live: ContextVar[str | None] = ContextVar("live", default=None)
_connections: dict[str, duckdb.DuckDBPyConnection] = {}
_answers: OrderedDict[tuple[Any, ...], pl.DataFrame] = OrderedDict()
_lock = threading.Lock()
_cursors = threading.local()


class NoEdition(Exception):
    """There is no edition to serve: none was built yet, or its file is gone."""


class OtherContract(NoEdition):
    """The edition's tables follow another contract than the queries of this dashboard."""


def editions_folder() -> Path:
    """Where the editions lie: ``PANORAMA_EDITIONS``, else ``editions`` in the data folder."""
    if folder := os.environ.get("PANORAMA_EDITIONS"):
        return _path_of(folder)
    return _path_of(os.environ.get("PANORAMA_DATA", str(_ROOT / "data")), "editions")


_path_of = lru_cache(maxsize=8)(Path)


def live_edition() -> str:
    """The id of the edition that ``current`` names."""
    try:
        name = (editions_folder() / "current").read_text(encoding="utf-8").strip().removesuffix(".duckdb")
    except OSError as error:
        raise NoEdition from error
    if not name:
        raise NoEdition
    return name


def now_live() -> str:
    """The id of the edition that was live as this run began; empty where none was, while a frozen one may be read."""
    live = _live.get()
    return _live_if_any() if live is None else live


def _live_if_any() -> str:
    with suppress(NoEdition):
        return live_edition()
    return ""


def editions() -> list[str]:
    """The ids of all editions on file, newest first."""
    return sorted((file.stem for file in editions_folder().glob("*.duckdb")), key=age, reverse=True)


def age(edition_id: str) -> tuple[str, int]:
    """A key that sorts editions by the time of their build, which their ids name: 20261122T101500Z-2."""
    moment, _dash, number = edition_id.partition("-")
    return moment, int(number) if number.isdecimal() else 1


def edition() -> str:
    """The edition that this run reads."""
    return _edition.get() or live_edition()


def use_edition(edition_id: str | None) -> str:
    """Read the given edition for the rest of this run (none: the live one); returns its id.

    NoEdition where it is not on file, OtherContract where it cannot be shown.
    """
    live = _live_if_any() if edition_id else live_edition()
    chosen = edition_id or live
    if not can_show(chosen):
        raise OtherContract(chosen)
    _edition.set(chosen)
    _live.set(live)
    return chosen


def can_show(edition_id: str) -> bool:
    """Whether an edition on file has the tables that the queries expect; the first editions did not say so."""
    return fetch_from(edition_id, "select * from edition").row(0, named=True).get("contract", 1) == CONTRACT


def read_from() -> tuple[str, str]:
    """What this run reads, as a key for everything worth keeping: the folder of editions and the edition's id."""
    return str(editions_folder()), edition()


def _path(edition_id: str) -> str:
    path = str((editions_folder() / f"{edition_id}.duckdb").resolve())
    if not _EDITION_NAME.match(edition_id) or not os.path.exists(path):
        raise NoEdition(edition_id)
    return path


@contextmanager
def two_editions(before: str, after: str) -> Iterator[Ask]:
    """Ask of two editions at once: the tables of one are ``before.main.<name>``, those of the other ``after.main.<name>``.

    Answers are not kept. NoEdition where one of the two is not on file.
    """
    files = {"before": _path(before), "after": _path(after)}
    with duckdb.connect(":memory:") as connection:
        connection.execute("set threads = 1")
        connection.execute("attach $file as before (read_only)", {"file": files["before"]})
        connection.execute("attach $file as after (read_only)", {"file": files["after"]})
        yield lambda sql, **parameters: connection.sql(sql, params=parameters or None).pl()


def _cursor(edition_id: str) -> duckdb.DuckDBPyConnection:
    cursors: dict[str, duckdb.DuckDBPyConnection] = _cursors.__dict__.setdefault("by_edition", {})
    path = str((editions_folder() / f"{edition_id}.duckdb").resolve())
    if path not in cursors:
        with _lock:
            if path not in _connections:
                if not _EDITION_NAME.match(edition_id) or not os.path.exists(path):
                    raise NoEdition
                # set afterwards: a file opened with other settings elsewhere in the process would be refused
                _connections[path] = duckdb.connect(path, read_only=True)
                _connections[path].execute("set threads = 1")
            cursors[path] = _connections[path].cursor()
    return cursors[path]


def cursor() -> duckdb.DuckDBPyConnection:
    """A read-only cursor on this run's edition, for rows that go straight to a file and are not to be kept."""
    return _cursor(edition())


def fetch(sql: str, **parameters: Any) -> pl.DataFrame:
    """The rows that one statement gives for its named parameters, from this run's edition."""
    return fetch_from(edition(), sql, **parameters)


def fetch_from(edition_id: str, sql: str, **parameters: Any) -> pl.DataFrame:
    """The rows that one statement gives for its named parameters, from any edition on file."""
    reading = (str(editions_folder()), edition_id)
    key = (reading, sql, tuple((name, _frozen(value)) for name, value in parameters.items()))
    with _lock:
        if key in _answers:
            _answers.move_to_end(key)
            return _answers[key]
    rows = _cursor(reading[1]).sql(sql, params=parameters or None).pl()
    with _lock:
        _answers[key] = rows
        if len(_answers) > _MOST_ANSWERS:
            _answers.popitem(last=False)
    return rows


def has_table(name: str) -> bool:
    """Whether this run's edition has a table of that name."""
    found = fetch("select count(*) as found from information_schema.tables where table_name = $name", name=name)
    return found["found"][0] > 0


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
