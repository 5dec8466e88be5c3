"""From the sandbox's test runs to what is drawn: arrays, units, limits, verdicts, and whose run it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from itkgui.records.limits import Limits
from itkgui.records.run_history import Verdict
from itkgui.records.test_run import TestRun
from itkgui.records.test_type import TestType
from itkgui.views.plots.curves import drawing_of, usual_axes
from itkgui.views.plots.data import Grid, Mark
from itkgui.views.plots.looks import looks_of
from itkgui.views.plots.run_plots import measurement_of, measurements_of, standings_of, trends_of
from tests.end2end.plain_server import PlainServer
from tests.sandbox_process import SandboxProcess

PIXEL, STRIP, SENSOR = "20UPGM23800001", "20USBML0000001", "20USBSL0000001"


@pytest.fixture
def server(sandbox: SandboxProcess) -> Iterator[PlainServer]:
    with PlainServer(sandbox) as found:
        yield found


def runs_of(server: PlainServer, serial: str, code: str) -> list[TestRun]:
    found = [TestRun.from_json(run) for run in server.runs(serial)]
    return [run for run in found if run.test_type.code == code]


def with_limits(run: TestRun, code: str, thresholds: dict[str, Any]) -> TestType:
    parameter = {"code": code, "name": code, "dataType": "float", "thresholds": thresholds}
    return TestType.from_json({"code": run.test_type.code, "parameters": [parameter]})


def test_iv_curves_of_pixels_and_strips_share_their_axes(server: PlainServer) -> None:
    runs = [(PIXEL, run) for run in runs_of(server, PIXEL, "IV_MEASURE")]
    runs += [(STRIP, run) for run in runs_of(server, STRIP, "MODULE_IV_PS_V1")]
    measurements = measurements_of(runs)
    axes = usual_axes(measurements)
    assert axes is not None
    drawing = drawing_of(measurements, axes)
    assert len(drawing.curves) == len(runs) > 4
    assert (drawing.x_unit, drawing.y_unit) == ("V", "µA")
    assert not drawing.refusal
    assert {curve.measurement.colour_group for curve in drawing.curves} == {PIXEL, STRIP}
    assert all(m.record is run for m, (_, run) in zip(measurements, runs, strict=True))
    assert all(m.label.startswith(owner) for m, (owner, _) in zip(measurements, runs, strict=True))


def test_label_tells_what_did_not_pass(server: PlainServer) -> None:
    runs = runs_of(server, PIXEL, "IV_MEASURE")
    labels = [one.label for one in measurements_of([("", run) for run in runs])]
    assert len(set(labels)) == len(runs)
    verdicts = [run.verdict for run in runs]
    assert [label.split("  ·  ")[-1] for label in labels] == [run.verdict_text for run in runs]
    assert {Verdict.PASSED, Verdict.FAILED} <= set(verdicts)


def test_runs_of_one_day_are_told_apart_by_number_and_standing(server: PlainServer) -> None:
    first = next(run for run in runs_of(server, PIXEL, "IV_MEASURE") if run.passed and not run.is_deleted)
    assert first.date is not None
    again = replace(first, id="again", run_number="17", date=first.date + timedelta(minutes=9))
    deleted = replace(first, id="gone", run_number="18", state="deleted")
    alone = measurements_of([("", first)])[0].label
    assert "run" not in alone
    runs = [first, again, deleted]
    found = measurements_of([("", run) for run in runs], standings=standings_of(runs))
    assert [one.label.split("  ·  ")[-2:] for one in found] == [
        [f"run {first.run_number}", f"{first.verdict_text}, superseded"],
        ["run 17", first.verdict_text],
        ["run 18", "deleted"],
    ]
    assert found[2].mark is Mark.DELETED
    assert [entry.mark for entry in looks_of(found).entries] == [one.mark for one in found]


def test_runs_of_several_types_name_them(server: PlainServer) -> None:
    runs = [
        runs_of(server, serial, code)[0]
        for serial, code in ((PIXEL, "IV_MEASURE"), (STRIP, "MODULE_IV_PS_V1"))
    ]
    labels = [one.label for one in measurements_of([("", run) for run in runs])]
    assert all(label.startswith(run.test_type.label) for label, run in zip(labels, runs, strict=True))


def test_bow_is_a_map(server: PlainServer) -> None:
    (run, *_) = runs_of(server, SENSOR, "ATLAS18_SHAPE_METROLOGY_V1")
    grids = {grid.key: grid for grid in measurement_of(run).grids}
    assert set(grids) == {"z", "z_bow"}
    assert grids["z"].values.shape == (15, 15)
    values = {result.code: result.value for result in run.results}
    assert grids["z"].values[0, 0] == values["Z"][0]
    assert sorted(grids["z"].values.ravel()) == sorted(values["Z"])


def test_flatness_is_a_map_of_its_points(server: PlainServer) -> None:
    (run, *_) = runs_of(server, PIXEL, "FLATNESS")
    measurement = measurement_of(run)
    points = next(r.value for r in run.results if r.code == "FLATNESS_MEASUREMENT_POINTS")
    (grid,) = measurement.grids
    assert isinstance(grid, Grid)
    assert grid.key == "flatness_measurement_points"
    assert grid.values.shape == (6, 6)
    assert sorted(grid.values.ravel()) == sorted(z for _, _, z in points)
    assert (grid.row_name, grid.column_name, grid.column_unit, grid.unit) == ("y", "x", "mm", "µm")


def test_every_run_of_the_sandbox_can_be_shown(server: PlainServer) -> None:
    for serial in (PIXEL, STRIP, SENSOR):
        for run in (TestRun.from_json(found) for found in server.runs(serial)):
            measurement = measurement_of(run)
            axes = usual_axes([measurement])
            assert (axes is None) is not bool(measurement.columns)
            if axes is not None:
                assert not drawing_of([measurement], axes).refusal, run.test_type.code


def test_trends_have_verdicts_and_limits_of_their_stage(server: PlainServer) -> None:
    runs = runs_of(server, PIXEL, "IV_MEASURE")
    stages = {run.stage.code: run.stage.label for run in runs}
    first = next(iter(stages))
    kind = with_limits(runs[0], "LEAK_CURRENT", {"*": {"max": 0.75}, first: {"min": 0.1, "max": 0.5}})
    trends = {trend.name: trend for trend in trends_of([(PIXEL, run) for run in runs], kind)}
    trend = next(found for name, found in trends.items() if "urrent" in name)
    assert len(trend.points) == len(runs)
    assert trend.stage_limits[stages[first]] == Limits(0.1, 0.5)
    assert set(trend.stage_limits) == set(stages.values())
    for point, run in zip(trend.points, runs, strict=True):
        assert (point.mark is Mark.FAILED) is not run.passed
        assert point.record is run
        assert point.moment == run.date


def test_limits_that_depend_on_something_are_not_drawn(server: PlainServer) -> None:
    run = runs_of(server, PIXEL, "IV_MEASURE")[0]
    kind = with_limits(run, "LEAK_CURRENT", {"*": {"max": 0.75, "property": "TEMP"}})
    trend = next(t for t in trends_of([("", run), ("", run)], kind) if "urrent" in t.name)
    assert not trend.stage_limits


def test_a_scalar_of_one_run_has_no_trend(server: PlainServer) -> None:
    run = runs_of(server, PIXEL, "IV_MEASURE")[0]
    assert trends_of([("", run)]) == ()
