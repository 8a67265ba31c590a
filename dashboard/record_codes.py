"""The codes that the filters of records may take in the edition being read."""

from collections.abc import Iterable

from dashboard.db import fetch
from dashboard.queries import codes
from dashboard.record_filters import ALIASES, COUNTINGS, OWN_CODES, RECORD_SETS

CODE_LISTS: dict[tuple[str, str], str] = {
    ("events", "status"): "event_status",
    ("officials", "status"): "event_status",
    ("events", "type"): "event_type",
    ("officials", "type"): "event_type",
    ("events", "scope"): "count_scope",
    ("officials", "scope"): "count_scope",
    ("events", "basis"): "number_basis",
    ("officials", "basis"): "number_basis",
    ("reach", "kind"): "reach_kind",
    ("statements", "additive"): "additive_with_events",
    ("programmes", "type"): "activity_type",
    ("deployments", "type"): "activity_type",
    ("deployments", "status"): "deployment_status",
    ("deployments", "date"): "date_group",
    ("responses", "status"): "response_status",
    ("answers", "status"): "answer_status",
    ("commitments", "kind"): "commitment_kind",
    ("treaty_actions", "status"): "treaty_status",
    ("treaty_actions", "action"): "treaty_action",
    ("authorities", "type"): "authority_type",
    ("plans", "status"): "plan_status",
    ("laws", "status"): "law_status",
    ("laws", "scope"): "law_scope",
    ("participation", "status"): "participation",
    **{(of, "pillar"): "pillar" for of in ("programmes", "deployments", "answers", "commitments")},
    **{(of, "form"): "form_family" for of in ("rounds", "responses", "answers")},
    **{(of, "respondent"): "respondent_kind" for of in ("rounds", "responses")},
}
"""Set of records and filter -> the list of codes, and so of words, that the filter takes its values from."""


def record_codes() -> dict[tuple[str, str], tuple[str, ...]]:
    """Set of records and filter -> the codes known; filters of areas, years and single records are not among them."""
    on_file = _on_file()
    known: dict[tuple[str, str], tuple[str, ...]] = {}
    for of, filters in RECORD_SETS.items():
        for name in filters:
            found: Iterable[str] = ()
            if name == "counting":
                found = COUNTINGS[of]
            elif name in OWN_CODES:
                found = OWN_CODES[name]
            elif (of, name) in CODE_LISTS:
                found = [*codes.words(CODE_LISTS[of, name], "en"), *ALIASES.get((of, name), ())]
            else:
                found = on_file.get(f"{of}.{name}", on_file.get(name, ()))
            known[of, name] = tuple(found)
    return known


def _on_file() -> dict[str, list[str]]:
    """Filter (``<set>.<filter>`` where sets differ) -> the codes that occur in the records."""
    rows = fetch("""
        with found as (
            select 'programme' as filter, programme_id as code from dim_programme
            union all
            select 'source', source_id from dim_source
            union all
            select 'round', round_id from dim_questionnaire_round
            union all
            select 'question', question_id from dim_question
            union all
            select 'topic', topic from dim_question
            union all
            select 'treaty', treaty_id from dim_treaty
            union all
            select 'indicator', indicator_id from dim_indicator
            union all
            select 'audience', split_part(category, '.', 2)
            from fct_observation
            where indicator_id = 'events_by_audience'
            union all
            select 'audience', unnest(['not_stated', 'several'])
            union all
            select 'funder', area_code from programme_funder
            union all
            select 'unit', unit from training_statement
            union all
            select 'instrument', unnest([instrument, instrument_code]) from fct_commitment
            union all
            select 'issuer', issuer from fct_commitment
            union all
            select 'meetings.series', series from dim_meeting
            union all
            select 'responses.series', series_code from dim_questionnaire_round
            union all
            select 'category', category from fct_observation
            union all
            select 'sex', sex from fct_observation
            union all
            select 'age', age from fct_observation
        )
        select filter, list_sort(list(distinct code)) as codes
        from found
        where code is not null
        group by filter
        order by filter
        """)
    return dict(rows.iter_rows())
