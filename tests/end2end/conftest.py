"""Fixtures for the tests of several starts: a folder for their sockets, and starts that end with the test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from itkgui.single_instance import MeetingPlace
from tests.end2end.queue_shell import Shell
from tests.end2end.starts import Start
from tests.sandbox_process import SandboxProcess


@pytest.fixture
def runtime(own_environment: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder that the system gives the user for sockets; the programs have no display."""
    folder = own_environment.parent / "run"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    yield folder / "itkgui"
    shutil.rmtree(folder)  # the next test may be given the same home


@pytest.fixture
def start(runtime: Path, tmp_path: Path) -> Iterator[Callable[..., Start]]:
    """Start the program on one data folder, if no other is given."""
    started: list[Start] = []

    def begin(*arguments: str, python_options: tuple[str, ...] = ()) -> Start:
        if "--data-dir" not in arguments:
            arguments = ("--data-dir", str(tmp_path / "data"), *arguments)
        folder = tmp_path / f"start-{len(started)}"
        started.append(Start(folder, *arguments, python_options=python_options))
        return started[-1]

    yield begin
    for one in reversed(started):
        one.close()


@pytest.fixture
def place(runtime: Path, tmp_path: Path) -> Iterator[MeetingPlace]:
    """Where a window in this process is found by starts with the same data folder."""
    with MeetingPlace(runtime, tmp_path / "data" / "state") as found:
        yield found


@pytest.fixture
def shell(sandbox: SandboxProcess, tmp_path: Path) -> Iterator[Shell]:
    found = Shell(sandbox, tmp_path)
    yield found
    found.end()
    found.heal()


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Two small files and a large one, which goes to EOS, of names and bytes that no other test uses."""
    found = []
    for name, size in (("note.txt", 30), ("log.txt", 300), ("large.bin", 1_500_000)):
        path = tmp_path / f"{tmp_path.name}-{name}"
        path.write_bytes(os.urandom(size) if size > 1000 else os.urandom(size).hex().encode())
        found.append(path)
    return found
