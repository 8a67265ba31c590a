"""The reading process: reads one file within bounds and writes its rows out; started by ``sandbox``, never by people.

The two arguments are the descriptors it reads from and writes blocks to; the job arrives on standard input and messages
leave on standard output, a line of JSON each. Imports little, so that it starts at once and can be held to a tight bound.
"""

import gc
import json
import os
import resource
import signal
import sys
from collections.abc import Iterator
from typing import BinaryIO

from pipelines.intake.blocks import Block, BlockWriter, batches
from pipelines.intake.content import HEAD_BYTES, is_packed
from pipelines.intake.delimited import DELIMITER_NOTES, ENCODING_NOTES, delimiter_of, encoding_of, rows_of
from pipelines.intake.limits import Limits
from pipelines.intake.package import Package
from pipelines.intake.raw_sheets import RawSheet
from pipelines.intake.refused import Refused

_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG
_OLE_NAMES_BYTES = 1 << 20
_ROWS_BETWEEN_MESSAGES = 20_000


def main(source: int, target: int) -> None:
    """Read the job, keep to its limits, tell what was found."""
    job = json.loads(sys.stdin.readline())
    limits = Limits(**job["limits"])
    _end_with_parent(job["parent"])
    _keep_to(limits)
    gc.disable()  # rows by the hundred thousand, no cycles
    try:
        with open(source, "rb") as file, open(target, "wb") as output:
            sheets = _measure(file, limits) if job["is_measuring"] else list(_read(file, output, job["suffix"], limits))
        if not sheets and not job["is_measuring"]:
            raise Refused("no_sheet")
        _tell(sheets=sheets)
    except Refused as refused:
        _tell(refused=refused.code, values=refused.values)
    except MemoryError:
        os.abort()
    except OSError as error:
        _tell(refused="no_room", values={"reason": error.strerror or type(error).__name__})
    except BaseException as error:
        # calamine's own failures are no subclass of Exception; what it could not read is not read at all
        _tell(refused="unreadable", values={"reason": type(error).__name__})


def _end_with_parent(parent: int) -> None:
    """Never outlive who asked for the reading, however it ended."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _keep_to(limits: Limits) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds, limits.seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _tell(**message: object) -> None:
    print(json.dumps(message), flush=True)


def _read(file: BinaryIO, output: BinaryIO, suffix: str, limits: Limits) -> Iterator[dict[str, object]]:
    writer = BlockWriter(output, limits)
    for sheet in _sheets(file, suffix, limits):
        blocks = list(_blocks(sheet, writer))
        yield {
            "name": sheet.name,
            "is_text": sheet.is_text,
            "blocks": blocks,
            "formulas": sheet.formulas,
            "formula_count": sheet.formula_count,
            "merged": sheet.merged,
            "notes": sheet.notes,
        }


def _measure(file: BinaryIO, limits: Limits) -> list[dict[str, object]]:
    from pipelines.intake.excel import measure

    measure(Package(file, limits), limits)
    return []


def _blocks(sheet: RawSheet, writer: BlockWriter) -> Iterator[Block]:
    row, told = 1, 1
    for batch in batches(sheet.rows):
        try:
            block = writer.write(batch, row, sheet.first_column)
        except Refused as refused:
            refused.values.setdefault("sheet", sheet.name or "")
            raise
        if block["columns"]:
            yield block
        row += len(batch)
        if row - told > _ROWS_BETWEEN_MESSAGES:
            told = row
            _tell(rows=row - 1, total=sheet.height)


def _sheets(file: BinaryIO, suffix: str, limits: Limits) -> Iterator[RawSheet]:
    head = file.read(HEAD_BYTES)
    if not head:
        raise Refused("empty")
    if not is_packed(head, suffix, os.pread(file.fileno(), _OLE_NAMES_BYTES, 0)):
        yield _text_sheet(file, limits)
        return
    package = Package(file, limits)
    if "mimetype" in package.parts or "content.xml" in package.parts:
        from pipelines.intake.open_document import open_document_sheets

        yield from open_document_sheets(package, limits)
    else:
        from pipelines.intake.excel import excel_sheets

        yield from excel_sheets(file, package, limits)


def _text_sheet(file: BinaryIO, limits: Limits) -> RawSheet:
    encoding = encoding_of(file)
    delimiter, is_first_line_left_out = delimiter_of(file, encoding)
    notes = [(code, {}) for code in (ENCODING_NOTES.get(encoding), DELIMITER_NOTES.get(delimiter)) if code]
    rows = rows_of(
        file,
        encoding,
        delimiter,
        is_first_line_left_out=is_first_line_left_out,
        cell_characters=limits.cell_characters,
    )
    return RawSheet(name=None, rows=rows, is_text=True, notes=notes)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
