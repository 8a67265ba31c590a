"""Very many events without a fault: DuckDB reads them from their file straight into the edition.

Looking at each cell, as it is done in files read whole or in parts, takes many times as long as reading them. A file of
very many events was written by a program and mostly has nothing wrong with it: DuckDB writes its rows, and then each
*distinct* cell is looked at, by the very fields and rules that other files are read by. Where anything is not just as
it will be published (a fault, a state by its name, a space too many, an id that comes twice), the rows are let go and
the file is read in parts, which tell what is wrong with it.
"""

from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import file_digest
from pathlib import Path
from typing import cast

import duckdb
import polars as pl

from pipelines import catalog, dates
from pipelines.csv_rows import UnreadableFile, csv_rows, header_of
from pipelines.derive import Events
from pipelines.derive.reach import reaching_records
from pipelines.derive.training import alike_without_takers
from pipelines.editions import Writer
from pipelines.event_parts import APART, BEFORE, COMPARED_AT_ONCE, Range, event_rows, ranges_of
from pipelines.fields import LIST_SEPARATOR, Field, Integer, Key, ListOf, Lookup, PartialDate, Text
from pipelines.parts import Reader
from pipelines.reading import Records, read_table, unreadable
from pipelines.registry import training_events, training_participation
from pipelines.schemas import TrainingEvent

EVENTS, PARTICIPATION = training_events.TABLE, training_participation.TABLE
TABLE = "fct_training_event"
MOST_PARTICIPATION = 16 * 2**20
"""Bytes of the file of participants up to which events are read so; of the events that it names all is done in memory."""
MEMORY = "1GB"
"""What DuckDB may take for very many events: with less, one of its threads mostly waits for the other."""
_MOST_DISTINCT = 1_000_000  # cells, or cells together, of one kind
_STORED_AS = {
    "host_country": "host_area_code",
    "officials_trained": "officials_stated",
    "women_trained": "women_stated",
}
_EDGE = r"[\s\v\x{85}\p{Z}]"  # what is trimmed off cells
_NOT_AS_PUBLISHED = rf"^{_EDGE}|{_EDGE}$|[\x00-\x08\x0B\x0C\x0E-\x1F\x7F]"
_NO_KEY = r"[^A-Za-z0-9_.\-]"
_MACROS = (
    """
    create or replace temp macro first_day(cell) as case
        when cell is null then null
        when length(cell) = 10 and cell::date::varchar = cell then cell::date
        when length(cell) = 7 and (cell || '-01')::date::varchar = cell || '-01' then (cell || '-01')::date
        when length(cell) = 4 and (cell || '-01-01')::date::varchar = cell || '-01-01' then (cell || '-01-01')::date
        else error('no date as it will be published')
    end
    """,
    """
    create or replace temp macro stated_part(cell) as case length(cell)
        when 10 then 'day'
        when 7 then 'month'
        when 4 then 'year'
    end
    """,
    """
    create or replace temp macro whole_number(cell) as case
        when cell is null then null
        when cell::bigint::varchar = cell then cell::bigint
        else error('no whole number as it will be published')
    end
    """,
)
_EVENTS = """
    with
    typed as (
        select
            *,
            first_day(start_date) as start_on,
            first_day(end_date) as end_on,
            stated_part(start_date) as start_precision,
            stated_part(end_date) as end_precision,
            whole_number(officials_trained) as officials_stated,
            whole_number(women_trained) as women_stated,
            host_country as host_area_code,
            null::varchar as attributable_area_code
        from lines
    ),
    with_years as (
        select *, year(start_on)::integer as start_year, year(end_on)::integer as end_year
        from typed
    ),
    dated as (
        select *, case when start_precision <> 'year' or start_year = end_year then start_year end as year
        from with_years
    )
    select
        *,
        coalesce(year, start_year) as first_year,
        case when year is null then end_year else year end as last_year,
        case
            when year is not null then 'dated'
            when start_year is not null or end_year is not null then 'span'
            else 'undated'
        end as date_group
    from dated
    """
"""The year rule of ``dates`` in SQL; what it gives is compared with what that gives before anything is published."""
_OUT_OF_ORDER = """
    select count(*)
    from (
        select event_id, lag(event_id) over () as before
        from fct_training_event
    )
    where event_id <= before
    """
_ONLY_COUNTRY = """
    update fct_training_event
    set attributable_area_code = attributable.only_country
    from attributable
    where fct_training_event.event_id = attributable.event_id
        and officials_stated is not null
    """
_WITH_PARTICIPANTS = """
    select fct_training_event.*
    from fct_training_event
    semi join participants on participants.event_id = fct_training_event.event_id
    order by event_id
    """
_KINDS_OF_OTHERS = """
    select
        status as category,
        number_basis,
        year,
        count_scope,
        groups,
        count(*) as events,
        sum(officials_stated)::bigint as officials_stated
    from fct_training_event
    left join lists on lists.audience = fct_training_event.audience
    anti join participants on participants.event_id = fct_training_event.event_id
    group by all
    """
_RECORDED = """
    with
    listed as (
        select distinct text
        from cell
        where contains(text, ';')
    ),
    item as (
        select distinct trim(unnest(string_split(text, ';'))) as text
        from listed
    )
    select distinct text
    from cell
    where text in (select text from known)
    union
    select text
    from item
    where text in (select text from known)
    """
_CITING = """
    select *
    from fct_training_event
    where rowid in (select min(rowid) from fct_training_event group by source_id, source_id_2)
    order by event_id
    """


class NotSound(Exception):
    """Something in the file is not just as it will be published."""


@dataclass
class SoundEvents:
    """Events that are in the edition's file as soon as they are read (``count`` of them), and what is made of them."""

    writer: Writer
    count: int = 0
    _writing: Future[int] | None = None

    def start(self, data: Path) -> bool:
        """Begin to write the events, while other files are read; not where the participants are very many.

        For the events that they name all is done in memory.
        """
        path = data / PARTICIPATION.file
        if not path.is_file() or path.stat().st_size > MOST_PARTICIPATION:
            return False
        events = data / EVENTS.file
        self._writing = self.writer.start(lambda connection: _written(connection, events))
        return True

    def readers(self, otherwise: Mapping[str, Reader]) -> dict[str, Reader]:
        """What reads events and participation so, and ``otherwise`` where the events are not sound."""

        def read_events(folder: Path, lookup: Lookup) -> Records:
            try:
                return self._read(folder, lookup)
            except NotSound:
                return otherwise[EVENTS.name](folder, lookup)

        def read_participation(folder: Path, lookup: Lookup) -> Records:
            read = self._read_participation if self.count else otherwise[PARTICIPATION.name]
            return read(folder, lookup)

        return {EVENTS.name: read_events, PARTICIPATION.name: read_participation}

    def _read(self, folder: Path, lookup: Lookup) -> Records:
        if self._writing is None:
            raise NotSound("not begun")
        sha256 = _checksum(folder / EVENTS.file)
        count = self._writing.result()
        self.writer.do(lambda connection: _look_at(connection, lookup))
        self.writer.add_made(TABLE, count)
        self.count = count
        whole = replace(unreadable(EVENTS, checksum=sha256), is_whole=True)
        return replace(whole, rows_read=count, rows_in_parts=count)

    def _read_participation(self, folder: Path, lookup: Lookup) -> Records:
        """The file as read whole; of the events those are known that it names."""
        try:
            named = csv_rows((folder / PARTICIPATION.file).read_bytes(), PARTICIPATION.columns).frame
        except (UnreadableFile, OSError):
            return read_table(PARTICIPATION, folder, lookup)
        found = self._found(_WITH_PARTICIPANTS, participants=named)["event_id"]
        return read_table(PARTICIPATION, folder, replace(lookup, keys={**lookup.keys, EVENTS.name: found}))

    def tables(self, records: Mapping[str, Records], recorded: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
        """The tables of the events that have participants, written as far as they are not, and the states reached.

        ``recorded`` are the other tables of the edition.
        """
        taken = records[PARTICIPATION.name].frame
        self.writer.do(lambda connection: _attribute(connection, training_events.only_countries(taken)))
        events = self._found(_WITH_PARTICIPANTS, participants=taken)
        hosting = events.select("event_id", "source_id", host_country="host_area_code")
        lists = events.select("event_id", pl.col("audience").str.split(LIST_SEPARATOR))
        made = {
            TABLE: events,
            "fct_training_participation": training_participation.transform(taken, hosting),
            "training_audience": training_events.audiences(lists, recorded["dim_audience"]),
        }
        made["fct_reach"] = reaching_records({**recorded, **made})
        for name in made.keys() - {TABLE}:
            self.writer.add(name, made[name])
        return made

    def events(
        self, records: Mapping[str, Records], recorded: Mapping[str, pl.DataFrame], made: Mapping[str, pl.DataFrame]
    ) -> Events:
        """All events as values are derived from them: those ``made`` into tables, the others as far as they are alike."""
        lists = self._found("select distinct audience from fct_training_event where audience is not null")
        groups = (
            training_events.audiences(
                lists.select(event_id="audience", audience=pl.col("audience").str.split(LIST_SEPARATOR)),
                recorded["dim_audience"],
            )
            .group_by(audience="event_id")
            .agg(groups=pl.col("audience_group").unique().sort().str.join(LIST_SEPARATOR))
        )
        kinds = self._found(_KINDS_OF_OTHERS, lists=groups, participants=records[PARTICIPATION.name].frame)
        years = self._found("select distinct year from fct_training_event order by year")["year"]
        return Events(years, [made], alike_without_takers(kinds))

    def citing(self, made: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
        """Events that together cite every source that events cite, with those ``made`` into tables."""
        return pl.concat([made[TABLE], self._found(_CITING)]).unique("event_id")

    def texts(self, records: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
        """Those recorded texts that are cells of events, or in lists of them: text."""
        known = records[catalog.TEXTS.name].select("text")

        def found(connection: duckdb.DuckDBPyConnection) -> list[pl.DataFrame]:
            events = connection.table(TABLE).select(duckdb.StarExpression(exclude=["event_id"]))
            texts = [name for name, kind in zip(events.columns, events.types, strict=True) if kind == "VARCHAR"]
            cells = [events.select(duckdb.ColumnExpression(name).alias("text")) for name in texts]
            with _beside(connection, {"known": known}):
                return [_queried(text, "cell", _RECORDED).pl() for text in cells]

        return pl.concat(self.writer.do(found)).unique()

    def ranges(self) -> list[Range]:
        """Ranges of event ids, each with so many events as are compared with the edition before at once."""
        return ranges_of(self._found(APART, rows=COMPARED_AT_ONCE)["event_id"].to_list())

    def rows(self, within: Range, made: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
        """The rows of event tables that belong to events in a range, those of participants from the tables ``made``."""
        low, high = within
        events = self._found(BEFORE[TABLE], low=low, high=high)
        return event_rows({**made, TABLE: events}, within)

    def _found(self, query: str, **given: object) -> pl.DataFrame:
        """What is found in the edition and in the frames ``given``, or with the values."""
        frames = {name: each for name, each in given.items() if isinstance(each, pl.DataFrame)}
        values = {name: each for name, each in given.items() if name not in frames}

        def ask(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
            with _beside(connection, frames):
                return connection.sql(query, params=values or None).pl()

        return self.writer.do(ask)


@contextmanager
def _sound() -> Iterator[None]:
    """NotSound for what DuckDB cannot read or convert."""
    try:
        yield
    except duckdb.Error as error:
        raise NotSound from error


def _written(connection: duckdb.DuckDBPyConnection, path: Path) -> int:
    """Write the events of a file in the order of their ids, and say how many they are."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as text:
            header = header_of(text, EVENTS.columns)
    except (UnreadableFile, UnicodeDecodeError, OSError) as error:
        raise NotSound from error
    with _sound():
        connection.execute("set memory_limit = $memory", {"memory": MEMORY})
        for macro in _MACROS:
            connection.execute(macro)
        lines = connection.read_csv(
            str(path),
            columns=dict.fromkeys(header, "VARCHAR"),
            header=True,
            auto_detect=False,
            delimiter=",",
            quotechar='"',
            escapechar='"',
            strict_mode=True,
        )
        columns = [duckdb.ColumnExpression(name) for name in TrainingEvent.column_names()]
        _queried(lines, "lines", _EVENTS).select(*columns).create(TABLE)
        if _is_out_of_order(connection):
            connection.table(TABLE).order("event_id").create("in_order")
            connection.execute("drop table fct_training_event")
            connection.execute("alter table in_order rename to fct_training_event")
            if _is_out_of_order(connection):
                raise NotSound("an id comes twice")
        return connection.table(TABLE).count("*").fetchall()[0][0]


def _is_out_of_order(connection: duckdb.DuckDBPyConnection) -> bool:
    return connection.sql(_OUT_OF_ORDER).fetchall() != [(0,)]


def _look_at(connection: duckdb.DuckDBPyConnection, lookup: Lookup) -> None:
    """Let the events go, and raise NotSound, unless all of them may be published as they are."""
    events = connection.table(TABLE)
    try:
        with _sound():
            for declared in EVENTS.fields:
                _refuse_unsound_cells(events, declared, lookup)
            _refuse_unsound_rows(events)
    except NotSound:
        connection.rollback()
        connection.begin()
        connection.execute("drop table fct_training_event")
        connection.commit()
        connection.begin()
        raise


def _refuse_unsound_cells(events: duckdb.DuckDBPyRelation, declared: Field, lookup: Lookup) -> None:
    """NotSound unless the cells of a column are what its field would make of them."""
    column = duckdb.ColumnExpression(_STORED_AS.get(declared.name, declared.name))
    if isinstance(declared, PartialDate | Integer):
        return  # as stored they are no texts any more
    if declared.is_required and events.filter(column.isnull()).limit(1).fetchall():
        raise NotSound(f"{declared.name} is empty")
    if type(declared) in (Text, Key):
        pattern = _NOT_AS_PUBLISHED if type(declared) is Text else _NO_KEY
        is_bad = duckdb.FunctionExpression("regexp_matches", column, duckdb.ConstantExpression(pattern))
        if events.filter(is_bad).limit(1).fetchall():
            raise NotSound(declared.name)
        return
    cells = _few(events.select(column.alias(declared.name)).distinct())
    value = declared.parse(pl.col(declared.name), lookup)
    published = value.list.join(LIST_SEPARATOR) if isinstance(declared, ListOf) else value
    if not cells.select(published.eq_missing(pl.col(declared.name)).all()).item():
        raise NotSound(declared.name)


def _refuse_unsound_rows(events: duckdb.DuckDBPyRelation) -> None:
    """NotSound unless all rows keep the rules of their table, and the year rule."""
    dated = _few(events.select(*map(duckdb.ColumnExpression, dates.COLUMNS)).distinct()).with_columns(
        _as_stated(name).alias(f"{name}_date") for name in ("start", "end")
    )
    by_rule = dated.with_columns(
        *dates.stated("start_date", "start"),
        *dates.stated("end_date", "end"),
        *dates.year_columns("start_date", "end_date"),
    )
    if not by_rule.equals(dated):
        raise NotSound("years")
    used = {rule.name: set(rule.holds.meta.root_names()) for rule in EVENTS.rules}
    others = sorted({name for names in used.values() for name in names if not names <= {*dated.columns}})
    cells = [duckdb.ColumnExpression(_STORED_AS.get(name, name)).alias(name) for name in others]
    rows = _few(events.select(*cells).distinct())
    for rule in EVENTS.rules:
        kept = (dated if used[rule.name] <= {*dated.columns} else rows).select(rule.holds.fill_null(True).all())
        if not kept.item():
            raise NotSound(rule.name)


def _as_stated(name: str) -> pl.Expr:
    """A partial date as the file has it."""
    lengths = {"day": 10, "month": 7, "year": 4}
    day = pl.col(f"{name}_on").dt.to_string("%Y-%m-%d")
    return day.str.head(pl.col(f"{name}_precision").replace_strict(lengths, return_dtype=pl.Int64))


def _queried(rows: duckdb.DuckDBPyRelation, name: str, query: str) -> duckdb.DuckDBPyRelation:
    """What a query finds in rows that it knows by this name."""
    return cast(duckdb.DuckDBPyRelation, rows.query(name, query))


def _few(rows: duckdb.DuckDBPyRelation) -> pl.DataFrame:
    """The rows, which are distinct; NotSound where they are too many to look at each."""
    found = rows.limit(_MOST_DISTINCT + 1).pl()
    if found.height > _MOST_DISTINCT:
        raise NotSound("too many distinct cells")
    return found


def _attribute(connection: duckdb.DuckDBPyConnection, attributable: pl.DataFrame) -> None:
    """Give a stated number to the one country that took part."""
    with _beside(connection, {"attributable": attributable}):
        connection.execute(_ONLY_COUNTRY)


@contextmanager
def _beside(connection: duckdb.DuckDBPyConnection, frames: Mapping[str, pl.DataFrame]) -> Iterator[None]:
    """Let statements read the frames too."""
    for name, frame in frames.items():
        connection.register(name, frame)
    yield
    for name in frames:
        connection.unregister(name)


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
