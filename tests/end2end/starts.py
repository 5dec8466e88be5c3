"""Starts of the program, each a process of its own as a desktop makes it, and where they find each other."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.gui.person import Person

PIXEL, STRIP, THIRD, FOURTH = "20UPGM23800001", "20USBML0000001", "20UPGM23800002", "20UPGM23800003"
LISTENS, MUTE = "later starts find this window", "running but does not answer"
PATIENCE = 30.0

Condition = Callable[[], object]


class Start:
    """One start of the program; what it says goes to files, as nobody reads it while it runs."""

    def __init__(self, folder: Path, *arguments: str, python_options: tuple[str, ...] = ()) -> None:
        self._out, self._err = folder / "out", folder / "err"
        folder.mkdir()
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self.process = subprocess.Popen(
                [sys.executable, "-W", "error", *python_options, "-m", "itkgui", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
            )

    @property
    def out(self) -> str:
        return self._out.read_text("utf-8")

    @property
    def log(self) -> str:
        return self._err.read_text("utf-8")

    @property
    def asked_for(self) -> list[str]:
        """What later starts have asked this one for."""
        return re.findall(r"a later start asks for (.+)", self.log)

    def until(self, condition: Condition, what: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, f"still waiting for {what}; said: {self.log}"
            time.sleep(0.01)

    def until_listening(self) -> Start:
        self.until(lambda: LISTENS in self.log, "the window")
        return self

    def ended(self) -> int:
        """Wait until it has ended; return its exit code."""
        return self.process.wait(PATIENCE)

    def send(self, name: str) -> None:
        self.process.send_signal(getattr(signal, name))

    def close(self) -> None:
        """End it, in order if it runs well, and check that it was well."""
        if self.process.poll() is None:
            self.send("SIGCONT")
            self.send("SIGTERM")
            try:
                assert self.ended() == 0, self.log
            finally:
                self.process.kill()
        assert "Traceback" not in self.log, self.log


def sockets(runtime: Path) -> list[Path]:
    return [path for path in runtime.iterdir() if path.suffix != ".lock"]


def answered(person: Person, later: Start) -> int:
    """Wait for a start that the window of this process answers; return its exit code."""
    person.until(lambda: later.process.poll() is not None, "the answer")
    return later.ended()
