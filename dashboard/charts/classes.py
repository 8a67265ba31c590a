"""Classes of an ordered scale, with the words of each class."""

from collections.abc import Sequence

from dashboard.i18n import number

_MOST_CLASSES = 5


def classes(values: Sequence[float | None], decimals: int | None = 0) -> tuple[list[int | None], tuple[str, ...]]:
    """The class of each value and the legend text of each class, lowest first.

    An empty value has no class, zero has the class -1 (drawn as "0"). Few different whole numbers get a class each;
    otherwise the classes hold about equally many values. Without ``decimals`` the values are years.
    """

    def written(value: float) -> str:
        return str(int(value)) if decimals is None else number(value, decimals)

    positive = sorted({value for value in values if value})
    if len(positive) <= _MOST_CLASSES:
        order = {value: position for position, value in enumerate(positive)}
        words = tuple(written(value) for value in positive)
        return [None if value is None else -1 if value == 0 else order[value] for value in values], words
    ranked = sorted(value for value in values if value)
    starts = sorted({ranked[position * len(ranked) // _MOST_CLASSES] for position in range(_MOST_CLASSES)})
    levels: list[int | None] = []
    for value in values:
        if value is None or value == 0:
            levels.append(None if value is None else -1)
        else:
            levels.append(max(sum(1 for start in starts if value >= start) - 1, 0))
    words = []
    for level in range(len(starts)):
        inside = [value for value, own in zip(values, levels, strict=True) if own == level and value is not None]
        low, high = written(min(inside)), written(max(inside))
        words.append(low if low == high else f"{low} – {high}")
    return levels, tuple(words)
