"""Contracts of the tables in an edition: the one thing that pipelines and dashboard share.

Area codes are ISO 3166-1 alpha-3 for states; groups carry the code given in ``dim_area``. A date column ``<x>_on``
holds the first day of what the source states and ``<x>_precision`` how much of it the source states (day, month or
year). ``year`` is filled only where the source puts the row in one year; ``date_group`` is then ``dated``. A row that
lies somewhere in a span of years is ``span`` (see ``first_year``, ``last_year``), one without any date ``undated``.
Texts are stored as recorded, in the language of ``text_lang``; ``dim_text`` holds their other wordings.
"""

from collections.abc import Sequence

import dataframely as dy
import polars as pl

from pipelines import vocabularies as words

CONTRACT = 4
"""The number of these contracts, raised with every change of a table that the dashboard reads; dashboard/db.py has it too."""


def code(values: Sequence[str], *, nullable: bool = False, primary_key: bool = False) -> dy.String:
    """A column that holds one of the given codes."""
    allowed = list(values)
    return dy.String(nullable=nullable, primary_key=primary_key, check={"is_a_known_code": lambda c: c.is_in(allowed)})


def key(pattern: str = r"^[A-Za-z0-9_.\-]+$") -> dy.String:
    """A primary key made of letters, digits, dot, dash and underscore."""
    return dy.String(primary_key=True, nullable=False, regex=pattern)


def _area(*, nullable: bool = False, primary_key: bool = False) -> dy.String:
    return dy.String(nullable=nullable, primary_key=primary_key, regex=r"^[A-Z0-9][A-Z0-9\-]*$")


def _text(*, nullable: bool = True) -> dy.String:
    return dy.String(nullable=nullable, min_length=1)


def _year(*, nullable: bool = True) -> dy.Int32:
    return dy.Int32(nullable=nullable, min=1800, max=2100)


class Area(dy.Schema):
    """A state, subregion, bloc, rest of a bloc, or the hemisphere."""

    area_code = _area(primary_key=True)
    area_type = code(words.AREA_TYPES)
    scheme_id = _text()  # of groups only
    iso2 = dy.String(nullable=True, regex=r"^[A-Z]{2}$")
    m49 = dy.String(nullable=True, regex=r"^\d{3}$")
    name_en = _text(nullable=False)
    name_es = _text(nullable=False)
    name_pt = _text(nullable=False)
    name_fr = _text(nullable=False)
    official_name_en = _text()
    official_name_es = _text()
    official_name_pt = _text()
    official_name_fr = _text()
    tile_row = dy.Int32(nullable=True, min=0)
    tile_column = dy.Int32(nullable=True, min=0)
    longitude = dy.Float64(nullable=True, min=-180, max=180)
    latitude = dy.Float64(nullable=True, min=-90, max=90)
    note = _text()
    source_id = _text(nullable=False)


class Scheme(dy.Schema):
    """A way of grouping the states."""

    scheme_id = key()
    position = dy.Int32(nullable=False)
    is_selectable = dy.Bool(nullable=False)
    name_en = _text(nullable=False)
    name_es = _text(nullable=False)
    name_pt = _text(nullable=False)
    name_fr = _text(nullable=False)
    note_en = _text(nullable=False)  # whose grouping it is and what it rests on
    note_es = _text(nullable=False)
    note_pt = _text(nullable=False)
    note_fr = _text(nullable=False)


class Membership(dy.Schema):
    """A state's membership of a group in a scheme; no date means not stated in the source."""

    scheme_id = dy.String(primary_key=True)
    group_code = _area(primary_key=True)
    area_code = _area(primary_key=True)
    from_on = dy.Date(nullable=True)
    from_precision = code(words.DATE_PRECISIONS, nullable=True)
    to_on = dy.Date(nullable=True)
    to_precision = code(words.DATE_PRECISIONS, nullable=True)
    note = _text()
    source_id = _text(nullable=False)


class Participation(dy.Schema):
    """A state's participation in the OAS during an interval (``to_on`` empty: still so)."""

    area_code = _area(primary_key=True)
    from_on = dy.Date(primary_key=True, nullable=False)
    from_precision = code(words.DATE_PRECISIONS)
    to_on = dy.Date(nullable=True)  # last day
    to_precision = code(words.DATE_PRECISIONS, nullable=True)
    status = code(words.PARTICIPATION_STATUSES)
    is_counted = dy.Bool(nullable=False)  # in the denominators of "n of N states"
    note = _text()
    source_id = _text(nullable=False)


