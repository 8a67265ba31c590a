"""Cells as people write them, turned into the forms of the house's own CSV files; what is doubtful is never guessed.

A column is normalised as a whole: each distinct text once. A cell that cannot be read keeps its text with ``BAD`` in
front, a character that no field accepts, and its finding says what was expected instead.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial

import polars as pl

from pipelines import dates
from pipelines.area_names import AreaNames
from pipelines.errors import shown
from pipelines.fields import (
    LIST_SEPARATOR,
    Area,
    Boolean,
    Code,
    Field,
    Integer,
    Key,
    ListOf,
    Lookup,
    Number,
    PartialDate,
    Reference,
    Text,
    Year,
    closest,
)
from pipelines.i18n import _, either, language, quoted
from pipelines.intake.dates_written import NotRead, Read, is_month_first, read_date
from pipelines.intake.kinds import Kind
from pipelines.intake.numbers_written import Doubtful, decimal_sign, number_within, read_number
from pipelines.intake.plain_words import plain

BAD = "\x1b"
MOST_TOLD = 10_000  # problems of a column that are told one by one
_SHEET_DAY_ZERO = date(1899, 12, 30)
INVISIBLE, SERIAL, TIME = "invisible", "serial", "time"  # what was done to cells, for the remarks
AUDIENCES = "audiences"
_UNSEEN = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufeff"
_UNSEEN_ANYWHERE = f"[{_UNSEEN}]"
_BLANKS = "".join(
    chr(code) for code in (*range(9, 14), 32, 133, 160, 5760, *range(8192, 8203), 8232, 8233, 8239, 8287, 12288)
)
_ITEM_ENDS = rf"\s*[{LIST_SEPARATOR}\n\r][{LIST_SEPARATOR}\s]*"
_ERRORS = ("#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!", "#¡REF!", "#¡DIV/0!", "#¡VALOR!", "#VALOR!",
           "#¿NOMBRE?", "#NOMBRE?", "#NOME?", "#NOM?", "#N/D", "#¡NUM!", "#¡NULO!", "#NULO!", "#VALEUR!", "#NUL!", "#NOMBRE!",
           "#GETTING_DATA", "#SPILL!", "#CALC!", "Err:502", "Err:508", "Err:522")  # fmt: skip
_UNKNOWN = {"", "n a", "na", "n d", "nd", "s d", "sd", "s i", "n c", "nc", "no data", "not available", "not applicable", "unknown",
            "not stated", "not known", "none", "null", "nil", "nan", "tbd", "tbc", "sin datos", "sin dato", "sin informacion",
            "no disponible", "no aplica", "no consta", "no se sabe", "desconocido", "desconocida", "ninguno", "ninguna",
            "por definir", "pendiente", "sem dados", "sem informacao", "nao disponivel", "nao se aplica", "nao consta",
            "nao informado", "desconhecido", "desconhecida", "nenhum", "a definir", "non disponible", "sans objet", "inconnu",
            "inconnue", "aucun", "aucune", "aucune donnee", "sans donnees", "pas de donnees", "a preciser"}  # fmt: skip
TRUE_WORDS = {
    "true",
    "yes",
    "y",
    "si",
    "s",
    "sim",
    "oui",
    "verdadero",
    "verdadera",
    "verdadeiro",
    "vrai",
    "x",
    "1",
    "cierto",
}
FALSE_WORDS = {"false", "no", "n", "nao", "non", "falso", "falsa", "faux", "0"}
_TRUE_SIGNS, _FALSE_SIGNS = {"✓", "✔", "☑", "✅"}, {"✗", "✘", "❌"}
_WITH_CODE = re.compile(r"(.+?)\s*[(\[]\s*([A-Za-z0-9_.\-]+)\s*[)\]]")
_CODE_BEFORE = re.compile(r"([A-Za-z0-9_.\-]+)\s+[-–—:]\s+(.+)")


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Why a cell's text is not accepted; ``found`` replaces the value in the sentence where that says more."""

    rule: str
    expected: str
    nearest: str | None = None
    found: str | None = None


