"""What a load does with the files read: check, merge, lay out, build the edition, and make both live as one.

Until the journal is written nothing has happened; from then on all of it happens, if need be in the next run.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import polars as pl

from pipelines import build, editions
from pipelines.checks import is_synthetic
from pipelines.errors import EditionError, PromisesBroken, RecordProblem, RecordsRefused, file_shown
from pipelines.i18n import _, in_language, mark, n_
from pipelines.intake import history, journal
from pipelines.intake.checking import Checked, check_sheets
from pipelines.intake.handed_in import described
from pipelines.intake.loading import Asked, LoadResult, OnPlan
from pipelines.intake.merged_records import merged_records
from pipelines.intake.merging import KEY, Merge, merge
from pipelines.intake.on_file import everything
from pipelines.intake.sheets import Sheet
from pipelines.intake.telling import LoadRefused, first_lines, in_handed_in_terms, place_of, without_cells
from pipelines.reading import Records

MERGING, BUILDING = mark("merging"), mark("building the edition")


@dataclass(kw_only=True)
class _Plan:
    """What was checked and what it would do; of large sheets the memory is needed to build the edition."""

    checked: Checked
    merge: Merge

    def let_cells_go(self) -> None:
        """Keep what it takes to speak of the records."""
        self.checked, self.merge = without_cells(self.checked), self.merge.without_cells()


@dataclass(kw_only=True)
class Before:
    """What stands before a load: the tables of the data folder, the live edition and its tables, whether it is behind.

    The live edition is behind where it was not made from the registry as it lies there.
    """

    registry: Mapping[str, Records]
    live: str | None
    tables: dict[str, pl.DataFrame]
    is_behind: bool


def read_before(asked: Asked) -> Before:
    """Read it."""
    live = editions.live_id(asked.folder)
    return Before(
        registry=everything(asked.data),
        live=live,
        tables=build.tables_before(live, asked.folder),
        is_behind=_is_behind(live, asked),
    )


def loaded(asked: Asked, sheets: list[Sheet], before: Before, on_plan: OnPlan) -> LoadResult:
    """Check, merge and, where all is well and agreed to, publish; the list of sheets is empty afterwards."""
    plan = _planned(asked, sheets, before)
    with in_language(plan.checked.language):
        is_agreed = on_plan(plan.checked, plan.merge)
        _refuse_rejected(asked, plan.checked)
        _refuse_without_reason(asked, plan.checked, plan.merge)
        if not plan.merge.is_change or not is_agreed:
            return LoadResult(
                checked=plan.checked,
                merge=plan.merge,
                edition_id=before.live,
                is_agreed=is_agreed,
                is_behind=before.is_behind,
            )
        try:
            return (_tried if asked.is_dry_run else _done)(asked, plan, before)
        except (RecordsRefused, PromisesBroken) as error:
            raise in_handed_in_terms(error, plan.checked, plan.merge) from None


def _planned(asked: Asked, sheets: list[Sheet], before: Before) -> _Plan:
    checked = check_sheets(sheets, asked.data, lang=asked.lang, on_progress=asked.on_progress, registry=before.registry)
    sheets.clear()  # what is needed longer is in the plan
    before.registry = {}
    with in_language(checked.language):
        asked.on_progress(_(MERGING), 0, None)
        return _Plan(checked=checked, merge=merge(checked, asked.data, is_complete=asked.is_complete))


def _refuse_rejected(asked: Asked, checked: Checked) -> None:
    problems = checked.problems
    whole = [problem for problem in problems if problem.row is None]
    if whole or (problems and not asked.allow_rejected):
        lines = [str(problem) for problem in (whole if asked.allow_rejected else problems)]
        raise LoadRefused("\n".join([*first_lines(lines), _why_refused(asked, checked, whole)]))
    if asked.is_complete and checked.rows_rejected:
        raise LoadRefused(
            _(
                "Rows are refused, so the file is not complete, and what it seems to lack cannot be withdrawn; nothing "
                "was changed. Mend the rows, or load without --complete."
            )
        )


def _why_refused(asked: Asked, checked: Checked, whole: list[RecordProblem]) -> str:
    if whole:
        return _("Nothing was changed.")
    return n_(
        "{n} row is refused; nothing was changed. Mend it (panorama check --fix-copy marks it in a copy of the file), "
        "or load without it: --allow-rejected.",
        "{n} rows are refused; nothing was changed. Mend them (panorama check --fix-copy marks them in a copy of the "
        "file), or load without them: --allow-rejected.",
        checked.rows_rejected,
    )


def _refuse_without_reason(asked: Asked, checked: Checked, planned: Merge) -> None:
    if asked.reason or not planned.needs_reason:
        return
    lines = [line for table in planned.tables.values() for line in _in_need_of_reason(table.changed, checked)]
    lines += [line for table in planned.tables.values() for line in _going(table.withdrawn, checked)]
    raise LoadRefused(
        "\n".join(
            [
                *first_lines(lines),
                _(
                    "Records that are published would change or go; nothing was changed. Say why: "
                    '--reason "what the reader should know".'
                ),
            ]
        )
    )


def _in_need_of_reason(changed: pl.DataFrame, checked: Checked) -> Iterator[str]:
    records = changed.unique(["sheet", "row"], maintain_order=True).select("sheet", "row", KEY)
    for number, row, key in records.iter_rows():
        yield _('{place}: "{key}" would change', place=place_of(checked.sheets[number], row), key=key)


def _going(withdrawn: pl.DataFrame, checked: Checked) -> Iterator[str]:
    for number, row, key in withdrawn.select("sheet", "row", KEY).iter_rows():
        if row is None:
            yield _('"{key}" would be withdrawn: the complete file does not have it', key=key)
        else:
            yield _('{place}: "{key}" would be withdrawn', place=place_of(checked.sheets[number], row), key=key)


def _tried(asked: Asked, plan: _Plan, before: Before) -> LoadResult:
    """Read and check the registry as it would become, in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="panorama-") as name:
        files = Path(name) / "files"
        _write_merged(plan.merge, files)
        view = journal.linked_view(asked.data, files, Path(name) / "view")
        known = merged_records(plan.checked, plan.merge)
        plan.let_cells_go()
        on_step = _steps(asked)
        records = build.read_records(
            view,
            allow_rejected=asked.allow_rejected,
            known=known,
            on_step=on_step,
            workspace=Path(name) / "work",
        )
        tables = build.edition_tables(records, asked.as_of, on_step=on_step)
        build.refuse_another_kind(before.tables, is_synthetic(tables))
    return LoadResult(checked=plan.checked, merge=plan.merge, edition_id=before.live, is_behind=before.is_behind)


