"""What was answered, in full: by form, round and question; and what to know when reading it."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboard import areas
from dashboard.charts.answers import AnswerLine, QuestionBlock, RoundBlock, Said, answer_list
from dashboard.i18n import _, language, listing, n_
from dashboard.labels import label
from dashboard.queries import questionnaires
from dashboard.selection import Selection, address
from dashboard.settings import hides_names_not_received
from dashboard.texts import localise
from dashboard.views.behind import Behind, behind, behind_address
from dashboard.views.periods import period_text
from dashboard.views.questionnaires.answer_states import figure, plain_figure
from dashboard.views.questionnaires.rounds import names_in_order
from dashboard.views.questionnaires.shown import shown_round
from dashboard.views.registry import view
from dashboard.views.sourcing import cite
from dashboard.views.view import Column, View
from dashboard.views.worded import in_words

TRAINING_TOPICS = ("training",)
COUNTING_TOPICS = ("victim data", "case data")
"""Topics whose figures count victims or cases: always those detected and reported."""
_MOST_OPEN_ANSWERS, _MOST_ANSWERS = 40, 60


@view("questionnaires.answers")
def answers(selection: Selection) -> View:
    """What was answered, by form, round and question; answers for all responders together stand apart.

    Of the questionnaire, topic or question chosen; without a choice, of the questionnaire with most to read.
    """
    one = None if selection.round or selection.topic or selection.question else shown_round(selection)
    round_id = one["round_id"] if one else selection.round
    recorded = questionnaires.answers(round_id, selection.topic, selection.question, **selection.period)
    order = {code: position for position, code in enumerate(areas.states())}
    rows = (
        localise(
            recorded.with_columns(topic_code=pl.col("topic"), unit_code=pl.col("unit")),
            *("round_name", "topic", "wording", "scope", "answer", "unit", "note"),
        )
        .with_columns(
            is_together=pl.col("area_code").is_null(),
            place=pl.col("area_code").replace_strict(order, default=len(order), return_dtype=pl.Int64),
            nth=pl.int_range(pl.len()),
        )
        .sort("form_family", "is_together", pl.col("year").fill_null(9999), "round_id", "question_id", "place", "nth")
    )
    suppressed = label("obs_status", "Q")
    table = rows.with_columns(
        family=in_words(rows["form_family"], "form_family"),
        area_status=pl.when("is_together").then(pl.lit("M")).otherwise(pl.lit("A")),
        given_for=pl.when("is_together").then(pl.col("scope")).otherwise(pl.lit(_("the state itself"))),
        figure=pl.Series([plain_figure(value) for value in rows["value"]], dtype=pl.String),
        figure_status=pl.when(pl.col("answer_status") == "Q")
        .then(pl.lit("Q"))
        .when(pl.col("value").is_null())
        .then(pl.lit("M"))
        .otherwise(pl.lit("A")),
        unit=pl.when(pl.col("value").is_not_null()).then(pl.col("unit")),
        answer_text_status=pl.when(pl.col("answer_status") == "Q").then(pl.lit("Q")).otherwise(pl.lit("M")),
    )
    of_states = rows.filter(~pl.col("is_together"))
    hidden = rows.filter(pl.col("answer_status") == "Q").height
    topics = set(rows["topic_code"])
    notes = [
        _(
            "Answers stand as their source gives them, at its date; where the body took one from elsewhere, the note says so."
        )
    ]
    if topics & set(COUNTING_TOPICS):
        notes.append(_("Figures of victims and cases are those detected and reported, not those that occurred."))
    if hidden:
        notes.append(
            n_(
                "{n} answer is suppressed, because it counts fewer than 10 people or cases.",
                "{n} answers are suppressed, because they count fewer than 10 people or cases.",
                hidden,
            )
        )
    if topics & set(TRAINING_TOPICS):
        notes.append(
            _(
                "Training in these answers is national training as reported by the state. It is not OAS training and is counted nowhere as such."
            )
        )
    if rows["is_together"].any():
        notes.append(_("Answers given for all responders together belong to no single state and are shown apart."))
    notes.append(_("OAS questionnaires and the forms of other bodies are never added together."))
    in_round = pl.len().over("form_family", "is_together", "round_id")
    listed = rows.with_columns(in_round=in_round).head(_MOST_ANSWERS)
    if listed.height < rows.height:
        notes.insert(
            0,
            _(
                "Listed here are the first {shown} of {total} answers; choose a topic or a question for the others. The download has all.",
                shown=listed.height,
                total=rows.height,
            ),
        )
    return View(
        id="questionnaires.answers",
        title=_("What was answered"),
        takeaway=_answers_takeaway(rows, of_states),
        figure=answer_list(
            _answer_sections(listed, selection, suppressed),
            columns=(_("State"), _("Answer"), _("Figure as reported"), _("Note"), _("Source")),
            is_open=bool(selection.topic or selection.question) and rows.height <= _MOST_OPEN_ANSWERS,
        )
        if rows.height
        else None,
        table=table,
        columns=(
            Column("family", _("Whose form")),
            Column("round_name", _("Questionnaire"), is_wide=True),
            Column("topic", _("Topic")),
            Column("wording", _("Question"), is_wide=True),
            Column("area_code", _("State"), "area", status_key="area_status"),
            Column("given_for", _("Given for")),
            Column("answer", _("Answer"), is_wide=True, status_key="answer_text_status", behind=behind_answer),
            Column("figure", _("Figure as reported"), "year", status_key="figure_status"),
            Column("unit", _("Unit")),
            Column("note", _("Note"), is_wide=True),
            Column("source_id", _("Source"), "source"),
        ),
        notes=tuple(notes),
        sources=cite(rows),
        period=period_text(selection),
        is_figure_whole=True,
        options={"round": round_id, "topic": selection.topic, "question": selection.question},
        empty="" if rows.height else _("No answer is on record for this choice."),
    )


def behind_answer(row: Mapping[str, Any]) -> Behind:
    """The record of one answer."""
    return behind("answers", record=row["answer_id"], year="all")


def _answers_takeaway(rows: pl.DataFrame, of_states: pl.DataFrame) -> str:
    own = rows.filter(pl.col("form_family") == "oas").height
    others, states = rows.height - own, of_states["area_code"].n_unique()
    if not others:
        return n_(
            "{n} answer to OAS questionnaires is on record; states with an answer of their own: {states}.",
            "{n} answers to OAS questionnaires are on record; states with an answer of their own: {states}.",
            own,
            states=states,
        )
    if not own:
        return n_(
            "{n} answer to another body is on record; states with an answer of their own: {states}.",
            "{n} answers to other bodies are on record; states with an answer of their own: {states}.",
            others,
            states=states,
        )
    return n_(
        "{n} answer to OAS questionnaires is on record and, apart from it, {others} to other bodies.",
        "{n} answers to OAS questionnaires are on record and, apart from them, {others} to other bodies.",
        own,
        others=others,
    )


def _answer_sections(rows: pl.DataFrame, selection: Selection, suppressed: str) -> list[tuple[str, list[RoundBlock]]]:
    headings = {
        ("oas", False): _("OAS questionnaires: answers of states"),
        ("oas", True): _("OAS questionnaires: answers given for all responders together"),
        ("other_body", False): _("Questionnaires of other bodies: answers of states"),
        ("other_body", True): _("Questionnaires of other bodies: answers given for all responders together"),
    }
    documents = {source.source_id: source.doc_code or source.title for source in cite(rows)}
    sections = []
    for (family, is_together), heading in headings.items():
        own = rows.filter((pl.col("form_family") == family) & (pl.col("is_together") == is_together))
        blocks = [
            _round_block(part, selection, documents, suppressed)
            for part in own.partition_by("round_id", maintain_order=True)
        ]
        if blocks:
            sections.append((heading, blocks))
    return sections


def _round_block(rows: pl.DataFrame, selection: Selection, documents: dict[str, str], suppressed: str) -> RoundBlock:
    first = rows.row(0, named=True)
    title = first["round_name"] if first["year"] is None else f"{first['year']} · {first['round_name']}"
    questions = []
    for part in rows.partition_by("question_id", maintain_order=True):
        question = part.row(0, named=True)
        questions.append(
            QuestionBlock(
                Said(question["wording"], question["wording_basis"]),
                question["topic"],
                _question_remark(question["topic_code"]),
                [_answer_line(row, selection, documents, suppressed) for row in part.iter_rows(named=True)],
            )
        )
    count = n_("{n} answer", "{n} answers", first["in_round"])
    if rows.height < first["in_round"]:
        count = _("{shown} of {total} answers", shown=rows.height, total=first["in_round"])
    return RoundBlock(Said(title, first["round_name_basis"]), count, questions)


def _question_remark(topic: str) -> str:
    if topic in COUNTING_TOPICS:
        return _("detected and reported only")
    if topic in TRAINING_TOPICS:
        return _("national training, not OAS training")
    return ""


def _answer_line(
    row: dict[str, object], selection: Selection, documents: dict[str, str], suppressed: str
) -> AnswerLine:
    code = str(row["area_code"] or "")
    is_suppressed = row["answer_status"] == "Q"
    return AnswerLine(
        who=Said(areas.name(code)) if code else Said(str(row["scope"]), _basis(row, "scope")),
        who_link=address("country", selection, area=code) if code else "",
        record_link=behind_address(behind_answer(row), selection),
        answer=Said(suppressed) if is_suppressed else Said(str(row["answer"] or ""), _basis(row, "answer")),
        figure=suppressed if is_suppressed else figure(row),
        note=Said(str(row["note"] or ""), _basis(row, "note")),
        source=documents[str(row["source_id"])],
        source_link=address("sources", selection) + "#" + str(row["source_id"]),
        is_suppressed=is_suppressed,
    )


def _basis(row: dict[str, object], column: str) -> str | None:
    basis = row[f"{column}_basis"]
    return str(basis) if basis else None


@view("questionnaires.reading")
def reading(selection: Selection) -> View:
    """What to know about these records: how to read them, where sources disagree, what was not found."""
    rows = questionnaires.caveats()
    hides = hides_names_not_received()
    if hides:
        rows = rows.filter(pl.col("area_codes").list.len() == 0)
    table = rows.with_columns(
        said_kind=in_words(rows["kind"], "caveat_kind"),
        text=pl.col(f"text_{language()}"),
        states=pl.Series([listing(names_in_order(codes)) for codes in rows["area_codes"]], dtype=pl.String),
    )
    return View(
        id="questionnaires.reading",
        title=_("What to know when reading these answers"),
        takeaway=n_(
            "{n} remark on gaps, contradictions and ways of counting belongs to these records.",
            "{n} remarks on gaps, contradictions and ways of counting belong to these records.",
            table.height,
        ),
        table=table,
        columns=(
            Column("said_kind", _("Kind")),
            Column("text", _("Remark"), is_wide=True),
            Column("states", _("States concerned")),
        ),
        notes=(_("States whose reply was not received are not named on this site."),) if hides else (),
        sources=cite(["panorama_compilation"]),
        period=period_text(selection),
        empty="" if table.height else _("No remark is on record."),
    )
