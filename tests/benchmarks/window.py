"""Measures the window on the sandbox, offscreen: how soon one sees what, what stalls it, what it keeps.

    python -m tests.benchmarks.window [--components 500] [--json FILE]

Prints a table; ends with code 1 if a figure is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import logging
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest

from itkgui import application, program
from itkgui.client import Client
from itkgui.embedded_sandbox import sandbox_settings
from itkgui.settings import Settings
from itkgui.views.diagnosis.heartbeat import Heartbeat
from itkgui.views.window.workspace_view import WorkspaceView
from tests.benchmarks.figures import Figure, report
from tests.configured import configured
from tests.sandbox_process import SandboxProcess

_PATIENCE = 60.0  # s
_RUNS = 1_000
_LATENCY = 50  # ms
_MODULE = "20UPGM23800001"
_SCANS = 5
_WARM_UP = 20


def main() -> int:
    parser = argparse.ArgumentParser(prog="window", description="Measure the window.")
    parser.add_argument("--components", type=int, default=500, help="to open one after another (500)")
    parser.add_argument(
        "--latency", type=int, help="measure at this latency in ms only; default: at 0 and 50"
    )
    parser.add_argument("--json", type=Path, help="a file for the figures")
    arguments = parser.parse_args()
    if arguments.latency is not None:
        logging.getLogger("itkgui").setLevel(logging.ERROR)
        return int(not report(_measured(arguments.latency, arguments.components), arguments.json))
    # Qt's application can be made once in a process.
    rows: list[Any] = []
    missed = False
    with tempfile.TemporaryDirectory() as folder:
        for latency in (0, _LATENCY):
            part = Path(folder) / f"{latency}.json"
            options = [
                "--latency",
                str(latency),
                "--components",
                str(arguments.components),
                "--json",
                str(part),
            ]
            command = [sys.executable, "-m", "tests.benchmarks.window", *options]
            missed |= bool(subprocess.run(command, check=False).returncode)
            rows += json.loads(part.read_text("utf-8"))
    if arguments.json is not None:
        arguments.json.write_text(json.dumps(rows, indent=2, ensure_ascii=False) + "\n", "utf-8")
    return int(missed)


def _measured(latency: int, components: int) -> list[Figure]:
    figures: list[Figure] = []
    options = ("--components", "3000", "--latency", str(latency))
    with SandboxProcess().start(*options) as sandbox, tempfile.TemporaryDirectory() as folder:
        settings = sandbox_settings(Settings(), sandbox.info)
        crowded = "" if latency else _with_many_runs(settings)
        codes = [] if latency else _modules(settings, components + _WARM_UP)

        async def drive(program: application.Application) -> int:
            window = _Window(program)
            await window.sign_in()
            figures.extend(await window.scans(latency))
            if not latency:
                figures.extend(await window.many_runs(crowded))
                figures.extend(await window.many_components(codes))
            return 0

        if program.run(application.Options(configured(settings, Path(folder))), drive):
            raise RuntimeError("the program did not come to its end")
    return figures


def _modules(settings: Settings, count: int) -> list[str]:
    """Return the codes of so many pixel parts."""
    with Client(settings) as client:
        wanted = {"project": "P", "state": "ready"}
        found = client.pages("listComponents", {"filterMap": wanted})
        return [part["code"] for part in itertools.islice(found, count)]


def _with_many_runs(settings: Settings) -> str:
    """Upload test runs to a strip module until it has 1,000, and return its serial number."""
    with Client(settings) as client:
        body = {"project": "S", "subproject": "SB", "institution": "UCSC", "componentType": "MODULE"}
        made = client.post("registerComponent", {**body, "type": "BARREL_SS_MODULE", "properties": {}})
        component = client.get("getComponent", {"component": made["component"]["code"]})
        client.post("setComponentStage", {"component": component["code"], "stage": "GLUED"})
        kinds = client.pages("listTestTypes", {"project": "S", "componentType": "MODULE"})
        kind = next(kind for kind in kinds if kind["code"] == "GLUE_WEIGHT")
        values = {"float": 1.5, "integer": 3, "boolean": True, "string": "as told", "object": {"a": [1, 2]}}

        def value(declared: dict[str, Any]) -> Any:
            found = values[declared["dataType"]]
            return [found, found] if declared["valueType"] == "array" else found

        run = {
            "component": component["code"],
            "testType": kind["code"],
            "institution": "UCSC",
            "passed": True,
            "problems": False,
            "properties": {entry["code"]: value(entry) for entry in kind["properties"]},
            "results": {entry["code"]: value(entry) for entry in kind["parameters"]},
        }
        for number in range(_RUNS):
            moment = f"2026-{1 + number % 12:02}-{1 + number % 28:02}T08:{number % 60:02}:00.000Z"
            client.post("uploadTestRunResults", {**run, "runNumber": str(number), "date": moment})
        return str(component["serialNumber"])


class _Painted(QObject):
    """Notes when a widget is painted."""

    def __init__(self) -> None:
        super().__init__()
        self.widgets: set[int] = set()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() is QEvent.Type.Paint:
            self.widgets.add(id(watched))
        return False


class _Window:
    """The running program, as somebody who scans uses it."""

    def __init__(self, program: application.Application) -> None:
        self._program = program
        self._painted = _Painted()

    @property
    def _workspace(self) -> WorkspaceView:
        workspace = self._program.window.workspace
        if workspace is None:
            raise RuntimeError("nobody is signed in")
        return workspace

    async def sign_in(self) -> None:
        login = self._program.window.login
        await self._until(lambda: login.isVisible() and login.sign_in_button.isEnabled())
        QTest.mouseClick(login.sign_in_button, Qt.MouseButton.LeftButton)
        await self._until(lambda: self._program.window.workspace is not None)
        await self._until(lambda: bool(self._workspace.search_view.table.records))
        # Of nothing else: a filter of the whole program would be most of what it then waits for.
        self._workspace.open.made.connect(lambda view: view.strip.installEventFilter(self._painted))

    async def scans(self, latency: int) -> list[Figure]:
        """Scan a module again and again, its page closed in between, until its identity strip is painted."""
        await self._scan(_MODULE)  # the first one makes what is made once
        times, all_there, stalls = [], [], []
        for _ in range(_SCANS):
            await self._close()
            heart = Heartbeat()
            heart.start()
            begun = time.perf_counter()
            times.append(await self._scan(_MODULE) - begun)
            await self._until(lambda: bool(self._runs))
            all_there.append(time.perf_counter() - begun)
            await asyncio.sleep(0.3)
            stalls.append(heart.stop())
        limit = 2 * latency + 100
        where = f"{latency} ms away" if latency else "near by"
        return [
            Figure(f"scan to identity strip painted, {where}", median(times) * 1e3, "ms", "≤", limit),
            Figure(f"scan to test runs in the table, {where}", median(all_there) * 1e3, "ms", "≤", 1000),
            *_stall_figures(f"while a component loads, {where}", stalls),
        ]

    async def many_runs(self, serial: str) -> list[Figure]:
        """Open a component with a thousand test runs until all of them are in the table."""
        times, stalls = [], []
        for _ in range(3):
            await self._close()
            heart = Heartbeat()
            heart.start()
            await self._scan(serial)
            begun = time.perf_counter()
            await self._until(lambda: len(self._runs) == _RUNS)
            times.append(time.perf_counter() - begun)
            await asyncio.sleep(0.3)
            stalls.append(heart.stop())
        return [
            Figure("1,000 test runs in the table", median(times) * 1e3, "ms", "≤", 500),
            *_stall_figures("while 1,000 test runs load", stalls),
        ]

    async def many_components(self, codes: list[str]) -> list[Figure]:
        """Open components one after another, and close each: what is kept of them all?"""
        for code in codes[:_WARM_UP]:
            await self._visit(code)
        before = _memory()
        for code in codes[_WARM_UP:]:
            await self._visit(code)
        growth = _memory() - before
        return [Figure(f"memory kept of {len(codes) - _WARM_UP} components", growth, "MiB", "≤", 60)]

    async def _visit(self, code: str) -> None:
        await self._scan(code)
        await self._until(lambda: bool(self._runs) or not self._view.component.runs)
        await self._close()

    @property
    def _view(self) -> Any:
        return self._workspace.current_component

    @property
    def _runs(self) -> Sequence[Any]:
        """The test runs in the table of the open component, which is made a little after the page."""
        tests = getattr(self._view, "tests", None)
        return () if tests is None else tests.table.runs

    async def _scan(self, text: str) -> float:
        """Look a component up, and return when its identity strip was painted."""
        self._painted.widgets.clear()
        box = self._workspace.scan_box
        box.setText(text)
        QTest.keyClick(box, Qt.Key.Key_Return)

        def is_painted() -> bool:
            view = self._view
            return (
                view is not None
                and text in (view.component.serial_number, view.component.code)
                and id(view.strip) in self._painted.widgets
            )

        await self._until(is_painted)
        return time.perf_counter()

    async def _close(self) -> None:
        while self._workspace.current_component is not None:
            QTest.keyClick(self._program.window, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
            await asyncio.sleep(0.02)

    async def _until(self, is_true: Callable[[], bool]) -> None:
        deadline = time.perf_counter() + _PATIENCE
        while not is_true():
            if time.perf_counter() > deadline:
                raise TimeoutError("what was waited for never came")
            await asyncio.sleep(0.001)


def _stall_figures(when: str, stalls: list[dict[str, float]]) -> Iterator[Figure]:
    yield Figure(f"GUI stall p99 {when}", median(stall["p99"] for stall in stalls), "ms", "≤", 16.7)
    yield Figure(f"longest GUI stall {when}", max(stall["max"] for stall in stalls), "ms", "≤", 50)


def _memory() -> float:
    """Return the resident size of this process in MiB."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024


if __name__ == "__main__":
    sys.exit(main())
