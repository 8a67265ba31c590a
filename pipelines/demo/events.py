"""Made-up training events and who took part in them, in any number: written piece by piece, never held whole."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import product
from pathlib import Path

import polars as pl

from pipelines import vocabularies
from pipelines.demo import words
from pipelines.demo.chance import Chance, Dice
from pipelines.demo.words import AUDIENCES, SOURCE_ID, STATES
from pipelines.registry import training_events, training_participation

PIECE = 250_000  # rows held at a time
FIRST_DAY, LAST_HELD, LAST_DAY = date(2004, 1, 1), date(2026, 6, 30), date(2026, 12, 31)
PROGRAMMES = 24
MOST_PARTICIPANTS = 6
_LONGER_STEPS = (1, 2, 3, 4, 6, 8, 9, 11, 12, 13, 16, 17)  # share no factor with 35: six steps name six states
_PARTICIPANTS = (0,) * 2 + (1,) * 13 + (2,) * 4 + (3,) * 2 + (4, 5, 6)
_LISTS = 64
_LANGUAGES = (0,) * 10 + (1,) * 7 + (2,) * 2 + (3,)  # places in LANGUAGES: most records are in English or Spanish
_DATES = ("day",) * 80 + ("month",) * 8 + ("year",) * 5 + ("span",) * 4 + ("undated",) * 3

OnRows = Callable[[int], None]


def _unwatched(rows: int) -> None:
    """Progress that nobody watches."""


def write_events(
    path: Path, rows: int, seed: int, *, programmes: int = PROGRAMMES, on_rows: OnRows = _unwatched
) -> None:
    """Write ``rows`` made-up events to a CSV file as in data/registry; ``on_rows`` is told the rows of each piece."""
    _write(path, training_events.TABLE.columns, (events(piece, seed, programmes) for piece in _pieces(rows)), on_rows)


def write_participation(path: Path, rows: int, seed: int, *, on_rows: OnRows = _unwatched) -> None:
    """Write who took part in the same ``rows`` events; ``on_rows`` is told the events of each piece."""
    pieces = (participation(piece, seed) for piece in _pieces(rows))
    _write(path, training_participation.TABLE.columns, pieces, lambda _rows: on_rows(PIECE))


def _write(path: Path, columns: list[str], pieces: Iterator[pl.DataFrame], on_rows: OnRows) -> None:
    with path.open("wb") as file:
        file.write(f"{','.join(columns)}\n".encode())
        for piece in pieces:
            piece.select(columns).write_csv(file, include_header=False)
            on_rows(piece.height)


def _pieces(rows: int) -> Iterator[range]:
    return (range(first, min(first + PIECE, rows)) for first in range(0, rows, PIECE))


def events(numbers: range, seed: int, programmes: int = PROGRAMMES) -> pl.DataFrame:
    """The events of these numbers, as text; the columns of training_events.csv."""
    chance = Chance(seed, "events")
    base = _numbered(numbers).select(
        "n",
        kind=chance.below("type", len(vocabularies.EVENT_TYPES)),
        lang=chance.choice("language", _LANGUAGES),
        precision=chance.choice("precision", _DATES),
        start=pl.lit(FIRST_DAY) + pl.duration(days=_day(chance)),
        officials=_officials(chance),
    )
    dated = base.with_columns(
        *_dates(chance),
        status=pl.when(pl.col("start") > LAST_HELD)
        .then(chance.choice("future", ("announced", "planned")))
        .otherwise(chance.choice("status", ("held",) * 18 + ("announced", "planned"))),
    )
    lang, has_number = pl.col("lang"), pl.col("officials").is_not_null()
    text = pl.col("n").add(1).cast(pl.String)
    titles = [
        f"{words.EVENT_TITLES[kind][language]} " for kind, language in product(vocabularies.EVENT_TYPES, range(4))
    ]
    cities = [words.CITY[language].format(n="") for language in range(4)]
    return dated.select(
        event_id=pl.lit("SYN-E") + text.str.zfill(8),
        title=_one_of(titles, pl.col("kind") * 4 + lang) + text,
        event_type=_one_of(vocabularies.EVENT_TYPES, pl.col("kind")),
        programme_id=pl.when(~chance.happens("no programme", 15)).then(
            pl.lit("SYN-P") + (chance.below("programme", programmes) + 1).cast(pl.String).str.zfill(3)
        ),
        status="status",
        start_date="start_date",
        end_date="end_date",
        city=pl.when(~chance.happens("no city", 15)).then(
            _one_of(cities, lang) + (chance.below("city", 60) + 1).cast(pl.String)
        ),
        host_country=pl.when(~chance.happens("no host", 8)).then(chance.choice("host", STATES)),
        audience=chance.choice("audience", _lists(Dice(seed, "audiences"), AUDIENCES)),
        officials_trained="officials",
        women_trained=pl.when(has_number & chance.happens("women", 40)).then(
            chance.below("women trained", pl.col("officials") + 1)
        ),
        number_basis=pl.when(~has_number)
        .then(None)
        .when(pl.col("status") == "held")
        .then(chance.choice("basis", ("reported",) * 18 + ("announced_minimum", "announced_approx")))
        .otherwise(chance.choice("announced", ("announced", "announced_minimum", "announced_approx"))),
        count_scope=pl.when(has_number).then(
            chance.choice("scope", ("officials",) * 7 + ("officials_and_civil_society", None, None))
        ),
        modality=chance.choice("modality", (*vocabularies.MODALITIES, "in_person", "in_person", None)),
        topics=_one_of(_topics(seed), lang * _LISTS + chance.below("topics", _LISTS)),
        source_id=pl.lit(SOURCE_ID),
        source_id_2=pl.lit(None, pl.String),
        note=pl.when(chance.happens("note", 5)).then(_one_of(words.NOTE, lang)),
        text_lang=_one_of(vocabularies.LANGUAGES, lang),
    )


def participation(numbers: range, seed: int) -> pl.DataFrame:
    """Who took part in the events of these numbers, as text; the columns of training_participation.csv."""
    chance = Chance(seed, "events")
    base = _numbered(numbers).select(
        "n",
        takers=chance.choice("takers", _PARTICIPANTS),
        first=chance.below("first taker", len(STATES)),
        step=chance.choice("step", _LONGER_STEPS),
        officials=_officials(chance),
        states_numbers=chance.happens("by country", 25),
    )
    part = pl.col("officials") // pl.col("takers").cast(pl.UInt64)
    return (
        base.with_columns(turn=pl.int_ranges(0, pl.col("takers")))
        .explode("turn")
        .drop_nulls("turn")
        .select(
            event_id=pl.lit("SYN-E") + pl.col("n").add(1).cast(pl.String).str.zfill(8),
            country=pl.lit(pl.Series(STATES)).gather(
                ((pl.col("first") + pl.col("turn") * pl.col("step")) % len(STATES)).cast(pl.UInt32)
            ),
            officials_trained=pl.when("states_numbers").then(part),
            source_id=pl.lit(SOURCE_ID),
        )
    )


def _numbered(numbers: range) -> pl.DataFrame:
    return pl.DataFrame({"n": pl.int_range(numbers.start, numbers.stop, dtype=pl.UInt64, eager=True)})


def _day(chance: Chance) -> pl.Expr:
    """Days since the first day; the later ones a little likelier, as records are kept better over time."""
    days = (LAST_DAY - FIRST_DAY).days + 1
    day, other = chance.below("day", days), chance.below("other day", days)
    return pl.when(chance.happens("later", 30)).then(pl.max_horizontal(day, other)).otherwise(day).cast(pl.Int64)


def _officials(chance: Chance) -> pl.Expr:
    """The number stated for an event; empty for about a quarter of them."""
    return pl.when(~chance.happens("no number", 25)).then(chance.below("officials", 116) + 5)


def _dates(chance: Chance) -> list[pl.Expr]:
    """Start and end as far as they are known: to the day, the month or the year, a span of years, or not at all."""
    start, precision = pl.col("start"), pl.col("precision")
    end = start + pl.duration(days=chance.below("length", 5).cast(pl.Int64))
    year = start.dt.year()
    later = pl.min_horizontal(year + 1 + chance.below("years", 2).cast(pl.Int32), LAST_DAY.year + 1)
    return [
        pl.when(precision == "day")
        .then(start.dt.to_string("%Y-%m-%d"))
        .when(precision == "month")
        .then(start.dt.to_string("%Y-%m"))
        .when(precision != "undated")
        .then(year.cast(pl.String))
        .alias("start_date"),
        pl.when(precision == "day")
        .then(end.dt.to_string("%Y-%m-%d"))
        .when(precision == "year")
        .then(year.cast(pl.String))
        .when(precision == "span")
        .then(later.cast(pl.String))
        .alias("end_date"),
    ]


def _one_of(values: Sequence[str | None], place: pl.Expr) -> pl.Expr:
    return pl.lit(pl.Series(values, dtype=pl.String)).gather(place.cast(pl.UInt32))


def _topics(seed: int) -> list[str | None]:
    """Lists of topics, as many for each language."""
    topics = [[phrase.format(n=number) for number in range(1, words.TOPICS + 1)] for phrase in words.TOPIC]
    return [joined for language in topics for joined in _lists(Dice(seed, "topics"), language)]


def _lists(dice: Dice, items: Sequence[str]) -> list[str | None]:
    """Lists of one to three items joined with semicolons, a few of them empty."""
    joined = [";".join(dice.sample(items, 1 + dice.below(3))) for _list in range(_LISTS - 4)]
    return [*joined, None, None, None, None]
