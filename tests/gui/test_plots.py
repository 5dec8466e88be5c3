"""The plots on the screen: curves, overlays, trends, histograms, maps; mouse and keys; saved and copied."""

from __future__ import annotations

import asyncio
import csv
import math
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QGuiApplication, QImage, QPainter, QPicture
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QStyle, QStyleOptionComboBox, QWidget
from pytestqt.qtbot import QtBot

from itkgui.client.exceptions import FileNotWritten
from itkgui.records.limits import Limits
from itkgui.views.plots.canvas import Canvas
from itkgui.views.plots.curve_plot import CurvePlot
from itkgui.views.plots.curves import INDEX, Axes, drawing_of
from itkgui.views.plots.data import Column, Grid, Mark, Measurement, Trend, TrendPoint
from itkgui.views.plots.histogram_plot import HistogramPlot
from itkgui.views.plots.map_plot import MapPlot
from itkgui.views.plots.palette import colours
from itkgui.views.plots.plot_pane import Kind, PlotPane
from itkgui.views.plots.trend_plot import TrendPlot
from itkgui.views.style import DARK, LIGHT, Style, Theme

LEFT = Qt.MouseButton.LeftButton
START = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)


@pytest.fixture
def style(qapp: QApplication, qtbot: QtBot) -> Iterator[Style]:
    found = Style(qapp)
    qtbot.waitUntil(lambda: not found.is_changing)
    yield found
    found.use(LIGHT)
    qtbot.waitUntil(lambda: not found.is_changing)
    found.deleteLater()


@pytest.fixture
def pane(style: Style, qtbot: QtBot) -> PlotPane:
    """A pane of the size it has beside a table in a small window."""
    found = PlotPane(style)
    qtbot.addWidget(found)
    found.resize(640, 340)
    style.dress(found)
    found.show()
    qtbot.waitExposed(found)
    return found


def column(name: str, values: Any, unit: str = "", **more: Any) -> Column:
    return Column(name, unit, np.array(values, dtype=np.float64), **more)


def iv(label: str, scale: float = 1.0, **more: Any) -> Measurement:
    volts = np.arange(0.0, 205.0, 5.0)
    amperes = scale * (0.1 + np.sqrt(volts) / 50)
    return Measurement(
        label, (column("Voltage", volts, "V"), column("Current", amperes, "µA")), record=label, **more
    )


def curve_plot(pane: PlotPane) -> CurvePlot:
    assert isinstance(pane.canvas, CurvePlot)
    return pane.canvas


def axes_of(pane: PlotPane) -> Axes:
    drawing = curve_plot(pane).drawing
    assert drawing is not None
    return drawing.axes


def pixel_of(canvas: Canvas, x: float, y: float) -> QPoint:
    """Return where a place on the axes is in the viewport, once the axes have taken their room."""
    QApplication.processEvents()
    canvas.grab()
    scene: QPointF = canvas.box.mapViewToScene(QPointF(x, y))
    return QPoint(canvas.view.mapFromScene(scene))


def point_at(canvas: Canvas, place: QPoint) -> None:
    QTest.mouseMove(canvas.view.viewport(), place + QPoint(3, 3))
    QTest.mouseMove(canvas.view.viewport(), place)


def says(pane: PlotPane, text: str) -> bool:
    return pane.notes.text() == text


def double_click(widget: QWidget, place: QPoint) -> None:
    QTest.mouseClick(widget, LEFT, pos=place)
    QTest.mouseDClick(widget, LEFT, pos=place)
    QTest.mouseRelease(widget, LEFT, pos=place)


def choose(pane: PlotPane, kind: Kind) -> None:
    pane.kind.setCurrentIndex(pane.kind.findData(kind))
    pane.kind.activated.emit(pane.kind.currentIndex())


def colours_in(picture: QImage) -> set[str]:
    return {picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(picture.height())}


# Curves ----------------------------------------------------------------------------------------------------


