"""What the plots draw of test runs: the arrays of each run, and what its units are where it names none."""

from __future__ import annotations

from collections.abc import Sequence

from itkgui.item_models.moments import local_text
from itkgui.records.measurement import Series, series_of
from itkgui.records.test_run import TestRun
from itkgui.views.plots.data import Column, Grid, Measurement
from itkgui.views.plots.grids import grid_over


def measurement_of(run: TestRun, component: str = "", *, several: bool = False) -> Measurement:
    """Return the arrays of a run; its label names what tells it from others if there are several."""
    columns = tuple(
        Column(
            s.name[:1].upper() + s.name[1:], s.unit or _usual_unit(run, s.code or s.name), s.values, s.code
        )
        for s in series_of(run)
    )
    facts = (component, run.stage.label, local_text(run.date)) if several else (run.test_type.label,)
    return Measurement(
        "  ·  ".join(fact for fact in facts if fact),
        columns,
        tuple(_maps(columns)),
        colour_group=component,
        dash_group=run.stage.label,
        record=run,
    )


def _column(run: TestRun, series: Series) -> Column:
    name = series.name[:1].upper() + series.name[1:]  # keys of objects are written small
    unit = series.unit or _usual_unit(run, series.code or series.name)
    return Column(name, unit, series.values, series.code)


def _maps(columns: Sequence[Column]) -> list[Grid]:
    """Return what was measured over x and y, if these are places on a grid."""
    by_key = {column.key: column for column in columns}
    if "x" not in by_key or "y" not in by_key:
        return []
    others = (column for column in columns if column.key not in ("x", "y"))
    found = (grid_over(by_key["x"], by_key["y"], column) for column in others)
    return [grid for grid in found if grid is not None]


def _usual_unit(run: TestRun, name: str) -> str:
    """Return the unit in use for a column that names none (API reference §8.4)."""
    code, word = run.test_type.code.upper(), name.casefold()
    if word in ("voltage", "voltages"):
        return "V"
    if word in ("current", "currents"):
        return "µA" if code.startswith("IV_MEASURE") else "nA" if "_IV" in code else ""
    return ""
