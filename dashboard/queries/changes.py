"""What differs between two editions: computed from the two files, with the reasons that the editions between them give.

A published edition never changes, and neither does what differs between two of them: answers are kept.
"""

from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache

import polars as pl

from dashboard import db
from dashboard.db import Ask, fetch, fetch_from, two_editions
from dashboard.queries.keys import KEYS

NOT_COMPARED = (
    "dim_text",
    "edition",
    "load_report",
    "rejected_row",
    "revision",
    "count_audience",
    "count_event",
    "count_event_area",
    "count_event_source",
    "count_official_area",
    "count_reach",
    "count_source_row",
    "listed_event",
    "training_audience",
)
"""Tables about the edition itself, and tables that only restate the records."""
COMPUTED = ("fct_observation", "fct_reach")
"""Tables whose rows follow from the records; what changed in them is counted apart."""
_COMPUTED_COLUMNS = ("dim_indicator.first_year", "dim_indicator.last_year")
WHOLE_ROW = "*"  # the column of a row added or withdrawn, whose values are then given together as JSON

_OWN_NAMES: Mapping[str, str] = {
    "dim_area": "name_en",
    "dim_caveat": "text_en",
    "dim_code": "name_en",
    "dim_indicator": "title_en",
    "dim_meeting": "name",
    "dim_programme": "name",
    "dim_question": "wording",
    "dim_questionnaire_round": "name",
    "dim_scheme": "name_en",
    "dim_source": "title",
    "dim_treaty": "name",
    "fct_commitment": "paraphrase",
    "fct_training_event": "title",
    "national_authority": "name",
    "national_law": "title",
    "national_plan": "title",
    "tip_tier_evidence": "source_title",
    "training_statement": "scope",
}
"""The column that names a record to people."""
_NAMED_AFTER: Mapping[str, tuple[str, str]] = {
    "area_membership": ("group_code", "dim_area"),
    "caveat_area": ("caveat_id", "dim_caveat"),
    "fct_answer": ("question_id", "dim_question"),
    "fct_deployment": ("programme_id", "dim_programme"),
    "fct_observation": ("indicator_id", "dim_indicator"),
    "fct_reach": ("record_id", "fct_training_event"),
    "fct_response": ("round_id", "dim_questionnaire_round"),
    "fct_training_participation": ("event_id", "fct_training_event"),
    "fct_treaty_action": ("treaty_id", "dim_treaty"),
    "oas_participation": ("area_code", "dim_area"),
    "programme_funder": ("programme_id", "dim_programme"),
}
"""A record that bears the name of another: the column with the other's key, and the other's table."""
_AREA_COLUMNS = ["area_code", "host_area_code", "attributable_area_code"]
_CONCERNED: Mapping[str, tuple[str, str]] = {
    "fct_training_event": ("event_id", "fct_training_participation"),
    "dim_caveat": ("caveat_id", "caveat_area"),
}
"""A record whose states stand in another table: the key they share, and that table."""
MOST_ROWS = 500_000
"""A table with more rows is not compared row by row: readers would wait for minutes, and the server would run out of room."""
_KEPT = 3  # pairs of editions; a big load makes a long list
_CHANGE = {
    "record_key": pl.String,
    "change": pl.String,
    "place": pl.Int64,
    "column": pl.String,
    "old_value": pl.String,
    "new_value": pl.String,
    "area_codes": pl.List(pl.String),
    "name": pl.String,
    "named_after": pl.String,
    "concerns": pl.String,
    "text_lang": pl.String,
    "tells_not_received": pl.Boolean,
}


def edition_before(edition_id: str) -> str:
    """The newest edition on file that is older than the given one; empty for the oldest."""
    return next((known for known in db.editions() if db.age(known) < db.age(edition_id)), "")


def edition_days() -> pl.DataFrame:
    """edition_id, as_of_on, is_synthetic of every edition on file, newest first."""
    found = []
    for edition_id in db.editions():
        with suppress(db.NoEdition):  # pruned since the folder was read
            about = fetch_from(edition_id, "select as_of_on, is_synthetic from edition")
            found.append(about.select(pl.lit(edition_id).alias("edition_id"), "as_of_on", "is_synthetic"))
    return pl.concat(found)