def _write_merged(planned: Merge, files: Path) -> None:
    for table in planned.tables.values():
        if table.is_change:
            path = files / table.table.file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(table.content)


def _done(asked: Asked, plan: _Plan, before: Before) -> LoadResult:
    """Lay everything out, decide, do it."""
    with editions.locked(asked.folder), journal.Staging(asked.data) as staging:
        try:
            edition_id = _prepared(asked, plan, before, staging)
            with journal.undisturbed():
                journal.complete(asked.data, staging.decide(asked.folder, edition_id), asked.folder)
                pruned = _pruned(asked)
        except OSError as error:
            if not staging.is_decided:
                raise
            raise EditionError(
                _(
                    "The load is decided but could not be completed ({cause}); the next command on these data completes it.",
                    cause=error.strerror or str(error),
                )
            ) from error
        finally:
            if not staging.is_decided:
                editions.clean(asked.folder)
    return LoadResult(
        checked=plan.checked,
        merge=plan.merge,
        edition_id=edition_id,
        is_published=True,
        is_behind=before.is_behind,
        pruned=pruned,
    )


def _pruned(asked: Asked) -> list[str]:
    """Delete what is too old to be kept; the load is done, whether that succeeds or is left to the next one."""
    with suppress(OSError):
        pruned = editions.prune(asked.folder)
        history.prune(asked.data, asked.folder)
        return pruned
    return []


