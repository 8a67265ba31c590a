"""What changed between two editions: by table, by state, record by record; and what changed for one state."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from dashboard import areas, db
from dashboard.charts.entries import Entry, Fold, Line, Linked, folds, link_table
from dashboard.i18n import _, day, language, listing, n_, named, number, sort_key
from dashboard.labels import label, labels
from dashboard.queries import changes as queries
from dashboard.queries.changes import COMPUTED, WHOLE_ROW
from dashboard.selection import Selection, address
from dashboard.settings import hides_names_not_received
from dashboard.short_names import cut_short
from dashboard.texts import localise, remark
from dashboard.views.changed_values import FOLLOWING, LONGEST_VALUE, column_said, cut, row_said, value_said, words_of
from dashboard.views.registry import view
from dashboard.views.sources import section_titles
from dashboard.views.sourcing import OWN_SOURCE, cite
from dashboard.views.view import Column, Markup, View

MOST_RECORDS = 50
"""How many records of a table are listed on screen; the file to download has them all."""
COMPARING = ("sources.revisions", "sources.changes_by_state", "sources.computed_changes")
"""The views of the page of sources that compare two editions."""
_CHANGES = ("added", "changed", "withdrawn")


def pair(selection: Selection) -> tuple[str, str]:
    """The two editions compared, as chosen or by default the one on screen with the one before it.

    The first is empty where the other is the oldest on file.
    """
    on_file = db.editions()
    after = selection.after if selection.after in on_file else db.edition()
    before = selection.before if selection.before in on_file else queries.edition_before(after)
    return before, after


def settled(selection: Selection) -> Selection:
    """The selection with both editions named, so that a view of it stays true when a new edition comes."""
    before, after = pair(selection)
    return selection.but(before=before, after=after)


def edition_choices() -> dict[str, str]:
    """Edition id -> words for it, newest first."""
    return {
        row["edition_id"]: _("{edition}, records as of {date}", edition=row["edition_id"], date=day(row["as_of_on"]))
        for row in queries.edition_days().iter_rows(named=True)
    }


@view("sources.revisions")
def revisions(selection: Selection) -> View:
    """The records added, changed or withdrawn between two editions: counts by table, then every record."""
    before, after = pair(selection)
    rows = _records(before, after)
    counts = _counts(rows, "table_name")
    by_table = [
        ((label("table", row["table_name"]), ""), row) for row in _in_words_order(counts, "table_name", labels("table"))
    ]
    listed = _listed(rows)
    table = _counts_drawn(_("Table"), by_table, caption=_("Changes by table"))
    return View(
        id="sources.revisions",
        title=section_titles()["sources.revisions"],
        takeaway=_takeaway(before, after, rows),
        figure=Markup(table.html + folds([(_("Record by record"), _record_folds(listed, selection))]).html),
        table=_table(listed),
        columns=_columns(),
        notes=_notes(before, after, listed),
        sources=cite([OWN_SOURCE]),
        is_figure_whole=True,
        empty=_why_empty(before, after, rows),
        options={"before": before, "after": after},
    )


@view("sources.changes_by_state")
def changes_by_state(selection: Selection) -> View:
    """How many records of each state were added, changed or withdrawn between two editions."""
    before, after = pair(selection)
    rows = _listed(_records(before, after))
    states = areas.states()
    by_area = rows.with_columns(
        area=pl.col("area_codes").list.set_intersection(pl.lit(states, pl.List(pl.String)))
    ).with_columns(area=pl.when(pl.col("area").list.len() > 0).then("area").otherwise(pl.lit([""])))
    counts = {row["area"]: row for row in _counts(by_area.explode("area"), "area").iter_rows(named=True)}
    shown = [code for code in [*states, ""] if code in counts]
    table = pl.DataFrame(
        [{"area": code or None, **{change: counts[code][change] for change in _CHANGES}} for code in shown],
        schema={"area": pl.String, **dict.fromkeys(_CHANGES, pl.Int64)},
    ).with_columns(said=pl.col("area").replace(areas.names()).fill_null(_("no single state")))
    by_state = [
        (
            (
                row["said"],
                f"{address('country', selection, area=row['area'], before=before, after=after)}#country-changes"
                if row["area"]
                else "",
            ),
            row,
        )
        for row in table.iter_rows(named=True)
    ]
    concerned = table["area"].drop_nulls().len()
    return View(
        id="sources.changes_by_state",
        title=section_titles()["sources.changes_by_state"],
        takeaway=n_(
            "Records of {n} state differ between the two editions.",
            "Records of {n} states differ between the two editions.",
            concerned,
        ),
        figure=_counts_drawn(_("State"), by_state, caption=section_titles()["sources.changes_by_state"]),
        table=table,
        columns=(
            Column("said", _("State")),
            *(Column(change, label("change", change), "number") for change in _CHANGES),
        ),
        notes=(
            _("A record that concerns several states counts for each of them."),
            _("A training event concerns its host and every state that took part, before or after the change."),
            *_names_note(),
        ),
        sources=cite([OWN_SOURCE]),
        is_figure_whole=True,
        empty=_why_empty(before, after, rows),
        options={"before": before, "after": after},
    )


@view("sources.computed_changes")
def computed_changes(selection: Selection) -> View:
    """How many computed values differ between two editions, by indicator; the file has every one of them."""
    before, after = pair(selection)
    rows = _listed(_differences(before, after).filter(pl.col("table_name").is_in(COMPUTED)))
    values = rows.filter(pl.col("table_name") == "fct_observation")
    counts = _counts(values.with_columns(pl.col("name").fill_null(pl.col("record_key"))), "name")
    by_indicator = [((row["name"], ""), row) for row in _in_words_order(counts, "name", {})]
    return View(
        id="sources.computed_changes",
        title=section_titles()["sources.computed_changes"],
        takeaway=n_(
            "{n} value of an indicator differs between the two editions.",
            "{n} values of indicators differ between the two editions.",
            values.n_unique("record_key"),
        ),
        figure=_counts_drawn(_("Indicator"), by_indicator, caption=section_titles()["sources.computed_changes"]),
        table=_table(rows),
        columns=_columns(),
        notes=(
            _("These values are computed from the records or taken from open data; they follow the records above."),
            _("Values of states, groups and the hemisphere are counted; the file to download lists each of them."),
            *_names_note(),
        ),
        sources=cite([OWN_SOURCE]),
        is_figure_whole=True,
        empty=_why_empty(before, after, values),
        options={"before": before, "after": after},
    )


@view("country.changes")
def country_changes(selection: Selection) -> View:
    """The records of one state that were added, changed or withdrawn between two editions."""
    before, after = pair(selection)
    rows = _listed(_records(before, after)).filter(pl.col("area_codes").list.contains(selection.area))
    state = areas.name(selection.area)
    empty = ""
    if not before or before == after:
        empty = _why_empty(before, after, rows)
    elif rows.is_empty():
        empty = _(
            "Nothing on record for {state} differs between {editions}.", state=state, editions=_both(before, after)
        )
    return View(
        id="country.changes",
        title=_("What changed for {state}", state=state),
        takeaway=_takeaway(before, after, rows),
        figure=folds([("", _record_folds(rows, selection, but=selection.area))]),
        table=_table(rows),
        columns=_columns(),
        notes=(
            _("Counted are records that name {state}, and the training events in which it took part.", state=state),
            *_notes(before, after, rows),
        ),
        sources=cite([OWN_SOURCE]),
        is_figure_whole=True,
        empty=empty,
        options={"before": before, "after": after},
    )


def _differences(before: str, after: str) -> pl.DataFrame:
    """Every difference with the record's name in the reader's language; none where there are no two editions."""
    if not before or before == after:
        return queries.nothing()
    rows = queries.changes(before, after)
    in_own_words = dict(queries.names_in(language()).iter_rows())
    return localise(rows.with_columns(pl.col("text_lang").fill_null("en")), "name").with_columns(
        pl.col("name").replace(in_own_words),
        name_basis=pl.when(pl.col("name").is_in(list(in_own_words))).then(pl.lit("same")).otherwise("name_basis"),
    )


def _records(before: str, after: str) -> pl.DataFrame:
    return _differences(before, after).filter(~pl.col("table_name").is_in(COMPUTED))


def _listed(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows that may be told one by one."""
    return rows.filter(~pl.col("tells_not_received")) if hides_names_not_received() else rows


