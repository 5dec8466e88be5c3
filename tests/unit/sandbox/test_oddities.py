"""The real servers' peculiarities: there by default, and each can be switched off."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from itkgui.sandbox.oddities import Oddities
from tests.sandbox_process import SandboxProcess
from tests.unit.sandbox.caller import QUAD, Caller
from tests.unit.sandbox.test_shipments import SHIPMENT


@pytest.fixture(scope="module")
def plain_sandbox() -> Iterator[SandboxProcess]:
    with SandboxProcess().start("--components", "2000", "--without", "all") as process:
        yield process
    assert process.errors == ""


@pytest.fixture
def plain(plain_sandbox: SandboxProcess) -> Iterator[Caller]:
    with Caller(plain_sandbox.info) as caller:
        yield caller


def some(api: Caller, **filters: Any) -> list[dict[str, Any]]:
    """Return two hundred components in full."""
    page = api.get(
        "listComponents",
        filterMap={"project": "P"} | filters,
        outputType="full",
        pageInfo={"pageSize": 200},
    )
    return list(page["itemList"])


def test_empty_lists_are_null_or_empty(api: Caller, plain: Caller) -> None:
    keys = ("children", "parents", "comments", "locations", "flags", "attachments")
    empty = [[item[key] for item in some(api) if not item[key]] for key in keys]
    for values in empty:
        assert None in values
        assert [] in values
    assert all(item[key] is not None for item in some(plain) for key in keys)
    runs = plain.get("listTestRunsByComponent", filterMap={"serialNumber": QUAD})["itemList"]
    bulk = plain.get("getTestRunBulk", testRun=[run["id"] for run in runs])["itemList"]
    assert all(run["comments"] is not None for run in bulk)


def test_dates_of_summaries(api: Caller, plain: Caller) -> None:
    def dates(caller: Caller) -> list[str]:
        tests = caller.get("getComponent", component=QUAD)["tests"]
        return [run["date"] for test in tests for run in test["testRuns"]]

    assert all(date[2] == "." and len(date) == 16 for date in dates(api))
    assert all(date.endswith("Z") for date in dates(plain))


def test_deleted_runs_in_summaries(api: Caller, plain: Caller) -> None:
    def states(caller: Caller) -> set[str]:
        modules = some(caller, componentType=["MODULE"])
        return {run["state"] for item in modules for test in item["tests"] for run in test["testRuns"]}

    assert "deleted" in states(api)
    assert states(plain) == {"ready"}


def test_code_table_values(api: Caller, plain: Caller) -> None:
    def values(caller: Caller) -> list[tuple[str, list[str]]]:
        return [
            (entry["value"], [row["code"] for row in entry["codeTable"]])
            for item in some(caller, componentType=["PCB"])
            for entry in item["properties"]
            if entry.get("codeTable") and entry["value"] is not None
        ]

    assert values(plain)
    assert all(value in codes for value, codes in values(plain))
    as_code = {value in codes for value, codes in values(api)}
    assert as_code == {True, False}


def test_properties_without_definition(api: Caller, plain: Caller) -> None:
    def names(caller: Caller) -> set[Any]:
        every = [*some(caller), *some(caller, componentType=["FE_CHIP"])]
        return {entry["name"] for item in every for entry in item["properties"] if "OLD_" in entry["code"]}

    assert names(api) == {None, "OLD_LOCATION_CODE", "UNKNOWN PROPERTY"}
    assert names(plain) == set()


def test_offsets_in_stage_dates(api: Caller, plain: Caller) -> None:
    def endings(caller: Caller) -> set[str]:
        return {stage["dateTime"][19:][-6:] for item in some(caller) for stage in item["stages"]}

    assert "+01:00" in endings(api)
    assert all(ending.endswith("Z") for ending in endings(plain))


def test_coordinates(api: Caller, plain: Caller) -> None:
    def kinds(caller: Caller) -> set[type]:
        items = caller.get("listComponents", filterMap={"project": "P"}, pageInfo={"pageSize": 5})["itemList"]
        part = caller.get(
            "listComponents",
            filterMap={"project": "P", "currentLocation": ["UCSC"], "componentType": ["MODULE"]},
        )["itemList"][0]
        shipment = caller.post("createShipment", **SHIPMENT, shipmentItems=[part["code"]])
        places = [*(item["institution"] for item in items), shipment["sender"]]
        return {type(place[key]) for place in places for key in ("latitude", "longitude")}

    assert kinds(api) == {str}
    assert kinds(plain) == {float}


def test_content_types(api: Caller, plain: Caller) -> None:
    def kind(caller: Caller) -> tuple[str, str]:
        code = caller.attach(QUAD, "notes.txt", b"text", "dat")["code"]
        keys = {"component": QUAD, "code": code}
        listed = next(entry for entry in caller.attachments(QUAD) if entry["code"] == code)["contentType"]
        return listed, caller.send("GET", "getComponentAttachment", json=keys).headers["Content-Type"]

    assert kind(api) == ("dat", "dat")
    assert kind(plain) == ("text/plain", "text/plain")


def test_one_is_switched_off_by_name() -> None:
    assert Oddities().without(["null-lists"]) == Oddities(null_lists=False)
    command = [sys.executable, "-m", "itkgui.sandbox", "--without", "null-lists,good-manners"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "no such oddity: good-manners" in done.stderr
