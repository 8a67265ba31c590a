"""States without training on record in recent years."""

from collections.abc import Mapping

import polars as pl

from dashboard import areas
from dashboard.charts.name_lists import name_lists
from dashboard.i18n import _, clauses, listing, n_
from dashboard.labels import label
from dashboard.queries import training
from dashboard.selection import Selection, address
from dashboard.views.behind import behind
from dashboard.views.dates import day_of
from dashboard.views.registry import view
from dashboard.views.sourcing import cite
from dashboard.views.training.wording import reached_means, status_of
from dashboard.views.view import Column, View
from dashboard.views.worded import each

YEARS_BACK = 5


def first_year_asked(selection: Selection) -> int:
    """The year since which a state counts as not reached: the chosen one, else some years before the edition's own."""
    return selection.since or training.as_of().year - YEARS_BACK


@view("training.not_reached")
def not_reached(selection: Selection) -> View:
    """States without training on record since a year, by what is known of the time before."""
    since = first_year_asked(selection)
    order = {code: position for position, code in enumerate(areas.states())}
    taking_part = set(areas.participating(training.as_of()))
    everything = training.last_reached().with_columns(
        is_taking_part=pl.col("area_code").is_in(sorted(taking_part)),
        group=pl.when(pl.col("last_year").is_not_null())
        .then(pl.lit("before"))
        .when((pl.col("undated") > 0) | (pl.col("spans").list.len() > 0))
        .then(pl.lit("unstated"))
        .otherwise(pl.lit("none")),
    )
    rows = everything.filter(pl.col("last_year").is_null() | (pl.col("last_year") < since)).sort(
        pl.col("area_code").replace_strict(order, return_dtype=pl.Int64)
    )
    headings = {
        "before": (
            _("Last reached before {year}", year=str(since)),
            _("The year is that of the last training with a year on record."),
        ),
        "unstated": (
            _("Reached at an unstated time"),
            _("The sources give no single year; the latest possible time is given where a record tells it."),
        ),
        "none": (
            _("No training on record"),
            _("No record was found; this does not mean that there was no training."),
        ),
    }
    table = rows.with_columns(
        known=each(rows, _time_known),
        what=pl.Series([headings[code][0] for code in rows["group"]], dtype=pl.String),
        part=pl.Series([_standing(code) for code in rows["area_code"]], dtype=pl.String),
        source_id=pl.col("source_ids").list.first(),
        year_status=status_of("last_year"),
    )
    entries: dict[str, list[tuple[str, str, str]]] = {}
    for row in table.iter_rows(named=True):
        remarks = [row["known"], "" if row["is_taking_part"] else row["part"]]
        link = address("country", selection, area=row["area_code"])
        entries.setdefault(row["group"], []).append((areas.name(row["area_code"]), link, clauses(remarks)))
    counted = rows.filter("is_taking_part")
    return View(
        id="training.not_reached",
        title=_("States with no training on record since {year}", year=str(since)),
        takeaway=n_(
            "For {n} of the {total} states taking part in the OAS no training held is on record in {year} or later.",
            "For {n} of the {total} states taking part in the OAS no training held is on record in {year} or later.",
            counted.height,
            total=len(taking_part),
            year=str(since),
        ),
        figure=name_lists([(*headings[code], entries.get(code, [])) for code in headings]),
        table=table,
        columns=(
            Column("area_code", _("State"), "area"),
            Column("what", _("What is on record"), is_wide=True),
            Column(
                "last_year",
                _("Last year on record"),
                "year",
                status_key="year_status",
                behind=lambda row: behind("reach", area=row["area_code"], year=row["last_year"], counting="records"),
            ),
            Column(
                "known",
                _("Time as stated"),
                behind=lambda row: behind("reach", area=row["area_code"], year="all", counting="records"),
            ),
            Column("part", _("Participation in the OAS")),
            Column("source_id", _("Source"), "source"),
        ),
        notes=(
            reached_means(),
            _("The list says what the records hold, not what a state did: national training is not in them."),
            _(
                "All {total} states can be listed; the sentence above counts those that take part in the OAS.",
                total=len(order),
            ),
        ),
        sources=cite({source for sources in rows["source_ids"].to_list() for source in sources}),
        period=_("since {year}", year=str(since)),
        options={"since": str(since)},
        empty="" if rows.height else _("Training since {year} is on record for every state.", year=str(since)),
    )


def _standing(area_code: str) -> str:
    """How a state stands to the OAS on the edition's own day."""
    statuses = areas.participation(area_code).filter(pl.col("from_on") <= training.as_of())["status"]
    return label("participation", statuses[-1]) if statuses.len() else ""


def _time_known(row: Mapping[str, object]) -> str:
    """What the records say of the time of a state's training: 2011; some time in 2010–2012; also without a date."""
    spans = [str(span) for span in row["spans"]]  # type: ignore[attr-defined]
    undated = int(str(row["undated"]))
    parts = [str(row["last_year"])] if row["last_year"] else []
    if spans:
        parts.append(_("some time in {spans}", spans=listing(spans)))
    if undated and row["known_by_on"]:
        parts.append(
            n_(
                "{n} record without a date, from {date} at the latest",
                "{n} records without a date, from {date} at the latest",
                undated,
                date=day_of(row, "known_by"),
            )
        )
    elif undated:
        parts.append(n_("{n} record without a date", "{n} records without a date", undated))
    return clauses(parts)
