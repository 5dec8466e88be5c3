"""The true values of pictures: stretched to shades, and read out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from itkgui.decoding.image import load_image, load_part, values_at
from itkgui.decoding.image_files import Picture
from itkgui.decoding.tones import Tone
from itkgui.decoding.undecodable import Undecodable
from tests.unit.decoding.pictures import (
    WHITE,
    colour_at,
    corners,
    encoded,
    near,
    written,
)


def ramp(kind: Any) -> np.ndarray[Any, Any]:
    return np.linspace(1000, 5000, 200 * 100).reshape(100, 200).astype(kind)


@pytest.mark.parametrize(
    ("values", "depth"),
    [
        (ramp(np.uint16), "16-bit grey"),
        (ramp(np.int32), "32-bit grey"),
        (ramp(np.float32), "32-bit floating point"),
    ],
)
@pytest.mark.parametrize("compression", ["raw", "tiff_lzw", "tiff_deflate"])
def test_numbers_are_stretched_and_read_out(
    tmp_path: Path, values: np.ndarray[Any, Any], depth: str, compression: str
) -> None:
    file = written(tmp_path / "a.tif", encoded(Image.fromarray(values), "TIFF", compression=compression))
    loaded = load_image(file)
    assert loaded.facts.depth == depth
    assert loaded.tone.low == pytest.approx(1020, abs=5)
    assert loaded.tone.high == pytest.approx(4980, abs=5)
    assert colour_at(loaded.pixels, 200, 0, 0) == (0, 0, 0)
    assert colour_at(loaded.pixels, 200, 199, 99) == WHITE
    ((band, value),) = values_at(Picture(file), 100, 50)
    assert band == "value"
    assert value == pytest.approx(values[50, 100])
    part = load_part(Picture(file), (0, 0, 200, 100), (200, 100), Tone(3000, 3001))
    assert colour_at(part.pixels, 200, 199, 40) == (0, 0, 0)
    assert colour_at(part.pixels, 200, 0, 60) == WHITE


def test_large_picture_of_numbers_is_scaled_down(tmp_path: Path) -> None:
    values = np.tile(ramp(np.uint16), (20, 10))
    file = written(tmp_path / "a.tif", encoded(Image.fromarray(values), "TIFF"))
    loaded = load_image(file, (100, 100))
    assert loaded.full_width == 2000
    assert loaded.width == 100
    assert 1000 <= loaded.tone.low < loaded.tone.high <= 5000


def test_part_of_a_file_that_has_shrunk_is_told(tmp_path: Path) -> None:
    file = written(tmp_path / "a.png", encoded(corners(), "PNG"))
    with pytest.raises(Undecodable, match="121"):
        load_part(Picture(file), (0, 0, 121, 80), (1, 1))
    with pytest.raises(Undecodable) as raised:
        values_at(Picture(file), 120, 0)
    assert "has changed" in raised.value.sentence


def test_big_endian_numbers_keep_their_order(tmp_path: Path) -> None:
    image = Image.frombytes("I;16B", (200, 100), ramp(np.uint16).astype(">u2").tobytes())
    file = written(tmp_path / "a.tif", encoded(image, "TIFF"))
    assert load_image(file, (100, 50)).tone.high == pytest.approx(4980, abs=25)
    assert values_at(Picture(file), 100, 50)[0][1] == ramp(np.uint16)[50, 100]


def test_values_that_are_no_numbers_are_left_out(tmp_path: Path) -> None:
    values = ramp(np.float32)
    values[0, :50] = np.nan
    values[1, :50] = np.inf
    loaded = load_image(written(tmp_path / "a.tif", encoded(Image.fromarray(values), "TIFF")))
    assert 1000 < loaded.tone.low < loaded.tone.high < 5001


def test_shades_of_colours_follow_the_window(tmp_path: Path) -> None:
    file = written(tmp_path / "a.png", encoded(Image.new("RGB", (9, 9), (50, 100, 150)), "PNG"))
    part = load_part(Picture(file), (0, 0, 9, 9), (9, 9), Tone(50, 150))
    assert near(colour_at(part.pixels, 9, 1, 1), (0, 128, 255))
