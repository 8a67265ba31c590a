"""A whole data folder of synthetic records, written aside and put in its place only when it is complete."""

import fcntl
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from pipelines import areas, build, catalog, open_indicators
from pipelines.demo.events import write_events, write_participation
from pipelines.demo.open_values import open_values
from pipelines.demo.registry import Maker
from pipelines.demo.words import DERIVED_TITLE, NOTE, PUBLISHER, SOURCE_ID, SOURCE_TITLE, VOCABULARY, Wordings
from pipelines.derive.rows import SOURCE_ID as DERIVED_SOURCE_ID
from pipelines.errors import PipelineError
from pipelines.fields import Table
from pipelines.intake import holding
from pipelines.registry import questionnaire_answers
from pipelines.vocabularies import LANGUAGES

PROGRAMMES = 24
_REFERENCE = Path(__file__).parents[2] / "data"
_COPIED = (
    *(table.file for table in (areas.TABLE, areas.ALIASES, areas.MEMBERSHIPS, areas.PARTICIPATION)),
    *(table.file for table in (catalog.SCHEMES, catalog.TREATIES, catalog.AUDIENCES, catalog.CODES, catalog.COLUMNS)),
)
"""What stays real: the states and their groups, names of instruments and audiences, and the words for codes."""

OnProgress = Callable[[str, int, int | None], None]


def _unwatched(stage: str, done: int, total: int | None) -> None:
    """Progress that nobody watches."""


def write_demo(
    folder: Path,
    *,
    events: int,
    rounds: int,
    questions: int,
    seed: int,
    has_edition: bool = False,
    is_forced: bool = False,
    on_progress: OnProgress = _unwatched,
) -> None:
    """Write a data folder of ``events`` made-up events and ``rounds`` questionnaires of ``questions`` questions each.

    The same numbers and seed give the same files, byte for byte, on any machine. The folder appears only when it is
    complete, with its edition in ``editions`` if asked for; an earlier one of synthetic records is replaced only if
    forced. ``on_progress`` is told the stage, what of it is done, and how much there is to do where that is known.
    """
    with _written_aside(folder, is_forced=is_forced) as partial:
        _write_files(partial, events, rounds, questions, seed, on_progress)
        if has_edition:
            steps = iter(range(1, build.STEPS + 1))
            build.build(
                partial,
                partial / "editions",
                on_step=lambda step: on_progress(f"edition: {step}", next(steps, build.STEPS), build.STEPS),
            )


def _write_files(folder: Path, events: int, rounds: int, questions: int, seed: int, on_progress: OnProgress) -> None:
    for name in ("registry", "catalog/texts", "open"):
        (folder / name).mkdir(parents=True)
    reference = {file: pl.read_csv(_REFERENCE / file, infer_schema=False) for file in _COPIED}
    for file in _COPIED:
        shutil.copyfile(_REFERENCE / file, folder / file)
    names = reference[areas.TABLE.file].select("area_code", *(f"name_{language}" for language in LANGUAGES))
    said = Wordings({code: (en, es, pt, fr) for code, en, es, pt, fr in names.iter_rows()})
    indicators = _write_indicators(folder)
    maker = Maker(seed, said)
    small = {
        "programmes": maker.programmes(PROGRAMMES),
        "programme_deployments": maker.deployments(PROGRAMMES),
        "training_statements": maker.statements(),
        "meetings": maker.meetings(rounds),
        "questionnaire_rounds": maker.rounds(rounds),
        "questionnaire_questions": maker.questions(rounds, questions),
        "questionnaire_responses": maker.responses(rounds),
        "recommendations": maker.commitments(),
        "treaty_actions": maker.treaty_actions(reference[catalog.TREATIES.file]),
        "national_authorities": maker.authorities(),
        "national_plans": maker.plans(),
        "national_laws": maker.laws(),
    }
    for name, frame in small.items():
        frame.write_csv(folder / "registry" / f"{name}.csv")
        on_progress(f"{name}.csv", frame.height, frame.height)
    with (folder / questionnaire_answers.TABLE.file).open("wb") as file:
        file.write(_header(questionnaire_answers.TABLE))
        for done, frame in enumerate(maker.answers(rounds, questions), start=1):
            frame.write_csv(file, include_header=False)
            on_progress("questionnaire_answers.csv", done, rounds)
    open_values(indicators.filter(~pl.col("is_derived")), said.say(NOTE), seed).write_csv(
        folder / open_indicators.TABLE.file
    )
    (folder / open_indicators.TIER_EVIDENCE.file).write_bytes(_header(open_indicators.TIER_EVIDENCE))
    (folder / catalog.CAVEATS.file).write_bytes(_header(catalog.CAVEATS))
    how = f"panorama demo --events {events} --rounds {rounds} --questions {questions} --seed {seed}"
    _write_sources(folder, reference, how)
    _write_texts(folder, reference, indicators, said)
    for name, write in (("training_events", write_events), ("training_participation", write_participation)):
        written = 0

        def tell(rows: int, name: str = name) -> None:
            nonlocal written
            written = min(written + rows, events)
            on_progress(f"{name}.csv", written, events)

        write(folder / "registry" / f"{name}.csv", events, seed, on_rows=tell)


