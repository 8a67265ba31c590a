"""A view that has nothing to show and says why."""

from collections.abc import Mapping

import polars as pl

from dashboard.views.view import View


def nothing(view_id: str, title: str, why: str, *, period: str = "", options: Mapping[str, str] | None = None) -> View:
    """The view of that id without a figure, a table or sources; ``why`` is the sentence in their place."""
    return View(view_id, title, "", pl.DataFrame(), (), period=period, empty=why, options=options or {})
