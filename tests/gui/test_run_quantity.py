"""A number of the results as a column of the runs, and its trend by a click on the column's title."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from itkgui.item_models.result_table import ResultRow
from itkgui.item_models.test_run_table import QUANTITY
from itkgui.records.test_run import TestRun, ValueKind
from itkgui.views.component_view import TESTS
from itkgui.views.plots.plot_bar import Kind
from itkgui.views.test_history_view import TestHistoryView
from itkgui.views.test_run_view import RESULTS
from tests.gui.person import Person


@pytest.fixture
def tests(person: Person) -> TestHistoryView:
    """The test runs of a pixel module, with the mass of each beside it."""
    component = person.scan("20UPGM23800001")
    person.show_tab(TESTS)
    look_at(person, lambda run: run.test_type.code == "MASS_MEASUREMENT")
    results = component.tests.detail.results_view

    def is_number(row: ResultRow) -> bool:
        return row.measured.kind is ValueKind.NUMBER

    person.choose(results, is_number)
    results.column_action.trigger()
    return component.tests


def look_at(person: Person, wanted: Callable[[TestRun], bool]) -> TestRun:
    run: TestRun = person.look_at_run(wanted)
    detail = person.component.tests.detail
    person.until(lambda: detail.results.rowCount() == len(run.results), "the results")
    return run


def click_title(tests: TestHistoryView) -> None:
    header = tests.view.horizontalHeader()
    place = QPoint(header.sectionViewportPosition(QUANTITY) + 8, header.height() // 2)
    tests.view.scrollTo(tests.table.index(0, QUANTITY))
    place.setX(header.sectionViewportPosition(QUANTITY) + 8)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_number_stands_beside_each_run_of_its_type(tests: TestHistoryView) -> None:
    quantity = tests.table.quantity
    assert quantity is not None
    assert QUANTITY in tests.view.layout_of_columns.shown[:4], "where it is seen"
    assert tests.table.columns[QUANTITY].title == f"{quantity.name} [{quantity.unit}]"
    chosen = tests.view.chosen
    assert chosen is not None
    assert chosen.run is not None
    assert chosen.run.test_type.code == "MASS_MEASUREMENT", "what was chosen stays"
    found = 0
    for row in range(tests.table.rowCount()):
        record = tests.table.record(tests.table.index(row, 0))
        shown = tests.table.index(row, QUANTITY).data()
        number = quantity.number_in(record)
        assert shown == ("" if number is None else f"{number:.6g}")
        if record.run is not None and record.run.test_type.code != "MASS_MEASUREMENT":
            assert shown == ""
        found += bool(shown)
    assert found > 2


@pytest.mark.parametrize("other", ["MASS_MEASUREMENT", "IV_MEASURE"])
def test_click_on_the_title_shows_the_trend(person: Person, tests: TestHistoryView, other: str) -> None:
    look_at(person, lambda run: run.test_type.code == other)
    click_title(tests)
    pane = person.plot()
    person.until(lambda: pane.kind.currentData() is Kind.TREND, "the trend")
    assert tests.table.quantity is not None
    assert pane.y_picker.currentText() == tests.table.quantity.name
    assert tests.detail.run is not None
    assert tests.detail.run.test_type.code == "MASS_MEASUREMENT"


def test_only_numbers_can_stand_beside_runs(person: Person) -> None:
    person.scan("20UPGM23800001")
    person.show_tab(TESTS)
    look_at(person, lambda run: any(r.kind is ValueKind.OBJECT for r in run.results))
    detail = person.component.tests.detail
    detail.tabs.setCurrentIndex(RESULTS)
    view = detail.results_view
    person.choose(view, lambda row: row.measured.kind is ValueKind.OBJECT)
    assert not view.column_action.isEnabled()
    assert not detail.properties_pane.view.column_action.isVisible()
