"""Tables in text files of any size: first rows, where each row stands; rows, order and numbers from there."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import zip_longest

import numpy as np
import numpy.typing as npt

from itkgui.client.files import BinaryFile
from itkgui.client.media_types import HEAD, encoding_of
from itkgui.client.table_form import BLANKS, NO_WISHES, Wishes, forced
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
from itkgui.decoding.table_quotes import BEGINNING, mended
from itkgui.decoding.table_values import MISFITS, Numbers, are_numbers, are_times, numbers_in, times_in
from itkgui.decoding.undecodable import Undecodable, reading
from itkgui.language import _

FIRST_ROWS = 200
MOST_COLUMNS = 500  # as many as anybody looks through
ENCODINGS = ("utf-8", "latin-1", "cp1252", "utf-16-le", "utf-16-be")
MOST_DRAWN = 100_000  # rows: more than a plot has pixels for
_PAGE = 4_000_000  # characters that go to the GUI at a time
_LEAST_CELL = 40  # characters
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


@dataclass(frozen=True)
class LoadedTable:
    """The first rows of a table and how it is read."""

    layout: TableLayout
    rows: Sequence[Sequence[str]]
    numeric: frozenset[int]  # columns, as far as these rows tell
    times: frozenset[int] = frozenset()  # the same


@dataclass(frozen=True)
class TableIndex:
    """Where each row is, shape (rows,): its first byte and its length in bytes.

    ``ragged`` counts the rows with more or fewer columns than usual, the first of them is ``first_ragged``,
    -1 without any; ``widest`` is the most columns of one. ``strays`` counts quotes that are letters, as
    they have no other; the first of them is in line ``first_stray`` of the file, counted from 1.
    """

    layout: TableLayout
    starts: Places
    lengths: npt.NDArray[np.int32]
    ragged: int
    widest: int
    is_cut: bool
    first_ragged: int = -1
    strays: int = 0
    first_stray: int = 0

    def rows_at(self, places: Places) -> Places:
        """Return the rows that hold some bytes, each once, in the order of the file."""
        rows = np.searchsorted(self.starts, places, side="right") - 1
        known = rows >= 0
        rows, places = rows[known], places[known]
        return np.unique(rows[places < self.starts[rows] + self.lengths[rows]])


@dataclass(frozen=True)
class DrawnRows:
    """Numbers of some columns for plots, NaN for what is none, and the rows they are from, counted from 0.

    Where ``size`` is more than 1, they are the extremes of so many rows each; the ``samples`` are those of
    every row of a number, ``step``: of them distributions are made, which extremes would spoil.
    """

    columns: tuple[Numbers, ...]
    rows: Places
    samples: tuple[Numbers, ...]
    size: int
    step: int


@dataclass(frozen=True)
class ColumnFacts:
    """What a column holds: how many numbers, texts, empty fields and words for a number that is missing.

    ``times`` counts those of the texts that are a time, ``longest`` is the most characters of a field.
    """

    numbers: int
    texts: int
    empty: int
    missing: int
    least: float
    greatest: float
    times: int = 0
    longest: int = 0

    def __add__(self, other: ColumnFacts) -> ColumnFacts:
        return ColumnFacts(
            self.numbers + other.numbers,
            self.texts + other.texts,
            self.empty + other.empty,
            self.missing + other.missing,
            min(self.least, other.least),
            max(self.greatest, other.greatest),
            self.times + other.times,
            max(self.longest, other.longest),
        )

    @property
    def is_numeric(self) -> bool:
        return self.numbers > 0 and self.texts <= MISFITS * (self.numbers + self.texts)

    @property
    def is_time(self) -> bool:
        return self.times > 0 and self.texts + self.numbers - self.times <= MISFITS * self.times


def load_table(file: BinaryFile, wishes: Wishes = NO_WISHES) -> LoadedTable:
    """Recognise the form of a table and read its first rows. Raises Undecodable."""
    with reading("table"), file.path.open("rb") as opened:
        raw = opened.read(2 * HEAD)
    encoding, mark = _encoding(raw, wishes.encoding)
    text = raw[mark : HEAD & ~3].decode(encoding, errors="replace").replace("\0", "␀")
    if not text.strip():
        raise Undecodable(file.name, what="table", why=_("there is no text in it"))
    form = forced(text, is_cut=len(raw) > HEAD or file.size > len(raw), wishes=wishes)
    line_end = LINE_FEED if "\n" in text else RETURN
    opening = '"' if form.delimiter == BLANKS else f'(?:^|{re.escape(form.delimiter)} *)"'
    is_quoted = re.search(opening, text, re.MULTILINE) is not None
    start = after_lines(raw, mark, form.first, encoding, line_end)
    layout = TableLayout(form, encoding, start, line_end, is_quoted)
    sound = mended(file, layout, BEGINNING).layout
    rows: list[list[str]] = []
    for records in records_of(file, sound, 2 * HEAD):
        rows += split_records(records, sound)
        if len(rows) >= FIRST_ROWS:
            break
    rows = _shortened(rows[:FIRST_ROWS])
    columns = list(enumerate(zip_longest(*rows, fillvalue="")))
    numeric = frozenset(place for place, cells in columns if are_numbers(cells, form.has_decimal_comma))
    times = frozenset(place for place, cells in columns if place not in numeric and are_times(cells))
    return LoadedTable(layout, rows, numeric, times)


def index_table(file: BinaryFile, layout: TableLayout, most: int = MOST_ROWS) -> TableIndex:
    """Find where every row stands, but not of more than ``most`` rows. Raises Undecodable."""
    mending = mended(file, layout)
    layout = mending.layout
    starts, lengths, widths = [], [], []
    count = 0
    for chunk in chunks_of(file, layout):
        starts.append(chunk.offset + chunk.starts * chunk.unit)
        lengths.append((chunk.lengths * chunk.unit).astype(np.int32))
        widths.append(chunk.widths())
        count += len(chunk.starts)
        if layout.is_quoted and len(lengths[-1]) and int(lengths[-1].max()) > LONGEST_ROW:
            # No row is as long as that.
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
        mending.count,
        mending.line,
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
        values, texts = numbers_in(cells, layout.form.has_decimal_comma)
        times = len(cells) - int(np.isnan(times_in(cells)[0]).sum()) if texts else 0
        good = values[~np.isnan(values)]
        empty = cells.count("")
        missing = len(cells) - len(good) - texts - empty
        least, greatest = good.min(initial=np.inf), good.max(initial=-np.inf)
        longest = max(map(len, cells), default=0)
        facts.append(
            ColumnFacts(len(good), texts, empty, missing, float(least), float(greatest), times, longest)
        )
    return tuple(facts)


def sort_rows(
    file: BinaryFile, layout: TableLayout, column: int, is_descending: bool
) -> npt.NDArray[np.int32]:
    """Return the rows' numbers in the order of a column: of its numbers or times, else of its texts.

    What is missing comes last either way; equal rows stay as they are. Raises Undecodable.
    """
    has_decimal_comma = layout.form.has_decimal_comma
    for values_in in (partial(numbers_in, has_decimal_comma=has_decimal_comma), times_in):
        keys = _keys(file, layout, column, values_in)
        if keys is not None:
            return np.argsort(-keys if is_descending else keys, kind="stable").astype(np.int32)
    words = [cell.casefold() for cells in cells_of(file, layout, (column,)) for cell in cells[0]]
    told = [place for place, word in enumerate(words) if word]
    told.sort(key=words.__getitem__, reverse=is_descending)
    return np.array(told + [place for place, word in enumerate(words) if not word], np.int32)


def read_numbers(
    file: BinaryFile, layout: TableLayout, columns: Sequence[int], times: Sequence[int], rows: int
) -> DrawnRows:
    """Return the numbers of some columns for plots, of which some are ``times``, as seconds since 1970.

    Of more ``rows`` than ``MOST_DRAWN`` those are returned where a column is least or greatest among as many
    rows as it takes: no peak is lost. Raises Undecodable.
    """
    most_rows = MOST_DRAWN // (2 * max(1, len(columns)))
    size = -(-rows // most_rows) if rows > MOST_DRAWN else 1
    step = -(-rows // MOST_DRAWN)
    kept: list[tuple[Numbers, ...]] = []
    places: list[Places] = []
    sampled: list[tuple[Numbers, ...]] = []
    rest: tuple[Numbers, ...] = tuple(np.empty(0) for _ in columns)
    first = sample = 0
    for cells in cells_of(file, layout, columns):
        values = tuple(
            times_in(own)[0] if column in times else numbers_in(own, layout.form.has_decimal_comma)[0]
            for column, own in zip(columns, cells, strict=True)
        )
        sampled.append(tuple(own[sample::step] for own in values))
        sample = (sample - len(cells[0])) % step
        values = tuple(map(_appended, rest, values))
        count = len(values[0]) // size * size
        chosen = _extremes(values, count, size)
        kept.append(tuple(own[chosen] for own in values))
        places.append(first + chosen)
        rest = tuple(own[count:] for own in values)
        first += count
    if columns:
        kept.append(rest)
        places.append(first + np.arange(len(rest[0])))
    return DrawnRows(
        tuple(map(np.concatenate, zip(*kept, strict=True))),
        np.concatenate(places) if places else np.empty(0, np.int64),
        tuple(map(np.concatenate, zip(*sampled, strict=True))),
        size,
        step,
    )


def _appended(first: Numbers, second: Numbers) -> Numbers:
    return np.concatenate((first, second)) if len(first) else second


def _extremes(columns: Sequence[Numbers], count: int, size: int) -> Places:
    """Return the rows, among the first ``count``, where a column is least or greatest of ``size``."""
    if size == 1:
        return np.arange(count)
    starts = np.arange(0, count, size)
    found = []
    for values in columns:
        bins = values[:count].reshape(-1, size)
        missing = np.isnan(bins)
        found.append(starts + np.where(missing, np.inf, bins).argmin(axis=1))
        found.append(starts + np.where(missing, -np.inf, bins).argmax(axis=1))
    return np.unique(np.concatenate(found))


def _keys(
    file: BinaryFile,
    layout: TableLayout,
    column: int,
    values_in: Callable[[Sequence[str]], tuple[Numbers, int]],
) -> Numbers | None:
    """Return what a column is sorted by; None if its values are others."""
    parts: list[Numbers] = []
    good = texts = 0
    for cells in cells_of(file, layout, (column,)):
        values, misfits = values_in(cells[0])
        parts.append(values)
        good += len(values) - int(np.count_nonzero(np.isnan(values)))
        texts += misfits
        if texts > good:  # most likely from its beginning
            return None
    return np.concatenate(parts) if good and texts <= MISFITS * (good + texts) else None


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
