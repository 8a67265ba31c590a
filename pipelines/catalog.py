"""What people write by hand: groupings, treaties, sources, indicators, texts in four languages, and caveats."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path
from typing import Any

import dataframely as dy
import polars as pl

from pipelines import schemas
from pipelines import vocabularies as words
from pipelines.conform import conform
from pipelines.csv_rows import ROW
from pipelines.errors import RecordProblem
from pipelines.fields import (
    LIST_SEPARATOR,
    Area,
    Boolean,
    Code,
    Integer,
    Key,
    ListOf,
    Lookup,
    Number,
    PartialDate,
    Reference,
    Table,
    Text,
    Year,
)
from pipelines.reading import Records, check_rows, unreadable
from pipelines.views import VIEWS

TRANSLATIONS = [language for language in words.LANGUAGES if language != "en"]
_TRANSLATED_KEYS = ("unit", "title", "definition", "rule")


def _in_every_language(*names: str, is_required: bool = True) -> Iterator[Text]:
    return (Text(f"{name}_{language}", is_required=is_required) for name in names for language in words.LANGUAGES)


SOURCES = Table(
    name="sources",
    file="catalog/sources.csv",
    key=("source_id",),
    fields=(
        Key("source_id", is_required=True),
        Text("publisher", is_required=True),
        Text("title", is_required=True),
        Text("doc_code"),
        Text("url"),
        Text("licence", is_required=True),
        Code("licence_class", words.LICENCE_CLASSES, is_required=True),
        PartialDate("vintage"),
        Text("citation", is_required=True),
        Code("kind", words.SOURCE_KINDS, is_required=True),
    ),
)
SCHEMES = Table(
    name="schemes",
    file="catalog/schemes.csv",
    key=("scheme_id",),
    fields=(
        Key("scheme_id", is_required=True),
        Integer("position", is_required=True),
        Boolean("is_selectable", is_required=True),
        *_in_every_language("name", "note"),
    ),
)
TREATIES = Table(
    name="treaties",
    file="catalog/treaties.csv",
    key=("treaty_id",),
    fields=(
        Key("treaty_id", is_required=True),
        Text("name", is_required=True),
        Year("adopted_year"),
        Integer("position", is_required=True),
    ),
)
AUDIENCES = Table(
    name="audiences",
    file="catalog/audiences.csv",
    key=("audience",),
    fields=(Text("audience", is_required=True), Key("audience_group", is_required=True)),
)
CAVEATS = Table(
    name="caveats",
    file="catalog/caveats.csv",
    key=("caveat_id",),
    fields=(
        Key("caveat_id", is_required=True),
        Code("kind", words.CAVEAT_KINDS, is_required=True),
        Integer("position", is_required=True),
        Text("family"),
        ListOf("area_codes", Area("")),
        *_in_every_language("text"),
    ),
)
TEXTS = Table(
    name="texts_en",
    file="catalog/texts/en.csv",
    key=("text_id",),
    fields=(Key("text_id", is_required=True), Text("used_in"), Text("text", is_required=True)),
)
WORDINGS = tuple(
    Table(
        name=f"texts_{language}",
        file=f"catalog/texts/{language}.csv",
        key=("text_id",),
        fields=(
            Reference("text_id", TEXTS.name, is_required=True),
            Text("text", is_required=True),
            Code("basis", words.TEXT_BASES, is_required=True),
        ),
    )
    for language in TRANSLATIONS
)
CODES = Table(
    name="codes",
    file="catalog/codes.csv",
    key=("code_list", "code"),
    fields=(
        Key("code_list", is_required=True),
        Key("code", is_required=True),
        *_in_every_language("name"),
    ),
)
COLUMNS = Table(
    name="columns",
    file="catalog/columns.csv",
    key=("table_name", "column"),
    fields=(
        Text("table_name", is_required=True),
        Text("column", is_required=True),
        *_in_every_language("heading", "help"),
    ),
)
"""The words of the intake's sheets; the column ``*`` is the sheet itself, the table ``*`` stands for every sheet."""
INDICATORS = Table(
    name="indicators",
    file="catalog/indicators",
    key=("indicator_id",),
    fields=(
        Key("indicator_id", is_required=True),
        Code("family", words.INDICATOR_FAMILIES, is_required=True),
        Integer("position", is_required=True),
        Boolean("is_derived", is_required=True),
        Boolean("is_on_map", is_required=True),
        Code("direction", words.DIRECTIONS, is_required=True),
        Integer("decimals", 0, 6, is_required=True),
        Code("aggregation", words.AGGREGATIONS, is_required=True),
        Number("least_coverage", 0, 1),
        Reference("source_id", "sources", is_required=True),
        *_in_every_language("unit", "title", "definition"),
        *_in_every_language("rule", is_required=False),
    ),
)


