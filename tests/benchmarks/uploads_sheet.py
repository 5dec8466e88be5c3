"""Measures what dropping many files at once costs: python -m tests.benchmarks.uploads_sheet.

The running program is driven as by a person; its server is a sandbox in a process of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from itkgui import application, program
from itkgui.embedded_sandbox import sandbox_settings
from itkgui.item_models.review_row import Stage
from itkgui.settings import Settings
from itkgui.views.components.component_view import ComponentView
from itkgui.views.diagnosis.heartbeat import Heartbeat
from itkgui.views.review.review_sheet import ReviewSheet
from tests.benchmarks.figures import Figure, report
from tests.configured import configured
from tests.sandbox_process import SandboxProcess

_PATIENCE = 120.0  # s
_MODULE = "20UPGM23800001"
_SIZE = 20_000  # bytes


def main() -> int:
    parser = argparse.ArgumentParser(prog="uploads_sheet", description="Measure the drop of many files.")
    parser.add_argument("--files", type=int, default=1000, help="dropped at once (1000)")
    parser.add_argument("--json", type=Path, help="a file for the figures")
    arguments = parser.parse_args()
    logging.getLogger("itkgui").setLevel(logging.ERROR)
    return int(not report(_measured(arguments.files), arguments.json))


def _measured(count: int) -> list[Figure]:
    figures: list[Figure] = []
    with SandboxProcess().start("--components", "200") as sandbox, tempfile.TemporaryDirectory() as folder:
        settings = replace(sandbox_settings(Settings(), sandbox.info), undo_seconds=60.0)
        stick = Path(folder) / "stick"
        stick.mkdir()
        files = [stick / f"measurement-{number:04}.{_suffix(number)}" for number in range(count)]
        for path in files:
            path.write_bytes(_content(path))

        async def drive(program: application.Application) -> int:
            figures.extend(await _drop(program, files))
            return 0

        if program.run(application.Options(configured(settings, Path(folder) / "data")), drive):
            raise RuntimeError("the program did not come to its end")
    return figures


def _suffix(number: int) -> str:
    return ("txt", "json", "csv", "dat")[number % 4]


def _content(path: Path) -> bytes:
    if path.suffix == ".json":
        numbers = ", ".join(map(str, range(4000)))[: _SIZE - 90]
        return f'{{"serialNumber": "{_MODULE}", "run": "{path.stem}", "values": [{numbers}0]}}'.encode()
    return path.suffix.encode() + os.urandom(_SIZE // 2).hex().encode()


async def _drop(program: application.Application, files: list[Path]) -> list[Figure]:
    component = await _open(program)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in files])
    middle = component.rect().center()
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    await asyncio.sleep(0.5)  # what is left to do for the page is no part of it
    heart = Heartbeat()
    heart.start()
    await asyncio.sleep(2)
    rest = heart.stop()
    heart.start()
    begun = time.perf_counter()
    QApplication.sendEvent(component, QDragEnterEvent(QPoint(middle), copy, mime, left, none))
    QApplication.sendEvent(component, QDropEvent(QPointF(middle), copy, mime, left, none))
    sheet = component.sheet
    if sheet is None:
        raise RuntimeError("the files were not taken")
    await _until(lambda: len(sheet.rows) == len(files) and sheet.form.title.isEnabled())
    QTest.keyClicks(sheet.form.title, "x")
    await _until(lambda: sheet.rows[0].title.endswith("x"))
    usable = time.perf_counter() - begun
    await _until(lambda: sheet.table.are_looked_at, 0.05)
    looked_at = time.perf_counter() - begun
    await _until(lambda: all(row.stage is Stage.COPIED for row in sheet.rows), 0.05)
    copied = time.perf_counter() - begun
    stalls = heart.stop()
    sent, sending = await _send(program, sheet, len(files))
    what = f"{len(files):,} files"
    return [
        Figure("GUI stall p99 at rest, on this machine", rest["p99"], "ms"),
        Figure("longest GUI stall at rest, on this machine", rest["max"], "ms"),
        Figure(f"sheet usable after a drop of {what}", usable * 1e3, "ms", "≤", 300),
        Figure(f"{what} looked at", looked_at * 1e3, "ms"),
        Figure(f"{what} copied and hashed", copied * 1e3, "ms"),
        *_stalls(f"while {what} are dropped", stalls),
        Figure(f"{what} in the queue after Send", sent * 1e3, "ms"),
        *_stalls(f"while {what} go into the queue", sending),
    ]


async def _send(
    program: application.Application, sheet: ReviewSheet, count: int
) -> tuple[float, dict[str, float]]:
    """Press Send, and return how long it took until the queue had all, with the stalls of that time."""
    await _until(sheet.send_button.isEnabled)
    heart = Heartbeat()
    heart.start()
    begun = time.perf_counter()
    QTest.mouseClick(sheet.send_button, Qt.MouseButton.LeftButton)
    await _until(lambda: len(program.uploads) == count)
    taken = time.perf_counter() - begun
    await asyncio.sleep(0.3)
    return taken, heart.stop()


async def _open(program: application.Application) -> ComponentView:
    login = program.window.login
    await _until(lambda: login.isVisible() and login.sign_in_button.isEnabled())
    QTest.mouseClick(login.sign_in_button, Qt.MouseButton.LeftButton)
    await _until(lambda: program.window.workspace is not None)
    workspace = program.window.workspace
    if workspace is None:
        raise RuntimeError("nobody is signed in")
    workspace.scan_box.setText(_MODULE)
    QTest.keyClick(workspace.scan_box, Qt.Key.Key_Return)
    await _until(lambda: workspace.current_component is not None)
    component = workspace.current_component
    if component is None:
        raise RuntimeError("no component is open")
    await _until(lambda: component.is_complete and bool(component.tests.table.runs))
    return component


async def _until(is_true: Callable[[], bool], pause: float = 0.001) -> None:
    deadline = time.perf_counter() + _PATIENCE
    while not is_true():
        if time.perf_counter() > deadline:
            raise TimeoutError("what was waited for never came")
        await asyncio.sleep(pause)


def _stalls(when: str, stalls: dict[str, float]) -> Iterator[Figure]:
    yield Figure(f"GUI stall p99 {when}", stalls["p99"], "ms", "≤", 16.7)
    yield Figure(f"longest GUI stall {when}", stalls["max"], "ms", "≤", 50)


if __name__ == "__main__":
    sys.exit(main())
