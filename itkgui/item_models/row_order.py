"""Finds which record stands in which row, in steps so short that whoever runs them can stop in between."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Generator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from itkgui.item_models.natural_order import order_key

if TYPE_CHECKING:
    from itkgui.item_models.record_table import Column

Record = TypeVar("Record")
T = TypeVar("T")
Steps = Generator[None, None, T]

# What one step may be, so that it takes no more than a few milliseconds.
_KEYS = 256  # keys made by a column
_LETTERS = 20_000  # letters of text joined
_TEXTS = 2048  # texts looked through
_PLACES = 4096  # places sorted


class RowOrder(Generic[Record]):
    """Sort keys and lower-case texts of records, made once and added to as the records grow.

    Records must not change while they are in it. A *place* is an index into the records. Each method that
    does work is a generator, which may be given up at any ``yield`` but must be ended before another begins.
    What is kept rests in tuples: unlike lists, garbage collection looks at one that holds only texts and
    numbers no more than once.
    """

    def __init__(self, columns: Sequence[Column[Record]], records: list[Record]) -> None:
        self._columns = columns
        self._records = records
        self._texts: Sequence[str] = ()
        self._rankings: dict[int, _Ranking] = {}

    def arrange(self, wanted: str, column: int, descending: bool) -> Steps[list[int]]:
        """Return the places of the records that hold ``wanted``, a casefolded text, in the order of a column.

        Records are in the order they came if the column is −1. What has no value comes last either way; equal
        records stay in the order they came.
        """
        count = len(self._records)
        order: Sequence[int] = range(count)
        if column >= 0:
            ranking = self._ranking(column)
            yield from ranking.extend(self._records, count)
            order = yield from ranking.order(descending)
        if not wanted:
            return list(order)
        yield from self._extend_texts(count)
        holds = bytearray()  # by place: the texts are read as they lie in memory, which is ten times as fast
        for start in range(0, count, _TEXTS):
            holds += bytes([wanted in text for text in self._texts[start : min(start + _TEXTS, count)]])
            yield
        found: list[int] = []
        for start in range(0, count, _TEXTS):
            found += [place for place in order[start : start + _TEXTS] if holds[place]]
            yield
        return found

    def prepare(self) -> Steps[None]:
        """Do ahead of time what ``arrange`` will need, for any text and any column."""
        count = len(self._records)
        yield from self._extend_texts(count)
        for column in range(len(self._columns)):
            yield from self._ranking(column).extend(self._records, count)

    def _ranking(self, column: int) -> _Ranking:
        if column not in self._rankings:
            self._rankings[column] = _Ranking(self._columns[column].value)
        return self._rankings[column]

    def _extend_texts(self, count: int) -> Steps[None]:
        if len(self._texts) >= count:
            return
        readers = [column.text for column in self._columns]
        self._texts = texts = list(self._texts)
        letters = 0
        for record in self._records[len(texts) : count]:
            texts.append("\n".join([read(record) for read in readers]).casefold())
            letters += len(texts[-1])
            if letters > _LETTERS:
                letters = 0
                yield
        self._texts = tuple(texts)


class _Ranking:
    """The places of all records, by the value of one column: numbers, then texts, each in ascending order."""

    def __init__(self, value: Callable[[Any], Any]) -> None:
        self._value = value
        self._keys: Sequence[Any] = ()
        self._sorted: dict[type, Sequence[int]] = {float: (), str: ()}
        self._fresh: dict[type, list[int]] = {float: [], str: []}
        self._missing: list[int] = []

    def extend(self, records: Sequence[Any], count: int) -> Steps[None]:
        if len(self._keys) < count:
            yield from self._make_keys(records, count)
        for kind, fresh in self._fresh.items():
            if fresh:
                key = self._keys.__getitem__
                runs = [self._sorted[kind], (yield from _sorted(fresh, key))]
                self._sorted[kind] = tuple((yield from _merged(runs, key)))
                self._fresh[kind] = []

    def _make_keys(self, records: Sequence[Any], count: int) -> Steps[None]:
        self._keys = keys = list(self._keys)
        while (place := len(keys)) < count:
            key = order_key(self._value(records[place]))
            keys.append(key)
            if key is None:
                self._missing.append(place)
            else:
                self._fresh[str if isinstance(key, str) else float].append(place)
            if place % _KEYS == 0:
                yield
        self._keys = tuple(keys)

    def order(self, descending: bool) -> Steps[list[int]]:
        if not descending:
            return [*self._sorted[float], *self._sorted[str], *self._missing]
        texts = yield from _reversed(self._sorted[str], self._keys)
        numbers = yield from _reversed(self._sorted[float], self._keys)
        return [*texts, *numbers, *self._missing]


def _sorted(places: list[int], key: Callable[[int], Any]) -> Steps[Sequence[int]]:
    runs: list[Sequence[int]] = []
    for start in range(0, len(places), _PLACES):
        runs.append(sorted(places[start : start + _PLACES], key=key))
        yield
    return (yield from _merged(runs, key))


def _merged(runs: list[Sequence[int]], key: Callable[[int], Any]) -> Steps[Sequence[int]]:
    while len(runs) > 1:
        merged: list[Sequence[int]] = []
        for first, second in zip_longest(runs[::2], runs[1::2], fillvalue=()):
            merged.append((yield from _merged_pair(first, second, key)))
        runs = merged
    return runs[0]


def _merged_pair(first: Sequence[int], second: Sequence[int], key: Callable[[int], Any]) -> Steps[list[int]]:
    """Return the places of two sorted runs as one; of equal places, those of the first stand before."""
    result: list[int] = []
    i = j = 0
    while i < len(first) and j < len(second):
        to_i, to_j = min(i + _PLACES, len(first)), min(j + _PLACES, len(second))
        if key(first[to_i - 1]) <= key(second[to_j - 1]):
            to_j = bisect_left(second, key(first[to_i - 1]), j, to_j, key=key)
        else:
            to_i = bisect_right(first, key(second[to_j - 1]), i, to_i, key=key)
        # Python's sort finds the two runs, and needs little more than one look at each place.
        result += sorted((*first[i:to_i], *second[j:to_j]), key=key)
        i, j = to_i, to_j
        yield
    return [*result, *first[i:], *second[j:]]


def _reversed(places: Sequence[int], keys: Sequence[Any]) -> Steps[list[int]]:
    """Return places in descending order; equal ones stay in theirs, so they must not be parted."""
    result: list[int] = []
    end = len(places)
    while end:
        start = max(0, end - _PLACES)
        start = bisect_left(places, keys[places[start]], 0, start, key=keys.__getitem__)
        result += sorted(places[start:end], key=keys.__getitem__, reverse=True)
        end = start
        yield
    return result
