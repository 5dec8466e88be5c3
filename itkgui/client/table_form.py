"""Recognises a table in a text: what separates its columns, where it begins, how its numbers are written."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from itkgui.client.escapes import CONTROL, without_escapes
from itkgui.client.table_fields import has_fraction, is_missing, number_in, time_in

BLANKS = " "  # any run of blanks and tabs separates
DELIMITERS = ("\t", ";", ",", "|", BLANKS)  # the first of two that are as likely is taken
COMMENTS = ("#", "%", "//")
MOST_COLUMNS = 2000
_LINES = 200  # looked at
_LONGEST = 20_000  # characters of a line
_FEWEST = 3  # lines, unless the name says that it is a table
_ALIKE = 0.9  # of the lines have the same number of columns
_AGREED = 0.5  # for a line of titles that a delimiter splits as all lines below it
_MOST_BREAKS = 100  # within the quotes of one row
_LEAST_SPLIT = 0.5  # of the rows of a ragged table have more than one field
_WORD = re.compile(r"\S+")
_QUOTED = re.compile(r'(?:^|[\t;,| ])\s*"')
_UNIT = re.compile(r"\s+(?=[\[(][^\[\]()]*[\])])")


@dataclass(frozen=True)
class TableForm:
    """How a table is written.

    ``comment`` begins lines that are left out, if it is not empty; ``first`` is the line of the first row,
    counted from 0 with comments and empty lines. Most rows have ``width`` columns; ``titles`` are as many
    names of them, or none. ``head`` lines above are neither titles nor rows, comments nor empty.
    """

    delimiter: str
    width: int
    comment: str = ""
    has_decimal_comma: bool = False
    first: int = 0
    titles: tuple[str, ...] = ()
    head: int = 0


@dataclass(frozen=True)
class Wishes:
    """What somebody has decided about the form of a table; None is left to be recognised."""

    delimiter: str | None = None
    comment: str | None = None
    has_decimal_comma: bool | None = None
    has_header: bool | None = None
    encoding: str | None = None


NO_WISHES = Wishes()


def recognised(
    text: str, *, is_cut: bool, is_named: bool = False, wishes: Wishes = NO_WISHES
) -> TableForm | None:
    """Return the form of the table that a text is; None for prose, and whatever else is none.

    ``is_cut`` tells that more follows, ``is_named`` that the name of the file promises a table.
    """
    if CONTROL.search(text):  # written for a terminal
        return None
    lines = _Lines(text, is_cut, wishes.comment, joins_quoted=is_named)
    if len(lines.used) < (1 if is_named else _FEWEST):
        return None
    tried = DELIMITERS if wishes.delimiter is None else (wishes.delimiter,)
    candidates = [_Candidate(delimiter, lines, wishes.has_decimal_comma) for delimiter in tried]
    best = max(candidates, key=lambda candidate: candidate.score(is_named=is_named))
    return best.form(lines, wishes.has_header) if best.score(is_named=is_named) else None


def forced(text: str, *, is_cut: bool, wishes: Wishes) -> TableForm:
    """Return a form for any text: the table that is recognised, else every line as a row."""
    found = recognised(text, is_cut=is_cut, is_named=True, wishes=wishes)
    if found is not None:
        return found
    text = without_escapes(text)
    lines = _Lines(text, is_cut, wishes.comment, joins_quoted=True)
    likely = max(DELIMITERS[:-1], key=text[:_LONGEST].count) if wishes.delimiter is None else wishes.delimiter
    return _Candidate(likely, lines, wishes.has_decimal_comma).form(lines, bool(wishes.has_header))


def fields_of(line: str, delimiter: str) -> list[str]:
    """Return the fields of one line, without the blanks around them."""
    if delimiter == BLANKS:
        return _WORD.findall(line) if '"' not in line else next(_csv((line.strip(),), BLANKS), [])
    return [field.strip() for field in next(_csv((line,), delimiter), [])]


class _Lines:
    """The first lines of a text: those that are neither empty nor comments, with their numbers.

    If it ``joins_quoted``, what has line breaks within quotes is one line, with the number of its first.
    """

    def __init__(self, text: str, is_cut: bool, comment: str | None, *, joins_quoted: bool) -> None:
        every = text.split("\n" if "\n" in text else "\r")
        if is_cut and len(every) > 1:
            every.pop()
        self.comment = comment if comment is not None else _comment_in(every)
        self.comments: dict[int, str] = {}
        self.used: list[tuple[int, str]] = []
        end = 0  # of the row that has line breaks
        for number, line in enumerate(every[: 4 * _LINES]):
            if number < end:
                continue
            bare = line.strip()
            if joins_quoted and line.count('"') % 2 and _QUOTED.search(line):
                end = _end_of_quotes(every, number)
                line = " ".join(every[number:end])
            if self.comment and bare.startswith(self.comment):
                self.comments[number] = bare.lstrip(self.comment).strip()
            elif bare and len(self.used) < _LINES:
                self.used.append((number, line[:_LONGEST].strip("\r").replace("\r", " ")))


def _end_of_quotes(lines: Sequence[str], first: int) -> int:
    """Return the line after the one that closes the quotes open in a line; else the next."""
    for place, line in enumerate(lines[first + 1 : first + _MOST_BREAKS], first + 1):
        if line.count('"') % 2:
            return place + 1
    return first + 1


def _comment_in(lines: Sequence[str]) -> str:
    counts = Counter(mark for line in lines[:_LINES] for mark in COMMENTS if line.lstrip().startswith(mark))
    return counts.most_common(1)[0][0] if counts else ""


class _Candidate:
    """A text split at one delimiter: how wide its lines are, and which columns hold numbers."""

    def __init__(self, delimiter: str, lines: _Lines, has_decimal_comma: bool | None) -> None:
        self.delimiter = delimiter
        self.rows = [fields_of(line, delimiter) for _, line in lines.used]
        widths = Counter(map(len, self.rows))
        # The widest of those that are as frequent: a head of keys and values has two.
        self.width = max(widths, key=lambda width: (widths[width], width), default=1)
        alike = [row for row in self.rows if len(row) == self.width]
        body = alike[(len(alike) + 1) // 2 :] or alike  # the rest may be a head, and names of columns
        cells = [cell for row in alike for cell in row]
        self.has_decimal_comma = (
            delimiter != ","
            and any(has_fraction(cell, ",") for cell in cells)
            and not any(has_fraction(cell, ".") for cell in cells)
            if has_decimal_comma is None
            else has_decimal_comma
        )
        self.times = [place for place in range(self.width) if _are_times(body, place)]
        self.numeric = [place for place in range(self.width) if self._is_numeric(body, place)]
        # As sentences have them, and programs.
        self._has_clauses = any(f"{delimiter} " in line for _, line in lines.used)
        self._is_padded = any(all(not row[place] for row in body) for place in range(self.width))

    def _is_value(self, cell: str) -> bool:
        if not self.numeric:
            return bool(time_in(cell))
        return number_in(cell, has_decimal_comma=self.has_decimal_comma)

    def _is_numeric(self, body: Sequence[Sequence[str]], place: int) -> bool:
        told = [row[place] for row in body if not is_missing(row[place])]
        good = sum(number_in(cell, has_decimal_comma=self.has_decimal_comma) for cell in told)
        return bool(told) and good >= _ALIKE * len(told)

    def score(self, *, is_named: bool) -> float:
        """Return how likely this is a table; 0 if it is none."""
        if not 2 <= self.width <= MOST_COLUMNS:
            return 0.0
        start = self._first()
        body = self.rows[start:]
        alike = sum(len(row) == self.width for row in body)
        share = (len(self.numeric) + len(self.times)) / self.width
        if not body:
            return 0.1 if is_named and self.delimiter != BLANKS else 0.0
        # A head may be longer than a short table; otherwise a part of a text happens to look like one.
        if alike < _ALIKE * len(body):
            return self._score_of_ragged(body) if is_named else 0.0
        if not is_named and start > max(12, len(body)):
            return 0.0
        if not is_named and len(body) + (start > 0) < _FEWEST:
            return 0.0
        if self.delimiter == BLANKS:
            # Words stand in any text: most of the columns must be numbers.
            share = len(self.numeric) / self.width
            is_good = share > 0.5 and self._is_numeric_throughout(body)
            return share + 0.3 * (share == 1.0) if is_good else 0.0
        if is_named or self.numeric:
            agrees = alike == len(body) and start > 0 and len(self.rows[start - 1]) == self.width
            return 0.5 + share + _AGREED * agrees
        is_list = self.width > 2 and alike == len(body) and not self._is_padded and not self._has_clauses
        return 0.5 if is_list else 0.0

    def _score_of_ragged(self, body: Sequence[Sequence[str]]) -> float:
        """Return how likely the rows of a file that is called a table are one although they differ in length.

        Less than any whose rows agree; 0 for what may be prose.
        """
        split = sum(len(row) > 1 for row in body) / len(body)
        is_prose = self.delimiter == BLANKS or (self._has_clauses and not self.numeric)
        return 0.0 if is_prose or split < _LEAST_SPLIT else 0.2 * split

    def _is_numeric_throughout(self, body: Sequence[Sequence[str]]) -> bool:
        numeric = self.numeric
        good = sum(
            all(
                is_missing(row[n]) or number_in(row[n], has_decimal_comma=self.has_decimal_comma)
                for n in numeric
            )
            for row in body
            if len(row) == self.width
        )
        return good >= _ALIKE * len(body)

    def _first(self) -> int:
        """Return the place of the first row of values among the lines that are used."""
        for place, row in enumerate(self.rows):
            if len(row) != self.width:
                continue
            if not self.numeric and not self.times:
                return min(place + 1, len(self.rows))
            cells = [row[column] for column in self.numeric or self.times]
            good = [self._is_value(cell) for cell in cells]
            if any(good) and all(map(_or_missing, good, cells)):
                return place
        return len(self.rows)

    def form(self, lines: _Lines, has_header: bool | None) -> TableForm:
        first = self._first()
        head, titles = self._titles_above(first, lines)
        if has_header is not False and not titles and (named := self._named_above(first)) is not None:
            head, first = named, named + 1  # rows of another width are not a head
            titles = self._titles_in(lines.used[head][1])
        above = self.rows[first - 1] if first else []
        if has_header is False:
            titles = ()
            if len(above) == self.width:
                first -= 1
            head = first
        elif has_header and not titles:
            if len(above) != self.width and first < len(self.rows):  # numbers that are names, as years
                above, first = self.rows[first], first + 1
            titles = tuple(above[: self.width]) + ("",) * (self.width - len(above))
            head = max(0, first - 1)
        numbers = [number for number, _ in lines.used]
        at = numbers[first] if first < len(numbers) else (numbers[-1] + 1 if numbers else 0)
        return TableForm(self.delimiter, self.width, lines.comment, self.has_decimal_comma, at, titles, head)

    def _titles_above(self, first: int, lines: _Lines) -> tuple[int, tuple[str, ...]]:
        """Return what the line above the first row, or a comment just above it, calls the columns.

        With it comes how many lines stand above both.
        """
        if first > 0 and (titles := self._titles_in(lines.used[first - 1][1])):
            return first - 1, titles
        row_line = lines.used[first][0] if first < len(lines.used) else 0
        above = [text for number, text in lines.comments.items() if number < row_line]
        return first, self._titles_in(above[-1]) if above else ()

    def _named_above(self, first: int) -> int | None:
        """Return the line of words, as many as there are columns, above rows of other widths."""
        if self.delimiter == BLANKS:
            return None
        named = (place for place in range(first - 1, -1, -1) if len(self.rows[place]) == self.width)
        place = next(named, None)
        return place if place is not None and not any(map(number_in, self.rows[place])) else None

    def _titles_in(self, line: str) -> tuple[str, ...]:
        joined = _UNIT.sub("\u00a0", line) if self.delimiter == BLANKS else line
        for titles in (
            fields_of(joined, self.delimiter),
            re.split(r"\s{2,}|\t", line.strip()),
            _words(joined),
        ):
            if len(titles) == self.width and not any(number_in(title) for title in titles):
                return tuple(title.replace("\u00a0", " ") for title in titles)
        return ()


def _are_times(rows: Sequence[Sequence[str]], place: int) -> bool:
    told = [row[place] for row in rows if not is_missing(row[place])]
    return bool(told) and sum(bool(time_in(cell)) for cell in told) >= _ALIKE * len(told)


def _words(line: str) -> list[str]:
    return [word for word in re.split(r"[ \t,;|]+", line) if word]


def _or_missing(is_number: bool, cell: str) -> bool:
    return is_number or is_missing(cell)


def _csv(lines: Sequence[str], delimiter: str) -> Iterator[list[str]]:
    return csv.reader(lines, delimiter=delimiter, skipinitialspace=True)
