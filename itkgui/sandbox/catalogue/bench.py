"""What the measurements of one test run start from."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from itkgui.sandbox.catalogue.histories import Run
from itkgui.sandbox.catalogue.parts import Part
from itkgui.sandbox.catalogue.sensors import Diode


@dataclass(frozen=True)
class Bench:
    """What a measurement needs to know: the run, the part, the diode behind it, and dice."""

    run: Run
    part: Part
    diode: Diode
    rng: random.Random
    operator: str
    linked: Callable[[str, str, int], dict[str, Any] | None]

    @property
    def cold(self) -> bool:
        return self.run.stage.code.endswith("COLD")
