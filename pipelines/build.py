"""The build: read all files, make the tables of an edition, check them, write the edition and make it live."""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

import polars as pl

from pipelines import __version__, areas, catalog, editions, open_indicators, schemas
from pipelines.checks import check_promises
from pipelines.conform import conform
from pipelines.csv_rows import ROW
from pipelines.derive import derive
from pipelines.derive.reach import reaching_records
from pipelines.errors import EditionError, RecordProblem, RecordsRefused
from pipelines.fields import Table
from pipelines.reading import Records, read_all
from pipelines.registry import (
    meetings,
    national_authorities,
    national_laws,
    national_plans,
    programme_deployments,
    programmes,
    questionnaire_answers,
    questionnaire_questions,
    questionnaire_responses,
    questionnaire_rounds,
    recommendations,
    training_events,
    training_participation,
    training_statements,
    treaty_actions,
)
from pipelines.revisions import COMPARED, revisions
from pipelines.suppression import WITHHELD_COLUMNS

RECORD_TABLES: tuple[Table, ...] = (
    training_events.TABLE,
    training_participation.TABLE,
    training_statements.TABLE,
    programmes.TABLE,
    programme_deployments.TABLE,
    meetings.TABLE,
    questionnaire_rounds.TABLE,
    questionnaire_questions.TABLE,
    questionnaire_responses.TABLE,
    questionnaire_answers.TABLE,
    recommendations.TABLE,
    treaty_actions.TABLE,
    national_authorities.TABLE,
    national_plans.TABLE,
    national_laws.TABLE,
)
OPEN_TABLES: tuple[Table, ...] = (open_indicators.TABLE, open_indicators.TIER_EVIDENCE)
CATALOG_TABLES: tuple[Table, ...] = (
    areas.TABLE,
    areas.ALIASES,
    areas.MEMBERSHIPS,
    areas.PARTICIPATION,
    catalog.SCHEMES,
    catalog.TREATIES,
    catalog.AUDIENCES,
    catalog.SOURCES,
    catalog.INDICATORS,
    catalog.CAVEATS,
    catalog.TEXTS,
    *catalog.WORDINGS,
)
TABLES = (*RECORD_TABLES, *OPEN_TABLES, *CATALOG_TABLES)
READERS = {catalog.INDICATORS.name: catalog.read_indicators}
OBSERVATION_ORDER = ("area_code", "indicator_id", "year", "period", "category", "sex", "age")
STEPS = len(TABLES) + 4  # the files, then all tables, derived values, promises, edition

OnStep = Callable[[str], None]


def _ignore(step: str) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, kw_only=True)
class BuildResult:
    """What a build did: the edition it made live (or kept), what it read, what changed.

    ``previous_rows`` holds the rows loaded from each file in the edition before; ``revision`` is as in the edition.
    """

    edition_id: str
    is_new: bool
    records: Mapping[str, Records] = field(default_factory=dict)
    previous_rows: Mapping[str, int] = field(default_factory=dict)
    revision: pl.DataFrame = field(default_factory=pl.DataFrame)
    row_counts: Mapping[str, int] = field(default_factory=dict)
    pruned: list[str] = field(default_factory=list)


