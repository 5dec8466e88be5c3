"""Test runs are uploaded, checked against their test type, edited and deleted (API reference §5.6)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.sandbox.caller import QUAD, Caller
from tests.unit.sandbox.test_registration import problems

TYPE = {"project": "P", "componentType": "MODULE", "code": "MASS_MEASUREMENT"}
COMMAND = "uploadTestRunResults"
# What is measured on the first one, other tests look at.
OTHER_QUAD = "20UPGM23100002"


@pytest.fixture
def mass(api: Caller) -> dict[str, Any]:
    """An upload for the first quad module, made from the server's own template."""
    template = dict(api.get("generateTestTypeDtoSample", **TYPE)["dtoSample"])
    return template | {
        "component": QUAD,
        "institution": "MPP",
        "stage": "MODULE/INITIAL_WARM",
        "runNumber": "7",
        "date": "2026-02-03T10:20:30.400Z",
        "properties": {"SCALE_ACCURACY": 0.5},
        "results": {"MASS": 2301.25},
    }


def upload(api: Caller, body: dict[str, Any]) -> dict[str, Any]:
    """Return the run as it reads after the upload."""
    return dict(api.get("getTestRun", testRun=api.post(COMMAND, **body)["testRun"]["id"]))


def stage_with(api: Caller, code: str) -> str:
    kinds = api.get("listComponentTypes", project="P")["pageItemList"]
    stages = next(kind for kind in kinds if kind["code"] == "MODULE")["stages"]
    tests = api.get("listTestTypes", project="P", componentType="MODULE")["pageItemList"]
    identifier = next(test["id"] for test in tests if test["code"] == code)
    for stage in stages:
        if any(entry["testType"] == identifier for entry in stage["testTypes"] or ()):
            return str(stage["code"])
    raise AssertionError(f"no stage has {code}")


@pytest.fixture(autouse=True)
def right_stage(api: Caller, mass: dict[str, Any]) -> None:
    mass["stage"] = stage_with(api, "MASS_MEASUREMENT")


def test_an_uploaded_run_is_everywhere(api: Caller, mass: dict[str, Any]) -> None:
    before = api.get("getComponent", component=QUAD)["sys"]["rev"]
    mass |= {
        "passed": True,
        "problems": True,
        "comments": ["µ-balance 2"],
        "defects": [{"name": "DUST", "description": "on FE2", "properties": {"x": 1.5}}],
    }
    run = upload(api, mass)
    assert (run["passed"], run["problems"], run["runNumber"]) == (True, True, "7")
    assert run["date"] == "2026-02-03T10:20:30.400Z"
    assert {entry["code"]: entry["value"] for entry in run["results"]}["MASS"] == 2301.25
    assert {entry["code"]: entry["value"] for entry in run["properties"]}["SCALE_ACCURACY"] == 0.5
    assert [entry["comment"] for entry in run["comments"]] == ["µ-balance 2"]
    assert run["defects"] == [{"name": "DUST", "description": "on FE2", "properties": {"x": 1.5}}]
    (tested,) = run["components"]
    assert (tested["serialNumber"], tested["testedAtStage"]["code"]) == (QUAD, mass["stage"])
    component = api.get("getComponent", component=QUAD)
    assert component["sys"]["rev"] == before + 1
    summary = next(test for test in component["tests"] if test["code"] == "MASS_MEASUREMENT")["testRuns"][0]
    assert (summary["id"], summary["date"]) == (run["id"], "03.02.2026 10:20")
    filters = {"serialNumber": QUAD, "testType": ["MASS_MEASUREMENT"], "state": ["ready"]}
    listed = api.get("listTestRunsByComponent", filterMap=filters)["itemList"]
    assert listed[0]["id"] == run["id"]
    of_type = api.get(
        "listTestRunsByTestType", project="P", componentType="MODULE", testType="MASS_MEASUREMENT"
    )
    assert of_type["itemList"][0]["id"] == run["id"]
    assert api.get("listMyTestRuns")["itemList"][0]["id"] == run["id"]
    rule = {"code": "MASS", "operator": "=", "value": 2301.25}
    found = api.get(
        "listTestRunsByParameter",
        project="P",
        componentType="MODULE",
        testType="MASS_MEASUREMENT",
        parameterFilter=[rule],
    )
    assert run["id"] in {item["id"] for item in found["itemList"]}


def test_duplicates_are_not_prevented(api: Caller, mass: dict[str, Any]) -> None:
    assert upload(api, mass)["id"] != upload(api, mass)["id"]


