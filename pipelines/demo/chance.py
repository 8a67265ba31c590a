"""Seeded chance that is the same on every machine: numbers worked out from a seed, a name and the number of a row.

The arithmetic is on whole numbers only and never overflows, so that no machine and no version of a library can change
what comes out; a row's values depend on nothing but its own number, so rows may be made in pieces of any size.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from random import Random
from typing import TypeVar

import polars as pl

T = TypeVar("T")

BITS = 2**32
_FIRST, _SECOND = 0x7FEB352D, 0x846CA68B


@dataclass(frozen=True)
class Chance:
    """Chance for the rows of one table; ``row`` is the column of row numbers, from 0 up to 2³²."""

    seed: int
    table: str
    row: str = "n"

    def number(self, name: str) -> pl.Expr:
        """A whole number from 0 to 2³² - 1 for each row; the same name always gives the same number."""
        digest = sha256(f"{self.seed}/{self.table}/{name}".encode()).digest()
        offset = int.from_bytes(digest[:4], "big")
        mixed = (pl.col(self.row).cast(pl.UInt64) + offset) % BITS
        mixed = (mixed ^ (mixed // 2**16)) * _FIRST % BITS
        mixed = (mixed ^ (mixed // 2**15)) * _SECOND % BITS
        return mixed ^ (mixed // 2**16)

    def below(self, name: str, end: int | pl.Expr) -> pl.Expr:
        """A whole number from 0 up to, not including, ``end``."""
        top = pl.lit(end, pl.UInt64) if isinstance(end, int) else end.cast(pl.UInt64)
        return self.number(name) * top // BITS

    def happens(self, name: str, percent: float) -> pl.Expr:
        """True for about this share of the rows."""
        return self.number(name) < int(BITS * percent / 100)

    def choice(self, name: str, values: Sequence[str | int | None]) -> pl.Expr:
        """One of the values; name one more than once to make it likelier."""
        return pl.lit(pl.Series(values)).gather(self.below(name, len(values)).cast(pl.UInt32))


class Dice:
    """Seeded chance for small tables, one value after the other; built on ``Random.random`` only, which never changes."""

    def __init__(self, *seed: object) -> None:
        """Dice that fall the same way for the same ``seed``."""
        self._random = Random("/".join(map(str, seed)))  # noqa: S311 - seeded on purpose

    def below(self, end: int) -> int:
        """A whole number from 0 up to, not including, ``end``."""
        return int(self._random.random() * end)

    def happens(self, percent: float) -> bool:
        """True in about this share of the throws."""
        return self._random.random() * 100 < percent

    def choice(self, values: Sequence[T]) -> T:
        """One of the values."""
        return values[self.below(len(values))]

    def sample(self, values: Sequence[T], count: int) -> list[T]:
        """``count`` different values, in the order in which they fall."""
        left = list(values)
        return [left.pop(self.below(len(left))) for _value in range(min(count, len(left)))]
