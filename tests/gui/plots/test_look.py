"""The look of every kind of plot: theme, text size, room; numbers at the ends of what there is."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QApplication, QStyle, QStyleOptionComboBox, QWidget
from pytestqt.qtbot import QtBot

from itkgui.views.plots.data import Column, Grid, Measurement, Trend, TrendPoint
from itkgui.views.plots.plot_bar import Kind
from itkgui.views.plots.plot_pane import PlotPane
from itkgui.views.style import Style
from itkgui.views.theme import DARK, LIGHT
from tests.gui.plots.plotting import colours_in, curve_plot, everything, iv, many


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
