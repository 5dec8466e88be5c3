"""Histograms and maps on the screen."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from itkgui.records.limits import Limits
from itkgui.views.plots.data import Grid, Measurement
from itkgui.views.plots.grids import maps_of
from itkgui.views.plots.histogram_plot import HistogramPlot
from itkgui.views.plots.map_plot import MapPlot
from itkgui.views.plots.plot_bar import Kind
from itkgui.views.plots.plot_pane import PlotPane
from tests.gui.plots.plotting import LEFT, column, pixel_of


def test_pulls_are_a_histogram_with_limits(pane: PlotPane) -> None:
    pulls = column("Pull strength", [4, 9, 9.5, 10, 10.5, 11], "g", limits=Limits(5.0))
    pane.show_data([Measurement("", (pulls,))])
    assert isinstance(pane.canvas, HistogramPlot)
    assert "outside limits 1" in pane.notes.text()
    pane.canvas.setFocus()
    QTest.keyClick(pane.canvas, Qt.Key.Key_Right)
    assert pane.readout.text().startswith("4 to ")


def test_several_histograms_share_their_bins(pane: PlotPane) -> None:
    pane.show_data([Measurement(f"run {n}", (column("pull", [9.0 + n, 10, 11]),)) for n in range(3)])
    assert isinstance(pane.canvas, HistogramPlot)
    assert len(pane.canvas._items) == 3
    assert pane.legend.count() == 3
    assert pane.canvas._y.sum() == 9


def test_map_reads_out_turns_and_keeps_its_shape(pane: PlotPane) -> None:
    values = np.array([[1.0, 2.0, 3.0], [4.0, math.nan, 6.0]])
    pane.show_data([Measurement("m", grids=(Grid("Height", "µm", values, row_name="y", column_name="x"),))])
    canvas = pane.canvas
    assert isinstance(canvas, MapPlot)
    assert pane.notes.text() == "1 of 6 places without a value."
    canvas.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down):
        QTest.keyClick(canvas, key)
    assert pane.readout.text() == "x 1, y 1:  Height no value"
    pane.scale_actions["transposed"].trigger()
    QTest.keyClick(canvas, Qt.Key.Key_End)
    assert pane.readout.text() == "y 1, x 0:  Height 4 µm"
    pane.scale_actions["equal"].trigger()
    width, height = canvas.box.viewPixelSize()
    assert width == pytest.approx(height)


def test_a_narrow_array_is_a_map_only_when_chosen(pane: PlotPane) -> None:
    for rows, kind in ((4, Kind.CURVES), (5, Kind.MAP)):
        grid = Grid("Height", "µm", np.arange(5.0 * rows).reshape(rows, 5))
        pane.show_data([Measurement("m", (column(f"Angles of {rows}", [1, 2, 3]),), (grid,))])
        assert pane.kind.currentData() is kind
        pane.show_values("height")
        assert pane.kind.currentData() is Kind.MAP


def test_map_without_a_number_is_refused(pane: PlotPane) -> None:
    pane.show_data([Measurement("m", grids=(Grid("Height", "", np.full((2, 2), math.nan)),))])
    assert pane.refused.sentence == "There is no usable number in this array."


def maps(count: int, shape: tuple[int, int] = (5, 6)) -> list[Measurement]:
    """Return runs with a map each, whose values begin at 10 times the run's number."""
    values = np.arange(float(shape[0] * shape[1])).reshape(shape)
    x, y = np.arange(0.0, 2.0 * shape[1], 2.0), np.arange(0.0, 3.0 * shape[0], 3.0)
    return [
        Measurement(
            f"run {n}",
            grids=(Grid("Height", "µm", values + 10 * n, "Z", "y", "mm", "x", "mm", x, y),),
            record=n,
        )
        for n in range(count)
    ]


def map_plot(pane: PlotPane) -> MapPlot:
    assert isinstance(pane.canvas, MapPlot)
    return pane.canvas


