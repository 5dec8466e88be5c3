"""Curves from measurements: which column against which, in one unit, with what is left out told in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from itkgui.language import _, ngettext
from itkgui.views.plots.data import LARGEST, Array, Column, Measurement
from itkgui.views.plots.units import MixedUnits, common_unit, unit_of

INDEX = ""  # the key of the x axis that counts the values
# Beyond, screen coordinates and squares leave the range of floats.
_SHOWN_LABELS = 3

_VOLTAGE = ("voltage", "voltages", "vbias", "iv_v_mfr")
_CURRENT = ("current", "currents", "iv_i_mfr")
_CAPACITANCE = ("capacitance", "capacitances")
_TIME = ("time", "times", "timestamp")
_THRESHOLD = ("threshold", "thresholds")
_PLACE = "x"
_OCCUPANCY = ("occupancy",)
# How runs call the error of a column, before its name or after it.
_ERRORS = ("sigma", "error", "errors", "err", "std", "stddev", "stdev", "uncertainty", "unc")


@dataclass(frozen=True)
class Axes:
    """What is drawn against what, and how the values are turned before."""

    y: str
    x: str = INDEX
    log_x: bool = False
    log_y: bool = False
    magnitude_x: bool = False
    magnitude_y: bool = False
    inverse_square: bool = False


@dataclass(frozen=True, eq=False)
class Curve:
    """One curve: ``x`` and ``y`` as they are read, ``drawn_x`` and ``drawn_y`` on the axes; gaps are NaN.

    ``error`` is the standard deviation of each y where the run tells it, in the unit of y.
    """

    measurement: Measurement
    x: Array
    y: Array
    drawn_x: Array
    drawn_y: Array
    error: Array | None = None

    @property
    def label(self) -> str:
        return self.measurement.label


@dataclass(frozen=True, eq=False)
class Drawing:
    """Curves on common axes; ``refusal`` says why there are none, ``notes`` what is missing in them."""

    axes: Axes
    curves: tuple[Curve, ...] = ()
    x_name: str = ""
    x_unit: str = ""
    y_name: str = ""
    y_unit: str = ""
    notes: tuple[str, ...] = ()
    refusal: str = ""
    x_is_time: bool = False


def usual_axes(measurements: Sequence[Measurement]) -> Axes | None:
    """Return the axes to begin with; None if nothing can be drawn.

    Current or capacitance over voltage, occupancy over threshold, anything over time, the height of points
    over x, else the first column by its index.
    """
    axes = _usual_columns(measurements)
    return None if axes is None else with_usual_magnitudes(axes, measurements)


def with_usual_magnitudes(axes: Axes, measurements: Sequence[Measurement]) -> Axes:
    """Return axes on which negative voltages (along x) and currents (along y) are shown as magnitudes.

    Negative is a run with more values below zero than above it: one by an offset does not count.
    """
    return replace(
        axes,
        magnitude_x=axes.x in _VOLTAGE and _is_negative(measurements, axes.x),
        magnitude_y=axes.y in _CURRENT and _is_negative(measurements, axes.y),
    )


def _usual_columns(measurements: Sequence[Measurement]) -> Axes | None:
    columns = {column.key: column for m in measurements for column in m.columns}
    if not columns:
        return None
    for x_words, y_words in (
        (_VOLTAGE, _CURRENT),
        (_VOLTAGE, _CAPACITANCE),
        (_THRESHOLD, _OCCUPANCY),
    ):
        x, y = _first(columns, x_words), _first(columns, y_words)
        if x and y:
            return Axes(y, x, log_y=y_words is _OCCUPANCY)
    time = _first(columns, _TIME)
    others = [key for key in columns if key != time]
    if time and others:
        return Axes(others[0], time)
    place = next((key for key in columns if is_place(key)), "")
    heights = (place[:-1] + name for name in "zy")
    height = next((key for key in heights if place and key in columns), "")
    return Axes(height, place) if height else Axes(next(iter(columns)))


def is_place(key: str) -> bool:
    """Tell whether a column is the x of points, which a map shows as well."""
    return key.rpartition(".")[2] == _PLACE


def drawing_of(measurements: Sequence[Measurement], axes: Axes) -> Drawing:
    """Return the curves of all measurements that have both columns, in one unit on each axis."""
    pairs, notes = _pairs(measurements, axes)
    if not pairs:
        return Drawing(axes, refusal=" ".join(notes) or _("None of these runs has such numbers."))
    x_columns, y_columns = [x for _, x, _ in pairs], [y for _, _, y in pairs]
    try:
        x_unit, x_factors = common_unit(x_columns[0].name, [x.unit for x in x_columns])
        y_unit, y_factors = common_unit(y_columns[0].name, [y.unit for y in y_columns])
    except MixedUnits as mixed:
        return Drawing(axes, refusal=str(mixed))
    count = _Count()
    curves = []
    for measurement, x, y in pairs:
        shown_x = _turned(_scaled(x.values, x_factors[x.unit]), magnitude=axes.magnitude_x)
        shown_y = _turned(_scaled(y.values, y_factors[y.unit]), axes.magnitude_y, axes.inverse_square)
        drawn_x, drawn_y = count.drawn(shown_x, shown_y, axes)
        error = None if axes.inverse_square else _error_of(measurement, y, y_unit, notes)
        curves.append(Curve(measurement, shown_x, shown_y, drawn_x, drawn_y, error))
    return Drawing(
        axes,
        tuple(curves),
        _bars(x_columns[0].name, axes.magnitude_x),
        x_unit,
        _turned_name(_bars(y_columns[0].name, axes.magnitude_y), axes),
        _turned_unit(y_unit, axes),
        (*dict.fromkeys(notes), *count.notes()),
        "" if any(np.isfinite(curve.drawn_y).any() for curve in curves) else count.refusal(),
        x_columns[0].is_time,
    )


def as_index(column: Column, places: Array | None = None) -> Column:
    """Return what counts a column's values, from 0, or where they stand."""
    if places is None:
        places = np.arange(len(column.values), dtype=np.float64)
    return Column(_("Index"), "", places)


