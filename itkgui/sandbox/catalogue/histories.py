"""What happened to a part: the stages it went through and the tests that were made there."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import lru_cache

from itkgui.sandbox.catalogue.catalogue import Catalogue
from itkgui.sandbox.catalogue.definitions import StageDefinition
from itkgui.sandbox.catalogue.families import END, SHOWCASE_FAMILIES
from itkgui.sandbox.catalogue.identifiers import IdKind
from itkgui.sandbox.catalogue.parts import Part
from itkgui.sandbox.catalogue.run_planner import RUNS_PER_PART, Run, RunPlanner
from itkgui.sandbox.catalogue.verdicts import can_fail
from itkgui.sandbox.dates import DAY, HOUR, MINUTE

__all__ = ["RUNS_PER_PART", "Histories", "Run", "StageEntry"]

_DAYS_PER_STAGE = (2.0, 7.0)
_DAYS_BEFORE_MODULE = 25
# The last stage begins so early that its tests, files and comments lie before END.
_LAST_STAGE = END - 5 * DAY
_CURRENT = 4 * DAY
# Side stages for parts that did not make it; the others (COMPLETE, QA, LIMBO, …) tell nothing bad.
_REJECTED = frozenset(("UNHAPPY", "FAILED", "DAMAGED", "TRASHED", "PCB/GRAVEYARD", "GRAVEYARD", "FAILED_VI"))

_COMMENTS = {
    "P/MODULE": (
        "Small scratch at the edge of the PCB, outside the active area.",
        "Dry air was interrupted for about ten minutes during the cold test.",
        "Kept in the dry cabinet, shelf 3.",
        "One bond replaced on FE3, row 112.",
    ),
    "S/MODULE": (
        "Kept in the dry cabinet, shelf 3.",
        "Two bonds of row 2 replaced after the first inspection.",
        "Dry air was interrupted for about ten minutes during the test.",
    ),
    "": ("Kept in the dry cabinet, shelf 1.", "Box label missing on arrival, replaced."),
}


@dataclass(frozen=True)
class StageEntry:
    """One line of a stage history."""

    stage: StageDefinition
    time: int
    person: int


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
        times = [run.uploaded for run in self.runs(part.index)]
        times += [time for time, _, _ in self.comments(part.index)]
        return max([part.created, self.stages(part.index)[-1].time, *times])

    def comments(self, index: int) -> list[tuple[int, int, str]]:
        """Return time, person and text of the comments on a part; most have none."""
        part = self._catalogue.parts[index]
        rng = self.rng("comments", index)
        entry = self.stages(index)[-1]
        found = []
        chance = 1.0 if part.family < SHOWCASE_FAMILIES and part.kind.code == "MODULE" else 0.08
        if rng.random() < chance:
            text = rng.choice(_COMMENTS.get(part.kind.key, _COMMENTS[""]))
            found.append((entry.time + rng.randrange(10, 300) * MINUTE, entry.person, text))
        reason = self.rejection(index)
        if reason:
            found.append((entry.time + rng.randrange(300, 400) * MINUTE, entry.person, f"Rejected: {reason}"))
        return found

    def rejection(self, index: int) -> str:
        """Return why the part was rejected, or "" if it was not; a trashed part has such a reason."""
        if not self._rejected(self._catalogue.parts[index]):
            return ""
        failed = [run for run in self.runs(index) if not run.passed and run.state == "ready"]
        return f"{failed[-1].test.name} failed twice." if failed else "Damaged in handling."

    def _rejected(self, part: Part) -> bool:
        # What is built into a rejected module stands in its side stage too, but did not fail.
        return part.trashed or (part.parent < 0 and part.kind.stages[part.stage].code in _REJECTED)

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
        holder = self._catalogue.parts[part.parent] if part.parent >= 0 else None
        if part.kind.code == "MODULE":
            if holder is None:
                return tuple(self._paced(part, path, rng))
            # A module enters its last stage when it is put on its stave.
            entries = self._spread(part, path[:-1], part.created, holder.created, rng)
            return (*entries, self._entry(part, path[-1], part.assembled + 5 * MINUTE, rng))
        end = self._end(part, path, rng) if holder is None else holder.created
        return tuple(self._spread(part, path, part.created, end, rng))

    def _path(self, part: Part, rng: random.Random) -> list[StageDefinition]:
        """Return the stages in order; a side stage comes last, for a rejected part after one with tests."""
        current = part.kind.stages[part.stage]
        main = [stage for stage in part.kind.stages if not stage.alternative]
        if not current.alternative:
            return [stage for stage in main if stage.order <= current.order]
        if current.code not in _REJECTED:
            return [*main, current]
        reachable = [
            place
            for place, stage in enumerate(main)
            if stage.order < current.order and any(map(can_fail, stage.tests))
        ]
        last = rng.choice(reachable) if reachable else 0
        return [*main[: last + 1], current]

    def _module_of(self, part: Part) -> Part | None:
        while part.kind.code != "MODULE":
            if part.parent < 0:
                return None
            part = self._catalogue.parts[part.parent]
        return part

    def _paced(self, part: Part, path: list[StageDefinition], rng: random.Random) -> list[StageEntry]:
        time = part.created + 5 * MINUTE
        steps = [rng.uniform(*_DAYS_PER_STAGE) * DAY for _ in path]
        pace = min(1.0, (_LAST_STAGE - time) / sum(steps))
        entries = []
        for stage, step in zip(path, steps, strict=True):
            entries.append(self._entry(part, stage, time, rng))
            time += int(step * pace)
        return entries

    def _end(self, part: Part, path: list[StageDefinition], rng: random.Random) -> int:
        return min(_LAST_STAGE, part.created + int(rng.uniform(4, _DAYS_BEFORE_MODULE) * DAY) * len(path))

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
        planner = RunPlanner(
            part, self.rng("runs", index), self._catalogue.definitions.people_at[part.location]
        )
        fatal = self._fatal_stage(part, history)
        module = self._module_of(part)
        for place, entry in enumerate(history):
            current = place == len(history) - 1
            until = min(entry.time + _CURRENT, END - 12 * HOUR) if current else history[place + 1].time
            if part.kind.code == "FE_CHIP" and module is not None and entry.time > module.created:
                # The chips come first: the module's electrical summary links to their runs.
                until = entry.time + (until - entry.time) // 4
            planner.stage(entry.stage, entry.time, until, under_way=current, fatal=place == fatal)
        return tuple(planner.planned)

    def _fatal_stage(self, part: Part, history: tuple[StageEntry, ...]) -> int:
        """Return the place of the stage in which a rejected part failed, or -1."""
        if not self._rejected(part):
            return -1
        places = [place for place, entry in enumerate(history) if any(map(can_fail, entry.stage.tests))]
        return places[-1] if places else -1