class Programme(dy.Schema):
    """A programme, project, study or standing line of work."""

    programme_id = key()
    name = _text(nullable=False)
    name_original = _text()  # official title in the language of the source, where another than English
    pillar = code(words.PILLARS)
    activity_type = code(words.ACTIVITY_TYPES)  # our classification
    start_year = _year()
    end_year = _year()
    lead_unit = _text()
    description = _text(nullable=False)
    source_id = _text(nullable=False)
    note = _text()
    text_lang = _text(nullable=False)


class ProgrammeFunder(dy.Schema):
    """A state named by a source as paying for a programme."""

    programme_id = dy.String(primary_key=True)
    area_code = _area(primary_key=True)
    source_id = _text(nullable=False)


class _Dated(dy.Schema):
    start_on = dy.Date(nullable=True)
    start_precision = code(words.DATE_PRECISIONS, nullable=True)
    end_on = dy.Date(nullable=True)
    end_precision = code(words.DATE_PRECISIONS, nullable=True)
    year = _year()
    first_year = _year()
    last_year = _year()
    date_group = code(words.DATE_GROUPS)

    @dy.rule()
    def only_dated_rows_have_a_year(cls) -> pl.Expr:
        return (pl.col("date_group") == "dated") == pl.col("year").is_not_null()

    @dy.rule()
    def end_is_not_before_start(cls) -> pl.Expr:
        return pl.col("end_on").is_null() | pl.col("start_on").is_null() | (pl.col("end_on") >= pl.col("start_on"))


class Deployment(_Dated):
    """A programme in a country (or in an unnamed group of them) with a status."""

    deployment_id = key()
    programme_id = _text(nullable=False)
    area_code = _area(nullable=True)
    scope = _text(nullable=False)
    status = code(words.DEPLOYMENT_STATUSES)
    as_of_on = dy.Date(nullable=True)
    as_of_precision = code(words.DATE_PRECISIONS, nullable=True)
    last_year_counted = _year()  # it counts in every year from ``year`` to this one
    source_id = _text(nullable=False)
    source_id_2 = _text()
    note = _text()
    text_lang = _text(nullable=False)

    @dy.rule()
    def it_counts_from_its_year_on_or_in_no_year(cls) -> pl.Expr:
        is_in_no_year = pl.col("year").is_null() & pl.col("last_year_counted").is_null()
        return is_in_no_year | (pl.col("last_year_counted") >= pl.col("year")).fill_null(False)


class TrainingEvent(_Dated):
    """A training, seminar, workshop, mentoring or conference event."""

    event_id = key()
    title = _text(nullable=False)
    event_type = code(words.EVENT_TYPES)
    programme_id = _text()
    status = code(words.EVENT_STATUSES)
    city = _text()
    host_area_code = _area(nullable=True)
    audience = _text()  # as recorded, split at ";"
    officials_stated = dy.Int64(nullable=True, min=0)
    women_stated = dy.Int64(nullable=True, min=0)
    number_basis = code(words.NUMBER_BASES, nullable=True)
    count_scope = code(words.COUNT_SCOPES, nullable=True)
    attributable_area_code = _area(nullable=True)  # the one country the stated number belongs to
    modality = code(words.MODALITIES, nullable=True)
    topics = _text()  # as recorded, split at ";"
    source_id = _text(nullable=False)
    source_id_2 = _text()
    note = _text()
    text_lang = _text(nullable=False)

    @dy.rule()
    def a_number_has_a_basis_and_a_basis_a_number(cls) -> pl.Expr:
        return pl.col("officials_stated").is_null() == pl.col("number_basis").is_null()

    @dy.rule()
    def women_are_not_more_than_all(cls) -> pl.Expr:
        return pl.col("women_stated").is_null() | (pl.col("women_stated") <= pl.col("officials_stated"))


class TrainingParticipation(dy.Schema):
    """A country's part in an event; ``host`` only says where it took place and is no part in the training."""

    event_id = dy.String(primary_key=True)
    area_code = _area(primary_key=True)
    role = code(words.PARTICIPATION_ROLES, primary_key=True)
    officials_stated = dy.Int64(nullable=True, min=0)  # only where a source gives this country's number
    source_id = _text(nullable=False)


