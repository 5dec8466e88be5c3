"""Who may do what, and where (API reference §2.5, §3.3)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.sandbox.caller import QUAD, Caller
from tests.unit.sandbox.test_registration import HYBRID

NOT_AUTHORIZED = "uu-app-workspace/authorization/userIsNotAuthorized"


@pytest.fixture
def hybrid(api: Caller) -> str:
    return str(api.post("registerComponent", **HYBRID)["component"]["serialNumber"])


def stages(api: Caller, serial: str) -> list[str]:
    found = api.get("getComponent", component=serial)["componentType"]["stages"]
    return [stage["code"] for stage in found]


def test_all_accounts_are_announced(api: Caller) -> None:
    names = [account["access_code1"].removesuffix("-code-1") for account in api.info["accounts"]]
    assert names == ["sandbox", "technician", "other-site", "guest"]
    for account, name in zip(api.info["accounts"], names, strict=True):
        api.sign_in(name)
        user = api.get("getUser", userIdentity=account["identity"])
        assert f"{user['firstName']} {user['lastName']}" == account["name"]
        assert bool(user["institutions"]) == (name != "guest")


def test_a_guest_reads_only(api: Caller, hybrid: str) -> None:
    api.sign_in("guest")
    assert api.get("getComponent", component=hybrid)["serialNumber"] == hybrid
    for command, keys in (
        ("createComponentComment", {"component": hybrid, "comments": ["hello"]}),
        ("setComponentTrashed", {"component": hybrid, "trashed": True}),
        ("registerComponent", HYBRID),
    ):
        assert list(api.error("POST", command, 403, **keys)) == [NOT_AUTHORIZED]


def test_an_executive_goes_forward_by_one(api: Caller, hybrid: str) -> None:
    codes = stages(api, hybrid)
    api.sign_in("technician")
    key: dict[str, Any] = {"component": hybrid}
    assert list(api.error("POST", "setComponentStage", 403, **key, stage=codes[2])) == [NOT_AUTHORIZED]
    api.post("setComponentStage", **key, stage=codes[1])
    assert list(api.error("POST", "setComponentStage", 403, **key, stage=codes[0])) == [NOT_AUTHORIZED]


def test_an_executive_does_not_leave_the_final_stage(api: Caller, hybrid: str) -> None:
    found = api.get("getComponent", component=hybrid)["componentType"]["stages"]
    final = next(stage["code"] for stage in found if stage["final"])
    api.post("setComponentStage", component=hybrid, stage=final)
    api.sign_in("technician")
    for stage in found:
        errors = api.error("POST", "setComponentStage", 403, component=hybrid, stage=stage["code"])
        assert list(errors) == [NOT_AUTHORIZED]
    api.sign_in("sandbox")
    api.post("setComponentStage", component=hybrid, stage=found[0]["code"], rework=True)


def test_an_executive_asks_for_deletion(api: Caller, hybrid: str) -> None:
    api.sign_in("technician")
    api.post("deleteComponent", component=hybrid)
    assert api.get("getComponent", component=hybrid)["state"] == "requestedToDelete"
    api.sign_in("sandbox")
    api.post("deleteComponent", component=hybrid)
    assert api.get("getComponent", component=hybrid)["state"] == "deleted"


def test_components_are_changed_where_they_are(api: Caller, hybrid: str) -> None:
    api.sign_in("other-site")
    for command, keys in (
        ("setComponentStage", {"stage": stages(api, hybrid)[1]}),
        ("setComponentTrashed", {"trashed": True}),
        ("deleteComponent", {}),
        ("createDummyChildren", {}),
    ):
        errors = api.error("POST", command, 400, component=hybrid, **keys)
        assert list(errors) == [f"ucl-itkpd-main/{command}/componentAtDifferentLocation"]
    errors = api.error("POST", "registerComponent", 400, **HYBRID)
    assert list(errors) == ["ucl-itkpd-main/registerComponent/componentAtDifferentLocation"]
    api.post("createComponentComment", component=hybrid, comments=["seen from elsewhere"])


def test_runs_are_changed_where_they_were_made(api: Caller) -> None:
    run = api.get("listTestRunsByComponent", filterMap={"serialNumber": QUAD})["itemList"][0]["id"]
    api.sign_in("other-site")
    errors = api.error("POST", "deleteTestRun", 400, testRun=run)
    assert list(errors) == ["ucl-itkpd-main/deleteTestRun/componentAtDifferentLocation"]


def test_comments_belong_to_who_wrote_them(api: Caller, hybrid: str) -> None:
    answer = api.post("createComponentComment", component=hybrid, comments=["mine"])
    code = answer["component"]["comments"][0]["code"]
    api.sign_in("technician")
    errors = api.error("POST", "deleteComponentComment", 403, component=hybrid, code=code)
    assert list(errors) == [NOT_AUTHORIZED]


def test_the_recipient_only_says_what_arrived(api: Caller, hybrid: str) -> None:
    other = str(api.post("registerComponent", **HYBRID)["component"]["serialNumber"])
    keys = {"sender": "UCSC", "recipient": "GL", "type": "continental", "shipmentItems": [hybrid]}
    shipment = api.post("createShipment", **keys)["id"]
    errors = api.error("POST", "setShipmentStatus", 403, shipment=shipment, status="delivered")
    assert list(errors) == [NOT_AUTHORIZED]
    api.sign_in("other-site")
    errors = api.error("POST", "updateShipment", 403, shipment=shipment, shipmentItems=[hybrid, other])
    assert list(errors) == [NOT_AUTHORIZED]
    assert list(api.error("POST", "deleteShipment", 403, shipment=shipment)) == [NOT_AUTHORIZED]


def test_shipments_belong_to_both_ends(api: Caller, hybrid: str) -> None:
    keys = {"sender": "UCSC", "recipient": "GL", "type": "continental", "shipmentItems": [hybrid]}
    shipment = api.post("createShipment", **keys)["id"]
    api.sign_in("other-site")
    api.post("setShipmentStatus", shipment=shipment, status="delivered")
    assert api.get("getComponent", component=hybrid)["currentLocation"]["code"] == "GL"
    api.sign_in("technician")
    errors = api.error("POST", "setComponentTrashed", 400, component=hybrid, trashed=True)
    assert "componentAtDifferentLocation" in next(iter(errors)), "it has left"