def test_one_run_is_drawn_with_names_and_units(pane: PlotPane) -> None:
    pane.show_data([iv("IV")])
    plot = curve_plot(pane)
    assert pane.place.currentWidget() is plot
    assert [pane.kind.itemData(row) for row in range(pane.kind.count())] == [Kind.CURVES, Kind.HISTOGRAM]
    assert pane.y_picker.currentText() == "Current"
    assert pane.x_picker.currentText() == "Voltage"
    assert [pane.x_picker.itemText(row) for row in range(pane.x_picker.count())] == [
        "Voltage",
        "Current",
        "Index",
    ]
    assert "Voltage [V]" in plot.view.getAxis("bottom").labelString()
    assert "Current [µA]" in plot.view.getAxis("left").labelString()
    assert not pane.legend.isVisible()
    assert colours(LIGHT)[0] in colours_in(pane.grab().toImage())


def test_other_axes_are_chosen(pane: PlotPane) -> None:
    pane.show_data([iv("IV")])
    pane.x_picker.setCurrentIndex(pane.x_picker.findData(INDEX))
    pane.x_picker.activated.emit(pane.x_picker.currentIndex())
    assert curve_plot(pane).curves[0].x.tolist() == list(range(41))
    pane.logarithmic.click()
    pane.scale_actions["magnitude_y"].trigger()
    assert axes_of(pane) == Axes("current", INDEX, log_y=True, magnitude_y=True)
    pane.show_data([iv("the next run")])
    assert axes_of(pane).log_y, "the choice stays for runs of the same kind"
    pane.show_data([Measurement("other", (column("Gain", [1, 2]),))])
    assert axes_of(pane) == Axes("gain")
    assert not pane.logarithmic.isChecked()


def test_magnitudes_are_decided_for_what_is_shown_unless_chosen(pane: PlotPane) -> None:
    below, above = iv("below zero", -1.0), iv("above zero")
    magnitude = pane.scale_actions["magnitude_y"]
    for one, is_negative in ((below, True), (above, False), (below, True)):
        pane.show_data([one])
        assert axes_of(pane).magnitude_y is magnitude.isChecked() is is_negative
    pane.logarithmic.click()
    pane.show_data([above])
    assert axes_of(pane) == Axes("current", "voltage", log_y=True)
    magnitude.trigger()
    pane.show_data([iv("another above zero")])
    assert axes_of(pane).magnitude_y, "chosen by hand"
    magnitude.trigger()
    pane.show_data([below])
    assert not axes_of(pane).magnitude_y, "chosen by hand"


def test_readout_names_the_nearest_point_of_the_nearest_curve(pane: PlotPane, qtbot: QtBot) -> None:
    pane.show_data([iv("low"), iv("high", 3.0)])
    plot = curve_plot(pane)
    high = plot.curves[1]
    point_at(plot, pixel_of(plot, high.x[20] + 1, high.y[20] * 1.02))
    qtbot.waitUntil(lambda: pane.readout.text() == f"high:  Voltage 100 V, Current {high.y[20]:.5g} µA")


def test_click_on_a_curve_gives_its_record(pane: PlotPane, qtbot: QtBot) -> None:
    pane.show_data([iv("low"), iv("high", 3.0)])
    plot = curve_plot(pane)
    with qtbot.waitSignal(pane.record_chosen) as chosen:
        QTest.mouseClick(plot.view.viewport(), LEFT, pos=pixel_of(plot, 100, plot.curves[0].y[20]))
    assert chosen.args == ["low"]
    with qtbot.assertNotEmitted(pane.record_chosen):
        QTest.mouseClick(plot.view.viewport(), LEFT, pos=pixel_of(plot, 190, plot.curves[1].y[3]))


def test_a_steep_line_is_met_between_its_points(pane: PlotPane, qtbot: QtBot) -> None:
    step = Measurement("step", (column("v", [0, 1, 2, 3]), column("i", [0, 0, 100, 100])), record="step")
    single = Measurement("single", (column("v", [3]), column("i", [20])), record="single")
    pane.show_data([step, single])
    pane.x_picker.setCurrentIndex(pane.x_picker.findData("v"))
    pane.y_picker.setCurrentIndex(pane.y_picker.findData("i"))
    pane.y_picker.activated.emit(1)
    plot = curve_plot(pane)
    for place, record, text in (
        (pixel_of(plot, 1.6, 60), "step", "step:  v 2, i 100"),
        (pixel_of(plot, 3, 20), "single", "single:  v 3, i 20"),
    ):
        with qtbot.waitSignal(pane.record_chosen) as chosen:
            QTest.mouseClick(plot.view.viewport(), LEFT, pos=place)
        assert chosen.args == [record]
        assert pane.readout.text() == text
    with qtbot.assertNotEmitted(pane.record_chosen):  # no line leads from the one to the other
        QTest.mouseClick(plot.view.viewport(), LEFT, pos=pixel_of(plot, 3, 60))