@dataclass(frozen=True, kw_only=True)
class Known:
    """The words that cells may use instead of codes, by their plain form.

    ``codes`` gives for each code list and language the codes of a word, ``audiences`` the labels of a word in any
    language, ``audience_words`` the word for a label by language.
    """

    areas: AreaNames
    codes: Mapping[str, Mapping[str, Mapping[str, frozenset[str]]]]
    audiences: Mapping[str, frozenset[str]]
    audience_words: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, kw_only=True)
class Situation:
    """Where a column stands: the words for its fields, the sheet's language, and what its table calls things."""

    known: Known
    lookup: Lookup
    lang: str | None = None
    has_basis: bool = False  # the table says in a column of its own what kind of number a number is
    is_house_file: bool = False  # a text file with the house's own headings


@dataclass(frozen=True, kw_only=True)
class Values:
    """A column in the house's forms, why its bad cells (by their text here) are bad, what was done to which cells.

    ``done`` gives for each kind of change the positions (from 0) of the cells concerned.
    """

    text: pl.Series
    findings: Mapping[str, Finding] = field(default_factory=dict)
    done: Mapping[str, pl.Series] = field(default_factory=dict)


_NOT_TOLD = Finding(rule="like_others", expected="")
Answer = str | Finding | Read | None  # the house's form, why there is none, or nothing: the field itself will say


def normalised(declared: Field, text: pl.Series, kinds: pl.Series | None, situation: Situation) -> Values:
    """A column of text cells (and how the spreadsheet stored them) in the house's forms."""
    kind = pl.Series([None], dtype=pl.UInt8).new_from_index(0, text.len()) if kinds is None else kinds
    cells = pl.DataFrame([text.alias("raw"), kind.alias("kind")])
    if isinstance(declared, (Text, Key)):
        return _with_errors(declared, _cleaned(cells, is_free=_is_free(declared)))
    if _is_free(declared) or _is_plain_reference(declared):
        return _each_once(declared, cells)
    distinct = _cleaned(_distinct(cells).drop_nulls("raw"), is_free=False)
    found = zip(distinct["text"], _told(_answers(declared, distinct, situation)), strict=True)
    answers = [None if clean is None else answer for clean, answer in found]
    houses = [_in_house_form(clean, answer) for clean, answer in zip(distinct["text"], answers, strict=True)]
    read = distinct.select(
        "raw",
        "kind",
        "has_unseen",
        house=pl.Series(houses, dtype=pl.String),
        how=pl.Series([answer.how if isinstance(answer, Read) else None for answer in answers], dtype=pl.String),
    )
    joined = cells.join(read, on=["raw", "kind"], how="left", nulls_equal=True, maintain_order="left")
    findings = {
        house: answer
        for house, answer in zip(houses, answers, strict=True)
        if house is not None and isinstance(answer, Finding) and answer is not _NOT_TOLD
    }
    done = {how: _positions(joined["how"] == how) for how in (SERIAL, TIME)}
    return Values(
        text=_shared(text, joined["house"]).alias(declared.name),
        findings=findings,
        done={INVISIBLE: _positions(joined["has_unseen"]), **done},
    )


def _distinct(cells: pl.DataFrame) -> pl.DataFrame:
    """Every cell once; where they are very many, in the order in which they are told."""
    distinct = cells.unique()
    return distinct if distinct.height <= MOST_TOLD else cells.unique(maintain_order=True)


def _told(answers: Iterable["Answer"]) -> Iterator["Answer"]:
    """The answers; of those that say why a cell is bad the first ones, for no more are told."""
    left = MOST_TOLD
    for answer in answers:
        left -= isinstance(answer, Finding)
        yield _NOT_TOLD if left < 0 and isinstance(answer, Finding) else answer


