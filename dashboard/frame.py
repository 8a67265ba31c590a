"""The frame around every page: who reads what, in which language; navigation; messages; the foot of the page."""

from collections.abc import Mapping
from difflib import get_close_matches
from html import escape
from urllib.parse import urlsplit

import streamlit as st

from dashboard import areas, db, synthetic
from dashboard.choices import choices, read_address, record_years
from dashboard.components.head import START
from dashboard.exports.refusals import why_nothing
from dashboard.i18n import LANGUAGES, OWN_NAMES, _, asked_language, best_language, day, use_language
from dashboard.pages import FOLDER, PAGES, PageEntry
from dashboard.queries import sources
from dashboard.selection import (
    ENDS_WITH_ITS_ADDRESS,
    Problem,
    Selection,
    address,
    from_parameters,
    to_parameters,
)

_KEPT = "selection"

Pages = Mapping[str, st.Page]  # type: ignore[valid-type]
"""The pages of the dashboard as Streamlit knows them, by path."""


def current_selection() -> Selection:
    """What the reader of this run has chosen; pages begin with it."""
    return st.session_state[_KEPT]


def choose(**changes: object) -> None:
    """Change the selection from within a page; the address follows at the next run."""
    st.session_state[_KEPT] = current_selection().but(**changes)
    for name, value in to_parameters(current_selection()).items():
        if name in changes or (name == "period" and {"first_year", "last_year"} & set(changes)):
            st.query_params[name] = value
    for name in changes:
        if name in st.query_params and not getattr(current_selection(), name):
            del st.query_params[name]  # what was chosen is now left open


def begin() -> list[Problem]:
    """Read the address into the selection, set language and edition; returns what in the address meant nothing."""
    before = st.session_state.get(_KEPT) or Selection(lang=best_language(st.context.locale))
    theme = st.context.theme.type or "light"
    selection, problems = read_address(dict(st.query_params), before.but(theme=theme))
    use_language(selection.lang)
    st.session_state[_KEPT] = selection
    return problems


def navigation() -> tuple[st.Page, PageEntry, Pages]:  # type: ignore[valid-type]
    """Declare the pages in the reader's language; returns the one to run, its entry, and all of them."""
    pages = {
        entry.path: st.Page(FOLDER / entry.script, title=_title(entry), url_path=entry.path, default=not entry.path)
        for entry in PAGES
    }
    chosen = st.navigation(list(pages.values()), position="hidden")
    entry = next(entry for entry in PAGES if entry.path == chosen.url_path)
    return chosen, entry, pages


def unknown_page(here: PageEntry) -> list[Problem]:
    """A page that the address asks for and that does not exist; the overview is shown in its place."""
    asked = urlsplit(st.context.url or "").path.rstrip("/").rpartition("/")[2]
    if (
        here.path
        or not asked
        or asked in {entry.path for entry in PAGES}
        or f"/{asked}" == st.get_option("server.baseUrlPath")
    ):
        return []
    near = get_close_matches(asked.lower(), [entry.path for entry in PAGES if entry.path], n=1, cutoff=0.5)
    return [Problem("page", asked[:80], near[0] if near else "")]


def _title(entry: PageEntry) -> str:
    return synthetic.page_title(_(entry.name))


def header(here: PageEntry, pages: Pages) -> None:
    """Brand, pages, and what is chosen once for all of them: scheme, period, language."""
    selection = current_selection()
    with st.container(key="frame", horizontal=True):
        with st.container(key="frame-nav", horizontal=True, wrap=False):
            with st.container(key="brand", width="content"):
                _page_link(PAGES[0], "Panorama", pages)
            for entry in PAGES:
                if not entry.is_in_navigation:
                    continue
                if entry == here:
                    with st.container(key="nav-here", width="content"):
                        _page_link(entry, _(entry.name), pages)
                else:
                    _page_link(entry, _(entry.name), pages)
        with st.container(key="frame-choices", horizontal=True, width="content"):
            _choose_scheme(selection)
            _choose_period(selection)
            _choose_language(selection)
    # the address always says everything that the page shows
    said = to_parameters(selection, here.path)
    if dict(st.query_params) != said:
        st.query_params.from_dict(said)


def _page_link(entry: PageEntry, words: str, pages: Pages) -> None:
    st.page_link(pages[entry.path], label=words, query_params=to_parameters(current_selection(), entry.path))


def _choose_scheme(selection: Selection) -> None:
    schemes = areas.schemes()
    st.session_state["scheme_choice"] = selection.scheme
    st.selectbox(
        _("Group the states by"),
        list(schemes),
        format_func=schemes.__getitem__,
        key="scheme_choice",
        label_visibility="collapsed",
        width=220,
        on_change=lambda: choose(scheme=st.session_state["scheme_choice"], group=""),
    )


