"""What happened to a part: the stages it went through and the tests that were made there."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import lru_cache

from itkgui.sandbox.catalogue.catalogue import Catalogue
from itkgui.sandbox.catalogue.definitions import StageDefinition, TestType
from itkgui.sandbox.catalogue.families import END, SHOWCASE_FAMILIES
from itkgui.sandbox.catalogue.identifiers import IdKind
from itkgui.sandbox.catalogue.parts import Part
from itkgui.sandbox.dates import DAY, HOUR, MINUTE

# Three bytes of an object id count test runs: room for 262,144 components with this many each.
RUNS_PER_PART = 64
_DAYS_PER_STAGE = (2.0, 7.0)
_DAYS_BEFORE_MODULE = 25

_COMMENTS = (
    "Repeated after cleaning the contacts.",
    "Small scratch at the edge of the PCB, outside the active area.",
    "Dry air was interrupted for about ten minutes during the cold test.",
    "Kept in the dry cabinet, shelf 3.",
    "One bond replaced on FE3, row 112.",
)


@dataclass(frozen=True)
class StageEntry:
    """One line of a stage history."""

    stage: StageDefinition
    time: int
    person: int


@dataclass(frozen=True, eq=False)
class Run:
    """One test run in outline; its values come from `measurements`."""

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


class Histories:
    """Derives histories from skeletons; the same question always gets the same answer."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self.stages = lru_cache(maxsize=4096)(self._stages)
        self.runs = lru_cache(maxsize=2048)(self._runs)

    def run_id(self, run: Run) -> str:
        return self._catalogue.ids.object_id(IdKind.TEST_RUN, run.number, run.uploaded)

    def find_run(self, object_id: str) -> Run | None:
        number = self._catalogue.ids.number(IdKind.TEST_RUN, object_id)
        if number is None:
            return None
        run = self.run(number)
        return run if run is not None and self.run_id(run) == object_id else None

    def run(self, number: int) -> Run | None:
        index, place = divmod(number, RUNS_PER_PART)
        if index >= len(self._catalogue.parts):
            return None
        runs = self.runs(index)
        return runs[place] if place < len(runs) else None

    def rng(self, topic: str, number: int) -> random.Random:
        return random.Random(f"{self._catalogue.seed}/{topic}/{number}")

    def modified(self, part: Part) -> int:
        """Return when the part was last changed before anything was written to this sandbox."""
        runs = self.runs(part.index)
        latest = max((run.uploaded for run in runs), default=part.created)
        return max(latest, self.stages(part.index)[-1].time)

    def comments(self, index: int) -> list[tuple[int, int, str]]:
        """Return time, person and text of the comments on a part; most have none."""
        part = self._catalogue.parts[index]
        rng = self.rng("comments", index)
        chance = 1.0 if part.family < SHOWCASE_FAMILIES and part.kind.code == "MODULE" else 0.08
        if rng.random() >= chance:
            return []
        entry = self.stages(index)[-1]
        return [(entry.time + rng.randrange(10, 300) * MINUTE, entry.person, rng.choice(_COMMENTS))]

    def _stages(self, index: int) -> tuple[StageEntry, ...]:
        part = self._catalogue.parts[index]
        rng = self.rng("stages", index)
        path = self._path(part, rng)
        module = self._module_of(part)
        if module is not None and module is not part and part.kind.follows_module:
            own = [stage for stage in path if stage.order < part.kind.own_stages]
            offset = part.kind.own_stages
            entries = self._spread(part, own, part.created, module.created, rng)
            for entry in self.stages(module.index):
                stage = part.kind.stages[offset + entry.stage.order]
                entries.append(StageEntry(stage, entry.time + rng.randrange(5, 50) * MINUTE, entry.person))
            return tuple(entries)
        if part.kind.code == "MODULE":
            return tuple(self._paced(part, path, rng))
        end = self._catalogue.parts[part.parent].created if part.parent >= 0 else self._end(part, path, rng)
        return tuple(self._spread(part, path, part.created, end, rng))

    def _path(self, part: Part, rng: random.Random) -> list[StageDefinition]:
        current = part.kind.stages[part.stage]
        main = [stage for stage in part.kind.stages if not stage.alternative]
        if not current.alternative:
            return [stage for stage in main if stage.order <= current.order]
        if current.code == "COMPLETE":
            return [*main, current]
        reachable = [stage for stage in main if stage.order < current.order] or main[:1]
        return [*reachable[: rng.randint(1, len(reachable))], current]

    def _module_of(self, part: Part) -> Part | None:
        while part.kind.code != "MODULE":
            if part.parent < 0:
                return None
            part = self._catalogue.parts[part.parent]
        return part

    def _paced(self, part: Part, path: list[StageDefinition], rng: random.Random) -> list[StageEntry]:
        time = part.created + 5 * MINUTE
        entries = []
        for stage in path:
            entries.append(self._entry(part, stage, time, rng))
            time += int(rng.uniform(*_DAYS_PER_STAGE) * DAY)
        return entries

    def _end(self, part: Part, path: list[StageDefinition], rng: random.Random) -> int:
        return min(END, part.created + int(rng.uniform(4, _DAYS_BEFORE_MODULE) * DAY) * len(path))

    def _spread(
        self, part: Part, path: list[StageDefinition], start: int, end: int, rng: random.Random
    ) -> list[StageEntry]:
        """Put the stages between two moments, in order, with uneven steps."""
        steps = [rng.uniform(0.5, 1.5) for _ in path]
        unit = max(0, end - start - DAY) / (sum(steps) or 1)
        time = float(start + 2 * MINUTE)
        entries = []
        for stage, step in zip(path, steps, strict=True):
            entries.append(self._entry(part, stage, int(time), rng))
            time += unit * step
        return entries

    def _entry(self, part: Part, stage: StageDefinition, time: int, rng: random.Random) -> StageEntry:
        return StageEntry(stage, time, rng.choice(self._catalogue.definitions.people_at[part.location]))

    def _runs(self, index: int) -> tuple[Run, ...]:
        part = self._catalogue.parts[index]
        history = self.stages(index)
        planner = _RunPlanner(
            part, self.rng("runs", index), self._catalogue.definitions.people_at[part.location]
        )
        for place, entry in enumerate(history):
            current = place == len(history) - 1
            until = entry.time + 4 * DAY if current else history[place + 1].time
            planner.stage(entry, min(until, END + DAY), current)
        return tuple(planner.planned[:RUNS_PER_PART])