def test_keys_do_all_that_the_mouse_does(pane: PlotPane, qtbot: QtBot) -> None:
    gap = iv("with a gap")
    gap.columns[1].values[1] = math.nan
    pane.show_data([gap, iv("high", 3.0)])
    plot = curve_plot(pane)
    plot.setFocus()
    for key, text in (
        (Qt.Key.Key_Right, "with a gap:  Voltage 0 V"),
        (Qt.Key.Key_Right, "with a gap:  Voltage 10 V"),
        (Qt.Key.Key_Left, "with a gap:  Voltage 0 V"),
        (Qt.Key.Key_End, "with a gap:  Voltage 200 V"),
        (Qt.Key.Key_Down, "high:  Voltage 200 V"),
        (Qt.Key.Key_Home, "high:  Voltage 0 V"),
        (Qt.Key.Key_Up, "with a gap:  Voltage 0 V"),
    ):
        QTest.keyClick(plot, key)
        assert pane.readout.text().startswith(f"{text}, "), key
    with qtbot.waitSignal(pane.record_chosen) as chosen:
        QTest.keyClick(plot, Qt.Key.Key_Return)
    assert chosen.args == ["with a gap"]
    whole = plot.box.viewRange()
    QTest.keyClick(plot, Qt.Key.Key_Plus)
    assert np.ptp(plot.box.viewRange()[0]) < np.ptp(whole[0])
    QTest.keyClick(plot, Qt.Key.Key_0)
    assert np.allclose(plot.box.viewRange(), whole)


@pytest.mark.parametrize("logarithmic", [False, True])
def test_errors_are_bars_and_read_out(pane: PlotPane, logarithmic: bool) -> None:
    error = column("sigma current", [0.5, 0.5, 2.0], "µA")
    run = Measurement("IV", (column("voltage", [0, 1, 2]), column("current", [1, 10, 1.5], "µA"), error))
    pane.show_data([run])
    if logarithmic:
        pane.logarithmic.click()
    plot = curve_plot(pane)
    x, y = plot._errors.getData()
    assert x[:2].tolist() == [0, 0]
    turned = np.log10 if logarithmic else np.array
    assert y[:2] == pytest.approx(turned([0.5, 1.5]))
    assert y[6:8] == pytest.approx(turned([1.5, 3.5] if logarithmic else [-0.5, 3.5]))
    plot.read_out(1)
    assert pane.readout.text() == "IV:  voltage 1, current 10 µA ± 0.5 µA"


def test_double_click_and_button_show_all(pane: PlotPane) -> None:
    pane.show_data([iv("IV")])
    plot = curve_plot(pane)
    whole = plot.box.viewRange()
    ways: list[Callable[[], None]] = [
        lambda: double_click(plot.view.viewport(), pixel_of(plot, 100, 0.2)),
        pane.show_all.click,
    ]
    for show_all in ways:
        plot.zoom(2)
        assert not np.allclose(plot.box.viewRange(), whole)
        show_all()
        assert np.allclose(plot.box.viewRange(), whole)


@pytest.mark.parametrize(
    "values", [[5.0], [0.0], [1e99, -1e99], [1e-300], [7.0] * 5, [1e6, 1e6 + 1e-3], [math.nan, 3.0, math.inf]]
)
@pytest.mark.parametrize("logarithmic", [False, True])
def test_odd_values_are_drawn_or_refused_in_words(
    pane: PlotPane, qtbot: QtBot, values: list[float], logarithmic: bool
) -> None:
    pane.show_data([Measurement("odd", (column("v", values, "V"),))])
    if logarithmic:
        pane.logarithmic.click()
    pane.grab()
    canvas = curve_plot(pane)
    if canvas.refusal:
        assert pane.refused.sentence == canvas.refusal
        assert pane.place.currentWidget() is pane.refused
    else:
        (left, right), (bottom, top) = canvas.box.viewRange()
        seen = canvas.curves[0].drawn_y[np.isfinite(canvas.curves[0].drawn_y)]
        assert left < right
        assert bottom < seen.min() <= seen.max() < top


