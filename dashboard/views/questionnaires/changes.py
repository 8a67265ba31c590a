"""From one questionnaire to the next: what became of the states' answers to the questions that the records link."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from dashboard import areas
from dashboard.charts.answers import Said
from dashboard.charts.change_counts import ChangeLine, change_counts
from dashboard.charts.matrix import Cell
from dashboard.charts.question_change import ChangingState, Step, question_change
from dashboard.i18n import _, listing, n_, named, number
from dashboard.queries import questionnaires
from dashboard.selection import Selection, address
from dashboard.texts import localise
from dashboard.views.behind import Behind, behind, behind_address
from dashboard.views.nothing import nothing
from dashboard.views.periods import period_text
from dashboard.views.questionnaires.answer_states import (
    ANSWERED,
    by_question,
    by_state,
    mark_of,
    marks,
    standing_of_states,
    state_of_answers,
)
from dashboard.views.questionnaires.chain import alone, chain_of, years_note
from dashboard.views.questionnaires.links import CHANGES, Link, change, change_marks, change_names, links_of
from dashboard.views.questionnaires.question import behind_answer
from dashboard.views.questionnaires.questions import groups_of, standing_notes
from dashboard.views.questionnaires.rounds import localised_rounds, question_title, round_title
from dashboard.views.questionnaires.shown import questions_of, shown_question, shown_round
from dashboard.views.registry import view
from dashboard.views.sourcing import cite
from dashboard.views.view import Column, View

Standings = Mapping[str | None, list[dict[str, Any]]]
"""State -> how it stands to one question."""


@view("questionnaires.change")
def question_in_time(selection: Selection) -> View:
    """What each state answered to one question in every questionnaire, and what changed where that may be said."""
    asked = shown_question(selection)
    chain, left_out = chain_of(asked, selection) if asked else (pl.DataFrame(), 0)
    if asked is None or chain.height < 2:
        return alone("questionnaires.change", _("What changed from one questionnaire to the next"), asked, selection)
    rows = list(chain.iter_rows(named=True))
    rounds = {row["round_id"]: row for row in localised_rounds(selection).iter_rows(named=True)}
    standings = {
        row["question_id"]: by_state(standing_of_states(rounds[row["round_id"]], [row["question_id"]], selection))
        for row in rows
    }
    links = links_of(rows)
    found = {link.after["question_id"]: _changes(link, standings, _answered_before(link, selection)) for link in links}
    known, kinds = marks(), change_marks()
    listed = [code for code in areas.states() if any(code in one for one in standings.values())]
    occurring = {state_of_answers(answers) for one in standings.values() for answers in one.values()}
    changes = {kind for one in found.values() for kind in one.values()}
    notes = [*_link_notes(links), _answers_note()]
    notes += standing_notes(rounds[rows[-1]["round_id"]], pl.concat([_frame(one) for one in standings.values()]))
    return View(
        id="questionnaires.change",
        title=named(_("What changed from one questionnaire to the next"), question_title(dict(asked))),
        takeaway=_takeaway(links, found),
        figure=question_change(
            [
                (name, [_state(code, rows, links, standings, found, selection) for code in codes])
                for name, codes in groups_of(selection, listed)
            ],
            _steps(rows, links),
            corner=_("State"),
            caption=named(_("What changed from one questionnaire to the next"), question_title(dict(asked))),
            legend=[
                *(known[state] for state in known if state in occurring),
                *(kinds[kind] for kind in CHANGES if kind in changes),
            ],
        ),
        table=_table(links, standings, found, listed),
        columns=(
            Column("area_code", _("State"), "area"),
            Column("earlier", _("Earlier questionnaire"), is_wide=True),
            Column("was", _("Answer then"), behind=lambda row: _behind_of(row, "earlier_id", "was_state")),
            Column("later", _("Later questionnaire"), is_wide=True),
            Column("now", _("Answer later"), behind=lambda row: _behind_of(row, "later_id", "now_state")),
            Column("change", _("Change")),
            Column("source_id_2", _("Earlier source"), "source"),
            Column("source_id", _("Later source"), "source"),
        ),
        notes=tuple([*notes, years_note(left_out)] if left_out else notes),
        sources=cite(chain, *(_frame(one) for one in standings.values())),
        period=period_text(selection),
        options={"round": asked["round_id"], "topic": "", "question": asked["question_id"]},
    )


def _frame(standings: Standings) -> pl.DataFrame:
    return pl.DataFrame(
        [(row["area_code"], row["state"], row["source_id"]) for answers in standings.values() for row in answers],
        schema={"area_code": pl.String, "state": pl.String, "source_id": pl.String},
        orient="row",
    )


def _answered_before(link: Link, selection: Selection) -> set[str]:
    """The states with an answer on record in the chain before the earlier question of a link."""
    chain = {
        row["question_id"]: row["previous_question_id"]
        for row in questionnaires.question_chain(link.before["question_id"]).iter_rows(named=True)
    }
    earlier: list[str] = []
    one = link.before["previous_question_id"]
    while one in chain and one not in earlier:
        earlier.append(one)
        one = chain[one]
    if not earlier:
        return set()
    answers = questionnaires.answers("", "", "", **selection.period)
    return set(answers.filter(pl.col("question_id").is_in(earlier))["area_code"].drop_nulls())


def _changes(link: Link, standings: Mapping[str, Standings], answered_before: set[str]) -> dict[str, str]:
    """State -> kind of change, of the states of which something can be said."""
    before, after = standings[link.before["question_id"]], standings[link.after["question_id"]]
    kinds = {
        code: change(before[code], after[code], link, has_earlier=code in answered_before)
        for code in before
        if code and code in after
    }
    return {code: kind for code, kind in kinds.items() if kind}


def _steps(rows: Sequence[dict[str, Any]], links: Sequence[Link]) -> list[Step]:
    by_later = {link.after["question_id"]: link for link in links}
    steps = []
    for row in rows:
        if link := by_later.get(row["question_id"]):
            steps.append(Step(_since(link), "change", link.why_not_compared))
        steps.append(Step(round_title(row), "round"))
    return steps


def _since(link: Link) -> str:
    year = link.before["year"]
    if year is None:
        return _("Change since “{round}”", round=round_title(dict(link.before)))
    return _("Change since {year}", year=str(year))


def _state(
    code: str,
    rows: Sequence[dict[str, Any]],
    links: Sequence[Link],
    standings: Mapping[str, Standings],
    found: Mapping[str, Mapping[str, str]],
    selection: Selection,
) -> ChangingState:
    known, kinds = marks(), change_marks()
    changed = {link.after["question_id"] for link in links}
    cells: list[Cell | None] = []
    for row in rows:
        question_id = row["question_id"]
        if question_id in changed:
            kind = found[question_id].get(code)
            cells.append(kinds[kind] if kind else None)
        answers = standings[question_id].get(code)
        record = behind_answer(answers[0]) if answers else None
        link = behind_address(record, selection) if record else ""
        cells.append(mark_of(answers, known, link) if answers else known["untold"])
    return ChangingState(areas.name(code), address("country", selection, area=code), cells)


def _table(
    links: Sequence[Link],
    standings: Mapping[str, Standings],
    found: Mapping[str, Mapping[str, str]],
    listed: Sequence[str],
) -> pl.DataFrame:
    known, names = marks(), change_names()
    rows = []
    for link in links:
        before, after = standings[link.before["question_id"]], standings[link.after["question_id"]]
        for code in listed:
            if code not in before or code not in after:
                continue
            kind = found[link.after["question_id"]].get(code, "")
            why = link.why_not_compared if kind == "not_compared" else ""
            rows.append(
                (
                    *(code, round_title(dict(link.before)), mark_of(before[code], known).words),
                    *(round_title(dict(link.after)), mark_of(after[code], known).words),
                    why or (names[kind] if kind else _("nothing to compare")),
                    *(before[code][0]["source_id"], after[code][0]["source_id"]),
                    *(link.before["question_id"], link.after["question_id"], kind),
                    *(state_of_answers(before[code]), state_of_answers(after[code])),
                )
            )
    columns = ("area_code", "earlier", "was", "later", "now", "change", "source_id_2", "source_id", "earlier_id",
             "later_id", "kind", "was_state", "now_state")  # fmt: skip
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")


def _behind_of(row: Mapping[str, Any], question: str, state: str) -> Behind | None:
    if row[state] not in ANSWERED:
        return None
    return behind("answers", question=row[question], area=row["area_code"], year="all")


def _takeaway(links: Sequence[Link], found: Mapping[str, Mapping[str, str]]) -> str:
    comparable = [link for link in links if link.is_same_question]
    if not comparable:
        return _("The question was not worded alike, so no change in the answers is claimed.")
    newest = comparable[-1]
    of_states = list(found[newest.after["question_id"]].values())
    places = {"earlier": round_title(dict(newest.before)), "later": round_title(dict(newest.after))}
    names = change_names()
    said = [named(names[kind], number(of_states.count(kind))) for kind in CHANGES if kind in of_states]
    if not said:
        return _("From “{earlier}” to “{later}” no state has an answer on record to compare.", **places)
    return _("From “{earlier}” to “{later}”, number of states: {changes}.", changes=listing(said), **places)


def _link_notes(links: Sequence[Link]) -> list[str]:
    return [
        _(
            "{why} {earlier}: “{before}” {later}: “{after}”",
            why=link.why_not_compared,
            earlier=round_title(dict(link.before)),
            before=link.before["wording"],
            later=round_title(dict(link.after)),
            after=link.after["wording"],
        )
        for link in links
        if link.why_not_compared
    ]


def _answers_note() -> str:
    return _(
        "A change is told only between two questionnaires that asked the question in the same words; of the years between nothing is known. It is a change of the answer on record, not a judgement."
    )


@view("questionnaires.changes")
def changes_of_a_round(selection: Selection) -> View:
    """Of each question that a questionnaire took over from an earlier one: how many states' answers changed, and how."""
    one = shown_round(selection)
    asked = questions_of(one["round_id"], selection.topic) if one else pl.DataFrame()
    links = _links_to_earlier(asked, selection) if one else []
    if one is None or not links:
        return _unlinked(one, selection)
    standings = _standings_of_links(links, selection)
    found = {link.after["question_id"]: _changes(link, standings, _answered_before(link, selection)) for link in links}
    counted = {kind for of_states in found.values() for kind in of_states.values()} - {"not_compared"}
    shown = [kind for kind in CHANGES if kind in counted]
    kinds, names = change_marks(), change_names()
    places = {row["question_id"]: row for row in asked.iter_rows(named=True)}
    lines = [
        ChangeLine(
            Said(question_title(places[link.after["question_id"]]), places[link.after["question_id"]]["wording_basis"]),
            address("questionnaires", selection, round=one["round_id"], topic="", question=link.after["question_id"]),
            _since(link),
            [_count(link, kind, found[link.after["question_id"]], selection) for kind in shown],
            link.why_not_compared,
        )
        for link in links
    ]
    changed = sum(not link.is_same_question for link in links)
    return View(
        id="questionnaires.changes",
        title=_("What changed since the questionnaire before"),
        takeaway=_round_takeaway(links, found, changed),
        figure=change_counts(
            lines, [kinds[kind] for kind in shown], corner=_("Question"), caption=_("What changed since the questionnaire before")
        ),
        table=_count_table(links, found, places),
        columns=(
            Column("question", _("Question"), is_wide=True),
            Column("earlier", _("Earlier questionnaire"), is_wide=True),
            *(Column(kind, names[kind], "number", status_key=f"{kind}_status") for kind in shown),
            Column("not_compared", names["not_compared"], "number"),
            Column("remark", _("Remark"), is_wide=True),
            Column("source_id", _("Source"), "source"),
        ),
        notes=(_("Counted are states; a state counts once for each question."), _answers_note()),
        sources=cite([one["source_id"], *(link.before["source_id"] for link in links)]),
        period=period_text(selection),
        is_figure_whole=True,
        options={"round": one["round_id"], "question": ""},
    )  # fmt: skip


