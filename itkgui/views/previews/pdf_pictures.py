"""The drawn pieces of pages that are kept: those seen last, in all sizes, up to a limit of memory."""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QImage, QPainter, QRegion

from itkgui.decoding.pdf import Piece

MOST_BYTES = 96 * 2**20  # some thirty pages as a pane shows them


class PagePictures:
    """Pieces by what they show; ``troubles`` are the sentences of pages that cannot be drawn."""

    def __init__(self) -> None:
        self._images: OrderedDict[Piece, QImage] = OrderedDict()
        self._bytes = 0
        self.troubles: dict[int, str] = {}

    def __contains__(self, piece: Piece) -> bool:
        return piece in self._images

    def clear(self) -> None:
        self._images.clear()
        self._bytes = 0
        self.troubles.clear()

    def add(self, piece: Piece, image: QImage) -> None:
        self._images[piece] = image
        self._bytes += image.sizeInBytes()
        while self._bytes > MOST_BYTES and len(self._images) > 1:
            _, oldest = self._images.popitem(last=False)
            self._bytes -= oldest.sizeInBytes()

    def paint(
        self, painter: QPainter, page: int, rect: QRect, full_size: tuple[int, int], seen: QRect
    ) -> None:
        """Paint what is seen of a page: in its size what there is, from pieces of another what is lacking."""
        kept = [piece for piece in self._images if piece.page == page]
        fitting = [piece for piece in kept if (piece.full_width, piece.full_height) == full_size]
        lacking = QRegion(seen)
        for piece in fitting:
            lacking -= QRegion(_place(piece, rect).toAlignedRect())
        others = [] if lacking.isEmpty() else [piece for piece in kept if piece not in fitting]
        for piece in (*others, *fitting):
            place = _place(piece, rect)
            if place.intersects(QRectF(seen)):
                painter.drawImage(place, self._images[piece])
                self._images.move_to_end(piece)


def _place(piece: Piece, rect: QRect) -> QRectF:
    across, down = rect.width() / piece.full_width, rect.height() / piece.full_height
    return QRectF(
        rect.left() + piece.left * across,
        rect.top() + piece.top * down,
        piece.width * across,
        piece.height * down,
    )
