"""Where the pages of a document stand: one below the other, in pixels, whole or in pieces."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

GAP = 10  # pixels between pages and around them
PIECE = 1600  # pixels, the longest side of what is drawn at once: a page that fits a pane is one piece
TALLEST = 2_000_000_000  # pixels, what a scroll bar can count


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels; ``right`` and ``bottom`` are the first that are outside."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top


@dataclass(frozen=True)
class Place:
    """A point of a document: the page from 0, and parts of its width and height."""

    page: int
    across: float
    down: float


def largest_scale(sizes: npt.NDArray[np.float64]) -> float:
    """Return the scale at which all pages still fit below each other."""
    return float((TALLEST - GAP * (len(sizes) + 1)) / sizes[:, 1].sum())


class PageLayout:
    """Pages of ``sizes`` in points, shape (pages, 2), each in the middle of a column, at pixels per point."""

    def __init__(self, sizes: npt.NDArray[np.float64], scale: float, room: int = 0) -> None:
        pixels = np.maximum(1, np.rint(sizes * scale)).astype(np.int64)
        self.scale = scale
        self._widths, self._heights = pixels[:, 0], pixels[:, 1]
        self._tops = GAP + np.concatenate([[0], np.cumsum(self._heights + GAP)])
        self.width = max(room, int(self._widths.max(initial=0)) + 2 * GAP)
        self.height = int(self._tops[-1])

    @property
    def count(self) -> int:
        return len(self._widths)

    def box(self, page: int) -> Box:
        width, top = int(self._widths[page]), int(self._tops[page])
        left = (self.width - width) // 2
        return Box(left, top, left + width, top + int(self._heights[page]))

    def page_at(self, y: float) -> int:
        """Return the page at a height, or the one above a gap."""
        return int(np.clip(np.searchsorted(self._tops, y, side="right") - 1, 0, self.count - 1))

    def pages_between(self, top: float, bottom: float) -> range:
        return range(self.page_at(top), self.page_at(bottom) + 1)

    def place_at(self, x: float, y: float) -> Place:
        """Return the point of a page at or next to a point of the column."""
        page = self.page_at(y)
        box = self.box(page)
        across, down = (x - box.left) / box.width, (y - box.top) / box.height
        return Place(page, min(max(across, 0.0), 1.0), min(max(down, 0.0), 1.0))

    def point_of(self, place: Place) -> tuple[float, float]:
        """Return where a point of a page is in the column."""
        box = self.box(place.page)
        return box.left + place.across * box.width, box.top + place.down * box.height


def pieces_of(width: int, height: int, seen: Box) -> list[Box]:
    """Return the pieces of a page of a size that are needed to see a part of it, the uppermost first."""
    found = []
    for top in range(0, height, PIECE):
        for left in range(0, width, PIECE):
            piece = Box(left, top, min(left + PIECE, width), min(top + PIECE, height))
            if (
                piece.left < seen.right
                and seen.left < piece.right
                and piece.top < seen.bottom
                and seen.top < piece.bottom
            ):
                found.append(piece)
    return found
