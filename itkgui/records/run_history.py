"""The test runs of a component as its history: verdicts, and which run of a test type counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from enum import Enum
from typing import Any, Generic, TypeVar

from itkgui.language import N_, _
from itkgui.records.attachment import Owner, OwnerKind
from itkgui.records.json_fields import Json, flag, objects, text, timestamp
from itkgui.records.people import Reference, User, reference, user
from itkgui.records.stage import Stage, stage

_LONG_AGO = datetime.min.replace(tzinfo=timezone.utc)


class Verdict(Enum):
    """How a run ended; ``problems`` is a mark of its own beside it (API reference §8.2)."""

    PASSED = N_("passed")
    FAILED = N_("failed")
    DELETED = N_("deleted")


@dataclass(frozen=True, kw_only=True, repr=False)
class TestRunSummary:
    """A test run without its results, as lists have it; also the head of a whole one.

    The stage and the person are empty in the summaries of getComponent, which do not tell them
    (API reference §5.3); listTestRunsByComponent does.
    """

    __test__ = False  # not a test case, whatever pytest thinks of the name

    id: str
    state: str
    test_type: Reference
    stage: Stage
    run_number: str
    passed: bool
    has_problems: bool
    date: datetime | None
    created: datetime | None
    institution: Reference
    user: User

    @classmethod
    def from_json(cls, data: Json) -> TestRunSummary:
        return cls(**summary_fields(data))

    def __repr__(self) -> str:
        """Tell which run it is: all it holds would fill screens."""
        return f"<{type(self).__name__} {self.id} {self.test_type.code} {self.verdict.value}>"

    @property
    def is_deleted(self) -> bool:
        return self.state not in ("ready", "")

    @property
    def verdict(self) -> Verdict:
        if self.is_deleted:
            return Verdict.DELETED
        return Verdict.PASSED if self.passed else Verdict.FAILED

    @property
    def has_hidden_problems(self) -> bool:
        """Whether it passed with problems, which the word "passed" alone would hide."""
        return self.verdict is Verdict.PASSED and self.has_problems

    @property
    def verdict_text(self) -> str:
        """The verdict in words; a passed run can still have problems."""
        if self.has_problems and not self.is_deleted:
            return _("passed, problems") if self.passed else _("failed, problems")
        return _(self.verdict.value)

    @property
    def age_key(self) -> tuple[datetime, datetime]:
        """What sorts runs from old to new: when they were made, and among those of one date, when they came.

        The dates of summaries are rounded to the minute, and many runs of one day carry the same.
        """
        return self.date or _LONG_AGO, self.created or _LONG_AGO

    @property
    def owner(self) -> Owner:
        """This run as the target of an upload."""
        return Owner(OwnerKind.TEST_RUN, self.id, run_label(self.test_type, self.run_number))


Run = TypeVar("Run", bound=TestRunSummary)


def run_label(test_type: Reference, number: str) -> str:
    """Return what a run is called."""
    return _("{test_type}, run {number}").format(test_type=test_type.label, number=number)


def summary_fields(data: Json) -> dict[str, Any]:
    """Return the fields of TestRunSummary, from whichever answer that lists or holds a run."""
    return {
        "id": text(data, "id"),
        "state": text(data, "state"),
        "test_type": reference(data, "testType"),
        "stage": stage(data, "stage"),
        "run_number": text(data, "runNumber"),
        "passed": flag(data, "passed"),
        "has_problems": flag(data, "problems"),
        "date": timestamp(data, "date"),
        "created": timestamp(data, "cts"),
        "institution": reference(data, "institution"),
        "user": user(data),
    }


def summaries_of(component: Json) -> Iterator[TestRunSummary]:
    """Yield the runs in getComponent's ``tests``; those without an id, which cannot be asked for, not."""
    for test in objects(component, "tests"):
        for run in objects(test, "testRuns"):
            if text(run, "id"):
                yield TestRunSummary.from_json({**run, "testType": test})


def newest_first(runs: Iterable[Run]) -> tuple[Run, ...]:
    return tuple(sorted(runs, key=lambda run: run.age_key, reverse=True))


class Standing(Enum):
    """What a run means today."""

    DECIDING = N_("deciding")
    SUPERSEDED = N_("superseded")
    DELETED = N_("deleted")


@dataclass(frozen=True)
class RunGroup(Generic[Run]):
    """The runs of one test type on one component, newest first, each with its standing.

    A run supersedes the older ones of its test type at the same stage: a curve taken warm at one stage is
    not replaced by the one taken cold at the next. Where the stage is not known, as in summaries, all runs
    of the test type are taken for one stage. The newest run that is not deleted speaks for the group.
    """

    test_type: Reference
    runs: tuple[Run, ...]
    standings: tuple[Standing, ...]

    @property
    def deciding(self) -> Run | None:
        """The newest run that is not deleted; None if all are."""
        return next((run for run in self.runs if not run.is_deleted), None)


def group_runs(runs: Iterable[Run]) -> tuple[RunGroup[Run], ...]:
    """Group the runs of one component by test type, the type with the newest run first."""
    groups: dict[str, list[Run]] = {}
    for run in newest_first(runs):
        groups.setdefault(run.test_type.code or run.test_type.id, []).append(run)
    return tuple(
        RunGroup(found[0].test_type, tuple(found), tuple(_standings(found))) for found in groups.values()
    )


def _standings(runs: Sequence[TestRunSummary]) -> Iterator[Standing]:
    decided: set[str] = set()
    for run in runs:
        if run.is_deleted:
            yield Standing.DELETED
        elif run.stage.code in decided:
            yield Standing.SUPERSEDED
        else:
            decided.add(run.stage.code)
            yield Standing.DECIDING