def _cleaned(cells: pl.DataFrame, *, is_free: bool) -> pl.DataFrame:
    """The cells with ``text``, trimmed and empty where nothing is left, and whether something unseen was left out."""
    text = pl.col("text")
    return (
        cells.with_columns(with_line_ends=pl.col("raw").str.replace_all("\r\n?", "\n"))
        .with_columns(text=_clean(pl.col("with_line_ends"), is_free=is_free))
        .with_columns(has_unseen=text != pl.col("with_line_ends").str.strip_chars())
        .select(*cells.columns, pl.when(text.str.len_bytes() > 0).then(text), "has_unseen")
    )


def _in_house_form(clean: str | None, answer: "Answer") -> str | None:
    if isinstance(answer, Read):
        return answer.iso
    return f"{BAD}{clean}" if isinstance(answer, Finding) else answer if answer is not None else clean


def _clean(text: pl.Expr, *, is_free: bool) -> pl.Expr:
    """Trimmed, its line ends made one; what cannot be seen is taken out, within free text only at the edges."""
    if is_free:
        return text.str.strip_chars(_BLANKS + _UNSEEN)
    return text.str.replace_all(_UNSEEN_ANYWHERE, "").str.strip_chars()


def _is_free(declared: Field) -> bool:
    return isinstance(declared, Text) or (isinstance(declared, ListOf) and isinstance(declared.item, Text))


def _is_plain_reference(declared: Field) -> bool:
    return isinstance(declared, Reference) and declared.table != AUDIENCES


def _positions(is_so: pl.Series) -> pl.Series:
    return is_so.fill_null(False).arg_true()


def _each_once(declared: Field, cells: pl.DataFrame) -> Values:
    """The same of a column in which many cells are alike."""
    distinct = _cleaned(cells.unique(), is_free=_is_free(declared))
    found = _with_errors(declared, distinct)
    read = distinct.select("raw", "kind", "has_unseen", house=found.text)
    joined = cells.join(read, on=["raw", "kind"], how="left", nulls_equal=True, maintain_order="left")
    return Values(
        text=_shared(cells["raw"], joined["house"]).alias(declared.name),
        findings=found.findings,
        done={INVISIBLE: _positions(joined["has_unseen"])},
    )


def _with_errors(declared: Field, cells: pl.DataFrame) -> Values:
    """Free text, identifiers and references: as they stand, but for what a spreadsheet could not work out."""
    text = pl.col("text")
    is_error = text.is_in(list(_ERRORS)) | (pl.col("kind") == Kind.ERROR).fill_null(False)
    is_date = (pl.col("kind") == Kind.DATE).fill_null(False) & (not _is_free(declared))
    if isinstance(declared, ListOf):
        text = text.str.replace_all(_ITEM_ENDS, LIST_SEPARATOR).str.strip_chars(LIST_SEPARATOR)
    marked = cells.select(
        text=pl.when(is_error | is_date).then(pl.lit(BAD) + pl.col("text")).otherwise(text),
        is_error=is_error,
        is_date=is_date,
    )
    findings = {value: _error(value) for value in marked.filter("is_error")["text"].drop_nulls().unique()} | {
        value: Finding(
            rule=f"invalid_{declared.kind}",
            found=_("the spreadsheet has made a date of this code"),
            expected=_("the code, written as text"),
        )
        for value in marked.filter(pl.col("is_date") & ~pl.col("is_error"))["text"].drop_nulls().unique()
    }
    done = {INVISIBLE: _positions(cells["has_unseen"])}
    return Values(text=_shared(cells["raw"], marked["text"]).alias(declared.name), findings=findings, done=done)


def _shared(cells: pl.Series, texts: pl.Series) -> pl.Series:
    """The texts; the very same cells where nothing had to be done to them, so that they lie in memory once."""
    return cells if texts.equals(cells) else texts


