"""What a physicist would check first: histories go forward, verdicts follow from values, silicon behaves."""

from __future__ import annotations

from collections import Counter
from functools import cache
from statistics import mean
from typing import Any

import pytest

from itkgui.sandbox.catalogue.catalogue import Catalogue
from itkgui.sandbox.catalogue.families import END
from itkgui.sandbox.catalogue.histories import RUNS_PER_PART, Histories, Run
from itkgui.sandbox.catalogue.measurements import Measurements
from itkgui.sandbox.catalogue.parts import Part
from itkgui.sandbox.catalogue.sensors import breakdown_of, temperature_factor
from tests.unit.sandbox.caller import Caller

PARTS = 1500


class Data:
    """The catalogue of one seed, without a server in front of it."""

    def __init__(self, seed: int) -> None:
        self.catalogue = Catalogue(seed, PARTS)
        self.histories = Histories(self.catalogue)
        self.measurements = Measurements(self.catalogue, self.histories)

    def parts(self, key: str) -> list[Part]:
        return [part for part in self.catalogue.parts if part.kind.key == key]

    def runs(self, key: str, test: str) -> list[Run]:
        return [
            run
            for part in self.parts(key)
            for run in self.histories.runs(part.index)
            if run.test.code == test and run.state == "ready"
        ]

    def results(self, run: Run) -> dict[str, Any]:
        return self.measurements.of(run).results


@cache
def data(seed: int) -> Data:
    return Data(seed)


SEEDS = pytest.mark.parametrize("seed", [1, 7])


@SEEDS
def test_histories_go_forward(seed: int) -> None:
    found = data(seed)
    for part in found.catalogue.parts:
        entries = found.histories.stages(part.index)
        times = [entry.time for entry in entries]
        assert part.created <= times[0]
        assert times == sorted(set(times)), part.serial
        main = [entry.stage.order for entry in entries if not entry.stage.alternative]
        assert main == sorted(set(main))
        assert not any(entry.stage.alternative for entry in entries[:-1])
        runs = found.histories.runs(part.index)
        assert len(runs) <= RUNS_PER_PART
        moments = [moment for run in runs for moment in (run.date, run.uploaded)]
        assert moments == sorted(moments), part.serial
        assert found.histories.modified(part) <= END
        if part.parent >= 0:
            assert part.created < part.assembled


@SEEDS
def test_a_run_lies_within_its_stage(seed: int) -> None:
    found = data(seed)
    for part in found.catalogue.parts:
        entries = found.histories.stages(part.index)
        until = [*(entry.time for entry in entries[1:]), END]
        spans = {entry.stage.code: (entry.time, end) for entry, end in zip(entries, until, strict=True)}
        for run in found.histories.runs(part.index):
            begin, end = spans[run.stage.code]
            assert begin <= run.date <= run.uploaded <= end, (part.serial, run.test.code)


@SEEDS
def test_a_failure_is_repeated_or_the_end(seed: int) -> None:
    found = data(seed)
    rejected = failed = 0
    for part in found.catalogue.parts:
        runs = [run for run in found.histories.runs(part.index) if run.state == "ready"]
        reason = found.histories.rejection(part.index)
        last_words = [text for _, _, text in found.histories.comments(part.index)]
        assert (f"Rejected: {reason}" in last_words) == bool(reason)
        for run, following in zip(runs, [*runs, None][1:], strict=True):
            if run.passed:
                continue
            failed += 1
            if following is None:
                assert reason, part.serial
            else:
                assert (following.test, following.stage) == (run.test, run.stage)
                assert int(following.run_number) == int(run.run_number) + 1
        if reason and runs:
            rejected += 1
            assert [run.passed for run in runs[-2:]] == [False, False], part.serial
    assert failed > 100
    assert rejected > 5


@SEEDS
def test_thresholds_tell_the_verdict(seed: int) -> None:
    """Whoever holds the results against the definitions, without any knowledge of ours, finds the same."""
    found = data(seed)
    compared: Counter[bool] = Counter()
    for part in found.catalogue.parts[:600]:
        for run in found.histories.runs(part.index):
            limits = {
                entry["code"]: entry["thresholds"]["*"]
                for entry in run.test.parameters
                if entry["thresholds"]
            }
            if not limits:
                continue
            results = found.results(run)
            within = all(
                (bound["min"] is None or number >= bound["min"])
                and (bound["max"] is None or number <= bound["max"])
                for code, bound in limits.items()
                for number in numbers(results.get(code))
            )
            assert within == run.passed, (run.test.key, results)
            compared[run.passed] += 1
    assert min(compared[True], compared[False]) > 20


def numbers(value: Any) -> list[float]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [number for entry in value for number in numbers(entry)]
    return [] if value is None else [value]


