"""The workbook that staff fill in: a read-me, one sheet for each table, words in their language, records if asked."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl
from xlsxwriter.worksheet import Worksheet

from pipelines.csv_rows import ROW
from pipelines.errors import PipelineError
from pipelines.fields import Boolean, Code, Field, ListOf, Lookup, PartialDate, Table, Text
from pipelines.i18n import LANGUAGES, _, in_language, mark
from pipelines.intake.forms import (
    LEAST_ROWS,
    MOST_ROWS,
    Choices,
    Form,
    add_choices,
    field_of,
    heading_height,
    height_of,
    new_form,
    set_page,
    style_of,
    width_of,
    write_choices,
    write_heading,
    write_note,
    write_text,
    write_value,
)
from pipelines.intake.registry_files import read_registry_file
from pipelines.intake.tables import EXAMPLE_KEYS, INTAKE_TABLES, WITHDRAW
from pipelines.intake.wording import SHEET, YES_NO, Wording, read_wording

TITLE_ROW, PURPOSE_ROW, HEADING_ROW, EXAMPLE_ROW = range(4)
FIRST_ROW = EXAMPLE_ROW + 1
EXAMPLE_WORD: Mapping[str, str] = dict(zip(LANGUAGES, EXAMPLE_KEYS, strict=True))
_README_WIDTHS = (24, 30, 12, 62, 50, 26, 26, 26)
_PARAGRAPH_WIDTH = sum(_README_WIDTHS[1:4])

EXAMPLES: Mapping[str, Mapping[str, str]] = {
    "sources": {
        "publisher": mark("Example institution"),
        "title": mark("Example report on training (invented)"),
        "doc_code": "EX/doc.1/26",
        "url": "https://example.org/report",
        "licence": mark("No licence stated"),
        "licence_class": "facts_only",
        "vintage": "2026-02",
        "citation": mark("Example institution: Example report on training (invented), EX/doc.1/26, February 2026."),
        "kind": "document",
    },
    "programmes": {
        "name": mark("Example programme (invented)"),
        "pillar": "protection",
        "activity_type": "training",
        "start_year": "2025",
        "end_year": "2026",
        "funders": "CAN;USA",
        "lead_unit": mark("Example department"),
        "description": mark("An invented programme that shows how a row is filled in."),
    },
    "programme_deployments": {
        "programme_id": "EXAMPLE",
        "country": "LCA",
        "scope": "country",
        "year": "2026",
        "start_date": "2026-03-16",
        "end_date": "2026-03-20",
        "status": "implemented",
        "as_of": "2026-06",
    },
    "training_events": {
        "title": mark("Example course on identifying victims (invented)"),
        "event_type": "course",
        "programme_id": "EXAMPLE",
        "status": "held",
        "start_date": "2026-03-16",
        "end_date": "2026-03-20",
        "city": mark("Example city"),
        "host_country": "LCA",
        "audience": "police;prosecutors",
        "officials_trained": "25",
        "women_trained": "14",
        "number_basis": "reported",
        "count_scope": "officials",
        "modality": "in_person",
        "topics": mark("victim identification; interviews"),
    },
    "training_participation": {"country": "BRB", "officials_trained": "6"},
    "meetings": {
        "series": "RTP",
        "number": "99",
        "name": mark("Example meeting (invented)"),
        "start_date": "2026-10-05",
        "end_date": "2026-10-07",
        "city": mark("Example city"),
        "host_country": "PAN",
        "modality": "hybrid",
        "participants_note": mark("20 member states represented"),
        "outcome_documents": "EX/doc.2/26; EX/doc.3/26",
        "theme": mark("prevention; cooperation"),
    },
    "questionnaire_rounds": {
        "name": mark("Example questionnaire (invented)"),
        "year": "2026",
        "issued_by": mark("Example institution"),
        "form_family": "oas",
        "series_code": "RTP",
        "respondent_kind": "states",
        "responses_stated": "18",
        "is_responders_named": "true",
        "is_list_complete": "false",
    },
    "questionnaire_questions": {
        "round_id": "EXAMPLE",
        "topic": mark("national plan"),
        "pillar": "prevention",
        "wording": mark("Is there a national plan? (invented question)"),
    },
    "questionnaire_responses": {
        "round_id": "EXAMPLE",
        "country": "URY",
        "year": "2026",
        "response_status": "returned",
    },
    "questionnaire_answers": {
        "question_id": "EXAMPLE",
        "country": "URY",
        "scope": "country",
        "answer": mark("Yes, until 2027 (invented answer)"),
        "has_small_parts": "false",
    },
    "recommendations": {
        "instrument": mark("Example resolution (invented)"),
        "instrument_code": "EX/RES. 1 (I-O/26)",
        "year": "2026",
        "issuer": mark("General Assembly"),
        "item_no": "4",
        "kind": "recommendation",
        "pillar": "cooperation",
        "paraphrase": mark("States should share what their trainings taught them (invented)."),
    },
}
"""What the example rows hold, as in the house's CSV files; texts are translated, EXAMPLE stands for the word itself."""
_EXAMPLE_NOTE = mark("Invented, to show how a row is filled in.")


