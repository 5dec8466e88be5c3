"""Tables in text files of any size: first rows, where each row stands; rows, order and numbers from there."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

import numpy as np
import numpy.typing as npt

from itkgui.client.files import BinaryFile
from itkgui.client.media_types import HEAD, encoding_of
from itkgui.client.table_form import BLANKS, NO_WISHES, Wishes, forced, is_missing, number_in
from itkgui.decoding.table_lines import (
    LINE_FEED,
    LONGEST_ROW,
    MOST_ROWS,
    RETURN,
    Places,
    TableLayout,
    after_lines,
    cells_of,
    chunks_of,
    decoded,
    records_of,
    split_records,
)
from itkgui.decoding.undecodable import Undecodable, reading

FIRST_ROWS = 200
MOST_COLUMNS = 500  # as many as anybody looks through
ENCODINGS = ("utf-8", "latin-1", "cp1252", "utf-16-le", "utf-16-be")
_PAGE = 4_000_000  # characters that go to the GUI at a time
_LEAST_CELL = 40  # characters
_MISFITS = 0.01  # of the values of a column of numbers that may be words
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class LoadedTable:
    """The first rows of a table and how it is read."""

    layout: TableLayout
    rows: Sequence[Sequence[str]]
    numeric: frozenset[int]  # columns, as far as these rows tell


@dataclass(frozen=True)
class TableIndex:
    """Where each row is, shape (rows,): its first byte and its length in bytes.

    ``ragged`` counts the rows with more or fewer columns than usual, the first of them is ``first_ragged``,
    -1 without any; ``widest`` is the most columns of one.
    """

    layout: TableLayout
    starts: Places
    lengths: npt.NDArray[np.int32]
    ragged: int
    widest: int
    is_cut: bool
    first_ragged: int = -1

    def rows_at(self, places: Places) -> Places:
        """Return the rows that hold some bytes, each once, in the order of the file."""
        rows = np.searchsorted(self.starts, places, side="right") - 1
        known = rows >= 0
        rows, places = rows[known], places[known]
        return np.unique(rows[places < self.starts[rows] + self.lengths[rows]])


@dataclass(frozen=True)
class ColumnFacts:
    """What a column holds: how many numbers, texts, empty fields and words for a number that is missing."""

    numbers: int
    texts: int
    empty: int
    missing: int
    least: float
    greatest: float

    def __add__(self, other: ColumnFacts) -> ColumnFacts:
        return ColumnFacts(
            self.numbers + other.numbers,
            self.texts + other.texts,
            self.empty + other.empty,
            self.missing + other.missing,
            min(self.least, other.least),
            max(self.greatest, other.greatest),
        )

    @property
    def is_numeric(self) -> bool:
        return self.numbers > 0 and self.texts <= _MISFITS * (self.numbers + self.texts)


def load_table(file: BinaryFile, wishes: Wishes = NO_WISHES) -> LoadedTable:
    """Recognise the form of a table and read its first rows. Raises Undecodable."""
    with reading("table"), file.path.open("rb") as opened:
        raw = opened.read(2 * HEAD)
    encoding, mark = _encoding(raw, wishes.encoding)
    text = raw[mark : HEAD & ~3].decode(encoding, errors="replace").replace("\0", "␀")
    if not text.strip():
        raise Undecodable(file.name, what="table", why="there is no text in it")
    form = forced(text, is_cut=len(raw) > HEAD or file.size > len(raw), wishes=wishes)
    line_end = LINE_FEED if "\n" in text else RETURN
    opening = '"' if form.delimiter == BLANKS else f'(?:^|{re.escape(form.delimiter)} *)"'
    is_quoted = re.search(opening, text, re.MULTILINE) is not None
    start = after_lines(raw, mark, form.first, encoding, line_end)
    layout = TableLayout(form, encoding, start, line_end, is_quoted)
    rows: list[list[str]] = []
    for records in records_of(file, layout, 2 * HEAD):
        rows += split_records(records, layout)
        if len(rows) >= FIRST_ROWS:
            break
    rows = _shortened(rows[:FIRST_ROWS])
    return LoadedTable(layout, rows, _numeric_in(rows, form.has_decimal_comma))


def index_table(file: BinaryFile, layout: TableLayout, most: int = MOST_ROWS) -> TableIndex:
    """Find where every row stands, but not of more than ``most`` rows. Raises Undecodable."""
    starts, lengths, widths = [], [], []
    count = 0
    for chunk in chunks_of(file, layout):
        starts.append(chunk.offset + chunk.starts * chunk.unit)
        lengths.append((chunk.lengths * chunk.unit).astype(np.int32))
        widths.append(chunk.widths())
        count += len(chunk.starts)
        if layout.is_quoted and len(lengths[-1]) and int(lengths[-1].max()) > LONGEST_ROW:
            # No row is as long as that: there is a quote that nothing closes.
            return index_table(file, replace(layout, is_quoted=False), most)
        if count >= most:
            break
    if not starts:
        return TableIndex(layout, np.empty(0, np.int64), np.empty(0, np.int32), 0, 0, False)
    width = np.concatenate(widths)[:most]
    ragged = np.flatnonzero(width != layout.form.width)
    return TableIndex(
        layout,
        np.concatenate(starts)[:most],
        np.concatenate(lengths)[:most],
        len(ragged),
        int(width.max(initial=0)),
        count >= most,
        int(ragged[0]) if len(ragged) else -1,
    )


def read_rows(
    file: BinaryFile, layout: TableLayout, starts: Places, lengths: npt.NDArray[np.int32]
) -> list[list[str]]:
    """Return the rows at some places. Raises Undecodable."""
    return _shortened(_rows_at(file, layout, starts, lengths))


def survey_rows(
    file: BinaryFile,
    layout: TableLayout,
    columns: int,
    starts: Places,
    lengths: npt.NDArray[np.int32],
) -> tuple[ColumnFacts, ...]:
    """Count what the columns hold in the rows at some places. Raises Undecodable."""
    rows = _rows_at(file, layout, starts, lengths)
    facts = []
    for place in range(columns):
        cells = _cells(rows, place)
        values, texts = _numbers_in(cells, layout.form.has_decimal_comma)
        good = values[~np.isnan(values)]
        empty = cells.count("")
        missing = len(cells) - len(good) - texts - empty
        least, greatest = good.min(initial=np.inf), good.max(initial=-np.inf)
        facts.append(ColumnFacts(len(good), texts, empty, missing, float(least), float(greatest)))
    return tuple(facts)


def sort_rows(
    file: BinaryFile, layout: TableLayout, column: int, is_descending: bool
) -> npt.NDArray[np.int32]:
    """Return the rows' numbers in the order of a column: of its numbers, or of its texts if it has words.

    What is missing comes last either way; equal rows stay as they are. Raises Undecodable.
    """
    numbers: list[Numbers] = []
    good = texts = 0
    for cells in cells_of(file, layout, (column,)):
        values, misfits = _numbers_in(cells[0], layout.form.has_decimal_comma)
        numbers.append(values)
        good += len(values) - int(np.count_nonzero(np.isnan(values)))
        texts += misfits
        if texts > good:  # a column of texts, most likely from its beginning
            break
    if good and texts <= _MISFITS * (good + texts):
        keys = np.concatenate(numbers)
        return np.argsort(-keys if is_descending else keys, kind="stable").astype(np.int32)
    words = [cell.casefold() for cells in cells_of(file, layout, (column,)) for cell in cells[0]]
    told = [place for place, word in enumerate(words) if word]
    told.sort(key=words.__getitem__, reverse=is_descending)
    return np.array(told + [place for place, word in enumerate(words) if not word], np.int32)


def read_numbers(
    file: BinaryFile,
    layout: TableLayout,
    columns: Sequence[int],
    starts: Places,
    lengths: npt.NDArray[np.int32],
) -> tuple[Numbers, ...]:
    """Return the numbers of some columns in the rows at some places; NaN for what is none.

    Raises Undecodable.
    """
    rows = _rows_at(file, layout, starts, lengths)
    has_decimal_comma = layout.form.has_decimal_comma
    return tuple(_numbers_in(_cells(rows, column), has_decimal_comma)[0] for column in columns)


def _cells(rows: Sequence[Sequence[str]], column: int) -> list[str]:
    """Return one field of each row; an empty one where the row is short."""
    return [row[column] if column < len(row) else "" for row in rows]


def _rows_at(
    file: BinaryFile, layout: TableLayout, starts: Places, lengths: npt.NDArray[np.int32]
) -> list[list[str]]:
    records = []
    with reading("table"), file.path.open("rb") as opened:
        for start, length in zip(starts.tolist(), lengths.tolist(), strict=True):
            opened.seek(start)
            records.append(decoded(opened.read(min(length, LONGEST_ROW)), layout))
    return split_records(records, layout)


def _encoding(raw: bytes, wanted: str | None) -> tuple[str, int]:
    """Return the encoding and how many bytes the mark in front has."""
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return wanted or encoding, len(mark)
    found = encoding_of(raw)
    return wanted or {"utf-32": "latin-1"}.get(found, found), 0


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
