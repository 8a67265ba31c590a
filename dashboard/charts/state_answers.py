"""The answers of all states to one question, in full: as recorded, in the reader's language, with figure and document."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from dashboard.charts.answers import Said, said
from dashboard.charts.matrix import Cell
from dashboard.charts.question_matrix import legend_list, mark_html, marked
from dashboard.i18n import _
from dashboard.labels import label
from dashboard.views.view import Markup


@dataclass(frozen=True)
class FullAnswer:
    """One answer: its mark, the text as recorded and its language, the reader's wording, and what belongs to it.

    ``recorded`` is empty where the record is in the reader's language: ``answer`` then is what is recorded.
    """

    mark: Cell
    recorded: str
    recorded_lang: str
    answer: Said
    figure: str
    note: Said
    source: str
    source_link: str


@dataclass(frozen=True)
class AnsweringState:
    """A state (or all responders together), where it leads, and its answers."""

    name: Said
    link: str
    answers: Sequence[FullAnswer]


@dataclass(frozen=True)
class Silent:
    """States (name, address) without an answer for the same reason: the mark says which, and leads to the records."""

    mark: Cell
    states: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class AnswerGroup:
    """The states of a group: those with an answer, and those without, by reason."""

    name: str
    answering: Sequence[AnsweringState]
    silent: Sequence[Silent] = ()


def state_answers(groups: Sequence[AnswerGroup], *, caption: str, legend: Sequence[Cell]) -> Markup:
    """Draw groups one under the other: each answer in full, then in one line a reason why others have none.

    ``legend`` holds the marks of the answers that occur; a reason has its words beside it.
    """
    columns = (_("State"), _("Answer"), _("Figure as reported"), _("Note"), _("Source"))
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    bodies = "".join(_group(group, len(columns)) for group in groups)
    return Markup(
        f'{legend_list(legend)}<div class="pn-scroll pn-answers-whole" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f'<table class="pn-table pn-qa pn-full"><caption class="pn-unseen">{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead>{bodies}</table></div>"
    )


def _group(group: AnswerGroup, width: int) -> str:
    heading = ""
    if group.name:
        heading = f'<tr class="pn-question"><th scope="rowgroup" colspan="{width}">{escape(group.name)}</th></tr>'
    answering = "".join(_state(one) for one in group.answering)
    return f"<tbody>{heading}{answering}{''.join(_silent(one, width) for one in group.silent)}</tbody>"


def _state(one: AnsweringState) -> str:
    name = f'<a href="{escape(one.link)}">{said(one.name)}</a>' if one.link else said(one.name)
    return "".join(_answer(name, answer) for answer in one.answers)


def _silent(one: Silent, width: int) -> str:
    # named one by one: a line of names in a sentence would need its own grammar in each language
    names = ", ".join(f'<a href="{escape(link)}">{escape(name)}</a>' for name, link in one.states)
    words = f"{mark_html(one.mark)} {escape(one.mark.words)}"
    if one.mark.link:
        words = f'<a href="{escape(one.mark.link)}">{words}</a>'
    return (
        f'<tr class="pn-silent"><th scope="row" class="pn-none">{words}</th><td colspan="{width - 1}">{names}</td></tr>'
    )


def _answer(name: str, one: FullAnswer) -> str:
    figure = f"<td>{escape(one.figure)}</td>" if one.figure else "<td></td>"
    return (
        f'<tr><th scope="row">{name}</th><td class="pn-wide">{marked(one.mark)} {_words(one)}</td>{figure}'
        f'<td class="pn-wide">{said(one.note)}</td>'
        f'<td><a href="{escape(one.source_link)}">{escape(one.source)}</a></td></tr>'
    )


def _words(one: FullAnswer) -> str:
    if not one.recorded:
        return said(one.answer)
    language = escape(label("language", one.recorded_lang))
    return (
        f'<q lang="{escape(one.recorded_lang)}">{escape(one.recorded)}</q> <span class="pn-tr">({language})</span>'
        f'<span class="pn-below">{said(one.answer)}</span>'
    )
