"""A state on two pages of A4 as PDF: the views of its page, set by typst, tagged for those who hear it (PDF/UA-1).

The words and numbers are those of the views of the country page. They reach typst as data, never as markup; how many
rows of each list fit is measured there. The same edition gives the same file, byte for byte.
"""

import json
import os
import threading
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from textwrap import shorten
from typing import Any

import polars as pl
import typst
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dashboard import areas, db, synthetic
from dashboard.choices import read_address, record_years
from dashboard.exports.citation import licence, not_official
from dashboard.exports.refusals import nearest, nothing_served, refused, selection_of
from dashboard.i18n import _, clauses, day, in_language, language, n_, named, number
from dashboard.labels import label
from dashboard.queries import sources
from dashboard.selection import Selection, address
from dashboard.settings import hides_names_not_received
from dashboard.texts import FREE_OF_REMARK
from dashboard.theme import LIGHT
from dashboard.views import country
from dashboard.views.registry import VIEWS
from dashboard.views.view import SourceNote, View

_TEMPLATE = Path(__file__).with_name("profile.typ")
_REGIONS = {"pt": "BR"}
_MOST_ROWS = 24
"""The rows of a list that are measured at all; two pages never hold more."""
_MOST_KEPT = 64
_TRANSLATED = "°"
_NO_GLYPH = "□"
_UNTOLD = ("not_stated", "untold", "outside")
_SIGNS = "\u00a0\u2009\u202f–—‘’‚“”„•…‰‹›€№™−≤≥«»°ªº§©®±·¿¡½¼¾×²³□"
_REMEMBERED = 10
# typst uses every core by itself
_one_at_a_time = threading.Lock()
_VIEWS = (
    "profile", "events", "programmes", "questionnaires", "treaties", "authorities", "plans", "laws", "standing",
    "context", "caveats", "missing",
)  # fmt: skip


CannotBeShown = db.OtherContract
"""The edition was made for another version of the dashboard."""


class UnknownState(Exception):
    """No state is meant by a text; ``nearest`` is the code of the one that comes closest, empty where none does."""

    def __init__(self, text: str, nearest: str) -> None:
        super().__init__(text)
        self.text = text
        self.nearest = nearest

    @property
    def nearest_name(self) -> str:
        """The name of the nearest state in the reader's language."""
        return areas.name(self.nearest) if self.nearest else ""


def read_edition(edition_id: str) -> None:
    """Make the profiles that follow from this edition; CannotBeShown where its tables are not those expected."""
    db.use_edition(edition_id)


def find_states(texts: Iterable[str]) -> list[str]:
    """The codes of the states named, each once and in the order named; without any, of all states by name."""
    return list(dict.fromkeys(find_state(text) for text in texts)) or areas.states()


def find_state(text: str) -> str:
    """The code of the state that a code or a name in any of the four languages means; UnknownState with the nearest."""
    selection, problems = read_address({"area": text, "edition": db.edition()}, Selection())
    for problem in problems:
        if problem.parameter == "area":
            raise UnknownState(text[:80], problem.nearest)
    if not selection.area:
        raise UnknownState(text[:80], "")
    return selection.area


def file_name(area_code: str, lang: str) -> str:
    """The name under which a profile is kept; one of synthetic records says so."""
    return synthetic.file_name(f"panorama-{area_code}-{lang}.pdf")


def write_profile(area_code: str, lang: str, folder: Path, *, site: str = "") -> Path:
    """Write the profile of a state into a folder, whole or not at all; the file."""
    path = folder / file_name(area_code, lang)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        partial.write_bytes(profile_pdf(area_code, lang, site=site))
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
    return path


def profile_pdf(area_code: str, lang: str, *, site: str = "") -> bytes:
    """The profile of a state in a language from this run's edition; ``site`` (``https://…``) is where its page is."""
    return _profile_pdf(db.read_from(), hides_names_not_received(), area_code, lang, site)


