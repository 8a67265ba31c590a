"""The wording of one question in each of the questionnaires in which the records link it."""

import polars as pl

from dashboard.charts.answers import Said
from dashboard.charts.wordings import Wording, wordings
from dashboard.i18n import _, language, n_, named
from dashboard.labels import label
from dashboard.selection import Selection, address
from dashboard.views.periods import period_text
from dashboard.views.questionnaires.chain import alone, chain_of, years_note
from dashboard.views.questionnaires.links import Link, links_of
from dashboard.views.questionnaires.rounds import question_title, round_title
from dashboard.views.questionnaires.shown import shown_question
from dashboard.views.registry import view
from dashboard.views.sourcing import cite
from dashboard.views.view import Column, View


@view("questionnaires.wording")
def wording(selection: Selection) -> View:
    """How a question was worded in each questionnaire, as recorded, with what changed marked."""
    asked = shown_question(selection)
    chain, left_out = chain_of(asked, selection) if asked else (pl.DataFrame(), 0)
    if asked is None or chain.height < 2:
        return alone("questionnaires.wording", _("How the question was worded"), asked, selection)
    rows = list(chain.iter_rows(named=True))
    links = {link.after["question_id"]: link for link in links_of(rows)}
    changed = sum(not link.is_same_question for link in links.values())
    remarks = [_remark(links.get(row["question_id"])) for row in rows]
    columns = [
        Wording(
            round=round_title(row),
            link=address("questionnaires", selection, round=row["round_id"], topic="", question=row["question_id"]),
            recorded=row["recorded"],
            lang=row["text_lang"],
            own=Said(row["wording"], row["wording_basis"]) if row["text_lang"] != language() else None,
            before=_before(links.get(row["question_id"])),
            remark=remark,
        )
        for row, remark in zip(rows, remarks, strict=True)
    ]
    table = chain.with_columns(
        round=pl.Series([round_title(row) for row in rows], dtype=pl.String),
        said_lang=pl.Series([label("language", row["text_lang"]) for row in rows], dtype=pl.String),
        remark=pl.Series(remarks, dtype=pl.String),
    )
    notes = [_("Compared are the wordings as they are recorded here; capital letters and spacing are left aside.")]
    if left_out:
        notes.append(years_note(left_out))
    return View(
        id="questionnaires.wording",
        title=named(_("How the question was worded"), question_title(dict(asked))),
        takeaway=n_(
            "From one questionnaire to the next the wording changed {n} time, of {total} that can be told.",
            "From one questionnaire to the next the wording changed {n} times, of {total} that can be told.",
            changed,
            total=len(links),
        )
        if changed
        else _("The wording is the same in all {n} questionnaires.", n=chain.height),
        figure=wordings(columns),
        table=table,
        columns=(
            Column("round", _("Questionnaire"), is_wide=True),
            Column("recorded", _("Wording as recorded"), is_wide=True),
            Column("said_lang", _("Language of the record")),
            Column("wording", _("In your language"), is_wide=True),
            Column("remark", _("Compared with the one before"), is_wide=True),
            Column("source_id", _("Source"), "source"),
        ),
        notes=tuple(notes),
        sources=cite(chain),
        period=period_text(selection),
        is_figure_whole=True,
        options={"round": asked["round_id"], "topic": "", "question": asked["question_id"]},
    )


def _before(link: Link | None) -> str:
    """The earlier wording, where both are in one language and differ."""
    if link is None or link.is_same_question or link.before["text_lang"] != link.after["text_lang"]:
        return ""
    return link.before["recorded"]


def _remark(link: Link | None) -> str:
    if link is None:
        return _("The first on record.")
    return link.why_not_compared or _("Worded as before.")