def _choose_language(selection: Selection) -> None:
    st.session_state["language_choice"] = selection.lang
    st.selectbox(
        _("Language"),
        LANGUAGES,
        format_func=OWN_NAMES.__getitem__,
        key="language_choice",
        label_visibility="collapsed",
        width=130,
        on_change=lambda: choose(lang=st.session_state["language_choice"]),
    )


def period_name(selection: Selection) -> str:
    """The chosen period in words."""
    if selection.is_all_time:
        return _("All years")
    return f"{selection.first_year or record_years()[0]}–{selection.last_year or record_years()[1]}"


def _choose_period(selection: Selection) -> None:
    first, last = record_years()
    with st.popover(period_name(selection), width="content", key="period_popover"):
        # indicators reach further back than the records on which the slider moves
        st.session_state["period_choice"] = (
            min(max(selection.first_year or first, first), last),
            min(max(selection.last_year or last, first), last),
        )
        st.slider(
            _("Years"),
            first,
            last,
            key="period_choice",
            on_change=lambda: choose(
                **dict(zip(("first_year", "last_year"), st.session_state["period_choice"], strict=True))
            ),
        )
        st.button(
            _("All years"),
            key="all_years",
            disabled=selection.is_all_time,
            on_click=lambda: choose(first_year=None, last_year=None),
        )
        st.caption(_("Rows without a single year are shown apart, whatever the period."))


def tell(problems: list[Problem], here: PageEntry) -> None:
    """Say what in the address was not understood, and offer the nearest that is."""
    selection = current_selection()
    known = {**areas.names(), **areas.schemes()} | OWN_NAMES
    for problem in problems:
        offer = ""
        if problem.nearest and problem.parameter == "page":
            entry = next(entry for entry in PAGES if entry.path == problem.nearest)
            link = f'<a href="{escape(address(entry.path, selection))}">{escape(_(entry.name))}</a>'
            offer = " " + escape(_("Did you mean {nearest}?", nearest="\0")).replace("\0", link)
        elif problem.nearest:
            kept = {name: value for name, value in to_parameters(selection).items() if name in ENDS_WITH_ITS_ADDRESS}
            mended = dict(problem.mended) or {problem.parameter: problem.nearest}
            fixed, _again = from_parameters({**kept, **dict(selection.where), **mended}, choices(), selection)
            words = known.get(problem.nearest, problem.nearest)
            link = f'<a href="{escape(address(here.path, fixed))}">{escape(words)}</a>'
            offer = " " + escape(_("Did you mean {nearest}?", nearest="\0")).replace("\0", link)
        st.html(f'<div class="pn-banner" role="alert">{escape(problem.text)}{offer}</div>')


def banners() -> None:
    """Say when the page is frozen to an edition, or when its records are invented for practice."""
    selection = current_selection()
    edition = sources.edition()
    if edition["is_synthetic"]:
        st.html(f'<div class="pn-banner" role="note">{escape(synthetic.sentence())}</div>')
    if edition["allows_rejected"]:
        text = _("{n} rows were refused when this edition was built; see Sources.", n=sources.rejected_row_count())
        st.html(f'<div class="pn-banner" role="note">{escape(text)}</div>')
    if selection.edition:
        text = _("You are looking at the edition of {date}, frozen by this link.", date=day(edition["as_of_on"]))
        live = f'<a href="{escape(address("", selection.but(edition="")))}">{escape(_("See the live edition"))}</a>'
        st.html(f'<div class="pn-banner" role="note">{escape(text)} {live}</div>')


def page_foot() -> None:
    """What every page ends with: what this is, which edition; and for panorama.js the language and its own words."""
    selection = current_selection()
    edition = sources.edition()
    not_official = _(
        "Panorama is an independent open-source project and not an official publication of the Organization of American States."
    )
    built = _("Edition {edition}, records as of {date}.", edition=edition["edition_id"], date=day(edition["as_of_on"]))
    licence = _("Our compilation of the data: CC BY 4.0; each source keeps its own licence.")
    access = f'<a href="{escape(address("accessibility", selection))}">{escape(_("Accessibility"))}</a>'
    words = f'data-pages="{escape(_("Pages"))}" data-skip="{escape(_("Skip to the content"))}" data-start="{START}"'
    st.html(
        f'<p class="pn-pagefoot" data-lang="{selection.lang}" {words}>{escape(not_official)} {escape(built)} '
        f"{escape(licence)} {access}</p>"
    )


def no_edition(error: db.NoEdition) -> None:
    """Explain, in the reader's language, that there is nothing to show yet, or nothing that could be shown."""
    use_language(asked_language(st.query_params.get("lang"), st.context.locale))
    st.html(f'<h1 class="pn-h1">Panorama</h1><p class="pn-lede">{escape(why_nothing(error))}</p>')
