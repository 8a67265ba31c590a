"""How a load or a rollback changes several files and the live edition as if they were one.

All that is to come into the data folder is first laid out in ``intake/staged-…``; the journal, which appears there whole
or not at all, then says that it will happen. Whoever finds a journal completes it, however often that is interrupted;
what is laid out without a journal never happened and is removed. Completing takes no more room on the disk.
"""

import json
import os
import shutil
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from hashlib import file_digest
from pathlib import Path

from pipelines.errors import EditionError
from pipelines.i18n import _

INTAKE = "intake"
_JOURNAL, _STAGED = "journal.json", "staged-"
_FILES, _ARCHIVE, _RECEIVED = "files", "archive", "received"


@dataclass(frozen=True, kw_only=True)
class Journal:
    """What will happen: the files (relative to the data folder) take their new content, the edition becomes live.

    ``staged`` is the folder in ``intake`` that holds the new content; ``editions`` is the folder of the editions,
    relative to the data folder where it lies in there. ``files`` gives each file's checksum afterwards.
    """

    staged: str
    editions: str
    edition_id: str
    files: Mapping[str, str]


def intake_folder(data: Path) -> Path:
    """Where the data folder keeps what was handed in."""
    return data / INTAKE


def archived(data: Path, checksum: str) -> Path:
    """Where a registry file with this checksum is kept."""
    return intake_folder(data) / _ARCHIVE / checksum


def received(data: Path, edition_id: str) -> Path:
    """Where the files are kept that a load was handed and that made this edition."""
    return intake_folder(data) / _RECEIVED / edition_id


