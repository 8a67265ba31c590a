"""A view as a slide (PPTX): a sentence, a native chart or table, the sources at its foot and in the speaker's notes."""

from dashboard.exports.slide.deck import view_slide

__all__ = ["view_slide"]
