"""A line over a picture, with its length beside it."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

_DARK, _LIGHT = QColor(0, 0, 0, 190), QColor("#ffd84d")  # dark around light: seen on any picture
_TICK = 6  # pixels, on each side of the line
_RING = 10  # pixels, its radius


def paint_ruler(
    painter: QPainter, line: QLineF, words: str, pane: QRectF, held_end: int | None = None
) -> None:
    """Paint a line and its length, in the coordinates of a pane, which the words do not leave.

    Around an end that is held by the keyboard, 0 or 1, there is a ring.
    """
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    lines = [line]
    if not line.isNull():
        across = line.normalVector().unitVector()
        tick = QPointF(across.dx(), across.dy()) * _TICK
        lines += [QLineF(end - tick, end + tick) for end in (line.p1(), line.p2())]
    for colour, width in ((_DARK, 4.0), (_LIGHT, 1.6)):
        painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLines(lines)
        if held_end is not None:
            painter.drawEllipse(line.p2() if held_end else line.p1(), _RING, _RING)
    metrics = painter.fontMetrics()
    label = QRectF(0, 0, metrics.horizontalAdvance(words) + 12, metrics.height() + 6)
    way = 1 if line.dy() >= 0 else -1  # beyond the end that is being drawn
    label.moveCenter(line.p2() + QPointF(0, way * (metrics.height() + _TICK)))
    label.moveLeft(min(max(label.left(), 2.0), max(2.0, pane.width() - label.width() - 2)))
    label.moveTop(min(max(label.top(), 2.0), max(2.0, pane.height() - label.height() - 2)))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_DARK)
    painter.drawRoundedRect(label, 4, 4)
    painter.setPen(_LIGHT)
    painter.drawText(label, Qt.AlignmentFlag.AlignCenter, words)
