"""Measures a zip with 50,000 members: until its tree is shown, and stalls while one goes through it.

Run with ``python -m tests.benchmarks.previews_archive``, offscreen unless QT_QPA_PLATFORM says otherwise.
"""

from __future__ import annotations

import os
import time
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from statistics import median

if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt

from itkgui.client.files import BinaryFile, open_file
from itkgui.item_models.archive_tree import NAME, SIZE
from itkgui.views.previews.archive import ArchivePreview
from tests.benchmarks.figures import Figure
from tests.benchmarks.preview_bench import PreviewBench, measure

_MEMBERS, _ROUNDS, _FRAMES = 50_000, 7, 120
MOST_SHOWN_MS = 500.0


def archive_of(path: Path, count: int, folders: int) -> BinaryFile:
    """Write an archive of short texts, in some folders or in none."""
    with zipfile.ZipFile(path, "w") as made:
        for number in range(count):
            folder = f"module {number % folders}/" if folders else ""
            made.writestr(f"{folder}measurement {number}.log", f"{number}\n")
    return open_file(path, path.name)


def figures(bench: PreviewBench) -> Iterator[Figure]:
    """Measure what the project promises of archives."""
    small = archive_of(bench.folder / "small.zip", 3, 1)
    bench.first_paint(small, "archive")
    for name, folders in (("in 70 folders", 70), ("in one heap", 0)):
        large = archive_of(bench.folder / f"{folders}.zip", _MEMBERS, folders)
        times = []
        bench.watch()
        for _ in range(_ROUNDS):
            bench.first_paint(small, "archive")
            bench.until(lambda: bool(bench.content.inner_kind))
            times.append(bench.first_paint(large, "archive"))
            bench.until(lambda: bool(bench.content.inner_kind))
        title = f"{_MEMBERS:,} members {name}"
        yield Figure(f"{title}: tree shown", median(times), "ms", "≤", MOST_SHOWN_MS)
        yield Figure(f"{title}: tree shown, the slowest", max(times), "ms", "≤", MOST_SHOWN_MS)
        yield from bench.stalls(f"{title}, shown {_ROUNDS} times")
        bench.watch()
        yield from _look_through(bench, title)
        yield from bench.stalls(f"{title}, looked through")


def _look_through(bench: PreviewBench, title: str) -> Iterator[Figure]:
    preview = bench.preview(ArchivePreview)
    tree, members = preview.tree, preview.tree.members
    begun = time.perf_counter()
    members.set_filter("9999")
    assert members.rowCount() < 200
    tree.repaint()
    yield Figure(f"{title}: filtered", 1000 * (time.perf_counter() - begun), "ms")
    bench.each_frame(partial(members.set_filter, text) for text in ("999", "99", "9", ""))
    for column in (NAME, SIZE):
        tree.sortByColumn(column, Qt.SortOrder.DescendingOrder)
        bench.each_frame([tree.repaint] * 10)
    bar = tree.verticalScrollBar()
    bench.each_frame(partial(bar.setValue, n * bar.maximum() // _FRAMES) for n in range(_FRAMES))
    rows = min(_FRAMES, members.rowCount())
    bench.each_frame(partial(tree.selectRow, row) for row in range(rows))


if __name__ == "__main__":
    measure(figures)
