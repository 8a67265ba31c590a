"""What is kept of every load: the files as handed in, what they did, and the registry files before and after."""

import json
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import polars as pl

from pipelines import editions
from pipelines.errors import EditionError
from pipelines.i18n import _
from pipelines.intake.journal import archived, checksum_of, intake_folder, received

ABOUT = "load.json"
REJECTED = "rejected.xlsx"


@dataclass(frozen=True, kw_only=True)
class LoadRecord:
    """What a load did. ``files`` gives the checksum of each file handed in, ``registry`` those of each file changed.

    ``counts`` gives the rows new, changed, unchanged and withdrawn of each table; times are in UTC.
    """

    loaded_at: str
    reason: str | None
    is_complete: bool
    edition_before: str | None
    edition_after: str
    files: Mapping[str, str]
    rows_read: int
    rows_rejected: int
    counts: Mapping[str, Mapping[str, int]]
    registry: Mapping[str, Mapping[str, str]]


def write_about(path: Path, record: LoadRecord) -> None:
    """Write the record of a load."""
    path.write_text(json.dumps(asdict(record), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def checksums_of(folder: Path, edition_id: str) -> dict[str, str]:
    """The checksum of every file of the data folder that an edition was made from."""
    report = editions.read_tables(editions.resolve(edition_id, folder), ["load_report"]).get("load_report")
    if report is None:
        raise EditionError(_("The edition {edition} does not say what it was made from.", edition=edition_id))
    if "is_handed_in" in report.columns:
        report = report.filter(~pl.col("is_handed_in"))
    return dict(report.select("file", "sha256").iter_rows())


def kept_content(data: Path, checksum: str) -> bytes | None:
    """A registry file by its checksum; nothing where it is not kept or damaged."""
    path = archived(data, checksum)
    return path.read_bytes() if checksum_of(path) == checksum else None


def prune(data: Path, folder: Path) -> None:
    """Delete what no edition on file refers to: registry files and files handed in. Needs both folders to be held."""
    archive, handed_in = archived(data, "x").parent, received(data, "x").parent
    on_file = set(editions.edition_ids(folder))
    try:
        needed = {checksum for known in on_file for checksum in checksums_of(folder, known).values()}
    except EditionError:
        return  # an edition that cannot be read may refer to anything
    for path in archive.iterdir() if archive.is_dir() else ():
        if path.name not in needed:
            path.unlink()
    for path in handed_in.iterdir() if handed_in.is_dir() else ():
        if path.name not in on_file:
            shutil.rmtree(path)
    for emptied in (archive, handed_in, intake_folder(data)):
        with suppress(OSError):  # there is something in it, or it was never there
            emptied.rmdir()
