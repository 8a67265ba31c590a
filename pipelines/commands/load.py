"""The command that loads what staff hand in: it lists what would change, asks, merges, builds and publishes."""

import signal
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from pipelines import editions
from pipelines.console import (
    AsOfOption,
    DataOption,
    console,
    counting,
    day,
    empty_table,
    existing,
    fail,
    known_language,
)
from pipelines.errors import shown
from pipelines.i18n import _, n_, number, use_language

if TYPE_CHECKING:
    from pipelines.fields import Table as RecordTable
    from pipelines.intake.checking import Checked
    from pipelines.intake.loading import LoadResult
    from pipelines.intake.merging import Merge, TableMerge
    from pipelines.intake.wording import Wording

MOST_LISTED = 20
_CELLS_OF_A_RECORD = 3
_YES = ("y", "yes", "s", "si", "sí", "sim", "o", "oui")


def load(
    files: Annotated[list[Path], typer.Argument(help="Workbooks, CSV files, or folders of them.", metavar="FILE…")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check and list everything; write nothing.")] = False,
    reason: Annotated[
        str | None, typer.Option("--reason", help="Why published records change or go; readers see it.")
    ] = None,
    allow_rejected: Annotated[
        bool, typer.Option("--allow-rejected", help="Load without the rows that are refused; the edition lists them.")
    ] = False,
    complete: Annotated[
        bool, typer.Option("--complete", help="The file holds all records of its tables: withdraw those it lacks.")
    ] = False,
    lang: Annotated[
        str | None,
        typer.Option("--lang", help="en, es, pt or fr; by default the language of the headings.", show_default=False),
    ] = None,
    data: DataOption = None,
    as_of: AsOfOption = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before anything is written.")] = False,
) -> None:
    """Merge handed-in records into the registry, and publish an edition of it."""
    use_language(known_language(lang or "en"))
    folder, editions_folder = existing(editions.data_folder(data)), editions.editions_folder(data)
    from pipelines.intake.loading import load as load_files

    live = editions.live_id(editions_folder)
    watched = _Watched(folder, is_asking=not (yes or dry_run) and sys.stdin.isatty() and console.is_terminal)
    try:
        with watched:
            result = load_files(
                files,
                folder,
                editions_folder,
                lang=lang,
                reason=reason,
                is_dry_run=dry_run,
                allow_rejected=allow_rejected,
                is_complete=complete,
                as_of=day(as_of),
                on_plan=watched.listed,
                on_progress=watched.progressed,
            )
    except KeyboardInterrupt:
        if editions.live_id(editions_folder) == live:
            fail(_("Stopped; nothing was changed."), exit_code=130)
        fail(_("The load was done already when you stopped it."), exit_code=130)
    use_language(result.checked.language)
    _conclude(result, is_dry_run=dry_run)


class _Watched:
    """What a person sees of a load while it runs: the bar, the list of what would change, the question."""

    def __init__(self, data: Path, *, is_asking: bool) -> None:
        """Nothing is shown yet."""
        self._data = data
        self._is_asking = is_asking
        self._bar = ExitStack()
        self._show = self._bar.enter_context(counting())

    def __enter__(self) -> "_Watched":
        """Start to watch."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Take the bar away."""
        self._bar.close()

    def progressed(self, stage: str, done: int, total: int | None) -> None:
        """Move the bar."""
        self._show(stage, done, total)

    def listed(self, checked: "Checked", planned: "Merge") -> bool:
        """List what would change; whether to go on."""
        from pipelines.intake.wording import read_wording

        self._bar.close()  # nothing can be asked under a moving bar
        print_plan(checked, planned, read_wording(self._data, checked.language))
        is_agreed = not (self._is_asking and planned.is_change) or _agrees()
        self._show = self._bar.enter_context(counting())
        return is_agreed


def print_plan(checked: "Checked", planned: "Merge", wording: "Wording") -> None:
    """Print, for each table, how many records are new, changed, unchanged, withdrawn and refused, and then which."""
    for sheet in (sheet for sheet in checked.sheets if sheet.rows_read):
        for remark in sheet.remarks:
            place = sheet.sheet.name or sheet.sheet.file
            console.print(Text(_("{place}: {reason}", place=shown(place), reason=remark)), soft_wrap=True)
    counts = empty_table(
        _("table"), numbers=[_("new"), _("changed"), _("unchanged"), _("withdrawn"), _("rows refused")]
    )
    for name in dict.fromkeys(sheet.table.name for sheet in checked.sheets if sheet.table is not None):
        table = planned.tables.get(name)
        refused = sum(
            sheet.records.rows_rejected
            for sheet in checked.sheets
            if sheet.table is not None and sheet.table.name == name
        )
        rows = (
            (table.new.height, len(table.changed_keys), table.unchanged, table.withdrawn.height) if table else (0,) * 4
        )
        if any(rows) or refused:
            counts.add_row(
                Text(wording.sheet(name)),
                *(number(count) for count in rows),
                Text(number(refused), style="bold red" if refused else ""),
            )
    if counts.row_count:
        console.print(counts)
    for table in planned.tables.values():
        for listed, rest in _records_listed(table, wording):
            console.print(listed)
            if rest > 0:
                console.print(Text(n_("… and {n} more line.", "… and {n} more lines.", rest)))


def _records_listed(table: "TableMerge", wording: "Wording") -> list[tuple[Table, int]]:
    """The records that are new, changed and withdrawn, each as a table with the number of lines that it leaves out."""
    name = wording.sheet(table.table.name)
    listed: list[tuple[Table, int]] = []
    if table.changed.height:
        cells = empty_table(_("{table}: changed", table=name), _("column"), _("was"), _("becomes"))
        fields = {declared.name: declared for declared in table.table.fields}
        for key, column, old, new in table.changed.head(MOST_LISTED).select("key", "column", "old", "new").iter_rows():
            told = (None if value is None else wording.said(fields[column], value) for value in (old, new))
            cells.add_row(
                Text(key),
                Text(wording.heading(table.table.name, column)),
                *(Text("—" if value is None else shown(value)) for value in told),
            )
        listed.append((cells, table.changed.height - MOST_LISTED))
    for heading, rows in (
        (_("{table}: new", table=name), table.new),
        (_("{table}: withdrawn", table=name), table.withdrawn),
    ):
        if rows.height:
            records = empty_table(heading, "")
            for row in rows.head(MOST_LISTED).iter_rows(named=True):
                records.add_row(Text(row["key"]), Text(_gist(table.table, row, wording)))
            listed.append((records, rows.height - MOST_LISTED))
    return listed


def _gist(table: "RecordTable", row: dict[str, str | None], wording: "Wording") -> str:
    """The first cells of a record that say something, after its key."""
    cells = [
        wording.said(declared, value)
        for declared in table.fields
        if declared.name not in table.key and (value := row[declared.name]) is not None
    ]
    return " · ".join(shown(cell) for cell in cells[:_CELLS_OF_A_RECORD])


def _agrees() -> bool:
    signal.siginterrupt(signal.SIGINT, True)  # Polars has Ctrl-C wait for the answer
    answer = console.input(Text(_("Load this and publish it? (yes/no)") + " "))
    return answer.strip().casefold() in _YES


def _conclude(result: "LoadResult", *, is_dry_run: bool) -> None:
    """Say what was done, what is live now, and how to take it back."""
    if result.is_published:
        told = [
            _("The edition {edition} is live, with these records.", edition=result.edition_id),
            _("To take it back: panorama rollback"),
        ]
        if result.is_behind:
            told.append(
                _("The data folder had been edited since the edition before; those changes are published as well.")
            )
    elif not result.is_agreed:
        told = [_("Nothing was changed.")]
    elif not result.merge.is_change:
        told = [_("The registry holds all of this already; nothing was changed.")]
        if result.is_behind:
            told.append(_('The live edition was not made from the registry as it is now; "panorama build" makes one.'))
    elif is_dry_run:
        told = [_("This can be loaded as it is. Nothing was written: it was a dry run.")]
    else:
        told = []
    for sentence in told:
        console.print(Text(sentence), soft_wrap=True)
