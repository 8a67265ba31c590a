"""The shipped data keep their promises: nothing lost, every reference resolves, every text has four languages."""

import csv
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

DATA = Path(__file__).parents[1] / "data"
LANGUAGES = ("en", "es", "pt", "fr")
TRANSLATIONS = ("es", "pt", "fr")

# What the first edition was compiled from: later records may add to it, none may get lost.
COMPILED_ROWS = {
    "registry/training_events.csv": 47,
    "registry/training_participation.csv": 64,
    "registry/training_statements.csv": 22,
    "registry/programmes.csv": 31,
    "registry/programme_deployments.csv": 100,
    "registry/meetings.csv": 9,
    "registry/questionnaire_rounds.csv": 14,
    "registry/questionnaire_questions.csv": 123,
    "registry/questionnaire_responses.csv": 97,
    "registry/questionnaire_answers.csv": 145,
    "registry/recommendations.csv": 82,
    "registry/treaty_actions.csv": 385,
    "registry/national_authorities.csv": 57,
    "registry/national_plans.csv": 69,
    "registry/national_laws.csv": 72,
    "open/open_indicators.csv": 13_555,
    "open/tip_tier_evidence.csv": 660,
    "catalog/sources.csv": 399,
    "catalog/treaties.csv": 11,
    "catalog/schemes.csv": 8,
}
KEYS = {
    "registry/training_events.csv": ("event_id",),
    "registry/training_participation.csv": ("event_id", "country"),
    "registry/training_statements.csv": ("statement_id",),
    "registry/programmes.csv": ("programme_id",),
    "registry/programme_deployments.csv": ("deployment_id",),
    "registry/meetings.csv": ("meeting_id",),
    "registry/questionnaire_rounds.csv": ("round_id",),
    "registry/questionnaire_questions.csv": ("question_id",),
    "registry/questionnaire_responses.csv": ("response_id",),
    "registry/questionnaire_answers.csv": ("answer_id",),
    "registry/recommendations.csv": ("commitment_id",),
    "registry/treaty_actions.csv": ("country", "treaty_id"),
    "registry/national_authorities.csv": ("authority_id",),
    "registry/national_plans.csv": ("plan_id",),
    "registry/national_laws.csv": ("law_id",),
    "open/open_indicators.csv": ("indicator_id", "country", "year"),
    "catalog/sources.csv": ("source_id",),
    "catalog/areas.csv": ("area_code",),
    "catalog/area_aliases.csv": ("alias",),
    "catalog/area_memberships.csv": ("scheme_id", "group_code", "area_code"),
    "catalog/oas_participation.csv": ("area_code", "from_date"),
    "catalog/caveats.csv": ("caveat_id",),
    "catalog/texts/en.csv": ("text_id",),
}
REFERENCES = {
    ("registry/training_events.csv", "programme_id"): ("registry/programmes.csv", "programme_id"),
    ("registry/training_participation.csv", "event_id"): ("registry/training_events.csv", "event_id"),
    ("registry/training_statements.csv", "programme_id"): ("registry/programmes.csv", "programme_id"),
    ("registry/programme_deployments.csv", "programme_id"): ("registry/programmes.csv", "programme_id"),
    ("registry/questionnaire_rounds.csv", "meeting_id"): ("registry/meetings.csv", "meeting_id"),
    ("registry/questionnaire_questions.csv", "round_id"): ("registry/questionnaire_rounds.csv", "round_id"),
    ("registry/questionnaire_responses.csv", "round_id"): ("registry/questionnaire_rounds.csv", "round_id"),
    ("registry/questionnaire_answers.csv", "question_id"): ("registry/questionnaire_questions.csv", "question_id"),
    ("registry/treaty_actions.csv", "treaty_id"): ("catalog/treaties.csv", "treaty_id"),
    ("catalog/areas.csv", "scheme_id"): ("catalog/schemes.csv", "scheme_id"),
    ("catalog/area_memberships.csv", "scheme_id"): ("catalog/schemes.csv", "scheme_id"),
    ("catalog/area_memberships.csv", "group_code"): ("catalog/areas.csv", "area_code"),
    ("catalog/area_memberships.csv", "area_code"): ("catalog/areas.csv", "area_code"),
    ("catalog/oas_participation.csv", "area_code"): ("catalog/areas.csv", "area_code"),
}
# Text columns that a reader sees as running text; lists are matched part by part.
READER_TEXTS = {
    "registry/training_events.csv": ("title", "audience", "topics", "note", "city"),
    "registry/training_statements.csv": ("scope", "unit", "period", "note"),
    "registry/programmes.csv": ("name", "description", "lead_unit", "note"),
    "registry/programme_deployments.csv": ("scope", "note"),
    "registry/meetings.csv": ("name", "participants_note", "theme", "note", "city"),
    "registry/questionnaire_rounds.csv": ("name", "meeting", "issued_by", "note"),
    "registry/questionnaire_questions.csv": ("topic", "wording"),
    "registry/questionnaire_responses.csv": ("note",),
    "registry/questionnaire_answers.csv": ("scope", "answer", "unit", "note"),
    "registry/recommendations.csv": ("instrument", "issuer", "paraphrase", "note"),
    "registry/treaty_actions.csv": ("note",),
    "registry/national_authorities.csv": ("name", "role", "lead_institution", "legal_basis", "note"),
    "registry/national_plans.csv": ("title", "legal_basis", "note"),
    "registry/national_laws.csv": ("title", "note"),
    "open/open_indicators.csv": ("note",),
    "catalog/areas.csv": ("note",),
    "catalog/area_memberships.csv": ("note",),
    "catalog/oas_participation.csv": ("note",),
    "catalog/treaties.csv": ("name",),
}
LIST_COLUMNS = {"audience", "topics", "theme"}