# an edition never changes: what was set once is sent again
@lru_cache(maxsize=_MOST_KEPT)
def _profile_pdf(_reading: tuple[str, str], _hides_names: bool, area_code: str, lang: str, site: str) -> bytes:
    with in_language(lang):
        return typeset(content(area_code, site))


def typeset(profile: Mapping[str, Any]) -> bytes:
    """A profile's words and numbers as a PDF; a character that the typefaces lack is shown as an empty box."""
    said = _without_controls(profile)
    try:
        return _typeset(said)
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise
    return _typeset(_with_known_characters(said))


def _typeset(profile: Any) -> bytes:
    with _one_at_a_time:
        made = typst.compile(
            str(_TEMPLATE),
            ignore_system_fonts=True,
            sys_inputs={"profile": json.dumps(profile, ensure_ascii=False, sort_keys=True)},
            pdf_standards=["ua-1"],
        )
        _forget()
    assert isinstance(made, bytes)  # noqa: S101  (the answer is a list only for other formats)
    return made


def _forget() -> None:
    """Have typst forget the profile that it has just set.

    It remembers how the parts of its last ten documents were laid out, 20 MiB for each; no other profile has them.
    """
    for _turn in range(_REMEMBERED):
        _blank().compile(b"", format="pdf")


@cache
def _blank() -> typst.Compiler:
    return typst.Compiler(ignore_system_fonts=True)


def _mapped(value: Any, change: Any) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {key: _mapped(one, change) for key, one in value.items()}
    return [_mapped(one, change) for one in value] if isinstance(value, list | tuple) else value


def _without_controls(profile: Any) -> Any:
    """Control characters, unassigned ones and marks of direction say nothing on paper."""
    return _mapped(
        profile,
        lambda text: "".join(
            " " if char in "\t\n\r" else char
            for char in text
            if char in "\t\n\r" or unicodedata.category(char)[0] != "C"
        ),
    )


def _with_known_characters(profile: Any) -> Any:
    """Letters beyond Latin Extended and signs that the typefaces may lack become empty boxes."""
    return _mapped(
        profile,
        lambda text: "".join(char if ord(char) < 0x0180 or char in _SIGNS else _NO_GLYPH for char in text),
    )


def content(area_code: str, site: str = "") -> dict[str, Any]:
    """Everything that the two pages of a state may say, in the reader's language, in the shape the template reads."""
    selection = Selection(lang=language(), area=area_code)
    views = {name: VIEWS[f"country.{name}"](selection) for name in _VIEWS}
    about = sources.edition()
    page = address("country", selection, edition=db.edition())
    as_of = about["as_of_on"]
    return {
        "lang": language(),
        "region": _REGIONS.get(language()),
        "date": [as_of.year, as_of.month, as_of.day],
        "title": _("{name}: country profile", name=areas.name(area_code)),
        "name": areas.name(area_code),
        "official": _official(area_code),
        "kicker": _("Panorama · Country profile · OAS action against trafficking in persons"),
        "group": country.kicker(selection),
        "portrait": country.portrait(selection),
        "edition": _("Edition {edition}, records as of {date}.", edition=db.edition(), date=day(as_of)),
        "not_official": not_official(),
        "banner": synthetic.sentence() if about["is_synthetic"] else "",
        "address_intro": _("Everything on record, with every source:"),
        "address": f"{site}{page}" if site else f"Panorama {page}",
        "link": f"{site}{page}" if site else "",
        "tiles": _tiles(area_code),
        "figures_title": views["profile"].title,
        "figures": _figures(views["profile"]),
        "last_training": views["profile"].takeaway,
        "first": [
            [_training(views["events"]), _treaties(views["treaties"])],
            [_programmes(views["programmes"]), _questionnaires(views["questionnaires"])],
        ],
        "national": [_authorities(views["authorities"]), _plans(views["plans"]), _laws(views["laws"])],
        "second": [
            [_caveats(views["caveats"]), _sources(views.values())],
            [
                _standing(views["standing"], selection),
                _context(views["context"], views["standing"], selection),
            ],
        ],
        "notes": _notes(views),
        "about": _about(views["missing"]),
        "colours": {
            "ink": LIGHT.ink,
            "muted": LIGHT.muted,
            "line": LIGHT.line,
            "focus": LIGHT.focus,
            "announced": LIGHT.announced,
            "context": LIGHT.context,
            "land": LIGHT.land,
            "near": LIGHT.scale[1],
        },
    }  # fmt: skip


