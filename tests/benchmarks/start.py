"""Measures the start of the program beside that of an empty window, and what it takes while nothing is done.

    python -m tests.benchmarks.start [--rounds 7] [--idle 60] [--json FILE]

The empty window is a QMainWindow with the imports of PySide6 that the program has made by then, name by
name. Both are started in turn, offscreen, from the call of Python on. The page is usable when a key that is
typed stands in its first field; the component, asked for on the command line, when its page is painted after
a click on "Sign in". A table is printed; the code is 1 if a figure is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from types import TracebackType
from typing import Any

import psutil

from tests.benchmarks.figures import Figure, share
from tests.benchmarks.figures import report as told
from tests.sandbox_process import SandboxProcess

_MODULE = "20UPGM23800001"
_SETTLED = 15.0  # s after which what a start leaves to be done is done
_MEBIBYTE = 2**20


class _Start:
    """A process of start_worker, from its call on. Its end is waited for."""

    def __init__(self, task: Mapping[str, Any]) -> None:
        self._begun = time.time()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.start_worker", json.dumps(task)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self.system = psutil.Process(self._process.pid)

    def __enter__(self) -> _Start:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._process.communicate()

    def until(self, reached: str) -> tuple[float, dict[str, Any]]:
        """Wait for this; return the seconds since the call, and all that is told. Raises RuntimeError."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        said = json.loads(line) if line else {}
        if said.get("reached") != reached:
            raise RuntimeError(f"{reached} was not reached: {said}")
        return said["moment"] - self._begun, said

    @property
    def memory(self) -> float:
        """Its resident memory in MiB, with that of the processes that it has started."""
        alive = [self.system, *self.system.children(recursive=True)]
        return sum(one.memory_info().rss for one in alive) / _MEBIBYTE


def main() -> int:
    parser = argparse.ArgumentParser(prog="start", description="Measure the start of the program.")
    parser.add_argument("--rounds", type=int, default=7, help="starts of each (7)")
    parser.add_argument(
        "--idle", type=float, default=60.0, help="seconds to watch the program do nothing (60)"
    )
    parser.add_argument("--json", type=Path, help="a file for the figures")
    arguments = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with SandboxProcess().start("--components", "3000") as sandbox:
        figures = _figures(sandbox.info, arguments.rounds, arguments.idle)
    return int(not told(figures, arguments.json))


def _figures(info: Mapping[str, Any], rounds: int, idle: float) -> list[Figure]:
    ours, empty, more = [], [], []
    for number in range(rounds + 1):  # the first one fills the caches of the disk
        with tempfile.TemporaryDirectory() as folder:
            with _Start({"info": info, "folder": f"{folder}/data", "component": _MODULE}) as program:
                until_page, said = program.until("sign-in page")
                until_component, _ = program.until("component")
                if number == rounds:
                    program.system.cpu_percent(_SETTLED)
                    used, with_component = program.system.cpu_percent(idle), program.memory
            with _Start({"imports": said["imports"]}) as window:
                until_window, _ = window.until("window")
            if number:
                ours.append(until_page)
                empty.append(until_window)
                more.append(until_component - until_page)
    with (
        tempfile.TemporaryDirectory() as folder,
        _Start({"info": info, "folder": f"{folder}/data", "component": ""}) as program,
    ):
        program.until("sign-in page")
        program.system.cpu_percent(_SETTLED)
        before_sign_in = program.memory
    return [
        share("start to a usable sign-in page, of an empty window's", median(ours), median(empty), 1.5),
        Figure("to a component of the command line, in addition", median(more), "s", "≤", 1.0),
        Figure("memory at the sign-in page", before_sign_in, "MiB", "≤", 160.0),
        Figure("memory with a component, at rest", with_component, "MiB"),
        Figure("processor while nothing is done", used, "%", "≤", 0.5),
    ]


if __name__ == "__main__":
    sys.exit(main())