def build(
    data: Path,
    folder: Path,
    *,
    as_of: date | None = None,
    allow_rejected: bool = False,
    is_forced: bool = False,
    is_synthetic: bool = False,
    reason: str | None = None,
    on_step: OnStep = _ignore,
) -> BuildResult:
    """Publish an edition of ``data`` in ``folder``; keeps the live one where nothing has changed.

    ``as_of`` (today in UTC by default) is the day on which figures for all years stand. Rows that are refused stop
    the build unless ``allow_rejected``. PipelineError leaves the live edition as it was.
    """
    as_of = as_of or datetime.now(UTC).date()
    with editions.locked(folder):
        live = editions.live_id(folder)
        before = _tables_before(live, folder)
        settings = (as_of, allow_rejected, is_synthetic, software_version())
        if live and before and not is_forced and _is_unchanged(before, data, settings):
            return BuildResult(edition_id=live, is_new=False)
        records = read_records(data, allow_rejected=allow_rejected, on_step=on_step)
        tables = edition_tables(records, as_of, on_step=on_step)
        built_at = datetime.now(UTC).replace(microsecond=0)
        edition_id = editions.new_edition_id(folder, built_at)
        on_step("edition")
        tables |= {
            "edition": _edition(edition_id, built_at, settings),
            "load_report": _load_report(records),
            "rejected_row": _rejected_rows(records),
            "revision": revisions(before, tables, reason),
        }
        ordered = {name: tables[name] for name in schemas.TABLES}
        editions.write_edition(folder, edition_id, ordered, {"fct_observation": OBSERVATION_ORDER})
        editions.publish(folder, edition_id)
        return BuildResult(
            edition_id=edition_id,
            is_new=True,
            records=records,
            previous_rows=_rows_by_file(before),
            revision=ordered["revision"],
            row_counts={name: table.height for name, table in ordered.items()},
            pruned=editions.prune(folder),
        )


def read_records(data: Path, *, allow_rejected: bool = False, on_step: OnStep = _ignore) -> dict[str, Records]:
    """Every file of ``data`` by table name; RecordsRefused for an unusable file or, unless allowed, a refused row."""
    records = read_all(TABLES, data, READERS, on_step)
    problems = [problem for read in records.values() for problem in read.problems]
    stopping = [problem for problem in problems if problem.row is None] if allow_rejected else problems
    if stopping:
        raise RecordsRefused(stopping)
    return records


def edition_tables(
    records: Mapping[str, Records], as_of: date, *, on_step: OnStep = _ignore
) -> dict[str, pl.DataFrame]:
    """All tables of an edition but the four that describe the build; their promises across tables are checked."""
    on_step("all tables")
    tables = _recorded_tables({name: read.frame for name, read in records.items()})
    on_step("derived values")
    tables["fct_reach"] = reaching_records(tables)
    tables["fct_observation"] = derive(tables, as_of)
    tables["dim_indicator"] = catalog.indicators(records[catalog.INDICATORS.name].frame, tables["fct_observation"])
    on_step("promises")
    check_promises(tables)
    del tables["open_observations"]
    return tables


