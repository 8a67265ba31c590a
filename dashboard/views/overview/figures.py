"""The key figures of the hemisphere."""

from dataclasses import replace

import polars as pl

from dashboard import areas
from dashboard.charts.figures import KeyFigure, key_figures_html
from dashboard.i18n import _, listing, n_
from dashboard.queries import overview
from dashboard.record_filters import ANY_TIME
from dashboard.selection import Selection
from dashboard.views.behind import Behind, behind, behind_address
from dashboard.views.periods import period_text
from dashboard.views.registry import view
from dashboard.views.sourcing import cite_count
from dashboard.views.training import counted_sources, numbers_by_kind, with_civil_society
from dashboard.views.view import Column, View


@view("overview.key_figures")
def key_figures(selection: Selection) -> View:
    """Events held, people trained, states reached and questionnaires returned, each with what it is measured against."""
    years, is_all_time = selection.period, selection.is_all_time
    counts = overview.headline_counts(**years, is_all_time=is_all_time)
    taking_part = set(areas.participating(areas.period_end(selection)))
    reached_rows = overview.reached_states(**years, is_all_time=is_all_time)
    reached = set(reached_rows["area_code"])
    held, others = counts["held"] or 0, (counts["announced"] or 0) + (counts["planned"] or 0)
    taking_part_now = behind("participation", taking_part=True)
    found: list[tuple[Behind, Behind | None]] = [
        (behind("events", status="held"), None),
        (behind("officials", basis="reported"), None),
        (behind("officials", basis="beforehand"), None),
        (behind("reach", taking_part=True), taking_part_now),
    ]
    rows = [
        KeyFigure(
            "training.events_by_year",
            "training",
            held,
            None,
            _(
                "{held}; {others}",
                held=n_("training event held", "training events held", held),
                others=n_("{n} more announced or planned", "{n} more announced or planned", others),
            ),
        ),
        KeyFigure(
            "training.officials_by_year",
            "training",
            counts["reported"],
            None,
            _("people trained as reported afterwards, civil society included")
            if counts["reported_with_others"]
            else _("officials trained as reported afterwards"),
        ),
        KeyFigure(
            "training.officials_by_year",
            "training",
            counts["beforehand"],
            None,
            _("officials announced beforehand; what came of it was not reported, so the two are never added"),
        ),
        KeyFigure(
            "training.coverage",
            "training",
            len(reached & taking_part),
            len(taking_part),
            _("states taking part in the OAS reached by training held or carried out"),
        ),
    ]
    full_round = overview.latest_full_round(**selection.period)
    if full_round:
        replies = overview.round_counts(full_round["round_id"])
        left_out = [areas.name(code) for code in overview.not_asked(full_round["round_id"])]
        replied = behind("responses", round=full_round["round_id"], status="returned", year=ANY_TIME)
        found.append((replied, replied.but(status="asked")))
        returned = _("states returned the {year} questionnaire", year=full_round["year"])
        unasked = n_("{states} was not asked", "{states} were not asked", len(left_out), states=listing(left_out))
        rows.append(
            KeyFigure(
                "questionnaires.return_rates",
                "questionnaires",
                replies["returned"],
                replies["asked"],
                _("{returned}; {unasked}", returned=returned, unasked=unasked) if left_out else returned,
            )
        )
    rows = [replace(row, behind=behind_address(one, selection)) for row, (one, _of) in zip(rows, found, strict=True)]
    table = pl.DataFrame(
        [(row.view_id, row.page, row.value, row.of, row.what, "A" if row.value is not None else "O") for row in rows],
        schema={
            "view": pl.String,
            "page": pl.String,
            "value": pl.Int64,
            "of": pl.Int64,
            "what": pl.String,
            "obs_status": pl.String,
        },
        orient="row",
    ).with_row_index("figure")
    gone = sorted(areas.name(code) for code in reached - taking_part)
    notes = [
        n_(
            "Of {total} states, {n} takes part in the OAS at the end of the period: the denominator.",
            "Of {total} states, {n} take part in the OAS at the end of the period: the denominator.",
            len(taking_part),
            total=len(areas.states()),
        )
    ]
    if counts["with_number"]:
        # the figure announced beforehand joins numbers of several kinds: here each stands by itself
        notes += [numbers_by_kind(selection), *with_civil_society(selection)]
    if gone:
        notes.append(_("Also reached, but no longer taking part then: {states}.", states=listing(gone)))
    return View(
        id="overview.key_figures",
        title=_("Key figures"),
        takeaway=n_(
            "{n} training event was held; {reached} of {total} states taking part in the OAS were reached.",
            "{n} training events were held; {reached} of {total} states taking part in the OAS were reached.",
            held,
            reached=len(reached & taking_part),
            total=len(taking_part),
        ),
        figure=key_figures_html(rows, selection),
        table=table,
        columns=(
            Column("what", _("Figure"), is_wide=True),
            Column("value", _("Value"), "number", status_key="obs_status", behind=lambda row: found[row["figure"]][0]),
            Column("of", _("Of"), "number", behind=lambda row: found[row["figure"]][1]),
        ),
        is_lead=True,
        notes=tuple(notes),
        sources=cite_count(reached_rows, counted_sources(selection), [full_round["source_id"]] if full_round else []),
        period=period_text(selection),
    )
