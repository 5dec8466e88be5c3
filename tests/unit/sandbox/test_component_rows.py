"""Rows of lists are written once: each write has to show in them at once, and nothing else may change."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from tests.sandbox_process import SandboxProcess
from tests.unit.sandbox.caller import Caller

PIXELS = {"project": "P"}
Rows = dict[str, dict[str, Any]]


def rows(api: Caller, **keys: Any) -> Rows:
    """Return the rows of a list by the code of the component."""
    page = api.get("listComponents", **keys)
    return {item["code"]: item for item in page.get("itemList", page.get("pageItemList"))}


def both_forms(api: Caller) -> tuple[Rows, Rows]:
    return rows(api, filterMap=PIXELS | {"state": ["ready"]}), rows(api, **PIXELS)


def loose_parts(listed: Rows) -> list[str]:
    """Return parts at the caller's institution that nothing holds."""
    return [
        code
        for code, item in listed.items()
        if item["currentLocation"]["code"] == "UCSC"
        and not item["assembled"]
        and item["shipmentDestination"] is None
    ]


def destination(api: Caller, code: str) -> str | None:
    """Return where lists say a component is meant to go."""
    newer, older = (found[code]["shipmentDestination"] for found in both_forms(api))
    assert (newer and newer["code"]) == (older and older["code"])
    return newer and str(newer["code"])


def test_every_kind_of_write_shows_in_rows_that_were_read_before(tmp_path: Path) -> None:
    arguments = ("--components", "900", "--storage", str(tmp_path))
    with SandboxProcess().start(*arguments) as first, Caller(first.info) as api:
        before = both_forms(api)
        graded, sent, instead, joined, replacing, *_ = loose_parts(before[0])

        api.post("setComponentGrade", component=graded, grade="B")
        assert [found[graded]["currentGrade"] for found in both_forms(api)] == ["B", "B"]

        keys = {"sender": "UCSC", "recipient": "CERN", "type": "continental"}
        shipment = api.post("createShipment", **keys, shipmentItems=[sent])["id"]
        assert [destination(api, code) for code in (sent, instead)] == ["CERN", None]
        api.post("updateShipment", shipment=shipment, shipmentItems=[instead])
        assert [destination(api, code) for code in (sent, instead)] == [None, "CERN"]
        for status in ("inTransit", "delivered"):
            api.post("setShipmentStatus", shipment=shipment, status=status)
        assert destination(api, instead) is None
        assert [found[instead]["currentLocation"]["code"] for found in both_forms(api)] == ["CERN", "CERN"]

        # A shipment of the sample data, whose own item falls out.
        prepared = {"filterMap": {"code": "UCSC", "status": "prepared"}, "outputType": "full"}
        leaving, of_sample = next(
            (item["code"], found["id"])
            for found in api.get("listShipmentsByInstitution", **prepared)["itemList"]
            for item in found["shipmentItems"]
            if found["sender"]["code"] == "UCSC" and item["code"] in before[0]
        )
        assert destination(api, leaving) is not None
        api.post("updateShipment", shipment=of_sample, shipmentItems=[replacing])
        assert destination(api, leaving) is None
        assert destination(api, replacing) is not None

        batch = {"batchType": "PIXEL_POPULATED_PCB_BATCH", "number": "SHOWN-1"}
        api.post("createBatch", **PIXELS, **batch, components=[joined])
        after = both_forms(api)
        assert [found[joined]["batches"][-1]["number"] for found in after] == ["SHOWN-1", "SHOWN-1"]
        for old, now in zip(before, after, strict=True):
            changed = {code for code, item in now.items() if old.get(code) != item}
            assert changed == {graded, instead, leaving, replacing, joined}
    assert first.errors == ""

    # Nothing was read here before it was written.
    with SandboxProcess().start(*arguments) as second, Caller(second.info) as api:
        assert both_forms(api) == after
        api.post("setComponentGrade", component=graded, grade="C")
        assert [found[graded]["currentGrade"] for found in both_forms(api)] == ["C", "C"]
        api.post("updateShipment", shipment=of_sample, shipmentItems=[graded])
        assert destination(api, replacing) is None
    assert second.errors == ""


def test_a_row_that_is_read_while_it_is_written_shows_the_write_afterwards() -> None:
    with SandboxProcess().start("--components", "2000") as process, Caller(process.info) as api:
        parts = loose_parts(rows(api, filterMap=PIXELS, pageInfo={"pageSize": 1000}))
        written = threading.Event()

        def look() -> None:
            with Caller(process.info) as other:
                while not written.is_set():
                    # One that nobody has read in this form.
                    rows(other, **PIXELS)

        reader = threading.Thread(target=look)
        reader.start()
        try:
            for code in parts:
                api.post("setComponentGrade", component=code, grade="A")
                assert rows(api, **PIXELS)[code]["currentGrade"] == "A"
        finally:
            written.set()
            reader.join()
        assert parts
    assert process.errors == ""


def test_either_form_has_its_own_coordinates() -> None:
    with SandboxProcess().start("--components", "60") as process, Caller(process.info) as api:
        for _ in range(2):
            kinds = [
                {type(item["institution"]["latitude"]) for item in found.values()}
                for found in both_forms(api)
            ]
            assert kinds == [{str}, {float}]
    plain = ("--components", "60", "--without", "text-coordinates")
    with SandboxProcess().start(*plain) as process, Caller(process.info) as api:
        for _ in range(2):
            assert both_forms(api)[0] == both_forms(api)[1] != {}
