"""What the measurements of one test run start from."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from itkgui.sandbox.catalogue.parts import Part
from itkgui.sandbox.catalogue.run_planner import Run
from itkgui.sandbox.catalogue.sensors import Diode

Content = dict[str, Any]


@dataclass(frozen=True)
class Bench:
    """What a measurement needs to know: the run, the part, the diode behind it, and dice.

    `rng` is the run's own; `damage` throws the same for every failed run of one test on one part, so that a
    second failure shows what the first one showed. `linked` finds runs to link to; `picture` gives the code
    of the run's attachment at a place in its list, for parameters that hold images (API reference §5.6).
    """

    run: Run
    part: Part
    diode: Diode
    rng: random.Random
    damage: random.Random
    operator: str
    linked: Callable[[str, str, int], Content | None]
    children: tuple[Part, ...]
    picture: Callable[[int], str]

    @property
    def cold(self) -> bool:
        return self.run.stage.code.endswith("COLD")

    def known_properties(self, **known: Any) -> Content:
        """Return those of the values that the test type has a property for."""
        codes = {entry["code"] for entry in self.run.test.properties}
        return {code: value for code, value in known.items() if code in codes}
