"""Colours by their roles in the theme of a presentation, so that a deck's own theme can take over."""

from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_THEME_COLOR

from dashboard.theme import LIGHT

_THEME = (
    ("dk1", MSO_THEME_COLOR.TEXT_1, LIGHT.ink),
    ("lt1", MSO_THEME_COLOR.BACKGROUND_1, LIGHT.page),
    ("dk2", MSO_THEME_COLOR.TEXT_2, LIGHT.muted),
    ("lt2", MSO_THEME_COLOR.BACKGROUND_2, LIGHT.line),
    ("accent1", MSO_THEME_COLOR.ACCENT_1, LIGHT.focus),
    ("accent2", MSO_THEME_COLOR.ACCENT_2, LIGHT.announced),
    ("accent3", MSO_THEME_COLOR.ACCENT_3, LIGHT.context),
    ("accent4", MSO_THEME_COLOR.ACCENT_4, LIGHT.subregions[0]),
    ("accent5", MSO_THEME_COLOR.ACCENT_5, LIGHT.subregions[2]),
    ("accent6", MSO_THEME_COLOR.ACCENT_6, LIGHT.subregions[3]),
)
SLOTS = {slot: colour for slot, _role, colour in _THEME} | {"hlink": LIGHT.focus, "folHlink": LIGHT.context}
"""The slots of an Office theme and the colours that stand in them."""
_ROLES = {colour: role for _slot, role, colour in _THEME}


def paint(place: Any, colour: str) -> None:
    """Give a place a colour (``#rrggbb``), by its role in the theme where it has one."""
    if colour in _ROLES:
        place.theme_color = _ROLES[colour]
    else:
        place.rgb = RGBColor.from_string(colour.removeprefix("#").upper())
