"""An indicator by year as lines that join nothing over a gap or a break in the series."""

from collections.abc import Mapping, Sequence

import polars as pl

from dashboard import areas
from dashboard.charts.trends import Line, Point, trends
from dashboard.comparability import REMARKS_ON_EVIDENCE, breaks
from dashboard.i18n import _, n_, number, short_number
from dashboard.labels import label, labels
from dashboard.queries.subregion import members_on
from dashboard.selection import Selection
from dashboard.short_names import short_names
from dashboard.texts import wording
from dashboard.theme import palette
from dashboard.views.behind import behind_address
from dashboard.views.explore.said import behind_row
from dashboard.views.explore.year_view import charted_years, nothing_of, year_view
from dashboard.views.explored import Explored, highlighted, with_value
from dashboard.views.long_lists import first_named
from dashboard.views.view import View

_LONGEST_NAME = 22


_FITS = 2.0  # times the highest value of the chosen state: what is higher would press its line flat


def lines_view(what: Explored, rows: pl.DataFrame, selection: Selection) -> View:
    """The areas as lines: the chosen one strongest, groups by name, other states quietly."""
    filled = with_value(rows)
    if filled["year"].n_unique() < 2:
        return year_view(what, rows, selection, empty=_single_year(filled))
    chosen = highlighted(selection)
    shown, quiet, notes = _drawn_areas(what, filled, chosen, selection)
    drawn = filled.filter(pl.col("area_code").is_in([*shown, *quiet]))
    if drawn["year"].n_unique() < 2:
        return year_view(what, rows, selection, empty=_single_year(drawn) if drawn.height else nothing_of(chosen))
    members = members_on(selection.scheme, chosen, areas.period_end(selection)) if chosen else []
    named_areas = dict(zip(shown, short_names([areas.name(code) for code in shown], _LONGEST_NAME), strict=True))
    focus = chosen if chosen in shown else areas.HEMISPHERE if areas.HEMISPHERE in shown else ""
    lines = [
        _line(what, drawn.filter(area_code=code), named_areas.get(code, ""), focus, members, selection)
        for code in drawn["area_code"].unique(maintain_order=True)
    ]
    figure = trends(
        lines,
        colours=palette(selection.theme),
        years=charted_years(what, drawn, selection),
        write=lambda value: _on_axis(what, value),
        quiet_name=_("the other states") if chosen else _("the states"),
        break_name=_("break in the series"),
    )
    return year_view(
        what,
        drawn.sort(pl.col("area_code") != focus, "area_code", "year"),
        selection,
        takeaway=_lines_said(what, drawn, focus, quiet, areas.name(chosen) if members else ""),
        figure=figure,
        notes=(*notes, *break_notes(drawn), *_gap_note(drawn)),
    )


def _drawn_areas(
    what: Explored, filled: pl.DataFrame, chosen: str, selection: Selection
) -> tuple[list[str], list[str], list[str]]:
    """The areas whose lines carry a name, those drawn quietly, and what to say of it."""
    present = set(filled["area_code"])
    absent = [nothing_of(chosen)] if chosen in areas.states() and chosen not in present else []
    states = [code for code in areas.states() if code in present]
    groups = [code for code in (*areas.groups(selection.scheme), areas.HEMISPHERE) if code in present]
    if chosen not in states or not what.is_added_up:
        # values of groups are sums of their states': on their scale the lines of states would lie flat
        quiet = [] if what.is_added_up and groups else [code for code in states if code != chosen]
        named_areas = [*groups, *([chosen] if chosen in states else [])]
        notes = absent
        if what.is_added_up and groups and states:
            notes.append(_("The lines are groups of states and the hemisphere; choose a state to see its own line."))
        return named_areas, quiet, notes
    most = filled.group_by("area_code").agg(pl.col("value").abs().max())
    limit = float(str(most.filter(area_code=chosen)["value"][0])) * _FITS
    fitting = set(most.filter(pl.col("value") <= max(limit, 1))["area_code"])
    quiet = [code for code in states if code in fitting and code != chosen]
    note = _(
        "The scale is that of {area}; lines of states and groups that would not fit on it are left out.",
        area=areas.name(chosen),
    )
    return [chosen], quiet, [note]