def _links_to_earlier(asked: pl.DataFrame, selection: Selection) -> list[Link]:
    """The links of a round's questions to those of earlier rounds of the chosen years, in the order of the questions."""
    years = selection.period
    links = []
    for row in asked.filter(pl.col("previous_question_id").is_not_null()).iter_rows(named=True):
        chain = questionnaires.question_chain(row["question_id"]).filter(
            pl.col("question_id").is_in([row["question_id"], row["previous_question_id"]]),
            pl.col("year").is_null() | pl.col("year").is_between(years["first_year"], years["last_year"]),
        )
        localised = localise(chain.with_columns(recorded=pl.col("wording")), "wording", "name")
        links += [
            link
            for link in links_of(localised.iter_rows(named=True))
            if link.after["question_id"] == row["question_id"]
        ]
    return links


def _standings_of_links(links: Sequence[Link], selection: Selection) -> dict[str, Standings]:
    rounds = {row["round_id"]: row for row in localised_rounds(selection).iter_rows(named=True)}
    by_round: dict[str, set[str]] = {}
    for link in links:
        for row in (link.before, link.after):
            by_round.setdefault(row["round_id"], set()).add(row["question_id"])
    standings: dict[str, Standings] = {}
    for round_id, question_ids in by_round.items():
        standings |= by_question(standing_of_states(rounds[round_id], question_ids, selection))
    return standings