def changes(before: str, after: str) -> pl.DataFrame:
    """Every row and value of a record that differs, by table, record and place of the column.

    Columns: table_name, record_key, change (added, changed, withdrawn), column (``*`` for a whole row), old_value,
    new_value (``is_withheld`` where they are kept back because the answer is suppressed in one edition or by now),
    reason and edition_id (as the newest edition between the two gives them), name and text_lang of the record,
    area_codes (list of the areas concerned), tells_not_received (whether the row names a state whose reply to a
    questionnaire was not received). Only tables and columns that both editions have are compared.
    """
    return _changes(str(db.editions_folder()), before, after, db.now_live() or after, db.edition())


def nothing() -> pl.DataFrame:
    """No difference at all, with the columns of ``changes`` and of a name in the reader's language."""
    texts = ("table_name", "record_key", "change", "column", "old_value", "new_value", "reason", "edition_id", "name")
    flags = {"is_withheld": pl.Boolean, "tells_not_received": pl.Boolean}
    more = {"name_basis": pl.String, "area_codes": pl.List(pl.String)}
    return pl.DataFrame(schema={**dict.fromkeys(texts, pl.String), **flags, **more})


def own_name(table: str) -> str:
    """The column that names a table's records to people; empty where they bear another record's name."""
    return _OWN_NAMES.get(table, "")


def too_long(before: str, after: str) -> list[str]:
    """The tables that are too long to be compared, by name."""
    columns = _columns(str(db.editions_folder()), before, after)
    return columns.filter("is_too_long")["table_name"].unique().sort().to_list()


def is_whole(before: str, after: str) -> bool:
    """Whether the two editions have the same tables and columns, so that everything could be compared."""
    columns = _columns(str(db.editions_folder()), before, after)
    return bool(columns["is_in_both"].all())


def names_in(lang: str) -> pl.DataFrame:
    """name, said: the English names of what the catalogue names in four languages, and the same in a language."""
    return fetch(
        """
        with named as (
            select name_en as name, {en: name_en, es: name_es, pt: name_pt, fr: name_fr} as said
            from dim_area
            union all
            select name_en, {en: name_en, es: name_es, pt: name_pt, fr: name_fr}
            from dim_scheme
            union all
            select name_en, {en: name_en, es: name_es, pt: name_pt, fr: name_fr}
            from dim_code
            union all
            select title_en, {en: title_en, es: title_es, pt: title_pt, fr: title_fr}
            from dim_indicator
            union all
            select text_en, {en: text_en, es: text_es, pt: text_pt, fr: text_fr}
            from dim_caveat
        )
        select name, any_value(struct_extract(said, $lang) order by struct_extract(said, $lang)) as said
        from named
        group by name
        order by name
        """,
        lang=lang,
    )


@lru_cache(maxsize=_KEPT)
def _changes(_folder: str, before: str, after: str, live: str, shown: str) -> pl.DataFrame:
    columns = _columns(_folder, before, after).filter("is_in_both", ~pl.col("is_too_long"))
    tables = columns.group_by("table_name", maintain_order=True).agg("column_name")
    with two_editions(before, after) as ask:
        found = [_of_table(ask, *table) for table in tables.iter_rows() if _differs(ask, *table)]
        rows = pl.concat([pl.DataFrame(schema=_CHANGE | {"table_name": pl.String}), *found]).sort(
            "table_name", "record_key", "place"
        )
        return (
            rows.pipe(_with_names, ask, set(tables["table_name"]))
            .pipe(_with_states_concerned, ask, set(tables["table_name"]))
            .pipe(_with_reasons, _revisions_between(before, after))
            .pipe(_without_suppressed_values, {before, after, live, shown})
        )


@lru_cache(maxsize=32)
def _columns(_folder: str, before: str, after: str) -> pl.DataFrame:
    """table_name, column_name, is_in_both, is_too_long: every column that might be compared, by table and place."""
    with two_editions(before, after) as ask:
        return ask(
            """
            with sizes as (
                -- who took part lies under a view, which also has the hosts
                select
                    database_name,
                    if(table_name = 'participant', 'fct_training_participation', table_name) as table_name,
                    estimated_size
                from duckdb_tables()
            )
            select
                table_name, column_name,
                count(distinct database_name) = 2 as is_in_both,
                coalesce(max(estimated_size) > $most, false) as is_too_long,
                max(column_index) as place
            from duckdb_columns()
            left join sizes using (database_name, table_name)
            where database_name in ('before', 'after')
                and schema_name = 'main'
                and not list_contains($not_compared, table_name)
                and not list_contains($computed, table_name || '.' || column_name)
            group by table_name, column_name
            order by table_name, place, column_name
            """,
            not_compared=list(NOT_COMPARED),
            computed=list(_COMPUTED_COLUMNS),
            most=MOST_ROWS,
        ).drop("place")


