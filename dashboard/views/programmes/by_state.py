"""Each programme in each state, by its strongest status."""

from html import escape

import polars as pl

from dashboard import areas
from dashboard.charts.matrix import Cell, matrix
from dashboard.i18n import _, clauses, n_
from dashboard.labels import labels
from dashboard.queries import programmes
from dashboard.selection import Selection
from dashboard.short_names import short_names
from dashboard.views.behind import behind, behind_address
from dashboard.views.periods import period_text
from dashboard.views.programmes.found import all_deployments, columns_of_deployments, left_out
from dashboard.views.programmes.wording import STATUS_CAVEATS, caveats, deployment_said, marked
from dashboard.views.registry import view
from dashboard.views.sourcing import cite
from dashboard.views.view import Markup, View

SIGNS = {
    "implemented": "✓",
    "replicated": "✓",
    "follow_up_requested": "✓",
    "audited": "✓",
    "in_progress": "…",
    "planned": "○",
    "announced": "◇",
    "interest_expressed": "·",
}
"""The sign of each status in the matrix, the strongest first."""
_STRENGTH = {status: rank for rank, status in enumerate(SIGNS)}
_SHORT = 60


@view("programmes.matrix")
def programme_matrix(selection: Selection) -> View:
    """Each programme in each state by its strongest status, and the deployments that belong to no single state."""
    everything = all_deployments(selection)
    rows = everything.filter("is_in_period")
    placed = rows.filter(pl.col("area_code").is_not_null())
    apart = rows.filter(pl.col("area_code").is_null())
    states = sorted(set(placed["area_code"]))  # by the code that stands at the head of the column
    names = {row["programme_id"]: row for row in rows.iter_rows(named=True)}
    cells: dict[tuple[str, str], Cell] = {}
    signs: set[str] = set()
    for (programme, state), own in placed.group_by("programme_id", "area_code", maintain_order=True):
        ranked = sorted(own.iter_rows(named=True), key=lambda row: _STRENGTH[row["status"]])
        strongest = ranked[0]
        signs.add(SIGNS[strongest["status"]])
        cells[str(programme), str(state)] = Cell(
            "focus" if strongest["is_carried_out"] else "announced",
            SIGNS[strongest["status"]] + ("+" if len({row["status"] for row in ranked}) > 1 else ""),
            clauses(deployment_said(row) for row in ranked),
            behind_address(behind("deployments", area=state, programme=programme), selection),
        )
    in_rows = placed["programme_id"].unique(maintain_order=True).to_list()
    carried_out = placed.filter("is_carried_out")
    short = dict(zip(in_rows, short_names([names[programme]["name"] for programme in in_rows], _SHORT), strict=True))
    official = dict(
        zip(in_rows, short_names([names[programme]["official"] for programme in in_rows], _SHORT), strict=True)
    )
    figure = matrix(
        [(programme, short[programme], "") for programme in in_rows],
        [(code, code) for code in states],
        cells,
        corner=_("Programme"),
        caption=_("Programmes by state and status"),
        absent=Cell("none", "", _("nothing on record")),
        legend=_legend(signs),
        full_names={code: areas.name(code) for code in states},
        below={
            programme: official[programme]
            for programme in in_rows
            if names[programme]["official"] != names[programme]["name"]
        },
    )
    no_record = programmes.programmes().filter(pl.col("records") == 0).height
    notes = [
        n_(
            "{n} record of a deployment: {placed} in the matrix, {apart} without a single state beneath it.",
            "{n} records of deployments: {placed} in the matrix, {apart} without a single state beneath it.",
            rows.height,
            placed=placed.height,
            apart=apart.height,
        ),
        *left_out(everything),
        _(
            "A “+” says that the state has further statuses for the programme; each cell carries all of them with their dates."
        ),
        n_(
            "{n} programme has no deployment on record and is only in the list of programmes.",
            "{n} programmes have no deployment on record and are only in the list of programmes.",
            no_record,
        ),
        *caveats(*STATUS_CAVEATS),
    ]
    return View(
        id="programmes.matrix",
        title=_("Programmes by state"),
        takeaway=n_(
            "{n} programme is on record in {states}; states with at least one in progress or carried out: {carried_out}.",
            "{n} programmes are on record in {states}; states with at least one in progress or carried out: {carried_out}.",
            len(in_rows),
            states=n_("{n} state", "{n} states", len(states)),
            carried_out=carried_out["area_code"].n_unique(),
        ),
        figure=Markup(f'<div class="pn-matrix-whole">{figure.html}</div>{_without_a_state(apart)}'),
        table=rows,
        columns=columns_of_deployments(),
        notes=tuple(notes),
        sources=cite(rows),
        period=period_text(selection),
        empty="" if rows.height else _("No deployment of a programme is on record for these years."),
    )


def _legend(signs: set[str]) -> list[Cell]:
    """The words of the signs that occur, the strongest first."""
    words = labels("deployment_status") | {"implemented": _("carried out, also replicated, followed up or audited")}
    shown = ("implemented", "in_progress", "planned", "announced", "interest_expressed")
    carried_out = ("implemented", "in_progress")
    return [
        Cell("focus" if status in carried_out else "announced", SIGNS[status], words[status])
        for status in shown
        if SIGNS[status] in signs
    ]


def _without_a_state(rows: pl.DataFrame) -> str:
    if rows.is_empty():
        return ""
    items = "".join(
        f"<li>{marked(row['name'], row['name_basis'])}<br><small>{marked(row['place'], row['scope_basis'])} · "
        f"{escape(deployment_said(row | {'is_whole_country': True}))}</small></li>"
        for row in rows.iter_rows(named=True)
    )
    return f'<h3 class="pn-subhead">{escape(_("Without a single state"))}</h3><ul class="pn-entries">{items}</ul>'
