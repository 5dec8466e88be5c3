"""PDF documents on the screen: scrolled, zoomed, searched, copied, unlocked, and broken ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from itkgui.views.previews.hex import HexPreview
from itkgui.views.previews.pdf import PdfPreview
from itkgui.views.previews.pdf_canvas import PdfCanvas
from tests.gui.previewing import Viewer
from tests.unit.decoding.pdf_files import Document, page_of, write_pdf

LEFT, NO_KEY = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
PAGES = [page_of(f"Page number {n}", "of the certificate", "has words") for n in range(1, 9)]


@pytest.fixture
def preview(viewer: Viewer) -> PdfPreview:
    found = viewer.look_at(write_pdf(Document(PAGES)), "certificate.pdf", PdfPreview)
    drawn(viewer, found)
    return found


def drawn(viewer: Viewer, preview: PdfPreview) -> None:
    """Wait until all that is in sight is drawn in its size."""
    viewer.until(lambda: preview.canvas.next_piece() is None)


def ink(canvas: PdfCanvas) -> int:
    """Return how many dark pixels there are in the pane."""
    image = canvas.viewport().grab().toImage()
    return sum(
        image.pixelColor(x, y).lightness() < 100
        for x in range(0, image.width(), 2)
        for y in range(0, image.height(), 2)
    )


def spot_of(canvas: PdfCanvas, page: int, across: float, down: float) -> QPoint:
    """Return where a part of a page is in the pane."""
    box = canvas.layout_shown.box(page)
    x = box.left + across * box.width - canvas.horizontalScrollBar().value()
    y = box.top + down * box.height - canvas.verticalScrollBar().value()
    return QPointF(x, y).toPoint()


def keys(widget: QWidget, key: Qt.Key, held: Qt.KeyboardModifier = NO_KEY) -> None:
    QTest.keyClick(widget, key, held)


def test_first_page_fits_the_width(preview: PdfPreview) -> None:
    assert ink(preview.canvas) > 100
    assert "8 pages" in preview.facts.text()
    assert "210 × 297 mm" in preview.facts.text()
    assert preview.page.text() == "1 of 8"
    number = preview.page.lineEdit()
    assert number.width() >= number.fontMetrics().horizontalAdvance("1 of 8"), "the number is seen whole"
    assert preview.canvas.horizontalScrollBar().maximum() == 0
    box = preview.canvas.layout_shown.box(0)
    assert box.width > 0.93 * preview.canvas.viewport().width()


def test_pages_are_scrolled_and_gone_to(viewer: Viewer, preview: PdfPreview) -> None:
    canvas = preview.canvas
    keys(canvas, Qt.Key.Key_End)
    assert preview.page.value() == 8
    drawn(viewer, preview)
    assert ink(canvas) > 0 or canvas.page == 7
    keys(canvas, Qt.Key.Key_Home)
    assert preview.page.value() == 1
    for _ in range(8):
        keys(canvas, Qt.Key.Key_PageDown)
    assert preview.page.value() > 4
    preview.page.setValue(3)
    assert canvas.page == 2
    drawn(viewer, preview)
    assert ink(canvas) > 100
    QTest.keyClicks(canvas, ".")
    assert preview.page.value() == 4


def test_wheel_zooms_at_the_cursor(viewer: Viewer, preview: PdfPreview) -> None:
    canvas = preview.canvas
    spot = QPoint(180, 200)
    before, zoom = canvas.place_under(spot), canvas.zoom_shown
    viewer.wheel(canvas, spot, 3)
    after = canvas.place_under(spot)
    assert canvas.zoom_shown == pytest.approx(zoom * 1.25**3)
    assert after.page == before.page
    assert after.across == pytest.approx(before.across, abs=0.003)
    assert after.down == pytest.approx(before.down, abs=0.003)
    drawn(viewer, preview)
    assert ink(canvas) > 100
    QTest.keyClicks(canvas, "0")
    box = canvas.layout_shown.box(canvas.page)
    assert box.height <= canvas.viewport().height()
    QTest.keyClicks(canvas, "w")
    assert canvas.zoom_shown == pytest.approx(zoom, rel=0.01)


def test_zoom_has_ends(viewer: Viewer, preview: PdfPreview) -> None:
    for notches in (40, -80):
        viewer.wheel(preview.canvas, QPoint(100, 100), notches)
        drawn(viewer, preview)
    assert 0.01 < preview.canvas.zoom_shown < 1


def test_words_are_found_and_marked(viewer: Viewer, preview: PdfPreview) -> None:
    canvas, bar = preview.canvas, preview.search
    keys(canvas, Qt.Key.Key_F, CONTROL)
    assert bar.isVisible()
    QTest.keyClicks(bar.box, "NUMBER")
    keys(bar.box, Qt.Key.Key_Return)
    viewer.until(lambda: bar.count.text() == "1 of 8")
    keys(bar.box, Qt.Key.Key_Return)
    assert bar.count.text() == "2 of 8"
    assert canvas.page == 1
    keys(bar.box, Qt.Key.Key_Return, SHIFT)
    keys(bar.box, Qt.Key.Key_Return, SHIFT)
    assert bar.count.text() == "8 of 8"
    viewer.until(lambda: canvas.page == 7)
    drawn(viewer, preview)
    image = canvas.viewport().grab().toImage()
    tones = {QColor(image.pixel(x, y)).name() for x in range(0, 600, 3) for y in range(0, 500, 3)}
    assert any(QColor(tone).hslSaturation() > 150 and 20 < QColor(tone).hue() < 45 for tone in tones), tones
    bar.box.setText("nowhere")
    viewer.until(lambda: bar.count.text() == "not found")
    keys(bar.box, Qt.Key.Key_Escape)
    assert not bar.isVisible()
    assert canvas.hasFocus()


def test_text_is_selected_and_copied(viewer: Viewer, preview: PdfPreview) -> None:
    canvas = preview.canvas
    start, end = spot_of(canvas, 0, 0.115, 0.09), spot_of(canvas, 0, 0.40, 0.13)
    QTest.mousePress(canvas.viewport(), LEFT, NO_KEY, start)
    viewer.until(lambda: canvas.has_text_of(0))
    QTest.mouseMove(canvas.viewport(), (start + end) / 2)
    QTest.mouseMove(canvas.viewport(), end)
    QTest.mouseRelease(canvas.viewport(), LEFT, NO_KEY, end)
    assert canvas.selected_text.startswith("Page number 1\nof the cer")
    keys(canvas, Qt.Key.Key_C, CONTROL)
    assert QGuiApplication.clipboard().text() == canvas.selected_text
    assert "characters copied" in preview.facts.text()


def test_whole_page_is_copied_without_a_selection(viewer: Viewer, preview: PdfPreview) -> None:
    preview.page.setValue(2)
    keys(preview.canvas, Qt.Key.Key_C, CONTROL)
    wanted = "Page number 2\nof the certificate\nhas words"
    viewer.until(lambda: QGuiApplication.clipboard().text() == wanted)


def test_page_without_text_says_so(viewer: Viewer) -> None:
    preview = viewer.look_at(write_pdf(Document(["10 10 50 50 re f"])), "scan.pdf", PdfPreview)
    keys(preview.canvas, Qt.Key.Key_A, CONTROL)
    viewer.until(lambda: "This page has no text, only a picture of it." in preview.facts.text())
    keys(preview.canvas, Qt.Key.Key_F, CONTROL)
    QTest.keyClicks(preview.search.box, "word")
    viewer.until(lambda: "This document has no text" in preview.search.trouble.text())
    assert preview.search.count.text() == ""


def test_encrypted_document_asks_for_a_password(viewer: Viewer) -> None:
    content = write_pdf(Document(PAGES, password="open sesame"))
    preview = viewer.look_at(content, "locked.pdf", PdfPreview)
    assert "This document is encrypted." in preview.asked.text()
    assert preview.password.echoMode() is preview.password.EchoMode.Password
    QTest.keyClicks(preview.password, "wrong")
    keys(preview.password, Qt.Key.Key_Return)
    viewer.until(lambda: preview.asked.text() == "This is not its password.")
    preview.password.setText("open sesame")
    keys(preview.password, Qt.Key.Key_Return)
    viewer.until(lambda: preview.stack.currentWidget() is preview.canvas)
    drawn(viewer, preview)
    assert ink(preview.canvas) > 100
    assert preview.password.text() == ""
    keys(preview.canvas, Qt.Key.Key_C, CONTROL)
    viewer.until(lambda: "Page number 1" in QGuiApplication.clipboard().text())
    again = viewer.look_at(content, "locked.pdf", PdfPreview)
    assert "This document is encrypted." in again.asked.text()


def test_document_that_goes_while_it_is_open(viewer: Viewer, preview: PdfPreview) -> None:
    (viewer.folder / "certificate.pdf").unlink()
    preview.page.setValue(7)
    viewer.until(lambda: 6 in preview.canvas.troubles)
    assert "its copy on this computer cannot be read" in preview.canvas.troubles[6]
    assert viewer.look_at(b"\1\2\3", "a.bin", HexPreview)


def test_ten_thousand_pages(viewer: Viewer) -> None:
    content = write_pdf(Document([page_of(f"Page number {n}") for n in range(1, 10_001)]))
    preview = viewer.look_at(content, "long.pdf", PdfPreview)
    preview.page.setValue(10_000)
    drawn(viewer, preview)
    assert preview.canvas.page > 9_997
    assert "10,000 pages" in preview.facts.text()


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.7\n", write_pdf(Document(PAGES))[:700], write_pdf(Document([]))],
    ids=["head", "cut", "empty"],
)
def test_broken_document_is_told(viewer: Viewer, content: bytes, tmp_path: Path) -> None:
    assert "This document cannot be shown" in viewer.told_of(content, "broken.pdf")
    drawn(viewer, viewer.look_at(write_pdf(Document(PAGES)), "good.pdf", PdfPreview))
