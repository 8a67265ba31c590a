"""The closed lists of codes that records may use, each in one place.

A code list is a plain tuple, in the order in which it is shown. The words a reader sees for a code are
texts of the dashboard; here are only the codes (SDMX observation status, the statuses of the OAS records).
"""

EVENT_STATUSES = ("held", "announced", "planned")
NUMBER_BASES = ("reported", "announced", "announced_minimum", "announced_approx")
COUNT_SCOPES = ("officials", "officials_and_civil_society")
EVENT_TYPES = (
    "course",
    "workshop",
    "workshop_series",
    "seminar",
    "seminar_series",
    "conference",
    "roundtable",
    "mentoring",
)
MODALITIES = ("in_person", "online", "hybrid")
REACH_KINDS = ("event", "deployment")
PARTICIPATION_ROLES = ("participant", "host")
PILLARS = ("prevention", "protection", "prosecution", "cooperation")
ACTIVITY_TYPES = ("training", "study", "questionnaire", "network", "guidance", "project")
DEPLOYMENT_STATUSES = (
    "interest_expressed",
    "announced",
    "planned",
    "in_progress",
    "implemented",
    "replicated",
    "follow_up_requested",
    "audited",
)
DEPLOYED_STATUSES = ("in_progress", "implemented", "replicated", "follow_up_requested", "audited")
DATE_PRECISIONS = ("day", "month", "year")
DATE_GROUPS = ("dated", "span", "undated")
FORM_FAMILIES = ("oas", "other_body")
RESPONDENT_KINDS = ("states", "civil_society")
RESPONSE_STATUSES = ("returned", "not_received", "not_asked")
ANSWER_STATUSES = ("A", "Q")
TREATY_STATUSES = ("party", "not_party", "no_action", "unknown")
TREATY_ACTIONS = ("ratification", "accession")
PARTICIPATION_STATUSES = ("participating", "excluded", "suspended", "not_participating", "disputed", "withdrawn")
AREA_TYPES = ("country", "subregion", "bloc", "rest", "hemisphere")
AUTHORITY_TYPES = (
    "inter_agency_body",
    "ministry",
    "secretariat",
    "government_unit",
    "national_rapporteur",
    "prosecution_unit",
    "police_unit",
)
PLAN_STATUSES = (
    "draft",
    "validated",
    "published",
    "in_force_at_source",
    "extended",
    "evaluated",
    "superseded",
    "repealed",
)
LAW_SCOPES = ("comprehensive", "penal", "regulation", "institutional", "related")
LAW_STATUSES = ("in_force_at_source", "amended", "replaced", "superseded", "unknown")
COMMITMENT_KINDS = (
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
)
STATEMENT_QUALIFIERS = ("exactly", "about", "at_least", "more_than")
ADDITIVITIES = ("no", "already_in_events")
LICENCE_CLASSES = ("open", "public_domain", "share_alike", "facts_only")
SOURCE_KINDS = ("dataset", "document", "page", "press", "check", "compilation")
EVIDENCE_BASES = ("stated", "implied", "listed", "reported", "eliminated")
CAVEAT_KINDS = ("contradiction", "gap", "reading")
INDICATOR_FAMILIES = ("training", "programmes", "questionnaires", "treaties", "participation", "context")
DIRECTIONS = ("neutral", "higher_is_better", "lower_is_better")
AGGREGATIONS = ("sum", "count", "share", "none")
PERIOD_KINDS = ("year", "undated", "all_time")
OBS_STATUSES = ("A", "E", "B", "P", "O", "L", "M", "Q")
"""SDMX CL_OBS_STATUS as used here: A normal, E estimated, B break in series, P provisional;
without a value: O not reported, L not asked (not collected), M not applicable, Q suppressed."""
VALUE_STATUSES = ("A", "E", "B", "P")
OBSERVATION_NOTES = (
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
)
"""Notes of derived observations, among them the group values of open indicators; open rows have notes in words."""
LANGUAGES = ("en", "es", "pt", "fr")
TEXT_BASES = ("original", "official", "translated", "same")
