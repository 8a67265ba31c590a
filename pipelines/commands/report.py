"""``panorama report``: the profiles of states as PDF files, two pages each, in any of the four languages."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from pipelines import editions
from pipelines.console import DataOption, console, progress
from pipelines.errors import PipelineError
from pipelines.i18n import LANGUAGES


def report(
    states: Annotated[
        list[str] | None, typer.Argument(metavar="STATE…", help="States by code or name: KNA Guatemala.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="The profiles of all states.")] = False,
    lang: Annotated[str, typer.Option(help="The languages, split at commas: es,en,pt,fr.")] = "en",
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The folder to write into; it is made where there is none.")
    ] = Path("out"),
    edition: Annotated[str | None, typer.Option(help="The edition to read; by default the live one.")] = None,
    site: Annotated[str, typer.Option(help="The address of the dashboard, to which the profiles refer.")] = "",
    data: DataOption = None,
) -> None:
    """Write country profiles (PDF, two pages) of the live edition."""
    languages = _languages(lang)
    if every == bool(states):
        raise PipelineError('Name the states, or give "--all" for all of them; not both.')
    if output.exists() and not output.is_dir():
        raise PipelineError(f'"{output}" is a file; expected: a folder to write into.')
    path = editions.resolve(edition, editions.editions_folder(data))
    # the dashboard and what it needs are fetched only here: the other commands do not wait for them
    import dashboard.exports.profile as profiles

    with _reading(path.parent):
        try:
            profiles.read_edition(path.stem)
            codes = profiles.find_states(states or ())
        except profiles.CannotBeShown:
            raise PipelineError(f"The edition {path.stem} was made for another version of this dashboard.") from None
        except profiles.UnknownState as unknown:
            advice = f"; the nearest is {unknown.nearest_name} ({unknown.nearest})" if unknown.nearest else ""
            raise PipelineError(f'There is no state "{unknown.text}"{advice}.') from None
        output.mkdir(parents=True, exist_ok=True)
        with progress(len(codes) * len(languages)) as step:
            for code in codes:
                for language in languages:
                    step(profiles.write_profile(code, language, output, site=site.rstrip("/")).name)
    count = len(codes) * len(languages)
    console.print(
        f"{count} {'profile' if count == 1 else 'profiles'} of edition {path.stem} in {output}.", soft_wrap=True
    )


def _languages(text: str) -> list[str]:
    asked = list(dict.fromkeys(part.strip().lower() for part in text.split(",") if part.strip()))
    if unknown := [one for one in asked if one not in LANGUAGES]:
        raise PipelineError(f'"{unknown[0]}" is not a language of Panorama; expected: {", ".join(LANGUAGES)}.')
    if not asked:
        raise PipelineError(f"No language is named; expected: {', '.join(LANGUAGES)}.")
    return asked


@contextmanager
def _reading(folder: Path) -> Iterator[None]:
    """The dashboard reads the editions of this folder; afterwards those it read before."""
    before = os.environ.get("PANORAMA_EDITIONS")
    os.environ["PANORAMA_EDITIONS"] = str(folder.absolute())
    try:
        yield
    finally:
        if before is None:
            del os.environ["PANORAMA_EDITIONS"]
        else:
            os.environ["PANORAMA_EDITIONS"] = before