def _error(text: str) -> Finding:
    return Finding(
        rule="spreadsheet_error",
        found=_('the cell shows "{value}", for the spreadsheet could not work it out', value=text.removeprefix(BAD)),
        expected=_("a value"),
    )


def _answers(declared: Field, distinct: pl.DataFrame, situation: Situation) -> Iterable[Answer]:
    """For each distinct text and kind its form in the house's files, or why there is none."""
    distinct = distinct.with_columns(pl.col("text").fill_null(""))
    texts, kinds = distinct["text"], distinct["kind"]
    if isinstance(declared, ListOf):
        return _lists(declared, texts, kinds, situation)
    read = _reader(declared, distinct, situation)
    return (
        _error(text)
        if kind == Kind.ERROR or text in _ERRORS
        else _known_or_missing(declared, read(text, kind), text, situation)
        for text, kind in zip(texts, kinds, strict=True)
    )


def _known_or_missing(declared: Field, answer: Answer, text: str, situation: Situation) -> Answer:
    if answer is not None or isinstance(declared, Text) or plain(text) not in _UNKNOWN:
        return answer
    if declared.is_required:
        return None
    return Finding(
        rule="not_empty",
        found=_('"{value}" is no value', value=text),
        expected=_("an empty cell where the source does not say it; never a zero, which would be a number"),
    )


Reader = Callable[[str, int | None], Answer]


def _reader(declared: Field, distinct: pl.DataFrame, situation: Situation) -> Reader:
    typed = distinct.filter(pl.col("kind").fill_null(Kind.TEXT) == Kind.TEXT)["text"]
    match declared:
        case Code():
            return partial(_code, declared, situation)
        case Area():
            return _area_reader(distinct["text"], situation.known.areas)
        case PartialDate():
            return partial(_date, is_month_first(typed))
        case Year():
            return _year
        case Integer():
            return partial(_number, declared, None, situation)
        case Number():
            sign = decimal_sign(typed) or ("." if situation.is_house_file else None)
            return partial(_number, declared, sign, situation)
        case Boolean():
            return _boolean
        case Reference():
            return partial(_audience, situation)
    return lambda text, kind: None


def _code(declared: Code, situation: Situation, text: str, kind: int | None) -> Answer:
    if text in declared.codes:
        return text
    meant = _codes_meant(declared, situation, text)
    if len(meant) == 1:
        return next(iter(meant))
    if not meant:
        return _unknown_code(declared, situation, text)
    options = either([declared.worded(code, situation.lookup) for code in declared.codes if code in meant])
    return Finding(rule="ambiguous_code", found=_may_mean(text, options), expected=_("which of them is meant"))


def _may_mean(text: str, options: str) -> str:
    return _('"{value}" may mean {options}', value=shown(text), options=options)


def _unknown_code(declared: Code, situation: Situation, text: str) -> Finding | None:
    """No such code; the nearest one is looked for among its words in every language."""
    if plain(text) in _UNKNOWN:
        return None
    by_language = situation.known.codes.get(getattr(declared.codes, "name", ""), {})
    words = {word: min(codes) for said in by_language.values() for word, codes in said.items()}
    found = closest(plain(text), [*words, *(plain(code) for code in declared.codes)])
    code = words.get(found or "") or next((code for code in declared.codes if plain(code) == found), None)
    nearest = (
        None if code is None else _quoted(situation.lookup.words.get(declared.codes.name, {}).get(code, code), code)
    )
    return Finding(rule="invalid_code", expected=declared.expected_in(situation.lookup), nearest=nearest)


def _codes_meant(declared: Code, situation: Situation, text: str) -> frozenset[str]:
    by_language = situation.known.codes.get(getattr(declared.codes, "name", ""), {})
    spelt = {plain(code): code for code in declared.codes}
    for wanted in (text, *_without_code(text)):
        words = plain(wanted)
        if words in spelt:
            return frozenset([spelt[words]])
        own = by_language.get(situation.lang or language(), {}).get(words)
        if found := own or frozenset().union(*(codes.get(words, frozenset()) for codes in by_language.values())):
            return frozenset(code for code in found if code in declared.codes)
    return frozenset()


