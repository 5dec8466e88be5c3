"""What a stage asks for: joined by object ids, told apart by where it was done."""

from __future__ import annotations

from typing import Any

import pytest

from itkgui.records.due_tests import DueStatus, DueTest, due_tests, with_stages
from itkgui.records.run_history import TestRunSummary
from itkgui.records.stage import Stage, StageStep
from itkgui.records.test_type import TestType

TYPES = [
    TestType.from_json({"id": key, "code": code, "name": code.title(), "state": state})
    for key, code, state in (("t1", "IV", "active"), ("t2", "MASS", "active"), ("t3", "OLD", "closed"))
]


def stage(*ids: str, **fields: Any) -> Stage:
    tests = [{"testType": key, "order": order, **fields} for order, key in enumerate(ids)]
    return Stage.from_json({"code": "WARM", "testTypes": tests})


def run(date: str, at: str | None, *, passed: bool = True, **fields: Any) -> TestRunSummary:
    return TestRunSummary.from_json(
        {
            "id": date,
            "date": f"2023-01-{date}T00:00:00.000Z",
            "state": "ready",
            "passed": passed,
            "stage": at and {"code": at},
            "testType": {"id": "t1", "code": "IV"},
            **fields,
        }
    )


def only(*runs: TestRunSummary) -> DueTest:
    (found,) = due_tests(stage("t1"), TYPES, runs)
    return found


@pytest.mark.parametrize(
    ("runs", "status", "run_id"),
    [
        pytest.param([], DueStatus.MISSING, None, id="none"),
        pytest.param([run("01", "WARM")], DueStatus.PASSED, "01", id="passed here"),
        pytest.param([run("01", "WARM", passed=False)], DueStatus.FAILED, "01", id="failed here"),
        pytest.param(
            [run("01", "WARM", passed=False), run("02", "WARM")], DueStatus.PASSED, "02", id="repeated"
        ),
        pytest.param(
            [run("01", "WARM"), run("02", "WARM", passed=False)], DueStatus.FAILED, "02", id="newest decides"
        ),
        pytest.param([run("01", "COLD")], DueStatus.WRONG_STAGE, "01", id="done elsewhere only"),
        pytest.param(
            [run("01", "WARM"), run("02", "COLD", passed=False)], DueStatus.PASSED, "01", id="here counts"
        ),
        pytest.param([run("01", None)], DueStatus.WRONG_STAGE, "01", id="stage not told"),
        pytest.param([run("01", "WARM", state="deleted")], DueStatus.MISSING, None, id="deleted"),
        pytest.param(
            [run("01", "WARM", testType={"id": "t2", "code": "MASS"})], DueStatus.MISSING, None, id="another"
        ),
        pytest.param([run("01", "WARM", testType="IV")], DueStatus.PASSED, "01", id="only the code"),
    ],
)
def test_how_a_due_test_stands(runs: list[TestRunSummary], status: DueStatus, run_id: str | None) -> None:
    found = only(*runs)
    assert (found.status, found.run and found.run.id) == (status, run_id)


def test_due_tests_stand_in_the_order_of_the_stage_and_are_named() -> None:
    found = due_tests(stage("t2", "unknown", "t3", "t1"), TYPES, [run("01", "WARM")])
    assert [due.test_type.label for due in found] == ["Mass", "unknown", "Old", "Iv"]
    assert [due.is_closed for due in found] == [False, False, True, False]
    assert found[1].status is DueStatus.MISSING


def test_reception_tests_are_marked() -> None:
    (plain,) = due_tests(stage("t1"), TYPES, [])
    (marked,) = due_tests(stage("t1", receptionTest=True, receptionTestOnly=True), TYPES, [])
    assert (plain.is_reception, plain.is_reception_only) == (False, False)
    assert (marked.is_reception, marked.is_reception_only) == (True, True)


@pytest.mark.parametrize("tests", [None, [], "none", [None], [3]], ids=repr)
def test_stage_that_asks_for_nothing(tests: Any) -> None:
    assert due_tests(Stage.from_json({"code": "WARM", "testTypes": tests}), TYPES, []) == ()


def test_summaries_get_the_stage_their_component_was_at_when_they_came() -> None:
    steps = [
        StageStep.from_json({"code": code, "dateTime": f"2023-01-{day}T00:00:00.000Z"})
        for code, day in (("COLD", "20"), ("WARM", "10"))  # in no order
    ]
    runs = [
        run("05", None),
        run("15", None),
        run("25", None),
        run("25", None, cts="2023-01-12T00:00:00.000Z"),  # what the server noted counts more than its date
        run("xx", None),
        run("25", "HOT"),
    ]
    found = [placed.stage.code for placed in with_stages(runs, steps)]
    assert found == ["", "WARM", "COLD", "WARM", "", "HOT"]
    assert with_stages(runs, ()) == tuple(runs)
