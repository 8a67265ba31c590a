"""Reads what staff hand in first, and lets everything else that a check or a load begins with be done meanwhile."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from pathlib import Path
from typing import TypeVar

from pipelines.i18n import in_language
from pipelines.intake.opening import read_sheets
from pipelines.intake.sheets import Sheet

Found = TypeVar("Found")


def read_first(
    paths: Sequence[Path],
    meanwhile: Callable[[], Found],
    *,
    lang: str | None,
    on_progress: Callable[[str, int, int | None], None],
) -> tuple[list[Sheet], Found]:
    """The sheets of the files, and what ``meanwhile`` found.

    FileRefused, in ``lang`` or else in English, for a file that cannot be read.
    """
    with ThreadPoolExecutor(1) as beside:
        found = beside.submit(copy_context().run, meanwhile)
        with in_language(lang or "en"):
            sheets = read_sheets(paths, on_progress=on_progress)
        return sheets, found.result()
