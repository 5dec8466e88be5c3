"""Which part of a picture is in sight, how large and how turned; without any painting."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF

_LARGEST = 64.0  # logical pixels for each pixel of the picture
_SMALLEST = 0.005


class ImagePlace:
    """A picture in a pane; ``zoom`` is the pane's pixels for each of the picture's.

    Points, such as the ``centre`` of what is in sight, and boxes are in pixels of the picture in full,
    turned as it is shown, unless they are "upright".
    """

    def __init__(self) -> None:
        self.full = QSize()
        self.quarters = 0  # turns, clockwise
        self.zoom = 1.0
        self.centre = QPointF()
        self.is_fitted = True
        self.room = QSizeF(1, 1)  # the pane
        self.most_fitted = 1.0  # zoom of a small picture that is fitted

    def show(self, upright: QSize) -> bool:
        """Take in a new picture; return whether it has the size of the one before, whose place it gets."""
        if upright == self.upright_size:
            return True
        self.full, self.quarters, self.is_fitted = upright, 0, True
        self.settle()
        return False

    @property
    def upright_size(self) -> QSize:
        return self.full.transposed() if self.quarters % 2 else self.full

    @property
    def whole(self) -> QRectF:
        return QRectF(QPointF(), QSizeF(self.full))

    @property
    def sight(self) -> QRectF:
        """The part that is in sight."""
        return QRectF(self.to_picture(QPointF()), self.room / self.zoom) & self.whole

    @property
    def is_larger_than_pane(self) -> bool:
        shown = QSizeF(self.full) * self.zoom
        return shown.width() > self.room.width() + 1 or shown.height() > self.room.height() + 1

    def to_picture(self, spot: QPointF) -> QPointF:
        """Return the point of the picture at a spot of the pane."""
        return self.centre + (spot - self._middle()) / self.zoom

    def held(self, point: QPointF) -> QPointF:
        """Return the point of the picture that is nearest to one that may be outside."""
        x, y = min(point.x(), float(self.full.width())), min(point.y(), float(self.full.height()))
        return QPointF(max(x, 0.0), max(y, 0.0))

    def from_picture(self, point: QPointF) -> QPointF:
        """Return the spot of the pane where a point of the picture is."""
        return self._middle() + (point - self.centre) * self.zoom

    def in_pane(self, box: QRectF) -> QRectF:
        """Return where a box of the picture is in the pane."""
        return QRectF(self.from_picture(box.topLeft()), box.size() * self.zoom)

    def upright(self, box: QRectF) -> QRectF:
        """Return a box as it is in the upright picture."""
        for turns in range(self.quarters, 0, -1):
            width = self._full_after(turns).width()
            box = QRectF(box.top(), width - box.right(), box.height(), box.width())
        return box

    def turned(self, box: QRectF) -> QRectF:
        """Return a box of the upright picture as it is shown."""
        for turns in range(self.quarters):
            height = self._full_after(turns).height()
            box = QRectF(height - box.bottom(), box.left(), box.height(), box.width())
        return box

    # Changes -----------------------------------------------------------------------------------------------

    def zoom_by(self, factor: float, spot: QPointF | None = None) -> None:
        """Enlarge around a spot of the pane, by default its middle."""
        spot = spot if spot is not None else self._middle()
        held = self.to_picture(spot)
        self.is_fitted = False
        self.zoom = min(max(self.zoom * factor, _SMALLEST), _LARGEST)
        self.centre = held - (spot - self._middle()) / self.zoom
        self.settle()

    def pan(self, way: QPointF) -> None:
        """Move the picture by so many pixels of the pane."""
        self.is_fitted = False
        self.centre = self.centre - way / self.zoom  # not in place: others may hold it
        self.settle()

    def fit(self) -> None:
        self.is_fitted = True
        self.settle()

    def turn(self) -> None:
        """Turn by a quarter, clockwise, around the middle of the pane."""
        self.centre = self.turned_point(self.centre)
        self.full = self.full.transposed()
        self.quarters = (self.quarters + 1) % 4
        self.settle()

    def turned_point(self, point: QPointF) -> QPointF:
        """Return where a point comes to lie by the next turn."""
        return QPointF(self.full.height() - point.y(), point.x())

    def follow(self, other: ImagePlace) -> None:
        """Show the same part as another place does of its picture, however many pixels that has."""
        across = self.full.width() / max(1, other.full.width())
        down = self.full.height() / max(1, other.full.height())
        self.is_fitted = other.is_fitted
        self.zoom = other.zoom / (across or 1.0)
        self.centre = QPointF(other.centre.x() * across, other.centre.y() * down)
        self.settle()

    def settle(self) -> None:
        """Bring zoom and centre into their limits: no gap at an edge of a picture larger than the pane."""
        if self.full.isEmpty():
            return
        if self.is_fitted:
            fitting = min(
                self.room.width() / self.full.width(),
                self.room.height() / self.full.height(),
                self.most_fitted,
            )
            self.zoom = max(fitting, 1e-6)
        self.centre = QPointF(
            _held(self.centre.x(), self.room.width() / self.zoom, self.full.width()),
            _held(self.centre.y(), self.room.height() / self.zoom, self.full.height()),
        )

    def _full_after(self, turns: int) -> QSize:
        return self.full if (self.quarters - turns) % 2 == 0 else self.full.transposed()

    def _middle(self) -> QPointF:
        return QPointF(self.room.width() / 2, self.room.height() / 2)


def pixels_around(box: QRectF) -> tuple[int, int, int, int]:
    """Return the smallest box of whole pixels around one."""
    return math.floor(box.left()), math.floor(box.top()), math.ceil(box.right()), math.ceil(box.bottom())


def _held(centre: float, sight: float, full: float) -> float:
    if sight >= full:
        return full / 2
    return min(max(centre, sight / 2), full - sight / 2)
