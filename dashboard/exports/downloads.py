"""Addresses under which the table of a view can be taken away."""

import csv
import io
from datetime import date
from difflib import get_close_matches
from typing import Any

import polars as pl
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from dashboard import areas, db
from dashboard.choices import choices
from dashboard.exports import tables
from dashboard.i18n import _, use_language
from dashboard.labels import label
from dashboard.selection import Selection, from_parameters
from dashboard.views.registry import VIEWS
from dashboard.views.view import View

_MEDIA_TYPES = {
    ".csv": "text/csv; charset=utf-8",
    ".parquet": "application/vnd.apache.parquet",
    ".zip": "application/zip",
}
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def neutral(text: str) -> str:
    """A text that no spreadsheet takes for a formula; a plain number stays as it is."""
    if not text.startswith(_FORMULA_STARTS):
        return text
    try:
        float(text)
    except ValueError:
        return "'" + text
    return text


def view_csv(view: View) -> str:
    """The table of a view: a header in the reader's language, full values, the status of empty ones, source and licence."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    citations = {source.source_id: source for source in view.sources}
    header: list[str] = []
    for column in view.columns:
        header.append(column.label)
        if column.kind == "area":
            header.append(_("code"))
        if column.status_key:
            header.append(_("{column}: status", column=column.label))
        if column.kind == "source":
            header += [_("Title"), _("Address")]
    writer.writerow([neutral(text) for text in header])
    for row in view.table.iter_rows(named=True):
        cells: list[str] = []
        for column in view.columns:
            value = row[column.key]
            if column.kind == "area":
                cells += [neutral(areas.name(value)) if value else "", value or ""]
            elif column.kind == "source":
                source = citations.get(value)
                cells += (
                    [neutral(source.doc_code or source.source_id), neutral(source.title), source.url]
                    if source
                    else ["", "", ""]
                )
            else:
                cells.append(_plain(value))
            if column.status_key:
                cells.append(f"{row[column.status_key] or ''} {label('obs_status', row[column.status_key])}".strip())
        writer.writerow(cells)
    writer.writerow([])
    for line in (view.title, view.takeaway or view.empty, *view.notes):
        writer.writerow([neutral(line)])
    for source in view.sources:
        writer.writerow(
            [neutral(f"{_('Source:')} {source.publisher}, {source.title} {source.doc_code} {source.url}".strip())]
        )
    writer.writerow([_("Edition {edition}", edition=db.edition())])
    return "﻿" + out.getvalue()


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return neutral(value)
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, list | pl.Series):
        return neutral("; ".join(str(part) for part in value))
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def selection_of(request: Request) -> tuple[Selection, str]:
    """The selection that an address names, strictly: an unknown value gives a message instead of a guess."""
    asked = request.query_params.get("edition", "")
    db.use_edition(asked if asked in db.editions() else None)
    selection, problems = from_parameters(dict(request.query_params), choices(), Selection())
    use_language(selection.lang)
    if problems:
        first = problems[0]
        return selection, _(
            "The address asks for “{value}” ({parameter}), which is not known here.",
            value=first.value,
            parameter=first.parameter,
        )
    return selection, ""


async def view_table(request: Request) -> Response:
    """The table of a view as CSV; 404 for an unknown view, 400 for an unknown value in the address."""
    return await run_in_threadpool(_view_table, request)


def _view_table(request: Request) -> Response:
    import dashboard.pages  # noqa: F401  (registers every view)

    view_id = request.path_params["view_id"]
    try:
        selection, problem = selection_of(request)
    except db.NoEdition:
        return PlainTextResponse("No edition has been published yet.", status_code=503)
    if view_id not in VIEWS:
        return PlainTextResponse(_("There is no view called “{view}”.", view=view_id[:80]), status_code=404)
    if problem:
        return PlainTextResponse(problem, status_code=400)
    return Response(
        view_csv(VIEWS[view_id](selection)),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{view_id}.csv"', "Cache-Control": "no-cache"},
    )


async def edition_file(request: Request) -> Response:
    """A table of an edition as CSV or Parquet, or all of them as one zip; 404 for a table that the edition has not."""
    return await run_in_threadpool(_edition_file, request)


def _edition_file(request: Request) -> Response:
    name, suffix = request.path_params.get("name", ""), request.path_params.get("suffix", "")
    try:
        selection, problem = selection_of(request)
        if problem:
            return PlainTextResponse(problem, status_code=400)
        path = tables.table_file(name, suffix) if name else tables.package_file()
    except db.NoEdition:
        return PlainTextResponse("No edition has been published yet.", status_code=503)
    except tables.UnknownTable:
        nearest = get_close_matches(name, tables.table_names(), n=1, cutoff=0)
        return PlainTextResponse(
            _(
                "There is no table “{name}” as {format} in this edition; the nearest is {nearest}.csv.",
                name=name[:80],
                format=suffix[:20],
                nearest=nearest[0] if nearest else "dim_source",
            ),
            status_code=404,
        )
    headers = {
        "ETag": f'"{db.edition()}/{path.name}"',
        # an edition named in the address never changes; the live one is asked about again
        "Cache-Control": "public, max-age=31536000, immutable" if selection.edition else "no-cache",
    }
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    filename = f"panorama-{db.edition()}.zip" if path.suffix == ".zip" else path.name
    return FileResponse(path, media_type=_MEDIA_TYPES[path.suffix], filename=filename, headers=headers)


ROUTES = [
    Route("/download/table/{name:str}.{suffix:str}", edition_file),
    Route(f"/download/{tables.PACKAGE}", edition_file),
    Route("/download/{view_id:str}.csv", view_table),
]
