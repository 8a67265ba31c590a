"""A profile's words and numbers set as PDF by typst, whatever characters are in them."""

import json
import threading
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import typst

_TEMPLATE = Path(__file__).parent.with_name("profile.typ")
_NO_GLYPH = "□"
_SIGNS = "\u00a0\u2009\u202f–—‘’‚“”„•…‰‹›€№™−≤≥«»°ªº§©®±·¿¡½¼¾×²³□"
_REMEMBERED = 10
# typst uses every core by itself
_one_at_a_time = threading.Lock()


def typeset(profile: Mapping[str, Any]) -> bytes:
    """A profile's words and numbers as a PDF; a character that the typefaces lack is shown as an empty box."""
    said = _without_controls(profile)
    try:
        return _typeset(said)
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise
    return _typeset(_with_known_characters(said))


def _typeset(profile: Any) -> bytes:
    with _one_at_a_time:
        made = typst.compile(
            str(_TEMPLATE),
            ignore_system_fonts=True,
            sys_inputs={"profile": json.dumps(profile, ensure_ascii=False, sort_keys=True)},
            pdf_standards=["ua-1"],
        )
        _forget()
    assert isinstance(made, bytes)  # noqa: S101  (the answer is a list only for other formats)
    return made


def _forget() -> None:
    """Have typst forget the profile that it has just set.

    It remembers how the parts of its last ten documents were laid out, 20 MiB for each; no other profile has them.
    """
    for _turn in range(_REMEMBERED):
        _blank().compile(b"", format="pdf")


@cache
def _blank() -> typst.Compiler:
    return typst.Compiler(ignore_system_fonts=True)


def _mapped(value: Any, change: Any) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {key: _mapped(one, change) for key, one in value.items()}
    return [_mapped(one, change) for one in value] if isinstance(value, list | tuple) else value


def _without_controls(profile: Any) -> Any:
    """Control characters, unassigned ones and marks of direction say nothing on paper."""
    return _mapped(
        profile,
        lambda text: "".join(
            " " if char in "\t\n\r" else char
            for char in text
            if char in "\t\n\r" or unicodedata.category(char)[0] != "C"
        ),
    )


def _with_known_characters(profile: Any) -> Any:
    """Letters beyond Latin Extended and signs that the typefaces may lack become empty boxes."""
    return _mapped(
        profile,
        lambda text: "".join(char if ord(char) < 0x0180 or char in _SIGNS else _NO_GLYPH for char in text),
    )
