"""What the page around the views says and offers: the indicator explained, its breakdowns, areas and years."""

from html import escape

from dashboard import areas
from dashboard.i18n import _, language, listing, n_, named
from dashboard.selection import Selection, address
from dashboard.views.explore.said import PAGE, codes_of, coverage_said, sources_of
from dashboard.views.explored import explored, families, has_years, values, word
from dashboard.views.view import Markup, SourceNote


def about_html(selection: Selection) -> Markup:
    """Unit, coverage, source and rule of the chosen indicator, as a list of terms; its definition stands above."""
    what = explored(selection)
    rows = values(what, selection)
    rule = f"<details><summary>{escape(_('How it is counted'))}</summary><p>{escape(what.rule)}</p></details>"
    terms = [
        (_("Unit"), escape(what.unit)),
        (_("Coverage"), escape(coverage_said(what, rows))),
        (_("Source"), listing(_source_links(sources_of(what, rows), selection))),
        (_("Rule"), rule if what.rule else ""),
    ]
    items = "".join(f"<div><dt>{escape(term)}</dt><dd>{said}</dd></div>" for term, said in terms if said)
    return Markup(f'<dl class="pn-about">{items}</dl>')


def glossary_html(selection: Selection, family: str) -> Markup:
    """The indicators of a family with their definitions, each a link to its own exploration."""
    chosen = explored(selection).indicator_id
    items = []
    for one in families().get(family, []):
        href = address(PAGE, selection, indicator=one.indicator_id, category="")
        here = ' aria-current="true"' if one.indicator_id == chosen else ""
        title = escape(str(one.about[f"title_{language()}"]))
        items.append(f'<dt><a href="{escape(href)}"{here}>{title}</a></dt><dd>{escape(one.definition)}</dd>')
    summary = escape(_("What these indicators show"))
    return Markup(
        f'<details class="pn-fold pn-glossary"><summary>{summary}</summary><dl>{"".join(items)}</dl></details>'
    )


def _source_links(sources: tuple[SourceNote, ...], selection: Selection) -> list[str]:
    if len(sources) > 3:
        return [
            escape(n_("{n} document, listed under each view", "{n} documents, listed under each view", len(sources)))
        ]
    return [
        f'<a href="{escape(address("sources", selection))}#{escape(source.source_id)}">{escape(_called(source))}</a>'
        for source in sources
    ]


def _called(source: SourceNote) -> str:
    is_in_title = not source.publisher or source.title.startswith(source.publisher)
    return source.title if is_in_title else named(source.publisher, source.title)


def layout(selection: Selection) -> tuple[tuple[str, ...], ...]:
    """The views from top to bottom, those in one row side by side: what has room there stands beside the tiles."""
    if selection.map == "outlines":
        return ("explore.map",), ("explore.trend",), ("explore.distribution",), ("explore.table",)
    what = explored(selection)
    if not has_years(what):
        return ("explore.map", "explore.table"), ("explore.distribution",), ("explore.trend",)
    if codes_of(values(what, selection)):
        return ("explore.map", "explore.distribution"), ("explore.trend",), ("explore.table",)
    return ("explore.map", "explore.trend"), ("explore.distribution",), ("explore.table",)


def breakdown_choices(selection: Selection) -> dict[str, str]:
    """Code -> words of the breakdowns of the chosen indicator, the one shown first at the head."""
    return {one.code: word(one) for one in explored(selection).slices}


def area_choices(selection: Selection) -> dict[str, str]:
    """Code -> name of what may stand out: none (the hemisphere), the groups of the scheme, the states."""
    names = areas.names()
    codes = ["", *areas.groups(selection.scheme), *areas.states()]
    return {code: names[code] if code else names[areas.HEMISPHERE] for code in codes}


def place_chosen(code: str) -> dict[str, str]:
    """The changes of a selection in which an area stands out: a state or a group, and then not the other."""
    is_state = code in areas.states()
    return {"area": code if is_state else "", "group": "" if is_state else code}
