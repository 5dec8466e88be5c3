"""Lists as a script reads them: every form the server has, pages, limits and their history."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.sandbox.caller import QUAD

_STRIP_MODULES: dict[str, dict[str, Any]] = {
    "filterMap": {"project": "S", "componentType": ["MODULE"], "state": "ready"}
}


def ids(items: Any) -> list[str]:
    return [item["id"] for item in items]


@pytest.mark.parametrize(
    ("command", "body", "key"),
    [
        ("listInstitutions", None, "pageItemList"),
        ("listProjects", None, "itemList"),
        ("listComponentTypes", {"project": "P"}, "pageItemList"),
        ("listTestTypes", {"project": "P", "componentType": "MODULE"}, "pageItemList"),
        ("listComponents", {"project": "P", "componentType": "MODULE"}, "pageItemList"),
        ("listComponents", {"filterMap": {"project": "P", "componentType": ["MODULE"]}}, "itemList"),
        ("listTestRunsByComponent", {"filterMap": {"serialNumber": QUAD}}, "itemList"),
        ("uu-app-binarystore/listBinaries", None, "itemList"),
    ],
)
def test_a_list_comes_in_pages_that_read_as_one(
    package: Any, client: Any, command: str, body: Any, key: str
) -> None:
    whole = client.get(command, json=body)
    assert isinstance(whole, package.responses.PagedResponse)
    assert bool(whole)
    assert (whole.key, whole.page_index, whole.page_size) == (key, 0, 1000)
    assert whole.limit == whole.total == whole.page_info["total"]
    assert whole.error == {}
    assert whole.yielded == 0
    items = list(whole)
    assert len(items) == whole.yielded == whole.total > 1
    size = max(1, len(items) // 3)
    in_slices = client.get(command, json=(body or {}) | {"pageInfo": {"pageSize": size}})
    assert ids(in_slices) == ids(items)
    assert in_slices.page_index == (len(items) - 1) // size


def test_a_page_tells_of_itself(client: Any) -> None:
    listed = client.get("listInstitutions", json={"pageInfo": {"pageIndex": 0, "pageSize": 5}})
    assert (listed.page_index, listed.page_size, len(listed.data)) == (0, 5, 5)
    for _ in range(6):
        next(listed)
    assert (listed.page_index, listed.yielded) == (1, 6)
    assert listed.last_page["pageInfo"] == listed.page_info
    assert listed.pages == [listed.last_page]


@pytest.mark.parametrize("limit", [1, 5, 7])
def test_a_limit_ends_the_reading(client: Any, limit: int) -> None:
    listed = client.get("listInstitutions", json={"pageInfo": {"pageSize": 5}}, limit=limit)
    assert len(list(listed)) == limit
    assert listed.page_index == (limit - 1) // 5
    assert len(list(client.get("listInstitutions"))) > 7, "the limit was for one call"


def test_history_keeps_every_page(make_client: Callable[..., Any]) -> None:
    listed = make_client(pagination_history=True).get("listInstitutions", json={"pageInfo": {"pageSize": 7}})
    total = len(list(listed))
    assert len(listed.pages) == -(-total // 7)
    assert sum(len(page["pageItemList"]) for page in listed.pages) == total
    assert [page["pageInfo"]["pageIndex"] for page in listed.pages] == list(range(len(listed.pages)))


def test_an_empty_list_is_a_plain_one(client: Any) -> None:
    found = client.get("listComponents", json={"filterMap": {"project": "P", "componentType": []}})
    assert found == []


def test_bulk_answers_are_plain_lists(client: Any) -> None:
    quad = client.get("getComponent", json={"component": QUAD})
    (bulk,) = client.get("getComponentBulk", json={"component": [quad["code"]]})
    assert (bulk["code"], bulk["serialNumber"]) == (quad["code"], QUAD)
    run_ids = [run["id"] for test in quad["tests"] for run in test["testRuns"]][:5]
    runs = client.get("getTestRunBulk", json={"testRun": run_ids})
    assert type(runs) is list
    assert sorted(ids(runs)) == sorted(run_ids)
    (by_id,) = client.get("getComponentBulk", json={"component": [quad["id"]], "identifierType": "id"})
    assert by_id["serialNumber"] == QUAD


def test_what_stands_beside_a_list_can_be_read(client: Any) -> None:
    listed = client.get("listTestTypes", json={"project": "P", "componentType": "MODULE"})
    beside = listed.last_page["componentType"]
    assert (beside["code"], beside["project"]) == ("MODULE", "P")


def test_the_two_forms_of_the_component_list_agree_on_what_is_ready(client: Any) -> None:
    old = client.get("listComponents", json={"project": "S", "componentType": "MODULE"})
    new = client.get("listComponents", json=_STRIP_MODULES)
    assert sorted(ids(old)) == sorted(ids(new)) != []


def test_filters_narrow(client: Any) -> None:
    every = list(client.get("listComponents", json=_STRIP_MODULES))
    first = every[0]
    place, stage = first["currentLocation"]["code"], first["currentStage"]["code"]
    short = "BARREL_SS_MODULE"
    for narrowing, kept in (
        ({"currentLocation": [place]}, [e for e in every if e["currentLocation"]["code"] == place]),
        ({"currentStage": [stage]}, [e for e in every if e["currentStage"]["code"] == stage]),
        ({"type": [short]}, [e for e in every if e["type"]["code"] == short]),
        ({"serialNumber": [first["serialNumber"]]}, [first]),
    ):
        body = {"filterMap": _STRIP_MODULES["filterMap"] | narrowing}
        assert ids(client.get("listComponents", json=body)) == ids(kept) != []


def test_components_are_found_by_a_property(client: Any) -> None:
    sensors = client.get("listComponents", json={"filterMap": {"project": "S", "componentType": ["SENSOR"]}})
    wanted = next(sensors)
    value = next(entry["value"] for entry in wanted["properties"] if entry["code"] == "ID")
    rule = [{"code": "ID", "operator": "=", "value": value}]
    new = {"filterMap": {"project": "S", "componentType": "SENSOR", "propertyFilter": rule}}
    old = {"project": "S", "componentType": "SENSOR", "propertyFilter": rule}
    for body in (new, old):
        assert wanted["id"] in ids(client.get("listComponentsByProperty", json=body))
    assert ids(client.post("listComponentsByProperty", json=new)) == ids(
        client.get("listComponentsByProperty", json=new)
    )


def test_test_runs_are_listed_by_type(client: Any) -> None:
    body = {"project": "P", "componentType": "MODULE", "testType": "IV_MEASURE"}
    found = list(client.get("listTestRunsByTestType", json=body | {"pageInfo": {"pageSize": 20}}, limit=20))
    assert found
    assert {
        run["testType"]["code"] for run in client.get("getTestRunBulk", json={"testRun": ids(found)})
    } == {"IV_MEASURE"}


def test_institutions_become_a_model(package: Any, client: Any) -> None:
    listed = list(client.get("listInstitutions"))
    model = package.models.institution.make_institution_list(listed)
    assert [place.code for place in model.institutions] == [entry["code"] for entry in listed]
    first = model.institutions[0]
    assert first.name
    assert first.contacts.email
    assert first.component_type[0].item_list[0].code


def test_statistics_count_what_there_is(package: Any, client: Any) -> None:
    counted = client.get("getItkpdOverallStatistics")["statistics"]
    assert counted["institution"]["count"] == client.get("listInstitutions").total
    types = {entry["code"]: entry["count"] for entry in counted["componentType"]}
    for project, count in types.items():
        listed = client.get("listComponentTypes", json={"project": project})
        assert count == (listed.total if isinstance(listed, package.responses.PagedResponse) else len(listed))
    assert list(types) == ["S", "P", "CM", "CE"]
    assert sum(entry["count"] for entry in counted["testType"]) > len(types)


def test_one_type_is_read_by_its_code(client: Any) -> None:
    kind = client.get("getComponentTypeByCode", json={"project": "P", "code": "MODULE"})
    listed = client.get("listComponentTypes", json={"project": "P"})
    assert kind["id"] == next(entry["id"] for entry in listed if entry["code"] == "MODULE")
    assert {"properties", "stages", "types"} <= set(kind)
    body = {"project": "P", "componentType": "MODULE", "code": "IV_MEASURE"}
    test = client.get("getTestTypeByCode", json=body)
    assert (test["code"], bool(test["parameters"])) == ("IV_MEASURE", True)
