"""The profile of a state as a file: which state is meant, under which name it is kept, its bytes."""

import os
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from dashboard import areas, db, synthetic
from dashboard.choices import read_address
from dashboard.exports.profile.pages import content
from dashboard.exports.profile.typesetting import typeset
from dashboard.i18n import in_language
from dashboard.selection import Selection
from dashboard.settings import hides_names_not_received

_MOST_KEPT = 64

CannotBeShown = db.OtherContract
"""The edition was made for another version of the dashboard."""


class UnknownState(Exception):
    """No state is meant by a text; ``nearest`` is the code of the one that comes closest, empty where none does."""

    def __init__(self, text: str, nearest: str) -> None:
        super().__init__(text)
        self.text = text
        self.nearest = nearest

    @property
    def nearest_name(self) -> str:
        """The name of the nearest state in the reader's language."""
        return areas.name(self.nearest) if self.nearest else ""


def read_edition(edition_id: str) -> None:
    """Make the profiles that follow from this edition; CannotBeShown where its tables are not those expected."""
    db.use_edition(edition_id)


def find_states(texts: Iterable[str]) -> list[str]:
    """The codes of the states named, each once and in the order named; without any, of all states by name."""
    return list(dict.fromkeys(find_state(text) for text in texts)) or areas.states()


def find_state(text: str) -> str:
    """The code of the state that a code or a name in any of the four languages means; UnknownState with the nearest."""
    selection, problems = read_address({"area": text, "edition": db.edition()}, Selection())
    for problem in problems:
        if problem.parameter == "area":
            raise UnknownState(text[:80], problem.nearest)
    if not selection.area:
        raise UnknownState(text[:80], "")
    return selection.area


def file_name(area_code: str, lang: str) -> str:
    """The name under which a profile is kept; one of synthetic records says so."""
    return synthetic.file_name(f"panorama-{area_code}-{lang}.pdf")


def write_profile(area_code: str, lang: str, folder: Path, *, site: str = "") -> Path:
    """Write the profile of a state into a folder, whole or not at all; the file."""
    path = folder / file_name(area_code, lang)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        partial.write_bytes(profile_pdf(area_code, lang, site=site))
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
    return path


def profile_pdf(area_code: str, lang: str, *, site: str = "") -> bytes:
    """The profile of a state in a language from this run's edition; ``site`` (``https://…``) is where its page is."""
    return _profile_pdf(db.read_from(), hides_names_not_received(), area_code, lang, site)


# an edition never changes: what was set once is sent again
@lru_cache(maxsize=_MOST_KEPT)
def _profile_pdf(_reading: tuple[str, str], _hides_names: bool, area_code: str, lang: str, site: str) -> bytes:
    with in_language(lang):
        return typeset(content(area_code, site))
