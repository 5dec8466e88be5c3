"""Animations: their frames in order, for as long as the file says, a few at a time; and damaged ones."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from PIL import Image

from itkgui.client.files import BinaryFile
from itkgui.decoding.animation import SLICE_BYTES, load_frames
from itkgui.decoding.image import MOST_PLAYED, LoadedImage, load_image
from itkgui.decoding.image_facts import ImageFacts
from itkgui.decoding.tones import Tone
from itkgui.decoding.undecodable import Undecodable
from itkgui.item_models.image_words import image_facts
from tests.unit.decoding.pictures import colour_at, encoded, near, noise, written

DELAYS = [200, 50, 0, 10, 120]
ROOM = (1000, 1000)


def shades(count: int, size: tuple[int, int] = (60, 40)) -> list[Image.Image]:
    return [Image.new("RGB", size, (40 * number % 256, 0, 0)) for number in range(count)]


def animation(format_name: str, frames: list[Image.Image], delays: list[int] | int = 100) -> bytes:
    options = {"lossless": True} if format_name == "WEBP" else {}
    return encoded(
        frames[0], format_name, save_all=True, append_images=frames[1:], duration=delays, loop=0, **options
    )


def reds(file: BinaryFile, first: int) -> list[int]:
    frames = load_frames(file, ROOM, first)
    return [colour_at(frame.pixels, frame.width, 1, 1)[0] for frame in frames.paintings]


@pytest.mark.parametrize("format_name", ["GIF", "WEBP"])
def test_frames_come_in_order_with_their_delays(format_name: str, tmp_path: Path) -> None:
    file = written(tmp_path / "a.gif", animation(format_name, shades(5), DELAYS))
    loaded = load_image(file)
    assert loaded.can_play
    assert loaded.facts.pages == 5
    assert "5 frames" in image_facts(loaded, 1.0)
    assert reds(file, 0) == [0, 40, 80, 120, 160]
    assert load_frames(file, ROOM, 0).delays == (200, 50, 100, 100, 120)
    assert reds(file, 3) == [120, 160]
    assert reds(file, 1) == [40, 80, 120, 160], "back again"


def test_frames_are_scaled_and_shaded(tmp_path: Path) -> None:
    file = written(tmp_path / "a.gif", animation("GIF", shades(3, (400, 200))))
    frames = load_frames(file, (100, 100), 1, Tone(0, 80)).paintings
    assert [(frame.width, frame.height) for frame in frames] == [(100, 50)] * 2
    assert near(colour_at(frames[0].pixels, 100, 50, 25), (128, 0, 0))
    assert near(colour_at(frames[1].pixels, 100, 50, 25), (255, 0, 0))


def test_no_call_returns_more_than_is_held(tmp_path: Path) -> None:
    file = written(tmp_path / "a.gif", animation("GIF", shades(30, (800, 600))))
    seen = 0
    while seen < 30:
        frames = load_frames(file, ROOM, seen)
        size = 800 * 600 * 4
        assert 1 <= len(frames.paintings) <= SLICE_BYTES // size + 1
        seen += len(frames.paintings)
    assert seen == 30


def test_another_file_of_the_same_name_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "a.gif"
    assert reds(written(path, animation("GIF", shades(3))), 0) == [0, 40, 80]
    assert reds(written(path, animation("GIF", shades(4)[::-1])), 0) == [120, 80, 40, 0]


def test_pages_are_no_frames(tmp_path: Path) -> None:
    pages = shades(3)
    file = written(tmp_path / "a.tif", encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:]))
    assert not load_image(file).can_play
    assert not load_image(written(tmp_path / "b.gif", animation("GIF", pages[:1]))).can_play


@pytest.mark.parametrize("frames", [10, 11])
def test_what_is_too_large_is_told(frames: int) -> None:
    height = MOST_PLAYED // 10 // 1000
    facts = ImageFacts(format="GIF", pages=frames, is_animated=True)
    loaded = LoadedImage(b"", 0, 0, False, 1000, height, facts=facts)
    assert loaded.can_play == (frames == 10)
    assert ("too large to be played" in image_facts(loaded, 1.0)) == (frames == 11)


@pytest.mark.parametrize("format_name", ["GIF", "WEBP"])
def test_damaged_ones_are_played_as_far_as_they_go_or_told(format_name: str, tmp_path: Path) -> None:
    whole = animation(format_name, [noise(40, 30, seed) for seed in range(4)])
    dice = random.Random(6)
    ends = set()
    for trial in range(120):
        content = bytearray(whole)
        if trial % 2:
            del content[dice.randrange(20, len(content)) :]
        else:
            for _ in range(4):
                content[dice.randrange(12, len(content))] ^= 1 << dice.randrange(8)
        file = written(tmp_path / f"{trial}.gif", bytes(content))
        try:
            count = load_image(file).facts.pages
            seen = 0
            while seen < count:
                seen += len(load_frames(file, ROOM, seen).paintings)
            ends.add("played")
        except Undecodable:
            ends.add("told")
    assert ends == {"played", "told"}
