"""One line of a plot, also for files that keep lines as lines."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPaintEngine, QPainter, QPainterPath


class Line(pg.PlotCurveItem):  # type: ignore[misc]
    """A curve with gaps where a number is missing."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"connect": "finite", **options})

    def paint(self, painter: QPainter, option: Any, widget: Any) -> None:
        """Draw the curve; into SVG in pixels, because Qt writes six digits, too few for a time in seconds."""
        engine = painter.paintEngine()
        if engine is None or engine.type() is not QPaintEngine.Type.SVG:
            super().paint(painter, option, widget)
            return
        to_pixels = painter.transform()
        path = to_pixels.map(self.getPath())
        painter.save()
        painter.resetTransform()
        if self.opts["fillLevel"] is not None and not path.isEmpty():
            floor = to_pixels.map(QPointF(0.0, self.opts["fillLevel"])).y()
            area = QPainterPath(path)
            area.lineTo(path.currentPosition().x(), floor)
            area.lineTo(path.elementAt(0).x, floor)
            painter.fillPath(area, self.opts["brush"])
        painter.setPen(self.opts["pen"])
        painter.drawPath(path)
        painter.restore()
