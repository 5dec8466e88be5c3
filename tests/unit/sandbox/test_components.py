from __future__ import annotations

import re

import pytest

from tests.unit.sandbox.caller import LONG_STRIP, QUAD, Caller

ISOZ = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
SERIAL = re.compile(r"20U(PI|PB|PE|PG|SB|SE|SG)[0-9A-Z]{2}\d{7}")


def test_one_part_under_all_its_names(api: Caller) -> None:
    part = api.get("getComponent", component=LONG_STRIP)
    assert re.fullmatch("[0-9a-f]{24}", part["id"])
    assert re.fullmatch("[0-9a-f]{32}", part["code"])
    for name in (part["id"], part["code"]):
        assert api.get("getComponent", component=name) == part
    alternative = part["alternativeIdentifier"]
    assert api.get("getComponent", component=alternative, alternativeIdentifier=True) == part
    assert "ucl-itkpd-main/getComponent/componentDoesNotExist" in api.error(
        "GET", "getComponent", 400, component=alternative
    )


@pytest.mark.parametrize("name", ["20UPGM29999999", "", "0" * 24, "f" * 32, "é" * 32, "../../etc/passwd"])
def test_a_part_that_does_not_exist(api: Caller, name: str) -> None:
    error_map = api.error("GET", "getComponent", 400, component=name)
    error = error_map["ucl-itkpd-main/getComponent/componentDoesNotExist"]
    assert error["type"] == "error"
    assert ISOZ.fullmatch(error["timestamp"])


def test_shape_of_a_module(api: Caller) -> None:
    part = api.get("getComponent", component=QUAD)
    assert part["project"] == {"code": "P", "name": "Pixels"}
    assert part["componentType"]["stages"][0]["code"] == "MODULE/ASSEMBLY"
    assert part["currentStage"]["testTypes"]
    assert (part["parents"], part["flags"]) == (None, None)
    assert [stage["code"] for stage in part["stages"]][:2] == ["MODULE/ASSEMBLY", "MODULE/WIREBONDING"]
    times = [stage["dateTime"] for stage in part["stages"]]
    assert times == sorted(times)
    assert all(ISOZ.fullmatch(time) for time in times)
    assert part["sys"]["rev"] > 0
    assert part["attachments"]
    assert list(part)[-1] == "uuAppErrorMap"


def test_the_tree_of_a_module(api: Caller) -> None:
    part = api.get("getComponent", component=QUAD)
    slots = {slot["componentType"]["code"]: slot for slot in part["children"]}
    bare = api.get("getComponent", component=slots["BARE_MODULE"]["component"]["serialNumber"])
    assert bare["parents"][0]["component"]["code"] == part["code"]
    kinds = [slot["componentType"]["code"] for slot in bare["children"]]
    assert kinds == ["SENSOR_TILE", *["FE_CHIP"] * 4]
    assert all(SERIAL.fullmatch(slot["component"]["serialNumber"]) for slot in bare["children"])
    # The module's last six digits repeat the flex number (API reference §8.1).
    assert slots["PCB"]["component"]["serialNumber"][8:] == QUAD[8:]
    chip = api.get("getComponent", component=bare["children"][1]["component"]["code"])
    assert chip["currentStage"]["code"] == part["currentStage"]["code"]
    assert chip["stages"][0]["code"] == "TESTONWAFER"
    tile = api.get("getComponent", component=bare["children"][0]["component"]["id"])
    assert tile["stages"][-1]["dateTime"] > part["stages"][-1]["dateTime"] > tile["cts"]


def test_an_empty_slot_is_there(api: Caller) -> None:
    """Modules leave their carrier in the end; the slot stays."""
    done = {"project": "P", "componentType": "MODULE", "currentStage": ["QC_STATUS", "UNHAPPY", "COMPLETE"]}
    (item, *_) = api.get("listComponents", filterMap=done)["itemList"]
    slots = api.get("getComponent", component=item["code"])["children"]
    assert [slot["component"] is None for slot in slots] == [False, False, True]


def test_summaries_of_tests(api: Caller) -> None:
    part = api.get("getComponent", component=QUAD)
    runs = [run for test in part["tests"] for run in test["testRuns"]]
    assert all(re.fullmatch(r"\d\d\.\d\d\.\d{4} \d\d:\d\d", run["date"]) for run in runs)
    for test in part["tests"]:
        times = [run["cts"] for run in test["testRuns"]]
        assert times == sorted(times, reverse=True)
    assert len(runs) >= 10
    assert "tests" not in api.get("getComponent", component=QUAD, noTests=True)


def test_eos_tokens_on_demand(api: Caller) -> None:
    assert not any("authz" in entry.get("url", "") for entry in api.attachments(QUAD))
    entries = api.attachments(QUAD, tokens=True)
    assert all("?authz=zteos64:" in entry["url"] for entry in entries if entry["type"] == "eos")
    for entry in entries:
        assert ("url" in entry) == (entry["type"] in ("eos", "link"))
        if entry["type"] == "eos":
            assert (entry["filename"], entry["contentType"]) == (entry["code"], None)


def test_bulk(api: Caller) -> None:
    whole = api.get("getComponent", component=QUAD)
    bulk = api.get("getComponentBulk", component=[QUAD, "20UPGM29999999", LONG_STRIP])
    assert "pageInfo" not in bulk
    by_serial = {item["serialNumber"]: item for item in bulk["itemList"]}
    assert set(by_serial) == {QUAD, LONG_STRIP}
    item = by_serial[QUAD]
    assert not {"id", "sys", "qaState", "scripts", "shipmentDestination"} & item.keys()
    assert set(item["componentType"]) == {"id", "code", "name"}
    assert item["tests"] == whole["tests"]
    by_id = api.get("getComponentBulk", component=[whole["id"]], identifierType="id")
    assert by_id["itemList"] == [item]
