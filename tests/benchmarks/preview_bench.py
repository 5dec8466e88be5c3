"""A preview by itself, with decoders as in the program, and a watch on the GUI thread."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import qasync
from PySide6.QtWidgets import QApplication

from itkgui.background.worker import Worker
from itkgui.client.files import BinaryFile
from itkgui.decoding.decoders import Decoders
from itkgui.views.garbage_collector import GarbageCollector
from itkgui.views.heartbeat import Heartbeat
from itkgui.views.previews.preview_content import PreviewContent
from itkgui.views.style import Style
from tests.benchmarks.figures import Figure

_PANE = (700, 640)
MOST_STALL_P99_MS, MOST_STALL_MS = 16.7, 50.0


class PreviewBench:
    """Shows files one after another; ``stalls`` are how late the GUI thread was since the last ``watch``."""

    def __init__(self, loop: qasync.QEventLoop, folder: Path) -> None:
        self._loop = loop
        self._worker, self._decoders = Worker(), Decoders()
        self._heartbeat = Heartbeat()
        self.content = PreviewContent(self._worker, self._decoders, folder)
        self.content.resize(*_PANE)
        Style.in_use().dress(self.content)
        self.content.show()

    def shown(self, file: BinaryFile, kind: str) -> float:
        """Return the seconds from choosing a file until it has been painted."""
        begun = time.perf_counter()
        self.content.show_file(file)
        self.until(lambda: self.content.shown_kind == kind)
        self.content.repaint()
        return time.perf_counter() - begun

    def until(self, condition: Callable[[], bool]) -> None:
        async def wait() -> None:
            deadline = time.monotonic() + 60
            while not condition():
                assert time.monotonic() < deadline
                await asyncio.sleep(0.001)

        self._loop.run_until_complete(wait())

    def each_frame(self, steps: Iterable[Callable[[], object]]) -> None:
        """Take one step in each frame, 60 times a second, as somebody who holds a key."""

        async def go() -> None:
            for step in steps:
                step()
                await asyncio.sleep(1 / 60)

        self._loop.run_until_complete(go())

    def watch(self) -> None:
        self._heartbeat = Heartbeat()
        self._heartbeat.start()

    def stalls(self, name: str) -> Iterator[Figure]:
        found = self._heartbeat.stop()
        yield Figure(f"{name}: stall p99", found["p99"], "ms", "≤", MOST_STALL_P99_MS)
        yield Figure(f"{name}: longest stall", found["max"], "ms", "≤", MOST_STALL_MS)

    def close(self) -> None:
        self.content.show_nothing("")
        self.content.close()
        self._worker.stop()
        self._decoders.close()


@contextmanager
def previews_in(folder: Path) -> Iterator[PreviewBench]:
    """Run an application with nothing but a preview in it, with garbage collected as the program does."""
    application = QApplication([])
    loop = qasync.QEventLoop(application)
    asyncio.set_event_loop(loop)
    Style(application)
    collector = GarbageCollector(application)
    collector.settle()
    with loop:
        bench = PreviewBench(loop, folder)
        yield bench
        bench.close()
    collector.stop()