def _count(link: Link, kind: str, of_states: Mapping[str, str], selection: Selection) -> tuple[int, str]:
    """How many states have a kind of change, and the address of their answers before and after."""
    codes = sorted(code for code, one in of_states.items() if one == kind)
    if not codes:
        return 0, ""
    both = (link.before["question_id"], link.after["question_id"])
    own = behind("answers", question=both, area=codes, year="all", counting="states")
    return len(codes), behind_address(own, selection)


def _round_takeaway(links: Sequence[Link], found: Mapping[str, Mapping[str, str]], changed: int) -> str:
    if changed == len(links):
        return n_(
            "The {n} question that this questionnaire took over is worded anew, so no change is claimed.",
            "The {n} questions that this questionnaire took over are all worded anew, so no change is claimed.",
            len(links),
        )
    of_states = [kind for kinds in found.values() for kind in kinds.values()]
    return n_(
        "{n} question was asked before in the same words; answers of states to it: gained {gained}, kept {kept}, lost {lost}.",
        "{n} questions were asked before in the same words; answers of states to them: gained {gained}, kept {kept}, lost {lost}.",
        len(links) - changed,
        gained=of_states.count("gained"),
        kept=of_states.count("kept"),
        lost=of_states.count("lost"),
    )


def _count_table(
    links: Sequence[Link], found: Mapping[str, Mapping[str, str]], places: Mapping[str, dict[str, Any]]
) -> pl.DataFrame:
    rows = []
    for link in links:
        of_states = list(found[link.after["question_id"]].values())
        row: dict[str, Any] = {
            "question_id": link.after["question_id"],
            "question": question_title(places[link.after["question_id"]]),
            "question_basis": places[link.after["question_id"]]["wording_basis"],
            "earlier": round_title(dict(link.before)),
            "not_compared": of_states.count("not_compared"),
            "remark": link.why_not_compared,
            "source_id": link.after["source_id"],
            "source_id_2": link.before["source_id"],
        }
        for kind in CHANGES[:-1]:
            row[kind] = of_states.count(kind) if link.is_same_question else None
            row[f"{kind}_status"] = "A" if link.is_same_question else "M"
        rows.append(row)
    numbers: dict[str, pl.DataType] = {kind: pl.Int64() for kind in CHANGES}
    return pl.DataFrame(rows, schema_overrides=numbers)


def _unlinked(one: Mapping[str, Any] | None, selection: Selection) -> View:
    why = _("No questionnaire with an answer on record falls in these years.")
    if one is not None:
        why = _(
            "The records link no question of “{round}” to one of an earlier questionnaire, so no change is shown.",
            round=round_title(dict(one)),
        )
    return nothing(
        "questionnaires.changes",
        _("What changed since the questionnaire before"),
        why,
        period=period_text(selection),
        options={"round": one["round_id"], "question": ""} if one is not None else {},
    )