def _official(area_code: str) -> str:
    official = areas.official_name(area_code)
    return "" if official == areas.name(area_code) else official


def _tiles(area_code: str) -> dict[str, Any]:
    """Where the state lies: a tile for each of the states, its own and those of its subregion marked."""
    tiles = areas.tiles()
    group = areas.group_of(area_code, "oas")
    near = areas.members("oas", group)
    top, left = tiles["tile_row"].min(), tiles["tile_column"].min()
    cells = [
        {
            "row": row - top,
            "column": column - left,
            "kind": "own" if code == area_code else "group" if code in near else "other",
        }
        for code, row, column in tiles.select("area_code", "tile_row", "tile_column").iter_rows()
    ]
    return {
        "cells": cells,
        "rows": max(cell["row"] for cell in cells) + 1,
        "columns": max(cell["column"] for cell in cells) + 1,
        "said": _(
            "{state} among the states of the Americas, and those of {group}.",
            state=areas.name(area_code),
            group=areas.name(group),
        ),
        "notice": _(
            "Names and boundaries are shown for convenience and imply no endorsement. Each state has a tile of the same size."
        ),
    }


def _figures(view: View) -> list[dict[str, str]]:
    return [
        {
            "shown": row["shown"],
            "of": _("of {total}", total=row["of"]) if row["of"] is not None else "",
            "what": row["what"],
        }
        for row in view.table.iter_rows(named=True)
    ]


def _section(
    view: View,
    kind: str,
    rows: Iterable[Mapping[str, Any]],
    *,
    total: int | None = None,
    least: int = 2,
    head: Sequence[str] = (),
    widths: Sequence[float] = (),
    title: str = "",
    takeaway: str | None = None,
) -> dict[str, Any]:
    """A section of the template; ``more`` says for each number of rows shown how many are left on the page."""
    every = list(rows)
    shown = every[:_MOST_ROWS]
    height = len(every) if total is None else total
    return {
        "kind": kind,
        "title": title or view.title,
        "takeaway": (view.empty or view.takeaway) if takeaway is None else takeaway,
        "rows": shown,
        "total": height,
        "least": least,
        "head": list(head),
        "widths": list(widths),
        "more": [
            n_("{n} more is on the page of the state.", "{n} more are on the page of the state.", height - count)
            for count in range(min(len(shown), height - 1) + 1)
        ]
        if height
        else [],
    }


def _said(row: Mapping[str, Any], column: str) -> str:
    """A recorded text with the remark that its wording asks for."""
    text, basis = row[column] or "", row.get(f"{column}_basis") or ""
    if not text or not basis or basis in FREE_OF_REMARK:
        return text
    return f"{text}{_TRANSLATED}" if basis == "translated" else f"{text} ({label('language', basis)})"


def _original_first(row: Mapping[str, Any], original: str, column: str) -> tuple[str, list[str]]:
    """The name in the language of its source, and the reader's wording under it where that is another."""
    own, source_text = _said(row, column), row[original] or ""
    if not source_text:
        return own, []
    return source_text, [] if source_text.casefold() == (row[column] or "").casefold() else [own]


