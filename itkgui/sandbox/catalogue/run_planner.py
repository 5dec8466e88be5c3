"""Which test runs a part has: their order, dates and verdicts; the values follow from these."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from itkgui.sandbox.catalogue.definitions import StageDefinition, TestType
from itkgui.sandbox.catalogue.parts import Part
from itkgui.sandbox.catalogue.verdicts import can_fail
from itkgui.sandbox.catalogue.workshop import SHOWCASE_FAMILIES
from itkgui.sandbox.dates import MINUTE

# Three bytes of an object id count test runs: room for 262,144 components with this many each.
RUNS_PER_PART = 64
_FAILURES, _DELETIONS, _PROBLEMS = 0.06, 0.012, 0.05
# Modules to begin with have a bit of everything: which of their tests, in order, show what. The seventh is an
# inspection of a pixel module, the second and fourteenth are inspections too.
_SHOWN_FAILURE, _SHOWN_PROBLEMS = 7, (2, 8, 14)
_SECOND_FAILURE, _SHOWN_DELETION = 8, 10  # plus the number of the family, so that not all are alike
# What these find wrong is in the material: no repeat makes it right, so only a rejected part fails them.
_INCURABLE = frozenset(("ATLAS18_CV_TEST_V1",))
# Some tests of a component type are made on one of its types only: a word of that type's code.
_ONLY_ON = {
    "QUAD_MODULE_METROLOGY": "QUAD",
    "QUAD_BARE_MODULE_METROLOGY": "QUAD",
    "TRIPLET_METROLOGY": "TRIPLET",
}


@dataclass(frozen=True, eq=False)
class Run:
    """One test run in outline; its values come from `measurements`, which make them tell `passed`."""

    number: int
    part: int
    test: TestType
    stage: StageDefinition
    date: int
    uploaded: int
    passed: bool
    problems: bool
    state: str
    place: int
    person: int
    run_number: str


@dataclass(frozen=True)
class _Attempt:
    """One try of one test."""

    test: TestType
    number: int
    passed: bool
    problems: bool = False
    state: str = "ready"


@dataclass
class RunPlanner:
    """Plans the runs of one part, stage by stage.

    A failure is followed by a repeat that passes, or in the fatal stage of a rejected part by one that fails
    again, after which nothing more is tested there. A few uploads were mistakes: deleted, and uploaded again.
    """

    part: Part
    rng: random.Random
    people: tuple[int, ...]
    planned: list[Run] = field(default_factory=list)
    _tests: int = 0

    def stage(self, stage: StageDefinition, begin: int, until: int, *, under_way: bool, fatal: bool) -> None:
        """Plan one stage between two moments; one that is under way may have tests still to be made."""
        tests = [test for test in stage.tests if _ONLY_ON.get(test.code, "") in self.part.variant.code]
        tests = [test for test in tests if test.made_at(begin) and not self.part.dummy]
        attempts: list[_Attempt] = []
        last = self.rng.choice([test for test in tests if can_fail(test)]) if fatal else None
        for order, test in enumerate(tests):
            if test is last:
                attempts += [_Attempt(test, 1, False), _Attempt(test, 2, False)]
                break
            showcase = self.part.family < SHOWCASE_FAMILIES
            if under_way and order and not showcase and not fatal and self.rng.random() < 0.4:
                break
            attempts += self._attempts(test)
        self._place(attempts[: RUNS_PER_PART - len(self.planned)], stage, begin, until)

    def _attempts(self, test: TestType) -> list[_Attempt]:
        self._tests += 1
        family, number = self.part.family, self._tests
        shown = family < SHOWCASE_FAMILIES and self.part.kind.code == "MODULE"
        delete, fail = self.rng.random() < _DELETIONS, self.rng.random() < _FAILURES
        if shown:
            delete = number == _SHOWN_DELETION + family
            fail = number in (_SHOWN_FAILURE, _SECOND_FAILURE + family)
        found = []
        if delete:
            found.append(_Attempt(test, 1, True, state="deleted"))
        if fail and can_fail(test) and test.code not in _INCURABLE:
            found.append(_Attempt(test, len(found) + 1, False))
        return [*found, _Attempt(test, len(found) + 1, True, shown and number in _SHOWN_PROBLEMS)]

    def _place(self, attempts: list[_Attempt], stage: StageDefinition, begin: int, until: int) -> None:
        slot = (until - begin) / (len(attempts) or 1)
        for order, attempt in enumerate(attempts):
            date = begin + int(slot * (order + self.rng.uniform(0.15, 0.55)))
            delay = min(self.rng.randrange(5 * MINUTE, 40 * MINUTE), int(slot * 0.3))
            self.planned.append(
                Run(
                    number=self.part.index * RUNS_PER_PART + len(self.planned),
                    part=self.part.index,
                    test=attempt.test,
                    stage=stage,
                    date=date // MINUTE * MINUTE,
                    uploaded=date + delay,
                    passed=attempt.passed,
                    problems=self.rng.random() < (_PROBLEMS if attempt.passed else 0.5) or attempt.problems,
                    state=attempt.state,
                    place=self.part.location,
                    person=self.rng.choice(self.people),
                    run_number=str(attempt.number),
                )
            )
