"""The command that checks: the data folder itself, or what staff hand in."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from pipelines import editions
from pipelines.console import (
    AllowRejectedOption,
    AsOfOption,
    DataOption,
    console,
    counting,
    day,
    existing,
    known_language,
    progress,
)
from pipelines.errors import PipelineError, RecordProblem, shown
from pipelines.i18n import _, n_, quoted, use_language
from pipelines.intake import holding

if TYPE_CHECKING:
    from pipelines.intake.checking import Checked, CheckedSheet
    from pipelines.intake.wording import Wording
    from pipelines.reading import Records

ROWS_NAMED = 8  # of problems that are told together


def check(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Workbooks, CSV files, or folders of them; without any, the data folder.", metavar="[FILE…]"
        ),
    ] = None,
    data: DataOption = None,
    lang: Annotated[
        str | None,
        typer.Option("--lang", help="en, es, pt or fr; by default the language of the headings.", show_default=False),
    ] = None,
    fix_copy: Annotated[
        Path | None,
        typer.Option(
            "--fix-copy",
            metavar="OUT.xlsx",
            help="Write a workbook of the same rows with the reason beside every bad cell.",
            show_default=False,
        ),
    ] = None,
    allow_rejected: AllowRejectedOption = False,
    as_of: AsOfOption = None,
) -> None:
    """Check handed-in files, or the data folder and every promise across tables; publish nothing."""
    folder = existing(editions.data_folder(data))
    if not files:
        if fix_copy is not None:
            raise PipelineError(
                "--fix-copy is made of handed-in files; expected: panorama check FILE… --fix-copy OUT.xlsx."
            )
        _check_data(folder, allow_rejected=allow_rejected, as_of=as_of)
        return
    use_language(known_language(lang or "en"))
    if fix_copy is not None and fix_copy.suffix.lower() != ".xlsx":
        raise PipelineError(
            _('"{file}" is not the name of a workbook; expected: a name ending in .xlsx.', file=shown(fix_copy.name))
        )
    checked = _check_files(files, folder, lang, fix_copy)
    if checked.problems:
        raise typer.Exit(1)


def _check_data(folder: Path, *, allow_rejected: bool, as_of: str | None) -> None:
    import tempfile
    from datetime import UTC, datetime

    from pipelines import build as building

    with (
        holding.for_reading(folder),
        progress(building.STEPS - 1) as on_step,
        tempfile.TemporaryDirectory(prefix="panorama-") as workspace,
    ):
        records = building.read_records(
            folder, allow_rejected=allow_rejected, on_step=on_step, workspace=Path(workspace)
        )
        tables = building.edition_tables(records, day(as_of) or datetime.now(UTC).date(), on_step=on_step)
    refused = sum(read.rows_rejected for read in records.values())
    read = sum(read.rows_read for read in records.values())
    observations = tables["fct_observation"].height
    console.print(
        f"The data are sound: {read} rows read, {refused} refused, {observations} observations; nothing was published."
    )


def _check_files(files: Sequence[Path], folder: Path, lang: str | None, fix_copy: Path | None) -> "Checked":
    from pipelines.intake.reading_first import read_first

    with holding.for_reading(folder), counting() as on_progress:
        sheets, registry = read_first(files, partial(_registry, folder), lang=lang, on_progress=on_progress)
        from pipelines.intake.checking import check_sheets
        from pipelines.intake.wording import read_wording

        checked = check_sheets(sheets, folder, lang=lang, on_progress=on_progress, registry=registry)
    use_language(checked.language)
    wording = read_wording(folder, checked.language)
    holding_rows = [sheet for sheet in checked.sheets if sheet.rows_read or sheet.records.problems]
    for sheet in holding_rows:
        for line in _lines(sheet, wording):
            console.print(Text(line), soft_wrap=True)
        console.print()
    if empty := _names([sheet for sheet in checked.sheets if sheet not in holding_rows]):
        console.print(Text(_("without rows to read: {sheets}", sheets=empty)), soft_wrap=True)
        console.print()
    if fix_copy is not None:
        from pipelines.intake.fix_copy import write_fix_copy

        write_fix_copy(fix_copy, checked, folder)
        console.print(Text(_("{file} was written, with the reason beside every bad cell.", file=str(fix_copy))))
    console.print(Text(_conclusion(checked)), soft_wrap=True)
    return checked


def _registry(folder: Path) -> "Mapping[str, Records]":
    """The records on file; what checks is imported before that, as all of it takes about as long as a file is read."""
    from pipelines.intake import checking, on_file  # noqa: F401

    return on_file.looked_at(folder)


def _names(sheets: Sequence["CheckedSheet"]) -> str:
    return "; ".join(quoted(shown(sheet.sheet.name or sheet.sheet.file)) for sheet in sheets)


def _conclusion(checked: "Checked") -> str:
    counts = {
        "read": str(checked.rows_read),
        "accepted": str(checked.rows_loaded),
        "refused": str(checked.rows_rejected),
    }
    if not checked.problems:
        return _("All is well: {read} rows read, {accepted} accepted; nothing was written to the records.", **counts)
    return _("{read} rows read, {accepted} accepted, {refused} refused; nothing was written to the records.", **counts)


def _lines(sheet: "CheckedSheet", wording: "Wording") -> Iterator[str]:
    """What was understood of a sheet, the remarks, and every problem, like ones together."""
    yield _what(sheet, wording)
    if sheet.table is not None:
        yield from _columns(sheet, wording)
    yield from (f"  · {remark}" for remark in sheet.remarks)
    yield from (f"  ✗ {line}" for line in _told(sheet.records.problems))


def _what(sheet: "CheckedSheet", wording: "Wording") -> str:
    name, file = sheet.sheet.name, shown(sheet.sheet.file)
    place = file if name is None else _('{file}, sheet "{sheet}"', file=file, sheet=shown(name))
    if sheet.table is None:
        return _(
            "{place}: not a table that is handed in; rows refused: {refused}",
            place=place,
            refused=str(sheet.rows_rejected),
        )
    return _(
        "{place}: {table}, headings in row {header}; rows read: {read}, accepted: {accepted}, refused: {refused}",
        place=place,
        table=wording.sheet(sheet.table.name),
        header=str(sheet.header_row),
        read=str(sheet.rows_read),
        accepted=str(sheet.rows_loaded),
        refused=str(sheet.rows_rejected),
    )


def _columns(sheet: "CheckedSheet", wording: "Wording") -> Iterator[str]:
    from pipelines.intake.sheets import letters

    table = sheet.table.name if sheet.table else ""
    known = sorted(sheet.columns.items(), key=lambda found: found[1])
    said = "; ".join(f"{letters(position)} = {wording.heading(table, name)}" for name, position in known)
    yield "  " + _("columns understood: {columns}", columns=said)
    if sheet.absent:
        absent = "; ".join(wording.heading(table, name) for name in sheet.absent)
        yield "  " + _("columns that are not there, whose values on file stay: {columns}", columns=absent)


def _told(problems: Sequence[RecordProblem]) -> Iterator[str]:
    """One line for each problem; those of a column that say the same are told once, with their rows."""
    alike: dict[tuple[str | None, str | None, str], list[RecordProblem]] = {}
    for problem in problems:
        alike.setdefault((problem.sheet, problem.column, problem.reason), []).append(problem)
    for first, *more in alike.values():
        if not more:
            yield str(first)
            continue
        rows = ", ".join(str(problem.row) for problem in more[:ROWS_NAMED])
        rest = len(more) - ROWS_NAMED
        yield n_(
            "{first}; and {n} more like this, in row {rows}",
            "{first}; and {n} more like this, in rows {rows}",
            len(more),
            first=first,
            rows=f"{rows} …" if rest > 0 else rows,
        )
