"""Pictures of every kind: upright, at the wanted size, in true values; and damaged ones."""

from __future__ import annotations

import random
import struct
import sys
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageFile, TiffImagePlugin

from itkgui.client.files import BinaryFile, open_file
from itkgui.decoding.decoders import DecoderFault, Decoders
from itkgui.decoding.image import load_image, load_part, thumbnail, values_at
from itkgui.decoding.image_files import Picture, whole_image
from itkgui.decoding.tones import Tone
from itkgui.decoding.undecodable import Undecodable
from tests.unit.decoding.pictures import BLUE, GREEN, RED, WHITE, colour_at, corners, encoded, noise, written
from tests.unit.decoding.raw_files import write_dng

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


@pytest.fixture(scope="module")
def decoders() -> Iterator[Decoders]:
    found = Decoders(processes=1)
    yield found
    found.close()


def near(first: tuple[int, int, int], second: tuple[int, int, int]) -> bool:
    return all(abs(one - other) < 12 for one, other in zip(first, second, strict=True))


# Kinds -----------------------------------------------------------------------------------------------------


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


# Turned, and in parts --------------------------------------------------------------------------------------


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


# True values -----------------------------------------------------------------------------------------------


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


# Facts -----------------------------------------------------------------------------------------------------


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


# Raw -------------------------------------------------------------------------------------------------------


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


# Damage ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format_name", ["JPEG", "PNG"])
def test_beginning_of_a_cut_file_is_shown_with_a_word(tmp_path: Path, format_name: str) -> None:
    content = encoded(noise(), format_name)
    file = written(tmp_path / "a", content[: len(content) // 2])
    loaded = load_image(file)
    assert "damaged: only a part could be read" in loaded.facts.remark
    lower = [colour_at(loaded.pixels, 200, x, 148) for x in range(200)]
    upper = [colour_at(loaded.pixels, 200, x, 10) for x in range(200)]
    assert len(set(lower)) == 1
    assert len(set(upper)) > 100
    assert load_part(Picture(file), (0, 0, 100, 50), (100, 50)).width == 100
    assert not ImageFile.LOAD_TRUNCATED_IMAGES


@pytest.mark.parametrize("format_name", ["JPEG", "PNG"])
def test_file_with_nothing_but_a_head_is_refused(tmp_path: Path, format_name: str) -> None:
    content = encoded(noise(800, 600), format_name)
    cut = content.index(b"IDAT") + 4 if format_name == "PNG" else content.index(b"\xff\xda") + 14
    with pytest.raises(Undecodable):
        load_image(written(tmp_path / "a", content[:cut]))


def damaged_files(tmp_path: Path) -> Iterator[tuple[str, bytes]]:
    image = noise(64, 48)
    pages = [image, noise(64, 48, 2)]
    for format_name, options in (
        ("JPEG", {}),
        ("PNG", {}),
        ("GIF", {"save_all": True, "append_images": pages[1:]}),
        ("BMP", {}),
        ("WEBP", {}),
        ("AVIF", {}),
        ("JPEG2000", {}),
        ("TIFF", {"save_all": True, "append_images": pages[1:]}),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("TIFF", {"compression": "tiff_deflate"}),
        ("TIFF", {"compression": "jpeg"}),
    ):
        yield f"{format_name} {options.get('compression', '')}", encoded(image, format_name, **options)
    preview = encoded(image, "JPEG")
    yield "DNG", write_dng(tmp_path / "seed.dng", (128, 96), preview, (64, 48)).read_bytes()
    import pillow_heif

    pillow_heif.from_pillow(image).save(tmp_path / "seed.heic")
    yield "HEIC", (tmp_path / "seed.heic").read_bytes()


def test_damaged_files_of_every_kind_end_in_a_picture_or_a_sentence(
    tmp_path: Path, decoders: Decoders
) -> None:
    dice = random.Random(6)  # the same damage each time
    outcomes = {"picture": 0, "sentence": 0}
    for name, content in damaged_files(tmp_path):
        for number in range(30):
            broken = bytearray(content)
            if number % 3 == 0:
                del broken[dice.randrange(20, len(broken)) :]
            else:
                for _ in range(dice.choice((1, 3, 40))):
                    place = dice.randrange(len(broken) if number % 3 == 1 else min(400, len(broken)))
                    broken[place] ^= 1 << dice.randrange(8)
            path = tmp_path / "broken"
            path.write_bytes(broken)
            file = open_file(path, name)
            begun = time.monotonic()
            try:
                loaded = decoders.run(load_image, file, (300, 300))
                decoders.run(load_part, Picture(file), (0, 0, 1, 1), (1, 1), loaded.tone)
                outcome = "picture"
            except DecoderFault as fault:
                outcome = fault.detail
            except Undecodable:
                outcome = "sentence"
            assert outcome in outcomes, f"{name} {number}: {outcome}"
            outcomes[outcome] += 1
            assert time.monotonic() - begun < 5, f"{name} {number}"
    assert outcomes["picture"] > 50
    assert outcomes["sentence"] > 50


@pytest.mark.parametrize("size", [(60_000, 60_000), (9_000, 9_000)])
def test_bomb_is_refused_by_its_head(tmp_path: Path, size: tuple[int, int]) -> None:
    directory = TiffImagePlugin.ImageFileDirectory_v2()
    small = bytearray(encoded(Image.new("L", (16, 16)), "TIFF", tiffinfo=directory))
    for tag, value in ((256, size[0]), (257, size[1])):
        (start,) = struct.unpack_from("<I", small, 4)
        (count,) = struct.unpack_from("<H", small, start)
        for number in range(count):
            place = start + 2 + 12 * number
            if struct.unpack_from("<H", small, place)[0] == tag:
                struct.pack_into("<HHII", small, place, tag, 4, 1, value)
    with pytest.raises(Undecodable) as raised:
        load_image(written(tmp_path / "bomb.tif", bytes(small)))
    assert f"{size[0]:,} × {size[1]:,} pixels" in raised.value.sentence


def test_photograph_that_claims_to_be_huge_is_refused(tmp_path: Path) -> None:
    content = bytearray(encoded(Image.new("L", (16, 16)), "JPEG"))
    struct.pack_into(">HH", content, content.index(b"\xff\xc0") + 5, 60_000, 60_000)
    with pytest.raises(Undecodable) as raised:
        load_image(written(tmp_path / "bomb.jpg", bytes(content)))
    assert "60,000 × 60,000 pixels" in raised.value.sentence


def test_small_file_of_many_pixels_stays_within_time_and_memory(tmp_path: Path, decoders: Decoders) -> None:
    begun = time.monotonic()
    for format_name, options in (("PNG", {}), ("TIFF", {"compression": "tiff_deflate"})):
        file = written(tmp_path / "bomb", encoded(Image.new("RGB", (8000, 8000)), format_name, **options))
        assert file.size < 1_000_000
        assert decoders.run(load_image, file, (300, 300)).full_width == 8000
    assert time.monotonic() - begun < 20
