"""Programmes by pillar, and by who is named as paying for them."""

from html import escape

import polars as pl

from dashboard import areas
from dashboard.charts.split_bars import Part, SplitBar, split_bars
from dashboard.i18n import _, listing, n_, number
from dashboard.labels import label, labels
from dashboard.queries import programmes
from dashboard.selection import Selection, address
from dashboard.texts import localise
from dashboard.views.behind import behind, behind_address
from dashboard.views.periods import period_text
from dashboard.views.programmes.found import all_deployments, all_programmes, counted_behind, left_out, official_or_same
from dashboard.views.programmes.wording import caveats, marked
from dashboard.views.registry import view
from dashboard.views.sourcing import cite
from dashboard.views.view import Column, Markup, View

_FUNDER_CAVEATS = ("contradiction-01", "contradiction-20", "gap-15")


@view("programmes.by_pillar")
def programmes_by_pillar(selection: Selection) -> View:
    """Programmes and their deployments by pillar."""
    counted = programmes.by_pillar(**selection.period, is_all_time=selection.is_all_time)
    order = {pillar: position for position, pillar in enumerate(labels("pillar"))}
    counted = counted.sort(pl.col("pillar").replace_strict(order, return_dtype=pl.Int64))
    unplaced = (
        _("no deployment on record")
        if selection.is_all_time
        else _("no deployment on record that counts in these years")
    )
    drawn = [
        SplitBar(
            name=label("pillar", row["pillar"]),
            parts=(
                Part("focus", row["carried_out"]),
                Part("announced", row["beforehand"]),
                Part("context", row["unplaced"]),
            ),
            words=n_("{n} programme", "{n} programmes", row["programmes"]),
            said=_(
                "{pillar}: {programmes} programmes, of which {carried_out} in progress or carried out and {beforehand} only "
                "planned, announced or of interest",
                pillar=label("pillar", row["pillar"]),
                programmes=row["programmes"],
                carried_out=row["carried_out"],
                beforehand=row["beforehand"],
            ),
            behind=behind_address(behind("programmes", pillar=row["pillar"]), selection),
        )
        for row in counted.iter_rows(named=True)
    ]
    table = counted.with_columns(pl.col("pillar").replace(labels("pillar")).alias("said_pillar"))
    return View(
        id="programmes.by_pillar",
        title=_("Programmes by pillar"),
        takeaway=_(
            "Of {total} programmes, {carried_out} are on record as in progress or carried out: {pillars}.",
            total=int(counted["programmes"].sum()),
            carried_out=int(counted["carried_out"].sum()),
            pillars=listing(
                _("{pillar} {n}", pillar=label("pillar", row["pillar"]), n=row["carried_out"])
                for row in counted.iter_rows(named=True)
            ),
        ),
        figure=split_bars(
            drawn,
            legend=(
                ("focus", _("in progress or carried out")),
                ("announced", _("only planned, announced or of interest")),
                ("context", unplaced),
            ),
        ),
        table=table,
        columns=(
            Column("said_pillar", _("Pillar")),
            Column(
                "programmes",
                _("Programmes"),
                "number",
                behind=lambda row: behind("programmes", pillar=row["pillar"]),
            ),
            Column(
                "carried_out",
                _("In progress or carried out"),
                "number",
                behind=lambda row: counted_behind(True, pillar=row["pillar"]),
            ),
            Column(
                "beforehand",
                _("Only planned, announced or of interest"),
                "number",
                behind=lambda row: counted_behind(False, standing="nowhere", pillar=row["pillar"]),
            ),
            Column(
                "unplaced",
                unplaced[:1].upper() + unplaced[1:],
                "number",
                behind=lambda row: behind("programmes", pillar=row["pillar"], placed=False),
            ),
            Column(
                "records",
                _("Records of deployments"),
                "number",
                behind=lambda row: behind("deployments", pillar=row["pillar"]),
            ),
            Column(
                "carried_out_records",
                _("of which in progress or carried out"),
                "number",
                behind=lambda row: behind("deployments", pillar=row["pillar"], status="deployed"),
            ),
        ),
        notes=(
            _("Each programme belongs to one pillar, so the programmes add up to the total."),
            *left_out(all_deployments(selection)),
        ),
        sources=cite(all_programmes()),
        period=period_text(selection),
    )


@view("programmes.funders")
def programme_funders(selection: Selection) -> View:
    """The states that sources name as paying for a programme."""
    rows = localise(programmes.funders().with_columns(official=pl.coalesce("name_original", "name")), "name")
    rows = rows.with_columns(official_or_same())
    order = {code: position for position, code in enumerate(areas.states())}
    rows = rows.sort(pl.col("funder").replace_strict(order, default=len(order), return_dtype=pl.Int64), "programme_id")
    total = programmes.programmes().height
    stated = rows["programme_id"].n_unique()
    funders = listing(
        areas.name(str(code)) + f" ({number(n)})"
        for code, n in rows.group_by("funder", maintain_order=True).len().iter_rows()
    )
    return View(
        id="programmes.funders",
        title=_("Who is named as paying"),
        takeaway=_(
            "For {unstated} of {total} programmes no source names a funding state; named are {funders}.",
            unstated=total - stated,
            total=total,
            funders=funders,
        ),
        figure=Markup(_by_funder(rows, selection)),
        table=rows,
        columns=(
            Column("funder", _("Funding state"), "area"),
            Column("name", _("Programme"), is_wide=True),
            Column("official", _("Official title"), is_wide=True),
            Column("start_year", _("Start"), "year"),
            Column("end_year", _("End"), "year"),
            Column("source_id", _("Source"), "source"),
        ),
        notes=(
            _(
                "Only states that a source names are shown; amounts are not on record, and a programme with two funders stands in two rows."
            ),
            _("Funding does not depend on the chosen period: sources do not say in which years it was paid."),
            *caveats(*_FUNDER_CAVEATS),
        ),
        sources=cite(rows),
        period=_("All years"),
        empty=""
        if rows.height
        else _("No source names a funding state for any of the {total} programmes.", total=total),
    )


def _by_funder(rows: pl.DataFrame, selection: Selection) -> str:
    """Funding states as a list, each with the programmes for which a source names it."""
    items = []
    for (funder,), own in rows.group_by("funder", maintain_order=True):
        link = address("country", selection, area=str(funder))
        lines = "<br>".join(
            f"<small>{marked(row['name'], row['name_basis'])}</small>" for row in own.iter_rows(named=True)
        )
        items.append(f'<li><a href="{escape(link)}">{escape(areas.name(str(funder)))}</a><br>{lines}</li>')
    return f'<ul class="pn-entries">{"".join(items)}</ul>'
