"""Two pictures beside each other: what is told of the one beside, and what ends with the files."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from itkgui.views.previews.image import ImagePreview
from itkgui.views.previews.text import TextPreview
from tests.gui.previewing import Viewer


def picture(seed: int, side: int = 3000) -> bytes:
    """Return a picture that is too large to be decoded whole."""
    pixels = np.random.default_rng(seed).integers(0, 256, (side, side), np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "BMP")
    return out.getvalue()


def test_trouble_of_the_picture_beside_is_told(viewer: Viewer) -> None:
    preview = viewer.look_at(picture(1), "first.bmp", ImagePreview)
    viewer.until(lambda: preview.pane.is_settled)
    QTest.keyClicks(preview.canvas, "p")
    viewer.look_at(picture(2), "second.bmp", ImagePreview)
    viewer.until(lambda: preview.pane.is_settled and preview.pinned.is_settled)
    (viewer.folder / "first.bmp").unlink()
    QTest.mouseMove(preview.pinned.canvas, QPoint(20, 100))
    QTest.mouseMove(preview.pinned.canvas, QPoint(60, 120))
    QTest.keyClicks(preview.canvas, "1")
    viewer.until(lambda: preview.pinned.trouble)
    assert preview.facts.text().endswith(f"first.bmp: {preview.pinned.trouble}")
    assert not preview.pane.trouble
    QTest.keyClicks(preview.canvas, "p")
    viewer.until(lambda: preview.pane.is_settled)
    assert "first.bmp" not in preview.facts.text()


def test_blinking_ends_with_the_file_and_goes_on_with_the_next_picture(viewer: Viewer) -> None:
    preview = viewer.look_at(picture(1, 50), "first.bmp", ImagePreview)
    QTest.keyClicks(preview.canvas, "p")
    viewer.look_at(picture(2, 50), "second.bmp", ImagePreview)
    preview.canvas.setFocus(Qt.FocusReason.OtherFocusReason)
    QTest.keyClicks(preview.canvas, "b")
    viewer.until(lambda: preview.is_blinking)
    viewer.look_at(b"no picture", "text.txt", TextPreview)
    still = preview.is_blinking
    assert not still
    viewer.look_at(picture(3, 50), "third.bmp", ImagePreview)
    viewer.until(preview.pinned.isVisible)
    viewer.until(preview.pane.isVisible)
    preview.forget()
    assert not preview.is_blinking