def _counts(rows: pl.DataFrame, by: str) -> pl.DataFrame:
    """by, added, changed, withdrawn: how many records, each counted once."""
    return (
        rows.unique([by, "table_name", "record_key", "change"])
        .group_by(by)
        .agg((pl.col("change") == change).sum().cast(pl.Int64).alias(change) for change in _CHANGES)
        .sort(by)
    )


def _counts_drawn(corner: str, rows: Sequence[tuple[Linked, Mapping[str, int]]], *, caption: str) -> Markup:
    """A table of what was counted: each row's name, and its records added, changed and withdrawn."""
    return link_table(
        [corner, *(label("change", change) for change in _CHANGES)],
        [[name, *((number(row[change]), "") for change in _CHANGES)] for name, row in rows],
        caption=caption,
        numbers=(1, 2, 3),
    )


def _in_words_order(counts: pl.DataFrame, column: str, said: Mapping[str, str]) -> list[dict[str, Any]]:
    """The rows in the alphabetical order of the words for a column."""
    rows = list(counts.iter_rows(named=True))
    return sorted(rows, key=lambda row: sort_key(said.get(row[column], row[column])))


def _both(before: str, after: str) -> str:
    return _("edition {before} and edition {after}", before=before, after=after)


def _takeaway(before: str, after: str, rows: pl.DataFrame) -> str:
    sums = {
        change: rows.filter(pl.col("change") == change).n_unique(["table_name", "record_key"]) for change in _CHANGES
    }
    return _(
        "From edition {before} to edition {after}: records added: {added}; changed: {changed}; withdrawn: {withdrawn}.",
        before=before,
        after=after,
        **sums,
    )