def write_template(path: Path, data: Path, lang: str, is_filled: bool = False) -> None:
    """The workbook in ``lang`` at ``path``, whatever was there; with the registry's records where ``is_filled``."""
    with in_language(lang):
        wording = read_wording(data, lang)
        with new_form(path, wording, _title(), data) as form:
            readme = form.add_sheet(wording.sheet("read_me"))
            sheets = {table.name: form.add_sheet(wording.sheet(table.name)) for table in INTAKE_TABLES}
            choices = write_choices(form, data)
            write_read_me(form, readme)
            for table in INTAKE_TABLES:
                records = read_registry_file(table, data).rows if is_filled else None
                _write_table(form, sheets[table.name], table, choices, records)
            readme.activate()


def _write_table(form: Form, sheet: Worksheet, table: Table, choices: Choices, records: pl.DataFrame | None) -> None:
    wording = form.wording
    names = [*table.columns, WITHDRAW]
    widths = [width_of(field_of(table, name), wording.heading(table.name, name)) for name in names]
    last = min(FIRST_ROW + (records.height if records is not None else 0) + LEAST_ROWS, MOST_ROWS) - 1
    for position, name in enumerate(names):
        sheet.set_column(position, position, widths[position], form.styles[style_of(field_of(table, name))])
        add_choices(form, sheet, (FIRST_ROW, last), position, table, name, choices)
    write_title(form, sheet, table)
    write_headings(form, sheet, table, names)
    _write_example(form, sheet, table, widths)
    if records is not None:
        _write_records(form, sheet, table, records, widths)
    sheet.freeze_panes(FIRST_ROW - 1, 1)
    sheet.autofilter(HEADING_ROW, 0, last, len(names) - 1)
    set_page(sheet, HEADING_ROW)


def write_title(form: Form, sheet: Worksheet, table: Table) -> None:
    """What stands above a table: its name and what it is for."""
    sheet.set_row(TITLE_ROW, 30)
    sheet.set_row(PURPOSE_ROW, 20)
    write_text(sheet, TITLE_ROW, 0, form.wording.sheet(table.name), form.styles["title"])
    purpose = _("{purpose} Columns with an asterisk (*) must be filled.", purpose=form.wording.help(table.name, SHEET))
    write_text(sheet, PURPOSE_ROW, 0, purpose, form.styles["purpose"])


def write_headings(form: Form, sheet: Worksheet, table: Table, names: Sequence[str]) -> None:
    """The row of headings of these columns."""
    headings = [(width_of(field_of(table, name), ""), form.wording.heading(table.name, name)) for name in names]
    sheet.set_row(HEADING_ROW, heading_height(headings))
    for position, name in enumerate(names):
        write_heading(form, sheet, HEADING_ROW, position, table, name)


def _title() -> str:
    return _("Panorama: records of action against trafficking in persons")


