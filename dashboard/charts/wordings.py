"""The wording of a question in each questionnaire, side by side, with what changed marked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import escape

from dashboard.charts.answers import Said, said
from dashboard.i18n import _
from dashboard.labels import label
from dashboard.views.view import Markup


@dataclass(frozen=True)
class Wording:
    """The wording of a question as recorded, in its language, and the reader's if that is another one.

    ``link`` leads to the answers given then. ``before`` is the wording it is compared with, empty where there is none to compare; ``remark`` says what the
    comparison found.
    """

    round: str
    link: str
    recorded: str
    lang: str
    own: Said | None
    before: str
    remark: str


def wordings(columns: Sequence[Wording]) -> Markup:
    """Draw the wordings as columns from the earliest to the latest; added words are marked, words left out struck."""
    return Markup(
        '<div class="pn-wordings">'
        + "".join(
            f'<section><h3 class="pn-subhead"><a href="{escape(one.link)}">{escape(one.round)}</a></h3>'
            f'<blockquote lang="{escape(one.lang)}">{marked_changes(one.before, one.recorded)}</blockquote>'
            f"<p>{_own(one)}</p><p>{escape(one.remark)}</p></section>"
            for one in columns
        )
        + "</div>"
    )


def marked_changes(before: str, after: str) -> str:
    """A later wording as markup: words that are new in ``<ins>``, words that went in ``<del>``."""
    if not before:
        return escape(after)
    old, new = _pieces(before), _pieces(after)
    shown = []
    for change, i, j, k, m in SequenceMatcher(
        None, [_bare(one) for one in old], [_bare(one) for one in new]
    ).get_opcodes():
        gone, added = escape("".join(old[i:j]).strip()), escape("".join(new[k:m]).strip())
        if change == "equal":
            shown.append(escape("".join(new[k:m]).strip()))
            continue
        if gone:
            shown.append(f'<del><span class="pn-unseen">{escape(_("left out:"))} </span>{gone}</del>')
        if added:
            shown.append(f'<ins><span class="pn-unseen">{escape(_("new:"))} </span>{added}</ins>')
    return " ".join(shown)


def _pieces(text: str) -> list[str]:
    return re.findall(r"\S+\s*", text)


def _bare(piece: str) -> str:
    """A word without regard to the case of its letters."""
    return piece.strip().casefold()


def _own(one: Wording) -> str:
    language = f'<span class="pn-tr">({escape(label("language", one.lang))})</span>'
    return f"{language} {said(one.own)}" if one.own else language
