"""Components are built into others and taken out again (API reference §5.4)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.sandbox.caller import Caller
from tests.unit.sandbox.test_registration import HYBRID

ASIC = {
    "project": "S",
    "subproject": "SG",
    "institution": "UCSC",
    "componentType": "ABC",
    "type": "ABCSTARV1",
    "properties": {"ID": "0000-0001"},
}


def make(api: Caller, template: dict[str, Any]) -> dict[str, Any]:
    return dict(api.post("registerComponent", **template)["component"])


def component(api: Caller, code: str) -> dict[str, Any]:
    return dict(api.get("getComponent", component=code))


@pytest.fixture
def hybrid(api: Caller) -> str:
    return str(make(api, HYBRID)["code"])


@pytest.fixture
def chip(api: Caller) -> str:
    return str(make(api, ASIC)["code"])


def taken(api: Caller, parent: str) -> dict[int, str]:
    """Return the codes of the children by the order of their slots."""
    slots = component(api, parent)["children"]
    return {slot["order"]: slot["component"]["code"] for slot in slots if slot["component"]}


def test_the_first_fitting_slot_is_taken(api: Caller, hybrid: str, chip: str) -> None:
    slots = component(api, hybrid)["children"]
    first = next(slot for slot in slots if slot["componentType"]["code"] == "ABC")
    api.post("assembleComponent", parent=hybrid, child=chip, properties={"POSITION": 3})
    assert taken(api, hybrid) == {first["order"]: chip}
    slot = component(api, hybrid)["children"][first["order"]]
    assert [(entry["code"], entry["value"]) for entry in slot["properties"]] == [("POSITION", 3)]
    child = component(api, chip)
    assert child["assembled"]
    assert [entry["component"]["code"] for entry in child["parents"]] == [hybrid]
    assert child["sys"]["rev"] == 1


def test_a_chosen_slot_is_taken(api: Caller, hybrid: str, chip: str) -> None:
    slots = [slot for slot in component(api, hybrid)["children"] if slot["componentType"]["code"] == "ABC"]
    api.post("assembleComponentBySlot", parent=hybrid, slot=slots[4]["id"], child=chip)
    assert taken(api, hybrid) == {slots[4]["order"]: chip}
    api.post(
        "setParentChildRelationPropertyBySlot", component=hybrid, slot=slots[4]["id"], code="X", value=1.5
    )
    slot = component(api, hybrid)["children"][slots[4]["order"]]
    assert [(entry["code"], entry["value"]) for entry in slot["properties"]] == [("X", 1.5)]


def test_taken_out_and_put_into_another(api: Caller, hybrid: str, chip: str) -> None:
    other = str(make(api, HYBRID)["code"])
    api.post("assembleComponent", parent=hybrid, child=chip)
    api.post("disassembleComponent", parent=hybrid, child=chip)
    assert not component(api, chip)["parents"]
    assert taken(api, hybrid) == {}
    history = [slot["history"] for slot in component(api, hybrid)["children"] if slot["history"]]
    assert [entry["component"] for entry in history[0]] == [component(api, chip)["id"]]
    api.post("assembleComponent", parent=other, child=chip)
    assert list(taken(api, other).values()) == [chip]


def test_trashed_on_the_way_out(api: Caller, hybrid: str, chip: str) -> None:
    api.post("assembleComponent", parent=hybrid, child=chip)
    api.post("disassembleComponent", parent=hybrid, child=chip, trashed=True)
    assert component(api, chip)["trashed"]


def test_what_cannot_be_assembled(api: Caller, hybrid: str, chip: str) -> None:
    def fails(command: str, **keys: Any) -> str:
        (key,) = api.error("POST", command, 400, **keys)
        return key.removeprefix("ucl-itkpd-main/")

    wrong_slot = next(
        slot for slot in component(api, hybrid)["children"] if slot["componentType"]["code"] == "HCC"
    )["id"]
    by_slot = {"parent": hybrid, "child": chip}
    assert fails("assembleComponentBySlot", **by_slot, slot=wrong_slot).endswith(
        "/childComponentTypeMismatch"
    )
    assert fails("assembleComponentBySlot", **by_slot, slot="0" * 24).endswith("/slotDoesNotExist")
    assert fails("assembleComponent", parent=chip, child=hybrid).endswith("/slotDoesNotExist")
    assert fails("disassembleComponent", parent=hybrid, child=chip).endswith("/childComponentNotAssembled")
    api.post("assembleComponent", parent=hybrid, child=chip)
    assert fails("assembleComponent", **by_slot) == "assembleComponent/childComponentAlreadyAssembled"
    deleted = str(make(api, ASIC)["code"])
    api.post("deleteComponent", component=deleted)
    assert fails("assembleComponent", parent=hybrid, child=deleted).endswith("/componentIsNotReady")
    for _ in range(9):
        api.post("assembleComponent", parent=hybrid, child=make(api, ASIC)["code"])
    spare = make(api, ASIC)["code"]
    assert fails("assembleComponent", parent=hybrid, child=spare) == "assembleComponent/noFreeSlot"


def test_parent_and_child_must_be_in_one_place(api: Caller, hybrid: str) -> None:
    elsewhere = make(api, ASIC | {"institution": "CERN"})["code"]
    errors = api.error("POST", "assembleComponent", 400, parent=hybrid, child=elsewhere)
    assert list(errors) == ["ucl-itkpd-main/assembleComponent/componentAtDifferentLocation"]
