"""The build: read all files, make the tables of an edition, check them, write the edition and make it live."""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from hashlib import file_digest, sha256
from pathlib import Path
from types import MappingProxyType

import polars as pl

from pipelines import __version__, areas, catalog, editions, open_indicators, schemas
from pipelines.checks import check_promises, is_synthetic
from pipelines.conform import conform
from pipelines.csv_rows import ROW
from pipelines.derive import Events, derive
from pipelines.derive.page_tables import PAGE_TABLES, add_page_tables
from pipelines.derive.reach import reaching_records
from pipelines.errors import EditionError, RecordProblem, RecordsRefused
from pipelines.event_parts import (
    EVENT_TABLES,
    EventParts,
    Range,
    Store,
    event_rows,
    event_rows_before,
    event_tables,
    ranges_before,
)
from pipelines.fields import Lookup, Table
from pipelines.i18n import _
from pipelines.intake import holding
from pipelines.outgoing import outgoing
from pipelines.parts import parts_of
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
from pipelines.revisions import COMPARED, revisions, with_reason
from pipelines.sound_events import SoundEvents
from pipelines.stored_parts import StoredParts
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
    catalog.CODES,
    catalog.SOURCES,
    catalog.INDICATORS,
    catalog.CAVEATS,
    catalog.TEXTS,
    *catalog.WORDINGS,
)
TABLES = (*RECORD_TABLES, *OPEN_TABLES, *CATALOG_TABLES)
READERS = {catalog.INDICATORS.name: catalog.read_indicators}
ORDER = {
    "fct_observation": ("area_code", "indicator_id", "year", "period", "category", "sex", "age"),
}
"""How the rows of these tables are sorted in an edition; those of the others come sorted by their keys."""
ORDER_OF_PARTS = {"fct_reach": schemas.Reach.primary_key(), "revision": schemas.Revision.primary_key()}
"""The same for tables that come in another order where they were made part by part."""
COMPARED_EVENT_TABLES = [name for name in EVENT_TABLES if name in COMPARED]
HELD_AT_ONCE = 250_000  # rows of an event table of the edition before; larger ones are compared range by range
STEPS = len(TABLES) + 4  # the files, then all tables, derived values, promises, edition

_MADE_LATER = ("dim_indicator", "open_observations")  # after the values derived, or for them only

OnStep = Callable[[str], None]
Keep = Callable[[Mapping[str, pl.DataFrame]], None]


def _ignore(step: str) -> None:
    """Progress that nobody watches."""


def _ignore_tables(tables: Mapping[str, pl.DataFrame]) -> None:
    """Tables that nobody waits for."""


def _ignore_part(part: Mapping[str, pl.DataFrame], within: Range) -> None:
    """Parts that nobody keeps."""


@dataclass(frozen=True, kw_only=True)
class BuildResult:
    """What a build did: the edition it made live (or kept), what it read, what changed.

    ``previous_rows`` holds the rows loaded from each file in the edition before; ``revision`` is as in the edition, but
    for events that were read in parts; ``changes`` counts all of them (table_name, change, len).
    """

    edition_id: str
    is_new: bool
    records: Mapping[str, Records] = field(default_factory=dict)
    previous_rows: Mapping[str, int] = field(default_factory=dict)
    revision: pl.DataFrame = field(default_factory=pl.DataFrame)
    changes: pl.DataFrame = field(default_factory=pl.DataFrame)
    row_counts: Mapping[str, int] = field(default_factory=dict)
    pruned: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class HandedIn:
    """What a load adds to what its edition says of itself.

    ``report`` and ``rejected`` are rows of load_report and rejected_row; ``reason`` is given for the revisions of the
    records named in ``records``: edition table and the beginning of the record's key.
    """

    report: pl.DataFrame
    rejected: pl.DataFrame
    reason: str | None
    records: pl.DataFrame


def build(
    data: Path,
    folder: Path,
    *,
    as_of: date | None = None,
    allow_rejected: bool = False,
    is_forced: bool = False,
    reason: str | None = None,
    on_step: OnStep = _ignore,
) -> BuildResult:
    """Publish an edition of ``data`` in ``folder``; keeps the live one where nothing has changed.

    ``as_of`` (today in UTC by default) is the day on which figures for all years stand. Rows that are refused stop
    the build unless ``allow_rejected``. PipelineError leaves the live edition as it was.
    """
    as_of = as_of or datetime.now(UTC).date()
    with holding.for_reading(data), editions.locked(folder):
        live = editions.live_id(folder)
        before = tables_before(live, folder)
        settings = (as_of, allow_rejected, software_version())
        if live and before and not is_forced and _is_unchanged(before, data, settings):
            return BuildResult(edition_id=live, is_new=False)
        try:
            made = make_edition(
                data, folder, before, as_of=as_of, allow_rejected=allow_rejected, reason=reason, on_step=on_step
            )
            editions.publish(folder, made.edition_id)
        except BaseException:
            editions.clean(folder)
            raise
        return replace(made, pruned=editions.prune(folder))


