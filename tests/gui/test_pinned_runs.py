"""The runs pinned for comparison: counted, listed, shown, opened, let go, on the page of any component."""

from __future__ import annotations

import pytest

from itkgui.views.components.component_view import TESTS
from itkgui.views.test_runs.test_history_view import TestHistoryView
from tests.gui.person import Person, pick

PIXEL, OTHER = "20UPGM23800001", "20UPGM23100002"


@pytest.fixture
def tests(person: Person) -> TestHistoryView:
    """The test runs of another module, after two of the pixel module were pinned."""
    first = person.scan(PIXEL).tests
    person.show_tab(TESTS)
    assert not first.bar.pinned_button.isVisible()
    for run in first.table.runs[:2]:
        first.choose(run.id)
        person.click(first.detail.head.pin_button)
    second = person.scan(OTHER).tests
    person.show_tab(TESTS)
    return second


def test_pins_are_counted_on_every_page(tests: TestHistoryView) -> None:
    button = tests.bar.pinned_button
    assert button.isVisible()
    assert button.text() == "2 pinned ▾"
    assert button.accessibleName() == "2 runs pinned for comparison"


def test_pinned_run_is_shown_here_and_back_leads_to_the_one_before(
    person: Person, tests: TestHistoryView
) -> None:
    before, wanted = tests.detail.run, tests._context.pinned.runs[1]
    assert before is not None
    pick(tests.bar.pinned_button, wanted.test_type.label, "Show it here")
    assert tests.detail.run is wanted
    assert PIXEL in tests.detail.head.facts.text()
    person.click(tests.detail.head.back_button)
    assert tests.detail.run is before


def test_component_of_a_pinned_run_is_opened(person: Person, tests: TestHistoryView) -> None:
    wanted = tests._context.pinned.runs[0]
    pick(tests.bar.pinned_button, wanted.test_type.label, "Open its component")
    person.until(lambda: person.component.component.label == PIXEL, "the pixel module")


def test_one_is_unpinned_and_then_all(tests: TestHistoryView) -> None:
    button, pinned = tests.bar.pinned_button, tests._context.pinned
    gone, left = pinned.runs
    pick(button, gone.test_type.label, "Unpin")
    assert [run.id for run in pinned.runs] == [left.id]
    assert button.text() == "1 pinned ▾"
    pick(button, "Unpin all")
    assert not pinned.runs
    assert not button.isVisible()
