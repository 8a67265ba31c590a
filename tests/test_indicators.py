"""The declarations of the indicators: each has rows, and its texts are whole sentences in four languages."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from pipelines import vocabularies as words

FOLDER = Path(__file__).parents[1] / "data" / "catalog" / "indicators"
DECLARED: dict[str, dict[str, Any]] = {
    path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.yml"))
}
DERIVED = {indicator: content for indicator, content in DECLARED.items() if content["is_derived"]}
SENTENCES = ("definition", "rule")
# Words of each language that its own texts may hold and the other three may not.
TELL_TALES = {
    "en": r"\b(the|of|which|states|never|counts)\b",
    "es": r"\b(el|los|del|sólo|solo|años?|capacitación)\b",
    "pt": r"\b(não|dos|uma|anos?|capacitação|somente)\b",
    "fr": r"\b(les|une|pour|années?|États?|sont)\b",
}


def test_every_derived_indicator_has_rows_and_every_derived_row_an_indicator(
    tiny_tables: dict[str, pl.DataFrame],
) -> None:
    with_rows = set(tiny_tables["fct_observation"]["indicator_id"])
    assert set(DERIVED) <= with_rows
    assert with_rows <= set(DECLARED)


def test_positions_give_one_order() -> None:
    positions = Counter(content["position"] for content in DECLARED.values())
    assert [position for position, count in positions.items() if count > 1] == []


def test_derived_indicators_are_ours_neutral_and_of_the_families_of_the_oas_records() -> None:
    assert {content["source_id"] for content in DERIVED.values()} == {"panorama_compilation"}
    assert {content["direction"] for content in DERIVED.values()} == {"neutral"}
    assert {content["family"] for content in DERIVED.values()} == set(words.INDICATOR_FAMILIES) - {"context"}


@pytest.mark.parametrize("indicator", DERIVED)
def test_texts_are_whole_and_differ_between_languages(indicator: str) -> None:
    for key in ("unit", "title", *SENTENCES):
        texts = DERIVED[indicator][key]
        assert tuple(texts) == words.LANGUAGES
        assert all(text == text.strip() != "" for text in texts.values())
    for key in SENTENCES:
        texts = DERIVED[indicator][key]
        assert len(set(texts.values())) == len(words.LANGUAGES)
        assert all(text.endswith((".", ".»", ".”")) for text in texts.values())


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_texts_are_in_their_own_language(language: str) -> None:
    own = re.compile(TELL_TALES[language], re.IGNORECASE)
    foreign = re.compile(TELL_TALES["en"], re.IGNORECASE)
    rules = {indicator: content["rule"][language] for indicator, content in DERIVED.items()}
    assert [indicator for indicator, text in rules.items() if not own.search(text)] == []
    if language != "en":
        assert [indicator for indicator, text in rules.items() if foreign.search(text)] == []


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_units_and_titles_are_short_enough_for_a_chart(language: str) -> None:
    titles = {indicator: content["title"][language] for indicator, content in DECLARED.items()}
    assert {indicator: title for indicator, title in titles.items() if len(title) > 90} == {}
    assert len(set(titles.values())) == len(titles)


def test_what_is_offered_on_the_map_has_a_value_for_some_state(tiny_tables: dict[str, pl.DataFrame]) -> None:
    states = tiny_tables["dim_area"].filter(area_type="country").select("area_code")
    of_states = tiny_tables["fct_observation"].join(states, on="area_code", how="semi")
    with_value = set(of_states.filter(pl.col("value").is_not_null())["indicator_id"])
    offered = {indicator for indicator, content in DERIVED.items() if content["is_on_map"]}
    assert offered <= with_value
