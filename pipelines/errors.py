"""The few errors of the pipelines; each text says what was found, what was expected and what comes nearest."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.i18n import _, n_, quoted

PROBLEMS_SHOWN = 50
VALUE_LENGTH_SHOWN = 80


@dataclass(frozen=True, kw_only=True)
class RecordProblem:
    """One thing wrong in one file: a cell, a row (no ``column``) or the file as a whole (no ``row``).

    ``row`` counts as a spreadsheet does: the header is row 1. ``rule`` is a code for the kind of problem;
    ``found`` replaces the value in the sentence where the value alone does not say it. ``sheet``, ``heading`` and
    ``cell`` ("F7") say the place as the person who handed in a spreadsheet sees it.
    """

    table: str
    file: str
    rule: str
    expected: str
    row: int | None = None
    column: str | None = None
    value: str | None = None
    nearest: str | None = None
    found: str | None = None
    sheet: str | None = None
    heading: str | None = None
    cell: str | None = None

    @property
    def reason(self) -> str:
        """What is wrong, without the place: ``"Barbadoss" is not a known state; nearest: "Barbados" (BRB)``."""
        expected, nearest = self.expected, self.nearest
        if self.found is not None and nearest:
            return _(
                "{found}; expected: {expected}; nearest: {nearest}",
                found=self.found,
                expected=expected,
                nearest=nearest,
            )
        if self.found is not None:
            return _("{found}; expected: {expected}", found=self.found, expected=expected)
        if self.value is None and nearest:
            return _("the cell is empty; expected: {expected}; nearest: {nearest}", expected=expected, nearest=nearest)
        if self.value is None:
            return _("the cell is empty; expected: {expected}", expected=expected)
        value = shown(self.value)
        if nearest:
            return _('"{value}" is not {expected}; nearest: {nearest}', value=value, expected=expected, nearest=nearest)
        return _('"{value}" is not {expected}', value=value, expected=expected)

    @property
    def place(self) -> str:
        """Where it is: ``training_events.csv, row 7, column start_date``, or sheet and cell of a spreadsheet."""
        file, row = file_shown(self.file), str(self.row)
        column = quoted(shown(self.heading)) if self.heading else self.column
        if self.cell and column:
            column = f"{column} ({self.cell})"
        if self.sheet is not None:
            sheet = shown(self.sheet)
            if self.row is not None and column is not None:
                return _(
                    '{file}, sheet "{sheet}", row {row}, column {column}',
                    file=file,
                    sheet=sheet,
                    row=row,
                    column=column,
                )
            if self.row is not None:
                return _('{file}, sheet "{sheet}", row {row}', file=file, sheet=sheet, row=row)
            if column is not None:
                return _('{file}, sheet "{sheet}", column {column}', file=file, sheet=sheet, column=column)
            return _('{file}, sheet "{sheet}"', file=file, sheet=sheet)
        if self.row is not None and column is not None:
            return _("{file}, row {row}, column {column}", file=file, row=row, column=column)
        if self.row is not None:
            return _("{file}, row {row}", file=file, row=row)
        return file if column is None else _("{file}, column {column}", file=file, column=column)

    def __str__(self) -> str:
        """The place and the reason in one line."""
        return _("{place}: {reason}", place=self.place, reason=self.reason)


def file_shown(file: str) -> str:
    """A file's path as people know it: without the folder of its kind (registry, open, catalog)."""
    return file.partition("/")[2] or file


def shown(value: str) -> str:
    """A value as it may be printed: control characters escaped, long texts cut."""
    printable = "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in value)
    return printable if len(printable) <= VALUE_LENGTH_SHOWN else f"{printable[: VALUE_LENGTH_SHOWN - 1]}…"


class PipelineError(Exception):
    """Anything that stops a build; the live edition stays as it was."""


class RecordsRefused(PipelineError):
    """Rows or files that may not be published; carries every problem, prints the first ones and the count."""

    def __init__(self, problems: Sequence[RecordProblem]) -> None:
        """Keep all ``problems``, in the order of files and rows."""
        self.problems = list(problems)
        lines = [str(problem) for problem in self.problems[:PROBLEMS_SHOWN]]
        if len(self.problems) > PROBLEMS_SHOWN:
            lines.append(_("… and {count} more.", count=str(len(self.problems) - PROBLEMS_SHOWN)))
        count = n_(
            "{n} problem in the data; nothing was published.",
            "{n} problems in the data; nothing was published.",
            len(self.problems),
        )
        super().__init__("\n".join([*lines, count]))


class ContractBroken(PipelineError):
    """A table does not keep its contract; names the source, the contract and the first bad row."""


class PromisesBroken(PipelineError):
    """Promises across tables that the data do not keep; one line each."""

    def __init__(self, findings: Sequence[str]) -> None:
        """Keep all ``findings``, one sentence each."""
        self.findings = list(findings)
        lines = self.findings[:PROBLEMS_SHOWN]
        if len(self.findings) > PROBLEMS_SHOWN:
            lines = [*lines, _("… and {count} more.", count=str(len(self.findings) - PROBLEMS_SHOWN))]
        super().__init__("\n".join(lines))


class EditionError(PipelineError):
    """An edition that is not there, cannot be written, or is being written by someone else."""
