"""``panorama demo``: a synthetic data folder of any size, for practice, benchmarks and tests."""

from pathlib import Path
from typing import Annotated

import typer

from pipelines.console import console, counting, known_language
from pipelines.errors import PipelineError

FOLDER = Path(__file__).parents[2] / "data-demo"


def demo(
    events: Annotated[int, typer.Option(min=1, max=99_999_999, help="The training events.")] = 500,
    rounds: Annotated[int, typer.Option(min=1, max=50, help="The rounds of questionnaires.")] = 4,
    questions: Annotated[int, typer.Option(min=1, max=999, help="The questions in each round.")] = 40,
    seed: Annotated[int, typer.Option(help="The same seed makes the same files; another one, others.")] = 7,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="The folder to write; by default data-demo in the project.", show_default=False
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace an earlier folder of synthetic records, with all loaded into it.")
    ] = False,
    no_edition: Annotated[
        bool, typer.Option("--no-edition", help="Write the files only; an edition of many millions of rows takes long.")
    ] = False,
    workbook: Annotated[
        Path | None,
        typer.Option(
            "--workbook", help="Also write the records as a workbook such as staff hand in.", show_default=False
        ),
    ] = None,
    lang: Annotated[str, typer.Option(help="The language of the workbook: en, es, pt or fr.")] = "en",
) -> None:
    """Write synthetic records for practice: a whole data folder with its edition, kept apart from real records."""
    from pipelines.demo import write_demo
    from pipelines.intake.template import write_template

    if workbook is not None:
        _refuse_workbook(workbook, lang, is_forced=force)
    folder = FOLDER if output is None else output
    with counting() as on_progress:
        write_demo(
            folder,
            events=events,
            rounds=rounds,
            questions=questions,
            seed=seed,
            has_edition=not no_edition,
            is_forced=force,
            on_progress=on_progress,
        )
        if workbook is not None:
            on_progress("the workbook", 0, None)
            write_template(workbook, folder, lang, is_filled=True)
    console.print(f"{events:,} synthetic events and the records around them are in {folder}.", soft_wrap=True)
    if workbook is not None:
        console.print(f"The same records as a workbook: {workbook}", soft_wrap=True)
    if no_edition:
        console.print(f"No edition was built; this builds it: panorama build --data {folder}", soft_wrap=True)
    else:
        console.print(f"See them in a browser: panorama serve --data {folder}", soft_wrap=True)


def _refuse_workbook(path: Path, lang: str, *, is_forced: bool) -> None:
    """PipelineError where the workbook could not be written at the end."""
    known_language(lang)
    if path.suffix.lower() != ".xlsx":
        raise PipelineError(f'"{path.name}" is not the name of a workbook; expected: a name ending in .xlsx.')
    if not path.parent.is_dir():
        raise PipelineError(f'There is no folder "{path.parent}" to write the workbook into.')
    if path.exists() and not is_forced:
        raise PipelineError(f'There is a file "{path}" already; --force replaces it.')