class Reach(_Dated):
    """A record that shows a state reached by training: a held event, or a training programme carried out there.

    ``record_id`` is the event's or the deployment's id. Hosting alone is not taking part; announced and planned
    training reaches nobody.
    """

    area_code = _area(primary_key=True)
    record_kind = code(words.REACH_KINDS, primary_key=True)
    record_id = dy.String(primary_key=True)
    programme_id = _text()
    as_of_on = dy.Date(nullable=True)
    as_of_precision = code(words.DATE_PRECISIONS, nullable=True)
    source_id = _text(nullable=False)


class Audience(dy.Schema):
    """A word for an audience as records have it, with the group it is shown in."""

    audience = dy.String(primary_key=True)
    audience_group = _text(nullable=False)  # our classification


class TrainingAudience(dy.Schema):
    """One audience of an event, as recorded, with the group it is shown in."""

    event_id = dy.String(primary_key=True)
    audience = dy.String(primary_key=True)
    audience_group = _text(nullable=False)  # our classification


class _Counted(dy.Schema):
    """Where in time counted events lie: in a year, in a span of years (no ``year``), or nowhere (all three empty)."""

    year = _year()
    first_year = _year()
    last_year = _year()


class EventCount(_Counted):
    """How many events are alike in all that is counted of them, each event once.

    Tables of counts hold what pages count, so that a page reads as few rows however many records there are. Counts may
    be added over years, as an event has one year; those of areas, audiences and sources may not, as an event has many.
    """

    status = code(words.EVENT_STATUSES)
    number_basis = code(words.NUMBER_BASES, nullable=True)
    count_scope = code(words.COUNT_SCOPES, nullable=True)
    names_states = dy.Bool(nullable=False)  # whether a source names a state that took part
    events = dy.Int64(nullable=False, min=1)
    officials = dy.Int64(nullable=True, min=0)  # all that is stated, added up; empty where nothing is
    attributable = dy.Int64(nullable=False, min=0)  # of these, people whose state is known
    attributable_events = dy.Int64(nullable=False, min=0)
    shared = dy.Int64(nullable=False, min=0)  # the others
    shared_events = dy.Int64(nullable=False, min=0)
    events_of_many = dy.Int64(nullable=False, min=0)  # with a number that belongs to no one state
    events_with_women = dy.Int64(nullable=False, min=0)  # with a number of women

    @dy.rule()
    def the_parts_are_the_whole(cls) -> pl.Expr:
        return pl.col("officials").fill_null(0) == pl.col("attributable") + pl.col("shared")


class AreaEventCount(_Counted):
    """How many events states of an area took part in, each event once in the area.

    A group whose members change has rows for each time between two changes (the days ``from_on`` to ``to_on``, both
    included; without an end where empty), which count all events by who were its members then.
    """

    area_code = _area()
    from_on = dy.Date(nullable=True)
    to_on = dy.Date(nullable=True)
    status = code(words.EVENT_STATUSES)
    events = dy.Int64(nullable=False, min=0)
    events_hosted = dy.Int64(nullable=False, min=0)  # beside these: of a state, the events that it only hosted


class AreaOfficialCount(dy.Schema):
    """The people stated for one state, added up."""

    area_code = _area()
    year = _year()
    number_basis = code(words.NUMBER_BASES)
    officials = dy.Int64(nullable=False, min=0)
    with_civil_society = dy.Int64(nullable=False, min=0)  # of these, in numbers that include others than officials
    events = dy.Int64(nullable=False, min=1)


class AudienceCount(dy.Schema):
    """How many events name a group of audiences, each event once in every group that it names.

    Beside the groups there are ``not_stated`` and ``several``: events that name more than one, counted here again.
    """

    audience_group = _text(nullable=False)
    year = _year()
    status = code(words.EVENT_STATUSES)
    number_basis = code(words.NUMBER_BASES, nullable=True)
    events = dy.Int64(nullable=False, min=1)
    officials = dy.Int64(nullable=True, min=0)  # stated for events that name no other group; a number is never split


