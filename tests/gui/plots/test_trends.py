"""Numbers over time and over the stages, with their limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from PySide6.QtGui import QFontMetrics, QPainter, QPicture
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from itkgui.records.limits import Limits
from itkgui.views.plots.data import Grid, Measurement
from itkgui.views.plots.map_plot import MapPlot
from itkgui.views.plots.plot_bar import Kind
from itkgui.views.plots.plot_pane import PlotPane
from itkgui.views.plots.trend_plot import TrendPlot
from tests.gui.plots.plotting import LEFT, START, by_stage, choose, column, pixel_of, run, trend, trend_plot


def test_trend_over_time_and_stage(pane: PlotPane, qtbot: QtBot) -> None:
    pane.show_data([], [trend([1.0, 2.0, 3.0, 2.5])])
    plot = trend_plot(pane)
    assert plot._x.tolist() == [(START + timedelta(days=3 * n)).timestamp() for n in range(4)]
    assert [entry.text for entry in plot.entries] == ["passed", "passed with problems", "failed", "deleted"]
    shapes = {spot.symbol() for spot in plot._symbols.points()}
    fills = {spot.brush().color().name() for spot in plot._symbols.points()}
    assert len(shapes) == len(fills) == 4, "never told by colour alone"
    by_stage(pane, on=True)
    assert plot._stages == ("Glued", "Bonded", "Tested"), "in the order of production, the empty one left out"
    assert np.round(plot._x, 3).tolist() == [-0.3, 0.3, 1, 2]
    with qtbot.waitSignal(pane.record_chosen) as chosen:
        QTest.mouseClick(plot.view.viewport(), LEFT, pos=pixel_of(plot, 1, 2.0))
    assert chosen.args == [1]
    assert "Bonded" in pane.readout.text()
    assert "passed with problems" in pane.readout.text()


def test_trend_drawn_again_keeps_its_dates(pane: PlotPane) -> None:
    for _ in range(2):  # as when the run of one of its points is opened
        pane.show_data([], [trend([1.0, 2.0, 3.0])])
        axis, plot = trend_plot(pane).view.getAxis("bottom"), trend_plot(pane)
        assert list(axis.range) == plot.box.viewRange()[0]


@pytest.mark.parametrize("count", [1, 2, 4, 16, 400])
@pytest.mark.parametrize("width", [340, 640])
def test_dates_of_a_trend_have_their_year(pane: PlotPane, count: int, width: int) -> None:
    pane.resize(width, 340)
    pane.show_data([], [trend([1.0] * count)])
    axis = trend_plot(pane).view.getAxis("bottom")
    (low, high), size = trend_plot(pane).box.viewRange()[0], trend_plot(pane).box.width()
    ((spacing, ticks),) = axis.tickValues(low, high, size)
    texts = axis.tickStrings(ticks, 1.0, spacing)
    assert len(set(texts)) == len(ticks) >= 2
    assert all(low <= tick <= high for tick in ticks)
    assert all(text.startswith(("2026-", "2027-", "2028-", "2029-")) for text in texts)
    apart = min(np.diff(ticks)) * size / (high - low)
    assert apart > QFontMetrics(axis.style["tickFont"]).horizontalAdvance(texts[0])
    assert not axis.autoSIPrefix
    picture = QPicture()
    painter = QPainter(picture)
    drawn = axis.generateDrawSpecs(painter)[2]
    painter.end()
    assert [text for _, _, text in drawn] == texts


def test_long_labels_keep_their_ends(pane: PlotPane) -> None:
    long = "Leakage current at depletion voltage + 50 V at room temperature"
    pane.show_data([], [replace(trend([1.0, 2.0]), name=long)])
    QApplication.processEvents()
    axis = trend_plot(pane).view.getAxis("left")
    first, second = axis.labelText.split("<br>")
    assert first.startswith("Leakage")
    assert second.endswith("[g]")
    assert axis.label.boundingRect().width() <= trend_plot(pane).box.height() + 1
    pane.resize(640, 900)
    QApplication.processEvents()
    assert axis.labelText == f"{long} [g]"
    pane.show_data([Measurement("m", grids=(Grid(long, "g", np.arange(36.0).reshape(6, 6)),))])
    pane.resize(640, 340)
    QApplication.processEvents()
    assert isinstance(pane.canvas, MapPlot)
    bar = pane.canvas._bar.getAxis("right")
    assert bar.labelText.endswith("[g]")
    assert bar.label.boundingRect().width() <= pane.canvas.box.height() + 1


def test_limits_of_each_stage_are_steps(pane: PlotPane) -> None:
    limits = {"Glued": Limits(0.5, 2.0), "Bonded": Limits(1.0, 4.0, 2.0)}
    pane.show_data([], [trend([1.0, 2.0, 3.0], stage_limits=limits)])
    plot = trend_plot(pane)
    at = plot._x.tolist()
    low, high, _ = (line.getData() for line in plot._limits._lines)
    assert low[0][1] == low[0][3] == (at[0] + at[1]) / 2, "each holds half the way to the next run"
    assert low[1][[0, 3]].tolist() == [0.5, 1.0]
    assert high[1][[0, 3]].tolist() == [2.0, 4.0]
    assert np.isnan(high[1][6]), "the last stage has none"
    by_stage(pane, on=True)
    assert [entry.text for entry in plot.entries][-2:] == ["limits of each stage", "nominal of each stage"]
    assert pane.notes.text() == ""
    low, high, nominal = (line.getData() for line in plot._limits._lines)
    assert low[0][:2].tolist() == [-0.5, 0.5]
    assert [low[1][0], low[1][3]] == [0.5, 1.0]
    assert [high[1][0], high[1][3]] == [2.0, 4.0]
    assert np.isnan(nominal[1][0])
    assert nominal[1][3] == 2.0
    assert plot._limits._bands is not None
    assert plot._limits._bands.opts["y1"] == [2.0, 4.0]
    assert plot.box.viewRange()[1][1] > 4.0, "the limits are in sight"
    plot.read_out(0)
    assert "min 0.5 g, max 2 g" in pane.readout.text()


def test_limits_of_alternating_stages_and_of_one_moment_are_seen(pane: PlotPane) -> None:
    some = trend([1.0, 2.0, 3.0, 4.0], stage_limits={"Glued": Limits(0.5), "Bonded": Limits(1.0)})
    same = replace(some.points[1], moment=some.points[0].moment)
    pane.show_data([], [replace(some, points=(some.points[0], same, *some.points[2:]))])
    stretches = trend_plot(pane)._limits._stretches
    assert [stretch.limits.low for stretch in stretches] == [0.5, 1.0, None, 0.5]
    assert all(stretch.stop > stretch.start for stretch in stretches)


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (Limits(0.5, 4.0), ["limits"]),
        (Limits(0.5), ["lower limit"]),
        (Limits(None, 4.0, 2.0), ["upper limit", "nominal"]),
    ],
)
def test_legend_says_what_the_lines_are(pane: PlotPane, limits: Limits, words: list[str]) -> None:
    pane.show_data([], [trend([1.0], stage_limits={"Glued": limits})])
    assert [entry.text for entry in pane.legend.entries] == ["passed", *words]


def test_runs_without_the_number_are_counted(pane: PlotPane) -> None:
    pane.show_data([], [trend([1.0, 2.0], lacking=3)])
    assert pane.notes.text() == "3 runs without this number left out."


def test_last_date_is_moved_into_the_plot(pane: PlotPane) -> None:
    pane.show_data([], [trend([1.0, 2.0, 3.0])])
    plot = trend_plot(pane)
    axis = plot.view.getAxis("bottom")
    QApplication.processEvents()
    pane.grab()
    right = axis.mapRectToScene(axis.boundingRect()).right()
    ticks = plot.box.viewRange()[0]
    axis.setTicks([[(ticks[1], "2026-03-07 12:00")]])
    picture = QPicture()
    painter = QPainter(picture)
    axis.drawPicture(painter, *axis.generateDrawSpecs(painter))
    painter.end()
    assert picture.boundingRect().right() <= axis.size().width() + 12 < right


def test_limits_in_another_unit_are_converted(pane: PlotPane) -> None:
    limits = dict.fromkeys(("Glued", "Bonded", "Tested"), Limits(500.0, 4000.0))
    pane.show_data([], [trend([1.0, 2.0], stage_limits=limits, limit_unit="mg")])
    low, high, _ = (line.getData()[1][0] for line in trend_plot(pane)._limits._lines)
    assert (low, high) == pytest.approx((0.5, 4.0))
    pane.show_data([], [trend([1.0, 2.0], stage_limits=limits, limit_unit="V")])
    assert "cannot share an axis" in pane.refused.sentence


def test_far_limits_are_told_instead_of_flattening_the_trend(pane: PlotPane) -> None:
    limits = dict.fromkeys(("Glued", "Bonded", "Tested"), Limits(None, 1e6))
    pane.show_data([], [trend([1.0, 2.0], stage_limits=limits)])
    assert pane.notes.text() == "Limits out of sight: 1·10⁶ g."
    assert trend_plot(pane).box.viewRange()[1][1] < 3


def test_logarithmic_trend_leaves_out_what_has_none(pane: PlotPane) -> None:
    limits = dict.fromkeys(("Glued", "Bonded", "Tested"), Limits(-1.0, 100.0))
    pane.show_data([], [trend([1.0, 0.0, 10.0], stage_limits=limits)])
    pane.logarithmic.click()
    plot = trend_plot(pane)
    assert plot._y.tolist() == [0.0, 1.0]
    assert "1 run without a number above zero and a date left out." in pane.notes.text()
    low, high, _ = (line.getData()[1] for line in plot._limits._lines)
    assert np.isnan(low).all()
    assert high[0] == 2.0


def test_runs_without_a_date_are_told_and_kept_over_stages(pane: PlotPane) -> None:
    some = trend([1.0, 2.0])
    undated = replace(some, points=(some.points[0], replace(some.points[1], moment=None)))
    pane.show_data([], [undated])
    assert pane.notes.text() == "1 run without a usable number and a date left out."
    by_stage(pane, on=True)
    assert len(trend_plot(pane)._placed) == 2
    assert pane.notes.text() == ""


def test_zooming_out_of_a_trend_ends_before_dates_do(pane: PlotPane) -> None:
    pane.show_data([], [trend([1.0, 2.0, 3.0])])
    plot = trend_plot(pane)
    for _ in range(120):
        plot.zoom(1 / 1.25)
    low, high = plot.box.viewRange()[0]
    assert 100 * 366 * 86_400 < high - low < 500 * 366 * 86_400
    plot.grab()  # an error in a paint fails the test
    axis = plot.view.getAxis("bottom")
    far = 1e12  # seconds: the year 33,658
    ((spacing, ticks),) = axis.tickValues(-far, far, 600)
    texts = axis.tickStrings([-far, *ticks, far], 1.0, spacing)
    assert texts[0].startswith("1000-01")
    assert texts[-1].startswith("9999-01")
    assert len(set(texts[1:-1])) == len(ticks) >= 2
    by_stage(pane, on=True)
    assert trend_plot(pane).box.viewRange()[0] == [-0.6, 2.6]
    by_stage(pane, on=False)
    assert len(trend_plot(pane)._placed) == 3


@pytest.mark.parametrize("kind", [Kind.TREND, Kind.HISTOGRAM])
def test_what_was_not_found_is_told_and_left_out_on_demand(pane: PlotPane, kind: Kind) -> None:
    values = [120.0, -999.0, 130.0, 125.0]
    measurements = [run("run", column("Breakdown voltage", values, "V"))] if kind is Kind.HISTOGRAM else []
    pane.show_data(measurements, [trend(values)])
    choose(pane, kind)
    row, button = pane.bar.row, pane.bar.without_999
    assert row.is_offered(button)
    assert not button.isChecked(), "nothing is left out unasked"
    assert "1 value is −999 (often: not found)." in pane.notes.text()
    assert pane.canvas is not None
    seen = _least_drawn(pane)
    assert seen <= -900
    button.click()
    assert "1 value is −999 (often: not found), left out." in pane.notes.text()
    assert _least_drawn(pane) > 100
    button.click()
    assert _least_drawn(pane) == seen
    pane.show_data([], [trend([-998.9, 120.0])])
    assert not row.is_offered(button)
    assert "not found" not in pane.notes.text()


def _least_drawn(pane: PlotPane) -> float:
    canvas = pane.canvas
    assert canvas is not None
    points = canvas._y if isinstance(canvas, TrendPlot) else canvas._x
    return float(points.min())
