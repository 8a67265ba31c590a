"""How a spreadsheet stored a cell."""

from enum import IntEnum


class Kind(IntEnum):
    """How the spreadsheet stored a cell."""

    TEXT = 0
    NUMBER = 1
    DATE = 2
    BOOLEAN = 3
    ERROR = 4