def _line(
    what: Explored, rows: pl.DataFrame, name: str, focus: str, members: Sequence[str], selection: Selection
) -> Line:
    code = rows["area_code"][0]
    points = tuple(
        Point(
            row["year"],
            row["value"],
            _point_said(what, row),
            row["obs_status"] not in ("E", "P"),
            behind_address(one, selection) if (one := behind_row(what, row, selection)) else "",
        )
        for row in rows.iter_rows(named=True)
    )
    role = "named" if name else "member" if code in members else "quiet"
    if code == focus:
        role = "beforehand" if what.is_beforehand else "focus"
    return Line(name or areas.name(code), points, role, broken_years(rows))


def _point_said(what: Explored, row: Mapping[str, object]) -> str:
    said = f"{what.said(row, of_state=False)} {'' if what.is_share else what.unit}".strip()
    return f"{said} ({label('obs_status', str(row['obs_status']))})" if row["obs_status"] in ("E", "P", "B") else said


def _on_axis(what: Explored, value: float) -> str:
    if what.is_share:
        return what.written(value)
    if abs(value) >= 10_000:
        return short_number(value)
    return number(value, 0 if float(value).is_integer() else max(what.decimals, 1))


def definitions(rows: pl.DataFrame) -> list[str]:
    """What each row's source says of what is counted; empty where it says nothing, or only how the value is known."""
    own = labels("observation_note")
    return ["" if not note or note in REMARKS_ON_EVIDENCE or note in own else note for note in rows["note"]]


def broken_years(rows: pl.DataFrame) -> list[int]:
    """The years at which the line of one area has to break: the source marks one, or what is counted changes."""
    return breaks(list(zip(rows["year"], rows["obs_status"], definitions(rows), strict=True)))


def break_notes(rows: pl.DataFrame) -> list[str]:
    """Where lines break for another reason than a missing value, and why."""
    found: dict[str, list[str]] = {}
    for own in rows.partition_by("area_code", maintain_order=True):
        by_year = dict(zip(own["year"], own["note"], strict=True))
        for year in broken_years(own):
            reason = wording(str(by_year[year])) if by_year[year] else _("another definition from here on")
            found.setdefault(reason, []).append(f"{areas.name(own['area_code'][0])} {year}")
    return [
        _("The line breaks where the series does: {reason} ({where}).", reason=reason, where=first_named(where))
        for reason, where in found.items()
    ]


def _gap_note(rows: pl.DataFrame) -> list[str]:
    spans = rows.group_by("area_code").agg(years=pl.col("year").max() - pl.col("year").min() + 1, rows=pl.len())
    if (spans["years"] > spans["rows"]).any():
        return [_("A year without a value is a gap: nothing is estimated for it. Single years stand as dots.")]
    return []


def _single_year(filled: pl.DataFrame) -> str:
    return _(
        "The values of this period are all of {year}: a trend needs at least two years.", year=str(filled["year"].max())
    )


def _lines_said(what: Explored, drawn: pl.DataFrame, focus: str, quiet: Sequence[str], group: str) -> str:
    if not focus and group:
        return n_(
            "One line for {n} state from {first} to {last}; the darker lines are the states of {group}.",
            "One line for each of {n} states from {first} to {last}; the darker lines are the states of {group}.",
            len(quiet),
            first=str(drawn["year"].min()),
            last=str(drawn["year"].max()),
            group=group,
        )
    if not focus:
        return n_(
            "One line for {n} state from {first} to {last}; choose one to see it stand out.",
            "One line for each of {n} states from {first} to {last}; choose one to see it stand out.",
            len(quiet),
            first=str(drawn["year"].min()),
            last=str(drawn["year"].max()),
        )
    own = drawn.filter(area_code=focus).sort("year")
    start, end = own.row(0, named=True), own.row(-1, named=True)
    if start["year"] == end["year"]:
        return _(
            "{area}: {value} in {year}, the only year with a value.",
            area=areas.name(focus),
            value=what.said(end, of_state=False),
            year=str(end["year"]),
        )
    return _(
        "{area}: {before} in {first}, {after} in {last}.",
        area=areas.name(focus),
        before=what.said(start, of_state=False),
        first=str(start["year"]),
        after=what.said(end, of_state=False),
        last=str(end["year"]),
    )
