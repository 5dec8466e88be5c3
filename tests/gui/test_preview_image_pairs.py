"""Two pictures beside each other on the screen, or one after the other in one place."""

from __future__ import annotations

from functools import partial

import pytest
from PIL import Image
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from itkgui.views.previews.image import ImagePreview
from tests.gui.picture_viewing import PictureViewer
from tests.unit.decoding.pictures import encoded, noise

LEFT = Qt.MouseButton.LeftButton


def _fills(pane: QWidget, preview: ImagePreview) -> bool:
    return pane.width() == preview.beside.width()


def test_two_pictures_beside_each_other_move_together(pictures: PictureViewer) -> None:
    pictures.open(encoded(noise(800, 600), "PNG"), "first.png")
    QTest.mouseClick(pictures.button("Compare with…"), LEFT)
    pictures.open(encoded(noise(800, 600, 2), "PNG"), "second.png")
    preview = pictures.preview
    assert preview.pinned.isVisible()
    assert (preview.pinned.caption.text(), preview.pane.caption.text()) == ("first.png", "second.png")
    pictures.press("1")
    pictures.canvas.pan(QPointF(-40, 25))
    other = preview.pinned.canvas
    assert other.scale_shown == pytest.approx(pictures.canvas.scale_shown)
    assert other.place.centre == pictures.canvas.place.centre
    other.pan(QPointF(30, 0))
    assert other.place.centre == pictures.canvas.place.centre
    pictures.settle()
    pictures.open(encoded(noise(1600, 1200), "PNG"), "larger.png")
    assert pictures.canvas.place.centre.x() == pytest.approx(2 * other.place.centre.x())
    QTest.mouseClick(pictures.button("Compare with…"), LEFT)
    assert not preview.pinned.isVisible()
    pictures.canvas.fit()
    pictures.settle()


def test_two_pictures_blink_in_one_place(pictures: PictureViewer) -> None:
    pictures.open(encoded(Image.new("L", (50, 50), 10), "PNG"), "first.png")
    pictures.press("P")
    pictures.open(encoded(Image.new("L", (50, 50), 200), "PNG"), "second.png")
    pictures.press("B")
    preview = pictures.preview
    for shown, hidden in ((preview.pinned, preview.pane), (preview.pane, preview.pinned)) * 2:
        pictures.until(shown.isVisible)
        assert not hidden.isVisible()
        pictures.until(partial(_fills, shown, preview))
    QTest.mouseClick(pictures.button("Blink"), LEFT)
    assert preview.pane.isVisible()
    assert preview.pinned.isVisible()


def test_keys_stay_with_the_picture_that_blinks(pictures: PictureViewer) -> None:
    pictures.open(encoded(Image.new("L", (50, 50), 10), "PNG"), "first.png")
    pictures.press("P")
    pictures.open(encoded(Image.new("L", (50, 50), 200), "PNG"), "second.png")
    preview = pictures.preview
    pictures.canvas.setFocus()
    pictures.press("B")
    for shown in (preview.pinned, preview.pane, preview.pinned):
        pictures.until(shown.isVisible)
        assert shown.canvas.hasFocus()
    QTest.keyClicks(preview.pinned.canvas, "B")
    assert not preview.blink_button.isChecked()
    assert preview.pane.isVisible()
    assert preview.pinned.isVisible()
    QTest.keyClicks(preview.pinned.canvas, "P")
    assert pictures.canvas.hasFocus()
