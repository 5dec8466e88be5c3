"""What the plots make of numbers before anything is drawn: units, gaps, bins, maps, tables, colours."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor

from itkgui.records.limits import Limits
from itkgui.views.plots.axes import NumberAxis
from itkgui.views.plots.bins import histogram_of
from itkgui.views.plots.curves import INDEX, Axes, drawing_of, usual_axes
from itkgui.views.plots.data import Column, Grid, Measurement
from itkgui.views.plots.grids import grid_over, points_in
from itkgui.views.plots.looks import ALONE_UP_TO, looks_of
from itkgui.views.plots.numbers import decade_text, tick_texts, value_text
from itkgui.views.plots.palette import COLOUR_COUNT, DASH_COUNT, MARKS, colours
from itkgui.views.plots.thinning import thinned
from itkgui.views.plots.units import MixedUnits, common_unit
from itkgui.views.style import DARK, LIGHT, Theme
from tests.gui.test_style import contrast

Array = npt.NDArray[np.float64]


def column(name: str, values: Any, unit: str = "", **more: Any) -> Column:
    return Column(name, unit, np.array(values, dtype=np.float64), **more)


def run(label: str, *columns: Column, **more: Any) -> Measurement:
    return Measurement(label, columns, **more)


# Units -----------------------------------------------------------------------------------------------------


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


# Curves ----------------------------------------------------------------------------------------------------


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


def test_capacitance_is_turned_to_find_depletion() -> None:
    one = run("", column("V", [1, 2, 3], "V"), column("C", [2, 0, 4], "pF"))
    drawing = drawing_of([one], Axes("c", "v", inverse_square=True))
    assert drawing.y_name == "1 / C²"
    assert drawing.y_unit == "1/pF²"
    assert drawing.curves[0].y.tolist() == [0.25, math.inf, 0.0625]
    assert math.isnan(drawing.curves[0].drawn_y[1])


# Thinning --------------------------------------------------------------------------------------------------


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


# Histograms and maps ---------------------------------------------------------------------------------------


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


@given(
    st.lists(st.floats(allow_nan=True, allow_infinity=True) | st.integers(-50, 50).map(float), max_size=60)
)
def test_every_number_is_in_a_bin(values: list[float]) -> None:
    histogram = histogram_of([run("", column("v", values))], "v")
    usable = [value for value in values if abs(value) < 1e100]
    assert bool(histogram.refusal) is not bool(usable)
    assert sum(int(counts.sum()) for counts in histogram.counts) == len(usable)
    assert len(histogram.edges) <= 210


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


# Words and tables ------------------------------------------------------------------------------------------


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


# Looks -----------------------------------------------------------------------------------------------------


def test_components_by_colour_and_stages_by_dash() -> None:
    runs = [
        run(f"{c} {s} {n}", colour_group=c, dash_group=s)
        for n in range(3)
        for c in "ABC"
        for s in ("GLUED", "BONDED")
    ]
    looks = looks_of(runs)
    assert len(set(looks.of_curves)) == 6
    assert [entry.text for entry in looks.entries] == ["A", "B", "C", "GLUED", "BONDED"]
    assert looks.entries[0].members == (0, 1, 6, 7, 12, 13)
    assert looks.entries[4].colour_index is None
    assert looks.grouped
    assert not looks.repeat


def test_one_component_shows_its_stages_by_colour() -> None:
    looks = looks_of([run(s, colour_group="A", dash_group=s) for s in ("x", "y", "z")])
    assert list(looks.of_curves) == [(0, 0), (1, 0), (2, 0)]


def test_runs_of_one_stage_have_looks_of_their_own() -> None:
    for count in (3, ALONE_UP_TO):
        looks = looks_of([run(f"run {n}", dash_group="xy"[n % 2]) for n in range(count)])
        assert len(set(looks.of_curves)) == count
        assert [entry.text for entry in looks.entries] == [f"run {n}" for n in range(count)]
        assert not looks.grouped
    assert looks_of([run(f"run {n}", dash_group="xy"[n % 2]) for n in range(ALONE_UP_TO + 1)]).grouped


@pytest.mark.parametrize("count", [1, COLOUR_COUNT, COLOUR_COUNT * DASH_COUNT, COLOUR_COUNT * DASH_COUNT + 1])
def test_repeated_looks_are_told(count: int) -> None:
    looks = looks_of([run(f"run {n}") for n in range(count)])
    assert looks.repeat is (len(set(looks.of_curves)) < count)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_curves_stand_out_from_the_ground(theme: Theme) -> None:
    drawn = [*colours(theme), *(getattr(theme, tone) for _, tone in MARKS.values()), theme.bad]
    low = {c: contrast(QColor(c), theme.colour("surface")) for c in drawn}
    assert min(low.values()) >= 3.0, low


# How people without one kind of cone see linear light (Machado and others 2009, severity 1).
_SIGHTS = {
    "all cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no red": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "no green": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "no blue": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.3039),
    ),
}


def _lab(colour: str, sight: str) -> Array:
    """Return a colour as CIE L*a*b*, seen with some cones missing."""
    parts = np.array([QColor(colour).redF(), QColor(colour).greenF(), QColor(colour).blueF()])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.array(_SIGHTS[sight]) @ linear, 0, 1)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = to_xyz @ seen / np.array([0.9505, 1.0, 1.089])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("sight", _SIGHTS)
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_colours_differ_for_every_kind_of_sight(theme: Theme, sight: str) -> None:
    pairs = itertools.combinations(colours(theme), 2)
    distances = {(a, b): float(np.linalg.norm(_lab(a, sight) - _lab(b, sight))) for a, b in pairs}
    assert min(distances.values()) > 15, min(distances, key=distances.__getitem__)