class _Count:
    """Counts what cannot be drawn, and says so."""

    def __init__(self) -> None:
        self._missing = self._not_positive = self._total = 0

    def drawn(self, x: Array, y: Array, axes: Axes) -> tuple[Array, Array]:
        """Return the places on the axes: logarithms where asked for, NaN where there is none.

        Where x cannot be drawn, y is NaN too; x stays where only y is missing, so that it stays in order.
        """
        self._total += len(x)
        if not (axes.log_x or axes.log_y) and _is_usual(x) and _is_usual(y):
            return x, y
        good_x, good_y = np.abs(x) < LARGEST, np.abs(y) < LARGEST  # false for NaN as well
        self._missing += len(x) - int(np.count_nonzero(good_x & good_y))
        positive_x = x > 0 if axes.log_x else np.True_
        positive_y = y > 0 if axes.log_y else np.True_
        self._not_positive += int(np.count_nonzero(good_x & good_y & ~(positive_x & positive_y)))
        good_x = good_x & positive_x
        good_y = good_x & good_y & positive_y
        x, y = np.where(good_x, x, np.nan), np.where(good_y, y, np.nan)
        return np.log10(x) if axes.log_x else x, np.log10(y) if axes.log_y else y

    def notes(self) -> Iterable[str]:
        if self._missing:
            yield ngettext(
                "{count:,} point without a usable number left out.",
                "{count:,} points without a usable number left out.",
                self._missing,
            ).format(count=self._missing)
        if self._not_positive:
            yield ngettext(
                "{count:,} point at or below zero left out: they have no logarithm.",
                "{count:,} points at or below zero left out: they have no logarithm.",
                self._not_positive,
            ).format(count=self._not_positive)

    def refusal(self) -> str:
        if not self._total:
            return _("These arrays are empty.")
        if self._not_positive:
            return _("No value is above zero, so there is nothing to show on a logarithmic axis.")
        return _("There is no usable number in these arrays.")


