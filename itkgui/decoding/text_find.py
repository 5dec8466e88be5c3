"""Finds a text or a pattern in a file, over its bytes on the disk, part by part."""

from __future__ import annotations

import re
import time
import warnings
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from itkgui.client.exceptions import ItkError
from itkgui.decoding.text_source import TextSource
from itkgui.language import N_, _

_BLOCK = 2**20  # bytes searched in one go
_LINES_END = 64 * 1024  # bytes of a block's end in which a line break is looked for, to cut it there
_SECONDS = 0.1  # of a part: so late comes the first hit of many, and so long lasts a search nobody wants
PATIENCE = 3.0  # seconds of a part; only a pattern that tries everything takes so long for a block
SLOW_PATTERN = N_("The search was stopped: this expression takes too long on this text. Make it simpler.")
MOST_HITS = 100_000  # kept; a megabyte and a half


class PatternProblem(ItkError):
    """What somebody looks for is no pattern."""

    title = N_("No pattern")
    cure = N_("Correct it, or look for it as plain text.")

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.sentence = _("This is no regular expression: {detail}.").format(detail=detail)

    def __reduce__(self) -> tuple[Any, ...]:
        return PatternProblem, (self.detail,)


@dataclass(frozen=True)
class Query:
    """What to look for, never empty."""

    text: str
    is_pattern: bool = False
    matches_case: bool = False


@dataclass
class Found:
    """Where it stands: first bytes and ends, in the order of the file, up to ``position``."""

    position: int
    size: int
    starts: array[int] = field(default_factory=lambda: array("q"))
    ends: array[int] = field(default_factory=lambda: array("q"))

    @property
    def is_complete(self) -> bool:
        return self.position >= self.size

    @property
    def share(self) -> float:
        """How much of the file has been searched, of 1."""
        return 1.0 if self.is_complete else self.position / self.size

    @property
    def has_all(self) -> bool:
        """Whether there are no more hits than are kept."""
        return len(self.starts) < MOST_HITS

    def add(self, part: Found) -> None:
        """Go on with a part that begins where this ends."""
        room = MOST_HITS - len(self.starts)
        self.starts.extend(part.starts[:room])
        self.ends.extend(part.ends[:room])
        self.position = part.position if self.has_all else self.size


def find_part(source: TextSource, query: Query, begin: int) -> Found:
    """Search from a byte of the file on for a moment. Raises PatternProblem, Undecodable."""
    deadline = time.monotonic() + _SECONDS
    search = _search_for(source, query)
    found = Found(max(begin, source.encoding.mark), source.size)
    with source.opened() as file:
        while not found.is_complete and found.has_all and time.monotonic() < deadline:
            file.seek(found.position)
            block = file.read(_BLOCK)
            is_last = found.position + len(block) >= source.size
            end = len(block) if is_last else _cut(block, source)
            last = 0
            for start, stop in search(block[:end]):
                found.starts.append(found.position + start)
                found.ends.append(found.position + stop)
                last = stop
            # In a line longer than a block, what is looked for may be half in it.
            if not is_last and end == len(block):
                width = source.encoding.width
                wide = 4 * (len(query.text) + 1)
                end = max(last, (end - wide) // width * width)
            found.position = source.size if is_last else found.position + end
    return found


def _cut(block: bytes, source: TextSource) -> int:
    """Return how much of a block to search: up to its last line break, if that is near its end."""
    width = source.encoding.width
    order = "big" if source.encoding.codec.endswith("-be") else "little"
    line_end = source.line_end.to_bytes(width, order)  # type: ignore[arg-type]
    place = len(block)
    while (place := block.rfind(line_end, max(0, len(block) - _LINES_END), place + width - 1)) >= 0:
        if place % width == 0:
            return place + width
    return len(block)


class _Search:
    """Yields where something stands in a block, in bytes."""

    def __call__(self, block: bytes) -> Iterable[tuple[int, int]]:
        raise NotImplementedError


def _search_for(source: TextSource, query: Query) -> _Search:
    if query.is_pattern or not (query.matches_case or query.text.isascii()):
        return _PatternSearch(source, query)
    return _PlainSearch(source, query)


class _PlainSearch(_Search):
    """Compares bytes; those of ASCII, where the case does not matter, in lower case."""

    def __init__(self, source: TextSource, query: Query) -> None:
        self._ignores_case = not query.matches_case
        text = query.text.lower() if self._ignores_case else query.text
        self._wanted = text.encode(source.encoding.codec, "replace")
        self._text, self._encoding = text, source.encoding
        self._is_sure = source.encoding.codec in ("utf-8", "latin-1", "cp1252", "cp1250", "cp1251", "koi8-r")

    def __call__(self, block: bytes) -> Iterator[tuple[int, int]]:
        lowered = block.lower() if self._ignores_case else block
        length, place = len(self._wanted), 0
        while (place := lowered.find(self._wanted, place)) >= 0:
            if self._is_sure or self._is_hit(block, place):
                yield place, place + length
                place += length
            else:
                place += 1

    def _is_hit(self, block: bytes, place: int) -> bool:
        """Tell whether it is the text, not halves of other characters that have the same bytes."""
        if place % self._encoding.width:
            return False
        text = self._encoding.decode(block[place : place + len(self._wanted)])
        return (text.lower() if self._ignores_case else text) == self._text


class _PatternSearch(_Search):
    """Compares characters, with a regular expression."""

    def __init__(self, source: TextSource, query: Query) -> None:
        pattern = query.text if query.is_pattern else re.escape(query.text)
        flags = re.MULTILINE | (0 if query.matches_case else re.IGNORECASE)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of what a later Python will read in another way
                self._pattern = re.compile(pattern, flags)
        except (re.error, OverflowError, RecursionError) as error:
            raise PatternProblem(str(error)) from error
        self._codec = source.encoding.codec
        self._is_wide = source.encoding.width > 1

    def __call__(self, block: bytes) -> Iterator[tuple[int, int]]:
        # So that each character leads back to its bytes, broken ones too.
        errors = "surrogatepass" if self._is_wide else "surrogateescape"
        try:
            text = block.decode(self._codec, errors)
        except UnicodeDecodeError:  # half a unit at the end, or no such character at all
            errors = "replace"
            text = block.decode(self._codec, errors)
        is_plain = len(text) == len(block)
        done = byte = 0
        for hit in self._pattern.finditer(text):
            if hit.start() == hit.end():
                continue
            if is_plain:
                yield hit.start(), hit.end()
                continue
            start = byte + len(text[done : hit.start()].encode(self._codec, errors))
            byte = start + len(hit[0].encode(self._codec, errors))
            done = hit.end()
            yield start, byte
