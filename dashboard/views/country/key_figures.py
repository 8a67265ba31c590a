"""The key figures of a state, each with what it is measured against."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any

import polars as pl

from dashboard import areas
from dashboard.choices import record_years
from dashboard.i18n import _, clauses, n_, number
from dashboard.labels import label
from dashboard.queries import country, observations, overview
from dashboard.selection import Selection
from dashboard.views.behind import Behind
from dashboard.views.country.listed import date_of_source, is_counted, link_to
from dashboard.views.country.rows_behind import deployed_programmes, held_events, oas_replies, treaty_standing
from dashboard.views.country.state_view import TITLES, state_view
from dashboard.views.country.withheld import names_note, rounds_told
from dashboard.views.periods import period_text
from dashboard.views.sourcing import cite_count
from dashboard.views.view import Column, Markup, View

PALERMO = "PALERMO_TIP"


@dataclass(frozen=True)
class Counts:
    """What the key figures of a state count in the chosen period."""

    held: int
    other_events: int
    programmes: int
    other_programmes: int
    returned: int
    known: int
    not_asked: int
    not_shown: int


def counts(selection: Selection) -> Counts:
    """What the records of a state count in the chosen period."""
    period, is_all_time = selection.period, selection.is_all_time
    is_own = pl.col("area_code") == selection.area
    events = overview.events_by_state(**period, is_all_time=is_all_time).filter(is_own).row(0, named=True)
    programmes = overview.programmes_by_state(**period, is_all_time=is_all_time).filter(is_own).row(0, named=True)
    standings = rounds_told(selection).filter(pl.col("form_family") == "oas")["standing"].to_list()
    return Counts(
        held=int(events["value"]),
        other_events=int(events["others"]),
        programmes=int(programmes["value"]),
        other_programmes=int(programmes["others"]),
        returned=standings.count("returned"),
        known=standings.count("returned") + standings.count("not_received"),
        not_asked=standings.count("not_asked"),
        not_shown=standings.count("not_shown"),
    )


def palermo_standing(area_code: str) -> Mapping[str, Any]:
    """The state's standing with the Palermo Protocol."""
    return country.treaties(area_code).filter(pl.col("treaty_id") == PALERMO).row(0, named=True)


def _took_part(selection: Selection) -> bool:
    """Whether the state counted as taking part in the OAS at any time in the chosen years (all: since records begin)."""
    first = date(selection.first_year or record_years()[0], 1, 1)
    last = areas.period_end(selection)
    return any(
        row["is_counted"] and row["from_on"] <= last and (row["to_on"] is None or row["to_on"] >= first)
        for row in areas.participation(selection.area).iter_rows(named=True)
    )


@state_view("country.profile")
def profile(selection: Selection) -> View:
    """Programmes, events, questionnaires and the Palermo Protocol, each with what it is measured against."""
    own = counts(selection)
    palermo = palermo_standing(selection.area)
    outside = "" if _took_part(selection) else _("the state did not take part in the OAS in these years")
    programmes = (
        n_("programme carried out or under way", "programmes carried out or under way", own.programmes),
        n_(
            "{n} more planned, announced or of interest",
            "{n} more planned, announced or of interest",
            own.other_programmes,
        )
        if own.other_programmes
        else "",
    )
    events = (
        n_("training event held with its participation", "training events held with its participation", own.held),
        n_("{n} more announced or planned", "{n} more announced or planned", own.other_events)
        if own.other_events
        else "",
    )
    rows = [
        _figure("country.programmes", own.programmes, None, *programmes, outside),
        _figure("country.events", own.held, None, *events, outside),
        _figure(
            "country.questionnaires",
            own.returned if own.known else None,
            own.known if own.known else None,
            _("OAS questionnaires returned, of those for which its reply is known"),
            ""
            if own.known
            else _("not shown on this site")
            if own.not_shown
            else n_("it was not asked in {n} round", "it was not asked in {n} rounds", own.not_asked)
            if own.not_asked
            else _("no round is known to have asked it"),
            "",
        ),
        _palermo_figure(palermo),
    ]
    table = pl.DataFrame(
        rows, schema={"view": pl.String, "shown": pl.String, "of": pl.Int64, "what": pl.String}, orient="row"
    )
    figures = "".join(_figure_html(row, selection) for row in table.iter_rows(named=True))
    return View(
        id="country.profile",
        title=_(TITLES["country.profile"]),
        takeaway=_last_training_sentence(selection),
        figure=Markup(f'<dl class="pn-figures">{figures}</dl>'),
        is_lead=True,
        table=table,
        columns=(
            Column("what", _("Figure"), is_wide=True),
            Column("shown", _("Value"), behind=lambda row: _behind(row, selection)),
            Column("of", _("Of"), "number", behind=lambda _row: oas_replies(selection.area, "asked")),
        ),
        notes=(
            _("A questionnaire counts only where the sources say whether this state returned it."),
            *names_note(),
        ),
        sources=cite_count(*_counted_rows(selection)),
        period=period_text(selection),
    )


