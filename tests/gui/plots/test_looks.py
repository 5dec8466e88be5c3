"""Colours and dashes that tell curves apart, for every kind of sight."""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtGui import QColor

from itkgui.views.plots.looks import ALONE_UP_TO, looks_of
from itkgui.views.plots.palette import COLOUR_COUNT, DASH_COUNT, MARKS, colours
from itkgui.views.theme import DARK, LIGHT, Theme
from tests.gui.plots.plotting import run
from tests.gui.test_style import contrast

Array = npt.NDArray[np.float64]


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
