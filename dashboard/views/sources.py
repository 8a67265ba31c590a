"""Sources, indicators and caveats: what the figures rest on, what they mean, what is missing."""

from datetime import date
from typing import Any

import polars as pl

from dashboard import areas
from dashboard.charts.entries import Entry, Fold, Line, folds
from dashboard.i18n import _, day, language, listing, n_, number, percent
from dashboard.labels import label, labels
from dashboard.queries import sources
from dashboard.record_filters import ANY_TIME
from dashboard.selection import Selection, address
from dashboard.settings import hides_names_not_received
from dashboard.views.behind import behind, behind_address
from dashboard.views.periods import period_text
from dashboard.views.registry import view
from dashboard.views.sourcing import OWN_SOURCE, cite
from dashboard.views.view import Column, View
from dashboard.views.worded import words_beside

_FEW_SOURCES = 40


def section_titles() -> dict[str, str]:
    """View id -> title of every section of the page, in the order shown."""
    return {
        "sources.documents": _("Sources"),
        "sources.licences": _("Licences"),
        "sources.indicators": _("Indicators"),
        "sources.counting": _("How we count"),
        "sources.caveats": _("What is contradictory or missing"),
        "sources.edition": _("This edition"),
        "sources.load_report": _("What was read"),
        "sources.rejected_rows": _("Rows refused"),
        "sources.revisions": _("What changed"),
        "sources.changes_by_state": _("What changed, by state"),
        "sources.computed_changes": _("Computed values that changed"),
        "sources.editions": _("Editions on file"),
        "sources.downloads": _("Download the data"),
    }


def web_address(url: str | None) -> str:
    """The address if it is one on the web; empty for anything else, which then stays text."""
    return url if url and url.lower().startswith(("http://", "https://")) else ""


@view("sources.documents")
def documents(selection: Selection) -> View:
    """Every source with its licence and what rests on it, in folds by kind; with words to find, only those that fit."""
    rows = sources.sources(selection.find.split())
    total = sources.sources().height
    found = sources.rows_by_source()
    resting = found.with_columns(
        pl.format(
            "{}: {}",
            pl.col("table_name").replace(labels("table")),
            pl.Series([number(rows) for rows in found["rows"]]),
        ).alias("rests"),
        pl.Series(
            "link",
            [
                _rows_address(table, source_id, selection)
                for table, source_id in found.select("table_name", "source_id").iter_rows()
            ],
            dtype=pl.String,
        ),
    )
    rests = resting.group_by("source_id", maintain_order=True).agg("rests", "link", pl.col("rows").sum())
    rows = rows.join(rests, on="source_id", how="left", validate="1:1", maintain_order="left").with_columns(
        pl.col("rows").fill_null(0),
        pl.col("rests").list.join("; "),
        words_beside("licence_class", "licence_class"),
        words_beside("kind", "source_kind"),
    )
    parts = {
        source_id: list(zip(own, links, strict=True))
        for source_id, own, links in rests.select("source_id", "rests", "link").iter_rows()
    }
    is_search = bool(selection.find)
    groups = rows["source_group"].value_counts()
    counts = dict(groups.iter_rows())
    listed = [
        Fold(
            _("{group} ({n})", group=words, n=counts[group]),
            [
                _source_entry(row, parts.get(row["source_id"]))
                for row in rows.filter(pl.col("source_group") == group).iter_rows(named=True)
            ],
            is_open=is_search and rows.height <= _FEW_SOURCES,
        )
        for group, words in labels("source_group").items()
        if group in counts
    ]
    if is_search:
        takeaway = n_(
            "{n} of {total} sources contains “{words}”.",
            "{n} of {total} sources contain “{words}”.",
            rows.height,
            total=total,
            words=selection.find,
        )
    else:
        takeaway = n_(
            "{n} source stands behind this edition, among them {datasets} data sets and {oas} documents and pages of the OAS.",
            "{n} sources stand behind this edition, among them {datasets} data sets and {oas} documents and pages of the OAS.",
            rows.height,
            datasets=counts.get("dataset", 0),
            oas=counts.get("oas", 0),
        )
    return View(
        id="sources.documents",
        title=section_titles()["sources.documents"],
        takeaway=takeaway,
        figure=folds([("", listed)]),
        table=rows,
        columns=(
            Column("publisher", _("Publisher")),
            Column("title", _("Title"), is_wide=True),
            Column("doc_code", _("Document code")),
            Column("url", _("Address")),
            Column("vintage", _("Date or version")),
            Column("kind_said", _("Kind")),
            Column("licence_class_said", _("Licence class")),
            Column("licence", _("Licence")),
            Column("rows", _("Rows resting on it"), "number"),
            Column("rests", _("What rests on it")),
            Column("source_id", _("Identifier")),
        ),
        notes=(
            _("Publishers, titles and licences stand as recorded, in their own language."),
            _("A row counts for a source whether it is named first or second; the same row can rest on two sources."),
        ),
        period=period_text(selection),
        is_figure_whole=True,
        empty="" if rows.height else _("No source contains “{words}”.", words=selection.find),
        options={"find": selection.find},
    )


