"""What whoever runs the site may decide for it, read from the environment at each use."""

import os
import re

_ORIGIN = re.compile(
    r"https?://(\*\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*(:[0-9]{1,5})?", re.IGNORECASE
)


class SettingFault(Exception):
    """A setting has a value that means nothing; the text names setting, value and what was expected."""


def hides_names_not_received() -> bool:
    """Whether only the number, not the names, of states whose questionnaire was not received is shown."""
    return os.environ.get("PANORAMA_HIDE_NOT_RECEIVED", "").strip().lower() in ("1", "true", "yes")


def embedding_sites() -> tuple[str, ...]:
    """The other sites that may show a view in a page of their own, as origins (``https://www.oas.org``).

    They stand in PANORAMA_FRAME_ANCESTORS, separated by spaces or commas. None: only this site may. SettingFault for
    anything but an origin, which is all that a browser compares.
    """
    said = os.environ.get("PANORAMA_FRAME_ANCESTORS", "").replace(",", " ").split()
    others = [text for text in said if text.strip("'\"").lower() != "self"]
    for text in others:
        if not _ORIGIN.fullmatch(text):
            raise SettingFault(
                f"PANORAMA_FRAME_ANCESTORS: “{text}” is not an origin; expected 'self' or a scheme and a host without "
                "path, such as https://www.example.org, https://*.example.org or https://example.org:8443"
            )
    return tuple(dict.fromkeys(text.lower() for text in others))


def in_use() -> tuple[object, ...]:
    """All settings that change what a reader sees, to tell apart what was drawn under others."""
    return hides_names_not_received(), embedding_sites()
