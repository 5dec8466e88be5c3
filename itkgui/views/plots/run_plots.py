"""What the plots draw of test runs: the arrays of each, and every scalar over all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from itkgui.item_models.moments import local_text
from itkgui.language import _
from itkgui.records.limits import NO_LIMITS, Limits
from itkgui.records.measurement import Scalar, Series, scalars_of, series_of, tables_of
from itkgui.records.run_history import Standing, Verdict, group_runs
from itkgui.records.test_run import TestRun
from itkgui.records.test_type import TestType
from itkgui.views.plots.data import Column, Grid, Mark, Measurement, Trend, TrendPoint
from itkgui.views.plots.grids import map_over, maps_of, points_in

_DAY = len("2026-03-01")
Owned = tuple[str, TestRun]  # whose run it is, as the user names the component, and the run


def measurement_of(run: TestRun, test_type: TestType | None = None) -> Measurement:
    """Return the arrays of one run, with the limits of its test type if that is known."""
    columns = tuple(_column(run, series, test_type) for series in series_of(run))
    grids = maps_of(columns)
    for found in tables_of(run):
        table = Grid(_capitalised(found.name), found.unit, found.values, found.code)
        points = points_in(table)
        columns += points
        if not points:
            grids.append(table)
        elif len(points) > 2 and (over := map_over(*points[:3])) is not None:
            grids.append(replace(over, name=table.name, code=table.code))
    return Measurement(run.test_type.label, columns, tuple(grids), dash_group=run.stage.label, record=run)


def measurements_of(
    runs: Sequence[Owned],
    test_type: TestType | None = None,
    standings: Mapping[str, Standing] | None = None,
) -> tuple[Measurement, ...]:
    """Return the arrays of several runs, told apart by component (colour), stage (dash), date and verdict.

    ``test_type`` is that of the runs that have its code; ``standings`` are by the ids of runs.
    """
    code = test_type.reference.code if test_type is not None else ""
    found = []
    for (owner, run), label in zip(runs, _labels(runs, standings or {}), strict=True):
        one = measurement_of(run, test_type if run.test_type.code == code else None)
        found.append(replace(one, label=label, colour_group=owner, mark=_mark(run)))
    return tuple(found)


def standings_of(runs: Iterable[TestRun]) -> dict[str, Standing]:
    """Return what each run means today, by id; runs of several components may mix."""
    owners: dict[str, list[TestRun]] = {}
    for run in runs:
        owners.setdefault(run.component.key, []).append(run)
    groups = (group for own in owners.values() for group in group_runs(own))
    return {
        run.id: standing
        for group in groups
        for run, standing in zip(group.runs, group.standings, strict=True)
    }


def _labels(runs: Sequence[Owned], standings: Mapping[str, Standing]) -> list[str]:
    """Return what tells runs apart: the number of a run only beside others of its kind and day."""
    kinds = {run.test_type.code for _, run in runs}
    days = [(owner, run.test_type.code, run.stage.code, local_text(run.date)[:_DAY]) for owner, run in runs]
    counts = Counter(days)
    labels = []
    for (owner, run), day in zip(runs, days, strict=True):
        is_superseded = standings.get(run.id) is Standing.SUPERSEDED
        facts = (
            owner,
            run.test_type.label if len(kinds) > 1 else "",
            run.stage.label,
            local_text(run.date),
            _numbered(run) if counts[day] > 1 else "",
            _("{verdict}, superseded").format(verdict=run.verdict_text)
            if is_superseded
            else run.verdict_text,
        )
        labels.append("  ·  ".join(fact for fact in facts if fact))
    return labels


def _numbered(run: TestRun) -> str:
    return _("run {number}").format(number=run.run_number) if run.run_number else ""


def trends_of(
    runs: Sequence[Owned], test_type: TestType | None = None, stages: Sequence[str] = ()
) -> tuple[Trend, ...]:
    """Return every scalar that more than one run has.

    ``stages`` are the names of the component type's stages in the order of production.
    """
    names: dict[str, Scalar] = {}
    points: dict[str, list[TrendPoint]] = {}
    limits: dict[str, dict[str, Limits]] = {}
    for owner, run in runs:
        for scalar in scalars_of(run):
            names.setdefault(scalar.key, scalar)
            points.setdefault(scalar.key, []).append(_trend_point(owner, run, scalar))
            at_stages = limits.setdefault(scalar.key, {})
            at_stages.setdefault(run.stage.label, _limits_of(run, scalar.key, test_type))
    return tuple(
        Trend(
            names[key].name,
            tuple(found),
            tuple(stages),
            {stage: one for stage, one in limits[key].items() if one},
            names[key].unit,
            len(runs) - len({id(point.record) for point in found}),
        )
        for key, found in points.items()
        if len(found) > 1
    )


def _trend_point(owner: str, run: TestRun, scalar: Scalar) -> TrendPoint:
    label = "  ·  ".join(part for part in (owner, _numbered(run)) if part)
    return TrendPoint(scalar.value, scalar.unit, run.date, run.stage.label, label, _mark(run), owner, run)


def _mark(run: TestRun) -> Mark:
    if run.verdict is Verdict.PASSED:
        return Mark.PROBLEMS if run.has_problems else Mark.PASSED
    return Mark.FAILED if run.verdict is Verdict.FAILED else Mark.DELETED


def _column(run: TestRun, series: Series, test_type: TestType | None) -> Column:
    unit = series.unit or _usual_unit(run, series.code or series.name)
    limits = _limits_of(run, series.code, test_type)
    return Column(_capitalised(series.name), unit, series.values, series.code, limits)


def _limits_of(run: TestRun, code: str, test_type: TestType | None) -> Limits:
    result = next((result for result in run.results if code and result.code == code), None)
    if result is None:  # a part of an object has none
        return NO_LIMITS
    found = test_type.limits_of(result, run.stage.code) if test_type is not None else result.limits
    return NO_LIMITS if found.depends_on else found


def _capitalised(name: str) -> str:
    return name[:1].upper() + name[1:]  # keys of objects are written small


def _usual_unit(run: TestRun, name: str) -> str:
    """Return the unit in use for a column that names none (API reference §8.4)."""
    code, word = run.test_type.code.upper(), name.casefold()
    if word in ("voltage", "voltages"):
        return "V"
    if word in ("current", "currents"):
        return "µA" if code.startswith("IV_MEASURE") else "nA" if "_IV" in code else ""
    return ""
