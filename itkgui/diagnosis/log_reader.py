"""Reads the log back, from its end: the latest entries that one asked for, however large the file is."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from itkgui.language import N_
from itkgui.log import redact

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
LEVEL_WORDS = {
    "DEBUG": N_("detail"),
    "INFO": N_("usual"),
    "WARNING": N_("warning"),
    "ERROR": N_("error"),
    "CRITICAL": N_("fault"),
}
MOST = 2_000  # entries that are given at a time

_HEAD = re.compile(rb"^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}) ([A-Z]+) ", re.MULTILINE)
_ENTRY = re.compile(r"(?P<moment>\S+) (?P<level>[A-Z]+) +(?P<thread>.*?) (?P<name>[\w.]+): (?P<message>.*)")
_BLOCK = 1_000_000  # bytes
_LONGEST = 100_000  # characters of one entry that are shown; no message that the program writes has as many
_ROTATED = 9  # files at the most


@dataclass(frozen=True)
class Entry:
    """One message of the log; ``text`` is all of it, with the lines of a traceback below the first."""

    place: tuple[int, int]  # file and byte at which it stands, by which it is known again
    moment: str
    level: str
    name: str
    message: str
    text: str


@dataclass(frozen=True)
class Wanted:
    """Which entries are asked for: none below a level, and such as hold a text in any case.

    ``since`` a moment, as the log writes it; what comes before may be of somebody else.
    """

    level: str = LEVELS[0]
    text: str = ""
    since: str = ""

    @property
    def levels(self) -> tuple[str, ...]:
        return LEVELS[LEVELS.index(self.level) :]

    def has(self, content: bytes) -> bool:
        """Tell whether an entry, as it stands in the file, is one of them."""
        found = _HEAD.match(content)
        moment, level = (found[1].decode(), found[2].decode()) if found is not None else ("", LEVELS[0])
        return moment >= self.since and level in self.levels and self._is_in(content)

    def may_be_in(self, block: bytes) -> bool:
        """Tell whether a block may hold one, without taking it apart."""
        if self.level != LEVELS[0] and not any(f" {level} ".encode() in block for level in self.levels):
            return False
        return self._is_in(block)

    def _is_in(self, content: bytes) -> bool:
        needle = self.text.strip().lower()
        return not needle or needle in content.decode("utf-8", "replace").lower()


@dataclass(frozen=True)
class Excerpt:
    """Entries, the earliest first; ``end`` is how far the file ``identity`` was read.

    Of what is earlier there is ``more`` that was not looked at.
    """

    entries: Sequence[Entry]
    identity: int
    end: int
    more: bool = False


def latest(log_file: Path, wanted: Wanted, check: Callable[[], object], most: int = MOST) -> Excerpt:
    """Return the latest entries, from the files that were full before too.

    ``check`` is called between blocks, and raises if nobody waits any more. Raises OSError where there is no
    log.
    """
    found: list[Entry] = []
    status = log_file.stat()
    files = [log_file, *(Path(f"{log_file}.{number}") for number in range(1, _ROTATED + 1))]
    for file in [one for one in files if one.is_file()]:
        end = status.st_size if file is log_file else None
        for entry in _backwards(file, end, wanted, check):
            if len(found) == most:
                return Excerpt(found[::-1], status.st_ino, status.st_size, more=True)
            found.append(entry)
    return Excerpt(found[::-1], status.st_ino, status.st_size)


def following(log_file: Path, wanted: Wanted, before: Excerpt) -> Excerpt | None:
    """Return what was written since; None if another file has begun, or it was cut: all is to be read anew.

    A line that is not complete yet stays for the next time. Raises OSError.
    """
    status = log_file.stat()
    grown = status.st_size - before.end
    if status.st_ino != before.identity or not 0 <= grown <= 4 * _BLOCK:
        return None
    with log_file.open("rb") as file:
        file.seek(before.end)
        block = file.read(grown)
    end = block.rfind(b"\n") + 1
    entries = _entries(block[:end], wanted, before.identity, before.end)
    return Excerpt(list(entries)[::-1], before.identity, before.end + end)


def _backwards(path: Path, end: int | None, wanted: Wanted, check: Callable[[], object]) -> Iterator[Entry]:
    with path.open("rb") as file:
        identity = os.fstat(file.fileno()).st_ino
        size = file.seek(0, os.SEEK_END)
        position, rest = size if end is None else min(size, end), b""
        while position > 0:
            check()
            size = min(_BLOCK, position)
            position -= size
            file.seek(position)
            block = file.read(size) + rest
            first = _HEAD.search(block, 1 if position else 0)  # at the very beginning a line may be cut
            begin = first.start() if first is not None else len(block)
            if position == 0:
                begin = 0
            elif first is None and len(block) > 4 * _BLOCK:
                block = block[:_BLOCK]  # no log of ours: an endless message, of which the beginning will do
            rest = block[:begin]
            whole = block[begin:]
            if whole and wanted.may_be_in(whole):
                yield from _entries(whole, wanted, identity, position + begin)


def _entries(block: bytes, wanted: Wanted, identity: int, offset: int) -> Iterator[Entry]:
    """Yield the entries of a block that are wanted, the latest first."""
    heads = [match.start() for match in _HEAD.finditer(block)]
    if block and (not heads or heads[0] > 0):
        heads.insert(0, 0)
    end = len(block)
    for head in reversed(heads):
        if wanted.has(block[head:end]):
            yield _entry(block[head:end], (identity, offset + head))
        end = head


def _entry(content: bytes, place: tuple[int, int]) -> Entry:
    # Redacted once more: another program may have written to the file.
    text = redact(content[: 4 * _LONGEST].decode("utf-8", "replace")[:_LONGEST].rstrip("\n"))
    first, _, _ = text.partition("\n")
    found = _ENTRY.fullmatch(first)
    if found is None:
        return Entry(place, "", LEVELS[0], "", first, text)
    return Entry(place, found["moment"], found["level"], found["name"], found["message"], text)