def test_nothing_says_so(pane: PlotPane) -> None:
    pane.show_data([])
    assert pane.empty.isVisible()
    assert pane.empty.sentence == "There is nothing to plot."
    pane.show_data([Measurement("empty", (column("v", []),))])
    assert pane.refused.sentence == "These arrays are empty."


def test_mixed_units_are_refused_in_a_sentence(pane: PlotPane) -> None:
    other = iv("other")
    other = replace(other, columns=(other.columns[0], replace(other.columns[1], unit="g")))
    pane.show_data([iv("IV"), other])
    assert "“Current” is given in µA and in g" in pane.refused.sentence
    assert pane.refused.isVisible()


def test_names_from_the_server_stay_text(pane: PlotPane) -> None:
    pane.show_data([Measurement("<b>run</b>", (column("<i>x</i> & y", [1, 2, 3], "<u>"),))])
    assert "&lt;i&gt;x&lt;/i&gt; &amp; y" in curve_plot(pane).view.getAxis("left").labelString()
    assert pane.readout.textFormat() is Qt.TextFormat.PlainText


# Overlays --------------------------------------------------------------------------------------------------


def many(count: int) -> list[Measurement]:
    return [
        iv(f"run {n}", 1 + n / 10, colour_group=f"part {n % 4}", dash_group=f"stage {n % 3}")
        for n in range(count)
    ]


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


# Trends ----------------------------------------------------------------------------------------------------


def trend(values: list[float], **more: Any) -> Trend:
    stages = ("Glued", "Bonded", "Tested")
    marks = list(Mark)
    points = tuple(
        TrendPoint(
            value,
            "g",
            START + timedelta(days=3 * n),
            stages[n % 3],
            f"run {n}",
            marks[n % len(marks)],
            record=n,
        )
        for n, value in enumerate(values)
    )
    return Trend("Mass", points, **{"stages": ("Bare", *stages), "limit_unit": "g", **more})


def trend_plot(pane: PlotPane) -> TrendPlot:
    assert isinstance(pane.canvas, TrendPlot)
    return pane.canvas


def by_stage(pane: PlotPane, on: bool) -> None:
    pane.x_picker.setCurrentIndex(pane.x_picker.findData(on))
    pane.x_picker.activated.emit(pane.x_picker.currentIndex())


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
    assert axis.labelText.startswith("Leakage")
    assert axis.labelText.endswith("[g]")
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
    assert "differ from stage to stage" in pane.notes.text()
    by_stage(pane, on=True)
    assert pane.notes.text() == ""
    low, high, nominal = (line.getData() for line in plot._limits._lines)
    assert low[0][:2].tolist() == [-0.5, 0.5]
    assert [low[1][0], low[1][3]] == [0.5, 1.0]
    assert [high[1][0], high[1][3]] == [2.0, 4.0]
    assert np.isnan(nominal[1][0])
    assert nominal[1][3] == 2.0
    assert len(plot._limits._bands) == 2
    assert plot.box.viewRange()[1][1] > 4.0, "the limits are in sight"
    plot.read_out(0)
    assert "min 0.5 g, max 2 g" in pane.readout.text()


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


# Histograms and maps ---------------------------------------------------------------------------------------


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


# Look ------------------------------------------------------------------------------------------------------


def everything() -> list[Callable[[PlotPane], None]]:
    def show_histogram(pane: PlotPane) -> None:
        pane.show_data(many(3))
        choose(pane, Kind.HISTOGRAM)

    grid = Grid("Height", "µm", np.arange(12.0).reshape(3, 4))
    return [
        lambda pane: pane.show_data(many(12)),
        show_histogram,
        lambda pane: pane.show_data([], [trend([1.0, 2.0, 3.0])]),
        lambda pane: pane.show_data([Measurement("m", grids=(grid,))]),
    ]


