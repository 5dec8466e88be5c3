"""Measures the file after one that keeps its decoders busy, and the first file after the program's start.

Run with ``python -m tests.benchmarks.previews_switch``, offscreen unless QT_QPA_PLATFORM says otherwise.
"""

from __future__ import annotations

import importlib
import os
import time
from collections.abc import Iterator
from statistics import median

if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PIL import Image
from PySide6.QtCore import Qt

from itkgui.client.files import BinaryFile, open_file
from itkgui.decoding.decoders import Decoders
from itkgui.decoding.image import load_image
from itkgui.views.previews.table import TablePreview
from tests.benchmarks.figures import Figure
from tests.benchmarks.preview_bench import PreviewBench, measure
from tests.benchmarks.previews_table import write_table

_ROUNDS, _PHOTO = 5, (2000, 3000, 3)
_BUSY_S = 1.0  # of sorting, before somebody chooses another file
MOST_SWITCH_MS, MOST_FIRST_MS = 1000.0, 500.0


def figures(bench: PreviewBench) -> Iterator[Figure]:
    """Measure what the project promises of files that are chosen while others are worked on."""
    importlib.import_module("itkgui.views.plots.plot_pane")  # as the program does, while nobody waits
    write_table(bench.folder / "large.csv")
    (bench.folder / "note.txt").write_text("short\n")
    shades = np.random.default_rng(1).integers(0, 255, _PHOTO, np.uint8)
    Image.fromarray(shades).save(bench.folder / "photo.jpg")
    large, note, photo = (open_file(bench.folder / n, n) for n in ("large.csv", "note.txt", "photo.jpg"))
    for file in (note, photo):
        yield Figure(f"{file.name} by itself", median(_times(bench, file)), "ms")
    for file, kind in ((note, "text"), (photo, "image")):
        for is_plotted in (False, True):
            times = []
            for _ in range(_ROUNDS):
                _keep_busy(bench, large, is_plotted=is_plotted)
                times.append(bench.first_paint(file, kind))
            work = "sorted and plotted" if is_plotted else "sorted"
            name = f"{file.name} while 1,000,000 rows are {work}"
            yield Figure(name, median(times), "ms", "≤", MOST_SWITCH_MS)
            yield Figure(f"{name}, the slowest", max(times), "ms", "≤", MOST_SWITCH_MS)
    for is_warm in (False, True):
        found = median(_first(photo, is_warm=is_warm) for _ in range(_ROUNDS))
        name = "decoded first, a process got ready before" if is_warm else "decoded first, nothing ready"
        yield Figure(name, found, "ms", *(("≤", MOST_FIRST_MS) if is_warm else ()))


def _times(bench: PreviewBench, file: BinaryFile) -> Iterator[float]:
    for _ in range(_ROUNDS):
        bench.first_paint(file)
        yield bench.first_paint(file)


def _keep_busy(bench: PreviewBench, large: BinaryFile, *, is_plotted: bool) -> None:
    bench.first_paint(large, "table")
    preview = bench.preview(TablePreview)
    bench.until(lambda: preview.table.rowCount() == 1_000_000)
    preview.grid.sortByColumn(3, Qt.SortOrder.DescendingOrder)
    if is_plotted:
        preview.bar.plot_button.click()
    begun = time.perf_counter()
    bench.until(lambda: time.perf_counter() - begun > _BUSY_S)


def _first(file: BinaryFile, *, is_warm: bool) -> float:
    decoders = Decoders()
    try:
        if is_warm:
            decoders.warm_up()
            decoders.run(os.getpid)  # it is ready then; somebody needs longer to get to a file
        begun = time.perf_counter()
        decoders.run(load_image, file, (1000, 700), patience=60.0)
        return 1000 * (time.perf_counter() - begun)
    finally:
        decoders.close()


if __name__ == "__main__":
    measure(figures)
