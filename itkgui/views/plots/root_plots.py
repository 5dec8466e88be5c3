"""What the plots draw of an object from a ROOT file."""

from __future__ import annotations

import numpy as np

from itkgui.decoding.root_objects import RootCurve, RootHistogram, RootMap, RootObject, RootPlot
from itkgui.language import _
from itkgui.views.plots.data import Array, Bins, Column, Grid, Measurement

_EVEN = 1e-6  # how far, in steps, edges may be from even ones


def measurements_of_object(found: RootObject) -> tuple[Measurement, ...]:
    """Return each plot of an object as a measurement; points and bins as curves too, with their errors."""
    return tuple(_measurement(plot, named=len(found.plots) > 1) for plot in found.plots)


def _measurement(plot: RootPlot, *, named: bool) -> Measurement:
    if isinstance(plot, RootMap):
        return Measurement("", grids=(_grid(plot),))
    if isinstance(plot, RootCurve):
        columns = _points(plot, plot.x_values, plot.y_values, plot.errors)
        return Measurement(plot.label if named else "", columns, colour_group=plot.label)
    middles = (plot.edges[1:] + plot.edges[:-1]) / 2
    bins = Bins(plot.x.name, plot.x.unit, plot.edges, plot.values, plot.errors, plot.y.name, plot.y.unit)
    return Measurement("", _points(plot, middles, plot.values, plot.errors), bins=(bins,))


def _points(plot: RootCurve | RootHistogram, x: Array, y: Array, errors: Array | None) -> tuple[Column, ...]:
    """Return columns by the keys that the plots take for a place, a height over it, and the error of that."""
    points = Column(plot.x.name, plot.x.unit, x, "x"), Column(plot.y.name, plot.y.unit, y, "y")
    return points if errors is None else (*points, Column(_("Error"), plot.y.unit, errors, "y error"))


def _grid(plot: RootMap) -> Grid:
    columns, rows = _middles(plot.x_edges), _middles(plot.y_edges)
    names = {}
    for way, axis, places in (("column", plot.x, columns), ("row", plot.y, rows)):
        names[f"{way}_name"] = axis.name if places is not None else _("bin of {name}").format(name=axis.name)
        names[f"{way}_unit"] = axis.unit if places is not None else ""
    # Both or none: a map whose rows have places grows upwards.
    if columns is None or rows is None:
        columns = np.arange(len(plot.x_edges) - 1, dtype=np.float64) if columns is None else columns
        rows = np.arange(len(plot.y_edges) - 1, dtype=np.float64) if rows is None else rows
    return Grid(plot.z.name, plot.z.unit, plot.values, columns=columns, rows=rows, **names)


def _middles(edges: Array) -> Array | None:
    """Return the middles of bins; None if these are of different widths, which a map cannot show."""
    steps = np.diff(edges)
    if np.ptp(steps) > _EVEN * steps.mean():
        return None
    return (edges[1:] + edges[:-1]) / 2
