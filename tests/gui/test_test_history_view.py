"""All test runs of a component: grouped, filtered, with those of its parts, as they come or do not."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from PySide6.QtCore import Qt

from itkgui.item_models.test_run_table import COMPONENT, STAGE, TEST_TYPE
from itkgui.records.run_history import Standing, Verdict
from itkgui.views.components.component_view import TESTS, ComponentView
from itkgui.views.diagnosis.heartbeat import Heartbeat
from itkgui.views.test_runs.test_history_view import TestHistoryView
from tests.conftest import settings_for
from tests.end2end.plain_server import PlainServer
from tests.gui.person import Person, words
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.program("used")

PIXEL, STRIP, SENSOR = "20UPGM23800001", "20USBML0000001", "20USBSL0000001"
Sandboxes = Callable[..., SandboxProcess]
Programs = Callable[..., Person]


@pytest.fixture
def server(sandbox: SandboxProcess) -> Iterator[PlainServer]:
    with PlainServer(sandbox) as found:
        yield found


@pytest.fixture
def tests(person: Person) -> TestHistoryView:
    """The test runs of the pixel module, on the screen."""
    return open_tests(person, PIXEL)


def open_tests(person: Person, label: str) -> TestHistoryView:
    component = person.scan(label)
    person.show_tab(TESTS)
    return component.tests


def rows_of(view: TestHistoryView) -> list[Any]:
    table = view.table
    return [table.record(table.index(row, 0)) for row in range(table.rowCount())]


def shown_runs(view: TestHistoryView) -> list[Any]:
    return [row.run for row in rows_of(view) if not row.is_heading]


# Groups ---------------------------------------------------------------------------------------------------


def test_newest_run_of_each_group_decides(tests: TestHistoryView) -> None:
    rows = rows_of(tests)
    headings = [row for row in rows if row.is_heading]
    assert len(headings) > 3
    for heading in headings:
        own = [row.run for row in rows if row.group == heading.group and not row.is_heading]
        assert heading.count == len(own)
        valid = [run for run in own if not run.is_deleted]
        assert heading.run is (max(valid, key=lambda run: run.age_key) if valid else None)


def test_groups_open_and_close_by_keyboard(person: Person, tests: TestHistoryView) -> None:
    everything = tests.table.rowCount()
    row = rows_of(tests)[1]
    tests.view.choose_row(1)
    tests.view.setFocus()
    person.press(Qt.Key.Key_Left, tests.view)
    assert tests.view.chosen.is_heading
    person.press(Qt.Key.Key_Left, tests.view)
    assert not tests.table.is_open(row.group)
    assert tests.table.rowCount() < everything
    person.press(Qt.Key.Key_Right, tests.view)
    assert tests.table.rowCount() == everything
    person.press(Qt.Key.Key_Space, tests.view)
    assert not tests.table.is_open(row.group)
    person.press(Qt.Key.Key_Return, tests.view)
    assert tests.table.is_open(row.group)
    assert tests.view.chosen.group == row.group


def test_groups_open_and_close_by_mouse(person: Person, tests: TestHistoryView) -> None:
    place = tests.view.visualRect(tests.table.index(0, TEST_TYPE))
    group = rows_of(tests)[0].group
    arrow = place.topLeft()
    arrow.setX(arrow.x() + 12)
    arrow.setY(place.center().y())
    person.click_at(tests.view.viewport(), arrow)
    assert not tests.table.is_open(group)
    person.click_at(tests.view.viewport(), arrow)
    assert tests.table.is_open(group)


def test_heading_shows_the_run_that_decides(person: Person, tests: TestHistoryView) -> None:
    row = next(n for n, row in enumerate(rows_of(tests)) if row.is_heading and row.count > 1)
    tests.view.choose_row(row)
    shown = tests.detail.run
    assert shown is not None
    assert shown.id == rows_of(tests)[row].run.id


# Filters --------------------------------------------------------------------------------------------------


def test_filters_are_combined_counted_and_taken_off_at_once(person: Person, tests: TestHistoryView) -> None:
    bar, total = tests.bar, len(tests.table.runs)
    assert bar.count.text() == f"{total} runs"
    assert not bar.clear_button.isVisible()
    person.type(bar.text, "visual insp")
    person.until(lambda: len(shown_runs(tests)) < total, "the text filter")
    by_text = len(shown_runs(tests))
    bar.verdict.choose(["failed"])
    found = shown_runs(tests)
    assert 0 < len(found) < by_text
    assert {run.verdict for run in found} == {Verdict.FAILED}
    assert bar.count.text() == f"{len(found)} of {total} shown"
    stage = found[0].stage.code
    bar.stage.choose([stage])
    assert {run.stage.code for run in shown_runs(tests)} == {stage}
    day = found[0].date.astimezone().date()
    bar.date.choose(day, day)
    assert {run.date.astimezone().date() for run in shown_runs(tests)} == {day}
    person.click(bar.clear_button)
    assert len(shown_runs(tests)) == total
    assert bar.text.text() == ""
    assert not bar.stage.chosen


def test_filters_offer_what_there_is(tests: TestHistoryView) -> None:
    runs = tests.table.runs
    menu_counts = {choice.key: choice.count for choice in tests.bar.test_type.choices}
    assert menu_counts == {
        code: sum(run.test_type.code == code for run in runs) for code in {r.test_type.code for r in runs}
    }
    assert {choice.key for choice in tests.bar.stage.choices} == {run.stage.code for run in runs}


def test_nothing_found_says_how_to_go_on(person: Person, tests: TestHistoryView) -> None:
    person.type(tests.bar.text, "no such words")
    person.until(tests.rows.no_match.isVisible, "the pane")
    assert tests.rows.no_match.sentence == "No run matches."
    assert tests.bar.count.text() == f"none of {len(tests.table.runs)}"
    person.click(tests.rows.reveal_button)
    assert tests.view.isVisible()
    assert tests.bar.count.text() == f"{len(tests.table.runs)} runs"
    assert not tests.bar.clear_button.isVisible()


def test_switches_are_remembered(person: Person, tests: TestHistoryView) -> None:
    deleted = [run for run in tests.table.runs if run.is_deleted]
    assert deleted
    tests.bar.arrange(grouped=False, deleted=False, superseded=False)
    assert not any(row.is_heading for row in rows_of(tests))
    assert {row.standing for row in rows_of(tests)} == {Standing.DECIDING}
    other = open_tests(person, STRIP)
    assert not other.table.is_grouped
    assert not other.bar.with_deleted
    assert not other.bar.with_superseded
    tests.bar.arrange(grouped=True, deleted=True, superseded=True)


# Parts ----------------------------------------------------------------------------------------------------


def test_runs_of_the_parts_are_added_and_taken_away(
    person: Person, tests: TestHistoryView, server: PlainServer
) -> None:
    own = len(tests.table.runs)
    assert tests.view.isColumnHidden(COMPONENT)
    person.click(tests.bar.family_button)
    person.until(lambda: len(tests.table.runs) > own and not tests.loading.isVisible(), "the parts' runs")
    owners = {row.component.label for row in rows_of(tests)}
    assert PIXEL in owners
    assert len(owners) > 3
    part = next(owner for owner in owners if owner != PIXEL and server.runs(owner))
    of_part = {run["id"] for run in server.runs(part)}
    assert of_part <= {run.id for run in tests.table.runs if run.component.label == part}
    assert not tests.view.isColumnHidden(COMPONENT)
    assert rows_of(tests)[0].component.label == PIXEL
    person.click(tests.bar.family_button)
    assert len(tests.table.runs) == own


def test_loading_the_parts_can_be_stopped(start_sandbox: Sandboxes, start_program: Programs) -> None:
    slow = start_sandbox("--components", "200", "--latency", "300")
    person = start_program(settings_for(slow))
    person.sign_in()
    tests = open_tests(person, PIXEL)
    own = len(tests.table.runs)
    person.click(tests.bar.family_button)
    person.until(tests.loading.isVisible, "word of it")
    person.click(tests.loading.stop_button)
    assert not tests.loading.isVisible()
    assert len(tests.table.runs) >= own
    assert tests.view.isVisible()


def test_component_without_parts_offers_none(person: Person) -> None:
    tests = open_tests(person, SENSOR)
    assert not tests.bar.family_button.isVisible()


def test_a_run_that_a_filter_hides_is_chosen_all_the_same(person: Person, tests: TestHistoryView) -> None:
    run = tests.table.runs[-1]
    person.type(tests.bar.text, "no such words")
    person.until(tests.rows.no_match.isVisible, "the filter")
    assert tests.choose(run.id)
    assert tests.view.chosen.run is run
    assert tests.bar.text.text() == ""
    tests.bar.arrange(deleted=False)
    deleted = next(run for run in tests.table.runs if run.is_deleted)
    assert tests.choose(deleted.id)
    assert tests.detail.run is deleted
    tests.bar.arrange(deleted=True)
    assert not tests.choose("0" * 24)


# As they come ---------------------------------------------------------------------------------------------


@pytest.mark.alone
def test_a_thousand_runs_are_there_soon_and_nothing_stalls(
    start_sandbox: Sandboxes, start_program: Programs
) -> None:
    process = start_sandbox("--components", "100")
    with PlainServer(process) as server:
        count = upload_runs(server, STRIP, 1000)
    person = start_program(settings_for(process))
    person.sign_in()
    heart = Heartbeat()
    heart.start()
    person.type_label(STRIP)
    person.until(
        lambda: person.workspace.current_component is not None and person.component.is_complete,
        "the component",
    )
    component: ComponentView = person.component
    started = time.perf_counter()
    seen: set[int] = set()

    def all_are_there() -> bool:
        seen.add(len(component.tests.table.runs))
        return count in seen

    person.until(all_are_there, "all runs")
    took = time.perf_counter() - started
    stalls = heart.stop()
    assert took < 5, f"{took:.1f} s"  # packaging/bench.sh measures it on a quiet computer
    assert stalls["max"] < 250, stalls
    assert len(seen - {0}) > 1, "rows came all at once"


def upload_runs(server: PlainServer, serial: str, count: int) -> int:
    """Upload a run that fits the component's stage again and again; return how many runs it has then."""
    stage = server.component(serial)["currentStage"]["code"]
    like = next(run for run in server.runs(serial) if run["components"][0]["testedAtStage"]["code"] == stage)
    body = {
        "component": serial,
        "testType": like["testType"]["code"],
        "institution": like["institution"]["code"],
        "date": like["date"],
        "passed": True,
        "problems": False,
        "properties": {found["code"]: found["value"] for found in like["properties"]},
        "results": {found["code"]: found["value"] for found in like["results"]},
    }
    for number in range(count):
        server.ask("POST", "uploadTestRunResults", {**body, "runNumber": str(number)})
    return sum(len(kind["testRuns"]) for kind in server.component(serial)["tests"])


