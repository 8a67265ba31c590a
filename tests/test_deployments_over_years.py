"""A deployment counts in every year from its known start to its known end, the same wherever a period is chosen."""

import csv
import shutil
from pathlib import Path
from typing import Any

import pytest

import dashboard.pages  # noqa: F401  (registers every view)
from dashboard import db
from dashboard.queries import programmes
from dashboard.selection import Selection
from dashboard.views.behind import behind
from dashboard.views.records import Listed, listed
from dashboard.views.registry import VIEWS
from dashboard.views.view import View
from pipelines import build, editions
from tests.conftest import PROJECT, SHIPPED_AS_OF

SAME = {"country": "KNA", "scope": "country", "source_id": "oas_work_plan_2010_2012_report", "text_lang": "en"}
DEPLOYMENTS: tuple[dict[str, str], ...] = (
    {"deployment_id": "LONG", "programme_id": "P01", "start_date": "2010-03", "end_date": "2012-05"},
    # years alone say only that it lay somewhere between them
    {"deployment_id": "SPAN", "programme_id": "P02", "start_date": "2010", "end_date": "2012"},
    {"deployment_id": "YEAR", "programme_id": "P03", "start_date": "2010", "end_date": "2012", "year": "2010"},
    {"deployment_id": "UNDATED", "programme_id": "P04"},
    # the same programme as the long one, said beforehand while that one was under way
    {"deployment_id": "PLAN", "programme_id": "P01", "start_date": "2012-02", "status": "planned"},
    # of its own year only, beside the long one on the line of time
    {"deployment_id": "SHORT", "programme_id": "P01", "country": "JAM", "start_date": "2010-06", "end_date": "2010-07"},
    # so that the years after it are known to have programmes somewhere
    {"deployment_id": "LATE", "programme_id": "P05", "country": "BRA", "start_date": "2014-01"},
)
WITHIN = Selection(
    area="KNA", group="OAS-CAR", areas=("KNA", "OAS-CAR"), indicator="programmes_deployed", first_year=2011,
    last_year=2012,
)  # fmt: skip
LATER = WITHIN.but(first_year=2013, last_year=2014)
FIGURES: dict[str, tuple[str, dict[str, str], str]] = {
    "overview.map": ("overview.map", {"area_code": "KNA"}, "value"),
    "overview.subregions": ("overview.subregions", {"group_code": "OAS-CAR"}, "programmes"),
    "subregion.members": ("subregion.members", {"area_code": "KNA"}, "programmes"),
    "subregion.programmes": ("subregion.programmes", {"programme_id": "P01"}, "states"),
    "programmes.countries": ("programmes.countries", {"area_code": "KNA"}, "value"),
    "compare.records, state": ("compare.records", {"area_code": "KNA"}, "deployed"),
    "compare.records, group": ("compare.records", {"area_code": "OAS-CAR"}, "deployed"),
    "explore.map": ("explore.map", {"area_code": "KNA"}, "value"),
    "country.profile": ("country.profile", {"view": "country.programmes"}, "shown"),
}
"""Where the deployed programmes of a place are counted: view, row, column."""


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an edition of the project's own data with the deployments of this file in place of the others."""
    folder = tmp_path_factory.mktemp("deployments")
    shutil.copytree(PROJECT / "data", folder / "data")
    table = folder / "data" / "registry" / "programme_deployments.csv"
    with table.open(encoding="utf-8") as lines:
        columns = csv.DictReader(lines).fieldnames or ()
    with table.open("w", encoding="utf-8", newline="") as lines:
        rows = csv.DictWriter(lines, columns, lineterminator="\n")
        rows.writeheader()
        rows.writerows({**SAME, "status": "implemented", **one} for one in DEPLOYMENTS)
    build.build(folder / "data", folder / "editions", as_of=SHIPPED_AS_OF)
    return editions.resolve(None, folder / "editions")


