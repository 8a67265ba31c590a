"""Mandates and recommendations: the meetings of authorities, and what was asked for, mandated or committed to."""

from html import escape

import polars as pl

from dashboard import areas
from dashboard.i18n import _, listing, n_
from dashboard.labels import label, labels
from dashboard.queries import commitments
from dashboard.selection import Selection
from dashboard.texts import localise
from dashboard.views.behind import behind
from dashboard.views.dates import span_of
from dashboard.views.periods import period_text
from dashboard.views.programmes import caveats, marked
from dashboard.views.registry import view
from dashboard.views.sourcing import cite
from dashboard.views.view import Column, Markup, View
from dashboard.views.worded import each

_MEETING_CAVEATS = ("gap-01", "contradiction-04")
_TEXT_CAVEATS = ("reading-12", "gap-02", "contradiction-02", "contradiction-19")


@view("commitments.meetings")
def meetings(selection: Selection) -> View:
    """The meetings of national authorities on trafficking, and the ministers' meetings at their origin."""
    rows = commitments.meetings(**selection.period)
    rows = localise(rows, "name", "city", "participants_note", "note", lists=("theme",))
    rows = rows.with_columns(
        when=each(rows, lambda row: span_of(row) or _("no date on record")),
        place=each(rows, _place),
        said_modality=pl.Series([label("modality", code) or None for code in rows["modality"]], dtype=pl.String),
        outcome_documents=pl.col("outcome_documents").str.replace_all(";", "; "),
    )
    undated = rows.filter(pl.col("start_on").is_null())
    latest = rows.filter(pl.col("start_on").is_not_null()).tail(1)
    newest = latest.row(0, named=True) if latest.height else {"name": "", "when": ""}
    return View(
        id="commitments.meetings",
        title=_("Meetings of authorities"),
        takeaway=n_(
            "{n} meeting is on record; the latest with a date is the {name} ({when}).",
            "{n} meetings are on record; the latest with a date is the {name} ({when}).",
            rows.height,
            name=newest["name"],
            when=newest["when"],
        )
        if latest.height
        else _("No meeting with a date is on record for these years."),
        table=rows,
        columns=(
            Column("name", _("Meeting"), is_wide=True),
            Column("when", _("Date")),
            Column("place", _("Place")),
            Column("said_modality", _("Held")),
            Column("participants_note", _("Participants as stated")),
            Column("theme", _("Themes")),
            Column("outcome_documents", _("Documents")),
            Column("note", _("Note"), is_wide=True),
            Column("source_id", _("Source"), "source"),
            Column("source_id_2", _("Second source"), "source"),
        ),
        notes=(
            *(
                (
                    _(
                        "Without date and place on record, and therefore listed whatever the period: {meetings}.",
                        meetings=listing(undated["name"]),
                    ),
                )
                if undated.height
                else ()
            ),
            _(
                "RTP: Meeting of National Authorities on Trafficking in Persons; REMJA: Meeting of Ministers of Justice."
            ),
            *caveats(*_MEETING_CAVEATS),
        ),
        sources=cite(rows),
        period=period_text(selection),
        is_table_open=True,
        empty="" if rows.height else _("No meeting is on record for these years."),
    )


def _place(row: dict[str, object]) -> str:
    """City and host as far as stated; an online meeting has a host but no city."""
    host = areas.name(str(row["host_area_code"])) if row["host_area_code"] else ""
    if not host and not row["city"]:
        return _("no place on record")
    if row["city"] and host:
        return _("{city}, {state}", city=str(row["city"]), state=host)
    return str(row["city"] or _("hosted by {state}", state=host))


