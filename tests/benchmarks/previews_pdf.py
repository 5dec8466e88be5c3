"""Measures PDF documents: to the first page, to the last of ten thousand, a search, and stalls meanwhile.

Run with ``python -m tests.benchmarks.previews_pdf``, offscreen unless QT_QPA_PLATFORM says otherwise.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from functools import partial

if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPoint

from itkgui.client.files import open_file
from itkgui.views.previews.pdf import PdfPreview
from tests.benchmarks.figures import Figure
from tests.benchmarks.preview_bench import PreviewBench, measure
from tests.unit.decoding.pdf_files import Document, page_of, write_pdf

PAGES = 10_000
MOST_OPEN_MS, MOST_JUMP_MS = 500.0, 300.0  # as quick as a dedicated viewer feels


def figures(bench: PreviewBench) -> Iterator[Figure]:
    lines = [f"Line {n} of a page with text enough to be searched" for n in range(30)]
    path = bench.folder / "long.pdf"
    path.write_bytes(write_pdf(Document([page_of(f"Page {n}", *lines, size=12) for n in range(PAGES)])))

    def drawn() -> float:
        begun = time.perf_counter()
        preview = bench.preview(PdfPreview)
        bench.until(lambda: preview.canvas.next_piece() is None)
        preview.canvas.viewport().repaint()
        return 1000 * (time.perf_counter() - begun)

    name = f"PDF of {PAGES:,} pages"
    opened = bench.first_paint(open_file(path, path.name)) + drawn()
    yield Figure(f"{name}: to the first page", opened, "ms", "≤", MOST_OPEN_MS)
    preview = bench.preview(PdfPreview)
    canvas = preview.canvas
    canvas.go_to(PAGES - 1)
    yield Figure(f"{name}: to the last page", drawn(), "ms", "≤", MOST_JUMP_MS)
    canvas.go_to(PAGES // 2)
    drawn()
    bar = canvas.verticalScrollBar()
    bench.watch()
    bench.each_frame([lambda: bar.setValue(bar.value() + 120)] * 60, rate=30)
    yield from bench.stalls("Scrolling")
    zooms = [partial(canvas.zoom, factor, QPoint(300, 300)) for factor in [1.1] * 20 + [1 / 1.1] * 20]
    bench.watch()
    bench.each_frame(zooms, rate=30)
    yield from bench.stalls("Zooming")
    preview.search.open_bar()
    begun = time.perf_counter()
    preview.search.box.setText("nowhere in it")
    bench.until(lambda: preview.search.count.text() == "not found")
    rate = PAGES / (time.perf_counter() - begun)
    yield Figure("Searching for what is not there", rate, "pages/s")


if __name__ == "__main__":
    measure(figures)
