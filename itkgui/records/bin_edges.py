"""Bins at round numbers for values of any size."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from itkgui.records.limits import NO_LIMITS, Limits

Array = npt.NDArray[np.float64]

_MOST_BINS = 100
_STEPS = 3  # of widths that are tried, so that limits fit
_SAME = 1e-6  # of a width
_LEAST = 1e-100  # what is nearer to each other is not told apart


def round_step(rough: float) -> float:
    """Return the next one, two or five times a power of ten."""
    power = 10.0 ** math.floor(math.log10(rough))
    return power * next((factor for factor in (1, 2, 5) if factor * power >= rough), 10)


def round_step_within(most: float) -> float:
    """Return the largest one, two or five times a power of ten that is not above a number."""
    power = 10.0 ** math.floor(math.log10(most))
    return power * next((factor for factor in (5, 2) if factor * power <= most), 1)


def bin_edges(values: Array, limits: Limits = NO_LIMITS) -> Array:
    """Return edges at round numbers, and at limits amid the values.

    There are as many bins as Freedman and Diaconis ask for, and no fewer than the root of the count.
    """
    low, high = float(values.min()), float(values.max())
    size = high - low
    if size <= max(1e-9 * max(abs(low), abs(high)), _LEAST):
        margin = abs(low) * 0.05
        margin = margin if margin > _LEAST else 0.5
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