def _is_usual(values: Array) -> bool:
    """Tell quickly whether all values can be drawn as they are; NaN passes through both ends."""
    return bool(len(values) and values.min() > -LARGEST and values.max() < LARGEST)


def _pairs(
    measurements: Sequence[Measurement], axes: Axes
) -> tuple[list[tuple[Measurement, Column, Column]], list[str]]:
    pairs: list[tuple[Measurement, Column, Column]] = []
    lacking, unequal = [], []
    for measurement in measurements:
        y = measurement.column(axes.y)
        if axes.x == INDEX and y is not None:
            x: Column | None = as_index(y, measurement.places)
        else:
            x = measurement.column(axes.x)
        if x is None or y is None:
            lacking.append(measurement.label)
        elif len(x.values) != len(y.values):
            unequal.append(
                _("{run} ({count:,} of “{name}”, {other_count:,} of “{other_name}”)").format(
                    run=measurement.label,
                    count=len(x.values),
                    name=x.name,
                    other_count=len(y.values),
                    other_name=y.name,
                )
            )
        else:
            pairs.append((measurement, x, y))
    notes = []
    if lacking:
        notes.append(
            ngettext(
                "{lacking} of {count} runs has no such numbers: {runs}.",
                "{lacking} of {count} runs have no such numbers: {runs}.",
                len(lacking),
            ).format(lacking=len(lacking), count=len(measurements), runs=_some(lacking))
        )
    if unequal:
        notes.append(_("Not drawn, because the lengths differ: {runs}.").format(runs=_some(unequal)))
    return pairs, notes


def _some(labels: Sequence[str]) -> str:
    more = len(labels) - _SHOWN_LABELS
    shown = "; ".join(labels[:_SHOWN_LABELS])
    return _("{runs}; and {count} more").format(runs=shown, count=more) if more > 0 else shown


def _error_of(measurement: Measurement, y: Column, unit: str, notes: list[str]) -> Array | None:
    """Return what the run tells of the error of a column, in a unit; None if it tells nothing usable."""
    name = _letters(y.key)
    forms = {form for word in _ERRORS for form in (word + name, name + word)}
    column = next((c for c in measurement.columns if _letters(c.key) in forms), None)
    if column is None:
        return None
    own, wanted = unit_of(column.unit or y.unit), unit_of(unit)
    counts = len(column.values), len(y.values)
    if counts[0] == counts[1] and own.base == wanted.base:
        return _scaled(np.abs(column.values), 10.0 ** (own.power - wanted.power))
    if counts[0] != counts[1]:
        note = _("“{errors}” ({count:,} for {values:,} values) cannot be the errors of “{name}”.").format(
            errors=column.name, count=counts[0], values=counts[1], name=y.name
        )
    else:
        note = _("“{errors}” (in {unit}) cannot be the errors of “{name}”.").format(
            errors=column.name, unit=column.unit, name=y.name
        )
    notes.append(note)
    return None


def _letters(key: str) -> str:
    return "".join(filter(str.isalnum, key))


def _scaled(values: Array, factor: float) -> Array:
    with np.errstate(over="ignore"):  # infinite then, and left out
        return values if factor == 1.0 else values * factor


def _turned(values: Array, magnitude: bool = False, inverse_square: bool = False) -> Array:
    if magnitude:
        values = np.abs(values)
    if inverse_square:
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            values = 1.0 / np.square(values)
    return values


def _bars(name: str, magnitude: bool) -> str:
    return f"|{name}|" if magnitude else name


def _turned_name(name: str, axes: Axes) -> str:
    return f"1 / {name}²" if axes.inverse_square else name


def _turned_unit(unit: str, axes: Axes) -> str:
    return f"1/{unit}²" if axes.inverse_square and unit else unit


def _first(columns: Iterable[str], words: tuple[str, ...]) -> str:
    return next((key for word in words for key in columns if key == word), "")


def _is_negative(measurements: Sequence[Measurement], key: str) -> bool:
    found = [column.values for m in measurements if (column := m.column(key)) is not None]
    return any(np.count_nonzero(values < 0) > np.count_nonzero(values > 0) for values in found)