def test_loading_can_be_stopped_by_escape(start_sandbox: Sandboxes, start_program: Programs) -> None:
    process = start_sandbox("--components", "100")
    faults = f"{process.info['api_url']}_sandbox/faults"
    person = start_program(settings_for(process))
    person.sign_in()
    rule = {"match": "* *getTestRunBulk", "do": "stall", "times": None}
    assert requests.post(faults, json=[rule], timeout=5).ok
    person.type_label(PIXEL)
    person.until(
        lambda: person.workspace.current_component is not None and person.component.is_complete,
        "the component",
    )
    person.show_tab(TESTS)
    tests = person.component.tests
    person.until(tests.loading.isVisible, "word of it")
    assert "Loading" in tests.rows.empty.sentence
    person.press(Qt.Key.Key_Escape, person.workspace)
    person.until(lambda: not tests.loading.isVisible(), "the end of it")
    assert "stopped" in tests.rows.empty.sentence
    assert requests.delete(faults, timeout=5).ok
    person.press(Qt.Key.Key_F5, person.component)
    person.until(lambda: len(tests.table.runs) > 10, "the runs")


@pytest.mark.logs("HTTP 5|Service|server")
def test_runs_that_do_not_come_are_explained_and_asked_for_again(
    start_sandbox: Sandboxes, start_program: Programs
) -> None:
    process = start_sandbox("--components", "100")
    faults = f"{process.info['api_url']}_sandbox/faults"
    person = start_program(settings_for(process))
    person.sign_in()
    rule = {"match": "* *getTestRunBulk", "do": "status", "status": 500, "times": None}
    assert requests.post(faults, json=[rule], timeout=5).ok
    person.type_label(PIXEL)
    person.until(
        lambda: person.workspace.current_component is not None and person.component.is_complete,
        "the component",
    )
    tests = person.component.tests
    person.show_tab(TESTS)
    person.until(tests.trouble.isVisible, "the trouble")
    assert words(tests.trouble)
    assert requests.delete(faults, timeout=5).ok
    tests.trouble.retry_requested.emit()
    person.until(lambda: len(tests.table.runs) > 10, "the runs")
    assert not tests.trouble.isVisible()


