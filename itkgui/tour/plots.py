"""Plots: curves, overlay, trend, histogram, map, pictures among the results; and what is saved of them."""

from __future__ import annotations

import csv
from functools import partial
from operator import is_
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtSvg import QSvgRenderer

from itkgui.item_models.run_rows import RunRow
from itkgui.records.measurement import iv_curve_of
from itkgui.tour.driver import Driver, Step, StepFailed, check, says
from itkgui.tour.parts import PIXEL_MODULE, STRIP_MODULE
from itkgui.tour.runs import Runs
from itkgui.views.components.component_view import TESTS
from itkgui.views.test_runs.test_run_view import RESULTS, TestRunView

if TYPE_CHECKING:  # pyqtgraph is loaded once the window is up
    from itkgui.views.plots.plot_pane import PlotPane

_CONTROL = Qt.KeyboardModifier.ControlModifier
_OVERLAID = 4


class Plots:
    """Begins with the runs of a pixel module and ends with those of a strip module."""

    def __init__(self, driver: Driver, runs: Runs) -> None:
        self._at = driver
        self._runs = runs

    @property
    def steps(self) -> tuple[Step, ...]:
        return (
            ("IV curve", self._curve),
            ("logarithmic axis", self._logarithmic),
            ("several runs overlaid", self._overlay),
            ("plot saved", self._save),
            ("trend with limits", self._trend),
            ("from a point to its run", self._open_point),
            ("histogram", self._histogram),
            ("strip module", self._strip_module),
            ("map", self._map),
            ("pictures of an inspection", self._pictures),
        )

    @property
    def _detail(self) -> TestRunView:
        return self._at.component.tests.detail

    async def _plot(self) -> PlotPane:
        """Bring the plot to the screen, where it is a tab among others, and wait for it."""
        area, tabs = self._detail.plot_area, self._detail.tabs
        await self._at.until(lambda: not area.is_loading and area.has_plot, "a plot")
        if tabs.indexOf(area) >= 0 and tabs.currentWidget() is not area:
            await self._at.show_tab(tabs, tabs.indexOf(area))
        pane = area.pane
        if pane is None or pane.canvas is None:
            raise StepFailed("no plot is on the screen")
        check(pane.canvas.isVisible() and not pane.canvas.refusal, "something is drawn")
        return pane

    async def _read(self, pane: PlotPane, *keys: Qt.Key) -> str:
        """Move the read-out with the keys; return what it says."""
        canvas = pane.canvas
        if canvas is None:
            raise StepFailed("nothing is drawn")
        await self._at.act(canvas.setFocus)
        for key in keys:
            await self._at.press(key)
        await self._at.until(pane.readout.text, "the read-out")
        return pane.readout.text()

    # Curves ------------------------------------------------------------------------------------------------

    async def _curve(self) -> None:
        await self._at.open_component(PIXEL_MODULE)
        await self._at.show_page(TESTS)
        await self._at.choose(self._at.component.tests.view, _is_curve)
        pane = await self._plot()
        check(pane.kind.currentText() == "Curves", "an IV scan is drawn as a curve")
        check(pane.y_picker.currentText() == "Current", "the current is drawn")
        check(pane.x_picker.currentText() == "Voltage", "over the voltage")
        said = await self._read(pane, Qt.Key.Key_End, Qt.Key.Key_Left)
        check(" V" in said and "µA" in said, "the read-out has both values with their units")

    async def _logarithmic(self) -> None:
        pane = await self._plot()
        await self._at.click(pane.logarithmic)
        await self._at.until(
            lambda: pane.canvas is not None and pane.canvas.view.getAxis("left").logMode, "powers of ten"
        )

    async def _overlay(self) -> None:
        await self._at.click((await self._plot()).logarithmic)
        await self.overlay()

    async def overlay(self) -> None:
        """Draw the newest IV scans of the component on the screen over each other."""
        view = self._at.component.tests.view
        wanted = [row for row in view.table.shown if _is_curve(row)][:_OVERLAID]
        for number, row in enumerate(wanted):
            keys = _CONTROL if number else Qt.KeyboardModifier.NoModifier
            await self._at.choose(view, partial(is_, row), keys=keys)
        check(len(view.all_chosen) == _OVERLAID, "several runs are chosen")
        pane = await self._plot()
        await self._at.until(lambda: len(pane.legend.entries) == _OVERLAID, "a curve for each run")
        check(pane.legend.isVisible(), "the legend names them")

    async def _save(self) -> None:
        pane = await self._plot()
        for entry, name in (
            ("Save picture", "plot.png"),
            ("Save drawing", "plot.svg"),
            ("Save data", "plot.csv"),
        ):
            await self._at.unfold(pane.saver)
            await self._at.take(entry)
            path = await self._at.save_as(name)
            said = f"Saved as {name}"
            await self._at.until(partial(says, pane, said), f"the message “{said}”")
            await self._at.program.worker.call(_check_file, path, len(pane.legend.entries))

    # Other kinds -------------------------------------------------------------------------------------------

    async def _trend(self) -> None:
        await self._runs.choose_run("E_SUMMARY")
        await self._at.show_tab(self._detail.tabs, RESULTS)
        row = await self._at.choose(self._detail.results_view, lambda row: bool(row.limits))
        await self._at.click(self._detail.trend_button)
        pane = await self._plot()
        check(pane.kind.currentText() == "Trend", "it is a trend")
        check(pane.y_picker.currentText() == row.label, "of the number that was chosen")
        said = await self._read(pane, Qt.Key.Key_Home)
        check("min " in said or "max " in said, "the read-out names the limits")

    async def _open_point(self) -> None:
        before = self._detail.run
        pane = await self._plot()
        await self._read(pane, Qt.Key.Key_Return)
        await self._at.until(
            lambda: self._detail.run is not None and self._detail.run is not before, "the run of the point"
        )
        check(self._detail.head.back_button.isVisible(), "there is a way back")
        await self._plot()

    async def _histogram(self) -> None:
        await self._runs.choose_run("WIREBOND_PULL_TEST")
        pane = await self._plot()
        check(pane.kind.currentText() == "Histogram", "pull strengths are drawn as a histogram")
        said = await self._read(pane, Qt.Key.Key_Home)
        check(" to " in said, "the read-out tells the range of a bin")

    async def _strip_module(self) -> None:
        await self._at.open_component(STRIP_MODULE)
        await self._at.show_page(TESTS)
        await self._at.choose(self._at.component.tests.view, _is_curve)
        pane = await self._plot()
        said = await self._read(pane, Qt.Key.Key_End)
        check(" V" in said and "A" in said, "the read-out has both values with their units")

    async def _map(self) -> None:
        tests = self._at.component.tests
        own = len(tests.table.runs)
        await self._at.click(tests.bar.family_button)
        await self._at.until(lambda: len(tests.table.runs) > own and not tests.is_loading, "the parts' runs")
        await self._runs.choose_run("ATLAS18_SHAPE_METROLOGY_V1")
        pane = await self._plot()
        check(pane.kind.currentText() == "Map", "a surface is drawn as a map")
        said = await self._read(pane, Qt.Key.Key_Home, Qt.Key.Key_Right)
        check("mm" in said, "the read-out tells place and height")

    async def _pictures(self) -> None:
        await self._runs.choose_run("VIS_INSPECT", with_defects=True)
        await self._at.show_tab(self._detail.tabs, RESULTS)
        buttons = self._detail.pictures.buttons
        check(bool(buttons), "the run has pictures")
        # A button has an icon's name until it has its picture.
        await self._at.until(lambda: not any(b.property("iconName") for b in buttons), "the pictures")
        check(all(button.isVisible() for button in buttons), "they are on the screen")


def _is_curve(row: RunRow) -> bool:
    return not row.is_heading and row.run is not None and iv_curve_of(row.run) is not None


def _check_file(path: Path, curves: int) -> None:
    """Raise StepFailed if a file is not what its name promises, with so many curves."""
    if path.suffix == ".png":
        picture = QImage(str(path))
        check(picture.width() > 400 and picture.height() > 300, "the picture is of a good size")
    elif path.suffix == ".svg":
        check(QSvgRenderer(str(path)).isValid(), "the drawing can be shown")
        text = path.read_text("utf-8")
        check(text.count("<path") + text.count("<polyline") > curves, "the drawing has lines")
    else:
        with path.open(encoding="utf-8-sig", newline="") as file:
            titles, *rows = csv.reader(file)
        check(any("Current [µA]" in title for title in titles), "the columns have units")
        check(len({row[0] for row in rows}) == curves, "every curve is in the file")
