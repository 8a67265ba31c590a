"""Opens what staff hand in: workbooks, text tables and folders of them become sheets of text cells, or are refused."""

import hashlib
import os
import stat
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from pipelines.errors import shown
from pipelines.intake.content import SUFFIXES
from pipelines.intake.limits import LIMITS, Limits
from pipelines.intake.refused import Refused
from pipelines.intake.sandbox import read_apart
from pipelines.intake.sentences import FileRefused, file_refused, note
from pipelines.intake.sheet_frames import sheet_of
from pipelines.intake.sheets import Sheet

__all__ = ["FileRefused", "read_sheets"]

READING = "reading"
_COPY_BYTES = 1 << 20
# what spreadsheet programs and file managers leave beside the files of a folder
_LEFT_BESIDE = ("~$", ".")

OnProgress = Callable[[str, int, int | None], None]


def _silent(stage: str, done: int, total: int | None) -> None:
    """Tell nobody."""


def read_sheets(paths: Sequence[Path], limits: Limits = LIMITS, on_progress: OnProgress = _silent) -> list[Sheet]:
    """The sheets of the files, and of the files in the folders, in the order given; FileRefused says why not.

    ``on_progress`` gets "reading", the rows read so far and their number where it is known, a few times a second.
    Nothing is worked out, followed or run; every file is read in a process of its own, within the limits.
    """
    files, beside = _files(paths, limits)
    sheets: list[Sheet] = []
    rows = cells = 0
    for path in files:
        left = replace(limits, cells=limits.cells - cells)
        read = _read(path, left, limits, lambda done, total, before=rows: on_progress(READING, before + done, total))
        sheets.extend(read)
        rows += sum(sheet.cells.height for sheet in read)
        cells += sum(sheet.cells.height * sheet.cells.width for sheet in read)
    on_progress(READING, rows, rows)
    if sheets and beside:
        notes = tuple(note("not_read", name=name) for name in beside)
        sheets[0] = replace(sheets[0], notes=sheets[0].notes + notes)
    return sheets


def _files(paths: Sequence[Path], limits: Limits) -> tuple[list[Path], list[str]]:
    """The files to read, and the names of what stands beside them in a folder and is not read."""
    files: list[Path] = []
    beside: list[str] = []
    for path in paths:
        if not os.path.isdir(path):
            files.append(path)
            continue
        found = sorted(entry for entry in _entries(path) if not entry.name.startswith(_LEFT_BESIDE))
        read = [entry for entry in found if _suffix(entry) in SUFFIXES and not entry.is_dir()]
        if not read:
            raise file_refused(path.name, Refused("no_files", suffixes=" ".join(SUFFIXES)))
        files.extend(read)
        beside.extend(entry.name for entry in found if entry not in read)
    if len(files) > limits.files:
        raise file_refused("", Refused("too_many_files", files=len(files), files_allowed=limits.files))
    return files, beside


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError as error:
        raise file_refused(folder.name, Refused("not_allowed", reason=error.strerror or "")) from error


def _name(path: Path) -> str:
    """The name of a file as text, whatever bytes it is made of."""
    return os.fsencode(path.name).decode("utf-8", "backslashreplace")


def _suffix(path: Path) -> str:
    return path.suffix.lower()


def _read(path: Path, limits: Limits, told: Limits, on_rows: Callable[[int, int | None], None]) -> list[Sheet]:
    try:
        if _suffix(path) not in SUFFIXES:
            raise Refused("old_excel" if _suffix(path) == ".xls" else "unknown_suffix", suffixes=" ".join(SUFFIXES))
        with _copied(path, limits) as (copy, sha256):
            reading = read_apart(copy, _suffix(path), limits, on_rows)
        return [sheet_of(_name(path), raw, reading.content, sha256) for raw in reading.sheets]
    except Refused as refused:
        refused.values.setdefault("characters_allowed", told.cell_characters)
        if "cells_allowed" in refused.values:
            refused.values["cells_allowed"] = told.cells
        raise file_refused(_name(path), refused) from refused


@contextmanager
def _copied(path: Path, limits: Limits) -> Iterator[tuple[BinaryIO, str]]:
    """A copy that nobody else can change, without a name in any folder, and the SHA-256 of its bytes."""
    with tempfile.TemporaryFile(prefix="panorama-") as copy:
        digest, size = hashlib.sha256(), 0
        with _opened(path) as file:
            while piece := file.read(_COPY_BYTES):
                size += len(piece)
                if size > limits.file_bytes:
                    raise Refused("too_big", megabytes_allowed=limits.file_bytes >> 20)
                digest.update(piece)
                try:
                    copy.write(piece)
                except OSError as error:
                    raise Refused("no_room", reason=error.strerror or "") from error
        copy.flush()
        copy.seek(0)
        yield copy, digest.hexdigest()


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """An ordinary file; anything else (a device, a pipe, a socket) is refused without being waited for."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError as error:
        raise Refused("missing") from error
    except (OSError, ValueError) as error:
        raise Refused("not_allowed", reason=getattr(error, "strerror", None) or shown(str(error))) from error
    with open(descriptor, "rb", buffering=0) as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise Refused("not_a_file")
        yield file  # pyright: ignore[reportReturnType]