def read_indicators(folder: Path, lookup: Lookup) -> Records:
    """Every indicator's file in ``catalog/indicators``, checked as if the files were the rows of one table."""
    files = sorted((folder / INDICATORS.file).glob("*.yml"))
    if not files:
        return unreadable(INDICATORS, ("missing_file", "no indicator is declared", "one .yml file for each indicator"))
    contents = {f"{INDICATORS.file}/{path.name}": path.read_bytes() for path in files}
    checksum = indicators_checksum(folder / INDICATORS.file)
    declared: list[dict[str, str | None]] = []
    problems: list[RecordProblem] = []
    for file, content in contents.items():
        cells, found = _indicator_cells(file, content)
        declared.append(cells)
        problems += found
    raw = pl.DataFrame(declared, schema=dict.fromkeys(INDICATORS.columns, pl.String)).with_row_index(ROW, 1)
    read = check_rows(INDICATORS, raw.with_columns(pl.col(ROW).cast(pl.Int64)), {}, lookup, checksum)
    file_of_row = dict(enumerate(contents, start=1))
    broken = {problem.file for problem in problems}
    problems += [
        _in_file(problem, file_of_row[problem.row])
        for problem in read.problems
        if problem.row is not None and file_of_row[problem.row] not in broken
    ]
    return Records(
        table=INDICATORS,
        frame=read.frame,
        problems=sorted(problems, key=lambda problem: problem.file),
        rejected=read.rejected,
        rows_read=raw.height,
        sha256=checksum,
        is_whole=not problems,
    )


