"""The tables of an edition as files: CSV, Parquet, and one zip that describes itself (Frictionless data package).

A file is written once for each edition, straight from the database, and kept in a folder of this process: an edition
never changes. Names of tables come from the edition's own list only.
"""

import atexit
import hashlib
import json
import shutil
import tempfile
import threading
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dashboard import db, synthetic
from dashboard.queries import sources
from dashboard.queries.keys import KEYS
from dashboard.views.sources import web_address

FORMATS = ("csv", "parquet")
PACKAGE = "panorama.zip"
_MOST_EDITIONS = 3
_FIELD_TYPES = {
    "BIGINT": "integer",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "DOUBLE": "number",
    "INTEGER": "integer",
    "TIMESTAMP": "datetime",
    "VARCHAR": "string",
}
_TIMESTAMP = "%Y-%m-%dT%H:%M:%SZ"
_PLAIN_NUMBER = r"^[+\-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+\-]?[0-9]+)?$"
_CSV_REMARK = (
    "UTF-8, commas, a header. An empty cell is a missing value. A text that a spreadsheet would take for a formula "
    "begins with an apostrophe; the Parquet file holds every text as recorded."
)
_LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0 International: our compilation; each source keeps its own licence",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}
_SYNTHETIC = "SYNTHETIC RECORDS, INVENTED FOR PRACTICE: NO FIGURE HERE IS REAL."
_SYNTHETIC_REMARK = (
    'The tables in this package were written by "panorama demo". Their records cite the source "synthetic" and say '
    "nothing about any state, institution or person. Do not publish, cite or mix them with real records."
)
_folders: OrderedDict[tuple[str, str], Path] = OrderedDict()
_lock = threading.Lock()


class UnknownTable(Exception):
    """The edition has no table of that name, or it is not offered in that format."""


def table_names() -> list[str]:
    """The tables of this run's edition, by name."""
    return sources.tables()["table_name"].unique().sort().to_list()


def table_file(name: str, suffix: str) -> Path:
    """The file of a table of this run's edition as ``csv`` or ``parquet``; UnknownTable for anything else."""
    if suffix not in FORMATS or name not in table_names():
        raise UnknownTable(f"{name}.{suffix}")
    with _lock:
        return _table_file(name, suffix)


def package_file() -> Path:
    """All tables of this run's edition in both formats with their description, as one zip."""
    with _lock:
        path = _folder() / PACKAGE
        if not path.exists():
            files = {
                "/".join((suffix, synthetic.file_name(f"{name}.{suffix}"))): _table_file(name, suffix)
                for name in table_names()
                for suffix in FORMATS
            }
            _write_whole(path, lambda partial: _write_package(partial, files))
        return path


def data_package(files: dict[str, Path]) -> dict[str, Any]:
    """The description of the given files (path inside the package -> file), as the Frictionless standard wants it."""
    about = sources.edition()
    made_up = f"{_SYNTHETIC} " if about["is_synthetic"] else ""
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": synthetic.file_name("panorama"),
        "title": f"{made_up}Panorama: action against trafficking in persons in the Americas",
        "description": (
            f"{made_up}All tables of one edition. Missing values carry a status (obs_status: O not reported, L not asked, "
            "M not applicable, Q suppressed); none is zero. dim_source gives the licence of each source."
        ),
        "version": about["edition_id"],
        "created": f"{about['built_at']:{_TIMESTAMP}}",
        "licenses": [_LICENCE],
        "sources": [
            {"title": row["citation"], **({"path": row["url"]} if web_address(row["url"]) else {})}
            for row in sources.sources().iter_rows(named=True)
        ],
        "resources": [_resource(path, file) for path, file in files.items()],
    }


def _resource(path: str, file: Path) -> dict[str, Any]:
    name, suffix = file.name.rsplit(".", 1)
    schema: dict[str, Any] = {
        "fields": [
            {"name": row["column_name"], "type": _FIELD_TYPES.get(row["data_type"], "any")}
            for row in sources.tables().iter_rows(named=True)
            if row["table_name"] == name
        ]
    }
    if name in KEYS:
        schema["primaryKey"] = KEYS[name]
    if suffix == "csv":
        own = {
            "name": name,
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "description": _CSV_REMARK,
            "dialect": {"delimiter": ",", "lineTerminator": "\n", "doubleQuote": True},
        }
        schema["missingValues"] = [""]
    else:
        own = {"name": f"{name}-parquet", "mediatype": "application/vnd.apache.parquet"}
    with file.open("rb") as content:
        checksum = hashlib.file_digest(content, "sha256").hexdigest()
    return own | {
        "path": path,
        "format": suffix,
        "bytes": file.stat().st_size,
        "hash": f"sha256:{checksum}",
        "rowCount": sources.table_size(name),
        "schema": schema,
    }


def _write_package(partial: Path, files: dict[str, Path]) -> None:
    built_at = sources.edition()["built_at"]
    # a fixed time makes the zip the same, byte for byte, on every server
    when = built_at.timetuple()[:6]
    description = json.dumps(data_package(files), ensure_ascii=False, indent=2)
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as package:
        about = zipfile.ZipInfo("datapackage.json", when)
        about.compress_type = zipfile.ZIP_DEFLATED
        package.writestr(about, description)
        if synthetic.is_synthetic():
            package.writestr(zipfile.ZipInfo("README.txt", when), f"{_SYNTHETIC}\n\n{_SYNTHETIC_REMARK}\n")
        for path, file in files.items():
            entry = zipfile.ZipInfo(path, when)
            entry.compress_type = zipfile.ZIP_STORED if path.endswith(".parquet") else zipfile.ZIP_DEFLATED
            with file.open("rb") as content, package.open(entry, "w") as out:
                shutil.copyfileobj(content, out)


def _table_file(name: str, suffix: str) -> Path:
    path = _folder() / f"{name}.{suffix}"
    if not path.exists():
        if suffix == "csv":
            _write_whole(path, lambda partial: _write_csv(name, partial))
        else:
            rows = db.cursor().table(_quoted(name))
            _write_whole(path, lambda partial: rows.write_parquet(str(partial), compression="zstd"))
    return path


def _write_csv(name: str, partial: Path) -> None:
    columns = [row for row in sources.tables().iter_rows(named=True) if row["table_name"] == name]
    chosen = ", ".join(_safe(row["column_name"], row["data_type"]) for row in columns)
    rows = db.cursor().table(_quoted(name)).project(chosen)
    rows.write_csv(str(partial), header=True, timestamp_format=_TIMESTAMP)


def _safe(column: str, data_type: str) -> str:
    quoted = _quoted(column)
    if data_type != "VARCHAR":
        return quoted
    is_formula = (
        rf"{quoted}[1] in ('=', '+', '-', '@', chr(9), chr(13)) and not regexp_matches({quoted}, '{_PLAIN_NUMBER}')"
    )
    return f"case when {is_formula} then chr(39) || {quoted} else {quoted} end as {quoted}"


def _quoted(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'


def _write_whole(path: Path, write: Callable[[Path], None]) -> None:
    partial = path.with_suffix(path.suffix + ".partial")
    write(partial)
    partial.replace(path)


def _folder() -> Path:
    key = (str(db.editions_folder()), db.edition())
    if key in _folders and _folders[key].exists():
        _folders.move_to_end(key)
        return _folders[key]
    _folders[key] = Path(tempfile.mkdtemp(prefix="panorama-"))
    atexit.register(shutil.rmtree, _folders[key], ignore_errors=True)
    if len(_folders) > _MOST_EDITIONS:
        shutil.rmtree(_folders.popitem(last=False)[1], ignore_errors=True)
    return _folders[key]