def make_edition(
    data: Path,
    folder: Path,
    before: Mapping[str, pl.DataFrame],
    *,
    as_of: date,
    allow_rejected: bool = False,
    reason: str | None = None,
    handed_in: HandedIn | None = None,
    known: Mapping[str, Records] = MappingProxyType({}),
    on_step: OnStep = _ignore,
) -> BuildResult:
    """Write an edition of ``data``, not yet live; ``before`` are the tables of the live one. Needs the lock.

    ``known`` are tables of ``data`` that need not be read again.
    """
    with editions.workspace(folder) as workspace:
        stored = StoredParts(workspace / "tables")
        live = editions.live_id(folder)

        def changes(
            old: Mapping[str, pl.DataFrame],
            new: Mapping[str, pl.DataFrame],
            compared: dict[str, pl.DataFrame] | None = None,
        ) -> pl.DataFrame:
            if handed_in is None:
                return revisions(old, new, reason, tells_added=False, known=compared)
            found = revisions(old, new, tells_added=False, known=compared)
            return with_reason(found, handed_in.records, handed_in.reason)

        built_at = datetime.now(UTC).replace(microsecond=0)
        edition_id = editions.new_edition_id(folder, built_at)
        has_all_before = before.keys() >= set(COMPARED_EVENT_TABLES)
        compared = before if has_all_before else {name: before[name] for name in before if name not in EVENT_TABLES}
        with editions.writing(folder, edition_id) as writer, outgoing(writer, compared) as out:
            sound = SoundEvents(writer)
            records = read_records(
                data,
                allow_rejected=allow_rejected,
                known=known,
                on_step=on_step,
                workspace=workspace,
                sound=sound,
            )

            def store(part: Mapping[str, pl.DataFrame], within: Range) -> None:
                stored.add({name: table for name, table in part.items() if name in ORDER_OF_PARTS})
                for name, table in part.items():
                    if name not in ORDER_OF_PARTS:
                        writer.add_part(name, table)
                if live and before:
                    earlier = event_rows_before(editions.resolve(live, folder), within)
                    stored.add({"revision": changes(earlier, part)})

            def keep(made: Mapping[str, pl.DataFrame]) -> None:
                out.add({name: table for name, table in made.items() if name not in writer.names}, ORDER)
                if set(EVENT_TABLES) <= writer.names and not set(PAGE_TABLES) & writer.names:
                    add_page_tables(writer, made)

            tables = edition_tables(
                records,
                as_of,
                on_step=on_step,
                store=store,
                keep=keep,
                sound=sound,
            )
            is_made_up = is_synthetic(tables)
            refuse_another_kind(before, is_made_up)
            on_step("edition")
            report, rejected = _load_report(records, handed_in), _rejected_rows(records, handed_in)
            has_rejected = allow_rejected if handed_in is None else report["rows_rejected"].sum() > 0
            if sound.count and live and before:
                for within in sound.ranges():
                    earlier = event_rows_before(editions.resolve(live, folder), within)
                    stored.add({"revision": changes(earlier, sound.rows(within, tables))})
            is_in_parts = bool(stored.files or sound.count)
            whole = {name: table for name, table in tables.items() if not is_in_parts or name not in EVENT_TABLES}
            if live and before and not is_in_parts and not has_all_before:
                whole = {name: table for name, table in tables.items() if name not in EVENT_TABLES}
                path = editions.resolve(live, folder)
                for within in ranges_before(path):
                    stored.add({"revision": changes(event_rows_before(path, within), event_rows(tables, within))})
            compared_before = out.differences()
            if not is_in_parts:  # they are written and compared by now, and there may be very many of them
                tables |= {name: tables[name].clear() for name in EVENT_TABLES}
                whole = {name: table for name, table in whole.items() if name not in EVENT_TABLES}
            revision = changes(before, whole, compared_before)
            if "revision" in stored.files:
                stored.add({"revision": revision})
            tables |= {
                "edition": _edition(edition_id, built_at, (as_of, has_rejected, software_version()), is_made_up),
                "load_report": report,
                "rejected_row": rejected,
                "revision": revision,
            }
            ordered = {name: tables[name] for name in schemas.TABLES if name not in PAGE_TABLES}
            out.add_rest(ordered, stored.files, ORDER | ORDER_OF_PARTS if stored.files else ORDER)
            if not set(PAGE_TABLES) & writer.names:
                add_page_tables(writer, tables)
            rows_written = writer.rows_written()
        every_change = stored.scan("revision") if "revision" in stored.files else revision.lazy()
        changed = every_change.group_by("table_name", "change").len().sort("table_name", "change").collect()
    return BuildResult(
        edition_id=edition_id,
        is_new=True,
        records=records,
        previous_rows=_rows_by_file(before),
        revision=ordered["revision"],
        changes=changed,
        row_counts=rows_written,
    )


