"""A packed workbook (ZIP) as bounded streams of its parts; no size that the file states about itself is trusted."""

import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import BinaryIO
from zipfile import ZipInfo

from pipelines.intake.limits import Limits
from pipelines.intake.refused import Refused

_LOCAL_HEADER = struct.Struct("<4s22xHH")
_LOCAL_SIGNATURE = b"PK\x03\x04"
_READ_BYTES = 1 << 16
_PIECE_BYTES = 1 << 20
_ENCRYPTED = 1
_DAMAGED = (zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, ValueError, UnicodeError, EOFError)


class Package:
    """The parts of one packed workbook, each inflated anew whenever it is asked for, within the limits."""

    def __init__(self, file: BinaryIO, limits: Limits) -> None:
        """List the parts and refuse what could unfold beyond the limits or has no business in a workbook."""
        self._descriptor = file.fileno()
        self._limits = limits
        self._size = os.fstat(self._descriptor).st_size
        try:
            with zipfile.ZipFile(file) as archive:
                parts = archive.infolist()
        except _DAMAGED as error:
            raise Refused("damaged") from error
        self._check(parts)
        self.parts = {part.filename: part for part in parts if not part.is_dir()}

    def _check(self, parts: list[ZipInfo]) -> None:
        names = [part.filename for part in parts]
        if len(parts) > self._limits.entries:
            raise Refused("too_many_entries", entries=len(parts), entries_allowed=self._limits.entries)
        if len(set(names)) < len(names):
            raise Refused("entry_twice", entry=next(name for name in names if names.count(name) > 1))
        for part in parts:
            if _leads_out(part.filename):
                raise Refused("entry_leads_out", entry=part.filename)
            if part.flag_bits & _ENCRYPTED:
                raise Refused("password")
            if stat.S_ISLNK(part.external_attr >> 16):
                raise Refused("entry_leads_out", entry=part.filename)
        if sum(part.compress_size for part in parts) > self._size:
            raise Refused("damaged")
        self._bound(sum(part.file_size for part in parts), self._limits.inflated_bytes)
        for part in parts:
            self._bound(part.file_size, self._allowed(part))

    def _allowed(self, part: ZipInfo) -> int:
        by_ratio = max(self._limits.free_bytes, part.compress_size * self._limits.ratio)
        return min(self._limits.inflated_bytes, by_ratio)

    def _bound(self, size: int, allowed: int) -> None:
        if size > allowed:
            raise Refused("bomb", megabytes_allowed=self._limits.inflated_bytes >> 20, ratio=self._limits.ratio)

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of a part, a piece at a time; real bytes are counted, length and checksum must be as stated."""
        part = self.parts[name]
        if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refused("damaged")
        inflated, checksum = 0, 0
        try:
            for piece in self._inflated(part):
                inflated += len(piece)
                self._bound(inflated, self._allowed(part))
                checksum = zlib.crc32(piece, checksum)
                yield piece
        except _DAMAGED as error:
            raise Refused("damaged") from error
        if inflated != part.file_size or checksum != part.CRC:
            raise Refused("damaged")

    def _inflated(self, part: ZipInfo) -> Iterator[bytes]:
        packed = self._packed(part)
        if part.compress_type == zipfile.ZIP_STORED:
            yield from packed
            return
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        for content in packed:
            rest = content
            while rest and not inflater.eof:
                yield inflater.decompress(rest, _PIECE_BYTES)
                rest = inflater.unconsumed_tail
        yield inflater.flush()
        if not inflater.eof:
            raise Refused("damaged")

    def _packed(self, part: ZipInfo) -> Iterator[bytes]:
        signature, name_length, extra_length = _LOCAL_HEADER.unpack(
            os.pread(self._descriptor, _LOCAL_HEADER.size, part.header_offset)
        )
        if signature != _LOCAL_SIGNATURE:
            raise Refused("damaged")
        position = part.header_offset + _LOCAL_HEADER.size + name_length + extra_length
        end = position + part.compress_size
        while position < end:
            content = os.pread(self._descriptor, min(_READ_BYTES, end - position), position)
            if not content:
                raise Refused("damaged")
            position += len(content)
            yield content

    def whole(self, name: str) -> bytes:
        """A small part as a whole; refused beyond ``free_bytes``."""
        content = bytearray()
        for piece in self.pieces(name):
            content += piece
            self._bound(len(content), self._limits.free_bytes)
        return bytes(content)


def _leads_out(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or name[1:2] == ":"