@SEEDS
def test_a_sensor_that_breaks_down_early_has_failed(seed: int) -> None:
    found = data(seed)
    seen: Counter[bool] = Counter()
    for key in ("P/MODULE", "P/SENSOR_TILE"):
        for run in found.runs(key, "IV_MEASURE"):
            results = found.results(run)
            diode = found.measurements.diode(found.catalogue.parts[run.part])
            breakdown = results["BREAKDOWN_VOLTAGE"]
            warm = results["LEAK_CURRENT"] / temperature_factor(found.measurements.of(run).properties["TEMP"])
            good = breakdown == -999 or breakdown >= diode.least_breakdown
            assert run.passed == (good and warm <= diode.most_leakage)
            seen[run.passed] += 1
    for run in found.runs("S/SENSOR", "ATLAS18_IV_TEST_V1"):
        breakdown = found.results(run)["VBD"]
        assert run.passed == (breakdown is None or breakdown <= -500)
        seen[run.passed] += 1
    assert min(seen.values()) > 15


@SEEDS
def test_the_reason_stands_in_the_comment(seed: int) -> None:
    found = data(seed)
    for run in found.runs("P/MODULE", "VISUAL_INSPECTION"):
        values = found.measurements.of(run)
        grades = [value for value in values.results.values() if isinstance(value, int)]
        assert (max(grades) == 3) == (not run.passed)
        assert bool(values.defects) == (max(grades) > 1)
        if values.defects:
            assert values.defects[0]["description"] in values.results["OBSERVATION"]
        if not run.passed:
            assert values.comments


def test_breakdown_depends_on_the_vendor() -> None:
    found = data(1)
    by_vendor: dict[str, list[float]] = {}
    for part in found.parts("P/SENSOR_TILE"):
        assert part.serial
        by_vendor.setdefault(part.serial[5:8], []).append(found.measurements.diode(part).breakdown)
    # FBK, Micron and HPK make the planar tiles of 150 µm, CNM, FBK and Sintef the 3D ones.
    assert mean(by_vendor["S32"]) < mean(by_vendor["S35"]) < mean(by_vendor["S33"])
    assert max(mean(by_vendor[code]) for code in by_vendor if code.startswith("S0")) < 170


def test_depletion_depends_on_the_thickness() -> None:
    found = data(1)
    depletion: dict[str, list[float]] = {}
    for key in ("P/SENSOR_TILE", "S/SENSOR"):
        for part in found.parts(key):
            assert part.serial
            depletion.setdefault(part.serial[3:7], []).append(found.measurements.diode(part).depletion)
    assert max(depletion["PIS0"]) < 10 < min(depletion["PIS2"])
    assert max(depletion["PIS2"]) < min(depletion["PGS3"])
    assert max(depletion["PGS3"]) < 100 < min(depletion["SBSL"])
    assert max(depletion["SBSL"]) < 350


def test_leakage_doubles_about_every_eight_degrees() -> None:
    assert temperature_factor(20) == 1
    assert 1.9 < temperature_factor(28) / temperature_factor(20) < 2.1
    assert 15 < temperature_factor(20) / temperature_factor(-15) < 40


def test_a_cold_curve_is_the_warm_one_scaled() -> None:
    found = data(1)
    curves: dict[tuple[int, str], dict[str, list[float]]] = {}
    for run in found.runs("P/MODULE", "IV_MEASURE"):
        if run.passed:
            curves[run.part, run.stage.code] = found.results(run)["IV_ARRAY"]
    pairs = [
        (curve, curves[part, "MODULE/INITIAL_COLD"])
        for (part, stage), curve in curves.items()
        if stage == "MODULE/INITIAL_WARM" and (part, "MODULE/INITIAL_COLD") in curves
    ]
    assert len(pairs) > 10
    for warm, cold in pairs:
        place = warm["voltage"].index(100.0)
        ratio = warm["current"][place] / cold["current"][place]
        assert ratio == pytest.approx(1 / temperature_factor(-15), rel=0.25)


def test_the_cycles_leave_a_trace() -> None:
    found = data(1)
    ratios = []
    for part in found.parts("P/MODULE"):
        leaks = {
            run.stage.code: found.results(run)["LEAK_CURRENT"]
            for run in found.histories.runs(part.index)
            if run.test.code == "IV_MEASURE" and run.passed
        }
        if "MODULE/FINAL_WARM" in leaks:
            ratios.append(leaks["MODULE/FINAL_WARM"] / leaks["MODULE/INITIAL_WARM"])
    assert len(ratios) > 8
    assert 1.02 < mean(ratios) < 1.1
    assert len(set(ratios)) == len(ratios)


