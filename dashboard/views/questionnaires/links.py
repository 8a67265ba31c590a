"""Which questions of different questionnaires may be set against each other, and what changed between them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.charts.matrix import Cell
from dashboard.i18n import _
from dashboard.views.questionnaires.answer_states import ANSWERED, CLASSED, state_of_answers

CHANGES = ("gained", "kept", "lost", "differs", "first", "again", "no_longer", "not_compared")

Rows = Sequence[Mapping[str, Any]]
"""How one state stands to one question: rows of ``answer_states.standing_of_states``."""


@dataclass(frozen=True)
class Link:
    """A question and the one of an earlier questionnaire that the records link it to: rows of ``question_chain``."""

    before: Mapping[str, Any]
    after: Mapping[str, Any]

    @property
    def is_same_question(self) -> bool:
        """Whether both were worded alike, as recorded; letters' case and spacing aside."""
        return self.before["text_lang"] == self.after["text_lang"] and _plain(self.before) == _plain(self.after)

    @property
    def why_not_compared(self) -> str:
        """Why no change may be read from the answers; empty where one may."""
        if self.is_same_question:
            return ""
        if self.before["text_lang"] != self.after["text_lang"]:
            return _("The wordings are recorded in different languages, so no change is claimed.")
        return _("The wording of the question changed, so no change is claimed.")


def _plain(row: Mapping[str, Any]) -> str:
    return " ".join(str(row["recorded"]).casefold().split())


def links_of(chain: Iterable[Mapping[str, Any]]) -> list[Link]:
    """The links within a chain, in the order of the later questions."""
    rows = list(chain)
    by_id = {row["question_id"]: row for row in rows}
    return [Link(by_id[row["previous_question_id"]], row) for row in rows if row["previous_question_id"] in by_id]


def change(before: Rows, after: Rows, link: Link, *, has_earlier: bool = False) -> str:
    """What became of a state's answer, one of ``CHANGES``; empty where nothing can be said of it.

    gained, kept, lost: of yes, partly and no, the later answer is more, the same or less; a text or figure repeated to
    the letter is kept too. differs: both times an answer that cannot be ranked. first: an answer where none was on
    record before; again (``has_earlier``): there was one still earlier. no_longer: the questionnaire was returned and
    no answer to the question is on record. not_compared: there are answers, but wording, unit or suppression forbid
    to compare them.
    """
    was, now = state_of_answers(before), state_of_answers(after)
    has_been, has_now = was in ANSWERED, now in ANSWERED
    if not has_been and not has_now:
        return ""
    if not link.is_same_question:
        return "not_compared"
    if not has_been:
        return "again" if has_earlier else "first"
    if not has_now:
        return "no_longer" if now == "unanswered" else ""
    return _both_answered(before, after, was, now)


def _both_answered(before: Rows, after: Rows, was: str, now: str) -> str:
    if "suppressed" in (was, now):
        return "not_compared"
    if was in CLASSED and now in CLASSED:
        step = CLASSED.index(now) - CLASSED.index(was)
        return "gained" if step > 0 else "lost" if step < 0 else "kept"
    if was == now == "number" and before[0]["unit_code"] != after[0]["unit_code"]:
        return "not_compared"
    return "kept" if _given(before) == _given(after) else "differs"


def _given(rows: Rows) -> list[tuple[object, ...]]:
    return sorted(
        (" ".join((row["recorded"] or "").split()), str(row["value"]), row["unit_code"] or "", row["text_lang"])
        for row in rows
    )


def change_marks() -> dict[str, Cell]:
    """The marks of the changes, in the order of the legend."""
    return {
        "gained": Cell("change", "↑", _("gained: from no or partly to more")),
        "kept": Cell("change", "=", _("kept: the same answer")),
        "lost": Cell("change", "↓", _("lost: from yes or partly to less")),
        "differs": Cell("change", "≠", _("another figure or other words")),
        "first": Cell("change", "+", _("first answer on record")),
        "again": Cell("change", "↺", _("answered again after a gap")),
        "no_longer": Cell("change", "−", _("no answer on record now, though the questionnaire was returned")),
        "not_compared": Cell("change", "‖", _("not compared")),
    }


def change_names() -> dict[str, str]:
    """The changes in a word or two, for columns and sentences."""
    return {
        "gained": _("gained"),
        "kept": _("kept"),
        "lost": _("lost"),
        "differs": _("answered otherwise"),
        "first": _("first answer"),
        "again": _("answered again"),
        "no_longer": _("no answer now"),
        "not_compared": _("not compared"),
    }