def checksum_of(path: Path) -> str | None:
    """The SHA-256 of a file; nothing where there is none."""
    try:
        with open(path, "rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return None


class Staging:
    """A folder in ``intake`` in which a load or a rollback lays out what is to come; removed again unless decided."""

    def __init__(self, data: Path) -> None:
        """Make the folder."""
        self._data = data
        self.is_decided = False
        intake = intake_folder(data)
        intake.mkdir(exist_ok=True)
        taken = {path.name for path in intake.glob(f"{_STAGED}*")}
        self.folder = next(intake / name for n in range(1, len(taken) + 2) if (name := f"{_STAGED}{n}") not in taken)
        self.folder.mkdir()

    def __enter__(self) -> "Staging":
        """Start laying out."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Remove what was laid out for nothing."""
        if not self.is_decided:
            _remove_staged(self._data)

    def lay_out(self, file: str, content: bytes) -> Path:
        """The new content of a file of the data folder."""
        path = _written(self.folder / _FILES / file, content)
        shutil.copymode(self._data / file, path)
        return path

    def archive(self, checksum: str, content: bytes) -> None:
        """Keep a registry file as it was or will be, unless it is kept already."""
        if checksum_of(archived(self._data, checksum)) != checksum:
            _written(self.folder / _ARCHIVE / checksum, content)

    def keep(self, name: str) -> Path:
        """Where to write a file that is to be kept with the files handed in."""
        folder = self.folder / _RECEIVED
        folder.mkdir(exist_ok=True)
        return folder / name

    def view(self) -> Path:
        """The data folder as it will be."""
        return linked_view(self._data, self.folder / _FILES, self.folder / "view")

    def decide(self, editions_folder: Path, edition_id: str) -> Journal:
        """Write the journal: from here on it will happen. EditionError, and nothing decided, where it could not."""
        staged = self.folder / _FILES
        files = [path for path in staged.rglob("*") if path.is_file()] if staged.is_dir() else []
        for path in files:
            _refuse_unmovable(path, (self._data / path.relative_to(staged)).resolve())
        journal = Journal(
            staged=self.folder.name,
            editions=_said_from(self._data, editions_folder),
            edition_id=edition_id,
            files={str(path.relative_to(staged)): str(checksum_of(path)) for path in sorted(files)},
        )
        for path in self.folder.rglob("*"):
            if not path.is_symlink():
                flush(path)
        draft = intake_folder(self._data) / f"{_JOURNAL}.partial"
        _written(draft, json.dumps(asdict(journal), indent=1).encode())
        os.replace(draft, draft.with_name(_JOURNAL))
        self.is_decided = True
        flush(draft.parent)
        return journal


def linked_view(data: Path, staged: Path, folder: Path) -> Path:
    """The new ``folder`` as a data folder of links: to the files of ``staged``, and to those of ``data`` for the rest."""
    folder.mkdir()
    for entry in sorted(data.iterdir()):
        new = staged / entry.name
        if entry.name in (INTAKE, "editions") or entry.name.startswith("."):
            continue
        if new.is_dir():
            linked_view(entry, new, folder / entry.name)
        else:
            (folder / entry.name).symlink_to((new if new.exists() else entry).absolute())
    return folder


def has_leftovers(data: Path) -> bool:
    """Whether a load or a rollback ended before its time."""
    intake = intake_folder(data)
    return (intake / _JOURNAL).exists() or any(intake.glob(f"{_STAGED}*")) or any(intake.glob("*.partial"))


def recover(data: Path) -> None:
    """Complete what was decided, remove what was not. Needs the data folder to be held alone."""
    journal = _decided(data)
    if journal is not None:
        from pipelines import editions

        folder = _folder_meant(data, journal.editions)
        with editions.locked(folder, kept=journal.edition_id):
            complete(data, journal, folder)
    if has_leftovers(data):
        _remove_staged(data)


def complete(data: Path, journal: Journal, folder: Path) -> None:
    """Do what was decided, as far as it is not done yet. Needs both folders to be held alone."""
    from pipelines import editions  # with DuckDB, which who merely holds a data folder need not wait for

    intake = intake_folder(data)
    staged = intake / journal.staged
    _move_all(staged / _ARCHIVE, intake / _ARCHIVE)
    for file in journal.files:
        if (staged / _FILES / file).exists():
            target = (data / file).resolve()
            _keep_unknown(data, target)
            os.replace(staged / _FILES / file, target)
            flush(target.parent)
    if (staged / _RECEIVED).is_dir():
        target = received(data, journal.edition_id)
        target.parent.mkdir(exist_ok=True)
        if target.exists():
            _move_all(staged / _RECEIVED, target)
        else:
            os.rename(staged / _RECEIVED, target)
        flush(target.parent)
    if journal.edition_id in editions.edition_ids(folder) and editions.live_id(folder) != journal.edition_id:
        editions.publish(folder, journal.edition_id)
    shutil.rmtree(staged, ignore_errors=True)
    (intake / _JOURNAL).unlink()
    flush(intake)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Do not listen to Ctrl-C: what is decided takes an instant and is done whole."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def flush(path: Path) -> None:
    """Wait until a file or a folder is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _decided(data: Path) -> Journal | None:
    path = intake_folder(data) / _JOURNAL
    try:
        return Journal(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError) as error:
        raise EditionError(
            _("The journal {file} cannot be read, so the load that it tells of cannot be completed.", file=str(path))
        ) from error


def _remove_staged(data: Path) -> None:
    intake = intake_folder(data)
    for leftover in intake.glob(f"{_STAGED}*"):
        shutil.rmtree(leftover)
    for draft in intake.glob("*.partial"):
        draft.unlink()
    with suppress(OSError):  # there is something to keep in it
        intake.rmdir()


def _move_all(source: Path, target: Path) -> None:
    if source.is_dir():
        target.mkdir(exist_ok=True)
        for path in sorted(source.iterdir()):
            os.replace(path, target / path.name)
        flush(target)


def _keep_unknown(data: Path, path: Path) -> None:
    """Keep a file that somebody edited after it was decided to replace it."""
    checksum = checksum_of(path)
    if checksum is not None and not archived(data, checksum).exists():
        archived(data, checksum).parent.mkdir(exist_ok=True)
        draft = intake_folder(data) / f"{checksum}.partial"
        shutil.copyfile(path, draft)
        flush(draft)
        os.replace(draft, archived(data, checksum))


def _refuse_unmovable(path: Path, target: Path) -> None:
    folder = target.parent
    if folder.stat().st_dev != path.stat().st_dev:
        raise EditionError(
            _(
                'The folder "{folder}" lies on another disk than "{other}", so its files cannot be replaced at once.',
                folder=str(folder),
                other=str(path.parent),
            )
        )
    if not os.access(folder, os.W_OK):
        raise EditionError(_('The folder "{folder}" may not be written to.', folder=str(folder)))


def _written(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return path


def _said_from(data: Path, folder: Path) -> str:
    inside, whole = data.resolve(), folder.resolve()
    return str(whole.relative_to(inside)) if whole.is_relative_to(inside) else str(whole)


def _folder_meant(data: Path, said: str) -> Path:
    return data / said  # an absolute path stays what it is
