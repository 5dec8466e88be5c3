"""Measures texts: a log of 100 MB opened, jumped about in and searched, its memory, and the GUI's stalls.

Run with ``python -m tests.benchmarks.previews_text``, offscreen unless QT_QPA_PLATFORM says otherwise.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psutil

if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from itkgui.client.files import BinaryFile, open_file
from itkgui.decoding.text_find import Query
from itkgui.views.previews.text import TextPreview
from tests.benchmarks.figures import Figure
from tests.benchmarks.preview_bench import PreviewBench, measure

_LOG_BYTES = 100_000_000
_MOVES = 50  # of each kind
MOST_OPEN_MS = MOST_JUMP_MS = 300.0
LEAST_FIND = 200.0  # MB/s
MOST_MEMORY = 50.0  # MiB
_LAST = "the very last line: Fertig"


def write_log(path: Path) -> BinaryFile:
    """Write a log of 100 MB as read-out systems write them."""
    with path.open("w", encoding="utf-8") as out:
        size = number = 0
        while size < _LOG_BYTES:
            level = "warning" if number % 97 == 0 else " info  "
            moment = f"2024-03-0{number % 9 + 1}T12:00:{number % 60:02d}.123Z"
            size += out.write(f"{moment} [{level}] chip {number % 16}: {number} hits\n")
            number += 1
        out.write(f"{_LAST}\n")
    return open_file(path, path.name)


def write_odd_texts(folder: Path) -> dict[str, BinaryFile]:
    """Write texts that are hard to read, and return them by what they are."""
    files = {}
    for name, words, content in (
        ("line.txt", "200 MB without a line break", b"x" * 200_000_000),
        ("lines.txt", "10 million lines", b"012345678\n" * 10_000_000),
        ("scripts.txt", "long lines of many scripts", ("שלום عربى 漢字 é " * 70 + "\n").encode() * 20_000),
    ):
        (folder / name).write_bytes(content)
        files[words] = open_file(folder / name, name)
    return files


class TextBench:
    """What somebody does with a text; all in seconds."""

    def __init__(self, bench: PreviewBench) -> None:
        self._bench = bench
        self.until = bench.until

    @property
    def preview(self) -> TextPreview:
        return self._bench.preview(TextPreview)

    def open(self, file: BinaryFile) -> float:
        return self._bench.first_paint(file, "text") / 1000

    def jump_to_end(self) -> float:
        """Return the seconds from the key until the last row has been painted."""
        begun = time.perf_counter()
        reader = self.preview.reader
        QTest.keyClick(reader, Qt.Key.Key_End)
        pages = reader.pages
        self.until(lambda: pages.index.is_complete and pages.row(pages.rows - 1) is not None)
        reader.viewport().repaint()
        return time.perf_counter() - begun

    def find(self, query: Query) -> float:
        """Return the seconds until the first hit is in sight."""
        begun = time.perf_counter()
        pane = self.preview.pane
        pane.find_bar.sought.emit(query)
        self.until(lambda: pane.reader.hit >= 0 and pane.reader.has_selection)
        pane.reader.viewport().repaint()
        return time.perf_counter() - begun

    def settle(self) -> None:
        self.until(lambda: self.preview.is_settled)

    def move_about(self) -> None:
        """Scroll, jump and turn pages."""
        reader = self.preview.reader
        bar = reader.verticalScrollBar()
        down = partial(reader.scroll_lines, 3)
        up = partial(reader.scroll_lines, -reader.lines_in_sight)
        places = (step * 7919 * 31 % max(1, reader.pages.rows) for step in range(_MOVES))
        jumps = [partial(bar.setValue, place) for place in places]
        self._bench.each_frame([*[down] * _MOVES, *[up] * _MOVES, *jumps])
        self.settle()


def figures(preview_bench: PreviewBench) -> Iterator[Figure]:
    """Measure what the project promises of texts."""
    folder = preview_bench.folder
    (folder / "small.log").write_text("2024-03-01 INFO small\n" * 100, "utf-8")
    small = open_file(folder / "small.log", "small.log")
    log = write_log(folder / "large.log")
    odd = write_odd_texts(folder)
    bench = TextBench(preview_bench)
    bench.open(small)
    bench.settle()
    process = psutil.Process()
    before = process.memory_info().rss
    preview_bench.watch()
    yield Figure("100 MB log: open", 1e3 * bench.open(log), "ms", "≤", MOST_OPEN_MS)
    yield Figure("100 MB log: jump to the end", 1e3 * bench.jump_to_end(), "ms", "≤", MOST_JUMP_MS)
    QTest.keyClick(bench.preview.reader, Qt.Key.Key_Home)
    bench.settle()
    for words, query, least in (
        ("plain text", Query("LAST LINE"), LEAST_FIND),
        ("plain text, case matters", Query("last line", matches_case=True), LEAST_FIND),
        ("a pattern, case matters", Query(r"last \w+: Fertig", is_pattern=True, matches_case=True), 0.0),
        ("a pattern", Query(r"last \w+: fertig", is_pattern=True), 0.0),
    ):
        speed = log.size / 1e6 / bench.find(query)
        yield Figure(f"100 MB log: find {words}, to the hit", speed, "MB/s", "≥" if least else "", least)
        bench.preview.reader.selection = None
        QTest.keyClick(bench.preview.reader, Qt.Key.Key_Home)
        bench.settle()
    bench.preview.pane.find_bar.sought.emit(Query("chip"))
    bench.until(lambda: not bench.preview.pane.is_finding)
    bench.move_about()
    bench.preview.wrap_button.click()
    bench.move_about()
    grown = (process.memory_info().rss - before) / 2**20
    yield Figure("100 MB log: growth of memory", grown, "MiB", "≤", MOST_MEMORY)
    for words, file in odd.items():
        yield Figure(f"{words}: open", 1e3 * bench.open(file), "ms")
        yield Figure(f"{words}: jump to the end", 1e3 * bench.jump_to_end(), "ms")
        bench.move_about()
    yield from preview_bench.stalls("Texts, throughout")


if __name__ == "__main__":
    measure(figures)
