"""Measures ROOT files: keys of 200 histograms shown, the first time and later, and stalls meanwhile.

Run with ``python -m tests.benchmarks.previews_root``, offscreen unless QT_QPA_PLATFORM says otherwise.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from statistics import median

if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import itkgui.views.plots.plot_pane  # noqa: F401 - the program loads it at its start, too
from itkgui.client.files import open_file
from itkgui.views.previews.root import RootPreview
from tests.benchmarks.figures import Figure
from tests.benchmarks.preview_bench import PreviewBench, measure

_ROUNDS = 9
MOST_COLD_MS, MOST_WARM_MS = 1000.0, 100.0


def figures(bench: PreviewBench) -> Iterator[Figure]:
    # Here, as a decoder's process loads this module too, and would have uproot before it is needed.
    from tests.unit.decoding.root_files import write_histograms

    path = write_histograms(bench.folder / "histograms.root", 200)
    other = Path(shutil.copy(path, bench.folder / "others.root"))
    one, another = (open_file(each, each.name) for each in (path, other))
    cold = bench.first_paint(one)
    warm = median(bench.first_paint(which) for _ in range(_ROUNDS) for which in (another, one))
    name = "ROOT file with 200 histograms: keys shown"
    yield Figure(f"{name}, cold", cold, "ms", "≤", MOST_COLD_MS)
    yield Figure(f"{name}, warm", warm, "ms", "≤", MOST_WARM_MS)
    preview = bench.preview(RootPreview)
    bench.until(lambda: preview.plot is not None and preview.facts.text())
    rows = [preview.keys.index(row, 0) for row in range(60)]
    bench.watch()
    bench.each_frame((partial(preview.tree.setCurrentIndex, row) for row in rows), rate=30)
    yield from bench.stalls("One histogram after another")


if __name__ == "__main__":
    measure(figures)
