"""What a sample file is about."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from itkgui.sandbox.catalogue.sensors import Diode


@dataclass(frozen=True)
class Line:
    """One test run as a summary or a certificate tells of it."""

    date: int
    stage: str
    test: str
    number: str
    passed: bool


@dataclass(frozen=True)
class Subject:
    """What a file is about, and dice for its details.

    `results`, `properties`, `passed` and `defect` are those of the test run that the file hangs on; a file of
    a component has those of its latest IV test. `history` lists what was tested up to then. Of a shipment,
    `items` are serial number, component type and type of what is in it; `passed`: it was not dropped.
    """

    serial: str
    kind: str
    test: str
    time: int
    rng: random.Random
    diode: Diode
    variant: str = ""
    stage: str = ""
    operator: str = ""
    place: str = ""
    passed: bool = True
    results: dict[str, Any] = field(default_factory=dict)
    properties: dict[str, Any] = field(default_factory=dict)
    defect: dict[str, Any] | None = None
    history: tuple[Line, ...] = ()
    items: tuple[tuple[str, str, str], ...] = ()
