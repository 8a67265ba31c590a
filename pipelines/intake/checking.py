"""Checks handed-in sheets against the registry: what was understood, which rows are accepted, what is wrong with the rest.

Rows read are always rows accepted (or withdrawn) plus rows refused. Examples, blank rows and repeated headers are no
rows. A row is checked as it would stand in the registry: what the sheet has no column for, the record on file gives.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import polars as pl

from pipelines import catalog
from pipelines.csv_rows import ROW
from pipelines.errors import RecordProblem, RecordsRefused, shown
from pipelines.fields import Key, Lookup, Table
from pipelines.i18n import _, in_language, quoted
from pipelines.intake.headings import Recognised, Vocabulary, recognise, vocabulary
from pipelines.intake.on_file import OnFile, everything, looked_at, lookup_of, read_on_file
from pipelines.intake.reading_first import read_first
from pipelines.intake.sheets import Sheet, cell_name
from pipelines.intake.understood import Understood, sheet_problem, understand
from pipelines.intake.values import BAD, MOST_TOLD
from pipelines.intake.withdrawing import Withdrawals, withdrawals
from pipelines.intake.wording import Wording
from pipelines.reading import Records, check_rows, read_table
from pipelines.vocabularies import LANGUAGES

CHECKING = "checking"
_APART = 2**40  # between the rows of two sheets that are checked together
NO_TABLE = Table(name="", file="", key=(), fields=())

OnProgress = Callable[[str, int, int | None], None]


def _silent(stage: str, done: int, total: int | None) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, kw_only=True)
class CheckedSheet:
    """What became of a sheet.

    ``table`` is empty where the sheet was not recognised; its rows, if it holds any, are all refused. ``columns``
    gives the position, from 1, of each field that has a column; ``absent`` are the others, whose values on file stay.
    ``records`` has the typed rows as they would stand in the registry, the problems and the refused rows as they were
    (JSON by heading). ``incoming`` are the accepted rows as text in the house's forms: ``row`` and the table's
    columns, null where the sheet has no such column. ``withdrawn`` has ``row`` and the key of each record taken back.
    """

    sheet: Sheet
    table: Table | None
    header_row: int | None
    columns: Mapping[str, int]
    language: str | None
    records: Records
    incoming: pl.DataFrame
    absent: tuple[str, ...] = ()
    withdrawn: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema={ROW: pl.Int64}))
    remarks: tuple[str, ...] = ()

    @property
    def rows_read(self) -> int:
        """All rows of the sheet."""
        return self.records.rows_read + self.withdrawn.height

    @property
    def rows_rejected(self) -> int:
        """The rows refused."""
        return self.records.rows_rejected

    @property
    def rows_loaded(self) -> int:
        """The rows accepted, those that withdraw a record included."""
        return self.records.rows_loaded + self.withdrawn.height


@dataclass(frozen=True, kw_only=True)
class Checked:
    """All sheets handed in, in their order, and the language in which everything about them is said.

    ``registry`` are the tables of the data folder that were read for it, as they were then.
    """

    sheets: list[CheckedSheet]
    language: str
    registry: Mapping[str, Records] = field(default_factory=dict)

    @property
    def problems(self) -> list[RecordProblem]:
        """Everything wrong, in the order of sheets and rows."""
        return [problem for sheet in self.sheets for problem in sheet.records.problems]

    @property
    def rows_read(self) -> int:
        """The rows of all sheets."""
        return sum(sheet.rows_read for sheet in self.sheets)

    @property
    def rows_loaded(self) -> int:
        """The rows accepted."""
        return sum(sheet.rows_loaded for sheet in self.sheets)

    @property
    def rows_rejected(self) -> int:
        """The rows refused."""
        return sum(sheet.rows_rejected for sheet in self.sheets)


def check_files(
    paths: Sequence[Path],
    data: Path,
    *,
    lang: str | None = None,
    on_progress: OnProgress = _silent,
    has_everything: bool = False,
) -> Checked:
    """Check the files, and the files in the folders, against the registry in ``data``.

    Everything is said in ``lang``, by default in the language of most headings. ``has_everything`` reads every table
    of the data folder. FileRefused for a file that cannot be read, RecordsRefused for a registry that is not sound
    itself.
    """
    registry = partial(everything if has_everything else looked_at, data)
    sheets, read = read_first(paths, registry, lang=lang, on_progress=on_progress)
    return check_sheets(sheets, data, lang=lang, on_progress=on_progress, registry=read)


def check_sheets(
    sheets: Sequence[Sheet],
    data: Path,
    *,
    lang: str | None = None,
    on_progress: OnProgress = _silent,
    registry: Mapping[str, Records] | None = None,
) -> Checked:
    """The same for sheets already read, and perhaps the ``registry`` too."""
    known = _vocabulary(data, registry)
    recognised = [recognise(sheet, known) for sheet in sheets]
    language = lang or _main_language(recognised)
    with in_language(language):
        total = sum(sheet.cells.height for sheet in sheets)
        on_progress(CHECKING, 0, total)
        file = read_on_file(data, known, registry)
        checked = _checked(sheets, recognised, known, file, on_progress)
        on_progress(CHECKING, total, total)
        return Checked(sheets=checked, language=language, registry=file.records)


def _vocabulary(data: Path, registry: Mapping[str, Records] | None) -> Vocabulary:
    columns = read_table(catalog.COLUMNS, data, Lookup()) if registry is None else registry[catalog.COLUMNS.name]
    if columns.problems:
        raise RecordsRefused(columns.problems)
    return vocabulary(columns.frame)


def _main_language(recognised: Sequence[Recognised]) -> str:
    votes: dict[str, int] = {}
    for found in recognised:
        for lang, count in found.languages.items():
            votes[lang] = votes.get(lang, 0) + count
    return max(LANGUAGES, key=lambda lang: votes.get(lang, 0))


def _checked(
    sheets: Sequence[Sheet], recognised: Sequence[Recognised], known: Vocabulary, file: OnFile, on_progress: OnProgress
) -> list[CheckedSheet]:
    total = sum(sheet.cells.height for sheet in sheets)
    understood: dict[int, Understood] = {}
    done = 0
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        started = {
            number: threads.submit(copy_context().run, understand, sheet, found, known, file)
            for number, (sheet, found) in enumerate(zip(sheets, recognised, strict=True))
            if found.table is not None
        }
        for number, sheet in enumerate(sheets):
            if number in started:
                understood[number] = started.pop(number).result()
            done += sheet.cells.height
            on_progress(CHECKING, done // 2, total)
    checked: dict[int, CheckedSheet] = {}
    keys = _Keys()
    for table in file.in_reading_order:
        of_table = {number: one for number, one in understood.items() if one.table.name == table.name}
        going = withdrawals(table, list(understood.values()), file)
        keys.on_file[table.name] = _without(file.keys(table)[table.key[0]], going, table)
        if of_table:
            checked |= _checked_table(table, of_table, going, keys, file)
        else:
            keys.known[table.name] = keys.on_file[table.name]
    return [
        checked[number] if number in checked else _left(sheet, found, file.wording)
        for number, (sheet, found) in enumerate(zip(sheets, recognised, strict=True))
    ]


@dataclass(frozen=True)
class _Keys:
    """The keys by table: of records on file that stay, of all that may be referred to, and of rows refused."""

    on_file: dict[str, pl.Series] = field(default_factory=dict)
    known: dict[str, pl.Series] = field(default_factory=dict)
    refused: dict[str, pl.Series] = field(default_factory=dict)


def _without(keys: pl.Series, going: Withdrawals, table: Table) -> pl.Series:
    gone = pl.concat([keys.clear(), *(rows[table.key[0]] for rows in going.accepted.values())])
    return keys.filter(~keys.is_in(gone.implode())) if len(table.key) == 1 else keys


def _checked_table(
    table: Table, of_table: Mapping[int, Understood], going: Withdrawals, keys: _Keys, file: OnFile
) -> dict[int, CheckedSheet]:
    """The sheets of one table, checked together: keys come once among all of them."""
    apart = 0 if len(of_table) == 1 else _APART
    whole = {number: _as_it_would_stand(one, file) for number, one in of_table.items()}
    combined = pl.concat(
        [values.with_columns(pl.col(ROW) + place * apart) for place, values in enumerate(whole.values())]
    )
    lookup = replace(
        lookup_of(file, table),
        keys={name: known for name, known in keys.known.items() if name != table.name} | _audiences(file),
        refused_keys=keys.refused,
    )
    records = check_rows(table, combined, {}, lookup, "", MOST_TOLD, keys.on_file[table.name], keeps_rejected=False)
    told = _told(records.problems, list(of_table.values()), apart, file)
    checked = {
        number: _sheet(one, records, told[place], place * apart, apart, going, file)
        for place, (number, one) in enumerate(of_table.items())
    }
    _take_keys(table, combined, checked, keys)
    return checked


def _audiences(file: OnFile) -> dict[str, pl.Series]:
    return {catalog.AUDIENCES.name: file.records[catalog.AUDIENCES.name].frame["audience"]}


def _as_it_would_stand(one: Understood, file: OnFile) -> pl.DataFrame:
    """The sheet's rows with what the records on file hold in the columns that the sheet does not have."""
    table = one.table
    absent = [name for name in one.found.absent if name not in table.key]
    if not absent or not set(table.key) <= one.found.columns.keys():
        return one.values
    on_file = file.texts(table).select(pl.col(f"key {name}").alias(name) for name in table.key)
    stays = pl.concat([on_file, file.texts(table).select(absent)], how="horizontal")
    return (
        one.values.drop(absent)
        .join(stays, on=table.key, how="left", validate="m:1", maintain_order="left")
        .select(one.values.columns)
    )


