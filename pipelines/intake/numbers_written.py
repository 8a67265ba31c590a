"""Numbers as people write them: with either decimal sign, with thousands set apart, with words that do not belong.

"1.234" and "1,234" may be a thousand or a little more than one. A whole number settles it; elsewhere the other
numbers of the column may; if they do not, it is asked.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_SPACED = re.compile(r"[+-]?[0-9]{1,3}(?:[ '’][0-9]{3})+(?:[.,][0-9]+)?")
_DIGITS = re.compile(r"[+-]?[0-9]+")
_ONE_SIGN = re.compile(r"([+-]?)([0-9]*)([.,])([0-9]+)")
_GROUPS = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:([.,])[0-9]{3})(?:\1[0-9]{3})*")
_BOTH = re.compile(r"[+-]?[0-9]{1,3}(?:([.,])[0-9]{3})+(?!\1)[.,][0-9]+")
_ANY_NUMBER = re.compile(r"[0-9]+(?:[.,' ][0-9]{3})*(?:[.,][0-9]+)?")


@dataclass(frozen=True)
class Doubtful:
    """A number that may be read in two ways."""

    readings: tuple[str, str]


def decimal_sign(texts: Iterable[str]) -> str | None:
    """The decimal sign that a column's numbers leave no doubt about; nothing where they leave it open or disagree."""
    signs = {sign for text in texts if (sign := _sure_sign(text))}
    return signs.pop() if len(signs) == 1 else None


def read_number(text: str, *, is_whole: bool, sign: str | None = None) -> str | Doubtful | None:
    """The number with a decimal point and nothing else; nothing where the text is none.

    ``is_whole`` says that only whole numbers make sense, ``sign`` which decimal sign the column uses.
    """
    if _DIGITS.fullmatch(text):
        return text.removeprefix("+")
    if _SPACED.fullmatch(text):
        return re.sub(r"[ '’]", "", text).replace(",", ".").removeprefix("+")
    if _BOTH.fullmatch(text):
        last = max(text.rfind("."), text.rfind(","))
        return _digits(text[:last]) + "." + text[last + 1 :]
    match = _GROUPS.fullmatch(text)
    if match and (is_whole or text.count(match[1]) > 1):
        return _digits(text)
    if match and sign is None:
        return Doubtful((_digits(text), text.replace(",", ".").removeprefix("+")))
    if match and match[1] != sign:
        return _digits(text)
    if match := _ONE_SIGN.fullmatch(text):
        whole = f"{match[1].removeprefix('+')}{match[2] or '0'}"
        is_round = is_whole and not match[4].strip("0")
        return whole if is_round else f"{whole}.{match[4]}"
    return None


def number_within(text: str) -> str | None:
    """The one number in a text of words, as written; nothing where there is none or there are several."""
    found = _ANY_NUMBER.findall(text)
    return found[0] if len(found) == 1 else None


def _digits(text: str) -> str:
    return re.sub(r"[.,+]", "", text)


def _sure_sign(text: str) -> str | None:
    if _BOTH.fullmatch(text):
        return text[max(text.rfind("."), text.rfind(","))]
    if match := _GROUPS.fullmatch(text):
        # thousands set apart twice: the other sign is the decimal one
        return {".": ",", ",": "."}[match[1]] if text.count(match[1]) > 1 else None
    match = _ONE_SIGN.fullmatch(text)
    return match[3] if match else None
