"""What was measured: the values of a test run and of a component's properties, derived from the seed."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from itkgui.sandbox.catalogue import hybrid_measurements, pixel_measurements, strip_measurements
from itkgui.sandbox.catalogue.bench import Bench
from itkgui.sandbox.catalogue.catalogue import Catalogue
from itkgui.sandbox.catalogue.histories import Histories, Run
from itkgui.sandbox.catalogue.parts import Part
from itkgui.sandbox.catalogue.sensors import Diode, diode_of

_ORPHANS_IN = "QUAD_MODULE_METROLOGY"


@dataclass(frozen=True)
class Values:
    """The content of one test run; `orphans` are results whose parameter the test type no longer has."""

    results: dict[str, Any] = field(default_factory=dict)
    properties: dict[str, Any] = field(default_factory=dict)
    defects: tuple[dict[str, Any], ...] = ()
    comments: tuple[str, ...] = ()
    orphans: dict[str, Any] = field(default_factory=dict)


class Measurements:
    """Derives values; the same run always has the same ones."""

    def __init__(self, catalogue: Catalogue, histories: Histories) -> None:
        self._catalogue = catalogue
        self._histories = histories
        self.of = lru_cache(maxsize=512)(self._of)
        self._functions = (
            pixel_measurements.FUNCTIONS | strip_measurements.FUNCTIONS | hybrid_measurements.FUNCTIONS
        )

    def bench(self, run: Run) -> Bench:
        part = self._catalogue.parts[run.part]
        person = self._catalogue.definitions.people[run.person]
        rng = self._histories.rng("values", run.number)
        operator = f"{person.first_name} {person.last_name}"

        def linked(kind: str, test: str, place: int) -> dict[str, Any] | None:
            return self._link(part, kind, test, place, run)

        return Bench(run, part, self.diode(part), rng, operator, linked)

    def diode(self, part: Part) -> Diode:
        """Return the sensor that an IV of this part measures: its own, or the one built into it."""
        sensor = self._sensor_in(part)
        return diode_of(sensor or part, self._histories.rng("diode", (sensor or part).index))

    def properties(self, part: Part) -> dict[str, Any]:
        rng = self._histories.rng("properties", part.index)
        if part.kind.project == "S":
            return strip_measurements.properties(part, rng)
        return pixel_measurements.properties(part, rng, self.diode(part))

    def _of(self, run: Run) -> Values:
        bench = self.bench(run)
        function = self._functions[run.test.key]
        content = function(bench)
        comments = ("Repeated after the contacts were cleaned.",) if run.run_number != "1" else ()
        orphans = {}
        if run.test.code == _ORPHANS_IN and run.number % 5 == 0:
            orphans = pixel_measurements.old_positions(bench)
        return Values(
            content.get("results", {}),
            content.get("properties", {}),
            tuple(content.get("defects", ())),
            comments,
            orphans,
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
        """Return the link to a run of the `place`-th part of that kind below `part`, done before `run`."""
        below = [other for other in self._below(part) if other.kind.code == kind]
        if place >= len(below):
            return None
        same = run.stage.code if kind == "FE_CHIP" else None
        runs = [
            other
            for other in self._histories.runs(below[place].index)
            if other.test.code == test and other.state == "ready" and same in (None, other.stage.code)
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
