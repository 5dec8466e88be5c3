"""A preview by itself with decoders as in the program, for the measurements of one kind of file."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import qasync
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from itkgui.background.worker import Worker
from itkgui.client.files import open_file
from itkgui.decoding.decoders import Decoders
from itkgui.views.garbage_collector import GarbageCollector
from itkgui.views.heartbeat import Heartbeat
from itkgui.views.previews.preview import Preview
from itkgui.views.previews.preview_content import PreviewContent
from itkgui.views.style import Style
from tests.benchmarks.figures import Figure, report

_PANE = (1000, 700)
MOST_STALL_P99_MS, MOST_STALL_MS = 16.7, 50.0


class PreviewBench:
    """Shows files and measures how long that takes, and how late the GUI thread is meanwhile."""

    def __init__(self, loop: qasync.QEventLoop, folder: Path, style: Style) -> None:
        self._loop = loop
        self.folder = folder
        self._worker, self._decoders = Worker(), Decoders()
        self.content = PreviewContent(self._worker, self._decoders, folder)
        self.content.resize(*_PANE)
        style.dress(self.content)
        self.content.show()
        first = folder / "first.txt"
        first.write_text("so that a decoder's process is ready, as in a program that runs\n")
        self.first_paint(first)

    def first_paint(self, path: Path) -> float:
        """Return the milliseconds from choosing a file until it has been painted."""
        begun = time.perf_counter()
        self.content.show_file(open_file(path, path.name))
        self.until(lambda: bool(self.content.shown_kind))
        self.content.repaint()
        return 1000 * (time.perf_counter() - begun)

    @property
    def preview(self) -> Preview:
        found = self.content.currentWidget()
        assert isinstance(found, Preview)
        return found

    def until(self, condition: Callable[[], object]) -> None:
        async def wait() -> None:
            deadline = time.monotonic() + 60
            while not condition():
                assert time.monotonic() < deadline
                await asyncio.sleep(0.001)

        self._loop.run_until_complete(wait())

    def stalls(self, name: str, moves: Iterable[Callable[[], object]]) -> Iterator[Figure]:
        """Tell how late the GUI thread was while somebody moved about, 30 times a second."""
        left = iter(moves)
        heartbeat, timer = Heartbeat(), QTimer()
        done: list[bool] = []

        def move() -> None:
            action = next(left, None)
            if action is None:
                timer.stop()
                done.append(True)
            else:
                action()

        timer.timeout.connect(move)
        timer.start(33)
        heartbeat.start()
        self.until(lambda: done)
        found = heartbeat.stop()
        yield Figure(f"{name}: stall p99", found["p99"], "ms", "≤", MOST_STALL_P99_MS)
        yield Figure(f"{name}: longest stall", found["max"], "ms", "≤", MOST_STALL_MS)

    def close(self) -> None:
        self.content.show_nothing("")
        self.content.close()
        self._worker.stop()
        self._decoders.close()


def measure(figures: Callable[[PreviewBench], Iterator[Figure]]) -> None:
    """Print what is measured with a preview, with garbage collected as the program does, and exit."""
    application = QApplication([])
    loop = qasync.QEventLoop(application)
    asyncio.set_event_loop(loop)
    with loop, tempfile.TemporaryDirectory() as name:
        style = Style(application)
        collector = GarbageCollector(application)
        collector.settle()
        bench = PreviewBench(loop, Path(name), style)
        is_reached = report(figures(bench))
        bench.close()
        collector.stop()
    sys.exit(0 if is_reached else 1)
