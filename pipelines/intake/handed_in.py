"""What an edition made by a load says of the sheets handed in: rows read, rows refused, and why values changed."""

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from pipelines import schemas
from pipelines.build import HandedIn, rejected_row
from pipelines.csv_rows import ROW
from pipelines.errors import RecordProblem
from pipelines.fields import Table
from pipelines.i18n import _
from pipelines.intake.merging import KEY, KEY_SEPARATOR, Merge
from pipelines.intake.telling import heading_of
from pipelines.suppression import WITHHELD_COLUMNS

if TYPE_CHECKING:
    from pipelines.intake.checking import Checked, CheckedSheet

PUBLISHED_AS = {
    "sources": ("dim_source",),
    "programmes": ("dim_programme", "programme_funder"),
    "programme_deployments": ("fct_deployment", "fct_reach"),
    "training_events": ("fct_training_event", "fct_reach"),
    "training_participation": ("fct_training_participation",),
    "meetings": ("dim_meeting",),
    "questionnaire_rounds": ("dim_questionnaire_round",),
    "questionnaire_questions": ("dim_question",),
    "questionnaire_responses": ("fct_response",),
    "questionnaire_answers": ("fct_answer",),
    "recommendations": ("fct_commitment",),
}
"""The tables of an edition in which the records of each table handed in are found by their key."""


def described(checked: "Checked", merge: Merge, reason: str | None) -> HandedIn:
    """What the edition says of these sheets."""
    sheets = [(label, sheet, sheet.table) for label, sheet in _labelled(checked) if sheet.table is not None]
    report = [
        {
            "table_name": table.name,
            "file": label,
            "sha256": sheet.sheet.sha256,
            "rows_read": sheet.rows_read,
            "rows_loaded": sheet.rows_loaded,
            "rows_rejected": sheet.rows_rejected,
            "is_handed_in": True,
        }
        for label, sheet, table in sheets
    ]
    rejected = [row for label, sheet, table in sheets for row in _rejected(label, sheet, table)]
    texts = dict.fromkeys(schemas.RejectedRow.column_names(), pl.String)
    counts = dict.fromkeys(("rows_read", "rows_loaded", "rows_rejected"), pl.Int64)
    report_schema = dict.fromkeys(schemas.LoadReport.column_names(), pl.String) | counts | {"is_handed_in": pl.Boolean}
    return HandedIn(
        report=pl.DataFrame(report, schema=report_schema),
        rejected=pl.DataFrame(rejected, schema=texts | {ROW: pl.Int64}),
        reason=reason,
        records=_explained(merge, with_new=reason is not None),
    )


def _labelled(checked: "Checked") -> list[tuple[str, "CheckedSheet"]]:
    """Each sheet with the name that the edition has for it: ``registro.xlsx · Eventos``; a number where it is taken."""
    labelled: dict[str, CheckedSheet] = {}
    for sheet in checked.sheets:
        label = sheet.sheet.file if sheet.sheet.name is None else f"{sheet.sheet.file} · {sheet.sheet.name}"
        same = sum(1 for known in labelled if known == label or known.startswith(f"{label} ("))
        labelled[f"{label} ({same + 1})" if same else label] = sheet
    return list(labelled.items())


def _rejected(label: str, sheet: "CheckedSheet", table: Table) -> list[dict[str, object]]:
    withheld = WITHHELD_COLUMNS.get(table.name, ())
    shown = _headings_shown(sheet, withheld)
    rows: dict[tuple[int, str], dict[str, object]] = {}
    told = {}
    for problem in sheet.records.problems:
        if problem.row is not None:
            told.setdefault(problem.row, []).append(problem)
    for row, original in sheet.records.rejected.iter_rows():
        for problem in told.get(row) or [_like_others(table, row)]:
            named = replace(problem, table=table.name, file=label)
            rows.setdefault((row, problem.column or ""), rejected_row(named, _shown(original, shown), withheld))
    return list(rows.values())


def _like_others(table: Table, row: int) -> RecordProblem:
    return RecordProblem(
        table=table.name,
        file=table.file,
        rule="like_others",
        row=row,
        found=_("the row is refused for a reason given for the rows before it"),
        expected=_("a row without such faults"),
    )


def _headings_shown(sheet: "CheckedSheet", withheld: tuple[str, ...]) -> set[str] | None:
    """The headings whose cells may be kept; all of them where the table withholds nothing."""
    if not withheld:
        return None
    return {str(heading_of(sheet, position)) for name, position in sheet.columns.items() if name not in withheld}


def _shown(original: str, headings: set[str] | None) -> str:
    if headings is None:
        return original
    cells = json.loads(original)
    return json.dumps({name: cell for name, cell in cells.items() if name in headings}, ensure_ascii=False)


def _explained(merge: Merge, *, with_new: bool) -> pl.DataFrame:
    """table_name and record_key of all that changes or goes, and of what is new where that has a reason too."""
    named = [
        pl.concat([table.changed[KEY], table.withdrawn[KEY], *([table.new[KEY]] if with_new else [])])
        .unique()
        .str.replace_all(KEY_SEPARATOR, "|", literal=True)
        .to_frame("record_key")
        .select(pl.lit(published).alias("table_name"), "record_key")
        for name, table in merge.tables.items()
        for published in PUBLISHED_AS[name]
    ]
    return pl.concat([pl.DataFrame(schema={"table_name": pl.String, "record_key": pl.String}), *named])