def test_both_forms_of_date(api: Caller, mass: dict[str, Any]) -> None:
    assert upload(api, mass | {"date": "03.02.2026 10:20"})["date"] == "2026-02-03T10:20:00.000Z"
    assert upload(api, mass | {"date": "2026-02-03T10:20:00+01:00"})["date"] == "2026-02-03T09:20:00.000Z"
    wrong = problems(api.error("POST", COMMAND, 400, **(mass | {"date": "yesterday"})), COMMAND)
    assert "$.date" in wrong["invalidValueKeyMap"]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"results": {"MASS": "heavy"}}, "$.results.MASS"),
        ({"results": {"MASS": True}}, "$.results.MASS"),
        ({"results": {"MASS": [1.0]}}, "$.results.MASS"),
        ({"results": [1]}, "$.results"),
        ({"passed": "yes"}, "$.passed"),
        ({"defects": ["scratch"]}, "$.defects"),
    ],
)
def test_wrong_values_are_named(
    api: Caller, mass: dict[str, Any], changes: dict[str, Any], path: str
) -> None:
    wrong = problems(api.error("POST", COMMAND, 400, **(mass | changes)), COMMAND)
    assert path in wrong["invalidValueKeyMap"]


def test_required_results_are_required(api: Caller, mass: dict[str, Any]) -> None:
    wrong = problems(api.error("POST", COMMAND, 400, **(mass | {"results": {}})), COMMAND)
    assert list(wrong["missingKeyMap"]) == ["$.results.MASS"]


def test_unknown_results_warn_and_are_dropped(api: Caller, mass: dict[str, Any]) -> None:
    answer = api.post(COMMAND, **(mass | {"results": {"MASS": 1.0, "COLOUR": "blue"}}))
    warning = answer["uuAppErrorMap"][f"ucl-itkpd-main/{COMMAND}/unsupportedKeys"]
    assert warning["paramMap"]["unsupportedKeyList"] == ["$.results.COLOUR"]
    run = api.get("getTestRun", testRun=answer["testRun"]["id"])
    assert "COLOUR" not in {entry["code"] for entry in run["results"]}


def test_arrays_and_links(api: Caller) -> None:
    body: dict[str, Any] = {"component": OTHER_QUAD, "institution": "BERN", "runNumber": "1"}
    body["testType"] = "IV_MEASURE"
    body |= {"stage": stage_with(api, "IV_MEASURE"), "properties": {"TEMP": 21.5, "HUM": 12}}
    array = {"voltage": [0, 1, 2], "current": [0.0, 0.1, None]}
    run = upload(api, body | {"results": {"IV_ARRAY": array, "BREAKDOWN_VOLTAGE": 200, "LEAK_CURRENT": 0.1}})
    assert {entry["code"]: entry["value"] for entry in run["results"]}["IV_ARRAY"] == array
    module = api.get("getComponent", component=OTHER_QUAD)
    bare = next(slot for slot in module["children"] if slot["componentType"]["code"] == "BARE_MODULE")
    tests = api.get("listTestTypes", project="P", componentType="BARE_MODULE")
    linked = next(test for test in tests["pageItemList"] if test["code"] == "BARE_MODULE_SENSOR_IV")
    stages = {entry["id"]: linked["stages"][0] for entry in [linked]}
    link = {
        "component": bare["component"]["serialNumber"],
        "institution": "BERN",
        "runNumber": "1",
        "testType": "BARE_MODULE_SENSOR_IV",
        "stage": stages[linked["id"]],
    }
    written = upload(api, link | {"results": {"LINK_TO_SENSOR_IV_TEST": run["id"]}})
    value = next(entry for entry in written["results"] if entry["code"] == "LINK_TO_SENSOR_IV_TEST")["value"]
    assert (value["id"], value["testType"]["code"]) == (run["id"], "IV_MEASURE")
    api.error("POST", COMMAND, 400, **link, results={"LINK_TO_SENSOR_IV_TEST": "0" * 24})