@pytest.fixture(autouse=True)
def _reading_it(edition: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PANORAMA_EDITIONS", str(edition.parent))
    db.use_edition(edition.stem)


def row_of(view: View, row: dict[str, str]) -> dict[str, Any]:
    return next(one for one in view.table.iter_rows(named=True) if row.items() <= one.items())


def behind_cell(view: View, row: dict[str, Any], name: str, selection: Selection) -> Listed:
    (column,) = (one for one in view.columns if one.key == name)
    assert column.behind
    one = column.behind(row)
    assert one
    return listed(one, selection)


def records(selection: Selection, **where: object) -> list[str]:
    return sorted(listed(behind("deployments", **where), selection).rows["record"])


@pytest.mark.parametrize("figure", FIGURES)
def test_it_counts_in_every_year_of_its_own(figure: str) -> None:
    view_id, own, name = FIGURES[figure]
    view = VIEWS[view_id](WITHIN)
    row = row_of(view, own)
    assert float(row[name]) == 1
    found = behind_cell(view, row, name, WITHIN)
    assert (found.rows["record"].to_list(), found.figure) == (["LONG"], 1)


@pytest.mark.parametrize("figure", [figure for figure in FIGURES if not figure.startswith("subregion.programmes")])
def test_it_no_longer_counts_afterwards(figure: str) -> None:
    view_id, own, name = FIGURES[figure]
    assert float(row_of(VIEWS[view_id](LATER), own)[name]) == 0


def test_what_its_own_programme_was_planned_as_is_not_only_beforehand() -> None:
    row = row_of(VIEWS["overview.map"](WITHIN), {"area_code": "KNA"})
    assert row["others"] == 0
    assert row_of(VIEWS["programmes.countries"](WITHIN), {"area_code": "KNA"})["others"] == 0
    assert records(WITHIN, area="KNA", status="beforehand", standing="not_there") == []


def test_pillars_lists_and_cells_count_it_too() -> None:
    pillar = VIEWS["programmes.by_pillar"](WITHIN)
    row = row_of(pillar, {"pillar": "prosecution"})
    assert (row["carried_out"], row["records"], row["carried_out_records"]) == (1, 2, 1)
    assert sorted(behind_cell(pillar, row, "records", WITHIN).rows["record"]) == ["LONG", "PLAN"]
    counted = programmes.deployments(2011, 2012, False).filter("is_in_period")
    assert sorted(counted["deployment_id"]) == ["LONG", "PLAN"]
    assert programmes.deployments(2010, 2010, False).filter("is_in_period")["deployment_id"].sort().to_list() == [
        "LONG",
        "SHORT",
        "YEAR",
    ]
    listed_ids = VIEWS["programmes.deployments"](WITHIN).table["deployment_id"]
    assert sorted(listed_ids) == ["LONG", "PLAN", "SPAN", "UNDATED"]
    assert sorted(VIEWS["country.programmes"](WITHIN).table["deployment_id"]) == ["LONG", "PLAN", "SPAN", "UNDATED"]
    assert row_of(VIEWS["subregion.programmes"](WITHIN), {"programme_id": "P01"})["when"] == "2010–2012"


def test_a_mark_on_the_line_of_time_leads_to_its_own_records_only() -> None:
    assert records(Selection(), programme="P01", begun=2010, ended=2010, year="all") == ["SHORT"]
    assert records(Selection(), programme="P01", begun=2010, ended=2012, year="all") == ["LONG"]
    row = row_of(VIEWS["programmes.timeline"](WITHIN), {"programme_id": "P01"})
    assert row["dated"] == 2
    assert sorted(behind_cell(VIEWS["programmes.timeline"](WITHIN), row, "dated", WITHIN).rows["record"]) == [
        "LONG",
        "PLAN",
    ]


def test_records_of_no_year_and_of_all_years_stay_as_they_were() -> None:
    assert records(Selection(), area="KNA", year="none") == ["SPAN", "UNDATED"]
    assert records(Selection(), area="KNA", year="all") == ["LONG", "PLAN", "SPAN", "UNDATED", "YEAR"]
    assert records(Selection(), area="KNA", year=2011) == ["LONG"]
    assert records(Selection(), area="KNA", begun=2010) == ["LONG", "YEAR"]


def test_its_document_stands_under_the_map_of_a_later_year() -> None:
    cited = [note.source_id for note in VIEWS["overview.map"](WITHIN.but(first_year=2011, last_year=2011)).sources]
    assert SAME["source_id"] in cited
