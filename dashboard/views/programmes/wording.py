"""How programmes and their deployments are said, the same in every view."""

from html import escape
from typing import Any

from dashboard import areas
from dashboard.i18n import _, language, named
from dashboard.queries import programmes
from dashboard.views.dates import day_of, span_of


def marked(text: str | None, basis: str | None) -> str:
    """A recorded text as HTML, with the small sign of our own translations."""
    mark = f'<span class="pn-tr" title="{escape(_("our translation"))}">°</span>' if basis == "translated" else ""
    return escape(text or "") + mark


def caveats(*caveat_ids: str) -> tuple[str, ...]:
    """The texts of these caveats, as far as they are on record, in the reader's language."""
    return tuple(programmes.caveats(caveat_ids)[f"text_{language()}"])


def when(row: dict[str, Any]) -> str:
    """The time of a deployment in words: its date, its years, or that no date is stated."""
    if row["date_group"] == "undated":
        return _("date not stated")
    if row["date_group"] == "span" and row["last_year"] is None:
        return _("from {year}, end not stated", year=str(row["first_year"]))
    if row["start_on"] is None and row["end_on"] is None:
        return str(row["year"])
    return span_of(row)


def as_of_said(row: dict[str, Any]) -> str | None:
    """The day to which a deployment refers, in words, if its source has one."""
    return day_of(row, "as_of") or None


def place_said(row: dict[str, Any]) -> str:
    """The state of a deployment, with its scope where that is not the whole country; without a state, its scope."""
    if row["area_code"] is None:
        return str(row["scope"])
    name = areas.name(str(row["area_code"]))
    return name if row["is_whole_country"] else _("{state}, {scope}", state=name, scope=str(row["scope"]))


def deployment_said(row: dict[str, Any]) -> str:
    """A deployment in a cell: status, time, scope where it is not the country, and the day to which it refers."""
    said = _("{status} ({when})", status=str(row["said_status"]), when=str(row["when"]))
    if row["as_of"]:
        said = _(
            "{status} ({when}; as of {as_of})",
            status=str(row["said_status"]),
            when=str(row["when"]),
            as_of=str(row["as_of"]),
        )
    return said if row["is_whole_country"] else named(str(row["scope"]), said)


def span_said(first: int, last: int) -> str:
    """A first and last year as one text."""
    return str(first) if first == last else f"{first}–{last}"


def stated_years(row: dict[str, Any]) -> str | None:
    """The years that a source states for a programme as a whole, if any."""
    if row["start_year"] is None:
        return None
    if row["end_year"] is None:
        return _("from {year}, end not stated", year=str(row["start_year"]))
    return span_said(row["start_year"], row["end_year"])


# Which of the recorded caveats belong beside which view.
STATUS_CAVEATS = ("reading-09", "reading-10", "gap-07")
