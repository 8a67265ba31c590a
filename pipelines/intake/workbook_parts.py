"""The parts of an Excel workbook that hold its sheets, and what else it carries that is never followed."""

import re
from dataclasses import dataclass
from posixpath import dirname, join, normpath
from xml.etree import ElementTree as Xml

from pipelines.intake.package import Package
from pipelines.intake.refused import Refused

_DOCUMENT = re.compile(r"/officeDocument$")
_WORKSHEET = re.compile(r"/worksheet$")
# what may stand before the first tag: a mark, space, instructions and comments
_PROLOG = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s|<\?.*?\?>|<!--.*?-->)*+", re.DOTALL)
_ROOT = re.compile(rb"<[^!?\s]")
_PROLOG_BYTES = 1 << 16
_XML_SUFFIXES = (".xml", ".rels", ".vml")
# what a workbook may carry beside its cells: a part of the name -> what is said of it
_CARRIED = (
    ("vbaproject", "macros"),
    ("/macrosheets/", "macros"),
    ("/externallinks/", "external_links"),
    ("/embeddings/", "embedded"),
    ("/activex/", "embedded"),
    ("/connections.xml", "connections"),
    ("/querytables/", "connections"),
    ("/webextensions/", "embedded"),
)


@dataclass(frozen=True)
class SheetPart:
    """A sheet: its name, and the part that holds its cells (None for a chart, which has none)."""

    name: str
    part: str | None


def check_prolog(package: Package, name: str) -> None:
    """Refuse an XML part that declares a document type or is not written as spreadsheet programs write it."""
    head = bytearray()
    for piece in package.pieces(name):
        head += piece
        if len(head) >= _PROLOG_BYTES:
            break
    if not head:
        return
    prolog = _PROLOG.match(head)
    start = prolog.end() if prolog else 0
    if head.startswith(b"<!", start) and not head.startswith(b"<!--", start):
        raise Refused("declares_entities", entry=name)
    if b"\0" in head[:64] or not _ROOT.match(head, start):
        raise Refused("strange_xml", entry=name)


def check_prologs(package: Package) -> None:
    """The same for every XML part of a workbook."""
    for name in package.parts:
        if name.lower().endswith(_XML_SUFFIXES):
            check_prolog(package, name)


def carried(package: Package) -> list[str]:
    """What the workbook carries beside its cells, as codes of notes."""
    names = [f"/{name.lower()}" for name in package.parts]
    found = [code for text, code in _CARRIED if any(text in name for name in names)]
    return list(dict.fromkeys(found))


def sheet_parts(package: Package) -> list[SheetPart]:
    """The sheets in the order of the workbook; refused if this is no workbook of a kind that is read."""
    workbook = _target(package, "", _DOCUMENT) or "xl/workbook.xml"
    if workbook not in package.parts or not workbook.endswith(".xml"):
        raise Refused(
            "binary_workbook" if any(name.endswith("workbook.bin") for name in package.parts) else "no_workbook"
        )
    targets = _relations(package, workbook)
    found = []
    for sheet in _parsed(package, workbook).iter():
        if _local(sheet.tag) != "sheet":
            continue
        relation = next((value for key, value in sheet.attrib.items() if _local(key) == "id"), "")
        kind, part = targets.get(relation, ("", ""))
        is_worksheet = _WORKSHEET.search(kind) is not None
        if is_worksheet and part not in package.parts:
            raise Refused("damaged")
        found.append(SheetPart(sheet.get("name", ""), part if is_worksheet else None))
    return found


def _target(package: Package, source: str, kind: re.Pattern[str]) -> str | None:
    return next((part for found, part in _relations(package, source).values() if kind.search(found)), None)


def _relations(package: Package, source: str) -> dict[str, tuple[str, str]]:
    """What a part points to: relation -> (kind, part)."""
    folder, _, name = source.rpartition("/")
    part = join(folder, "_rels", f"{name}.rels")
    if part not in package.parts:
        return {}
    return {
        relation.get("Id", ""): (relation.get("Type", ""), _resolved(source, relation.get("Target", "")))
        for relation in _parsed(package, part)
        if relation.get("TargetMode") != "External"
    }


def _resolved(source: str, target: str) -> str:
    return normpath(target[1:] if target.startswith("/") else join(dirname(source), target))


def _parsed(package: Package, name: str) -> Xml.Element:
    try:
        return Xml.fromstring(package.whole(name))  # noqa: S314 - a document type was refused before
    except Xml.ParseError as error:
        raise Refused("damaged") from error


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
