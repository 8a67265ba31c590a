"""The command that writes the workbook which staff fill in."""

from pathlib import Path
from typing import Annotated

import typer

from pipelines import editions
from pipelines.console import DataOption, console, existing, known_language
from pipelines.errors import PipelineError
from pipelines.i18n import _, use_language


def template(
    out: Annotated[Path, typer.Option("--output", "-o", help="The workbook to write, such as registro.xlsx.")],
    lang: Annotated[str, typer.Option("--lang", help="The language of the workbook: en, es, pt or fr.")] = "en",
    filled: Annotated[bool, typer.Option("--filled", help="With the records that the registry holds now.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace the file where there is one already.")] = False,
    data: DataOption = None,
) -> None:
    """Write the workbook that staff fill in, with lists, help and an example on each sheet."""
    use_language(known_language(lang))
    if out.suffix.lower() != ".xlsx":
        raise PipelineError(
            _('"{file}" is not the name of a workbook; expected: a name ending in .xlsx.', file=out.name)
        )
    if out.is_dir():
        raise PipelineError(_('"{file}" is a folder.', file=out.name))
    if out.exists() and not force:
        raise PipelineError(_('There is a file "{file}" already; --force replaces it.', file=out.name))
    if not out.parent.is_dir():
        raise PipelineError(_('There is no folder "{folder}" to write into.', folder=out.parent))
    from pipelines.intake.template import write_template

    write_template(out, existing(editions.data_folder(data)), lang, filled)
    console.print(_('"{file}" is ready to be filled in.', file=out.name), markup=False)
