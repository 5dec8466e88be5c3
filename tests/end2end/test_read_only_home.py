"""A home that cannot be written: one signs in and looks, and is told that nothing can be sent, and why."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from itkgui.paths import UserPaths
from itkgui.uploads.spool import NoCopy
from tests.conftest import settings_for
from tests.end2end.queue_shell import PATIENCE, PIXEL, Shell
from tests.gui.person import Person
from tests.gui.reviewing import drop
from tests.sandbox_process import SandboxProcess
from tests.unit.uploads.store_rows import small_disk


@pytest.fixture
def home(own_environment: Path) -> Iterator[Path]:
    with small_disk(own_environment, 1_000_000, "ro"):
        yield own_environment


@pytest.mark.usefixtures("home")
def test_scripts_are_told_that_nothing_was_sent(shell: Shell, files: list[Path]) -> None:
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-m", "itkgui", "upload", "--to", PIXEL, str(files[0])],
        env=os.environ | shell.environment,
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (4, "")
    assert "Traceback" not in ended.stderr
    assert "Read-only file system" in ended.stderr
    assert "Queue not saved" in ended.stderr
    assert files[0].read_bytes()
    assert files[0].name not in shell.titles()


@pytest.mark.logs("Read-only", "Queue not saved", "cannot be", "not kept")
def test_the_window_shows_components_and_tells_why_nothing_can_be_sent(
    home: Path, sandbox: SandboxProcess, start_program: Callable[..., Person], files: list[Path]
) -> None:
    with pytest.raises(OSError, match="Read-only") as refused:
        UserPaths.standard().create()
    person = start_program(settings_for(sandbox), at_home=True, troubles=(str(refused.value),))
    notice = person.window.care.notice
    person.until(notice.isVisible, "that nothing is kept")
    assert "keeps no log" in notice.title.text()
    assert "Read-only file system" in notice.words.text()
    person.sign_in()
    component = person.scan(PIXEL)
    assert component.strip.serial.text() == PIXEL
    told = next(one for one in person.program.messages.history if one.title == "Uploads: Queue not saved")
    assert told.tone == "bad"
    assert "cannot be written on this computer" in told.sentence
    assert str(home) in told.details
    drop(person, [files[0]])
    (row,) = person.sheet.rows
    assert row.problem is not None
    assert (row.problem.title, "Read-only file system" in row.problem.detail) == (NoCopy.title, True)
    person.until(lambda: not person.sheet.send_button.isEnabled(), "the button to tell that nothing can go")
    assert files[0].exists()