def _differs(ask: Ask, name: str, columns: list[str]) -> bool:
    """Whether a table differs at all: most do not, and this is quickly asked."""
    return ask(
        """
        with
        old as (
            select columns($columns)::varchar from query_table($before)
        ),
        new as (
            select columns($columns)::varchar from query_table($after)
        )
        select
            (select count(*) from old) <> (select count(*) from new)
            or exists (from old except all from new) as differs
        """,
        columns=columns,
        before=f"before.main.{name}",
        after=f"after.main.{name}",
    )["differs"][0]


def _of_table(ask: Ask, name: str, columns: list[str]) -> pl.DataFrame:
    """The rows and values of one table that differ; a date is cut to what its source states."""
    named_after, _table = _NAMED_AFTER.get(name, ("", ""))
    concerns, _table = _CONCERNED.get(name, ("", ""))
    rows = ask(
        """
        with
        gone as (
            select columns($columns)::varchar from query_table($before)
            except all
            select columns($columns)::varchar from query_table($after)
        ),
        come as (
            select columns($columns)::varchar from query_table($after)
            except all
            select columns($columns)::varchar from query_table($before)
        ),
        cells as (
            select 'before' as side, to_json(gone) as cells from gone
            union all
            select 'after', to_json(come) from come
        ),
        keyed as (
            select
                side,
                cells,
                array_to_string(list_transform($keys, lambda key: cells ->> key), '|') as record_key,
                list_transform(
                    $shown,
                    lambda name:
                        case
                            when not suffix(name, '_on') then cells ->> name
                            when cells ->> replace(name, '_on', '_precision') = 'year' then left(cells ->> name, 4)
                            when cells ->> replace(name, '_on', '_precision') = 'month' then left(cells ->> name, 7)
                            else cells ->> name
                        end
                ) as said
            from cells
            -- a host is told with its event
            where $table_name <> 'fct_training_participation' or cells ->> 'role' = 'participant'
        ),
        pairs as (
            select
                coalesce(old.record_key, new.record_key) as record_key,
                case
                    when old.side is null then 'added'
                    when new.side is null then 'withdrawn'
                    else 'changed'
                end as change,
                old.cells as old_cells,
                new.cells as new_cells,
                old.said as old_said,
                new.said as new_said
            from (from keyed where side = 'before') as old
            full join (from keyed where side = 'after') as new using (record_key)
        ),
        places as (
            select
                *,
                unnest(
                    case
                        when change = 'changed'
                        then list_filter(
                            range(1, len($shown) + 1), lambda place: old_said[place] is distinct from new_said[place]
                        )
                        else [0]
                    end
                ) as place
            from pairs
        )
        select
            record_key,
            change,
            place,
            case when place = 0 then '*' else $shown[place] end as "column",
            case when place = 0 then old_cells::varchar else old_said[place] end as old_value,
            case when place = 0 then new_cells::varchar else new_said[place] end as new_value,
            list_sort(list_distinct(list_filter(
                list_concat(
                    list_transform($area_columns, lambda name: old_cells ->> name),
                    list_transform($area_columns, lambda name: new_cells ->> name)
                ),
                lambda area: area is not null
            ))) as area_codes,
            coalesce(new_cells ->> nullif($named_by, ''), old_cells ->> nullif($named_by, '')) as name,
            coalesce(new_cells ->> nullif($named_after, ''), old_cells ->> nullif($named_after, '')) as named_after,
            coalesce(new_cells ->> nullif($concerns, ''), old_cells ->> nullif($concerns, '')) as concerns,
            coalesce(new_cells ->> 'text_lang', old_cells ->> 'text_lang') as text_lang,
            coalesce('not_received' in (old_cells ->> 'response_status', new_cells ->> 'response_status'), false)
            or ($table_name = 'dim_caveat' and coalesce(
                'questionnaires' in (old_cells ->> 'family', new_cells ->> 'family'), false
            ))
            or $table_name = 'caveat_area'
            or ($table_name = 'fct_observation' and starts_with(record_key, 'questionnaire')) as tells_not_received
        from places
        """,
        table_name=name,
        before=f"before.main.{name}",
        after=f"after.main.{name}",
        columns=columns,
        keys=KEYS.get(name, columns),
        shown=[column for column in columns if not column.endswith("_precision")],
        area_columns=_AREA_COLUMNS,
        named_by=_OWN_NAMES.get(name, ""),
        named_after=named_after,
        concerns=concerns,
    )
    return rows.cast(_CHANGE).with_columns(table_name=pl.lit(name))  # pyright: ignore[reportArgumentType]