def _without_code(text: str) -> tuple[str, ...]:
    """A text such as "realizado (held)" or "held – realizado": the code, to be tried on its own."""
    if match := _WITH_CODE.fullmatch(text):
        return (match[2],)
    match = _CODE_BEFORE.fullmatch(text)
    return (match[1],) if match else ()


def _area_reader(texts: pl.Series, areas: AreaNames) -> Reader:
    parts = {text: (match[1], match[2]) for text in texts if (match := _WITH_CODE.fullmatch(text))}
    names = pl.Series("name", [*texts, *(part for pair in parts.values() for part in pair)], dtype=pl.String).unique()
    codes = dict(pl.DataFrame({"name": names}).select("name", areas.code_of(pl.col("name")).alias("code")).iter_rows())

    def read(text: str, kind: int | None) -> Answer:
        if code := codes.get(text):
            return code
        name, code = (codes.get(part) for part in parts.get(text, ("", "")))
        return name if name == code else None

    return read


def _date(has_month_first: bool, text: str, kind: int | None) -> Answer:
    if kind == Kind.DATE and (year := _year_made_a_day(text)):
        return Finding(
            rule="invalid_date",
            found=_('the spreadsheet made the day "{day}" of the year {year}', day=text, year=year),
            expected=_("the year, written as text"),
            nearest=quoted(year),
        )
    read = read_date(text, has_month_first=has_month_first and kind in (None, Kind.TEXT))
    if isinstance(read, NotRead):
        return Finding(rule="invalid_date", expected=read.expected, nearest=read.nearest, found=read.found)
    return read if read is None or read.how else read.iso


def _year_made_a_day(text: str) -> str | None:
    """The year whose number a spreadsheet took for a count of days: 2010 in a cell of dates becomes 1905-07-02."""
    try:
        days = (date.fromisoformat(text[:10]) - _SHEET_DAY_ZERO).days
    except ValueError:
        return None
    return str(days) if dates.FIRST_YEAR <= days <= dates.LAST_YEAR else None


def _year(text: str, kind: int | None) -> Answer:
    if text.isascii() and text.isdigit():
        return None
    read = read_date(text)
    if not isinstance(read, Read):
        return None
    nearest = (_year_made_a_day(text) if kind == Kind.DATE else None) or read.iso[:4]
    return Finding(rule="invalid_year", expected=_("a year of four digits alone"), nearest=quoted(nearest))


def _number(declared: Integer | Number, sign: str | None, situation: Situation, text: str, kind: int | None) -> Answer:
    if kind == Kind.NUMBER:
        return text
    rule = f"invalid_{declared.kind}"
    if kind == Kind.DATE:
        found = _('the spreadsheet has made the date "{value}" of this number', value=text)
        return Finding(rule=rule, found=found, expected=_("the number"))
    plain_number = text.replace("\u00a0", " ").replace("\u202f", " ").replace("\u2009", " ")
    read = read_number(plain_number, is_whole=isinstance(declared, Integer), sign=sign)
    if isinstance(read, Doubtful):
        first, second = read.readings
        return Finding(
            rule="ambiguous_number",
            found=_('"{value}" can be read in two ways', value=shown(text)),
            expected=_(
                "{first} if thousands are set apart, {second} if not", first=first, second=second.replace(".", ",")
            ),
        )
    if read is not None or plain(text) in _UNKNOWN:
        return read
    if plain_number.endswith("%") and (number := number_within(plain_number[:-1].strip())) is not None:
        return Finding(rule=rule, expected=_("a number alone, its unit in a column of its own"), nearest=quoted(number))
    number = number_within(plain_number)
    if number is None:
        return None
    return Finding(rule=rule, expected=_about_number(situation), nearest=quoted(number))