# Elsewhere ------------------------------------------------------------------------------------------------


def test_exported_runs_say_which_runs_they_are(person: Person, tests: TestHistoryView) -> None:
    found = tests.view.extract()
    assert [row.run for row in found.records] == shown_runs(tests), "each run once"
    titles = [column.title for column in found.columns]
    assert titles[:3] == ["Test type", "Run", "Standing"]
    assert len(set(titles)) == len(titles)
    assert {row[2] for row in found.rows()} >= {"deciding", "superseded"}
    assert all(row[1] for row in found.rows())
    tests.bar.text.setText("iv")
    tests.bar.apply()
    tests.view.selectAll()
    shown = len(shown_runs(tests))
    assert 0 < shown < len(found.records)
    assert len(tests.view.extract(only_chosen=True).records) == shown
    everything = tests.view.extract(all_columns=True)
    assert len(everything.columns) == len({column.name for column in everything.columns})


@pytest.mark.parametrize("key", [Qt.Key.Key_Down, Qt.Key.Key_Return])
def test_keys_go_on_from_the_filter_in_the_table(person: Person, tests: TestHistoryView, key: Qt.Key) -> None:
    tests.bar.text.setFocus()
    tests.bar.text.setText("iv")
    person.press(key, tests.bar.text)
    person.until(tests.view.hasFocus, "the focus in the table")
    assert tests.table.run_filter.text == "iv", "without waiting for the pause after the last letter"
    assert tests.view.chosen is not None
    person.press(Qt.Key.Key_Down, tests.view)
    assert tests.view.currentIndex().row() >= 1


