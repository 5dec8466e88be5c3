"""The lines of a table in a file, a part of it at a time, and the fields of each."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from itkgui.client.files import BinaryFile
from itkgui.client.table_form import BLANKS, TableForm
from itkgui.decoding.undecodable import reading

LONGEST_ROW = 2**20  # bytes; what follows in the row is left out
LINE_FEED, RETURN = 10, 13
_CHUNK = 8 * 2**20  # bytes read at a time
_CELLS_CHUNK = 2**20  # the same where all of it becomes objects
QUOTE = 34
MOST_ROWS = 5_000_000  # of which places are kept, 12 bytes each, beside the GUI's own 20

Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class TableLayout:
    """All that is needed to read the rows of a table; ``start`` is the byte where the first of them begins.

    With ``is_quoted``, a row may have line breaks within quotes; ``strays`` are quotes, by their byte in
    increasing order, that are letters.
    """

    form: TableForm
    encoding: str
    start: int
    line_end: int
    is_quoted: bool
    strays: tuple[int, ...] = ()


def unit_of(encoding: str) -> str:
    return {"utf-16-le": "<u2", "utf-16-be": ">u2"}.get(encoding, "u1")


def after_lines(raw: bytes, mark: int, count: int, encoding: str, line_end: int) -> int:
    """Return where the line of a number begins."""
    unit = np.dtype(unit_of(encoding))
    units = np.frombuffer(raw, unit, (len(raw) - mark) // unit.itemsize, mark)
    ends = np.flatnonzero(units == line_end)
    if not count:
        return mark
    return mark + unit.itemsize * (int(ends[count - 1]) + 1 if count <= len(ends) else len(units))


class _Chunk:
    """A part of a file in units of its encoding, and the rows in it that are neither empty nor comments."""

    def __init__(self, raw: bytes, offset: int, layout: TableLayout, *, is_last: bool) -> None:
        self._form = layout.form
        units = np.frombuffer(
            raw, unit_of(layout.encoding), len(raw) // np.dtype(unit_of(layout.encoding)).itemsize
        )
        self.raw, self.units, self.offset, self.unit = raw, units, offset, units.itemsize
        self._outside: npt.NDArray[np.bool_] | None = None
        ends = units == layout.line_end
        if layout.is_quoted and (units == QUOTE).any():
            self._outside = np.cumsum(self._quotes(layout), dtype=np.int32) % 2 == 0
            ends &= self._outside
        stops = np.flatnonzero(ends)
        if is_last and len(units) and (not len(stops) or stops[-1] != len(units) - 1):
            stops = np.append(stops, len(units))
        elif not is_last and not len(stops) and len(raw) > 2 * _CHUNK:
            stops = np.array([len(units) - 1])  # a row without an end
        self.used = min(int(stops[-1]) + 1, len(units)) * self.unit if len(stops) else 0
        starts = np.concatenate(([0], stops[:-1] + 1)) if len(stops) else np.empty(0, np.int64)
        lengths = stops - starts
        if len(starts):
            last = units[np.maximum(stops - 1, 0)]
            lengths = lengths - ((lengths > 0) & (last == RETURN))
        keep = lengths > 0
        if layout.form.comment:
            at = np.minimum(starts, len(units) - 1)
            is_comment = keep.copy()
            for place, character in enumerate(layout.form.comment):
                is_comment &= units[np.minimum(at + place, len(units) - 1)] == ord(character)
            keep &= ~is_comment
        self.starts, self.lengths = starts[keep], lengths[keep]

    def _quotes(self, layout: TableLayout) -> npt.NDArray[np.bool_]:
        quotes: npt.NDArray[np.bool_] = self.units == QUOTE
        first, end = np.searchsorted(layout.strays, (self.offset, self.offset + len(self.raw))).tolist()
        quotes[[(stray - self.offset) // self.unit for stray in layout.strays[first:end]]] = False
        return quotes

    def widths(self) -> Places:
        """Return how many columns each row has."""
        units = self.units
        if self._form.delimiter == BLANKS:
            is_blank = (units == 32) | (units == 9) | (units == RETURN) | (units == LINE_FEED)
            marks = ~is_blank
            marks[1:] &= is_blank[:-1]
            extra = 0
        else:
            marks = units == ord(self._form.delimiter)
            extra = 1
        if self._outside is not None:
            marks &= self._outside
        places = np.flatnonzero(marks)
        stops = self.starts + self.lengths
        return np.searchsorted(places, stops) - np.searchsorted(places, self.starts) + extra

    def records(self, layout: TableLayout) -> list[str]:
        """Return the text of each row, without its line end."""
        if not len(self.starts):
            return []
        starts, stops = self.starts * self.unit, (self.starts + self.lengths) * self.unit
        is_dense = self.unit == 1 and self._outside is None and self.lengths.max() <= LONGEST_ROW
        if is_dense and (self.starts[1:] - self.starts[:-1] - self.lengths[:-1]).max(initial=0) <= 2:
            # All at once, with nothing between them but line ends: a third of the time.
            text = decoded(self.raw[starts[0] : stops[-1]], layout)
            records = text.replace("\r\n", "\n").split(chr(layout.line_end))
            if len(records) == len(starts):
                return records
        return [
            decoded(self.raw[start : min(stop, start + LONGEST_ROW)], layout)
            for start, stop in zip(starts.tolist(), stops.tolist(), strict=True)
        ]


def chunks_of(file: BinaryFile, layout: TableLayout, size: int = _CHUNK) -> Iterator[_Chunk]:
    """Yield the rows of a file, a part of it at a time."""
    with reading("table"), file.path.open("rb") as opened:
        opened.seek(layout.start)
        offset, rest = layout.start, b""
        while True:
            read = opened.read(size)
            chunk = _Chunk(rest + read, offset, layout, is_last=len(read) < size)
            if len(chunk.starts):
                yield chunk
            if len(read) < size:
                return
            offset, rest = offset + chunk.used, chunk.raw[chunk.used :]


def records_of(file: BinaryFile, layout: TableLayout, size: int = _CHUNK) -> Iterator[list[str]]:
    return (chunk.records(layout) for chunk in chunks_of(file, layout, size))


def cells_of(
    file: BinaryFile, layout: TableLayout, columns: Sequence[int]
) -> Iterator[tuple[Sequence[str], ...]]:
    """Yield the fields of some columns, some thousand rows at a time; empty ones where a row is short."""
    left = MOST_ROWS
    for records in records_of(file, layout, _CELLS_CHUNK):
        rows = split_records(records[:left], layout)
        left -= len(rows)
        yield tuple([row[n] if n < len(row) else "" for row in rows] for n in columns)
        if left <= 0:
            return


def decoded(raw: bytes, layout: TableLayout) -> str:
    return raw.decode(layout.encoding, errors="replace").replace("\0", "␀").strip("\r\n")


def split_records(records: Sequence[str], layout: TableLayout) -> list[list[str]]:
    """Return the fields of each record."""
    delimiter = layout.form.delimiter
    if not layout.is_quoted:
        if delimiter == BLANKS:
            return [record.split() for record in records]
        rows = [record.split(delimiter) for record in records]
        if not any(" " in record or "\t" in record for record in records):
            return rows
        return [[field.strip() for field in row] for row in rows]
    csv.field_size_limit(LONGEST_ROW)
    if delimiter == BLANKS:
        records = [" ".join(record.split()) for record in records]
    try:
        rows = list(csv.reader(records, delimiter=delimiter, skipinitialspace=True, strict=True))
    except csv.Error:  # a quote where none can be
        rows = []
    if len(rows) != len(records):  # or one that is not closed in its row
        rows = [_fields(record, delimiter) for record in records]
    return [[field.strip() for field in row] for row in rows]


def _fields(record: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader((record,), delimiter=delimiter, skipinitialspace=True, strict=True), [])
    except csv.Error:
        return record.replace("\r", " ").replace("\n", " ").split(delimiter)
