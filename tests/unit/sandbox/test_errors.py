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
