"""Counts values in bins, and sums them up in words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from itkgui.language import _, ngettext
from itkgui.records.bin_edges import bin_edges
from itkgui.records.limits import NO_LIMITS, Limits
from itkgui.views.plots.data import LARGEST, Array, Bins, Column, Measurement
from itkgui.views.plots.limits import limits_text, scaled
from itkgui.views.plots.numbers import value_text
from itkgui.views.plots.units import MixedUnits, common_unit


@dataclass(frozen=True, eq=False)
class Histogram:
    """Counts of several measurements in common bins: ``edges`` is one longer than each of ``counts``.

    ``given`` is what came with bins of its own; then counts may be any numbers, and have errors.
    """

    name: str
    unit: str
    edges: Array
    counts: tuple[Array, ...]
    measurements: tuple[Measurement, ...]
    limits: Limits
    summary: str
    notes: tuple[str, ...] = ()
    refusal: str = ""
    given: Bins | None = None


def histogram_of(measurements: Sequence[Measurement], key: str) -> Histogram:
    """Count one column of every measurement that has it, in one unit; or return the bins of this key."""
    for measurement in measurements:
        for bins in measurement.bins:
            if bins.key == key:
                return _as_given(measurement, bins)
    found = [(m, column) for m in measurements if (column := m.column(key)) is not None]
    columns = [column for _, column in found]
    try:
        unit, factors = common_unit(columns[0].name if columns else "", [column.unit for column in columns])
    except MixedUnits as mixed:
        return _refused(str(mixed))
    if not columns:
        return _refused(_("None of these runs has such numbers."))
    parts = [
        (column.values if column.sample is None else column.sample) * factors[column.unit]
        for column in columns
    ]
    values = np.concatenate(parts)
    usable = values[np.abs(values) < LARGEST]
    if not len(usable):
        return _refused(_("There is no usable number in these arrays."))
    notes = []
    if lacking := len(measurements) - len(found):
        notes.append(
            ngettext(
                "{lacking} of {count} runs has no such numbers.",
                "{lacking} of {count} runs have no such numbers.",
                lacking,
            ).format(lacking=lacking, count=len(measurements))
        )
    if missing := len(values) - len(usable):
        notes.append(
            ngettext(
                "{count:,} without a usable number left out.",
                "{count:,} without a usable number left out.",
                missing,
            ).format(count=missing)
        )
    limits, same = _common_limits(columns, factors)
    if not same:
        notes.append(_("The limits of these runs differ, so none is drawn."))
    edges = bin_edges(usable, limits)
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


def _as_given(measurement: Measurement, bins: Bins) -> Histogram:
    values = np.where(np.abs(bins.values) < LARGEST, bins.values, np.nan)  # false for NaN too
    missing = int(np.count_nonzero(np.isnan(values)))
    refusal = "" if missing < len(values) else _("There is no usable number in these bins.")
    note = _("{missing:,} of {count:,} bins without a usable number.")
    notes = (note.format(missing=missing, count=len(values)),) if missing else ()
    edges, owners = bins.edges, (measurement,)
    return Histogram(bins.name, bins.unit, edges, (values,), owners, NO_LIMITS, "", notes, refusal, bins)


def _refused(sentence: str) -> Histogram:
    return Histogram("", "", np.array([0.0, 1.0]), (), (), NO_LIMITS, "", refusal=sentence)


def _common_limits(columns: Sequence[Column], factors: dict[str, float]) -> tuple[Limits, bool]:
    different = list(dict.fromkeys(scaled(column.limits, factors[column.unit]) for column in columns))
    return (different[0], True) if len(different) == 1 else (NO_LIMITS, False)


def _summary(values: Array, unit: str, limits: Limits) -> str:
    mean = value_text(float(values.mean()), unit, 4)
    parts = [f"n {len(values):,}", _("mean {value}").format(value=mean)]
    if len(values) > 1:
        parts.append(f"σ {value_text(float(values.std(ddof=1)), unit, 3)}")
    parts += [
        _("lowest {value}").format(value=value_text(float(values.min()), unit, 4)),
        _("highest {value}").format(value=value_text(float(values.max()), unit, 4)),
    ]
    if limits.low is not None or limits.high is not None:
        low = -math.inf if limits.low is None else limits.low
        high = math.inf if limits.high is None else limits.high
        outside = int(np.count_nonzero((values < low) | (values > high)))
        parts += [
            _("limits {limits}").format(limits=limits_text(limits, unit)),
            _("outside limits {count:,}").format(count=outside),
        ]
    return "  ·  ".join(parts)