class EventSourceCount(_Counted):
    """How many events cite a source: of a state those in which it took part, of the hemisphere all."""

    area_code = _area()
    source_id = _text(nullable=False)
    is_first = dy.Bool(nullable=False)  # the event's first source, not its second
    status = code(words.EVENT_STATUSES)
    has_number = dy.Bool(nullable=False)
    names_states = dy.Bool(nullable=False)
    events = dy.Int64(nullable=False, min=1)


class SourceRowCount(dy.Schema):
    """How many rows of a table of events cite a source."""

    table_name = dy.String(primary_key=True)
    source_id = dy.String(primary_key=True)
    rows = dy.Int64(nullable=False, min=1)


class ReachCount(_Counted):
    """How many records that show a state reached by training are alike in what pages ask of them."""

    area_code = _area()
    record_kind = code(words.REACH_KINDS)
    date_group = code(words.DATE_GROUPS)
    as_of_on = dy.Date(nullable=True)
    as_of_precision = code(words.DATE_PRECISIONS, nullable=True)
    source_id = _text(nullable=False)
    records = dy.Int64(nullable=False, min=1)


class ListedEvent(TrainingEvent):
    """An event as a list of an area's events shows it: the newest ones of every year and of every span of years.

    A state's events are those in which it took part or which it hosted, the hemisphere's are all.
    """

    event_id = dy.String(primary_key=True)
    area_code = _area(primary_key=True)
    took_part = dy.Bool(nullable=False)  # of the hemisphere: whether a state did
    hosted = dy.Bool(nullable=False)
    participants = _text()  # area codes, split at ";"
    own_officials = dy.Int64(nullable=True, min=0)  # given by a source for this state


class TrainingStatement(dy.Schema):
    """A figure that a source states for many events at once; never added to anything."""

    statement_id = key()
    programme_id = _text()
    scope = _text(nullable=False)
    qualifier = code(words.STATEMENT_QUALIFIERS)
    value = dy.Float64(nullable=False, min=0)
    unit = _text(nullable=False)
    period = _text()  # as stated
    mark_year = _year()  # the year in which a chart may mark it
    additive_with_events = code(words.ADDITIVITIES)  # "no": never to be added, overlap or not
    source_id = _text(nullable=False)
    note = _text()
    text_lang = _text(nullable=False)


class Meeting(_Dated):
    """A Meeting of National Authorities (RTP), or a REMJA at its origin."""

    meeting_id = key()
    series = _text(nullable=False)
    number = dy.Int32(nullable=False, min=1)
    name = _text(nullable=False)
    city = _text()
    host_area_code = _area(nullable=True)
    modality = code(words.MODALITIES, nullable=True)
    participants_note = _text()
    outcome_documents = _text()  # split at ";"
    theme = _text()  # split at ";"
    source_id = _text(nullable=False)
    source_id_2 = _text()
    note = _text()
    text_lang = _text(nullable=False)


class QuestionnaireRound(dy.Schema):
    """A questionnaire or other collection of replies."""

    round_id = key()
    name = _text(nullable=False)
    meeting = _text()  # as stated
    meeting_id = _text()
    year = _year()
    issued_by = _text(nullable=False)
    form_family = code(words.FORM_FAMILIES)  # an OAS form, or another body's: always shown apart
    series_code = _text(nullable=False)
    respondent_kind = code(words.RESPONDENT_KINDS)
    responses_stated = dy.Int32(nullable=True, min=0)
    is_responders_named = dy.Bool(nullable=False)
    is_list_complete = dy.Bool(nullable=False)  # every state's return is known: a rate can be given
    source_id = _text(nullable=False)
    note = _text()
    text_lang = _text(nullable=False)


class Question(dy.Schema):
    """A question of a round, with its predecessor in the earlier round where there is one."""

    question_id = key()
    round_id = _text(nullable=False)
    topic = _text(nullable=False)
    pillar = code(words.PILLARS)
    wording = _text(nullable=False)
    previous_question_id = _text()
    text_lang = _text(nullable=False)


class Response(dy.Schema):
    """A state's return of a round."""

    response_id = key()
    round_id = _text(nullable=False)
    area_code = _area()
    year = _year()
    response_status = code(words.RESPONSE_STATUSES)
    source_id = _text(nullable=False)
    note = _text()
    text_lang = _text(nullable=False)