def _take_keys(table: Table, combined: pl.DataFrame, checked: Mapping[int, CheckedSheet], keys: _Keys) -> None:
    """Let the tables that are read after this one refer to what it will hold."""
    key, on_file = table.key[0], keys.on_file[table.name]
    accepted = pl.concat([on_file, *(sheet.records.frame[key] for sheet in checked.values())]).unique()
    keys.known[table.name] = accepted
    handed = combined[key].drop_nulls()
    is_whole = sum(sheet.records.frame.height for sheet in checked.values()) == combined.height
    keys.refused[table.name] = handed.clear() if is_whole else handed.filter(~handed.is_in(accepted.implode()))


def _sheet(
    one: Understood,
    records: Records,
    told: Sequence[RecordProblem],
    offset: int,
    apart: int,
    going: Withdrawals,
    file: OnFile,
) -> CheckedSheet:
    """One sheet's part of what was found about its table."""
    table, end = one.table, offset + (apart or _APART)
    is_here = pl.col(ROW).is_between(offset, end, closed="left")
    refused = set(one.values[ROW]) if one.is_blocked else set(one.refused)
    frame = records.frame.filter(is_here).with_columns(pl.col(ROW) - offset).filter(~pl.col(ROW).is_in(list(refused)))
    withdrawn = going.accepted.get(id(one), one.withdrawn.clear())
    withdrawn = withdrawn.clear() if one.is_blocked else withdrawn
    stands = pl.concat([frame[ROW], withdrawn[ROW]])
    rejected = one.rows.filter(~pl.col(ROW).is_in(stands.implode()))
    lacking, problems = _lacking_columns(one, told, file)
    order = {name: position for position, name in enumerate(table.columns)}
    in_order = sorted(
        [*problems, *going.problems.get(id(one), ())],
        key=lambda problem: (problem.row or 0, order.get(problem.column or "", -1)),
    )
    return CheckedSheet(
        sheet=one.sheet,
        table=table,
        header_row=one.found.header_row,
        columns=one.found.columns,
        language=one.found.language,
        records=Records(
            table=table,
            frame=frame,
            problems=[
                *(problem for problem in one.problems if problem.row is None),
                *lacking,
                *_merged_in(one, in_order),
            ],
            rejected=rejected.select(ROW, original=_original(one)),
            rows_read=one.rows.height - withdrawn.height,
            sha256=one.sheet.sha256,
        ),
        incoming=one.values.filter(pl.col(ROW).is_in(frame[ROW].implode())),
        absent=one.found.absent,
        withdrawn=withdrawn,
        remarks=one.remarks,
    )


