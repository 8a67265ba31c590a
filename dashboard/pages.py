"""The list of pages: address, script, name, and the views to warm before the first reader comes."""

from dataclasses import dataclass
from pathlib import Path

from dashboard import db
from dashboard.i18n import in_language, mark
from dashboard.selection import Selection
from dashboard.views import (  # noqa: F401  (importing a module of views registers them)
    VIEWS,
    changes,
    commitments,
    compare,
    counting,
    country,
    editions,
    explore,
    overview,
    programmes,
    questionnaires,
    records,
    sources,
    subregion,
    training,
)

FOLDER = Path(__file__).with_name("app_pages")


@dataclass(frozen=True)
class PageEntry:
    """A page of the dashboard; ``name`` is its short name in the navigation, where it stands unless told otherwise."""

    path: str
    script: str
    name: str
    is_in_navigation: bool = True


PAGES = (
    PageEntry("", "overview.py", mark("Overview")),
    PageEntry("training", "training.py", mark("Training")),
    PageEntry("questionnaires", "questionnaires.py", mark("Questionnaires")),
    PageEntry("programmes", "programmes.py", mark("Programmes")),
    PageEntry("country", "country.py", mark("Countries")),
    PageEntry("subregion", "subregion.py", mark("Subregions")),
    PageEntry("explore", "explore.py", mark("Explore")),
    PageEntry("compare", "compare.py", mark("Compare")),
    PageEntry("sources", "sources.py", mark("Sources")),
    PageEntry("records", "records.py", mark("Records behind a figure"), is_in_navigation=False),
    PageEntry("accessibility", "accessibility.py", mark("Accessibility"), is_in_navigation=False),
)


def warm_views(lang: str) -> None:
    """Ask every question of the pages once, so that the first reader in a language does not wait for them."""
    db.use_edition(None)
    with in_language(lang):
        selection = Selection(lang=lang, area="KNA", group="OAS-CAR", areas=("KNA", "LCA"))
        for view in VIEWS.values():
            view(selection)
