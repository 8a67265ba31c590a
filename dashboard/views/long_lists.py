"""Long lists inside a sentence: the first of them, and how many more there are."""

from collections.abc import Sequence

from dashboard.i18n import clauses, n_

MOST_NAMED = 12


def first_named(items: Sequence[str], most: int = MOST_NAMED) -> str:
    """The items one after the other; of a list much longer than ``most`` the first ones and the number of the others."""
    if len(items) <= most + 3:
        return clauses(items)
    left = len(items) - most
    return clauses([*items[:most], n_("and {n} more", "and {n} more", left)])