def _about_number(situation: Situation) -> str:
    if not situation.has_basis:
        return _("a number alone, words about it in another column")
    column = situation.lookup.headings.get("number_basis", "number_basis")
    return _('a number alone; whether it is exact, a minimum or about is said in the column "{column}"', column=column)


def _boolean(text: str, kind: int | None) -> Answer:
    words = plain(text)
    if words in TRUE_WORDS or text in _TRUE_SIGNS:
        return "true"
    return "false" if words in FALSE_WORDS or text in _FALSE_SIGNS else None


def _audience(situation: Situation, text: str, kind: int | None) -> Answer:
    known = situation.known
    if text in known.audience_words:
        return text
    labels = known.audiences.get(plain(text), frozenset())
    if len(labels) == 1:
        return next(iter(labels))
    if plain(text) in _UNKNOWN:
        return None
    words = {label: said.get(language(), label) for label, said in known.audience_words.items()}
    if labels:
        options = either([_quoted(words[label], label) for label in sorted(labels)])
        return Finding(rule="unknown_reference", found=_may_mean(text, options), expected=_("which of them is meant"))
    spellings = {word: label for label, said in known.audience_words.items() for word in (label, *said.values())}
    found = closest(text, list(spellings))
    nearest = _quoted(words[spellings[found]], spellings[found]) if found else None
    return Finding(rule="unknown_reference", expected=_("one of the audiences of the list"), nearest=nearest)


def _quoted(word: str, code: str) -> str:
    return quoted(word) if word == code else f"{quoted(word)} ({code})"


def _lists(declared: ListOf, texts: pl.Series, kinds: pl.Series, situation: Situation) -> list[Answer]:
    split = [[item.strip() for item in re.split(r"[;\n]", text) if item.strip()] for text in texts]
    by_comma = [[item.strip() for item in re.split(r"[;\n,]", text) if item.strip()] for text in texts]
    items = pl.Series(
        "text", [item for lists in (split, by_comma) for parts in lists for item in parts], dtype=pl.String
    )
    distinct = pl.DataFrame({"text": items.unique()}).with_columns(kind=pl.lit(None, pl.UInt8))
    answers = dict(zip(distinct["text"], _answers(declared.item, distinct, situation), strict=True))
    return [
        _error(text)
        if kind == Kind.ERROR or text in _ERRORS
        else _list(declared, parts, commas, answers, situation, text)
        for text, kind, parts, commas in zip(texts, kinds, split, by_comma, strict=True)
    ]


def _list(
    declared: ListOf,
    parts: list[str],
    commas: list[str],
    answers: Mapping[str, Answer],
    situation: Situation,
    text: str,
) -> Answer:
    if not parts or (len(parts) == 1 and plain(text) in _UNKNOWN and not isinstance(answers[parts[0]], str)):
        return _known_or_missing(declared, None, text, situation)
    read = [answers[part] for part in parts]
    if all(isinstance(answer, str) for answer in read):
        return LIST_SEPARATOR.join(str(answer) for answer in read)
    split_otherwise = [answers[part] for part in commas]
    expected = declared.expected_in(situation.lookup)
    if len(commas) > len(parts) and all(isinstance(answer, str) for answer in split_otherwise):
        return Finding(rule="invalid_list", expected=expected, nearest=quoted("; ".join(commas)))
    for part, answer in zip(parts, read, strict=True):
        if isinstance(answer, Finding):
            if len(parts) == 1 or answer.found:
                return replace(answer, rule="invalid_list")
            whole = _('a valid list: "{item}" is not {expected}', item=part, expected=answer.expected)
            return Finding(rule="invalid_list", expected=whole, nearest=answer.nearest)
    return LIST_SEPARATOR.join(
        answer if isinstance(answer, str) else part for part, answer in zip(parts, read, strict=True)
    )
