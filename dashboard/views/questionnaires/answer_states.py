"""How each state stands to a question: what kind of answer it gave, or why there is none on record.

Yes, no and partly are read from the beginning of the recorded answer, in the language of the record; an answer that
begins otherwise is a figure where it gives one and little else, or a text.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from dashboard import areas
from dashboard.charts.matrix import Cell
from dashboard.i18n import _, n_, number, short_number
from dashboard.labels import label
from dashboard.queries import questionnaires
from dashboard.selection import Selection
from dashboard.settings import hides_names_not_received
from dashboard.texts import localise
from dashboard.views.questionnaires.rounds import said_vintage

UNITS_OF_TIME = ("year",)
"""Units whose figure is a calendar year, written without separators."""
CLASSED = ("no", "partly", "yes")
"""The answers that can be set against each other, from less to more."""
_STATUS_WITHOUT = {
    "suppressed": "Q", "unanswered": "O", "not_received": "O", "not_stated": "O", "untold": "O", "not_asked": "L",
}  # fmt: skip
"""Why an answer is not there, by state; where there is one, the part that it does not have is not applicable."""
ANSWERED = ("yes", "partly", "no", "number", "text", "suppressed")
_YES = {"en": "yes", "es": "sí", "pt": "sim", "fr": "oui"}
_NO = {"en": "no", "es": "no", "pt": "não|nao", "fr": "non"}
_PARTLY = {
    "en": "partly|partially|in part",
    "es": "parcialmente|en parte",
    "pt": "parcialmente|em parte",
    "fr": "partiellement|en partie",
}
_FIGURES = re.compile(r"\d+(?:[.,\s]\d{3})*(?:[.,]\d+)?")
_FEW_WORDS = 4
# "No. 7 of 2023" is the number of an act: a full stop ends a "no" only where no figure follows
_ENDED = r"(?:$|\s*[,;:(–—]|\s*\.\s*(?:$|[^\s\d]))"


def state_of_answer(answer: str | None, value: float | None, unit: str | None, status: str, lang: str) -> str:
    """One of ``ANSWERED``: what an answer says, as recorded in a language."""
    if status == "Q":
        return "suppressed"
    text = (answer or "").strip()
    for state, words in (("yes", _YES), ("no", _NO), ("partly", _PARTLY)):
        if words.get(lang) and _begins_with(text, words[lang], is_whole_word_enough=state == "yes"):
            return state
    return "number" if value is not None and _is_about_the_figure(text, value, unit) else "text"


def _is_about_the_figure(text: str, value: float, unit: str | None) -> bool:
    """Whether an answer gives its figure and little else: it is short, begins with it or has it in digits.

    An act of 2010 or a task force with three committees is an answer in words, though a year or number is recorded.
    """
    if not text or text == plain_figure(value):
        return True
    in_digits = plain_figure(value) in [
        re.sub(r"(?<=\d)[.,\s](?=\d{3})", "", found) for found in _FIGURES.findall(text)
    ]
    return unit not in UNITS_OF_TIME and (in_digits or text[0].isdigit() or len(text.split()) <= _FEW_WORDS)


def _begins_with(text: str, words: str, *, is_whole_word_enough: bool) -> bool:
    """Whether a text is one of the words, perhaps after a heading and a colon, or begins with it and goes on from it."""
    ended = r"(?!\w)" if is_whole_word_enough else _ENDED
    return bool(
        re.match(rf"(?:{words}){ended}", text, re.IGNORECASE)
        or re.fullmatch(rf"[^:]{{1,60}}:\s*(?:{words})\s*\.?", text, re.IGNORECASE)
    )


def marks() -> dict[str, Cell]:
    """The marks of all states, in the order of the legend; a figure's sign is the figure itself."""
    return {
        "yes": Cell("focus", "✓", _("yes")),
        "partly": Cell("half", "", _("partly")),
        "no": Cell("no", "✕", _("no")),
        "number": Cell("figure", "12", _("a figure, as reported")),
        "text": Cell("text", "“ ”", _("an answer in words")),
        "suppressed": Cell("suppressed", "", label("obs_status", "Q")),
        "unanswered": Cell("none", "…", _("returned, no answer to the question on record")),
        "not_received": Cell("zero", "", _("not received by the date of the source")),
        "not_asked": Cell("unasked", "–", label("response_status", "not_asked")),
        "not_taking_part": Cell("outside", "", _("not counted as taking part in the OAS at the time")),
        "not_stated": Cell("missing", "", label("response_status", "not_stated")),
        "untold": Cell("none", "·", _("no answer on record, or not shown on this site")),
    }


def said_state(row: Mapping[str, Any], known: Mapping[str, Cell]) -> str:
    """The state of a row of ``standing_of_states`` in words, with the figure or the date that belongs to it."""
    state = row["state"]
    if state == "number":
        return row["figure"]
    if state == "not_received" and (by := said_vintage(row["vintage"])):
        return _("not received by {date}", date=by)
    return known[state].words


def state_of_answers(rows: Sequence[Mapping[str, Any]]) -> str:
    """How a state stands to one question by all its answers: as they say alike, else they are answers in words."""
    states = {row["state"] for row in rows}
    return rows[0]["state"] if len(rows) == 1 or (len(states) == 1 and "number" not in states) else "text"


