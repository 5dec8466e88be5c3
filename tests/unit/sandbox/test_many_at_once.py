"""Many clients read and write the same things at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable

from tests.sandbox_process import SandboxProcess
from tests.unit.sandbox.caller import QUAD, Caller
from tests.unit.sandbox.test_registration import HYBRID

ROUNDS = 25


def register(api: Caller) -> None:
    serial = api.post("registerComponent", **HYBRID)["component"]["serialNumber"]
    assert api.get("getComponent", component=serial)["state"] == "ready"


def look_at_the_newest(api: Caller) -> None:
    newest = api.get("listComponents", filterMap={"project": "S"}, pageInfo={"pageSize": 20})["itemList"]
    bulk = api.get("getComponentBulk", component=[item["code"] for item in newest])["itemList"]
    assert len(bulk) == 20


def set_a_property_and_filter(api: Caller) -> None:
    kind = api.get("getComponentTypeByCode", project="P", code="MODULE")
    for definition in kind["properties"]:
        if definition["dataType"] == "string":
            keys = {"component": QUAD, "code": definition["code"]}
            api.post("setComponentProperty", **keys, value="together")
            rule = {"code": definition["code"], "operator": "=", "value": "together"}
            filters = {"project": "P", "componentType": ["MODULE"], "propertyFilter": [rule]}
            found = api.get("listComponents", filterMap=filters)["itemList"]
            assert QUAD in {item["serialNumber"] for item in found}


def attach_read_and_delete(api: Caller) -> None:
    code = api.attach(QUAD, "passing.txt", b"passing")["code"]
    keys = {"component": QUAD, "code": code}
    assert api.send("GET", "getComponentAttachment", json=keys).content == b"passing"
    api.post("deleteComponentAttachment", **keys)


def read_what_may_be_gone(api: Caller) -> None:
    for entry in api.attachments(QUAD)[-2:]:
        keys = {"component": QUAD, "code": entry["code"]}
        assert api.send("GET", "getComponentAttachment", json=keys).status_code in (200, 400)


def ask_what_is_held(api: Caller) -> None:
    state = api.control("GET", "state")
    assert (state["orphan_records"], state["orphan_bytes"]) == ([], [])


def test_nobody_disturbs_anybody() -> None:
    jobs: tuple[Callable[[Caller], None], ...] = (
        register,
        register,
        look_at_the_newest,
        set_a_property_and_filter,
        attach_read_and_delete,
        attach_read_and_delete,
        read_what_may_be_gone,
        ask_what_is_held,
    )
    failures: list[BaseException] = []

    def work(process: SandboxProcess, job: Callable[[Caller], None]) -> None:
        with Caller(process.info) as api:
            try:
                for _ in range(ROUNDS):
                    job(api)
            except BaseException as error:  # noqa: BLE001 - told by the main thread
                failures.append(error)

    with SandboxProcess().start("--components", "300") as process:
        threads = [threading.Thread(target=work, args=(process, job)) for job in jobs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failures == []
    assert process.errors == ""
