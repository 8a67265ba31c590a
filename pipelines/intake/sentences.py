"""What is said about files that are read, and about files that are not: one whole sentence for each code."""

from pipelines.errors import PipelineError, shown
from pipelines.i18n import _, mark, number
from pipelines.intake.refused import Refused
from pipelines.intake.sheets import Note, letters

_COUNTS = ("cells_allowed", "characters_allowed", "characters", "entries", "entries_allowed", "rows", "columns")

NOTES = {
    "read_as_windows_1252": mark(
        "The file is not UTF-8; it was read as Windows-1252 (Latin-1). Check letters with accents."
    ),
    "read_as_utf_16": mark("The file was read as UTF-16."),
    "read_as_utf_32": mark("The file was read as UTF-32."),
    "split_by_semicolons": mark("The cells are split by semicolons."),
    "split_by_tabs": mark("The cells are split by tabs."),
    "split_by_bars": mark("The cells are split by vertical bars."),
    "hidden": mark("The sheet is hidden; it was read all the same."),
    "macros": mark("The workbook holds macros; they are ignored."),
    "external_links": mark("The workbook points to other files; they are not opened, the values saved last are read."),
    "connections": mark("The workbook has connections to other data; they are not followed."),
    "embedded": mark("The workbook holds embedded objects; they are ignored."),
    "formulas": mark(
        "Formulas are not worked out: the values saved last are read (formulas: {count}, first cell {cell})."
    ),
    "formulas_not_listed": mark("Only the first {kept} formulas of the sheet are listed."),
    "empty_formulas": mark(
        "Some formulas have no saved value (first cell {cell}); those cells are empty. Open the file in a spreadsheet program and save it again."
    ),
    "not_read": mark('"{name}" in the same folder is no spreadsheet or text table; it was not read.'),
}