def test_filter_without_a_match_keeps_the_keys(person: Person, tests: TestHistoryView) -> None:
    tests.bar.text.setFocus()
    tests.bar.text.setText("no run is called this")
    person.press(Qt.Key.Key_Return, tests.bar.text)
    assert tests.bar.text.hasFocus()


def test_several_chosen_runs_are_told_above_the_one_shown(person: Person, tests: TestHistoryView) -> None:
    title = tests.detail.head.title
    assert "chosen" not in title.text()
    tests.bar.text.setText("iv")
    tests.bar.apply()
    tests.view.selectAll()
    count, shown = len(shown_runs(tests)), tests.detail.run
    assert shown is not None
    of = "1 of" if shown in shown_runs(tests) else "beside"
    person.until(lambda: title.text().endswith(f"{of} {count} runs chosen"), "how many are chosen")
    tests.view.choose_row(1)
    assert "chosen" not in title.text()
    person.settle()
    tests.view.selectAll()
    person.until(lambda: title.text().endswith(f"1 of {count} runs chosen"), "the one shown among them")
    before = tests.detail.run
    person.press(Qt.Key.Key_Down, tests.view, Qt.KeyboardModifier.ControlModifier)
    person.until(lambda: tests.detail.run is not before, "the next run")
    assert title.text().endswith(f"1 of {count} runs chosen"), "nothing else is chosen now"


def test_stages_can_be_told_apart_where_the_table_is_narrow(person: Person, tests: TestHistoryView) -> None:
    shown = tests.view.layout_of_columns.shown
    assert shown[:2] == [TEST_TYPE, STAGE], "before what is off the edge first"
    column = tests.table.columns[STAGE]
    assert column.elide_middle, "for stages differ in their last words"
    row = next(row for row in rows_of(tests) if not row.is_heading)
    assert column.hint is not None
    assert row.run.stage.label in column.hint(row)
