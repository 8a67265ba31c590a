"""What the states compared answered on the same subject, with the question each of them was asked."""

from collections.abc import Sequence
from html import escape

import polars as pl

from dashboard import comparability
from dashboard.comparability import Reason, Wording
from dashboard.i18n import _, clauses, n_, named, number
from dashboard.labels import label
from dashboard.queries import compare
from dashboard.selection import Selection
from dashboard.texts import localise, remark_html
from dashboard.views.behind import behind, behind_address
from dashboard.views.compare.chosen import Compared, chosen, compare_view, page_of, titles
from dashboard.views.periods import period_text
from dashboard.views.sourcing import cite_count
from dashboard.views.view import Column, Markup, View

_MOST_OPEN = 16


@compare_view("compare.answers")
def answers(selection: Selection) -> View:
    """Answers by subject, state by state, and why they do or do not compare."""
    compared = [one for one in chosen(selection) if one.is_state]
    found = compare.answers(sorted(one.code for one in compared), **selection.period, is_all_time=selection.is_all_time)
    wordings = found.select("question_id", "round_id", "wording", "form_family", "previous_question_id", "topic")
    rows = _worded(found)
    order = {one.code: place for place, one in enumerate(compared)}
    rows = rows.sort(
        "topic_words", "topic", pl.col("area_code").replace_strict(order, return_dtype=pl.Int64), "year", "question_id"
    )
    judged = {
        str(topic): comparability.wordings(_wordings(own))
        for (topic,), own in wordings.group_by("topic", maintain_order=True)
    }
    reasons = pl.Series(
        [clauses(reason.text.rstrip(".") for reason in judged[topic]) or _("yes") for topic in rows["topic"]],
        dtype=pl.String,
    )
    alike = sum(not found_reasons for found_reasons in judged.values())
    return View(
        id="compare.answers",
        title=titles()["compare.answers"],
        takeaway=_(
            "{total} subjects on which at least two of the states answered; the question was the same in {n} of them.",
            total=len(judged),
            n=alike,
        ),
        figure=_figure(rows, judged, compared, selection) if rows.height else None,
        table=rows.with_columns(comparable=reasons),
        columns=(
            Column("topic_words", _("Subject")),
            Column("area_code", _("State"), "area"),
            Column("wording", _("Question"), is_wide=True),
            Column("said", _("Answer"), is_wide=True),
            Column("round_name", _("Questionnaire")),
            Column("year", _("Year"), "year"),
            Column("comparable", _("Comparable"), is_wide=True),
            Column("source_id", _("Source"), "source"),
        ),
        notes=(
            _(
                "Answers are set side by side, not counted: that of one state says nothing of a state that was not asked or whose answer was not found."
            ),
            _(
                "OAS questionnaires and forms of other bodies are told apart; answers under one subject may belong to different questions."
            ),
        ),
        sources=cite_count(rows) if rows.height else (),
        period=period_text(selection),
        is_figure_whole=True,
        empty=""
        if rows.height
        else _("There is no subject on which at least two of these states have an answer on record."),
    )


def _worded(found: pl.DataFrame) -> pl.DataFrame:
    """The answers with their texts in the reader's language; ``said`` is the answer, or the word for its kind of empty."""
    rows = localise(
        found.with_columns(topic_words=pl.col("topic")), "topic_words", "wording", "answer", "round_name", "unit"
    )
    said = [_answer(row) for row in rows.iter_rows(named=True)]
    return rows.with_columns(said=pl.Series(said, dtype=pl.String), said_basis=pl.col("answer_basis"))


def _answer(row: dict[str, object]) -> str:
    if row["answer_status"] == "Q":
        return label("obs_status", "Q")
    if row["answer"]:
        return str(row["answer"])
    value = float(str(row["value"]))
    return clauses([f"{number(value, 0 if value.is_integer() else 1)} {row['unit'] or ''}".strip()])


def _wordings(own: pl.DataFrame) -> list[Wording]:
    return [
        Wording(
            question_id=row["question_id"],
            round_id=row["round_id"],
            text=row["wording"],
            form=row["form_family"],
            previous=row["previous_question_id"] or "",
        )
        for row in own.unique("question_id", maintain_order=True).iter_rows(named=True)
    ]


def _figure(
    rows: pl.DataFrame, judged: dict[str, tuple[Reason, ...]], compared: Sequence[Compared], selection: Selection
) -> Markup:
    names = {one.code: one for one in compared}
    sections = []
    shown = 0
    for (topic,), own in rows.group_by("topic", maintain_order=True):
        items = "".join(_item(row, names[row["area_code"]], selection) for row in own.iter_rows(named=True))
        reasons = judged[str(topic)]
        verdict = (
            "".join(f'<p class="pn-measure-remark">{escape(reason.text)}</p>' for reason in reasons)
            or f'<p class="pn-measure-remark">{escape(_("The same question, in the same words."))}</p>'
        )
        summary = named(
            str(own["topic_words"][0]),
            n_("{n} state", "{n} states", own["area_code"].n_unique()),
        )
        # what does not fill a screen is open, also in a picture, where nothing can be opened
        is_open = " open" if not shown or shown + own.height <= _MOST_OPEN else ""
        shown += own.height
        sections.append(
            f'<details class="pn-fold pn-subject"{is_open}><summary>{escape(summary)}</summary>{verdict}<dl>{items}</dl></details>'
        )
    return Markup(f'<div class="pn-subjects">{"".join(sections)}</div>')


def _item(row: dict[str, object], one: Compared, selection: Selection) -> str:
    asked = clauses([str(row["round_name"]), str(row["year"] or "")])
    link = behind_address(behind("answers", area=one.code, question=row["question_id"], year="all"), selection)
    return (
        f'<dt><a href="{escape(page_of(one, selection))}">{escape(one.name)}</a></dt><dd><p>{_marked(row, "said")}</p>'
        f"<small>{escape(_('Question:'))} {_marked(row, 'wording')} "
        f'(<a href="{escape(link)}">{escape(asked)}</a>)</small></dd>'
    )


def _marked(row: dict[str, object], column: str) -> str:
    """A text with the remark that its wording is ours, or its language."""
    return escape(str(row[column] or "")) + remark_html(str(row[f"{column}_basis"] or ""))
