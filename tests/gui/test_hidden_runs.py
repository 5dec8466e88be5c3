"""A run that is looked at while the filter changes, or that does not count any more."""

from __future__ import annotations

from datetime import date

import pytest

from itkgui.records.run_history import Standing
from itkgui.records.test_run import TestRun
from itkgui.views.components.component_view import TESTS
from itkgui.views.test_runs.test_history_view import TestHistoryView
from tests.gui.person import Person

pytestmark = pytest.mark.program("used")

PIXEL = "20UPGM23800001"


@pytest.fixture
def tests(person: Person) -> TestHistoryView:
    """The test runs of the pixel module, on the screen."""
    component = person.scan(PIXEL)
    person.show_tab(TESTS)
    return component.tests


def filter_by(person: Person, tests: TestHistoryView, text: str) -> None:
    person.type(tests.bar.text, text)
    person.until(lambda: tests.table.run_filter.text == text, "the filter")


def look_at(tests: TestHistoryView, test_type: str) -> TestRun:
    run = next(run for run in tests.table.runs if run.test_type.code == test_type and not run.is_deleted)
    assert tests.choose(run.id)
    return run


def test_run_that_the_filter_hides_stays_and_says_so(person: Person, tests: TestHistoryView) -> None:
    run, head = look_at(tests, "IV_MEASURE"), tests.detail.head
    assert not head.reveal_button.isVisible()
    filter_by(person, tests, "metrology")
    assert tests.detail.run is run
    assert not tests.view.selectionModel().hasSelection()
    assert head.hidden.isVisible()
    person.click(head.reveal_button)
    assert not head.hidden.isVisible()
    assert tests.view.chosen.run is run
    assert tests.bar.text.text() == ""
    assert tests.bar.count.text() == f"{len(tests.table.runs)} runs"


def test_run_is_chosen_again_when_the_filter_lets_it_through(person: Person, tests: TestHistoryView) -> None:
    run = look_at(tests, "IV_MEASURE")
    filter_by(person, tests, "metrology")
    filter_by(person, tests, "iv measurement")
    assert tests.view.chosen.run is run
    assert not tests.detail.head.hidden.isVisible()
    viewport = tests.view.viewport().rect()
    assert viewport.contains(tests.view.visualRect(tests.view.currentIndex()).center())


def test_chosen_run_stays_in_sight_whatever_the_filter_does(person: Person, tests: TestHistoryView) -> None:
    run = tests.table.shown[-1].run
    assert run is not None
    tests.choose(run.id)
    tests.view.scrollToTop()
    filter_by(person, tests, run.test_type.label)
    filter_by(person, tests, "")
    assert tests.view.chosen.run is run
    viewport = tests.view.viewport().rect()
    assert viewport.contains(tests.view.visualRect(tests.view.currentIndex()).center())


def test_run_that_is_hidden_stays_when_all_are_loaded_again(person: Person, tests: TestHistoryView) -> None:
    run = look_at(tests, "IV_MEASURE")
    filter_by(person, tests, "metrology")
    tests.show_runs(tests.runs)
    person.until(lambda: not tests.is_loading, "the runs")
    assert tests.detail.run is run
    assert tests.detail.head.hidden.isVisible()


def test_run_in_a_group_that_is_closed_is_not_hidden_by_the_filter(tests: TestHistoryView) -> None:
    look_at(tests, "IV_MEASURE")
    tests.table.set_all_open(False)
    assert not tests.detail.head.hidden.isVisible()


def test_runs_hidden_by_a_switch_are_shown_again(person: Person, tests: TestHistoryView) -> None:
    deleted = next(run for run in tests.table.runs if run.is_deleted)
    tests.choose(deleted.id)
    tests.bar.arrange(deleted=False)
    head = tests.detail.head
    assert head.hidden.isVisible()
    tests.bar.date.choose(date(1999, 1, 1), date(1999, 1, 2))
    person.click(head.reveal_button)
    assert tests.view.chosen.run is deleted
    assert tests.bar.with_deleted
    tests.show_runs([deleted])
    tests.bar.arrange(deleted=False)
    assert "deleted" in tests.rows.no_match.sentence
    person.click(tests.rows.reveal_button)
    assert tests.table.rowCount() == 2


def test_what_does_not_count_is_told_apart_by_word_and_icon(tests: TestHistoryView) -> None:
    table, head = tests.table, tests.detail.head
    pictures = {}
    for standing, word in ((Standing.SUPERSEDED, "superseded"), (Standing.DELETED, "deleted")):
        row = next(row for row in table.records if row.standing is standing and not row.is_heading)
        assert row.run is not None
        tests.choose(row.run.id)
        column = table.columns[0]
        assert column.icon is not None
        pictures[column.icon(row)] = standing
        assert column.text(row).endswith(word)
        assert word in head.standing.text().lower()
        assert head.standing.isVisible()
    assert len(pictures) == 2
    deciding = next(row for row in table.records if row.standing is Standing.DECIDING and not row.is_heading)
    assert deciding.run is not None
    tests.choose(deciding.run.id)
    assert not head.standing.isVisible()
