"""Points measured on a grid, as a map: metrology lists x, y and z one after the other, or point by point."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from itkgui.views.plots.data import LARGEST, Array, Column, Grid, Map, Spots

_WORDS = re.compile(r"[^\W_]+")
_COORDINATES = ("x", "y", "z", "value")
_LEAST_POINTS = 5
_LEAST_PLACES = 3  # on each axis, of an area
_EVEN = 0.02  # how far, in steps, places may be from an even grid


def points_in(table: Grid) -> tuple[Column, ...]:
    """Return x, y and so on of a 2-D array that lists points, one a row; nothing if it is no such list.

    The unit of the array may be one of all coordinates, or one of each with commas between.
    """
    count, width = table.values.shape
    if not (2 <= width <= len(_COORDINATES) and count >= _LEAST_POINTS):
        return ()
    units = [unit.strip() for unit in table.unit.split(",")]
    if len(units) != width:
        units = [table.unit] * width
    return tuple(
        Column(name, unit, table.values[:, n], f"{table.key}.{name}")
        for n, (name, unit) in enumerate(zip(_COORDINATES[:width], units, strict=True))
    )


def maps_of(columns: Sequence[Column]) -> list[Map]:
    """Return what was measured over coordinates as long as it: ``X`` and ``Y``, ``pos_x`` and ``pos_y``."""
    by_key = {column.key: column for column in columns}
    found = []
    for x in columns:
        y = by_key.get(_across(x.key))
        if y is None:
            continue
        maps = (map_over(x, y, column) for column in columns if column is not x and column is not y)
        found += [one for one in maps if one is not None]
    return found


def _across(key: str) -> str:
    """Return the key of the y that belongs to an x; empty if this is none."""
    match = next((match for match in _WORDS.finditer(key) if match[0] == "x"), None)
    return f"{key[: match.start()]}y{key[match.end() :]}" if match else ""


def map_over(x: Column, y: Column, z: Column) -> Map | None:
    """Return z over x and y as a grid, or as single spots; None if these are no places of an area."""
    if not len(x.values) == len(y.values) == len(z.values):
        return None
    if (grid := grid_over(x, y, z)) is not None:
        return grid
    good = (np.abs(x.values) < LARGEST) & (np.abs(y.values) < LARGEST)  # false for NaN
    if min(len(np.unique(c.values[good])) for c in (x, y)) < _LEAST_PLACES:
        return None
    return Spots(z.name, z.unit, x, y, z.values, z.code)


def grid_over(x: Column, y: Column, z: Column) -> Grid | None:
    """Return z as a map over x and y; None if these are not the places of an even grid."""
    if not len(x.values) == len(y.values) == len(z.values) or len(z.values) < 4:
        return None
    columns, rows = _places(x.values), _places(y.values)
    if columns is None or rows is None or len(columns) * len(rows) > 4 * len(z.values):
        return None
    values = np.full((len(rows), len(columns)), np.nan)
    at = _index(y.values, rows), _index(x.values, columns)
    if len(np.unique(at[0] * len(columns) + at[1])) != len(z.values):
        return None  # two values at one place
    values[at] = z.values
    return Grid(z.name, z.unit, values, z.code, y.name, y.unit, x.name, x.unit, columns, rows)


def _places(values: Array) -> Array | None:
    if not (np.abs(values) < LARGEST).all():  # false for NaN
        return None
    found = np.unique(np.round(values, 9))
    if len(found) < 2:
        return None
    steps = np.diff(found)
    step = float(steps.min())
    if np.abs(steps - step).max() > _EVEN * step:
        return None
    return np.linspace(found[0], found[-1], len(found))


def _index(values: Array, places: Array) -> npt.NDArray[np.intp]:
    step = (places[-1] - places[0]) / (len(places) - 1)
    found: npt.NDArray[np.intp] = np.rint((values - places[0]) / step).astype(np.intp)
    return found
