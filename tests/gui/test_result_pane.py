"""The results of a run: limits where there are some, rows found by typing, the chosen row in full, keys."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from itkgui.item_models.result_table import JUDGED, LIMITS, VALUE, ResultRow, result_rows
from itkgui.records.test_run import TestRun
from itkgui.views.components.component_view import TESTS
from itkgui.views.tables.column_menu import column_menu
from itkgui.views.test_runs.result_pane import ResultPane
from itkgui.views.test_runs.test_history_view import TestHistoryView
from itkgui.views.test_runs.test_run_view import PROPERTIES, RAW, RESULTS
from tests.gui.person import Person
from tests.unit.item_models.runs import result, run_of

pytestmark = pytest.mark.program("used")

PIXEL = "20UPGM23800001"


@pytest.fixture
def tests(person: Person) -> TestHistoryView:
    """The test runs of the pixel module, on the screen."""
    component = person.scan(PIXEL)
    person.show_tab(TESTS)
    component.tests.detail.tabs.setCurrentIndex(RESULTS)
    return component.tests


def show(person: Person, tests: TestHistoryView, *results: dict[str, Any], **data: Any) -> TestRun:
    """Show a run with these results, which the sandbox does not take."""
    run = run_of("LAB_TEST", results=list(results), **data)
    tests.show_runs([run])
    person.until(lambda: tests.detail.run is run, "the run")
    person.until(lambda: list(tests.detail.results.records) and tests.detail.said.text(), "the results")
    person.until(lambda: "asking" not in tests.detail.said.text(), "its limits")
    tests.detail.tabs.setCurrentIndex(RESULTS)
    return run


def titles(pane: ResultPane) -> list[str]:
    return [pane.table.columns[column].title for column in pane.view.layout_of_columns.shown]


LIMITED = result("PULL", 9.5, name="Pull strength [g]", rangeMin=8)
FREE = result("NOTE", "all fine")


def test_limits_are_shown_where_there_are_some(person: Person, tests: TestHistoryView) -> None:
    pane = tests.detail.results_pane
    show(person, tests, LIMITED, FREE)
    assert titles(pane) == ["Quantity", "Value", "Unit", "Limits", "Judged"]
    texts = [pane.table.index(0, column).data() for column in range(5)]
    assert texts == ["Pull strength", "9.5", "g", "≥ 8", "within"]
    assert [pane.table.index(1, column).data() for column in (LIMITS, JUDGED)] == ["", ""]
    show(person, tests, FREE)
    assert titles(pane) == ["Quantity", "Value", "Unit"]


def test_column_that_is_not_wanted_stays_away_though_it_has_something(
    person: Person, tests: TestHistoryView
) -> None:
    pane = tests.detail.results_pane
    show(person, tests, FREE)
    layout = pane.view.layout_of_columns
    menu = column_menu(pane.view, -1, pane)
    entries = {action.text(): action.isChecked() for action in menu.actions() if action.isCheckable()}
    assert entries["Limits  (nothing in it now)"]
    layout.show_column(LIMITS, False)
    assert [entry[2] for entry in layout.saved()["columns"]] == [True, True, True, False, True]
    show(person, tests, LIMITED)
    assert titles(pane) == ["Quantity", "Value", "Unit", "Judged"]
    layout.reset()
    assert titles(pane) == ["Quantity", "Value", "Unit", "Limits", "Judged"]


def test_long_names_get_the_room_that_short_texts_leave(person: Person, tests: TestHistoryView) -> None:
    pane = tests.detail.results_pane
    show(person, tests, result("X", 1, name="A name that needs all of the room"))
    header = pane.view.horizontalHeader()
    narrow = header.sectionSize(VALUE)
    assert header.sectionSize(0) > narrow
    assert header.length() == pane.view.viewport().width()
    show(person, tests, result("X", "a value of many words, longer than any column should be"))
    assert header.sectionSize(VALUE) > narrow
    assert header.length() == pane.view.viewport().width()


# The chosen row -------------------------------------------------------------------------------------------


def test_chosen_row_stands_below_in_full(person: Person, tests: TestHistoryView) -> None:
    pane = tests.detail.results_pane
    show(person, tests, LIMITED, FREE)
    assert not pane.whole.isVisible()
    pane.view.choose_row(0)
    assert pane.whole.isVisible()
    assert pane.whole.text() == "Pull strength  (PULL)\n9.5 g  ·  within limits: ≥ 8 g"
    pane.view.choose_row(1)
    assert "all fine" in pane.whole.text()
    show(person, tests, FREE)
    assert not pane.whole.isVisible()


def test_word_without_an_end_widens_nothing(person: Person, tests: TestHistoryView) -> None:
    show(person, tests, FREE)
    tests.detail.results_view.choose_row(0)
    width = tests.detail.minimumSizeHint().width()
    show(person, tests, result("LONG", "x" * 100_000, name="y" * 10_000))
    tests.detail.results_view.choose_row(0)
    assert tests.detail.minimumSizeHint().width() < width + 40


# Finding --------------------------------------------------------------------------------------------------


def found(pane: ResultPane) -> list[str]:
    rows: Iterable[ResultRow] = pane.table.shown
    return [row.measured.code for row in rows]


def test_rows_are_found_by_typing_until_escape(person: Person, tests: TestHistoryView) -> None:
    pane = tests.detail.results_pane
    show(person, tests, LIMITED, FREE)
    tests.view.setFocus()
    person.press(Qt.Key.Key_F, tests.view, Qt.KeyboardModifier.ControlModifier)
    assert pane.find_field.hasFocus()
    person.type(pane.find_field, "pull")
    assert found(pane) == ["PULL"]
    assert pane.said.text() == "1 of 2 shown"
    person.press(Qt.Key.Key_Return, pane.find_field)
    assert pane.view.hasFocus()
    assert pane.view.chosen.measured.code == "PULL"
    person.press(Qt.Key.Key_Escape, pane.view)
    assert found(pane) == ["PULL", "NOTE"]
    assert not pane.find_field.isVisible()
    assert pane.said.text().startswith("2 results, 1 with limits, all within")
    assert person.component.tests.detail.run is not None


def test_what_is_looked_for_stays_for_the_next_run(person: Person, tests: TestHistoryView) -> None:
    pane = tests.detail.results_pane
    show(person, tests, LIMITED, FREE)
    person.click(pane.find_button)
    person.type(pane.find_field, "fine")
    show(person, tests, result("ELSE", 1), FREE)
    assert found(pane) == ["NOTE"]
    assert pane.said.text() == "1 of 2 shown"


def test_each_tab_finds_in_its_own(person: Person, tests: TestHistoryView) -> None:
    show(person, tests, LIMITED, properties=[result("GLUE", "Araldite"), result("TEMP", 20)])
    detail = tests.detail
    control = Qt.KeyboardModifier.ControlModifier
    detail.tabs.setCurrentIndex(PROPERTIES)
    person.press(Qt.Key.Key_F, tests.view, control)
    person.type(detail.properties_pane.find_field, "glue")
    assert found(detail.properties_pane) == ["GLUE"]
    assert not detail.results_pane.find_field.isVisible()
    detail.tabs.setCurrentIndex(RAW)
    assert detail.raw is not None
    person.until(detail.raw.find_box.isVisible, "the JSON")
    person.press(Qt.Key.Key_F, tests.view, control)
    assert detail.raw.find_box.hasFocus()


# Keys -----------------------------------------------------------------------------------------------------


def test_enter_on_a_run_goes_on_in_its_results(person: Person, tests: TestHistoryView) -> None:
    run = show(person, tests, LIMITED, FREE)
    tests.view.choose_row(tests.table.row_of(run.id))
    tests.view.setFocus()
    person.press(Qt.Key.Key_Return, tests.view)
    assert tests.detail.results_view.hasFocus()
    person.press(Qt.Key.Key_Down, tests.detail.results_view)
    assert tests.detail.results_view.chosen is not None


def test_tab_goes_from_the_filters_over_the_runs_to_the_results(
    person: Person, tests: TestHistoryView
) -> None:
    show(person, tests, LIMITED, FREE)
    detail = tests.detail
    tests.bar.text.setFocus()
    reached: list[Any] = []
    for _ in range(30):
        person.press(Qt.Key.Key_Tab, QApplication.focusWidget())
        reached.append(QApplication.focusWidget())
    stops = [tests.bar.verdict, tests.bar.export_button, tests.view, detail.head.pin_button]
    stops += [detail.tabs.tabBar(), detail.results_pane.find_button, detail.results_view]
    places = [reached.index(stop) for stop in stops]
    assert places == sorted(places)


def test_facts_of_a_run_break_between_each_other_only(person: Person, tests: TestHistoryView) -> None:
    institution = {"code": "MPP", "name": "Max Planck Institute for Physics"}
    run = show(person, tests, FREE, runNumber="1", institution=institution)
    facts = tests.detail.head.facts
    assert facts.text().startswith("Run\N{NO-BREAK SPACE}1\N{NO-BREAK SPACE}")
    assert "MPP" in facts.text()
    assert run.institution.name in facts.toolTip()
    assert result_rows(run, None)[0].measured.code == "NOTE"
