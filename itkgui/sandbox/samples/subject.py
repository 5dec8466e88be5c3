"""What a sample file is about."""

from __future__ import annotations

import random
from dataclasses import dataclass

from itkgui.sandbox.catalogue.sensors import Diode


@dataclass(frozen=True)
class Subject:
    """What a file is about, and dice for its details."""

    serial: str
    kind: str
    test: str
    time: int
    rng: random.Random
    diode: Diode
