"""Components written by a script: registered, put together and apart, and led through their stages."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.interop import parts
from tests.unit.sandbox.caller import LONG_STRIP, QUAD


def code_of(caught: pytest.ExceptionInfo[Any]) -> str:
    """Return the code of the only error of an answer, without the name of the server."""
    (code,) = caught.value.response.json()["uuAppErrorMap"]
    return str(code).partition("/")[2]


@pytest.fixture
def module(client: Any) -> Any:
    return parts.register_module(client)


def test_a_sample_shows_what_a_registration_needs(client: Any) -> None:
    sample = client.get("generateComponentTypeDtoSample", json={"project": "P", "code": "PCB"})
    assert {"project", "subproject", "institution", "componentType", "type", "properties"} <= set(sample)
    assert {"PCB_DESIGN_VERSION", "PCB_MANUFACTURER", "PCB_BOM_VERSION"} == set(sample["properties"])
    needed = client.get(
        "generateComponentTypeDtoSample", json={"project": "P", "code": "PCB", "requiredOnly": True}
    )
    assert {"PCB_DESIGN_VERSION", "PCB_MANUFACTURER"} == set(needed["properties"])


def test_a_registered_component_is_found_every_way(client: Any, user: Any) -> None:
    body = {
        "project": "S",
        "subproject": "SB",
        "institution": parts.HOME,
        "componentType": "MODULE",
        "type": "BARREL_SS_MODULE",
        "properties": {"LOCALNAME": "first of the day"},
        "comments": ["made for a test"],
    }
    made = client.post("registerComponent", json=body)["component"]
    assert made["serialNumber"].startswith("20USBMS")
    for identifier in (made["serialNumber"], made["code"], made["id"]):
        found = parts.component(client, identifier)
        assert (found["id"], found["code"]) == (made["id"], made["code"])
    assert (found["state"], found["assembled"]) == ("ready", False)
    assert found["institution"]["code"] == found["currentLocation"]["code"] == parts.HOME
    assert found["currentStage"]["code"] == "HV_TAB_ATTACHED"
    assert found["user"]["userIdentity"] == user.identity
    assert [comment["comment"] for comment in found["comments"]] == ["made for a test"]
    values = {entry["code"]: entry["value"] for entry in found["properties"]}
    assert values["LOCALNAME"] == "first of the day"
    assert len(parts.slots(found, "HYBRID_ASSEMBLY")) == 2
    assert all(slot["component"] is None for slot in found["children"])
    newest = next(client.get("listComponents", json={"project": "S", "componentType": "MODULE"}))
    assert newest["id"] == made["id"]


def test_a_serial_number_of_ones_own_is_kept(package: Any, client: Any) -> None:
    serial = f"20UPGPQ41{random.randrange(50_000, 100_000):05d}"
    body = {
        "project": "P",
        "subproject": "PG",
        "institution": parts.HOME,
        "componentType": "PCB",
        "type": "QUAD_PCB",
        "serialNumber": serial,
        "properties": {"PCB_DESIGN_VERSION": "4", "PCB_MANUFACTURER": "1"},
    }
    made = client.post("registerComponent", json=body)["component"]
    assert parts.component(client, serial)["code"] == made["code"]
    with pytest.raises(package.exceptions.BadRequest):
        client.post("registerComponent", json=body)


def test_what_a_registration_lacks_is_named(package: Any, client: Any) -> None:
    with pytest.raises(package.exceptions.BadRequest) as caught:
        client.post("registerComponent", json={"project": "S", "subproject": "SB"})
    missing = next(iter(caught.value.response.json()["uuAppErrorMap"].values()))["paramMap"]["missingKeyMap"]
    assert {"$.institution", "$.componentType"} <= set(missing)


def test_an_assembly_is_put_together_and_apart(package: Any, client: Any, module: Any) -> None:
    hybrid = parts.register_hybrid(client)
    pair = {"parent": module["serialNumber"], "child": hybrid["serialNumber"]}
    client.post("assembleComponent", json=pair | {"properties": {}})
    filled = [slot for slot in parts.component(client, module["code"])["children"] if slot["component"]]
    assert [slot["component"]["id"] for slot in filled] == [hybrid["id"]]
    child = parts.component(client, hybrid["code"])
    assert child["assembled"] is True
    assert [link["component"]["id"] for link in child["parents"]] == [module["id"]]
    with pytest.raises(package.exceptions.BadRequest) as caught:
        client.post("assembleComponent", json=pair)
    assert code_of(caught) == "assembleComponent/childComponentAlreadyAssembled"
    client.post("disassembleComponent", json=pair | {"trashed": False})
    assert parts.component(client, hybrid["code"])["assembled"] is False
    assert not any(slot["component"] for slot in parts.component(client, module["code"])["children"])


def test_a_slot_is_filled_by_its_number(client: Any, module: Any) -> None:
    hybrid = parts.register_hybrid(client)
    wanted = parts.slots(module, "HYBRID_ASSEMBLY")[1]["id"]
    body = {"parent": module["code"], "slot": wanted, "child": hybrid["code"], "properties": {}}
    client.post("assembleComponentBySlot", json=body)
    first, second = parts.slots(parts.component(client, module["code"]), "HYBRID_ASSEMBLY")
    assert first["component"] is None
    assert (second["id"], second["component"]["id"]) == (wanted, hybrid["id"])


def test_a_part_does_not_fit_everywhere(package: Any, client: Any, module: Any) -> None:
    other = parts.register_module(client)
    with pytest.raises(package.exceptions.BadRequest):
        client.post("assembleComponent", json={"parent": module["code"], "child": other["code"]})


def test_the_tree_can_be_walked(package: Any, client: Any, module: Any) -> None:
    hybrid = parts.register_hybrid(client)
    flex = parts.register(client, "HYBRID", "BARREL_HYBRID_FLEX")
    for parent, child in ((hybrid, flex), (module, hybrid)):
        body = {"parent": parent["serialNumber"], "child": child["serialNumber"]}
        client.post("assembleComponent", json=body)
    root = package.models.component.Component(client, parts.component(client, module["code"]))
    root.walk()
    (second,) = [child for child in root.children if child.serial_number]
    assert second.serial_number == hybrid["serialNumber"]
    assert [child.serial_number for child in second.children if child.serial_number] == [flex["serialNumber"]]


@pytest.mark.parametrize("serial", [QUAD, LONG_STRIP])
def test_the_catalogue_can_be_walked(package: Any, client: Any, serial: str) -> None:
    root = package.models.component.Component(client, parts.component(client, serial))
    root.walk()
    below = [leaf for child in root.children for leaf in child.children]
    found = {node.serial_number for node in [*root.children, *below]}
    assert len(found) > 3
    assert all(isinstance(node, package.models.component.Component) for node in below)


def test_stages_go_forward_and_back(package: Any, client: Any, module: Any) -> None:
    client.post("setComponentStage", json={"component": module["code"], "stage": "GLUED"})
    found = parts.component(client, module["code"])
    assert found["currentStage"]["code"] == "GLUED"
    assert [stage["code"] for stage in found["stages"]] == ["HV_TAB_ATTACHED", "GLUED"]
    body = {
        "component": module["code"],
        "stage": "HV_TAB_ATTACHED",
        "rework": True,
        "comment": "tab fell off",
    }
    client.post("setComponentStage", json=body)
    found = parts.component(client, module["code"])
    assert found["currentStage"]["code"] == "HV_TAB_ATTACHED"
    assert found["stages"][-1]["rework"] is True
    assert found["stages"][-1]["comment"] == "tab fell off"
    with pytest.raises(package.exceptions.BadRequest):
        client.post("setComponentStage", json={"component": module["code"], "stage": "NO_SUCH_STAGE"})


def test_properties_are_set_and_cleared(client: Any, module: Any) -> None:
    for value in ("tray 7", None):
        body = {"component": module["code"], "code": "LOCALNAME", "value": value}
        client.post("setComponentProperty", json=body)
        found = parts.component(client, module["code"])["properties"]
        assert next(entry["value"] for entry in found if entry["code"] == "LOCALNAME") == value


def test_flags_need_the_present_revision(package: Any, client: Any, module: Any) -> None:
    revision = module["sys"]["rev"]
    body = {"component": module["code"], "flags": ["BLUE"], "revision": revision}
    client.post("setComponentFlags", json=body)
    found = parts.component(client, module["code"])
    assert "BLUE" in str(found["flags"])
    assert found["sys"]["rev"] == revision + 1
    with pytest.raises(package.exceptions.ResponseException):
        client.post("setComponentFlags", json=body | {"flags": ["RED"]})
    assert "RED" not in str(parts.component(client, module["code"])["flags"])


def test_a_grade_is_given(client: Any, module: Any) -> None:
    body = {"component": module["code"], "grade": "A", "comment": "without a scratch"}
    client.post("setComponentGrade", json=body)
    found = parts.component(client, module["code"])
    assert found["currentGrade"] == "A"
    assert len(found["grades"]) == 1


@pytest.mark.parametrize(("command", "key"), [("Completed", "completed"), ("Trashed", "trashed")])
def test_a_part_is_completed_or_trashed_and_again_not(
    client: Any, module: Any, command: str, key: str
) -> None:
    for value, reason in ((True, "reached its end"), (False, "not yet")):
        body = {"component": module["code"], key: value, "reason": reason}
        client.post(f"setComponent{command}", json=body)
        found = parts.component(client, module["code"])
        assert found[key] is value
    assert found[f"{key}Ts"] is not None


def test_comments_are_added_changed_and_taken_back(client: Any, module: Any, user: Any) -> None:
    body = {"component": module["code"], "comments": ["first", "second"]}
    answer = client.post("createComponentComment", json=body)
    assert [entry["comment"] for entry in answer["component"]["comments"]] == ["first", "second"]
    first, second = parts.component(client, module["code"])["comments"]
    assert first["user"]["userIdentity"] == user.identity
    changed = {"component": module["code"], "code": first["code"], "comment": "better"}
    client.post("updateComponentComment", json=changed)
    client.post("deleteComponentComment", json={"component": module["code"], "code": second["code"]})
    assert [c["comment"] for c in parts.component(client, module["code"])["comments"]] == ["better"]


def test_a_deleted_component_stays_readable(client: Any, module: Any) -> None:
    client.post("deleteComponent", json={"component": module["code"]})
    assert parts.component(client, module["code"])["state"] in {"deleted", "requestedToDelete"}
    body = {"filterMap": {"project": "S", "serialNumber": [module["serialNumber"]], "state": "ready"}}
    assert client.get("listComponents", json=body) == []
    del body["filterMap"]["state"]
    assert [item["id"] for item in client.get("listComponents", json=body)] == [module["id"]]


def test_each_write_counts_the_revision_on(client: Any, module: Any) -> None:
    client.post("createComponentComment", json={"component": module["code"], "comments": ["one"]})
    client.post("setComponentStage", json={"component": module["code"], "stage": "GLUED"})
    found = parts.component(client, module["code"])
    assert found["sys"]["rev"] == module["sys"]["rev"] + 2
    assert found["sys"]["mts"] > module["sys"]["mts"]
    assert found["sys"]["cts"] == module["sys"]["cts"] == found["cts"]


def test_a_part_elsewhere_is_not_assembled(package: Any, client: Any, module: Any) -> None:
    body = {"filterMap": {"project": "S", "componentType": ["HYBRID_ASSEMBLY"], "state": "ready"}}
    abroad = next(
        item
        for item in client.get("listComponents", json=body)
        if item["currentLocation"]["code"] not in {parts.HOME, parts.ABROAD} and not item["assembled"]
    )
    with pytest.raises(package.exceptions.BadRequest) as caught:
        client.post("assembleComponent", json={"parent": module["code"], "child": abroad["code"]})
    assert code_of(caught) == "assembleComponent/componentAtDifferentLocation"
