"""Measures a table of 100,000 components: sorting, filtering, growing, and how long the GUI stands still.

    QT_QPA_PLATFORM=offscreen python -m tests.benchmarks.tables [--rows 100000]

Prints the figures and ends with code 1 if one of them is missed.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication

from itkgui.item_models.component_table import ComponentTable
from itkgui.records.component import ComponentSummary
from itkgui.views.diagnosis.heartbeat import Heartbeat
from itkgui.views.style import QT_ARGUMENTS, Style
from itkgui.views.tables.record_view import RecordView
from itkgui.views.window.garbage_collector import GarbageCollector

_ANSWER_LIMIT = 100.0  # ms, from the click or the key to the rows
_STALL_LIMIT = 16.0  # ms
_UP, _DOWN = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
_PATIENCE = 60.0  # s


@dataclass(frozen=True)
class Figure:
    """What was measured, in ms: until it was done and painted, and how late the GUI thread was meanwhile.

    ``longest_turn`` is the most that one turn of the event loop computed, whatever else the computer did.
    """

    name: str
    took: float
    stalls: dict[str, float]
    longest_turn: float
    is_limited: bool

    @property
    def is_missed(self) -> bool:
        return self.is_limited and (self.took > _ANSWER_LIMIT or self.stalls["max"] > _STALL_LIMIT)

    def __str__(self) -> str:
        verdict = ("MISSED" if self.is_missed else "ok") if self.is_limited else ""
        stalls = f"stall p99 {self.stalls['p99']:6.1f} max {self.stalls['max']:6.1f} ms"
        return (
            f"{self.name:<48}{self.took:>8.1f} ms   {stalls}   turn {self.longest_turn:6.1f} ms   {verdict}"
        )


def components(count: int, seed: int = 1) -> list[ComponentSummary]:
    """Return components with serial numbers in no order, and a handful of types, stages and places."""
    dice = random.Random(seed)
    return [
        ComponentSummary.from_json(
            {
                "id": f"{place:024x}",
                "code": f"{place:032x}",
                "serialNumber": f"20UPGM2{dice.randrange(10**7):07}",
                "componentType": {"code": "MODULE", "name": "Module"},
                "type": {"code": f"TYPE_{place % 13}", "name": f"Outer system quad module {place % 13}"},
                "currentStage": {"code": f"STAGE_{place % 9}", "name": f"Stage {place % 9}"},
                "currentLocation": {"code": f"SITE{dice.randrange(40)}"},
                "institution": {"code": f"SITE{dice.randrange(40)}"},
                "cts": f"2026-{place % 12 + 1:02}-{dice.randrange(28) + 1:02}T{place % 24:02}:05:59.000Z",
                "completed": place % 5 == 0,
            }
        )
        for place in range(count)
    ]


class TableBench:
    """A window with one big table, and a stop-watch."""

    def __init__(self, application: QApplication, count: int) -> None:
        self._application = application
        self._records = components(count)
        self.table = ComponentTable()
        self.view = RecordView(self.table, "Components", several=True)
        self.view.set_widths(16, 17, 26, 21, 13, 13, 10, 16)
        self.view.stretch(2)
        self.view.resize(1366, 768)
        self.figures: list[Figure] = []
        self._longest_turn = 0.0

    def measure(self) -> list[Figure]:
        """Return all figures, in the order in which they were measured."""
        count = len(self._records)
        self._time("first 99 % of the rows put in, until painted", self._fill, limited=False)
        self._time(
            "sort by Serial number, nothing prepared", lambda: self.view.sortByColumn(0, _UP), limited=False
        )
        self.view.sortByColumn(-1, _UP)
        self._time("texts and sort keys prepared", lambda: None, self._is_ready, limited=False)
        self.view.choose_row(count // 2)
        for column, name in enumerate(column.title for column in self.table.columns):
            self._time(f"sort by {name}", partial(self.view.sortByColumn, column, _UP))
            self._time(f"sort by {name}, descending", partial(self.view.sortByColumn, column, _DOWN))
        self._typed("stage 5", "sorted by the last column")
        self.view.sortByColumn(-1, _UP)
        self._typed("20upgm21", "not sorted")
        self.view.sortByColumn(0, _UP)
        for start in range(count * 99 // 100, count, 100)[:3]:
            page = self._records[start : start + 100]
            self._time("100 rows come into a sorted table", partial(self.table.append, page, more=True))
        self.view.selectAll()
        self._time("sort while all is chosen", lambda: self.view.sortByColumn(3, _UP))
        copied: list[int] = []
        self.view.clipboard.copied.connect(copied.append)
        everything = self.view.extract()
        copy = partial(self.view.clipboard.copy, everything)
        self._time("copy all rows", copy, lambda: bool(copied), limited=False)
        return self.figures

    def _fill(self) -> None:
        self.table.replace(
            self._records[: len(self._records) * 99 // 100], more=True, total=len(self._records)
        )
        self.view.show()

    def _typed(self, text: str, how: str) -> None:
        for end in range(1, len(text) + 1):
            self._time(f"filter {text[:end]!r}, {how}", partial(self.table.set_filter, text[:end]))
        self._time(f"filter taken away, {how}", lambda: self.table.set_filter(""))

    def _is_ready(self) -> bool:
        return not any(timer.isActive() for timer in self.table.findChildren(QTimer))

    def _time(
        self,
        name: str,
        action: Callable[[], object],
        is_done: Callable[[], bool] | None = None,
        *,
        limited: bool = True,
    ) -> None:
        self._until(lambda: not self.table.is_arranging)
        heart = Heartbeat()
        heart.start()
        self._wait(3)
        begun, computed = time.perf_counter(), time.thread_time()
        action()
        self._longest_turn = time.thread_time() - computed
        self._until(is_done or (lambda: not self.table.is_arranging))
        self._turn()  # paints
        took = (time.perf_counter() - begun) * 1000
        self._wait(3)
        self.figures.append(Figure(name, took, heart.stop(), self._longest_turn * 1000, limited))

    def _until(self, is_done: Callable[[], bool]) -> None:
        end = time.perf_counter() + _PATIENCE
        while not is_done():
            self._turn()
            if time.perf_counter() > end:
                raise TimeoutError("the table is never done")

    def _turn(self) -> None:
        begun = time.thread_time()
        self._application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        self._longest_turn = max(self._longest_turn, time.thread_time() - begun)

    def _wait(self, beats: int) -> None:
        """Let the heart beat a few times."""
        end = time.perf_counter() + beats / 100
        self._until(lambda: time.perf_counter() > end)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    rows = parser.parse_args().rows
    application = QApplication([*sys.argv[:1], *QT_ARGUMENTS])
    collector = GarbageCollector(application)
    Style(application)
    bench = TableBench(application, rows)
    collector.settle()
    figures = bench.measure()
    for figure in figures:
        sys.stdout.write(f"{figure}\n")
    return 1 if any(figure.is_missed for figure in figures) else 0


if __name__ == "__main__":
    sys.exit(main())
