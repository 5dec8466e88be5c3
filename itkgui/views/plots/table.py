"""The data of a plot as text that every spreadsheet reads alike."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from itkgui.views.plots.data import Array

LINES_AT_ONCE = 2_000
_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
Cells = Array | Sequence[str]


@dataclass(frozen=True, eq=False)
class DataBlock:
    """Rows under common headers: every column as long as each other, of numbers or of texts."""

    columns: tuple[Cells, ...]


@dataclass(frozen=True, eq=False)
class DataTable:
    """What a plot shows: headers with units, and blocks of rows, each labelled with what it belongs to."""

    headers: tuple[str, ...]
    blocks: tuple[tuple[str, DataBlock], ...]

    @property
    def row_count(self) -> int:
        return sum(len(block.columns[0]) for _, block in self.blocks)

    def lines(self, separator: str, point: str = ".") -> Iterator[str]:
        """Yield the lines, ended by CR LF; no text of them is a formula."""
        yield separator.join(_cell(header, separator, point) for header in self.headers) + "\r\n"
        for label, block in self.blocks:
            first = _cell(label, separator, point)
            for row in zip(*block.columns, strict=True):
                cells = [_cell(value, separator, point) for value in row]
                yield separator.join((first, *cells)) + "\r\n"

    def pieces(self, separator: str, point: str = ".") -> Iterator[str]:
        """Yield the same text, some lines at once, so that a writer can pause in between."""
        held: list[str] = []
        for line in self.lines(separator, point):
            held.append(line)
            if len(held) == LINES_AT_ONCE:
                yield "".join(held)
                held = []
        yield "".join(held)


def _cell(value: object, separator: str, point: str) -> str:
    if isinstance(value, float):
        return repr(float(value)).replace(".", point) if math.isfinite(value) else ""
    text = str(value)
    if text.lstrip(" ").startswith(_STARTS_FORMULA):
        text = f"'{text}"  # a spreadsheet would run it
    if any(sign in text for sign in (separator, '"', "\n", "\r")):
        text = '"' + text.replace('"', '""') + '"'
    return text
