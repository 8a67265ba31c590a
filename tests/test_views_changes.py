"""What changed between two editions: recounted from the edited files, in both directions, without anything suppressed."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest

from dashboard import choices, db, pages
from dashboard.exports.downloads import view_csv
from dashboard.i18n import LANGUAGES, in_language
from dashboard.queries import changes as queries
from dashboard.selection import OWN_PARAMETERS, Problem, Selection, address, to_parameters
from dashboard.views import changes as views
from dashboard.views.registry import VIEWS
from dashboard.views.view import Markup, View
from pipelines import build, editions
from pipelines.revisions import NOT_COMPARED, changes_between
from tests.conftest import AS_OF, PROJECT, SHIPPED_AS_OF, make_tiny_data
from tests.test_pages import opened, words

IDS = (*views.COMPARING, "country.changes")
SECRETS = ("all female", "found in one place", "13 from one state", "were children", "56", "57")


@pytest.fixture(scope="session")
def four_editions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A folder of four editions of the tiny data and their ids, the oldest first; two answers are suppressed in the third."""
    folder = tmp_path_factory.mktemp("changes")
    data = make_tiny_data(folder)
    made: list[str] = []

    def edit(file: str, old: str, new: str) -> None:
        path = data / "registry" / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), encoding="utf-8")

    def publish(reason: str | None = None) -> None:
        made.append(build.build(data, folder / "editions", as_of=AS_OF, reason=reason).edition_id)

    edit("questionnaire_answers.csv", '"7, all female",7,victims,true', '"56, all female",56,victims,false')
    edit("questionnaire_answers.csv", 'one other",16,victims,true', 'one other",16,victims,false')
    publish()
    edit("questionnaire_answers.csv", '"56, all female",56', '"57, all female",57')
    publish("Counted again")
    edit("questionnaire_answers.csv", '"57, all female",57,victims,false', '"7, all female",7,victims,true')
    edit("questionnaire_answers.csv", 'one other",16,victims,false', 'one other",16,victims,true')
    edit("programme_deployments.csv", "D004,P02,CHL,country,2013,,,planned", "D004,P02,CHL,country,2013,,,implemented")
    edit("training_events.csv", "P01,held,2010-04-08,2010-04-09", "P01,held,2010-04,2010-04")
    edit(
        "programme_deployments.csv",
        "D005,P02,BRA",
        "D006,P02,BHS,country,,2015,,planned,2016,oas_report,,,en\nD005,P02,BRA",
    )
    publish("A letter of 3 May")
    edit("programme_deployments.csv", "D004,P02,CHL,country,2013,,,implemented", "D004,P02,CHL,country,2013,,,audited")
    edit(
        "national_plans.csv",
        "NP001,CHL,Plan de Acción 2015-2018,Action Plan 2015-2018,,2015,2018,published,,oas_report,,en\n",
        "",
    )
    edit("training_events.csv", "EV002,Regional workshop", "EV002,Regional <b>workshop</b>")
    edit(
        "questionnaire_responses.csv",
        "QR003,Q2012,BRA,2012,not_received,oas_report,,en",
        "QR003,Q2012,BRA,2012,not_received,oas_report,Asked twice,en",
    )
    publish("Audited")
    return folder / "editions", made


