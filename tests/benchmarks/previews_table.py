"""Measures a table of 1,000,000 rows: its first rows, and stalls while one scrolls, sorts and plots.

Run with ``python -m tests.benchmarks.previews_table``, offscreen unless QT_QPA_PLATFORM says otherwise.
"""

from __future__ import annotations

import importlib
import os
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from statistics import median

if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import Qt

from itkgui.client.files import open_file
from itkgui.views.previews.table import TablePreview
from tests.benchmarks.figures import Figure
from tests.benchmarks.preview_bench import PreviewBench, measure

_ROWS, _ROUNDS, _FRAMES = 1_000_000, 7, 120
MOST_FIRST_ROWS_MS = 300.0


def write_table(path: Path) -> None:
    """Write numbers and words, a channel a row."""
    values = np.random.default_rng(1).normal((1000, 70), (50, 3), (_ROWS, 2)).tolist()
    with path.open("w") as file:
        file.write("# thresholds of a module\nchannel,threshold [e],noise [e],chip\n")
        file.writelines(f"{n},{a:.3f},{b:.3f},FE{n % 4}\n" for n, (a, b) in enumerate(values))


def figures(bench: PreviewBench) -> Iterator[Figure]:
    """Measure what the project promises of tables."""
    importlib.import_module("itkgui.views.plots.plot_pane")  # as the program does, while nobody waits
    (bench.folder / "small.csv").write_text("a,b\n1,2\n3,4\n")
    write_table(bench.folder / "large.csv")
    small, large = (open_file(bench.folder / name, name) for name in ("small.csv", "large.csv"))
    bench.first_paint(small, "table")
    name = f"{_ROWS:,} rows"
    times = []
    for _ in range(_ROUNDS):
        bench.first_paint(small, "table")
        times.append(bench.first_paint(large, "table"))
    yield Figure(f"{name}: first rows", median(times), "ms", "≤", MOST_FIRST_ROWS_MS)
    yield Figure(f"{name}: first rows, the slowest", max(times), "ms", "≤", MOST_FIRST_ROWS_MS)
    preview = bench.preview(TablePreview)
    table, grid = preview.table, preview.grid
    bench.watch()
    begun = time.perf_counter()
    bench.first_paint(small, "table")
    bench.first_paint(large, "table")
    bench.until(lambda: table.rowCount() == _ROWS)
    yield Figure(f"{name}: counted", 1000 * (time.perf_counter() - begun), "ms")
    begun = time.perf_counter()
    grid.scrollToBottom()
    bench.until(lambda: table.text(_ROWS - 1, 0) != "")
    yield Figure(f"{name}: the last ones", 1000 * (time.perf_counter() - begun), "ms")
    bar = grid.verticalScrollBar()
    bench.each_frame(partial(bar.setValue, n * bar.maximum() // _FRAMES) for n in range(_FRAMES))
    begun = time.perf_counter()
    grid.sortByColumn(1, Qt.SortOrder.AscendingOrder)
    bench.until(lambda: table.is_sorted and table.text(0, 0) != "")
    yield Figure(f"{name}: sorted by numbers", 1000 * (time.perf_counter() - begun), "ms")
    bench.each_frame(partial(bar.setValue, n * bar.maximum() // _FRAMES) for n in range(_FRAMES))
    yield from bench.stalls(f"{name}, scrolled and sorted")
    bench.watch()
    preview.bar.plot_button.click()
    bench.until(lambda: preview.plot is not None and preview.plot.canvas is not None)
    yield from bench.stalls(f"{name}, plotted")


if __name__ == "__main__":
    measure(figures)