def _merged_in(one: Understood, problems: Sequence[RecordProblem]) -> list[RecordProblem]:
    """The problems with those of the marks that withdraw, by row."""
    marks = [problem for problem in one.problems if problem.row is not None]
    return sorted([*problems, *marks], key=lambda problem: problem.row or 0)


def _original(one: Understood) -> pl.Expr:
    """A row as it stood: its cells by heading, or by the letters of columns that have none of their own."""
    names: dict[str, int] = {}
    width = one.rows.width - 1
    for position in range(1, width + 1):
        heading = one.found.headings.get(position, "").strip()
        if heading and heading not in names:
            names[heading] = position
        elif heading or position in one.found.nameless:
            names[f"{heading} ({position})".strip()] = position
    return pl.struct(pl.col(cell_name(position)).alias(name) for name, position in names.items()).struct.json_encode()


def _lacking_columns(
    one: Understood, told: Sequence[RecordProblem], file: OnFile
) -> tuple[list[RecordProblem], list[RecordProblem]]:
    """A problem for each column without which new records cannot stand, in place of one for each row; and the rest."""
    table = one.table
    required = [
        declared.name for declared in table.fields if declared.is_required and declared.name in one.found.absent
    ]
    lacking = [
        name for name in required if any(problem.column == name and problem.rule == "empty_cell" for problem in told)
    ]
    rest = [problem for problem in told if problem.column not in lacking or problem.rule != "empty_cell"]
    return [_lacking_column(one, name, file) for name in lacking], rest