SETS = {
    "dim_meeting": "meetings",
    "dim_programme": "programmes",
    "dim_questionnaire_round": "rounds",
    "fct_answer": "answers",
    "fct_commitment": "commitments",
    "fct_deployment": "deployments",
    "fct_response": "responses",
    "fct_training_event": "events",
    "fct_treaty_action": "treaty_actions",
    "national_authority": "authorities",
    "national_law": "laws",
    "national_plan": "plans",
    "training_statement": "statements",
}
"""Table -> the set of records that lists its rows."""


def _rows_address(table_name: str, source_id: str, selection: Selection) -> str:
    """The address of the rows of a table that rest on a source; empty for rows that are no records of their own."""
    of = SETS.get(table_name, "")
    return behind_address(behind(of, source=source_id, year=ANY_TIME), selection) if of else ""


def _source_entry(row: dict[str, str], rests: list[tuple[str, str]] | None) -> Entry:
    open_licence = row["licence"] if row["licence_class"] != "facts_only" else ""
    return Entry(
        key=row["source_id"],
        title=row["title"],
        link=web_address(row["url"]),
        lines=(
            Line("", [(row["publisher"], ""), (row["doc_code"] or "", ""), (dated(row["vintage"]), "")]),
            # an address that is none on the web stays text
            Line("", [("" if web_address(row["url"]) else row["url"] or "", "")]),
            Line(_("Licence:"), [(row["licence_class_said"], ""), (open_licence, "")]),
            Line(
                _("Rests on it:"),
                rests or [(_("no row; it was used as a check"), "")],
            ),
        ),
    )


def dated(text: str | None) -> str:
    """An ISO date, cut to what is known, as the reader writes it; anything else as it stands."""
    parts = (text or "").split("-")
    try:
        when = date(*(int(part) for part in [*parts, "1", "1"][:3]))
        return day(when, ("year", "month", "day")[len(parts) - 1])
    except (ValueError, IndexError):
        return text or ""


@view("sources.licences")
def licences(selection: Selection) -> View:
    """The licences under which the sources stand, as recorded."""
    rows = sources.licences().with_columns(words_beside("licence_class", "licence_class"))
    open_ones = rows.filter(pl.col("licence_class").is_in(["open", "public_domain"]))
    return View(
        id="sources.licences",
        title=section_titles()["sources.licences"],
        takeaway=_(
            "{n} of {total} sources are in the public domain or openly licensed; from the others only facts are used.",
            n=int(open_ones["sources"].sum()),
            total=int(rows["sources"].sum()),
        ),
        table=rows,
        columns=(
            Column("licence", _("Licence as recorded"), is_wide=True),
            Column("licence_class_said", _("Licence class")),
            Column("sources", _("Sources"), "number"),
        ),
        notes=(
            _("Our compilation of the facts is under CC BY 4.0; each source keeps its own licence."),
            _(
                "From a source without an open licence only facts and official titles are used; its text is paraphrased."
            ),
        ),
        period=period_text(selection),
    )


@view("sources.indicators")
def indicators(selection: Selection) -> View:
    """Every indicator: what it measures, how it is counted, where it comes from, for which years."""
    lang = language()
    rows = sources.indicators()
    titles = {source.source_id: source.doc_code or source.title for source in cite(rows)}
    rows = rows.with_columns(
        *(pl.col(f"{text}_{lang}").alias(text) for text in ("title", "unit", "definition", "rule")),
        *(words_beside(column, column) for column in ("family", "direction", "aggregation")),
        years=pl.Series(
            [_years(*pair) for pair in rows.select("first_year", "last_year").iter_rows()], dtype=pl.String
        ),
    )
    families = [family for family in labels("family") if family in rows["family"]]
    listed = [
        Fold(
            _("{group} ({n})", group=label("family", family), n=int((rows["family"] == family).sum())),
            [
                _indicator_entry(row, titles, selection)
                for row in rows.filter(pl.col("family") == family).iter_rows(named=True)
            ],
        )
        for family in families
    ]
    derived = int(rows["is_derived"].sum())
    return View(
        id="sources.indicators",
        title=section_titles()["sources.indicators"],
        takeaway=_(
            "{derived} indicators are computed here from the records of the OAS and of treaties; {other} are open figures of other publishers.",
            derived=derived,
            other=rows.height - derived,
        ),
        figure=folds([("", listed)]),
        table=rows,
        columns=(
            Column("title", _("Indicator"), is_wide=True),
            Column("family_said", _("Subject")),
            Column("unit", _("Unit")),
            Column("definition", _("Definition"), is_wide=True),
            Column("rule", _("How it is counted"), is_wide=True),
            Column("aggregation_said", _("For groups of states")),
            Column("least_coverage", _("Least share covered"), "percent"),
            Column("direction_said", _("Direction")),
            Column("years", _("Years")),
            Column("source_id", _("Source"), "source"),
            Column("indicator_id", _("Identifier")),
        ),
        notes=(_("The direction says how a value is usually read; no state is ranked by it."),),
        sources=cite(rows),
        period=period_text(selection),
        is_figure_whole=True,
    )


