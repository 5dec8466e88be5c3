"""What is measured in a picture on the screen: values, shades, lengths."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from itkgui.client.files import BinaryFile
from itkgui.decoding.tones import Tone
from itkgui.views.previews.image_scale import ScaleDialog
from tests.gui.picture_viewing import PictureViewer
from tests.unit.decoding.pictures import corners, encoded, noise

LEFT = Qt.MouseButton.LeftButton


def ramp_file(pictures: PictureViewer, **options: object) -> BinaryFile:
    values = np.linspace(1000, 5000, 400 * 300).reshape(300, 400).astype(np.uint16)
    return pictures.open(encoded(Image.fromarray(values), "TIFF", **options), "ramp.tif")


def test_value_under_the_cursor_is_that_of_the_file(pictures: PictureViewer) -> None:
    ramp_file(pictures)
    spot = pictures.canvas.place.from_picture(QPointF(100.5, 200.5))
    QTest.mouseMove(pictures.canvas, spot.toPoint())
    pictures.until(lambda: pictures.preview.values.text())
    words = pictures.preview.values.text()
    x, y = (int(words.split()[place]) for place in (1, 3))
    assert (x, y) == pytest.approx((100, 200), abs=1)
    values = np.linspace(1000, 5000, 400 * 300).reshape(300, 400).astype(np.uint16)
    assert words.endswith(f"value {values[y, x]}")
    QTest.mouseMove(pictures.canvas, QPoint(2, 2))
    pictures.until(lambda: pictures.preview.values.text() == "")


def test_shades_are_moved_on_the_true_values(pictures: PictureViewer) -> None:
    ramp_file(pictures)
    spot = pictures.canvas.place.from_picture(QPointF(200, 75))
    assert pictures.colour(spot)[0] == pytest.approx(64, abs=6)
    QTest.mouseClick(pictures.button("Brightness and contrast…"), LEFT)
    tones = pictures.preview.tones
    assert tones.isVisible()
    tones.brightness.setValue(100)
    pictures.until(lambda: pictures.colour(spot)[0] == 255)
    assert tones.words.text().startswith("Black at -29")
    QTest.mouseClick(tones.reset, LEFT)
    pictures.until(lambda: abs(pictures.colour(spot)[0] - 64) < 6)
    tones.contrast.setValue(100)
    pictures.until(lambda: pictures.colour(spot)[0] == 0)
    tones.hide()
    pictures.settle()


def test_keys_of_the_picture_work_while_its_shades_are_open(pictures: PictureViewer) -> None:
    pictures.open(encoded(corners(400, 300), "PNG"), "a.png")
    pictures.canvas.setFocus()
    pictures.press("T")
    tones = pictures.preview.tones
    pictures.until(tones.isVisible)
    QTest.keyClicks(tones.brightness, "R")
    assert pictures.canvas.place.quarters == 1
    tone_button, facts = pictures.preview.tone_button, pictures.preview.facts
    assert not tone_button.isChecked()
    assert "brightness" not in facts.text()
    QTest.keyClick(tones.brightness, Qt.Key.Key_Right)
    assert tones.brightness.value() > 0
    assert tones.isVisible()
    QTest.keyClicks(tones.brightness, "T")
    assert not tones.isVisible()
    assert tone_button.isChecked(), "as long as it is changed"
    assert "brightness changed" in facts.text()
    pictures.press("T")
    QTest.keyClick(tones.brightness, Qt.Key.Key_Escape)
    assert not tones.isVisible()
    pictures.press("T")
    QTest.keyClicks(tones.brightness, "M")
    assert pictures.preview.ruler_button.isChecked()
    assert not tones.isVisible(), "the arrow keys are the ruler's"
    assert pictures.canvas.hasFocus()
    tones.reset.click()
    assert not tone_button.isChecked()
    assert "brightness" not in facts.text()
    pictures.settle()


def draw_ruler(pictures: PictureViewer, first: QPointF, second: QPointF) -> None:
    begin, end = (pictures.canvas.place.from_picture(point).toPoint() for point in (first, second))
    QTest.mousePress(pictures.canvas, LEFT, pos=begin)
    QTest.mouseMove(pictures.canvas, end)
    QTest.mouseRelease(pictures.canvas, LEFT, pos=end)


def test_picture_that_is_turned_while_its_shades_change_has_both(pictures: PictureViewer) -> None:
    pictures.open(encoded(corners(400, 300), "PNG"), "a.png")
    pictures.preview.pane.show_tone(Tone(0.0, 510.0))
    pictures.press("R")
    pictures.until(lambda: pictures.preview.pane.is_settled)
    shown = pictures.canvas.grab().toImage()
    colours = {shown.pixelColor(x, y).name() for x in range(shown.width()) for y in range(shown.height())}
    assert "#800000" in colours
    assert "#ff0000" not in colours


@pytest.mark.parametrize("unit", ["µm", "mm"])
def test_ruler_measures_and_takes_a_scale(pictures: PictureViewer, unit: str) -> None:
    pictures.open(encoded(noise(400, 300), "PNG"), "a.png")
    pictures.press("M")
    tools = pictures.preview.tools
    assert not tools.is_offered(pictures.preview.scale_button)
    draw_ruler(pictures, QPointF(100, 100), QPointF(200, 100))
    assert pictures.canvas.distance() == pytest.approx((100, 0))
    QTest.mouseClick(pictures.preview.scale_button, LEFT)
    (dialog,) = pictures.preview.findChildren(ScaleDialog)
    dialog.length.setValue(50)
    dialog.unit.setCurrentText(unit)
    dialog.accept()
    assert f"200 {unit} × 150 {unit}" in pictures.preview.facts.text()
    pictures.open(encoded(noise(400, 300, 2), "PNG"), "b.png")
    assert f"200 {unit} × 150 {unit}" in pictures.preview.facts.text(), "the same camera, most likely"
    assert not pictures.preview.ruler_button.isChecked(), "measuring ends with its picture"
    assert pictures.canvas.ruler is None
    pictures.open(encoded(noise(300, 300, 2), "PNG"), "c.png")
    assert unit not in pictures.preview.facts.text()


def test_ruler_is_laid_and_moved_by_keys(pictures: PictureViewer) -> None:
    keys = Qt.Key
    pictures.open(encoded(noise(400, 300), "PNG"), "a.png")
    canvas, values = pictures.canvas, pictures.preview.values
    canvas.setFocus()
    pictures.press("M")
    assert "Enter: done" in values.text()
    pictures.press(keys.Key_Right)
    assert canvas.ruler is not None, "the first key lays it"
    assert canvas.distance() == pytest.approx((200, 0))
    assert pictures.preview.tools.is_offered(pictures.preview.scale_button)
    pictures.press(keys.Key_Right)
    QTest.keyClick(canvas, keys.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert canvas.distance() == pytest.approx((201, 10))
    begin = canvas.ruler.p1()
    QTest.keyClick(canvas, keys.Key_Tab)
    assert canvas.hasFocus()
    pictures.press(keys.Key_Left)
    assert canvas.ruler.p1() == begin - QPointF(1, 0)
    assert canvas.distance() == pytest.approx((202, 10))
    for _ in range(50):
        QTest.keyClick(canvas, keys.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert canvas.ruler.p1().x() == 0, "an end stays in the picture"
    pictures.press(keys.Key_Return)
    assert values.text() == ""
    assert not pictures.preview.ruler_button.isChecked()
    assert pictures.preview.tools.is_offered(pictures.preview.scale_button)
    before = canvas.distance()
    pictures.press(keys.Key_Left)
    assert canvas.distance() == before
    QTest.keyClick(canvas, keys.Key_Tab)
    assert not canvas.hasFocus(), "Tab leads on again"
    canvas.setFocus()
    pictures.press("M")
    pictures.press(keys.Key_Left)
    assert canvas.distance()[0] == before[0] - 1, "taken up again"
    pictures.press(keys.Key_Escape)
    assert not pictures.preview.ruler_button.isChecked()
    assert not pictures.preview.tools.is_offered(pictures.preview.scale_button)
    assert canvas.distance() == (0, 0)
    assert values.text() == ""


def test_what_is_drawn_by_hand_is_trimmed_by_the_keys(pictures: PictureViewer) -> None:
    pictures.open(encoded(noise(400, 300), "PNG"), "a.png")
    QTest.mouseClick(pictures.preview.ruler_button, LEFT)
    draw_ruler(pictures, QPointF(100, 100), QPointF(200, 100))
    drawn = pictures.canvas.distance()
    QTest.keyClick(pictures.content.window().focusWidget(), Qt.Key.Key_Right)
    assert pictures.canvas.distance() == (drawn[0] + 1, drawn[1])


def test_end_of_the_ruler_moves_by_whole_pixels_of_a_large_picture(pictures: PictureViewer) -> None:
    pictures.open(encoded(corners(40, 30), "PNG"), "a.png")
    for _ in range(12):
        pictures.press("+")
    pictures.press("M")
    pictures.press(Qt.Key.Key_Up)
    laid = pictures.canvas.distance()
    pictures.press(Qt.Key.Key_Right)
    assert pictures.canvas.distance()[0] == pytest.approx(laid[0] + 1)


def test_scale_of_the_file_is_used(pictures: PictureViewer) -> None:
    ramp_file(pictures, resolution=20_000, resolution_unit="cm")
    assert "200 µm × 150 µm" in pictures.preview.facts.text()


def test_ruler_ends_at_the_edge_of_the_picture(pictures: PictureViewer) -> None:
    pictures.open(encoded(noise(400, 300), "PNG"), "a.png")
    pictures.press("M")
    canvas = pictures.canvas
    draw_ruler(pictures, QPointF(-9, -5), QPointF(412, 307))
    assert canvas.ruler is not None
    assert (canvas.ruler.p1(), canvas.ruler.p2()) == (QPointF(0, 0), QPointF(400, 300))
