"""The silicon diodes of the catalogue: leakage, depletion and breakdown, and what temperature does.

The numbers are the ones a sensor review would quote: planar pixels of 100 and 150 µm, 3D pixels, 320 µm
strips; each vendor breaks down where its process does. Limits: leakage at most 0.75 µA/cm² (planar),
2.5 µA/cm² (3D) and 0.1 µA/cm² (strips) at 20 °C; breakdown at least 70 V above depletion (planar), 20 V (3D),
and 500 V for strips.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from itkgui.sandbox.catalogue.parts import Part

_BOLTZMANN = 8.617333e-5  # eV/K
_ACTIVATION = 1.21  # eV
_ZERO = 273.15
# Breakdown voltage (mean, spread) by the vendor's digit in the serial number (API reference §8.1).
_PLANAR_BREAKDOWN = {"2": (265.0, 30.0), "3": (420.0, 40.0), "5": (330.0, 35.0)}
_3D_BREAKDOWN = {"6": (88.0, 10.0), "7": (112.0, 12.0), "8": (145.0, 14.0)}
_STRIP_BREAKDOWN = (725.0, 55.0)
_QUAD_AREA, _SINGLE_AREA, _STRIP_AREA = 16.2, 4.1, 95.3  # cm²
# Breakdown is seen where the current grows by more than this from one volt to the next.
_GROWTH_PER_VOLT = 1.034


@dataclass(frozen=True)
class Diode:
    """One sensor; voltages in V, the leakage in µA at 20 °C just above depletion, µm, cm²."""

    depletion: float
    breakdown: float
    leakage: float
    slope: float
    thickness: float
    area: float
    judged_at: float  # the voltage [V] at which the leakage is judged
    least_breakdown: float
    most_leakage: float  # µA at 20 °C

    def current(self, voltage: float, celsius: float) -> float:
        """Return the reverse current [µA] at a reverse voltage [V], both as magnitudes."""
        if voltage <= 0:
            return 0.0
        depleted = min(1.0, math.sqrt(voltage / self.depletion))
        bulk = self.leakage * depleted * (1 + self.slope * max(0.0, voltage - self.depletion) / 100)
        # Breakdown comes a little earlier in the cold, where carriers are faster.
        over = voltage - self.breakdown * (1 + 0.0008 * (celsius - 20))
        avalanche = math.exp(min(over / 5.5, 9.0)) + 0.02 * math.exp(min(over / 25, 6.0))
        return bulk * temperature_factor(celsius) * (1 + avalanche)

    def broken(self, severity: float) -> Diode:
        """Return what handling made of it: it breaks down at a part (0…1) of the least voltage allowed."""
        return replace(
            self, breakdown=self.least_breakdown * severity, leakage=self.leakage * (2.2 - severity)
        )

    def aged(self, leakage: float, volts: float) -> Diode:
        """Return the same sensor some stages later: leakage times a factor, breakdown moved by volts."""
        return replace(self, leakage=self.leakage * leakage, breakdown=self.breakdown + volts)


def temperature_factor(celsius: float) -> float:
    """Return the bulk current at this temperature relative to 20 °C: T² exp(-Ea/2kT)."""
    kelvin, reference = celsius + _ZERO, 20 + _ZERO
    exponent = _ACTIVATION / (2 * _BOLTZMANN) * (1 / kelvin - 1 / reference)
    return (kelvin / reference) ** 2 * math.exp(-exponent)


def breakdown_of(voltages: Sequence[float], currents: Sequence[float], depletion: float) -> float | None:
    """Return the first voltage [V] above depletion where the current runs away; both are magnitudes."""
    for place in range(2, len(voltages)):
        step = voltages[place] - voltages[place - 1]
        if voltages[place - 1] < depletion or currents[place - 1] <= 0:
            continue
        if currents[place] > currents[place - 1] * _GROWTH_PER_VOLT**step:
            return voltages[place]
    return None


def diode_of(sensor: Part, rng: random.Random) -> Diode:
    """Return the diode of a sensor as delivered, by kind and vendor; it is a good one."""
    serial = sensor.serial or ""
    if sensor.kind.project != "P":
        mean, spread = _STRIP_BREAKDOWN
        return Diode(
            depletion=rng.uniform(235, 300),
            breakdown=max(560.0, rng.gauss(mean, spread)),
            leakage=rng.lognormvariate(-2.0, 0.4),
            slope=0.12,
            thickness=rng.uniform(296, 304),
            area=_STRIP_AREA,
            judged_at=500.0,
            least_breakdown=500.0,
            most_leakage=0.1 * _STRIP_AREA,
        )
    vendor, is_3d = serial[7:8], serial[5:7] in ("S0", "S1")
    if is_3d:
        mean, spread = _3D_BREAKDOWN.get(vendor, (100.0, 12.0))
        thickness, depletion, overhead, slope, limit = 150.0, rng.uniform(3, 7), 20.0, 0.6, 2.5
        area, median = _SINGLE_AREA, 0.25
    else:
        mean, spread = _PLANAR_BREAKDOWN.get(vendor, (300.0, 40.0))
        thickness = 100.0 if serial[5:7] == "S2" else 150.0
        # Depletion goes with the square of the thickness.
        depletion = rng.uniform(45, 75) * (thickness / 150) ** 2
        overhead, slope, limit = 70.0, 0.18, 0.75
        area, median = _QUAD_AREA, 0.045
    least = depletion + overhead
    return Diode(
        depletion=depletion,
        breakdown=max(least + 0.4 * overhead, rng.gauss(mean, spread)),
        leakage=min(0.5 * limit, rng.lognormvariate(math.log(median), 0.45)) * area,
        slope=slope,
        thickness=thickness,
        area=area,
        judged_at=depletion + min(50.0, overhead),
        least_breakdown=least,
        most_leakage=limit * area,
    )