def test_capacitance_kinks_at_depletion() -> None:
    found = data(1)
    for run in found.runs("S/SENSOR", "ATLAS18_CV_TEST_V1")[:30]:
        results = found.results(run)
        voltage = [-value for value in results["VOLTAGE"]]
        inverse = [1 / value**2 for value in results["CAPACITANCE"]]
        below = slope(voltage, inverse, 50, results["VFD"] - 20)
        above = slope(voltage, inverse, results["VFD"] + 20, 500)
        assert below > 10 * abs(above)
        assert 3000 < results["CAPACITANCE"][-1] < 3600  # pF of 95 cm² and 300 µm
        assert run.passed == (results["VFD"] <= 350)


def slope(xs: list[float], ys: list[float], low: float, high: float) -> float:
    kept = [(x, y) for x, y in zip(xs, ys, strict=True) if low <= x <= high]
    x0, y0 = mean(x for x, _ in kept), mean(y for _, y in kept)
    return sum((x - x0) * (y - y0) for x, y in kept) / sum((x - x0) ** 2 for x, _ in kept)


def test_where_a_curve_runs_away() -> None:
    voltage = [0.0, 10.0, 20.0, 30.0, 40.0, 50.0]
    assert breakdown_of(voltage, [0, 1.0, 1.1, 1.2, 1.3, 1.4], 5) is None
    assert breakdown_of(voltage, [0, 1.0, 1.1, 1.2, 2.0, 9.0], 5) == 40
    # Below depletion the current grows with the depleted volume, which is no breakdown.
    assert breakdown_of(voltage, [0, 1.0, 1.6, 2.3, 2.4, 2.5], 35) is None


def test_both_versions_of_a_test_type_have_runs() -> None:
    found = data(1)
    old = found.runs("S/SENSOR", "CURRENT_STABILITY_V1")
    new = found.runs("S/SENSOR", "CURRENT_STABILITY_V2")
    assert old
    assert new
    assert {run.test.state for run in old} == {"closed"}
    assert {run.test.state for run in new} == {"active"}
    assert any(found.results(run).get("IV_RUN_BEFORE") for run in new)


def test_bonds_missing_in_the_maps_are_the_defects() -> None:
    found = data(1)
    missing = 0
    for run in found.runs("S/MODULE", "MODULE_WIRE_BONDING"):
        values = found.measurements.of(run)
        listed = {
            (row, int(wire)) for row in range(1, 5) for wire in values.results[f"FAILED_FRONTEND_ROW{row}"]
        }
        told = {
            (defect["properties"]["front_end_row"], defect["properties"]["wire_number"])
            for defect in values.defects
        }
        assert listed == told
        assert {defect["name"] for defect in values.defects} <= {"UNBONDED"}
        missing += len(told)
    assert missing > 50


def test_a_stave_tells_of_each_of_its_modules() -> None:
    found = data(1)
    runs = found.runs("S/STAVE", "ENVELOPE") + found.runs("S/STAVE", "MODULE_PLACEMENT_ACCURACY_STAVE")
    assert len(runs) > 3
    for run in runs:
        values, stave = found.measurements.of(run), found.catalogue.parts[run.part]
        (by_child,) = values.of_children.values()
        assert set(by_child) == set(stave.children)
        assert values.results["N_MODULE"] == len(stave.children)


def test_every_kind_of_part_is_there(api: Caller) -> None:
    page = api.get("listComponents", filterMap={}, pageInfo={"pageSize": 5000})
    items = page["itemList"]
    subprojects = {(item["subproject"] or item["project"])["code"] for item in items}
    assert {"PG", "PI", "SB", "SE", "SG", "CM", "CE"} <= subprojects
    serials = {(item["serialNumber"] or "")[:7] for item in items}
    assert {"20USEM0", "20USE3L", "20USE3R", "20USES0", "20USEH0", "20UPIM1", "20UPIMS", "20UCMCF"} <= serials
    nameless = [item for item in items if item["serialNumber"] is None]
    assert nameless
    assert api.get("getComponent", component=nameless[0]["code"])["id"] == nameless[0]["id"]
    assert any(item["dummy"] for item in items)
    stave = next(item for item in items if item["componentType"]["code"] == "STAVE")
    slots = api.get("getComponent", component=stave["code"])["children"]
    assert [bool(slot["component"]) for slot in slots] == [True] * 4 + [False] * 10


@SEEDS
def test_a_sensor_that_does_not_deplete_is_never_right_again(seed: int) -> None:
    found = data(seed)
    by_part: dict[int, list[Run]] = {}
    for run in found.runs("S/SENSOR", "ATLAS18_CV_TEST_V1"):
        by_part.setdefault(run.part, []).append(run)
    assert by_part
    for runs in by_part.values():
        assert len({run.passed for run in runs}) == 1
