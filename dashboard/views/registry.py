"""The list of all views by id."""

from collections.abc import Callable

from dashboard.selection import Selection
from dashboard.views.view import View

ViewFunction = Callable[[Selection], View]
VIEWS: dict[str, ViewFunction] = {}


def view(view_id: str) -> Callable[[ViewFunction], ViewFunction]:
    """Register a function under the id by which pages, links and downloads call it."""

    def register(function: ViewFunction) -> ViewFunction:
        if VIEWS.get(view_id, function).__qualname__ != function.__qualname__:
            raise ValueError(f"two views are called {view_id}")
        VIEWS[view_id] = function
        return function

    return register
