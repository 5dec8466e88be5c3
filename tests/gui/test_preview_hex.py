"""Bytes on the screen: read where one looks, gone to, found, selected and copied."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from itkgui.decoding.hex import BLOCK
from itkgui.views.previews.hex import HexPreview
from tests.gui.previewing import Viewer
from tests.unit.decoding.damage import written

LEFT, NO_KEY = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
CONTENT = b"\x93RGD" + np.arange(200_000, dtype="<u4").tobytes() + b"the end of it"


@pytest.fixture
def preview(viewer: Viewer) -> HexPreview:
    return viewer.look_at(CONTENT, "registers.dat", HexPreview)


def read(viewer: Viewer, preview: HexPreview) -> None:
    """Wait until the bytes in sight are there."""
    viewer.until(lambda: preview.canvas.next_block() is None)


def test_bytes_are_read_where_one_looks(viewer: Viewer, preview: HexPreview) -> None:
    canvas = preview.canvas
    assert canvas.known_bytes(0, 4) == b"\x93RGD"
    last = len(CONTENT) - 13
    assert canvas.known_bytes(last, 13) == b""
    QTest.keyClick(canvas, Qt.Key.Key_End, CONTROL)
    read(viewer, preview)
    assert canvas.known_bytes(last, 13) == b"the end of it"
    assert f"{len(CONTENT) - 1:,}" in preview.values.text()
    edge = BLOCK - 2
    canvas.go_to(edge)
    read(viewer, preview)
    assert canvas.known_bytes(edge, 4) == CONTENT[edge : edge + 4]


def test_offset_is_gone_to(preview: HexPreview) -> None:
    canvas = preview.canvas
    for text, offset in (("0x1000", 0x1000), ("12,345", 12_345), ("20h", 32)):
        preview.offset.setText(text)
        QTest.keyClick(preview.offset, Qt.Key.Key_Return)
        assert canvas.cursor_at == offset
        assert preview.values.text().startswith(f"offset {offset:x}h = ")
    preview.offset.setText("somewhere")
    QTest.keyClick(preview.offset, Qt.Key.Key_Return)
    assert "An offset is a number such as" in preview.facts.text()
    preview.offset.setText("99999999")
    QTest.keyClick(preview.offset, Qt.Key.Key_Return)
    assert f"The last byte is at {len(CONTENT) - 1:x}h" in preview.facts.text()
    assert canvas.cursor_at == 32


def test_text_and_bytes_are_found(viewer: Viewer, preview: HexPreview) -> None:
    canvas, bar = preview.canvas, preview.search
    QTest.keyClick(canvas, Qt.Key.Key_F, CONTROL)
    QTest.keyClicks(bar.box, "THE END")
    QTest.keyClick(bar.box, Qt.Key.Key_Return)
    viewer.until(lambda: bar.count.text().startswith("at "))
    assert canvas.selected == range(len(CONTENT) - 13, len(CONTENT) - 6)
    bar.box.setText("0x 02 01 00 00")
    QTest.keyClick(bar.box, Qt.Key.Key_Return)
    first = 4 + 4 * 0x102
    viewer.until(lambda: canvas.selected == range(first, first + 4))
    QTest.keyClick(bar.box, Qt.Key.Key_Return, SHIFT)
    viewer.until(lambda: canvas.selected.start not in (first, 0))
    assert CONTENT[canvas.selected.start : canvas.selected.stop] == b"\2\1\0\0"
    bar.box.setText("nowhere at all")
    viewer.until(lambda: bar.count.text() == "not found")
    assert len(canvas.selected) == 1, "nothing is marked as if it were found"


def test_bytes_are_selected_and_copied(viewer: Viewer, preview: HexPreview) -> None:
    canvas = preview.canvas
    canvas.go_to(0)
    for _ in range(3):
        QTest.keyClick(canvas, Qt.Key.Key_Right, SHIFT)
    assert "4 bytes selected" in preview.values.text()
    QTest.keyClick(canvas, Qt.Key.Key_C, CONTROL)
    viewer.until(lambda: QGuiApplication.clipboard().text() == "93 52 47 44")
    QTest.keyClick(canvas, Qt.Key.Key_C, CONTROL | SHIFT)
    viewer.until(lambda: QGuiApplication.clipboard().text() == "�RGD")
    QTest.mouseClick(canvas.viewport(), LEFT, NO_KEY, canvas.spot_of(18))
    assert canvas.selected == range(18, 19)
    QTest.mousePress(canvas.viewport(), LEFT, NO_KEY, canvas.spot_of(33))
    QTest.mouseMove(canvas.viewport(), canvas.spot_of(20))
    assert canvas.selected == range(20, 34)
    QTest.mouseRelease(canvas.viewport(), LEFT, NO_KEY, QPoint(0, 0))


def test_too_much_is_not_copied(viewer: Viewer) -> None:
    preview = viewer.look_at(bytes(2_000_000) + b"\1", "large.bin", HexPreview)
    QTest.keyClick(preview.canvas, Qt.Key.Key_A, CONTROL)
    QTest.keyClick(preview.canvas, Qt.Key.Key_C, CONTROL)
    assert "can be copied; save the file for more" in preview.facts.text()


def test_rows_are_shorter_in_a_narrow_pane(viewer: Viewer, preview: HexPreview) -> None:
    assert preview.canvas.across == 16
    viewer.content.resize(360, 500)
    assert preview.canvas.across == 8
    viewer.content.resize(1200, 500)
    assert preview.canvas.across == 32


def test_file_larger_than_a_scroll_bar_counts(viewer: Viewer) -> None:
    path = viewer.folder / "huge.bin"
    with path.open("wb") as made:
        made.seek(40 * 2**30)  # a hole, which takes no room on the disk
        made.write(b"here")
    preview = viewer.look_at(path, "huge.bin", HexPreview)
    QTest.keyClick(preview.canvas, Qt.Key.Key_End, CONTROL)
    read(viewer, preview)
    assert preview.canvas.known_bytes(40 * 2**30, 4) == b"here"


def test_empty_file_is_told(viewer: Viewer) -> None:
    viewer.look_at(CONTENT, "full.bin", HexPreview)
    viewer.content.show_file(written(viewer.folder / "empty.bin", b""))
    assert viewer.content.empty.isVisible()
    assert viewer.content.empty.sentence == "This file is empty: 0 bytes."
    assert viewer.content.kinds == ()


def test_file_that_shrinks_to_nothing_and_file_that_goes(viewer: Viewer) -> None:
    file = written(viewer.folder / "shrinks.bin", CONTENT)
    file.path.write_bytes(b"")
    viewer.content.show_file(file)
    viewer.until(lambda: viewer.content.shown_kind)
    preview = viewer.content.currentWidget()
    assert isinstance(preview, HexPreview)
    for key in (Qt.Key.Key_End, Qt.Key.Key_Down, Qt.Key.Key_C):
        QTest.keyClick(preview.canvas, key, CONTROL)
    preview = viewer.look_at(CONTENT, "goes.bin", HexPreview)
    (viewer.folder / "goes.bin").unlink()
    QTest.keyClick(preview.canvas, Qt.Key.Key_End, CONTROL)
    viewer.until(lambda: "its copy on this computer cannot be read" in preview.facts.text())
