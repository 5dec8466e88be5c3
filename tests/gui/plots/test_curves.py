"""Curves on the screen: what is drawn, chosen and read out, by mouse and by keys."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from itkgui.views.plots.curves import INDEX, Axes
from itkgui.views.plots.data import Measurement
from itkgui.views.plots.palette import colours
from itkgui.views.plots.plot_bar import Kind
from itkgui.views.plots.plot_pane import PlotPane
from itkgui.views.theme import LIGHT
from tests.gui.plots.plotting import (
    LEFT,
    axes_of,
    colours_in,
    column,
    curve_plot,
    double_click,
    iv,
    pixel_of,
    point_at,
)


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
