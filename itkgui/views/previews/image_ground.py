"""The ground behind pictures that are transparent in parts."""

from __future__ import annotations

import functools

from PySide6.QtGui import QBrush, QColor, QImage, QPainter

_CHECKER = 8  # pixels


@functools.cache
def chequered() -> QBrush:
    """Return what is painted behind a picture that is transparent in parts."""
    tile = QImage(2 * _CHECKER, 2 * _CHECKER, QImage.Format.Format_RGB32)
    tile.fill(QColor("white"))
    painter = QPainter(tile)
    for corner in (0, _CHECKER):
        painter.fillRect(corner, corner, _CHECKER, _CHECKER, QColor("#e3e3e3"))
    painter.end()
    return QBrush(tile)
