"""Pictures on the screen: zoomed, moved, turned, measured, compared, switched page by page."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from itkgui.background.worker import Worker
from itkgui.client.files import BinaryFile, open_file
from itkgui.decoding.decoders import Decoders
from itkgui.decoding.tones import Tone
from itkgui.views.previews.image import ImagePreview
from itkgui.views.previews.image_canvas import ImageCanvas
from itkgui.views.previews.preview_content import PreviewContent
from tests.end2end.job import text_shown
from tests.unit.decoding.pictures import corners, encoded, noise, written
from tests.unit.decoding.raw_files import write_dng

LEFT = Qt.MouseButton.LeftButton
PATIENCE_MS = 20_000


class Viewer:
    """Somebody who looks at one picture after another."""

    def __init__(self, qtbot: QtBot, content: PreviewContent, folder: Path) -> None:
        self.qtbot = qtbot
        self.content = content
        self.folder = folder

    @property
    def preview(self) -> ImagePreview:
        found = self.content.currentWidget()
        assert isinstance(found, ImagePreview)
        return found

    @property
    def canvas(self) -> ImageCanvas:
        return self.preview.canvas

    def until(self, condition: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=PATIENCE_MS)

    def look_at(self, content: bytes, name: str) -> BinaryFile:
        """Choose a file, and wait until its picture is there and sharp."""
        file = written(self.folder / name, content)
        self.show(file)
        return file

    def show(self, file: BinaryFile) -> None:
        self.content.show_file(file)
        self.until(lambda: self.content.shown_kind == "image")
        self.settle()

    def settle(self) -> None:
        preview = self.preview
        self.until(lambda: preview.pane.is_settled and preview.pinned.is_settled)

    def button(self, name: str) -> QToolButton:
        return self.preview.tools.buttons[name]

    def press(self, key: Qt.Key | str) -> None:
        if isinstance(key, str):
            QTest.keyClicks(self.canvas, key)
        else:
            QTest.keyClick(self.canvas, key)
        self.settle()

    def colour(self, spot: QPointF | QPoint | None = None) -> tuple[int, int, int]:
        """Return the colour at a spot of the canvas, by default its middle."""
        spot = QPointF(spot if spot is not None else self.canvas.rect().center())
        return rgb(self.canvas.grab().toImage().pixelColor(spot.toPoint()))

    def wheel(self, spot: QPointF, notches: int) -> None:
        keys, phase = Qt.KeyboardModifier.ControlModifier, Qt.ScrollPhase.NoScrollPhase
        place = self.canvas.mapToGlobal(spot)
        event = QWheelEvent(
            spot, place, QPoint(), QPoint(0, 120 * notches), Qt.MouseButton.NoButton, keys, phase, False
        )
        QApplication.sendEvent(self.canvas, event)
        self.settle()


def rgb(colour: QColor) -> tuple[int, int, int]:
    return colour.red(), colour.green(), colour.blue()


def _fills(pane: QWidget, preview: ImagePreview) -> bool:
    return pane.width() == preview.beside.width()


@pytest.fixture
def viewer(qtbot: QtBot, event_loop_of_qt: asyncio.AbstractEventLoop, tmp_path: Path) -> Iterator[Viewer]:
    worker, decoders = Worker(), Decoders()
    content = PreviewContent(worker, decoders, tmp_path / "members")
    qtbot.addWidget(content)
    content.resize(500, 500)
    content.show()
    yield Viewer(qtbot, content, tmp_path)
    content.show_nothing("")
    worker.stop()
    decoders.close()


# Zoom and place --------------------------------------------------------------------------------------------


def test_picture_is_decoded_to_the_pane_and_sharp_when_zoomed(viewer: Viewer) -> None:
    values = np.zeros((1200, 1600), np.uint8)
    values[::2, ::2] = values[1::2, 1::2] = 255  # a grey from afar
    viewer.look_at(encoded(Image.fromarray(values), "PNG"), "fine.png")
    loaded = viewer.preview.pane.loaded
    assert loaded is not None
    assert loaded.width <= 500
    assert 90 < viewer.colour()[0] < 160
    viewer.press("1")
    for _ in range(10):
        viewer.press("+")
    assert viewer.canvas.wanted_part() is None
    place = viewer.canvas.place
    point = place.to_picture(QPointF(250, 200))
    x, y = int(point.x()), int(point.y())
    for across, down in ((0, 0), (1, 0), (0, 1), (1, 1)):
        spot = place.from_picture(QPointF(x + across + 0.5, y + down + 0.5))
        assert viewer.colour(spot)[0] == (255 if (x + across + y + down) % 2 == 0 else 0)


def test_wheel_keeps_what_is_at_the_cursor(viewer: Viewer) -> None:
    viewer.look_at(encoded(noise(1600, 1200), "JPEG"), "a.jpg")
    spot = QPointF(120, 210)
    viewer.wheel(spot, 5)
    before = viewer.canvas.place.to_picture(spot)
    shown = viewer.canvas.scale_shown
    viewer.wheel(spot, 3)
    assert viewer.canvas.scale_shown == pytest.approx(shown * 1.25**3)
    after = viewer.canvas.place.to_picture(spot)
    assert (after.x(), after.y()) == pytest.approx((before.x(), before.y()))
    assert f"{viewer.canvas.scale_shown:.0%}" in viewer.preview.facts.text()


def test_dragging_and_arrows_move_what_is_larger_than_the_pane(viewer: Viewer) -> None:
    viewer.look_at(encoded(noise(1600, 1200), "JPEG"), "a.jpg")
    viewer.press("1")
    middle = viewer.canvas.place.centre
    QTest.mousePress(viewer.canvas, LEFT, pos=QPoint(200, 200))
    QTest.mouseMove(viewer.canvas, QPoint(150, 230))
    QTest.mouseRelease(viewer.canvas, LEFT, pos=QPoint(150, 230))
    moved = viewer.canvas.place.centre
    assert moved - middle == QPointF(50, -30)
    viewer.press(Qt.Key.Key_Right)
    assert viewer.canvas.place.centre.x() > moved.x()
    for _ in range(30):
        viewer.press(Qt.Key.Key_Right)
    assert viewer.canvas.place.sight.right() == pytest.approx(1600), "no gap at the edge"


@pytest.mark.parametrize("key", [Qt.Key.Key_Down, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp])
def test_keys_of_the_list_are_not_taken(viewer: Viewer, key: Qt.Key) -> None:
    viewer.look_at(encoded(corners(), "PNG"), "a.png")
    before = viewer.canvas.place.centre
    viewer.press(key)
    assert viewer.canvas.place.centre == before
    assert viewer.canvas.place.is_fitted


def test_small_picture_is_fitted_as_large_as_it_is(viewer: Viewer) -> None:
    viewer.look_at(encoded(corners(), "PNG"), "a.png")
    assert viewer.canvas.scale_shown == pytest.approx(1)
    QTest.mouseDClick(viewer.canvas, LEFT, pos=viewer.canvas.rect().center())
    viewer.press("0")
    assert viewer.canvas.place.is_fitted


def test_turned_picture_is_turned_in_its_details_too(viewer: Viewer) -> None:
    viewer.look_at(encoded(corners(1600, 1200), "PNG"), "a.png")
    viewer.press("R")
    assert viewer.canvas.place.full.width() == 1200
    for zoomed in (False, True):
        if zoomed:
            viewer.press("1")
        centre = viewer.canvas.place.from_picture(QPointF(600, 800))
        found = [
            viewer.colour(centre + QPointF(x, y)) for x, y in ((-20, -20), (20, -20), (-20, 20), (20, 20))
        ]
        assert found == [(0, 0, 255), (255, 0, 0), (255, 255, 255), (0, 255, 0)]


def test_next_picture_of_the_same_size_stays_in_place(viewer: Viewer) -> None:
    viewer.look_at(encoded(noise(1600, 1200), "JPEG"), "a.jpg")
    viewer.press("1")
    viewer.press("R")
    viewer.canvas.pan(QPointF(100, -60))
    viewer.settle()
    centre, zoom = viewer.canvas.place.centre, viewer.canvas.scale_shown
    viewer.look_at(encoded(noise(1600, 1200, 2), "PNG"), "b.png")
    assert (viewer.canvas.place.centre, viewer.canvas.scale_shown) == (centre, zoom)
    assert viewer.canvas.place.quarters == 1
    assert viewer.canvas.wanted_part() is None
    viewer.look_at(encoded(noise(1200, 1600), "JPEG"), "c.jpg")
    assert viewer.canvas.place.is_fitted
    assert viewer.canvas.place.quarters == 0


# Values, shades, lengths -----------------------------------------------------------------------------------


def ramp_file(viewer: Viewer, **options: object) -> BinaryFile:
    values = np.linspace(1000, 5000, 400 * 300).reshape(300, 400).astype(np.uint16)
    return viewer.look_at(encoded(Image.fromarray(values), "TIFF", **options), "ramp.tif")


def test_value_under_the_cursor_is_that_of_the_file(viewer: Viewer) -> None:
    ramp_file(viewer)
    spot = viewer.canvas.place.from_picture(QPointF(100.5, 200.5))
    QTest.mouseMove(viewer.canvas, spot.toPoint())
    viewer.until(lambda: viewer.preview.values.text())
    words = viewer.preview.values.text()
    x, y = (int(words.split()[place]) for place in (1, 3))
    assert (x, y) == pytest.approx((100, 200), abs=1)
    values = np.linspace(1000, 5000, 400 * 300).reshape(300, 400).astype(np.uint16)
    assert words.endswith(f"value {values[y, x]}")
    QTest.mouseMove(viewer.canvas, QPoint(2, 2))
    viewer.until(lambda: viewer.preview.values.text() == "")


def test_shades_are_moved_on_the_true_values(viewer: Viewer) -> None:
    ramp_file(viewer)
    spot = viewer.canvas.place.from_picture(QPointF(200, 75))
    assert viewer.colour(spot)[0] == pytest.approx(64, abs=6)
    QTest.mouseClick(viewer.button("Brightness and contrast…"), LEFT)
    tones = viewer.preview.tones
    assert tones.isVisible()
    tones.brightness.setValue(100)
    viewer.until(lambda: viewer.colour(spot)[0] == 255)
    assert tones.words.text().startswith("Black at -29")
    QTest.mouseClick(tones.reset, LEFT)
    viewer.until(lambda: abs(viewer.colour(spot)[0] - 64) < 6)
    tones.contrast.setValue(100)
    viewer.until(lambda: viewer.colour(spot)[0] == 0)
    tones.hide()
    viewer.settle()


def test_keys_of_the_picture_work_while_its_shades_are_open(viewer: Viewer) -> None:
    viewer.look_at(encoded(corners(400, 300), "PNG"), "a.png")
    viewer.canvas.setFocus()
    viewer.press("T")
    tones = viewer.preview.tones
    viewer.until(tones.isVisible)
    QTest.keyClicks(tones.brightness, "R")
    assert viewer.canvas.place.quarters == 1
    QTest.keyClicks(tones.brightness, "M")
    assert viewer.preview.ruler_button.isChecked()
    QTest.keyClick(tones.brightness, Qt.Key.Key_Right)
    assert tones.brightness.value() > 0
    assert tones.isVisible()
    QTest.keyClicks(tones.brightness, "T")
    assert not tones.isVisible()
    viewer.press("T")
    QTest.keyClick(tones.brightness, Qt.Key.Key_Escape)
    assert not tones.isVisible()
    viewer.settle()


def draw_ruler(viewer: Viewer, first: QPointF, second: QPointF) -> None:
    begin, end = (viewer.canvas.place.from_picture(point).toPoint() for point in (first, second))
    QTest.mousePress(viewer.canvas, LEFT, pos=begin)
    QTest.mouseMove(viewer.canvas, end)
    QTest.mouseRelease(viewer.canvas, LEFT, pos=end)


def test_picture_that_is_turned_while_its_shades_change_has_both(viewer: Viewer) -> None:
    viewer.look_at(encoded(corners(400, 300), "PNG"), "a.png")
    viewer.preview.pane.show_tone(Tone(0.0, 510.0))
    viewer.press("R")
    viewer.until(lambda: viewer.preview.pane.is_settled)
    shown = viewer.canvas.grab().toImage()
    colours = {shown.pixelColor(x, y).name() for x in range(shown.width()) for y in range(shown.height())}
    assert "#800000" in colours
    assert "#ff0000" not in colours


def test_ruler_measures_and_takes_a_scale(viewer: Viewer) -> None:
    viewer.look_at(encoded(noise(400, 300), "PNG"), "a.png")
    viewer.press("M")
    tools = viewer.preview.tools
    assert not tools.is_offered(viewer.preview.scale_button)
    draw_ruler(viewer, QPointF(100, 100), QPointF(200, 100))
    assert viewer.canvas.distance() == pytest.approx((100, 0))
    QTest.mouseClick(viewer.preview.scale_button, LEFT)
    (dialog,) = viewer.preview.findChildren(QInputDialog)
    dialog.setDoubleValue(50)
    dialog.accept()
    assert viewer.preview.pane.scale == pytest.approx((0.5, 0.5))
    assert "200 µm × 150 µm" in viewer.preview.facts.text()
    viewer.look_at(encoded(noise(400, 300, 2), "PNG"), "b.png")
    assert "200 µm × 150 µm" in viewer.preview.facts.text(), "the same camera, most likely"
    viewer.look_at(encoded(noise(300, 300, 2), "PNG"), "c.png")
    assert "µm" not in viewer.preview.facts.text()
    viewer.press("M")
    assert viewer.canvas.ruler is None


def test_scale_of_the_file_is_used(viewer: Viewer) -> None:
    ramp_file(viewer, resolution=20_000, resolution_unit="cm")
    assert "200 µm × 150 µm" in viewer.preview.facts.text()


# Pages, raw files, drawings --------------------------------------------------------------------------------


def test_pages_are_switched(viewer: Viewer) -> None:
    pages = [Image.new("L", (50, 50), 60 * number) for number in range(4)]
    viewer.look_at(encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:]), "a.tif")
    assert "page 1 of 4" in viewer.preview.facts.text()
    viewer.press(".")
    viewer.press(".")
    viewer.until(lambda: "page 3 of 4" in viewer.preview.facts.text())
    viewer.until(lambda: viewer.colour() == (120, 120, 120))
    viewer.press(",")
    viewer.until(lambda: viewer.colour() == (60, 60, 60))
    viewer.look_at(encoded(corners(), "PNG"), "a.png")
    assert not viewer.preview.page.isVisible()


def test_pages_that_are_compared_are_told_apart(viewer: Viewer) -> None:
    pages = [Image.new("L", (50, 50), 60 * number) for number in range(4)]
    viewer.look_at(encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:]), "a.tif")
    viewer.press("P")
    viewer.press(".")
    viewer.until(lambda: viewer.preview.pane.caption.text() == "page 2 of 4  ·  a.tif")
    assert viewer.preview.pinned.caption.text() == "page 1 of 4  ·  a.tif"


def test_raw_file_is_developed_on_demand(viewer: Viewer) -> None:
    preview = encoded(corners(240, 160), "JPEG")
    path = write_dng(viewer.folder / "a.dng", (600, 400), preview, (240, 160))
    viewer.show(open_file(path, path.name))
    assert "240 × 160 pixels" in viewer.preview.facts.text()
    assert "RAW" in viewer.preview.facts.text()
    QTest.mouseClick(viewer.button("Develop the sensor's values"), LEFT)
    viewer.until(lambda: "600 × 400 pixels" in viewer.preview.facts.text())
    assert not viewer.preview.tools.is_offered(viewer.preview.develop_button)
    viewer.press("1")
    assert viewer.canvas.wanted_part() is None


def test_source_of_a_drawing_is_one_click_away(viewer: Viewer) -> None:
    source = b'<svg xmlns="http://www.w3.org/2000/svg" width="100" height="50"><script>1</script>'
    source += b'<rect width="100" height="50" fill="#00f"/></svg>'
    viewer.look_at(source, "a.svg")
    assert "1 × script" in viewer.preview.facts.text()
    assert viewer.canvas.scale_shown > 3, "a drawing fills the pane"
    assert viewer.colour() == (0, 0, 255)
    QTest.mouseClick(viewer.button("Source"), LEFT)
    viewer.until(lambda: "<script>" in text_shown(viewer.preview.source))
    QTest.mouseClick(viewer.button("Source"), LEFT)
    assert viewer.canvas.isVisible()
    viewer.wheel(QPointF(viewer.canvas.rect().center()), 8)
    assert viewer.canvas.wanted_part() is None


def test_nothing_coarse_is_seen_through_what_is_sharp(viewer: Viewer) -> None:
    source = b'<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100">'
    viewer.look_at(source + b'<rect x="50" width="50" height="100"/></svg>', "a.svg")
    viewer.wheel(QPointF(viewer.canvas.rect().center()), 8)
    edge = viewer.canvas.place.from_picture(QPointF(50, 50))
    assert viewer.colour(edge - QPointF(2, 0)) == (255, 255, 255)
    assert viewer.colour(edge + QPointF(2, 0)) == (0, 0, 0)


# Two pictures ----------------------------------------------------------------------------------------------


def test_two_pictures_beside_each_other_move_together(viewer: Viewer) -> None:
    viewer.look_at(encoded(noise(800, 600), "PNG"), "first.png")
    QTest.mouseClick(viewer.button("Compare with…"), LEFT)
    viewer.look_at(encoded(noise(800, 600, 2), "PNG"), "second.png")
    preview = viewer.preview
    assert preview.pinned.isVisible()
    assert (preview.pinned.caption.text(), preview.pane.caption.text()) == ("first.png", "second.png")
    viewer.press("1")
    viewer.canvas.pan(QPointF(-40, 25))
    other = preview.pinned.canvas
    assert other.scale_shown == pytest.approx(viewer.canvas.scale_shown)
    assert other.place.centre == viewer.canvas.place.centre
    other.pan(QPointF(30, 0))
    assert other.place.centre == viewer.canvas.place.centre
    viewer.settle()
    viewer.look_at(encoded(noise(1600, 1200), "PNG"), "larger.png")
    assert viewer.canvas.place.centre.x() == pytest.approx(2 * other.place.centre.x())
    QTest.mouseClick(viewer.button("Compare with…"), LEFT)
    assert not preview.pinned.isVisible()
    viewer.canvas.fit()
    viewer.settle()


def test_two_pictures_blink_in_one_place(viewer: Viewer) -> None:
    viewer.look_at(encoded(Image.new("L", (50, 50), 10), "PNG"), "first.png")
    viewer.press("P")
    viewer.look_at(encoded(Image.new("L", (50, 50), 200), "PNG"), "second.png")
    viewer.press("B")
    preview = viewer.preview
    for shown, hidden in ((preview.pinned, preview.pane), (preview.pane, preview.pinned)) * 2:
        viewer.until(shown.isVisible)
        assert not hidden.isVisible()
        viewer.until(partial(_fills, shown, preview))
    QTest.mouseClick(viewer.button("Blink"), LEFT)
    assert preview.pane.isVisible()
    assert preview.pinned.isVisible()


def test_keys_stay_with_the_picture_that_blinks(viewer: Viewer) -> None:
    viewer.look_at(encoded(Image.new("L", (50, 50), 10), "PNG"), "first.png")
    viewer.press("P")
    viewer.look_at(encoded(Image.new("L", (50, 50), 200), "PNG"), "second.png")
    preview = viewer.preview
    viewer.canvas.setFocus()
    viewer.press("B")
    for shown in (preview.pinned, preview.pane, preview.pinned):
        viewer.until(shown.isVisible)
        assert shown.canvas.hasFocus()
    QTest.keyClicks(preview.pinned.canvas, "B")
    assert not preview.blink_button.isChecked()
    assert preview.pane.isVisible()
    assert preview.pinned.isVisible()
    QTest.keyClicks(preview.pinned.canvas, "P")
    assert viewer.canvas.hasFocus()


# Room, and bad files ---------------------------------------------------------------------------------------


def test_tools_fit_a_narrow_pane(viewer: Viewer) -> None:
    viewer.content.resize(450, 400)
    viewer.look_at(encoded(noise(400, 300), "PNG"), "a.png")
    tools = viewer.preview.tools
    assert all(button.isVisible() for button in tools.buttons.values() if tools.is_offered(button))
    assert not tools.more.isVisible()
    viewer.content.resize(200, 400)
    viewer.until(lambda: tools.more.isVisible())
    assert viewer.content.width() == 200
    assert max(button.geometry().right() for button in tools.buttons.values() if button.isVisible()) < 200
    tools.menu.aboutToShow.emit()
    turn = next(action for action in tools.menu.actions() if action.text().startswith("Measure"))
    turn.trigger()
    assert viewer.preview.ruler_button.isChecked()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("cut.png", encoded(noise(), "PNG")[:60]),
        ("cut.tif", encoded(noise(), "TIFF", compression="tiff_lzw")[:5000]),
        ("cut.gif", b"GIF89a" + bytes(7)),
        ("cut.webp", encoded(noise(), "WEBP")[:40]),
        ("cut.bmp", encoded(noise(), "BMP")[:54]),
        ("cut.dng", b"II*\0\x08\0\0\0" + b"\x01\0\x12\xc6\x01\0\x04\0\0\0\x01\x04\0\0" + bytes(8)),
        ("bomb.svg", b'<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>'),
    ],
)
def test_bad_file_is_told_and_the_next_is_shown(viewer: Viewer, name: str, content: bytes) -> None:
    viewer.look_at(encoded(corners(), "PNG"), "good.png")
    viewer.content.show_file(written(viewer.folder / name, content))
    viewer.until(lambda: viewer.content.trouble.isVisible())
    viewer.look_at(encoded(Image.new("L", (50, 50), 77), "PNG"), "next.png")
    assert viewer.colour() == (77, 77, 77)


def test_web_page_that_is_called_a_picture_is_shown_as_text(viewer: Viewer) -> None:
    viewer.content.show_file(written(viewer.folder / "a.png", b"<html><body>not found</body></html>"))
    viewer.until(lambda: viewer.content.shown_kind == "text")


def test_cut_photograph_says_so(viewer: Viewer) -> None:
    content = encoded(noise(), "JPEG")
    viewer.look_at(content[: len(content) // 2], "cut.jpg")
    assert "only a part could be read" in viewer.preview.facts.text()


def test_file_that_goes_while_it_is_looked_at_is_told(viewer: Viewer) -> None:
    file = viewer.look_at(encoded(noise(1600, 1200), "JPEG"), "a.jpg")
    file.path.unlink()
    viewer.press("1")
    viewer.until(lambda: "cannot be read" in viewer.preview.facts.text())
    viewer.until(lambda: viewer.preview.pane.is_settled)
    viewer.canvas.hovered.emit(5, 5)
    assert viewer.preview.pane.is_settled, "what cannot be decoded is tried again for each pixel"


def test_picture_follows_the_pane(viewer: Viewer) -> None:
    viewer.look_at(encoded(noise(1600, 1200), "JPEG"), "a.jpg")
    small = viewer.canvas.scale_shown
    viewer.content.resize(900, 800)
    viewer.until(lambda: viewer.canvas.scale_shown > small * 1.5)
    viewer.until(lambda: viewer.preview.pane.is_settled and viewer.canvas.wanted_part() is None)
