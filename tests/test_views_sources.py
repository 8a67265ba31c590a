"""The page of sources and methods: every source, indicator, caveat and change, against a recount from the files."""

import csv
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest

from dashboard import db
from dashboard.i18n import LANGUAGES, in_language, use_language
from dashboard.labels import LABELS
from dashboard.queries import sources as queries
from dashboard.selection import Choices, Selection, address, from_parameters
from dashboard.views import changes, counting, editions, sources  # noqa: F401  (importing registers views)
from dashboard.views.registry import VIEWS
from dashboard.views.view import Markup, View

DATA = Path(__file__).parent.parent / "data"
IDS = tuple(view_id for view_id in sources.section_titles())


def rows_of(file: str) -> list[dict[str, str]]:
    with (DATA / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def html(view: View) -> str:
    assert isinstance(view.figure, Markup)
    return view.figure.html


@pytest.fixture(autouse=True)
def _english(shipped: Path) -> Iterator[None]:
    db.use_edition(None)
    use_language("en")
    yield
    use_language("en")


@pytest.fixture
def altered(shipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The shipped edition with a hostile source and a refused row with two faults."""
    path = tmp_path / "altered.duckdb"
    shutil.copy(shipped, path)
    path.chmod(0o644)
    with duckdb.connect(str(path)) as connection:
        connection.execute("update edition set edition_id = 'altered', allows_rejected = true")
        connection.execute(
            "insert into dim_source (source_id, publisher, title, doc_code, url, licence, licence_class, vintage, citation, kind)"
            " values ('hostile', '<script>a()</script>', '<img onerror=x>', '=1+1', 'javascript:alert(1)', 'CC0', 'open',"
            " 'sine anno', 'x', 'page')"
        )
        connection.execute(
            "insert into rejected_row values"
            " ('training_events', 'registry/training_events.csv', 7, 'status', 'hel', 'nearest: held', '{}'),"
            " ('training_events', 'registry/training_events.csv', 7, 'city', null, 'too long', '{}')"
        )
    (tmp_path / "current").write_text("altered\n", encoding="utf-8")
    monkeypatch.setenv("PANORAMA_EDITIONS", str(tmp_path))
    db.use_edition(None)
    return path


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_section_can_be_made_in_every_language(lang: str):
    with in_language(lang):
        made = [VIEWS[view_id](Selection(lang=lang, first_year=1990, last_year=1991)) for view_id in IDS]
    assert [view.id for view in made] == list(IDS)
    assert all(
        (view.empty or view.takeaway) and {column.key for column in view.columns} <= {*view.table.columns}
        for view in made
    )


def test_every_source_of_the_file_is_an_element_that_links_can_find():
    found = re.findall(r'<li id="([^"]+)"', html(sources.documents(Selection())))
    assert Counter(found) == Counter(row["source_id"] for row in rows_of("catalog/sources.csv"))


def test_data_sets_come_first_and_the_oas_second():
    shown = html(sources.documents(Selection()))
    heads = re.findall(r"<summary>(.*?) \(\d+\)</summary>", shown)
    assert heads[:2] == ["Data sets", "Documents and pages of the OAS"]
    assert " open" not in shown.replace(" open licence", "")  # folded until asked for


def test_rows_resting_on_a_source_agree_with_a_recount_of_the_files():
    recounted: Counter[tuple[str, str]] = Counter()
    for file, table in (
        ("registry/training_events.csv", "fct_training_event"),
        ("registry/programme_deployments.csv", "fct_deployment"),
        ("registry/treaty_actions.csv", "fct_treaty_action"),
        ("registry/national_authorities.csv", "national_authority"),
        ("registry/national_laws.csv", "national_law"),
        ("registry/recommendations.csv", "fct_commitment"),
    ):
        for row in rows_of(file):
            for source_id in {row["source_id"], row.get("source_id_2", "")} - {""}:
                recounted[source_id, table] += 1
    counted = queries.rows_by_source()
    tables = {table for _source, table in recounted}
    assert {
        (row[0], row[1]): row[2] for row in counted.filter(pl.col("table_name").is_in(tables)).iter_rows()
    } == recounted


def test_every_table_with_a_source_is_looked_at():
    with_source = queries.tables().filter(pl.col("column_name") == "source_id")["table_name"]
    second = queries.tables().filter(pl.col("column_name") == "source_id_2")["table_name"]
    statement = Path(queries.__file__).read_text(encoding="utf-8")
    counted = set(queries.fetch("select distinct table_name from count_source_row")["table_name"])
    assert counted == {"fct_training_event", "fct_training_participation"}
    restating = {
        "dim_source",
        "fct_reach",
        "listed_event",
        *(name for name in with_source if name.startswith("count_")),
    }
    assert "from count_source_row" in statement
    assert all(f"from {table}\n" in statement for table in set(with_source) - restating - counted)
    assert all(
        f"list_distinct([source_id, source_id_2])), '{table}'" in statement
        for table in set(second) - restating - counted
    )


def test_a_search_needs_every_word_and_forgets_case_and_accents():
    found = sources.documents(Selection(find="ministerio PUBLICO"))
    assert 0 < found.table.height < 10
    assert all("ministério" in title.lower() or "ministerio" in title.lower() for title in found.table["publisher"])
    assert '<details class="pn-entry-fold" open>' in html(found)
    assert sources.documents(Selection(find="nowhere to be found")).empty


def test_a_search_is_part_of_the_address_of_this_page_only():
    nothing = Choices((), {}, {}, {}, (), (), (), (), (2000, 2020))
    chosen, problems = from_parameters({"find": "  ILO   2015 "}, nothing, Selection())
    assert (chosen.find, problems) == ("ILO 2015", [])
    assert "find=ILO+2015" in address("sources", chosen)
    assert "find" not in address("country", chosen)
    after, _problems = from_parameters({}, nothing, chosen)
    assert after.find == ""


def test_text_from_data_stays_text_and_only_web_addresses_are_links(altered: Path):
    shown = html(sources.documents(Selection(find="hostile")))
    assert "<script" not in shown
    assert "<img" not in shown
    assert "href" not in shown
    assert "javascript:alert(1)" in shown  # as text
    assert "sine anno" in shown
    assert "no row; it was used as a check" in shown
    assert all(
        'rel="noopener"' in link for link in re.findall(r'<a href="http[^>]*>', html(sources.documents(Selection())))
    )


def test_indicators_are_all_there_in_the_readers_language():
    with in_language("es"):
        view = sources.indicators(Selection(lang="es"))
    declared = {path.stem for path in (DATA / "catalog" / "indicators").glob("*.yml")}
    assert set(view.table["indicator_id"]) == declared
    assert "Eventos de capacitación" in html(view)
    assert len(re.findall(r'id="indicator-', html(view))) == len(declared)


def test_the_rate_of_2012_is_measured_against_the_states_asked():
    responses = [row for row in rows_of("registry/questionnaire_responses.csv") if row["round_id"] == "Q2012"]
    returned = sum(row["response_status"] == "returned" for row in responses)
    asked = returned + sum(row["response_status"] == "not_received" for row in responses)
    example = counting.counting(Selection()).table.filter(pl.col("title") == "Dated denominators.")["example"][0]
    assert f"Cuba was not asked in 2012, so the rate of that questionnaire is {returned} of {asked}." in example
    assert (returned, asked) == (19, 34)


def test_the_examples_agree_with_a_recount_of_the_files():
    events = rows_of("registry/training_events.csv")
    held = {row["event_id"] for row in events if row["status"] == "held"}
    parts = [row["event_id"] for row in rows_of("registry/training_participation.csv") if row["event_id"] in held]
    examples = dict(counting.counting(Selection()).table.select("title", "example").iter_rows())
    assert f"The {len(set(parts))} events held" in examples["Count once."]
    assert f"would become {len(parts)} if" in examples["Count once."]
    statuses = Counter(row["status"] for row in events)
    assert examples["Held is not planned."].startswith(
        f"{statuses['held']} events were held; {statuses['announced']} were announced and {statuses['planned']} planned"
    )
    assert len(examples) == 14


def test_caveats_lead_to_the_states_they_name():
    view = sources.caveats(Selection())
    recorded = rows_of("catalog/caveats.csv")
    assert view.table.height == len(recorded)
    entry = next(row for row in recorded if row["area_codes"])
    drawn = re.search(rf'<li id="{entry["caveat_id"]}">.*?</li>', html(view))
    assert drawn
    for code in entry["area_codes"].split(";"):
        assert f"/country?area={code}" in drawn[0]


def test_the_load_report_adds_up_and_names_every_file():
    rows = editions.load_report(Selection()).table
    events = rows.filter(pl.col("file") == "registry/training_events.csv").row(0, named=True)
    assert events["rows_read"] == len(rows_of("registry/training_events.csv"))
    assert (rows["rows_read"] == rows["rows_loaded"] + rows["rows_rejected"]).all()
    assert set(rows["checksum"].str.len_chars()) == {12}


def test_a_row_refused_for_two_reasons_is_one_row(altered: Path):
    view = editions.rejected_rows(Selection())
    assert view.takeaway == "1 row was refused."
    assert view.table["reason"].to_list() == ["too long", "nearest: held"]


def test_nothing_refused_is_said():
    assert editions.rejected_rows(Selection()).empty


def test_editions_on_file_link_to_their_frozen_selves(altered: Path, shipped: Path):
    shutil.copy(shipped, altered.parent / "20200101T000000Z.duckdb")
    view = editions.editions(Selection())
    assert view.table["edition_id"].to_list() == ["altered", "20200101T000000Z"]
    assert "edition=20200101T000000Z" in html(view)
    assert view.table.filter(pl.col("is_live"))["edition_id"].to_list() == ["altered"]
    assert db.edition() == "altered"  # looking at the others leaves the run where it was


def test_every_table_of_the_edition_is_offered_with_its_rows():
    view = editions.downloads(Selection())
    sizes = dict(view.table.select("table_name", "rows").iter_rows())
    assert sizes["fct_training_event"] == len(rows_of("registry/training_events.csv"))
    assert sizes["dim_source"] == len(rows_of("catalog/sources.csv"))
    assert html(view).count("/download/table/") == 2 * len(sizes)
    assert f"/download/panorama.zip?edition={db.edition()}" in html(view)


def test_every_table_has_words():
    named = {*queries.tables()["table_name"], *queries.load_report()["table_name"]}
    assert named <= set(LABELS["table"])
