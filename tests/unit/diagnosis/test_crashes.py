"""A process that dies by a fault leaves its stacks, which are told once; an orderly end leaves nothing."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from itkgui.diagnosis import crashes
from itkgui.diagnosis.crashes import FOLDER, CrashFile, sudden_ends

_DYING = """
import ctypes, sys, time
from pathlib import Path
from itkgui.diagnosis.crashes import CrashFile
file = CrashFile(Path(sys.argv[1]))
file.open()
token = "Bearer cAnary"
def in_the_middle_of_it(token):
    if sys.argv[2] == "fault":
        ctypes.string_at(0)
    print("here", flush=True)
    time.sleep(600)
if sys.argv[2] == "orderly":
    file.close()
else:
    in_the_middle_of_it(token)
"""


def died(state: Path, how: str) -> None:
    process = subprocess.Popen([sys.executable, "-c", _DYING, str(state), how], stdout=subprocess.PIPE)
    assert process.stdout is not None
    if process.stdout.readline():
        process.kill()
    process.communicate()
    assert process.returncode == {"fault": -signal.SIGSEGV, "killed": -signal.SIGKILL, "orderly": 0}[how]


def test_fault_is_told_once_with_its_stacks_and_without_values(tmp_path: Path) -> None:
    died(tmp_path, "fault")
    (file,) = (tmp_path / FOLDER).iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    (end,) = sudden_ends(tmp_path)
    assert "Segmentation fault" in end.stacks
    assert "in_the_middle_of_it" in end.report
    assert "cAnary" not in end.report
    assert sudden_ends(tmp_path) == []
    (kept,) = crashes.kept(tmp_path)
    assert "in_the_middle_of_it" in crashes.read(kept)


def test_end_by_force_is_told_though_it_left_nothing(tmp_path: Path) -> None:
    died(tmp_path, "killed")
    (end,) = sudden_ends(tmp_path)
    assert (end.stacks, "killed, or the power went" in end.report) == ("", True)
    assert sudden_ends(tmp_path) == []
    assert list((tmp_path / FOLDER).iterdir()) == [], "nor does anything stay that tells nothing"


def test_orderly_end_leaves_nothing(tmp_path: Path) -> None:
    died(tmp_path, "orderly")
    assert list(tmp_path.iterdir()) == []
    assert sudden_ends(tmp_path) == []


def test_run_that_goes_on_is_not_told(tmp_path: Path) -> None:
    ours = CrashFile(tmp_path)
    ours.open()
    try:
        assert sudden_ends(tmp_path) == []
    finally:
        ours.close()


def test_only_the_latest_are_kept(tmp_path: Path) -> None:
    died(tmp_path, "fault")
    (file,) = (tmp_path / FOLDER).iterdir()
    content, name = file.read_bytes(), file.name
    for number in range(10):
        (tmp_path / FOLDER / name).write_bytes(content + str(number).encode())
        assert len(sudden_ends(tmp_path)) == 1
    kept = crashes.kept(tmp_path)
    assert len(kept) == 8
    assert crashes.read(kept[-1]).endswith("9")


@pytest.mark.logs("a crash would leave no stacks")
def test_folder_that_cannot_be_made_is_no_reason_not_to_start(tmp_path: Path) -> None:
    (tmp_path / "state").touch()
    file = CrashFile(tmp_path / "state")
    file.open()
    file.close()


def test_this_computers_files_are_told_from_others(tmp_path: Path) -> None:
    folder = tmp_path / FOLDER
    folder.mkdir()
    (folder / f"run-00000000-{os.getpid() + 1}.txt").touch()  # of a computer that shares the folder
    (folder / "notes.txt").touch()
    assert sudden_ends(tmp_path) == []
    assert len(list(folder.iterdir())) == 2
