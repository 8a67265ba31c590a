"""``panorama changes``: what differs between two editions, as the page of sources shows it."""

import csv
import sys
from collections.abc import Sequence
from typing import Annotated

import polars as pl
import typer
from rich.text import Text

from pipelines import editions
from pipelines.console import DataOption, LangOption, console, empty_table, harmless, known_language
from pipelines.errors import EditionError
from pipelines.i18n import _, mark, n_, use_language

MOST_SHOWN = 40
_KINDS = {"added": mark("added"), "changed": mark("changed"), "withdrawn": mark("withdrawn")}
_COMPUTED = ("fct_observation", "fct_reach")
_COLUMNS = (
    "table_name",
    "record_key",
    "change",
    "column",
    "old_value",
    "new_value",
    "area_code",
    "reason",
    "edition_id",
)


def changes(
    before: Annotated[
        str | None, typer.Argument(help="The edition to start from; by default the one before the other.")
    ] = None,
    after: Annotated[
        str | None, typer.Argument(help="The edition to compare with it; by default the live one.")
    ] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Write every change as CSV instead of tables.")] = False,
    data: DataOption = None,
    lang: LangOption = "en",
) -> None:
    """List the rows added, changed and withdrawn between two editions, with the reasons given."""
    from pipelines.revisions import changes_between

    use_language(known_language(lang))
    folder = editions.editions_folder(data)
    newer = editions.resolve(after, folder).stem
    older = editions.resolve(before, folder).stem if before else _edition_before(newer, editions.edition_ids(folder))
    found = changes_between(folder, older, newer).select(_COLUMNS)
    if as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(_COLUMNS)
        writer.writerows([harmless(cell) for cell in row] for row in found.iter_rows())
        return
    console.print(_("From the edition {older} to the edition {newer}:", older=older, newer=newer), markup=False)
    if found.is_empty():
        console.print(_("Nothing differs."))
        return
    _print_counts(found)
    computed_years = (pl.col("table_name") == "dim_indicator") & pl.col("column").is_in(["first_year", "last_year"])
    _print_records(found.filter(~pl.col("table_name").is_in(_COMPUTED), ~computed_years))


def _edition_before(edition_id: str, known: Sequence[str]) -> str:
    place = known.index(edition_id)
    if place == 0:
        raise EditionError(_("There is no edition before {edition} to compare with.", edition=edition_id))
    return known[place - 1]


def _print_counts(found: pl.DataFrame) -> None:
    """Rows added, changed and withdrawn, by table; a row counts once."""
    counts = (
        found.unique(["table_name", "record_key", "change"])
        .group_by("table_name")
        .agg((pl.col("change") == kind).sum().alias(kind) for kind in _KINDS)
        .sort("table_name")
    )
    table = empty_table(_("table"), numbers=[_(said) for said in _KINDS.values()])
    for name, *sums in counts.iter_rows():
        table.add_row(name, *(str(count) for count in sums))
    console.print(table)


def _print_records(rows: pl.DataFrame) -> None:
    """The first changes of records, a line for each."""
    headings = (_("table"), _("record"), _("change"), _("column"), _("before"), _("now"), _("reason"), _("edition"))
    table = empty_table(*headings)
    for name, key, change, column, old, new, _area, reason, edition_id in rows.head(MOST_SHOWN).iter_rows():
        told = ("", "") if column == "*" else (old, new)
        cells = (name, key, _(_KINDS[change]), column, *told, reason, edition_id)
        table.add_row(*(Text(_short(cell)) for cell in cells))
    if rows.height:
        console.print(table)
    if rows.height > MOST_SHOWN:
        rest = rows.height - MOST_SHOWN
        console.print(
            n_("… and {n} more; --csv writes all of them.", "… and {n} more; --csv writes all of them.", rest)
        )


def _short(cell: str | None) -> str:
    text = cell or ""
    return text if len(text) <= 60 else f"{text[:59]}…"