def _lacking_column(one: Understood, name: str, file: OnFile) -> RecordProblem:
    heading = file.wording.heading(one.table.name, name)
    unknown = [one.found.headings[position] for position in one.found.unknown]
    like = next((text for text in unknown if file.vocabulary.nearest(text, one.table.name, "en", [name])), None)
    expected = _("a column of this name, for the sheet holds records that are not on file yet")
    if name in one.table.key:
        expected = _("a column of this name, for it tells the records apart")
    return sheet_problem(
        one.sheet,
        one.table,
        "missing_column",
        expected,
        column=name,
        heading=heading,
        nearest=quoted(like) if like else None,
        found=_("the column is missing"),
    )


def _told(
    problems: Sequence[RecordProblem], sheets: Sequence[Understood], apart: int, file: OnFile
) -> list[list[RecordProblem]]:
    """Each sheet's problems, their places said as the person sees them."""
    of_sheet: list[list[RecordProblem]] = [[] for _sheet in sheets]
    for problem in problems:
        place, row = divmod(problem.row or 0, apart) if apart else (0, problem.row or 0)
        of_sheet[place].append(replace(problem, row=row))
    places = _rows_by_key(problems, sheets, apart) if apart else {}
    return [list(_in_sheet(one, found, places, file)) for one, found in zip(sheets, of_sheet, strict=True)]


def _rows_by_key(problems: Sequence[RecordProblem], sheets: Sequence[Understood], apart: int) -> dict[str, str]:
    """Where each key that comes more than once in several sheets stands."""
    rows: dict[str, list[int]] = {}
    for problem in problems:
        if problem.rule == "duplicate_key" and problem.value is not None and problem.row is not None:
            rows.setdefault(problem.value, []).append(problem.row)
    said: dict[str, str] = {}
    for key, found in rows.items():
        places = [divmod(row, apart) for row in found[:10]]
        said[key] = "; ".join(
            _("{file}, row {row}", file=sheets[place].sheet.name or sheets[place].sheet.file, row=str(row))
            for place, row in places
        )
    return said


def _in_sheet(
    one: Understood, problems: Sequence[RecordProblem], places: Mapping[str, str], file: OnFile
) -> Iterator[RecordProblem]:
    originals = _originals(one, problems)
    free = _free_keys(one, file)
    rules = {rule.name for rule in one.table.rules}
    for problem in problems:
        column = (problem.column or "").split(" + ")[-1]
        position = one.found.columns.get(column)
        heading = one.found.headings.get(position or 0) or (
            file.wording.heading(one.table.name, column) if column in one.table.columns else None
        )
        value = originals.get((column, problem.row or 0), problem.value)
        changes: dict[str, str | None] = {}
        finding = one.findings.get(column, {}).get(problem.value or "")
        if finding is not None:
            changes = {
                "rule": finding.rule,
                "expected": finding.expected,
                "nearest": finding.nearest,
                "found": finding.found,
            }
        elif problem.rule in rules and value is not None and problem.value is not None:
            changes = {"found": _('"{value}" does not fit the row', value=shown(value))}
        elif problem.rule == "empty_cell" and one.table.key == (column,) and problem.found is None:
            key = next(free, None)
            changes = {"expected": problem.expected if key is None else _("a code of its own; {key} is free", key=key)}
        elif problem.rule == "duplicate_key":
            value = problem.value
            if value is not None and value in places:
                changes = {"expected": _("used once; it stands here: {places}", places=places[value])}
        yield replace(
            sheet_problem(
                one.sheet,
                one.table,
                problem.rule,
                problem.expected,
                row=problem.row,
                position=position,
                column=problem.column,
                heading=heading,
                value=None if problem.value is None else (value or "").removeprefix(BAD),
                nearest=problem.nearest,
                found=problem.found,
            ),
            **changes,
        )