def _record(
    row: Mapping[str, Any],
    documents: Mapping[str, SourceNote],
    *,
    when: str,
    title: str,
    lines: Iterable[str] = (),
    status: str = "",
    kind: str = "",
) -> dict[str, Any]:
    source = documents.get(row["source_id"])
    return {
        "when": when,
        "title": title,
        "lines": [line for line in lines if line],
        "status": status,
        "kind": kind,
        "source": (source.doc_code or shorten(source.title, 48, placeholder=" …")) if source else "",
    }


def _documents(view: View) -> dict[str, SourceNote]:
    return {source.source_id: source for source in view.sources}


def _training(view: View) -> dict[str, Any]:
    """The events as bars by year, held and announced apart, and as a list."""
    documents = _documents(view)
    # what the state only hosted does not count as its training and gives way where room is short
    ordered = view.table.sort("took_part", descending=True, maintain_order=True) if view.table.height else view.table
    rows = [
        _record(
            row,
            documents,
            when=row["when"],
            title=_said(row, "title"),
            lines=(row["place"], row["officials_said"], "" if row["took_part"] else row["part"]),
            status=row["said_status"],
            kind="focus" if row["status"] == "held" else "announced",
        )
        for row in ordered.head(_MOST_ROWS).iter_rows(named=True)
    ]
    section = _section(
        view, "records", rows, total=view.table.height, head=(_("Date"), _("Event")), widths=(19, 0), least=3
    )
    took_part = view.table.filter("took_part") if view.table.height else view.table
    if not took_part.height or took_part["year"].is_null().all():
        return section
    return section | {"years": _years(took_part, view.takeaway)}


def _years(events: pl.DataFrame, said: str) -> dict[str, Any]:
    dated = events.filter(pl.col("year").is_not_null())
    is_held = dated["status"] == "held"
    held, others = (dated.filter(mask)["year"].to_list() for mask in (is_held, ~is_held))
    first, last = record_years()
    bars = [
        {
            "held": held.count(year),
            "others": others.count(year),
            "total": number(held.count(year) + others.count(year)) if year in held or year in others else "",
            "label": str(year) if year % 5 == 0 else "",
        }
        for year in range(first, last + 1)
    ]
    undated = events.height - dated.height
    by_year = [
        _(
            "{year}: {held} held, {others} announced or planned",
            year=str(first + place),
            held=bar["held"],
            others=bar["others"],
        )
        for place, bar in enumerate(bars)
        if bar["total"]
    ]
    return {
        "bars": bars,
        "said": f"{said} {'; '.join(by_year)}",
        "held": label("event_status", "held"),
        "others": _("announced or planned"),
        "undated": n_("{n} without a single year", "{n} without a single year", undated) if undated else "",
    }


def _programmes(view: View) -> dict[str, Any]:
    documents = _documents(view)
    rows = [
        _record(
            row,
            documents,
            when=row["when"],
            title=_said(row, "name"),
            status=_("{status}, as of {date}", status=row["said_status"], date=row["as_of"])
            if row["as_of"]
            else row["said_status"],
            kind="announced" if row["status"] in country.UNDEPLOYED else "focus",
        )
        for row in view.table.iter_rows(named=True)
    ]
    return _section(view, "records", rows, head=(_("Date"), _("Programme")), widths=(19, 0), least=3)


def _questionnaires(view: View) -> dict[str, Any]:
    documents = _documents(view)
    known = [row for row in view.table.iter_rows(named=True) if row["standing"] not in _UNTOLD]
    kinds = {"returned": "focus", "not_received": "zero"}
    rows = [
        _record(
            row,
            documents,
            when=row["when"],
            title=_said(row, "name"),
            status=" · ".join((row["said_standing"], row["form"])),
            kind=kinds.get(row["standing"], ""),
        )
        for row in known
    ]
    section = _section(view, "records", rows, head=(_("Year"), _("Questionnaire")), widths=(19, 0), least=3)
    unsaid = view.table.height - len(known)
    if unsaid:
        section["takeaway"] += " " + n_(
            "{n} more round is listed on the page: no source says whether the state replied, or the state did not take part in the OAS then.",
            "{n} more rounds are listed on the page: no source says whether the state replied, or the state did not take part in the OAS then.",
            unsaid,
        )
    return section


