"""Made-up records of every kind but training events: small tables, each as a Polars frame of text in the house's form."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from pipelines import vocabularies
from pipelines.demo import words
from pipelines.demo.chance import Chance, Dice
from pipelines.demo.words import SOURCE_ID, STATES, Wordings
from pipelines.fields import Table
from pipelines.registry import (
    meetings,
    national_authorities,
    national_laws,
    national_plans,
    programme_deployments,
    programmes,
    questionnaire_answers,
    questionnaire_questions,
    questionnaire_responses,
    questionnaire_rounds,
    recommendations,
    training_statements,
    treaty_actions,
)

FIRST_YEAR, LAST_YEAR = 2004, 2026
NOT_ASKED = ("CUB",)
_ROUND_KINDS = ("complete", "named", "other_body", "complete", "unnamed", "civil_society")
_PORTUGUESE, _FRENCH, _SPANISH = ("BRA",), ("HTI",), (
    *("ARG", "BOL", "CHL", "COL", "CRI", "CUB", "DOM", "ECU", "SLV", "GTM", "HND", "MEX", "NIC", "PAN", "PER", "PRY"),
    *("URY", "VEN"),
)  # fmt: skip
_TOPICS = (
    *("legislation", "national plan", "coordination", "training", "victim assistance", "victim data", "case data"),
)
_UNITS = {"national plan": "year", "training": "officials", "victim data": "victims", "case data": "cases"}

Row = dict[str, object]


@dataclass(frozen=True)
class Maker:
    """Makes the tables of one seed; every phrase it uses goes into ``said``."""

    seed: int
    said: Wordings

    def frame(self, table: Table, rows: Iterator[Row]) -> pl.DataFrame:
        """Rows as text, with the synthetic source, a language and a note now and then where the table has them."""
        dice = Dice(self.seed, table.name, "notes")
        filled = [{**self._usual(table, dice), **row} for row in rows]
        texts = [{name: None if row.get(name) is None else str(row[name]) for name in table.columns} for row in filled]
        return pl.DataFrame(texts, schema=dict.fromkeys(table.columns, pl.String))

    def _usual(self, table: Table, dice: Dice) -> Row:
        usual: Row = {"source_id": SOURCE_ID, "text_lang": "en"}
        if "note" in table.columns and dice.happens(10):
            usual["note"] = self.said.say(words.NOTE)
        return usual

    def programmes(self, count: int) -> pl.DataFrame:
        """``count`` programmes of all pillars and kinds, some without years, a few with funders."""

        def rows() -> Iterator[Row]:
            dice = Dice(self.seed, "programmes")
            for n in range(1, count + 1):
                start = dice.below(LAST_YEAR - FIRST_YEAR) + FIRST_YEAR if dice.happens(85) else None
                yield {
                    "programme_id": f"SYN-P{n:03}",
                    "name": self.said.say(words.PROGRAMME, n),
                    "name_original": self.said.say(words.PROGRAMME, n, lang="es") if dice.happens(40) else None,
                    "pillar": dice.choice(vocabularies.PILLARS),
                    "activity_type": dice.choice((*vocabularies.ACTIVITY_TYPES, "training", "training", "training")),
                    "start_year": start,
                    "end_year": start + dice.below(5) if start and dice.happens(60) else None,
                    "funders": ";".join(dice.sample(STATES, 1 + dice.below(2))) if dice.happens(30) else None,
                    "lead_unit": self.said.say(words.UNIT, 1 + dice.below(5)) if dice.happens(70) else None,
                    "description": self.said.say(words.PROGRAMME_TEXT),
                }

        return self.frame(programmes.TABLE, rows())

    def deployments(self, count: int) -> pl.DataFrame:
        """Every programme in up to six states, with every status; some undated, some over years, one without a state."""

        def rows() -> Iterator[Row]:
            dice = Dice(self.seed, "deployments")
            number = 0
            for n in range(1, count + 1):
                for state in (*dice.sample(STATES, 1 + dice.below(6)), None):
                    number += 1
                    if state is None and not dice.happens(10):
                        continue
                    yield {
                        "deployment_id": f"SYN-D{number:04}",
                        "programme_id": f"SYN-P{n:03}",
                        "country": state,
                        "scope": "country" if state else self.said.say(words.REGION),
                        "status": dice.choice((*vocabularies.DEPLOYMENT_STATUSES, "implemented", "implemented")),
                        "as_of": dice.choice((f"{LAST_YEAR}-06", "2020", None)),
                        **_when(dice, has_year=True),
                    }

        return self.frame(programme_deployments.TABLE, rows())

    def statements(self) -> pl.DataFrame:
        """Six figures stated for many events at once."""

        def rows() -> Iterator[Row]:
            dice = Dice(self.seed, "statements")
            for n in range(1, 7):
                year = FIRST_YEAR + dice.below(LAST_YEAR - FIRST_YEAR)
                yield {
                    "statement_id": f"SYN-T{n:02}",
                    "programme_id": f"SYN-P{n:03}" if n % 2 else None,
                    "scope": self.said.say(words.REGION),
                    "qualifier": dice.choice(vocabularies.STATEMENT_QUALIFIERS),
                    "value": 100 * (1 + dice.below(20)),
                    "unit": self.said.say(words.STATED_UNIT),
                    "period": self.said.say(words.STATED_PERIOD, year),
                    "mark_year": year,
                    "additive_with_events": dice.choice(vocabularies.ADDITIVITIES),
                }

        return self.frame(training_statements.TABLE, rows())

    def meetings(self, count: int) -> pl.DataFrame:
        """``count`` meetings, one for each round, the last one without a date."""

        def rows() -> Iterator[Row]:
            dice = Dice(self.seed, "meetings")
            for n in range(1, count + 1):
                month = f"{_year_of(n - 1, count)}-{1 + dice.below(12):02}"
                themes = ";".join(self.said.say(words.THEME, item) for item in range(1, 2 + dice.below(4)))
                yield {
                    "meeting_id": f"SYN-M{n}",
                    "series": "SYN",
                    "number": n,
                    "name": self.said.say(words.MEETING, n),
                    "start_date": f"{month}-14" if n < count or n == 1 else None,
                    "end_date": f"{month}-16" if n < count or n == 1 else None,
                    "city": self.said.say(words.CITY, 1 + dice.below(60)),
                    "host_country": dice.choice(STATES),
                    "modality": dice.choice((*vocabularies.MODALITIES, None)),
                    "participants_note": self.said.say(words.ATTENDANCE, 20 + dice.below(15)),
                    "outcome_documents": f"SYN/doc. {n}/{n:02}" if dice.happens(70) else None,
                    "theme": themes,
                }

        return self.frame(meetings.TABLE, rows())

    def rounds(self, count: int) -> pl.DataFrame:
        """``count`` rounds: lists that are complete, named or neither, another body's form, civil society's."""

        def rows() -> Iterator[Row]:
            for position in range(count):
                kind, n = _kind(position), position + 1
                is_ours = kind != "other_body"
                yield {
                    "round_id": f"SYN-Q{n}",
                    "name": self.said.say(words.ROUND, n),
                    "meeting": self.said.say(words.MEETING, n) if is_ours else None,
                    "meeting_id": f"SYN-M{n}" if is_ours else None,
                    "year": _year_of(position, count),
                    "issued_by": self.said.say(words.SECRETARIAT if is_ours else words.OTHER_BODY),
                    "form_family": "oas" if is_ours else "other_body",
                    "series_code": _series(kind),
                    "respondent_kind": "civil_society" if kind == "civil_society" else "states",
                    "responses_stated": self._returned(position) if kind in ("complete", "named") else None,
                    "is_responders_named": str(kind in ("complete", "named", "other_body")).lower(),
                    "is_list_complete": str(kind in ("complete", "other_body")).lower(),
                }

        return self.frame(questionnaire_rounds.TABLE, rows())

    def questions(self, count: int, each: int) -> pl.DataFrame:
        """``each`` questions a round; most follow the same one of the round before in the series."""

        def rows() -> Iterator[Row]:
            latest: dict[str, int] = {}
            for position in range(count):
                series = _series(_kind(position))
                dice = Dice(self.seed, "questions", position)
                for n in range(1, each + 1):
                    is_follower = series in latest and dice.happens(80)
                    yield {
                        "question_id": f"SYN-Q{position + 1}-{n:03}",
                        "round_id": f"SYN-Q{position + 1}",
                        "topic": _TOPICS[n % len(_TOPICS)],
                        "pillar": vocabularies.PILLARS[n % len(vocabularies.PILLARS)],
                        "wording": self.said.say(words.QUESTION, n),
                        "previous_question_id": f"SYN-Q{latest[series]}-{n:03}" if is_follower else None,
                    }
                latest[series] = position + 1

        return self.frame(questionnaire_questions.TABLE, rows())

    def responses(self, count: int) -> pl.DataFrame:
        """The returns of all rounds whose responders are named."""

        def rows() -> Iterator[Row]:
            for position in range(count):
                for state, status in self._standings(position):
                    yield {
                        "response_id": f"SYN-R{position + 1}-{state}",
                        "round_id": f"SYN-Q{position + 1}",
                        "country": state,
                        "year": _year_of(position, count),
                        "response_status": status,
                    }

        return self.frame(questionnaire_responses.TABLE, rows())

    def answers(self, count: int, each: int) -> Iterator[pl.DataFrame]:
        """The answers of each round: of every state that returned it, or of all responders together."""
        for position in range(count):
            named = [state for state, status in self._standings(position) if status == "returned"]
            yield self._answers(position, each, named or [None])

    def _answers(self, position: int, each: int, states: Sequence[str | None]) -> pl.DataFrame:
        chance = Chance(self.seed, f"answers {position}")
        topics = pl.lit(pl.Series(_TOPICS)).gather((pl.col("question") % len(_TOPICS)).cast(pl.UInt32))
        texts = [
            self.said.say(phrase) for phrase in (words.YES, words.YES, words.YES, words.NO, words.NO, words.PARTLY)
        ]
        figure, parts = self.said.say(words.FIGURE), self.said.say(words.PARTS)
        unit = pl.col("topic").replace_strict(_UNITS, default=None, return_dtype=pl.String)
        number = (
            pl.when(unit == "year")
            .then(FIRST_YEAR + chance.below("year", LAST_YEAR - FIRST_YEAR))
            .when(chance.happens("zero", 8))
            .then(0)
            .otherwise(chance.below("number", 60) + chance.below("more", 40))
        )
        is_sensitive = pl.col("topic").is_in(["victim data", "case data"])
        has_parts = (is_sensitive & chance.happens("parts", 20)).fill_null(False)
        round_id = f"SYN-Q{position + 1}"
        return (
            pl.DataFrame({"question": range(1, each + 1)})
            .join(pl.DataFrame({"country": states}, schema={"country": pl.String}), how="cross", maintain_order="left")
            .with_row_index("n")
            .with_columns(topic=topics)
            .filter(~chance.happens("left out", 15))
            .select(
                answer_id=pl.format("SYN-A{}-{}", pl.lit(position + 1), pl.col("n") + 1),
                question_id=pl.format("{}-{}", pl.lit(round_id), pl.col("question").cast(pl.String).str.zfill(3)),
                country="country",
                scope=pl.when(pl.col("country").is_null())
                .then(pl.lit("responding states"))
                .otherwise(pl.lit("country")),
                answer=pl.when(unit.is_null())
                .then(chance.choice("answer", texts))
                .when(has_parts)
                .then(pl.lit(parts))
                .when(chance.happens("figure", 50))
                .then(pl.lit(figure)),
                value=pl.when(unit.is_not_null()).then(number).cast(pl.String),
                unit=unit,
                has_small_parts=has_parts.cast(pl.String),
                source_id=pl.lit(SOURCE_ID),
                note=pl.when(chance.happens("note", 3)).then(pl.lit(self.said.say(words.NOTE))),
                text_lang=pl.lit("en"),
            )
            .select(questionnaire_answers.TABLE.columns)
        )

    def _standings(self, position: int) -> list[tuple[str, str]]:
        """State and status of each return on record of a round."""
        kind, dice = _kind(position), Dice(self.seed, "responses", position)
        if kind in ("unnamed", "civil_society"):
            return []
        standings = []
        for state in STATES:
            is_returned, is_known = dice.happens(60), dice.happens(80)
            if state in NOT_ASKED:
                standings.append((state, "not_asked"))
            elif is_returned or is_known or kind != "named":
                standings.append((state, "returned" if is_returned else "not_received"))
        return standings

    def _returned(self, position: int) -> int:
        return sum(status == "returned" for _state, status in self._standings(position))

    def commitments(self) -> pl.DataFrame:
        """Thirty commitments of five instruments."""

        def rows() -> Iterator[Row]:
            dice = Dice(self.seed, "commitments")
            for n in range(1, 31):
                instrument = 1 + (n - 1) // 6
                yield {
                    "commitment_id": f"SYN-C{n:03}",
                    "instrument": self.said.say(words.INSTRUMENT, instrument),
                    "instrument_code": f"SYN/doc. {instrument}",
                    "year": FIRST_YEAR + 4 * instrument,
                    "issuer": self.said.say(words.SECRETARIAT),
                    "item_no": 1 + (n - 1) % 6,
                    "kind": dice.choice(vocabularies.COMMITMENT_KINDS),
                    "pillar": dice.choice(vocabularies.PILLARS),
                    "paraphrase": self.said.say(words.COMMITMENT, n),
                }

        return self.frame(recommendations.TABLE, rows())

    def treaty_actions(self, treaties: pl.DataFrame) -> pl.DataFrame:
        """A made-up standing of every state in every instrument of the catalogue, some of them unknown."""

        def rows() -> Iterator[Row]:
            dice = Dice(self.seed, "treaties")
            for state in STATES:
                for treaty_id, adopted in treaties.select("treaty_id", "adopted_year").iter_rows():
                    status = dice.choice(("party",) * 7 + ("not_party", "no_action", "unknown"))
                    first = max(int(adopted or FIRST_YEAR), 1950) + 1
                    year = min(first + dice.below(15), LAST_YEAR)
                    is_party, is_exact = status == "party", dice.happens(80)
                    yield {
                        "country": state,
                        "treaty_id": treaty_id,
                        "status": status,
                        "signature_date": f"{first}-03-15" if is_party and dice.happens(40) else None,
                        "action_type": dice.choice(vocabularies.TREATY_ACTIONS) if is_party else None,
                        "action_date": f"{year}-{1 + dice.below(12):02}-20" if is_party and is_exact else None,
                        "year": year if is_party else None,
                    }

        return self.frame(treaty_actions.TABLE, rows())

    def authorities(self) -> pl.DataFrame:
        """An authority in about two states of three."""

        def rows() -> Iterator[Row]:
            dice = Dice(self.seed, "authorities")
            for n, state in enumerate(STATES, start=1):
                if not dice.happens(65):
                    continue
                yield {
                    "authority_id": f"SYN-N{n:03}",
                    "country": state,
                    "name_original": self.said.say(words.AUTHORITY, area=state, lang=_language(state)),
                    "name": self.said.say(words.AUTHORITY, area=state),
                    "authority_type": dice.choice(vocabularies.AUTHORITY_TYPES),
                    "role": self.said.say(words.ROLE),
                    "lead_institution": self.said.say(words.UNIT, 1 + dice.below(5)) if dice.happens(50) else None,
                    "created_year": FIRST_YEAR + dice.below(20) if dice.happens(70) else None,
                    "legal_basis": self.said.say(words.LAW, n) if dice.happens(50) else None,
                    "website": "https://synthetic.example/" if dice.happens(30) else None,
                    "as_of_year": 2020 + dice.below(7),
                }

        return self.frame(national_authorities.TABLE, rows())

    def plans(self) -> pl.DataFrame:
        """A plan in about half of the states, a few without years."""

        def rows() -> Iterator[Row]:
            dice = Dice(self.seed, "plans")
            for n, state in enumerate(STATES, start=1):
                if not dice.happens(50):
                    continue
                start = 2008 + dice.below(17) if dice.happens(85) else None
                yield {
                    "plan_id": f"SYN-L{n:03}",
                    "country": state,
                    "title_original": self.said.say(words.PLAN, n, lang=_language(state)),
                    "title": self.said.say(words.PLAN, n),
                    "approved_year": start,
                    "start_year": start,
                    "end_year": start + dice.below(6) if start and dice.happens(80) else None,
                    "status": dice.choice(vocabularies.PLAN_STATUSES),
                    "legal_basis": self.said.say(words.LAW, n) if dice.happens(30) else None,
                }

        return self.frame(national_plans.TABLE, rows())

    def laws(self) -> pl.DataFrame:
        """A law or two in about two states of three."""

        def rows() -> Iterator[Row]:
            dice = Dice(self.seed, "laws")
            for n in range(1, 2 * len(STATES) + 1):
                state = STATES[n % len(STATES)]
                if not dice.happens(45):
                    continue
                adopted = f"{2000 + dice.below(25)}"
                yield {
                    "law_id": f"SYN-W{n:03}",
                    "country": state,
                    "title_original": self.said.say(words.LAW, n, lang=_language(state)),
                    "title": self.said.say(words.LAW, n),
                    "law_number": f"SYN-{n}",
                    "adopted_date": f"{adopted}-05-10" if dice.happens(60) else adopted,
                    "published_date": None,
                    "scope": dice.choice(vocabularies.LAW_SCOPES),
                    "status": dice.choice(vocabularies.LAW_STATUSES),
                }

        return self.frame(national_laws.TABLE, rows())


def _when(dice: Dice, *, has_year: bool) -> Row:
    """Dates of every kind: exact, a month, a year, a span, none."""
    year = FIRST_YEAR + dice.below(LAST_YEAR - FIRST_YEAR)
    kind = dice.choice(("day", "day", "month", "year", "span", "open", "none"))
    month = f"{year}-{1 + dice.below(12):02}"
    if kind == "year" and has_year:
        return {"year": year}
    dates = {
        "day": (f"{month}-05", f"{month}-09"),
        "month": (month, None),
        "year": (f"{year}", f"{year}"),
        "span": (f"{year}", f"{year + 1 + dice.below(3)}"),
        "open": (f"{year}", None),
        "none": (None, None),
    }
    return dict(zip(("start_date", "end_date"), dates[kind], strict=True))


def _kind(position: int) -> str:
    return _ROUND_KINDS[position % len(_ROUND_KINDS)]


def _series(kind: str) -> str:
    return {"other_body": "SYN-OTHER", "civil_society": "SYN-CIVIL"}.get(kind, "SYN")


def _year_of(position: int, count: int) -> int:
    """The rounds' years, evenly from 2006 to 2025."""
    return 2006 + (19 * position) // max(1, count - 1)


def _language(state: str) -> str:
    if state in _SPANISH:
        return "es"
    return "pt" if state in _PORTUGUESE else "fr" if state in _FRENCH else "en"
