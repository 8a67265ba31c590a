"""One state: what the records hold on it, where it stands among the others, and what is missing."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import wraps
from html import escape
from textwrap import shorten

import polars as pl

from dashboard import areas
from dashboard.charts.entries import section_list
from dashboard.charts.facts import Fact, facts
from dashboard.charts.records import MOST_LISTED, Entry, Wording, record_list
from dashboard.charts.state_map import state_map
from dashboard.charts.strips import Strip, strips
from dashboard.charts.timeline import timeline, timeline_height
from dashboard.choices import record_years
from dashboard.i18n import _, clauses, day, day_range, language, listing, mark, n_, number, short_number
from dashboard.labels import label
from dashboard.queries import country, national, observations, overview
from dashboard.queries.subregion import members_on
from dashboard.selection import Selection, address
from dashboard.settings import hides_names_not_received
from dashboard.texts import FREE_OF_REMARK, localise
from dashboard.theme import palette
from dashboard.views.long_lists import first_named
from dashboard.views.periods import period_text
from dashboard.views.registry import ViewFunction, view
from dashboard.views.sourcing import cite, cite_count
from dashboard.views.view import Column, Markup, SourceNote, View
from dashboard.views.vintages import vintage

PALERMO = "PALERMO_TIP"
TIER = "tip_tier"
RECORD_INDICATORS = ("training_events", "programmes_deployed", "questionnaires_returned", "treaties_in_force")
UNDEPLOYED = ("interest_expressed", "announced", "planned")

TITLES: Mapping[str, str] = {
    "country.profile": mark("Key figures"),
    "country.timeline": mark("On the time line"),
    "country.standing": mark("Among the states of the hemisphere"),
    "country.events": mark("OAS training events"),
    "country.programmes": mark("OAS programmes"),
    "country.questionnaires": mark("Questionnaires"),
    "country.answers": mark("Answers on record"),
    "country.treaties": mark("Treaties"),
    "country.participation": mark("Participation in the OAS"),
    "country.authorities": mark("National authorities"),
    "country.plans": mark("National plans, policies and strategies"),
    "country.laws": mark("National laws"),
    "country.context": mark("Context"),
    "country.caveats": mark("Where the sources disagree or fall silent"),
    "country.missing": mark("What the records hold"),
    "country.changes": mark("What changed"),
}
"""Titles of the views, for their heads and for the list of what a page contains."""

SECTIONS: Mapping[str, str] = {
    "country.events": "events",
    "country.programmes": "programmes",
    "country.questionnaires": "questionnaires",
    "country.answers": "answers",
    "country.treaties": "treaties",
    "country.authorities": "authorities",
    "country.plans": "plans",
    "country.laws": "laws",
    "country.context": "context",
    "country.caveats": "caveats",
}
"""Views that a page leaves out where the records hold nothing, with the kind of record each needs."""

SUBJECTS: Mapping[str, str] = {
    "events": mark("OAS training events"),
    "programmes": mark("OAS programmes"),
    "questionnaires": mark("replies to questionnaires"),
    "answers": mark("answers to questionnaires"),
    "treaties": mark("treaties"),
    "authorities": mark("national authorities"),
    "plans": mark("national plans, policies and strategies"),
    "laws": mark("national laws"),
    "context": mark("open context indicators"),
}

ROWS: Sequence[Sequence[str]] = (
    ("country.profile",),
    ("country.timeline",),
    ("country.standing",),
    ("country.events", "country.programmes"),
    ("country.questionnaires", "country.answers"),
    ("country.treaties", "country.participation"),
    ("country.authorities", "country.plans"),
    ("country.laws", "country.context"),
    ("country.caveats", "country.missing"),
    ("country.changes",),
)
"""The page in rows of one or two views, in the order of reading."""

MOST_MARKS = 30
"""The marks in a lane of the line of time: more would lie on each other."""


def _state_view(view_id: str) -> Callable[[ViewFunction], ViewFunction]:
    """Register a view of one state: without a chosen state it says so instead of showing anybody's."""

    def register(function: ViewFunction) -> ViewFunction:
        @wraps(function)
        def of_chosen_state(selection: Selection) -> View:
            if selection.area:
                return function(selection)
            return View(
                id=view_id,
                title=_("Country"),
                takeaway="",
                table=pl.DataFrame(),
                columns=(),
                empty=_("No state has been chosen."),
            )

        return view(view_id)(of_chosen_state)

    return register


def layout(selection: Selection) -> list[list[str]]:
    """The views of the state's page in rows; those for which nothing at all is on record are left out."""
    on_file = country.records_on_file(selection.area) | {"caveats": _caveats(selection.area).height}
    rows = ([view_id for view_id in row if on_file.get(SECTIONS.get(view_id, ""), 1)] for row in ROWS)
    return [row for row in rows if row]


def kicker(selection: Selection) -> str:
    """Subregion, blocs and participation in the OAS, in one line."""
    today = country.participation_today().filter(pl.col("area_code") == selection.area)
    parts = [areas.name(areas.group_of(selection.area, "oas")), *areas.blocs_of(selection.area)]
    return " · ".join([*parts, *(label("participation", status) for status in today["status"])])


def portrait(selection: Selection) -> str:
    """What the records say about the state, in a few whole sentences."""
    own = _counts(selection)
    sentences = [_participation_sentence(selection.area)]
    if own.held:
        sentences.append(
            n_(
                "The records hold {n} training event held with its participation.",
                "The records hold {n} training events held with its participation.",
                own.held,
            )
        )
    if own.programmes:
        sentences.append(
            n_(
                "{n} programme was carried out or is under way there.",
                "{n} programmes were carried out or are under way there.",
                own.programmes,
            )
        )
    if not own.held and not own.programmes:
        sentences.append(
            _("No OAS training event or programme is on record for it.")
            if selection.is_all_time
            else _("No OAS training event or programme is on record for it in these years.")
        )
    if own.returned:
        sentences.append(
            n_(
                "It is on record as having returned {n} OAS questionnaire.",
                "It is on record as having returned {n} OAS questionnaires.",
                own.returned,
            )
        )
    palermo = country.treaties(selection.area).filter(pl.col("treaty_id") == PALERMO).row(0, named=True)
    if palermo["status"] == "party" and palermo["year"]:
        sentences.append(_("It has been party to the Palermo Protocol since {year}.", year=str(palermo["year"])))
    return " ".join(sentences)


@dataclass(frozen=True)
class _Counts:
    """What the key figures of a state count in the chosen period."""

    held: int
    other_events: int
    programmes: int
    other_programmes: int
    returned: int
    known: int
    not_asked: int
    not_shown: int


def _is_counted(selection: Selection) -> pl.Expr:
    """Whether a dated record counts in the chosen years: it has a single year among them; in all years every one does."""
    years = selection.period
    return pl.lit(True) if selection.is_all_time else pl.col("year").is_between(years["first_year"], years["last_year"])


def _wider_note(rows: pl.DataFrame) -> tuple[str, ...]:
    """What is said of the records listed that no source places in a single year, where there are any."""
    if not rows["year"].has_nulls():
        return ()
    return (
        _("Records without a single year are listed where they may lie in the period; they count only in all years."),
    )


