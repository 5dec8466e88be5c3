"""What is made of numbers before anything is drawn: bins, maps, words on axes."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from itkgui.records.limits import Limits
from itkgui.views.plots.axes import NumberAxis
from itkgui.views.plots.bins import histogram_of
from itkgui.views.plots.curves import Axes, usual_axes
from itkgui.views.plots.data import Bins, Grid, Spots
from itkgui.views.plots.grids import grid_over, maps_of, points_in
from itkgui.views.plots.numbers import decade_text, tick_texts, value_text
from tests.gui.plots.plotting import column, run


def test_histogram_sums_up_and_counts_what_is_outside() -> None:
    pulls = column("Pull strength", [4, 9, 10, 11, 12, math.nan], "g", limits=Limits(5.0, 11.5))
    histogram = histogram_of([run("", pulls)], "pull strength")
    assert histogram.counts[0].sum() == 5
    assert histogram.notes == ("1 without a usable number left out.",)
    for part in (
        "n 5",
        "mean 9.2 g",
        "lowest 4 g",
        "highest 12 g",
        "min 5 g, max 11.5 g",
        "outside limits 2",
    ):
        assert part in histogram.summary
    assert np.std([4, 9, 10, 11, 12], ddof=1) == pytest.approx(3.11, abs=0.01)
    assert "σ 3.11 g" in histogram.summary


def test_bins_that_come_with_a_measurement_stay_as_they_are() -> None:
    edges, values = np.array([0.0, 1.0, 4.0]), np.array([2.5, math.nan])
    bins = Bins("Time", "s", edges, values, np.array([0.5, 0.1]), "Charge", "ke")
    histogram = histogram_of([replace(run("", column("Time", [1])), bins=(bins,))], bins.key)
    assert histogram.given is bins
    assert histogram.edges is edges
    assert histogram.notes == ("1 of 2 bins without a usable number.",)
    nothing = replace(bins, values=np.full(2, math.inf))
    assert histogram_of([replace(run(""), bins=(nothing,))], bins.key).refusal


@given(
    st.lists(st.floats(allow_nan=True, allow_infinity=True) | st.integers(-50, 50).map(float), max_size=60)
)
def test_every_number_is_in_a_bin(values: list[float]) -> None:
    histogram = histogram_of([run("", column("v", values))], "v")
    usable = [value for value in values if abs(value) < 1e100]
    assert bool(histogram.refusal) is not bool(usable)
    assert sum(int(counts.sum()) for counts in histogram.counts) == len(usable)
    assert len(histogram.edges) <= 210


@given(st.lists(st.floats(0, 20), min_size=30, max_size=200, unique=True), st.integers(10, 190))
def test_bins_are_enough_and_fit_a_limit(values: list[float], tenths: int) -> None:
    limits = Limits(tenths / 10)
    edges = histogram_of([run("", column("v", values, limits=limits))], "v").edges
    width = np.diff(edges)[1]
    assert (max(values) - min(values)) / width >= 0.99 * min(100.0, math.sqrt(len(values)))
    assert len(edges) <= 105
    if min(values) < tenths / 10 < max(values):
        assert np.abs(edges - tenths / 10).min() < 1e-6 * width


def test_few_pulls_have_bins_to_see_how_they_spread() -> None:
    pulls = np.random.default_rng(7).normal(10.9, 0.78, 31)
    edges = histogram_of([run("", column("v", pulls))], "v").edges
    assert 6 <= len(edges) - 1 <= 12
    assert np.allclose(np.diff(edges), 0.5)


def test_histograms_of_different_units_are_refused() -> None:
    runs = [run("", column("v", [1.0], unit)) for unit in ("g", "V")]
    assert "cannot share an axis" in histogram_of(runs, "v").refusal


def test_metrology_points_become_a_map() -> None:
    x, y = np.meshgrid([-10.0, 0.0, 10.0], [0.0, 5.0])
    z = x + 100 * y
    order = np.random.default_rng(3).permutation(x.size)
    grid = grid_over(*(column(n, v.ravel()[order], "mm") for n, v in (("X", x), ("Y", y), ("Z", z))))
    assert grid is not None
    assert np.array_equal(grid.values, z)
    assert grid.columns is not None
    assert grid.columns.tolist() == [-10, 0, 10]


@pytest.mark.parametrize(
    ("x", "y"),
    [
        ([0, 1, 3, 0, 1, 3], [0, 0, 0, 1, 1, 1]),  # uneven
        ([0, 1, 0, 1, 0], [0, 0, 1, 1, 1]),  # two at one place
        ([0, 1, 2, 3], [0, 0, 0, 0]),  # a line
        ([0, 1, math.nan, 1], [0, 0, 1, 1]),
    ],
)
def test_what_is_no_grid_is_no_map(x: list[float], y: list[float]) -> None:
    assert grid_over(column("x", x), column("y", y), column("z", range(len(x)))) is None


@pytest.mark.parametrize(
    "names", [("X", "Y"), ("pos_x", "pos_y"), ("Jig.x", "Jig.y"), ("x position", "y position")]
)
def test_irregular_points_become_spots(names: tuple[str, str]) -> None:
    x, y = column(names[0], [0, 1, 3, 0.5, 1, 3], "mm"), column(names[1], [0, 0, 2, 1, 1, 1.5], "mm")
    z, other = column("Height", range(6), "µm"), column("Weight", range(3))
    (spots,) = maps_of([other, x, y, z])
    assert isinstance(spots, Spots)
    assert (spots.x, spots.y, spots.key, spots.unit) == (x, y, "height", "µm")
    assert spots.is_broad


@pytest.mark.parametrize(
    ("x", "y"),
    [
        ([0, 1, 0, 1, 0], [0, 0, 1, 1, 2.5]),
        ([0, 1, 2, 3, 4.5], [0, 0, 0, 0, 0]),
        ([math.nan] * 5, [1, 2, 3, 5, 9]),
    ],
)
def test_points_on_a_line_are_no_map(x: list[float], y: list[float]) -> None:
    assert maps_of([column("x", x), column("y", y), column("z", range(5))]) == []


def test_a_table_of_points_is_coordinates() -> None:
    values = np.arange(15.0).reshape(5, 3)
    points = points_in(Grid("Points", "mm, mm, µm", values, "POINTS"))
    assert [(c.key, c.name, c.unit) for c in points] == [
        ("points.x", "x", "mm"),
        ("points.y", "y", "mm"),
        ("points.z", "z", "µm"),
    ]
    assert points[2].values.tolist() == [2, 5, 8, 11, 14]
    assert [c.unit for c in points_in(Grid("Points", "mm", values))] == ["mm"] * 3
    assert usual_axes([run("", column("Angles", [1, 2]), *points)]) == Axes("points.z", "points.x")


@pytest.mark.parametrize("shape", [(5, 5), (4, 3), (36, 1)])
def test_what_is_no_list_of_points_stays_a_table(shape: tuple[int, int]) -> None:
    assert points_in(Grid("Table", "", np.zeros(shape))) == ()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0 A"),
        (-120.0, "-120 A"),
        (1234567.0, "1.2346·10⁶ A"),
        (123456.0, "123456 A"),
        (3.2e-7, "3.2·10⁻⁷ A"),
        (math.nan, "no value"),
        (-math.inf, "infinite"),
    ],
)
def test_values_are_written_as_people_read_them(value: float, text: str) -> None:
    assert value_text(value, "A") == text


@given(st.integers(-12, 12), st.sampled_from([1, 2, 5]), st.integers(-500, 10**6))
def test_ticks_can_be_told_apart(power: int, factor: int, first: int) -> None:
    spacing = factor * 10.0**power
    words = tick_texts([(first + n) * spacing for n in range(6)], spacing)
    assert len(set(words)) == 6, words


@pytest.mark.parametrize(
    ("span", "size"), [((-9, 3), 250), ((0, 2), 400), ((1.0, 1.2), 300), ((2.9, 3.9), 80)]
)
def test_logarithmic_axis_always_has_numbers(qapp: object, span: tuple[float, float], size: float) -> None:
    axis = NumberAxis("left")
    axis.setLogMode(y=True)
    words = [
        word
        for spacing, values in axis.tickValues(*span, size)
        for word in axis.tickStrings(values, 1.0, spacing)
        if word
    ]
    assert 2 <= len(words) <= size / 12
    assert len(set(words)) == len(words)


def test_decades() -> None:
    assert [decade_text(n) for n in (-3, 0, 4, 5, -6)] == ["0.001", "1", "10000", "10⁵", "10⁻⁶"]


def test_coordinates_that_cannot_be_drawn_make_no_grid() -> None:
    x, y = [0.0, 1.0, 0.0, 1e300], [0.0, 0.0, 1.0, 1e305]
    found = grid_over(column("x", x), column("y", y), column("z", [1.0, 2.0, 3.0, 4.0]))
    assert found is None
