"""Whom to compare with: a state's peers by subregion, bloc and size, and the groups of a scheme; each a link."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import polars as pl

from dashboard import areas
from dashboard.i18n import _, listing, n_
from dashboard.queries import compare
from dashboard.selection import MOST_COMPARED, Selection, address
from dashboard.views.compare.chosen import chosen, compared_of, order_of, titles
from dashboard.views.registry import view
from dashboard.views.sourcing import cite
from dashboard.views.view import Column, Markup, View

_PEERS = MOST_COMPARED - 1
_MOST_BASES = 2


@dataclass(frozen=True)
class Offer:
    """A comparison to choose: why these areas belong together, and their codes."""

    reason: str
    codes: tuple[str, ...]


def peers_of(area_code: str, *, group: str = "") -> tuple[str, ...]:
    """A state and the states nearest to it in population, of a group or of all: at most as many as can be compared.

    The state comes first, the others by name.
    """
    sizes = dict(compare.populations().select("area_code", "value").iter_rows())
    scheme = dict(compare.compared([group]).select("area_code", "scheme_id").iter_rows()).get(group)
    within = areas.members(scheme, group) if scheme else areas.states()
    others = [code for code in within if code != area_code and code in sizes]
    if area_code not in sizes:
        return (area_code, *others[:_PEERS])
    own = sizes[area_code]
    # near in size is near in proportion: ten thousand more mean much to an island and nothing to Brazil
    nearest = sorted(others, key=lambda code: (max(sizes[code] / own, own / sizes[code]), code))[:_PEERS]
    return (area_code, *order_of(nearest))


def offers(selection: Selection) -> list[Offer]:
    """The comparisons offered for what is chosen, in an order that a reader understands; none twice."""
    compared = chosen(selection)
    states = [one.code for one in compared if one.is_state] or ([selection.area] if selection.area else [])
    found = [offer for code in states[:_MOST_BASES] for offer in _of_state(code, selection)]
    found += [offer for one in compared if not one.is_state for offer in _of_group(one.code, one.scheme)][:4]
    if not found:
        found = [_median_state(group) for group in areas.groups(selection.scheme)]
    found += _of_schemes(selection)
    now = frozenset(one.code for one in compared)
    unique = {frozenset(offer.codes): offer for offer in reversed(found) if len(set(offer.codes)) > 1}
    return [offer for offer in found if unique.get(frozenset(offer.codes)) is offer and frozenset(offer.codes) != now]


def _of_state(code: str, selection: Selection) -> list[Offer]:
    name = areas.name(code)
    found = [
        Offer(
            _("{area}: nearest in population", area=name),
            peers_of(code),
        )
    ]
    for scheme, group, kind in compare.groups_of(code).iter_rows():
        if kind == "rest" or (scheme == "m49" and selection.scheme != "m49"):
            continue
        found.append(
            Offer(
                _("{area}: nearest in population within {group}", area=name, group=areas.name(group)),
                peers_of(code, group=group),
            )
        )
    own = areas.group_of(code, selection.scheme)
    if own:
        found.append(Offer(_("{area} beside its group and the hemisphere", area=name), (code, own, areas.HEMISPHERE)))
    return found


def _of_group(code: str, scheme: str) -> list[Offer]:
    if not scheme:
        return []
    members = areas.members(scheme, code)
    found = [Offer(_("{group} beside the hemisphere", group=areas.name(code)), (code, areas.HEMISPHERE))]
    if 1 < len(members) <= MOST_COMPARED:
        found.insert(0, Offer(_("The states of {group}", group=areas.name(code)), tuple(members)))
    elif members:
        found.insert(0, _median_state(code))
    return found


def _median_state(group: str) -> Offer:
    """The states of a group around the middle one in population."""
    scheme = dict(compare.compared([group]).select("area_code", "scheme_id").iter_rows())[group]
    members = set(areas.members(str(scheme), group))
    by_size = [code for code in compare.populations()["area_code"] if code in members]
    start = max((len(by_size) - MOST_COMPARED) // 2, 0)
    around = by_size[start : start + MOST_COMPARED]
    reason = (
        _("{group}: its states", group=areas.name(group))
        if len(by_size) <= MOST_COMPARED
        else _("{group}: its states of middle size", group=areas.name(group))
    )
    return Offer(reason, tuple(order_of(around)))


def _of_schemes(selection: Selection) -> list[Offer]:
    """The groups of the chosen scheme side by side, then those of the others."""
    schemes = sorted(areas.schemes().items(), key=lambda pair: pair[0] != selection.scheme)
    found = []
    for scheme, name in schemes:
        groups = areas.groups(scheme)[:MOST_COMPARED]
        if len(groups) > 1:
            found.append(Offer(_("The groups of a scheme: {scheme}", scheme=name), tuple(groups)))
    return found


@view("compare.peers")
def peers(selection: Selection) -> View:
    """Comparisons to choose, each a link that sets it."""
    offered = offers(selection)
    sizes = {row["area_code"]: row for row in compare.populations().iter_rows(named=True)}
    table = pl.DataFrame(
        [
            (offer.reason, code, (sizes.get(code) or {}).get("value"), (sizes.get(code) or {}).get("year"))
            for offer in offered
            for code in order_of(offer.codes)
        ],
        schema={"reason": pl.String, "area_code": pl.String, "population": pl.Float64, "year": pl.Int32},
        orient="row",
    )
    used = compare.populations().filter(pl.col("area_code").is_in(table["area_code"].implode()))
    year = used["year"].max()
    return View(
        id="compare.peers",
        title=titles()["compare.peers"],
        takeaway=n_("{n} comparison to choose.", "{n} comparisons to choose.", len(offered)),
        figure=_links(offered, selection),
        table=table.with_columns(status=pl.lit("M")),
        columns=(
            Column("reason", _("Comparison"), is_wide=True),
            Column("area_code", _("Area"), "area"),
            Column("population", _("Population"), "number", status_key="status"),
            Column("year", _("Year"), "year"),
        ),
        notes=(
            _(
                "Nearest in population means nearest in proportion, by the figures of {year}; size says nothing else of two states.",
                year=str(year or ""),
            ),
        ),
        sources=cite(used),
        period=str(year or ""),
    )


def _links(offered: Sequence[Offer], selection: Selection) -> Markup:
    items = []
    for offer in offered:
        compared = compared_of(offer.codes)
        href = address("compare", selection, areas=tuple(one.code for one in compared))
        said = listing(one.name for one in compared)
        items.append(f'<li><a href="{escape(href)}"><b>{escape(offer.reason)}</b><span>{escape(said)}</span></a></li>')
    return Markup(f'<ul class="pn-peers">{"".join(items)}</ul>')
