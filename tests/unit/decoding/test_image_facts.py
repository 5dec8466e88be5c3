"""What is told of pictures: pages, date, camera, scale, depth; raw files and their previews."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, TiffImagePlugin

from itkgui.client.files import open_file
from itkgui.decoding.image import load_image, values_at
from itkgui.decoding.image_files import Picture
from tests.unit.decoding.pictures import (
    RED,
    colour_at,
    corners,
    encoded,
    near,
    written,
)
from tests.unit.decoding.raw_files import write_dng


def test_pages_differ(tmp_path: Path) -> None:
    pages = [Image.new("L", (8, 8 + number), 50 * number) for number in range(3)]
    file = written(tmp_path / "a.tif", encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:]))
    assert load_image(file).facts.pages == 3
    second = load_image(file, page=2)
    assert second.full_height == 10
    assert values_at(Picture(file, 1), 0, 0) == (("value", 50),)
    assert load_image(file, page=99).full_height == 10


def test_date_and_camera_are_told(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[271], exif[272] = "Canon", "Canon EOS 850D"
    exif.get_ifd(0x8769)[36867] = "2024:05:01 12:33:10"
    exif[282], exif[283], exif[296] = 300.0, 300.0, 2
    facts = load_image(written(tmp_path / "a.jpg", encoded(corners(), "JPEG", exif=exif))).facts
    assert facts.date == "2024-05-01 12:33"
    assert facts.camera == "Canon EOS 850D"
    assert facts.micrometres is None, "a camera's resolution is none of the object"


@pytest.mark.parametrize(
    ("tags", "size"),
    [
        ({282: 20_000.0, 283: 10_000.0, 296: 3}, (0.5, 1.0)),
        ({282: 600.0, 283: 600.0, 296: 2}, (42.33, 42.33)),
        ({282: 72.0, 283: 72.0, 296: 2}, None),
        ({282: 96.0, 283: 96.0, 296: 2}, None),
        ({282: 5.0, 283: 5.0, 296: 1}, None),
        ({282: 4.0, 283: 4.0, 296: 1, 270: "ImageJ=1.53k\nunit=micron\n"}, (0.25, 0.25)),
        ({270: '<OME><Pixels PhysicalSizeX="0.325" PhysicalSizeY="0.65"/></OME>'}, (0.325, 0.65)),
        ({270: '<OME><Pixels PhysicalSizeX="325" PhysicalSizeXUnit="nm"/></OME>'}, (0.325, 0.325)),
        ({270: '<OME><Pixels PhysicalSizeX="1" PhysicalSizeXUnit="pixel"/></OME>'}, None),
        ({}, None),
    ],
)
def test_scale_is_known_from_tags(
    tmp_path: Path, tags: dict[int, Any], size: tuple[float, float] | None
) -> None:
    directory = TiffImagePlugin.ImageFileDirectory_v2()
    for tag, value in tags.items():
        directory[tag] = value
    found = load_image(written(tmp_path / "a.tif", encoded(corners(), "TIFF", tiffinfo=directory)))
    assert found.facts.micrometres == (pytest.approx(size, rel=1e-3) if size else None)


def test_scale_of_a_png_is_known(tmp_path: Path) -> None:
    file = written(tmp_path / "a.png", encoded(corners(), "PNG", dpi=(2540, 2540)))
    assert load_image(file).facts.micrometres == pytest.approx((10.0, 10.0), rel=1e-3)


def test_colours_of_16_bits_are_told_to_be_read_with_8(tmp_path: Path) -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + struct.pack(">3H", 0x1234, 0x5678, 0x9ABC) * 4 for _ in range(4))
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 4, 4, 16, 2, 0, 0, 0))
    content = b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    loaded = load_image(written(tmp_path / "a.png", content))
    assert loaded.facts.depth == "16-bit RGB, the upper 8 read"
    assert colour_at(loaded.pixels, 4, 0, 0) == (0x12, 0x56, 0x9A)


def test_raw_shows_its_preview_first_and_the_sensor_on_demand(tmp_path: Path) -> None:
    preview = encoded(corners(240, 160), "JPEG", quality=95)
    path = write_dng(tmp_path / "a.dng", (600, 400), preview, (240, 160))
    file = open_file(path, path.name)
    assert file.media_type == "image/x-adobe-dng"
    loaded = load_image(file)
    assert (loaded.full_width, loaded.full_height) == (240, 160)
    assert near(colour_at(loaded.pixels, 240, 20, 20), RED)
    assert loaded.facts.can_be_developed
    assert "preview of 600 × 400 raw pixels" in loaded.facts.remark
    developed = load_image(file, is_developed=True)
    assert (developed.full_width, developed.full_height) == (600, 400)
    assert not developed.facts.can_be_developed
    left, right = (colour_at(developed.pixels, 600, x, 200)[1] for x in (30, 570))
    assert left < right


def test_raw_without_a_preview_is_developed_at_once(tmp_path: Path) -> None:
    path = write_dng(tmp_path / "a.dng", (600, 400), orientation=6)
    loaded = load_image(open_file(path, path.name))
    assert (loaded.full_width, loaded.full_height) == (200, 300)
    assert "no preview" in loaded.facts.remark


def test_preview_of_a_raw_file_stands_upright(tmp_path: Path) -> None:
    preview = encoded(corners(240, 160).transpose(Image.Transpose.ROTATE_90), "JPEG", quality=95)
    path = write_dng(tmp_path / "a.dng", (400, 600), preview, (160, 240), orientation=6)
    loaded = load_image(open_file(path, path.name))
    assert (loaded.full_width, loaded.full_height) == (240, 160)
    assert near(colour_at(loaded.pixels, 240, 20, 20), RED)
