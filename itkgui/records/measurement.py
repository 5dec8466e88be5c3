"""Numbers found in a test run: what can be plotted, against what, in which unit."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from itkgui.records.test_run import Measured, TestRun

Array = npt.NDArray[np.float64]

# An IV scan stores its columns under these words; the units of a column that names none are the ones
# in use for that test type (API reference §8.4): pixels in µA, strips in nA.
_VOLTAGE = ("voltage", "voltages", "vbias")
_CURRENT = ("current", "currents")


@dataclass(frozen=True)
class Series:
    """One column of numbers, shape (n,), missing values NaN; one that is a parameter itself has its code."""

    name: str
    unit: str
    values: Array
    code: str = ""

    @property
    def axis_label(self) -> str:
        return f"{self.name} [{self.unit}]" if self.unit else self.name


@dataclass(frozen=True)
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
    found = np.fromiter((_number(item) for item in value), dtype=np.float64, count=len(value))
    return None if np.isnan(found).all() else found


def series_of(run: TestRun) -> list[Series]:
    """Return every column of numbers in a run's results, those inside objects included."""
    return [series for result in run.results for series in _series_in(result)]


def iv_curve_of(run: TestRun) -> IVCurve | None:
    """Return the IV curve of a run; None if it has none, or if its columns do not fit each other."""
    columns = series_of(run)
    voltage = _first(columns, _VOLTAGE)
    current = _first(columns, _CURRENT)
    if voltage is None or current is None or len(voltage.values) != len(current.values):
        return None
    code = run.test_type.code.upper()
    default_unit = "µA" if code.startswith("IV_MEASURE") else "nA" if "_IV" in code else ""
    return IVCurve(
        _magnitude("Bias voltage", voltage, "V"),
        _magnitude("Leakage current", current, default_unit),
    )


def _magnitude(name: str, series: Series, default_unit: str) -> Series:
    negative = bool((series.values < 0).any())
    return Series(f"|{name}|" if negative else name, series.unit or default_unit, np.abs(series.values))


def _number(item: Any) -> float:
    if isinstance(item, bool) or not isinstance(item, int | float | str):
        return math.nan
    try:
        found = float(item)
    except (ValueError, OverflowError):
        return math.nan
    return found if math.isfinite(found) else math.nan


def _series_in(result: Measured) -> Iterator[Series]:
    if isinstance(result.value, Mapping):
        for key, column in result.value.items():
            values = numbers(column)
            if values is not None:
                yield Series(str(key), "", values)
    else:
        values = numbers(result.value)
        if values is not None:
            yield Series(result.label, result.unit, values, result.code)


def _first(columns: list[Series], words: tuple[str, ...]) -> Series | None:
    return next((c for c in columns if c.code.lower() in words or c.name.lower() in words), None)
