"""The rows of a text of any size, as far as its index knows them and its pages are loaded."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass

from itkgui.decoding.text import TextPage
from itkgui.decoding.text_encoding import Encoding
from itkgui.decoding.text_escapes import Span
from itkgui.decoding.text_find import Found
from itkgui.decoding.text_index import Mark, TextIndex
from itkgui.decoding.text_source import PAGE, TextSource

_MOST_MARKED = 100  # hits in a row: to paint one takes 5 µs
_KEPT = 24  # pages: what is on a screen or near it, at most a megabyte each


@dataclass(frozen=True)
class Row:
    """A row as it is shown; ``line`` is its line from 0, with which it goes on if it ``continues``."""

    text: str
    line: int
    continues: bool
    looks: tuple[Span, ...]


class TextPages:
    """The pages of one text; those looked at last are kept. Touched by the GUI thread only."""

    def __init__(self, source: TextSource | None, index: TextIndex) -> None:
        self.source = source
        self.index = index
        self._pages: OrderedDict[int, TextPage] = OrderedDict()
        self._looks: dict[int, tuple[tuple[Span, ...], ...]] = {}

    @classmethod
    def of_text(cls, text: str) -> TextPages:
        """Return the pages of a short text that is in no file."""
        lines = text.split("\n") if text else []
        size = len(lines)
        pages = cls(None, TextIndex(Mark(size, size, size, size), size))
        for number, first in enumerate(range(0, size, PAGE)):
            part = lines[first : first + PAGE]
            places = array("q", range(first, first + len(part)))
            empty: tuple[tuple[Span, ...], ...] = ((),) * len(part)
            pages.index.offsets.append(first)
            pages.index.lines.append(first)
            pages.index.continued.append(0)
            pages.add(
                number,
                TextPage(places, places, (False,) * len(part), tuple(part), empty, b"", Encoding("UTF-8")),
            )
        return pages

    @property
    def rows(self) -> int:
        return self.index.rows

    def row(self, number: int) -> Row | None:
        """Return a row, or None if its page is not loaded."""
        page = self._pages.get(number // PAGE)
        place = number % PAGE
        if page is None or place >= len(page.texts):
            return None
        self._pages.move_to_end(number // PAGE)
        looks = self._looks.get(number // PAGE, page.looks)
        return Row(page.texts[place], page.lines[place], page.continues[place], looks[place])

    def page(self, number: int) -> TextPage | None:
        return self._pages.get(number)

    def add(self, number: int, page: TextPage) -> None:
        """Keep a page, and forget the one that was looked at least recently."""
        self._pages[number] = page
        while self.source is not None and len(self._pages) > _KEPT:
            forgotten, _ = self._pages.popitem(last=False)
            self._looks.pop(forgotten, None)

    def colour(self, number: int, looks: tuple[tuple[Span, ...], ...]) -> None:
        """Show the rows of a page in the looks that were found for them."""
        page = self._pages.get(number)
        if page is not None and len(page.texts) == len(looks):
            self._looks[number] = looks

    def missing(self, first: int, last: int) -> int | None:
        """Return the first page that is not loaded of those with some rows, then of those next to them."""
        for number in self._around(first, last):
            if number not in self._pages:
                return number
        return None

    def uncoloured(self, first: int, last: int) -> int | None:
        """Return the first page with some rows that has not been coloured."""
        if self.source is None or not self.source.language:
            return None
        for number in range(first // PAGE, last // PAGE + 1):
            if number in self._pages and number not in self._looks:
                return number
        return None

    def _around(self, first: int, last: int) -> Iterator[int]:
        begin, end, pages = first // PAGE, last // PAGE, -(-self.rows // PAGE)
        for number in (*range(begin, end + 1), end + 1, begin - 1):
            if 0 <= number < pages:
                yield number

    # Places ------------------------------------------------------------------------------------------------

    def row_at(self, offset: int) -> int | None:
        """Return the row that has a byte of the file, or None if its page is not loaded."""
        number = self.index.page_at(offset)
        page = self._pages.get(number)
        if page is None:
            return None
        return number * PAGE + max(0, bisect_right(page.starts, offset) - 1)

    def row_of_line(self, line: int) -> int | None:
        """Return the row with which a line begins, counted from 0, or None if its page is not loaded."""
        number = self.index.page_of_line(line)
        page = self._pages.get(number)
        if page is None:
            return None
        return number * PAGE + min(bisect_left(page.lines, line), len(page.lines) - 1)

    def start(self, row: int) -> int | None:
        """Return the first byte of a row, or of what follows the last; None if its page is not loaded."""
        if row >= self.rows:
            return self.index.size
        page = self._pages.get(row // PAGE)
        return page.starts[row % PAGE] if page is not None else None

    def column(self, row: int, offset: int) -> int:
        """Return how many characters are shown before a byte of a row whose page is loaded."""
        return self._pages[row // PAGE].column(row % PAGE, offset)

    def hits_in(self, row: int, found: Found, current: int) -> Iterator[tuple[int, int, int]]:
        """Yield the hits in a row whose page is loaded: their numbers, first and last columns.

        Of very many in a row only the first are told, and the current one.
        """
        begin = self.start(row)
        page = self._pages[row // PAGE]
        place = row % PAGE + 1
        end = page.starts[place] if place < len(page.starts) else page.starts[0] + len(page.raw)
        if begin is None:
            return
        first, last = bisect_right(found.ends, begin), bisect_left(found.starts, end)
        hits = [*range(first, min(last, first + _MOST_MARKED))]
        if len(hits) < last - first and first + len(hits) <= current < last:
            hits.append(current)
        for hit in hits:
            yield (
                hit,
                self.column(row, max(begin, found.starts[hit])),
                self.column(row, min(end, found.ends[hit])),
            )
