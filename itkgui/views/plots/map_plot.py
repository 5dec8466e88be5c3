"""A 2-D array as colours, with a bar that says which colour is which value."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QFontMetrics

from itkgui.item_models.plain_text import shown_text
from itkgui.item_models.table_export import Extract
from itkgui.views.plots.axes import span_of
from itkgui.views.plots.canvas import Canvas, axis_label, fitted_label, label_look, number_column
from itkgui.views.plots.data import LARGEST, Array, Grid
from itkgui.views.plots.looks import LegendEntry
from itkgui.views.plots.numbers import value_text
from itkgui.views.style import Style

_COLOURS = "cividis"  # even steps of lightness, made for colour blindness


class MapPlot(Canvas):
    """Draws a Grid: row 0 on top where rows are counted, upwards where they have places."""

    def __init__(self, style: Style) -> None:
        super().__init__(style, "Map")
        self._grid: Grid | None = None
        self._label = ""
        self._record: object = None
        self._columns = self._rows = np.zeros(1)
        self._image = pg.ImageItem(axisOrder="row-major")
        self._image.setZValue(-10)
        self.view.addItem(self._image, ignoreBounds=True)
        self._bar = pg.ColorBarItem(interactive=False, colorMap=pg.colormap.get(_COLOURS), width=14)
        self._bar.getAxis("right").enableAutoSIPrefix(False)  # "(x0.001)" beside a unit misleads
        self._bar.setImageItem(self._image, insert_in=self.view.getPlotItem())
        self._refusal = ""
        self.dress()

    def show_grid(
        self, grid: Grid, label: str = "", record: object = None, *, transposed: bool = False
    ) -> None:
        """Draw another array, all of it in sight; what is missing in it is left blank."""
        if transposed:
            grid = Grid(
                grid.name,
                grid.unit,
                grid.values.T,
                grid.code,
                grid.column_name,
                grid.column_unit,
                grid.row_name,
                grid.row_unit,
                grid.rows,
                grid.columns,
            )
        self._grid, self._label, self._record = grid, label, record
        row_count, column_count = grid.values.shape
        self._columns, self._rows = _places(grid.columns, column_count), _places(grid.rows, row_count)
        values = np.where(np.abs(grid.values) < LARGEST, grid.values, np.nan)  # false for NaN too
        span = span_of(values)
        self._refusal = "" if span else "There is no usable number in this array."
        self._image.setVisible(span is not None)
        if span is not None:
            self._image.setImage(values, levels=span)
            self._bar.setLevels(span)
            (left, right), (first, last) = _edges(self._columns), _edges(self._rows)
            self._image.setRect(left, first, right - left, last - first)
        self.box.invertY(grid.rows is None)
        x, y = np.meshgrid(self._columns, self._rows)
        self._set_targets(x.ravel(), y.ravel(), np.arange(row_count + 1) * column_count)
        self._set_labels(
            axis_label(grid.column_name, grid.column_unit), axis_label(grid.row_name, grid.row_unit)
        )
        self.show_all()

    def set_equal_aspect(self, on: bool) -> None:
        """Show a step along x as long as one along y, or fill the room."""
        self.box.setAspectLocked(on)
        self.show_all()

    @property
    def refusal(self) -> str:
        return self._refusal

    @property
    def notes(self) -> tuple[str, ...]:
        if self._grid is None:
            return ()
        missing = int(np.count_nonzero(~(np.abs(self._grid.values) < LARGEST)))
        return (f"{missing:,} of {self._grid.values.size:,} places without a value.",) if missing else ()

    @property
    def entries(self) -> tuple[LegendEntry, ...]:
        return ()

    def pick(self, members: Sequence[int]) -> None:
        """Do nothing: a map has no legend."""

    def bounds(self) -> tuple[tuple[float, float], tuple[float, float]] | None:
        return (_edges(self._columns), _edges(self._rows)) if self._grid is not None else None

    def describe(self, index: int) -> str:
        if self._grid is None:
            return ""
        grid = self._grid
        row, column = divmod(index, grid.values.shape[1])
        return (
            f"{grid.column_name} {value_text(float(self._columns[column]), grid.column_unit)}, "
            f"{grid.row_name} {value_text(float(self._rows[row]), grid.row_unit)}:  "
            f"{grid.name} {value_text(float(grid.values[row, column]), grid.unit)}"
        )

    def record_of(self, index: int) -> object:  # noqa: ARG002
        return self._record

    def extract(self) -> Extract:
        """Return one row for each place of the array."""
        grid = self._grid
        if grid is None:
            return Extract((), ())
        columns = (
            number_column(grid.column_name, grid.column_unit, self._x),
            number_column(grid.row_name, grid.row_unit, self._y),
            number_column(grid.name, grid.unit, grid.values.ravel()),
        )
        return Extract(columns, range(grid.values.size))

    def _write_labels(self) -> None:
        super()._write_labels()
        text = axis_label(self._grid.name, self._grid.unit) if self._grid is not None else ""
        short = fitted_label(shown_text(text), self.box.height())
        self._bar.getAxis("right").setLabel(short, **label_look())

    def dress(self) -> None:
        super().dress()
        theme = Style.theme
        # A grid would cover the colours.
        self.view.showGrid(x=False, y=False)
        for side in ("left", "right", "top", "bottom"):
            axis = self._bar.getAxis(side)
            axis.setPen(pg.mkPen(theme.border))
            axis.setTextPen(pg.mkPen(theme.quiet))
            axis.setStyle(tickFont=self._small_font())
        digits = QFontMetrics(self._small_font())
        self._bar.getAxis("right").setWidth(
            digits.horizontalAdvance("-0.0000") + round(1.4 * digits.height())
        )


def _places(given: Array | None, count: int) -> Array:
    return np.arange(count, dtype=np.float64) if given is None else given


def _edges(places: Array) -> tuple[float, float]:
    """Return where the first cell begins and the last ends."""
    half = float(places[1] - places[0]) / 2 if len(places) > 1 else 0.5
    return float(places[0]) - half, float(places[-1]) + half
