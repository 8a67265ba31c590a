"""An address says everything in codes, and reading one never fails."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import areas, choices, db
from dashboard.i18n import LANGUAGES, in_language
from dashboard.selection import (
    OWN_PARAMETERS,
    Choices,
    Problem,
    Selection,
    address,
    from_parameters,
    to_parameters,
)

KNOWN = Choices(
    schemes=("oas", "sica"),
    areas={"bra": "BRA", "br": "BRA", "brazil": "BRA", "brasil": "BRA", "brésil": "BRA", "kna": "KNA", "haïti": "HTI"},
    groups={"oas": ("OAS-CAR", "OAS-SOU"), "sica": ("SICA", "X-SICA")},
    group_names={"caribbean": "OAS-CAR", "caribe": "OAS-CAR"},
    indicators=("events_held", "treaties_in_force"),
    rounds=("2006", "2012"),
    topics=("prosecution", "protection"),
    editions=("20260101T000000Z",),
    years=(1990, 2026),
)
YEARS = st.none() | st.integers(*KNOWN.years)


@st.composite
def selections(draw: st.DrawFn) -> Selection:
    """Any selection that a reader can reach."""
    scheme = draw(st.sampled_from(KNOWN.schemes))
    first, last = draw(YEARS), draw(YEARS)
    if first and last:
        first, last = sorted((first, last))
    return Selection(
        lang=draw(st.sampled_from(LANGUAGES)),
        scheme=scheme,
        first_year=first,
        last_year=last,
        area=draw(st.sampled_from(["", "BRA", "KNA", "HTI"])),
        group=draw(st.sampled_from(["", *KNOWN.groups[scheme]])),
        indicator=draw(st.sampled_from(["", *KNOWN.indicators])),
        round=draw(st.sampled_from(["", *KNOWN.rounds])),
        topic=draw(st.sampled_from(["", *KNOWN.topics])),
        since=draw(YEARS),
        edition=draw(st.sampled_from(["", *KNOWN.editions])),
    )


def read(**parameters: str) -> tuple[Selection, list[Problem]]:
    """What an address says to a reader who has chosen nothing yet."""
    return from_parameters(parameters, KNOWN, Selection())


@given(selections())
def test_an_address_gives_back_the_selection_it_was_made_from(selection: Selection) -> None:
    again, problems = from_parameters(to_parameters(selection), KNOWN, Selection())
    assert problems == []
    assert again == selection


@given(selections(), st.sampled_from(sorted(OWN_PARAMETERS)))
def test_the_address_of_a_page_keeps_all_that_the_page_shows(selection: Selection, page: str) -> None:
    parts = urlsplit(address(page, selection))
    assert parts.path == f"/{page}"
    said = dict(parse_qsl(parts.query))
    assert said == to_parameters(selection, page)
    assert {"lang", "scheme", "period"} <= set(said) <= {"lang", "scheme", "period", "edition", *OWN_PARAMETERS[page]}


@given(selections(), st.sampled_from(LANGUAGES))
def test_another_language_changes_nothing_else_in_an_address(selection: Selection, lang: str) -> None:
    before, after = to_parameters(selection), to_parameters(selection.but(lang=lang))
    assert {**before, "lang": lang} == after


@given(
    st.dictionaries(
        st.sampled_from(sorted(to_parameters(Selection(area="BRA", since=2010)) | {"group": ""})), st.text()
    )
)
def test_no_address_fails_and_nothing_unknown_is_taken(parameters: dict[str, str]) -> None:
    selection, problems = from_parameters(parameters, KNOWN, Selection())
    assert selection.lang in LANGUAGES
    assert selection.scheme in KNOWN.schemes
    assert selection.area in {"", *KNOWN.areas.values()}
    assert all(problem.value for problem in problems)
    period = selection.period
    assert 1800 <= period["first_year"] <= period["last_year"] <= 2100


@pytest.mark.parametrize(("said", "meant"), [("brazil", "BRA"), ("BRASIL", "BRA"), ("br", "BRA"), ("Haïti", "HTI")])
def test_a_country_may_be_named_in_words(said: str, meant: str) -> None:
    selection, problems = read(area=said)
    assert (selection.area, problems) == (meant, [])


@pytest.mark.parametrize(
    ("parameter", "value", "nearest"),
    [
        ("area", "Brasill", "BRA"),
        ("area", "Atlantis", ""),
        ("scheme", "sicca", "sica"),
        ("lang", "portugues", "pt"),
        ("topic", "prosecutions", "prosecution"),
        ("round", "2007", "2006"),
        ("group", "Caribean", "OAS-CAR"),
        ("indicator", "event_held", "events_held"),
        ("edition", "20260101", "20260101T000000Z"),
        ("period", "2015-2005", "1990-2026"),
        ("period", "1492-2005", "1990-2026"),
        ("period", "ever", "1990-2026"),
        ("since", "1492", "2026"),
        ("since", "soon", "2026"),
    ],
)
def test_an_unknown_value_is_told_with_the_nearest_and_leaves_the_default(
    parameter: str, value: str, nearest: str
) -> None:
    selection, problems = read(**{parameter: value})
    assert problems == [Problem(parameter, value, nearest)]
    assert selection == Selection()


@pytest.mark.parametrize(
    ("period", "years"),
    [
        ("2010", (2010, 2010)),
        ("2010-", (2010, None)),
        ("-2010", (None, 2010)),
        ("2005-2010", (2005, 2010)),
        ("2005–2010", (2005, 2010)),
        ("all", (None, None)),
    ],
)
def test_a_period_may_be_open(period: str, years: tuple[int | None, int | None]) -> None:
    selection, problems = read(period=period)
    assert problems == []
    assert (selection.first_year, selection.last_year) == years


def test_all_years_in_the_address_undo_an_earlier_period() -> None:
    earlier = Selection(first_year=2005, last_year=2010)
    assert from_parameters({"period": "all"}, KNOWN, earlier)[0].is_all_time
    assert from_parameters({}, KNOWN, earlier)[0] == earlier


def test_a_group_brings_its_scheme_unless_the_address_names_another() -> None:
    assert read(group="X-SICA")[0] == Selection(scheme="sica", group="X-SICA")
    assert read(group="X-SICA", scheme="oas")[0] == Selection(scheme="oas")


def test_an_address_without_an_edition_is_live_whatever_was_looked_at_before() -> None:
    frozen = Selection(edition=KNOWN.editions[0])
    assert from_parameters({}, KNOWN, frozen)[0].edition == ""


def test_codes_are_safe_in_an_address() -> None:
    assert address("country", Selection(area="A&b=<ü>")).startswith("/country?area=A%26b%3D%3C%C3%BC%3E&lang=en")


@pytest.fixture(scope="module")
def shipped_choices(shipped_edition: Path) -> Iterator[Choices]:
    """What an address may name in the shipped data."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PANORAMA_EDITIONS", str(shipped_edition.parent))
        db.use_edition(None)
        yield choices.choices()
    db._edition.set("")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_state_and_group_answers_to_its_name_in_every_language(shipped_choices: Choices, lang: str) -> None:
    with in_language(lang):
        states = {areas.name(code): code for code in areas.states()}
        groups = {areas.name(code): code for codes in shipped_choices.groups.values() for code in codes}
    assert len(states) == 35
    for name, code in states.items():
        assert from_parameters({"area": name}, shipped_choices, Selection()) == (Selection(area=code), [])
    for name, code in groups.items():
        selection, problems = from_parameters({"group": name}, shipped_choices, Selection())
        assert problems == []
        assert areas_alike(selection.group, code, lang)


def areas_alike(one: str, other: str, lang: str) -> bool:
    """Whether two groups bear the same name in a language, as the rest groups and some subregions do."""
    with in_language(lang):
        return areas.name(one) == areas.name(other)