class _RunPlanner:
    """Plans the runs of one part, stage by stage: some fail and are repeated, a few are deleted."""

    def __init__(self, part: Part, rng: random.Random, people: tuple[int, ...]) -> None:
        self._part = part
        self._rng = rng
        self._people = people
        self.planned: list[Run] = []

    def stage(self, entry: StageEntry, until: int, current: bool) -> None:
        tests = entry.stage.tests
        if not tests:
            return
        showcase = self._part.family < SHOWCASE_FAMILIES
        step = max(HOUR, (until - entry.time - HOUR) // (len(tests) + 1))
        for order, test in enumerate(tests):
            # Work in the current stage is under way: not everything is done.
            if current and order and not showcase and self._rng.random() < 0.4:
                break
            date = entry.time + 40 * MINUTE + order * step + self._rng.randrange(step // 3)
            self._attempts(test, entry.stage, date, step // 3)

    def _attempts(self, test: TestType, stage: StageDefinition, date: int, gap: int) -> None:
        attempt = 1
        if self._rng.random() < 0.012:
            self._add(test, stage, date, False, "deleted", attempt)
            date, attempt = date + gap // 2, attempt + 1
        if self._rng.random() < 0.07:
            self._add(test, stage, date, False, "ready", attempt)
            date, attempt = date + gap // 2, attempt + 1
        self._add(test, stage, date, self._rng.random() > 0.015, "ready", attempt)

    def _add(
        self, test: TestType, stage: StageDefinition, date: int, passed: bool, state: str, attempt: int
    ) -> None:
        rng = self._rng
        self.planned.append(
            Run(
                number=self._part.index * RUNS_PER_PART + len(self.planned),
                part=self._part.index,
                test=test,
                stage=stage,
                date=date // MINUTE * MINUTE,
                uploaded=date + rng.randrange(5 * MINUTE, 40 * MINUTE),
                passed=passed,
                problems=rng.random() < (0.5 if not passed else 0.05),
                state=state,
                place=self._part.location,
                person=rng.choice(self._people),
                run_number=str(attempt),
            )
        )
