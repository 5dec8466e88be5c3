"""A preview by itself, with decoders as in the program, and a watch on the GUI thread."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import qasync
from PySide6.QtWidgets import QApplication

from itkgui.background.worker import Worker
from itkgui.client.files import BinaryFile, open_file
from itkgui.decoding.decoders import Decoders
from itkgui.views.diagnosis.heartbeat import Heartbeat
from itkgui.views.previews.preview import Preview
from itkgui.views.previews.preview_content import PreviewContent
from itkgui.views.style import QT_ARGUMENTS, Style
from itkgui.views.window.garbage_collector import GarbageCollector
from tests.benchmarks.figures import Figure, report

_PANE = (1000, 700)
MOST_STALL_P99_MS, MOST_STALL_MS = 16.7, 50.0

P = TypeVar("P", bound=Preview)


class PreviewBench:
    """Shows files one after another; ``stalls`` are how late the GUI thread was since the last ``watch``."""

    def __init__(self, loop: qasync.QEventLoop, folder: Path) -> None:
        self._loop = loop
        self.folder = folder
        self._worker, self._decoders = Worker(), Decoders()
        self._heartbeat = Heartbeat()
        self.content = PreviewContent(self._worker, self._decoders, folder / "members")
        self.content.resize(*_PANE)
        Style.in_use().dress(self.content)
        self.content.show()
        first = folder / "first.txt"
        first.write_text("so that a decoder's process is ready, as in a program that runs\n")
        self.first_paint(open_file(first, first.name))

    def first_paint(self, file: BinaryFile, kind: str = "") -> float:
        """Return the milliseconds from choosing a file until it has been painted, as ``kind`` if given."""
        begun = time.perf_counter()
        self.content.show_file(file)
        self.until(lambda: self.content.shown_kind and kind in ("", self.content.shown_kind))
        self.content.repaint()
        return 1000 * (time.perf_counter() - begun)

    def paint_prepared(self, before: BinaryFile, file: BinaryFile) -> float:
        """Return the same for a file that was decoded ahead, while another was looked at."""
        self.first_paint(before)
        self.content.prepare(file)
        self.until(lambda: self.content.is_prepared)
        return self.first_paint(file)

    def preview(self, kind: type[P]) -> P:
        """Return the preview that is shown, of the kind that it is."""
        found = self.content.currentWidget()
        assert isinstance(found, kind)
        return found

    def until(self, condition: Callable[[], object]) -> None:
        async def wait() -> None:
            deadline = time.monotonic() + 60
            while not condition():
                assert time.monotonic() < deadline
                await asyncio.sleep(0.001)

        self._loop.run_until_complete(wait())

    def each_frame(self, steps: Iterable[Callable[[], object]], rate: int = 60) -> None:
        """Take one step in each frame, so many a second, as somebody who holds a key."""

        async def go() -> None:
            for step in steps:
                step()
                await asyncio.sleep(1 / rate)

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


def measure(figures: Callable[[PreviewBench], Iterator[Figure]]) -> None:
    """Print what is measured with a preview, with garbage collected as the program does, and exit."""
    application = QApplication([*sys.argv[:1], *QT_ARGUMENTS])
    loop = qasync.QEventLoop(application)
    asyncio.set_event_loop(loop)
    with loop, tempfile.TemporaryDirectory() as name:
        Style(application)
        collector = GarbageCollector(application)
        collector.settle()
        bench = PreviewBench(loop, Path(name))
        is_reached = report(figures(bench))
        bench.close()
        collector.stop()
    sys.exit(0 if is_reached else 1)