def _with_names(rows: pl.DataFrame, ask: Ask, tables: set[str]) -> pl.DataFrame:
    """The rows with the names of the records after which others are named, as the newer of the two has them."""
    named = []
    for table, (_column, parent) in _NAMED_AFTER.items():
        if parent in tables and (rows["table_name"] == table).any():
            names = _keyed(ask, parent, _OWN_NAMES[parent])
            named.append(
                names.select(
                    pl.lit(table).alias("table_name"), named_after="key", parent_name="value", parent_lang="text_lang"
                )
            )
    if not named:
        return rows
    return rows.join(
        pl.concat(named), on=["table_name", "named_after"], how="left", validate="m:1", maintain_order="left"
    ).with_columns(
        name=pl.coalesce("name", "parent_name"),
        text_lang=pl.when(pl.col("name").is_null()).then("parent_lang").otherwise("text_lang"),
    )


def _keyed(ask: Ask, table: str, column: str) -> pl.DataFrame:
    """key, value, text_lang: a column of every row of a table by the row's key, from both editions, the newer one first.

    text_lang is empty where the table does not say the language of its texts.
    """
    key = KEYS[table][0]
    either = [
        ask(
            "select columns(lambda name: list_contains($columns, name))::varchar from query_table($table)",
            columns=[key, column, "text_lang"],
            table=f"{side}.main.{table}",
        )
        for side in ("after", "before")
    ]
    unsaid = pl.lit(None, pl.String)
    return (
        pl.concat(
            [
                rows.select(key=key, value=column, text_lang="text_lang" if "text_lang" in rows.columns else unsaid)
                for rows in either
            ]
        )
        .unique("key", keep="first", maintain_order=True)
        .sort("key")
    )


def _with_states_concerned(rows: pl.DataFrame, ask: Ask, tables: set[str]) -> pl.DataFrame:
    """The rows with the states of events and caveats, which another table names."""
    concerned = []
    for table, (key, states) in _CONCERNED.items():
        if states in tables and (rows["table_name"] == table).any():
            either = [
                ask(
                    "select columns($columns)::varchar from query_table($table)",
                    columns=[key, "area_code"],
                    table=f"{side}.main.{states}",
                )
                for side in ("before", "after")
            ]
            named = pl.concat([found.select(concerns=key, area_code="area_code") for found in either])
            concerned.append(
                named.group_by("concerns")
                .agg(states=pl.col("area_code").unique())
                .with_columns(table_name=pl.lit(table))
            )
    if not concerned:
        return rows
    return rows.join(
        pl.concat(concerned), on=["table_name", "concerns"], how="left", validate="m:1", maintain_order="left"
    ).with_columns(area_codes=pl.col("area_codes").list.set_union(pl.col("states").fill_null([])).list.sort())


def _revisions_between(before: str, after: str) -> pl.DataFrame:
    """table_name, record_key, column, reason, edition_id: what the editions after the older one up to the newer say.

    Newest edition first; values computed from the records are left out.
    """
    older, newer = sorted((before, after), key=db.age)
    found = []
    for edition_id in db.editions():
        if db.age(older) < db.age(edition_id) <= db.age(newer):
            with suppress(db.NoEdition):  # pruned since the folder was read
                rows = fetch_from(
                    edition_id,
                    """
                    select table_name, record_key, "column", reason
                    from revision
                    where not list_contains($computed, table_name)
                    order by table_name, record_key, "column"
                    """,
                    computed=list(COMPUTED),
                )
                found.append(rows.with_columns(edition_id=pl.lit(edition_id)))
    names = ("table_name", "record_key", "column", "reason", "edition_id")
    return pl.concat([pl.DataFrame(schema=dict.fromkeys(names, pl.String)), *found])


