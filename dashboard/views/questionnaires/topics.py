"""What the answers are about: answers and states by topic, OAS forms and other bodies' forms side by side."""

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from dashboard.charts.bar_table import Bar, bar_table
from dashboard.i18n import _, n_, sort_key
from dashboard.labels import label
from dashboard.queries import questionnaires
from dashboard.selection import Selection, address
from dashboard.texts import localise
from dashboard.views.behind import Behind, behind, behind_address
from dashboard.views.periods import period_text
from dashboard.views.questionnaires.rounds import FAMILIES
from dashboard.views.registry import view
from dashboard.views.sourcing import cite
from dashboard.views.view import Column, View


@view("questionnaires.topics")
def topics(selection: Selection) -> View:
    """How many answers each topic has and of how many states, OAS forms and other bodies' forms side by side."""
    counted = questionnaires.answers_by_topic(**selection.period)
    rows = localise(counted.with_columns(topic_code=pl.col("topic")), "topic")
    wide = (
        rows.pivot(
            on="form_family", index=["topic_code", "topic", "topic_basis"], values=["answers", "states", "suppressed"]
        )
        if rows.height
        else rows
    )
    names = {f"{what}_{family}" for what in ("answers", "states", "suppressed") for family in FAMILIES}
    wide = wide.with_columns(
        *(pl.lit(None, dtype=pl.Int64).alias(name) for name in sorted(names - set(wide.columns))),
    )
    # no answer on record is a count of ours, so it is a true zero
    wide = wide.with_columns(pl.col(sorted(names)).fill_null(0).cast(pl.Int64))
    wide = wide.sort(pl.col("topic").map_elements(sort_key, return_dtype=pl.String))
    most = (
        max((max(row[f"answers_{family}"] for family in FAMILIES) for row in wide.iter_rows(named=True)), default=1)
        or 1
    )
    behind_topic = _behind_topic(selection)

    def links(row: Mapping[str, Any], family: str) -> str:
        return behind_address(behind_topic(row, family), selection)

    in_both = wide.filter((pl.col("answers_oas") > 0) & (pl.col("answers_other_body") > 0)).height
    return View(
        id="questionnaires.topics",
        title=_("What the answers are about"),
        takeaway=n_(
            "{n} topic has answers on record; {both} both in OAS questionnaires and in those of other bodies.",
            "{n} topics have answers on record; {both} both in OAS questionnaires and in those of other bodies.",
            wide.height,
            both=in_both,
        ),
        figure=bar_table(
            [
                (
                    row["topic"],
                    address("questionnaires", selection, topic=row["topic_code"], round="", question="")
                    + "#questionnaires-answers",
                    [
                        _topic_bar(row["answers_oas"], row["states_oas"], most, "focus", links(row, "oas")),
                        _topic_bar(
                            row["answers_other_body"],
                            row["states_other_body"],
                            most,
                            "context",
                            links(row, "other_body"),
                        ),
                    ],
                )
                for row in wide.iter_rows(named=True)
            ],
            [label("form_family", family) for family in FAMILIES],
            corner=_("Topic"),
            caption=_("Answers by topic"),
        ),
        table=wide,
        columns=(
            Column("topic", _("Topic")),
            Column("answers_oas", _("OAS: answers"), "number", behind=lambda row: behind_topic(row, "oas")),
            Column("states_oas", _("OAS: states"), "number"),
            Column("suppressed_oas", _("OAS: suppressed answers"), "number"),
            Column(
                "answers_other_body",
                _("Other bodies: answers"),
                "number",
                behind=lambda row: behind_topic(row, "other_body"),
            ),
            Column("states_other_body", _("Other bodies: states"), "number"),
            Column("suppressed_other_body", _("Other bodies: suppressed answers"), "number"),
        ),
        notes=(
            _(
                "The count is of answers on record here, not of answers given: most replies have not been found in full."
            ),
            _(
                "States: those with an answer of their own; answers given for all responders together belong to no state."
            ),
            _("Bars of the two kinds of form have the same scale and are never added. Suppressed answers are counted."),
        ),
        sources=cite(questionnaires.answer_sources(**selection.period)),
        period=period_text(selection),
        empty="" if wide.height else _("No answer is on record for these years."),
    )


def _behind_topic(selection: Selection) -> Callable[[Mapping[str, Any], str], Behind]:
    """Of a row and a family of forms, the answers on its topic in the chosen years."""
    rounds = questionnaires.rounds(**selection.period)

    def of(row: Mapping[str, Any], family: str) -> Behind:
        # a round without a year of its own belongs to every period, which a filter by year would not know
        chosen = None if selection.is_all_time else rounds.filter(pl.col("form_family") == family)["round_id"].to_list()
        return behind("answers", topic=row["topic_code"], form=family, round=chosen, year="all")

    return of


def _topic_bar(answers_: int, states: int, most: int, role: str, link: str) -> Bar:
    if not answers_:
        return Bar(None, _("none on record"))
    return Bar(
        answers_ / most,
        n_("{n} answer", "{n} answers", answers_),
        "focus" if role == "focus" else "context",
        n_("{n} state", "{n} states", states) if states else _("all responders together"),
        link,
    )
