"""Workbooks made by hand for the tests of intake: an ordinary one, one of exactly this XML, one as LibreOffice writes."""

import io
import zipfile
from pathlib import Path

import openpyxl

OPEN_DOCUMENT_NAMES = " ".join(
    f'xmlns:{prefix}="{address}"'
    for prefix, address in {
        "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
        "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
        "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
        "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
        "dc": "http://purl.org/dc/elements/1.1/",
        "calcext": "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
    }.items()
)


def saved(path: Path, rows: list[list], **formats: str) -> Path:
    """A workbook of one sheet; ``formats`` gives number formats by cell ("A1")."""
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    for row in rows:
        sheet.append(row)
    for cell, number_format in formats.items():
        sheet[cell].number_format = number_format
    workbook.save(path)
    return path


def with_sheet_xml(path: Path, sheet_xml: str) -> Path:
    """A workbook whose one sheet is exactly this XML."""
    original = io.BytesIO()
    openpyxl.Workbook().save(original)
    with zipfile.ZipFile(original) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = sheet_xml.encode() if name == "xl/worksheets/sheet1.xml" else source.read(name)
            target.writestr(name, content)
    return path


def sheet_xml(rows: str, prefix: str = "") -> str:
    colon, declared = (f"{prefix}:", f":{prefix}") if prefix else ("", "")
    address = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return (
        f'<{colon}worksheet xmlns{declared}="{address}"><{colon}sheetData>{rows}</{colon}sheetData></{colon}worksheet>'
    )


def open_document(path: Path, body: str, styles: str = "") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f"<office:document-content {OPEN_DOCUMENT_NAMES}>"
            f"<office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>",
        )
    return path


def text_cell(text: str) -> str:
    return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
