"""A number of the results as a column of the runs, and its trend by a click on the column's title."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from itkgui.item_models.result_table import ResultRow
from itkgui.item_models.run_quantity import RunQuantity
from itkgui.item_models.test_run_table import QUANTITIES
from itkgui.records.test_run import TestRun, ValueKind
from itkgui.views.components.component_view import TESTS
from itkgui.views.plots.plot_bar import Kind
from itkgui.views.test_runs.test_history_view import TestHistoryView
from itkgui.views.test_runs.test_run_view import RESULTS
from tests.gui.person import Person

pytestmark = pytest.mark.program("used")


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
    place = QPoint(header.sectionViewportPosition(QUANTITIES[0]) + 8, header.height() // 2)
    tests.view.scrollTo(tests.table.index(0, QUANTITIES[0]))
    place.setX(header.sectionViewportPosition(QUANTITIES[0]) + 8)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_number_stands_beside_each_run_of_its_type(tests: TestHistoryView) -> None:
    quantity = tests.table.quantities[0]
    assert quantity is not None
    assert QUANTITIES[0] in tests.view.layout_of_columns.shown[:4], "where it is seen"
    assert tests.table.columns[QUANTITIES[0]].title == f"{quantity.name} [{quantity.unit}]"
    chosen = tests.view.chosen
    assert chosen is not None
    assert chosen.run is not None
    assert chosen.run.test_type.code == "MASS_MEASUREMENT", "what was chosen stays"
    found = 0
    for row in range(tests.table.rowCount()):
        record = tests.table.record(tests.table.index(row, 0))
        shown = tests.table.index(row, QUANTITIES[0]).data()
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
    assert tests.table.quantities[0] is not None
    assert pane.y_picker.currentText() == tests.table.quantities[0].name
    assert tests.detail.run is not None
    assert tests.detail.run.test_type.code == "MASS_MEASUREMENT"


def test_preset_has_the_numbers_of_its_test_type(person: Person, tests: TestHistoryView) -> None:
    mass = tests.table.quantities[0]
    run = look_at(person, lambda run: sum(r.kind is ValueKind.NUMBER for r in run.results) > 1)
    numbers = [result for result in run.results if result.kind is ValueKind.NUMBER][:2]
    for result in numbers:
        tests.view.show_quantity(RunQuantity.of(run, result))
    layout, presets = tests.view.layout_of_columns, tests.view.presets
    assert presets is not None
    layout.show_column(QUANTITIES[0], False)
    presets.save("electrical")
    arranged, copied = layout.saved(), presets.as_text()
    layout.reset()
    assert tests.table.quantities == (None,) * len(QUANTITIES)
    assert not set(QUANTITIES) & set(layout.shown)
    presets.choose("electrical")
    assert tests.table.quantities[:3] == (mass, *(RunQuantity.of(run, result) for result in numbers))
    assert layout.saved() == arranged
    assert set(QUANTITIES) & set(layout.shown) == set(QUANTITIES[1:3])
    shown = tests.table.row_of(run.id)
    assert tests.table.index(shown, QUANTITIES[1]).data() == f"{numbers[0].number:.6g}"
    layout.reset()
    layout.take(presets.read(copied))
    assert layout.saved() == arranged, "passed on as text, too"
    other = person.scan("20USBML0000001").tests
    assert other.table.quantities[1] == RunQuantity.of(run, numbers[0]), "kept for the next component"
    assert not set(QUANTITIES) & set(other.view.layout_of_columns.shown), "which has no such runs"


def test_columns_for_numbers_are_taken_anew(tests: TestHistoryView) -> None:
    mass = tests.table.quantities[0]
    assert mass is not None
    others = [replace(mass, code=f"NO_{n}") for n in range(len(QUANTITIES))]
    for other in (mass, *others):
        tests.view.show_quantity(other)
    assert tests.table.quantities == (mass, *others[:-2], others[-1]), "the last one gives way"
    tests.view.layout_of_columns.show_column(QUANTITIES[2], False)
    tests.view.show_quantity(others[-2])
    assert tests.table.quantities[2] == others[-2], "one that nobody wants is taken first"


@pytest.mark.parametrize("kept", [{"quantities": 3}, {"quantities": [3, ["a"], None]}, None])
def test_malformed_numbers_are_left_out(tests: TestHistoryView, kept: object) -> None:
    tests.view.layout_of_columns.take(kept)
    assert tests.table.quantities == (None,) * len(QUANTITIES)


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
