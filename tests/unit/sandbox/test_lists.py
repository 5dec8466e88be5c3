from __future__ import annotations

from typing import Any

import pytest

from tests.unit.sandbox.caller import LONG_STRIP, QUAD, Caller


def everything(api: Caller, size: int, **keys: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    index = 0
    while True:
        page = api.get("listComponents", pageInfo={"pageIndex": index, "pageSize": size}, **keys)
        listed = page.get("itemList", page.get("pageItemList"))
        items += listed
        assert page["pageInfo"]["pageIndex"] == index
        if len(items) >= page["pageInfo"]["total"] or not listed:
            return items
        index += 1


def test_institutions_page_by_page(api: Caller) -> None:
    whole = api.get("listInstitutions")
    assert whole["pageInfo"] == {"pageIndex": 0, "pageSize": 1000, "total": len(whole["pageItemList"])}
    total = whole["pageInfo"]["total"]
    last = (total - 1) // 5
    page = api.get("listInstitutions", pageInfo={"pageIndex": last, "pageSize": 5})
    assert page["pageItemList"] == whole["pageItemList"][last * 5 :]
    beyond = api.get("listInstitutions", pageInfo={"pageIndex": 100, "pageSize": 5})
    assert (beyond["pageItemList"], beyond["pageInfo"]["total"]) == ([], total)
    place = whole["pageItemList"][0]
    assert isinstance(place["latitude"], float)
    assert {"supervisor", "address", "contacts", "componentType"} <= place.keys()


def test_a_page_may_have_a_size_only(api: Caller) -> None:
    page = api.get("listInstitutions", pageInfo={"pageSize": 3})
    assert page["pageInfo"]["pageIndex"] == 0
    assert len(page["pageItemList"]) == 3


def test_projects(api: Caller) -> None:
    page = api.get("listProjects")
    assert page["pageInfo"]["total"] == 4
    by_code = {item["code"]: item for item in page["itemList"]}
    assert [sub["code"] for sub in by_code["S"]["subprojects"]] == ["SB", "SE", "SG"]
    assert by_code["CM"]["subprojects"] is None


def test_stage_tests_are_object_ids_of_test_types(api: Caller) -> None:
    kinds = {kind["code"]: kind for kind in api.get("listComponentTypes", project="P")["pageItemList"]}
    tests = api.get("listTestTypes", project="P", componentType="MODULE")
    assert tests["componentType"]["project"] == "P"
    codes = {test["id"]: test["code"] for test in tests["pageItemList"]}
    stages = [stage["code"] for stage in kinds["MODULE"]["stages"]]
    assert stages[:4] == [
        "MODULE/ASSEMBLY",
        "MODULE/WIREBONDING",
        "MODULE/INITIAL_WARM",
        "MODULE/INITIAL_COLD",
    ]
    cold = kinds["MODULE"]["stages"][3]
    assert [codes[entry["testType"]] for entry in cold["testTypes"]] == ["IV_MEASURE", "E_SUMMARY"]
    assert kinds["MODULE"]["stages"][-1]["alternative"] is True
    assert kinds["MODULE"]["stages"][-1]["testTypes"] is None
    metrology = next(test for test in tests["pageItemList"] if test["code"] == "QUAD_MODULE_METROLOGY")
    thickness = next(entry for entry in metrology["parameters"] if entry["code"] == "AVERAGE_THICKNESS")
    assert thickness["thresholds"]["*"]["max"] == 635


def test_test_types_of_an_unknown_component_type(api: Caller) -> None:
    error_map = api.error("GET", "listTestTypes", 400, project="P", componentType="NONSENSE")
    assert "ucl-itkpd-main/listTestTypes/componentTypeDaoGetByCodeFailed" in error_map


def test_first_form_shows_ready_parts_only(api: Caller) -> None:
    first = everything(api, 400, project="P", componentType="PCB")
    second = everything(api, 400, filterMap={"project": "P", "componentType": "PCB"})
    assert {item["state"] for item in first} == {"ready"}
    ready = [item for item in second if item["state"] == "ready"]
    assert len(second) > len(ready)
    assert [item["id"] for item in first] == [item["id"] for item in ready]
    filtered = everything(api, 400, filterMap={"project": "P", "componentType": ["PCB"], "state": "ready"})
    # The newer form writes coordinates as text.
    assert [item["id"] for item in filtered] == [item["id"] for item in first]


def test_newest_first_and_pages_fit_together(api: Caller) -> None:
    items = everything(api, 700, filterMap={})
    total = api.get("listComponents", filterMap={}, pageInfo={"pageSize": 1})["pageInfo"]["total"]
    assert len({item["id"] for item in items}) == len(items) == total >= api.info["components"]
    times = [item["cts"] for item in items]
    assert times == sorted(times, reverse=True)
    samples = [item for item in items if item["cts"] < "2026"]
    assert samples[0]["serialNumber"] == QUAD
    assert samples[1]["serialNumber"] == LONG_STRIP


def test_an_item_has_no_detail(api: Caller) -> None:
    (item,) = api.get("listComponents", filterMap={"serialNumber": QUAD})["itemList"]
    assert item["componentType"]["properties"][0]["code"] == "FECHIP_VERSION"
    assert isinstance(item["userIdentity"], str)
    assert not {"children", "parents", "tests", "comments", "attachments", "user"} & item.keys()


def test_full_items_have_bare_ids_in_links(api: Caller) -> None:
    page = api.get("listComponents", filterMap={"serialNumber": QUAD}, outputType="full")
    slots = page["itemList"][0]["children"]
    assert all(isinstance(slot["component"], str) for slot in slots if slot["component"])


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("institute", lambda item: item["institution"]["code"]),
        ("currentLocation", lambda item: item["currentLocation"]["code"]),
        ("currentStage", lambda item: item["currentStage"]["code"]),
        ("type", lambda item: item["type"]["code"]),
        ("subproject", lambda item: item["subproject"]["code"]),
    ],
)
def test_each_filter(api: Caller, name: str, read: Any) -> None:
    items = everything(api, 2000, filterMap={"project": "S"})
    wanted = read(items[len(items) // 2])
    expected = [item["id"] for item in items if read(item) == wanted]
    found = everything(api, 2000, filterMap={"project": "S", name: [wanted]})
    assert [item["id"] for item in found] == expected
    assert found


def test_property_filter(api: Caller) -> None:
    rule = {"code": "PCB_MANUFACTURER", "operator": "=", "value": "7"}
    found = everything(
        api, 500, filterMap={"project": "P", "componentType": ["PCB"], "propertyFilter": [rule]}
    )
    assert found
    assert {item["serialNumber"][8] for item in found} == {"7"}


def test_either_place(api: Caller) -> None:
    places = {"project": "P", "institute": ["CERN"], "currentLocation": ["CERN"]}
    both = everything(api, 2000, filterMap=places)
    either = everything(api, 2000, filterMap=places, useOrInLocationSearch=True)
    assert 0 < len(both) < len(either)


def test_an_empty_list_of_types_finds_nothing(api: Caller) -> None:
    page = api.get("listComponents", project="S", componentType=[])
    assert (page["pageItemList"], page["pageInfo"]["total"]) == ([], 0)


def test_reads_answer_to_get_and_post_and_merge_the_query(api: Caller) -> None:
    by_get = api.send("GET", "listComponentTypes?project=S").json()
    by_post = api.send("POST", "listComponentTypes", json={"project": "S"}).json()
    assert by_get == by_post
    small = api.send("GET", "listComponentTypes?project=S", json={"pageInfo": {"pageSize": 1}}).json()
    assert len(small["pageItemList"]) == 1