class Answer(dy.Schema):
    """An answer to a question, of one state or of all responders together (no ``area_code``)."""

    answer_id = key()
    question_id = _text(nullable=False)
    round_id = _text(nullable=False)
    area_code = _area(nullable=True)
    scope = _text(nullable=False)
    answer = _text()
    value = dy.Float64(nullable=True)
    unit = _text()
    answer_status = code(words.ANSWER_STATUSES)  # Q: suppressed, fewer than the smallest count shown
    source_id = _text(nullable=False)
    note = _text()
    text_lang = _text(nullable=False)

    @dy.rule()
    def only_suppressed_answers_are_empty(cls) -> pl.Expr:
        return (pl.col("answer_status") == "Q") == (pl.col("answer").is_null() & pl.col("value").is_null())


class Commitment(dy.Schema):
    """A recommendation, mandate, objective or the like, paraphrased."""

    commitment_id = key()
    instrument = _text(nullable=False)
    instrument_code = _text()
    year = _year(nullable=False)
    issuer = _text(nullable=False)
    item_no = dy.Int32(nullable=True, min=1)
    kind = code(words.COMMITMENT_KINDS)
    pillar = code(words.PILLARS)
    paraphrase = _text(nullable=False)
    source_id = _text(nullable=False)
    note = _text()
    text_lang = _text(nullable=False)


class Treaty(dy.Schema):
    """An international instrument."""

    treaty_id = key()
    name = _text(nullable=False)
    adopted_year = _year()
    position = dy.Int32(nullable=False)


class TreatyAction(dy.Schema):
    """A state's standing with regard to an instrument, as of its source."""

    area_code = _area(primary_key=True)
    treaty_id = dy.String(primary_key=True)
    status = code(words.TREATY_STATUSES)
    signature_on = dy.Date(nullable=True)
    signature_precision = code(words.DATE_PRECISIONS, nullable=True)
    action_type = code(words.TREATY_ACTIONS, nullable=True)
    action_on = dy.Date(nullable=True)
    action_precision = code(words.DATE_PRECISIONS, nullable=True)
    year = _year()
    source_id = _text()
    source_id_2 = _text()
    note = _text()
    text_lang = _text(nullable=False)

    @dy.rule()
    def only_an_unknown_standing_has_no_source(cls) -> pl.Expr:
        return (pl.col("status") == "unknown") | pl.col("source_id").is_not_null()


class NationalAuthority(dy.Schema):
    """A body of a state that coordinates or carries out the fight against trafficking (never a person)."""

    authority_id = key()
    area_code = _area()
    name_original = _text()
    name = _text(nullable=False)
    authority_type = code(words.AUTHORITY_TYPES)
    role = _text(nullable=False)
    lead_institution = _text()
    created_year = _year()
    legal_basis = _text()
    website = _text()
    as_of_year = _year()
    source_id = _text(nullable=False)
    source_id_2 = _text()
    note = _text()
    text_lang = _text(nullable=False)


class NationalPlan(dy.Schema):
    """A national plan, policy or strategy."""

    plan_id = key()
    area_code = _area()
    title_original = _text(nullable=False)
    title = _text(nullable=False)
    approved_year = _year()
    start_year = _year()
    end_year = _year()
    status = code(words.PLAN_STATUSES)
    legal_basis = _text()
    source_id = _text(nullable=False)
    note = _text()
    text_lang = _text(nullable=False)


class NationalLaw(dy.Schema):
    """An act, section of a code, regulation or decree."""

    law_id = key()
    area_code = _area()
    title_original = _text(nullable=False)
    title = _text(nullable=False)
    law_number = _text()
    adopted_on = dy.Date(nullable=True)
    adopted_precision = code(words.DATE_PRECISIONS, nullable=True)
    published_on = dy.Date(nullable=True)
    published_precision = code(words.DATE_PRECISIONS, nullable=True)
    scope = code(words.LAW_SCOPES)
    status = code(words.LAW_STATUSES)
    source_id = _text(nullable=False)
    note = _text()
    text_lang = _text(nullable=False)


class TierEvidence(dy.Schema):
    """A document behind one cell of the indicator ``tip_tier``."""

    area_code = _area()
    year = _year(nullable=False)
    value_code = _text(nullable=False)
    evidence_basis = code(words.EVIDENCE_BASES)
    publisher = _text(nullable=False)
    source_title = _text(nullable=False)
    source_id = _text(nullable=False)