REFUSALS = {
    "missing": mark('"{file}" is not there.'),
    "not_a_file": mark('"{file}" is not an ordinary file; only files and folders are read.'),
    "not_allowed": mark('"{file}" cannot be opened ({reason}).'),
    "no_files": mark('The folder "{file}" holds no file that can be read; expected: {suffixes}.'),
    "too_many_files": mark(
        "{files} files were handed in; at most {files_allowed} are read at once. Hand them in in parts."
    ),
    "unknown_suffix": mark('"{file}" is not of a kind that is read; expected: {suffixes}. Save it as .xlsx or as CSV.'),
    "no_room": mark('"{file}" could not be copied for reading ({reason}). Make room on the disk and try again.'),
    "too_big": mark('"{file}" is larger than {megabytes_allowed} MB, the most that is read. Hand it in in parts.'),
    "empty": mark('"{file}" is empty.'),
    "damaged": mark(
        '"{file}" is damaged or cut off. Open it in a spreadsheet program, save it again and hand in the new file.'
    ),
    "unreadable": mark(
        '"{file}" could not be read ({reason}). Open it in a spreadsheet program, save it again as .xlsx or CSV and hand in the new file.'
    ),
    "password": mark('"{file}" is protected by a password. Save a copy without a password and hand in that.'),
    "old_excel": mark('"{file}" is an Excel file of the old kind (.xls). Open it, save it as .xlsx and hand in that.'),
    "binary_workbook": mark('"{file}" is a binary workbook (.xlsb). Open it, save it as .xlsx and hand in that.'),
    "spreadsheet_2003": mark('"{file}" is an XML spreadsheet of 2003. Open it, save it as .xlsx and hand in that.'),
    "web_page": mark(
        '"{file}" is a web page, not a spreadsheet, whatever its name says. Open it in a spreadsheet program, save it as .xlsx and hand in that.'
    ),
    "workbook_named_text": mark(
        '"{file}" is a workbook, but its name ends in "{suffix}". Rename it to end in .xlsx or .ods, or save it as CSV.'
    ),
    "text_named_workbook": mark(
        '"{file}" is a text file, but its name ends in "{suffix}". Rename it to end in .csv, or save it as a workbook.'
    ),
    "other_format": mark(
        '"{file}" is not a spreadsheet or a text table, whatever its name says. Save the table as .xlsx or CSV and hand in that.'
    ),
    "no_workbook": mark(
        '"{file}" is a packed file without a workbook in it. Save the table as .xlsx, .ods or CSV and hand in that.'
    ),
    "too_many_entries": mark(
        '"{file}" is packed from {entries} parts; at most {entries_allowed} are read. Save the sheet as CSV and hand in that.'
    ),
    "entry_twice": mark(
        '"{file}" holds the part "{entry}" twice, as no spreadsheet program writes it. Open it, save it again and hand in the new file.'
    ),
    "entry_leads_out": mark(
        '"{file}" holds a part whose name leads out of the file ("{entry}"), as no spreadsheet program writes it. Open it, save it again and hand in the new file.'
    ),
    "bomb": mark(
        '"{file}" unfolds to more than can be read (at most {megabytes_allowed} MB, and {ratio} times its packed size). Save the sheet as CSV and hand in that.'
    ),
    "declares_entities": mark(
        '"{file}" declares a document type or entities in "{entry}", as no spreadsheet program writes it. Save the sheet as CSV and hand in that.'
    ),
    "strange_xml": mark(
        '"{file}" holds a part that is not written as spreadsheet programs write it ("{entry}"). Open it, save it again and hand in the new file.'
    ),
    "too_many_cells": mark(
        '"{file}" holds more cells than can be read at once (at most {cells_allowed}, empty ones between the first and the last included). Hand it in in parts.'
    ),
    "too_much_text": mark(
        '"{file}" holds more text than can be read at once (at most {megabytes_allowed} MB). Hand it in in parts.'
    ),
    "no_sheet": mark('"{file}" holds no sheet with cells.'),
    "too_large_sheet": mark(
        'The sheet "{sheet}" of "{file}" reaches over {rows} rows and {columns} columns; at most {cells_allowed} cells are read at once, empty ones included. Delete what stands far from the table, or save the table as CSV.'
    ),
    "cell_too_long": mark(
        'Cell {cell} of the sheet "{sheet}" in "{file}" holds {characters} characters; at most {characters_allowed} are read. Shorten it.'
    ),
    "row_too_long": mark(
        'Row {row} of "{file}" has a cell of more than {characters_allowed} characters; shorten it, or close a quotation mark that was opened and not closed.'
    ),
    "quote_not_closed": mark(
        'In row {row} of "{file}" a quotation mark is opened and not closed, so the rest of the file runs together. Close it, or save the table as .xlsx.'
    ),
    "quote_astray": mark(
        'In row {row} of "{file}" a quotation mark stands where it cannot; inside a quoted cell, write it twice (""). Or save the table as .xlsx.'
    ),
    "broken_text": mark(
        'Line {line} of "{file}" is not {encoding} text, although the rest of the file is. Save it again as CSV in UTF-8.'
    ),
    "unknown_encoding": mark(
        'Line {line} of "{file}" is neither UTF-8 nor Windows-1252 text. Save it again as CSV in UTF-8.'
    ),
    "too_much_memory": mark(
        'Reading "{file}" takes more memory than it may ({megabytes_allowed} MB). Delete what stands far from the table, hand it in in parts, or save the sheet as CSV.'
    ),
    "too_slow": mark(
        'Reading "{file}" takes longer than it may ({seconds_allowed} seconds). Hand it in in parts, or save the sheet as CSV.'
    ),
}


class FileRefused(PipelineError):
    """A file that is not read; its text says which, what was found, what is allowed and what to do."""


def file_refused(file: str, refused: Refused) -> FileRefused:
    """The refusal of a file as a sentence in the language of the moment."""
    values = {name: _value(name, value) for name, value in refused.values.items()}
    if {"row", "column"} <= refused.values.keys():
        values["cell"] = f"{letters(int(refused.values['column']))}{refused.values['row']}"
    return FileRefused(_(REFUSALS[refused.code], **{"file": shown(file), **values}))


def note(code: str, **values: str | int) -> Note:
    """A remark on a sheet, said in the language of whoever reads it."""
    return Note(NOTES[code], {name: _value(name, value) for name, value in values.items()})


def _value(name: str, value: str | int) -> str:
    if isinstance(value, str):
        return shown(value)
    return number(value) if name in _COUNTS else str(value)