def _recorded_tables(frames: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    events, participation = frames["training_events"], frames["training_participation"]
    tables: dict[str, pl.DataFrame] = {
        "dim_area": areas.transform(frames["areas"]),
        "dim_scheme": catalog.schemes(frames["schemes"]),
        "area_membership": areas.memberships(frames["area_memberships"]),
        "oas_participation": areas.participation(frames["oas_participation"]),
        "dim_programme": programmes.transform(frames["programmes"]),
        "programme_funder": programmes.funders(frames["programmes"]),
        "fct_deployment": programme_deployments.transform(frames["programme_deployments"]),
        "fct_training_event": training_events.transform(events, participation),
        "fct_training_participation": training_participation.transform(participation, events),
        "training_audience": training_events.audiences(events, frames["audiences"]),
        "training_statement": training_statements.transform(frames["training_statements"]),
        "dim_meeting": meetings.transform(frames["meetings"]),
        "dim_questionnaire_round": questionnaire_rounds.transform(frames["questionnaire_rounds"]),
        "dim_question": questionnaire_questions.transform(frames["questionnaire_questions"]),
        "fct_response": questionnaire_responses.transform(frames["questionnaire_responses"]),
        "fct_answer": questionnaire_answers.transform(
            frames["questionnaire_answers"], frames["questionnaire_questions"]
        ),
        "fct_commitment": recommendations.transform(frames["recommendations"]),
        "dim_treaty": catalog.treaties(frames["treaties"]),
        "fct_treaty_action": treaty_actions.transform(frames["treaty_actions"]),
        "national_authority": national_authorities.transform(frames["national_authorities"]),
        "national_plan": national_plans.transform(frames["national_plans"]),
        "national_law": national_laws.transform(frames["national_laws"]),
        "tip_tier_evidence": open_indicators.tier_evidence(frames["tip_tier_evidence"]),
        "dim_indicator": catalog.indicators(frames["indicators"]),
        "dim_source": catalog.sources(frames["sources"]),
        "dim_caveat": catalog.caveats(frames["caveats"]),
        "caveat_area": catalog.caveat_areas(frames["caveats"]),
        "open_observations": open_indicators.transform(frames["open_indicators"]),
    }
    tables["dim_text"] = catalog.texts(frames, tables)
    return tables


def software_version() -> str:
    """The version and a digest of the pipelines' own code, so that a changed rule is a changed build."""
    digest = sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return f"{__version__}+{digest.hexdigest()[:12]}"


def _tables_before(live: str | None, folder: Path) -> dict[str, pl.DataFrame]:
    """The live edition's tables; none where there is no live edition, or none that can be read."""
    if live is None:
        return {}
    with suppress(EditionError):
        return editions.read_tables(editions.resolve(live, folder), [*COMPARED, "edition", "load_report"])
    return {}


def _is_unchanged(before: Mapping[str, pl.DataFrame], data: Path, settings: tuple[date, bool, bool, str]) -> bool:
    built = before["edition"].select("as_of_on", "allows_rejected", "is_synthetic", "software_version").row(0)
    known = dict(before["load_report"].select("file", "sha256").iter_rows())
    return built == settings and known == {table.file: _checksum(data / table.file) for table in TABLES}


def _checksum(path: Path) -> str | None:
    if path.is_file():
        return sha256(path.read_bytes()).hexdigest()
    return catalog.indicators_checksum(path) if path.is_dir() else None


def _edition(edition_id: str, built_at: datetime, settings: tuple[date, bool, bool, str]) -> pl.DataFrame:
    as_of, allow_rejected, is_synthetic, version = settings
    row = {
        "edition_id": edition_id,
        "built_at": built_at.replace(tzinfo=None),
        "as_of_on": as_of,
        "is_synthetic": is_synthetic,
        "allows_rejected": allow_rejected,
        "software_version": version,
    }
    return conform(pl.DataFrame([row]), schemas.Edition, "edition")


def _load_report(records: Mapping[str, Records]) -> pl.DataFrame:
    rows = [
        {
            "table_name": name,
            "file": read.table.file,
            "sha256": read.sha256,
            "rows_read": read.rows_read,
            "rows_loaded": read.rows_loaded,
            "rows_rejected": read.rows_rejected,
        }
        for name, read in records.items()
    ]
    return conform(pl.DataFrame(rows), schemas.LoadReport, "load report")


def _rejected_rows(records: Mapping[str, Records]) -> pl.DataFrame:
    rows: dict[tuple[str, int, str], dict[str, object]] = {}
    for name, read in records.items():
        withheld = WITHHELD_COLUMNS.get(name, ())
        originals = {row: _without(original, withheld) for row, original in read.rejected.iter_rows()}
        for problem in read.problems:
            if problem.row is not None:
                rows.setdefault(
                    (name, problem.row, problem.column or ""), _rejected_row(problem, originals[problem.row], withheld)
                )
    schema = dict.fromkeys(schemas.RejectedRow.column_names(), pl.String) | {ROW: pl.Int64}
    return conform(pl.DataFrame(list(rows.values()), schema=schema), schemas.RejectedRow, "rejected rows")


def _rejected_row(problem: RecordProblem, original: str, withheld: tuple[str, ...]) -> dict[str, object]:
    is_withheld = problem.column in withheld
    return {
        "table_name": problem.table,
        "file": problem.file,
        "row": problem.row,
        "column": problem.column or "",
        "value": None if is_withheld else problem.value,
        "reason": f"the cell, not shown here, is not {problem.expected}" if is_withheld else problem.reason,
        "original": original,
    }


def _without(original: str, withheld: tuple[str, ...]) -> str:
    cells = json.loads(original)
    return json.dumps({name: cell for name, cell in cells.items() if name not in withheld}, ensure_ascii=False)


def _rows_by_file(before: Mapping[str, pl.DataFrame]) -> dict[str, int]:
    if "load_report" not in before:
        return {}
    return dict(before["load_report"].select("file", "rows_loaded").iter_rows())
