"""What pages read from counts made at the build is what counting the records themselves gives, row by row."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from dashboard import db
from dashboard.areas import HEMISPHERE
from dashboard.queries import country, overview, sources, subregion, training
from dashboard.views.training.events import MOST_EVENTS
from pipelines import build, editions, schemas
from pipelines.demo import write_demo
from pipelines.derive import page_tables
from pipelines.derive.page_tables import PAGE_TABLES, groups_of
from tests.conftest import AS_OF

PERIODS = [(1800, 2100, True), (2004, 2015, False), (2011, 2011, False), (1990, 1996, False)]
DAYS = (date(2026, 11, 22), date(2012, 12, 31))
IN_PERIOD = "($is_all_time or year between $first_year and $last_year)"
MEETS_PERIOD = """(
    date_group = 'undated'
    or (coalesce(last_year, 9999) >= $first_year and coalesce(first_year, 0) <= $last_year)
)"""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an edition of 500 synthetic events."""
    folder = tmp_path_factory.mktemp("counted") / "data"
    write_demo(folder, events=500, rounds=4, questions=10, seed=7, has_edition=True)
    return folder / "editions"


@pytest.fixture(autouse=True, params=["demo", "shipped"])
def edition(request: pytest.FixtureRequest, demo: Path, shipped: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each test asks both of the synthetic and of the real records."""
    monkeypatch.setenv("PANORAMA_EDITIONS", str(demo if request.param == "demo" else shipped.parent))
    return db.use_edition(editions.live_id(demo) if request.param == "demo" else shipped.stem)


@pytest.fixture(params=PERIODS, ids=["all", "2004-2015", "2011", "1990-1996"])
def period(request: pytest.FixtureRequest) -> dict[str, Any]:
    """The years that a reader chose."""
    return dict(zip(("first_year", "last_year", "is_all_time"), request.param, strict=True))


def years(period: dict[str, Any]) -> dict[str, int]:
    return {name: period[name] for name in ("first_year", "last_year")}


def recount(sql: str, **given: object) -> pl.DataFrame:
    """The rows that a statement finds in the records."""
    used = {name: value for name, value in given.items() if f"${name}" in sql}
    return db.fetch(sql, **used)


def codes(sql: str) -> list[str]:
    return db.fetch(sql).to_series().to_list()


def states() -> list[str]:
    return codes("select area_code from dim_area where area_type = 'country' order by area_code")


def assert_same(found: pl.DataFrame, expected: pl.DataFrame) -> None:
    assert_frame_equal(found.select(expected.columns), expected, check_dtypes=False)


OF_THE_HEMISPHERE: dict[str, tuple[Callable[..., pl.DataFrame], str]] = {
    "events": (
        training.event_counts,
        f"""
        select status, date_group, count(*) as events
        from fct_training_event
        where {IN_PERIOD}
        group by all
        order by all
        """,
    ),
    "sources of events that count": (
        training.sources_of_counted_events,
        f"""
        select distinct unnest(list_filter([source_id, source_id_2], lambda one: one is not null)) as source_id
        from fct_training_event
        where {IN_PERIOD}
        order by source_id
        """,
    ),
    "numbers with civil society": (
        training.numbers_with_civil_society,
        f"""
        select year, number_basis, sum(officials_stated)::bigint as value
        from fct_training_event
        where officials_stated is not null and count_scope = 'officials_and_civil_society' and {IN_PERIOD}
        group by all
        order by year desc nulls last, number_basis
        """,
    ),
    "audiences": (
        training.events_by_audience,
        f"""
        select
            audience_group,
            count(*) filter (status = 'held') as held,
            count(*) filter (status = 'announced') as announced,
            count(*) filter (status = 'planned') as planned
        from (
            select distinct event_id, status, coalesce(audience_group, 'not_stated') as audience_group
            from fct_training_event
            left join training_audience using (event_id)
            where {IN_PERIOD}
        )
        group by audience_group
        order by audience_group
        """,
    ),
    "officials by audience": (
        training.officials_by_audience,
        f"""
        with named as (
            select event_id, list(distinct audience_group) as named
            from training_audience
            group by event_id
        )
        select
            case when len(named) > 1 then 'several' else coalesce(named[1], 'not_stated') end as audience_group,
            number_basis,
            sum(officials_stated)::bigint as value
        from fct_training_event
        left join named using (event_id)
        where officials_stated is not null and {IN_PERIOD}
        group by all
        order by all
        """,
    ),
    "officials of one state": (
        training.officials_by_state,
        f"""
        with numbers as (
            select
                area_code,
                number_basis,
                count_scope,
                coalesce(
                    part.officials_stated,
                    case when attributable_area_code = area_code then event.officials_stated end
                ) as value
            from fct_training_participation as part
            join fct_training_event as event using (event_id)
            where role = 'participant' and {IN_PERIOD}
        )
        select
            area_code,
            number_basis,
            sum(value)::bigint as value,
            coalesce(sum(value) filter (count_scope <> 'officials'), 0)::bigint as with_civil_society,
            count(*) as events
        from numbers
        where value is not null
        group by area_code, number_basis
        order by area_code, number_basis
        """,
    ),
    "events of each state": (
        overview.events_by_state,
        f"""
        select
            area_code,
            count(distinct event_id) filter (status = 'held') as value,
            count(distinct event_id) filter (status <> 'held') as others
        from dim_area
        left join (
            select *
            from fct_training_participation
            join fct_training_event using (event_id)
            where role = 'participant' and {IN_PERIOD}
        ) using (area_code)
        where area_type = 'country'
        group by area_code
        order by area_code
        """,
    ),
    "records of states reached": (
        overview.reached_states,
        f"""
        select area_code, record_kind, year, source_id, count(*) as records
        from fct_reach
        where {IN_PERIOD}
        group by all
        order by area_code, record_kind, year, source_id
        """,
    ),
}


@pytest.mark.parametrize("what", OF_THE_HEMISPHERE)
def test_each_event_is_counted_once(what: str, period: dict[str, Any]) -> None:
    asked, sql = OF_THE_HEMISPHERE[what]
    assert_same(asked(**period), recount(sql, **period))


def test_headlines_and_numbers_are_those_of_the_events(period: dict[str, Any]) -> None:
    expected = recount(
        f"""
        select
            count(*) as events,
            count(*) filter (status = 'held') as held,
            count(*) filter (status = 'announced') as announced,
            count(*) filter (status = 'planned') as planned,
            sum(officials_stated) filter (number_basis = 'reported') as reported,
            sum(officials_stated) filter (number_basis <> 'reported') as beforehand,
            count(*) filter (number_basis = 'reported' and count_scope <> 'officials') as reported_with_others,
            count(officials_stated) as with_number,
            count(women_stated) as women_stated,
            count(*) filter (
                event_id not in (select event_id from fct_training_participation where role = 'participant')
            ) as nameless
        from fct_training_event
        where {IN_PERIOD}
        """,
        **period,
    ).row(0, named=True)
    for found in (overview.headline_counts(**period), training.number_counts(**period)):
        assert found == {name: expected[name] for name in found}
    assert training.events_naming_no_state(**period) == expected["nameless"]


def test_officials_of_each_year_are_attributed_only_where_a_source_does_so(period: dict[str, Any]) -> None:
    expected = recount(
        """
        with given as (
            select
                event_id,
                sum(
                    coalesce(
                        part.officials_stated,
                        case when attributable_area_code = area_code then event.officials_stated end
                    )
                ) as own
            from fct_training_participation as part
            join fct_training_event as event using (event_id)
            where role = 'participant'
            group by event_id
        ),
        numbers as (
            select
                year,
                number_basis,
                unnest([true, false]) as is_attributable,
                unnest([coalesce(own, 0), officials_stated - coalesce(own, 0)]) as value
            from fct_training_event
            left join given using (event_id)
            where officials_stated is not null and (year is null or year between $first_year and $last_year)
        )
        select year, number_basis, is_attributable, sum(value)::bigint as value, count(*) as events
        from numbers
        where value > 0
        group by all
        order by year nulls last, number_basis, is_attributable desc
        """,
        **years(period),
    )
    assert_same(training.officials_by_year(**years(period)), expected)


@pytest.mark.parametrize("on", DAYS, ids=str)
def test_a_group_counts_each_event_once_by_its_members_of_the_day(period: dict[str, Any], on: date) -> None:
    for scheme in codes("select scheme_id from dim_scheme order by scheme_id"):
        expected = recount(
            f"""
            select
                group_code,
                count(distinct event_id) filter (status = 'held') as held,
                count(distinct event_id) filter (status = 'announced') as announced,
                count(distinct event_id) filter (status = 'planned') as planned
            from area_membership
            left join (
                select *
                from fct_training_participation
                join fct_training_event using (event_id)
                where role = 'participant' and {IN_PERIOD}
            ) using (area_code)
            where scheme_id = $scheme and coalesce(from_on, $on) <= $on and coalesce(to_on, $on) >= $on
            group by group_code
            order by group_code
            """,
            scheme=scheme,
            on=on,
            **period,
        )
        found = training.events_and_reach_by_group(scheme, HEMISPHERE, **period, on=on)
        assert_same(found.filter(pl.col("group_code") != HEMISPHERE), expected)
        beside = overview.groups_side_by_side(scheme, **period, on=on, round_id="")
        others = expected.select("group_code", "held", others=pl.col("announced") + pl.col("planned"))
        assert_same(beside, others)


def test_members_side_by_side_count_what_each_took_part_in(period: dict[str, Any]) -> None:
    expected = recount(
        f"""
        with reached as (
            select
                area_code,
                max(year) filter (year <= $last_year) as last_trained,
                count(*) filter {IN_PERIOD} as trainings
            from fct_reach
            group by area_code
        )
        select area_code, coalesce(trainings, 0) > 0 as is_reached, last_trained
        from dim_area
        left join reached using (area_code)
        where area_type = 'country'
        order by area_code
        """,
        **period,
    )
    found = subregion.members_side_by_side(states(), **period, on=DAYS[0], round_id="")
    assert_same(found, expected)
    events = overview.events_by_state(**period).select("area_code", held="value", others="others")
    assert_same(found, events)


def test_documents_behind_counts_are_those_of_the_events(period: dict[str, Any]) -> None:
    cited = """
        select distinct unnest(list_filter([source_id, source_id_2], lambda one: one is not null)) as source_id
        from fct_training_event
        """
    took_part = "event_id in (select event_id from fct_training_participation where role = 'participant'"
    for found, condition, given in (
        (training.sources_of_events(**years(period)), MEETS_PERIOD, {}),
        (training.sources_of_numbers(**years(period)), f"officials_stated is not null and {MEETS_PERIOD}", {}),
        (overview.record_sources("training_events", **period), f"{took_part}) and {IN_PERIOD}", {}),
        (
            country.event_sources("KNA", **period),
            f"{took_part} and area_code = $area) and {IN_PERIOD}",
            {"area": "KNA"},
        ),
    ):
        expected = recount(f"{cited} where {condition} order by source_id", **period, **given)["source_id"].to_list()
        assert (found if isinstance(found, list) else found["source_id"].to_list()) == expected
    members = states()[:5]
    expected = recount(
        f"""
        select distinct status, source_id
        from fct_training_event
        where {took_part} and list_contains($members, area_code)) and {IN_PERIOD}
        order by source_id, status
        """,
        members=members,
        **period,
    )
    assert_same(subregion.event_sources(members, **period), expected)


def test_a_state_lists_its_newest_events_and_says_how_many_there_are(period: dict[str, Any]) -> None:
    for area in states():
        expected = recount(
            f"""
            with own as (
                select
                    event_id,
                    bool_or(role = 'participant') as took_part,
                    bool_or(role = 'host') as hosted,
                    max(officials_stated) as own
                from fct_training_participation
                where area_code = $area
                group by event_id
            )
            select
                event_id,
                title,
                took_part,
                hosted,
                (
                    select coalesce(list(area_code order by area_code), [])
                    from fct_training_participation as part
                    where part.event_id = event.event_id and role = 'participant'
                ) as participants,
                coalesce(own, case when attributable_area_code = $area then officials_stated end) as officials,
                year,
                start_on
            from fct_training_event as event
            join own using (event_id)
            where {MEETS_PERIOD}
            order by year desc nulls last, start_on desc nulls last, event_id
            """,
            area=area,
            **period,
        )
        assert_same(country.events(area, **years(period)), expected)
        assert_same(country.events(area, **years(period), most=3), expected.head(3))
        counts = country.event_counts(area, **years(period))
        assert counts["events"].sum() == expected["took_part"].sum()
        assert counts["events_hosted"].sum() == expected.height - expected["took_part"].sum()
        assert set(country.events(area, **years(period))["events_in_all"]) <= {expected.height}
        assert counts.filter("has_year")["events"].sum() == expected.filter("took_part")["year"].count()


def test_the_list_of_all_events_has_the_newest_of_the_period(period: dict[str, Any]) -> None:
    expected = recount(
        f"""
        select * exclude date_group
        from fct_training_event
        where {MEETS_PERIOD}
        order by year desc nulls last, start_on desc nulls last, event_id
        """,
        **years(period),
    )
    found = training.event_details(**years(period), most=MOST_EVENTS)
    assert_same(found, expected.head(MOST_EVENTS))
    assert set(found["events_in_all"]) <= {expected.height}


def test_a_list_never_shows_more_than_is_kept_for_it() -> None:
    assert MOST_EVENTS <= page_tables.LISTED


def test_of_more_events_than_are_kept_the_newest_are_listed(demo: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setitem(page_tables._VALUES, "listed", 3)
    build.build(demo.parent, tmp_path, as_of=AS_OF)
    monkeypatch.setenv("PANORAMA_EDITIONS", str(tmp_path))
    db.use_edition(None)
    expected = recount(
        """
        with places as (
            select event_id, area_code from fct_training_participation
            union
            select event_id, area_code from fct_training_event cross join dim_area where area_type = 'hemisphere'
        )
        select area_code, event_id, year, start_on
        from places
        join fct_training_event using (event_id)
        qualify
            row_number() over (
                partition by area_code, year, first_year, last_year
                order by start_on desc nulls last, event_id
            ) <= 3
        order by area_code, year nulls last, start_on nulls last, event_id
        """
    )
    found = recount("select area_code, event_id, year, start_on from listed_event")
    assert_same(found, expected)
    assert found.height < recount("select event_id from fct_training_participation").height


@pytest.mark.parametrize("name", PAGE_TABLES)
def test_what_is_made_inside_an_edition_fulfils_its_contract(name: str) -> None:
    contract = schemas.TABLES[name]
    made = recount(f"from {name}")
    assert made.columns == contract.column_names()
    assert made.height > 0
    contract.validate(made)  # its types too
    if name != "listed_event":
        assert_frame_equal(made, made.sort(made.columns, nulls_last=True))


def test_rows_by_source_and_what_is_on_file_are_those_of_the_records() -> None:
    expected = recount(
        """
        with cited as (
            select unnest(list_distinct([source_id, source_id_2])) as source_id, 'fct_training_event' as table_name
            from fct_training_event
            union all
            select source_id, 'fct_training_participation' from fct_training_participation
        )
        select source_id, table_name, count(*) as rows
        from cited
        where source_id is not null
        group by all
        order by source_id, table_name
        """
    )
    found = sources.rows_by_source().filter(pl.col("table_name").is_in(expected["table_name"].unique().implode()))
    assert_same(found, expected)
    for area in states():
        own = recount(
            "select count(distinct event_id) as events from fct_training_participation where area_code = $area",
            area=area,
        )
        assert country.records_on_file(area)["events"] == own["events"][0]


def test_examples_of_counting_are_recounted() -> None:
    expected = recount(
        """
        with held as (
            select event_id, count(*) as states
            from fct_training_event
            join fct_training_participation using (event_id)
            where status = 'held' and role = 'participant'
            group by event_id
        )
        select
            (select count(*) from held) as held_with_states,
            (select sum(states) from held) as held_by_state,
            count(officials_stated) as with_number,
            count(officials_stated) filter (attributable_area_code is null) as not_attributable,
            count(*) filter (date_group <> 'dated') as events_without_year,
            count(*) as events
        from fct_training_event
        """
    ).row(0, named=True)
    found = sources.counting_examples(DAYS[0])
    assert {name: found[name] for name in expected} == expected


def area(code: str, area_type: str) -> dict[str, str]:
    return {"area_code": code, "area_type": area_type}


def test_a_group_has_its_members_of_every_time() -> None:
    tables = {
        "dim_area": pl.DataFrame(
            [area("019", "hemisphere"), area("G", "bloc"), *(area(code, "country") for code in ("AAA", "BBB", "CCC"))]
        ),
        "area_membership": pl.DataFrame(
            [
                {"group_code": "G", "area_code": "AAA", "from_on": None, "to_on": date(2009, 12, 31)},
                {"group_code": "G", "area_code": "BBB", "from_on": date(2005, 7, 1), "to_on": None},
                {"group_code": "G", "area_code": "CCC", "from_on": None, "to_on": None},
            ],
            schema_overrides={"from_on": pl.Date, "to_on": pl.Date},
        ),
    }
    assert groups_of(tables).members.select("from_on", "to_on", "members").rows() == [
        (None, date(2005, 6, 30), 0b101),
        (date(2005, 7, 1), date(2009, 12, 31), 0b111),
        (date(2010, 1, 1), None, 0b110),
    ]


def test_more_states_than_bits_are_refused() -> None:
    states = [area(f"S{number}", "country") for number in range(65)]
    with pytest.raises(ValueError, match="65 states; events can be counted by group for up to 64"):
        groups_of({"dim_area": pl.DataFrame(states), "area_membership": pl.DataFrame()})
