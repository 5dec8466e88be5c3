"""Quotes of a table that are none: what opens one that nothing closes would swallow all rows below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from itkgui.client.files import BinaryFile
from itkgui.client.table_form import BLANKS
from itkgui.decoding.table_lines import LINE_FEED, LONGEST_ROW, QUOTE, RETURN, Places, TableLayout, unit_of
from itkgui.decoding.undecodable import reading

MOST_STRAYS = 10_000  # that travel with each call
_MOST_QUOTES = 2_000_000  # gone through one by one, 100 bytes each
_CHUNK = 8 * 2**20  # bytes read at a time
BEGINNING = 2 * _CHUNK  # bytes, of which the quotes are sorted out in a tenth of a second
_NOWHERE = 2**62  # bytes
_AROUND = 16  # units looked at before and after a quote, for blanks
_BLANK, _TAB = 32, 9

_Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class _Quotes:
    """Some quotes of a file: the byte of each, the line from the first row on, and what stands beside it."""

    places: Places
    lines: Places
    may_open: _Flags
    may_close: _Flags
    follows: _Flags  # another quote
    precedes: _Flags  # another quote


@dataclass(frozen=True)
class Mended:
    """A layout that tells which quotes are letters, how many these are, and the first one's line from 1."""

    layout: TableLayout
    count: int = 0
    line: int = 0


def mended(file: BinaryFile, layout: TableLayout, most: int = _NOWHERE) -> Mended:
    """Find the quotes that neither open nor close a field in so many bytes; if too many, all are letters.

    Raises Undecodable.
    """
    layout = replace(layout, strays=())
    if not layout.is_quoted or _are_paired(file, layout, most):
        return Mended(layout)
    found = list(_quotes_of(file, layout, most))
    line = layout.form.first + 1
    count = sum(len(quotes.places) for quotes in found)
    if count > _MOST_QUOTES:
        return Mended(replace(layout, is_quoted=False), count, line + int(found[0].lines[0]))
    places, lines, may_open, may_close, precedes = (
        np.concatenate([getattr(quotes, name) for quotes in found]).tolist()
        for name in ("places", "lines", "may_open", "may_close", "precedes")
    )
    end = layout.start + most if layout.start + most < file.size else _NOWHERE
    strays = _strays(places, lines, may_open, may_close, precedes, end)
    if not strays:
        return Mended(layout)
    line += lines[strays[0]]
    if len(strays) > MOST_STRAYS:
        return Mended(replace(layout, is_quoted=False), len(strays), line)
    return Mended(replace(layout, strays=tuple(places[n] for n in strays)), len(strays), line)


def _are_paired(file: BinaryFile, layout: TableLayout, most: int) -> bool:
    """Tell whether every other quote may open a field, and those between may close one."""
    count = 0
    for quotes in _quotes_of(file, layout, most):
        opening = np.arange(count, count + len(quotes.places)) % 2 == 0
        fits = np.where(opening, quotes.may_open | quotes.follows, quotes.may_close | quotes.precedes)
        if not fits.all():
            return False
        count += len(quotes.places)
    return count % 2 == 0


def _strays(
    places: Sequence[int],
    lines: Sequence[int],
    may_open: Sequence[bool],
    may_close: Sequence[bool],
    precedes: Sequence[bool],
    end: int,
) -> list[int]:
    """Return which of the quotes are letters; no other is before ``end``."""
    strays: list[int] = []
    place, opening, known = 0, -1, 0  # ``known``: the strays before the one that opens
    while place < len(places) or opening >= 0:
        if opening < 0:
            if may_open[place]:
                opening, known = place, len(strays)
            else:
                strays.append(place)
            place += 1
        elif (places[place] if place < len(places) else end) - places[opening] > LONGEST_ROW:
            place, opening = _taken_back(strays, known, opening), -1
        elif place == len(places):
            break  # it may be closed yet
        elif precedes[place]:
            place += 2  # they mean one
        elif may_close[place]:
            place, opening = place + 1, -1
        elif lines[place] == lines[opening]:
            strays.append(place)
            place += 1
        else:  # it opens a field itself
            place, opening = _taken_back(strays, known, opening), -1
    return strays


def _taken_back(strays: list[int], known: int, opening: int) -> int:
    """Note that a quote opened nothing, and return from where on to look again."""
    strays[known:] = [opening]
    return opening + 1


def _quotes_of(file: BinaryFile, layout: TableLayout, most: int) -> Iterator[_Quotes]:
    """Yield the quotes from the first row on, a part of the file at a time."""
    unit = np.dtype(unit_of(layout.encoding))
    edge = np.full(_AROUND, layout.line_end, unit).tobytes()
    with reading("table"), file.path.open("rb") as opened:
        opened.seek(layout.start)
        rest, offset, line, is_last = edge, layout.start, 0, False
        while not is_last:
            read = opened.read(min(_CHUNK, most))
            most -= len(read)
            is_last = len(read) < _CHUNK or not most
            raw = rest + (read + edge if is_last else read)
            units = np.frombuffer(raw, unit, len(raw) // unit.itemsize)
            inner = units[_AROUND : len(units) - _AROUND]
            at = np.flatnonzero(inner == QUOTE) + _AROUND
            breaks = np.flatnonzero(inner == layout.line_end) + _AROUND
            if len(at):
                yield _Quotes(
                    offset + (at - _AROUND) * unit.itemsize,
                    line + np.searchsorted(breaks, at),
                    _ends_field(units, at, -1, layout),
                    _ends_field(units, at, 1, layout),
                    units[at - 1] == QUOTE,
                    units[at + 1] == QUOTE,
                )
            line += len(breaks)
            offset += len(inner) * unit.itemsize
            rest = raw[-2 * _AROUND * unit.itemsize :]


def _ends_field(units: npt.NDArray[np.unsignedinteger], at: Places, step: int, layout: TableLayout) -> _Flags:
    """Tell which of some places are next to the end of a field or of a row, but for blanks between."""
    delimiter = layout.form.delimiter
    beside = at + step
    if delimiter != BLANKS:
        for _ in range(_AROUND - 1):
            is_blank = units[beside] == _BLANK
            if not is_blank.any():
                break
            beside = beside + step * is_blank
    return np.isin(units[beside], [LINE_FEED, RETURN, ord(delimiter), *[_TAB] * (delimiter == BLANKS)])
