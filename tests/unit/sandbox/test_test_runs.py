from __future__ import annotations

from typing import Any

import pytest

from tests.unit.sandbox.caller import LONG_STRIP, QUAD, Caller


def runs_of(api: Caller, serial: str, test: str) -> list[dict[str, Any]]:
    filters = {"serialNumber": serial, "testType": [test], "state": ["ready"]}
    items = api.get("listTestRunsByComponent", filterMap=filters)["itemList"]
    assert {item["testType"]["code"] for item in items} == {test}
    return list(items)


def results_of(api: Caller, serial: str, test: str) -> dict[str, Any]:
    run = api.get("getTestRun", testRun=runs_of(api, serial, test)[0]["id"])
    return {entry["code"]: entry["value"] for entry in run["results"]}


def test_list_and_bulk_tell_the_same(api: Caller) -> None:
    code = api.get("getComponent", component=QUAD)["code"]
    listed = api.get("listTestRunsByComponent", filterMap={"code": code, "stage": ["MODULE/WIREBONDING"]})
    assert listed["pageInfo"]["total"] == len(listed["itemList"])
    assert {item["stage"]["code"] for item in listed["itemList"]} == {"MODULE/WIREBONDING"}
    identifiers = [item["id"] for item in listed["itemList"]]
    bulk = api.get("getTestRunBulk", testRun=[*identifiers, "0" * 24])
    assert "pageInfo" not in bulk
    assert [run["id"] for run in bulk["itemList"]] == identifiers
    for item, run in zip(listed["itemList"], bulk["itemList"], strict=True):
        assert run["components"][0]["testedAtStage"] == item["stage"]
        assert (run["date"], run["passed"], run["runNumber"]) == (
            item["date"],
            item["passed"],
            item["runNumber"],
        )
        assert run["testType"]["state"] == "active"


def test_older_form_of_the_list(api: Caller) -> None:
    old = api.get("listTestRunsByComponent", component=QUAD, testType="IV_MEASURE")
    new = api.get("listTestRunsByComponent", filterMap={"serialNumber": QUAD, "testType": ["IV_MEASURE"]})
    assert old == new


def test_an_unknown_run(api: Caller) -> None:
    for identifier in ("0" * 24, "nonsense"):
        assert "ucl-itkpd-main/getTestRun/testRunDaoGetFailed" in api.error(
            "GET", "getTestRun", 400, testRun=identifier
        )


def test_pixel_iv_curve(api: Caller) -> None:
    curve = results_of(api, QUAD, "IV_MEASURE")["IV_ARRAY"]
    assert set(curve) == {"time", "voltage", "current", "sigma current", "temperature", "humidity"}
    assert len({len(column) for column in curve.values()}) == 1
    assert len(curve["time"]) > 20
    assert curve["current"][-1] > curve["current"][1] > 0
    assert curve["time"] == sorted(curve["time"])


def test_a_cold_curve_leaks_less(api: Caller) -> None:
    def leak(stage: str) -> float:
        filters = {"serialNumber": QUAD, "testType": ["IV_MEASURE"], "stage": [stage], "state": ["ready"]}
        listed = api.get("listTestRunsByComponent", filterMap=filters)["itemList"]
        run = api.get("getTestRun", testRun=listed[0]["id"])
        return float(next(entry["value"] for entry in run["results"] if entry["code"] == "LEAK_CURRENT"))

    assert leak("MODULE/INITIAL_COLD") < leak("MODULE/INITIAL_WARM") / 8


def test_strip_iv_curve_is_negative(api: Caller) -> None:
    results = results_of(api, LONG_STRIP, "MODULE_IV_PS_V1")
    assert len(results["VOLTAGE"]) == len(results["CURRENT"]) > 20
    assert max(results["VOLTAGE"]) == 0
    assert max(results["CURRENT"]) <= 0
    assert results["CURRENT"][20] < -1


def test_wires_pulled(api: Caller) -> None:
    results = results_of(api, QUAD, "WIREBOND_PULL_TEST")
    pulls = results["PULL_STRENGTH_DATA"]
    assert results["WIRE_PULLS"] == len(pulls)
    assert (min(pulls), max(pulls)) == (results["PULL_STRENGTH_MIN"], results["PULL_STRENGTH_MAX"])
    assert abs(sum(pulls) / len(pulls) - results["PULL_STRENGTH"]) < 0.001


def test_strip_metrology_holds_maps(api: Caller) -> None:
    results = results_of(api, LONG_STRIP, "MODULE_METROLOGY")
    assert all(len(place) == 2 for place in results["HYBRID_POSITION"].values())


def test_links_lead_to_runs(api: Caller) -> None:
    link = results_of(api, QUAD, "E_SUMMARY")["TUNING_FE_LINK_1"]
    run = api.get("getTestRun", testRun=link["id"])
    assert run["testType"]["code"] == link["testType"]["code"] == "TUNING"
    assert run["components"][0]["componentType"]["code"] == "FE_CHIP"


def test_missing_results_are_null(api: Caller) -> None:
    run = api.get("getTestRun", testRun=runs_of(api, QUAD, "IV_MEASURE")[0]["id"])
    picture = next(entry for entry in run["results"] if entry["code"] == "IV_IMG")
    assert (picture["value"], picture["dataType"]) == (None, "image")
    assert run["comments"] is None or run["runNumber"] != "1"


def test_failures_repeats_deletions_and_lost_parameters(api: Caller) -> None:
    modules = api.get(
        "listComponents", filterMap={"project": "P", "componentType": "MODULE"}, pageInfo={"pageSize": 40}
    )
    failed = repeated = deleted = lost = 0
    for item in modules["itemList"]:
        listed = api.get("listTestRunsByComponent", filterMap={"code": item["code"]})["itemList"]
        failed += sum(not run["passed"] for run in listed)
        repeated += sum(run["runNumber"] != "1" for run in listed)
        deleted += sum(run["state"] != "ready" for run in listed)
        metrology = [run["id"] for run in listed if run["testType"]["code"] == "QUAD_MODULE_METROLOGY"]
        for run in api.get("getTestRunBulk", testRun=metrology)["itemList"]:
            gone = [entry for entry in run["results"] if entry["dataType"] is None]
            assert all(entry["name"] == entry["code"] for entry in gone)
            lost += bool(gone)
    assert min(failed, repeated, deleted, lost) > 0


@pytest.mark.parametrize("keys", [{}, {"filterMap": {}}, {"filterMap": {"serialNumber": "20UPGM29999999"}}])
def test_a_list_of_no_component(api: Caller, keys: dict[str, Any]) -> None:
    assert api.error("GET", "listTestRunsByComponent", 400, **keys)
