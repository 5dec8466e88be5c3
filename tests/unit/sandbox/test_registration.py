"""Components come into being, and out of it (API reference §5.4)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.sandbox.caller import Caller

HYBRID = {
    "project": "S",
    "subproject": "SB",
    "institution": "UCSC",
    "componentType": "HYBRID_ASSEMBLY",
    "type": "X_HYBRID",
}


def register(api: Caller, **changes: Any) -> dict[str, Any]:
    written = api.post("registerComponent", **(HYBRID | changes))["component"]
    return dict(api.get("getComponent", component=written["code"]))


def problems(error_map: dict[str, Any], command: str = "registerComponent") -> dict[str, Any]:
    return dict(error_map[f"ucl-itkpd-main/{command}/invalidDtoIn"]["paramMap"])


def test_a_registered_component_can_be_read_at_once(api: Caller) -> None:
    answer = api.post("registerComponent", **HYBRID, comments=["made for a test"])
    raw = answer["component"]
    assert answer["uuAppErrorMap"] == {}
    for identifier in (raw["serialNumber"], raw["code"], raw["id"]):
        found = api.get("getComponent", component=identifier)
        assert found["id"] == raw["id"]
    assert found["serialNumber"].startswith("20USBHX")
    assert len(found["serialNumber"]) == 14
    assert found["state"] == "ready"
    assert found["sys"]["rev"] == 0
    assert found["sys"]["cts"] == found["cts"] == found["sys"]["mts"]
    assert found["institution"]["code"] == found["currentLocation"]["code"] == "UCSC"
    assert [entry["comment"] for entry in found["comments"]] == ["made for a test"]
    assert found["currentStage"]["initial"]
    assert [entry["code"] for entry in found["stages"]] == [found["currentStage"]["code"]]
    assert not found["tests"]
    assert not found["attachments"]
    assert all(slot["component"] is None for slot in found["children"])
    listed = api.get("listComponents", filterMap={"project": "S"}, pageInfo={"pageSize": 1})
    assert listed["itemList"][0]["id"] == raw["id"], "the newest comes first"


def test_serial_numbers_count_on(api: Caller) -> None:
    first, second = register(api)["serialNumber"], register(api)["serialNumber"]
    assert int(second[7:]) == int(first[7:]) + 1


@pytest.mark.parametrize(
    ("changes", "path", "rule"),
    [
        ({"project": "X"}, "$.project", "oneOf.e001"),
        ({"subproject": "PG"}, "$.subproject", "oneOf.e001"),
        ({"type": "Z_HYBRID"}, "$.type", "oneOf.e001"),
        ({"properties": "none"}, "$.properties", "shape.e001"),
        ({"comments": [1]}, "$.comments", "array.e002"),
    ],
)
def test_wrong_values_are_named(api: Caller, changes: dict[str, Any], path: str, rule: str) -> None:
    wrong = problems(api.error("POST", "registerComponent", 400, **(HYBRID | changes)))
    assert rule in wrong["invalidValueKeyMap"][path]


def test_missing_keys_are_named(api: Caller) -> None:
    missing = problems(api.error("POST", "registerComponent", 400, project="S"))["missingKeyMap"]
    assert set(missing) == {"$.institution", "$.componentType"}
    without = {key: value for key, value in HYBRID.items() if key != "subproject"}
    assert "$.subproject" in problems(api.error("POST", "registerComponent", 400, **without))["missingKeyMap"]


def test_required_properties_are_required(api: Caller) -> None:
    found = [
        (kind, entry["code"])
        for project in ("P", "S")
        for kind in api.get("listComponentTypes", project=project)["pageItemList"]
        for entry in kind["properties"] or ()
        if entry["required"]
    ]
    assert found, "some component type has a required property"
    kind, code = found[0]
    variant = kind["types"][0]
    wanted = {
        "project": kind["project"]["code"],
        "subproject": variant["subprojects"][0]["code"],
        "institution": "UCSC",
        "componentType": kind["code"],
        "type": variant["code"],
    }
    missing = problems(api.error("POST", "registerComponent", 400, **wanted))["missingKeyMap"]
    assert f"$.properties.{code}" in missing


def test_the_serial_number_of_a_part_that_has_one_already(api: Caller) -> None:
    pcb = {
        "project": "P",
        "subproject": "PG",
        "institution": "UCSC",
        "componentType": "MODULE_CARRIER",
        "type": "OB_MODULE_CARRIER",
    }
    answer = api.post("registerComponent", **pcb, serialNumber="20UPGMC9999999")
    warning = answer["uuAppErrorMap"]["ucl-itkpd-main/registerComponent/unsupportedKeys"]
    assert warning["paramMap"]["unsupportedKeyList"] == ["$.serialNumber"]
    assert answer["component"]["serialNumber"] != "20UPGMC9999999", "these are numbered automatically"


def test_serial_numbers_by_hand_are_checked(api: Caller) -> None:
    chip = chip_template(api)
    for wrong in ("20UPGPQ9999999", "20UPGFC99", "20UPGFC999999é"):
        wrong_map = problems(api.error("POST", "registerComponent", 400, **chip, serialNumber=wrong))
        assert "$.serialNumber" in wrong_map["invalidValueKeyMap"]
    api.post("registerComponent", **chip, serialNumber="20UPGFC9999998")
    errors = api.error("POST", "registerComponent", 400, **chip, serialNumber="20UPGFC9999998")
    assert list(errors) == ["ucl-itkpd-main/registerComponent/serialNumberAlreadyExists"]


def chip_template(api: Caller) -> dict[str, Any]:
    """Return the template of the server for a front-end chip, filled in for UCSC."""
    sample = api.get("generateComponentTypeDtoSample", project="P", code="FE_CHIP", requiredOnly=True)
    template = dict(sample["dtoSample"])
    template.pop("serialNumber")
    return template | {"institution": "UCSC"}


def test_the_template_of_the_server_can_be_registered(api: Caller) -> None:
    # Its number is to be given later: the part is known by its code.
    written = api.post("registerComponent", **chip_template(api))["component"]
    assert written["serialNumber"] is None
    assert api.get("getComponent", component=written["code"])["serialNumber"] is None


def test_dummies_fill_empty_slots(api: Caller) -> None:
    hybrid = register(api)
    api.post("createDummyChildren", component=hybrid["serialNumber"])
    slots = api.get("getComponent", component=hybrid["code"])["children"]
    assert slots
    for slot in slots:
        child = api.get("getComponent", component=slot["component"]["code"])
        assert child["dummy"]
        assert child["componentType"]["code"] == slot["componentType"]["code"]
        assert [parent["component"]["code"] for parent in child["parents"]] == [hybrid["code"]]


def test_deleted_components_stay_readable(api: Caller) -> None:
    hybrid = register(api)
    api.post("deleteComponent", component=hybrid["code"])
    found = api.get("getComponent", component=hybrid["code"])
    assert (found["state"], found["sys"]["rev"]) == ("deleted", 1)
    ready = api.get("listComponents", filterMap={"project": "S", "state": "ready"}, pageInfo={"pageSize": 50})
    assert hybrid["id"] not in {item["id"] for item in ready["itemList"]}
    errors = api.error("POST", "deleteComponent", 400, component=hybrid["code"])
    assert list(errors) == ["ucl-itkpd-main/deleteComponent/componentIsDeleted"]


def test_a_part_registered_into_a_batch(api: Caller) -> None:
    batch = api.post("createBatch", project="S", batchType="HYBRID_BATCH", number="UCSC-TEST-1")
    hybrid = register(api, batches={"HYBRID_BATCH": "UCSC-TEST-1"})
    assert [(entry["number"], entry["batchType"]["code"]) for entry in hybrid["batches"]] == [
        ("UCSC-TEST-1", "HYBRID_BATCH")
    ]
    listed = api.get("listBatches", filterMap={"project": "S", "number": ["UCSC-TEST-1"]})["itemList"]
    assert [entry["id"] for entry in listed] == [batch["id"]]
    assert [entry["code"] for entry in listed[0]["components"]] == [hybrid["code"]]
