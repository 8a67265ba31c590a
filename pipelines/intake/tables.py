"""The tables that staff hand in, in the order of the template's sheets."""

from pipelines import catalog
from pipelines.fields import Table
from pipelines.registry import (
    meetings,
    programme_deployments,
    programmes,
    questionnaire_answers,
    questionnaire_questions,
    questionnaire_responses,
    questionnaire_rounds,
    recommendations,
    training_events,
    training_participation,
)

INTAKE_TABLES: tuple[Table, ...] = (
    catalog.SOURCES,
    programmes.TABLE,
    programme_deployments.TABLE,
    training_events.TABLE,
    training_participation.TABLE,
    meetings.TABLE,
    questionnaire_rounds.TABLE,
    questionnaire_questions.TABLE,
    questionnaire_responses.TABLE,
    questionnaire_answers.TABLE,
    recommendations.TABLE,
)
BY_NAME = {table.name: table for table in INTAKE_TABLES}
WITHDRAW, TO_MEND = "withdraw", "to_mend"
"""Columns of a sheet that are no fields: a mark that withdraws the record, the reasons that --fix-copy writes."""
EXAMPLE_KEYS = ("EXAMPLE", "EJEMPLO", "EXEMPLO", "EXEMPLE")
"""A row whose first cell starts with one of these shows how to fill in a sheet and is no record."""
AIDS = ("read_me", "known_codes", "lists", "mend_list")
"""Sheets of the template and of the fix copy that hold no records; their names are in columns.csv, column ``*``."""
