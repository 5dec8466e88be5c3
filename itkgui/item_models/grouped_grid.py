"""Where the cells of a grid are that stands in groups, each below its heading."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Cell:
    """The size of each cell, in pixels."""

    width: int
    height: int


class GroupedGrid:
    """Places ``count`` cells in as many columns as fit ``width``; a group begins a new line.

    ``headings`` are the first rows of the groups, each ``heading_height`` pixels high above its cells; cells
    before the first of them have none. All lengths are in pixels, from the top left corner of the whole.
    """

    def __init__(
        self, count: int, width: int, cell: Cell, headings: Iterable[int] = (), heading_height: int = 0
    ) -> None:
        self.count, self.cell = count, cell
        self.columns = max(1, width // cell.width)
        headed = {row for row in headings if 0 <= row < count}
        self._starts = sorted(headed | ({0} if count else set()))
        self._ends = [*self._starts[1:], count]
        self._tops: list[int] = []  # of the cells of each group
        self.headings: list[tuple[int, int]] = []
        """The first row of each group that has a heading, and the heading's top."""
        top = 0
        for start, end in zip(self._starts, self._ends, strict=False):
            if start in headed:
                self.headings.append((start, top))
                top += heading_height
            self._tops.append(top)
            top += -(-(end - start) // self.columns) * cell.height
        self.height = top

    def place(self, row: int) -> tuple[int, int]:
        """Return the left and top of a cell."""
        group = self._group(row)
        line, column = divmod(row - self._starts[group], self.columns)
        return column * self.cell.width, self._tops[group] + line * self.cell.height

    def row_at(self, x: int, y: int) -> int:
        """Return the cell at a spot; -1 where there is none."""
        group = bisect_right(self._tops, y) - 1
        column = x // self.cell.width
        if group < 0 or not 0 <= column < self.columns:
            return -1
        row = self._starts[group] + (y - self._tops[group]) // self.cell.height * self.columns + column
        return row if row < self._ends[group] else -1

    def rows_between(self, top: int, bottom: int) -> range:
        """Return the cells of all lines that are, in part at least, between two heights."""
        first = max(0, bisect_right(self._tops, top) - 1)
        rows = [
            row
            for group in range(first, len(self._tops))
            if self._tops[group] < bottom
            for row in self._in_group(group, top, bottom)
        ]
        return range(rows[0], rows[-1] + 1) if rows else range(0)

    def _in_group(self, group: int, top: int, bottom: int) -> range:
        start, end, height = self._starts[group], self._ends[group], self.cell.height
        above = max(0, (top - self._tops[group]) // height)
        below = max(0, -(-(bottom - self._tops[group]) // height))
        return range(min(end, start + above * self.columns), min(end, start + below * self.columns))

    def beside(self, row: int, lines: int) -> int:
        """Return the cell so many lines below (or above, if negative), in the same column or the last before.

        Where there are no more lines, that is the cell itself.
        """
        for _ in range(abs(lines)):
            row = self._next_line(row, 1 if lines > 0 else -1)
        return row

    def _next_line(self, row: int, by: int) -> int:
        group = self._group(row)
        start, end = self._starts[group], self._ends[group]
        line, column = divmod(row - start, self.columns)
        last = (end - 1 - start) // self.columns
        if 0 <= line + by <= last:
            return min(row + by * self.columns, end - 1)
        group += by
        if not 0 <= group < len(self._starts):
            return row
        start, end = self._starts[group], self._ends[group]
        line = 0 if by > 0 else (end - 1 - start) // self.columns
        return min(start + line * self.columns + column, end - 1)

    def _group(self, row: int) -> int:
        return bisect_right(self._starts, row) - 1