def _prepared(asked: Asked, plan: _Plan, before: Before, staging: journal.Staging) -> str:
    """Lay out the merged files, what is kept of the load and the edition made from it all; the edition's id."""
    with ThreadPoolExecutor(1) as beside:  # writing, and waiting for the disk, needs no other result
        laid_out = beside.submit(copy_context().run, _lay_out, plan.merge, staging)
        kept = beside.submit(copy_context().run, _keep, asked, plan.checked, plan.merge, staging)
        handed_in = described(plan.checked, plan.merge, asked.reason)
        known = merged_records(plan.checked, plan.merge)
        plan.let_cells_go()
        live = editions.live_id(asked.folder)
        if live != before.live:  # made live by somebody who did not hold these data
            before.live, before.tables = live, build.tables_before(live, asked.folder)
            before.is_behind = _is_behind(live, asked)
        laid_out.result()
        made = build.make_edition(
            staging.view(),
            asked.folder,
            before.tables,
            as_of=asked.as_of,
            allow_rejected=asked.allow_rejected,
            handed_in=handed_in,
            known=known,
            on_step=_steps(asked),
        )
        kept.result()
    history.write_about(staging.keep(history.ABOUT), _about(asked, plan.checked, plan.merge, live, made.edition_id))
    editions.prepare_to_publish(asked.folder, made.edition_id)
    _refuse_edited(asked, plan.merge)
    return made.edition_id


def _lay_out(planned: Merge, staging: journal.Staging) -> None:
    for table in planned.tables.values():
        if table.is_change:
            staging.lay_out(table.table.file, table.content)


def _refuse_edited(asked: Asked, planned: Merge) -> None:
    """EditionError where somebody edited a registry file while the load was at work."""
    for table in planned.tables.values():
        if table.is_change and journal.checksum_of(asked.data / table.table.file) != table.before:
            raise EditionError(
                _(
                    "{file} was edited while the load was at work; nothing was changed, load again.",
                    file=file_shown(table.table.file),
                )
            )


def _keep(asked: Asked, checked: Checked, planned: Merge, staging: journal.Staging) -> None:
    """Archive the registry files as they were and will be, and keep the files handed in."""
    for table in planned.tables.values():
        if table.is_change:
            staging.archive(table.before, (asked.data / table.table.file).read_bytes())
            staging.archive(table.after, table.content)
    read = {sheet.sheet.file for sheet in checked.sheets}
    for number, path in enumerate(_files(asked.paths, read), start=1):
        kept = staging.keep(path.name)
        shutil.copyfile(path, kept.with_name(f"{number}-{path.name}") if kept.exists() else kept)
    if checked.rows_rejected:
        from pipelines.intake.fix_copy import write_rejected

        write_rejected(staging.keep(history.REJECTED), checked, asked.data)


def _files(paths: Sequence[Path], read: set[str]) -> list[Path]:
    """The files handed in, those of folders among them, that were read."""
    found = [file for path in paths for file in (sorted(path.iterdir()) if path.is_dir() else [path])]
    return [file for file in found if file.is_file() and file.name in read]


def _about(asked: Asked, checked: Checked, planned: Merge, live: str | None, edition_id: str) -> history.LoadRecord:
    return history.LoadRecord(
        loaded_at=datetime.now(UTC).isoformat(timespec="seconds"),
        reason=asked.reason,
        is_complete=asked.is_complete,
        edition_before=live,
        edition_after=edition_id,
        files={sheet.sheet.file: sheet.sheet.sha256 for sheet in checked.sheets},
        rows_read=checked.rows_read,
        rows_rejected=checked.rows_rejected,
        counts={
            name: {
                "new": table.new.height,
                "changed": len(table.changed_keys),
                "unchanged": table.unchanged,
                "withdrawn": table.withdrawn.height,
            }
            for name, table in planned.tables.items()
        },
        registry={
            table.table.file: {"before": table.before, "after": table.after}
            for table in planned.tables.values()
            if table.is_change
        },
    )


def _is_behind(live: str | None, asked: Asked) -> bool:
    if live is None:
        return True
    with suppress(EditionError):
        report = editions.read_tables(editions.resolve(live, asked.folder), ["load_report"])
        return not build.is_made_from(report, asked.data)
    return True


def _steps(asked: Asked) -> Callable[[str], None]:
    """Progress of the build, as a stage of the load."""
    done = count(1)
    return lambda step: asked.on_progress(_(BUILDING), next(done), build.STEPS)
