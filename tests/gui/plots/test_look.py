"""The look of every kind of plot: theme, text size, room; numbers at the ends of what there is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from itkgui.views.plots.data import Column, Grid, Measurement, Trend, TrendPoint
from itkgui.views.plots.plot_bar import Kind
from itkgui.views.plots.plot_pane import PlotPane
from itkgui.views.style import Style
from itkgui.views.theme import DARK, LIGHT
from tests.gui.plots.plotting import choose, colours_in, column, curve_plot, everything, iv, many, run, trend


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
        assert box.shown_text == box.currentText()
    row = pane.bar.row
    for button in (pane.logarithmic, pane.scale, pane.show_all, pane.legend_button, pane.saver):
        assert button.isVisible() is (button not in row.rest)
        if button.isVisible():
            assert button.width() >= button.sizeHint().width()
            assert pane.rect().contains(button.mapTo(pane, button.rect().bottomRight()))
    assert row.more.isVisible() is bool(row.rest) is (width < 500)


def test_what_has_no_room_in_the_row_is_in_its_menu(pane: PlotPane) -> None:
    pane.show_data(many(3))
    pane.resize(340, 400)
    QApplication.processEvents()
    row = pane.bar.row
    assert row.rest[-1] is pane.saver
    row.more.click()
    (menu,) = (child for child in row.findChildren(QMenu) if child.isVisible())
    entries = {entry.text(): entry for entry in menu.actions()}
    assert list(entries) == [button.toolTip() for button in row.rest]
    assert entries["Legend"].isChecked()
    assert entries["Save or copy"].menu() is pane.saver.menu()
    entries["Legend"].trigger()
    assert pane.legend.isHidden()
    menu.close()
    pane.resize(660, 400)
    QApplication.processEvents()
    assert not row.rest
    assert not pane.legend_button.isChecked()


def test_long_names_have_the_room_there_is_and_end_in_dots(pane: PlotPane) -> None:
    name = "Leakage current at depletion voltage + 50 V at room temperature"
    pane.show_data([], [replace(trend([1.0, 2.0]), name=name)])
    QApplication.processEvents()
    picker = pane.y_picker
    assert picker.shown_text.endswith("…")
    assert name.startswith(picker.shown_text.rstrip("…").rstrip())
    assert picker.toolTip() == f"What is plotted: {name}"
    pane.resize(1000, 340)
    QApplication.processEvents()
    assert picker.shown_text == name


def test_row_follows_the_size_of_text(pane: PlotPane, style: Style, qtbot: QtBot) -> None:
    pane.show_data(many(3))
    pane.resize(540, 400)
    QApplication.processEvents()
    assert not pane.bar.row.rest
    style.scale(150)
    try:
        qtbot.waitUntil(lambda: not style.is_changing)
        qtbot.waitUntil(lambda: bool(pane.bar.row.rest))
        assert pane.bar.row.minimumSizeHint().width() <= 540
    finally:
        style.scale(100)
        qtbot.waitUntil(lambda: not style.is_changing)


def test_files_are_for_the_page_around(pane: PlotPane) -> None:
    pane.show_data([iv("IV")])
    for widget in (curve_plot(pane), *curve_plot(pane).findChildren(QWidget)):
        assert not widget.acceptDrops(), widget


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


@pytest.mark.parametrize("height", [171, 210, 260, 420])
@pytest.mark.parametrize("percent", [100, 200])
def test_label_of_a_low_plot_keeps_off_the_ticks(
    pane: PlotPane, style: Style, qtbot: QtBot, height: int, percent: int
) -> None:
    style.scale(percent)
    try:
        qtbot.waitUntil(lambda: not style.is_changing)
        pane.show_data([run("r", column("Leakage current at depletion voltage", np.arange(40) / 1e4, "µA"))])
        choose(pane, Kind.CURVES)
        pane.resize(340, height)
        QApplication.processEvents()
        pane.grab()
        QApplication.processEvents()
        axis = curve_plot(pane).view.getAxis("left")
        ticks = axis.textWidth + axis.style["tickTextOffset"][0] + max(0, axis.style["tickLength"])
        assert axis.label.pos().x() + axis.label.boundingRect().height() <= axis.width() - ticks + 0.5
    finally:
        style.scale(100)
        qtbot.waitUntil(lambda: not style.is_changing)
