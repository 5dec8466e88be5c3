"""What the current stage of a component asks for: which tests are done, failed or missing."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum

from itkgui.language import N_
from itkgui.records.finding import Finding
from itkgui.records.people import Reference
from itkgui.records.run_history import TestRunSummary, newest_first
from itkgui.records.stage import Stage, StageStep, StageTest
from itkgui.records.test_type import TestType


class DueStatus(Enum):
    """How a test type that a stage asks for stands; *wrong stage*: it was done, but not at this one."""

    PASSED = N_("passed")
    FAILED = N_("failed")
    MISSING = N_("missing")
    WRONG_STAGE = N_("done at another stage")


@dataclass(frozen=True)
class DueTest:
    """A test type that the stage asks for; ``run`` is the newest run that is not deleted, made here or not.

    A test type that the server's list does not have is named by its object id.
    """

    test_type: Reference
    status: DueStatus
    run: TestRunSummary | None
    is_reception: bool
    is_reception_only: bool
    is_closed: bool


@dataclass(frozen=True)
class DueAtStage:
    """What is due at a component's stage, in the order the stage asks for it, and what else to look at."""

    stage: Stage
    tests: tuple[DueTest, ...]
    findings: tuple[Finding, ...]


def due_tests(
    stage: Stage, test_types: Iterable[TestType], runs: Iterable[TestRunSummary]
) -> tuple[DueTest, ...]:
    """Join the object ids of a stage's tests with the test types' and with the runs of one component.

    The runs must tell their stage: of those that do not, none counts as made at this one.
    """
    types = {test_type.reference.id: test_type for test_type in test_types}
    ready = [run for run in newest_first(runs) if not run.is_deleted]
    return tuple(_due(test, types.get(test.test_type_id), stage, ready) for test in stage.tests)


def with_stages(runs: Iterable[TestRunSummary], steps: Iterable[StageStep]) -> tuple[TestRunSummary, ...]:
    """Give summaries that tell no stage the one their component was at when they came.

    That is what the server keeps as the stage of a run (API reference §5.10). Summaries without a moment, or
    older than the first step, stay without a stage.
    """
    known = sorted((step.moment, place, step.stage) for place, step in enumerate(steps) if step.moment)
    moments = [moment for moment, _place, _stage in known]

    def placed(run: TestRunSummary) -> TestRunSummary:
        came = None if run.stage else run.created or run.date
        place = bisect_right(moments, came) if came is not None else 0
        return replace(run, stage=Stage(known[place - 1][2].code, known[place - 1][2].name)) if place else run

    return tuple(map(placed, runs))


def _due(test: StageTest, known: TestType | None, stage: Stage, runs: list[TestRunSummary]) -> DueTest:
    test_type = known.reference if known else Reference(test.test_type_id, id=test.test_type_id)
    made = [run for run in runs if _is_of(run, test_type)]
    here = next((run for run in made if run.stage.code == stage.code), None)
    if here is not None:
        status = DueStatus.PASSED if here.passed else DueStatus.FAILED
    else:
        status = DueStatus.WRONG_STAGE if made else DueStatus.MISSING
    return DueTest(
        test_type,
        status,
        here or next(iter(made), None),
        test.is_reception,
        test.is_reception_only,
        known is not None and known.state == "closed",
    )


def _is_of(run: TestRunSummary, test_type: Reference) -> bool:
    if run.test_type.id and test_type.id:
        return run.test_type.id == test_type.id
    return bool(test_type.code) and run.test_type.code == test_type.code
