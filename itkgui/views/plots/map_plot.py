"""2-D arrays and points on an area as colours, with a bar that says which colour is which value."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetrics

from itkgui.item_models.plain_text import shown_text
from itkgui.item_models.record_table import Column
from itkgui.item_models.table_export import Extract
from itkgui.language import N_, _, ngettext
from itkgui.records.bin_edges import round_step
from itkgui.views.plots.axes import span_of
from itkgui.views.plots.canvas import Canvas, number_column
from itkgui.views.plots.data import LARGEST, Array, Grid, Map, Measurement, Spots
from itkgui.views.plots.labels import axis_label, show_label
from itkgui.views.plots.looks import LegendEntry
from itkgui.views.plots.numbers import tick_texts, value_text
from itkgui.views.plots.units import MixedUnits, common_unit
from itkgui.views.style import Style

MOST_MAPS = 6
_COLOURS = "cividis"  # even steps of lightness, made for colour blindness
_BETWEEN = 0.12  # of a map, between two
_SPOT_PIXELS = 9
_NO_TICK = 0.1  # of a map, at its ends
_TICKS, _MOST_TICKS = 4.5, 3  # of one of several maps


@dataclass(frozen=True, eq=False)
class _Tile:
    """One map: its places and values in the unit of the scale, shape (n,), and where it is drawn."""

    measurement: Measurement
    shown: Map
    x: Array
    y: Array
    values: Array
    place: QRectF  # of itself, by its own coordinates
    move_x: float = 0.0
    move_y: float = 0.0


class MapPlot(Canvas):
    """Draws maps: row 0 on top where rows are counted, upwards where they have places.

    Several stand beside each other on one scale of colours, each moved to a place of its own, under its name.
    """

    def __init__(self, style: Style) -> None:
        super().__init__(style, _("Map"))
        self._tiles: tuple[_Tile, ...] = ()
        self._unit = ""
        self._left_out = 0
        self._refusal = ""
        self._is_upright = True  # y grows upwards
        self._items: list[pg.ImageItem | pg.ScatterPlotItem] = []
        self._titles: list[pg.TextItem] = []
        self._colours = pg.colormap.get(_COLOURS)
        self._bar = pg.ColorBarItem(interactive=False, colorMap=self._colours, width=14)
        self._bar.getAxis("right").enableAutoSIPrefix(False)  # "(x0.001)" beside a unit misleads
        self._bar.setImageItem([], insert_in=self.view.getPlotItem())
        self.dress()

    def show_maps(self, maps: Sequence[tuple[Measurement, Map]], *, transposed: bool = False) -> None:
        """Draw other maps of one quantity, all of them in sight; what is missing in them is left blank."""
        shown = [(m, one.transposed if transposed else one) for m, one in maps[:MOST_MAPS]]
        self._left_out = len(maps) - len(shown)
        self._refusal = ""
        try:
            self._unit, factors = common_unit(maps[0][1].name, [one.unit for _, one in shown])
        except MixedUnits as mixed:
            self._refusal, shown, factors = str(mixed), [], {}
        first = next((one for _, one in shown), None)
        self._is_upright = not isinstance(first, Grid) or first.rows is not None
        self._tiles = self._arranged([_tile(m, one, factors[one.unit]) for m, one in shown])
        span = span_of(np.concatenate([tile.values for tile in self._tiles])) if self._tiles else None
        if span is None and not self._refusal:
            self._refusal = ngettext(
                "There is no usable number in this array.",
                "There is no usable number in these arrays.",
                max(1, len(shown)),
            )
        self._draw(span or (0.0, 1.0))
        self.box.invertY(not self._is_upright)
        self._set_places()
        if isinstance(first, Grid):
            bottom = axis_label(first.column_name, first.column_unit)
            self._set_labels(bottom, axis_label(first.row_name, first.row_unit))
        elif first is not None:
            self._set_labels(axis_label(first.x.name, first.x.unit), axis_label(first.y.name, first.y.unit))
        self.show_all()
        self._place_titles()

    def _arranged(self, tiles: Sequence[_Tile]) -> tuple[_Tile, ...]:
        """Move maps beside each other, in rows that suit the room."""
        if len(tiles) < 2:
            return tuple(tiles)
        width = max(tile.place.width() for tile in tiles) * (1 + _BETWEEN)
        height = max(tile.place.height() for tile in tiles) * (1 + 2 * _BETWEEN)  # and a name
        across = _across(len(tiles))
        found = []
        for number, tile in enumerate(tiles):
            row, column = divmod(number, across)
            down = -row if self._is_upright else row
            move = column * width - tile.place.center().x(), down * height - tile.place.center().y()
            found.append(_Tile(tile.measurement, tile.shown, tile.x, tile.y, tile.values, tile.place, *move))
        return tuple(found)

    def _draw(self, span: tuple[float, float]) -> None:
        for item in (*self._items, *self._titles):
            self.view.removeItem(item)
        self._items = [self._item(tile, span) for tile in self._tiles]
        self._titles = [pg.TextItem(anchor=(0.5, 1.0)) for _ in self._tiles] if len(self._tiles) > 1 else []
        for item in self._items:
            item.setZValue(-10)
        for item in (*self._items, *self._titles):
            self.view.addItem(item, ignoreBounds=True)
        self._dress_titles()
        self._bar.setLevels(span)
        self._bar.setVisible(not self._refusal)

    def _item(self, tile: _Tile, span: tuple[float, float]) -> pg.ImageItem | pg.ScatterPlotItem:
        if isinstance(tile.shown, Grid):
            image = pg.ImageItem(axisOrder="row-major", colorMap=self._colours)
            if np.isfinite(tile.values).any():
                image.setImage(tile.values.reshape(tile.shown.values.shape), levels=span)
                image.setRect(tile.place.translated(tile.move_x, tile.move_y))
            return image
        good = np.isfinite(tile.values) & np.isfinite(tile.x) & np.isfinite(tile.y)
        shares = (tile.values[good] - span[0]) / (span[1] - span[0])
        brushes = [pg.mkBrush(tone) for tone in self._colours.map(shares, mode="qcolor")]
        x, y = tile.x[good] + tile.move_x, tile.y[good] + tile.move_y
        return pg.ScatterPlotItem(x=x, y=y, brush=brushes, pen=None, size=_SPOT_PIXELS)

    def _set_places(self) -> None:
        x = [tile.x + tile.move_x for tile in self._tiles] or [np.empty(0)]
        y = [tile.y + tile.move_y for tile in self._tiles] or [np.empty(0)]
        starts: list[int] = []
        place = 0
        for tile in self._tiles:
            size = tile.shown.values.shape[-1]  # a row of a grid
            starts += range(place, place + len(tile.x), max(1, size))
            place += len(tile.x)
        self._set_targets(np.concatenate(x), np.concatenate(y), np.array([*starts, place], dtype=np.intp))
        ticks: dict[str, list[tuple[float, str]]] = {"bottom": [], "left": []}
        if len(self._tiles) > 1:
            across = _across(len(self._tiles))
            for tile in self._tiles[:across]:
                ticks["bottom"] += _ticks(tile.place.left(), tile.place.right(), tile.move_x)
            for tile in self._tiles[::across]:
                ticks["left"] += _ticks(tile.place.top(), tile.place.bottom(), tile.move_y)
        for side, found in ticks.items():
            self.view.getAxis(side).setTicks([found] if found else None)

    def set_equal_aspect(self, on: bool) -> None:
        """Show a step along x as long as one along y, or fill the room."""
        self.box.setAspectLocked(on)
        self.show_all()

    @property
    def refusal(self) -> str:
        return self._refusal

    @property
    def notes(self) -> tuple[str, ...]:
        notes = []
        if self._left_out:
            total = self._left_out + len(self._tiles)
            notes.append(
                _("{count} of {total} maps are shown: choose a run to see its own.").format(
                    count=len(self._tiles), total=total
                )
            )
        total = sum(len(tile.values) for tile in self._tiles)
        if missing := sum(int(np.count_nonzero(np.isnan(tile.values))) for tile in self._tiles):
            notes.append(
                _("{count:,} of {total:,} places without a value.").format(count=missing, total=total)
            )
        return tuple(notes)

    @property
    def entries(self) -> tuple[LegendEntry, ...]:
        return ()

    def pick(self, members: Sequence[int]) -> None:
        """Do nothing: a map has no legend."""

    def bounds(self) -> tuple[tuple[float, float], tuple[float, float]] | None:
        whole = QRectF()
        for tile in self._tiles:
            whole = whole.united(tile.place.translated(tile.move_x, tile.move_y))
        if whole.isEmpty():
            return None
        top, bottom = whole.top(), whole.bottom()
        if self._titles:  # room for their names
            most = max(tile.place.height() for tile in self._tiles) * 1.6 * _BETWEEN
            top, bottom = (top, bottom + most) if self._is_upright else (top - most, bottom)
        return (whole.left(), whole.right()), (top, bottom)

    def describe(self, index: int) -> str:
        tile, place = self._tile_of(index)
        at_x, at_y = float(tile.x[place]), float(tile.y[place])
        if isinstance(tile.shown, Grid):
            grid = tile.shown
            names = (grid.column_name, grid.column_unit), (grid.row_name, grid.row_unit)
        else:
            names = (tile.shown.x.name, tile.shown.x.unit), (tile.shown.y.name, tile.shown.y.unit)
        where = ", ".join(
            f"{name} {value_text(at, unit)}" for (name, unit), at in zip(names, (at_x, at_y), strict=True)
        )
        words = f"{where}:  {tile.shown.name} {value_text(float(tile.values[place]), self._unit)}"
        return f"{tile.measurement.label}:  {words}" if len(self._tiles) > 1 else words

    def record_of(self, index: int) -> object:
        return self._tile_of(index)[0].measurement.record

    def _tile_of(self, index: int) -> tuple[_Tile, int]:
        for tile in self._tiles:
            if index < len(tile.x):
                return tile, index
            index -= len(tile.x)
        raise IndexError(index)

    def extract(self) -> Extract:
        """Return one row for each place of each map."""
        if not self._tiles:
            return Extract((), ())
        x, y, values = (
            np.concatenate([getattr(tile, name) for tile in self._tiles]) for name in ("x", "y", "values")
        )
        one = self._tiles[0].shown
        if isinstance(one, Spots):
            names = (one.x.name, one.x.unit), (one.y.name, one.y.unit)
        else:
            names = (one.column_name, one.column_unit), (one.row_name, one.row_unit)
        columns = [
            number_column(*names[0], x),
            number_column(*names[1], y),
            number_column(one.name, self._unit, values),
        ]
        if len(self._tiles) > 1:
            columns.insert(0, Column(N_("Run"), lambda place: self._tile_of(place)[0].measurement.label))
        return Extract(columns, range(len(values)))

    # Look --------------------------------------------------------------------------------------------------

    def _on_range_changed(self) -> None:
        super()._on_range_changed()
        self._place_titles()

    def _place_titles(self) -> None:
        """Write each map's name above it, as much of it as its width has room for."""
        if not self._titles:
            return
        pixel = self.box.viewPixelSize()[0]
        metrics = QFontMetrics(self._small_font())
        for tile, title in zip(self._tiles, self._titles, strict=True):
            place = tile.place.translated(tile.move_x, tile.move_y)
            room = place.width() / pixel
            name = shown_text(tile.measurement.label)
            title.setText(metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, max(0, int(room))))
            title.setPos(place.center().x(), place.bottom() if self._is_upright else place.top())

    def _write_labels(self) -> None:
        super()._write_labels()
        text = axis_label(self._tiles[0].shown.name, self._unit) if self._tiles else ""
        axis, digits = self._bar.getAxis("right"), QFontMetrics(self._small_font())
        show_label(axis, shown_text(text), self.box.height())
        lines = 1.4 + axis.labelText.count("<br>")
        axis.setWidth(digits.horizontalAdvance("-0.0000") + round(lines * digits.height()))
        self._place_titles()

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
        self._dress_titles()

    def _dress_titles(self) -> None:
        for title in self._titles:
            title.setColor(Style.theme.text)
            title.setFont(self._small_font())


