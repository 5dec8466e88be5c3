"""What breaks while the program runs: the server dies, the program is told to go, somebody closes it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QMessageBox

from itkgui.uploads.upload import UploadState
from tests.conftest import settings_for
from tests.end2end.job import write_files
from tests.end2end.plain_server import PlainServer
from tests.gui.person import Person
from tests.sandbox_process import SandboxProcess

PIXEL = "20UPGM23800001"
STRIP = "20USBML0000001"
Sandboxes = Callable[..., SandboxProcess]
Programs = Callable[..., Person]


@pytest.mark.logs("Server not reached|Connection lost")
def test_server_killed_in_use(start_sandbox: Sandboxes, start_program: Programs, tmp_path: Path) -> None:
    server = start_sandbox("--components", "200", "--storage", str(tmp_path / "server"))
    person = start_program(settings_for(server))
    person.sign_in()
    component = person.scan(PIXEL)
    person.look_at("readout.log")
    server.process.kill()
    server.process.wait()
    person.type_label(STRIP)
    person.until(
        lambda: "Server not reached" in person.verdict or "Connection lost" in person.verdict, "words"
    )
    assert "start that server again" in person.verdict.lower() or "try again" in person.verdict.lower()
    assert person.component is component, "what is on the screen stays there"
    assert person.workspace.scan_box.text() == STRIP, "what was scanned is not lost"
    person.look_at("masses.xlsx")  # far from what was fetched ahead
    assert "Server not reached" in component.attachments.preview.content.trouble.title
    person.choose(component.attachments.view, lambda a: a.display_name == "readout.log")
    content = component.attachments.preview.content
    person.until(lambda: content.shown_kind == "text", "what was fetched before")
    person.workspace.go_to(person.workspace.search_view)
    person.click(person.workspace.search_view.search_button)
    person.until(person.workspace.search_view.age_line.isVisible, "what was found before, with its age")
    person.type(person.workspace.search_view.filters.identifier, "20UPGM23800077")
    person.click(person.workspace.search_view.search_button)
    person.until(person.workspace.search_view.trouble.isVisible, "the trouble pane")


def test_quit_during_an_upload_asks_first(
    start_sandbox: Sandboxes, start_program: Programs, tmp_path: Path
) -> None:
    server = start_sandbox("--latency", "200", "--components", "100")
    person = start_program(settings_for(server))
    person.sign_in()
    person.scan(STRIP)
    note, _ = write_files(tmp_path)
    person.drop(person.component, [note])
    person.click(person.sheet.send_button)
    sheet = person.sheet
    person.until(lambda: person.has_open_uploads and not sheet.rows, "the upload to begin")
    person.window.close()
    box = question_of(person)
    assert box.text() == "1 upload goes on after your next sign-in: nothing of it is lost."
    assert not box.informativeText()
    person.click(button_of(box, "Go on working"))
    person.until(lambda: person.uploads[0].state is UploadState.DONE, "the upload")
    assert not person.run.done()
    with PlainServer(server) as asked:
        assert len(asked.titled(STRIP, note.name)) == 1
    person.window.close()  # nothing runs now: no question
    person.until(person.run.done, "the program to end")


def test_quit_during_an_upload_ends_it_if_told_so(
    start_sandbox: Sandboxes, start_program: Programs, tmp_path: Path
) -> None:
    person = start_program(settings_for(start_sandbox("--latency", "200", "--components", "100")))
    person.sign_in()
    person.scan(STRIP)
    note, _ = write_files(tmp_path)
    person.drop(person.component, [note])
    person.click(person.sheet.send_button)
    person.window.close()
    person.click(button_of(question_of(person), "Stop and close"))
    person.until(person.run.done, "the program to end")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_program_told_to_go_takes_its_sandbox_along(tmp_path: Path, number: signal.Signals) -> None:
    with running_program(tmp_path, "--sandbox") as program:
        log = tmp_path / "data" / "state" / "itkgui.log"
        child = _child_of(program.pid)
        os.kill(program.pid, number)
        assert program.wait(timeout=30) == 0
    _wait_until_gone(child)
    assert not list((tmp_path / "data" / "state" / "sandbox").iterdir())
    assert not re.search(r"CRITICAL|ERROR|Traceback", log.read_text("utf-8"))


def test_killed_program_leaves_no_sandbox(tmp_path: Path) -> None:
    with running_program(tmp_path, "--sandbox") as program:
        child = _child_of(program.pid)
        program.kill()
        program.wait(timeout=30)
    _wait_until_gone(child)


@pytest.mark.parametrize(
    ("arguments", "code"), [(["--check-start"], 0), (["--version"], 0), (["--no-such-option"], 2)]
)
def test_exit_codes(tmp_path: Path, arguments: list[str], code: int) -> None:
    command = [sys.executable, "-m", "itkgui", "--data-dir", str(tmp_path / "data"), *arguments]
    finished = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert finished.returncode == code, finished.stderr
    assert "Traceback" not in finished.stderr


def test_no_display_is_said_in_words(tmp_path: Path) -> None:
    hidden = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    finished = subprocess.run(
        [sys.executable, "-m", "itkgui", "--data-dir", str(tmp_path / "data")],
        env={name: value for name, value in os.environ.items() if name not in hidden},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert finished.returncode == 3
    assert "there is no display" in finished.stderr


def question_of(person: Person) -> QMessageBox:
    boxes: list[QMessageBox] = []
    person.until(lambda: boxes.extend(person.window.findChildren(QMessageBox)) or boxes, "the question")  # type: ignore[func-returns-value]
    person.until(boxes[-1].isVisible, "the question")
    return boxes[-1]


def button_of(box: QMessageBox, text: str) -> QAbstractButton:
    return next(button for button in box.buttons() if button.text().replace("&", "") == text)


@contextmanager
def running_program(folder: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Start the program as a process, and give it once its sandbox is announced in its log."""
    command = [sys.executable, "-m", "itkgui", "--data-dir", str(folder / "data"), *arguments]
    process = subprocess.Popen(command, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}, text=True)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
            process.wait(timeout=30)


def _child_of(pid: int) -> int:
    """Wait for the sandbox of a program, and return its process id."""
    deadline = Deadline(30)
    while deadline.is_ahead():
        for line in Path(f"/proc/{pid}/task").glob("*/children"):
            for child in line.read_text().split():
                command = Path(f"/proc/{child}/cmdline").read_bytes()
                if b"itkgui.sandbox" in command:
                    return int(child)
    raise AssertionError("no sandbox was started")


def _wait_until_gone(pid: int) -> None:
    deadline = Deadline(10)
    while deadline.is_ahead():
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return
        if state == "Z":  # ended; whoever inherited it has not asked yet
            return
    raise AssertionError("the sandbox still runs")


class Deadline:
    """Lets a loop look again and again, with a breath in between, until its time is over."""

    def __init__(self, seconds: float) -> None:
        import threading
        import time

        self._end = time.monotonic() + seconds
        self._now = time.monotonic
        self._breath = threading.Event()

    def is_ahead(self) -> bool:
        self._breath.wait(0.02)
        return self._now() < self._end
