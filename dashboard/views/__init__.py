"""Views: query, chart, words and sources under one id, for pages, links and downloads alike."""

from dashboard.views.registry import VIEWS, view
from dashboard.views.view import Column, Figure, Markup, SourceNote, View

__all__ = ["VIEWS", "Column", "Figure", "Markup", "SourceNote", "View", "view"]
