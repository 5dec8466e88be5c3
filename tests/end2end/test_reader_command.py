"""``itkgui upload`` of an instrument's file: read by a plug-in in a process of its own, as in the window."""

from __future__ import annotations

import json
import os
from pathlib import Path

from tests.end2end.plain_server import PlainServer
from tests.end2end.queue_shell import PIXEL, Shell
from tests.sandbox_process import SandboxProcess


def test_a_file_becomes_test_runs_and_goes_with_each(
    shell: Shell, sandbox: SandboxProcess, labtools: Path
) -> None:
    with PlainServer(sandbox) as server:
        place = server.component(PIXEL)["currentLocation"]["code"]
    body = {"component": PIXEL, "testType": "MASS_MEASUREMENT", "institution": place, "passed": True}
    body |= {"date": "2026-01-05T10:00:00.000Z", "properties": {"SCALE_ACCURACY": 0.1}, "problems": False}
    bodies = [
        body | {"runNumber": number, "results": {"MASS": int.from_bytes(os.urandom(4), "big") / 64}}
        for number in ("1", "2")
    ]
    path, bad = shell.folder / "x.mpx", shell.folder / "bad.mpx"
    path.write_text(f"scale\n{json.dumps(bodies)}")
    bad.write_text("broken\n{}")
    shell.environment |= {"ITKGUI_PLUGINS": "mpx", "PYTHONPATH": f"{labtools}{os.pathsep}{Path.cwd()}"}
    code, out, err = shell.run("upload", "--to", PIXEL, path.name, bad.name, "--json")
    assert (code, err.count("reading")) == (4, 2)  # what a plug-in prints is not among the answers
    (objection,) = json.loads(out)["objections"]
    assert (objection["file"], objection["may_pass"]) == (bad.name, True)
    assert "its plug-in fails on it (ValueError: no weight in line 2)" in objection["sentence"]
    code, out, _err = shell.run("upload", "--to", PIXEL, path.name, "--json", "--storage", "eos")
    assert code == 0
    rows = json.loads(out)["uploads"]
    assert [(row["file"], row["storage"]) for row in rows] == [
        ("x-1.json", "file"),
        ("x.mpx", "eos"),
        ("x-2.json", "file"),
        ("x.mpx", "eos"),
    ]
    with PlainServer(sandbox) as server:
        runs = {run["id"]: run for run in server.runs(PIXEL)}
    for run, raw in (rows[:2], rows[2:]):
        (attachment,) = runs[run["code"]]["attachments"]
        assert (attachment["title"], attachment["code"]) == (path.name, raw["code"])
