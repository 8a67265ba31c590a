"""Every value of one indicator as a table."""

from dashboard.i18n import _
from dashboard.selection import Selection
from dashboard.views.explore.said import (
    columns_of,
    nothing_said,
    sources_of,
    with_words,
)
from dashboard.views.explored import explored, found_said, notes_of, of_groups, of_states, options, values, when_said
from dashboard.views.periods import period_text
from dashboard.views.registry import view
from dashboard.views.view import View


@view("explore.table")
def table(selection: Selection) -> View:
    """Every state in alphabetical order with its value, year, status and source; of groups where states have none."""
    what = explored(selection)
    rows = values(what, selection)
    shown = of_states(rows) if what.has_states else of_groups(rows, selection)
    return View(
        id="explore.table",
        title=_("{indicator}: every value", indicator=what.title),
        takeaway=f"{found_said(shown) if what.has_states else ''} {when_said(what, shown, selection)}".strip(),
        table=with_words(what, shown),
        columns=columns_of(what, shown, selection, of="states" if what.has_states else "groups"),
        notes=(_("In alphabetical order: the order says nothing else."), *notes_of(what)),
        sources=sources_of(what, shown),
        period=period_text(selection),
        is_table_open=True,
        options=options(what),
        empty="" if shown.height else nothing_said(what),
    )
