"""What tells synthetic records from real ones wherever they are shown or taken away: a sentence, a word, a file's name."""

from dashboard.i18n import _
from dashboard.queries import sources


def is_synthetic() -> bool:
    """Whether the records of this run's edition are made up."""
    return sources.edition()["is_synthetic"]


def sentence() -> str:
    """What every page and every file with a text says of synthetic records."""
    return _("Synthetic records for practice. No figure here is real.")


def word() -> str:
    """What every row of a table says of itself."""
    return _("invented for practice")


def file_name(name: str) -> str:
    """The name of a file to take away; one of synthetic records says so, wherever it is copied to."""
    return f"synthetic-{name}" if is_synthetic() else name


def page_title(name: str) -> str:
    """The title of a page in the browser's tab and history."""
    return _("{page} · Panorama, invented records", page=name) if is_synthetic() else f"{name} · Panorama"
