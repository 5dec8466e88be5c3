"""Histograms and maps on the screen."""

from __future__ import annotations

import math

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from itkgui.records.limits import Limits
from itkgui.views.plots.data import Grid, Measurement
from itkgui.views.plots.histogram_plot import HistogramPlot
from itkgui.views.plots.map_plot import MapPlot
from itkgui.views.plots.plot_pane import Kind, PlotPane
from tests.gui.plots.plotting import column


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
