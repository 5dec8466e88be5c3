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
_LOCAL = struct.Struct("<4s5H3L2H")  # what stands before each member
_LONGEST_COMMENT = 2**16
_SIZES_FOLLOW = 8  # flag of a member that was packed on its way out: its sizes stand behind it
_MEMBER, _RECORD = b"PK\3\4", b"PK\1\2"  # begin a member, and what the directory says of one
_BEHIND = b"PK\7\x08"  # and so they begin
_SIZES, _SIZES_64 = struct.Struct("<4s3L"), struct.Struct("<4sL2Q")
_MOST_REBUILT = 250_000  # members, more than anybody lists
_BLOCK = 2**20
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
    ``is_rebuilt`` tells that the archive is cut off, and these are the members before the cut.
    """

    file: IO[bytes]
    start: int
    size: int
    count: int
    offset: int
    is_rebuilt: bool = False

    @classmethod
    def of(cls, file: IO[bytes]) -> ZipDirectory:
        """Find the directory, or make one of what stands before each member. Raises BadZipFile."""
        try:
            return cls._found(file)
        except zipfile.BadZipFile:
            records, count, stop = _rebuilt(file)
            if not count:
                raise
        whole = io.BufferedReader(_WithOtherEnd(file, stop, records))
        return cls(whole, stop, len(records), count, stop, is_rebuilt=True)

    @classmethod
    def _found(cls, file: IO[bytes]) -> ZipDirectory:
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
        start = stop - size
        file.seek(0)
        if start > offset and file.read(4) == _MEMBER:  # of an archive that is a member of this one
            raise zipfile.BadZipFile("the directory at its end is missing")
        return cls(file, start, size, count, offset)

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
            if mark != _RECORD or place + length > stop:
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


def _rebuilt(file: IO[bytes]) -> tuple[bytes, int, int]:
    """Return the records of a directory for the members that are whole, how many, and where the last ends."""
    end = min(file.seek(0, io.SEEK_END), _LONG - 1)
    records: list[bytes] = []
    place = 0
    while len(records) < _MOST_REBUILT:
        file.seek(place)
        head = file.read(_LOCAL.size)
        if len(head) < _LOCAL.size or head[:4] != _MEMBER:
            break
        _, needed, flags, method, clock, day, crc, packed, size, named, extra = _LOCAL.unpack(head)
        rest = file.read(named + extra)
        start = place + _LOCAL.size + named + extra
        if _LONG in (size, packed):
            size, packed = _wide_sizes(rest[named:], size, packed)
        if flags & _SIZES_FOLLOW and packed in (0, _LONG):
            behind = _sizes_behind(file, start)
            if behind is None:
                break
            crc, packed, size, stop = behind
        else:
            stop = start + packed
            if flags & _SIZES_FOLLOW:  # they stand before and behind, as zip -e writes them
                file.seek(stop)
                behind_it = file.read(_SIZES_64.size)
                if behind_it.startswith(_BEHIND):
                    is_wide = behind_it[_SIZES.size : _SIZES.size + 4] not in (_MEMBER, _RECORD)
                    stop += _SIZES_64.size if is_wide and len(behind_it) == _SIZES_64.size else _SIZES.size
        if stop > end:
            break
        if size < _LONG:
            record = (needed, needed, flags, method, clock, day, crc, packed, size, named, extra)
            records.append(_ENTRY.pack(_RECORD, *record, 0, 0, 0, 0, place) + rest)
        place = stop
    return b"".join(records), len(records), place


def _sizes_behind(file: IO[bytes], start: int) -> tuple[int, int, int, int] | None:
    """Return what stands behind a member that begins here: its checksum and sizes; and where that ends.

    It is known by telling how far away the member begins, and by what follows. None if the file ends before.
    """
    file.seek(start)
    window, begin, is_end = b"", start, False
    while not is_end:
        block = file.read(_BLOCK)
        is_end = not block
        window += block
        beyond = len(window) - (_SIZES.size - 1 if is_end else _SIZES_64.size + 3)
        place = window.find(_BEHIND)
        while 0 <= place < beyond:
            for form in (_SIZES_64, _SIZES):
                stop = place + form.size
                after = window[stop : stop + 4]
                if stop <= len(window) and any(mark.startswith(after) for mark in (_MEMBER, _RECORD)):
                    _, crc, packed, size = form.unpack_from(window, place)
                    if packed == begin + place - start and size < _LONG:
                        return crc, packed, size, begin + stop
            place = window.find(_BEHIND, place + 1)
        begin += max(0, beyond)
        window = window[max(0, beyond) :]
    return None


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