def mark_of(rows: Sequence[Mapping[str, Any]], known: Mapping[str, Cell], link: str = "") -> Cell:
    """The mark of a state's answers to one question."""
    state = state_of_answers(rows)
    mark = known[state]
    sign = _short_figure(rows[0]) if state == "number" else mark.sign
    words = said_state(rows[0], known) if len(rows) == 1 else n_("{n} answer", "{n} answers", len(rows))
    return Cell(mark.kind, sign, words, link)


def standing_of_states(round_row: Mapping[str, Any], question_ids: Iterable[str], selection: Selection) -> pl.DataFrame:
    """Every state against each of a round's questions: one row an answer, or one row where there is none.

    round_id, question_id, area_code, ``state`` (see ``marks``), answer_id, ``recorded`` (as recorded, in ``text_lang``),
    answer, unit and note in the reader's language, value, unit_code, ``figure``, vintage, source_id, ``obs_status`` (why a text or
    figure is not there); by question and state, the states by name. Where this site does not name those whose reply was not received, they cannot be told from others
    without an answer; of a round in which everyone else's reply is known, only states with an answer are listed.
    """
    round_id = round_row["round_id"]
    answers = questionnaires.answers(round_id, "", "", **selection.period).filter(pl.col("area_code").is_not_null())
    standings = questionnaires.standings(round_row["form_family"], **selection.period).filter(
        pl.col("round_id") == round_id
    )
    is_withheld = hides_names_not_received() and "not_received" in standings["standing"]
    listed = areas.states()
    if is_withheld and round_row["is_list_complete"]:
        with_answer = set(answers["area_code"])
        listed = [code for code in listed if code in with_answer]
    asked = sorted(set(question_ids))
    grid = pl.DataFrame(
        {"question_id": asked}, schema={"question_id": pl.String}
    ).join(
        pl.DataFrame({"area_code": listed, "place": range(len(listed))}, schema={"area_code": pl.String, "place": pl.Int64}),
        how="cross",
    )  # fmt: skip
    rows = (
        grid.join(
            answers.select(
                *["question_id", "area_code", "answer_id", "answer", "value", "unit", "answer_status", "source_id"],
                *["note", "text_lang"],
            ),
            on=["question_id", "area_code"],
            how="left",
        )
        .join(
            standings.select("area_code", "standing", "vintage", standing_source="source_id"),
            on="area_code",
            how="left",
            validate="m:1",
        )
        .sort("question_id", "place", "answer_id", nulls_last=True)
    )
    states = [
        state_of_answer(row["answer"], row["value"], row["unit"], row["answer_status"], row["text_lang"])
        if row["answer_id"]
        else _without_answer(row["standing"], is_withheld, round_row["is_list_complete"])
        for row in rows.iter_rows(named=True)
    ]
    untold = pl.col("state") == "untold"
    localised = localise(
        rows.with_columns(
            state=pl.Series(states, dtype=pl.String),
            recorded=pl.col("answer"),
            unit_code=pl.col("unit"),
            round_id=pl.lit(round_id),
            text_lang=pl.col("text_lang").fill_null("en"),
        ).with_columns(
            vintage=pl.when(~untold).then("vintage"),
            source_id=pl.coalesce("source_id", pl.when(~untold).then("standing_source")),
            obs_status=pl.col("state").replace_strict(_STATUS_WITHOUT, default="M"),
        ),
        "answer", "unit", "note",
    ).drop("standing", "standing_source", "place")  # fmt: skip
    return with_figures(localised)


def with_figures(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with ``figure``: value and unit in the reader's way; empty where there is none."""
    said = [figure(row) or None for row in rows.select("value", "unit", "unit_code").iter_rows(named=True)]
    return rows.with_columns(figure=pl.Series(said, dtype=pl.String))


def by_state(rows: pl.DataFrame) -> dict[str | None, list[dict[str, Any]]]:
    """The rows by ``area_code`` in their order; those of no state under none."""
    found: dict[str | None, list[dict[str, Any]]] = {}
    for row in rows.iter_rows(named=True):
        found.setdefault(row["area_code"], []).append(row)
    return found


def by_question(rows: pl.DataFrame) -> dict[str, dict[str | None, list[dict[str, Any]]]]:
    """Question -> state -> its rows, in their order."""
    found: dict[str, dict[str | None, list[dict[str, Any]]]] = {}
    for row in rows.iter_rows(named=True):
        found.setdefault(row["question_id"], {}).setdefault(row["area_code"], []).append(row)
    return found


def _without_answer(standing: str | None, is_withheld: bool, is_list_complete: bool) -> str:
    if is_withheld and (standing in ("not_received", "not_stated") or is_list_complete):
        return "untold"
    return {"returned": "unanswered", None: "not_stated"}.get(standing, standing) or "not_stated"


def plain_figure(value: float | None) -> str | None:
    """A stored figure as it stands, without separators: it may be a year."""
    if value is None:
        return None
    return str(int(value)) if value == int(value) else repr(value)


def figure(row: Mapping[str, Any]) -> str:
    """A figure with its unit in the reader's way; a year is written as one; empty where there is none."""
    if row["value"] is None:
        return ""
    value = float(row["value"])
    if row["unit_code"] in UNITS_OF_TIME:
        return plain_figure(value) or ""
    decimals = 0 if value == int(value) else len(repr(value).partition(".")[2])
    return _("{number} {unit}", number=number(value, decimals), unit=row["unit"] or "").strip()


def _short_figure(row: Mapping[str, Any]) -> str:
    if row["unit_code"] in UNITS_OF_TIME:
        return plain_figure(row["value"]) or ""
    return short_number(row["value"])
