"""The few errors of the pipelines; each text says what was found, what was expected and what comes nearest."""

from collections.abc import Sequence
from dataclasses import dataclass

PROBLEMS_SHOWN = 50
VALUE_LENGTH_SHOWN = 80


@dataclass(frozen=True, kw_only=True)
class RecordProblem:
    """One thing wrong in one file: a cell, a row (no ``column``) or the file as a whole (no ``row``).

    ``row`` counts as a spreadsheet does: the header is row 1. ``rule`` is a code for the kind of problem;
    ``found`` replaces the value in the sentence where the value alone does not say it.
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

    @property
    def reason(self) -> str:
        """What is wrong, without the place: ``"Barbadoss" is not a known state; nearest: "Barbados" (BRB)``."""
        if self.found is not None:
            finding = f"{self.found}; expected: {self.expected}"
        elif self.value is None:
            finding = f"the cell is empty; expected: {self.expected}"
        else:
            finding = f'"{shown(self.value)}" is not {self.expected}'
        return f"{finding}; nearest: {self.nearest}" if self.nearest else finding

    def __str__(self) -> str:
        """The place and the reason in one line."""
        place = [file_shown(self.file)]
        if self.row is not None:
            place.append(f"row {self.row}")
        if self.column is not None:
            place.append(f"column {self.column}")
        return f"{', '.join(place)}: {self.reason}"


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
            lines.append(f"… and {len(self.problems) - PROBLEMS_SHOWN} more.")
        count = "1 problem" if len(self.problems) == 1 else f"{len(self.problems)} problems"
        super().__init__("\n".join([*lines, f"{count} in the data; nothing was published."]))


class ContractBroken(PipelineError):
    """A table does not keep its contract; names the source, the contract and the first bad row."""


class PromisesBroken(PipelineError):
    """Promises across tables that the data do not keep; one line each."""

    def __init__(self, findings: Sequence[str]) -> None:
        """Keep all ``findings``, one sentence each."""
        self.findings = list(findings)
        lines = self.findings[:PROBLEMS_SHOWN]
        if len(self.findings) > PROBLEMS_SHOWN:
            lines = [*lines, f"… and {len(self.findings) - PROBLEMS_SHOWN} more."]
        super().__init__("\n".join(lines))


class EditionError(PipelineError):
    """An edition that is not there, cannot be written, or is being written by someone else."""
