"""Everything on the two pages of a state: its head, the figures, the sections, the notes and the sources."""

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from dashboard import areas, db, synthetic
from dashboard.exports.citation import licence, not_official
from dashboard.exports.profile import sections
from dashboard.exports.profile.entries import section
from dashboard.i18n import _, day, language, named
from dashboard.queries import sources
from dashboard.selection import Selection, address
from dashboard.settings import hides_names_not_received
from dashboard.short_names import cut_short
from dashboard.theme import LIGHT
from dashboard.views import country
from dashboard.views.registry import VIEWS
from dashboard.views.view import View

_REGIONS = {"pt": "BR"}
VIEW_NAMES = (
    "profile", "events", "programmes", "questionnaires", "treaties", "authorities", "plans", "laws", "standing",
    "context", "caveats", "missing",
)  # fmt: skip
"""The views of the country page that a profile is made of."""


def content(area_code: str, site: str = "") -> dict[str, Any]:
    """Everything that the two pages of a state may say, in the reader's language, in the shape the template reads."""
    selection = Selection(lang=language(), area=area_code)
    views = {name: VIEWS[f"country.{name}"](selection) for name in VIEW_NAMES}
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
            [sections.training(views["events"]), sections.treaties(views["treaties"])],
            [sections.programmes(views["programmes"]), sections.questionnaires(views["questionnaires"])],
        ],
        "national": [
            sections.authorities(views["authorities"]),
            sections.plans(views["plans"]),
            sections.laws(views["laws"]),
        ],
        "second": [
            [sections.caveats(views["caveats"]), _sources(views.values())],
            [
                sections.standing(views["standing"], selection),
                sections.context(views["context"], views["standing"], selection),
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
    return section(about, "points", rows, least=4)


def _sources(views: Iterable[View]) -> dict[str, Any]:
    """The documents behind everything on the two pages, those with a code first."""
    found = {source.source_id: source for view in views for source in view.sources}
    ordered = sorted(found.values(), key=lambda source: not source.doc_code)
    rows = [
        {"head": source.doc_code, "text": cut_short(named(source.publisher, source.title), 130)} for source in ordered
    ]
    about = View(id="", title=_("Sources"), takeaway="", table=pl.DataFrame(), columns=())
    return section(about, "points", rows, least=6)


def _about(missing: View) -> dict[str, Any]:
    """What the records hold on the state at all, and whose publication this is not."""
    texts = (missing.takeaway, not_official(), licence())
    rows = [{"head": "", "text": text} for text in texts]
    return section(missing, "points", rows, least=len(rows), takeaway="")
