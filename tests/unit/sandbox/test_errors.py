from __future__ import annotations

from typing import Any

import pytest

from tests.unit.sandbox.caller import QUAD, Caller

SHAPE = {"shape.e002": "The content of shape must be valid."}


def test_a_wrong_value(api: Caller) -> None:
    error_map = api.error("GET", "listComponents", 400, project="Fake", pageInfo={"pageSize": 1})
    error = error_map["ucl-itkpd-main/listComponents/invalidDtoIn"]
    assert error["message"] == "DtoIn is not valid."
    assert len(error["id"]) == 32
    rule = {"oneOf.e001": "The value must be one of ['S', 'P', 'CM', 'CE']."}
    assert error["paramMap"] == {"invalidValueKeyMap": {"$": SHAPE, "$.project": rule}}


def test_a_missing_key_and_an_unknown_one(api: Caller) -> None:
    error_map = api.error("GET", "getComponent", 400, pageInfo={"pageSize": 1})
    missing = {"$.component": {"isRequired.e001": "The value is required but missing."}}
    assert error_map["ucl-itkpd-main/getComponent/invalidDtoIn"]["paramMap"] == {
        "unsupportedKeyList": ["$.pageInfo"],
        "invalidValueKeyMap": {"$": SHAPE},
        "missingKeyMap": missing,
    }
    assert error_map["ucl-itkpd-main/getComponent/unsupportedKeys"] == {
        "type": "warning",
        "message": "DtoIn contains unsupported keys.",
        "paramMap": {"unsupportedKeyList": ["$.pageInfo"]},
    }


def test_an_unknown_key_is_a_warning(api: Caller) -> None:
    response = api.send("GET", "getComponent", json={"component": QUAD, "ignoreme": "fake"})
    assert response.status_code == 200
    content = response.json()
    assert content["serialNumber"] == QUAD
    assert content["uuAppErrorMap"] == {
        "ucl-itkpd-main/getComponent/unsupportedKeys": {
            "type": "warning",
            "message": "DtoIn contains unsupported keys.",
            "paramMap": {"unsupportedKeyList": ["$.ignoreme"]},
        }
    }


@pytest.mark.parametrize(
    ("command", "keys"),
    [
        ("getComponent", {"component": [QUAD]}),
        ("getComponent", {"component": QUAD, "noTests": "yes"}),
        ("getTestRunBulk", {"testRun": {"id": 1}}),
        ("getTestRunBulk", {"testRun": [1, 2]}),
        ("listInstitutions", {"pageInfo": {"pageSize": 0}}),
        ("listInstitutions", {"pageInfo": {"pageIndex": -1}}),
        ("listInstitutions", {"pageInfo": {"pageSize": "many"}}),
        ("listComponents", {"filterMap": "P"}),
        ("listComponents", {}),
        ("listComponents", {"filterMap": {"project": "X"}}),
        ("listComponents", {"filterMap": {"propertyFilter": "X"}}),
        ("requestUploadEosFile", {"type": "moon", "id": QUAD, "title": "", "filesize": 1}),
    ],
)
def test_values_of_the_wrong_kind(api: Caller, command: str, keys: dict[str, Any]) -> None:
    error_map = api.error("POST", command, 400, **keys)
    assert f"ucl-itkpd-main/{command}/invalidDtoIn" in error_map


@pytest.mark.parametrize("route", ["aFakeRoute", "", "getcomponent", "more/getUser", "_sandbox/nothing"])
def test_an_unknown_route_shows_the_web_page(api: Caller, route: str) -> None:
    response = api.raw("GET", api.info["api_url"] + route)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/html")
    assert "<title>ITk Production Database</title>" in response.text
    assert len(response.content) > 12_000


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'"text"', b"\xff\xfe", b"[" * 100_000, b'{"component": ' + b'{"a":' * 50_000]
)
def test_malformed_json(api: Caller, body: bytes) -> None:
    response = api.send("GET", "getComponent", data=body, headers={"Content-Type": "application/json"})
    assert response.status_code == 400
    assert response.json()["uuAppErrorMap"]