class Indicator(dy.Schema):
    """An indicator: derived from the OAS records, or open context."""

    indicator_id = key(r"^[a-z][a-z0-9_]*$")
    family = code(words.INDICATOR_FAMILIES)
    position = dy.Int32(nullable=False)
    is_derived = dy.Bool(nullable=False)
    is_on_map = dy.Bool(nullable=False)  # offered where a reader chooses an indicator for the 35 states
    unit_en = _text(nullable=False)
    unit_es = _text(nullable=False)
    unit_pt = _text(nullable=False)
    unit_fr = _text(nullable=False)
    title_en = _text(nullable=False)
    title_es = _text(nullable=False)
    title_pt = _text(nullable=False)
    title_fr = _text(nullable=False)
    definition_en = _text(nullable=False)
    definition_es = _text(nullable=False)
    definition_pt = _text(nullable=False)
    definition_fr = _text(nullable=False)
    rule_en = _text()  # how it is counted or aggregated
    rule_es = _text()
    rule_pt = _text()
    rule_fr = _text()
    direction = code(words.DIRECTIONS)
    decimals = dy.Int32(nullable=False, min=0, max=6)
    aggregation = code(words.AGGREGATIONS)
    least_coverage = dy.Float64(nullable=True, min=0, max=1)
    source_id = _text(nullable=False)
    first_year = _year()
    last_year = _year()


class Observation(dy.Schema):
    """One value of an indicator: area x year (x sex x age x category).

    ``period_kind`` is ``year``, ``undated`` (rows whose source gives no single year; ``year`` is empty) or
    ``all_time`` (dated and undated together). ``category`` and ``sex``, ``age`` are ``_T`` for the total.
    ``numerator`` and ``denominator`` are filled for shares. ``coverage`` is the share (0 to 1) of a group's states
    (for sums of open indicators: of the group's population) that stand behind the value.
    """

    indicator_id = dy.String(primary_key=True)
    area_code = _area(primary_key=True)
    period_kind = code(words.PERIOD_KINDS, primary_key=True)
    period = dy.String(primary_key=True)  # the year as text, "undated" or "all_time"
    category = dy.String(primary_key=True)
    sex = dy.String(primary_key=True)
    age = dy.String(primary_key=True)
    year = _year()
    value = dy.Float64(nullable=True)
    value_code = _text()
    numerator = dy.Float64(nullable=True)
    denominator = dy.Float64(nullable=True)
    obs_status = code(words.OBS_STATUSES)
    coverage = dy.Float64(nullable=True, min=0, max=1)
    source_id = _text(nullable=False)
    note = _text()

    @dy.rule()
    def value_is_finite(cls) -> pl.Expr:
        return pl.col("value").is_null() | pl.col("value").is_finite()

    @dy.rule()
    def no_value_without_a_status_that_says_why(cls) -> pl.Expr:
        has_value = pl.col("value").is_not_null() | pl.col("value_code").is_not_null()
        return has_value == pl.col("obs_status").is_in(list(words.VALUE_STATUSES))

    @dy.rule()
    def year_belongs_to_yearly_values(cls) -> pl.Expr:
        return (pl.col("period_kind") == "year") == pl.col("year").is_not_null()


class Source(dy.Schema):
    """A document or data set on which something here rests."""

    source_id = key()
    publisher = _text(nullable=False)
    title = _text(nullable=False)
    doc_code = _text()
    url = _text()
    licence = _text(nullable=False)
    licence_class = code(words.LICENCE_CLASSES)
    vintage = _text()  # ISO date, cut to what is known
    citation = _text(nullable=False)
    kind = code(words.SOURCE_KINDS)


class Text(dy.Schema):
    """The wording of a recorded text in one of the four languages."""

    text_id = dy.String(primary_key=True)
    lang = code(words.LANGUAGES, primary_key=True)
    original = _text(nullable=False)  # as it stands in the records
    text = _text(nullable=False)
    basis = code(words.TEXT_BASES)


class Code(dy.Schema):
    """The words for a code of a list; ``position`` is its place among the codes of the list, counted from 1."""

    code_list = dy.String(primary_key=True)
    code = dy.String(primary_key=True)
    position = dy.Int32(nullable=False, min=1)
    name_en = _text(nullable=False)
    name_es = _text(nullable=False)
    name_pt = _text(nullable=False)
    name_fr = _text(nullable=False)


