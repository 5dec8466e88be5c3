"""The silicon diodes of the catalogue: leakage, depletion and breakdown, and what temperature does."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

from itkgui.sandbox.catalogue.parts import Part

_BOLTZMANN = 8.617333e-5
_ACTIVATION = 1.21
_ZERO = 273.15
# Breakdown voltage of the pixel vendors by their digit in the serial number (mean, spread).
_PIXEL_BREAKDOWN = {"2": (265.0, 40.0), "3": (420.0, 60.0), "5": (330.0, 50.0)}


@dataclass(frozen=True)
class Diode:
    """One sensor; the current is in µA at 20 °C, just above depletion."""

    depletion: float
    breakdown: float
    leakage: float
    slope: float
    thickness: float

    def current(self, voltage: float, celsius: float) -> float:
        """Return the reverse current [µA] at a reverse voltage [V], both as magnitudes."""
        if voltage <= 0:
            return 0.0
        depleted = min(1.0, math.sqrt(voltage / self.depletion))
        bulk = self.leakage * depleted * (1 + self.slope * max(0.0, voltage - self.depletion) / 100)
        bulk *= temperature_factor(celsius)
        # The breakdown voltage falls a little in the cold, where carriers are faster.
        over = voltage - self.breakdown * (1 + 0.0008 * (celsius - 20))
        avalanche = self.leakage * (math.exp(min(over / 5.5, 9.0)) + 0.02 * math.exp(min(over / 25, 6.0)))
        return bulk + avalanche


def temperature_factor(celsius: float) -> float:
    """Return the bulk current at this temperature relative to 20 °C."""
    kelvin, reference = celsius + _ZERO, 20 + _ZERO
    exponent = _ACTIVATION / (2 * _BOLTZMANN) * (1 / kelvin - 1 / reference)
    return (kelvin / reference) ** 2 * math.exp(-exponent)


def diode_of(sensor: Part, rng: random.Random) -> Diode:
    """Return the diode of a sensor, by vendor and project; one in fourteen breaks down early."""
    early = rng.random() < 0.07
    if sensor.kind.project == "P":
        vendor = (sensor.serial or "")[7:8]
        mean, spread = _PIXEL_BREAKDOWN.get(vendor, (300.0, 50.0))
        breakdown = rng.gauss(mean, spread) * (0.4 if early else 1.0)
        return Diode(rng.uniform(45, 75), max(60.0, breakdown), rng.lognormvariate(-0.4, 0.45), 0.18, 150.0)
    breakdown = rng.gauss(660, 35) * (0.62 if early else 1.0)
    return Diode(rng.uniform(235, 300), breakdown, rng.lognormvariate(-2.4, 0.4), 0.12, rng.uniform(296, 304))