def _figure_html(row: Mapping[str, Any], selection: Selection) -> str:
    """The number leads to the records behind it, its words to the part of the page that shows more."""
    of = f"<small>{escape(_('of {total}', total=row['of']))}</small>" if row["of"] is not None else ""
    number_said, place = f"{escape(row['shown'])}{of}", f"#{row['view'].replace('.', '-')}"
    link = link_to(_behind(row, selection), selection)
    if not link:
        return f'<div><dt>{escape(row["what"])}</dt><dd><a href="{place}">{number_said}</a></dd></div>'
    title = escape(_("Records behind this figure"))
    return (
        f'<div><dt><a href="{place}">{escape(row["what"])}</a></dt>'
        f'<dd><a href="{escape(link)}" title="{title}">{number_said}</a></dd></div>'
    )


def _behind(row: Mapping[str, Any], selection: Selection) -> Behind | None:
    """The records behind a key figure; nothing where there are none."""
    if row["shown"] in ("–", number(0)):
        return None
    return {
        "country.programmes": deployed_programmes(selection.area),
        "country.events": held_events(selection.area),
        "country.questionnaires": oas_replies(selection.area),
        "country.treaties": treaty_standing(selection.area, PALERMO),
    }[row["view"]]


def _counted_rows(selection: Selection) -> tuple[pl.DataFrame | list[str], ...]:
    """The rows behind the key figures: only what they count, and what says that no questionnaire was asked."""
    rounds = rounds_told(selection).filter(pl.col("form_family") == "oas")
    known = rounds.filter(pl.col("standing").is_in(["returned", "not_received"]))
    return (
        country.event_sources(selection.area, **selection.period, is_all_time=selection.is_all_time),
        country.deployments(selection.area, **selection.period).filter(is_counted(selection)),
        known if known.height else rounds.filter(pl.col("standing").is_in(["not_asked", "not_shown"])),
        country.treaties(selection.area).filter(pl.col("treaty_id") == PALERMO),
    )


def _figure(
    view_id: str, value: int | None, of: int | None, what: str, more: str, outside: str
) -> tuple[str, str, int | None, str]:
    """A key figure; zero where the state took no part in the OAS is no zero but not applicable."""
    is_outside = bool(outside) and not value
    caption = clauses((what, outside if is_outside else "", more))
    return view_id, "–" if value is None or is_outside else number(value), of, caption


def _palermo_figure(row: Mapping[str, object]) -> tuple[str, str, int | None, str]:
    as_of = date_of_source(row)
    if row["status"] == "party" and row["year"]:
        return "country.treaties", str(row["year"]), None, _("year since which it is party to the Palermo Protocol")
    if row["status"] == "party":
        return (
            "country.treaties",
            label("treaty_status", "party"),
            None,
            _("Palermo Protocol; the source gives no date"),
        )
    if row["status"] == "unknown":
        return "country.treaties", "–", None, _("standing with the Palermo Protocol not known here")
    return (
        "country.treaties",
        "–",
        None,
        _("not party to the Palermo Protocol as of {date}", date=as_of or _("the source")),
    )


def _last_training_sentence(selection: Selection) -> str:
    """When the state was last trained within the chosen years; in all years with what no source dates."""
    if not selection.is_all_time:
        reached = overview.reached_states(**selection.period, is_all_time=False)
        years = reached.filter(pl.col("area_code") == selection.area)["year"]
        if years.is_empty():
            return _("No training held or carried out is dated in these years.")
        return _("The last training dated in these years is of {year}.", year=str(years.max()))
    last = observations.value("last_training_year", selection.area)
    if last["value"] is not None:
        year = str(int(float(str(last["value"]))))
        if last["note"] == "later_undated":
            return _("The last dated training on record is of {year}; more is on record without a date.", year=year)
        return _("The last dated training on record is of {year}.", year=year)
    if last["note"] == "date_not_stated":
        return _("Training is on record, but its sources give no year.")
    return _("No training held or carried out is on record.")