def _years(first: int | None, last: int | None) -> str:
    if first is None or last is None:
        return ""
    return str(first) if first == last else f"{first}–{last}"


def _indicator_entry(row: dict[str, Any], titles: dict[str, str], selection: Selection) -> Entry:
    source_id = str(row["source_id"])
    coverage = row["least_coverage"]
    least = (
        _("shown for a group where at least {share} of it is covered", share=percent(coverage))
        if coverage is not None
        else ""
    )
    where = address("sources", selection.but(find="")) + f"#{source_id}"
    return Entry(
        key=f"indicator-{row['indicator_id']}",
        title=str(row["title"]),
        link="",
        lines=(
            Line("", [(str(row["definition"]), "")]),
            Line(_("Unit:"), [(str(row["unit"]), "")]),
            Line(_("How it is counted:"), [(str(row["rule"] or ""), "")]),
            Line(_("For groups of states:"), [(str(row["aggregation_said"]), ""), (least, "")]),
            Line(_("Direction:"), [(str(row["direction_said"]), "")]),
            Line(_("Years:"), [(str(row["years"]), "")]),
            Line(_("Source:"), [(titles.get(source_id, source_id), where)]),
        ),
    )


@view("sources.caveats")
def caveats(selection: Selection) -> View:
    """Where sources disagree, what was looked for and not found, and how to read the figures, with the states concerned."""
    rows = sources.caveats().with_columns(
        words_beside("kind", "caveat_kind"), words_beside("family", "family"), text=pl.col(f"text_{language()}")
    )
    hides = hides_names_not_received()
    if hides:
        rows = rows.filter(pl.col("family").ne_missing(pl.lit("questionnaires")) | (pl.col("areas").list.len() == 0))
    rows = rows.with_columns(
        states=pl.Series([listing(areas.name(code) for code in codes) for codes in rows["areas"]], dtype=pl.String)
    )
    sections = [
        (
            words,
            [
                Fold(
                    _("{group} ({n})", group=name, n=part.height),
                    [_caveat_entry(row, selection) for row in part.iter_rows(named=True)],
                )
                for family, name in [*labels("family").items(), (None, _("General"))]
                if (part := rows.filter((pl.col("kind") == kind) & pl.col("family").eq_missing(pl.lit(family)))).height
            ],
        )
        for kind, words in labels("caveat_kind").items()
    ]
    counts = {kind: int((rows["kind"] == kind).sum()) for kind in labels("caveat_kind")}
    return View(
        id="sources.caveats",
        title=section_titles()["sources.caveats"],
        takeaway=_(
            "{contradictions} contradictions between sources, {gaps} gaps and {readings} hints for reading are on record.",
            contradictions=counts["contradiction"],
            gaps=counts["gap"],
            readings=counts["reading"],
        ),
        figure=folds(sections),
        table=rows,
        columns=(
            Column("kind_said", _("Kind")),
            Column("family_said", _("Subject")),
            Column("text", _("What is known"), is_wide=True),
            Column("states", _("States")),
        ),
        notes=(
            _("Where sources disagree, nothing is averaged: the disagreement stands here."),
            *((_("States whose reply was not received are not named on this site."),) if hides else ()),
        ),
        sources=cite([OWN_SOURCE]),
        period=period_text(selection),
        is_figure_whole=True,
        empty="" if rows.height else _("No caveat is on record."),
    )


def _caveat_entry(row: dict[str, Any], selection: Selection) -> Entry:
    links = [(areas.name(code), address("country", selection, area=code)) for code in row["areas"]]
    return Entry(
        key=str(row["caveat_id"]), title="", link="", lines=(Line("", [(str(row["text"]), "")]), Line("", links))
    )
