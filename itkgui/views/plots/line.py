"""One line of a plot, also for files that keep lines as lines."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from PySide6.QtGui import QPaintEngine, QPainter


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
        path = painter.transform().map(self.getPath())
        painter.save()
        painter.resetTransform()
        painter.setPen(self.opts["pen"])
        painter.drawPath(path)
        painter.restore()