@pytest.mark.parametrize("show", everything(), ids=["curves", "histogram", "trend", "map"])
def test_theme_is_followed_live(
    pane: PlotPane, style: Style, qtbot: QtBot, show: Callable[[PlotPane], None]
) -> None:
    show(pane)
    for theme in (DARK, LIGHT):
        style.use(theme)
        qtbot.waitUntil(lambda: not style.is_changing)
        assert pane.canvas is not None
        picture = pane.canvas.grab().toImage()
        assert picture.pixelColor(3, 3) == QColor(theme.surface)
        other = LIGHT if theme is DARK else DARK
        assert other.surface not in colours_in(picture)


def test_text_grows_with_the_program(pane: PlotPane, style: Style, qapp: QApplication) -> None:
    pane.show_data([iv("IV")])
    axis = curve_plot(pane).view.getAxis("left")
    before = axis.style["tickFont"].pointSizeF()
    font = QFont(qapp.font())
    larger = QFont(font)
    larger.setPointSizeF(font.pointSizeF() * 1.5)
    qapp.setFont(larger)
    try:
        style.changed.emit()  # as after every change of look
        assert axis.style["tickFont"].pointSizeF() == pytest.approx(1.5 * before)
    finally:
        qapp.setFont(font)


@pytest.mark.parametrize("show", everything(), ids=["curves", "histogram", "trend", "map"])
def test_row_of_pickers_fits_beside_a_table(pane: PlotPane, show: Callable[[PlotPane], None]) -> None:
    show(pane)
    assert pane.minimumSizeHint().width() <= 600
    pane.resize(600, 320)
    inside = pane.rect()
    for widget in (
        pane.kind,
        pane.y_picker,
        pane.x_picker,
        pane.logarithmic,
        pane.scale,
        pane.show_all,
        pane.saver,
    ):
        if widget.isVisible():
            corner = widget.mapTo(pane, QPoint(widget.width(), widget.height()))
            assert inside.contains(corner - QPoint(1, 1)), widget.accessibleName()
            assert widget.accessibleName()
    assert pane.canvas is not None
    assert pane.canvas.height() > 180


@pytest.mark.parametrize("width", [340, 480, 660])
def test_what_is_chosen_is_seen_in_full(pane: PlotPane, width: int) -> None:
    pane.show_data(many(3))
    pane.resize(width, 400)
    QApplication.processEvents()
    for box in (pane.kind, pane.y_picker, pane.x_picker):
        option = QStyleOptionComboBox()
        box.initStyleOption(option)
        style, field = box.style(), QStyle.SubControl.SC_ComboBoxEditField
        room = style.subControlRect(QStyle.ComplexControl.CC_ComboBox, option, field, box).width()
        assert room >= box.fontMetrics().horizontalAdvance(box.currentText()) + 2, box.currentText()
    for button in (pane.logarithmic, pane.scale, pane.saver):
        assert button.width() >= button.sizeHint().width()
        assert pane.rect().contains(button.mapTo(pane, button.rect().bottomRight()))
    assert (pane.saver.mapTo(pane, QPoint()).y() > pane.kind.mapTo(pane, QPoint()).y() + 10) is (width < 600)


def test_files_are_for_the_page_around(pane: PlotPane) -> None:
    pane.show_data([iv("IV")])
    for widget in (curve_plot(pane), *curve_plot(pane).findChildren(QWidget)):
        assert not widget.acceptDrops(), widget


# Saving and copying ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_picture_is_saved_twice_as_large(
    pane: PlotPane, style: Style, qtbot: QtBot, tmp_path: Path, theme: Theme
) -> None:
    style.use(theme)
    qtbot.waitUntil(lambda: not style.is_changing)
    pane.show_data(many(12))
    QApplication.processEvents()
    shown = curve_plot(pane).view.size()
    pane.saver.save_picture(tmp_path / "plot.png")
    picture = QImage(str(tmp_path / "plot.png"))
    assert picture.height() == 2 * shown.height()
    assert picture.width() > 2 * shown.width(), "the legend is beside it"
    found = colours_in(picture)
    assert {theme.surface, *colours(theme)[:4]} <= found
    assert pane.notes.text().startswith("Saved as plot.png.")