@pytest.mark.parametrize(
    "value", [b"NaN", b"-Infinity", b"1e999", b'"\\ud800"', b'{"\\udfff": 1}', b"[" * 200 + b"]" * 200]
)
def test_what_could_not_be_written_again_is_not_kept(api: Caller, value: bytes) -> None:
    before = api.get("getComponent", component=QUAD)
    body = b'{"component": "%s", "comments": ["x", %s]}' % (QUAD.encode(), value)
    response = api.send(
        "POST", "createComponentComment", data=body, headers={"Content-Type": "application/json"}
    )
    assert response.status_code == 400
    assert api.get("getComponent", component=QUAD) == before


PROJECT_READS: tuple[tuple[str, dict[str, str]], ...] = (
    ("listComponentTypes", {}),
    ("getComponentTypeByCode", {"code": "PCB"}),
    ("listTestTypes", {"componentType": "PCB"}),
    ("listComponents", {}),
    ("listMyComponents", {}),
)


@pytest.mark.parametrize(("command", "keys"), PROJECT_READS)
@pytest.mark.parametrize("value", [[], {}, ["P"], 3, True])
def test_a_project_of_the_wrong_kind(api: Caller, command: str, keys: dict[str, Any], value: Any) -> None:
    errors = api.error("GET", command, 400, **keys, project=value)
    problems = errors[f"ucl-itkpd-main/{command}/invalidDtoIn"]["paramMap"]["invalidValueKeyMap"]
    assert "oneOf.e001" in problems["$.project"]


@pytest.mark.parametrize(
    "identifier", ["aa aa aa aa aa aa aa aa aa aa aa", "\x00" * 32, "é" * 32, "f" * 4000]
)
def test_identifiers_that_are_none(api: Caller, identifier: str) -> None:
    errors = api.error("GET", "getComponent", 400, component=identifier)
    assert list(errors) == ["ucl-itkpd-main/getComponent/componentDoesNotExist"]


def test_nulls_are_not_there(api: Caller) -> None:
    keys = {"project": "P", "pageInfo": {"pageSize": 1}}
    plain = api.get("listComponents", **keys)["pageInfo"]
    assert api.get("listComponents", **keys, componentType=None, filterMap=None)["pageInfo"] == plain


def test_huge_pages(api: Caller) -> None:
    for command, keys in (("uu-app-binarystore/listBinaries", {}), ("listComponents", {"project": "P"})):
        for index, size in ((10**30, 1), (2**62, 3), (1, 10**30)):
            page = api.get(command, **keys, pageInfo={"pageIndex": index, "pageSize": size})
            assert page[next(key for key in page if key.endswith("temList"))] == []
            assert page["pageInfo"]["total"] > 0


def test_missing_and_unknown_keys_of_a_filter(api: Caller) -> None:
    errors = api.error("GET", "listComponentsByProperty", 400, filterMap={"project": "P"}, ignoreme=1)
    entry = errors["ucl-itkpd-main/listComponentsByProperty/invalidDtoIn"]["paramMap"]
    assert list(entry["missingKeyMap"]) == ["$.filterMap.propertyFilter"]
    assert entry["unsupportedKeyList"] == ["$.ignoreme"]
    assert "ucl-itkpd-main/listComponentsByProperty/unsupportedKeys" in errors
    response = api.send("GET", "listComponents", json={"filterMap": {"project": "P", "colour": "blue"}})
    warnings = response.json()["uuAppErrorMap"]
    assert warnings["ucl-itkpd-main/listComponents/unsupportedKeys"]["paramMap"] == {
        "unsupportedKeyList": ["$.filterMap.colour"]
    }


def test_forms_know_numbers(api: Caller) -> None:
    form = {"type": "component", "id": QUAD, "title": "by form", "filesize": "5"}
    response = api.send("POST", "requestUploadEosFile", data=form)
    assert response.status_code == 200, response.text
    assert response.json()["filesize"] == 5
    wrong = api.send("POST", "requestUploadEosFile", data=form | {"filesize": "many"})
    assert wrong.status_code == 400
    api.error("POST", "requestUploadEosFile", 400, **(form | {"filesize": -1}))
