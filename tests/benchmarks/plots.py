"""Measures the plots: first paint, frames per second while one pans and zooms, and how long the GUI stalls.

Run with ``python -m tests.benchmarks.plots``, offscreen unless QT_QPA_PLATFORM says otherwise.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPointF, QTimer
from PySide6.QtWidgets import QApplication

from itkgui.views.diagnosis.heartbeat import Heartbeat
from itkgui.views.plots.canvas import Canvas
from itkgui.views.plots.data import Column, Measurement
from itkgui.views.plots.plot_pane import PlotPane
from itkgui.views.style import QT_ARGUMENTS, Style
from itkgui.views.window.garbage_collector import GarbageCollector
from tests.benchmarks.figures import Figure, report

_SIZE = (1000, 700)
_FRAMES = 60
MOST_PAINT_MS = 300.0  # for 200 curves
LEAST_FRAMES = 30.0  # per second, for a million points
MOST_STALL_P99_MS, MOST_STALL_MS = 16.7, 50.0


@dataclass(frozen=True)
class PlotFigures:
    """What was measured of one plot: the first paint [ms], the slower of pan and zoom [1/s], stalls [ms]."""

    first_paint_ms: float
    frames_per_second: float
    hover_ms: float
    stall_p99_ms: float
    stall_max_ms: float


def iv_curves(count: int = 200, points: int = 500) -> list[Measurement]:
    """Return IV curves of eight components at five stages, each a little different."""
    rng = np.random.default_rng(7)
    volts = np.linspace(0.0, 500.0, points)
    found = []
    for number in range(count):
        level, knee = 0.1 * (1 + number % 8 / 3), rng.normal(440, 12)
        amperes = level * (1 + np.sqrt(volts) / 10) * rng.normal(1, 0.05) + 0.1 * np.exp((volts - knee) / 18)
        found.append(
            Measurement(
                f"run {number}",
                (Column("Voltage", "V", volts), Column("Current", "µA", amperes)),
                colour_group=f"component {number % 8}",
                dash_group=f"stage {number % 5}",
            )
        )
    return found


def long_curve(points: int = 1_000_000) -> list[Measurement]:
    """Return one measurement over time of many points."""
    values = np.cumsum(np.random.default_rng(7).normal(size=points))
    time_column = Column("Time", "s", np.arange(points, dtype=np.float64))
    return [Measurement("long", (time_column, Column("Temperature", "°C", values)))]


def measure(application: QApplication, style: Style, runs: Sequence[Measurement]) -> PlotFigures:
    """Show runs in a pane of their own, move about in it, and close it."""
    pane = PlotPane(style)
    pane.resize(*_SIZE)
    pane.show_data(iv_curves(1))
    pane.show()
    _settle(application)
    begun = time.perf_counter()
    pane.show_data(runs)
    application.processEvents()
    first_paint = time.perf_counter() - begun
    canvas = pane.canvas
    assert canvas is not None
    _settle(application)
    step = (canvas.box.viewRange()[0][1] - canvas.box.viewRange()[0][0]) / 200
    slowest = max(
        _frame(application, lambda: canvas.box.translateBy((step, 0))),
        _frame(application, lambda: canvas.box.scaleBy((0.97, 0.97))),
    )
    canvas.show_all()
    stalls = _stalls(application, canvas)
    hover = _hover(canvas)
    pane.close()
    pane.deleteLater()
    _settle(application)
    return PlotFigures(1000 * first_paint, 1 / slowest, 1000 * hover, stalls["p99"], stalls["max"])


def figures(application: QApplication, style: Style) -> Iterator[Figure]:
    """Measure what the project promises of plots, with garbage collected as the program does."""
    collector = GarbageCollector(application)
    collector.settle()
    for name, runs in (("200 IV curves of 500 points", iv_curves()), ("1,000,000 points", long_curve())):
        found = measure(application, style, runs)
        yield Figure(f"{name}: to the first paint", found.first_paint_ms, "ms", "≤", MOST_PAINT_MS)
        yield Figure(f"{name}: pan and zoom", found.frames_per_second, "/s", "≥", LEAST_FRAMES)
        yield Figure(f"{name}: finding the point hovered on", found.hover_ms, "ms", "≤", MOST_STALL_P99_MS)
        yield Figure(f"{name}: stall p99 while dragged", found.stall_p99_ms, "ms", "≤", MOST_STALL_P99_MS)
        yield Figure(f"{name}: longest stall while dragged", found.stall_max_ms, "ms", "≤", MOST_STALL_MS)
    collector.stop()


def _settle(application: QApplication) -> None:
    for _ in range(5):
        application.processEvents()


def _frame(application: QApplication, move: Callable[[], None]) -> float:
    """Return the median time of a frame [s]: one move, and the paint that follows it."""
    taken = []
    for _ in range(_FRAMES):
        begun = time.perf_counter()
        move()
        application.processEvents()
        taken.append(time.perf_counter() - begun)
    return sorted(taken)[_FRAMES // 2]


def _stalls(application: QApplication, canvas: Canvas) -> dict[str, float]:
    """Return how late the GUI thread was while somebody dragged the plot, 30 times a second."""
    step = (canvas.box.viewRange()[0][1] - canvas.box.viewRange()[0][0]) / 200
    heartbeat, drag = Heartbeat(), QTimer()
    left = iter(range(_FRAMES))

    def move() -> None:
        if next(left, None) is None:
            application.quit()
        canvas.box.translateBy((step, 0))

    drag.timeout.connect(move)
    drag.start(33)
    heartbeat.start()
    application.exec()
    drag.stop()
    return heartbeat.stop()


def _hover(canvas: Canvas) -> float:
    """Return the median time to find the point under the cursor [s]."""
    place = canvas.box.sceneBoundingRect()
    taken = []
    for number in range(_FRAMES):
        at = QPointF(place.left() + place.width() * number / _FRAMES, place.center().y())
        begun = time.perf_counter()
        canvas.nearest(at)
        taken.append(time.perf_counter() - begun)
    return sorted(taken)[_FRAMES // 2]


def main() -> int:
    application = QApplication([*sys.argv[:1], *QT_ARGUMENTS])
    return 0 if report(figures(application, Style(application))) else 1


if __name__ == "__main__":
    sys.exit(main())
