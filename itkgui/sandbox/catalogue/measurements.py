"""What was measured: the values of a test run and of a component's properties, derived from the seed."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from itkgui.sandbox.catalogue import (
    chip_measurements,
    hybrid_measurements,
    inspections,
    iv_measurements,
    pixel_measurements,
    strip_measurements,
    structure_measurements,
)
from itkgui.sandbox.catalogue.bench import Bench
from itkgui.sandbox.catalogue.catalogue import Catalogue
from itkgui.sandbox.catalogue.histories import Histories, Run
from itkgui.sandbox.catalogue.identifiers import IdKind
from itkgui.sandbox.catalogue.part_properties import properties
from itkgui.sandbox.catalogue.parts import Part
from itkgui.sandbox.catalogue.sensors import Diode, diode_of
from itkgui.sandbox.catalogue.verdicts import INSPECTIONS, IV_TESTS, judge

_ORPHANS_IN = "QUAD_MODULE_METROLOGY"
_FUNCTIONS = (
    pixel_measurements.FUNCTIONS
    | chip_measurements.FUNCTIONS
    | iv_measurements.FUNCTIONS
    | strip_measurements.FUNCTIONS
    | hybrid_measurements.FUNCTIONS
    | inspections.FUNCTIONS
    | structure_measurements.FUNCTIONS
)
# Measurements scatter, so that a good part may seem bad by chance; nobody uploads that, they measure again.
_MOST_TRIES = 20
_DELETED = "Uploaded for the wrong part."


@dataclass(frozen=True)
class Values:
    """The content of one test run; `orphans` are results whose parameter the test type no longer has."""

    results: dict[str, Any] = field(default_factory=dict)
    properties: dict[str, Any] = field(default_factory=dict)
    defects: tuple[dict[str, Any], ...] = ()
    comments: tuple[str, ...] = ()
    orphans: dict[str, Any] = field(default_factory=dict)
    # For parameters of value type "child": a value for each part in it, by its number in the catalogue.
    of_children: dict[str, dict[int, Any]] = field(default_factory=dict)


class Measurements:
    """Derives values; the same run always has the same ones."""

    def __init__(self, catalogue: Catalogue, histories: Histories) -> None:
        self._catalogue = catalogue
        self._histories = histories
        self.of = lru_cache(maxsize=512)(self._of)

    def bench(self, run: Run, attempt: int = 0) -> Bench:
        part = self._catalogue.parts[run.part]
        rng = self._histories.rng(f"values/{attempt}", run.number)
        damage = self._histories.rng(f"damage/{run.test.key}/{attempt}", run.part)

        def linked(kind: str, test: str, place: int) -> dict[str, Any] | None:
            return self._link(part, kind, test, place, run)

        children = tuple(self._catalogue.parts[index] for index in part.children)

        def picture(place: int) -> str:
            return self._catalogue.ids.code(IdKind.TEST_RUN_ATTACHMENT, run.number, place)

        return Bench(run, part, self.diode(part), rng, damage, self.operator(run), linked, children, picture)

    def operator(self, run: Run) -> str:
        """Return the name of whoever made the run."""
        person = self._catalogue.definitions.people[run.person]
        return f"{person.first_name} {person.last_name}"

    def diode(self, part: Part) -> Diode:
        """Return the sensor that an IV of this part measures: its own, or the one built into it."""
        sensor = self._sensor_in(part)
        return diode_of(sensor or part, self._histories.rng("diode", (sensor or part).index))

    def properties(self, part: Part) -> dict[str, Any]:
        return properties(part, self._histories.rng("properties", part.index), lambda: self.diode(part))

    def _of(self, run: Run) -> Values:
        """Return values that tell the verdict of the run. Raises RuntimeError if its test cannot tell it."""
        for attempt in range(_MOST_TRIES):
            bench = self.bench(run, attempt)
            content = _FUNCTIONS[run.test.key](bench)
            reason = judge(run.test, content, bench.diode)
            if run.passed == (not reason):
                break
        else:
            raise RuntimeError(f"no values of {run.test.key} say that it passed: {run.passed}")
        orphans = {}
        if run.test.code == _ORPHANS_IN and run.number % 5 == 0:
            orphans = pixel_measurements.old_positions(bench)
        return Values(
            content.get("results", {}),
            content.get("properties", {}),
            tuple(content.get("defects", ())),
            tuple(_comments(run, reason)),
            orphans,
            content.get("of_children", {}),
        )

    def _sensor_in(self, part: Part) -> Part | None:
        if part.kind.code in ("SENSOR", "SENSOR_TILE"):
            return part
        for index in part.children:
            found = self._sensor_in(self._catalogue.parts[index])
            if found is not None:
                return found
        return None

    def _link(self, part: Part, kind: str, test: str, place: int, run: Run) -> dict[str, Any] | None:
        """Return the link to a run of the `place`-th part of that kind below `part`, done before `run`.

        No kind means the part itself.
        """
        below = [other for other in self._below(part) if other.kind.code == kind] if kind else [part]
        if place >= len(below):
            return None
        same = run.stage.code if kind == "FE_CHIP" else None
        runs = [
            other
            for other in self._histories.runs(below[place].index)
            if other.test.code == test
            and other.state == "ready"
            and other.uploaded <= run.date
            and same in (None, other.stage.code)
        ]
        if not runs:
            return None
        test_type = runs[-1].test
        return {
            "id": self._histories.run_id(runs[-1]),
            "testType": {"id": test_type.id, "code": test_type.code},
        }

    def _below(self, part: Part) -> list[Part]:
        found = []
        for index in part.children:
            child = self._catalogue.parts[index]
            found += [child, *self._below(child)]
        return found


def _comments(run: Run, reason: str) -> list[str]:
    if run.state != "ready":
        return [_DELETED]
    if reason:
        return [reason]
    if run.run_number == "1":
        return []
    if run.test.code in IV_TESTS:
        return ["Repeated after a night in dry air and with cleaned contacts."]
    if run.test.code in INSPECTIONS:
        return ["Inspected again after cleaning and rework."]
    return ["Repeated after the set-up was checked."]
