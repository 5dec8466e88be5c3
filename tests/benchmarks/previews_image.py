"""Measures pictures: a photograph and a raw file to the first paint, and stalls while one zooms and pans.

Run with ``python -m tests.benchmarks.previews_image``, offscreen unless QT_QPA_PLATFORM says otherwise.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from functools import partial

if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QImageReader

from itkgui.client.files import BinaryFile, open_file
from itkgui.views.previews.image import ImagePreview
from tests.benchmarks.figures import Figure, milliseconds
from tests.benchmarks.preview_bench import PreviewBench, measure
from tests.unit.decoding.pictures import encoded, grainy
from tests.unit.decoding.raw_files import write_dng

_ROUNDS = 11
_MOVES = 40  # of each kind
MOST_OF_QT = 1.3  # times Qt's own scaled decode
MOST_RAW_MS, MOST_AHEAD_MS = 300.0, 50.0


def photograph(width: int = 6000, height: int = 4000) -> bytes:
    """Return a JPEG as cameras make them."""
    return encoded(grainy(width, height), "JPEG", quality=90)


def move_about(bench: PreviewBench) -> Iterator[Figure]:
    """Tell how late the GUI thread was while somebody zoomed and panned."""
    preview = bench.preview(ImagePreview)
    canvas, spot = preview.canvas, QPointF(400, 300)
    larger, smaller = (partial(canvas.zoom, factor, spot) for factor in (1.1, 1 / 1.1))
    aside = partial(canvas.pan, QPointF(-35, -20))
    bench.watch()
    bench.each_frame([larger] * _MOVES + [aside] * _MOVES + [smaller] * _MOVES)
    bench.until(lambda: preview.pane.is_settled)
    yield from bench.stalls("Zoom and pan")


def figures(bench: PreviewBench) -> Iterator[Figure]:
    """Measure what the project promises of pictures."""
    folder = bench.folder
    (folder / "photo.jpg").write_bytes(photograph())
    preview = photograph(1620, 1080)
    raw_path = write_dng(folder / "raw.dng", (5000, 3600), preview, (1620, 1080))
    photo, raw = (open_file(path, path.name) for path in (folder / "photo.jpg", raw_path))
    bench.first_paint(photo)
    ours, qt = [], []
    for _ in range(_ROUNDS):
        ours.append(bench.first_paint(photo))
        qt.append(_of_qt(photo, bench.preview(ImagePreview)))
    # The least of each: what else runs on the computer delays two processes more than one.
    ratio = min(ours) / min(qt)
    yield Figure(
        "24-megapixel JPEG: first paint, of Qt's scaled decode",
        ratio,
        "×",
        "≤",
        MOST_OF_QT,
        milliseconds(min(ours) / 1000),
        milliseconds(min(qt) / 1000),
    )
    (folder / "next.jpg").write_bytes(photo.path.read_bytes())
    following = open_file(folder / "next.jpg", "next.jpg")
    ahead = min(bench.paint_prepared(photo, following) for _ in range(_ROUNDS))
    yield Figure("the same, decoded ahead", ahead, "ms", "≤", MOST_AHEAD_MS)
    first = bench.first_paint(raw)
    again = min(bench.first_paint(raw) for _ in range(_ROUNDS))
    size = f"{raw.size / 1e6:.0f} MB raw with a preview"
    yield Figure(f"{size}: first paint, the first one", first, "ms", "≤", MOST_RAW_MS)
    yield Figure(f"{size}: first paint, later ones", again, "ms", "≤", MOST_RAW_MS)
    bench.first_paint(photo)
    yield from move_about(bench)


def _of_qt(file: BinaryFile, preview: ImagePreview) -> float:
    """Return the milliseconds that Qt takes to decode a picture to the size that the preview has decoded."""
    loaded = preview.pane.loaded
    assert loaded is not None
    begun = time.perf_counter()
    reader = QImageReader(str(file.path))
    reader.setScaledSize(QSize(loaded.width, loaded.height))
    assert not reader.read().isNull()
    return 1000 * (time.perf_counter() - begun)


if __name__ == "__main__":
    measure(figures)
