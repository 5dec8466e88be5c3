"""Which numbers of a run can be plotted: the IV curves of pixels and of strips, and what is none."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from itkgui.records.measurement import (
    iv_curve_of,
    numbers,
    scalars_of,
    series_of,
    tables_of,
)
from itkgui.records.test_run import TestRun


def run_of(test_type: str, *results: tuple[str, str | None, Any]) -> TestRun:
    """Return a run with results given as (code, name, value)."""
    return TestRun.from_json(
        {
            "testType": {"code": test_type, "name": "whatever"},
            "results": [{"code": code, "name": name, "value": value} for code, name, value in results],
        }
    )


def pixel_run(**columns: Any) -> TestRun:
    array = {"time": [0, 1, 2], "voltage": [0, 5.0, 10], "current": [0.01, 0.02, 0.03], **columns}
    name = "IV data: time [s], voltage [V], current [µA]"
    return run_of(
        "IV_MEASURE", ("BREAKDOWN_VOLTAGE", "Breakdown voltage [V]", -999), ("IV_ARRAY", name, array)
    )


def strip_run(voltage: Any, current: Any, test_type: str = "ATLAS18_IV_TEST_V1") -> TestRun:
    return run_of(
        test_type,
        ("SHUNT_VOLTAGE", "Shunt voltage [mV]", [9.0, 9.0, 9.0]),
        ("VOLTAGE", "Voltage [V]", voltage),
        ("CURRENT", "Current [nA]", current),
    )


def test_pixel_curve_comes_out_of_the_object_in_microamperes() -> None:
    curve = iv_curve_of(pixel_run(**{"sigma current": [9, 9, 9], "temperature": [20, 20, 20]}))
    assert curve is not None
    np.testing.assert_array_equal(curve.voltage.values, [0, 5, 10])
    np.testing.assert_array_equal(curve.current.values, [0.01, 0.02, 0.03])
    assert [(one.name, one.unit) for one in (curve.voltage, curve.current)] == [
        ("Bias voltage", "V"),
        ("Leakage current", "µA"),
    ]


def test_strip_curve_is_stored_negative_and_shown_as_magnitudes() -> None:
    curve = iv_curve_of(strip_run([0, -10, -20], [-0.0, -1.5, -2.5]))
    assert curve is not None
    np.testing.assert_array_equal(curve.voltage.values, [0, 10, 20])
    np.testing.assert_array_equal(curve.current.values, [0, 1.5, 2.5])
    assert (curve.voltage.unit, curve.current.unit) == ("V", "nA")


@pytest.mark.parametrize(
    ("test_type", "voltage", "current", "unit"),
    [
        pytest.param(
            "MODULE_IV_PS_V1", ("VOLTAGE", "VOLTAGE"), ("CURRENT", "CURRENT"), "nA", id="no unit in the names"
        ),
        pytest.param("MOD_IV", ("VOLTAGES", None), ("CURRENTS", None), "nA", id="old codes, no names"),
        pytest.param(
            "MODULE_IV_AMAC",
            ("VOLTAGE", "Sensor bias, ramped [V]"),
            ("CURRENT", "Measured leakage [µA]"),
            "µA",
            id="names of their own: the code decides, and the name gives the unit",
        ),
        pytest.param("SOMETHING", ("VOLTAGE", "Voltage"), ("CURRENT", "Current"), "", id="unit unknown"),
        pytest.param("iv_measure", ("VOLTAGE", "Voltage"), ("CURRENT", "Current"), "µA", id="lower case"),
    ],
)
def test_columns_are_found_by_code_or_name(
    test_type: str, voltage: tuple[str, str | None], current: tuple[str, str | None], unit: str
) -> None:
    curve = iv_curve_of(run_of(test_type, (*voltage, [-1, -2]), (*current, [-3, -4])))
    assert curve is not None
    np.testing.assert_array_equal(curve.voltage.values, [1, 2])
    np.testing.assert_array_equal(curve.current.values, [3, 4])
    assert curve.current.unit == unit
    assert curve.voltage.unit == "V"


@pytest.mark.parametrize(
    "run",
    [
        pytest.param(strip_run([0, 1, 2], [1, 2]), id="columns of unequal length"),
        pytest.param(strip_run([0, 1, 2], None), id="current is null"),
        pytest.param(strip_run(None, [1, 2]), id="voltage is null"),
        pytest.param(strip_run([], []), id="empty columns"),
        pytest.param(strip_run(5.0, 1.0), id="numbers instead of columns"),
        pytest.param(strip_run([[0, 1]], [[1, 2]]), id="nested columns"),
        pytest.param(strip_run([True, False], [1, 2]), id="truth values are no voltages"),
        pytest.param(strip_run([None, None], [1, 2]), id="nothing but nulls"),
        pytest.param(pixel_run(current=None), id="object without current"),
        pytest.param(pixel_run(voltage=[1]), id="object with unequal columns"),
        pytest.param(
            run_of("IV_MEASURE", ("IV_ARRAY", "IV", "64ef67f09d1c7e0042bfcb0b")), id="text for the object"
        ),
        pytest.param(
            run_of("ATLAS18_CV_TEST_V1", ("VOLTAGE", "V", [1]), ("CAPACITANCE", "C", [1])), id="CV, not IV"
        ),
        pytest.param(
            run_of("BARE_MODULE_SENSOR_IV", ("LINK_TO_SENSOR_IV_TEST", "Link", {"id": "6"})), id="a link"
        ),
        pytest.param(TestRun.from_json({}), id="nothing at all"),
    ],
)
def test_what_is_no_curve_gives_none(run: TestRun) -> None:
    assert iv_curve_of(run) is None


def test_gaps_in_a_column_stay_gaps_and_keep_their_place() -> None:
    curve = iv_curve_of(strip_run([0, -10, -20, -30, -40], [-1, None, "-2.5", float("inf"), True]))
    assert curve is not None
    np.testing.assert_array_equal(curve.current.values, [1, math.nan, 2.5, math.nan, math.nan])
    assert len(curve.voltage.values) == 5


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ([1, 2.5, -3], [1, 2.5, -3]),
        (["1", " 2e-3 ", "x", ""], [1, 0.002, math.nan, math.nan]),
        ([1, None, True, [2], {"a": 1}], [1] + 4 * [math.nan]),
        ([1, float("inf"), float("-inf"), float("nan"), "inf", "nan"], [1] + 5 * [math.nan]),
        ([1, 10**400], [1, math.nan]),
        ([], None),
        ([None], None),
        (["a", "b"], None),
        ([[1, 2], [3, 4]], None),
        (None, None),
        (7, None),
        ("123", None),
        ({"a": [1]}, None),
    ],
    ids=lambda value: repr(value)[:50],
)
def test_list_of_numbers(value: Any, expected: list[float] | None) -> None:
    found = numbers(value)
    if expected is None:
        assert found is None
    else:
        assert found is not None
        assert found.dtype == np.float64
        np.testing.assert_array_equal(found, expected)


def test_every_column_of_a_run_is_offered_once_with_its_name() -> None:
    run = run_of(
        "MODULE_METROLOGY",
        ("BOW", "Bow [µm]", 12.5),
        ("HEIGHT", "Height [mm]", [1, 2]),
        ("HYBRID_POSITION", "Hybrid position [mm]", {"ABC_0": [1, 2], "note": "x", "empty": []}),
        ("VALUES", None, [3]),
    )
    found = [(series.name, series.unit, list(series.values)) for series in series_of(run)]
    assert found == [("Height", "mm", [1, 2]), ("ABC_0", "mm", [1, 2]), ("VALUES", "", [3])]


def test_long_column_is_read_whole() -> None:
    column = [0.5 * step for step in range(100_000)]
    (found,) = series_of(run_of("SCAN", ("DATA", "Data", column)))
    np.testing.assert_array_equal(found.values, column)


def test_tables_are_padded_to_their_longest_row() -> None:
    height = [[1, None], [2, "x", 3.5], []]
    run = run_of("MAP", ("Z", "Height [µm]", height), ("NONE", "N", [["x"]]), ("ONE", "O", [1]))
    (found,) = tables_of(run)
    assert (found.code, found.unit) == ("Z", "µm")
    nan = math.nan
    np.testing.assert_array_equal(found.values, [[1, nan, nan], [2, nan, 3.5], [nan, nan, nan]])


def test_scalars_are_found_in_objects_too() -> None:
    run = run_of(
        "MODULE_METROLOGY",
        ("BOW", "Bow [µm]", 12.5),
        ("CAP_HEIGHT", "Cap height [mm]", {"C1": 2, "inner": {"C2": 3}, "note": "4", "flag": True}),
        ("TEXT", "T", "5"),
        ("COLUMN", "C", [6]),
        ("NAN", "N", float("nan")),
    )
    assert [(s.key, s.name, s.unit, s.value) for s in scalars_of(run)] == [
        ("BOW", "Bow", "µm", 12.5),
        ("CAP_HEIGHT.C1", "Cap height, C1", "mm", 2),
        ("CAP_HEIGHT.inner.C2", "Cap height, inner.C2", "mm", 3),
    ]
