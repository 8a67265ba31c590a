"""Programmes, meetings and recommendations: recounted from the CSV files, no deployment lost, every selection served."""

import csv
import re
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import polars as pl
import pytest

import dashboard.pages  # noqa: F401  (registers every view)
from dashboard import areas
from dashboard.charts.split_bars import Part, SplitBar, split_bars
from dashboard.charts.timeline import timeline, timeline_height
from dashboard.db import fetch
from dashboard.i18n import LANGUAGES, in_language
from dashboard.queries import programmes as queries
from dashboard.selection import Selection
from dashboard.short_names import cut_short, short_names
from dashboard.theme import LIGHT
from dashboard.views import VIEWS, Markup, View
from dashboard.views.programmes import when

DATA = Path(__file__).parent.parent / "data"
BEFOREHAND = {"planned", "announced", "interest_expressed"}
PAGE = [name for name in VIEWS if name.startswith(("programmes.", "commitments."))]
FRAME = {
    "lane": pl.String,
    "start": pl.Float64,
    "end": pl.Float64,
    "role": pl.String,
    "kind": pl.String,
    "text": pl.String,
    "hover": pl.String,
}


def read(file: str) -> list[dict[str, str]]:
    with (DATA / "registry" / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def traces(figure: Any) -> list[Any]:
    """The traces of a figure, as plain data whose members may be read."""
    assert isinstance(figure, go.Figure)
    return list(figure.data)


def html(view: View) -> str:
    assert isinstance(view.figure, Markup)
    return view.figure.html


@pytest.fixture(autouse=True)
def _reads_an_edition(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shipped edition, unless a test asks for the tiny one."""
    if "tiny_edition" in request.fixturenames:
        folder = request.getfixturevalue("tiny_edition").parent
    else:
        folder = request.getfixturevalue("shipped_edition").parent
    monkeypatch.setenv("PANORAMA_EDITIONS", str(folder))


def test_the_page_has_its_views() -> None:
    assert len(PAGE) == 11


def test_a_name_is_cut_after_a_word_and_its_sign_stays_with_it() -> None:
    assert cut_short("Convention on forced labour", 40) == "Convention on forced labour"
    assert cut_short("Convention on forced labour, 1930", 30) == "Convention on forced labour\xa0…"


def test_names_that_begin_alike_stay_apart() -> None:
    alike = [
        f"Strengthening of capacities of officers and judges in {place} to combat trafficking" for place in ("A", "B")
    ]
    short = short_names([*alike, "Short"], 40)
    assert short == ["Strengthening of\xa0… A to combat\xa0…", "Strengthening of\xa0… B to combat\xa0…", "Short"]
    with in_language("es"):
        view = VIEWS["programmes.timeline"](Selection(lang="es"))
        assert isinstance(view.figure, go.Figure)
        lanes = [note["text"] for note in view.figure.to_dict()["layout"]["annotations"] if note.get("xref") == "paper"]
        assert len(lanes) == len(set(lanes)) == len(read("programmes.csv")) + 1, (
            "a lane each, and the head of the undated"
        )


# The matrix


def test_the_matrix_accounts_for_every_deployment() -> None:
    records = read("programme_deployments.csv")
    view = VIEWS["programmes.matrix"](Selection())
    assert sorted(view.table["deployment_id"]) == sorted(record["deployment_id"] for record in records)
    placed = [record for record in records if record["country"]]
    assert f"{len(records)} records of deployments: {len(placed)} in the matrix" in view.notes[0]
    cells = re.findall(r'<td title="[^"]*"><a [^>]*><i class="pn-mark pn-mark-(focus|announced)"', html(view))
    assert len(cells) == len({(record["programme_id"], record["country"]) for record in placed})


def test_a_cell_is_full_only_where_something_was_carried_out() -> None:
    best: dict[tuple[str, str], bool] = defaultdict(bool)
    for record in read("programme_deployments.csv"):
        if record["country"]:
            best[record["programme_id"], record["country"]] |= record["status"] not in BEFOREHAND
    found = html(VIEWS["programmes.matrix"](Selection()))
    assert found.count("<td") >= len(best)
    in_cells = re.findall(r"<td .*?</td>", found)
    assert sum("pn-mark-focus" in cell for cell in in_cells) == sum(best.values())
    assert sum("pn-mark-announced" in cell for cell in in_cells) == len(best) - sum(best.values())


def test_a_cell_says_all_its_statuses() -> None:
    found = html(VIEWS["programmes.matrix"](Selection()))
    cell = next(cell for cell in re.findall(r"<td .*?</td>", found) if "Guatemala: implemented" in cell)
    assert "implemented (date not stated; as of October 2012); follow-up requested" in cell
    assert "✓+" in cell


def test_columns_are_only_the_states_with_a_deployment() -> None:
    found = html(VIEWS["programmes.matrix"](Selection()))
    heads = re.findall(r'<th scope="col" title="([^"]*)"><span>([A-Z]{3})</span>', found)
    states = {record["country"] for record in read("programme_deployments.csv")} - {""}
    assert {code for _name, code in heads} == states
    assert {code: name for name, code in heads}["KNA"] == "Saint Kitts and Nevis"


def test_deployments_without_a_state_stand_beneath() -> None:
    found = html(VIEWS["programmes.matrix"](Selection())).split("Without a single state")[1]
    apart = [record for record in read("programme_deployments.csv") if not record["country"]]
    assert found.count("<li>") == len(apart) == 5
    assert all(record["scope"] in found for record in apart)


def test_a_study_in_a_territory_names_it() -> None:
    found = html(VIEWS["programmes.matrix"](Selection()))
    assert "territory (Puerto Rico): implemented (April 2006" in found


def test_a_period_says_what_it_leaves_out() -> None:
    view = VIEWS["programmes.matrix"](Selection(first_year=2006, last_year=2006))
    inside = [record for record in read("programme_deployments.csv") if record["year"] == "2006"]
    assert view.table.height == len(inside)
    assert any("records dated in other years" in note for note in view.notes)
    outside = VIEWS["programmes.deployments"](Selection(first_year=2006, last_year=2006)).table
    without_year = [record for record in read("programme_deployments.csv") if not record["year"]]
    assert outside.height == len(inside) + len(without_year)


def test_one_programme_in_one_state_is_said_in_the_singular() -> None:
    inside = [record for record in read("programme_deployments.csv") if record["year"] == "2023" and record["country"]]
    assert len({(record["programme_id"], record["country"]) for record in inside}) == 1
    view = VIEWS["programmes.matrix"](Selection(first_year=2023, last_year=2023))
    assert view.takeaway.startswith("1 programme is on record in 1 state; ")
    assert " programmes are on record in " in VIEWS["programmes.matrix"](Selection()).takeaway


# Counts


def test_programmes_of_a_state_agree_with_the_records_and_with_the_indicator() -> None:
    own: dict[str, set[str]] = defaultdict(set)
    for record in read("programme_deployments.csv"):
        if record["country"] and record["status"] not in BEFOREHAND:
            own[record["country"]].add(record["programme_id"])
    table = VIEWS["programmes.countries"](Selection()).table
    assert table["area_code"].to_list() == areas.states()
    found = dict(table.select("area_code", "value").iter_rows())
    assert found == {code: len(own[code]) or None if code == "CUB" else len(own[code]) for code in areas.states()}
    for indicator, column in (("programmes_deployed", "value"), ("programmes_announced", "others")):
        derived = fetch(
            """
            select area_code, value::integer as value
            from fct_observation
            where indicator_id = $indicator and period_kind = 'all_time' and category = '_T'
            """,
            indicator=indicator,
        )
        known = dict(derived.iter_rows())
        assert dict(table.select("area_code", column).iter_rows()) == {code: known[code] for code in areas.states()}


def test_no_zero_is_claimed_for_a_state_outside_the_oas() -> None:
    view = VIEWS["programmes.countries"](Selection())
    assert view.table.row(by_predicate=pl.col("area_code") == "CUB", named=True)["obs_status"] == "M"
    bar = next(item for item in html(view).split("<li") if "Cuba" in item)
    assert "not applicable" in bar
    assert any("Cuba did not take part" in note for note in view.notes)


def test_states_are_never_ranked() -> None:
    with in_language("es"):
        found = html(VIEWS["programmes.countries"](Selection(lang="es")))
        names = re.findall(r'class="pn-split-name"><a [^>]*>([^<]*)</a>', found)
        assert names == [areas.name(code) for code in areas.states()]


def test_pillars_add_up_to_all_programmes_and_agree_with_the_indicator() -> None:
    table = VIEWS["programmes.by_pillar"](Selection()).table
    assert table["programmes"].sum() == len(read("programmes.csv"))
    assert table["records"].sum() == len(read("programme_deployments.csv"))
    assert (table["carried_out"] + table["beforehand"] + table["unplaced"]).to_list() == table["programmes"].to_list()
    derived = fetch("""
        select category, value::integer
        from fct_observation
        where indicator_id = 'programmes_by_pillar' and area_code = '019' and period_kind = 'all_time'
        """)
    assert dict(derived.iter_rows()) == dict(table.select("pillar", "carried_out").iter_rows())


def test_only_named_funders_are_shown() -> None:
    stated = {
        (record["programme_id"], funder)
        for record in read("programmes.csv")
        for funder in record["funders"].split(";")
        if funder
    }
    view = VIEWS["programmes.funders"](Selection())
    assert set(view.table.select("programme_id", "funder").iter_rows()) == stated
    unstated = len(read("programmes.csv")) - len({programme for programme, _funder in stated})
    assert (
        f"For {unstated} of {len(read('programmes.csv'))} programmes no source names a funding state" in view.takeaway
    )
    assert any("STARSOM" in note for note in view.notes)


def test_the_list_holds_every_programme_with_its_official_title() -> None:
    view = VIEWS["programmes.list"](Selection())
    assert view.table["programme_id"].to_list() == sorted(record["programme_id"] for record in read("programmes.csv"))
    found = html(view)
    assert found.count("<details") == view.table.height
    assert "Relatoría sobre los Derechos de los Migrantes" in found
    assert found.count("not stated</span>") >= 20, "funders that no source names are said to be unknown"


def test_undated_rows_are_those_without_a_year_whatever_the_period() -> None:
    expected = sorted(record["deployment_id"] for record in read("programme_deployments.csv") if not record["year"])
    for selection in (Selection(), Selection(first_year=2020, last_year=2021)):
        view = VIEWS["programmes.undated"](selection)
        assert sorted(view.table["deployment_id"]) == expected
    assert "as of October 2012" in html(VIEWS["programmes.undated"](Selection()))


# Time


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        ({"date_group": "undated"}, "date not stated"),
        ({"date_group": "span", "first_year": 2014}, "from 2014, end not stated"),
        ({"date_group": "dated", "year": 2013}, "2013"),
        ({"date_group": "dated", "end_on": date(2012, 12, 31), "end_precision": "day"}, "until December 31, 2012"),
        ({"date_group": "dated", "start_on": date(2012, 12, 1), "start_precision": "month"}, "December 2012"),
    ],
)
def test_the_time_of_a_deployment_says_no_more_than_its_source(stated: dict[str, Any], words: str) -> None:
    empty = dict.fromkeys(
        ("year", "first_year", "last_year", "start_on", "start_precision", "end_on", "end_precision"), None
    )
    assert when(empty | stated) == words


def test_the_timeline_shows_every_dated_deployment_and_hatches_what_was_only_said() -> None:
    view = VIEWS["programmes.timeline"](Selection())
    assert isinstance(view.figure, go.Figure)
    by_name = {trace.name: trace for trace in traces(view.figure)}
    planned = by_name["planned, announced or of interest"]
    assert planned.marker.pattern.shape == "/"
    hints = [str(text) for trace in traces(view.figure) for text in (trace.customdata or [])]
    listed = [line for hint in hints for line in hint.split("<br>")[1:] if not line.startswith("Years stated")]
    more = sum(int(line.split()[1]) for line in listed if re.fullmatch(r"and \d+ more", line))
    dated = [record for record in read("programme_deployments.csv") if record["year"] or record["start_date"]]
    assert len([line for line in listed if not re.fullmatch(r"and \d+ more", line)]) + more == len(dated)
    assert view.table.select(pl.sum_horizontal("dated", "undated").sum()).item() == len(
        read("programme_deployments.csv")
    )


def test_programmes_without_any_date_are_named() -> None:
    view = VIEWS["programmes.timeline"](Selection())
    assert isinstance(view.figure, go.Figure)
    texts = [str(note["text"]) for note in view.figure.to_dict()["layout"]["annotations"]]
    after = texts[texts.index("Date not stated:") + 1 :]
    dated = {
        record["programme_id"]
        for record in read("programme_deployments.csv")
        if record["year"] or record["start_date"] or record["end_date"]
    }
    expected = [
        record["name"]
        for record in read("programmes.csv")
        if not record["start_year"] and record["programme_id"] not in dated
    ]
    assert len(after) == len(expected)
    assert all(name.startswith(text.removesuffix("\xa0…")) for name, text in zip(expected, after, strict=True))


def rows(*marks: tuple[str, float | None, float | None, str, str]) -> pl.DataFrame:
    return pl.DataFrame(
        [(lane, start, end, role, kind, lane, "<hint>") for lane, start, end, role, kind in marks],
        schema=FRAME,
        orient="row",
    )


def test_an_open_end_gets_no_length() -> None:
    figure = timeline(rows(("A", 2010.0, None, "focus", "open")), colours=LIGHT, years=(2000, 2026))
    bar, arrow = traces(figure)
    assert bar.base[0] == 2010.0
    assert bar.x[0] < 2
    assert arrow.name == "end not stated"
    assert max(x for x in arrow.x if x) < 2012


def test_bars_keep_their_years_and_points_are_round() -> None:
    figure = timeline(
        rows(("A", 2010.0, 2013.0, "focus", "bar"), ("A", 2015.5, None, "focus", "point")),
        colours=LIGHT,
        years=(2000, 2026),
    )
    bar, point = traces(figure)
    assert (bar.base[0], bar.x[0]) == (2010.0, 3.0)
    assert (point.mode, point.x[0]) == ("markers", 2015.5)


def test_marks_that_meet_stand_on_tracks_of_their_own() -> None:
    both = rows(("A", 2010.0, 2013.0, "focus", "bar"), ("A", 2011.0, 2012.0, "focus", "bar"))
    apart = rows(("A", 2001.0, 2002.0, "focus", "bar"), ("A", 2020.0, 2021.0, "focus", "bar"))
    assert len(set(traces(timeline(both, colours=LIGHT, years=(2000, 2026)))[0].y)) == 2
    assert len(set(traces(timeline(apart, colours=LIGHT, years=(2000, 2026)))[0].y)) == 1
    assert timeline_height(both, (2000, 2026)) > timeline_height(apart, (2000, 2026))


def test_what_lies_outside_the_years_is_not_drawn() -> None:
    figure = timeline(rows(("A", 1990.0, 1995.0, "focus", "bar")), colours=LIGHT, years=(2000, 2026))
    assert not traces(figure)
    clipped = traces(timeline(rows(("A", 1990.0, 2005.0, "focus", "bar")), colours=LIGHT, years=(2000, 2026)))[0]
    assert (clipped.base[0], clipped.x[0]) == (2000.0, 5.0)


def test_a_lane_may_have_a_name_only() -> None:
    figure = timeline(pl.DataFrame([{"lane": "A <b>"}], schema=FRAME), colours=LIGHT, years=(2000, 2026))
    assert [note["text"] for note in figure.to_dict()["layout"]["annotations"]] == ["A &lt;b&gt;"]
    assert not traces(figure)


def test_split_bars_escape_and_leave_out_roles_that_do_not_occur() -> None:
    found = split_bars(
        [SplitBar("A & <b>", (Part("focus", 2), Part("announced", 0)), "2")],
        legend=(("focus", "held"), ("announced", "planned")),
    ).html
    assert "A &amp; &lt;b&gt;" in found
    assert "held" in found
    assert "planned" not in found


# Mandates and recommendations


def test_all_meetings_are_listed_and_the_fifth_has_neither_date_nor_place() -> None:
    view = VIEWS["commitments.meetings"](Selection())
    assert sorted(view.table["meeting_id"]) == sorted(record["meeting_id"] for record in read("meetings.csv"))
    fifth = view.table.row(by_predicate=pl.col("meeting_id") == "RTP-V", named=True)
    assert (fifth["when"], fifth["place"]) == ("no date on record", "no place on record")
    assert any("Fifth Meeting" in note and "whatever the period" in note for note in view.notes)
    later = VIEWS["commitments.meetings"](Selection(first_year=2020, last_year=2022)).table
    assert set(later["meeting_id"]) == {"RTP-V", "RTP-VI"}


def test_all_recommendations_are_shown_and_called_paraphrases() -> None:
    records = read("recommendations.csv")
    view = VIEWS["commitments.recommendations"](Selection())
    assert sorted(view.table["commitment_id"]) == sorted(record["commitment_id"] for record in records)
    assert html(view).count("<li>") == len(records)
    assert html(view).count("<details") == len({(record["year"], record["instrument"]) for record in records})
    assert "paraphrase" in view.notes[0]


def test_kinds_by_pillar_add_up() -> None:
    records = read("recommendations.csv")
    table = VIEWS["commitments.by_pillar"](Selection()).table
    assert table["items"].sum() == len(records)
    pillars = ["prevention", "protection", "prosecution", "cooperation"]
    assert table.select(pl.sum_horizontal(pillars)).to_series().to_list() == table["items"].to_list()
    mandates = sum(record["kind"] == "mandate" for record in records)
    assert VIEWS["commitments.by_pillar"](Selection()).takeaway.startswith(f"{mandates} mandates are on record")


# Every selection


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("view_id", PAGE)
def test_every_view_in_every_language(view_id: str, lang: str) -> None:
    with in_language(lang):
        view = VIEWS[view_id](Selection(lang=lang, theme="dark"))
        assert view.id == view_id
        assert view.takeaway or view.empty
        assert view.sources
        assert {column.key for column in view.columns} <= set(view.table.columns)
        assert all(note for note in view.notes)


@pytest.mark.parametrize("period", [(None, None), (1990, 1991), (2015, 2020), (None, 2006), (2024, None)])
@pytest.mark.parametrize("view_id", PAGE)
def test_every_view_for_any_period(view_id: str, period: tuple[int | None, int | None]) -> None:
    view = VIEWS[view_id](Selection(scheme="caricom", first_year=period[0], last_year=period[1]))
    assert view.empty or view.takeaway


@pytest.mark.parametrize("view_id", PAGE)
def test_every_view_with_other_records(view_id: str, tiny_edition: Path) -> None:
    view = VIEWS[view_id](Selection())
    assert view.empty or view.takeaway


def test_a_programmes_record_counts_are_of_its_own_records() -> None:
    counts: dict[str, int] = defaultdict(int)
    for record in read("programme_deployments.csv"):
        counts[record["programme_id"]] += 1
    assert {row["programme_id"]: row["records"] for row in queries.programmes().iter_rows(named=True)} == {
        record["programme_id"]: counts[record["programme_id"]] for record in read("programmes.csv")
    }
