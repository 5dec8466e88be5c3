"""Where the rows of a text are: the place of the first one of each page, found in one pass."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from dataclasses import dataclass, field, replace

import numpy as np

from itkgui.decoding.text_source import PAGE, PIECE, TextSource

_BLOCK = 2**20  # bytes looked at in one go: they stay in the processor's cache
PART = 64 * 2**20  # bytes of a part of the index; a tenth of a second


@dataclass(frozen=True)
class Mark:
    """How far an index has come: up to ``position``; the row that begins at ``row_start`` is not complete.

    Before it are ``rows`` rows; it belongs to the line ``line``, counted from 0, and goes on with it if it
    is ``continued``.
    """

    position: int
    row_start: int
    rows: int = 0
    line: int = 0
    continued: bool = False


@dataclass
class TextIndex:
    """The first row of each page: its place in bytes, its line from 0, whether it goes on with that line.

    A row ends with its line, or after ``PIECE`` units.
    """

    mark: Mark
    size: int
    offsets: array[int] = field(default_factory=lambda: array("q"))
    lines: array[int] = field(default_factory=lambda: array("q"))
    continued: array[int] = field(default_factory=lambda: array("b"))

    @property
    def is_complete(self) -> bool:
        return self.mark.position >= self.size

    @property
    def rows(self) -> int:
        """How many rows are known; while the index grows, those of whole pages."""
        return self.mark.rows if self.is_complete else self.mark.rows // PAGE * PAGE

    @property
    def line_count(self) -> int:
        return self.mark.line

    def add(self, part: TextIndex) -> None:
        """Go on with a part that begins where this ends."""
        self.offsets.extend(part.offsets)
        self.lines.extend(part.lines)
        self.continued.extend(part.continued)
        self.mark = part.mark

    def page_at(self, offset: int) -> int:
        """Return the number of the page that has a byte of the file, as far as it is known."""
        return max(0, bisect_right(self.offsets, offset) - 1)

    def page_of_line(self, line: int) -> int:
        """Return the number of the page in which a line begins, counted from 0."""
        page = bisect_right(self.lines, line) - 1
        while page > 0 and self.lines[page] == line and self.continued[page]:
            page -= 1
        return max(0, page)

    def page(self, number: int) -> tuple[int, int, int, bool]:
        """Return the first byte of a page, the first after it, its line, and whether it goes on with that."""
        last = number + 1 >= len(self.offsets)
        end = self.mark.row_start if last else self.offsets[number + 1]
        return self.offsets[number], end, self.lines[number], bool(self.continued[number])


def begin_index(source: TextSource) -> TextIndex:
    """Return the index of a text nothing of which is known yet."""
    start = min(source.encoding.mark, source.size)
    return TextIndex(Mark(start, start), source.size)


def index_part(source: TextSource, mark: Mark, limit: int = PART) -> TextIndex:
    """Return the next part of the index, of at most ``limit`` bytes, a multiple of 4. Raises Undecodable."""
    part = TextIndex(mark, source.size)
    width = source.encoding.width
    with source.opened() as file:
        file.seek(mark.position)
        while limit > 0 and not part.is_complete:
            block = file.read(min(_BLOCK, limit))
            if not block:  # it was cut meanwhile, which whoever opens it next is told
                break
            limit -= len(block)
            _add_block(
                part, np.frombuffer(block[: len(block) // width * width], source.encoding.unit), source
            )
            part.mark = replace(part.mark, position=part.mark.position + len(block))
    if part.is_complete and part.mark.row_start < source.size:
        _add_last(part)
    return part


def _add_block(part: TextIndex, units: np.ndarray[tuple[int], np.dtype[np.uint]], source: TextSource) -> None:
    mark, width = part.mark, source.encoding.width
    ends = np.flatnonzero(units == source.line_end) + 1
    # The first of these lines began before the block, the last goes on after it; all in units.
    starts = np.concatenate(([(mark.row_start - mark.position) // width], ends))
    lengths = np.append(ends, len(units)) - starts
    counts = np.maximum(1, -(-(lengths - 1) // PIECE))
    counts[-1] = max(0, (lengths[-1] - 1) // PIECE)
    firsts = mark.rows + np.cumsum(counts) - counts
    total = int(firsts[-1] + counts[-1])
    rows = np.arange(-(-mark.rows // PAGE) * PAGE, total, PAGE)
    line = np.searchsorted(firsts, rows, side="right") - 1
    piece = rows - firsts[line]
    part.offsets.frombytes(
        (mark.position + (starts[line] + piece * PIECE) * width).astype(np.int64).tobytes()
    )
    part.lines.frombytes((mark.line + line).astype(np.int64).tobytes())
    goes_on = (piece > 0) | ((line == 0) & mark.continued)
    part.continued.frombytes(goes_on.astype(np.int8).tobytes())
    part.mark = Mark(
        mark.position,
        mark.position + int(starts[-1] + counts[-1] * PIECE) * width,
        total,
        mark.line + len(ends),
        bool(counts[-1] > 0 or (len(ends) == 0 and mark.continued)),
    )


def _add_last(part: TextIndex) -> None:
    """Count the row at the end, which no line break ends."""
    mark = part.mark
    if mark.rows % PAGE == 0:
        part.offsets.append(mark.row_start)
        part.lines.append(mark.line)
        part.continued.append(mark.continued)
    part.mark = replace(mark, row_start=part.size, rows=mark.rows + 1, line=mark.line + 1, continued=False)