@pytest.mark.parametrize("show", everything(), ids=["curves", "histogram", "trend", "map"])
def test_drawing_is_svg(pane: PlotPane, tmp_path: Path, show: Callable[[PlotPane], None]) -> None:
    show(pane)
    pane.saver.save_drawing(tmp_path / "plot.svg")
    root = ET.parse(tmp_path / "plot.svg").getroot()
    assert root.tag.endswith("svg")
    assert len(list(root.iter("{http://www.w3.org/2000/svg}path"))) > 3
    text = (tmp_path / "plot.svg").read_text("utf-8")
    assert "nan" not in text.replace("nant", "")


def test_data_is_saved_as_csv(
    pane: PlotPane, qtbot: QtBot, event_loop_of_qt: asyncio.AbstractEventLoop, tmp_path: Path
) -> None:
    pane.show_data([iv("=1+1"), iv("µ")])
    path = tmp_path / "plot.csv"
    pane.saver.save_data(path)
    qtbot.waitUntil(lambda: pane.notes.text() == "Saved as plot.csv.")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["Curve", "Voltage [V]", "Current [µA]"]
    assert len(rows) == 1 + 2 * 41
    assert rows[1] == ["'=1+1", "0.0", "0.1"]
    assert list(tmp_path.iterdir()) == [path]


def test_trend_is_saved_with_times_in_utc(pane: PlotPane) -> None:
    pane.show_data([], [trend([1.0, 2.0])])
    pane.saver.copy_data()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].split("\t") == ["Run", "Date", "Stage", "Verdict", "Mass [g]"]
    assert lines[1].split("\t")[:4] == ["run 0", "2026-03-01T12:00:00Z", "Glued", "passed"]


def test_trouble_in_saving_is_told(
    pane: PlotPane, qtbot: QtBot, event_loop_of_qt: asyncio.AbstractEventLoop, tmp_path: Path
) -> None:
    pane.show_data([iv("IV")])
    gone = tmp_path / "gone"
    for save, name in (
        (pane.saver.save_picture, "a.png"),
        (pane.saver.save_drawing, "a.svg"),
        (pane.saver.save_data, "a.csv"),
    ):
        pane.notes.clear()
        save(gone / name)
        qtbot.waitUntil(partial(says, pane, f"{FileNotWritten.sentence} {FileNotWritten.cure}"))


def test_copies_for_other_programs(pane: PlotPane) -> None:
    pane.show_data([iv("IV")])
    QApplication.processEvents()  # lays the row of pickers out
    pane.saver.copy_picture()
    assert QGuiApplication.clipboard().image().width() == 2 * curve_plot(pane).view.width()
    pane.saver.copy_data()
    assert QGuiApplication.clipboard().text().splitlines()[1].startswith("IV\t0")
    pane.show_data([Measurement("long", (column("v", np.arange(200_000)),))])
    pane.saver.copy_data()
    assert "200,000 rows are too many for the clipboard" in pane.notes.text()
    assert QGuiApplication.clipboard().text().startswith("Curve\tVoltage [V]")


def test_drawing_of_nothing_is_refused_not_raised() -> None:
    assert drawing_of([], Axes("x")).refusal


@pytest.mark.parametrize("size", [5e-324, 1e-310, 1.7e308])
@pytest.mark.parametrize("kind", list(Kind))
def test_numbers_at_the_ends_of_what_floats_hold_are_drawn_or_left_out(
    pane: PlotPane, kind: Kind, size: float
) -> None:
    values = np.array([0.0, size, -size, 2.0])
    points = tuple(TrendPoint(value, "V", None, "Stage", f"run {value}") for value in values)
    measurement = Measurement(
        "run",
        (Column("Voltage", "V", values[:3]), Column("Current", "A", values[:3])),
        (Grid("Height", "mm", values[:2].reshape(1, 2)),),
    )
    pane.show_data([measurement], [Trend("Height", points[:2])])
    pane.kind.setCurrentIndex(pane.kind.findData(kind))
    pane.kind.activated.emit(pane.kind.currentIndex())
    if kind is Kind.TREND:
        pane.x_picker.setCurrentIndex(pane.x_picker.findData(True))
        pane.x_picker.activated.emit(pane.x_picker.currentIndex())
    assert pane.canvas is not None
    assert not pane.grab().isNull()
    ranges = pane.canvas.box.viewRange()
    assert np.isfinite(ranges).all()
    assert np.ptp(ranges, axis=1).min() > 1e-100