def test_values_of_children(api: Caller) -> None:
    filters = {"project": "S", "componentType": ["STAVE"]}
    stave = api.get("listComponents", filterMap=filters)["itemList"][0]
    slots = api.get("getComponent", component=stave["code"])["children"]
    modules = [slot["component"]["serialNumber"] for slot in slots if slot["component"]]
    runs = api.get("listTestRunsByComponent", filterMap={"code": stave["code"], "testType": ["ENVELOPE"]})[
        "itemList"
    ]

    def statuses(run: str) -> dict[str, Any]:
        results = api.get("getTestRun", testRun=run)["results"]
        found = [entry for entry in results if entry["code"] == "STATUS_MODULE"]
        return {entry["associateChild"]["serialNumber"]: entry["value"] for entry in found}

    assert set(statuses(runs[0]["id"])) == set(modules)
    keys = {"project": "S", "componentType": "STAVE", "code": "ENVELOPE"}
    body = api.get("generateTestTypeDtoSample", **keys)["dtoSample"] | {
        "component": stave["code"],
        "institution": stave["currentLocation"]["code"],
        "stage": runs[0]["stage"]["code"],
    }
    body["results"]["STATUS_MODULE"] = {modules[0]: True, QUAD: False}
    errors = api.error("POST", COMMAND, 400, **body)
    assert f"$.results.STATUS_MODULE.{QUAD}" in problems(errors, COMMAND)["invalidValueKeyMap"]
    for wrong in (True, [True], {modules[0]: "yes"}):
        body["results"]["STATUS_MODULE"] = wrong
        api.error("POST", COMMAND, 400, **body)
    body["results"]["STATUS_MODULE"] = dict.fromkeys(modules, True)
    run = api.post(COMMAND, **body)["testRun"]["id"]
    assert statuses(run) == dict.fromkeys(modules, True)
    api.post("setTestRunParameter", testRun=run, code="STATUS_MODULE", value={modules[1]: False})
    assert statuses(run) == {modules[1]: False}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"component": "20UPGM29999999"}, "componentDoesNotExist"),
        ({"testType": "NO_SUCH"}, "testTypeDaoGetByCodeFailed"),
        ({"institution": "NOWHERE"}, "institutionDaoGetByCodeFailed"),
        ({"institution": "UCSC"}, "componentAtDifferentLocation"),
        ({"stage": "QC_STATUS"}, "unassociatedStageWithTestType"),
    ],
)
def test_what_cannot_be_uploaded(
    api: Caller, mass: dict[str, Any], changes: dict[str, Any], code: str
) -> None:
    errors = api.error("POST", COMMAND, 400, **(mass | changes))
    assert list(errors) == [f"ucl-itkpd-main/{COMMAND}/{code}"]


def test_results_are_edited(api: Caller, mass: dict[str, Any]) -> None:
    run = upload(api, mass)
    api.post("setTestRunParameter", testRun=run["id"], code="MASS", value=2222)
    found = api.get("getTestRun", testRun=run["id"])
    assert {entry["code"]: entry["value"] for entry in found["results"]}["MASS"] == 2222
    assert found["sys"]["rev"] == run["sys"]["rev"] + 1
    api.error("POST", "setTestRunParameter", 400, testRun=run["id"], code="MASS", value="x")
    api.error("POST", "setTestRunParameter", 400, testRun=run["id"], code="NO_SUCH", value=1)


def test_sample_runs_are_edited_too(api: Caller) -> None:
    filters = {"serialNumber": QUAD, "testType": ["MASS_MEASUREMENT"]}
    run = api.get("listTestRunsByComponent", filterMap=filters)["itemList"][-1]["id"]
    before = api.get("getTestRun", testRun=run)
    api.post("setTestRunParameter", testRun=run, code="MASS", value=1.0)
    api.post("createTestRunComment", testRun=run, comments=["typed wrongly at first"])
    after = api.get("getTestRun", testRun=run)
    assert {entry["code"]: entry["value"] for entry in after["results"]}["MASS"] == 1.0
    assert after["comments"][-1]["comment"] == "typed wrongly at first"
    same = ("date", "passed", "defects", "properties", "attachments", "runNumber")
    assert {key: after[key] for key in same} == {key: before[key] for key in same}


def test_deleted_runs_stay_in_the_summaries(api: Caller, mass: dict[str, Any]) -> None:
    run = upload(api, mass)
    api.post("deleteTestRun", testRun=run["id"], reason="a test of the test")
    assert api.get("getTestRun", testRun=run["id"])["state"] == "deleted"
    summaries = api.get("getComponent", component=QUAD)["tests"]
    states = {entry["id"]: entry["state"] for test in summaries for entry in test["testRuns"]}
    assert states[run["id"]] == "deleted"
    errors = api.error("POST", "deleteTestRun", 400, testRun=run["id"])
    assert list(errors) == ["ucl-itkpd-main/deleteTestRun/testRunIsDeleted"]
