"""Counts values in bins, and sums them up in words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from itkgui.records.limits import NO_LIMITS, Limits
from itkgui.views.plots.data import LARGEST, LEAST, Array, Column, Measurement
from itkgui.views.plots.limits import limits_text, scaled
from itkgui.views.plots.numbers import round_step, round_step_within, value_text
from itkgui.views.plots.units import MixedUnits, common_unit

_MOST_BINS = 100
_STEPS = 3  # of widths that are tried, so that limits fit
_SAME = 1e-6  # of a width


@dataclass(frozen=True, eq=False)
class Histogram:
    """Counts of several measurements in common bins: ``edges`` is one longer than each of ``counts``."""

    name: str
    unit: str
    edges: Array
    counts: tuple[Array, ...]
    measurements: tuple[Measurement, ...]
    limits: Limits
    summary: str
    notes: tuple[str, ...] = ()
    refusal: str = ""


def histogram_of(measurements: Sequence[Measurement], key: str) -> Histogram:
    """Count one column of every measurement that has it, in one unit."""
    found = [(m, column) for m in measurements if (column := m.column(key)) is not None]
    columns = [column for _, column in found]
    try:
        unit, factors = common_unit(columns[0].name if columns else "", [column.unit for column in columns])
    except MixedUnits as mixed:
        return _refused(str(mixed))
    if not columns:
        return _refused("None of these runs has such numbers.")
    parts = [column.values * factors[column.unit] for column in columns]
    values = np.concatenate(parts)
    usable = values[np.abs(values) < LARGEST]
    if not len(usable):
        return _refused("There is no usable number in these arrays.")
    notes = []
    if lacking := len(measurements) - len(found):
        notes.append(f"{lacking} of {len(measurements)} runs have no such numbers.")
    if missing := len(values) - len(usable):
        notes.append(f"{missing:,} without a usable number left out.")
    limits, same = _common_limits(columns, factors)
    if not same:
        notes.append("The limits of these runs differ, so none is drawn.")
    edges = _edges(usable, limits)
    counts = tuple(np.histogram(part[np.abs(part) < LARGEST], edges)[0].astype(np.float64) for part in parts)
    return Histogram(
        columns[0].name,
        unit,
        edges,
        counts,
        tuple(m for m, _ in found),
        limits,
        _summary(usable, unit, limits),
        tuple(notes),
    )


def _refused(sentence: str) -> Histogram:
    return Histogram("", "", np.array([0.0, 1.0]), (), (), NO_LIMITS, "", refusal=sentence)


def _common_limits(columns: Sequence[Column], factors: dict[str, float]) -> tuple[Limits, bool]:
    different = list(dict.fromkeys(scaled(column.limits, factors[column.unit]) for column in columns))
    return (different[0], True) if len(different) == 1 else (NO_LIMITS, False)


def _edges(values: Array, limits: Limits) -> Array:
    """Return edges at round numbers, and at limits amid the values.

    There are as many bins as Freedman and Diaconis ask for, and no fewer than the root of the count.
    """
    low, high = float(values.min()), float(values.max())
    size = high - low
    if size <= max(1e-9 * max(abs(low), abs(high)), LEAST):
        margin = abs(low) * 0.05
        margin = margin if margin > LEAST else 0.5
        return np.array([low - margin, high + margin])
    quarter, three = np.percentile(values, (25, 75))
    root = math.sqrt(len(values))
    width = min(2 * float(three - quarter) / len(values) ** (1 / 3), size / root) or size / (2 * root)
    least = round_step(size / _MOST_BINS)
    width = max(round_step_within(width), least)
    if np.all(values == np.floor(values)):
        width, start = max(1.0, width), -0.5  # a bin of whole numbers has them in its middle
    else:
        amid = [limit for limit in (limits.low, limits.high) if limit is not None and low < limit < high]
        width, start = _fitted(width, least, amid)
    first, last = math.floor((low - start) / width), math.floor((high - start) / width) + 1
    edges = np.arange(first, last + 1, dtype=np.float64) * width + start
    edges[0], edges[-1] = min(edges[0], low), max(edges[-1], high)  # whatever was rounded
    return edges


def _fitted(width: float, least: float, limits: Sequence[float]) -> tuple[float, float]:
    """Return the width of bins, or one or two steps less, and where one begins, so that limits are edges."""
    narrower = [width]
    while len(narrower) < _STEPS and narrower[-1] > least:
        narrower.append(max(least, round_step_within(narrower[-1] * 0.99)))
    for one in narrower:
        if all(abs(limit / one - round(limit / one)) < _SAME for limit in limits):
            return one, 0.0
    return width, limits[0]


def _summary(values: Array, unit: str, limits: Limits) -> str:
    parts = [f"n {len(values):,}", f"mean {value_text(float(values.mean()), unit, 4)}"]
    if len(values) > 1:
        parts.append(f"σ {value_text(float(values.std(ddof=1)), unit, 3)}")
    parts += [
        f"lowest {value_text(float(values.min()), unit, 4)}",
        f"highest {value_text(float(values.max()), unit, 4)}",
    ]
    if limits.low is not None or limits.high is not None:
        low = -math.inf if limits.low is None else limits.low
        high = math.inf if limits.high is None else limits.high
        outside = int(np.count_nonzero((values < low) | (values > high)))
        parts += [f"limits {limits_text(limits, unit)}", f"outside limits {outside:,}"]
    return "  ·  ".join(parts)
