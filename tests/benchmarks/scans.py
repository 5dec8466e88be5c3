"""Scans for minutes, as a keyboard scanner does, into a window that works: is each found, and none garbled?

    python -m tests.benchmarks.scans [--minutes 10] [--rate 60] [--json FILE]

Keys come from another process, each with its time, whatever the window does; somebody types between scans.
Prints a table; ends with code 1 if a figure is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles

if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from itkgui import application, program
from itkgui.client import Client
from itkgui.embedded_sandbox import sandbox_settings
from itkgui.scanning.scan_log import Outcome, ScanEntry
from itkgui.settings import Settings
from itkgui.views.diagnosis.heartbeat import Heartbeat
from itkgui.views.window.workspace_view import WorkspaceView
from tests.benchmarks.figures import Figure, report
from tests.configured import configured
from tests.sandbox_process import SandboxProcess
from tests.wedge import WedgeCable

_PATIENCE = 60.0  # s
_KEY = 5.0  # ms between two keys of the scanner
_USUAL = 1.0  # seconds from scan to scan; of faster ones the newest counts
_PARTS = 12
_TYPED = "lot 7, tray "  # over and over, a character after each scan


def main() -> int:
    parser = argparse.ArgumentParser(prog="scans", description="Measure what becomes of scans.")
    parser.add_argument("--minutes", type=float, default=10.0, help="for so long (10)")
    parser.add_argument("--rate", type=float, default=60.0, help="scans a minute (60)")
    parser.add_argument("--json", type=Path, help="a file for the figures")
    arguments = parser.parse_args()
    logging.getLogger("itkgui").setLevel(logging.ERROR)
    count = max(1, round(arguments.minutes * arguments.rate))
    return int(not report(measured(count, 60 / arguments.rate), arguments.json))


def measured(count: int, every: float) -> list[Figure]:
    """Scan so often, every so many seconds; return what became of it."""
    figures: list[Figure] = []
    with SandboxProcess().start("--components", "500") as sandbox, tempfile.TemporaryDirectory() as folder:
        settings = sandbox_settings(Settings(), sandbox.info)
        with Client(settings) as client:
            modules = {"project": "P", "componentType": ["MODULE"]}
            found = client.pages("listComponents", {"filterMap": modules})
            serials = [part["serialNumber"] for part, _ in zip(found, range(_PARTS), strict=False)]

        async def drive(program: application.Application) -> int:
            figures.extend(await _Bench(program).scan(serials, count, every))
            return 0

        if program.run(application.Options(configured(settings, Path(folder))), drive):
            raise RuntimeError("the program did not come to its end")
    return figures


class _Bench:
    """The running program, a scanner, and what became of each scan."""

    def __init__(self, program: application.Application) -> None:
        self._program = program
        self._entries: list[tuple[float, ScanEntry]] = []
        self._sent: list[tuple[float, str]] = []

    @property
    def _workspace(self) -> WorkspaceView:
        workspace = self._program.window.workspace
        if workspace is None:
            raise RuntimeError("nobody is signed in")
        return workspace

    async def scan(self, serials: list[str], count: int, every: float) -> list[Figure]:
        await self._sign_in()
        self._workspace.scan_desk.logged.connect(
            lambda entry: self._entries.append((time.monotonic(), entry))
        )
        box = self._workspace.scan_box
        box.setFocus()
        await self._until(box.hasFocus)
        window = self._program.window.windowHandle()
        if window is None:
            raise RuntimeError("the window is not shown")
        cable = WedgeCable(window)
        heart = Heartbeat()
        heart.start()
        wanted = [serials[number % len(serials)] for number in range(count)]
        typed = (_TYPED * count)[:count]
        scans = ((number * every, f"{serial}\r") for number, serial in enumerate(wanted, 1))
        keys = (((number + 0.6) * every, char) for number, char in enumerate(typed, 1))
        cable.type([key for both in zip(scans, keys, strict=True) for key in both], every=_KEY)
        await asyncio.sleep(count * every)
        await self._until(lambda: len(cable.ended) == 2 * count)
        await self._until(lambda: len(self._entries) >= count and box.text() == typed, soon=True)
        stalls = heart.stop()
        cable.close()
        self._sent = list(zip(cable.ended[::2], wanted, strict=True))
        return [*self._figures(count, every, box.text() == typed), *_stall_figures(stalls)]

    def _figures(self, count: int, every: float, is_typing_whole: bool) -> list[Figure]:
        entries = [entry for _, entry in self._entries]
        wanted = [serial for _, serial in self._sent]
        is_right = [entry.text == serial for entry, serial in zip(entries, wanted, strict=False)]
        ends = (Outcome.FOUND, Outcome.AGAIN)
        found = sum(entry.outcome in ends and entry.found == entry.text for entry in entries)
        wrong = sum(entry.found not in ("", entry.text) for entry in entries)
        waits = [
            (told - sent) * 1000
            for (told, _), (sent, _serial) in zip(self._entries, self._sent, strict=False)
        ]
        return [
            Figure("scans", count, ""),
            Figure("scans lost", count - len(entries), "", "≤", 0),
            Figure("scans garbled", is_right.count(False), "", "≤", 0),
            Figure("components opened that were not scanned", wrong, "", "≤", 0),
            Figure("scans found before the next one", found, "", "≥" if every >= _USUAL else "", count),
            Figure("typing between scans lost or changed", int(not is_typing_whole), "", "≤", 0),
            Figure("last key to component opened, median", median(waits), "ms"),
            Figure(
                "last key to component opened, p99", quantiles(waits, n=100)[-1] if count > 1 else 0, "ms"
            ),
        ]

    async def _sign_in(self) -> None:
        login = self._program.window.login
        await self._until(lambda: login.isVisible() and login.sign_in_button.isEnabled())
        QTest.mouseClick(login.sign_in_button, Qt.MouseButton.LeftButton)
        await self._until(lambda: self._program.window.workspace is not None)
        await self._until(lambda: bool(self._workspace.search_view.table.records))

    async def _until(self, is_true: Callable[[], bool], *, soon: bool = False) -> None:
        deadline = time.monotonic() + (_PATIENCE / 10 if soon else _PATIENCE)
        while not is_true():
            if time.monotonic() > deadline:
                if soon:  # the figures tell what is missing
                    return
                raise TimeoutError("what was waited for never came")
            await asyncio.sleep(0.005)


def _stall_figures(stalls: dict[str, float]) -> list[Figure]:
    return [
        Figure("GUI stall p99 meanwhile", stalls["p99"], "ms"),
        Figure("longest GUI stall meanwhile", stalls["max"], "ms"),
    ]


if __name__ == "__main__":
    sys.exit(main())
