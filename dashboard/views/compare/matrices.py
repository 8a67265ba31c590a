"""What is on record of single programmes, treaties and questionnaires: one row each, one column an area compared."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from dashboard import areas
from dashboard.charts.matrix import Cell, matrix
from dashboard.i18n import _, clauses, n_, sort_key
from dashboard.labels import label, labels
from dashboard.queries import compare, programmes
from dashboard.selection import Selection
from dashboard.short_names import short_names
from dashboard.texts import localise
from dashboard.views.behind import behind, behind_address
from dashboard.views.compare.chosen import Compared, chosen, compare_view, titles
from dashboard.views.country.withheld import names_note, rounds_told
from dashboard.views.periods import period_text
from dashboard.views.programmes import SIGNS
from dashboard.views.sourcing import cite_count
from dashboard.views.view import Column, Markup, View
from dashboard.views.worded import each

_SHORT = 110
_BEFOREHAND = ("interest_expressed", "announced", "planned")
_TREATY_CELLS = {
    "party": ("focus", "✓"),
    "not_party": ("zero", "–"),
    "no_action": ("zero", "–"),
    "unknown": ("missing", ""),
}
_ROUND_CELLS = {
    "returned": ("focus", "✓"),
    "not_received": ("zero", "○"),
    "not_asked": ("unasked", "–"),
    "outside": ("outside", ""),
    "not_stated": ("missing", ""),
    "untold": ("missing", ""),
    "not_shown": ("missing", ""),
}  # fmt: skip


def _matrix(
    view_id: str,
    names: Mapping[str, str],
    compared: Sequence[Compared],
    cells: Mapping[tuple[str, str], Cell],
    **words: Any,
) -> Markup:
    """The matrix of a view, a row for each name and a column for each area; with room for whole names of areas."""
    short = short_names(list(names.values()), _SHORT)
    rows = [(key, name, "") for key, name in zip(names, short, strict=True)]
    drawn = matrix(rows, [(one.code, one.name) for one in compared], cells, caption=titles()[view_id], **words)
    return Markup(f'<div class="pn-compared">{drawn.html}</div>')


def _strongest(statuses: Sequence[str]) -> str:
    """The status that says most of what was done."""
    return min(statuses, key=list(SIGNS).index)


@compare_view("compare.programmes")
def programme_statuses(selection: Selection) -> View:
    """Each programme on record in any of the areas, by its strongest status in each."""
    compared = chosen(selection)
    rows = compare.programmes(
        sorted(one.code for one in compared),
        areas.period_end(selection),
        **selection.period,
        is_all_time=selection.is_all_time,
    )
    about = localise(
        programmes.programmes().filter(pl.col("programme_id").is_in(rows["programme_id"].implode())), "name"
    )
    names = dict(zip(about["programme_id"], about["name"], strict=True))
    kinds = {one.code: one.is_state for one in compared}
    cells = {
        (row["programme_id"], row["area_code"]): Cell(
            "focus" if row["is_deployed"] else "announced",
            SIGNS[_strongest(row["statuses"])] if kinds[row["area_code"]] or not row["states"] else str(row["states"]),
            _said_of_programme(row["statuses"], row["states"], is_state=kinds[row["area_code"]]),
            behind_address(behind("deployments", area=row["area_code"], programme=row["programme_id"]), selection),
        )
        for row in rows.iter_rows(named=True)
    }
    ordered = sorted(names, key=lambda programme: sort_key(names[programme]))
    shared = [
        programme
        for programme in ordered
        if all((programme, one.code) in cells and cells[programme, one.code].kind == "focus" for one in compared)
    ]
    signs = {cell.sign for cell in cells.values()}
    table = pl.DataFrame(
        [
            (
                names[programme],
                one.code,
                cells[programme, one.code].words if (programme, one.code) in cells else None,
                programme,
            )
            for programme in ordered
            for one in compared
        ],
        schema={"name": pl.String, "area_code": pl.String, "standing": pl.String, "programme_id": pl.String},
        orient="row",
    ).join(
        rows.select("area_code", "programme_id", "source_id"),
        on=["area_code", "programme_id"],
        how="left",
        maintain_order="left",
    )
    table = table.join(about.select("programme_id", "name_basis"), on="programme_id", how="left", maintain_order="left")
    return View(
        id="compare.programmes",
        title=titles()["compare.programmes"],
        takeaway=_(
            "{total} programmes are on record in at least one of these areas; carried out or under way in all of them: {n}.",
            total=len(ordered),
            n=len(shared),
        ),
        figure=_matrix(
            "compare.programmes",
            {programme: names[programme] for programme in ordered},
            compared,
            cells,
            corner=_("Programme"),
            absent=Cell("none", "·", _("nothing on record")),
            legend=[
                Cell("announced" if status in _BEFOREHAND else "focus", sign, words)
                for status, sign, words in _legend(signs)
            ],
        ),
        table=table.with_columns(pl.col("standing").fill_null(_("nothing on record"))),
        columns=(
            Column("name", _("Programme"), is_wide=True),
            Column("area_code", _("State or group"), "area"),
            Column("standing", _("Status"), is_wide=True),
            Column("source_id", _("Source"), "source"),
        ),
        notes=(
            _("The sign is that of the strongest status on record; the table has all of them."),
            *(
                ()
                if all(kinds.values())
                else (_("For a group the number in the cell is that of its states with the programme."),)
            ),
            _("Nothing on record does not say that a state was left out."),
        ),
        sources=cite_count(rows),
        period=period_text(selection),
        empty="" if ordered else _("No programme is on record in any of these areas in these years."),
    )


def _said_of_programme(statuses: Sequence[str], states: int, *, is_state: bool) -> str:
    words = clauses(label("deployment_status", status) for status in SIGNS if status in statuses)
    if not is_state and not states:
        return _("no single state: {statuses}", statuses=words)
    return words if is_state else n_("{n} state: {statuses}", "{n} states: {statuses}", states, statuses=words)


def _legend(signs: set[str]) -> list[tuple[str, str, str]]:
    """Status, sign and words of the signs that occur; the strongest first."""
    words = labels("deployment_status") | {"implemented": _("carried out, also replicated, followed up or audited")}
    shown = ("implemented", "in_progress", "planned", "announced", "interest_expressed")
    return [(status, SIGNS[status], words[status]) for status in shown if SIGNS[status] in signs]


@compare_view("compare.treaties")
def treaty_standings(selection: Selection) -> View:
    """The standing of each area with each instrument; of a group, how many of its states are party."""
    compared = chosen(selection)
    rows = localise(
        compare.treaty_standings(sorted(one.code for one in compared)).with_columns(text_lang=pl.lit("en")), "name"
    )
    kinds = {one.code: one.is_state for one in compared}
    cells: dict[tuple[str, str], Cell] = {}
    for row in rows.iter_rows(named=True):
        one = behind("treaty_actions", area=row["area_code"], treaty=row["treaty_id"], year="all")
        if kinds[row["area_code"]]:
            status = row["status"] or "unknown"
            kind, sign = _TREATY_CELLS[status]
            words = clauses([label("treaty_status", status), str(row["year"] or "") if status == "party" else ""])
        else:
            kind, sign = ("context", str(int(row["parties"]))) if row["known"] else ("missing", "")
            words = _party_words(row["parties"], row["known"])
        cells[row["treaty_id"], row["area_code"]] = Cell(kind, sign, words, behind_address(one, selection))
    names = dict(zip(rows["treaty_id"], rows["name"], strict=True))
    ordered = list(names)
    states = [one for one in compared if one.is_state]
    all_party = [
        treaty for treaty in ordered if states and all(cells[treaty, one.code].kind == "focus" for one in states)
    ]
    table = rows.with_columns(standing=each(rows, lambda row: cells[row["treaty_id"], row["area_code"]].words))
    order = {one.code: place for place, one in enumerate(compared)}
    instruments = {treaty: place for place, treaty in enumerate(ordered)}
    table = table.sort(
        pl.col("treaty_id").replace_strict(instruments, return_dtype=pl.Int64),
        pl.col("area_code").replace_strict(order, return_dtype=pl.Int64),
    )
    return View(
        id="compare.treaties",
        title=titles()["compare.treaties"],
        takeaway=_(
            "Each of the states compared is on record as party to {n} of {total} instruments.",
            n=len(all_party),
            total=len(ordered),
        )
        if states
        else _("{total} instruments, each with how many states of the groups are party.", total=len(ordered)),
        figure=_matrix(
            "compare.treaties",
            names,
            compared,
            cells,
            corner=_("Instrument"),
            absent=Cell("missing", "", label("treaty_status", "unknown")),
            legend=(
                Cell("focus", "✓", label("treaty_status", "party")),
                Cell("zero", "–", label("treaty_status", "not_party")),
                Cell("missing", "", label("treaty_status", "unknown")),
                Cell("context", "n", _("number of states of the group that are party")),
            ),
            full_names=None,
        ),
        table=table,
        columns=(
            Column("name", _("Instrument"), is_wide=True),
            Column("area_code", _("State or group"), "area"),
            Column("standing", _("Standing"), is_wide=True),
            Column("year", _("Since"), "year"),
            Column("source_id", _("Source"), "source"),
        ),
        notes=(
            _("A standing that no source gives is unknown, never “not party”."),
            _("Standings are as of the date of each source, whatever the period."),
        ),
        sources=cite_count(rows),
        period=_("As of the date of each source"),
        empty="" if rows.height else _("No standing with a treaty is on record."),
    )


def _party_words(parties: float | None, known: float | None) -> str:
    if not known:
        return label("treaty_status", "unknown")
    return n_(
        "{n} of {total} states whose standing is known is party",
        "{n} of {total} states whose standing is known are party",
        int(parties or 0),
        total=int(known),
    )


@compare_view("compare.rounds")
def rounds(selection: Selection) -> View:
    """Who returned which questionnaire of the OAS: one row a round, one column a state."""
    states = [one for one in chosen(selection) if one.is_state]
    frames = [
        rounds_told(selection.but(area=one.code))
        .filter(pl.col("form_family") == "oas")
        .with_columns(area_code=pl.lit(one.code))
        for one in states
    ]
    rows = localise(pl.concat(frames, how="diagonal_relaxed"), "name") if frames else pl.DataFrame()
    cells: dict[tuple[str, str], Cell] = {}
    names: dict[str, str] = {}
    for row in rows.iter_rows(named=True):
        kind, sign = _ROUND_CELLS[row["standing"]]
        words = (
            label("response_status", row["standing"])
            if row["standing"] != "untold"
            else label("response_status", "not_stated")
        )
        if row["standing"] == "not_shown":
            words = _("not shown on this site")
        one = behind("responses", area=row["area_code"], round=row["round_id"], year="all")
        is_linked = row["standing"] in ("returned", "not_received", "not_asked")
        cells[row["round_id"], row["area_code"]] = Cell(
            kind, sign, words, behind_address(one, selection) if is_linked else ""
        )
        names.setdefault(
            row["round_id"], clauses([row["name"]]) if row["year"] is None else f"{row['year']} · {row['name']}"
        )
    known = [
        round_id
        for round_id in names
        if all(cells[round_id, one.code].kind in ("focus", "zero") for one in states if (round_id, one.code) in cells)
    ]
    table = (
        rows.with_columns(standing_said=each(rows, lambda row: cells[row["round_id"], row["area_code"]].words))
        if rows.height
        else rows
    )
    return View(
        id="compare.rounds",
        title=titles()["compare.rounds"],
        takeaway=_(
            "The reply of each of the states compared is known for {n} of {total} questionnaires.",
            n=len(known),
            total=len(names),
        ),
        figure=_matrix(
            "compare.rounds",
            names,
            states,
            cells,
            corner=_("Questionnaire"),
            absent=Cell("missing", "", label("response_status", "not_stated")),
            legend=[
                Cell(kind, sign, label("response_status", status))
                for status, (kind, sign) in _ROUND_CELLS.items()
                if status not in ("untold", "not_shown")
            ],
        )
        if rows.height
        else None,
        table=table,
        columns=(
            Column("name", _("Questionnaire"), is_wide=True),
            Column("year", _("Year"), "year"),
            Column("area_code", _("State"), "area"),
            Column("standing_said", _("Reply")),
            Column("source_id", _("Source"), "source"),
        )
        if rows.height
        else (),
        notes=(
            _(
                "Most questionnaires name only some of those who replied: a state that no source names is “not stated”, never “not received”."
            ),
            *names_note(),
        ),
        sources=cite_count(rows) if rows.height else (),
        period=period_text(selection),
        empty=""
        if rows.height
        else _("Replies are of single states: choose states to see who returned which questionnaire.")
        if not states
        else _("No questionnaire of the OAS is on record in these years."),
    )