class Caveat(dy.Schema):
    """A contradiction between sources, a known gap, or advice on reading the figures."""

    caveat_id = key()
    kind = code(words.CAVEAT_KINDS)
    position = dy.Int32(nullable=False)
    family = _text()  # of the indicators and pages it concerns
    text_en = _text(nullable=False)
    text_es = _text(nullable=False)
    text_pt = _text(nullable=False)
    text_fr = _text(nullable=False)


class CaveatArea(dy.Schema):
    """A state that a caveat concerns."""

    caveat_id = dy.String(primary_key=True)
    area_code = _area(primary_key=True)


class Edition(dy.Schema):
    """What this file is: one row."""

    edition_id = key()
    built_at = dy.Datetime(nullable=False)
    as_of_on = dy.Date(nullable=False)  # "today" in every count of years
    is_synthetic = dy.Bool(nullable=False)
    allows_rejected = dy.Bool(nullable=False)
    software_version = _text(nullable=False)
    contract = dy.Int32(nullable=False, min=1)  # CONTRACT when it was built


class LoadReport(dy.Schema):
    """What was read from one file of the data folder, or from one sheet handed in to it."""

    table_name = dy.String(primary_key=True)
    file = dy.String(primary_key=True)  # relative to the data folder; of a sheet handed in: "registro.xlsx · Eventos"
    sha256 = _text(nullable=False)
    rows_read = dy.Int64(nullable=False, min=0)
    rows_loaded = dy.Int64(nullable=False, min=0)
    rows_rejected = dy.Int64(nullable=False, min=0)
    is_handed_in = dy.Bool(nullable=False)  # its rows came into the data folder and are counted there again

    @dy.rule()
    def read_is_loaded_plus_rejected(cls) -> pl.Expr:
        return pl.col("rows_read") == pl.col("rows_loaded") + pl.col("rows_rejected")


class RejectedRow(dy.Schema):
    """A row that was refused, as it stood, and why."""

    table_name = dy.String(primary_key=True)
    file = dy.String(primary_key=True)
    row = dy.Int64(primary_key=True)
    column = dy.String(primary_key=True)
    value = dy.String(nullable=True)
    reason = _text(nullable=False)
    original = _text(nullable=False)  # the whole row as JSON


class Revision(dy.Schema):
    """A row or value that differs from the previous edition."""

    table_name = dy.String(primary_key=True)
    record_key = dy.String(primary_key=True)
    column = dy.String(primary_key=True)
    change = code(("added", "changed", "withdrawn"))
    old_value = dy.String(nullable=True)
    new_value = dy.String(nullable=True)
    area_code = _area(nullable=True)
    reason = _text()


TABLES: dict[str, type[dy.Schema]] = {
    "dim_area": Area,
    "dim_scheme": Scheme,
    "area_membership": Membership,
    "oas_participation": Participation,
    "dim_programme": Programme,
    "programme_funder": ProgrammeFunder,
    "fct_deployment": Deployment,
    "dim_audience": Audience,
    "fct_training_event": TrainingEvent,
    "fct_training_participation": TrainingParticipation,
    "fct_reach": Reach,
    "training_audience": TrainingAudience,
    "count_event": EventCount,
    "count_event_area": AreaEventCount,
    "count_official_area": AreaOfficialCount,
    "count_audience": AudienceCount,
    "count_event_source": EventSourceCount,
    "count_source_row": SourceRowCount,
    "count_reach": ReachCount,
    "listed_event": ListedEvent,
    "training_statement": TrainingStatement,
    "dim_meeting": Meeting,
    "dim_questionnaire_round": QuestionnaireRound,
    "dim_question": Question,
    "fct_response": Response,
    "fct_answer": Answer,
    "fct_commitment": Commitment,
    "dim_treaty": Treaty,
    "fct_treaty_action": TreatyAction,
    "national_authority": NationalAuthority,
    "national_plan": NationalPlan,
    "national_law": NationalLaw,
    "tip_tier_evidence": TierEvidence,
    "dim_indicator": Indicator,
    "fct_observation": Observation,
    "dim_source": Source,
    "dim_text": Text,
    "dim_code": Code,
    "dim_caveat": Caveat,
    "caveat_area": CaveatArea,
    "edition": Edition,
    "load_report": LoadReport,
    "rejected_row": RejectedRow,
    "revision": Revision,
}
