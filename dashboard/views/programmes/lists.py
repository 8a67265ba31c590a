"""All programmes and all deployments, and those without a single year."""

from collections.abc import Mapping
from html import escape
from typing import Any

import polars as pl

from dashboard import areas
from dashboard.charts.linked import linked
from dashboard.i18n import _, listing, n_, number, sort_key
from dashboard.labels import labels
from dashboard.record_filters import ANY_TIME
from dashboard.selection import Selection, address
from dashboard.views.behind import Behind, behind_address
from dashboard.views.periods import period_text
from dashboard.views.programmes.found import all_deployments, all_programmes, columns_of_deployments, counted_behind
from dashboard.views.programmes.wording import STATUS_CAVEATS, caveats, deployment_said, marked, stated_years
from dashboard.views.registry import view
from dashboard.views.sourcing import cite
from dashboard.views.view import Column, Markup, SourceNote, View


@view("programmes.undated")
def programmes_undated(selection: Selection) -> View:
    """Every deployment that no source places in a single year."""
    rows = all_deployments(selection.but(first_year=None, last_year=None)).filter(pl.col("year").is_null())
    spans = rows.filter(pl.col("date_group") == "span").height
    return View(
        id="programmes.undated",
        title=_("Without a single year"),
        takeaway=_(
            "{n} records of deployments have no single year: {spans} lie in a span of years, for {undated} no date is stated.",
            n=rows.height,
            spans=spans,
            undated=rows.height - spans,
        ),
        figure=Markup(_by_programme(rows)),
        table=rows,
        columns=columns_of_deployments(),
        notes=(
            _(
                "They count in all years together, whatever the period; “as of” is the date of the source, not of the deployment."
            ),
            *caveats("reading-09"),
        ),
        sources=cite(rows),
        period=_("All years"),
        empty="" if rows.height else _("Every deployment on record has a year."),
    )


def _by_programme(rows: pl.DataFrame) -> str:
    """Deployments as a list: one entry a programme, one line for each status, time and day to which it refers."""
    items = []
    for _key, own in rows.group_by("programme_id", maintain_order=True):
        first = own.row(0, named=True)
        lines = []
        for _same, group in own.group_by("status", "when", "as_of", maintain_order=True):
            said = deployment_said(group.row(0, named=True) | {"is_whole_country": True})
            basis = "translated" if _has_translated_scope(group) else None
            lines.append(
                f"<small>{marked(listing(sorted(group['place'], key=sort_key)), basis)}: {escape(said)}</small>"
            )
        items.append(f"<li>{marked(first['name'], first['name_basis'])}<br>{'<br>'.join(lines)}</li>")
    return f'<ul class="pn-entries">{"".join(items)}</ul>'


def _has_translated_scope(rows: pl.DataFrame) -> bool:
    return not rows.filter(~pl.col("is_whole_country"), pl.col("scope_basis") == "translated").is_empty()


@view("programmes.list")
def programme_list(selection: Selection) -> View:
    """All programmes with what is recorded about each."""
    rows = all_programmes()
    rows = rows.with_columns(
        pl.col("pillar").replace(labels("pillar")).alias("said_pillar"),
        pl.col("activity_type").replace(labels("activity_type")).alias("said_type"),
        pl.Series(
            "paying",
            [listing(areas.name(code) for code in codes) or None for codes in rows["funders"]],
            dtype=pl.String,
        ),
    )
    first, last = rows["start_year"].min(), rows["start_year"].max()
    return View(
        id="programmes.list",
        title=_("All programmes"),
        takeaway=_(
            "{n} programmes, projects, studies and standing lines of work are on record; the stated starts run from {first} "
            "to {last}.",
            n=rows.height,
            first=str(first),
            last=str(last),
        ),
        figure=Markup(_folds(rows, selection)),
        table=rows,
        columns=(
            Column("name", _("Programme"), is_wide=True),
            Column("official", _("Official title"), is_wide=True),
            Column("said_pillar", _("Pillar")),
            Column("said_type", _("Type of activity")),
            Column("start_year", _("Start"), "year"),
            Column("end_year", _("End"), "year"),
            Column("lead_unit", _("Lead unit")),
            Column("description", _("What it is"), is_wide=True),
            Column("paying", _("Funding states named")),
            Column(
                "carried_out",
                _("States, in progress or carried out"),
                "number",
                behind=lambda row: _in_states(row, is_carried_out=True),
            ),
            Column("note", _("Note"), is_wide=True),
            Column("source_id", _("Source"), "source"),
        ),
        notes=(
            _("The list does not depend on the chosen period. A dash means that the source does not say."),
            *caveats("reading-13", "contradiction-03", "contradiction-20"),
        ),
        sources=cite(rows),
        period=_("All years"),
        empty="" if rows.height else _("No programme is on record."),
    )


