"""``itkgui upload`` and ``itkgui queue`` as scripts start them: real processes on one data folder."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import settings_for
from tests.end2end.plain_server import PlainServer
from tests.end2end.queue_shell import OTHER, PATIENCE, PIXEL, PNG, Shell, names
from tests.gui.person import Person
from tests.sandbox_process import SandboxProcess

# Sending ---------------------------------------------------------------------------------------------------


def test_files_are_sent_and_read_back(shell: Shell, files: list[Path]) -> None:
    told = shell.json("upload", "--to", PIXEL, *names(files))
    assert told["code"] == 0
    assert [row["state"] for row in told["uploads"]] == ["done"] * 3
    assert [row["storage"] for row in told["uploads"]] == ["file", "file", "eos"]
    assert {row["target"]["label"] for row in told["uploads"]} == {PIXEL}
    shell.held(*files)
    history = shell.json("queue", "history", "note.txt")
    assert history["total"] == 1
    assert history["uploads"][0]["code"] == told["uploads"][0]["code"]
    assert shell.json("queue", "list")["uploads"] == []


def test_people_are_told_in_lines(shell: Shell, files: list[Path]) -> None:
    code, out, err = shell.run("upload", "--to", PIXEL.lower(), "--title", "A look", files[0].name)
    assert (code, err) == (0, "")
    (line,) = out.splitlines()
    assert "done" in line
    assert f"{files[0].name} → {PIXEL}" in line
    assert "A look" in shell.titles()


def test_no_qt_is_loaded(shell: Shell, files: list[Path]) -> None:
    script = (
        "import sys; from itkgui.__main__ import main; code = main(sys.argv[1:]); "
        "rooms = ('PySide6', 'qasync', 'shiboken6'); "
        "print(sorted(name for name in sys.modules if name.startswith((*rooms, 'itkgui.views'))), "
        "file=sys.stderr); sys.exit(code)"
    )
    arguments = ["upload", "--to", PIXEL, "--data-dir", str(shell.data), str(files[0])]
    ended = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env=os.environ | shell.environment,
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "[]\n")


def test_a_run_gets_what_is_sent_to_it(shell: Shell, sandbox: SandboxProcess, files: list[Path]) -> None:
    with PlainServer(sandbox) as server:
        run_id = next(run["id"] for run in server.runs(PIXEL) if run["state"] == "ready")
    told = shell.json("upload", "--to", run_id, files[0].name, "--storage", "eos", "--description", "at last")
    assert told["code"] == 0
    assert told["uploads"][0]["target"] == {
        "kind": "testRun",
        "key": run_id,
        "label": told["uploads"][0]["target"]["label"],
    }
    assert told["uploads"][0]["target"]["label"].endswith(f" of {PIXEL}")
    assert told["uploads"][0]["storage"] == "eos"
    shell.held(files[0])


# What stands against it ------------------------------------------------------------------------------------


def test_another_components_number_stops_all(shell: Shell, files: list[Path]) -> None:
    odd = files[0].with_name(f"{OTHER}-{files[0].name}")
    odd.write_bytes(files[0].read_bytes() + b"!")
    told = shell.json("upload", "--to", PIXEL, odd.name, files[1].name)
    assert told["code"] == 4
    assert [(one["file"], one["may_pass"]) for one in told["objections"]] == [(odd.name, True)]
    assert OTHER in told["objections"][0]["sentence"]
    assert not {odd.name, files[1].name} & set(shell.titles())
    assert not list((shell.data / "state").rglob(odd.name)), "no copy is left"
    code, _, err = shell.run("upload", "--to", PIXEL, odd.name, "--anyway")
    assert code == 0
    assert OTHER in err
    shell.held(odd)


def test_the_same_file_is_not_sent_twice_unless_told_so(shell: Shell, files: list[Path]) -> None:
    note = files[0].name
    assert shell.run("upload", "--to", PIXEL, note)[0] == 0
    code, out, err = shell.run("upload", "--to", PIXEL, note)
    assert (code, out) == (4, "")
    assert "This very file is on the component" in err
    assert "--anyway" in err
    assert shell.titles().count(note) == 1
    assert shell.run("upload", "--to", PIXEL, note, "--anyway")[0] == 0
    assert shell.titles().count(note) == 2


def test_the_same_file_from_another_computer_is_told_by_its_bytes(shell: Shell, files: list[Path]) -> None:
    for file, storage in ((files[0], "itkpd"), (files[1], "eos")):
        order = ("upload", "--to", PIXEL, file.name, "--storage", storage)
        assert shell.run(*order)[0] == 0
        code, _, err = shell.run(*order, data=shell.folder / "elsewhere")
        assert code == 4, (storage, err)
        assert "This very file is on the component" in err
        assert "since 20" in err
    files[0].write_text("other bytes", "utf-8")
    code, _, err = shell.run("upload", "--to", PIXEL, files[0].name, data=shell.folder / "elsewhere")
    assert code == 0
    assert "Another file of this name is on the component" in err


def test_nothing_is_sent_if_one_file_cannot_be(shell: Shell, files: list[Path]) -> None:
    empty = files[0].with_name("empty.txt")
    empty.touch()
    told = shell.json("upload", "--to", PIXEL, files[0].name, "empty.txt", "gone.txt", "--anyway")
    assert told["code"] == 4
    assert [one["file"] for one in told["objections"]] == ["empty.txt", "gone.txt"]
    assert files[0].name not in shell.titles()


def test_what_has_to_be_right_before(shell: Shell, files: list[Path]) -> None:
    note = files[0].name
    assert shell.run("upload", note)[0] == 2
    assert shell.run("queue", "explode")[0] == 2
    code, _, err = shell.run("upload", "--to", PIXEL, "--title", "A", note, files[1].name)
    assert (code, "usage: itkgui upload" in err) == (2, True)
    assert shell.run("queue", "cancel", "zz")[0] == 2
    code, _, err = shell.run("upload", "--to", "20UPGM99999999", note)
    assert (code, err.startswith("itkgui: error: 20UPGM99999999: No such component.")) == (4, True)
    shell.environment["ITKDB_ACCESS_CODE1"] = "wrong"
    told = shell.json("upload", "--to", PIXEL, note)
    assert (told["code"], told["error"]["title"]) == (5, "Wrong access codes")
    nothing = "itkgui: Nothing was sent, and nothing was taken into the queue.\n"
    shell.environment["ITKDB_ACCESS_CODE1"] = ""
    code, _, err = shell.run("upload", "--to", PIXEL, note)
    assert (code, err.endswith(nothing)) == (5, True)
    code, _, err = shell.run("queue", "run")
    assert (code, nothing in err) == (5, False), "which was to take nothing"


def test_what_cannot_be_sent_and_what_needs_somebody(shell: Shell, files: list[Path]) -> None:
    shell.fail(match="POST *createComponentAttachment", do="status", status=400)
    told = shell.json("upload", "--to", PIXEL, files[0].name)
    assert told["code"] == 1
    assert told["uploads"][0]["state"] == "failed"
    assert told["uploads"][0]["trouble"]["title"]
    shell.fail(match="POST *createComponentAttachment", do="status", status=403)
    told = shell.json("upload", "--to", PIXEL, files[1].name)
    assert told["code"] == 5
    assert told["uploads"][0]["state"] == "needs you"
    code, out, _ = shell.run("queue", "list")
    assert code == 0
    assert {line.split()[1] for line in out.splitlines() if not line.startswith(" ")} == {"failed", "needs"}
    assert shell.run("queue", "retry")[0] == 0
    assert shell.run("queue", "run")[0] == 0
    shell.held(*files[:2])


# Results of tests ------------------------------------------------------------------------------------------


@pytest.fixture
def results(sandbox: SandboxProcess) -> dict[str, Any]:
    with PlainServer(sandbox) as server:
        place = server.component(PIXEL)["currentLocation"]["code"]
    return {
        "component": PIXEL,
        "testType": "MASS_MEASUREMENT",
        "institution": place,
        "runNumber": "77",
        "date": "2026-01-05T10:00:00.000Z",
        "passed": True,
        "problems": False,
        "properties": {"SCALE_ACCURACY": 0.1},
        "results": {"MASS": 2750.125},
    }


def test_results_become_a_run(
    shell: Shell, sandbox: SandboxProcess, results: dict[str, Any], files: list[Path]
) -> None:
    path = files[0].with_name("results.json")
    path.write_text(json.dumps(results | {"results": {"MASS": "heavy"}}))
    told = shell.json("upload", "--to", PIXEL, "results.json", "--anyway")
    assert told["code"] == 4
    assert [(one["field"], one["may_pass"]) for one in told["objections"]] == [("results.MASS", False)]
    path.write_text(json.dumps(results))
    told = shell.json("upload", "--to", PIXEL, "results.json", files[1].name, "--storage", "eos")
    assert told["code"] == 0
    run_row, attached = told["uploads"]
    assert (run_row["kind"], attached["kind"], attached["storage"]) == ("test run", "file", "eos")
    assert (attached["parent"], attached["target"]["key"]) == (run_row["id"], run_row["code"])
    shell.held(files[1])
    with PlainServer(sandbox) as server:
        run = next(run for run in server.runs(PIXEL) if run["id"] == told["uploads"][0]["code"])
    assert {result["code"]: result["value"] for result in run["results"]}["MASS"] == 2750.125
    (path.with_name("more.json")).write_text(json.dumps(results | {"results": {"MASS": 2751.5}}))
    code, out, err = shell.run(
        "upload", "--to", PIXEL, "more.json", "results.json", files[2].name, "--anyway"
    )
    assert (code, f"{files[2].name} → {PIXEL}" in out) == (0, True)
    assert f"{files[2].name}: It goes to the component, as it came with 2 test runs." in err
    again = shell.json("upload", "--to", PIXEL, "results.json")
    assert again["code"] == 4
    assert run["id"] in again["objections"][0]["sentence"]
    elsewhere = shell.json("upload", "--to", OTHER, "results.json", "--anyway")
    assert elsewhere["code"] == 4
    assert elsewhere["objections"][0]["field"] == "component"


def test_pictures_that_results_name_follow(shell: Shell, results: dict[str, Any], files: list[Path]) -> None:
    picture = files[0].with_name(f"{files[0].stem}.png")
    picture.write_bytes(PNG + os.urandom(500))
    measured = {
        "IV_ARRAY": {"voltage": [1, 2], "current": [3, 4]},
        "BREAKDOWN_VOLTAGE": 100,
        "LEAK_CURRENT": 1,
    }
    body = results | {
        "testType": "IV_MEASURE",
        "stage": "MODULE/FINAL_COLD",
        "passed": False,
        "properties": {"HUM": 1.0, "TEMP": 20.0},
        "results": measured | {"IV_IMG": picture.name},
    }
    files[0].with_name("look.json").write_text(json.dumps(body))
    told = shell.json("upload", "--to", PIXEL, "look.json", "--anyway")
    assert told["code"] == 0, told
    run, attached = told["uploads"]
    assert attached["parent"] == run["id"]
    assert attached["target"]["key"] == run["code"]
    shell.held(picture)


# Several processes, and ends that nobody wished ------------------------------------------------------------


def test_files_are_left_for_later(shell: Shell, files: list[Path]) -> None:
    told = shell.json("upload", "--to", PIXEL, *names(files), "--no-wait")
    assert told["code"] == 0
    contents = [path.read_bytes() for path in files]
    for path in files:  # the stick is pulled
        path.unlink()
    assert shell.run("queue", "pause")[0] == 0
    late = files[0].with_name("late.txt")
    late.write_text("too late")
    code, out, err = shell.run("upload", "--to", PIXEL, late.name)
    assert (code, "The queue is paused" in err) == (5, True)
    code, out, err = shell.run("queue", "list")
    assert [line.split()[1] for line in out.splitlines()] == ["waiting"] * 4
    assert (code, "The queue is paused" in err) == (0, True)
    assert shell.run("queue", "run")[0] == 5
    rows = out.splitlines()
    code, out, err = shell.run("queue", "resume")
    assert (code, "The queue is no longer paused." in err, len(out.splitlines())) == (0, True, 4)
    assert shell.run("queue", "cancel", rows[0][:6], rows[3][:8])[0] == 0
    told = shell.json("queue", "run")
    assert told["code"] == 0
    assert len(told["uploads"]) == 2
    for path, content in zip(files, contents, strict=True):
        path.write_bytes(content)
    shell.held(*files[1:])
    assert files[0].name not in shell.titles()


def test_another_process_gets_the_files(shell: Shell, files: list[Path]) -> None:
    shell.fail(match="PUT /eos/*", do="stall", after_bytes=100_000)
    first = shell.start("upload", "--to", PIXEL, files[2].name, "--json")
    shell.until_failing()
    told = shell.json("upload", "--to", OTHER, files[0].name)
    assert told["code"] == 6
    assert shell.json("queue", "list")["runs_elsewhere"]
    code, _, err = shell.run("queue", "run")
    assert code == 6
    assert str(first.pid) in err
    waited = shell.json("upload", "--to", OTHER, files[1].name, "--wait")
    assert waited["code"] == 0, "the other process has sent it"
    shell.heal()
    out, _ = first.communicate(timeout=PATIENCE)
    assert first.returncode == 0
    assert json.loads(out)["uploads"][0]["state"] == "done"
    shell.held(*files)


def test_the_window_sends_what_a_command_adds(
    shell: Shell, sandbox: SandboxProcess, start_program: Callable[..., Person], files: list[Path]
) -> None:
    settings = replace(settings_for(sandbox), undo_seconds=0.0)
    person = start_program(settings)
    person.sign_in()
    command = shell.start("upload", "--to", PIXEL, *names(files))
    person.until(lambda: command.poll() is not None, "the command")
    assert command.returncode == 6

    def is_sent() -> bool:
        states = [upload.state.value for upload in person.program.uploads]
        return states == ["done"] * 3

    person.until(is_sent, "the uploads")
    shell.held(*files)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize(
    ("match", "after"), [("PUT /eos/*", 700_000), ("POST *createComponentAttachment", 0), ("GET *", 0)]
)
def test_a_killed_command_is_taken_up(shell: Shell, files: list[Path], match: str, after: int) -> None:
    """Whatever it was about when it was killed, nothing is lost, and nothing is there twice."""
    told = shell.json("upload", "--to", PIXEL, *names(files), "--no-wait")
    skip = 2 if match == "GET *" else 0  # the sign-in asks, too
    shell.fail(match=match, do="stall", after_bytes=after, skip=skip)
    process = shell.start("queue", "run")
    shell.until_failing()
    process.send_signal(signal.SIGKILL)
    process.wait(PATIENCE)
    shell.heal()
    assert shell.run("queue", "run")[0] == 0
    shell.let_time_pass()  # bytes that were on their way may have come when they were given up
    assert shell.run("queue", "run")[0] == 0
    shell.held(*files)
    ended = {row["id"]: row["state"] for row in shell.json("queue", "history")["uploads"]}
    assert ended == dict.fromkeys(told["taken"], "done")


@pytest.mark.skipif(sys.platform == "win32", reason="a console sends it to all its processes")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_an_interrupted_command_leaves_the_rest_for_later(shell: Shell, files: list[Path], name: str) -> None:
    # More than fits between the two: what was given out in whole may arrive later, and waits to be removed.
    files[2].write_bytes(os.urandom(40_000_000))
    shell.fail(match="PUT /eos/*", do="stall", after_bytes=700_000)
    process = shell.start("upload", "--to", PIXEL, files[2].name, "--json")
    shell.until_failing()
    process.send_signal(getattr(signal, name))
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130, err
    assert json.loads(out)["code"] == 130
    assert err == ""
    shell.heal()
    code, out, _ = shell.run("queue", "list")
    assert (code, out.splitlines()[0].split()[1:3]) == (0, ["interrupted", files[2].name])
    if name == "SIGTERM":
        code, _, err = shell.run("queue", "cancel", out[:8])
        assert (code, "itkgui queue run" in err) == (0, True), "nobody takes it back until then"
    shell.run("queue", "run")
    if name == "SIGINT":
        shell.held(files[2])
    else:
        assert files[2].name not in shell.titles()


def test_what_may_come_late_is_told_and_looked_for_by_the_next_run(shell: Shell, files: list[Path]) -> None:
    shell.fail(match="PUT /eos/*", do="drop_then_commit", server="node", ms=10**8)
    code, out, err = shell.run("upload", "--to", PIXEL, files[2].name)
    assert (code, out.split()[1]) == (0, "done")
    assert "An answer was lost on the way of 1 upload" in err
    assert "itkgui queue run" in err
    shell.heal()
    assert shell.json("queue", "history")["uploads"][0]["last_look"]
    assert shell.json("queue", "run")["awaiting_last_look"], "it is too early"
    shell.let_time_pass()
    assert shell.run("queue", "run") == (0, "There is nothing to send.\n", "")
    assert shell.json("queue", "history")["uploads"][0]["last_look"] is None
    shell.held(files[2])


def test_uploads_go_to_another_computer(shell: Shell, files: list[Path], tmp_path: Path) -> None:
    there = tmp_path / "there"
    assert shell.run("upload", "--to", PIXEL, *names(files), "--no-wait")[0] == 0
    code, out, err = shell.run("queue", "export", "out.zip")
    assert (code, out.count("handed over"), "cancelled" in out) == (0, 3, False)
    assert "itkgui queue import out.zip" in err
    assert shell.json("queue", "list")["uploads"] == []
    assert shell.run("queue", "export", "more.zip")[0] == 4
    assert len(shell.json("queue", "import", "out.zip", data=there)["uploads"]) == 3
    assert shell.json("queue", "import", "out.zip", data=there)["uploads"] == []
    assert shell.json("queue", "run", data=there)["code"] == 0
    shell.held(*files)
    assert shell.run("queue", "import", files[0].name, data=there)[0] == 4