def _write_indicators(folder: Path) -> pl.DataFrame:
    """The declarations of all indicators, the open ones with the synthetic source; returns them as records."""
    target = folder / catalog.INDICATORS.file
    target.mkdir()
    for path in sorted((_REFERENCE / catalog.INDICATORS.file).glob("*.yml")):
        declared = path.read_text(encoding="utf-8")
        if "is_derived: false" in declared:
            declared = re.sub(r"(?m)^source_id: .*$", f"source_id: {SOURCE_ID}", declared, count=1)
        (target / path.name).write_text(declared, encoding="utf-8")
    return catalog.read_indicators(folder, catalog.Lookup()).frame


def _write_sources(folder: Path, reference: dict[str, pl.DataFrame], how: str) -> None:
    """The sources of the reference facts, the synthetic one, and Panorama itself as far as it works things out."""
    cited = pl.concat(
        [frame.select("source_id").drop_nulls() for frame in reference.values() if "source_id" in frame.columns]
    ).unique()
    known = pl.read_csv(_REFERENCE / catalog.SOURCES.file, infer_schema=False)
    is_ours = pl.col("source_id") == DERIVED_SOURCE_ID
    derived = known.filter(is_ours).with_columns(
        title=pl.lit(DERIVED_TITLE), citation=pl.lit(f"Panorama. {DERIVED_TITLE}."), kind=pl.lit("synthetic")
    )
    synthetic = pl.DataFrame(
        {
            "source_id": SOURCE_ID,
            "publisher": PUBLISHER,
            "title": SOURCE_TITLE,
            "licence": "CC0 1.0",
            "licence_class": "public_domain",
            "citation": f"{SOURCE_TITLE} by {how}. No figure here is real.",
            "kind": "synthetic",
        }
    )
    facts = known.filter(~is_ours).join(cited, on="source_id", how="semi", maintain_order="left")
    pl.concat([synthetic, derived, facts], how="diagonal").select(catalog.SOURCES.columns).write_csv(
        folder / catalog.SOURCES.file
    )


def _write_texts(folder: Path, reference: dict[str, pl.DataFrame], indicators: pl.DataFrame, said: Wordings) -> None:
    """The wordings of the reference facts as they are, and of every synthetic phrase used."""
    kept = pl.concat(
        [
            catalog.texts_in({**reference, "indicators": indicators}),
            pl.DataFrame({"text": VOCABULARY}),
        ]
    ).unique()
    originals = pl.read_csv(_REFERENCE / catalog.TEXTS.file, infer_schema=False)
    ids = originals.join(kept, on="text", how="semi").select("text_id")
    for table in (catalog.TEXTS, *catalog.WORDINGS):
        lang = Path(table.file).stem
        facts = pl.read_csv(_REFERENCE / table.file, infer_schema=False).join(
            ids, on="text_id", how="semi", maintain_order="left"
        )
        pl.concat([facts, said.frame(lang)]).select(table.columns).write_csv(folder / table.file)


def _header(table: Table) -> bytes:
    return f"{','.join(table.columns)}\n".encode()


@contextmanager
def _written_aside(folder: Path, *, is_forced: bool) -> Iterator[Path]:
    """A hidden folder beside ``folder`` that takes its place at the end; nothing is left of it if anything fails."""
    folder = folder.absolute()
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside, old = (folder.with_name(f".{folder.name}.{state}") for state in ("partial", "old"))
    aside.mkdir(exist_ok=True)
    held = os.open(aside, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise PipelineError(
                f'Another "panorama demo" is writing "{folder.name}"; try again when it is done.'
            ) from None
        try:
            yield from _taking_its_place(folder, aside / "data", old, is_forced=is_forced)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    finally:
        os.close(held)


def _taking_its_place(folder: Path, partial: Path, old: Path, *, is_forced: bool) -> Iterator[Path]:
    if old.exists() and not folder.exists():  # stopped between the two moves below
        old.rename(folder)
    _refuse_to_overwrite(folder, is_forced=is_forced)
    shutil.rmtree(partial, ignore_errors=True)  # of a run that was killed
    partial.mkdir()
    yield partial
    if folder.exists():
        with holding.for_changing(folder):
            shutil.rmtree(old, ignore_errors=True)
            folder.rename(old)
            partial.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
    else:
        partial.rename(folder)


def _refuse_to_overwrite(folder: Path, *, is_forced: bool) -> None:
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    if not _is_synthetic_folder(folder):
        raise PipelineError(
            f'"{folder}" is there and does not hold synthetic records; expected: a new folder, or one that '
            '"panorama demo" wrote.'
        )
    if not is_forced:
        raise PipelineError(f'"{folder}" is there already; --force replaces it, with all that was loaded into it.')


def _is_synthetic_folder(folder: Path) -> bool:
    sources = folder / catalog.SOURCES.file
    if not sources.is_file():
        return False
    found = pl.read_csv(sources, infer_schema=False, truncate_ragged_lines=True)
    return {"source_id", "kind"} <= set(found.columns) and not found.filter(
        source_id=SOURCE_ID, kind="synthetic"
    ).is_empty()
