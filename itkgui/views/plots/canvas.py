"""The ground of every plot: axes in the theme's colours, a read-out by mouse and keys, zoom and pan."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from itkgui.item_models.plain_text import shown_text
from itkgui.item_models.record_table import Column
from itkgui.item_models.table_export import Extract
from itkgui.views.commands import is_key_of
from itkgui.views.plots.axes import AROUND, NumberAxis, span_of
from itkgui.views.plots.data import Array
from itkgui.views.plots.labels import show_label
from itkgui.views.plots.looks import LegendEntry
from itkgui.views.style import Style, text_font

# pyqtgraph would drop moves that come fast, the last one too; here they are joined, and the last one counts.
pg.setConfigOption("mouseRateLimit", -1)
_FRAME_MS = 16
_CLICK_PIXELS = 12.0
_MARGIN = 0.04
_LEAST_LINES = 7  # of text, that a plot is high
_MANY = 20_000
_AROUND_PIXELS = 40
_ZOOM = 1.25
_EMPTY: Array = np.empty(0)


class Canvas(QWidget):
    """One plot. Wheel zooms, drag pans, double click shows all; arrows move the read-out, Enter opens a run.

    A kind of plot fills `view` and says by `_set_targets` which points can be read; `read` carries the words
    of the point under the cursor, `record_chosen` the record of the one that was clicked.
    """

    record_chosen = Signal(object)
    read = Signal(str)

    def __init__(self, style: Style, name: str, bottom: pg.AxisItem | None = None) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        axes = {"bottom": bottom or NumberAxis("bottom"), "left": NumberAxis("left")}
        self.view = pg.PlotWidget(enableMenu=False, axisItems=axes)
        self.view.setAccessibleName(name)
        self.view.hideButtons()
        self.view.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.view.setFocusProxy(self)
        # A graphics view takes drops, for its items; files dropped here are for the page around it.
        self.view.setAcceptDrops(False)
        self.view.viewport().setAcceptDrops(False)
        self.view.getPlotItem().layout.setContentsMargins(*AROUND)
        self.box = self.view.getViewBox()
        self.box.disableAutoRange()
        self.box.sigRangeChanged.connect(self._on_range_changed)
        self.box.sigResized.connect(lambda: self._write_labels())
        self._marker = pg.ScatterPlotItem(size=11)
        self._marker.setZValue(100)
        self.view.addItem(self._marker, ignoreBounds=True)
        self._labels = {"bottom": "", "left": ""}
        self._x, self._y, self._lines = _EMPTY, _EMPTY, np.zeros(1, dtype=np.intp)
        self._ordered = False
        self._current = -1
        self._cursor: QPointF | None = None
        self._hover = QTimer(self)
        self._hover.setSingleShot(True)
        self._hover.setInterval(_FRAME_MS)
        self._hover.timeout.connect(self._on_hover)
        scene = self.view.scene()
        scene.sigMouseMoved.connect(self._on_mouse_moved)
        scene.sigMouseClicked.connect(self._on_clicked)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.addWidget(self.view)
        style.changed.connect(self.dress)

    def minimumSizeHint(self) -> QSize:
        """Ask for some lines of text, without insisting: a page short of some takes them from here."""
        return QSize(super().minimumSizeHint().width(), _LEAST_LINES * self.fontMetrics().lineSpacing())

    # For the kinds of plot ---------------------------------------------------------------------------------

    def describe(self, index: int) -> str:
        """Return what is read out of a target."""
        raise NotImplementedError

    def record_of(self, index: int) -> object:
        """Return the record behind a target; None if there is none."""
        raise NotImplementedError

    @property
    def entries(self) -> tuple[LegendEntry, ...]:
        """The legend; empty where none is needed."""
        raise NotImplementedError

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user must know of what is shown: what was left out, and why."""
        raise NotImplementedError

    @property
    def refusal(self) -> str:
        """Why nothing is drawn; empty if something is."""
        raise NotImplementedError

    def extract(self) -> Extract:
        """Return what is shown as rows, for files and the clipboard."""
        raise NotImplementedError

    def pick(self, members: Sequence[int]) -> None:
        """Show members of the legend apart from the others; none at all brings all back."""
        raise NotImplementedError

    def _set_targets(self, x: Array, y: Array, lines: Any = None, *, ordered: bool = False) -> None:
        """Say which points can be read, in drawn coordinates.

        ``lines`` holds where each line begins, and the end of the last; ``ordered`` if x rises in each.
        """
        self._x, self._y = x, y
        self._lines = np.array([0, len(x)]) if lines is None else lines
        self._ordered = ordered
        self._current = -1
        self._marker.setData([], [])

    def bounds(self) -> tuple[tuple[float, float], tuple[float, float]] | None:
        """Return the ranges of x and y that show everything; None if there is nothing."""
        x, y = span_of(self._x), span_of(self._y)
        return (padded(x), padded(y)) if x and y else None

    def _set_labels(self, bottom: str, left: str) -> None:
        self._labels = {"bottom": shown_text(bottom), "left": shown_text(left)}
        self._write_labels()

    def _on_range_changed(self) -> None:
        self.box.updateMatrix()  # pyqtgraph would do it amid the paint, and so cause a second one

    # What a user does --------------------------------------------------------------------------------------

    def show_all(self) -> None:
        """Bring everything into sight."""
        found = self.bounds()
        if found is not None:
            self.box.setRange(xRange=found[0], yRange=found[1], padding=0, disableAutoRange=True)

    def zoom(self, factor: float) -> None:
        """Show this many times less of each axis, around the middle."""
        self.box.scaleBy((1 / factor, 1 / factor))

    def read_out(self, index: int) -> None:
        """Mark a target, and say what it is."""
        self._current = index
        x, y = self._x[index], self._y[index]
        if np.isfinite(x) and np.isfinite(y):
            self._marker.setData([x], [y])
        self.read.emit(shown_text(self.describe(index)))

    @contextmanager
    def without_marker(self) -> Iterator[None]:
        """Hide the mark of the read-out for as long as a picture is made."""
        self._marker.hide()
        try:
            yield
        finally:
            self._marker.show()

    @property
    def current(self) -> int:
        """The target that is read out; -1 if there is none."""
        return self._current

    def nearest(self, scene_position: QPointF) -> tuple[int, float] | None:
        """Return the target nearest to a place in the scene, and how many pixels it is away."""
        at = self.box.mapSceneToView(scene_position)
        width, height = self.box.viewPixelSize()
        best: tuple[int, float] | None = None
        for start, stop in self._around(at.x(), _AROUND_PIXELS * width):
            dx, dy = (self._x[start:stop] - at.x()) / width, (self._y[start:stop] - at.y()) / height
            distance = dx * dx + dy * dy
            found = least(distance)
            if found is not None and (best is None or distance[found] < best[1]):
                best = start + found, float(distance[found])
        return None if best is None else (best[0], best[1] ** 0.5)

    def _around(self, x: float, reach: float) -> list[tuple[int, int]]:
        """Return the stretches of targets to look at: only those about x where they are many."""
        if len(self._x) <= _MANY or not self._ordered:
            return [(0, len(self._x))]
        found = []
        for start, stop in zip(self._lines[:-1], self._lines[1:], strict=True):
            low, high = np.searchsorted(self._x[start:stop], (x - reach, x + reach))
            # One more on each side, so that there is always one.
            found.append((max(int(start), int(start + low) - 1), min(int(stop), int(start + high) + 1)))
        return found

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._step(1 if key == Qt.Key.Key_Right else -1)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._step_line(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._step_to_end(last=key == Qt.Key.Key_End)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._current >= 0:
            self._choose(self._current)
        elif is_key_of(event, "plot-in"):
            self.zoom(_ZOOM)
        elif is_key_of(event, "plot-out"):
            self.zoom(1 / _ZOOM)
        elif is_key_of(event, "plot-all"):
            self.show_all()
        else:
            super().keyPressEvent(event)

    def _line_of(self, index: int) -> int:
        return int(np.searchsorted(self._lines, index, side="right")) - 1

    def _step(self, by: int) -> None:
        """Go to the next point of the same line that can be seen."""
        if self._current < 0:
            self._step_to_end(last=by < 0)
            return
        line = self._line_of(self._current)
        start, stop = int(self._lines[line]), int(self._lines[line + 1])
        ahead = self._y[self._current + 1 : stop] if by > 0 else self._y[start : self._current][::-1]
        good = np.flatnonzero(np.isfinite(ahead))
        if len(good):
            self.read_out(self._current + by * (1 + int(good[0])))

    def _step_line(self, by: int) -> None:
        """Go to the point of the next line that is at the same place of the x axis, or nearest to it."""
        if self._current < 0:
            self._step_to_end(last=False)
            return
        count = len(self._lines) - 1
        line = self._line_of(self._current)
        for step in range(1, count):
            other = (line + by * step) % count
            start, stop = int(self._lines[other]), int(self._lines[other + 1])
            distance = np.abs(self._x[start:stop] - self._x[self._current])
            found = least(np.where(np.isfinite(self._y[start:stop]), distance, np.nan))
            if found is not None:
                self.read_out(start + found)
                return

    def _step_to_end(self, *, last: bool) -> None:
        line = self._line_of(self._current) if self._current >= 0 else 0
        start, stop = int(self._lines[line]), int(self._lines[line + 1])
        good = np.flatnonzero(np.isfinite(self._y[start:stop]))
        if len(good):
            self.read_out(start + int(good[-1 if last else 0]))

    def _choose(self, index: int) -> None:
        self.read_out(index)
        record = self.record_of(index)
        if record is not None:
            self.record_chosen.emit(record)

    def _on_mouse_moved(self, position: QPointF) -> None:
        self._cursor = position
        if not self._hover.isActive():  # several moves in a frame are one
            self._hover.start()

    def _on_hover(self) -> None:
        if self._cursor is None or not self.box.sceneBoundingRect().contains(self._cursor):
            return
        found = self.nearest(self._cursor)
        if found is not None and found[0] != self._current:
            self.read_out(found[0])

    def _on_clicked(self, event: Any) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        found = self.nearest(event.scenePos())
        if event.double():
            self.show_all()
        elif found is not None and found[1] <= _CLICK_PIXELS:
            self._choose(found[0])

    # Look --------------------------------------------------------------------------------------------------

    def dress(self) -> None:
        """Take over the theme's colours and the program's text size."""
        theme = Style.theme
        self.view.setBackground(theme.surface)
        for side in ("left", "bottom"):
            axis = self.view.getAxis(side)
            axis.setPen(pg.mkPen(theme.border))
            axis.setTextPen(pg.mkPen(theme.quiet))
            axis.setStyle(tickFont=self._small_font(), maxTickLevel=1)
        self.view.showGrid(x=True, y=True, alpha=0.35)
        self._marker.setPen(pg.mkPen(theme.text, width=2))
        self._marker.setBrush(pg.mkBrush(theme.surface))
        self._write_labels()
        self.update()

    def _small_font(self) -> QFont:
        return text_font(0.85)

    def _write_labels(self) -> None:
        for side, text in self._labels.items():
            show_label(
                self.view.getAxis(side), text, self.box.width() if side == "bottom" else self.box.height()
            )

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.ApplicationFontChange, QEvent.Type.FontChange):
            self.dress()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(Style.theme.surface))
        if self.hasFocus():
            painter.setPen(QPen(QColor(Style.theme.accent)))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def focusInEvent(self, event: Any) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: Any) -> None:
        super().focusOutEvent(event)
        self.update()


def least(values: Array) -> int | None:
    """Return where the least number is; None if there is no number."""
    if not len(values):
        return None
    missing = np.isnan(values)
    if not missing.any():
        return int(values.argmin())
    return None if missing.all() else int(np.where(missing, np.inf, values).argmin())


def padded(span: tuple[float, float]) -> tuple[float, float]:
    """Return a range with some room at both ends."""
    room = _MARGIN * (span[1] - span[0])
    return span[0] - room, span[1] + room


def number_column(title: str, unit: str, values: Array) -> Column[int]:
    """Return a column of numbers whose records are places in an array; what is no number is unknown."""

    def value(place: int) -> float | None:
        number = float(values[place])
        return number if math.isfinite(number) else None

    return Column(title, lambda place: str(value(place)), export=value, unit=unit, as_given=True)
