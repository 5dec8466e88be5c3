"""Tables in text files of any size: first rows, where each row stands; rows, order and numbers from there."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

import numpy as np
import numpy.typing as npt

from itkgui.client.files import BinaryFile
from itkgui.client.media_types import HEAD, encoding_of
from itkgui.client.table_form import BLANKS, NO_WISHES, TableForm, Wishes, forced, is_missing, number_in
from itkgui.decoding.undecodable import Undecodable, reading

FIRST_ROWS = 200
MOST_ROWS = 5_000_000  # of which places are kept, 12 bytes each, beside the GUI's own 20
MOST_COLUMNS = 500  # as many as anybody looks through
ENCODINGS = ("utf-8", "latin-1", "cp1252", "utf-16-le", "utf-16-be")
_CHUNK = 8 * 2**20  # bytes read at a time
_LONGEST_ROW = 2**20  # bytes; what follows in the row is left out
_PAGE = 4_000_000  # characters that go to the GUI at a time
_LEAST_CELL = 40  # characters
_MISFITS = 0.01  # of the values of a column of numbers that may be words
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_QUOTE, _LINE_FEED, _RETURN = 34, 10, 13

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class TableLayout:
    """All that is needed to read the rows of a table; ``start`` is the byte where the first of them begins.

    With ``is_quoted``, a row may have line breaks within quotes.
    """

    form: TableForm
    encoding: str
    start: int
    line_end: int
    is_quoted: bool


@dataclass(frozen=True)
class LoadedTable:
    """The first rows of a table and how it is read; ``is_whole`` if these are all."""

    layout: TableLayout
    rows: Sequence[Sequence[str]]
    numeric: frozenset[int]  # columns, as far as these rows tell
    is_whole: bool


@dataclass(frozen=True)
class TableIndex:
    """Where each row is, shape (rows,): its first byte and its length in bytes.

    ``ragged`` counts the rows with more or fewer columns than usual, ``widest`` is the most columns of one.
    """

    layout: TableLayout
    starts: Places
    lengths: npt.NDArray[np.int32]
    ragged: int
    widest: int
    is_cut: bool


@dataclass(frozen=True)
class ColumnFacts:
    """What a column holds: how many numbers, texts, empty fields and words for a number that is missing."""

    numbers: int
    texts: int
    empty: int
    missing: int
    least: float
    greatest: float

    @property
    def is_numeric(self) -> bool:
        return self.numbers > 0 and self.texts <= _MISFITS * (self.numbers + self.texts)


def load_table(file: BinaryFile, wishes: Wishes = NO_WISHES) -> LoadedTable:
    """Recognise the form of a table and read its first rows. Raises Undecodable."""
    with reading("table"), file.path.open("rb") as opened:
        raw = opened.read(2 * HEAD)
    encoding, mark = _encoding(raw, wishes.encoding)
    text = raw[mark : HEAD & ~3].decode(encoding, errors="replace")
    if not text.strip():
        raise Undecodable(file.name, what="table", why="there is no text in it")
    form = forced(text, is_cut=len(raw) > HEAD or file.size > len(raw), wishes=wishes)
    line_end = _LINE_FEED if "\n" in text else _RETURN
    opening = '"' if form.delimiter == BLANKS else f'(?:^|{re.escape(form.delimiter)} *)"'
    is_quoted = re.search(opening, text, re.MULTILINE) is not None
    start = _after_lines(raw, mark, form.first, encoding, line_end)
    layout = TableLayout(form, encoding, start, line_end, is_quoted)
    rows: list[list[str]] = []
    for records in _records(file, layout, 2 * HEAD):
        rows += _split(records, layout)
        if len(rows) >= FIRST_ROWS:
            break
    is_whole = len(raw) < 2 * HEAD and len(rows) <= FIRST_ROWS
    rows = _shortened(rows[:FIRST_ROWS])
    return LoadedTable(layout, rows, _numeric_in(rows, form.has_decimal_comma), is_whole)


def index_table(file: BinaryFile, layout: TableLayout) -> TableIndex:
    """Find where every row stands. Raises Undecodable."""
    starts, lengths, widths = [], [], []
    count = 0
    for chunk in _chunks(file, layout):
        starts.append(chunk.offset + chunk.starts * chunk.unit)
        lengths.append((chunk.lengths * chunk.unit).astype(np.int32))
        widths.append(chunk.widths())
        count += len(chunk.starts)
        if layout.is_quoted and len(lengths[-1]) and int(lengths[-1].max()) > _LONGEST_ROW:
            # No row is as long as that: there is a quote that nothing closes.
            return index_table(file, replace(layout, is_quoted=False))
        if count >= MOST_ROWS:
            break
    if not starts:
        return TableIndex(layout, np.empty(0, np.int64), np.empty(0, np.int32), 0, 0, False)
    width = np.concatenate(widths)[:MOST_ROWS]
    return TableIndex(
        layout,
        np.concatenate(starts)[:MOST_ROWS],
        np.concatenate(lengths)[:MOST_ROWS],
        int(np.count_nonzero(width != layout.form.width)),
        int(width.max(initial=0)),
        count >= MOST_ROWS,
    )


def read_rows(
    file: BinaryFile, layout: TableLayout, starts: Places, lengths: npt.NDArray[np.int32]
) -> list[list[str]]:
    """Return the rows at some places. Raises Undecodable."""
    records = []
    with reading("table"), file.path.open("rb") as opened:
        for start, length in zip(starts.tolist(), lengths.tolist(), strict=True):
            opened.seek(start)
            records.append(_decoded(opened.read(min(length, _LONGEST_ROW)), layout))
    return _shortened(_split(records, layout))


def sort_rows(
    file: BinaryFile, layout: TableLayout, column: int, is_descending: bool
) -> npt.NDArray[np.int32]:
    """Return the rows' numbers in the order of a column: of its numbers, or of its texts if it has words.

    What is missing comes last either way; equal rows stay as they are. Raises Undecodable.
    """
    numbers: list[Numbers] = []
    good = texts = 0
    for cells in _cells_of(file, layout, (column,)):
        values, misfits = _numbers_in(cells[0], layout.form.has_decimal_comma)
        numbers.append(values)
        good += len(values) - int(np.count_nonzero(np.isnan(values)))
        texts += misfits
        if texts > good:  # a column of texts, most likely from its beginning
            break
    if good and texts <= _MISFITS * (good + texts):
        keys = np.concatenate(numbers)
        return np.argsort(-keys if is_descending else keys, kind="stable").astype(np.int32)
    words = [cell.casefold() for cells in _cells_of(file, layout, (column,)) for cell in cells[0]]
    told = [place for place, word in enumerate(words) if word]
    told.sort(key=words.__getitem__, reverse=is_descending)
    return np.array(told + [place for place, word in enumerate(words) if not word], np.int32)


def survey_table(file: BinaryFile, layout: TableLayout, columns: int) -> tuple[ColumnFacts, ...]:
    """Count what the columns hold, in all rows. Raises Undecodable."""
    counts = np.zeros((columns, 4), np.int64)
    limits = np.full((columns, 2), (np.inf, -np.inf))
    for cells in _cells_of(file, layout, range(columns)):
        for place, column in enumerate(cells):
            values, texts = _numbers_in(column, layout.form.has_decimal_comma)
            good = values[~np.isnan(values)]
            empty = column.count("")
            counts[place] += (len(good), texts, empty, len(values) - len(good) - texts - empty)
            if len(good):
                limits[place] = min(limits[place][0], good.min()), max(limits[place][1], good.max())
    return tuple(
        ColumnFacts(*count, *limit) for count, limit in zip(counts.tolist(), limits.tolist(), strict=True)
    )


def read_numbers(
    file: BinaryFile, layout: TableLayout, columns: Sequence[int], step: int
) -> tuple[Numbers, ...]:
    """Return the numbers of some columns, of every ``step``-th row; NaN for what is none.

    Raises Undecodable.
    """
    found: list[list[Numbers]] = [[] for _ in columns]
    passed = 0
    for cells in _cells_of(file, layout, columns):
        for place, column in enumerate(cells):
            values, _ = _numbers_in(column[-passed % step :: step], layout.form.has_decimal_comma)
            found[place].append(values)
        passed += len(cells[0]) if cells else 0
    return tuple(np.concatenate(parts) if parts else np.empty(0) for parts in found)


# Reading ---------------------------------------------------------------------------------------------------


def _encoding(raw: bytes, wanted: str | None) -> tuple[str, int]:
    """Return the encoding and how many bytes the mark in front has."""
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return wanted or encoding, len(mark)
    found = encoding_of(raw)
    return wanted or {"utf-32": "latin-1"}.get(found, found), 0


def _unit_of(encoding: str) -> str:
    return {"utf-16-le": "<u2", "utf-16-be": ">u2"}.get(encoding, "u1")


def _after_lines(raw: bytes, mark: int, count: int, encoding: str, line_end: int) -> int:
    """Return where the line of a number begins."""
    unit = np.dtype(_unit_of(encoding))
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
            raw, _unit_of(layout.encoding), len(raw) // np.dtype(_unit_of(layout.encoding)).itemsize
        )
        self.raw, self.units, self.offset, self.unit = raw, units, offset, units.itemsize
        self._outside: npt.NDArray[np.bool_] | None = None
        ends = units == layout.line_end
        if layout.is_quoted and (units == _QUOTE).any():
            self._outside = np.cumsum(units == _QUOTE, dtype=np.int32) % 2 == 0
            ends &= self._outside
        stops = np.flatnonzero(ends)
        if is_last and (not len(stops) or stops[-1] != len(units) - 1):
            stops = np.append(stops, len(units))
        elif not is_last and not len(stops) and len(raw) > 2 * _CHUNK:
            stops = np.array([len(units) - 1])  # a row without an end
        self.used = min(int(stops[-1]) + 1, len(units)) * self.unit if len(stops) else 0
        starts = np.concatenate(([0], stops[:-1] + 1)) if len(stops) else np.empty(0, np.int64)
        lengths = stops - starts
        if len(starts):
            last = units[np.maximum(stops - 1, 0)]
            lengths = lengths - ((lengths > 0) & (last == _RETURN))
        keep = lengths > 0
        if layout.form.comment:
            at = np.minimum(starts, len(units) - 1)
            is_comment = keep.copy()
            for place, character in enumerate(layout.form.comment):
                is_comment &= units[np.minimum(at + place, len(units) - 1)] == ord(character)
            keep &= ~is_comment
        self.starts, self.lengths = starts[keep], lengths[keep]

    def widths(self) -> Places:
        """Return how many columns each row has."""
        units = self.units
        if self._form.delimiter == BLANKS:
            is_blank = (units == 32) | (units == 9) | (units == _RETURN) | (units == _LINE_FEED)
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
        is_dense = self.unit == 1 and self._outside is None and self.lengths.max() <= _LONGEST_ROW
        if is_dense and (self.starts[1:] - self.starts[:-1] - self.lengths[:-1]).max(initial=0) <= 2:
            # All at once, with nothing between them but line ends: a third of the time.
            text = _decoded(self.raw[starts[0] : stops[-1]], layout)
            records = text.replace("\r\n", "\n").split(chr(layout.line_end))
            if len(records) == len(starts):
                return records
        return [
            _decoded(self.raw[start : min(stop, start + _LONGEST_ROW)], layout)
            for start, stop in zip(starts.tolist(), stops.tolist(), strict=True)
        ]


def _chunks(file: BinaryFile, layout: TableLayout, size: int = _CHUNK) -> Iterator[_Chunk]:
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


def _records(file: BinaryFile, layout: TableLayout, size: int = _CHUNK) -> Iterator[list[str]]:
    return (chunk.records(layout) for chunk in _chunks(file, layout, size))


def _cells_of(
    file: BinaryFile, layout: TableLayout, columns: Sequence[int]
) -> Iterator[tuple[Sequence[str], ...]]:
    """Yield the fields of some columns, some thousand rows at a time; empty ones where a row is short."""
    left = MOST_ROWS
    for records in _records(file, layout, 2**20):
        rows = _split(records[:left], layout)
        left -= len(rows)
        yield tuple([row[n] if n < len(row) else "" for row in rows] for n in columns)
        if left <= 0:
            return


def _decoded(raw: bytes, layout: TableLayout) -> str:
    return raw.decode(layout.encoding, errors="replace").replace("\0", "␀").strip("\r\n")


def _split(records: Sequence[str], layout: TableLayout) -> list[list[str]]:
    """Return the fields of each record."""
    delimiter = layout.form.delimiter
    if not layout.is_quoted:
        if delimiter == BLANKS:
            return [record.split() for record in records]
        rows = [record.split(delimiter) for record in records]
        if not any(" " in record or "\t" in record for record in records):
            return rows
        return [[field.strip() for field in row] for row in rows]
    csv.field_size_limit(_LONGEST_ROW)
    if delimiter == BLANKS:
        records = [" ".join(record.split()) for record in records]
    rows = list(csv.reader(records, delimiter=delimiter, skipinitialspace=True))
    if len(rows) != len(records):  # a quote that is not closed in its row
        rows = [
            next(csv.reader((record,), delimiter=delimiter, skipinitialspace=True), []) for record in records
        ]
    return [[field.strip() for field in row] for row in rows]


def _shortened(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return rows that the GUI can take in at once."""
    longest = max(_LEAST_CELL, _PAGE // max(1, sum(map(len, rows))))
    return [[cell[:longest] for cell in row[:MOST_COLUMNS]] for row in rows]


def _numeric_in(rows: Sequence[Sequence[str]], has_decimal_comma: bool) -> frozenset[int]:
    columns = enumerate(zip_longest(*rows, fillvalue=""))
    return frozenset(place for place, cells in columns if _is_numeric(cells, has_decimal_comma))


def _is_numeric(cells: Sequence[str], has_decimal_comma: bool) -> bool:
    told = [cell for cell in cells if not is_missing(cell)]
    good = sum(number_in(cell, has_decimal_comma=has_decimal_comma) for cell in told)
    return bool(told) and len(told) - good <= _MISFITS * len(told)


def _numbers_in(cells: Sequence[str], has_decimal_comma: bool) -> tuple[Numbers, int]:
    """Return the numbers of some fields, NaN for all else, and how many of those are words."""
    if has_decimal_comma:
        cells = [cell.replace(",", ".", 1) for cell in cells]
    try:
        return np.fromiter(map(float, cells), np.float64, len(cells)), 0
    except ValueError:
        texts = 0
        values = np.full(len(cells), np.nan)
        for place, cell in enumerate(cells):
            try:
                values[place] = float(cell)
            except ValueError:  # noqa: PERF203 - there is no quicker way to know
                texts += not is_missing(cell)
        return values, texts
