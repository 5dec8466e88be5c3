"""A window that does not answer leaves the stacks of all threads; one that was suspended does not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

_PROCESS = """
import asyncio, ctypes, logging, os, signal, subprocess, sys, time
from pathlib import Path
from itkgui.diagnosis.watchdog import Watchdog
logging.basicConfig(level=logging.INFO, format="%(message)s")

def busy_with_something(how, token):
    if how == "sleeps":
        time.sleep(1.2)
    elif how == "holds the lock":
        ctypes.PyDLL(None).usleep(1_200_000)
    elif how == "suspended":
        subprocess.Popen(["sh", "-c", f"sleep 1.8; kill -CONT {os.getpid()}"])
        os.kill(os.getpid(), signal.SIGSTOP)

async def main():
    loop = asyncio.get_running_loop()
    dog = Watchdog(Path(sys.argv[1]), loop.call_soon_threadsafe, silence=0.5, pace=0.01, rest=60)
    dog.start()
    while dog.asked < 3:
        await asyncio.sleep(0.01)
    busy_with_something(sys.argv[2], "Bearer cAnary")
    asked = dog.asked
    while dog.asked < asked + 2 and not dog.stalls:
        await asyncio.sleep(0.01)
    dog.stop()

asyncio.run(main())
"""


def watched(state: Path, how: str) -> tuple[str, str]:
    """Return what the watchdog wrote, and what was logged."""
    ended = subprocess.run(
        [sys.executable, "-c", _PROCESS, str(state), how],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    file = state / "stalls.txt"
    return (file.read_text() if file.exists() else ""), ended.stderr


@pytest.mark.alone
@pytest.mark.parametrize("how", ["sleeps", "holds the lock"])
def test_stacks_of_a_silent_window_are_written_with_the_moment(tmp_path: Path, how: str) -> None:
    written, logged = watched(tmp_path, how)
    assert "busy_with_something" in written
    assert "the window was silent for 1." in written
    assert "the window did not answer for 1." in logged
    assert str(tmp_path / "stalls.txt") in logged
    assert "cAnary" not in written + logged
    assert (tmp_path / "stalls.txt").stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(sys.platform == "win32", reason="has no such signals")
@pytest.mark.parametrize("how", ["suspended", "answers"])
def test_nothing_is_written_of_one_that_answers_or_was_suspended(tmp_path: Path, how: str) -> None:
    assert watched(tmp_path, how) == ("", "")
    assert list(tmp_path.iterdir()) == []
