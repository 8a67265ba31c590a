"""Round values along a scale."""

import math

_STEPS = (1, 2, 2.5, 5, 10)


def round_values(least: float, most: float, spaces: int = 6) -> list[float]:
    """Evenly spaced round values from the least to the most, with at most so many spaces between them."""
    if least >= most:
        return []
    step = 10 ** math.floor(math.log10((most - least) / 4))
    step *= next(factor for factor in _STEPS if (most - least) / (step * factor) <= spaces)
    places = range(math.ceil(least / step - 1e-9), math.floor(most / step + 1e-9) + 1)
    return [round(step * place, 12) for place in places]
