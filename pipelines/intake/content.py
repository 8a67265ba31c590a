"""What a file really is, told by its first bytes; its name only says what it should be."""

from pipelines.intake.refused import Refused

HEAD_BYTES = 4096
WORKBOOKS = (".xlsx", ".xlsm", ".ods")
TEXTS = (".csv", ".tsv", ".txt")
SUFFIXES = (*WORKBOOKS, *TEXTS)

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"{\\rtf", b"SQLite f")
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_PAGES = (b"<!doctype html", b"<html", b"<table", b"<head", b"<body", b"<meta", b"<style", b"<div")
_SPREADSHEET_2003 = b"urn:schemas-microsoft-com:office:spreadsheet"


def is_packed(head: bytes, suffix: str, ole_names: bytes) -> bool:
    """Whether a file is a packed workbook (True) or text (False), as its name promises; refused if it is not that.

    ``ole_names`` is where an old Office file, if this is one, names its parts.
    """
    if head.startswith(_OLE):
        raise Refused(_kind_of_ole(ole_names))
    if head.startswith(_ZIP):
        if suffix in TEXTS:
            raise Refused("workbook_named_text", suffix=suffix)
        return True
    if head.startswith(_OTHERS):
        raise Refused("other_format")
    start = _plain(head)
    if start.startswith(_PAGES) or (start.startswith(b"<?xml") and b"<html" in start):
        raise Refused("web_page")
    if _SPREADSHEET_2003 in start:
        raise Refused("spreadsheet_2003")
    if suffix in WORKBOOKS:
        raise Refused("text_named_workbook" if _is_text(head) else "other_format", suffix=suffix)
    if not _is_text(head):
        raise Refused("other_format")
    return False


def _kind_of_ole(names: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in names:
        return "password"
    if any(name.encode("utf-16-le") in names for name in ("Workbook", "Book")):
        return "old_excel"
    return "other_format"


def _plain(head: bytes) -> bytes:
    """The beginning as lower-case ASCII, without the marks and NULs of UTF-16."""
    for byte_order_mark in _BYTE_ORDER_MARKS:
        head = head.removeprefix(byte_order_mark)
    return head.replace(b"\0", b"").lstrip().lower()


def _is_text(head: bytes) -> bool:
    """Whether hardly any byte is a control character; the NULs of UTF-16 are not held against a text."""
    if head.startswith(_BYTE_ORDER_MARKS[1:]) or _looks_like_utf16(head):
        return True
    controls = sum(head.count(byte) for byte in range(32) if byte not in b"\t\n\r\x0b\x0c\x1a\x1b")
    return controls <= max(2, len(head) // 50)


def _looks_like_utf16(head: bytes) -> bool:
    return utf16_order(head) is not None


def utf16_order(head: bytes) -> str | None:
    """The encoding of text in two-byte units without a mark, told by where its NULs stand; else None."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    units = len(head) // 2
    if units and odd > 0.4 * units and even < 0.05 * units:
        return "utf-16-le"
    if units and even > 0.4 * units and odd < 0.05 * units:
        return "utf-16-be"
    return None
