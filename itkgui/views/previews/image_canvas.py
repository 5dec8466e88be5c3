"""Where a picture is painted: zoomed at the cursor, moved, turned, measured with a ruler."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QLineF, QPoint, QPointF, QRect, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from itkgui.decoding.image import Box, ImagePart, LoadedImage
from itkgui.item_models.image_words import Scale, distance_words
from itkgui.item_models.painted import painted
from itkgui.language import _
from itkgui.views.previews.image_ground import chequered
from itkgui.views.previews.image_place import ImagePlace, pixels_around
from itkgui.views.previews.image_ruler import paint_ruler
from itkgui.views.style import Style, set_room

STEP = 1.25  # of zoom
_SQUARES = 4.0  # screen pixels, from which on a pixel is shown as the square that it is
_MARGIN = 0.25  # of the part in sight, decoded on each side of it
_SHARP = 0.95  # of the screen's pixels that a decoded picture must have
_ARROW = 0.1  # of the pane, moved by an arrow key
_SEEN, _MOST_TIMES = 96, 32  # a picture with fewer pixels than the former is fitted as many times as large
_LEAP = 10  # times as far, with Shift
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_DONE = (*_ENTER, Qt.Key.Key_Escape)
_ROOM = (10, 4)  # least characters and lines
_WAYS = {
    Qt.Key.Key_Left: QPoint(1, 0),
    Qt.Key.Key_Right: QPoint(-1, 0),
    Qt.Key.Key_Up: QPoint(0, 1),
    Qt.Key.Key_Down: QPoint(0, -1),
}


@dataclass(frozen=True)
class WantedPart:
    """A part of the upright picture to be decoded, at a size before turning; and quarters to turn."""

    box: Box
    size: tuple[int, int]
    quarters: int


class ImageCanvas(QWidget):
    """One picture: what was decoded of the whole, and in front of it a part in more detail."""

    moved = Signal()
    """What is in sight has changed, by whatever cause."""
    steered = Signal()
    """It was changed here, by a person."""
    hovered = Signal(int, int)
    """The cursor is over a pixel of the upright picture."""
    left = Signal()
    measured = Signal()
    measured_enough = Signal(bool)
    """By a key; whether it was Enter, after which what was measured stays."""

    def __init__(self) -> None:
        super().__init__()
        self.place = ImagePlace()
        self._whole = QImage()
        self._detail = QImage()
        self._detail_box = QRectF()
        self._has_lines, self._longest = False, 1  # pixels of the longer side
        self._grabbed: QPointF | None = None
        self._is_measuring = False
        self._is_ruler_on = False
        self._scale: Scale | None = None
        self.ruler: QLineF | None = None
        self.held_end: int | None = None
        """The end of the ruler that the arrow keys move; None while they move the picture."""
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("Image"))
        set_room(self, least=_ROOM)
        self._show_cursor()

    # What is shown -----------------------------------------------------------------------------------------

    def show_image(self, loaded: LoadedImage) -> None:
        """Show a picture in place of another; in the same place and as large if their sizes agree."""
        self._has_lines, self._longest = loaded.has_lines, max(loaded.full_width, loaded.full_height, 1)
        self._whole, self._detail = painted(loaded), QImage()
        self._take_ratio()
        if self.place.show(QSize(loaded.full_width, loaded.full_height)):
            self._whole = _turned(self._whole, self.place.quarters)
        else:
            self.ruler = None
        self._show_place()

    def show_part(self, part: ImagePart, quarters: int) -> None:
        """Show a part in more detail, in front of the whole; or the whole again, with other shades."""
        if quarters != self.place.quarters:
            return
        box = self.place.turned(QRectF(QPointF(*part.box[:2]), QPointF(*part.box[2:])))
        if box == self.place.whole and part.width <= self._whole.width():
            self._whole = painted(part)
        else:
            self._detail, self._detail_box = painted(part), box
        self.update()

    @property
    def scale_shown(self) -> float:
        """Screen pixels for each pixel of the picture."""
        return self.place.zoom * self.devicePixelRatioF()

    def wanted_part(self) -> WantedPart | None:
        """Return what should be decoded to be as sharp as the screen can show; None if all is there."""
        sight = self.place.sight
        if self._whole.isNull() or sight.isEmpty() or not self.isVisible():
            return None
        wanted = self.scale_shown if self._has_lines else min(1.0, self.scale_shown)
        if self._whole.width() >= wanted * self.place.full.width() * _SHARP:
            return None
        has_detail = not self._detail.isNull() and self._detail_box.adjusted(-1, -1, 1, 1).contains(sight)
        if has_detail and self._detail.width() >= wanted * self._detail_box.width() * _SHARP:
            return None
        across, down = sight.width() * _MARGIN, sight.height() * _MARGIN
        grown = sight.adjusted(-across, -down, across, down) & self.place.whole
        left, top, right, bottom = pixels_around(self.place.upright(grown))
        size = max(1, round((right - left) * wanted)), max(1, round((bottom - top) * wanted))
        return WantedPart((left, top, right, bottom), size, self.place.quarters)

    def shown_parts(self) -> list[WantedPart]:
        """Return wishes for what is shown, to get it again in other shades; what is in front comes first."""
        shown = [(self._whole, self.place.whole)]
        if not self._detail.isNull():
            shown.insert(0, (self._detail, self._detail_box))
        wishes = []
        for image, box in shown:
            size = image.size().transposed() if self.place.quarters % 2 else image.size()
            upright = pixels_around(self.place.upright(box))
            wishes.append(WantedPart(upright, (size.width(), size.height()), self.place.quarters))
        return wishes

    # Steering ----------------------------------------------------------------------------------------------

    def fit(self) -> None:
        """Show all of the picture, no larger than it is unless it is tiny."""
        self.place.fit()
        self._steer()

    def show_true(self) -> None:
        """Show each pixel as one of the screen's."""
        self.zoom(1 / self.scale_shown)

    def zoom(self, factor: float, spot: QPointF | None = None) -> None:
        """Enlarge what is at a spot of the pane, by default its middle."""
        self.place.zoom_by(factor, spot)
        self._steer()

    def pan(self, way: QPointF) -> None:
        """Move the picture by so many pixels of the pane."""
        self.place.pan(way)
        self._steer()

    def turn(self) -> None:
        """Turn the picture by a quarter, clockwise."""
        if self.ruler is not None:
            self.ruler = QLineF(*map(self.place.turned_point, (self.ruler.p1(), self.ruler.p2())))
        self._whole, self._detail = _turned(self._whole, 1), QImage()
        self.place.turn()
        self._steer()

    def follow(self, other: ImageCanvas) -> None:
        """Show the same part as another canvas does of its picture."""
        if self._whole.isNull() or other._whole.isNull():
            return
        while self.place.quarters != other.place.quarters:
            self._whole, self._detail = _turned(self._whole, 1), QImage()
            self.place.turn()
        self.place.follow(other.place)
        self._show_place()

    def use_scale(self, scale: Scale | None) -> None:
        """Tell distances in the object, too, by the size of a pixel of the upright picture."""
        self._scale = scale
        self.update()

    def set_ruler(self, on: bool) -> None:
        """Let mouse and arrow keys measure instead of moving the picture, or take away what was measured."""
        if on and not self._is_ruler_on:
            self.held_end = 1
        self._is_ruler_on = on
        if not on:
            self.ruler = self.held_end = None
        self._show_cursor()
        self.update()

    def end_measuring(self, *, keeps: bool) -> None:
        """Let mouse and arrow keys move the picture again, and what was measured stay or go."""
        ruler = self.ruler if keeps else None
        self.set_ruler(False)
        self.ruler = ruler

    def distance(self) -> tuple[float, float]:
        """Return how far the ruler's ends are apart in the upright picture, across and down [pixels]."""
        if self.ruler is None:
            return 0.0, 0.0
        across, down = abs(self.ruler.dx()), abs(self.ruler.dy())
        return (down, across) if self.place.quarters % 2 else (across, down)

    def _steer(self) -> None:
        self._show_place()
        self.steered.emit()

    def _show_place(self) -> None:
        self.update()
        self.moved.emit()

    def _take_ratio(self) -> None:
        """Let a drawing fill the pane; all else is fitted as large as it is, if that is enough to be seen."""
        times = max(1, min(_MOST_TIMES, _SEEN // self._longest))
        self.place.most_fitted = float("inf") if self._has_lines else times / self.devicePixelRatioF()

    # Painting ----------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), Style.theme.colour("sunken"))
        if self._whole.isNull():
            return
        if self._whole.hasAlphaChannel():
            self._paint_ground(painter)
        if self._detail.isNull():
            self._paint_image(painter, self._whole, self.place.whole)
        else:
            # Not below the detail: what is transparent in it would show the coarse picture.
            detail = QRegion(_inside(self.place.in_pane(self._detail_box)))
            painter.setClipRegion(QRegion(self.rect()) - detail)
            self._paint_image(painter, self._whole, self.place.whole)
            painter.setClipping(False)
            self._paint_image(painter, self._detail, self._detail_box)
        if self.ruler is not None:
            line = QLineF(*map(self.place.from_picture, (self.ruler.p1(), self.ruler.p2())))
            words = distance_words(*self.distance(), self._scale)
            paint_ruler(painter, line, words, QRectF(self.rect()), self.held_end)

    def _paint_image(self, painter: QPainter, image: QImage, box: QRectF) -> None:
        has_squares = image.width() >= box.width() and self.scale_shown >= _SQUARES
        is_smooth = self._has_lines or not has_squares
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, is_smooth)
        painter.drawImage(self.place.in_pane(box), image)

    def _paint_ground(self, painter: QPainter) -> None:
        """Paint what is seen through a picture: paper behind a drawing, else a chequered ground."""
        seen = self.place.in_pane(self.place.whole) & QRectF(self.rect())
        painter.fillRect(seen, QColor("white"))
        if not self._has_lines:
            painter.fillRect(seen, chequered())

    # Hands -------------------------------------------------------------------------------------------------

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom(STEP ** (event.angleDelta().y() / 120), event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._is_ruler_on:
            point = self.place.held(self.place.to_picture(event.position()))
            self.ruler, self.held_end, self._is_measuring = QLineF(point, point), None, True
        elif event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._grabbed = event.position()
        self._show_cursor()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._is_measuring and self.ruler is not None:
            end = self.place.held(self.place.to_picture(event.position()))
            self.ruler = QLineF(self.ruler.p1(), end)
            self._tell_measured()
        elif self._grabbed is not None:
            way, self._grabbed = event.position() - self._grabbed, event.position()
            self.pan(way)
        self._tell_pixel(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002
        if self._is_measuring:
            self.held_end = 1  # what was drawn by hand is trimmed by the keys
            self._tell_measured()
        self._grabbed, self._is_measuring = None, False
        self._show_cursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._is_ruler_on:
            self.mousePressEvent(event)
        elif self.place.is_fitted:
            self.zoom(1 / self.scale_shown, event.position())
        else:
            self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move an end of the ruler, or a picture that is larger than the pane; all else is for others."""
        way, is_far = _WAYS.get(Qt.Key(event.key())), event.modifiers() == Qt.KeyboardModifier.ShiftModifier
        is_plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if self._is_ruler_on and event.key() in _DONE and is_plain:
            self.measured_enough.emit(event.key() in _ENTER)
        elif way is not None and self.held_end is not None and (is_plain or is_far):
            self._move_end(self.held_end, way * (-_LEAP if is_far else -1))
        elif way is None or not is_plain:
            event.ignore()
        elif self.place.is_larger_than_pane:
            self.pan(QPointF(way.x() * self.width(), way.y() * self.height()) * _ARROW)
        else:
            event.ignore()

    def event(self, event: QEvent) -> bool:
        """Take Esc, which ends measuring, before the window would take it for its own."""
        is_escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if is_escape and event.type() == QEvent.Type.ShortcutOverride and self._is_ruler_on:
            event.accept()
            return True
        return super().event(event)

    def focusNextPrevChild(self, is_next: bool) -> bool:
        """Let Tab change the end of the ruler that is moved, until Enter has set it."""
        if self.held_end is None or self.ruler is None:
            return super().focusNextPrevChild(is_next)
        self.held_end = 1 - self.held_end
        self.update()
        return True

    def _move_end(self, number: int, way: QPoint) -> None:
        """Move an end by a pixel of the pane, or the picture if that is more; the first key lays a ruler."""
        sight = self.place.sight
        if self.ruler is None:
            half = QPointF(sight.width() / 4, 0)
            self.ruler = QLineF(sight.center() - half, sight.center() + half)
        else:
            ends = [self.ruler.p1(), self.ruler.p2()]
            moved = ends[number] + QPointF(way) * max(1.0, 1 / self.place.zoom)
            ends[number] = self.place.held(moved)
            self.ruler = QLineF(*ends)
        self._tell_measured()

    def _tell_measured(self) -> None:
        self.update()
        self.measured.emit()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.left.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._take_ratio()
        self.place.room = QSizeF(self.size())
        self.place.settle()
        self._show_place()

    def _tell_pixel(self, spot: QPointF) -> None:
        point = self.place.to_picture(spot)
        size = self.place.upright_size
        x, y, _, _ = pixels_around(self.place.upright(QRectF(point, QSizeF())))
        if 0 <= x < size.width() and 0 <= y < size.height():
            self.hovered.emit(x, y)
        else:
            self.left.emit()

    def _show_cursor(self) -> None:
        shapes = Qt.CursorShape
        free = shapes.CrossCursor if self._is_ruler_on else shapes.OpenHandCursor
        self.setCursor(shapes.ClosedHandCursor if self._grabbed is not None else free)


def _turned(image: QImage, quarters: int) -> QImage:
    return image.transformed(QTransform().rotate(90 * quarters)) if quarters else image


def _inside(box: QRectF) -> QRect:
    """Return the whole pixels that lie in a box."""
    left, top = math.ceil(box.left()), math.ceil(box.top())
    return QRect(left, top, math.floor(box.right()) - left, math.floor(box.bottom()) - top)