def _why_empty(before: str, after: str, rows: pl.DataFrame) -> str:
    if not before:
        return _("Edition {edition} is the oldest on file: there is none before it to compare with.", edition=after)
    if before == after:
        return _("An edition does not differ from itself; choose two editions.")
    return "" if rows.height else _("Nothing differs between {editions}.", editions=_both(before, after))


def _notes(before: str, after: str, rows: pl.DataFrame) -> tuple[str, ...]:
    if not before or before == after:
        return ()
    said = [
        _("A record counts once, however many of its values changed; values computed from records are counted apart.")
    ]
    if db.age(before) > db.age(after):
        said.append(_("The second edition is the older one: what was added in the meantime counts here as withdrawn."))
    if not queries.is_whole(before, after):
        said.append(_("The two editions have not all tables and columns in common; compared is what both have."))
    if too_long := queries.too_long(before, after):
        tables = listing(label("table", table) for table in too_long)
        said.append(_("Too long to be compared here, and left out: {tables}.", tables=tables))
    if rows["is_withheld"].any():
        said.append(_("Values that are suppressed in one of the editions, or by now, are not told here either."))
    about = queries.edition_days().filter(pl.col("edition_id").is_in([before, after]))
    if about["is_synthetic"].n_unique() > 1:
        said.append(_("One of the two editions holds records invented for practice."))
    said.append(_("The reason is the one given when the newest of the editions between was built."))
    return (*said, *_names_note())


def _names_note() -> tuple[str, ...]:
    return (_("States whose reply was not received are not named on this site."),) if hides_names_not_received() else ()


def _columns() -> tuple[Column, ...]:
    return (
        Column("table_said", _("Table")),
        Column("name", _("Record"), is_wide=True),
        Column("record_key", _("Identifier")),
        Column("states", _("States")),
        Column("change_said", _("Change")),
        Column("column_said", _("Column")),
        Column("old_said", _("Before"), is_wide=True),
        Column("new_said", _("Now"), is_wide=True),
        Column("reason", _("Reason given")),
        Column("edition_id", _("Changed in edition")),
    )


