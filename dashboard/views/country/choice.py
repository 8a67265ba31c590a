"""The states to choose from."""

import polars as pl

from dashboard import areas
from dashboard.charts.entries import section_list
from dashboard.charts.state_map import state_map
from dashboard.i18n import _, n_
from dashboard.queries import country
from dashboard.selection import Selection, address
from dashboard.views.periods import period_text
from dashboard.views.registry import view
from dashboard.views.sourcing import cite
from dashboard.views.view import Column, Markup, View
from dashboard.views.worded import in_words


@view("country.choice")
def choice(selection: Selection) -> View:
    """The states to choose from, as tiles and as a list."""
    order = {code: position for position, code in enumerate(areas.states())}
    today = country.participation_today().sort(pl.col("area_code").replace_strict(order, return_dtype=pl.Int64))
    rows = today.with_columns(
        group=pl.Series([areas.name(areas.group_of(code, selection.scheme)) for code in today["area_code"]]),
        standing=in_words(today["status"], "participation"),
    )
    groups = dict(zip(rows["area_code"], rows["group"], strict=True))
    tiles = areas.tiles().with_columns(
        text=pl.lit(""),
        said=pl.col("area_code").replace_strict(groups, default=""),
        obs_status=pl.lit("A"),
        level=pl.lit(0, dtype=pl.Int64),
        has_ring=pl.lit(False),
    )
    taking_part = len(areas.participating(areas.period_end(selection)))
    links = {code: address("country", selection, area=code) for code in rows["area_code"]}
    drawn = state_map(tiles, kind=selection.map, names=areas.names(), links=links, classes=(), statuses={})
    return View(
        id="country.choice",
        title=_("Choose a state"),
        takeaway=n_(
            "{n} state of {total} takes part in the OAS at the end of the period; every state has a page.",
            "{n} states of {total} take part in the OAS at the end of the period; every state has a page.",
            taking_part,
            total=rows.height,
        ),
        figure=Markup(
            f'<div class="pn-choice">{drawn.html}'
            f"{section_list([(areas.name(code), links[code]) for code in rows['area_code']], label=_('States'))}</div>"
        )
        if isinstance(drawn, Markup)
        else drawn,
        table=rows,
        columns=(
            Column("area_code", _("State"), "area"),
            Column("group", areas.schemes().get(selection.scheme, "")),
            Column("standing", _("Participation in the OAS today")),
            Column("source_id", _("Source"), "source"),
        ),
        sources=cite(rows),
        period=period_text(selection),
    )