@view("commitments.recommendations")
def recommendations(selection: Selection) -> View:
    """Everything recommended, mandated or committed to, by instrument and year, in our paraphrase."""
    rows = localise(commitments.recommendations(**selection.period), "instrument", "paraphrase", "issuer", "note")
    rows = rows.with_columns(
        pl.col("kind").replace(labels("commitment_kind")).alias("said_kind"),
        pl.col("pillar").replace(labels("pillar")).alias("said_pillar"),
    )
    instruments = rows.select("year", "instrument").unique().height
    return View(
        id="commitments.recommendations",
        title=_("What was recommended, mandated and committed to"),
        takeaway=n_(
            "{n} item from {instruments} texts and speeches, {first} to {last}, paraphrased by us.",
            "{n} items from {instruments} texts and speeches, {first} to {last}, paraphrased by us.",
            rows.height,
            instruments=instruments,
            first=str(rows["year"].min()),
            last=str(rows["year"].max()),
        )
        if rows.height
        else "",
        figure=Markup(
            "".join(_instrument(own) for _key, own in rows.group_by("year", "instrument", maintain_order=True))
        ),
        table=rows,
        columns=(
            Column("paraphrase", _("In our words"), is_wide=True),
            Column("said_kind", _("Kind")),
            Column("said_pillar", _("Pillar")),
            Column("instrument", _("Instrument"), is_wide=True),
            Column("instrument_code", _("Document")),
            Column("item_no", _("Item"), "year"),
            Column("year", _("Year"), "year"),
            Column("issuer", _("Issued by")),
            Column("note", _("Note"), is_wide=True),
            Column("source_id", _("Source"), "source"),
        ),
        notes=(
            _(
                "Each item is a paraphrase, not a quotation; only the document cited is authentic. Proposals, speeches and agenda themes bind nobody."
            ),
            *caveats(*_TEXT_CAVEATS),
        ),
        sources=cite(rows),
        period=period_text(selection),
        empty="" if rows.height else _("No recommendation, mandate or commitment is on record for these years."),
    )


def _instrument(own: pl.DataFrame) -> str:
    """One instrument as a fold: its year, name, issuer and number of items, and the items inside."""
    first = own.row(0, named=True)
    name = first["instrument"]
    code = first["instrument_code"]
    said_code = f" ({escape(code)})" if code and code not in name else ""
    count = n_("{n} item", "{n} items", own.height)
    items = "".join(
        f"<li>{marked(row['paraphrase'], row['paraphrase_basis'])} "
        f"<small>{escape(row['said_kind'])} · {escape(row['said_pillar'])}</small></li>"
        for row in own.iter_rows(named=True)
    )
    return (
        f'<details class="pn-instrument"><summary>{first["year"]} · {marked(name, first["instrument_basis"])}{said_code} '
        f"<small>{marked(first['issuer'], first['issuer_basis'])} · {escape(count)}</small></summary><ol>{items}</ol></details>"
    )


@view("commitments.by_pillar")
def by_pillar(selection: Selection) -> View:
    """Which kinds of items concern which pillar."""
    counted = commitments.by_pillar(**selection.period)
    rows = counted.with_columns(pl.col("kind").replace(labels("commitment_kind")).alias("said_kind"))
    pillars = labels("pillar")
    mandates = {pillar: int(counted.filter(pl.col("kind") == "mandate")[pillar].sum()) for pillar in pillars}
    total = sum(mandates.values())
    return View(
        id="commitments.by_pillar",
        title=_("Kinds and pillars"),
        takeaway=n_(
            "{n} mandate is on record: {pillars}.",
            "{n} mandates are on record: {pillars}.",
            total,
            pillars=listing(_("{pillar} {n}", pillar=words, n=mandates[pillar]) for pillar, words in pillars.items()),
        )
        if total
        else _("No mandate is on record for these years."),
        table=rows,
        columns=(
            Column("said_kind", _("Kind")),
            *(
                Column(
                    pillar,
                    words[:1].upper() + words[1:],
                    "number",
                    behind=lambda row, pillar=pillar: behind("commitments", kind=row["kind"], pillar=pillar),
                )
                for pillar, words in pillars.items()
            ),
            Column("items", _("All"), "number", behind=lambda row: behind("commitments", kind=row["kind"])),
        ),
        notes=(
            _(
                "Kinds are shown apart because they do not weigh the same: a mandate binds an organ, a proposal or a speech nobody."
            ),
            _(
                "The counts are of items on record here, not of all that was ever adopted; the texts of several meetings were not found."
            ),
        ),
        sources=cite(commitments.recommendations(**selection.period)),
        period=period_text(selection),
        is_table_open=True,
        empty="" if rows.height else _("No recommendation, mandate or commitment is on record for these years."),
    )
