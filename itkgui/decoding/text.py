"""Text of any size, by pages from the disk: its encoding guessed, long lines in pieces."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from itkgui.client.files import BinaryFile
from itkgui.client.media_types import HEAD
from itkgui.decoding.text_encoding import ENCODINGS, Encoding, encoding_named, guess_encoding
from itkgui.decoding.text_escapes import Span, has_colours, looks_of, shown
from itkgui.decoding.text_index import TextIndex, begin_index, index_part
from itkgui.decoding.text_language import language_of
from itkgui.decoding.text_source import PIECE, TextSource
from itkgui.decoding.undecodable import reading

_SAMPLE = 16 * 1024  # bytes from the middle and the end, where the beginning tells no encoding
_FIRST_PART = 16 * 2**20  # bytes that are indexed before the text appears: a few hundredths of a second
MOST_COPIED = 4 * 2**20  # bytes; the clipboard is copied by every program that looks at it
_OVERHANG = 8  # bytes that a character may reach over the end of a piece, and more


@dataclass(frozen=True)
class TextPage:
    """Rows as they are shown; ``starts`` are their places in bytes, ``lines`` their lines from 0.

    ``continues`` tells which rows go on with the line of the row before; ``looks`` are a terminal's colours.
    """

    starts: array[int]
    lines: array[int]
    continues: tuple[bool, ...]
    texts: tuple[str, ...]
    looks: tuple[tuple[Span, ...], ...]
    raw: bytes
    encoding: Encoding

    def column(self, row: int, offset: int) -> int:
        """Return how many characters of a row are shown before a byte of the file."""
        begin = self.starts[row] - self.starts[0]
        before = self.encoding.decode(self.raw[begin : offset - self.starts[0]])
        return min(len(shown(before)), len(self.texts[row]))


@dataclass(frozen=True)
class LoadedText:
    """A text that was opened: the beginning of its index, and its first page.

    Without a source it is a short ``text`` that is in no file; ``is_too_large`` if that is why.
    """

    text: str
    facts: str
    source: TextSource | None = None
    index: TextIndex | None = None
    page: TextPage | None = None
    is_json: bool = False
    is_too_large: bool = False


def load_text(file: BinaryFile, label: str = "") -> LoadedText:
    """Open a text, read in one of ``ENCODINGS`` or in what is guessed. Raises Undecodable."""
    with reading("text"), file.path.open("rb") as opened:
        status = file.path.stat()
        head = opened.read(HEAD)
        samples = [head]
        if head.isascii() and status.st_size > len(head):
            for place in (status.st_size // 2, max(len(head), status.st_size - _SAMPLE)):
                opened.seek(place)
                samples.append(opened.read(_SAMPLE))
    encoding = encoding_named(label, head) if label in ENCODINGS else guess_encoding(samples)
    text = encoding.decode(head[encoding.mark :])
    line_end = 13 if "\r" in text and "\n" not in text else 10
    coloured = has_colours(text)
    language = "" if coloured else language_of(file.name, file.media_type, text)
    source = TextSource(file.path, status.st_size, status.st_mtime_ns, encoding, line_end, language)
    index = begin_index(source)
    index.add(index_part(source, index.mark, _FIRST_PART))
    page = read_page(source, *index.page(0)) if index.rows else None
    facts = "CR" if line_end == 13 else "CR LF" if "\r\n" in text else ""
    return LoadedText("", facts, source, index, page, file.media_type == "application/json")


def read_page(source: TextSource, begin: int, end: int, line: int, continued: bool) -> TextPage:
    """Read the rows between two bytes of a text, as its index tells them. Raises Undecodable."""
    with source.opened() as file:
        file.seek(begin)
        raw = file.read(end - begin + _OVERHANG)
    starts, lines, continues = array("q"), array("q"), []
    texts, looks = [], []
    look = ""
    for start, stop, number, goes_on in _rows(raw[: end - begin], source, continued):
        text = source.encoding.decode(raw[_snapped(raw, start, source) : _snapped(raw, stop, source)])
        text = text.removesuffix("\r") if source.line_end == 10 else text
        starts.append(begin + start)
        lines.append(line + number)
        continues.append(goes_on)
        spans, look = looks_of(text, look) if look or "\x1b" in text else ((), "")
        texts.append(shown(text))
        looks.append(spans)
    return TextPage(
        starts, lines, tuple(continues), tuple(texts), tuple(looks), raw[: end - begin], source.encoding
    )


def copied_text(source: TextSource, rows: tuple[int, int, int], first: int, last: int) -> tuple[str, bool]:
    """Return the text from column ``first`` of one row up to column ``last`` of another.

    ``rows`` are the bytes where the first of them, the other, and what follows that begin. Lines stay whole
    that are shown in several rows. Of more than ``MOST_COPIED`` bytes only the beginning is returned; the
    second value tells whether it is whole. Raises Undecodable.
    """
    begin, other, end = rows
    is_whole = end - begin <= MOST_COPIED
    with source.opened() as file:
        file.seek(begin)
        raw = file.read(min(end - begin, MOST_COPIED) + _OVERHANG)
    cuts = [_snapped(raw, min(at - begin, MOST_COPIED), source) for at in (begin, other, end)]
    body, tail = (_lines_shown(raw[start:stop], source) for start, stop in pairwise(cuts))
    if is_whole:
        tail = tail.rstrip("\n")[:last]
    return (body + tail)[first:], is_whole


def _lines_shown(raw: bytes, source: TextSource) -> str:
    text = source.encoding.decode(raw)
    if source.line_end == 13:
        return "\n".join(map(shown, text.split("\r")))
    return "\n".join(map(shown, text.replace("\r\n", "\n").split("\n")))


def _rows(raw: bytes, source: TextSource, continued: bool) -> Iterator[tuple[int, int, int, bool]]:
    """Yield where the rows in some bytes begin and end, their lines from 0, and whether they continue one."""
    width, piece = source.encoding.width, PIECE * source.encoding.width
    units = np.frombuffer(raw[: len(raw) // width * width], source.encoding.unit)
    start, line = 0, 0
    for unit in np.flatnonzero(units == source.line_end).tolist():
        stop = unit * width
        for at in range(start, stop, piece) or (start,):
            yield at, min(at + piece, stop), line, at > start or (line == 0 and continued)
        start, line = stop + width, line + 1
    for at in range(start, len(raw), piece):
        yield at, min(at + piece, len(raw)), line, at > start or (line == 0 and continued)


def _snapped(raw: bytes, at: int, source: TextSource) -> int:
    """Return the end of the character in whose middle a place is, or the place."""
    codec = source.encoding.codec
    if codec == "utf-8":
        # Where a line ends there is no such byte; of a broken text no more is taken than a character has.
        for end in range(at, min(at + 4, len(raw))):
            if not 0x80 <= raw[end] < 0xC0:
                return end
        return at
    if codec.startswith("utf-16"):
        high = raw[at + 1 : at + 2] if codec.endswith("le") else raw[at : at + 1]
        return at + 2 if high and 0xDC <= high[0] < 0xE0 else at
    return at
