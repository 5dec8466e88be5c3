"""Test runs by a script: from the sample of a test type to a run, its duplicates, and its end."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.interop import parts
from tests.unit.sandbox.caller import QUAD

_TYPE = {"project": "S", "componentType": "MODULE", "code": "GLUE_WEIGHT"}


@pytest.fixture
def module(client: Any) -> Any:
    """A module at home, in the stage in which its glue is weighed."""
    made = parts.register_module(client)
    client.post("setComponentStage", json={"component": made["code"], "stage": "GLUED"})
    return parts.component(client, made["code"])


@pytest.fixture
def weighed(client: Any, module: Any) -> dict[str, Any]:
    """A filled-in sample: what a user would upload."""
    sample = client.get("generateTestTypeDtoSample", json=_TYPE | {"requiredOnly": False})
    declared = client.get("listTestTypes", json={"project": "S", "componentType": "MODULE"})
    kind = next(entry for entry in declared if entry["code"] == _TYPE["code"])
    assert set(sample["results"]) == {parameter["code"] for parameter in kind["parameters"]}
    assert sample["testType"] == _TYPE["code"]
    filled: dict[str, Any] = sample | {
        "component": module["serialNumber"],
        "institution": parts.HOME,
        "runNumber": "7",
        "date": "2025-08-30T15:59:00.000Z",
        "passed": True,
        "problems": False,
        "properties": {entry["code"]: _value(entry) for entry in kind["properties"]},
        "results": {entry["code"]: _value(entry) for entry in kind["parameters"]},
    }
    return filled


def _value(declared: dict[str, Any]) -> Any:
    """Return a value of the data type and form that a parameter or property declares."""
    values = {"float": 1.5, "integer": 3, "boolean": True, "string": "as told", "object": {"a": [1, 2]}}
    value = values[declared["dataType"]]
    return [value, value] if declared["valueType"] == "array" else value


def upload(client: Any, body: dict[str, Any], **options: Any) -> str:
    answer = client.post("uploadTestRunResults", json=body, **options)
    return str(answer["testRun"]["id"])


def run_of(client: Any, identifier: str) -> Any:
    return client.get("getTestRun", json={"testRun": identifier})


def runs_in_summary(client: Any, module: Any) -> dict[str, Any]:
    tests = parts.component(client, module["code"])["tests"] or []
    return {run["id"]: run for test in tests for run in test["testRuns"]}


def test_required_only_leaves_the_rest_out(client: Any) -> None:
    whole = client.get("generateTestTypeDtoSample", json=_TYPE | {"code": "MODULE_IV_PS_V1"})
    needed = client.get(
        "generateTestTypeDtoSample", json=_TYPE | {"code": "MODULE_IV_PS_V1", "requiredOnly": True}
    )
    assert set(needed["results"]) < set(whole["results"])
    assert {"component", "testType", "institution", "runNumber", "date", "passed", "problems"} <= set(whole)


def test_an_uploaded_run_reads_as_it_was_sent(client: Any, module: Any, weighed: Any, user: Any) -> None:
    defect = {"name": "UNBONDED", "description": "missed", "properties": {"front_end_row": 1}}
    identifier = upload(client, weighed | {"comments": ["by hand"], "defects": [defect]})
    run = run_of(client, identifier)
    assert (run["id"], run["state"], run["runNumber"]) == (identifier, "ready", "7")
    assert (run["passed"], run["problems"], run["date"]) == (True, False, "2025-08-30T15:59:00.000Z")
    assert (run["testType"]["code"], run["institution"]["code"]) == ("GLUE_WEIGHT", parts.HOME)
    assert {result["code"]: result["value"] for result in run["results"]} == weighed["results"]
    assert {entry["code"]: entry["value"] for entry in run["properties"]} == weighed["properties"]
    assert [comment["comment"] for comment in run["comments"]] == ["by hand"]
    assert [{key: found[key] for key in defect} for found in run["defects"]] == [defect]
    (tested,) = run["components"]
    assert (tested["id"], tested["testedAtStage"]["code"]) == (module["id"], "GLUED")
    assert run["user"]["userIdentity"] == user.identity
    assert runs_in_summary(client, module)[identifier]["date"] == "30.08.2025 15:59"
    (listed,) = client.get(
        "listTestRunsByComponent",
        json={"filterMap": {"code": module["code"], "stage": ["GLUED"], "state": ["ready"]}},
    )
    assert (listed["id"], listed["stage"]["code"]) == (identifier, "GLUED")


def test_the_older_date_is_understood(client: Any, weighed: Any) -> None:
    run = run_of(client, upload(client, weighed | {"date": "30.08.2025 15:59"}))
    assert run["date"] == "2025-08-30T15:59:00.000Z"


def test_an_equal_run_is_held_back(package: Any, client: Any, module: Any, weighed: Any) -> None:
    first = upload(client, copy.deepcopy(weighed), allow_duplicate=False)
    with pytest.raises(package.exceptions.DuplicateTestRuns, match=first):
        upload(client, copy.deepcopy(weighed), allow_duplicate=False)
    assert list(runs_in_summary(client, module)) == [first]


def test_a_different_run_is_no_duplicate(client: Any, module: Any, weighed: Any) -> None:
    first = upload(client, copy.deepcopy(weighed), allow_duplicate=False)
    other = copy.deepcopy(weighed) | {"passed": False}
    second = upload(client, other, allow_duplicate=False)
    again = upload(client, copy.deepcopy(weighed))
    assert set(runs_in_summary(client, module)) == {first, second, again}


def test_only_test_runs_can_be_checked_for_duplicates(client: Any) -> None:
    with pytest.raises(ValueError, match=r"(?i)no (logic|check for duplicates) exists"):
        client.post("createComponentComment", json={"component": QUAD}, allow_duplicate=False)


def test_what_is_required_and_missing_is_named(package: Any, client: Any, weighed: Any) -> None:
    code = next(iter(client.get("generateTestTypeDtoSample", json=_TYPE | {"requiredOnly": True})["results"]))
    del weighed["results"][code]
    with pytest.raises(package.exceptions.BadRequest, match=code):
        upload(client, weighed)


def test_a_value_of_the_wrong_type_is_refused(package: Any, client: Any, weighed: Any) -> None:
    declared = client.get("listTestTypes", json={"project": "S", "componentType": "MODULE"})
    kind = next(entry for entry in declared if entry["code"] == _TYPE["code"])
    number = next(entry["code"] for entry in kind["parameters"] if entry["dataType"] == "float")
    weighed["results"][number] = "heavy"
    with pytest.raises(package.exceptions.BadRequest, match=number):
        upload(client, weighed)


def test_a_test_belongs_to_its_stage(package: Any, client: Any, weighed: Any, module: Any) -> None:
    client.post("setComponentStage", json={"component": module["code"], "stage": "STITCH_BONDING"})
    with pytest.raises(package.exceptions.BadRequest, match="unassociatedStageWithTestType"):
        upload(client, weighed)


def test_a_part_elsewhere_is_not_tested_here(package: Any, client: Any, weighed: Any) -> None:
    body = {"filterMap": {"project": "S", "componentType": ["MODULE"], "state": "ready"}}
    abroad = next(
        item["serialNumber"]
        for item in client.get("listComponents", json=body)
        if item["currentLocation"]["code"] not in {parts.HOME, parts.ABROAD}
    )
    with pytest.raises(
        package.exceptions.BadRequest, match=r"componentAtDifferentLocation|unassociatedStageWithTestType"
    ):
        upload(client, weighed | {"component": abroad})


def test_a_result_is_changed_afterwards(client: Any, weighed: Any) -> None:
    identifier = upload(client, weighed)
    code = next(code for code, value in weighed["results"].items() if value == 1.5)
    client.post("setTestRunParameter", json={"testRun": identifier, "code": code, "value": 2.25})
    results = {result["code"]: result["value"] for result in run_of(client, identifier)["results"]}
    assert results == weighed["results"] | {code: 2.25}


def test_a_run_is_commented_on(client: Any, weighed: Any) -> None:
    identifier = upload(client, weighed)
    client.post("createTestRunComment", json={"testRun": identifier, "comments": ["seen", "again"]})
    assert [comment["comment"] for comment in run_of(client, identifier)["comments"]] == ["seen", "again"]


def test_a_deleted_run_stays_in_the_summary(client: Any, module: Any, weighed: Any) -> None:
    identifier = upload(client, weighed)
    client.post("deleteTestRun", json={"testRun": identifier, "reason": "weighed the wrong one"})
    assert run_of(client, identifier)["state"] in {"deleted", "requestedToDelete"}
    assert runs_in_summary(client, module)[identifier]["state"] != "ready"
    filters = {"code": module["code"], "state": ["ready"]}
    assert client.get("listTestRunsByComponent", json={"filterMap": filters}) == []


def test_runs_of_the_catalogue_are_read(client: Any) -> None:
    """Results come in the order of the test type, with the stage they were tested at."""
    tests = parts.component(client, QUAD)["tests"]
    identifiers = [run["id"] for test in tests for run in test["testRuns"] if run["state"] == "ready"]
    runs = client.get("getTestRunBulk", json={"testRun": identifiers[:20]})
    for run in runs:
        orders = [result["order"] for result in run["results"]]
        assert orders == sorted(orders)
        assert run["components"][0]["serialNumber"] == QUAD
        assert run["components"][0]["testedAtStage"]["code"]
    assert runs[0] == run_of(client, runs[0]["id"])