def _table(rows: pl.DataFrame) -> pl.DataFrame:
    """The differences in words; whole rows stay as they are stored."""
    known = areas.names()
    withheld = pl.lit(_("not told: suppressed"))
    with_codes = rows.select("table_name", "column").unique().sort("table_name", "column")
    worded = pl.DataFrame(
        [
            (table, column, code, words)
            for table, column in with_codes.iter_rows()
            for code, words in words_of(table, column).items()
        ],
        schema=dict.fromkeys(("table_name", "column", "value", "words"), pl.String),
        orient="row",
    )
    for side in ("old", "new"):
        rows = rows.join(
            worded.rename({"value": f"{side}_value", "words": f"{side}_words"}),
            on=["table_name", "column", f"{side}_value"],
            how="left",
            validate="m:1",
            maintain_order="left",
        )
    columns = {(table, column): column_said(column) for table, column in with_codes.iter_rows()}
    return rows.with_columns(
        table_said=pl.col("table_name").replace(labels("table")),
        change_said=pl.col("change").replace(labels("change")),
        column_said=pl.col("column").replace({column: said for (_table, column), said in columns.items()}),
        states=pl.col("area_codes").list.eval(pl.element().replace(dict(known))).list.join(", "),
        old_said=pl.when("is_withheld").then(withheld).otherwise(pl.coalesce("old_words", "old_value")),
        new_said=pl.when("is_withheld").then(withheld).otherwise(pl.coalesce("new_words", "new_value")),
    )


def _record_folds(rows: pl.DataFrame, selection: Selection, but: str = "") -> list[Fold]:
    """A fold for each table with an entry for each record; long ones end with how many more there are.

    ``but`` is the state that the reader is looking at anyway.
    """
    drawn = []
    parts = {str(name[0]): part for name, part in rows.group_by("table_name", maintain_order=True)}
    for table in sorted(parts, key=lambda name: sort_key(label("table", name))):
        records = parts[table].group_by("record_key", "change", maintain_order=True)
        total = parts[table].n_unique(["record_key", "change"])
        entries = []
        for place, (_key, values) in enumerate(records):
            if place == MOST_RECORDS:
                break
            told = list(values.iter_rows(named=True))
            entries.append(_entry(f"change-{table}-{place}", table, told, selection, but))
        if total > MOST_RECORDS:
            more = n_(
                "{n} more record is in the file to download.",
                "{n} more records are in the file to download.",
                total - MOST_RECORDS,
            )
            entries.append(Entry(key=f"change-{table}-more", title="", link="", lines=(Line("", [(more, "")]),)))
        drawn.append(Fold(_("{group} ({n})", group=label("table", table), n=total), entries))
    return drawn


def _entry(key: str, table: str, values: list[dict[str, Any]], selection: Selection, but: str) -> Entry:
    first = values[0]
    states = [code for code in first["area_codes"] if code in set(areas.states()) - {but}]
    who = [(areas.name(code), address("country", selection, area=code)) for code in states]
    if len(who) > 5:
        who = [*who[:4], (n_("{n} more state", "{n} more states", len(who) - 4), "")]
    reasons = dict.fromkeys(row["reason"] for row in values if row["reason"])
    in_edition = dict.fromkeys(row["edition_id"] for row in values if row["edition_id"])
    return Entry(
        key=key,
        title=_title(first),
        link="",
        lines=(
            Line("", [(label("change", first["change"]), ""), (first["record_key"], ""), *who]),
            *_value_lines(table, values),
            Line(named(_("Reason given"), "").strip(), [(listing(reasons), "")] if reasons else []),
            Line(named(_("Changed in edition"), "").strip(), [(listing(in_edition), "")] if in_edition else []),
        ),
    )


def _title(row: Mapping[str, Any]) -> str:
    title = cut_short(row["name"] or row["record_key"], LONGEST_VALUE)
    return title if row["name"] is None else title + remark(row["name_basis"])


def _value_lines(table: str, values: list[dict[str, Any]]) -> Iterable[Line]:
    """What changed in a record, a line for each value; of a row added or withdrawn, what it held."""
    if values[0]["is_withheld"] and values[0]["column"] == WHOLE_ROW:
        return [Line("", [(_("not told: suppressed"), "")])]
    if values[0]["column"] == WHOLE_ROW:
        cells = json.loads(values[0]["new_value"] or values[0]["old_value"])
        return [Line("", [(row_said(table, cells), "")])]
    own = [row for row in values if row["column"] not in FOLLOWING]
    return [
        Line(
            named(column_said(row["column"]), "").strip(),
            [
                (
                    _("not told: suppressed")
                    if row["is_withheld"]
                    else _(
                        "{old} → {new}",
                        old=cut(value_said(table, row["column"], row["old_value"])),
                        new=cut(value_said(table, row["column"], row["new_value"])),
                    ),
                    "",
                )
            ],
        )
        for row in own or values
    ]
