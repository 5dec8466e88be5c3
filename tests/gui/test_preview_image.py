"""Pictures on the screen: zoomed, moved, turned, in a pane of any size."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from tests.gui.picture_viewing import PictureViewer
from tests.unit.decoding.pictures import corners, encoded, noise

LEFT = Qt.MouseButton.LeftButton


def test_picture_is_decoded_to_the_pane_and_sharp_when_zoomed(pictures: PictureViewer) -> None:
    values = np.zeros((1200, 1600), np.uint8)
    values[::2, ::2] = values[1::2, 1::2] = 255  # a grey from afar
    pictures.open(encoded(Image.fromarray(values), "PNG"), "fine.png")
    loaded = pictures.preview.pane.loaded
    assert loaded is not None
    assert loaded.width <= 500
    assert 90 < pictures.colour()[0] < 160
    pictures.press("1")
    for _ in range(10):
        pictures.press("+")
    assert pictures.canvas.wanted_part() is None
    place = pictures.canvas.place
    point = place.to_picture(QPointF(250, 200))
    x, y = int(point.x()), int(point.y())
    for across, down in ((0, 0), (1, 0), (0, 1), (1, 1)):
        spot = place.from_picture(QPointF(x + across + 0.5, y + down + 0.5))
        assert pictures.colour(spot)[0] == (255 if (x + across + y + down) % 2 == 0 else 0)


def test_wheel_keeps_what_is_at_the_cursor(pictures: PictureViewer) -> None:
    pictures.open(encoded(noise(1600, 1200), "JPEG"), "a.jpg")
    spot = QPointF(120, 210)
    pictures.turn_wheel(spot, 5)
    before = pictures.canvas.place.to_picture(spot)
    shown = pictures.canvas.scale_shown
    pictures.turn_wheel(spot, 3)
    assert pictures.canvas.scale_shown == pytest.approx(shown * 1.25**3)
    after = pictures.canvas.place.to_picture(spot)
    assert (after.x(), after.y()) == pytest.approx((before.x(), before.y()))
    assert f"{pictures.canvas.scale_shown:.0%}" in pictures.preview.facts.text()


def test_dragging_and_arrows_move_what_is_larger_than_the_pane(pictures: PictureViewer) -> None:
    pictures.open(encoded(noise(1600, 1200), "JPEG"), "a.jpg")
    pictures.press("1")
    middle = pictures.canvas.place.centre
    QTest.mousePress(pictures.canvas, LEFT, pos=QPoint(200, 200))
    QTest.mouseMove(pictures.canvas, QPoint(150, 230))
    QTest.mouseRelease(pictures.canvas, LEFT, pos=QPoint(150, 230))
    moved = pictures.canvas.place.centre
    assert moved - middle == QPointF(50, -30)
    pictures.press(Qt.Key.Key_Right)
    assert pictures.canvas.place.centre.x() > moved.x()
    for _ in range(30):
        pictures.press(Qt.Key.Key_Right)
    assert pictures.canvas.place.sight.right() == pytest.approx(1600), "no gap at the edge"


@pytest.mark.parametrize("key", [Qt.Key.Key_Down, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp])
def test_keys_of_the_list_are_not_taken(pictures: PictureViewer, key: Qt.Key) -> None:
    pictures.open(encoded(corners(), "PNG"), "a.png")
    before = pictures.canvas.place.centre
    pictures.press(key)
    assert pictures.canvas.place.centre == before
    assert pictures.canvas.place.is_fitted


def test_small_picture_is_fitted_as_large_as_it_is(pictures: PictureViewer) -> None:
    pictures.open(encoded(corners(), "PNG"), "a.png")
    assert pictures.canvas.scale_shown == pytest.approx(1)
    QTest.mouseDClick(pictures.canvas, LEFT, pos=pictures.canvas.rect().center())
    pictures.press("0")
    assert pictures.canvas.place.is_fitted
    for size, scale in (((3, 2), 32), ((48, 12), 2), ((96, 2), 1)):
        pictures.open(encoded(Image.new("L", size), "PNG"), f"{scale}.png")
        assert pictures.canvas.scale_shown == pytest.approx(scale), "tiny ones are fitted to be seen"


def test_turned_picture_is_turned_in_its_details_too(pictures: PictureViewer) -> None:
    pictures.open(encoded(corners(1600, 1200), "PNG"), "a.png")
    pictures.press("R")
    assert pictures.canvas.place.full.width() == 1200
    for zoomed in (False, True):
        if zoomed:
            pictures.press("1")
        centre = pictures.canvas.place.from_picture(QPointF(600, 800))
        found = [
            pictures.colour(centre + QPointF(x, y)) for x, y in ((-20, -20), (20, -20), (-20, 20), (20, 20))
        ]
        assert found == [(0, 0, 255), (255, 0, 0), (255, 255, 255), (0, 255, 0)]


def test_next_picture_of_the_same_size_stays_in_place(pictures: PictureViewer) -> None:
    pictures.open(encoded(noise(1600, 1200), "JPEG"), "a.jpg")
    pictures.press("1")
    pictures.press("R")
    pictures.canvas.pan(QPointF(100, -60))
    pictures.settle()
    centre, zoom = pictures.canvas.place.centre, pictures.canvas.scale_shown
    pictures.open(encoded(noise(1600, 1200, 2), "PNG"), "b.png")
    assert (pictures.canvas.place.centre, pictures.canvas.scale_shown) == (centre, zoom)
    assert pictures.canvas.place.quarters == 1
    assert pictures.canvas.wanted_part() is None
    pictures.open(encoded(noise(1200, 1600), "JPEG"), "c.jpg")
    assert pictures.canvas.place.is_fitted
    assert pictures.canvas.place.quarters == 0


def test_tools_fit_a_narrow_pane(pictures: PictureViewer) -> None:
    pictures.content.resize(450, 400)
    pictures.open(encoded(noise(400, 300), "PNG"), "a.png")
    tools = pictures.preview.tools
    assert all(button.isVisible() for button in tools.buttons.values() if tools.is_offered(button))
    assert not tools.more.isVisible()
    pictures.content.resize(200, 400)
    pictures.until(lambda: tools.more.isVisible())
    assert pictures.content.width() == 200
    assert max(button.geometry().right() for button in tools.buttons.values() if button.isVisible()) < 200
    tools.menu.aboutToShow.emit()
    turn = next(action for action in tools.menu.actions() if action.text().startswith("Measure"))
    turn.trigger()
    assert pictures.preview.ruler_button.isChecked()


def test_picture_follows_the_pane(pictures: PictureViewer) -> None:
    pictures.open(encoded(noise(1600, 1200), "JPEG"), "a.jpg")
    small = pictures.canvas.scale_shown
    pictures.content.resize(900, 800)
    pictures.until(lambda: pictures.canvas.scale_shown > small * 1.5)
    pictures.until(lambda: pictures.preview.pane.is_settled and pictures.canvas.wanted_part() is None)
