"""The curves in a test run's results, in one form whatever the test type calls them."""

from __future__ import annotations

import math
from dataclasses import dataclass

from itkgui.sandbox.samples.subject import Subject


@dataclass(frozen=True)
class Curve:
    """Current [`unit`] against reverse voltage [V], both as magnitudes, and the air meanwhile."""

    voltages: list[float]
    values: list[float]
    unit: str
    celsius: float
    seconds: list[float]
    temperatures: list[float]
    humidities: list[float]

    @property
    def most_shown(self) -> float:
        """The top of a plot: a breakdown may leave the picture, the plateau may not vanish."""
        middle = sorted(self.values)[len(self.values) // 2]
        return min(max(self.values), 6 * middle) or 1.0


@dataclass(frozen=True)
class Axis:
    """An axis from 0 to `top` with a tick at every step of 1, 2 or 5 times a power of ten."""

    step: float
    count: int

    @classmethod
    def to(cls, most: float, parts: int) -> Axis:
        """Return the axis that reaches `most` in about so many parts."""
        power = 10.0 ** math.floor(math.log10(most / parts))
        step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= most / parts)
        return cls(step, math.ceil(most / step))

    @property
    def top(self) -> float:
        return self.step * self.count

    @property
    def ticks(self) -> list[float]:
        return [self.step * number for number in range(self.count + 1)]


def iv_curve(subject: Subject) -> Curve:
    """Return the curve of the subject's results, or its sensor's at 20 °C where nobody has measured one."""
    results, properties = subject.results, subject.properties
    if "IV_ARRAY" in results:
        held = results["IV_ARRAY"]
        return Curve(
            held["voltage"],
            held["current"],
            "µA",
            properties["TEMP"],
            held["time"],
            held["temperature"],
            held["humidity"],
        )
    if "VOLTAGE" in results and "CURRENT" in results:
        voltages = [abs(value) for value in results["VOLTAGE"]]
        return _steady(voltages, [abs(value) for value in results["CURRENT"]], "nA", results["TEMPERATURE"])
    if "IV_V_MFR" in results:
        return _steady([float(value) for value in results["IV_V_MFR"]], results["IV_I_MFR"], "nA", 23.0)
    voltages = [5.0 * step for step in range(41)]
    return _steady(voltages, [round(subject.diode.current(value, 20.0), 5) for value in voltages], "µA", 20.0)


def _steady(voltages: list[float], values: list[float], unit: str, celsius: float) -> Curve:
    count = len(voltages)
    seconds = [round(2.1 * step, 1) for step in range(count)]
    return Curve(voltages, values, unit, celsius, seconds, [celsius] * count, [31.0] * count)