def _write_example(form: Form, sheet: Worksheet, table: Table, widths: Sequence[float]) -> None:
    word = EXAMPLE_WORD[form.wording.lang]
    values = {
        "note": _EXAMPLE_NOTE,
        "text_lang": form.wording.lang,
        "source_id": word,
        **EXAMPLES[table.name],
        table.columns[0]: word,
    }
    said = [_example_cell(values.get(declared.name, ""), word, declared) for declared in table.fields]
    said[0] = _("{example} (is not read)", example=word)
    sheet.set_row(EXAMPLE_ROW, height_of(zip(widths, said, strict=False)))
    for position, (declared, value) in enumerate(zip(table.fields, said, strict=True)):
        if value:
            write_value(form, sheet, (EXAMPLE_ROW, position), declared, value, "example_")
        else:
            sheet.write_blank(EXAMPLE_ROW, position, None, form.styles["example_text"])
    sheet.write_blank(EXAMPLE_ROW, len(table.fields), None, form.styles["example_text"])
    write_note(sheet, EXAMPLE_ROW, 0, _("This row is an example. It is not read; leave it or delete it."))


def _example_cell(value: str, word: str, declared: Field) -> str:
    # Only texts are translated; a code, a date or a number is itself in every language.
    if value == EXAMPLE_KEYS[0]:
        return word
    return _(value) if value and isinstance(declared, Text | ListOf) else value


def _write_records(form: Form, sheet: Worksheet, table: Table, records: pl.DataFrame, widths: Sequence[float]) -> None:
    for row, cells in enumerate(records.drop(ROW).iter_rows(), start=FIRST_ROW):
        sheet.set_row(row, height_of(zip(widths, (cell or "" for cell in cells), strict=False)))
        for position, (declared, value) in enumerate(zip(table.fields, cells, strict=True)):
            if value is not None and not write_value(form, sheet, (row, position), declared, value):
                raise PipelineError(
                    _(
                        "{file}, {key}, column {column}: the text is too long for a spreadsheet's cell.",
                        file=table.file,
                        key=cells[0] or "",
                        column=declared.name,
                    )
                )


