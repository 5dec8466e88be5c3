"""With --storage, what was written is there again at the next start, whatever ended the last one."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.sandbox_process import SandboxProcess
from tests.unit.sandbox.caller import QUAD, Caller
from tests.unit.sandbox.test_registration import HYBRID

ARGUMENTS = ("--components", "60", "--storage")


def write_everything(api: Caller) -> list[tuple[str, dict[str, Any]]]:
    """Write to all kinds of things; return the reads that tell of it."""
    parent = api.post("registerComponent", **HYBRID, comments=["kept?"])["component"]["serialNumber"]
    api.post("createDummyChildren", component=parent)
    api.post("setComponentGrade", component=parent, grade="A")
    api.post("setComponentFlags", component=parent, flags=["HOLD"], revision=2)
    api.post("setComponentStage", component=parent, stage="BURN_IN", rework=True, comment="again")
    api.post("createComponentComment", component=QUAD, comments=["Ünï – 2 µm"])
    api.attach(QUAD, "kept.txt", b"bytes that stay")
    run = api.post(
        "uploadTestRunResults",
        component=QUAD,
        testType="MASS_MEASUREMENT",
        institution="MPP",
        runNumber="9",
        stage="MODULE/ASSEMBLY",
        properties={"SCALE_ACCURACY": 0.5},
        results={"MASS": 2.5},
        defects=[{"name": "DUST"}],
    )["testRun"]["id"]
    keys = {"sender": "UCSC", "recipient": "CERN", "type": "continental", "shipmentItems": [parent]}
    shipment = api.post("createShipment", **keys)["id"]
    api.post("setShipmentStatus", shipment=shipment, status="inTransit")
    api.post("createBatch", project="S", batchType="HYBRID_BATCH", number="KEPT-1", components=[parent])
    return [
        ("getComponent", {"component": parent}),
        ("getComponent", {"component": QUAD}),
        ("getTestRun", {"testRun": run}),
        ("getShipment", {"shipment": shipment}),
        ("listShipmentsByComponent", {"component": parent}),
        ("listBatches", {"filterMap": {"number": ["KEPT-1"]}}),
        ("listComponents", {"filterMap": {"project": "S"}, "pageInfo": {"pageSize": 20}}),
        ("listMyTestRuns", {}),
    ]


def read(api: Caller, command: str, keys: dict[str, Any]) -> Any:
    """Return an answer without the port of the EOS door, which is another one at each start."""
    text = json.dumps(api.get(command, **keys))
    return json.loads(text.replace(api.info["eos_url"], "https://eos/"))


def test_everything_is_there_after_a_kill(tmp_path: Path) -> None:
    with SandboxProcess().start(*ARGUMENTS, str(tmp_path)) as first, Caller(first.info) as api:
        reads = write_everything(api)
        before = [read(api, command, keys) for command, keys in reads]
        first.process.kill()
    with SandboxProcess().start(*ARGUMENTS, str(tmp_path)) as second, Caller(second.info) as api:
        for (command, keys), answer in zip(reads, before, strict=True):
            assert read(api, command, keys) == answer, command
        (kept,) = [entry for entry in api.attachments(QUAD) if entry["title"] == "kept.txt"]
        content = api.send("GET", "getComponentAttachment", json={"component": QUAD, "code": kept["code"]})
        assert content.content == b"bytes that stay"
        # Numbers go on after the last one, instead of being given twice.
        new = api.post("registerComponent", **HYBRID)["component"]
        assert new["code"] not in json.dumps(before)
        assert new["serialNumber"] != before[0]["serialNumber"]
    assert second.errors == ""


def refusal(*arguments: str) -> str:
    """Return what a sandbox says that does not start."""
    command = [sys.executable, "-m", "itkgui.sandbox", "--until-stdin-closes", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, input="")
    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1
    return done.stderr


def test_a_write_that_the_disk_refuses_did_not_happen(tmp_path: Path) -> None:
    with SandboxProcess().start(*ARGUMENTS, str(tmp_path)) as own, Caller(own.info) as api:
        reads: list[tuple[str, dict[str, Any]]] = [
            ("getComponent", {"component": QUAD}),
            ("listComponents", {"filterMap": {"project": "S"}, "pageInfo": {"pageSize": 5}}),
            ("listBatches", {"filterMap": {"project": "S"}}),
        ]
        before = [read(api, command, keys) for command, keys in reads]
        (book,) = tmp_path.glob("**/records.sqlite")
        other = sqlite3.connect(book, isolation_level=None)
        try:
            other.execute("BEGIN IMMEDIATE")
            for command, keys in (
                ("createComponentComment", {"component": QUAD, "comments": ["lost"]}),
                ("registerComponent", HYBRID),
                ("createBatch", {"project": "S", "batchType": "HYBRID_BATCH", "number": "LOST"}),
            ):
                assert api.send("POST", command, json=keys).status_code == 500
        finally:
            other.close()
        assert [read(api, command, keys) for command, keys in reads] == before
        new = api.post("registerComponent", **HYBRID)["component"]
    assert "database is locked" in own.errors
    with SandboxProcess().start(*ARGUMENTS, str(tmp_path)) as again, Caller(again.info) as api:
        assert api.get("getComponent", component=new["code"])["serialNumber"] == new["serialNumber"]
        assert read(api, *reads[0]) == before[0]


def test_other_sample_data_are_refused(tmp_path: Path) -> None:
    with SandboxProcess().start(*ARGUMENTS, str(tmp_path)):
        pass
    assert "was written to with seed 1 and" in refusal("--components", "500", "--storage", str(tmp_path))


def test_a_broken_book_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "itkgui-sandbox").touch()
    (tmp_path / "records.sqlite").write_bytes(b"this is no database, but it is long enough" * 40)
    assert "The sandbox cannot start: " in refusal(*ARGUMENTS, str(tmp_path))
