"""Columns of tables plotted: numbers and times, in thousands of rows, and what cannot be."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from itkgui.views.plots.axes import DateAxis
from itkgui.views.plots.curve_plot import CurvePlot
from itkgui.views.plots.plot_pane import PlotPane
from tests.gui.previewing import Viewer
from tests.gui.table_reading import LONG, TableReader

UP, DOWN = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder


@pytest.fixture
def reader(viewer: Viewer) -> TableReader:
    """Look at tables."""
    return TableReader(viewer)


def test_columns_are_plotted(reader: TableReader) -> None:
    reader.look_at(LONG)
    reader.preview.bar.plot_button.click()
    reader.until(lambda: reader.preview.plot is not None and reader.preview.plot.isVisible())
    plot = reader.preview.plot
    assert plot is not None
    reader.until(lambda: isinstance(plot.canvas, CurvePlot))
    names = [plot.y_picker.itemText(n) for n in range(plot.y_picker.count())]
    assert names == ["n", "value"]
    assert (plot.y_picker.currentText(), plot.x_picker.currentText()) == ("value", "n")
    reader.look_at("only,words\na,b\nc,d\n", "b.csv")
    assert not plot.isVisible()


def test_plot_tells_that_the_columns_cannot_be_read(reader: TableReader) -> None:
    reader.look_at(LONG)
    reader.preview.bar.plot_button.click()
    reader.until(lambda: reader.preview.plot is not None and reader.preview.plot.canvas is not None)
    plot = reader.preview.plot
    assert plot is not None
    reader.until(lambda: plot.stack.currentWidget() is not plot.empty)
    reader.look_at("n,value\n1,2\n3,4\n", "b.csv")
    assert plot.empty.sentence == "Reading the columns…"
    (reader.folder / "b.csv").unlink()
    reader.preview.bar.plot_button.click()
    reader.until(lambda: "cannot be read" in plot.empty.sentence)
    assert plot.stack.currentWidget() is plot.empty


def test_plot_that_nobody_wants_any_more_stays_away(reader: TableReader) -> None:
    reader.look_at(LONG)
    button = reader.preview.bar.plot_button
    button.click()
    button.click()
    reader.preview.grid.sortByColumn(1, DOWN)
    reader.until(lambda: reader.preview.table.is_sorted)
    assert reader.preview.plot is None
    button.click()
    reader.until(lambda: isinstance(plot := reader.preview.plot, PlotPane) and plot.isVisible())
    assert reader.preview.parts.count() == 2


def test_times_are_plotted_as_dates(reader: TableReader) -> None:
    lines = "".join(f"{day:02}.11.2026 12:01;1.{day:03},50\n" for day in range(1, 31))
    reader.look_at("Zeit;Wert\n" + lines, "iv_tausender.csv")
    reader.preview.bar.plot_button.click()
    reader.until(
        lambda: reader.preview.plot is not None and isinstance(reader.preview.plot.canvas, CurvePlot)
    )
    plot = reader.preview.plot
    assert plot is not None
    canvas = plot.canvas
    assert isinstance(canvas, CurvePlot)
    reader.until(lambda: canvas.curves)
    assert (plot.y_picker.currentText(), plot.x_picker.currentText()) == ("Wert", "Zeit")
    assert [plot.y_picker.itemText(n) for n in range(plot.y_picker.count())] == ["Wert"]
    assert isinstance(canvas.view.getAxis("bottom"), DateAxis)
    assert "2026-11-01 12:01" in canvas.describe(0)
    assert canvas.curves[0].y[0] == 1001.5
    plot.x_picker.setCurrentIndex(plot.x_picker.findText("Index"))
    plot.x_picker.activated.emit(plot.x_picker.currentIndex())
    assert not isinstance(canvas.view.getAxis("bottom"), DateAxis)


def test_words_cannot_be_plotted(reader: TableReader) -> None:
    reader.look_at("only,words\na,b\nc,d\n")
    reader.preview.bar.plot_button.click()
    reader.until(lambda: reader.preview.plot is not None and "holds" in reader.preview.plot.empty.sentence)
    plot = reader.preview.plot
    assert plot is not None
    assert plot.empty.sentence == "No column holds numbers."


def test_plot_of_very_many_rows_says_which_it_draws(reader: TableReader) -> None:
    reader.look_at("n,v\n" + "".join(f"{n},{5000 if n == 77_777 else n % 9}\n" for n in range(150_000)))
    reader.preview.bar.plot_button.click()
    reader.until(
        lambda: reader.preview.plot is not None and "Of each 6 rows" in reader.preview.plot.notes.text()
    )
    plot = reader.preview.plot
    assert plot is not None
    assert isinstance(plot.canvas, CurvePlot)
    assert plot.canvas.curves[0].y.max() == 5000
