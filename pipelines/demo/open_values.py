"""Made-up values of the open indicators, so that no real figure stands beside synthetic records.

The tier of the TIP Report has no values at all: a made-up rating of a state is of no use to anyone.
"""

import polars as pl

from pipelines import open_indicators
from pipelines.demo.chance import Chance
from pipelines.demo.words import SOURCE_ID, STATES

LEFT_OUT = ("tip_tier",)
_YEARS = range(2004, 2026)
_RANGES = {
    "control_of_corruption_estimate": (-1.5, 1.5),
    "gdp_current_usd": (1e9, 9e11),
    "gender_inequality_index": (0.1, 0.7),
    "gini_index": (30.0, 60.0),
    "human_development_index": (0.5, 0.9),
    "intentional_homicide_rate": (1.0, 40.0),
    "national_poverty_rate": (5.0, 60.0),
    "net_migration": (-90_000.0, 90_000.0),
    "population": (100_000.0, 50_000_000.0),
    "rule_of_law_estimate": (-1.5, 1.5),
    "women_in_parliament": (5.0, 55.0),
}
_OTHERWISE = (0.0, 100_000.0)


def open_values(indicators: pl.DataFrame, note: str, seed: int) -> pl.DataFrame:
    """Every open indicator (indicator_id, decimals) in every state and year, about one in ten not reported."""
    chance = Chance(seed, "open")
    numbered = (
        indicators.filter(~pl.col("indicator_id").is_in(LEFT_OUT))
        .sort("indicator_id")
        .select("indicator_id", "decimals")
        .join(pl.DataFrame({"country": STATES}), how="cross", maintain_order="left")
        .join(pl.DataFrame({"year": _YEARS}), how="cross", maintain_order="left")
        .with_row_index("n")
    )
    least, most = (
        pl.col("indicator_id").replace_strict(
            {name: span[end] for name, span in _RANGES.items()}, default=_OTHERWISE[end], return_dtype=pl.Float64
        )
        for end in (0, 1)
    )
    is_missing = chance.happens("missing", 10) & (pl.col("indicator_id") != "population")
    # a whole number of thousandths of the range, so that every machine writes the same digits
    value = least + (most - least) * chance.below("value", 1001).cast(pl.Float64) / 1000
    rounded = pl.when(pl.col("decimals") == 0).then(value.round(0)).otherwise(value.round(3))
    return numbered.select(
        indicator_id="indicator_id",
        country="country",
        year=pl.col("year").cast(pl.String),
        value=pl.when(~is_missing).then(rounded).cast(pl.String).str.replace(r"\.0$", ""),
        value_code=pl.lit(None, pl.String),
        obs_status=pl.when(is_missing)
        .then(chance.choice("why missing", ("O", "O", "L")))
        .otherwise(chance.choice("status", ("A",) * 17 + ("E", "P", "B"))),
        source_id=pl.lit(SOURCE_ID),
        note=pl.lit(note),
    ).select(open_indicators.TABLE.columns)
