"""The pages of a document, one below the other: scrolled, zoomed, searched through, text selected."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPoint, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame

from itkgui.decoding.pdf import Hit, PageText, Piece
from itkgui.item_models.page_layout import GAP, Box, PageLayout, Place, largest_scale, pieces_of
from itkgui.item_models.plain_text import shown_text
from itkgui.language import _
from itkgui.views.previews.pdf_pictures import PagePictures
from itkgui.views.style import Style, set_role

STEP = 1.25
_POINT = 96 / 72  # pixels at 100 %
_LARGEST, _SMALLEST = 16.0, 0.02  # of the size on paper
_LINE = 60  # pixels scrolled by a key
_SOON_MS = 20  # after a move, when pieces are asked for
_PAPER, _HIT, _CHOSEN_HIT = QColor("#ffffff"), QColor(255, 214, 0, 110), QColor(255, 128, 0, 150)
_SELECTED = QColor(11, 95, 174, 90)


class PdfCanvas(QAbstractScrollArea):
    """Paints the pieces it is given and asks for those it lacks; what is seen comes first."""

    pieces_wanted = Signal()
    moved = Signal()  # another page, or another zoom
    text_wanted = Signal(int)  # the characters of a page, from 0

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        set_role(self, "canvas")
        self.setAccessibleName(_("Pages of the document"))
        self.setAcceptDrops(False)
        self.viewport().setAcceptDrops(False)
        self.viewport().setMouseTracking(True)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        # Always, or each fit of the width would take or give its room.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._sizes: npt.NDArray[np.float64] = np.empty((0, 2))
        self.layout_shown = PageLayout(self._sizes, 1.0)
        self._fit: Callable[[], float] | None = self._width_scale
        self._pictures = PagePictures()
        self._hits: Mapping[int, Sequence[Hit]] = {}
        self._hit: Hit | None = None
        self._text: PageText | None = None
        self._text_page = -1
        self._anchor: Place | None = None
        self._selected = range(0)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SOON_MS)
        self._soon.timeout.connect(self.pieces_wanted)
        for bar in (self.verticalScrollBar(), self.horizontalScrollBar()):
            bar.valueChanged.connect(self._on_scrolled)

    # What is shown -----------------------------------------------------------------------------------------

    def show_pages(self, sizes: npt.NDArray[np.float64]) -> None:
        """Show another document from its first page on, as wide as the pane."""
        self._sizes = sizes
        self._pictures.clear()
        self._hits, self._hit = {}, None
        self._drop_selection()
        self._fit = self._width_scale
        self.verticalScrollBar().setValue(0)
        self._lay_out(self._width_scale())
        self.verticalScrollBar().setValue(0)

    def show_hits(self, hits: Mapping[int, Sequence[Hit]], chosen: Hit | None) -> None:
        """Mark what was found, by page, and the one that is looked at, which comes into sight."""
        self._hits = hits
        if chosen is not None and chosen is not self._hit:
            self._bring_in(chosen)
        self._hit = chosen
        self.viewport().update()

    def add_piece(self, piece: Piece, pixels: bytes) -> None:
        image = QImage(pixels, piece.width, piece.height, 4 * piece.width, QImage.Format.Format_RGB32)
        self._pictures.add(piece, image)
        self.viewport().update()

    def add_trouble(self, page: int, sentence: str) -> None:
        """Say in the place of a page why it is not drawn."""
        self._pictures.troubles[page] = sentence
        self.viewport().update()

    @property
    def troubles(self) -> Mapping[int, str]:
        """Why pages are not drawn, by page from 0."""
        return self._pictures.troubles

    @property
    def page(self) -> int:
        """The page, from 0, that a third of the way down the pane belongs to."""
        return self.layout_shown.page_at(self._top + self.viewport().height() / 3)

    @property
    def zoom_shown(self) -> float:
        """How large pages are, as a part of their size on paper."""
        return self.layout_shown.scale / _POINT

    # Moving ------------------------------------------------------------------------------------------------

    def go_to(self, page: int) -> None:
        """Bring the top of a page to the top of the pane."""
        if self.layout_shown.count:
            self.verticalScrollBar().setValue(self.layout_shown.box(page).top - 4)

    def fit_width(self) -> None:
        self._fit = self._width_scale
        self._rescale(self._fit())

    def fit_page(self) -> None:
        self._fit = self._page_scale
        page = self.page
        self._rescale(self._fit())
        self.go_to(page)

    def zoom(self, factor: float, at: QPoint | None = None) -> None:
        """Change the size; what is under a point of the pane stays there."""
        self._fit = None
        self._rescale(self.layout_shown.scale * factor, at)

    def _width_scale(self) -> float:
        """Return the scale at which the page in sight is as wide as the pane."""
        return (self.viewport().width() - 2 * GAP) / self._size_in_sight[0]

    def _page_scale(self) -> float:
        _, height = self._size_in_sight
        return min(self._width_scale(), (self.viewport().height() - 8) / height)

    @property
    def _size_in_sight(self) -> tuple[float, float]:
        if not len(self._sizes):
            return 1.0, 1.0
        width, height = self._sizes[min(max(self.page, 0), len(self._sizes) - 1)]
        return float(width), float(height)

    def _rescale(self, scale: float, at: QPoint | None = None) -> None:
        at = at or QPoint(self.viewport().width() // 2, self.viewport().height() // 3)
        if not self.layout_shown.count:
            return
        place = self.layout_shown.place_at(at.x() - self._left, at.y() + self._top)
        self._lay_out(scale)
        x, y = self.layout_shown.point_of(place)
        self.horizontalScrollBar().setValue(round(x) - at.x())
        self.verticalScrollBar().setValue(round(y) - at.y())

    def _lay_out(self, scale: float) -> None:
        if len(self._sizes):
            most = min(_LARGEST * _POINT, largest_scale(self._sizes))
            scale = min(max(scale, _SMALLEST * _POINT), most)
        room = self.viewport().size()
        self.layout_shown = PageLayout(self._sizes, scale, room.width())
        vertical, horizontal = self.verticalScrollBar(), self.horizontalScrollBar()
        vertical.setRange(0, max(0, self.layout_shown.height - room.height()))
        vertical.setPageStep(room.height())
        vertical.setSingleStep(_LINE)
        horizontal.setRange(0, max(0, self.layout_shown.width - room.width()))
        horizontal.setPageStep(room.width())
        horizontal.setSingleStep(_LINE)
        self._on_scrolled()

    def _on_scrolled(self) -> None:
        self.viewport().update()
        if not self._soon.isActive():
            self._soon.start()
        self.moved.emit()

    @property
    def _top(self) -> int:
        return self.verticalScrollBar().value()

    @property
    def _left(self) -> int:
        """Where the column begins in the pane."""
        return -self.horizontalScrollBar().value()

    def _bring_in(self, hit: Hit) -> None:
        box = self.layout_shown.box(hit.page)
        left, top, right, bottom = self._in_column(box, hit.boxes[0])
        room = self.viewport().size()
        if not self._top <= top <= bottom <= self._top + room.height():
            self.verticalScrollBar().setValue(round(top - room.height() / 3))
        if not -self._left <= left <= right <= -self._left + room.width():
            self.horizontalScrollBar().setValue(round(left - room.width() / 3))

    @staticmethod
    def _in_column(box: Box, parts: npt.NDArray[np.float64]) -> tuple[float, float, float, float]:
        left, top, right, bottom = (float(part) for part in parts)
        across, down = box.width, box.height
        return (
            box.left + left * across,
            box.top + top * down,
            box.left + right * across,
            box.top + bottom * down,
        )

    # Pieces ------------------------------------------------------------------------------------------------

    @property
    def _ratio(self) -> float:
        return self.devicePixelRatioF()

    def next_piece(self) -> Piece | None:
        """Return a piece that is lacking: of what is seen, or else of the pages before and after."""
        if not self.layout_shown.count or self.viewport().height() <= 0:
            return None
        height = self.viewport().height()
        return self._lacking(self._top, self._top + height) or self._lacking(
            self._top - height // 2, self._top + 2 * height
        )

    def is_wanted(self, piece: Piece) -> bool:
        """Tell whether a piece is still one that is to be seen, or next to it."""
        height = self.viewport().height()
        return piece.page in self.layout_shown.pages_between(
            self._top - height // 2, self._top + 2 * height
        ) and self._full_size(piece.page) == (piece.full_width, piece.full_height)

    def _lacking(self, top: int, bottom: int) -> Piece | None:
        for page in self.layout_shown.pages_between(top, bottom):
            if page not in self._pictures.troubles:
                for piece in self._pieces(page, top, bottom):
                    if piece not in self._pictures:
                        return piece
        return None

    def _pieces(self, page: int, top: int, bottom: int) -> list[Piece]:
        """Return the pieces of a page between two heights of the column, as far as it is seen across."""
        box, ratio = self.layout_shown.box(page), self._ratio
        left = -self._left - box.left
        seen = Box(
            round(left * ratio),
            round((top - box.top) * ratio),
            round((left + self.viewport().width()) * ratio),
            round((bottom - box.top) * ratio),
        )
        full = self._full_size(page)
        return [Piece(page, *full, p.left, p.top, p.width, p.height) for p in pieces_of(*full, seen)]

    def _full_size(self, page: int) -> tuple[int, int]:
        box = self.layout_shown.box(page)
        return max(1, round(box.width * self._ratio)), max(1, round(box.height * self._ratio))

    # Painting ----------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), Style.theme.colour("sunken"))
        if not self.layout_shown.count:
            return
        top = self._top
        for page in self.layout_shown.pages_between(top + event.rect().top(), top + event.rect().bottom()):
            box = self.layout_shown.box(page)
            rect = QRect(box.left + self._left, box.top - top, box.width, box.height)
            seen = rect.intersected(self.viewport().rect())
            painter.fillRect(seen, _PAPER)
            trouble = self._pictures.troubles.get(page)
            if trouble is not None:
                painter.setPen(QColor("#333333"))
                painter.drawText(
                    seen.adjusted(12, 12, -12, -12),
                    Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap,
                    shown_text(trouble),
                )
                continue
            self._pictures.paint(painter, page, rect, self._full_size(page), seen)
            for hit in self._hits.get(page, ()):
                self._mark(painter, box, hit.boxes, _CHOSEN_HIT if hit is self._hit else _HIT)
            if page == self._text_page and self._text is not None and self._selected:
                chosen = self._text.boxes[self._selected.start : self._selected.stop]
                self._mark(painter, box, chosen, _SELECTED)

    def _mark(self, painter: QPainter, box: Box, boxes: npt.NDArray[np.float64], colour: QColor) -> None:
        for parts in boxes[np.isfinite(boxes).all(axis=1)]:
            left, top, right, bottom = self._in_column(box, parts)
            painter.fillRect(QRectF(left + self._left, top - self._top, right - left, bottom - top), colour)

    # Selecting ---------------------------------------------------------------------------------------------

    @property
    def selected_text(self) -> str:
        """What is selected, to be copied; lines end as on the page."""
        if self._text is None:
            return ""
        return self._text.text[self._selected.start : self._selected.stop].replace("\r\n", "\n")

    def has_text_of(self, page: int) -> bool:
        return self._text is not None and self._text_page == page

    def show_text(self, page: int, text: PageText) -> None:
        """Take the characters of a page that was asked for."""
        self._text, self._text_page = text, page

    def select_all_of_text(self) -> None:
        if self._text is not None:
            self._select(range(len(self._text.text)))

    def _select(self, places: range) -> None:
        self._selected = places
        self.viewport().update()

    def _drop_selection(self) -> None:
        self._anchor, self._text, self._text_page = None, None, -1
        self._select(range(0))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton or not self.layout_shown.count:
            return
        place = self.place_under(event.position().toPoint())
        if place.page != self._text_page:
            self._drop_selection()
            self.text_wanted.emit(place.page)
        self._anchor = place
        self._select(range(0))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not event.buttons() & Qt.MouseButton.LeftButton or self._anchor is None:
            return
        place = self.place_under(event.position().toPoint())
        if self._text is None or self._text_page != self._anchor.page:
            return  # its characters are on their way
        if place.page != self._anchor.page:
            place = Place(self._anchor.page, place.across, 1.0 if place.page > self._anchor.page else 0.0)
        ends = self._nearest(self._anchor), self._nearest(place)
        if None not in ends:
            first, last = sorted(end for end in ends if end is not None)
            self._select(range(first, last + 1))

    def place_under(self, point: QPoint) -> Place:
        """Return the point of a page at or next to a point of the pane."""
        return self.layout_shown.place_at(point.x() - self._left, point.y() + self._top)

    def _nearest(self, place: Place) -> int | None:
        """Return the character nearest to a point; a line apart counts more than a letter apart."""
        if self._text is None or not np.isfinite(self._text.boxes).any():
            return None
        left, top, right, bottom = self._text.boxes.T
        box = self.layout_shown.box(place.page)
        across = np.maximum(0, np.maximum(left - place.across, place.across - right)) * box.width
        down = np.maximum(0, np.maximum(top - place.down, place.down - bottom)) * box.height
        return int(np.nanargmin(across + 20 * down))

    # Wheel and keys ----------------------------------------------------------------------------------------

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(STEP ** (event.angleDelta().y() / 120), event.position().toPoint())
            event.accept()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar, room = self.verticalScrollBar(), self.viewport().height()
        moves = {
            Qt.Key.Key_PageDown: room - _LINE,
            Qt.Key.Key_PageUp: _LINE - room,
            Qt.Key.Key_Down: _LINE,
            Qt.Key.Key_Up: -_LINE,
            Qt.Key.Key_Home: -bar.maximum(),
            Qt.Key.Key_End: bar.maximum(),
        }
        sideways = {Qt.Key.Key_Left: -_LINE, Qt.Key.Key_Right: _LINE}
        key = Qt.Key(event.key())
        if key in moves:
            bar.setValue(bar.value() + moves[key])
        elif key in sideways:
            across = self.horizontalScrollBar()
            across.setValue(across.value() + sideways[key])
        else:
            event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.layout_shown.count:
            self._rescale(self._fit() if self._fit is not None else self.layout_shown.scale, QPoint(0, 4))
