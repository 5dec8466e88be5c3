from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox_process import SandboxProcess
from tests.unit.sandbox.caller import QUAD, Caller


def test_the_announcement(sandbox: SandboxProcess) -> None:
    info = sandbox.info
    assert set(info) == {
        "api_url",
        "auth_url",
        "eos_url",
        "eos_token_url",
        "ca_file",
        "access_code1",
        "access_code2",
        "bearer",
        "components",
        "accounts",
    }
    for name in ("api_url", "auth_url", "eos_url"):
        assert info[name].startswith("http://127.0.0.1:")
        assert info[name].endswith("/")
    assert info["components"] >= 2000


def test_it_listens_on_this_machine_only(sandbox: SandboxProcess) -> None:
    listening = []
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        if Path(table).exists():
            listening += [line.split() for line in Path(table).read_text().splitlines()[1:]]
    port = int(sandbox.info["api_url"].rstrip("/").rpartition(":")[2])
    addresses = {
        row[1].partition(":")[0] for row in listening if row[1].endswith(f":{port:04X}") and row[3] == "0A"
    }
    assert addresses <= {"0100007F"}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.skipif(os.name == "nt", reason="Windows ends processes otherwise")
def test_a_signal_stops_it_cleanly(number: signal.Signals) -> None:
    with SandboxProcess().start("--components", "50") as process, Caller(process.info) as api:
        api.get("listProjects")
        process.process.send_signal(number)
        assert process.process.wait(timeout=20) == 0
    assert process.errors == ""


def test_closing_its_input_stops_it_cleanly() -> None:
    process = SandboxProcess().start("--components", "50")
    with Caller(process.info) as api:
        api.get("getComponent", component=QUAD)
        process.stop()
    assert (process.returncode, process.errors) == (0, "")


def story(info: dict[str, Any]) -> list[Any]:
    """Return much of what a sandbox tells, without what holds an address."""
    with Caller(info) as api:
        part = api.get("getComponent", component=QUAD, noTests=False)
        runs = api.get(
            "getTestRunBulk", testRun=[run["id"] for test in part["tests"] for run in test["testRuns"]]
        )
        files = [
            api.send("GET", "getComponentAttachment", json={"component": QUAD, "code": entry["code"]}).content
            for entry in part["attachments"]
            if entry["type"] == "file"
        ]
        listed = api.get("listComponents", filterMap={}, pageInfo={"pageSize": 2000})
    for owner in (part, *runs["itemList"]):
        for entry in owner["attachments"]:
            entry.pop("url", None)
    return [part, runs, files, listed]


def test_the_same_seed_tells_the_same() -> None:
    stories = []
    for seed in ("5", "5", "6"):
        with SandboxProcess().start("--components", "300", "--seed", seed) as process:
            # Every module has its serial number in every seed; what it is made of differs.
            with Caller(process.info) as api:
                first = api.get("listComponents", project="P", componentType="MODULE")["pageItemList"][0]
            stories.append(first if first["serialNumber"] != QUAD else story(process.info))
    assert stories[0] == stories[1] != stories[2]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "itkgui.sandbox", *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=20, check=False)


@pytest.mark.parametrize(
    "arguments",
    [("--port", "99999"), ("--components", "0"), ("--latency", "-1"), ("--seed", "x"), ("--nonsense",)],
)
def test_wrong_arguments(arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert arguments[0] in done.stderr
    assert "Traceback" not in done.stderr


def test_help_tells_what_to_try() -> None:
    done = run("--help")
    assert done.returncode == 0
    assert QUAD in done.stdout
    assert "NAME-code-1 and NAME-code-2" in done.stdout
    assert all(name in done.stdout for name in ("sandbox ", "technician ", "other-site ", "guest "))
    for told in ("/_sandbox/faults", "commit_then_drop", "--tls", "empty-eos-files", "--largest-upload"):
        assert told in done.stdout


def test_a_port_or_folder_that_cannot_be_had(sandbox: SandboxProcess, tmp_path: Path) -> None:
    port = sandbox.info["api_url"].rstrip("/").rpartition(":")[2]
    taken = run("--components", "10", "--port", port)
    blocker = tmp_path / "file"
    blocker.write_text("")
    unusable = run("--components", "10", "--storage", str(blocker / "folder"))
    for done in (taken, unusable):
        assert done.returncode == 1
        assert done.stderr.startswith("The sandbox cannot start: ")
        assert "Traceback" not in done.stderr
