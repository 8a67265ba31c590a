"""What is to be said of the records on a state: where sources disagree or fall silent, and what is missing."""

from collections.abc import Mapping

import polars as pl

from dashboard.charts.records import Entry, Wording, record_list
from dashboard.i18n import _, language, listing, mark, n_
from dashboard.queries import country
from dashboard.selection import Selection
from dashboard.texts import localise
from dashboard.views.country.rows_behind import all_of_subject
from dashboard.views.country.state_view import TITLES, state_view
from dashboard.views.country.withheld import names_note, remarks_told
from dashboard.views.sourcing import OWN_SOURCE, cite
from dashboard.views.view import Column, Markup, View
from dashboard.views.worded import in_words

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
"""The kinds of record that there may be on a state."""


@state_view("country.caveats")
def caveats(selection: Selection) -> View:
    """Contradictions between sources, gaps and advice on reading that name the state."""
    found = remarks_told(selection.area)
    rows = found.with_columns(
        text=pl.col(f"text_{language()}"),
        kind_said=in_words(found["kind"], "caveat_kind"),
        subject=in_words(found["family"], "family"),
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
        notes=names_note(),
        sources=cite([OWN_SOURCE]),
        period=_("All years"),
        empty="" if rows.height else _("No remark names the state."),
    )


@state_view("country.missing")
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
                kind,
                _("on record") if on_file[kind] else _("nothing found so far"),
            )
            for kind, text in SUBJECTS.items()
        ],
        schema={"subject": pl.String, "rows": pl.Int64, "kind": pl.String, "standing": pl.String},
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
            Column("rows", _("Rows"), "number", behind=lambda row: all_of_subject(selection.area, row["kind"])),
            Column("standing", _("Standing")),
        ),
        notes=tuple(notes),
        sources=cite([OWN_SOURCE]),
        period=_("All years"),
        is_table_open=True,
    )