def _treaties(view: View) -> dict[str, Any]:
    rows = [
        {"cells": [_said(row, "name"), row["said_status"], row["acted"] or "–"]}
        for row in view.table.iter_rows(named=True)
    ]
    head = (_("Instrument"), _("Standing"), _("Since"))
    return _section(view, "facts", rows, head=head, widths=(0, 25, 19), least=11)


def _authorities(view: View) -> dict[str, Any]:
    documents = _documents(view)
    rows = []
    for row in view.table.iter_rows(named=True):
        title, beneath = _original_first(row, "name_original", "name")
        when = str(row["as_of_year"]) if row["as_of_year"] else "–"
        rows.append(_record(row, documents, when=when, title=title, lines=beneath, status=row["kind"]))
    return _section(view, "records", rows, head=(_("As of"), _("Name")), widths=(15, 0))


def _plans(view: View) -> dict[str, Any]:
    documents = _documents(view)
    rows = []
    for row in view.table.iter_rows(named=True):
        title, beneath = _original_first(row, "title_original", "title")
        rows.append(_record(row, documents, when=row["when"], title=title, lines=beneath, status=_dated(row)))
    return _section(view, "records", rows, head=(_("Years"), _("Title")), widths=(15, 0))


def _laws(view: View) -> dict[str, Any]:
    documents = _documents(view)
    rows = []
    for row in view.table.iter_rows(named=True):
        title, beneath = _original_first(row, "title_original", "title")
        number_said = row["law_number"] if row["law_number"] and row["law_number"] not in title else ""
        rows.append(
            _record(
                row,
                documents,
                when=row["when"],
                title=title,
                lines=(*beneath, number_said, row["kind"]),
                status=_dated(row),
            )
        )
    return _section(view, "records", rows, head=(_("Date"), _("Title")), widths=(15, 0))


def _dated(row: Mapping[str, Any]) -> str:
    """A status with the date of its source."""
    if not row["as_of_said"]:
        return row["said_status"]
    return _("{status}; source of {date}", status=row["said_status"], date=row["as_of_said"])


def _standing(view: View, selection: Selection) -> dict[str, Any]:
    """Indicators in which the range of the states means something, each with the state's place in it."""
    rows = [
        {
            "title": row["title"],
            "unit": _unit(row),
            "value": row["value_said"],
            "when": clauses((row["when"], _flag(row))),
            "median": row["median_said"],
            "lowest": row["lowest_said"],
            "highest": row["highest_said"],
            "at": _place(row["value"], row),
            "median_at": _place(row["group_median"], row) if row["group_states"] > 1 else None,
            "said": row["said"],
        }
        for row in view.table.iter_rows(named=True)
    ]
    return _section(view, "strips", rows, head=_strip_head(selection), widths=(0, 21, 16, 24), least=12)


def _unit(row: Mapping[str, Any]) -> str:
    """The unit of an indicator where its title does not say it."""
    return "" if row["unit"].casefold() in row["title"].casefold() else row["unit"]


def _flag(row: Mapping[str, Any]) -> str:
    """The word for an estimate, a break or a provisional value; nothing for a normal one."""
    return "" if row["obs_status"] == "A" else label("obs_status", row["obs_status"])


def _strip_head(selection: Selection) -> tuple[str, ...]:
    group = areas.name(areas.group_of(selection.area, selection.scheme))
    return (
        _("Indicator"),
        _("Value"),
        _("Median of {group}", group=group),
        _("Lowest and highest state"),
    )


def _place(value: float | None, row: Mapping[str, Any]) -> float | None:
    """Where a value lies from the lowest (0) to the highest (1); the middle where all states have the same."""
    if value is None:
        return None
    width = row["highest"] - row["lowest"]
    return 0.5 if width == 0 else (value - row["lowest"]) / width


