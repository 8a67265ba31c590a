"""Questions and answers as they are read: by form, round and question, each answer with its state and document."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from dashboard.texts import remark_html
from dashboard.views.view import Markup


@dataclass(frozen=True)
class Said:
    """A wording and its standing (see ``dashboard.texts``)."""

    text: str
    basis: str | None = None


@dataclass(frozen=True)
class AnswerLine:
    """One answer: who, what, the figure in it, remark and document.

    ``is_suppressed`` shows the word in muted ink; ``record_link`` leads to the record of the answer.
    """

    who: Said
    who_link: str
    answer: Said
    figure: str
    note: Said
    source: str
    source_link: str
    is_suppressed: bool = False
    record_link: str = ""


@dataclass(frozen=True)
class QuestionBlock:
    """A question with its answers; ``remark`` says how they must be read."""

    wording: Said
    topic: str
    remark: str
    lines: Sequence[AnswerLine]


@dataclass(frozen=True)
class RoundBlock:
    """The questions of a round under its name and a count of answers."""

    title: Said
    count: str
    questions: Sequence[QuestionBlock]


def answer_list(
    sections: Sequence[tuple[str, Sequence[RoundBlock]]], *, columns: Sequence[str], is_open: bool
) -> Markup:
    """Draw sections (heading, rounds); rounds are folds, open from the start if ``is_open``.

    ``columns``: the words for who, answer, figure, remark and source.
    """
    return Markup(
        "".join(
            f'<section class="pn-answers"><h3 class="pn-title">{escape(heading)}</h3>'
            + "".join(_round(one, columns, is_open) for one in rounds)
            + "</section>"
            for heading, rounds in sections
        )
    )


def _round(one: RoundBlock, columns: Sequence[str], is_open: bool) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    body = "".join(_question(question, len(columns)) for question in one.questions)
    return (
        f'<details class="pn-fold"{" open" if is_open else ""}><summary>{said(one.title)} · {escape(one.count)}</summary>'
        f'<div class="pn-scroll" tabindex="0" role="region" aria-label="{escape(one.title.text)}">'
        f'<table class="pn-table pn-qa"><caption class="pn-unseen">{escape(one.title.text)}</caption>'
        f"<thead><tr>{head}</tr></thead>{body}</table></div></details>"
    )


def _question(question: QuestionBlock, width: int) -> str:
    remark = f" · {question.remark}" if question.remark else ""
    return (
        f'<tbody><tr class="pn-question"><th scope="rowgroup" colspan="{width}">{said(question.wording)}'
        f" <small>{escape(question.topic + remark)}</small></th></tr>{''.join(_line(line) for line in question.lines)}</tbody>"
    )


def _line(line: AnswerLine) -> str:
    who = f'<a href="{escape(line.who_link)}">{said(line.who)}</a>' if line.who_link else said(line.who)
    muted = ' class="pn-none"' if line.is_suppressed else ""
    answer, figure = f"<span{muted}>{said(line.answer)}</span>", f"<span{muted}>{escape(line.figure)}</span>"
    if line.record_link:
        link = f'<a class="pn-behind" href="{escape(line.record_link)}">'
        answer, figure = (f"{link}{answer}</a>", figure) if line.answer.text else (answer, f"{link}{figure}</a>")
    return (
        f'<tr><th scope="row">{who}</th><td class="pn-wide">{answer if line.answer.text else ""}</td>'
        f'<td>{figure if line.figure else ""}</td><td class="pn-wide">{said(line.note)}</td>'
        f'<td><a href="{escape(line.source_link)}">{escape(line.source)}</a></td></tr>'
    )


def said(one: Said) -> str:
    """A wording as markup, with the remark that its standing asks for."""
    return escape(one.text) + (remark_html(one.basis) if one.text else "")
