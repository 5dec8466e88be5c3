"""Measures what 500 uploads at once cost the window: stalls while one looks at them, or at their target.

    python -m tests.benchmarks.uploads_view [--files 500] [--latency 20] [--json FILE]

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
from collections.abc import Callable, Iterator
from pathlib import Path

if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from itkgui import application, program
from itkgui.embedded_sandbox import sandbox_settings
from itkgui.records.attachment import Owner, Storage
from itkgui.settings import Settings
from itkgui.uploads.upload import Upload, UploadKind, UploadState
from itkgui.views.diagnosis.heartbeat import Heartbeat
from itkgui.views.window.workspace_view import WorkspaceView
from tests.benchmarks.figures import Figure, report
from tests.configured import configured
from tests.sandbox_process import SandboxProcess

_PATIENCE = 300.0  # s
_SIZE = 20_000  # bytes
_TARGETS = 30
_MODULE = "20UPGM23800001"


def main() -> int:
    parser = argparse.ArgumentParser(prog="uploads_view", description="Measure the window while it uploads.")
    parser.add_argument("--files", type=int, default=500)
    parser.add_argument("--latency", type=int, default=20, help="of the sandbox, in ms (20)")
    parser.add_argument("--json", type=Path, help="a file for the figures")
    arguments = parser.parse_args()
    logging.getLogger("itkgui").setLevel(logging.ERROR)
    figures: list[Figure] = []
    options = ("--components", "1000", "--latency", str(arguments.latency))
    with SandboxProcess().start(*options) as sandbox, tempfile.TemporaryDirectory() as folder:
        settings = sandbox_settings(Settings(undo_seconds=0), sandbox.info)

        async def drive(program: application.Application) -> int:
            window = _Window(program, Path(folder), arguments.files)
            await window.sign_in()
            figures.extend(await window.on_the_list())
            figures.extend(await window.on_the_target())
            return 0

        if program.run(application.Options(configured(settings, Path(folder) / "data")), drive):
            raise RuntimeError("the program did not come to its end")
    return int(not report(figures, arguments.json))


class _Window:
    """The running program, as somebody who uploads uses it."""

    def __init__(self, program: application.Application, folder: Path, files: int) -> None:
        self._program = program
        self._folder = folder
        self._files = files

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
        await self._until(lambda: len(self._workspace.search_view.table.records) >= _TARGETS)

    async def on_the_list(self) -> list[Figure]:
        """Send files to many components, with all of them on the screen."""
        self._workspace.go_to(self._workspace.upload_view)
        parts = self._workspace.search_view.table.records[:_TARGETS]
        return list(await self._send("the list in sight", [part.owner for part in parts]))

    async def on_the_target(self) -> list[Figure]:
        """Send as many to the one component that is on the screen; it loads again at the end."""
        self._workspace.look_up(_MODULE)
        await self._until(lambda: self._workspace.current_component is not None)
        view = self._workspace.current_component
        if view is None:
            raise RuntimeError("the component was closed")
        await self._until(lambda: view.is_complete and bool(view.tests.runs))
        before = len(view.attachments.table.records)
        loads = 0

        def count() -> None:
            nonlocal loads
            loads += 1

        view.attachments.table.modelReset.connect(count)
        figures = list(await self._send("their target in sight", [view.component.owner]))
        await self._until(lambda: len(view.attachments.table.records) == before + self._files)
        return [*figures, Figure("times that the target's files were shown", loads, "", "≤", 2)]

    async def _send(self, when: str, targets: list[Owner]) -> Iterator[Figure]:
        queue = self._program.window.workspace and self._workspace.upload_view.watch.uploads
        if not queue:
            raise RuntimeError("there is no queue")
        uploads = [self._upload(number, targets[number % len(targets)]) for number in range(self._files)]
        heart, begun = Heartbeat(), time.perf_counter()
        heart.start()
        rows = await queue.add(uploads)
        added = time.perf_counter() - begun
        ids = {row.id for row in rows}
        await self._until(
            lambda: all(row.state is UploadState.DONE for row in queue.uploads if row.id in ids)
        )
        whole = time.perf_counter() - begun
        await asyncio.sleep(1.0)
        stall = heart.stop()
        return iter(
            (
                Figure(f"{self._files} uploads added, {when}", added * 1e3, "ms"),
                Figure(f"{self._files} uploads done, {when}", whole, "s"),
                Figure(f"GUI stall p99, {when}", stall["p99"], "ms", "≤", 16.7),
                Figure(f"longest GUI stall, {when}", stall["max"], "ms", "≤", 50),
            )
        )

    def _upload(self, number: int, target: Owner) -> Upload:
        path = self._folder / f"{target.key[:8]}-{number:04}.txt"
        path.write_bytes(os.urandom(_SIZE))
        kind, storage = UploadKind.FILE, Storage.FILE
        return Upload(
            kind,
            target,
            path.name,
            path.stem,
            "",
            storage,
            _SIZE,
            "text/plain",
            str(path),
            component=target.key,
        )

    async def _until(self, is_true: Callable[[], bool]) -> None:
        deadline = time.perf_counter() + _PATIENCE
        while not is_true():
            if time.perf_counter() > deadline:
                raise TimeoutError("what was waited for never came")
            await asyncio.sleep(0.02)


if __name__ == "__main__":
    sys.exit(main())