def indicators_checksum(folder: Path) -> str:
    """One checksum of the names and contents of all indicators' files."""
    digest = sha256()
    for path in sorted(folder.glob("*.yml")):
        digest.update(path.name.encode())
        digest.update(sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def indicators(records: pl.DataFrame, observations: pl.DataFrame | None = None) -> dy.DataFrame[schemas.Indicator]:
    """Every indicator; with the first and last year that have a value in ``observations``, where given."""
    no_years = {"indicator_id": pl.String, "first_year": pl.Int32, "last_year": pl.Int32}
    years = pl.DataFrame(schema=no_years)
    if observations is not None:
        years = (
            observations.filter(pl.col("obs_status").is_in(list(words.VALUE_STATUSES)))
            .group_by("indicator_id")
            .agg(first_year=pl.col("year").min(), last_year=pl.col("year").max())
        )
    return records.join(years, on="indicator_id", how="left", validate="1:1").pipe(
        conform, schemas.Indicator, INDICATORS.file
    )


def sources(records: pl.DataFrame) -> dy.DataFrame[schemas.Source]:
    """Every document and data set, by its id."""
    return conform(records, schemas.Source, SOURCES.file)


def schemes(records: pl.DataFrame) -> dy.DataFrame[schemas.Scheme]:
    """Every way of grouping the states, by its id."""
    return conform(records, schemas.Scheme, SCHEMES.file)


def audiences(records: pl.DataFrame) -> dy.DataFrame[schemas.Audience]:
    """Every word for an audience, with its group."""
    return conform(records, schemas.Audience, AUDIENCES.file)


def treaties(records: pl.DataFrame) -> dy.DataFrame[schemas.Treaty]:
    """Every international instrument, by its id."""
    return conform(records, schemas.Treaty, TREATIES.file)


def codes(records: pl.DataFrame) -> dy.DataFrame[schemas.Code]:
    """The words for every code, with its place in its list; a code that is in no list comes last, and a promise tells."""
    places = [
        (name, code, place) for name, listed in words.CODE_LISTS.items() for place, code in enumerate(listed, start=1)
    ]
    known = pl.DataFrame(places, schema=["code_list", "code", "position"], orient="row")
    return (
        records.join(known, on=["code_list", "code"], how="left", validate="1:1")
        .with_columns(pl.col("position").fill_null(len(places) + 1))
        .pipe(conform, schemas.Code, CODES.file)
    )


def caveats(records: pl.DataFrame) -> dy.DataFrame[schemas.Caveat]:
    """Every caveat, by its id."""
    return conform(records, schemas.Caveat, CAVEATS.file)


def caveat_areas(records: pl.DataFrame) -> dy.DataFrame[schemas.CaveatArea]:
    """Every state that a caveat concerns."""
    return (
        records.select("caveat_id", area_code="area_codes")
        .explode("area_code")
        .drop_nulls("area_code")
        .unique()
        .pipe(conform, schemas.CaveatArea, CAVEATS.file)
    )


def texts(
    records: Mapping[str, pl.DataFrame], tables: Mapping[str, pl.DataFrame], elsewhere: Iterable[pl.DataFrame] = ()
) -> dy.DataFrame[schemas.Text]:
    """The wordings of every recorded text that ``tables`` still hold, one row for each language.

    A text that was suppressed in the tables must not survive here. Texts ``elsewhere`` (text) are kept too.
    """
    recorded = records[TEXTS.name].select("text_id", original="text")
    english = recorded.with_columns(text="original", basis=pl.lit("original"), lang=pl.lit("en"))
    translated = [
        recorded.join(records[f"texts_{language}"].drop(ROW), on="text_id", validate="1:1").with_columns(
            lang=pl.lit(language)
        )
        for language in TRANSLATIONS
    ]
    columns = schemas.Text.column_names()
    return (
        pl.concat([wordings.select(columns) for wordings in (english, *translated)])
        .join(pl.concat([_among(tables, recorded), *elsewhere]), left_on="original", right_on="text", how="semi")
        .pipe(conform, schemas.Text, TEXTS.file)
    )


def recorded_texts_in(tables: Mapping[str, pl.DataFrame], records: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Those recorded texts that are in the tables, which may be large: text."""
    without_ids = {name: table.drop("event_id", "record_id", strict=False) for name, table in tables.items()}
    return _among(without_ids, records[TEXTS.name].select(original="text"))


def _among(tables: Mapping[str, pl.DataFrame], recorded: pl.DataFrame) -> pl.DataFrame:
    """Those of the ``recorded`` texts (original) that are in the tables' text columns: text."""
    # of large tables nearly all cells are no recorded text: they are left out before anything else is done with them
    known = pl.col("text").is_in(recorded["original"].implode()) | pl.col("text").str.contains(
        LIST_SEPARATOR, literal=True
    )
    cells = [column.to_frame("text").filter(known).unique() for column in _text_columns(tables)]
    return _with_items(pl.concat(cells).unique()).join(recorded, left_on="text", right_on="original", how="semi")


def texts_in(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Every distinct ``text`` in the tables' text columns: whole cells and the items of lists."""
    return _with_items(
        pl.concat([column.to_frame("text").drop_nulls().unique() for column in _text_columns(tables)]).unique()
    )


def _text_columns(tables: Mapping[str, pl.DataFrame]) -> Iterator[pl.Series]:
    """The columns that may hold recorded texts: none of keys and areas, and none of what other tables say as well."""
    return (
        column
        for name, table in tables.items()
        if name not in VIEWS
        for column in table
        if column.dtype == pl.String and column.name not in _keys_and_areas(name)
    )


def _keys_and_areas(name: str) -> set[str]:
    contract = schemas.TABLES.get(name)
    columns = contract.columns() if contract else {}
    return {name for name, column in columns.items() if isinstance(column, dy.String) and column.regex}


def _with_items(cells: pl.DataFrame) -> pl.DataFrame:
    items = (
        cells.filter(pl.col("text").str.contains(LIST_SEPARATOR, literal=True))
        .select(pl.col("text").str.split(LIST_SEPARATOR))
        .explode("text")
        .select(pl.col("text").str.strip_chars())
    )
    return pl.concat([cells, items]).unique()


def _indicator_cells(file: str, content: bytes) -> tuple[dict[str, str | None], list[RecordProblem]]:
    """The texts of an indicator's file by column, and what is wrong with its form."""
    import yaml

    indicator_id = Path(file).stem
    nothing: dict[str, str | None] = {"indicator_id": indicator_id}
    try:
        # The safe loader in C, where there is one: it halves the time that a build spends on the catalogue.
        declared = yaml.load(content, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        found = "the file is not YAML" if mark is None else f"line {mark.line + 1} is not YAML"
        return nothing, [_indicator_problem(file, found, "keys and values as in the other indicators")]
    if not isinstance(declared, dict):
        return nothing, [
            _indicator_problem(file, "the file holds no keys", "keys and values as in the other indicators")
        ]
    cells = nothing | {name: _as_text(value) for name, value in _flat(declared)}
    unknown = [name for name in cells if name not in INDICATORS.columns]
    problems = [
        _indicator_problem(
            file,
            f'the key "{name}" is unknown',
            f"one of {', '.join(INDICATORS.columns[1:10])} or {', '.join(_TRANSLATED_KEYS)} with a language each",
            next(iter(get_close_matches(name, INDICATORS.columns, n=1)), None),
        )
        for name in unknown
    ]
    return {name: cells.get(name) for name in INDICATORS.columns}, problems


def _flat(declared: Mapping[Any, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in declared.items():
        if isinstance(value, dict):
            yield from ((f"{name}_{language}", wording) for language, wording in value.items())
        else:
            yield str(name), value


def _as_text(value: object) -> str | None:
    if value is None:
        return None
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text.strip() or None


def _indicator_problem(file: str, found: str, expected: str, nearest: str | None = None) -> RecordProblem:
    return RecordProblem(
        table=INDICATORS.name, file=file, rule="not_an_indicator", found=found, expected=expected, nearest=nearest
    )


def _in_file(problem: RecordProblem, file: str) -> RecordProblem:
    return RecordProblem(
        table=problem.table,
        file=file,
        rule=problem.rule,
        column=problem.column,
        value=problem.value,
        expected=problem.expected,
        nearest=problem.nearest,
        found=problem.found,
    )