def _with_reasons(rows: pl.DataFrame, revisions: pl.DataFrame) -> pl.DataFrame:
    """The rows with reason and edition_id of the newest revision of the value, else of the date's exactness or the row."""
    newest = revisions.unique(["table_name", "record_key", "column"], keep="first", maintain_order=True)
    looked_up = {
        "": pl.col("column"),
        "_of_precision": pl.col("column").str.replace(r"_on$", "_precision"),
        "_of_row": pl.lit(WHOLE_ROW),
    }
    for suffix, column in looked_up.items():
        rows = (
            rows.with_columns(revised=column)
            .join(
                newest.rename({"column": "revised", "reason": f"reason{suffix}", "edition_id": f"edition_id{suffix}"}),
                on=["table_name", "record_key", "revised"],
                how="left",
                validate="m:1",
                maintain_order="left",
            )
            .drop("revised")
        )
    parts = list(looked_up)
    is_known = [pl.col(f"edition_id{part}").is_not_null() for part in parts]
    reason = (
        pl.when(is_known[0]).then("reason").when(is_known[1]).then("reason_of_precision").otherwise("reason_of_row")
    )
    return rows.with_columns(reason=reason, edition_id=pl.coalesce(f"edition_id{part}" for part in parts))


def _without_suppressed_values(rows: pl.DataFrame, editions: set[str]) -> pl.DataFrame:
    """The rows without what an answer or value held that is suppressed, or was cut to its total, in one of the editions."""
    hidden = pl.concat([_suppressed(edition_id) for edition_id in sorted(editions)]).unique()
    suppressed = hidden.filter(~pl.col("is_cut")).select("table_name", "record_key", is_suppressed=True)
    cut = hidden.filter("is_cut").select("table_name", "record_key", is_cut=True)
    told = pl.col("column").is_in(["answer", "value", "value_code", "numerator", "denominator", "note", WHOLE_ROW])
    kept_back = {
        side: ((pl.col("is_suppressed") & told) | (pl.col("is_cut") & ~_is_only_a_number(side))).fill_null(False)
        & pl.col(side).is_not_null()
        for side in ("old_value", "new_value")
    }
    keys = ["table_name", "record_key"]
    return (
        rows.join(suppressed, on=keys, how="left", validate="m:1", maintain_order="left")
        .join(cut, on=keys, how="left", validate="m:1", maintain_order="left")
        .with_columns(is_withheld=pl.any_horizontal(kept_back.values()))
        .with_columns(pl.when(~hides).then(side).alias(side) for side, hides in kept_back.items())
        .select(
            "table_name", "record_key", "change", "column", "old_value", "new_value", "is_withheld",
            "reason", "edition_id", "name", "text_lang", "area_codes", "tells_not_received",
        )
    )  # fmt: skip


def _is_only_a_number(side: str) -> pl.Expr:
    """Whether one side of an answer's change is, or is no wording of, what an answer cut to its total would be."""
    value = pl.col(side)
    row = pl.when(pl.col("column") == WHOLE_ROW).then(value)
    row_is_number = (
        row.str.json_path_match("$.answer").cast(pl.Float64, strict=False).is_not_null()
        & row.str.json_path_match("$.note").is_null()
    )
    return (
        pl.when(pl.col("column") == WHOLE_ROW)
        .then(row_is_number)
        .when(pl.col("column").is_in(["answer", "note"]))
        .then(value.cast(pl.Float64, strict=False).is_not_null())
        .otherwise(True)
    )


def _suppressed(edition_id: str) -> pl.DataFrame:
    """table_name, record_key, is_cut: answers and values that an edition suppresses, and answers that are only a number.

    Such an answer may have been cut to its total because its parts are small.
    """
    return fetch_from(
        edition_id,
        """
        select 'fct_answer' as table_name, answer_id as record_key, answer_status <> 'Q' as is_cut
        from fct_answer
        where answer_status = 'Q' or (try_cast(answer as double) = value and note is null)
        union all
        select
            'fct_observation',
            concat_ws('|', indicator_id, area_code, period_kind, period, category, sex, age),
            false
        from fct_observation
        where obs_status = 'Q'
        order by all
        """,
    )