def _rounds(selection: Selection) -> pl.DataFrame:
    """The rounds with the state's standing; where names are not shown, so that nobody's missing reply can be told.

    ``not_shown``: everyone's reply to the round is known, so a return is withheld as well. ``untold``: the reply was
    not received, or no source says anything of it.
    """
    rows = country.rounds(selection.area, **selection.period, is_all_time=selection.is_all_time)
    if not hides_names_not_received():
        return rows
    is_withheld = pl.col("has_missing") & (
        pl.col("is_list_complete") & pl.col("standing").is_in(["returned", "not_received"])
        | ~pl.col("is_list_complete") & pl.col("standing").is_in(["not_received", "not_stated"])
    )
    told, withheld = rows.filter(~is_withheld), rows.filter(is_withheld)
    withheld = (
        # the year of a reply not received would tell it from one that no source mentions
        withheld.filter(selection.is_all_time | pl.col("year").is_not_null())
        .join(told, on="round_id", how="anti", maintain_order="left")
        .unique("round_id", keep="first", maintain_order=True)
        .with_columns(
            pl.when("is_list_complete").then(pl.lit("not_shown")).otherwise(pl.lit("untold")).alias("standing"),
            *(pl.lit(None, dtype=rows.schema[name]).alias(name) for name in ("response_year", "note", "as_of")),
            pl.col("round_source_id").alias("source_id"),
            pl.lit("en").alias("text_lang"),
        )
    )
    return pl.concat([told, withheld]).sort(
        pl.col("form_family") == "oas",
        "year",
        "round_id",
        descending=[True, True, False],
        nulls_last=True,
        maintain_order=True,
    )


def _counts(selection: Selection) -> _Counts:
    period, is_all_time = selection.period, selection.is_all_time
    is_own = pl.col("area_code") == selection.area
    events = overview.events_by_state(**period, is_all_time=is_all_time).filter(is_own).row(0, named=True)
    programmes = overview.programmes_by_state(**period, is_all_time=is_all_time).filter(is_own).row(0, named=True)
    standings = _rounds(selection).filter(pl.col("form_family") == "oas")["standing"].to_list()
    return _Counts(
        held=int(events["value"]),
        other_events=int(events["others"]),
        programmes=int(programmes["value"]),
        other_programmes=int(programmes["others"]),
        returned=standings.count("returned"),
        known=standings.count("returned") + standings.count("not_received"),
        not_asked=standings.count("not_asked"),
        not_shown=standings.count("not_shown"),
    )


def _took_part(selection: Selection) -> bool:
    """Whether the state counted as taking part in the OAS at any time in the chosen years (all: since records begin)."""
    first = date(selection.first_year or record_years()[0], 1, 1)
    last = areas.period_end(selection)
    return any(
        row["is_counted"] and row["from_on"] <= last and (row["to_on"] is None or row["to_on"] >= first)
        for row in areas.participation(selection.area).iter_rows(named=True)
    )


