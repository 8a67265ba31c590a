"""Addresses under which a view, its table, and the tables of an edition can be taken away."""

import asyncio
import csv
import io
from datetime import UTC, date, datetime
from difflib import get_close_matches
from typing import Any

import polars as pl
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from dashboard import areas, db, synthetic
from dashboard.exports import tables
from dashboard.exports.citation import Taking
from dashboard.exports.formats import FORMATS
from dashboard.exports.kept import kept
from dashboard.exports.refusals import language_of, nearest_of, nothing_served, refused, selection_of
from dashboard.i18n import _, listing, use_language
from dashboard.labels import label
from dashboard.settings import hides_names_not_received
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
    """The table of a view: a header in the reader's language, full values, the status of empty ones, source and licence.

    Synthetic records say in every row, in a last column, that they are made up: rows are copied without their header.
    """
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
    made_up = [synthetic.word()] if synthetic.is_synthetic() else []
    header += [_("Synthetic") for _row in made_up]
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
        writer.writerow(cells + made_up)
    writer.writerow([])
    if made_up:
        writer.writerow([synthetic.sentence()])
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


async def view_file(request: Request) -> Response:
    """A view in the format that its address ends in; 404 for an unknown view or format, 400 for an unknown value."""
    async with _turns:
        return await run_in_threadpool(_view_file, request)


_MOST_AT_ONCE = 4
_turns = asyncio.Semaphore(_MOST_AT_ONCE)


def _view_file(request: Request) -> Response:
    import dashboard.pages  # noqa: F401  (registers every view)

    view_id, suffix = request.path_params["view_id"], request.path_params.get("suffix", "csv")
    use_language(language_of(request))
    if view_id not in VIEWS:
        return refused(404, _("There is no view called “{view}”.", view=view_id[:80]), nearest_of(view_id, VIEWS))
    if suffix not in FORMATS:
        offered = _(
            "A view cannot be taken away as “{format}”; it can as {formats}.",
            format=suffix[:20],
            formats=listing(list(FORMATS), "or"),
        )
        return refused(404, offered)
    try:
        selection, problem = selection_of(request)
    except db.NoEdition as error:
        return nothing_served(error)
    if problem:
        return refused(400, problem)
    wanted = FORMATS[suffix]
    if not wanted.is_possible():
        return refused(503, _("This server cannot make this kind of file; the other kinds are there."))
    taking = Taking(selection, _site(request), datetime.now(UTC).date())
    key = (db.read_from(), hides_names_not_received(), view_id, suffix, taking)
    headers = {
        # an edition named in the address never changes; the live one is asked about again
        "Cache-Control": "private, max-age=86400" if selection.edition else "no-cache",
    }
    if wanted.use == "saved":
        headers["Content-Disposition"] = f'attachment; filename="{synthetic.file_name(f"{view_id}.{suffix}")}"'
    body = kept(key, lambda: wanted.write(VIEWS[view_id](selection), taking))
    return Response(body, media_type=wanted.media_type, headers=headers)


def _site(request: Request) -> str:
    """The address of this site as the reader asked for it."""
    return str(request.base_url).rstrip("/")


async def edition_file(request: Request) -> Response:
    """A table of an edition as CSV or Parquet, or all of them as one zip; 404 for a table that the edition has not."""
    return await run_in_threadpool(_edition_file, request)


def _edition_file(request: Request) -> Response:
    name, suffix = request.path_params.get("name", ""), request.path_params.get("suffix", "")
    try:
        selection, problem = selection_of(request)
        if problem:
            return refused(400, problem)
        path = tables.table_file(name, suffix) if name else tables.package_file()
    except db.NoEdition as error:
        return nothing_served(error)
    except tables.UnknownTable:
        near = get_close_matches(name, tables.table_names(), n=1, cutoff=0)
        return refused(
            404,
            _(
                "There is no table “{name}” as {format} in this edition; the nearest is {nearest}.csv.",
                name=name[:80],
                format=suffix[:20],
                nearest=near[0] if near else "dim_source",
            ),
        )
    headers = {
        "ETag": f'"{db.edition()}/{path.name}"',
        # an edition named in the address never changes; the live one is asked about again
        "Cache-Control": "public, max-age=31536000, immutable" if selection.edition else "no-cache",
    }
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    filename = synthetic.file_name(f"panorama-{db.edition()}.zip" if path.suffix == ".zip" else path.name)
    return FileResponse(path, media_type=_MEDIA_TYPES[path.suffix], filename=filename, headers=headers)


ROUTES = [
    Route("/download/table/{name:str}.{suffix:str}", edition_file),
    Route(f"/download/{tables.PACKAGE}", edition_file),
    Route("/download/{view_id:str}.csv", view_file),  # as it was called before there were other formats
    Route("/view/{view_id:str}.{suffix:str}", view_file),
]
