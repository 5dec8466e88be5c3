"""Measures the list of attachments: the down key held through a hundred of them, in rows and as a gallery.

Run with ``python -m tests.benchmarks.previews_list``, offscreen unless QT_QPA_PLATFORM says otherwise.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from itkgui import application, program
from itkgui.client.database import NewAttachment, ProductionDatabase
from itkgui.embedded_sandbox import sandbox_settings
from itkgui.records.attachment import Attachment, Storage
from itkgui.settings import Settings
from itkgui.views.components.component_view import ATTACHMENTS
from itkgui.views.diagnosis.heartbeat import Heartbeat
from tests.benchmarks.figures import Figure, report
from tests.configured import configured
from tests.sandbox_process import SandboxProcess

_MODULE = "20UPGM23800001"  # with pictures, logs, archives and more to copy from
_TARGET = "20USBML0000001"
_FILES = 100
_REPEAT_S = 0.03  # between two key events of a key that is held
_DELAY_S = 0.5  # before the first of them
_PATIENCE = 60.0
MOST_FRAME_MS, MOST_STALL_P99_MS, MOST_STALL_MS = 33.0, 16.7, 50.0


def main() -> int:
    figures: list[Figure] = []
    with SandboxProcess().start("--components", "300") as sandbox, tempfile.TemporaryDirectory() as folder:
        settings = sandbox_settings(Settings(), sandbox.info)
        _attach(settings, Path(folder))

        async def drive(program: application.Application) -> int:
            page = await _opened(program)
            figures.extend(await _held(page, page.view, "rows"))
            page.bar.gallery_button.click()
            figures.extend(await _held(page, page.gallery, "gallery"))
            return int(bool(program.faults))

        if program.run(application.Options(configured(settings, Path(folder) / "data")), drive):
            raise RuntimeError("the program did not come to its end")
    return int(not report(figures))


def _attach(settings: Settings, folder: Path) -> None:
    """Give a module a hundred files of all kinds."""
    with ProductionDatabase.sign_in(settings) as database:
        source = database.component(_MODULE).component
        target = database.component(_TARGET).component
        wanted = [a for a in source.attachments if a.storage is not Storage.LINK]
        files = [database.download(a, folder) for a in wanted]
        for number in range(_FILES):
            file = files[number % len(files)]
            if file.size:
                new = NewAttachment.of(file.path, f"{number:03} {file.name}")
                database.attach(target, new)


async def _opened(program: application.Application) -> Any:
    window = program.window
    window.resize(1366, 768)
    await _until(lambda: window.isVisible() and window.login.sign_in_button.isEnabled())
    QTest.mouseClick(window.login.sign_in_button, Qt.MouseButton.LeftButton)
    await _until(lambda: window.workspace is not None)
    workspace = window.workspace
    if workspace is None:
        raise RuntimeError("nobody is signed in")
    workspace.look_up(_TARGET)
    await _until(lambda: workspace.current_component is not None and workspace.current_component.is_complete)
    component = workspace.current_component
    if component is None:
        raise RuntimeError("no component is open")
    component.show_tab(ATTACHMENTS)
    await _until(lambda: component.attachments.table.rowCount() >= _FILES - 10)
    await asyncio.sleep(1)
    return component.attachments


async def _held(page: Any, view: Any, name: str) -> list[Figure]:
    """Hold the down key from the first file to the last, as the keyboard repeats it."""
    shown: list[str] = []

    def note(attachment: Attachment) -> None:
        shown.append(attachment.code)

    page.preview.shown.connect(note)
    page.view.choose_row(0)
    view.setFocus()
    key = Qt.Key.Key_Down if name == "rows" else Qt.Key.Key_Right
    QTest.keyClick(view, key)
    await asyncio.sleep(_DELAY_S)
    shown.clear()
    heart = Heartbeat()
    heart.start()
    frames: list[float] = []
    own: list[float] = []
    last = page.table.rowCount() - 1
    # Behind the first press there are only these, with nothing between them.
    repeated = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, "", True)
    while page.view.currentIndex().row() < last:
        begun, busy = time.perf_counter(), time.thread_time()
        QApplication.sendEvent(view, repeated)
        view.viewport().repaint()
        page.preview.repaint()
        frames.append(time.perf_counter() - begun)
        own.append(time.thread_time() - busy)
        await asyncio.sleep(max(0.0, _REPEAT_S - frames[-1]))
    on_the_way = len([code for code in shown if code != page.view.chosen.code])
    ended = time.perf_counter()
    await _until(lambda: page.view.chosen.code in shown)
    until_shown = time.perf_counter() - ended
    await asyncio.sleep(1)
    stalls = heart.stop()
    page.preview.shown.disconnect(note)
    text = f"down key through {len(frames)} files, {name}"
    return [
        Figure(f"slowest frame, {text}", max(frames) * 1e3, "ms", "≤", MOST_FRAME_MS),
        Figure(f"of it the GUI thread's own work, {name}", max(own) * 1e3, "ms"),
        Figure(f"files loaded in full on the way, {name}", on_the_way, "", "≤", 0),
        Figure(f"the last one here after, {name}", until_shown * 1e3, "ms"),
        Figure(f"GUI stall p99, {text}", stalls["p99"], "ms", "≤", MOST_STALL_P99_MS),
        Figure(f"longest GUI stall, {text}", stalls["max"], "ms", "≤", MOST_STALL_MS),
    ]


async def _until(is_true: Callable[[], bool]) -> None:
    deadline = time.perf_counter() + _PATIENCE
    while not is_true():
        if time.perf_counter() > deadline:
            raise TimeoutError("what was waited for never came")
        await asyncio.sleep(0.005)


if __name__ == "__main__":
    sys.exit(main())