def read_records(
    data: Path,
    *,
    allow_rejected: bool = False,
    known: Mapping[str, Records] = MappingProxyType({}),
    on_step: OnStep = _ignore,
    workspace: Path | None = None,
    sound: SoundEvents | None = None,
) -> dict[str, Records]:
    """Every file of ``data`` by table name; RecordsRefused for an unusable file or, unless allowed, a refused row.

    With a ``workspace``, events too many for memory are read in parts, which lie there, or else, where they are sound,
    as ``sound`` events. ``known`` tables are taken as they are.
    """
    parts = parts_of(TABLES, data, workspace) if workspace else None
    readers = {
        **READERS,
        **{name: _known_as(read) for name, read in known.items()},
        **(parts.readers() if parts else {}),
    }
    if parts and sound and sound.start(data):
        readers = {**readers, **sound.readers(otherwise=readers)}
    records = read_all(TABLES, data, readers, on_step)
    problems = [problem for read in records.values() for problem in read.problems]
    stopping = [problem for problem in problems if problem.row is None] if allow_rejected else problems
    if stopping:
        raise RecordsRefused(stopping)
    return records


def _known_as(read: Records) -> Callable[[Path, Lookup], Records]:
    return lambda folder, lookup: read


def edition_tables(
    records: Mapping[str, Records],
    as_of: date,
    *,
    on_step: OnStep = _ignore,
    store: Store = _ignore_part,
    keep: Keep = _ignore_tables,
    sound: SoundEvents | None = None,
) -> dict[str, pl.DataFrame]:
    """All tables of an edition but those made inside its file; their promises across tables are checked.

    Those are the ones that pages read in the place of very many records; the four that describe the build are not made
    here either. ``keep`` is given tables as soon as they are done, while others are still being made.

    Where the events were read in parts, ``store`` is given the tables of each part, and the result has of them only
    some rows that cite every source; so it has where they are ``sound`` and in the edition already.
    """
    on_step("all tables")
    frames = {name: read.frame for name, read in records.items()}
    is_sound, is_in_parts = bool(sound and sound.count), bool(records["training_events"].parts)
    of_events = event_tables(frames)
    if not is_sound and not is_in_parts:
        keep(of_events)  # the largest first
    recorded = {**_recorded_tables(frames), **of_events}
    tables = dict(recorded)
    on_step("derived values")
    elsewhere: Sequence[pl.DataFrame] = ()
    if sound and is_sound:
        made = sound.tables(records, recorded)
        events, citing = sound.events(records, recorded, made), sound.citing(made)
        elsewhere = [sound.texts(frames), catalog.recorded_texts_in(made, frames)]
        keep({name: table for name, table in tables.items() if name not in (*_MADE_LATER, *EVENT_TABLES)})
        tables["fct_observation"] = derive(tables, as_of, events)
        tables |= made | {"fct_training_event": citing}
    elif is_in_parts:
        parts = EventParts(records, recorded, store)
        tables["fct_observation"] = derive(tables, as_of, Events(parts.years, parts))
        tables |= parts.few_rows()
        elsewhere = parts.texts
    else:
        tables["fct_reach"] = reaching_records(tables)
        keep({name: table for name, table in tables.items() if name not in _MADE_LATER})
        tables["fct_observation"] = derive(tables, as_of)
        keep({"fct_observation": tables["fct_observation"]})
    tables["dim_text"] = catalog.texts(frames, recorded, elsewhere)
    # after the texts, so that the word for a code keeps no text alive that was suppressed
    tables["dim_code"] = catalog.codes(frames["codes"])
    tables["dim_indicator"] = catalog.indicators(frames["indicators"], tables["fct_observation"])
    on_step("promises")
    check_promises(tables)
    del tables["open_observations"]
    return tables


