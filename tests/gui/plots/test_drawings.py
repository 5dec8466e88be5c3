"""What is made of numbers before anything is drawn: units, curves, gaps."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from itkgui.views.plots.curves import INDEX, Axes, drawing_of, usual_axes
from itkgui.views.plots.thinning import thinned
from itkgui.views.plots.units import MixedUnits, common_unit
from tests.gui.plots.plotting import column, run


@pytest.mark.parametrize(
    ("units", "target", "factors"),
    [
        (["nA", "nA", "µA"], "nA", [1, 1, 1000]),
        (["V", "kV"], "V", [1, 1000]),
        (["uA", "μA", "µA"], "uA", [1, 1, 1]),  # three ways to write micro
        (["mm", "cm", "µm"], "mm", [1, 10, 1e-3]),
        (["°C", "°C"], "°C", [1, 1]),
        (["", ""], "", [1, 1]),
        ([], "", []),
    ],
)
def test_units_of_one_base_are_converted(units: list[str], target: str, factors: list[float]) -> None:
    found, by_unit = common_unit("Current", units)
    assert found == target
    assert [by_unit[unit] for unit in units] == pytest.approx(factors)


@pytest.mark.parametrize(
    "units", [("A", "V"), ("nA", ""), ("s", "min"), ("g", "cN"), ("C", "mC"), ("mm", "mm²"), ("m", "min")]
)
def test_units_of_different_things_are_refused(units: tuple[str, str]) -> None:
    with pytest.raises(MixedUnits, match=r"“Pull” is given in .* and in .*: these cannot share an axis"):
        common_unit("Pull", units)


def test_pixel_and_strip_iv_share_axes() -> None:
    pixel = run("pixel", column("Voltage", [0, 10], "V"), column("Current", [0.5, 1.0], "µA"))
    strip = run("strip", column("Voltage", [0, -10], "V"), column("Current", [-400, -900], "nA"))
    axes = usual_axes([pixel, strip])
    assert axes == Axes("current", "voltage", magnitude_x=True, magnitude_y=True)
    drawing = drawing_of([pixel, strip], axes)
    assert (drawing.x_name, drawing.x_unit, drawing.y_name, drawing.y_unit) == (
        "|Voltage|",
        "V",
        "|Current|",
        "µA",
    )
    assert drawing.curves[1].x.tolist() == [0, 10]
    assert drawing.curves[1].y == pytest.approx([0.4, 0.9])


def test_mixed_units_are_not_drawn() -> None:
    runs = [run("a", column("Current", [1, 2], "µA")), run("b", column("Current", [1, 2], "g"))]
    drawing = drawing_of(runs, Axes("current"))
    assert not drawing.curves
    assert "µA and in g" in drawing.refusal


@pytest.mark.parametrize(
    ("names", "axes"),
    [
        (("time", "voltage", "current"), Axes("current", "voltage")),
        (("VOLTAGE", "CAPACITANCE"), Axes("capacitance", "voltage")),
        (("THRESHOLD", "OCCUPANCY"), Axes("occupancy", "threshold", log_y=True)),
        (("temperature", "time"), Axes("temperature", "time")),
        (("GAIN", "INNSE"), Axes("gain", INDEX)),
    ],
)
def test_usual_axes(names: tuple[str, ...], axes: Axes) -> None:
    assert usual_axes([run("", *(column(name, [1, 2]) for name in names))]) == axes


@pytest.mark.parametrize(
    ("currents", "is_negative"),
    [([-0.01, 0.5, 1.0], False), ([0.01, -0.5, -1.0], True), ([0.0, -1.0], True), ([math.nan, 0.0], False)],
)
def test_magnitudes_are_for_mostly_negative_values(currents: list[float], is_negative: bool) -> None:
    one = run("", column("Voltage", range(len(currents))), column("Current", currents))
    assert usual_axes([one]) == Axes("current", "voltage", magnitude_y=is_negative)


def test_nothing_has_no_axes() -> None:
    assert usual_axes([]) is None
    assert usual_axes([run("scalars only")]) is None


def test_zero_and_less_are_gaps_on_a_logarithmic_axis() -> None:
    one = run("", column("v", [0, 1, 2, 3]), column("i", [0, -5, 10, 100]))
    drawing = drawing_of([one], Axes("i", "v", log_y=True))
    (curve,) = drawing.curves
    assert np.isnan(curve.drawn_y[:2]).all()
    assert curve.drawn_y[2:].tolist() == [1, 2]
    assert curve.drawn_x.tolist() == [0, 1, 2, 3]
    assert drawing.notes == ("2 points at or below zero left out: they have no logarithm.",)
    magnitude = drawing_of([one], Axes("i", "v", log_y=True, magnitude_y=True))
    assert magnitude.notes == ("1 point at or below zero left out: they have no logarithm.",)


@pytest.mark.parametrize(
    ("values", "axes", "said"),
    [
        ([], Axes("i"), "empty"),
        ([math.nan, math.inf], Axes("i"), "no usable number"),
        ([-1, 0], Axes("i", log_y=True), "above zero"),
    ],
)
def test_nothing_to_draw_is_told(values: list[float], axes: Axes, said: str) -> None:
    assert said in drawing_of([run("", column("i", values))], axes).refusal


def test_odd_numbers_are_gaps_and_told() -> None:
    one = run("", column("v", [1, math.nan, 3, 4, 5]), column("i", [1, 2, math.inf, -math.inf, 1e300]))
    drawing = drawing_of([one], Axes("i", "v"))
    assert np.isfinite(drawing.curves[0].drawn_y).tolist() == [True, False, False, False, False]
    assert drawing.notes == ("4 points without a usable number left out.",)
    assert not drawing.refusal


def test_unequal_lengths_are_told_with_their_counts() -> None:
    good, bad = (
        run(label, column("v", range(count)), column("i", range(3))) for label, count in (("A", 3), ("B", 2))
    )
    drawing = drawing_of([good, bad], Axes("i", "v"))
    assert len(drawing.curves) == 1
    assert drawing.notes == ("Not drawn, because the lengths differ: B (2 of “v”, 3 of “i”).",)
    assert "lengths differ" in drawing_of([bad], Axes("i", "v")).refusal


def test_runs_without_the_column_are_told() -> None:
    runs = [run("has", column("i", [1]))] + [run(f"lacks {n}") for n in range(5)]
    assert drawing_of(runs, Axes("i")).notes == (
        "5 of 6 runs have no such numbers: lacks 0; lacks 1; lacks 2; and 2 more.",
    )


@pytest.mark.parametrize(
    "name", ["sigma current", "SIGMA_I", "I_ERR", "I error", "i_std", "Uncertainty I", "I_STDDEV", "error_i"]
)
def test_errors_go_by_many_names(name: str) -> None:
    code = "current" if "current" in name else "I"
    one = run("", column(code, [1, 2], "A"), column(name, [100, -200], "mA"))
    error = drawing_of([one], Axes(code.casefold())).curves[0].error
    assert error is not None
    assert error == pytest.approx([0.1, 0.2])


@pytest.mark.parametrize(("values", "unit", "why"), [([1], "A", "1 for 2 values"), ([1, 2], "V", "in V")])
def test_errors_that_do_not_fit_are_told(values: list[float], unit: str, why: str) -> None:
    one = run("", column("I", [1, 2], "A"), column("sigma I", values, unit))
    drawing = drawing_of([one], Axes("i"))
    assert drawing.curves[0].error is None
    assert drawing.notes == (f"“sigma I” ({why}) cannot be the errors of “I”.",)


def test_capacitance_is_turned_to_find_depletion() -> None:
    one = run("", column("V", [1, 2, 3], "V"), column("C", [2, 0, 4], "pF"))
    drawing = drawing_of([one], Axes("c", "v", inverse_square=True))
    assert drawing.y_name == "1 / C²"
    assert drawing.y_unit == "1/pF²"
    assert drawing.curves[0].y.tolist() == [0.25, math.inf, 0.0625]
    assert math.isnan(drawing.curves[0].drawn_y[1])


def test_drawing_of_nothing_is_refused_not_raised() -> None:
    assert drawing_of([], Axes("x")).refusal


@given(
    values=st.lists(st.floats(-1e6, 1e6) | st.just(math.nan), min_size=1, max_size=400),
    pieces=st.integers(1, 60),
    ordered=st.booleans(),
)
def test_thinning_keeps_every_extreme(values: list[float], pieces: int, ordered: bool) -> None:
    y = np.array(values)
    x = np.arange(len(y), dtype=np.float64)
    chosen = thinned(x, y, 0.0, len(y) - 1.0, pieces, ordered=ordered)
    assert np.all(np.diff(chosen) > 0), "in the order they were measured in, none twice"
    if not np.isnan(y).all():
        assert np.nanmin(y[chosen]) == np.nanmin(y)
        assert np.nanmax(y[chosen]) == np.nanmax(y)


def test_a_million_points_become_few_and_keep_a_spike() -> None:
    y = np.zeros(1_000_000)
    y[777_777] = 5.0
    x = np.arange(len(y), dtype=np.float64)
    chosen = thinned(x, y, 0.0, 1e6, 1000, ordered=True)
    assert len(chosen) <= 2 * 1000 + 1000
    assert y[chosen].max() == 5.0
    near = thinned(x, y, 777_700.0, 777_800.0, 1000, ordered=True)
    assert near.tolist() == list(range(777_699, 777_802)), (
        "one more on each side, so that lines reach the edge"
    )
