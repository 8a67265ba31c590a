"""Accessibility: the standard aimed at, how it was checked, what is known not to work, and how to report more."""

from datetime import date

from dashboard.components.head import page_head
from dashboard.components.prose import prose
from dashboard.i18n import _, day

CHECKED_ON = date(2026, 11, 22)

page_head(
    _("Accessibility"),
    _("For whom this dashboard should work, how that was checked, and what is known not to work yet."),
)
prose(
    _("What we aim at"),
    _("Every reader should reach every fact: by eye, by ear, by touch, with a mouse or with the keyboard alone."),
    _(
        "The measure is level AA of the Web Content Accessibility Guidelines (WCAG) 2.2. Panorama does not claim to "
        "meet all of it: the points that it is known to miss are listed below."
    ),
)
prose(
    _("What was checked, and how"),
    _("The checks of this list are automatic and are repeated at every change of the program."),
    points=(
        _(
            "Every page in four languages, in light and in dark colours, and every page on a telephone, with all that "
            "folds away unfolded: the checker axe-core finds nothing that we can mend."
        ),
        _(
            "The contrast of every colour is calculated: at least 4.5 to 1 for text and at least 3 to 1 for marks and "
            "for the frame around what has the focus."
        ),
        _(
            "Colours that stand side by side are compared as readers with three kinds of colour blindness see them; a "
            "pattern, a sign or a word always says the same as the colour."
        ),
        _(
            "The pages are used with the keyboard alone: skipping to the content, going to another page, changing "
            "language and filters, walking over both maps, opening and closing menus and folds."
        ),
        _("Every chart is described by the sentence above it, and a table beside it has all of its values."),
        _(
            "Some pages are drawn without movement, in the colours of the reader’s system, and on paper; every page is "
            "drawn 320 pixels wide, as on a screen enlarged four times."
        ),
    ),
)
prose(
    _("What is known not to work"),
    points=(
        _(
            "The single marks of the charts are not reached with the keyboard. Their values are in the table under each "
            "chart; both maps are reached in full."
        ),
        _(
            "After a filter is changed, a screen reader is told the first sentence that is new; the new sentences above "
            "the other charts have to be sought."
        ),
        _(
            "The lists in which a language, a state or an indicator is chosen, and the slider of the years, come from "
            "the library Streamlit. What they tell a screen reader is not ours to change."
        ),
        _(
            "Titles of documents and words quoted from them often are in another language than the page. Tables say so "
            "in words, but do not mark the language for speech."
        ),
        _("On a narrow screen, the widest tables are read by moving them sideways."),
        _("Without JavaScript nothing is shown."),
        _(
            "The documents that the sources lead to belong to their publishers; many are scanned pages without readable "
            "text."
        ),
        _(
            "Slides and workbooks taken from the menus have not been checked with a screen reader. The PDF files carry "
            "the tags that one needs."
        ),
        _("No one who depends on assistive technology has tested the dashboard for us yet."),
    ),
)
prose(
    _("How to report a barrier"),
    _(
        "Please open an entry in the issue tracker of the project, or ask whoever runs this site to do so. Say which "
        "page it was (its address contains everything), what you wanted to do, what happened instead, and with which "
        "browser and aids."
    ),
    _("Last checked on {date}.", date=day(CHECKED_ON)),
)