def _tile(measurement: Measurement, shown: Map, factor: float) -> _Tile:
    if isinstance(shown, Grid):
        row_count, column_count = shown.values.shape
        columns, rows = _places(shown.columns, column_count), _places(shown.rows, row_count)
        x, y = np.meshgrid(columns, rows)
        (left, right), (first, last) = _edges(columns), _edges(rows)
    else:
        x, y = shown.x.values, shown.y.values
        (left, right), (first, last) = _around(x), _around(y)
    values = np.where(np.abs(shown.values) < LARGEST, shown.values, np.nan)  # false for NaN too
    place = QRectF(left, first, right - left, last - first)
    return _Tile(measurement, shown, x.ravel(), y.ravel(), values.ravel() * factor, place)


def _across(count: int) -> int:
    """Return how many of so many maps stand in a row."""
    return math.ceil(math.sqrt(count))


def _places(given: Array | None, count: int) -> Array:
    return np.arange(count, dtype=np.float64) if given is None else given


def _edges(places: Array) -> tuple[float, float]:
    """Return where the first cell begins and the last ends."""
    half = float(places[1] - places[0]) / 2 if len(places) > 1 else 0.5
    return float(places[0]) - half, float(places[-1]) + half


def _around(places: Array) -> tuple[float, float]:
    """Return the range of places with some room for the spots at its ends."""
    low, high = span_of(places[np.abs(places) < LARGEST]) or (0.0, 1.0)
    room = 0.04 * (high - low)
    return low - room, high + room


def _ticks(low: float, high: float, move: float) -> list[tuple[float, str]]:
    """Return the places and words of a few round ticks of a moved map."""
    step = round_step((high - low) / _TICKS)
    room = _NO_TICK * (high - low)  # or those of two maps would be written over each other
    low, high = low + room, high - room
    values = [n * step for n in range(math.ceil(low / step), math.floor(high / step) + 1)]
    values = values[:: 1 if len(values) <= _MOST_TICKS else 2]
    return [(at + move, text) for at, text in zip(values, tick_texts(values, step), strict=True)]
