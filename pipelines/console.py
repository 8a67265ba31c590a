"""What the commands share: how they print, show progress, take common options and fail in plain sentences."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from pipelines.errors import PipelineError, shown
from pipelines.i18n import LANGUAGES, _

_FORMULA_START = ("=", "+", "-", "@", "\t", "\r")

console = Console()
complaints = Console(stderr=True, soft_wrap=True)

DataOption = Annotated[
    Path | None,
    typer.Option(
        "--data", help="The folder of the data; by default $PANORAMA_DATA, else the project's.", show_default=False
    ),
]
LangOption = Annotated[str, typer.Option("--lang", help="The language of what is said: en, es, pt or fr.")]
AllowRejectedOption = Annotated[
    bool, typer.Option("--allow-rejected", help="Publish without the rows that are refused; the edition lists them.")
]
AsOfOption = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="The day on which figures for all years stand; by default today."),
]


def empty_table(*texts: str, numbers: Sequence[str] = ()) -> Table:
    """An empty table with these headings, shown as they are; the columns of numbers come last."""
    table = Table()
    for heading in texts:
        table.add_column(Text(heading))
    for heading in numbers:
        table.add_column(Text(heading), justify="right")
    return table


@contextmanager
def progress(steps: int) -> Iterator[Callable[[str], None]]:
    """A bar of this many steps, for whoever watches a terminal; each call moves it on and says what is done."""
    columns = (TextColumn("{task.description:<28}"), BarColumn(), TimeElapsedColumn())
    is_watched = complaints.is_terminal
    with Progress(*columns, console=complaints, transient=True, disable=not is_watched) as shown:
        task = shown.add_task("starting", total=steps)
        yield lambda step: shown.update(task, description=step, advance=1)


@contextmanager
def counting() -> Iterator[Callable[[str, int, int | None], None]]:
    """A bar for work that counts what it does; each call names the stage, what of it is done and how much there is."""
    columns = (
        TextColumn("{task.description:<36}"),
        BarColumn(),
        TextColumn("{task.fields[counted]:>24}"),
        TimeElapsedColumn(),
        TextColumn("left:"),
        TimeRemainingColumn(),
    )
    is_watched = complaints.is_terminal
    with Progress(*columns, console=complaints, transient=True, disable=not is_watched) as bar:
        task = bar.add_task("starting", total=None, counted="")
        stage_now = ""

        def show(stage: str, done: int, total: int | None) -> None:
            nonlocal stage_now
            if stage != stage_now:
                stage_now = stage
                bar.reset(task, description=stage, total=total)
            counted = f"{done:,}" if total is None else f"{done:,} of {total:,}"
            bar.update(task, completed=done, total=total, counted=counted)

        yield show


def known_language(lang: str) -> str:
    """A language given as an option."""
    if lang not in LANGUAGES:
        languages = ", ".join(LANGUAGES)
        raise PipelineError(
            _('"{lang}" is not a language of Panorama; expected: {languages}.', lang=shown(lang), languages=languages)
        )
    return lang


def existing(folder: Path) -> Path:
    """The folder, which must be there."""
    if not folder.is_dir():
        raise PipelineError(f'There is no data folder "{folder}".')
    return folder


def day(text: str | None) -> date | None:
    """A day given as an option."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise PipelineError(f'"{text}" is not a day; expected: a real date such as 2026-11-22.') from None


def harmless(cell: object) -> object:
    """A cell that no spreadsheet takes for a formula; numbers stay numbers."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_START) else cell


def fail(message: str, exit_code: int = 1) -> NoReturn:
    """Say what is wrong and leave with an exit code above zero."""
    complaints.print(Text(message))
    sys.exit(exit_code)
