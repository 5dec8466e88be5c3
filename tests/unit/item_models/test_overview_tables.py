"""How the tests that are due stand: a run that passed with problems is not told as a good one."""

from __future__ import annotations

from typing import Any

import pytest

from itkgui.item_models.overview_tables import DUE_COLUMNS, due_summary
from itkgui.item_models.test_run_table import verdict_icon, verdict_tone
from itkgui.records.due_tests import DueAtStage, DueStatus, DueTest
from itkgui.records.people import Reference
from itkgui.records.run_history import TestRunSummary
from itkgui.records.stage import Stage

STANDING = DUE_COLUMNS[1]


def due(status: DueStatus, **fields: Any) -> DueTest:
    run = None
    if status is not DueStatus.MISSING:
        raw = {"id": "r", "state": "ready", "passed": status is not DueStatus.FAILED, **fields}
        run = TestRunSummary.from_json(raw)
    return DueTest(Reference("IV"), status, run, is_reception=False, is_reception_only=False, is_closed=False)


def summary(*tests: DueTest) -> str:
    return due_summary(DueAtStage(Stage.from_json({"code": "WARM"}), tests, ()))


def look(test: DueTest) -> tuple[str, str, str]:
    assert STANDING.icon is not None
    assert STANDING.tone is not None
    return STANDING.text(test), STANDING.icon(test), STANDING.tone(test)


PASSED, PROBLEMS = due(DueStatus.PASSED), due(DueStatus.PASSED, problems=True)
FAILED, MISSING, ELSEWHERE = due(DueStatus.FAILED), due(DueStatus.MISSING), due(DueStatus.WRONG_STAGE)


@pytest.mark.parametrize("test", [PASSED, PROBLEMS, FAILED, due(DueStatus.FAILED, problems=True)])
def test_a_test_stands_as_its_run_does_among_the_tests(test: DueTest) -> None:
    assert test.run is not None
    assert look(test) == (test.run.verdict_text, verdict_icon(test.run), verdict_tone(test.run))


def test_problems_are_told_in_words_icon_and_colour() -> None:
    assert look(PROBLEMS) == ("passed, problems", "warning", "caution")
    assert look(PASSED) == ("passed", "passed", "good")
    assert look(MISSING) == ("missing", "clock", "caution")
    assert look(ELSEWHERE) == ("done at another stage", "warning", "caution")


def test_problems_are_counted_in_the_heading() -> None:
    assert summary(PASSED, PROBLEMS, PASSED, PASSED) == "4 passed, 1 of them with problems"
    assert summary(PROBLEMS) == "1 passed, with problems"
    assert summary(PASSED, FAILED, MISSING) == "1 failed, 1 missing, 1 passed"


def test_problems_come_before_what_is_well() -> None:
    tests = sorted((PASSED, PROBLEMS, ELSEWHERE, FAILED, MISSING), key=STANDING.value)
    assert tests == [FAILED, MISSING, ELSEWHERE, PROBLEMS, PASSED]
