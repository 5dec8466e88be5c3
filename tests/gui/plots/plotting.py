"""What tests of the plots share: runs to draw, and what a person does with a plot."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import numpy as np
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from itkgui.views.plots.canvas import Canvas
from itkgui.views.plots.curve_plot import CurvePlot
from itkgui.views.plots.curves import Axes
from itkgui.views.plots.data import Column, Grid, Mark, Measurement, Trend, TrendPoint
from itkgui.views.plots.plot_bar import Kind
from itkgui.views.plots.plot_pane import PlotPane
from itkgui.views.plots.trend_plot import TrendPlot

LEFT = Qt.MouseButton.LeftButton
START = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)


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


def many(count: int) -> list[Measurement]:
    return [
        iv(f"run {n}", 1 + n / 10, colour_group=f"part {n % 4}", dash_group=f"stage {n % 3}")
        for n in range(count)
    ]


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


def run(label: str, *columns: Column, **more: Any) -> Measurement:
    return Measurement(label, columns, **more)
