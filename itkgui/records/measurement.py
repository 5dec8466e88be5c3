"""Numbers found in a test run: what can be plotted, against what, in which unit."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from itkgui.language import _
from itkgui.records.json_fields import as_number
from itkgui.records.test_run import Measured, TestRun

Array = npt.NDArray[np.float64]

# An IV scan stores its columns under these words; the units of a column that names none are the ones
# in use for that test type (API reference §8.4): pixels in µA, strips in nA.
_VOLTAGE = ("voltage", "voltages", "vbias")
_CURRENT = ("current", "currents")

# A name that lists columns: "IV data: time [s], voltage [V]".
_COLUMN_UNIT = re.compile(r"(?P<name>\w[\w ]{0,60})\[(?P<unit>[^\[\]]{1,20})\]")

# Objects in objects are read this deep; no recorded one is deeper than two.
_DEPTH = 4


@dataclass(frozen=True, eq=False)
class Series:
    """One column of numbers, shape (n,), missing values NaN; one that is a parameter itself has its code."""

    name: str
    unit: str
    values: Array
    code: str = ""


@dataclass(frozen=True, eq=False)
class Table:
    """Numbers in rows, shape (rows, longest row); what is missing, also at the end of a row, is NaN."""

    name: str
    unit: str
    values: Array
    code: str


@dataclass(frozen=True)
class Scalar:
    """A single number of a run; one inside an object is named by the way to it, ``"CAP_HEIGHT.ABC_0"``."""

    key: str
    name: str
    unit: str
    value: float


@dataclass(frozen=True, eq=False)
class IVCurve:
    """Current against bias voltage, shape (n,) each, as magnitudes: strip sensors are stored negative."""

    voltage: Series
    current: Series


def numbers(value: Any) -> Array | None:
    """Return a JSON list as numbers, shape (n,); None if it is not a flat list that holds a number.

    Null, text that is no number, and infinities become NaN.
    """
    if not isinstance(value, list) or not value:
        return None
    found = _column(value)
    return None if np.isnan(found).all() else found


def series_of(run: TestRun) -> list[Series]:
    """Return every column of numbers in a run's results, those inside objects included."""
    return [series for result in run.results for series in _series_in(result)]


def tables_of(run: TestRun) -> list[Table]:
    """Return the 2-D arrays of a run that hold a number."""
    found = ((result, _rows(result.value)) for result in run.results)
    return [
        Table(result.label, result.unit, values, result.code)
        for result, values in found
        if values is not None
    ]


def scalars_of(run: TestRun) -> list[Scalar]:
    """Return the single numbers of a run, those inside objects included; truth values are none."""
    return [scalar for result in run.results for scalar in _scalars_in(result)]


def iv_curve_of(run: TestRun) -> IVCurve | None:
    """Return the IV curve of a run; None if it has none, or if its columns do not fit each other."""
    found = _pair(series_of(run), _VOLTAGE, _CURRENT)
    if found is None:
        return None
    code = run.test_type.code.upper()
    default_unit = "µA" if code.startswith("IV_MEASURE") else "nA" if "_IV" in code else ""
    return IVCurve(
        _magnitude(_("Bias voltage"), found[0], "V"),
        _magnitude(_("Leakage current"), found[1], default_unit),
    )


def _pair(columns: list[Series], x: tuple[str, ...], y: tuple[str, ...]) -> tuple[Series, Series] | None:
    first, second = _first(columns, x), _first(columns, y)
    if first is None or second is None or len(first.values) != len(second.values):
        return None
    return first, second


def _magnitude(name: str, series: Series, default_unit: str) -> Series:
    negative = bool((series.values < 0).any())
    return Series(f"|{name}|" if negative else name, series.unit or default_unit, np.abs(series.values))


def _column(items: list[Any]) -> Array:
    """Return numbers, shape (n,); what is none is NaN."""
    if set(map(type, items)) <= {int, float}:
        try:
            found = np.array(items, dtype=np.float64)
        except OverflowError:  # an integer beyond all floats
            pass
        else:
            found[np.isinf(found)] = math.nan
            return found
    return np.fromiter((_number(item) for item in items), dtype=np.float64, count=len(items))


def _rows(value: Any) -> Array | None:
    if not isinstance(value, list) or not value or not all(isinstance(row, list) for row in value):
        return None
    found = np.full((len(value), max(map(len, value))), math.nan)
    for index, row in enumerate(value):
        found[index, : len(row)] = _column(row)
    return None if np.isnan(found).all() else found


def _number(item: Any) -> float:
    found = as_number(item)
    return math.nan if found is None else found


def _series_in(result: Measured) -> Iterator[Series]:
    for path, value in _parts(result.value):
        values = numbers(value)
        if values is None:
            continue
        if path:
            yield Series(".".join(path), _unit_of_part(result, path[-1]), values)
        else:
            yield Series(result.label, result.unit, values, result.code)


def _scalars_in(result: Measured) -> Iterator[Scalar]:
    for path, value in _parts(result.value):
        found = None if isinstance(value, str) else as_number(value)
        if found is not None:
            key = ".".join((result.code, *path))
            name = f"{result.label}, {'.'.join(path)}" if path else result.label
            yield Scalar(key, name, _unit_of_part(result, path[-1]) if path else result.unit, found)


def _parts(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield what an object holds, with the keys that lead there; anything else as it is."""
    if isinstance(value, dict) and len(path) < _DEPTH:
        for key, item in value.items():
            yield from _parts(item, (*path, str(key)))
    else:
        yield path, value


def _unit_of_part(result: Measured, key: str) -> str:
    """Return the unit of a part of an object: the only one in its name, or the one after the part's name."""
    if result.unit:
        return result.unit
    units = {m["name"].strip().lower(): m["unit"].strip() for m in _COLUMN_UNIT.finditer(result.name)}
    return units.get(key.strip().lower(), "")


def _first(columns: list[Series], words: tuple[str, ...]) -> Series | None:
    return next((c for c in columns if c.code.lower() in words or c.name.lower() in words), None)
