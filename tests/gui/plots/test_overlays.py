"""Many curves over each other, and the legend that tells them apart."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from itkgui.records.limits import Limits
from itkgui.views.plots.data import Mark, Measurement
from itkgui.views.plots.plot_pane import PlotPane
from tests.gui.plots.plotting import column, curve_plot, iv, many, says, trend, trend_plot


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
    QApplication.processEvents()  # lays the legend out
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


def pinned(pane: PlotPane, scale: float = 1.0) -> list[Measurement]:
    """Show two runs and two pinned ones of another size."""
    runs = [
        *(iv(f"run {n}", 1.0 + n) for n in range(2)),
        *(iv(f"other {n}", scale * (1.0 + n), is_pinned=True, mark=Mark.FAILED) for n in range(2)),
    ]
    pane.show_data(runs)
    return runs


def test_pinned_runs_are_told_and_hidden(pane: PlotPane) -> None:
    pinned(pane, 1000.0)
    plot = curve_plot(pane)
    assert [entry.text for entry in pane.legend.entries] == [
        "pinned  ·  other 0",
        "pinned  ·  other 1",
        "run 0",
        "run 1",
    ]
    assert "Pinned runs are of another size" in pane.notes.text()
    heights = [item.zValue() for item in plot._items.values()]
    assert heights == sorted(heights, reverse=True), "pinned ones lie below"
    assert pane.bar.pin_button.isVisible()
    pane.bar.pins_shown.trigger()
    assert [curve.label for curve in plot.curves] == ["run 0", "run 1"]
    assert says(pane, "")
    assert not pane.bar.pin_button.isChecked()
    pinned(pane)
    assert [curve.label for curve in plot.curves] == ["run 0", "run 1"], "they stay hidden"
    pane.bar.pins_shown.trigger()
    assert [curve.label for curve in plot.curves] == ["run 0", "run 1", "other 0", "other 1"]
    assert says(pane, "")
    pane.bar.offer_pins(())
    assert pane.bar.pin_button.isHidden()


def test_pinned_runs_are_unpinned_one_by_one_or_all(pane: PlotPane, qtbot: QtBot) -> None:
    pinned(pane)
    texts = [action.text() for action in pane.bar.pin_menu.actions()]
    assert texts == ["Show pinned runs", "", "Unpin other 0", "Unpin other 1", "Unpin all"]
    for text, records in (("Unpin other 1", ("other 1",)), ("Unpin all", ("other 0", "other 1"))):
        with qtbot.waitSignal(pane.unpin_requested) as unpinned:
            next(action for action in pane.bar.pin_menu.actions() if action.text() == text).trigger()
        assert unpinned.args == [records]
    with qtbot.waitSignal(pane.unpin_requested) as unpinned:
        pane.legend.unpin_requested.emit(2)
    assert unpinned.args == [("other 0",)]


@pytest.mark.parametrize("by_key", [False, True])
def test_legend_offers_to_unpin_what_is_pinned(pane: PlotPane, qtbot: QtBot, by_key: bool) -> None:
    pinned(pane)
    QApplication.processEvents()
    for row in (3, 1):
        pane.legend.setCurrentRow(row)
        at = pane.legend.visualItemRect(pane.legend.item(row)).center()
        reason = QContextMenuEvent.Reason.Keyboard if by_key else QContextMenuEvent.Reason.Mouse
        QApplication.sendEvent(
            pane.legend.viewport(), QContextMenuEvent(reason, at, pane.legend.viewport().mapToGlobal(at))
        )
        menus = pane.legend.findChildren(QMenu)
        assert bool(menus) is (row == 1)
    with qtbot.waitSignal(pane.unpin_requested) as unpinned:
        menus[0].actions()[0].trigger()
    assert unpinned.args == [("other 1",)]


@pytest.mark.parametrize(
    ("width", "orientation"), [(360, Qt.Orientation.Vertical), (640, Qt.Orientation.Horizontal)]
)
def test_legend_is_below_in_a_narrow_pane(pane: PlotPane, width: int, orientation: Qt.Orientation) -> None:
    pane.show_data([iv(f"run {n} of the first of March 2026") for n in range(3)])
    pane.resize(width, 340)
    QApplication.processEvents()
    assert pane.parts.orientation() is orientation
    assert curve_plot(pane).width() > 0.6 * width
    tops = {pane.legend.visualItemRect(pane.legend.item(row)).top() for row in range(3)}
    assert len(tops) == 3


def test_legend_of_one_line_is_below(pane: PlotPane) -> None:
    pane.show_data([], [trend([1.0, 1.5], stage_limits={"Glued": Limits(high=2.0)})])
    QApplication.processEvents()
    assert pane.parts.orientation() is Qt.Orientation.Vertical
    assert pane.legend.height() < 2 * pane.legend.fontMetrics().lineSpacing()
    assert trend_plot(pane).width() == pane.width()


def test_many_errors_are_told_not_drawn(pane: PlotPane) -> None:
    values = np.arange(3000.0)
    pane.show_data([Measurement("m", (column("I", values), column("sigma I", values)))])
    assert "Error bars are left out" in pane.notes.text()