def _in_states(row: Mapping[str, Any], *, is_carried_out: bool) -> Behind:
    """The deployments behind the number of states in which a programme was carried out, or only said beforehand."""
    return counted_behind(is_carried_out, counting="states", programme=row["programme_id"], year=ANY_TIME)


def _folds(rows: pl.DataFrame, selection: Selection) -> str:
    """Programmes by pillar, each a fold with what is recorded about it and the document that says so."""
    documents = {source.source_id: source for source in cite(rows)}
    parts = []
    for pillar, words in labels("pillar").items():
        own = rows.filter(pl.col("pillar") == pillar)
        if own.height:
            parts.append(f'<h3 class="pn-subhead">{escape(words[:1].upper() + words[1:])} ({number(own.height)})</h3>')
            parts += [_fold(row, documents.get(row["source_id"]), selection) for row in own.iter_rows(named=True)]
    return "".join(parts)


def _fold(row: dict[str, Any], document: SourceNote | None, selection: Selection) -> str:
    unstated = f'<span class="pn-none">{escape(_("not stated"))}</span>'
    states = {
        name: linked(
            number(row[name]),
            behind_address(_in_states(row, is_carried_out=name == "carried_out"), selection) if row[name] else "",
        )
        for name in ("carried_out", "beforehand")
    }
    facts = [
        (_("Official title"), escape(row["official"])),
        (_("What it is"), marked(row["description"], row["description_basis"])),
        (_("Lead unit"), marked(row["lead_unit"], row["lead_unit_basis"]) or unstated),
        (_("Funding states named"), escape(row["paying"] or "") or unstated),
        (_("States, in progress or carried out"), states["carried_out"]),
        (_("States, only planned, announced or of interest"), states["beforehand"]),
    ]
    if row["note"]:
        facts.append((_("Note"), marked(row["note"], row["note_basis"])))
    if document:
        href = f"{address('sources', selection)}#{document.source_id}"
        title = document.doc_code or document.title
        facts.append(
            (_("Source"), f'<a href="{escape(href)}" title="{escape(document.publisher)}">{escape(title)}</a>')
        )
    body = "".join(f"<dt>{escape(name)}</dt><dd>{value}</dd>" for name, value in facts)
    small = f"{row['said_type']} · {stated_years(row) or _('years not stated')}"
    return (
        f'<details class="pn-instrument"><summary>{marked(row["name"], row["name_basis"])} <small>{escape(small)}</small>'
        f"</summary><dl>{body}</dl></details>"
    )


@view("programmes.deployments")
def programme_deployments(selection: Selection) -> View:
    """All deployments of the period, and beside them those without a single year."""
    everything = all_deployments(selection)
    rows = everything.filter(pl.col("is_in_period") | pl.col("year").is_null())
    return View(
        id="programmes.deployments",
        title=_("All records of deployments"),
        takeaway=n_(
            "{n} record: a programme in a state, or in a group of them, with its status as its source gives it.",
            "{n} records: each is a programme in a state, or in a group of them, with its status as its source gives it.",
            rows.height,
        ),
        table=rows,
        columns=columns_of_deployments(),
        notes=(
            _("Records that no source places in a year are listed whatever the period; they count only in all years."),
            *caveats(*STATUS_CAVEATS, "reading-11"),
        ),
        sources=cite(rows),
        period=period_text(selection),
        empty="" if rows.height else _("No deployment of a programme is on record for these years."),
    )
