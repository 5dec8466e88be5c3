"""Animations on the screen: played, paused, gone through frame by frame, stopped where nobody sees them."""

from __future__ import annotations

import struct
from itertools import pairwise

from PySide6.QtTest import QTest

from tests.gui.picture_viewing import PictureViewer
from tests.unit.decoding.pictures import RED, corners, encoded
from tests.unit.decoding.test_animation import animation, shades


def is_playing(pictures: PictureViewer) -> bool:
    return pictures.preview.player.is_playing


def reds(pictures: PictureViewer, count: int) -> list[int]:
    """Return the shades of the next frames that are shown."""
    seen: list[int] = []

    def note() -> bool:
        red = pictures.colour()[0]
        if not seen or seen[-1] != red:
            seen.append(red)
        return len(seen) >= count

    pictures.until(note)
    return seen


def test_animation_plays_round_and_round_until_it_is_paused(pictures: PictureViewer) -> None:
    pictures.open(animation("GIF", shades(4), 60), "a.gif")
    preview = pictures.preview
    assert preview.play_button.isVisible()
    assert preview.play_button.toolTip() == "Pause (K)"
    seen = reds(pictures, 9)
    steps = {(after - before) % 160 for before, after in pairwise(seen)}
    assert steps <= {40, 80}, f"in order, but for one that a busy computer may leave out: {seen}"
    assert "4 frames" in preview.facts.text()
    pictures.press("k")
    assert not is_playing(pictures)
    assert preview.play_button.toolTip() == "Play (K)"
    number = preview.page.value()
    assert pictures.colour()[0] == 40 * (number - 1)
    assert preview.pane.picture is not None
    assert preview.pane.picture.page == number - 1
    pictures.press("k")
    assert is_playing(pictures)
    reds(pictures, 3)


def test_going_frame_by_frame_pauses(pictures: PictureViewer) -> None:
    pictures.open(animation("WEBP", shades(5), 60), "a.webp")
    preview = pictures.preview
    reds(pictures, 2)
    QTest.keyClicks(pictures.canvas, ".")
    assert not is_playing(pictures)
    number = preview.page.value()
    pictures.until(lambda: preview.pane.picture is not None and preview.pane.picture.page == number - 1)
    pictures.settle()
    assert pictures.colour()[0] == 40 * (number - 1)
    QTest.keyClicks(pictures.canvas, ",")
    assert preview.page.value() == max(1, number - 1)


def test_delays_are_those_of_the_file(pictures: PictureViewer) -> None:
    pictures.open(animation("GIF", shades(3), [50, 60_000, 50]), "a.gif")
    preview = pictures.preview
    pictures.until(lambda: preview.page.value() == 2)
    pictures.until(lambda: preview.player.waiting_ms > 50_000)


def test_nothing_plays_that_is_not_seen(pictures: PictureViewer) -> None:
    pictures.open(animation("GIF", shades(4), 60), "a.gif")
    preview = pictures.preview
    pictures.until(lambda: is_playing(pictures))
    pictures.content.hide()
    assert not is_playing(pictures)
    pictures.content.show()
    assert is_playing(pictures)
    pictures.open(encoded(corners(), "PNG"), "b.png")
    assert not is_playing(pictures)
    assert not preview.play_button.isVisible()
    assert (
        pictures.colour(pictures.canvas.place.from_picture(pictures.canvas.place.whole.center() / 2)) == RED
    )


def test_animation_that_is_too_large_is_gone_through_only(pictures: PictureViewer) -> None:
    content = bytearray(animation("GIF", shades(12)))
    struct.pack_into("<HH", content, 6, 8_000, 6_000)
    pictures.open(bytes(content), "a.gif")
    preview = pictures.preview
    assert "12 frames, too large to be played" in preview.facts.text()
    assert not is_playing(pictures)
    assert not preview.play_button.isVisible()
    pictures.press(".")
    pictures.until(lambda: preview.pane.picture is not None and preview.pane.picture.page == 1)


def test_damaged_animation_stops_with_a_word(pictures: PictureViewer) -> None:
    whole = animation("GIF", shades(6, (300, 200)), 20)
    file = pictures.open(whole, "a.gif")
    preview = pictures.preview
    pictures.press("k")
    file.path.write_bytes(whole[:40])
    pictures.press("k")
    pictures.until(lambda: not preview.play_button.isChecked())
    assert "damaged" in preview.facts.text()


def test_zoom_and_shades_stay_while_it_plays(pictures: PictureViewer) -> None:
    pictures.open(animation("GIF", shades(4, (900, 600)), 60), "a.gif")
    preview = pictures.preview
    pictures.press("1")
    scale = pictures.canvas.scale_shown
    preview.tones.brightness.setValue(50)
    tone = preview.pane.tone
    number = preview.page.value()
    pictures.until(lambda: preview.page.value() != number)
    assert pictures.canvas.scale_shown == scale
    assert preview.pane.tone == tone
    pictures.press("k")
    assert pictures.canvas.wanted_part() is None, "sharp again"
