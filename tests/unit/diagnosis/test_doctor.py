"""The doctor's checks run side by side, end in time, and none keeps the others from ending."""

from __future__ import annotations

import importlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from itkgui.background.worker import Worker
from itkgui.diagnosis.doctor import CHECKS, Check, Examination
from itkgui.diagnosis.finding import Finding, Surroundings, Verdict
from itkgui.settings.configuration import load
from itkgui.views.diagnosis.bundle_sheet import _collected
from tests.sandbox_process import SandboxProcess
from tests.unit.client.conftest import Wire


def test_checks_of_the_issue_are_all_there_and_each_has_its_function() -> None:
    assert [check.key for check in CHECKS] == [
        "clock", "dns", "proxy", "tls", "sign-in", "api",
        "eos", "disk", "keyring", "libraries", "plugins", "display", "scanner",
    ]  # fmt: skip


def test_check_that_does_not_end_is_given_up_and_others_are_not_held_up(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    _pipes.append(pipe)
    checks = (Check("hangs", "Hangs", f"{__name__}:hangs", 0.3), CHECKS[-1])
    examination = Examination(Surroundings(), checks)
    deadline = time.monotonic() + 20
    while not examination.wait(0.05):
        assert time.monotonic() < deadline
    found = examination.findings
    assert list(found) == ["hangs", "scanner"]
    assert (found["hangs"].verdict, "no answer within" in found["hangs"].sentence) == (Verdict.BROKEN, True)
    with pipe.open("w"):  # let the thread go
        pass


_pipes: list[Path] = []


def hangs(_at: Surroundings) -> Finding:
    """A check that waits for what never comes."""
    _pipes.pop().read_text()
    return Finding(Verdict.FINE, "too late")


def fails(_at: Surroundings) -> Finding:
    raise ZeroDivisionError("a fault of the check")


def tells_a_secret(_at: Surroundings) -> Finding:
    return Finding(Verdict.BROKEN, "token=cAnary", "Bearer cAnary", ("http://me:cAnary@proxy",))


def lacks(_at: Surroundings) -> Finding:
    return Finding(Verdict.FINE, str(importlib.import_module("no_such_package")))


def test_faults_secrets_and_packages_that_lack_are_told_as_what_they_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    faults: list[object] = []
    monkeypatch.setattr(threading, "excepthook", lambda fault: faults.append(fault.exc_type))
    checks = [
        Check(look.__name__, "x", f"{__name__}:{look.__name__}") for look in (fails, tells_a_secret, lacks)
    ]
    examination = Examination(Surroundings(), checks)
    assert examination.wait(20)
    for thread in [one for one in threading.enumerate() if one.name.startswith("doctor-")]:
        thread.join()
    assert faults == [ZeroDivisionError]  # nothing swallows it
    found = examination.findings
    assert found["fails"].verdict is Verdict.UNSEEN
    assert "fault of the program" in found["fails"].sentence
    assert "cAnary" not in repr(found)
    assert found["lacks"].verdict is Verdict.UNSEEN
    assert "no_such_package is missing" in found["lacks"].sentence


def test_whoever_quits_waits_for_no_bundle(wire: Wire, tmp_path: Path) -> None:
    server, worker = wire.server_of(wire.silence), Worker()
    given = {
        "data_dir": tmp_path,
        "api_url": server.url,
        "auth_url": server.url,
        "eos_hosts": ("127.0.0.1:1",),
    }
    call = worker.call(_collected, load(given, {}), "", "")
    deadline = time.monotonic() + 20
    while not server.received:
        assert time.monotonic() < deadline
        assert not call.is_done
        time.sleep(0.01)
    begin = time.monotonic()
    worker.stop()
    assert time.monotonic() - begin < 5


# The command ------------------------------------------------------------------------------------------------


def doctor(
    *arguments: str, python: tuple[str, ...] = ("-W", "error"), **environ: str
) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", **environ}
    return subprocess.run(
        [sys.executable, *python, "-m", "itkgui", "doctor", *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
        encoding="utf-8",
    )


def test_command_tells_of_the_sandbox_and_leaves_nothing(
    sandbox: SandboxProcess, tmp_path: Path, own_environment: Path
) -> None:
    where = ("--api-url", sandbox.info["api_url"], "--auth-url", sandbox.info["auth_url"])
    data = tmp_path / "data"
    eos = {"ITKGUI_EOS_HOSTS": sandbox.info["eos_url"].split("/")[2]}
    eos["ALL_PROXY"] = "socks://127.0.0.1:1080/"  # as a desktop sets it; this computer is reached without
    ended = doctor("--json", "--data-dir", str(data), *where, **eos)
    assert (ended.returncode, ended.stderr) == (0, ""), ended.stdout
    told = json.loads(ended.stdout)
    assert list(told["checks"]) == [check.key for check in CHECKS]
    verdicts = {key: one["verdict"] for key, one in told["checks"].items()}
    wanted = ("clock", "dns", "proxy", "sign-in", "api", "eos", "libraries")
    assert {key: verdicts[key] for key in wanted} == dict.fromkeys(wanted, "fine")
    assert told["verdict"] == "caution"  # offscreen is small
    assert not data.exists()
    assert list(own_environment.rglob("*")) == []


def test_command_names_what_is_broken_with_a_cure_and_says_so_by_its_code(tmp_path: Path) -> None:
    where = ("--api-url", "https://database.invalid/", "--auth-url", "https://oidc.invalid/")
    bundle = tmp_path / "help.zip"
    bundle.write_text("from before")
    bundle.chmod(0o644)
    ended = doctor(
        "--facts",
        *where,
        "--bundle",
        str(bundle),
        "--data-dir",
        str(tmp_path),
        ITKGUI_EOS_HOSTS="eos.invalid",
        ITKDB_API_URL="https://me:cAnary@host/",
    )
    assert ended.returncode == 1
    assert "cAnary" not in ended.stdout + ended.stderr
    assert "ITKDB_API_URL in the environment: ITKDB_API_URL must be an address" in ended.stderr
    lines = ended.stdout.splitlines()
    assert any(line.startswith("broken") and "No name of a server" in line for line in lines)
    assert any("→ Check the network cable" in line for line in lines)
    assert str(bundle) in ended.stderr
    assert bundle.stat().st_mode & 0o777 == 0o600


def test_command_runs_without_any_package(tmp_path: Path) -> None:
    # -S leaves out site-packages, as on a bare machine; -I would leave out this checkout too.
    ended = doctor("--json", "--bundle", str(tmp_path / "x.zip"), python=("-S",), PYTHONPATH=str(Path.cwd()))
    assert ended.returncode == 1, ended.stderr
    checks = json.loads(ended.stdout)["checks"]
    assert checks["api"]["verdict"] == "unseen"
    assert "is missing, without which" in checks["api"]["sentence"]
    assert checks["display"]["sentence"] == "Qt is not installed."
    assert "too incomplete" in ended.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="has no such signal")
def test_command_that_is_interrupted_ends_at_once_and_says_so_by_its_code(wire: Wire) -> None:
    server = wire.server_of(wire.silence)
    where = ("--api-url", server.url, "--auth-url", server.url)
    started = subprocess.Popen(
        [sys.executable, "-m", "itkgui", "doctor", *where], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    deadline = time.monotonic() + 30
    while not server.received:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    started.send_signal(signal.SIGINT)
    out, err = started.communicate(timeout=10)
    assert (started.returncode, out, err) == (130, b"", b"")


@pytest.mark.parametrize("arguments", [["--nonsense"], ["--api-url", "not an address"]])
def test_wrong_usage_is_told(arguments: list[str]) -> None:
    ended = doctor(*arguments)
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr
