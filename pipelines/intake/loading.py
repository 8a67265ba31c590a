"""``panorama load``: what it is asked to do and what it did.

The files are read first. What checks and loads them is imported while that lasts.
"""

import errno
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.i18n import _
from pipelines.intake import holding
from pipelines.intake.reading_first import read_first

if TYPE_CHECKING:
    from pipelines.intake.checking import Checked
    from pipelines.intake.merging import Merge
    from pipelines.intake.publishing import Before

OnProgress = Callable[[str, int, int | None], None]
OnPlan = Callable[["Checked", "Merge"], bool]
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def _ignore(stage: str, done: int, total: int | None) -> None:
    """Progress that nobody watches."""


def _agree(checked: "Checked", planned: "Merge") -> bool:
    """A plan that nobody is asked about."""
    return True


@dataclass(frozen=True, kw_only=True)
class LoadResult:
    """What a load did, or would do.

    ``edition_id`` is the edition that is live afterwards; ``is_published`` tells whether this load made it. ``is_agreed``
    is false where the plan was not agreed to. ``is_behind`` is true where the live edition was not made from the
    registry as it lies there, so that a build would publish more than the load.
    """

    checked: "Checked"
    merge: "Merge"
    edition_id: str | None
    is_published: bool = False
    is_agreed: bool = True
    is_behind: bool = False
    pruned: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a load is asked to do."""

    paths: Sequence[Path]
    data: Path
    folder: Path
    lang: str | None
    reason: str | None
    is_dry_run: bool
    allow_rejected: bool
    is_complete: bool
    as_of: date
    on_progress: OnProgress


def load(
    paths: Sequence[Path],
    data: Path,
    folder: Path,
    *,
    lang: str | None = None,
    reason: str | None = None,
    is_dry_run: bool = False,
    allow_rejected: bool = False,
    is_complete: bool = False,
    as_of: date | None = None,
    on_plan: OnPlan = _agree,
    on_progress: OnProgress = _ignore,
) -> LoadResult:
    """Merge the records in ``paths`` into the registry in ``data`` and publish an edition of it in ``folder``.

    ``on_plan`` is shown what would change before anything is written and says whether to go on. PipelineError leaves
    the registry and the live edition as they were. What the result holds of the sheets is ``without_cells`` where an
    edition was made of them.
    """
    asked = Asked(
        paths=paths,
        data=data,
        folder=folder,
        lang=lang,
        reason=(reason or "").strip() or None,
        is_dry_run=is_dry_run,
        allow_rejected=allow_rejected,
        is_complete=is_complete,
        as_of=as_of or datetime.now(UTC).date(),
        on_progress=on_progress,
    )
    hold = holding.for_reading if is_dry_run else holding.for_changing
    try:
        with hold(data):
            sheets, before = read_first(paths, partial(_before, asked), lang=lang, on_progress=on_progress)
            from pipelines.intake.publishing import loaded

            return loaded(asked, sheets, before, on_plan)
    except OSError as error:
        from pipelines.intake.telling import LoadRefused

        raise LoadRefused(_why_stopped(error)) from error


def _before(asked: Asked) -> "Before":
    """What stands before the load."""
    from pipelines.intake.publishing import read_before  # imports whatever checks records and builds editions

    return read_before(asked)


def _why_stopped(error: OSError) -> str:
    if error.errno in _NO_ROOM:
        return _("There is no room left on the disk; nothing was changed.")
    return _("{cause} ({file}); nothing was changed.", cause=error.strerror or str(error), file=error.filename or "-")
