"""Who may use a data folder: many may read it at once, whoever changes it is alone.

Before anybody reads or changes it, what a killed load or rollback left there is completed or cleaned up. The folder itself
is what is locked, so that the lock leaves no file behind and ends with the process that holds it.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.errors import EditionError
from pipelines.i18n import _
from pipelines.intake import journal


@contextmanager
def for_reading(data: Path) -> Iterator[None]:
    """Keep loads and rollbacks away from the data folder; EditionError at once where one is running."""
    if not data.is_dir():
        yield
        return
    with _opened(data) as folder:
        _hold(folder, fcntl.LOCK_SH)
        if journal.has_leftovers(data):
            _hold(folder, fcntl.LOCK_EX)
            journal.recover(data)
            _hold(folder, fcntl.LOCK_SH)
        yield


@contextmanager
def for_changing(data: Path) -> Iterator[None]:
    """Hold the data folder alone; EditionError at once where anybody else uses it."""
    with _opened(data) as folder:
        _hold(folder, fcntl.LOCK_EX)
        journal.recover(data)
        yield


@contextmanager
def _opened(data: Path) -> Iterator[int]:
    folder = os.open(data, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield folder
    finally:
        os.close(folder)


def _hold(folder: int, mode: int) -> None:
    try:
        fcntl.flock(folder, mode | fcntl.LOCK_NB)
    except BlockingIOError:
        raise EditionError(
            _("Another load, build or rollback is using these data; nothing was changed, try again when it is done.")
        ) from None
