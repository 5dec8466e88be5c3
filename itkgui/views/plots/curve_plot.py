"""Curves over each other: one run or hundreds, told apart by colour and dash."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QTimer
from PySide6.QtGui import QColor, QPen

from itkgui.item_models.moments import local_text
from itkgui.item_models.record_table import Column
from itkgui.item_models.table_export import Extract
from itkgui.language import N_, _
from itkgui.views.plots.axes import FIRST_MOMENT, LAST_MOMENT, DateAxis, NumberAxis, moment_at, span_of
from itkgui.views.plots.canvas import Canvas, least, number_column
from itkgui.views.plots.curves import Axes, Curve, Drawing
from itkgui.views.plots.data import LARGEST, Array
from itkgui.views.plots.labels import axis_label
from itkgui.views.plots.line import Line
from itkgui.views.plots.looks import LegendEntry, Look, Looks, looks_of
from itkgui.views.plots.numbers import value_text
from itkgui.views.plots.palette import colour, dashed
from itkgui.views.plots.thinning import thinned
from itkgui.views.style import Style

_SYMBOLS_UP_TO = 2_000
_WIDE_UP_TO = 12
# Up to so many points are drawn once and for all; of more, about _BUDGET are drawn anew for every range.
_WHOLE_UP_TO = 150_000
_BUDGET = 80_000
_LEAST_PIECES = 64
_FAINT = 70  # of 255, for what is not picked out
_FLAT = 0.1  # of the height, that curves need to be seen beside pinned ones

_FAR_PINS = N_("Pinned runs are of another size: hide them by the button with the pin, or try “log y”.")
_GROUPED = N_("Curves are grouped: those of one colour and dash share a line of the legend.")
_NO_ERRORS = N_("Error bars are left out of so many points; the read-out tells them.")
_REPEAT = N_("Colours or dashes repeat: choose a line of the legend to see its curves apart.")


class CurvePlot(Canvas):
    """Draws a Drawing. Curves of one look are one item with gaps in it: 200 curves cost as much as one."""

    def __init__(self, style: Style) -> None:
        super().__init__(style, _("Curves"))
        self.drawing: Drawing | None = None
        self._looks = Looks((), (), repeat=False)
        self._ordered_curves: list[bool] = []
        self._items: dict[Look, Line] = {}
        self._picked: tuple[int, ...] = ()
        self._picked_items: dict[Look, Line] = {}
        self._errors = Line()
        self._errors.setZValue(-1)
        self.view.addItem(self._errors, ignoreBounds=True)
        self._symbols = pg.ScatterPlotItem(pen=None)
        self.view.addItem(self._symbols, ignoreBounds=True)
        self._redraw = QTimer(self)
        self._redraw.setSingleShot(True)
        self._redraw.setInterval(0)
        self._redraw.timeout.connect(self._draw)
        self.dress()

    @property
    def curves(self) -> tuple[Curve, ...]:
        return self.drawing.curves if self.drawing is not None else ()

    def show_drawing(self, drawing: Drawing, *, keep_range: bool = False) -> None:
        """Draw other curves, all of them in sight unless the range is to stay."""
        self.drawing = drawing
        self._picked = ()
        self._looks = looks_of([curve.measurement for curve in drawing.curves])
        x, y = [c.drawn_x for c in drawing.curves], [c.drawn_y for c in drawing.curves]
        self._ordered_curves = [bool(np.all(v[1:] >= v[:-1])) for v in x]  # false where there is a NaN
        lines = np.concatenate([[0], np.cumsum([len(v) for v in x], dtype=np.intp)])
        self._set_targets(_joined(x), _joined(y), lines, ordered=all(self._ordered_curves))
        self._set_axis(is_time=drawing.x_is_time and not drawing.axes.log_x)
        self._set_labels(
            axis_label(drawing.x_name, drawing.x_unit), axis_label(drawing.y_name, drawing.y_unit)
        )
        for side, logarithmic in (("bottom", drawing.axes.log_x), ("left", drawing.axes.log_y)):
            self.view.getAxis(side).setLogMode(x=logarithmic, y=logarithmic)
        for item in (*self._items.values(), *self._picked_items.values()):
            self.view.removeItem(item)
        self._items, self._picked_items = {}, {}
        for place, look in enumerate(dict.fromkeys(self._looks.of_curves)):
            self._items[look] = Line()
            self._items[look].setZValue(-place / 1000)  # the first on top, pinned ones at the bottom
            self.view.addItem(self._items[look], ignoreBounds=True)
        if not keep_range:
            self.show_all()
        self._redraw.stop()  # of the range that was just set
        self._draw()
        self._draw_symbols()
        self._draw_errors()
        self._paint()

    def _set_axis(self, *, is_time: bool) -> None:
        """Have dates along x, or numbers."""
        if isinstance(self.view.getAxis("bottom"), DateAxis) is is_time:
            return
        axis = DateAxis("bottom") if is_time else NumberAxis("bottom")
        self.view.setAxisItems({"bottom": axis})
        ends = (FIRST_MOMENT, LAST_MOMENT) if is_time else (-LARGEST, LARGEST)
        self.box.setLimits(xMin=ends[0], xMax=ends[1])
        axis.linkedViewChanged(self.box)  # it would only hear of a change, and the range may stay
        super().dress()

    # Read-out ----------------------------------------------------------------------------------------------

    def describe(self, index: int) -> str:
        drawing = self.drawing
        if drawing is None:
            return ""
        line = self._line_of(index)
        curve, place = drawing.curves[line], index - int(self._lines[line])
        x, y = float(curve.x[place]), float(curve.y[place])
        at = local_text(moment_at(x)) if drawing.x_is_time else value_text(x, drawing.x_unit)
        words = f"{drawing.x_name} {at}, {drawing.y_name} {value_text(y, drawing.y_unit)}"
        if curve.error is not None:
            words += f" ± {value_text(float(curve.error[place]), drawing.y_unit, 2)}"
        return f"{curve.label}:  {words}" if curve.label else words

    def record_of(self, index: int) -> object:
        return self.curves[self._line_of(index)].measurement.record

    def read_out(self, index: int) -> None:
        super().read_out(index)
        if len(self.curves) > 1 and not self._picked:
            self._show_picked((self._line_of(index),), faint=False)

    def nearest(self, scene_position: QPointF) -> tuple[int, float] | None:
        """Return the nearer end of the nearest stretch of line, so that a steep one is met between points."""
        point = super().nearest(scene_position)
        if not 2 <= len(self._x) <= _WHOLE_UP_TO:
            return point
        at = self.box.mapSceneToView(scene_position)
        width, height = self.box.viewPixelSize()
        x, y = (self._x - at.x()) / width, (self._y - at.y()) / height
        along_x, along_y = np.diff(x), np.diff(y)
        length = along_x**2 + along_y**2
        length[self._lines[1:-1] - 1] = np.nan  # from the end of a line to the begin of the next
        share = np.clip(-(x[:-1] * along_x + y[:-1] * along_y) / np.where(length > 0, length, np.nan), 0, 1)
        distance = (x[:-1] + share * along_x) ** 2 + (y[:-1] + share * along_y) ** 2
        found = least(distance)
        if found is None or (point is not None and distance[found] >= point[1] ** 2):
            return point
        return found + int(share[found] > 0.5), float(distance[found]) ** 0.5

    # Picking out -------------------------------------------------------------------------------------------

    def pick(self, members: Sequence[int]) -> None:
        """Draw some curves apart and the others faint; none at all brings all of them back."""
        self._picked = tuple(members)
        self._show_picked(self._picked, faint=True)
        self._paint()

    def _show_picked(self, members: Sequence[int], *, faint: bool) -> None:
        for item in self._picked_items.values():
            self.view.removeItem(item)
        self._picked_items = {}
        for look in dict.fromkeys(self._looks.of_curves[member] for member in members):
            wanted = [member for member in members if self._looks.of_curves[member] == look]
            item = Line()
            item.setZValue(50)
            item.setData(*self._points(wanted))
            # Wide lines are slow: only a few are drawn wide.
            item.setPen(self._pen(look, 2.5 if len(members) <= _WIDE_UP_TO else 1.0))
            self.view.addItem(item, ignoreBounds=True)
            self._picked_items[look] = item
        if faint:
            self._symbols.setOpacity(0.25 if members else 1.0)

    # Drawing -----------------------------------------------------------------------------------------------

    @property
    def entries(self) -> tuple[LegendEntry, ...]:
        """The legend, what is pinned first."""
        found = self._looks.entries if len(self.curves) > 1 else ()
        return tuple(sorted(found, key=lambda entry: not entry.is_pinned))

    @property
    def refusal(self) -> str:
        return self.drawing.refusal if self.drawing is not None else ""

    @property
    def notes(self) -> tuple[str, ...]:
        found = self.drawing.notes if self.drawing is not None else ()
        said = (
            (_GROUPED, self._looks.grouped),
            (_REPEAT, self._looks.repeat),
            (_NO_ERRORS, len(self._x) > _SYMBOLS_UP_TO and any(c.error is not None for c in self.curves)),
            (_FAR_PINS, self._has_far_pins),
        )
        return (*found, *(_(sentence) for sentence, is_so in said if is_so))

    @property
    def _has_far_pins(self) -> bool:
        """Whether pinned curves press the others flat."""
        spans = []
        for is_pinned in (False, True):
            values = [c.drawn_y for c in self.curves if c.measurement.is_pinned is is_pinned]
            spans.append(span_of(_joined(values)))
        own, pinned = spans
        if own is None or pinned is None:
            return False
        whole = max(own[1], pinned[1]) - min(own[0], pinned[0])
        return own[1] - own[0] < _FLAT * whole

    def extract(self) -> Extract:
        """Return the values of all curves as they are read, in the units of the axes."""
        drawing = self.drawing or Drawing(Axes(""))
        columns = (
            Column[int](N_("Curve"), lambda place: self.curves[self._line_of(place)].label),
            number_column(drawing.x_name, drawing.x_unit, _joined([c.x for c in drawing.curves])),
            number_column(drawing.y_name, drawing.y_unit, _joined([c.y for c in drawing.curves])),
        )
        return Extract(columns, range(len(self._x)))

    def _on_range_changed(self) -> None:
        super()._on_range_changed()
        if len(self._x) > _WHOLE_UP_TO:
            self._redraw.start()

    def _draw(self) -> None:
        for look, item in self._items.items():
            item.setData(*self._points([n for n, own in enumerate(self._looks.of_curves) if own == look]))
        for look, item in self._picked_items.items():
            item.setData(*self._points([n for n in self._picked if self._looks.of_curves[n] == look]))

    def _points(self, members: Sequence[int]) -> tuple[Array, Array]:
        """Return what is to be drawn of some curves, with a gap after each."""
        left, right = self.box.viewRange()[0]
        pieces = max(
            _LEAST_PIECES, min(2 * max(self.box.width(), 400), _BUDGET / 2 / max(1, len(self.curves)))
        )
        gap = np.array([np.nan])
        x: list[Array] = []
        y: list[Array] = []
        for member in members:
            curve = self.curves[member]
            ordered = self._ordered_curves[member]
            chosen = thinned(curve.drawn_x, curve.drawn_y, left, right, pieces, ordered=ordered)
            x += (curve.drawn_x[chosen], gap)
            y += (curve.drawn_y[chosen], gap)
        return _joined(x), _joined(y)

    def _draw_errors(self) -> None:
        """Draw bars of one standard deviation; only the upper half where the lower has no logarithm."""
        known = [c for c in self.curves if c.error is not None]
        if len(self._x) > _SYMBOLS_UP_TO or not known or self.drawing is None:
            self._errors.setData([], [])
            return
        x = np.concatenate([c.drawn_x for c in known])
        y, error = np.concatenate([c.y for c in known]), np.concatenate([c.error for c in known])
        drawn_y = np.concatenate([c.drawn_y for c in known])
        low, high = y - error, y + error
        if self.drawing.axes.log_y:
            low = np.where(low > 0, np.log10(low, where=low > 0, out=drawn_y.copy()), drawn_y)
            high = np.log10(high, where=high > 0, out=drawn_y.copy())
        gap = np.full_like(x, np.nan)
        low, high = np.where(np.isfinite(drawn_y), low, np.nan), np.where(np.isfinite(drawn_y), high, np.nan)
        self._errors.setData(np.column_stack([x, x, gap]).ravel(), np.column_stack([low, high, gap]).ravel())
        self._errors.setPen(pg.mkPen(Style.theme.quiet, width=1))

    def _draw_symbols(self) -> None:
        if len(self._x) > _SYMBOLS_UP_TO:
            self._symbols.setData([], [])
            return
        theme = Style.theme
        brushes = [
            pg.mkBrush(colour(theme, look[0]))
            for look, curve in zip(self._looks.of_curves, self.curves, strict=True)
            for _ in range(len(curve.x))
        ]
        good = np.isfinite(self._x) & np.isfinite(self._y)
        shown = [brush for brush, is_good in zip(brushes, good, strict=True) if is_good]
        size = 6 if len(self.curves) < 4 else 4
        self._symbols.setData(x=self._x[good], y=self._y[good], brush=shown, size=size)

    def _paint(self) -> None:
        for look, item in self._items.items():
            item.setPen(self._pen(look, 1.0, _FAINT if self._picked else 255))

    def _pen(self, look: Look, width: float, alpha: int = 255) -> QPen:
        tone = QColor(colour(Style.theme, look[0]))
        tone.setAlpha(alpha)
        pen: QPen = pg.mkPen(tone, width=width)
        return dashed(pen, look[1])

    def dress(self) -> None:
        super().dress()
        if self.drawing is not None:
            self._paint()
            self._draw_symbols()
            self._draw_errors()
            for look, item in self._picked_items.items():
                item.setPen(self._pen(look, 2.5))


def _joined(parts: Sequence[Array]) -> Array:
    if len(parts) == 1:
        return parts[0]  # a copy of a million points takes its time
    return np.concatenate(parts) if parts else np.empty(0)
