"""The closed lists of codes that records may use, each in one place.

A code list is a tuple with a name, in the order in which it is shown. The words for its codes in four languages
are in data/catalog/codes.csv, under the same name.
"""

from collections.abc import Iterable


class CodeList(tuple[str, ...]):
    """Codes in their order, and the name under which their words are kept."""

    name: str

    def __new__(cls, name: str, codes: Iterable[str]) -> "CodeList":
        """A list of this name."""
        made = super().__new__(cls, codes)
        made.name = name
        return made


EVENT_STATUSES = CodeList("event_status", ("held", "announced", "planned"))
NUMBER_BASES = CodeList("number_basis", ("reported", "announced", "announced_minimum", "announced_approx"))
COUNT_SCOPES = CodeList("count_scope", ("officials", "officials_and_civil_society"))
EVENT_TYPES = CodeList(
    "event_type",
    (
        "course",
        "workshop",
        "workshop_series",
        "seminar",
        "seminar_series",
        "conference",
        "roundtable",
        "mentoring",
    ),
)
MODALITIES = CodeList("modality", ("in_person", "online", "hybrid"))
REACH_KINDS = CodeList("reach_kind", ("event", "deployment"))
PARTICIPATION_ROLES = CodeList("participation_role", ("participant", "host"))
PILLARS = CodeList("pillar", ("prevention", "protection", "prosecution", "cooperation"))
ACTIVITY_TYPES = CodeList("activity_type", ("training", "study", "questionnaire", "network", "guidance", "project"))
DEPLOYMENT_STATUSES = CodeList(
    "deployment_status",
    (
        "interest_expressed",
        "announced",
        "planned",
        "in_progress",
        "implemented",
        "replicated",
        "follow_up_requested",
        "audited",
    ),
)
DEPLOYED_STATUSES = ("in_progress", "implemented", "replicated", "follow_up_requested", "audited")
DATE_PRECISIONS = CodeList("date_precision", ("day", "month", "year"))
DATE_GROUPS = CodeList("date_group", ("dated", "span", "undated"))
FORM_FAMILIES = CodeList("form_family", ("oas", "other_body"))
RESPONDENT_KINDS = CodeList("respondent_kind", ("states", "civil_society"))
RESPONSE_STATUSES = CodeList("response_status", ("returned", "not_received", "not_asked"))
ANSWER_STATUSES = CodeList("answer_status", ("A", "Q"))
TREATY_STATUSES = CodeList("treaty_status", ("party", "not_party", "no_action", "unknown"))
TREATY_ACTIONS = CodeList("treaty_action", ("ratification", "accession"))
PARTICIPATION_STATUSES = CodeList(
    "participation", ("participating", "excluded", "suspended", "not_participating", "disputed", "withdrawn")
)
AREA_TYPES = CodeList("area_type", ("country", "subregion", "bloc", "rest", "hemisphere"))
AUTHORITY_TYPES = CodeList(
    "authority_type",
    (
        "inter_agency_body",
        "ministry",
        "secretariat",
        "government_unit",
        "national_rapporteur",
        "prosecution_unit",
        "police_unit",
    ),
)
PLAN_STATUSES = CodeList(
    "plan_status",
    (
        "draft",
        "validated",
        "published",
        "in_force_at_source",
        "extended",
        "evaluated",
        "superseded",
        "repealed",
    ),
)
LAW_SCOPES = CodeList("law_scope", ("comprehensive", "penal", "regulation", "institutional", "related"))
LAW_STATUSES = CodeList("law_status", ("in_force_at_source", "amended", "replaced", "superseded", "unknown"))
COMMITMENT_KINDS = CodeList(
    "commitment_kind",
    (
        "recommendation",
        "mandate",
        "commitment",
        "objective",
        "principle",
        "call",
        "challenge",
        "proposal",
        "preamble",
        "theme",
    ),
)
STATEMENT_QUALIFIERS = CodeList("qualifier", ("exactly", "about", "at_least", "more_than"))
ADDITIVITIES = CodeList("additive_with_events", ("no", "already_in_events"))
LICENCE_CLASSES = CodeList("licence_class", ("open", "public_domain", "share_alike", "facts_only"))
SOURCE_KINDS = CodeList("source_kind", ("dataset", "document", "page", "press", "check", "compilation", "synthetic"))
EVIDENCE_BASES = CodeList("evidence_basis", ("stated", "implied", "listed", "reported", "eliminated"))
CAVEAT_KINDS = CodeList("caveat_kind", ("contradiction", "gap", "reading"))
INDICATOR_FAMILIES = CodeList(
    "family", ("training", "programmes", "questionnaires", "treaties", "participation", "context")
)
DIRECTIONS = CodeList("direction", ("neutral", "higher_is_better", "lower_is_better"))
AGGREGATIONS = CodeList("aggregation", ("sum", "count", "share", "none"))
PERIOD_KINDS = CodeList("period_kind", ("year", "undated", "all_time"))
OBS_STATUSES = CodeList("obs_status", ("A", "E", "B", "P", "O", "L", "M", "Q"))
"""SDMX CL_OBS_STATUS as used here: A normal, E estimated, B break in series, P provisional;
without a value: O not reported, L not asked (not collected), M not applicable, Q suppressed."""
VALUE_STATUSES = ("A", "E", "B", "P")
OBSERVATION_NOTES = CodeList(
    "observation_note",
    (
        "not_participating",
        "no_members",
        "none_on_record",
        "number_not_stated",
        "not_attributable",
        "population_missing",
        "date_not_stated",
        "later_undated",
        "not_asked",
        "not_stated",
        "none_asked",
        "responders_not_named",
        "list_not_complete",
        "some_unknown",
        "some_undated",
        "coverage_too_low",
        "coverage_by_states",
        "not_reported",
    ),
)
"""Notes of derived observations, among them the group values of open indicators; open rows have notes in words."""
LANGUAGES = CodeList("text_language", ("en", "es", "pt", "fr"))
TEXT_BASES = CodeList("text_basis", ("original", "official", "translated", "same"))

CODE_LISTS = {listed.name: listed for listed in list(globals().values()) if isinstance(listed, CodeList)}
"""Every list above by its name, in that order."""
