"""What components are told to be: stage, properties, flags, grade, marks, comments (API reference §5.4)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.sandbox.caller import Caller
from tests.unit.sandbox.test_registration import HYBRID


@pytest.fixture
def hybrid(api: Caller) -> str:
    return str(api.post("registerComponent", **HYBRID)["component"]["serialNumber"])


def component(api: Caller, serial: str) -> dict[str, Any]:
    return dict(api.get("getComponent", component=serial))


def test_stages_are_appended(api: Caller, hybrid: str) -> None:
    codes = [stage["code"] for stage in component(api, hybrid)["componentType"]["stages"]]
    api.post("setComponentStage", component=hybrid, stage=codes[2])
    api.post("setComponentStage", component=hybrid, stage=codes[1], rework=True, comment="once more")
    found = component(api, hybrid)
    history = [(entry["code"], entry["rework"], entry["comment"]) for entry in found["stages"]]
    assert history == [(codes[0], False, None), (codes[2], False, None), (codes[1], True, "once more")]
    assert found["currentStage"]["code"] == codes[1]
    assert (found["reworked"], found["reworkedReason"]) == (True, "once more")
    assert found["sys"]["rev"] == 2
    filters = {"project": "S", "componentType": ["HYBRID_ASSEMBLY"], "currentStage": [codes[1]]}
    listed = api.get("listComponents", filterMap=filters, pageInfo={"pageSize": 10})["itemList"]
    assert hybrid in {item["serialNumber"] for item in listed}, "lists know at once"


def test_a_stage_of_another_type(api: Caller, hybrid: str) -> None:
    errors = api.error("POST", "setComponentStage", 400, component=hybrid, stage="MODULE/ASSEMBLY")
    assert list(errors) == ["ucl-itkpd-main/setComponentStage/stageDoesNotExist"]


def test_properties_are_typed_and_cleared(api: Caller) -> None:
    kinds = api.get("listComponentTypes", project="P")["pageItemList"]
    kind, definition = next(
        (kind, entry)
        for kind in kinds
        for entry in kind["properties"] or ()
        if entry["dataType"] in ("integer", "float")
    )
    filters = {"project": "P", "componentType": [kind["code"]], "currentLocation": ["UCSC", "MPP", "BERN"]}
    part = api.get("listComponents", filterMap=filters, pageInfo={"pageSize": 1})["itemList"][0]["code"]
    keys = {"component": part, "code": definition["code"]}

    def value() -> Any:
        found = api.get("getComponent", component=part)["properties"]
        return next(entry for entry in found if entry["code"] == definition["code"])

    api.post("setComponentProperty", **keys, value=77)
    assert value()["value"] == 77
    assert value()["userIdentity"] == "12-3456-1"
    wrong = api.error("POST", "setComponentProperty", 400, **keys, value="many")
    assert "$.value" in next(iter(wrong.values()))["paramMap"]["invalidValueKeyMap"]
    missing = api.error("POST", "setComponentProperty", 400, **keys)
    assert "$.value" in next(iter(missing.values()))["paramMap"]["missingKeyMap"]
    filters["propertyFilter"] = [{"code": definition["code"], "operator": "=", "value": 77}]
    found = api.get("listComponents", filterMap=filters)["itemList"]
    assert part in {item["code"] for item in found}
    api.post("setComponentProperty", **keys, value=None)
    assert value()["value"] is None
    assert part not in {item["code"] for item in api.get("listComponents", filterMap=filters)["itemList"]}
    errors = api.error("POST", "setComponentProperty", 400, component=part, code="NO_SUCH", value=1)
    assert list(errors) == ["ucl-itkpd-main/setComponentProperty/propertyDoesNotExist"]


def test_flags_need_the_revision(api: Caller, hybrid: str) -> None:
    api.post("setComponentFlags", component=hybrid, flags=["QA", "HOLD", "QA"], revision=0)
    found = component(api, hybrid)
    assert [flag["code"] for flag in found["flags"]] == ["QA", "HOLD"]
    assert found["sys"]["rev"] == 1
    errors = api.error("POST", "setComponentFlags", 400, component=hybrid, flags=[], revision=0)
    assert list(errors) == ["ucl-itkpd-main/setComponentFlags/revisionMismatch"]
    api.post("setComponentFlags", component=hybrid, flags=[], revision=1)
    assert not component(api, hybrid)["flags"]


def test_grades_add_up(api: Caller, hybrid: str) -> None:
    api.post("setComponentGrade", component=hybrid, grade="B")
    api.post("setComponentGrade", component=hybrid, grade="A", comment="better on second thought")
    found = component(api, hybrid)
    assert (found["currentGrade"], found["currentGradeReason"]) == ("A", "better on second thought")
    assert [entry["grade"] for entry in found["grades"]] == ["B", "A"]


@pytest.mark.parametrize(("command", "key"), [("Completed", "completed"), ("Trashed", "trashed")])
def test_marks_are_set_and_taken_back(api: Caller, hybrid: str, command: str, key: str) -> None:
    api.post(f"setComponent{command}", component=hybrid, **{key: True}, reason="tested")
    found = component(api, hybrid)
    assert (found[key], found[f"{key}Reason"]) == (True, "tested")
    assert found[f"{key}UserIdentity"] == "12-3456-1"
    api.post(f"setComponent{command}", component=hybrid, **{key: False})
    assert component(api, hybrid)[key] is False


def test_comments_are_added_changed_and_removed(api: Caller, hybrid: str) -> None:
    answer = api.post("createComponentComment", component=hybrid, comments=["one", "two"])
    codes = [entry["code"] for entry in answer["component"]["comments"]]
    api.post("updateComponentComment", component=hybrid, code=codes[1], comment="zwei – 2 µm")
    texts = [entry["comment"] for entry in component(api, hybrid)["comments"]]
    assert texts == ["one", "zwei – 2 µm"]
    api.post("deleteComponentComment", component=hybrid, code=codes[0])
    assert [entry["code"] for entry in component(api, hybrid)["comments"]] == codes[1:]
    errors = api.error("POST", "deleteComponentComment", 400, component=hybrid, code=codes[0])
    assert list(errors) == ["ucl-itkpd-main/deleteComponentComment/commentDoesNotExist"]


def test_a_form_encoded_write(api: Caller, hybrid: str) -> None:
    # A list with one element arrives as a scalar, so one tool pads it (API reference §1.2).
    response = api.send("POST", "createComponentComment", data={"component": hybrid, "comments": "by form"})
    assert response.status_code == 200, response.text
    assert [entry["comment"] for entry in component(api, hybrid)["comments"]] == ["by form"]


def test_writes_are_not_made_by_reading(api: Caller, hybrid: str) -> None:
    response = api.send("GET", "setComponentTrashed", json={"component": hybrid, "trashed": True})
    assert response.headers["content-type"].startswith("text/html")
    assert not component(api, hybrid)["trashed"]
