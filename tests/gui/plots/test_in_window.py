"""Plots on the page of a component: of several runs, of what has no plot, and with pinned runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel

from itkgui.client.exceptions import FileNotWritten
from itkgui.records.measurement import iv_curve_of
from itkgui.records.test_run import TestRun
from itkgui.views.components.component_view import TESTS
from itkgui.views.plots.plot_bar import Kind
from itkgui.views.test_runs.test_run_view import TestRunView
from tests.gui.person import Person

pytestmark = pytest.mark.program("used")

PIXEL, OTHER_PIXEL = "20UPGM23800001", "20UPGM23100002"


def choose_runs(person: Person, wanted: Callable[[TestRun], bool]) -> TestRunView:
    """Choose all runs of a kind, and wait for their plot."""
    tests = person.component.tests
    table, select = (
        tests.table,
        QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows,
    )
    places = [
        place
        for place in range(table.rowCount())
        if (row := table.record(table.index(place, 0))).run is not None
        and not row.is_heading
        and wanted(row.run)
    ]
    assert len(places) > 1
    tests.view.choose_row(places[0])
    for place in places:
        tests.view.selectionModel().select(table.index(place, 0), select)
    person.settle()
    person.until(lambda: not tests.detail.plot_area.is_loading, "the plot")
    return tests.detail


def test_several_runs_of_single_numbers_have_a_trend(person: Person) -> None:
    person.scan(PIXEL)
    person.show_tab(TESTS)
    choose_runs(person, lambda run: run.test_type.code == "MASS_MEASUREMENT")
    pane = person.plot()
    person.until(lambda: pane.kind.currentData() is Kind.TREND, "the trend")
    assert pane.y_picker.currentText() == "Mass"


def test_what_has_no_trend_is_told(person: Person) -> None:
    person.scan(PIXEL)
    run = person.look_at_run(lambda run: iv_curve_of(run) is not None)
    pane, detail = person.plot(), person.component.tests.detail
    detail.show_trend("NO_SUCH_RESULT")
    person.until(lambda: "There is no trend of this." in pane.notes.text(), "the words")
    assert pane.kind.currentData() is Kind.CURVES, run
    person.look_at_run(lambda run: run.test_type.code == "QUAD_MODULE_METROLOGY")
    person.until(lambda: not pane.isVisible(), "the plot to go")
    detail.show_trend("NO_SUCH_RESULT")
    person.until(lambda: pane.empty.isVisible(), "the words instead of a plot")
    assert pane.empty.sentence == "There is no trend of this."


def test_pinned_run_is_hidden_and_unpinned_by_the_plot(person: Person) -> None:
    person.scan(PIXEL)
    pinned = person.look_at_run(lambda run: iv_curve_of(run) is not None)
    person.click(person.component.tests.detail.head.pin_button)
    person.scan(OTHER_PIXEL)
    person.look_at_run(lambda run: iv_curve_of(run) is not None)
    pane = person.plot()
    first = pane.legend.entries[0]
    assert first.is_pinned
    assert first.text.startswith(f"pinned  ·  {PIXEL}")
    assert pinned.component.label == PIXEL
    pane.bar.pins_shown.trigger()
    assert len(person.curve().curves) == 1
    pane.bar.pins_shown.trigger()
    assert len(person.curve().curves) == 2
    pane.bar.pin_menu.actions()[-1].trigger()
    person.until(lambda: len(person.curve().curves) == 1, "the pinned one to go")
    assert pane.bar.pin_button.isHidden()


def test_saved_plot_is_told_at_the_foot(person: Person, tmp_path: Path) -> None:
    person.scan(PIXEL)
    person.look_at_run(lambda run: iv_curve_of(run) is not None)
    saver = person.plot().saver
    saver.save_picture(tmp_path / "plot.png")
    person.until(lambda: person.verdict == "Saved as plot.png.", "the news at the foot")
    saver.save_drawing(tmp_path / "nowhere" / "plot.svg")
    person.until(lambda: FileNotWritten.sentence in person.verdict, "the trouble at the foot")