@pytest.fixture
def ids(four_editions: tuple[Path, list[str]], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The four editions, of which the dashboard reads the newest; their ids, the oldest first."""
    folder, made = four_editions
    monkeypatch.setenv("PANORAMA_EDITIONS", str(folder))
    db.use_edition(None)
    return made


@pytest.fixture
def own_folder(
    ids: list[str], four_editions: tuple[Path, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A copy of the folder of four editions whose files may be altered; the environment names it."""
    folder = tmp_path / "editions"
    shutil.copytree(four_editions[0], folder)
    for path in folder.glob("*.duckdb"):
        path.chmod(0o644)
    monkeypatch.setenv("PANORAMA_EDITIONS", str(folder))
    return folder


@pytest.fixture(scope="session")
def two_shipped(shipped_edition: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the shipped edition and one in which a deployment of the Bahamas has another status."""
    folder = tmp_path_factory.mktemp("two_shipped")
    data, on_file = folder / "data", folder / "editions"
    shutil.copytree(PROJECT / "data", data, ignore=shutil.ignore_patterns("editions"))
    on_file.mkdir()
    shutil.copy(shipped_edition, on_file)
    editions.publish(on_file, shipped_edition.stem)
    path = data / "registry" / "programme_deployments.csv"
    before = "D002,P01,BHS,country,2011,2011-02-15,2011-02-16,implemented"
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1
    path.write_text(text.replace(before, before.replace("implemented", "replicated")), encoding="utf-8")
    build.build(data, on_file, as_of=SHIPPED_AS_OF, reason="Told by the ministry")
    return on_file


def said(before: str, after: str) -> set[tuple[str, str, str, str, str | None, str | None]]:
    """Every difference of the records but those of whole rows, whose content is left out."""
    rows = queries.changes(before, after).filter(~pl.col("table_name").is_in(queries.COMPUTED))
    is_whole = pl.col("column") == queries.WHOLE_ROW
    told = [pl.when(~is_whole).then(side).alias(side) for side in ("old_value", "new_value")]
    return set(rows.select("table_name", "record_key", "change", "column", *told).iter_rows())


def html(view: View) -> str:
    assert isinstance(view.figure, Markup)
    return view.figure.html


def everything(before: str, after: str) -> Iterator[str]:
    """All that the views say of two editions, on screen and in files."""
    for lang in ("en", "fr"):
        with in_language(lang):
            for view_id, area in (
                *((view_id, "") for view_id in views.COMPARING),
                *(("country.changes", area) for area in ("BRB", "CHL")),
            ):
                view = VIEWS[view_id](Selection(lang=lang, area=area, before=before, after=after))
                yield from (view_csv(view), view.takeaway, *view.notes, *([html(view)] if not view.empty else []))


def test_every_edit_is_told_and_nothing_else(ids):
    assert said(ids[2], ids[3]) == {
        ("fct_deployment", "D004", "changed", "status", "implemented", "audited"),
        ("national_plan", "NP001", "withdrawn", "*", None, None),
        ("fct_training_event", "EV002", "changed", "title", "Regional workshop", "Regional <b>workshop</b>"),
        ("fct_response", "QR003", "changed", "note", None, "Asked twice"),
    }  # fmt: skip


def test_two_editions_are_compared_whatever_lies_between(ids):
    found = said(ids[0], ids[3])
    assert ("fct_deployment", "D004", "changed", "status", "planned", "audited") in found
    assert ("fct_deployment", "D006", "added", "*", None, None) in found
    assert {row[1] for row in found} == {"D004", "D006", "EV001", "EV002", "NP001", "QA001", "QA002", "QR003"}


def test_backwards_is_the_mirror_image(ids):
    other = {"added": "withdrawn", "withdrawn": "added", "changed": "changed"}
    mirrored = {(t, key, other[change], column, new, old) for t, key, change, column, old, new in said(ids[2], ids[3])}
    assert said(ids[3], ids[2]) == mirrored
    notes = VIEWS["sources.revisions"](Selection(before=ids[3], after=ids[2])).notes
    assert any(note.startswith("The second edition is the older one") for note in notes)


def test_the_command_line_finds_the_same_rows(four_editions, ids):
    for before, after in ((ids[0], ids[3]), (ids[3], ids[1])):
        shown = queries.changes(before, after)
        listed = changes_between(four_editions[0], before, after).filter(
            ~pl.col("column").is_in(["first_year", "last_year"])
        )
        columns = ["table_name", "record_key", "change"]
        own = listed.filter(pl.col("table_name") != "dim_indicator").select(columns).unique().sort(columns)
        assert own.rows() == shown.select(columns).unique().sort(columns).rows()


def test_a_date_is_told_as_far_as_its_source_states_it(ids):
    assert ("fct_training_event", "EV001", "changed", "start_on", "2010-04-08", "2010-04") in said(ids[1], ids[2])
    view = VIEWS["sources.revisions"](Selection(before=ids[1], after=ids[2]))
    assert "April 8, 2010 → April 2010" in html(view)


def test_the_reason_is_that_of_the_newest_edition_between(ids):
    def reasons(before: str, after: str) -> dict[tuple[str, str], tuple[str | None, str | None]]:
        rows = queries.changes(before, after).filter(pl.col("table_name") == "fct_deployment")
        return {
            (row["record_key"], row["column"]): (row["reason"], row["edition_id"]) for row in rows.iter_rows(named=True)
        }

    assert reasons(ids[0], ids[3]) == {
        ("D004", "status"): ("Audited", ids[3]),
        ("D006", "*"): ("A letter of 3 May", ids[2]),
    }
    assert reasons(ids[0], ids[2])["D004", "status"] == ("A letter of 3 May", ids[2])
    assert reasons(ids[3], ids[0]) == reasons(ids[0], ids[3])


def test_a_change_that_no_edition_between_explains_has_no_reason(own_folder, ids):
    """As after a rollback: the editions on file do not follow each other."""
    with duckdb.connect(str(own_folder / f"{ids[3]}.duckdb")) as connection:
        connection.execute("delete from revision")
    db.use_edition(None)
    rows = queries.changes(ids[2], ids[3])
    assert rows.filter(pl.col("table_name") == "fct_deployment").select("reason", "edition_id").rows() == [(None, None)]


@pytest.mark.parametrize("pair", [(0, 2), (2, 0), (0, 3), (1, 2), (3, 1), (0, 1), (1, 0)])
def test_nothing_that_is_suppressed_is_told(ids, pair):
    """Neither as an old value, nor as a new one backwards, nor between two editions from before the suppression."""
    told = "\n".join(everything(ids[pair[0]], ids[pair[1]])).replace(ids[0], "").replace(ids[1], "")
    for name in ids:
        told = told.replace(name, "")
    assert [secret for secret in SECRETS if secret in told] == []
    with in_language("en"):
        view = VIEWS["sources.revisions"](Selection(before=ids[pair[0]], after=ids[pair[1]]))
        assert "not told: suppressed" in html(view)
        assert any("suppressed in one of the editions" in note for note in view.notes)


def test_counts_and_files_agree(ids):
    view = VIEWS["sources.revisions"](Selection(before=ids[2], after=ids[3]))
    assert view.takeaway == (f"From edition {ids[2]} to edition {ids[3]}: records added: 0; changed: 3; withdrawn: 1.")
    assert view.table.select("table_said", "record_key", "change_said").sort("record_key").rows() == [
        ("Programmes by country", "D004", "changed"),
        ("Training events", "EV002", "changed"),
        ("National plans", "NP001", "withdrawn"),
        ("Returns of questionnaires", "QR003", "changed"),
    ]
    row = view.table.row(by_predicate=pl.col("record_key") == "D004", named=True)
    assert (row["old_said"], row["new_said"], row["column_said"], row["reason"]) == (
        "implemented", "audited", "Status", "Audited",
    )  # fmt: skip
    assert row["states"] == "Chile"


def test_names_and_values_come_in_words_and_stay_text(ids):
    with in_language("es"):
        shown = html(VIEWS["sources.revisions"](Selection(lang="es", before=ids[2], after=ids[3])))
    assert "implementado → auditado" in shown
    assert "Regional &lt;b&gt;workshop&lt;/b&gt;" in shown
    assert "<b>workshop" not in shown


def test_states_are_counted_with_the_events_they_took_part_in(ids):
    table = VIEWS["sources.changes_by_state"](Selection(before=ids[2], after=ids[3])).table
    counts = {row["area"]: (row["added"], row["changed"], row["withdrawn"]) for row in table.iter_rows(named=True)}
    # EV002 concerns Brazil and Chile, which took part; QR003 Brazil; D004 and NP001 Chile
    assert counts == {"BRA": (0, 2, 0), "CHL": (0, 2, 1)}


def test_a_state_sees_its_own_changes_only(ids):
    def keys(area: str) -> set[str]:
        view = VIEWS["country.changes"](Selection(area=area, before=ids[2], after=ids[3]))
        return set(view.table["record_key"])

    assert keys("CHL") == {"D004", "NP001", "EV002"}
    assert keys("BRA") == {"QR003", "EV002"}
    view = VIEWS["country.changes"](Selection(area="BHS", before=ids[2], after=ids[3]))
    assert view.empty == f"Nothing on record for Bahamas differs between edition {ids[2]} and edition {ids[3]}."


def test_a_state_that_hosts_or_hosted_an_event_sees_that_it_moved(tmp_path, monkeypatch):
    data = make_tiny_data(tmp_path)
    path = data / "registry" / "training_events.csv"
    first = path.read_text(encoding="utf-8")
    moved = first.replace("2011,2011,Santiago,Chile,police,", "2011,2011,Nassau,BHS,police;judges,")
    elsewhere = first.replace("2011,2011,Santiago,Chile,police,", "2011,2011,Bridgetown,BRB,police,")
    made = []
    for text in (elsewhere, moved):
        path.write_text(text, encoding="utf-8")
        made.append(build.build(data, tmp_path / "editions", as_of=AS_OF).edition_id)
    monkeypatch.setenv("PANORAMA_EDITIONS", str(tmp_path / "editions"))
    db.use_edition(None)
    told = {
        ("fct_training_event", "EV002", "changed", "city", "Bridgetown", "Nassau"),
        ("fct_training_event", "EV002", "changed", "host_area_code", "BRB", "BHS"),
        ("fct_training_event", "EV002", "changed", "audience", "police", "police;judges"),
    }
    assert said(*made) == told
    for area in ("BRB", "BHS", "BRA", "CHL"):  # the old host, the new one, and who took part
        view = VIEWS["country.changes"](Selection(area=area, before=made[0], after=made[1]))
        assert set(view.table["record_key"]) == {"EV002"}
    listed = changes_between(tmp_path / "editions", *made)
    assert set(listed.filter(table_name="fct_training_event")["column"]) == {"city", "host_area_code", "audience"}
    assert not set(listed["table_name"]) & {"fct_training_participation", "training_audience"}


def test_what_only_restates_records_is_compared_nowhere():
    assert set(queries.NOT_COMPARED) == set(NOT_COMPARED)


def test_computed_values_are_counted_apart(ids):
    view = VIEWS["sources.computed_changes"](Selection(before=ids[2], after=ids[3]))
    assert set(view.table["table_name"]) <= set(queries.COMPUTED)
    changed = changes_between(Path(str(db.editions_folder())), ids[2], ids[3]).filter(table_name="fct_observation")
    assert changed.height
    assert view.takeaway.startswith(f"{changed.n_unique('record_key')} values of indicators differ")
    assert not set(VIEWS["sources.revisions"](Selection(before=ids[2], after=ids[3])).table["table_name"]) & set(
        queries.COMPUTED
    )


def test_names_of_states_that_did_not_reply_stay_hidden(ids, monkeypatch):
    monkeypatch.setenv("PANORAMA_HIDE_NOT_RECEIVED", "1")
    for view_id in IDS:
        view = VIEWS[view_id](Selection(area="BRA", before=ids[2], after=ids[3]))
        assert "QR003" not in html(view) + view_csv(view)
        assert "Asked twice" not in html(view) + view_csv(view)
    by_table = html(VIEWS["sources.revisions"](Selection(before=ids[2], after=ids[3])))
    assert "Returns of questionnaires" in by_table  # counted, not named


def test_by_default_the_edition_on_screen_is_compared_with_the_one_before(ids):
    assert views.pair(Selection()) == (ids[2], ids[3])
    db.use_edition(ids[1])
    assert views.pair(Selection(edition=ids[1])) == (ids[0], ids[1])
    assert views.pair(Selection(after=ids[2])) == (ids[1], ids[2])
    assert views.settled(Selection(before=ids[0])).after == ids[1]


def test_editions_of_one_second_stand_in_the_order_of_their_builds(tmp_path, monkeypatch):
    monkeypatch.setenv("PANORAMA_EDITIONS", str(tmp_path))
    for name in ("20260101T000000Z-10", "20260101T000000Z", "20260101T000000Z-2", "20251231T000000Z"):
        (tmp_path / f"{name}.duckdb").touch()
    assert db.editions() == ["20260101T000000Z-10", "20260101T000000Z-2", "20260101T000000Z", "20251231T000000Z"]
    assert queries.edition_before("20260101T000000Z-10") == "20260101T000000Z-2"


@pytest.mark.parametrize("view_id", IDS)
def test_one_edition_alone_is_said_to_be_alone(ids, view_id):
    oldest = VIEWS[view_id](Selection(area="BRB", after=ids[0]))
    assert oldest.empty == f"Edition {ids[0]} is the oldest on file: there is none before it to compare with."
    same = VIEWS[view_id](Selection(area="BRB", before=ids[1], after=ids[1]))
    assert same.empty == "An edition does not differ from itself; choose two editions."


def test_two_equal_editions_differ_in_nothing(own_folder, ids):
    shutil.copy(own_folder / f"{ids[3]}.duckdb", own_folder / "29990101T000000Z.duckdb")
    db.use_edition(None)
    for view_id in views.COMPARING:
        view = VIEWS[view_id](Selection(before=ids[3], after="29990101T000000Z"))
        assert view.empty == f"Nothing differs between edition {ids[3]} and edition 29990101T000000Z."


def test_editions_of_another_layout_are_compared_in_what_both_have(own_folder, ids):
    with duckdb.connect(str(own_folder / f"{ids[2]}.duckdb")) as connection:
        connection.execute("alter table edition drop contract")
        connection.execute("drop table dim_code")
        connection.execute("alter table fct_training_event drop topics")
    db.use_edition(None)
    assert ("fct_deployment", "D004", "changed", "status", "implemented", "audited") in said(ids[2], ids[3])
    view = VIEWS["sources.revisions"](Selection(before=ids[2], after=ids[3]))
    assert "The two editions have not all tables and columns in common; compared is what both have." in view.notes
    assert view.table.height == 4


def test_a_table_too_long_to_compare_is_named(ids, monkeypatch):
    monkeypatch.setattr(queries, "MOST_ROWS", 1)
    queries._columns.cache_clear()
    queries._changes.cache_clear()
    try:
        view = VIEWS["sources.revisions"](Selection(before=ids[2], after=ids[3]))
        assert any(note.startswith("Too long to be compared here") and "Training events" in note for note in view.notes)
    finally:
        queries._columns.cache_clear()
        queries._changes.cache_clear()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_view_in_every_language(ids, lang):
    with in_language(lang):
        for view_id in IDS:
            for area in ("", "CHL"):
                view = VIEWS[view_id](Selection(lang=lang, area=area, before=ids[0], after=ids[3]))
                assert view.empty or view.takeaway
                assert {column.key for column in view.columns} <= set(view.table.columns)
    assert set(IDS) <= set(pages.VIEWS)


def test_long_lists_end_with_how_many_more_there_are(ids, monkeypatch):
    monkeypatch.setattr(views, "MOST_RECORDS", 1)
    view = VIEWS["sources.revisions"](Selection(before=ids[0], after=ids[3]))
    assert "1 more record is in the file to download." in html(view)
    assert view.table.filter(table_name="fct_deployment").height == 2


def test_the_pair_is_part_of_the_address_of_two_pages():
    chosen = Selection(before="a", after="b", area="KNA")
    assert [page for page, own in OWN_PARAMETERS.items() if "before" in own and "after" in own] == [
        "country",
        "sources",
    ]
    assert "before=a&after=b" in address("sources", chosen)
    assert "before" not in address("training", chosen)
    assert to_parameters(chosen)["after"] == "b"


def test_an_unknown_edition_in_the_address_gives_the_nearest(ids):
    selection, problems = choices.read_address({"before": ids[0][:-2], "after": ids[1]}, Selection())
    assert (selection.before, selection.after) == ("", ids[1])
    assert [(problem.parameter, problem.value) for problem in problems] == [("before", ids[0][:-2])]
    assert problems[0].nearest in ids
    assert choices.read_address({"before": "nonsense"}, Selection())[1] == [Problem("before", "nonsense")]
    later, _problems = choices.read_address({}, selection)
    assert later.after == ""


def test_a_link_from_a_state_names_both_editions(ids):
    shown = html(VIEWS["sources.changes_by_state"](Selection(before=ids[2], after=ids[3])))
    assert (
        f"/country?area=CHL&amp;lang=en&amp;scheme=oas&amp;period=all&amp;before={ids[2]}&amp;after={ids[3]}#country-changes"
        in shown
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_pages_show_what_changed(two_shipped, monkeypatch, lang):
    monkeypatch.setenv("PANORAMA_EDITIONS", str(two_shipped))
    newer, older = db.editions()
    session = opened("sources.py", lang)
    assert not session.exception
    assert session.selectbox(key="before_choice").value == older
    assert session.selectbox(key="after_choice").value == newer
    assert "Told by the ministry" in words(session)
    session = opened("country.py", lang, area="BHS")
    assert not session.exception
    assert "Told by the ministry" in words(session)
    session = opened("country.py", lang, area="KNA")
    assert not session.exception
    assert "Told by the ministry" not in words(session)


def test_another_pair_is_chosen_on_the_page(two_shipped, monkeypatch):
    monkeypatch.setenv("PANORAMA_EDITIONS", str(two_shipped))
    newer, older = db.editions()
    session = opened("sources.py", "en")
    session.selectbox(key="before_choice").select(newer).run()
    assert not session.exception
    assert session.query_params["before"] in (newer, [newer])
    assert "An edition does not differ from itself; choose two editions." in words(session)
    session.selectbox(key="after_choice").select(older).run()
    assert not session.exception
    assert "The second edition is the older one" in words(session)
    assert "replicated → implemented" in words(session)


def test_what_a_new_edition_suppresses_is_not_kept_on_screen(
    own_folder: Path, ids: list[str], monkeypatch: pytest.MonkeyPatch
):
    """Whoever looks at two old editions by a frozen link is shown the comparison anew once a third goes live."""
    from dashboard.components import show

    asked: list[tuple[str, str, str]] = []
    drawn: Callable[..., object] = show._drawn
    monkeypatch.setattr(show, "_drawn", lambda reading, *rest: asked.append(reading) or drawn(reading, *rest))
    for live in (ids[1], ids[3]):
        (own_folder / "current").write_text(live)
        db.use_edition(ids[1])
        show.show("sources.revisions", Selection(before=ids[0], after=ids[1]), page="sources")
    assert [reading[1:] for reading in asked] == [(ids[1], ids[1]), (ids[1], ids[3])]
