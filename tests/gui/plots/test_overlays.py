"""Many curves over each other, and the legend that tells them apart."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from itkgui.views.plots.data import Measurement
from itkgui.views.plots.plot_pane import PlotPane
from tests.gui.plots.plotting import column, curve_plot, iv, many, says


def test_many_curves_are_few_items(pane: PlotPane) -> None:
    pane.show_data(many(200))
    plot = curve_plot(pane)
    assert len(plot.curves) == 200
    assert len(plot._items) == 12
    drawn = sum(int(np.isfinite(item.getData()[1]).sum()) for item in plot._items.values())
    assert drawn == 200 * 41
    assert [pane.legend.item(row).text() for row in range(pane.legend.count())] == [
        *(f"part {n}" for n in range(4)),
        *(f"stage {n}" for n in range(3)),
    ]
    assert pane.notes.text().startswith("Curves are grouped")
    pane.show_data(many(16))
    assert pane.legend.count() == len(plot._items) == 16
    assert says(pane, "")


def test_legend_picks_curves_out(pane: PlotPane) -> None:
    pane.show_data(many(24))
    plot = curve_plot(pane)
    pane.legend.setCurrentRow(2)
    assert set(plot._picked) == {n for n in range(24) if n % 4 == 2}
    faint = {item.opts["pen"].color().alpha() for item in plot._items.values()}
    assert faint == {70}
    pane.legend.clearSelection()
    assert not plot._picked
    assert {item.opts["pen"].color().alpha() for item in plot._items.values()} == {255}


def test_legend_can_be_put_away_and_scrolls(pane: PlotPane) -> None:
    pane.show_data([iv(f"run {n}") for n in range(40)])
    assert pane.legend.isVisible()
    assert pane.legend.count() == 40
    assert pane.legend.verticalScrollBar().maximum() > 0
    assert pane.legend.width() <= pane.width() / 2
    pane.legend_button.click()
    assert not pane.legend.isVisible()
    pane.show_data([iv(f"run {n}") for n in range(40)])
    assert not pane.legend.isVisible(), "it stays away"


def test_legend_shows_long_names_in_full(pane: PlotPane) -> None:
    names = [f"Initial (warm)  ·  2025-09-{n} 22:57  ·  failed" for n in range(10, 13)]
    pane.show_data([iv("short"), *(iv(name) for name in names)])
    QApplication.processEvents()
    heights = [pane.legend.visualItemRect(pane.legend.item(row)).height() for row in range(4)]
    assert heights[1] >= 2 * pane.legend.fontMetrics().height() > heights[0]


def test_hover_draws_the_curve_strongly(pane: PlotPane) -> None:
    pane.show_data(many(60))
    plot = curve_plot(pane)
    plot.read_out(41 * 7 + 3)
    (item,) = plot._picked_items.values()
    assert item.opts["pen"].widthF() > 1
    assert np.isfinite(item.getData()[1]).sum() == 41
    assert pane.readout.text().startswith("run 7:  Voltage 15 V")


def test_a_million_points_stay_quick_to_draw(pane: PlotPane, qtbot: QtBot) -> None:
    wave = np.sin(np.arange(1_000_000) / 5e4)
    wave[123_456] = 9.0
    pane.show_data([Measurement("long", (column("wave", wave),))])
    plot = curve_plot(pane)
    (item,) = plot._items.values()
    assert len(item.getData()[0]) < 10_000
    assert np.nanmax(item.getData()[1]) == 9.0
    plot.box.setXRange(123_400, 123_500, padding=0)
    qtbot.waitUntil(lambda: len(item.getData()[0]) < 150)
    assert np.nanmax(item.getData()[1]) == 9.0
