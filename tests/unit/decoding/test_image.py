"""Pictures of every kind: upright, at the wanted size, whole and in parts."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from itkgui.client.files import BinaryFile, open_file
from itkgui.decoding.image import load_image, load_part, thumbnail, values_at
from itkgui.decoding.image_files import Picture, whole_image
from itkgui.decoding.undecodable import Undecodable
from tests.unit.decoding.pictures import (
    BLUE,
    GREEN,
    RED,
    WHITE,
    colour_at,
    corners,
    encoded,
    near,
    written,
)

_ORIENTATION = 274
_TRANSPOSED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize(
    ("format_name", "options", "told"),
    [
        ("JPEG", {"quality": 95, "subsampling": 0}, "JPEG"),
        ("PNG", {}, "PNG"),
        ("GIF", {}, "GIF"),
        ("BMP", {}, "BMP"),
        ("WEBP", {"lossless": True}, "WebP"),
        ("TIFF", {}, "TIFF"),
        ("TIFF", {"compression": "tiff_lzw"}, "TIFF"),
        ("TIFF", {"compression": "tiff_deflate"}, "TIFF"),
        ("AVIF", {"quality": 95}, "AVIF"),
    ],
)
def test_every_kind_is_shown(tmp_path: Path, format_name: str, options: dict[str, Any], told: str) -> None:
    loaded = load_image(written(tmp_path / "picture", encoded(corners(), format_name, **options)))
    assert (loaded.width, loaded.height, loaded.full_width, loaded.full_height) == (120, 80, 120, 80)
    assert loaded.facts.format == told
    assert near(colour_at(loaded.pixels, 120, 20, 20), RED)
    assert near(colour_at(loaded.pixels, 120, 100, 60), WHITE)


def test_heic_is_shown(tmp_path: Path) -> None:
    import pillow_heif

    path = tmp_path / "picture.heic"
    pillow_heif.from_pillow(corners()).save(path, quality=95)
    loaded = load_image(open_file(path, path.name))
    assert loaded.facts.format == "HEIC"
    assert near(colour_at(loaded.pixels, 120, 20, 60), BLUE)


def test_heic_without_its_package_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    file = BinaryFile(tmp_path / "a.heic", "a.heic", 9, "image/heic")
    with pytest.raises(Undecodable) as raised:
        load_image(file)
    assert "pillow-heif, which is not installed" in raised.value.sentence
    assert "pip install pillow-heif" in raised.value.cure
    assert raised.value.may_pass


def test_thumbnail_is_small_and_only_of_pictures(tmp_path: Path) -> None:
    small = thumbnail(written(tmp_path / "a.png", encoded(corners(), "PNG")), 30)
    assert (small.width, small.height) == (30, 20)
    with pytest.raises(Undecodable):
        thumbnail(written(tmp_path / "a.txt", b"text\n"), 30)


def test_palette_is_scaled_as_colours(tmp_path: Path) -> None:
    striped = Image.new("P", (400, 400))
    striped.putpalette([0, 0, 0, 255, 255, 255])
    striped.paste(1, (0, 0, 400, 200))
    for x in range(0, 400, 2):
        striped.paste(1 - striped.getpixel((x, 300)), (x, 0, x + 1, 400))  # type: ignore[operator]
    loaded = load_image(written(tmp_path / "a.gif", encoded(striped, "GIF")), (100, 100))
    assert 90 < colour_at(loaded.pixels, 100, 50, 50)[0] < 165


def test_transparency_is_kept(tmp_path: Path) -> None:
    image = Image.new("RGBA", (10, 10), (200, 100, 50, 128))
    loaded = load_image(written(tmp_path / "a.png", encoded(image, "PNG")))
    assert loaded.has_alpha
    assert tuple(loaded.pixels[:4]) == (25, 50, 100, 128)


# Turned, and in parts ------------------------------------------------------------------------------------


def test_last_picture_in_full_stays_until_another_is_opened(tmp_path: Path) -> None:
    kept, other = (written(tmp_path / name, encoded(corners(), "PNG")) for name in ("kept.png", "other.png"))
    whole = whole_image(Picture(kept))
    load_image(kept)
    assert whole_image(Picture(kept)) is whole
    load_image(other)
    assert whole_image(Picture(kept)) is not whole


def test_picture_of_colours_is_kept_by_what_it_takes_in_memory(tmp_path: Path) -> None:
    for side, mode, stays in ((7000, "RGB", True), (7200, "L", True), (7200, "RGB", False)):
        content = encoded(Image.new(mode, (side, side)), "PNG", compress_level=1)
        picture = Picture(written(tmp_path / "large.png", content))
        assert (whole_image(picture) is whole_image(picture)) == stays, (side, mode)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_picture_stands_upright_whole_and_in_parts(tmp_path: Path, orientation: int) -> None:
    turn = _TRANSPOSED[orientation]
    stored = corners() if turn is None else corners().transpose(turn)
    exif = Image.Exif()
    exif[_ORIENTATION] = orientation
    file = written(tmp_path / "a.jpg", encoded(stored, "JPEG", quality=95, subsampling=0, exif=exif))
    loaded = load_image(file)
    assert (loaded.full_width, loaded.full_height) == (120, 80)
    found = [colour_at(loaded.pixels, 120, x, y) for x, y in ((20, 20), (100, 20), (20, 60), (100, 60))]
    assert all(near(one, wanted) for one, wanted in zip(found, (RED, GREEN, BLUE, WHITE), strict=True))
    picture = Picture(file)
    part = load_part(picture, (50, 0, 110, 30), (60, 30))
    assert (part.width, part.height) == (60, 30)
    assert near(colour_at(part.pixels, 60, 4, 20), RED)
    assert near(colour_at(part.pixels, 60, 16, 20), GREEN)
    half = load_part(picture, (50, 0, 110, 30), (30, 15), quarters=1)
    assert (half.width, half.height) == (15, 30)
    assert near(colour_at(half.pixels, 15, 7, 1), RED)
    assert near(colour_at(half.pixels, 15, 7, 28), GREEN)
    (red, _), (green, _), (blue, value) = ((band, round(value)) for band, value in values_at(picture, 20, 70))
    assert (red, green, blue) == ("R", "G", "B")
    assert value > 240


def test_part_of_another_file_of_the_same_name_is_of_that_file(tmp_path: Path) -> None:
    first = written(tmp_path / "a.png", encoded(Image.new("L", (10, 10), 7), "PNG"))
    assert values_at(Picture(first), 1, 1) == (("value", 7),)
    second = written(tmp_path / "a.png", encoded(Image.new("L", (10, 11), 9), "PNG"))
    assert values_at(Picture(second), 1, 1) == (("value", 9),)