def _originals(one: Understood, problems: Sequence[RecordProblem]) -> dict[tuple[str, int], str]:
    """The cells that the problems are about, as the person wrote them."""
    rows: dict[str, set[int]] = {}
    for problem in problems:
        column = problem.column or ""
        if problem.value is not None and problem.row is not None and column in one.found.columns:
            rows.setdefault(column, set()).add(problem.row)
    return {
        (column, row): text.strip()
        for column, wanted in rows.items()
        for row, text in one.rows.filter(pl.col(ROW).is_in(list(wanted)))
        .select(ROW, cell_name(one.found.columns[column]))
        .iter_rows()
        if text is not None
    }


def _free_keys(one: Understood, file: OnFile) -> Iterator[str]:
    """Codes that nobody uses yet, counted on from the highest of the most usual kind; none where there is no kind."""
    table = one.table
    if len(table.key) != 1 or not isinstance(table.fields[table.columns.index(table.key[0])], Key):
        return
    keys = pl.concat([file.keys(table)[table.key[0]], one.values[table.key[0]].drop_nulls()]).rename("key")
    numbered = (
        keys.to_frame()
        .select(start=pl.col("key").str.extract(r"^(.*?)\d{1,9}$"), number=pl.col("key").str.extract(r"(\d{1,9})$"))
        .drop_nulls()
    )
    if numbered.is_empty():
        return
    start = numbered.group_by("start").len().sort("len", "start", descending=[True, False])["start"][0]
    numbers = numbered.filter(pl.col("start") == start)["number"]
    width, last = int(numbers.str.len_chars().max() or 0), int(numbers.cast(pl.Int64).max() or 0)  # type: ignore[arg-type]
    taken = set(keys)
    while True:
        last += 1
        key = f"{start}{last:0{width}d}"
        if key not in taken:
            yield key


def _left(sheet: Sheet, found: Recognised, wording: Wording) -> CheckedSheet:
    """A sheet that is no table: left alone, or refused as a whole where it holds data."""
    rows = sheet.cells.filter(pl.col(ROW) > (found.header_row or 0)) if found.is_data else sheet.cells.clear()
    problems, remarks = [], list(sheet.remarks)
    if found.is_data:
        nearest = None if found.nearest is None else quoted(wording.sheet(found.nearest))
        problems = [
            sheet_problem(
                sheet,
                NO_TABLE,
                "unknown_table",
                _("headings as in the template of one of its tables (panorama template writes it)"),
                found=_("the headings of these rows are not those of any table"),
                nearest=nearest,
            )
        ]
    elif sheet.cells.height:
        remarks.append(_("The sheet holds no table and is left alone."))
    else:
        remarks.append(_("The sheet is empty."))
    filled = [column.name for column in rows.drop(ROW) if column.null_count() < rows.height]
    cells = pl.struct(filled).struct.json_encode() if filled else pl.lit("{}")
    records = Records(
        table=NO_TABLE,
        frame=pl.DataFrame(schema={ROW: pl.Int64}),
        problems=problems,
        rejected=rows.select(pl.col(ROW), cells.alias("original")),
        rows_read=rows.height,
        sha256=sheet.sha256,
    )
    return CheckedSheet(
        sheet=sheet,
        table=None,
        header_row=None,
        columns={},
        language=None,
        records=records,
        incoming=pl.DataFrame(schema={ROW: pl.Int64}),
        remarks=tuple(remarks),
    )