def _recorded_tables(frames: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    return {
        "dim_area": areas.transform(frames["areas"]),
        "dim_scheme": catalog.schemes(frames["schemes"]),
        "area_membership": areas.memberships(frames["area_memberships"]),
        "oas_participation": areas.participation(frames["oas_participation"]),
        "dim_programme": programmes.transform(frames["programmes"]),
        "programme_funder": programmes.funders(frames["programmes"]),
        "fct_deployment": programme_deployments.transform(frames["programme_deployments"]),
        "dim_audience": catalog.audiences(frames["audiences"]),
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


def software_version() -> str:
    """The version and a digest of the pipelines' own code, so that a changed rule is a changed build."""
    digest = sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return f"{__version__}+{digest.hexdigest()[:12]}"


def tables_before(live: str | None, folder: Path) -> dict[str, pl.DataFrame]:
    """The live edition's tables, of events only those not too large; none where no live edition can be read."""
    if live is None:
        return {}
    with suppress(EditionError):
        path = editions.resolve(live, folder)
        others = [name for name in (*COMPARED, "edition", "load_report") if name not in EVENT_TABLES]
        return editions.read_tables(path, others) | editions.read_tables(path, COMPARED_EVENT_TABLES, HELD_AT_ONCE)
    return {}


def refuse_another_kind(before: Mapping[str, pl.DataFrame], is_made_up: bool) -> None:
    """EditionError where readers of real records would suddenly see synthetic ones in their place, or the reverse."""
    if before and before["edition"]["is_synthetic"][0] != is_made_up:
        raise EditionError(
            _(
                "The records to publish are synthetic, the live edition holds real ones; expected: a folder of editions "
                "of their own ($PANORAMA_EDITIONS)."
            )
            if is_made_up
            else _(
                "The records to publish are real, the live edition holds synthetic ones; expected: a folder of editions "
                "of their own ($PANORAMA_EDITIONS)."
            )
        )


def _is_unchanged(before: Mapping[str, pl.DataFrame], data: Path, settings: tuple[date, bool, str]) -> bool:
    as_of, allow_rejected, version = settings
    edition, report = before["edition"].row(0, named=True), before["load_report"]
    # What a load refused never came into the data folder, of which nothing needs to be left out then.
    has_handed_in = report.height > _of_data(report).height
    is_allowed = _of_data(report)["rows_rejected"].sum() > 0 if has_handed_in else edition["allows_rejected"]
    built = (edition["as_of_on"], is_allowed or (has_handed_in and allow_rejected), edition["software_version"])
    return built == (as_of, allow_rejected, version) and is_made_from(before, data)


def is_made_from(before: Mapping[str, pl.DataFrame], data: Path) -> bool:
    """Whether the edition with this ``load_report`` was made from the files of ``data`` as they are."""
    known = dict(_of_data(before["load_report"]).select("file", "sha256").iter_rows())
    return known == {table.file: _checksum(data / table.file) for table in TABLES}


def _of_data(report: pl.DataFrame) -> pl.DataFrame:
    """What was read from the data folder; the first editions had nothing else."""
    return report.filter(~pl.col("is_handed_in")) if "is_handed_in" in report.columns else report


def _checksum(path: Path) -> str | None:
    if path.is_file():
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    return catalog.indicators_checksum(path) if path.is_dir() else None


def _edition(edition_id: str, built_at: datetime, settings: tuple[date, bool, str], is_made_up: bool) -> pl.DataFrame:
    as_of, allow_rejected, version = settings
    row = {
        "edition_id": edition_id,
        "built_at": built_at.replace(tzinfo=None),
        "as_of_on": as_of,
        "is_synthetic": is_made_up,
        "allows_rejected": allow_rejected,
        "software_version": version,
        "contract": schemas.CONTRACT,
    }
    return conform(pl.DataFrame([row]), schemas.Edition, "edition")


def _load_report(records: Mapping[str, Records], handed_in: HandedIn | None) -> pl.DataFrame:
    rows = [
        {
            "table_name": name,
            "file": read.table.file,
            "sha256": read.sha256,
            "rows_read": read.rows_read,
            "rows_loaded": read.rows_loaded,
            "rows_rejected": read.rows_rejected,
            "is_handed_in": False,
        }
        for name, read in records.items()
    ]
    columns = schemas.LoadReport.column_names()
    sheets = [] if handed_in is None else [handed_in.report.select(columns)]
    return pl.concat([pl.DataFrame(rows).select(columns), *sheets]).pipe(conform, schemas.LoadReport, "load report")


def _rejected_rows(records: Mapping[str, Records], handed_in: HandedIn | None) -> pl.DataFrame:
    rows: dict[tuple[str, int, str], dict[str, object]] = {}
    for name, read in records.items():
        withheld = WITHHELD_COLUMNS.get(name, ())
        originals = {row: _without(original, withheld) for row, original in read.rejected.iter_rows()}
        for problem in read.problems:
            if problem.row is not None:
                rows.setdefault(
                    (name, problem.row, problem.column or ""), rejected_row(problem, originals[problem.row], withheld)
                )
    schema = dict.fromkeys(schemas.RejectedRow.column_names(), pl.String) | {ROW: pl.Int64}
    sheets = [] if handed_in is None else [handed_in.rejected.select(schema.keys())]
    return pl.concat([pl.DataFrame(list(rows.values()), schema=schema), *sheets]).pipe(
        conform, schemas.RejectedRow, "rejected rows"
    )


def rejected_row(problem: RecordProblem, original: str, withheld: tuple[str, ...]) -> dict[str, object]:
    """A row of rejected_row, without the cells that are ``withheld``; ``original`` has lost them already."""
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
