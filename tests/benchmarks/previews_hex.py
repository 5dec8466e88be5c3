"""Measures bytes: a large file to the first rows and to its end, a search, and stalls meanwhile.

Run with ``python -m tests.benchmarks.previews_hex``, offscreen unless QT_QPA_PLATFORM says otherwise.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator

import numpy as np

if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from itkgui.client.files import open_file
from itkgui.views.previews.hex import HexPreview
from tests.benchmarks.figures import Figure
from tests.benchmarks.preview_bench import PreviewBench, measure

SIZE = 500_000_000
# As for a log of this size: opened and gone through as if it were small.
MOST_OPEN_MS, MOST_JUMP_MS, LEAST_SEARCH = 300.0, 300.0, 200.0


def figures(bench: PreviewBench) -> Iterator[Figure]:
    path = bench.folder / "registers.dat"
    with path.open("wb") as made:
        made.write(b"\x93RGD")
        made.write(np.random.default_rng(1).integers(0, 250, SIZE, dtype=np.uint8).tobytes())
        made.write(b"\xfe\xfd the end")
    name = f"{SIZE / 1e6:.0f} MB of bytes"
    yield Figure(
        f"{name}: to the first rows", bench.first_paint(open_file(path, path.name)), "ms", "≤", MOST_OPEN_MS
    )
    preview = bench.preview(HexPreview)
    canvas = preview.canvas

    def taken(begin: Callable[[], object], is_done: Callable[[], object]) -> float:
        begun = time.perf_counter()
        begin()
        bench.until(is_done)
        canvas.viewport().repaint()
        return time.perf_counter() - begun

    end = taken(lambda: canvas.go_to(SIZE), lambda: canvas.next_block() is None)
    yield Figure(f"{name}: to the end", 1000 * end, "ms", "≤", MOST_JUMP_MS)
    canvas.go_to(0)
    preview.search.open_bar()
    found = taken(
        lambda: preview.search.box.setText("0xfefd"), lambda: preview.search.count.text().startswith("at")
    )
    yield Figure("Searching bytes", SIZE / 1e6 / found, "MB/s", "≥", LEAST_SEARCH)
    canvas.go_to(0)
    bar = canvas.verticalScrollBar()
    bench.watch()
    bench.each_frame([lambda: bar.setValue(bar.value() + 97)] * 60, rate=30)
    yield from bench.stalls("Scrolling")


if __name__ == "__main__":
    measure(figures)
