"""The command line: build, check and publish editions, go back to an earlier one, serve the dashboard, ask questions.

Whatever goes wrong with a command, a file or a query is told in plain sentences and an exit code above zero.
"""

import csv
import os
import re
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.table import Table
from rich.text import Text
from typer.core import TyperGroup

from pipelines import editions
from pipelines.commands import changes, check, demo, load, report, template
from pipelines.console import (
    AllowRejectedOption,
    AsOfOption,
    DataOption,
    LangOption,
    complaints,
    console,
    day,
    empty_table,
    existing,
    fail,
    harmless,
    known_language,
    progress,
)
from pipelines.errors import PipelineError
from pipelines.i18n import _, use_language

if TYPE_CHECKING:
    from pipelines.build import BuildResult

PORTS_TRIED = 100
REVISIONS_SHOWN = 20
_UsageError = typer.BadParameter.__base__ or typer.BadParameter


class _Commands(TyperGroup):
    """The commands, with every expected failure told in a sentence instead of a trace."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> NoReturn:
        """Run the command and leave the process with its exit code."""
        try:
            sys.exit(super().main(args, prog_name, complete_var, False, windows_expand_args, **extra) or 0)
        except PipelineError as error:
            fail(str(error))
        except typer.Abort:
            fail("Stopped; the live edition is as it was.", exit_code=130)
        except OSError as error:
            fail(f"{error.strerror or error}: {error.filename or 'the file'}.")
        except Exception as error:
            if not isinstance(error, _UsageError):
                raise
            message = error.format_message().rstrip(".")  # pyright: ignore[reportAttributeAccessIssue]
            fail(f'{message}; "panorama --help" lists the commands and their options.', exit_code=2)


app = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Panorama: editions of the data on trafficking in persons in the Americas, and the dashboard that shows them.",
)


@app.command()
def build(
    data: DataOption = None,
    allow_rejected: AllowRejectedOption = False,
    force: Annotated[bool, typer.Option("--force", help="Build even where nothing has changed.")] = False,
    as_of: AsOfOption = None,
    reason: Annotated[
        str | None, typer.Option("--reason", help="Why values changed; stored beside every revision of this build.")
    ] = None,
) -> None:
    """Read all files, make an edition, check it, and make it the live one."""
    from pipelines import build as building

    with progress(building.STEPS) as on_step:
        result = building.build(
            existing(editions.data_folder(data)),
            editions.editions_folder(data),
            as_of=day(as_of),
            allow_rejected=allow_rejected,
            is_forced=force,
            reason=reason,
            on_step=on_step,
        )
    if not result.is_new:
        console.print(f"Nothing has changed; the edition {result.edition_id} stays live (--force builds anyway).")
        return
    console.print(_rows_read(result))
    _print_refused(result)
    _print_changes(result)
    console.print(f"The edition {result.edition_id} is live.")


@app.command(name="editions")
def list_editions(data: DataOption = None, lang: LangOption = "en") -> None:
    """List the editions, newest first."""
    use_language(known_language(lang))
    folder = editions.editions_folder(data)
    table = empty_table(_("edition"), "", _("built (UTC)"), _("as of"), _("rows refused"), numbers=["MiB"])
    for edition in editions.listing(folder):
        table.add_row(
            edition.edition_id,
            _("live") if edition.is_live else "",
            f"{edition.built_at:%Y-%m-%d %H:%M}",
            f"{edition.as_of_on}",
            _("left out") if edition.allows_rejected else _("none"),
            f"{edition.size / 2**20:.1f}",
        )
    console.print(table if table.row_count else _('There is no edition yet; "panorama build" makes one.'))


@app.command()
def rollback(
    edition: Annotated[str | None, typer.Argument(help="The edition to go back to; by default the one before.")] = None,
    data: DataOption = None,
    lang: LangOption = "en",
) -> None:
    """Make an earlier edition the live one, and put the records back to what it was made from."""
    from pipelines.errors import file_shown
    from pipelines.intake.rolling_back import roll_back

    use_language(known_language(lang))
    done = roll_back(editions.data_folder(data), editions.editions_folder(data), edition)
    console.print(_("The edition {edition} is live.", edition=done.edition_id), markup=False)
    if done.restored:
        files = ", ".join(file_shown(file) for file in done.restored)
        console.print(_("The records are as they were then, too: {files}.", files=files), markup=False)
    if done.why_left:
        console.print(done.why_left, markup=False)


@app.command()
def serve(
    data: Annotated[
        Path | None,
        typer.Option(
            "--data",
            help="Serve the editions in this folder of data, whatever the environment says.",
            show_default=False,
        ),
    ] = None,
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8501,
    address: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
) -> None:
    """Show the live edition in a browser."""
    if data is not None:
        os.environ["PANORAMA_EDITIONS"] = str(existing(data).absolute() / "editions")
    editions.resolve()
    if not _is_free(address, port):
        free = next(
            (other for other in range(port + 1, min(port + PORTS_TRIED, 65536)) if _is_free(address, other)), None
        )
        advice = f'; "panorama serve --port {free}" would work' if free else ""
        fail(f"Port {port} at {address} is taken or not allowed{advice}.")
    from dashboard import server

    server.serve(port, address)


@app.command()
def query(
    sql: Annotated[str, typer.Argument(help='One select statement: "select area_code, name_en from dim_area".')],
    as_csv: Annotated[bool, typer.Option("--csv", help="Write CSV instead of a table.")] = False,
    edition: Annotated[str | None, typer.Option(help="The edition to ask; by default the live one.")] = None,
    data: DataOption = None,
) -> None:
    """Ask the live edition, read-only."""
    path = editions.resolve(edition, editions.editions_folder(data))
    columns, rows = _answer(sql, path)
    if editions.read_tables(path, ["edition"])["edition"]["is_synthetic"][0]:
        complaints.print("Synthetic records for practice; no figure here is real.")
    if as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([harmless(cell) for cell in row] for row in rows)
        return
    table = empty_table(*columns)
    for row in rows:
        table.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    console.print(table)
    console.print(f"{len(rows)} {'row' if len(rows) == 1 else 'rows'}")


app.command(name="changes")(changes.changes)
app.command(name="check")(check.check)
app.command(name="demo")(demo.demo)
app.command(name="load")(load.load)
app.command(name="report")(report.report)
app.command(name="template")(template.template)


def _answer(sql: str, path: Path) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Column names and rows of one select statement; PipelineError for anything else."""
    import duckdb

    sandbox: dict[str, Any] = {"enable_external_access": "false", "lock_configuration": "true"}
    try:
        statements = duckdb.extract_statements(sql)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise PipelineError("Only one select statement can be asked; the edition is read-only.")
        with duckdb.connect(path, read_only=True, config=sandbox) as connection:
            answer = connection.execute(statements[0])
            return [column[0] for column in answer.description or ()], answer.fetchall()
    except duckdb.Error as error:
        first_line = re.sub(r"\s+", " ", str(error).strip().partition("\n\n")[0])
        raise PipelineError(f"The query cannot be answered: {first_line}") from None