def rows_of(path: str) -> list[dict[str, str]]:
    """The rows of one file, by column name."""
    with (DATA / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def all_csv_files() -> list[str]:
    """Every CSV file that is shipped, relative to the data folder."""
    folders = ("registry", "open", "catalog")
    return sorted(path.relative_to(DATA).as_posix() for folder in folders for path in (DATA / folder).rglob("*.csv"))


def states() -> set[str]:
    """The codes of the states."""
    return {row["area_code"] for row in rows_of("catalog/areas.csv") if row["area_type"] == "country"}


def counted_states(day: str) -> set[str]:
    """The states counted as taking part in the OAS on a day; a date cut short stands for its first day."""
    return {
        row["area_code"]
        for row in rows_of("catalog/oas_participation.csv")
        if row["is_counted"] == "true"
        and first_day(row["from_date"]) <= day
        and (not row["to_date"] or day <= first_day(row["to_date"]))
    }


def first_day(date: str) -> str:
    """The first day of what a date states."""
    return f"{date}-01-01"[:10] if len(date) == 4 else f"{date}-01"[:10]


@pytest.mark.parametrize(("path", "least"), COMPILED_ROWS.items())
def test_no_compiled_record_is_lost(path: str, least: int) -> None:
    """No file holds fewer records than were compiled."""
    assert len(rows_of(path)) >= least


@pytest.mark.parametrize(("path", "columns"), KEYS.items())
def test_keys_are_filled_and_unique(path: str, columns: tuple[str, ...]) -> None:
    """Every record has a key of its own."""
    keys = Counter(tuple(row[column] for column in columns) for row in rows_of(path))
    assert [key for key, count in keys.items() if count > 1 or not all(key)] == []


@pytest.mark.parametrize("path", all_csv_files())
def test_every_source_resolves(path: str) -> None:
    """Every source named by a record is in the list of sources."""
    known = {row["source_id"] for row in rows_of("catalog/sources.csv")}
    named = {row[column] for row in rows_of(path) for column in row if column.startswith("source_id")} - {""}
    assert named - known == set()


@pytest.mark.parametrize("path", all_csv_files())
def test_every_record_has_a_source_except_an_unknown_standing(path: str) -> None:
    """Only a treaty standing that is unknown has no source."""
    rows = [row for row in rows_of(path) if "source_id" in row and not row["source_id"]]
    assert [row for row in rows if row.get("status") != "unknown"] == []


@pytest.mark.parametrize(("column_of", "key_of"), REFERENCES.items())
def test_references_resolve(column_of: tuple[str, str], key_of: tuple[str, str]) -> None:
    """What a record refers to exists."""
    known = {row[key_of[1]] for row in rows_of(key_of[0])}
    assert {row[column_of[1]] for row in rows_of(column_of[0])} - known - {""} == set()


@pytest.mark.parametrize("path", [path for path in all_csv_files() if not path.startswith("catalog")])
def test_countries_are_states(path: str) -> None:
    """Every country code belongs to one of the 35 states."""
    columns = ("country", "host_country")
    named = {row[column] for row in rows_of(path) for column in columns if column in row}
    funders = {code for row in rows_of(path) for code in row.get("funders", "").split(";")}
    assert (named | funders) - states() - {""} == set()


def test_there_are_35_states_each_with_its_own_tile() -> None:
    """The tile map has one place for each state."""
    tiles = [
        (row["tile_row"], row["tile_column"]) for row in rows_of("catalog/areas.csv") if row["area_type"] == "country"
    ]
    assert len(tiles) == 35
    assert len(set(tiles)) == 35


def test_every_audience_is_in_a_group() -> None:
    """Every audience word of an event has its group."""
    grouped = {row["audience"]: row["audience_group"] for row in rows_of("catalog/audiences.csv")}
    named = {part for row in rows_of("registry/training_events.csv") for part in row["audience"].split(";")} - {""}
    assert named - set(grouped) == set()
    assert all(grouped.values())


def test_officials_are_601_and_only_121_of_them_were_reported() -> None:
    """The stated officials by the basis of their number, as compiled."""
    officials: Counter[str] = Counter()
    for row in rows_of("registry/training_events.csv"):
        officials[row["number_basis"]] += int(row["officials_trained"] or 0)
    assert sum(officials.values()) == 601
    assert officials["reported"] == 121


def test_a_number_says_whom_it_counts() -> None:
    """A number has a basis and a scope; the scope tells civil society apart where the audience includes it."""
    for row in rows_of("registry/training_events.csv"):
        has_number = bool(row["officials_trained"])
        assert has_number == bool(row["number_basis"]) == bool(row["count_scope"]), row["event_id"]
        if has_number:
            includes_others = "civil society" in row["audience"].split(";")
            assert (row["count_scope"] == "officials_and_civil_society") == includes_others, row["event_id"]


def test_2012_questionnaire_was_returned_by_19_states_and_not_asked_of_cuba() -> None:
    """All 35 states have a standing in the round of 2012."""
    rows = [row for row in rows_of("registry/questionnaire_responses.csv") if row["round_id"] == "Q2012"]
    assert Counter(row["response_status"] for row in rows) == {"returned": 19, "not_received": 15, "not_asked": 1}
    assert [row["country"] for row in rows if row["response_status"] == "not_asked"] == ["CUB"]


def test_every_state_has_a_standing_with_regard_to_every_treaty() -> None:
    """The table of treaties has no hole, only known gaps."""
    rows = rows_of("registry/treaty_actions.csv")
    treaties = {row["treaty_id"] for row in rows_of("catalog/treaties.csv")}
    assert {(row["country"], row["treaty_id"]) for row in rows} == {(s, t) for s in states() for t in treaties}


@pytest.mark.parametrize(
    ("day", "count", "left_out"),
    [
        ("2008-12-31", 34, {"CUB"}),
        ("2010-12-31", 33, {"CUB", "HND"}),
        ("2011-05-31", 33, {"CUB", "HND"}),
        ("2012-12-31", 34, {"CUB"}),
        ("2022-12-31", 34, {"CUB"}),
        ("2023-12-31", 32, {"CUB", "NIC", "VEN"}),
        ("2026-01-01", 32, {"CUB", "NIC", "VEN"}),
    ],
)
def test_counted_participants(day: str, count: int, left_out: set[str]) -> None:
    """How many states stand in the denominator on a day, and which do not."""
    assert len(counted_states(day)) == count
    assert states() - counted_states(day) == left_out


def test_cuba_was_counted_before_1962_only() -> None:
    """A year without a day is not counted at its end."""
    assert "CUB" in counted_states("1961-12-31")
    assert "CUB" not in counted_states("1962-12-31")


def test_participation_intervals_follow_each_other() -> None:
    """A state's intervals leave out no day and share none, but for a change dated by its year alone."""
    by_state: dict[str, list[dict[str, str]]] = {}
    for row in rows_of("catalog/oas_participation.csv"):
        by_state.setdefault(row["area_code"], []).append(row)
    assert set(by_state) == states()
    for rows in by_state.values():
        rows.sort(key=lambda row: row["from_date"])
        assert [row["to_date"] == "" for row in rows] == [False] * (len(rows) - 1) + [True]
        for earlier, later in pairwise(rows):
            assert earlier["to_date"] <= later["from_date"]


@pytest.mark.parametrize("scheme", ["oas", "m49", "caricom", "sica", "mercosur", "can", "rss"])
@pytest.mark.parametrize("day", ["2010-12-31", "2024-07-04", "2024-07-05", "2026-01-01"])
def test_a_state_is_in_one_group_of_a_scheme_at_a_time(scheme: str, day: str) -> None:
    """On any day a state belongs to exactly one group."""
    groups = Counter(
        row["area_code"]
        for row in rows_of("catalog/area_memberships.csv")
        if row["scheme_id"] == scheme
        and (not row["from_date"] or first_day(row["from_date"]) <= day)
        and (not row["to_date"] or day <= first_day(row["to_date"]))
    )
    assert groups == dict.fromkeys(states(), 1)


def test_blocs_have_the_members_of_today() -> None:
    """The size of each bloc."""
    rows = rows_of("catalog/area_memberships.csv")
    members = Counter(row["group_code"] for row in rows if not row["to_date"])
    blocs = {group: members[group] for group in ("CARICOM", "SICA", "MERCOSUR", "ANDEAN", "RSS")}
    assert blocs == {"CARICOM": 14, "SICA": 8, "MERCOSUR": 5, "ANDEAN": 4, "RSS": 8}


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_texts_have_the_same_ids_in_every_language(language: str) -> None:
    """Each English text has exactly one wording in each other language, and the wording is not empty."""
    english = [row["text_id"] for row in rows_of("catalog/texts/en.csv")]
    translated = rows_of(f"catalog/texts/{language}.csv")
    assert sorted(row["text_id"] for row in translated) == sorted(english)
    assert [row["text_id"] for row in translated if not row["text"].strip()] == []
    assert {row["basis"] for row in translated} <= {"official", "translated", "same"}


def test_no_english_text_stands_twice() -> None:
    """Records are matched to texts by their wording, so a wording is there once."""
    wordings = Counter(row["text"] for row in rows_of("catalog/texts/en.csv"))
    assert [text for text, count in wordings.items() if count > 1] == []


@pytest.mark.parametrize(("path", "columns"), READER_TEXTS.items())
def test_every_text_a_reader_sees_has_its_translations(path: str, columns: tuple[str, ...]) -> None:
    """Each recorded text stands among the texts, named by its table and column."""
    texts = {row["text"]: set(row["used_in"].split(";")) for row in rows_of("catalog/texts/en.csv")}
    table = Path(path).stem
    for column in columns:
        cells = {row[column] for row in rows_of(path)} - {""}
        if column in LIST_COLUMNS:
            cells = {part.strip() for cell in cells for part in cell.split(";")}
        assert {cell for cell in cells if f"{table}.{column}" not in texts.get(cell, set())} == set()


def test_caveats_are_complete_in_four_languages() -> None:
    """Every caveat has its text in each language, and no two languages share one."""
    rows = rows_of("catalog/caveats.csv")
    kinds = Counter(row["kind"] for row in rows)
    assert kinds["contradiction"] >= 28
    assert kinds["gap"] >= 25
    assert kinds["reading"] >= 30
    for row in rows:
        assert len({row[f"text_{language}"].strip() for language in LANGUAGES} - {""}) == 4, row["caveat_id"]
        assert set(row["area_codes"].split(";")) - states() - {""} == set(), row["caveat_id"]


def test_names_are_complete_in_four_languages() -> None:
    """Areas and schemes have a name in each language."""
    for path in ("catalog/areas.csv", "catalog/schemes.csv"):
        for row in rows_of(path):
            assert all(row[f"name_{language}"].strip() for language in LANGUAGES), row


def test_territories_are_never_taken_for_states() -> None:
    """Names of territories are known and left out on purpose."""
    codes = {row["alias"]: row["area_code"] for row in rows_of("catalog/area_aliases.csv")}
    assert [codes[name] for name in ("Guyane", "French Guiana", "Puerto Rico", "Guadeloupe", "Martinique")] == [""] * 5
    assert codes["St. Kitts & Nevis"] == "KNA"
    assert codes["EE. UU."] == "USA"
    assert set(codes.values()) - states() == {""}


@pytest.mark.parametrize("path", all_csv_files())
def test_files_are_plain_utf8_with_unix_lines(path: str) -> None:
    """One line ending and no byte order mark, so that a change shows as a small difference."""
    content = (DATA / path).read_bytes()
    assert not content.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in content
    assert content.endswith(b"\n")


def test_documents_are_named_by_title_and_never_by_file_or_bare_address() -> None:
    """No name of a working file and no address without a host name is left."""
    files = [*DATA.glob("catalog/indicators/*.yml"), *(DATA / path for path in all_csv_files()), DATA / "README.md"]
    working_file = re.compile(r"\b\d{3}_[0-9a-f]{8,}|\.txt\b")
    bare_address = re.compile(r"//\d{1,3}(\.\d{1,3}){3}|\b\d{1,3}(\.\d{1,3}){3}\b")
    for file in files:
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            without_urls = re.sub(r"https?://\S+", "", line)
            assert not working_file.search(without_urls), f"{file.name}:{number}"
            assert not bare_address.search(line), f"{file.name}:{number}"


def test_open_indicators_are_declared() -> None:
    """Every indicator with observations has its file, and no gap is a row without a status."""
    rows = rows_of("open/open_indicators.csv")
    declared = {path.stem for path in (DATA / "catalog/indicators").glob("*.yml")}
    assert {row["indicator_id"] for row in rows} - declared == set()
    assert Counter(row["obs_status"] for row in rows if not row["value"] and not row["value_code"]) == {"M": 15}


def test_tiers_are_ranks_with_codes() -> None:
    """A rank of three always means Tier 3, and a Special Case has no rank."""
    ranks = {
        (row["value_code"], row["value"])
        for row in rows_of("open/open_indicators.csv")
        if row["indicator_id"] == "tip_tier"
    }
    assert {(code, float(value) if value else None) for code, value in ranks} == {
        ("1", 1.0),
        ("2", 2.0),
        ("2WL", 2.5),
        ("3", 3.0),
        ("SC", None),
    }


def test_sources_are_cited_without_file_names() -> None:
    """A reader finds a document by its title, code and address."""
    file_name = re.compile(r"\.(csv|txt|xlsx?|pdf|docx?|json|zip)\b", re.IGNORECASE)
    for row in rows_of("catalog/sources.csv"):
        assert not file_name.search(f"{row['title']} {row['citation']}"), row["source_id"]
