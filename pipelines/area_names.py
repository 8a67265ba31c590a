"""From any usual spelling of a country to the code of its state."""

import gettext
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import lru_cache

import polars as pl
import pycountry

from pipelines import vocabularies as words
from pipelines.i18n import _, either, language, quoted

_SURE, _MOST_MEANT = 0.85, 6  # how alike names are that may be meant; more of them are no help
_WHOLE_WORD = 4  # letters from which the start of a word stands for it
NAME_COLUMNS = [f"{kind}_{language}" for kind in ("name", "official_name") for language in words.LANGUAGES]


def folded(text: pl.Expr) -> pl.Expr:
    """A name without case, accents and punctuation, so that spellings of one name meet."""
    return (
        plain(text)
        .str.replace(r"^(\d{1,2})$", "0$1")  # M49 codes without their leading zeros
        .str.replace(r"^(\d{2})$", "0$1")
    )


def plain(text: pl.Expr) -> pl.Expr:
    """Any words without case, accents and punctuation."""
    return (
        text.str.normalize("NFKD")
        .str.replace_all(r"\p{M}", "")
        .str.to_lowercase()
        .str.replace_all(r"[^\p{L}\p{N}]+", " ")
        .str.strip_chars()
    )


class AreaNames:
    """From any usual name or code of a state to its ISO alpha-3 code; what is ambiguous is never guessed."""

    def __init__(self, areas: pl.DataFrame, aliases: pl.DataFrame) -> None:
        """Names come from ``areas`` and ``aliases`` (an empty code: left out on purpose), then from pycountry."""
        states = areas.filter(pl.col("area_type") == "country")
        self._names = {
            language: dict(states.select("area_code", f"name_{language}").iter_rows()) for language in words.LANGUAGES
        }
        curated = pl.concat([_own_names(states), aliases.select(name="alias", area_code="area_code")])
        general = _public_names().with_columns(
            pl.when(pl.col("area_code").is_in(states["area_code"].implode())).then(pl.col("area_code"))
        )
        own = _by_folded_name(curated)
        known = pl.concat([own, _by_folded_name(general).join(own, on="folded", how="anti")])
        self._codes = dict(
            known.filter(pl.col("codes").list.len() == 1)
            .select("folded", pl.col("codes").list.first())
            .drop_nulls()
            .iter_rows()
        )
        self._ambiguous: dict[str, list[str | None]] = dict(
            known.filter(pl.col("codes").list.len() > 1).select("folded", "codes").iter_rows()
        )
        self._outside = set(known.filter(pl.col("codes") == [None])["folded"])
        self._looked_up: dict[str, list[str | None]] = {}
        self._known: dict[str, list[str | None]] = dict(known.select("folded", "codes").iter_rows())
        self._spellings = dict(
            pl.concat([general, curated])
            .select(folded=folded(pl.col("name")), name="name")
            .filter(pl.col("folded").is_in(list(self._codes)), pl.col("name").str.len_chars() > 3)
            .iter_rows()
        )

    def code_of(self, name: pl.Expr) -> pl.Expr:
        """The state's code; empty where the name is unknown, outside the hemisphere or ambiguous."""
        return folded(name).replace_strict(self._codes, default=None, return_dtype=pl.String)

    def why_unknown(self, name: str) -> str | None:
        """What a name that gives no code should have been; nothing for a name never heard of."""
        key = _folded_text(name)
        if key in self._outside:
            return _("one of the states covered here: it is the name of another country or territory")
        meant = self._ambiguous.get(key) or self._meant(key)
        if len(meant) > 1:
            states = either([self._named(code) for code in meant])
            return _("the name of one state only: it may mean {states}", states=states)
        return (
            _("one of the states covered here; another country or territory may be meant") if meant == [None] else None
        )

    def _named(self, code: str | None) -> str:
        if code is None:
            return _("an area outside the list")
        return f"{quoted(self._names[language()].get(code, code))} ({code})"

    def _meant(self, key: str) -> list[str | None]:
        """The states (nothing for one elsewhere) that a part of a name may mean; none where no part of it fits."""
        if key not in self._looked_up:
            self._looked_up[key] = self._look_up(key)
        return self._looked_up[key]

    def _look_up(self, key: str) -> list[str | None]:
        parts = key.split()
        by_words = [name for name in self._known if parts and all(_has_word(name, part) for part in parts)]
        if not by_words:
            return []
        alike = get_close_matches(key, list(self._spellings), n=_MOST_MEANT, cutoff=_SURE)
        codes = {code for name in (*by_words, *alike) for code in self._known[name]}
        return sorted(codes, key=lambda code: code or "~") if len(codes) <= _MOST_MEANT else []

    def nearest(self, name: str) -> str | None:
        """The known name spelt most like ``name``, with the state's code; nothing where another or several may be meant."""
        key = _folded_text(name)
        meant = self._ambiguous.get(key) or self._meant(key)
        if key in self._outside or meant == [None] or len(meant) > 1:
            return None
        matches = get_close_matches(key, list(self._spellings), n=1, cutoff=0.6)
        return f"{quoted(self._spellings[matches[0]])} ({self._codes[matches[0]]})" if matches else None


def _own_names(states: pl.DataFrame) -> pl.DataFrame:
    named = states.select("area_code", "iso2", "m49", *NAME_COLUMNS, code="area_code")
    return named.unpivot(index="area_code", value_name="name").drop_nulls("name").select("name", "area_code")


@lru_cache(maxsize=1)
def _public_names() -> pl.DataFrame:
    return pl.DataFrame(list(_iso_names()), schema={"name": pl.String, "area_code": pl.String}, orient="row")


def _iso_names() -> Iterator[tuple[str, str]]:
    catalogues = [
        gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=[language], fallback=True)
        for language in ("es", "pt", "pt_BR", "fr")
    ]
    for country in pycountry.countries:
        attributes: Mapping[str, str] = country._fields
        yield from ((attributes[code], country.alpha_3) for code in ("alpha_2", "alpha_3", "numeric"))
        for attribute in ("name", "official_name", "common_name"):
            if english := attributes.get(attribute):
                yield english, country.alpha_3
                yield from ((catalogue.gettext(english), country.alpha_3) for catalogue in catalogues)


def _by_folded_name(names: pl.DataFrame) -> pl.DataFrame:
    return (
        names.with_columns(folded=folded(pl.col("name")))
        .group_by("folded")
        .agg(codes=pl.col("area_code").unique().sort())
        .sort("folded")
    )


def _has_word(name: str, part: str) -> bool:
    return any(word == part or (len(part) >= _WHOLE_WORD and word.startswith(part)) for word in name.split())


def _folded_text(name: str) -> str:
    return pl.select(folded(pl.lit(name))).item()