def _rows_read(result: "BuildResult") -> Table:
    table = empty_table("file", numbers=["read", "loaded", "refused", "before"])
    for read in result.records.values():
        before = result.previous_rows.get(read.table.file)
        change = "" if before is None or before == read.rows_loaded else f" ({read.rows_loaded - before:+d})"
        table.add_row(
            read.table.file,
            str(read.rows_read),
            str(read.rows_loaded),
            Text(str(read.rows_rejected), style="bold red" if read.rows_rejected else ""),
            "new" if before is None else f"{before}{change}",
        )
    return table


def _print_refused(result: "BuildResult") -> None:
    problems = [problem for read in result.records.values() for problem in read.problems]
    for problem in problems[:REVISIONS_SHOWN]:
        console.print(Text(f"refused: {problem}"))
    if len(problems) > REVISIONS_SHOWN:
        console.print(f"… and {len(problems) - REVISIONS_SHOWN} more; all are in the table rejected_row.")


def _print_changes(result: "BuildResult") -> None:
    if not result.previous_rows:
        console.print("There is no readable edition before this one to compare with.")
        return
    counts = result.changes
    if counts.is_empty():
        console.print("No record and no value differs from the edition before.")
        return
    table = empty_table("changed since the edition before", "change", numbers=["rows or values"])
    for name, change, count in counts.iter_rows():
        table.add_row(name, change, str(count))
    console.print(table)


def _is_free(address: str, port: int) -> bool:
    try:
        family = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)[0][0]
    except socket.gaierror:
        raise PipelineError(f'"{address}" is not an address of this machine.') from None
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return False
        return True


if __name__ == "__main__":
    app()