@view("country.choice")
def choice(selection: Selection) -> View:
    """The states to choose from, as tiles and as a list."""
    order = {code: position for position, code in enumerate(areas.states())}
    today = country.participation_today().sort(pl.col("area_code").replace_strict(order, return_dtype=pl.Int64))
    rows = today.with_columns(
        pl.Series("group", [areas.name(areas.group_of(code, selection.scheme)) for code in today["area_code"]]),
        pl.Series("standing", [label("participation", status) for status in today["status"]], dtype=pl.String),
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


@_state_view("country.profile")
def profile(selection: Selection) -> View:
    """Programmes, events, questionnaires and the Palermo Protocol, each with what it is measured against."""
    own = _counts(selection)
    palermo = country.treaties(selection.area).filter(pl.col("treaty_id") == PALERMO).row(0, named=True)
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
    figures = "".join(
        f'<div><dt>{escape(row["what"])}</dt><dd><a href="#{row["view"].replace(".", "-")}">{escape(row["shown"])}'
        + (f"<small>{escape(_('of {total}', total=row['of']))}</small>" if row["of"] is not None else "")
        + "</a></dd></div>"
        for row in table.iter_rows(named=True)
    )
    return View(
        id="country.profile",
        title=_(TITLES["country.profile"]),
        takeaway=_last_training_sentence(selection),
        figure=Markup(f'<dl class="pn-figures">{figures}</dl>'),
        is_lead=True,
        table=table,
        columns=(
            Column("what", _("Figure"), is_wide=True),
            Column("shown", _("Value")),
            Column("of", _("Of"), "number"),
        ),
        notes=(
            _("A questionnaire counts only where the sources say whether this state returned it."),
            *_names_note(),
        ),
        sources=cite_count(*_counted_rows(selection)),
        period=period_text(selection),
    )


def _counted_rows(selection: Selection) -> tuple[pl.DataFrame, ...]:
    """The rows behind the key figures: only what they count, and what says that no questionnaire was asked."""
    rounds = _rounds(selection).filter(pl.col("form_family") == "oas")
    known = rounds.filter(pl.col("standing").is_in(["returned", "not_received"]))
    return (
        country.events(selection.area, **selection.period).filter("took_part", _is_counted(selection)),
        country.deployments(selection.area, **selection.period).filter(_is_counted(selection)),
        known if known.height else rounds.filter(pl.col("standing").is_in(["not_asked", "not_shown"])),
        country.treaties(selection.area).filter(pl.col("treaty_id") == PALERMO),
    )


def _names_note() -> tuple[str, ...]:
    """What is said where the states whose reply was not received are not named."""
    return (_("States whose reply was not received are not named on this site."),) if hides_names_not_received() else ()


def _figure(
    view_id: str, value: int | None, of: int | None, what: str, more: str, outside: str
) -> tuple[str, str, int | None, str]:
    """A key figure; zero where the state took no part in the OAS is no zero but not applicable."""
    is_outside = bool(outside) and not value
    caption = clauses((what, outside if is_outside else "", more))
    return view_id, "–" if value is None or is_outside else number(value), of, caption


def _palermo_figure(row: Mapping[str, object]) -> tuple[str, str, int | None, str]:
    as_of = vintage(str(row["as_of"])) if row["as_of"] else ""
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


@_state_view("country.timeline")
def state_timeline(selection: Selection) -> View:
    """Events, programmes, questionnaires and treaties of the state on one line of time."""
    first, last = record_years()
    years = (selection.first_year or first, selection.last_year or last)
    everything = _moments(selection)
    on_line = everything.filter(
        pl.col("start").is_not_null(), pl.col("start") < years[1] + 1, pl.col("until") > years[0]
    )
    undated = everything.filter(pl.col("start").is_null())
    earlier = everything.filter(pl.col("until") <= years[0]) if selection.is_all_time else everything.clear()
    notes = []
    if undated.height:
        short = [shorten(title, 64, placeholder=" …") for title in undated["title"]]
        notes.append(_("On record without a year: {titles}.", titles=first_named(list(dict.fromkeys(short)))))
    if earlier.height:
        notes.append(
            _("Before {year}: {titles}.", year=str(years[0]), titles=first_named(earlier["text_and_year"].to_list()))
        )
    notes.append(_("A mark one year long says that the source gives only the year."))
    drawn = on_line.filter(pl.col("until").rank("ordinal", descending=True).over("lane") <= MOST_MARKS)
    if drawn.height < on_line.height:
        notes.append(_("The line shows the newest {n} records of each subject; the download has all.", n=MOST_MARKS))
    lanes = drawn.group_by("lane", maintain_order=True).agg(pl.len())
    return View(
        id="country.timeline",
        title=_(TITLES["country.timeline"]),
        takeaway=n_(
            "{n} dated record between {first} and {last}.",
            "{n} dated records between {first} and {last}.",
            on_line.height,
            first=str(years[0]),
            last=str(years[1]),
        ),
        figure=timeline(
            drawn,
            colours=palette(selection.theme),
            years=years,
            roles={role: label("event_status", role) for role in ("announced", "planned")},
        )
        if on_line.height
        else None,
        height=timeline_height(drawn, years) if lanes.height else 120,
        table=pl.concat([on_line, earlier, undated]),
        columns=(
            Column("lane", _("Subject")),
            Column("title", _("What"), is_wide=True),
            Column("when", _("Date")),
            Column("said_status", _("Status")),
            Column("source_id", _("Source"), "source"),
        ),
        notes=tuple(notes),
        sources=cite(everything),
        period=period_text(selection),
        empty="" if on_line.height or undated.height else _("No record of the state lies in these years."),
    )


_MOMENT = {
    "lane": pl.String,
    "start": pl.Float64,
    "end": pl.Float64,
    "until": pl.Float64,
    "role": pl.String,
    "kind": pl.String,
    "text": pl.String,
    "title": pl.String,
    "title_basis": pl.String,
    "text_and_year": pl.String,
    "when": pl.String,
    "said_status": pl.String,
    "source_id": pl.String,
    "hover": pl.String,
}


def _moments(selection: Selection) -> pl.DataFrame:
    """Everything of the state that has or might have a date: one row a mark, in the order of the lanes."""
    area, years = selection.area, selection.period
    rows: list[dict[str, object]] = []
    events_on_file = localise(country.events(area, **years), "title")
    for row in events_on_file.sort("took_part", descending=True, maintain_order=True).iter_rows(named=True):
        rows.append(
            _moment(
                _("Training events") if row["took_part"] else _("Events that it only hosted"),
                row,
                "focus" if row["status"] == "held" else row["status"],
                label("event_type", row["event_type"]),
                label("event_status", row["status"]),
            )
        )
    for row in localise(country.deployments(area, **years), "name").iter_rows(named=True):
        role = "announced" if row["status"] in ("interest_expressed", "announced") else row["status"]
        role = role if role in ("announced", "planned") else "focus"
        row = row | {"title": row["name"], "title_basis": row["name_basis"]}
        rows.append(
            _moment(
                _("Programmes"),
                row,
                role,
                shorten(row["name"], 27, placeholder=" …"),
                label("deployment_status", row["status"]),
            )
        )
    rounds = _rounds(selection).filter(pl.col("standing") == "returned")
    for row in localise(rounds, "name").iter_rows(named=True):
        at = row["response_year"] or row["year"]
        lane = _("OAS questionnaires") if row["form_family"] == "oas" else _("Questionnaires of other bodies")
        row = row | {"title": row["name"], "title_basis": row["name_basis"], "first_year": at, "last_year": at}
        rows.append(
            _moment(
                lane, row, "focus", shorten(row["name"], 27, placeholder=" …"), label("response_status", "returned")
            )
        )
    parties = country.treaties(area).filter(pl.col("status") == "party")
    for row in localise(parties, "name").sort("year", "treaty_id", nulls_last=True).iter_rows(named=True):
        row = row | {
            "title": row["name"],
            "title_basis": row["name_basis"],
            "start_on": row["action_on"],
            "start_precision": row["action_precision"],
            "first_year": row["year"],
            "last_year": row["year"],
        }
        if row["year"] is None and not selection.is_all_time:
            continue
        rows.append(
            _moment(
                _("Treaties"),
                row,
                "focus",
                label("treaty_short", row["treaty_id"]),
                label("treaty_action", row["action_type"]) or label("treaty_status", "party"),
            )
        )
    return pl.DataFrame(rows, schema=_MOMENT)


def _moment(lane: str, row: Mapping[str, object], role: str, text: str, status: str) -> dict[str, object]:
    """A record as a mark: a point where its day or month is known, otherwise a bar over the years it may lie in."""
    start_on, first, last = row.get("start_on"), row["first_year"], row["last_year"]
    is_exact = isinstance(start_on, date) and row.get("start_precision") in ("day", "month")
    if is_exact and isinstance(start_on, date):
        start, end, kind = _as_year(start_on), None, "point"
        end_on = row.get("end_on")
        if isinstance(end_on, date) and (end_on - start_on).days > 60:
            end, kind = _as_year(end_on), "bar"
    elif first is None:
        start, end, kind = None, None, "point"
    elif last is None:
        start, end, kind = float(str(first)), None, "open"
    else:
        start, end, kind = float(str(first)), float(str(last)) + 1, "bar"
    when = _when(row)
    until = None if start is None else (end if end is not None else start + (0.01 if kind == "point" else 100))
    return {
        "lane": lane,
        "start": start,
        "end": end,
        "until": until,
        "role": role,
        "kind": kind,
        "text": text,
        "title": str(row["title"]),
        "title_basis": row["title_basis"],
        "text_and_year": f"{text} ({when})",
        "when": when,
        "said_status": status,
        "source_id": row["source_id"],
        "hover": "<br>".join(
            escape(part) for part in (shorten(str(row["title"]), 90, placeholder=" …"), when, status) if part
        ),
    }


def _as_year(value: date) -> float:
    return value.year + (value.timetuple().tm_yday - 1) / 366


def _when(row: Mapping[str, object]) -> str:
    """The date of a row as stated, or that none is; the start of an open span is no single date."""
    if row.get("date_group") == "span" and row.get("last_year") is None:
        return _("from {year}, end not stated", year=str(row["first_year"]))
    start, end = row.get("start_on"), row.get("end_on")
    said = day_range(
        start if isinstance(start, date) else None,
        str(row.get("start_precision") or "day"),
        end if isinstance(end, date) else None,
        str(row.get("end_precision") or "day"),
    )
    if said:
        return said
    first, last = row.get("first_year"), row.get("last_year")
    if first is None:
        return _("date not stated")
    return str(first) if first == last or last is None else f"{first}–{last}"


@_state_view("country.standing")
def standing(selection: Selection) -> View:
    """The state within the range of all states and beside the median of its group, indicator by indicator."""
    group = areas.group_of(selection.area, selection.scheme)
    rows = _standing(selection).filter(
        pl.col("value_code").is_null(),
        pl.col("is_derived") | (pl.col("aggregation") == "none"),
        pl.col("indicator_id").is_in(_withheld_indicators()).not_(),
    )
    about = _titles(rows["indicator_id"])
    drawn = [_strip(row, about[row["indicator_id"]], areas.name(group)) for row in rows.iter_rows(named=True)]
    groups = [
        (label("family", family[0]), [drawn[place] for place in own["place"]])
        for family, own in rows.with_row_index("place").group_by("family", maintain_order=True)
    ]
    without = _without_value(rows["indicator_id"], is_strip=True)
    notes = [
        _(
            "The OAS records count all years. An open indicator stands for the state’s newest year, and range and median are of that same year."
        ),
        _(
            "Numbers of people and sums of money are among the context figures: their range would only show how large states are."
        ),
    ]
    if without:
        notes.append(_("No value on record: {indicators}.", indicators=listing(without)))
    notes += _names_note()
    return View(
        id="country.standing",
        title=_(TITLES["country.standing"]),
        takeaway=n_(
            "{n} indicator: the dot is the state, the tick the median of {group}, the line the range of all states with a value.",
            "{n} indicators: the dot is the state, the tick the median of {group}, the line the range of all states with a value.",
            rows.height,
            group=areas.name(group),
        ),
        figure=strips(
            groups,
            own_name=areas.name(selection.area),
            median_name=_("median of {group}", group=areas.name(group)),
            range_name=_("from the lowest to the highest state"),
        ),
        table=rows.with_columns(
            pl.Series("title", [about[code][0] for code in rows["indicator_id"]], dtype=pl.String),
            pl.Series("unit", [about[code][1] for code in rows["indicator_id"]], dtype=pl.String),
            pl.Series("when", [_of_year(year) for year in rows["year"]], dtype=pl.String),
            pl.Series("value_said", [strip.value_text for strip in drawn], dtype=pl.String),
            pl.Series(
                "median_said",
                [_median(row) if row["group_states"] > 1 else "–" for row in rows.iter_rows(named=True)],
                dtype=pl.String,
            ),
            pl.Series("lowest_said", [strip.lowest_text for strip in drawn], dtype=pl.String),
            pl.Series("highest_said", [strip.highest_text for strip in drawn], dtype=pl.String),
            pl.Series("said", [strip.said for strip in drawn], dtype=pl.String),
        ),
        columns=(
            Column("title", _("Indicator"), is_wide=True),
            Column("unit", _("Unit")),
            Column("value", _("Value"), "number", decimals_key="decimals"),
            Column("when", _("Year")),
            Column("group_median", _("Median of {group}", group=areas.name(group)), "number", decimals_key="decimals"),
            Column("group_states", _("States behind the median"), "number"),
            Column("lowest", _("Lowest"), "number", decimals_key="decimals"),
            Column("highest", _("Highest"), "number", decimals_key="decimals"),
            Column("states", _("States with a value"), "number"),
            Column("source_id", _("Source"), "source"),
        ),
        notes=tuple(notes),
        sources=cite(rows),
        period=period_text(selection),
        empty="" if rows.height else _("No indicator has a value for the state in these years."),
    )


def _standing(selection: Selection) -> pl.DataFrame:
    group = areas.group_of(selection.area, selection.scheme)
    members = members_on(selection.scheme, group, areas.period_end(selection))
    return country.standing(selection.area, members, selection.period["last_year"])


def _titles(indicator_ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Title and unit of indicators in the reader's language."""
    rows = country.indicators().filter(pl.col("indicator_id").is_in(list(indicator_ids)))
    return {
        row["indicator_id"]: (row[f"title_{language()}"], row[f"unit_{language()}"])
        for row in rows.iter_rows(named=True)
    }


def _without_value(found: Iterable[str], *, is_strip: bool) -> list[str]:
    """Titles of the indicators that the strips (or the context figures) could show and have no value for."""
    is_context = ~pl.col("is_derived")
    is_shown = (is_context & (pl.col("aggregation") == "none") & (pl.col("indicator_id") != TIER)) | pl.col(
        "indicator_id"
    ).is_in(RECORD_INDICATORS)
    rows = country.indicators().filter(
        is_shown if is_strip else is_context, ~pl.col("indicator_id").is_in([*found, *_withheld_indicators()])
    )
    return rows[f"title_{language()}"].to_list()


def _withheld_indicators() -> list[str]:
    """The indicators that tell whose questionnaire was not received, where that is not shown."""
    return ["questionnaires_returned"] if hides_names_not_received() else []


def _of_year(year: int | None) -> str:
    return str(year) if year else _("all years")


def _strip(row: Mapping[str, object], about: tuple[str, str], group: str) -> Strip:
    decimals = int(str(row["decimals"]))

    def written(value: object) -> str:
        return number(float(str(value)), decimals)

    has_median = row["group_median"] is not None and int(str(row["group_states"])) > 1
    median_said = _median(row)
    value_text = written(row["value"])
    if row["denominator"] is not None:
        value_text = _("{n} of {total} known", n=value_text, total=int(float(str(row["denominator"]))))
    median_text = _("median {value}", value=median_said) if has_median else ""
    when = _of_year(int(str(row["year"])) if row["year"] else None)
    said = _(
        "{indicator}, {when}: {value}; the {states} states with a value range from {lowest} to {highest}.",
        indicator=about[0],
        when=when,
        value=value_text,
        states=int(str(row["states"])),
        lowest=written(row["lowest"]),
        highest=written(row["highest"]),
    )
    if has_median:
        said += " " + _(
            "The median of {group} is {median} ({states} states).",
            group=group,
            median=median_said,
            states=int(str(row["group_states"])),
        )
    return Strip(
        name=about[0],
        unit=about[1],
        value=float(str(row["value"])),
        value_text=value_text,
        when=when,
        lowest=float(str(row["lowest"])),
        lowest_text=written(row["lowest"]),
        highest=float(str(row["highest"])),
        highest_text=written(row["highest"]),
        median=float(str(row["group_median"])) if has_median else None,
        median_text=median_text,
        said=said,
    )


def _median(row: Mapping[str, object]) -> str:
    """The median of the group as text: one of whole numbers may lie halfway between two of them."""
    if row["group_median"] is None:
        return "–"
    value, decimals = float(str(row["group_median"])), int(str(row["decimals"]))
    return _compact(value, decimals if decimals or value.is_integer() or abs(value) >= 1_000 else 1)


def _compact(value: float, decimals: int) -> str:
    """A number that fits a narrow column: millions are written short (the table has every digit)."""
    return short_number(value) if abs(value) >= 10_000_000 else number(value, decimals)


def _wording(row: Mapping[str, object], column: str) -> Wording:
    basis = str(row.get(f"{column}_basis") or "")
    return Wording(str(row[column] or ""), "" if basis in FREE_OF_REMARK else basis)


def _together(*wordings: Wording) -> Wording:
    """Several short texts on one line; what one of them needs remarking is remarked for the line."""
    said = [wording for wording in wordings if wording.text]
    return Wording(" · ".join(one.text for one in said), next((one.remark for one in said if one.remark), ""))


def _original_first(row: Mapping[str, object], original: str, column: str) -> tuple[Wording, tuple[Wording, ...]]:
    """The text in the source's language, and the reader's wording under it where that is another."""
    own = _wording(row, column)
    source_text = str(row[original] or "")
    if not source_text:
        return own, ()
    if source_text.casefold() == own.text.casefold():
        return Wording(source_text), ()
    return Wording(source_text), (own,)


def _cited(row: Mapping[str, object], documents: Mapping[str, SourceNote], selection: Selection) -> dict[str, str]:
    """The document of a row as the two last fields of an entry."""
    source = documents.get(str(row["source_id"]))
    if source is None:
        return {}
    title = source.doc_code or shorten(source.title, 48, placeholder=" …")
    return {"source": title, "source_link": f"{address('sources', selection)}#{source.source_id}"}


def _documents(*tables: pl.DataFrame) -> tuple[tuple[SourceNote, ...], dict[str, SourceNote]]:
    sources = cite(*tables)
    return sources, {source.source_id: source for source in sources}


@_state_view("country.events")
def events(selection: Selection) -> View:
    """Training events in which the state took part, or which it hosted."""
    found = localise(country.events(selection.area, **selection.period), "title", "note", lists=("audience", "topics"))
    sources, documents = _documents(found)
    rows = found.with_columns(
        pl.Series("when", [_when(row) for row in found.iter_rows(named=True)], dtype=pl.String),
        pl.Series("part", [_part(row) for row in found.iter_rows(named=True)], dtype=pl.String),
        pl.Series("said_status", [label("event_status", code) for code in found["status"]], dtype=pl.String),
        pl.Series("basis", [_basis(row) for row in found.iter_rows(named=True)], dtype=pl.String),
        pl.Series("place", [_place(row) for row in found.iter_rows(named=True)], dtype=pl.String),
        pl.Series("officials_said", [_officials(row) for row in found.iter_rows(named=True)], dtype=pl.String),
        officials_status=pl.when(pl.col("officials").is_null()).then(pl.lit("O")),
    )
    entries = [
        Entry(
            when=row["when"],
            title=_wording(row, "title"),
            lines=(
                _together(Wording(row["place"]), _wording(row, "audience")),
                Wording(row["officials_said"]),
                Wording(row["part"] if not row["took_part"] else ""),
                _wording(row, "note"),
            ),
            status=row["said_status"],
            kind="focus" if row["status"] == "held" else "announced",
            **_cited(row, documents, selection),
        )
        for row in rows.head(MOST_LISTED).iter_rows(named=True)
    ]
    took_part = rows.filter("took_part", _is_counted(selection))
    held = took_part.filter(pl.col("status") == "held").height
    notes = [_("Announced and planned events are never added to those held: whether they took place is not on record.")]
    if rows.filter(~pl.col("took_part")).height:
        notes.append(_("An event that the state only hosted does not count as training of the state."))
    notes += _wider_note(rows)
    return View(
        id="country.events",
        title=_(TITLES["country.events"]),
        takeaway=n_(
            "{n} event with its participation is on record, {held} of them held.",
            "{n} events with its participation are on record, {held} of them held.",
            took_part.height,
            held=held,
        ),
        figure=record_list([("", entries)], left_out=rows.height - len(entries)),
        table=rows,
        columns=(
            Column("title", _("Event"), is_wide=True),
            Column("when", _("Date")),
            Column("place", _("Place")),
            Column("part", _("Part of the state")),
            Column("said_status", _("Status")),
            Column("officials", _("People of this state stated"), "number", status_key="officials_status"),
            Column("basis", _("Kind of number")),
            Column("audience", _("Audience")),
            Column("note", _("Note")),
            Column("source_id", _("Source"), "source"),
        ),
        notes=tuple(notes),
        sources=sources,
        period=period_text(selection),
        empty="" if rows.height else _("No event of the state is on record in these years."),
    )


def _place(row: Mapping[str, object]) -> str:
    host = areas.name(str(row["host_area_code"])) if row["host_area_code"] else ""
    return ", ".join(part for part in (str(row["city"] or ""), host) if part)


def _part(row: Mapping[str, object]) -> str:
    if row["took_part"] and row["hosted"]:
        return _("took part and hosted")
    return _("took part") if row["took_part"] else _("hosted; taking part not on record")


def _basis(row: Mapping[str, object]) -> str:
    if row["officials"] is None:
        return ""
    basis = label("number_basis", str(row["number_basis"]))
    return (
        _("{basis}; civil society included", basis=basis)
        if row["count_scope"] == "officials_and_civil_society"
        else basis
    )


def _officials(row: Mapping[str, object]) -> str:
    if row["officials"] is not None:
        return n_("{n} person, {basis}", "{n} people, {basis}", int(str(row["officials"])), basis=_basis(row))
    if row["officials_stated"] is not None:
        return n_(
            "{n} person of all states together; the number of this state is not stated",
            "{n} people of all states together; the number of this state is not stated",
            int(str(row["officials_stated"])),
        )
    return ""


@_state_view("country.programmes")
def programmes(selection: Selection) -> View:
    """OAS programmes in the state, with status, dates and source."""
    found = localise(country.deployments(selection.area, **selection.period), "name", "note")
    sources, documents = _documents(found)
    rows = found.with_columns(
        pl.Series("when", [_when(row) for row in found.iter_rows(named=True)], dtype=pl.String),
        pl.Series("said_status", [label("deployment_status", code) for code in found["status"]], dtype=pl.String),
        pl.Series("said_pillar", [label("pillar", code) for code in found["pillar"]], dtype=pl.String),
        pl.Series("as_of", [_as_of(row) for row in found.iter_rows(named=True)], dtype=pl.String),
    )
    entries = [
        Entry(
            when=row["when"],
            title=_wording(row, "name"),
            lines=(_wording(row, "note"),),
            status=_("{status}, as of {date}", status=row["said_status"], date=row["as_of"])
            if row["as_of"]
            else row["said_status"],
            kind="announced" if row["status"] in UNDEPLOYED else "focus",
            **_cited(row, documents, selection),
        )
        for row in rows.iter_rows(named=True)
    ]
    counted = rows.filter(_is_counted(selection))
    deployed = counted.filter(~pl.col("status").is_in(UNDEPLOYED))["programme_id"].n_unique()
    return View(
        id="country.programmes",
        title=_(TITLES["country.programmes"]),
        takeaway=n_(
            "{n} programme is on record as carried out or under way; {total} in all, with those planned, announced or of interest.",
            "{n} programmes are on record as carried out or under way; {total} in all, with those planned, announced or of interest.",
            deployed,
            total=counted["programme_id"].n_unique(),
        ),
        figure=record_list([("", entries)]),
        table=rows,
        columns=(
            Column("name", _("Programme"), is_wide=True),
            Column("said_pillar", _("Pillar")),
            Column("when", _("Date")),
            Column("said_status", _("Status")),
            Column("as_of", _("As of")),
            Column("note", _("Note")),
            Column("source_id", _("Source"), "source"),
        ),
        notes=(
            _("A programme may stand here more than once, with each status that a source states; it counts once."),
            *_wider_note(rows),
            _("Programmes include studies, networks, guidance material and questionnaires, not only training."),
        ),
        sources=sources,
        period=period_text(selection),
        empty="" if rows.height else _("No programme of the state is on record in these years."),
    )


def _as_of(row: Mapping[str, object]) -> str:
    on = row["as_of_on"]
    return day(on, str(row["as_of_precision"] or "day")) if isinstance(on, date) else ""


_STANDING_KINDS = {"returned": "focus", "not_received": "zero", "not_asked": "unasked", "not_shown": "missing"}
_UNKNOWN = ("not_stated", "untold", "outside")
"""Standings that say nothing of a reply: only the table has them."""


@_state_view("country.questionnaires")
def questionnaires(selection: Selection) -> View:
    """The rounds that states answer, with the state's standing; OAS forms apart from those of other bodies."""
    found = localise(_rounds(selection), "name", "note", "issued_by")
    known = found.filter(~pl.col("standing").is_in(_UNKNOWN))
    sources, documents = _documents(known)
    rows = found.with_columns(
        pl.Series("said_standing", [_standing_words(row) for row in found.iter_rows(named=True)], dtype=pl.String),
        pl.Series("form", [label("form_family", code) for code in found["form_family"]], dtype=pl.String),
        pl.col("response_year").fill_null(pl.col("year")).cast(pl.String).fill_null(_("not stated")).alias("when"),
    )
    groups = [
        (
            label("form_family", family),
            [
                Entry(
                    when=row["when"],
                    title=_wording(row, "name"),
                    lines=(_wording(row, "issued_by"), _wording(row, "note")),
                    status=row["said_standing"],
                    kind=_STANDING_KINDS[row["standing"]],
                    **_cited(row, documents, selection),
                )
                for row in rows.filter(pl.col("form_family") == family, ~pl.col("standing").is_in(_UNKNOWN)).iter_rows(
                    named=True
                )
            ],
        )
        for family in ("oas", "other_body")
    ]
    notes = [
        _("Only the OAS forms count in the key figures; what states tell other bodies is shown apart."),
    ]
    if unstated := rows.filter(pl.col("standing") == "not_stated").height:
        notes.append(
            n_(
                "For {n} more round the sources do not say whether the state replied; the table names it.",
                "For {n} more rounds the sources do not say whether the state replied; the table names them.",
                unstated,
            )
        )
    if outside := rows.filter(pl.col("standing") == "outside").height:
        notes.append(
            n_(
                "In {n} OAS round the state did not take part in the OAS.",
                "In {n} OAS rounds the state did not take part in the OAS.",
                outside,
            )
        )
    notes += _names_note()
    oas = known.filter(pl.col("form_family") == "oas")
    asked = oas.filter(~pl.col("standing").is_in(["not_asked", "not_shown"])).height
    unsaid = _("The sources do not say that the state was asked by any OAS questionnaire, or whether it replied.")
    if "not_shown" in oas["standing"]:
        unsaid = _("States whose reply was not received are not named on this site.")
    return View(
        id="country.questionnaires",
        title=_(TITLES["country.questionnaires"]),
        takeaway=n_(
            "{n} OAS questionnaire is on record as returned, of {known} for which the state’s reply is known.",
            "{n} OAS questionnaires are on record as returned, of {known} for which the state’s reply is known.",
            oas.filter(pl.col("standing") == "returned").height,
            known=asked,
        )
        if asked
        else unsaid,
        figure=record_list(groups) if known.height else Markup(""),
        table=rows,
        columns=(
            Column("name", _("Questionnaire"), is_wide=True),
            Column("form", _("Whose form")),
            Column("when", _("Year")),
            Column("said_standing", _("Standing of the state")),
            Column("note", _("Note")),
            Column("source_id", _("Source"), "source"),
        ),
        notes=tuple(notes),
        sources=sources,
        period=period_text(selection),
        empty="" if rows.height else _("No questionnaire was issued in these years."),
    )


def _standing_words(row: Mapping[str, object]) -> str:
    if row["standing"] == "not_received" and row["as_of"]:
        return _("not received by {date}", date=vintage(str(row["as_of"])))
    if row["standing"] == "not_shown":
        return _("not shown on this site")
    if row["standing"] == "untold":
        return _("not stated, or not shown on this site")
    return label("response_status", str(row["standing"]))


@_state_view("country.answers")
def answers(selection: Selection) -> View:
    """What the state answered, by topic; OAS forms apart from what it told other bodies."""
    found = localise(
        country.answers(selection.area, **selection.period, is_all_time=selection.is_all_time),
        "topic",
        "wording",
        "answer",
        "unit",
        "round_name",
        "note",
    )
    sources, documents = _documents(found)
    rows = found.with_columns(
        pl.Series("form", [label("form_family", code) for code in found["form_family"]], dtype=pl.String),
        pl.when(pl.col("answer_status") == "Q")
        .then(pl.lit(label("obs_status", "Q")))
        .otherwise(pl.col("answer"))
        .alias("shown"),
        pl.when(pl.col("answer_status") == "Q").then(None).otherwise(pl.col("answer_basis")).alias("shown_basis"),
    )
    groups = [
        (
            label("form_family", family),
            [
                Entry(
                    when=row["topic"],
                    title=_wording(row, "wording"),
                    lines=(_wording(row, "shown"), _wording(row, "note")),
                    status="",
                    kind="suppressed" if row["answer_status"] == "Q" else "",
                    **_cited(row, documents, selection),
                )
                for row in rows.filter(pl.col("form_family") == family).iter_rows(named=True)
            ],
        )
        for family in ("oas", "other_body")
    ]
    suppressed = rows.filter(pl.col("answer_status") == "Q").height
    oas = rows.filter(pl.col("form_family") == "oas").height
    notes = [
        _("Training that a state reports to another body is national training, never OAS training."),
        _("The answers found are not the whole reply: most replies are not published in full."),
    ]
    if suppressed:
        notes.append(
            n_(
                "{n} answer is a count of fewer than 10 and is not shown.",
                "{n} answers are counts of fewer than 10 and are not shown.",
                suppressed,
            )
        )
    return View(
        id="country.answers",
        title=_(TITLES["country.answers"]),
        takeaway=n_(
            "{n} answer is on record: {oas} to forms of the OAS, {others} to other bodies.",
            "{n} answers are on record: {oas} to forms of the OAS, {others} to other bodies.",
            rows.height,
            oas=oas,
            others=rows.height - oas,
        ),
        figure=record_list(groups, most_shown=5),
        table=rows,
        columns=(
            Column("wording", _("Question"), is_wide=True),
            Column("topic", _("Topic")),
            Column("shown", _("Answer"), is_wide=True),
            Column("value", _("Number stated"), "number", status_key="value_status"),
            Column("unit", _("Unit")),
            Column("form", _("Whose form")),
            Column("round_name", _("Questionnaire")),
            Column("note", _("Note")),
            Column("source_id", _("Source"), "source"),
        ),
        notes=tuple(notes),
        sources=sources,
        period=period_text(selection),
        empty="" if rows.height else _("No answer of the state is on record in these years."),
    )


_TREATY_KINDS = {"party": "focus", "not_party": "zero", "no_action": "zero", "unknown": "missing"}


@_state_view("country.treaties")
def treaties(selection: Selection) -> View:
    """The state's standing with each instrument, as of the date of the source."""
    found = localise(country.treaties(selection.area), "name", "note")
    rows = found.with_columns(
        pl.Series("said_status", [_treaty_status(row) for row in found.iter_rows(named=True)], dtype=pl.String),
        pl.Series("acted", [_treaty_date(row) for row in found.iter_rows(named=True)], dtype=pl.String),
        pl.Series(
            "signed",
            [
                day(row["signature_on"], row["signature_precision"]) if row["signature_on"] else ""
                for row in found.iter_rows(named=True)
            ],
            dtype=pl.String,
        ),
        pl.Series("as_of_said", [vintage(text) for text in found["as_of"]], dtype=pl.String),
    )
    shown = [
        Fact(
            name=row["name"],
            note=clauses(
                (
                    _("signed {date}", date=row["signed"]) if row["signed"] else "",
                    (row["note"] or "") if row["status"] == "party" and not row["acted"] else "",
                )
            ),
            cells=(row["said_status"], row["acted"] or "–"),
            kinds=(_TREATY_KINDS[row["status"]], ""),
        )
        for row in rows.iter_rows(named=True)
    ]
    parties = rows.filter(pl.col("status") == "party").height
    unknown = rows.filter(pl.col("status") == "unknown").height
    return View(
        id="country.treaties",
        title=_(TITLES["country.treaties"]),
        takeaway=n_(
            "Party to {n} of the {known} instruments for which its standing is known, out of {total}.",
            "Party to {n} of the {known} instruments for which its standing is known, out of {total}.",
            parties,
            known=rows.height - unknown,
            total=rows.height,
        ),
        figure=facts((_("Instrument"), _("Standing"), _("Since")), shown),
        is_figure_whole=True,
        table=rows,
        columns=(
            Column("name", _("Instrument"), is_wide=True),
            Column("said_status", _("Standing")),
            Column("acted", _("Ratification or accession")),
            Column("signed", _("Signature")),
            Column("as_of_said", _("Date of the source")),
            Column("note", _("Note")),
            Column("source_id", _("Source"), "source"),
        ),
        notes=(
            _("A standing is that of the date of its source; what a state did later may not be seen here."),
            _("“Not known here” says only that no source was found."),
        ),
        sources=cite(rows),
        period=_("As of the date of each source"),
        empty="" if rows.height else _("No instrument is on record."),
    )


def _treaty_status(row: Mapping[str, object]) -> str:
    as_of = vintage(str(row["as_of"])) if row["as_of"] else ""
    if row["status"] == "not_party" and as_of:
        return _("not party as of {date}", date=as_of)
    if row["status"] == "no_action" and as_of:
        return _("no action seen as of {date}", date=as_of)
    if row["status"] == "party" and row["action_type"]:
        return _("party ({action})", action=label("treaty_action", str(row["action_type"])))
    return label("treaty_status", str(row["status"]))


def _treaty_date(row: Mapping[str, object]) -> str:
    on = row["action_on"]
    if isinstance(on, date):
        return day(on, str(row["action_precision"]))
    return str(row["year"]) if row["year"] else ""


@_state_view("country.participation")
def participation(selection: Selection) -> View:
    """The state's participation in the OAS over time."""
    found = localise(areas.participation(selection.area), "note")
    rows = found.with_columns(
        pl.Series("said_status", [label("participation", code) for code in found["status"]], dtype=pl.String),
        pl.Series("since", [day(row["from_on"], row["from_precision"]) for row in found.iter_rows(named=True)]),
        pl.Series(
            "until",
            [day(row["to_on"], row["to_precision"]) if row["to_on"] else "" for row in found.iter_rows(named=True)],
            dtype=pl.String,
        ),
        pl.Series("counted", [_("yes") if is_counted else _("no") for is_counted in found["is_counted"]]),
    )
    sources, documents = _documents(rows)
    entries = [
        Entry(
            when=_("{start} to {end}", start=row["since"], end=row["until"])
            if row["until"]
            else _("since {date}", date=row["since"]),
            title=Wording(row["said_status"]),
            lines=(_wording(row, "note"),),
            **_cited(row, documents, selection),
        )
        for row in rows.iter_rows(named=True)
    ]
    return View(
        id="country.participation",
        title=_(TITLES["country.participation"]),
        takeaway=_participation_sentence(selection.area),
        figure=record_list([("", entries)]),
        is_figure_whole=True,
        table=rows,
        columns=(
            Column("said_status", _("Participation")),
            Column("since", _("From")),
            Column("until", _("To")),
            Column("counted", _("Counted among the states taking part")),
            Column("note", _("Note"), is_wide=True),
            Column("source_id", _("Source"), "source"),
        ),
        notes=(_("“n of N states” counts the states that took part in the OAS at the end of the period."),),
        sources=sources,
        period=_("All years"),
    )


def _participation_sentence(area_code: str) -> str:
    """Since when a state has or has not taken part in the OAS, interruptions included."""
    rows = areas.participation(area_code)
    counted = rows.filter("is_counted")
    current = rows.row(-1, named=True)
    if not current["is_counted"]:
        after = rows.filter(pl.col("from_on") > counted["from_on"].max()) if counted.height else rows
        left = after.row(0, named=True)
        since = day(left["from_on"], left["from_precision"])
        if current["status"] == "withdrawn":
            return _("Withdrew from the OAS with effect from {date}.", date=since)
        if current["status"] == "disputed":
            return _(
                "Its participation in the OAS is disputed; it is not counted as taking part since {date}.", date=since
            )
        return _("Has not taken part in the OAS since {date}.", date=since)
    first = day(counted["from_on"][0], counted["from_precision"][0])
    breaks = rows.filter(~pl.col("is_counted"))
    if breaks.height:
        gap = breaks.row(-1, named=True)
        return _(
            "Takes part in the OAS, a member since {date}; its participation was interrupted from {start} to {end}.",
            date=first,
            start=day(gap["from_on"], gap["from_precision"]),
            end=day(gap["to_on"], gap["to_precision"]),
        )
    return _("Has taken part in the OAS since {date}.", date=first)


@_state_view("country.authorities")
def authorities(selection: Selection) -> View:
    """Institutions that coordinate or carry out the fight against trafficking, as of each source."""
    found = localise(national.authorities(selection.area), "name", "role", "lead_institution", "note")
    sources, documents = _documents(found)
    rows = found.with_columns(
        pl.Series("kind", [label("authority_type", code) for code in found["authority_type"]], dtype=pl.String)
    )
    entries = []
    for row in rows.iter_rows(named=True):
        title, beneath = _original_first(row, "name_original", "name")
        entries.append(
            Entry(
                when=_("as of {date}", date=str(row["as_of_year"])) if row["as_of_year"] else "",
                title=title,
                lines=(
                    *beneath,
                    _together(
                        Wording(row["kind"]),
                        Wording(_("set up in {year}", year=str(row["created_year"])) if row["created_year"] else ""),
                        _wording(row, "lead_institution"),
                    ),
                    Wording(row["legal_basis"] or ""),
                    _wording(row, "note"),
                ),
                **_cited(row, documents, selection),
            )
        )
    return View(
        id="country.authorities",
        title=_(TITLES["country.authorities"]),
        takeaway=n_(
            "{n} institution is on record, as of the year of its source.",
            "{n} institutions are on record, each as of the year of its source.",
            rows.height,
        ),
        figure=record_list([("", entries)]),
        is_figure_whole=True,
        table=rows,
        columns=(
            Column("name_original", _("Name in the source"), is_wide=True),
            Column("name", _("Name")),
            Column("kind", _("Kind")),
            Column("role", _("Role")),
            Column("lead_institution", _("Lead institution")),
            Column("created_year", _("Set up"), "year"),
            Column("legal_basis", _("Legal basis")),
            Column("as_of_year", _("As of"), "year"),
            Column("note", _("Note")),
            Column("source_id", _("Source"), "source"),
        ),
        notes=(_("Institutions only, as of the year of the source; they may have changed since."),),
        sources=sources,
        period=_("As of the date of each source"),
        empty="" if rows.height else _("No institution of the state is on record."),
    )


@_state_view("country.plans")
def plans(selection: Selection) -> View:
    """National plans, policies and strategies, as of each source."""
    found = localise(national.plans(selection.area), "title", "note")
    sources, documents = _documents(found)
    rows = found.with_columns(
        pl.Series("said_status", [label("plan_status", code) for code in found["status"]], dtype=pl.String),
        pl.Series("when", [_plan_years(row) for row in found.iter_rows(named=True)], dtype=pl.String),
        pl.Series("as_of_said", [vintage(text) for text in found["as_of"]], dtype=pl.String),
    )
    entries = []
    for row in rows.iter_rows(named=True):
        title, beneath = _original_first(row, "title_original", "title")
        entries.append(
            Entry(
                when=row["when"],
                title=title,
                lines=(*beneath, Wording(row["legal_basis"] or ""), _wording(row, "note")),
                status=_with_date(row["said_status"], row["as_of_said"]),
                **_cited(row, documents, selection),
            )
        )
    return View(
        id="country.plans",
        title=_(TITLES["country.plans"]),
        takeaway=n_(
            "{n} plan, policy or strategy is on record.",
            "{n} plans, policies and strategies are on record.",
            rows.height,
        ),
        figure=record_list([("", entries)]),
        is_figure_whole=True,
        table=rows,
        columns=(
            Column("title_original", _("Title in the source"), is_wide=True),
            Column("title", _("Title")),
            Column("when", _("Years")),
            Column("said_status", _("Status")),
            Column("as_of_said", _("Date of the source")),
            Column("legal_basis", _("Legal basis")),
            Column("note", _("Note")),
            Column("source_id", _("Source"), "source"),
        ),
        notes=(_("Whether a plan is in force today is not said here: the status is that of its source."),),
        sources=sources,
        period=_("As of the date of each source"),
        empty="" if rows.height else _("No plan of the state is on record."),
    )


def _plan_years(row: Mapping[str, object]) -> str:
    if row["start_year"] and row["end_year"]:
        return f"{row['start_year']}–{row['end_year']}"
    if row["start_year"]:
        return _("since {year}", year=str(row["start_year"]))
    if row["end_year"]:
        return _("until {year}", year=str(row["end_year"]))
    return str(row["approved_year"]) if row["approved_year"] else _("date not stated")


def _with_date(status: str, as_of: str) -> str:
    return _("{status}; source of {date}", status=status, date=as_of) if as_of else status


@_state_view("country.laws")
def laws(selection: Selection) -> View:
    """Acts, provisions and decrees, as of each source."""
    found = localise(national.laws(selection.area), "title", "note")
    sources, documents = _documents(found)
    rows = found.with_columns(
        pl.Series("kind", [label("law_scope", code) for code in found["scope"]], dtype=pl.String),
        pl.Series("said_status", [label("law_status", code) for code in found["status"]], dtype=pl.String),
        pl.Series("when", [_law_date(row) for row in found.iter_rows(named=True)], dtype=pl.String),
        pl.Series("as_of_said", [vintage(text) for text in found["as_of"]], dtype=pl.String),
    )
    entries = []
    for row in rows.iter_rows(named=True):
        title, beneath = _original_first(row, "title_original", "title")
        entries.append(
            Entry(
                when=row["when"],
                title=title,
                lines=(
                    *beneath,
                    _together(
                        Wording(row["kind"]),
                        Wording(row["law_number"] if row["law_number"] and row["law_number"] not in title.text else ""),
                    ),
                    _wording(row, "note"),
                ),
                status=_with_date(row["said_status"], row["as_of_said"]),
                **_cited(row, documents, selection),
            )
        )
    comprehensive = rows.filter(pl.col("scope") == "comprehensive").height
    return View(
        id="country.laws",
        title=_(TITLES["country.laws"]),
        takeaway=n_(
            "{n} act or provision is on record, {comprehensive} of them comprehensive.",
            "{n} acts and provisions are on record, {comprehensive} of them comprehensive.",
            rows.height,
            comprehensive=comprehensive,
        ),
        figure=record_list([("", entries)]),
        is_figure_whole=True,
        table=rows,
        columns=(
            Column("title_original", _("Title in the source"), is_wide=True),
            Column("title", _("Title")),
            Column("law_number", _("Number")),
            Column("when", _("Adopted or published")),
            Column("kind", _("Kind")),
            Column("said_status", _("Status")),
            Column("as_of_said", _("Date of the source")),
            Column("note", _("Note")),
            Column("source_id", _("Source"), "source"),
        ),
        notes=(
            _("No legal advice: whether an act is in force today is not said here; the status is that of its source."),
            _("Acts that only touch on trafficking are marked as related; the list is not complete."),
        ),
        sources=sources,
        period=_("As of the date of each source"),
        empty="" if rows.height else _("No law of the state is on record."),
    )


def _law_date(row: Mapping[str, object]) -> str:
    for name in ("adopted", "published"):
        on = row[f"{name}_on"]
        if isinstance(on, date):
            return day(on, str(row[f"{name}_precision"]))
    return _("date not stated")


@_state_view("country.context")
def context(selection: Selection) -> View:
    """Open indicators: the state's newest value with its year, beside the median of its group in that year."""
    group = areas.group_of(selection.area, selection.scheme)
    rows = _standing(selection).filter(~pl.col("is_derived"))
    about = _titles(rows["indicator_id"])
    coded = rows.filter(pl.col("value_code").is_not_null())
    evidence = [
        country.tier_evidence(selection.area, row["year"]) for row in coded.iter_rows(named=True) if row["year"]
    ]
    rows = localise(rows, "note").with_columns(
        pl.Series("title", [about[code][0] for code in rows["indicator_id"]], dtype=pl.String),
        pl.Series("unit", [about[code][1] for code in rows["indicator_id"]], dtype=pl.String),
        pl.when(pl.col("value_code").is_null()).then(pl.col("value")).alias("value"),
        pl.when(pl.col("value_code").is_null(), pl.col("group_states") > 1)
        .then(pl.col("group_median"))
        .alias("group_median"),
    )
    rows = rows.with_columns(
        pl.Series(
            "value_said",
            [row["value_code"] or _compact(row["value"], row["decimals"]) for row in rows.iter_rows(named=True)],
            dtype=pl.String,
        ),
        pl.Series("median_said", [_median(row) for row in rows.iter_rows(named=True)], dtype=pl.String),
    )
    shown = [
        Fact(
            name=row["title"],
            note=clauses((row["unit"], _flag(row), row["note"] or "")),
            cells=(row["value_said"], str(row["year"]), row["median_said"]),
        )
        for row in rows.iter_rows(named=True)
    ]
    notes = [
        _(
            "Each value is the newest on record, with its own year; the median is of the states of {group} with a value in that same year.",
            group=areas.name(group),
        ),
        _("Context only: these figures say nothing about how much trafficking there is."),
    ]
    for table in evidence:
        if table.height:
            notes.append(
                _(
                    "Tier: {basis}, read in {publishers}.",
                    basis=listing(sorted({label("evidence_basis", code) for code in table["evidence_basis"]})),
                    publishers=listing(sorted(set(table["publisher"]))),
                )
            )
    if coded.height:
        notes.append(
            _(
                "The tier is a code given by the Government of the United States, not a measurement; the letters are those of its report (2WL: Tier 2 Watch List; SC: Special Case)."
            )
        )
    if without := _without_value(rows["indicator_id"], is_strip=False):
        notes.append(_("No value on record: {indicators}.", indicators=listing(without)))
    years = rows["year"].drop_nulls()
    return View(
        id="country.context",
        title=_(TITLES["country.context"]),
        takeaway=n_(
            "{n} open indicator has a value for the state; the values are of {first} to {last}.",
            "{n} open indicators have a value for the state; the values are of {first} to {last}.",
            rows.height,
            first=str(years.min() or ""),
            last=str(years.max() or ""),
        ),
        figure=facts((_("Indicator"), _("Value"), _("Year"), _("Median of {group}", group=areas.name(group))), shown),
        is_figure_whole=True,
        table=rows,
        columns=(
            Column("title", _("Indicator"), is_wide=True),
            Column("unit", _("Unit")),
            Column("value", _("Value"), "number", decimals_key="decimals"),
            Column("value_code", _("Code")),
            Column("year", _("Year"), "year"),
            Column("group_median", _("Median of {group}", group=areas.name(group)), "number", decimals_key="decimals"),
            Column("group_states", _("States behind the median"), "number"),
            Column("note", _("Note")),
            Column("source_id", _("Source"), "source"),
        ),
        notes=tuple(notes),
        sources=cite(rows, *evidence),
        period=period_text(selection),
        empty="" if rows.height else _("No open indicator has a value for the state in these years."),
    )


def _flag(row: Mapping[str, object]) -> str:
    """The word for an estimate, a break or a provisional value; nothing for a normal one."""
    return label("obs_status", str(row["obs_status"])) if row["obs_status"] != "A" else ""


def _caveats(area_code: str) -> pl.DataFrame:
    """The remarks that name the state; those on questionnaires only where names of missing replies are shown."""
    rows = country.caveats(area_code)
    return rows.filter(pl.col("family").ne_missing(pl.lit("questionnaires"))) if hides_names_not_received() else rows


@_state_view("country.caveats")
def caveats(selection: Selection) -> View:
    """Contradictions between sources, gaps and advice on reading that name the state."""
    found = _caveats(selection.area)
    rows = found.with_columns(
        pl.col(f"text_{language()}").alias("text"),
        pl.Series("kind_said", [label("caveat_kind", code) for code in found["kind"]], dtype=pl.String),
        pl.Series("subject", [label("family", code) for code in found["family"]], dtype=pl.String),
    )
    groups = [
        (
            str(kind[0]),
            [Entry(when=row["subject"], title=Wording(row["text"])) for row in own.iter_rows(named=True)],
        )
        for kind, own in rows.group_by("kind_said", maintain_order=True)
    ]
    return View(
        id="country.caveats",
        title=_(TITLES["country.caveats"]),
        takeaway=n_("{n} remark names the state.", "{n} remarks name the state.", rows.height),
        figure=Markup(f'<div class="pn-remarks">{record_list(groups, most_shown=3).html}</div>'),
        is_figure_whole=True,
        table=rows,
        columns=(
            Column("kind_said", _("Kind")),
            Column("subject", _("Subject")),
            Column("text", _("Remark"), is_wide=True),
        ),
        notes=_names_note(),
        sources=cite(["panorama_compilation"]),
        period=_("All years"),
        empty="" if rows.height else _("No remark names the state."),
    )


@_state_view("country.missing")
def missing(selection: Selection) -> View:
    """What the records hold on the state and what they do not."""
    on_file = country.records_on_file(selection.area)
    absent = [_(text) for kind, text in SUBJECTS.items() if not on_file[kind]]
    rounds = country.rounds(selection.area, 1800, 2100, is_all_time=True)
    unstated = rounds.filter(pl.col("form_family") == "oas", pl.col("standing") == "not_stated").height
    unknown = localise(country.treaties(selection.area).filter(pl.col("status") == "unknown"), "name")
    rows = pl.DataFrame(
        [
            (
                _(text),
                on_file[kind],
                _("on record") if on_file[kind] else _("nothing found so far"),
            )
            for kind, text in SUBJECTS.items()
        ],
        schema={"subject": pl.String, "rows": pl.Int64, "standing": pl.String},
        orient="row",
    )
    notes = []
    if unstated:
        notes.append(
            n_(
                "For {n} OAS round the sources do not say whether this state replied.",
                "For {n} OAS rounds the sources do not say whether this state replied.",
                unstated,
            )
        )
    if unknown.height:
        notes.append(_("Standing not known here: {treaties}.", treaties=listing(unknown["name"])))
    notes.append(
        _(
            "Nothing found means that no public source was found for these records, not that nothing exists. Documents sent to the maintainers are added with their source."
        )
    )
    held = len(SUBJECTS) - len(absent)
    return View(
        id="country.missing",
        title=_(TITLES["country.missing"]),
        takeaway=_(
            "Received on {n} of {total} subjects; nothing found so far on {subjects}.",
            n=held,
            total=len(SUBJECTS),
            subjects=listing(absent),
        )
        if absent
        else n_("Records on {n} subject were received.", "Records on all {n} subjects were received.", held),
        table=rows,
        columns=(
            Column("subject", _("Subject"), is_wide=True),
            Column("rows", _("Rows"), "number"),
            Column("standing", _("Standing")),
        ),
        notes=tuple(notes),
        sources=cite(["panorama_compilation"]),
        period=_("All years"),
        is_table_open=True,
    )
