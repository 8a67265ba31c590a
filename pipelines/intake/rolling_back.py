"""``panorama rollback``: make another edition the live one, and put the registry back to what it was made from.

The registry is put back only where nothing is lost by it: where its files are those of the live edition, and those of
the other edition were kept by a load. What is replaced is kept in its turn, so that one can go forward again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines import editions
from pipelines.errors import EditionError, file_shown
from pipelines.i18n import _
from pipelines.intake import history, holding, journal
from pipelines.intake.tables import INTAKE_TABLES


@dataclass(frozen=True, kw_only=True)
class RolledBack:
    """What a rollback did: the edition that is live, the files put back, and, where they were left alone, why."""

    edition_id: str
    restored: tuple[str, ...] = ()
    why_left: str | None = None


def roll_back(data: Path, folder: Path, edition_id: str | None = None) -> RolledBack:
    """Make the edition live that is named, else the one before, and put the registry back where that loses nothing."""
    if not data.is_dir():
        return RolledBack(edition_id=editions.rollback(folder, edition_id))
    with holding.for_changing(data), editions.locked(folder):
        chosen = editions.rollback_target(folder, edition_id)
        contents, why_left = _to_restore(data, folder, editions.live_id(folder), chosen)
        if not contents:
            editions.publish(folder, chosen)
            return RolledBack(edition_id=chosen, why_left=why_left)
        with journal.Staging(data) as staging:
            for file, content in contents.items():
                now = (data / file).read_bytes()
                staging.archive(str(journal.checksum_of(data / file)), now)
                staging.lay_out(file, content)
            editions.prepare_to_publish(folder, chosen)
            with journal.undisturbed():
                journal.complete(data, staging.decide(folder, chosen), folder)
    return RolledBack(edition_id=chosen, restored=tuple(contents))


def _to_restore(data: Path, folder: Path, live: str | None, chosen: str) -> tuple[dict[str, bytes], str | None]:
    """The files to put back with their content; none where they are right already or, with the reason, left alone."""
    try:
        wanted = history.checksums_of(folder, chosen)
        made_from = history.checksums_of(folder, live) if live else {}
    except EditionError as error:
        return {}, str(error)
    files = [table.file for table in INTAKE_TABLES if table.file in wanted]
    present = {file: journal.checksum_of(data / file) for file in files}
    other = [file for file in files if present[file] != wanted[file]]
    if edited := [file for file in other if present[file] != made_from.get(file)]:
        return {}, _(
            "{files} was edited since the live edition was made and stays as it is; the next build would publish it.",
            files=_listed(edited),
        )
    contents = {file: history.kept_content(data, wanted[file]) for file in other}
    if missing := [file for file, content in contents.items() if content is None]:
        return {}, _(
            "The records stay as they are, because {files} as it was then is not kept; the next build would publish "
            "them again.",
            files=_listed(missing),
        )
    return {file: content for file, content in contents.items() if content is not None}, None


def _listed(files: Sequence[str]) -> str:
    return ", ".join(file_shown(file) for file in files)
