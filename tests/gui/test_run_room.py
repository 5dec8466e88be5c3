"""The room of the tests' page: side by side, in rows, the run alone, and large text on a low page."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QScrollArea, QWidget

from itkgui.item_models.test_run_table import DATE, STAGE, TEST_TYPE
from itkgui.records.measurement import iv_curve_of
from itkgui.views.components.component_view import TESTS
from itkgui.views.test_runs.test_history_view import TestHistoryView
from itkgui.views.test_runs.test_run_view import RESULTS
from tests.gui.person import Person

pytestmark = pytest.mark.program("used")

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def tests(person: Person) -> TestHistoryView:
    """The test runs of a pixel module in a small window, an IV curve beside them."""
    person.window.resize(1366, 768)
    component = person.scan("20UPGM23800001")
    person.show_tab(TESTS)
    person.look_at_run(lambda run: iv_curve_of(run) is not None)
    person.plot()
    return component.tests


def is_in_sight(person: Person, widget: QWidget) -> bool:
    """Tell whether all of a widget is seen without scrolling the page."""
    (page,) = (area for area in person.component.findChildren(QScrollArea) if area.isAncestorOf(widget))
    place = widget.mapTo(page.viewport(), QPoint())
    return 0 <= place.y() <= page.viewport().height() - widget.height() and widget.isVisible()


def test_run_has_the_page_alone_and_gives_it_back(person: Person, tests: TestHistoryView) -> None:
    head, width = tests.detail.head, tests.detail.width()
    assert "Ctrl+E" in head.enlarge_button.toolTip()
    person.click(head.enlarge_button)
    person.until(lambda: tests.detail.width() == tests.width() > width, "the whole page")
    assert not tests.view.isVisible()
    assert not tests.bar.isVisible()
    assert "Esc" in head.enlarge_button.toolTip()
    focus = person.window.focusWidget()
    assert focus is not None
    assert tests.detail.isAncestorOf(focus)
    person.show_tab(TESTS - 1)
    person.show_tab(TESTS)
    assert head.enlarge_button.isChecked(), "as long as the page is open"
    tests.detail.take_focus()
    person.press(Qt.Key.Key_Escape, person.window.focusWidget())
    person.until(lambda: tests.detail.width() == width, "the table beside it")
    assert tests.view.hasFocus()
    assert not head.enlarge_button.isChecked()
    person.press(Qt.Key.Key_E, tests.view, CONTROL)
    assert head.enlarge_button.isChecked()
    person.press(Qt.Key.Key_E, person.window.focusWidget(), CONTROL)
    assert not head.enlarge_button.isChecked()


def test_escape_is_first_for_what_is_open_in_the_run(person: Person, tests: TestHistoryView) -> None:
    detail = tests.detail
    person.click(detail.head.enlarge_button)
    detail.tabs.setCurrentIndex(RESULTS)
    detail.results_pane.begin_finding()
    person.press(Qt.Key.Key_Escape, detail.results_pane.find_field)
    assert detail.results_pane.find_field.isHidden()
    assert detail.head.enlarge_button.isChecked()
    person.press(Qt.Key.Key_Escape, detail.results_view)
    assert not detail.head.enlarge_button.isChecked()


def test_plot_is_in_sight_at_large_text_on_a_low_page(person: Person, tests: TestHistoryView) -> None:
    person.scale(150)
    pane = person.plot()
    assert pane.canvas is not None
    person.until(lambda: pane.canvas is not None and is_in_sight(person, pane.canvas), "the plot in sight")
    assert tests.view.isVisible()
    beside = pane.canvas.height()
    assert pane.canvas.width() > 400
    person.click(tests.detail.head.enlarge_button)
    person.until(lambda: pane.canvas is not None and pane.canvas.height() > 1.3 * beside, "a larger plot")
    assert is_in_sight(person, pane.canvas)
    person.scale(100)
    person.click(tests.detail.head.enlarge_button)
    person.until(lambda: tests.bar.mapTo(tests, QPoint()).y() == 0, "the filters above all")
    assert tests.bar.width() == tests.width()


def test_a_narrow_table_leaves_out_the_stage_and_shows_the_rest(
    person: Person, tests: TestHistoryView
) -> None:
    view = tests.view
    assert not view.isColumnHidden(STAGE)
    person.window.resize(1024, 768)
    person.until(lambda: view.isColumnHidden(STAGE), "the room for the rest")
    person.until(lambda: view.horizontalHeader().length() <= view.viewport().width(), "all of it in sight")
    assert view.columnWidth(TEST_TYPE) > view.columnWidth(DATE)
    person.window.resize(1366, 768)
    person.until(lambda: not view.isColumnHidden(STAGE), "the stage")


def test_table_is_above_the_run_on_a_narrow_page(person: Person, tests: TestHistoryView) -> None:
    assert tests.parts.orientation() is Qt.Orientation.Horizontal
    before = tests.parts.sizes()
    other = person.scan("20UPGM23100002").tests
    person.show_tab(TESTS)
    person.press(Qt.Key.Key_Return, person.workspace, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    person.until(lambda: tests.isVisible() and other.isVisible(), "both")
    for page in (tests, other):
        person.until(partial(is_in_rows, page), "rows")
    person.press(Qt.Key.Key_Return, person.workspace, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    person.until(lambda: not is_in_rows(other), "side by side again")
    person.scan("20UPGM23800001")
    person.until(lambda: tests.parts.sizes() == before, "the room of before")


def is_in_rows(page: TestHistoryView) -> bool:
    """Tell whether table and run both have the whole width."""
    return page.view.width() == page.detail.width() == page.width()