def test_maps_of_several_runs_share_one_scale(pane: PlotPane, qtbot: QtBot) -> None:
    pane.show_data(maps(4))
    plot = map_plot(pane)
    assert len(plot._items) == 4
    assert {tuple(item.getLevels()) for item in plot._items} == {(0.0, 59.0)}
    assert [title.toPlainText() for title in plot._titles] == [f"run {n}" for n in range(4)]
    assert plot._y[0] > plot._y[2 * 30], "the third stands below the first"
    assert len(set(zip(plot._x, plot._y, strict=True))) == 4 * 30, "none over another"
    plot.read_out(3 * 30 + 1)
    assert pane.readout.text() == "run 3:  x 2 mm, y 0 mm:  Height 31 µm"
    at = pixel_of(plot, plot._x[2 * 30 + 7], plot._y[2 * 30 + 7])
    with qtbot.waitSignal(pane.record_chosen) as chosen:
        QTest.mouseClick(plot.view.viewport(), LEFT, pos=at)
    assert chosen.args == [2]
    extract = plot.extract()
    assert [column.title for column in extract.columns] == ["Run", "x", "y", "Height"]
    assert [column.exported(95) for column in extract.columns] == ["run 3", 10.0, 0.0, 35.0]


def test_one_of_several_maps_is_chosen_and_the_picker_follows_the_runs(pane: PlotPane) -> None:
    pane.show_data(maps(8))
    plot = map_plot(pane)
    assert len(plot._items) == 6
    assert pane.notes.text() == "6 of 8 maps are shown: choose a run to see its own."
    names = [pane.x_picker.itemText(row) for row in range(pane.x_picker.count())]
    assert names == ["all 8 runs", *(f"run {n}" for n in range(8))]
    pane.x_picker.setCurrentIndex(8)
    pane.x_picker.activated.emit(8)
    assert (len(plot._items), plot.record_of(0)) == (1, 7)
    pane.show_data(maps(8)[5:])
    assert (pane.x_picker.count(), plot.record_of(0)) == (4, 7), "the same run stays chosen"
    pane.show_data(maps(2))
    assert pane.x_picker.currentText() == "all 2 runs"
    assert len(plot._items) == 2
    pane.show_data(maps(1))
    assert not pane.bar.over.isVisible()


def test_maps_of_other_units_share_the_scale_or_are_refused(pane: PlotPane) -> None:
    runs = maps(3)
    for unit, is_drawn in (("mm", True), ("V", False)):
        (grid,) = runs[2].grids
        pane.show_data([*runs[:2], replace(runs[2], grids=(replace(grid, unit=unit),))])
        assert bool(map_plot(pane)._items) is is_drawn
        assert ("cannot share an axis" in pane.refused.sentence) is not is_drawn
        if is_drawn:
            assert map_plot(pane)._items[2].getLevels()[1] == pytest.approx(49_000)


def test_irregular_points_are_coloured_spots(pane: PlotPane, qtbot: QtBot) -> None:
    rng = np.random.default_rng(3)
    x, y = (column(name, rng.uniform(-40, 40, 60), "mm") for name in "XY")
    heights = rng.uniform(0, 9, 60)
    heights[4] = math.nan
    z = column("Z", heights, "µm")
    pane.show_data([Measurement("m", (x, y, z), tuple(maps_of((x, y, z))), record="m")])
    plot = map_plot(pane)
    (spots,) = plot._items
    assert len(spots.points()) == 59
    shades = {spot.brush().color().name() for spot in spots.points()}
    assert len(shades) > 30
    assert pane.notes.text() == "1 of 60 places without a value."
    (left, right), (bottom, top) = plot.box.viewRange()
    assert left < x.values.min() < x.values.max() < right
    assert bottom < y.values.min() < y.values.max() < top
    with qtbot.waitSignal(pane.record_chosen):
        QTest.mouseClick(plot.view.viewport(), LEFT, pos=pixel_of(plot, x.values[7], y.values[7]))
    assert pane.readout.text().endswith(f"Z {heights[7]:.5g} µm")
    pane.scale_actions["transposed"].trigger()
    assert plot._x.tolist() == y.values.tolist()
