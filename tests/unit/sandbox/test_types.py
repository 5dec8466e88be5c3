"""Component types, test types and the templates made from them (API reference §5.2)."""

from __future__ import annotations

from typing import Any

from tests.unit.sandbox.caller import Caller


def types(api: Caller) -> list[dict[str, Any]]:
    return [
        kind
        for project in ("P", "S", "CM", "CE")
        for kind in api.get("listComponentTypes", project=project)["pageItemList"]
    ]


def test_a_type_by_code_and_by_id(api: Caller) -> None:
    for kind in types(api)[:5]:
        by_code = api.get("getComponentTypeByCode", project=kind["project"]["code"], code=kind["code"])
        by_id = api.get("getComponentType", id=kind["id"], fullTree=True)
        assert {**by_code, "uuAppErrorMap": {}} == {**kind, "uuAppErrorMap": {}} == by_id
    errors = api.error("GET", "getComponentTypeByCode", 400, project="P", code="NO_SUCH")
    assert list(errors) == ["ucl-itkpd-main/getComponentTypeByCode/componentTypeDaoGetByCodeFailed"]
    api.error("GET", "getComponentType", 400, id="0" * 24)


def test_a_test_type_by_code(api: Caller) -> None:
    listed = api.get("listTestTypes", project="P", componentType="MODULE")["pageItemList"]
    for test in listed[:5]:
        found = api.get("getTestTypeByCode", project="P", componentType="MODULE", code=test["code"])
        assert {**found, "uuAppErrorMap": {}} == {**test, "uuAppErrorMap": {}}
    errors = api.error("GET", "getTestTypeByCode", 400, project="P", componentType="MODULE", code="X")
    assert list(errors) == ["ucl-itkpd-main/getTestTypeByCode/testTypeDaoGetByCodeFailed"]


def test_templates_hold_every_parameter(api: Caller) -> None:
    for kind in types(api):
        keys = {"project": kind["project"]["code"], "componentType": kind["code"]}
        for test in api.get("listTestTypes", **keys)["pageItemList"]:
            for required_only in (False, True):
                sample = api.get(
                    "generateTestTypeDtoSample", **keys, code=test["code"], requiredOnly=required_only
                )["dtoSample"]
                for name, definitions in (("results", "parameters"), ("properties", "properties")):
                    wanted = {
                        entry["code"] for entry in test[definitions] if entry["required"] or not required_only
                    }
                    assert set(sample[name]) == wanted


def test_statistics_count_what_is_defined(api: Caller) -> None:
    statistics = api.get("getItkpdOverallStatistics")["statistics"]
    counts = {entry["code"]: entry["count"] for entry in statistics["componentType"]}
    for project, count in counts.items():
        assert api.get("listComponentTypes", project=project)["pageInfo"]["total"] == count
    assert statistics["institution"]["count"] == api.get("listInstitutions")["pageInfo"]["total"]


def test_components_of_the_caller(api: Caller) -> None:
    found = api.get("listMyComponents", project="P", limit=5)["itemList"]
    assert 0 < len(found) <= 5
    assert {item["userIdentity"] for item in found} == {"12-3456-1"}


def test_components_by_property_in_both_forms(api: Caller) -> None:
    rule = {"code": "PCB_MANUFACTURER", "operator": "=", "value": "2"}
    filters = {"project": "P", "componentType": ["PCB"], "state": "ready", "propertyFilter": [rule]}
    newer = api.get("listComponentsByProperty", filterMap=filters)["itemList"]
    older = api.post("listComponentsByProperty", project="P", componentType="PCB", propertyFilter=[rule])
    assert newer
    assert [item["id"] for item in older["itemList"]] == [item["id"] for item in newer]
    for item in newer:
        values = {entry["code"]: entry["value"] for entry in item["properties"]}
        assert item["serialNumber"][8] == "2", "the digit of the maker"
        assert values["PCB_MANUFACTURER"]
    wrong = filters | {"propertyFilter": [rule | {"operator": "~"}]}
    assert "invalidDtoIn" in next(iter(api.error("GET", "listComponentsByProperty", 400, filterMap=wrong)))
    api.error("GET", "listComponentsByProperty", 400, filterMap={"project": "P"})
    api.error("GET", "listComponentsByProperty", 400, project="P")