def write_read_me(form: Form, sheet: Worksheet) -> None:
    """The sheet that explains the workbook and every column."""
    wording = form.wording
    for position, width in enumerate(_README_WIDTHS):
        sheet.set_column(position, position, width)
    sheet.hide_gridlines(2)
    sheet.set_row(0, 34)
    write_text(sheet, 0, 0, _title(), form.styles["title"])
    row = 2
    for label, text in _explanations(wording):
        style = "command" if not label else "paragraph"
        sheet.set_row(row, 15.5 * (1 + len(text) // (_PARAGRAPH_WIDTH + 8)) + 4)
        write_text(sheet, row, 0, label, form.styles["label"])
        sheet.merge_range(row, 1, row, 3, "", form.styles[style])
        write_text(sheet, row, 1, text, form.styles[style])
        row += 1
    row += 1
    sheet.set_row(row, 26)
    write_text(sheet, row, 0, _("Every sheet and column"), form.styles["subtitle"])
    others = [lang for lang in LANGUAGES if lang != wording.lang]
    headings = [
        _("Sheet"),
        _("Column"),
        _("Must be filled"),
        _("What goes in"),
        _("What is understood"),
        *(_("Heading in {language}", language=wording.words["text_language"][lang]) for lang in others),
    ]
    row += 1
    sheet.set_row(row, 32)
    for position, heading in enumerate(headings):
        write_text(sheet, row, position, heading, form.styles["optional"])
    for table in INTAKE_TABLES:
        lookup = wording.lookup(table)
        for name in [SHEET, *table.columns, WITHDRAW]:
            row += 1
            expected = "" if name == SHEET else _expected(field_of(table, name), form, lookup)
            _write_dictionary_row(form, sheet, row, table, name, expected, others)
    sheet.set_tab_color("#0B5A78")
    set_page(sheet)


def _write_dictionary_row(
    form: Form, sheet: Worksheet, row: int, table: Table, name: str, expected: str, others: list[str]
) -> None:
    wording = form.wording
    declared = field_of(table, name)
    explained = wording.help(table.name, name)
    look = form.styles["label" if name == SHEET else "paragraph"]
    sheet_name = wording.sheet(table.name)
    if name == SHEET:
        sheet.write_url(row, 0, f"internal:'{sheet_name}'!A1", form.styles["link"], sheet_name)
    else:
        write_text(sheet, row, 0, sheet_name, look)
        write_text(sheet, row, 1, wording.heading(table.name, name), look)
    if declared is not None and declared.is_required:
        write_text(sheet, row, 2, _("must"), form.styles["label"])
    write_text(sheet, row, 3, explained, look)
    write_text(sheet, row, 4, expected, form.styles["paragraph"])
    for position, lang in enumerate(others, start=5):
        write_text(sheet, row, position, wording.heading(table.name, name, lang), look)
    lines = max(1 + len(explained) // (_README_WIDTHS[3] + 4), 1 + len(expected) // (_README_WIDTHS[4] + 2))
    sheet.set_row(row, 15.5 * lines + 2)


def _expected(declared: Field | None, form: Form, lookup: Lookup) -> str:
    """What a cell of the sheet may hold, in the words of its reader."""
    if declared is None:
        return "x"
    if isinstance(declared, Boolean):
        yes, no = YES_NO[form.wording.lang]
        return _("{yes} or {no}", yes=yes, no=no)
    if isinstance(declared, Code):
        return form.offered(declared).expected_in(lookup)
    if isinstance(declared, Text):
        return _("text")
    if isinstance(declared, ListOf) and isinstance(declared.item, Text):
        return _("texts split by semicolons")
    if isinstance(declared, PartialDate):
        return _("a date such as 15/03/2026, or as text only the month (2026-03) or the year (2026)")
    return declared.expected_in(lookup)


def _explanations(wording: Wording) -> list[tuple[str, str]]:
    """The paragraphs of the read-me: a label and a text; a text without a label is a command to type."""
    file = f"panorama-{wording.lang}.xlsx"
    return [
        (
            _("What this is"),
            _(
                "This workbook takes records to Panorama, the public dashboard on what the OAS and its partners do "
                "against trafficking in persons. Each sheet is one kind of record, each row is one record with its source."
            ),
        ),
        (
            _("Filling it in"),
            _(
                "Write one record in each row, below the grey example. The example is not read; leave it or delete it. "
                "You may leave sheets, columns and rows out: what this workbook does not hold stays as it is."
            ),
        ),
        (
            _("What must be filled"),
            _(
                "Columns with a dark heading and an asterisk (*). Leave any other cell empty where the source does not "
                "say: empty never means zero, and nothing is estimated."
            ),
        ),
        (
            _("Help"),
            _(
                "Choose a cell, or rest on a heading, to see what goes in. Below on this sheet every column is "
                "explained, with its heading in four languages: headings in any of them are understood."
            ),
        ),
        (
            _("Words"),
            _(
                "Where a cell offers a list, choose from it. States are understood by their names in four languages "
                "and by their ISO and M49 codes."
            ),
        ),
        (
            _("Codes"),
            _(
                "Each record has a short code of its own, by which other sheets cite it. The sheet {sheet} has the codes "
                "in use. A source or programme that is new goes into its own sheet of this workbook first.",
                sheet=wording.sheet("known_codes"),
            ),
        ),
        (
            _("Dates"),
            _(
                "Day, month and year: 15/03/2026. Where the source gives only a month or a year, write it after an "
                "apostrophe, so that the spreadsheet makes no day of it: '2026-03 or '2026."
            ),
        ),
        (_("Numbers"), _("Digits only, without units, words or estimates: 25.")),
        (_("Several values"), _("Several values in one cell are split by semicolons: police; prosecutors.")),
        (
            _("People"),
            _("Never write the name of a person. Institutions, functions and numbers are what is recorded."),
        ),
        (
            wording.heading(SHEET, WITHDRAW),
            wording.help(SHEET, WITHDRAW),
        ),
        (
            _("What happens next"),
            _(
                "The workbook is checked first. The check says what it understood and what must be mended, cell by "
                "cell, and can return a copy of the workbook with the reason beside each cell."
            ),
        ),
        ("", f"panorama check {file} --fix-copy copy.xlsx"),
        (
            " ",
            _(
                "Once nothing is left to mend, it is loaded. What is new, changed and withdrawn is listed before "
                "anything is written; a change of published records needs a reason, which the public can read."
            ),
        ),
        ("", f"panorama load {file} --dry-run"),
        ("", f'panorama load {file} --reason "…"'),
        (
            _("Licence"),
            _(
                "The records of Panorama are published under CC BY 4.0. Every source keeps its own licence and is "
                "credited; where it states none, only facts are taken from it."
            ),
        ),
    ]