def _context(view: View, beside: View, selection: Selection) -> dict[str, Any]:
    """The open indicators that the strips do not show: their range would only show how large states are."""
    shown = set(beside.table["indicator_id"]) if beside.table.height else set()
    rows = [
        {
            "cells": [
                f"{row['title']} ({unit})" if (unit := _unit(row)) else row["title"],
                clauses((f"{row['value_said']} ({row['year']})", _flag(row))),
                row["median_said"],
            ]
        }
        for row in view.table.iter_rows(named=True)
        if row["indicator_id"] not in shown
    ]
    return _section(view, "facts", rows, head=_strip_head(selection)[:3], widths=(0, 26, 20), least=5)


def _caveats(view: View) -> dict[str, Any]:
    rows = [
        {"head": f"{row['kind_said']}, {row['subject']}.", "text": row["text"]}
        for row in view.table.iter_rows(named=True)
    ]
    return _section(view, "points", rows, least=7)


def _notes(views: Mapping[str, View]) -> dict[str, Any]:
    """How the figures count: the first note of every view before the second of any."""
    every = {name: view.notes for name, view in views.items()}
    # what the view says of the rounds in its table stands under the heading of the questionnaires
    every["questionnaires"] = every["questionnaires"][: None if hides_names_not_received() else 1]
    most = max(map(len, every.values()))
    turns = [notes[place] for place in range(most) for notes in every.values() if place < len(notes)]
    if any(
        "translated" in view.table[column].to_list()
        for view in views.values()
        for column in view.table.columns
        if column.endswith("_basis")
    ):
        turns.insert(0, _("° Our translation; the document cited has the original wording."))
    rows = [{"head": "", "text": text} for text in dict.fromkeys(turns)]
    about = View(id="", title=_("How we count"), takeaway="", table=pl.DataFrame(), columns=())
    return _section(about, "points", rows, least=4)


def _sources(views: Iterable[View]) -> dict[str, Any]:
    """The documents behind everything on the two pages, those with a code first."""
    found = {source.source_id: source for view in views for source in view.sources}
    ordered = sorted(found.values(), key=lambda source: not source.doc_code)
    rows = [
        {"head": source.doc_code, "text": shorten(named(source.publisher, source.title), 130, placeholder=" …")}
        for source in ordered
    ]
    about = View(id="", title=_("Sources"), takeaway="", table=pl.DataFrame(), columns=())
    return _section(about, "points", rows, least=6)


def _about(missing: View) -> dict[str, Any]:
    """What the records hold on the state at all, and whose publication this is not."""
    texts = (missing.takeaway, not_official(), licence())
    rows = [{"head": "", "text": text} for text in texts]
    return _section(missing, "points", rows, least=len(rows), takeaway="")


async def country_profile(request: Request) -> Response:
    """The profile of the state in the address as PDF; 404 for a state that is not known, 400 for an unknown value."""
    return await run_in_threadpool(_country_profile, request)


def _country_profile(request: Request) -> Response:
    try:
        selection, problem = selection_of(request, only=("lang", "edition"))
    except db.NoEdition as error:
        return nothing_served(error)
    if problem:
        return refused(400, problem)
    try:
        area_code = find_state(request.path_params["area"])
    except UnknownState as unknown:
        said = _("There is no state “{name}” here.", name=unknown.text)
        return refused(404, said, nearest(f"{unknown.nearest_name} ({unknown.nearest})" if unknown.nearest else ""))
    site = str(request.base_url).rstrip("/")
    file = file_name(area_code, selection.lang)
    headers = {"Content-Disposition": f'inline; filename="{file}"', "Cache-Control": "no-cache"}
    return Response(profile_pdf(area_code, selection.lang, site=site), media_type="application/pdf", headers=headers)


ROUTES = [Route("/profile/{area:str}.pdf", country_profile)]
