"""Damaged pictures, and those that claim to be huge: shown with a word, or told."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageFile

from itkgui.client.files import open_file
from itkgui.decoding.decoders import DecoderFault, Decoders
from itkgui.decoding.hidden_damage import hidden_damage, may_hide_damage
from itkgui.decoding.image import load_image, load_part, values_at
from itkgui.decoding.image_files import CORRUPT, CUT, Picture
from itkgui.decoding.undecodable import Undecodable
from tests.unit.decoding.pictures import (
    claiming,
    colour_at,
    encoded,
    grainy,
    noise,
    written,
)
from tests.unit.decoding.raw_files import write_dng


@pytest.fixture(scope="module")
def decoders() -> Iterator[Decoders]:
    found = Decoders(processes=1)
    yield found
    found.close()


@pytest.mark.parametrize("format_name", ["JPEG", "PNG"])
def test_beginning_of_a_cut_file_is_shown_with_a_word(tmp_path: Path, format_name: str) -> None:
    content = encoded(noise(), format_name)
    file = written(tmp_path / "a", content[: len(content) // 2])
    loaded = load_image(file)
    assert loaded.facts.damage == CUT
    lower = [colour_at(loaded.pixels, 200, x, 148) for x in range(200)]
    upper = [colour_at(loaded.pixels, 200, x, 10) for x in range(200)]
    assert len(set(lower)) == 1
    assert len(set(upper)) > 100
    assert load_part(Picture(file), (0, 0, 100, 50), (100, 50)).width == 100
    assert not ImageFile.LOAD_TRUNCATED_IMAGES


def test_damaged_photograph_has_its_true_size_and_every_value_in_its_place(tmp_path: Path) -> None:
    halves = Image.new("RGB", (1600, 1000), "blue")
    halves.paste("red", (0, 0, 800, 1000))
    content = encoded(halves, "JPEG")
    picture = Picture(written(tmp_path / "a", content[: len(content) * 95 // 100]))
    loaded = load_image(picture.file)
    assert loaded.facts.damage == CUT
    for x, name in ((500, "R"), (1500, "B")):
        values = dict(values_at(picture, x, 100))
        assert max(values, key=lambda channel: values[channel]) == name
    part = load_part(picture, (1200, 100, 1400, 200), (200, 100))
    red, _, blue = colour_at(part.pixels, 200, 50, 50)
    assert blue > 200 > red


def told_of(path: Path, content: bytes) -> str:
    """Return what is said of the damage of a picture, first by its decoder and then by a closer look."""
    file = written(path, content)
    damage = load_image(file).facts.damage
    return damage or (hidden_damage(Picture(file)) if may_hide_damage(Picture(file)) else "")


@pytest.mark.parametrize(
    ("format_name", "options"),
    [
        ("JPEG", {}),
        ("JPEG", {"progressive": True}),
        ("PNG", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("TIFF", {"compression": "tiff_deflate"}),
    ],
)
def test_overwritten_bytes_are_told_and_nothing_of_a_whole_file(
    tmp_path: Path, format_name: str, options: dict[str, Any]
) -> None:
    content = encoded(grainy(), format_name, **options)
    assert told_of(tmp_path / "whole", content) == ""
    dice = random.Random(2)
    for number in range(12):
        start = dice.randrange(len(content) // 3, len(content) - 1200)
        broken = content[:start] + dice.randbytes(600) + content[start + 600 :]
        try:
            said = told_of(tmp_path / "broken", broken)
        except Undecodable:
            continue  # the sentence is told instead
        assert said in (CUT, CORRUPT), number


def test_a_few_turned_bits_of_a_photograph_are_told_of_most(tmp_path: Path) -> None:
    content, dice = encoded(grainy(), "JPEG"), random.Random(3)
    told = 0
    for _ in range(40):
        broken = bytearray(content)
        for _ in range(8):
            broken[dice.randrange(700, len(broken) - 2)] ^= 1 << dice.randrange(8)
        try:
            told += bool(told_of(tmp_path / "broken.jpg", bytes(broken)))
        except Undecodable:
            told += 1
    assert told > 25, "a JPEG has no check sums: what happens to fit is not seen"


def test_what_lacks_data_but_has_its_end_is_not_called_cut(tmp_path: Path) -> None:
    content = encoded(grainy(), "JPEG")
    middle = len(content) // 2
    assert told_of(tmp_path / "a.jpg", content[:middle]) == CUT
    assert told_of(tmp_path / "b.jpg", content[: middle - 2000] + content[middle:]) == CORRUPT


@pytest.mark.parametrize(
    "changed",
    [
        lambda whole: whole + b"behind the end" * 99,
        lambda whole: whole + whole,
        lambda whole: whole[:-2] + bytes(300) + whole[-2:],
        lambda whole: whole[:2] + b"\xff\xe5\0\x06abcdefg" + whole[2:],
    ],
    ids=["behind the end", "two of them", "filled up", "odd notes"],
)
def test_odd_but_whole_photographs_are_not_called_damaged(
    tmp_path: Path, changed: Callable[[bytes], bytes]
) -> None:
    whole = encoded(grainy(), "JPEG")
    content = changed(whole)
    assert (
        load_image(written(tmp_path / "a.jpg", content)).pixels
        == load_image(written(tmp_path / "b.jpg", whole)).pixels
    )
    assert told_of(tmp_path / "a.jpg", content) == ""


def test_photographs_of_telephones_with_thumbnails_and_helpers_are_not_called_damaged(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[274] = 6
    several = encoded(grainy(), "MPO", save_all=True, append_images=[grainy(100, 100)], exif=exif)
    assert told_of(tmp_path / "a.jpg", several) == ""
    colours = encoded(grainy().convert("CMYK"), "JPEG")
    assert told_of(tmp_path / "b.jpg", colours) == ""
    grey = encoded(grainy().convert("L"), "JPEG", optimize=True, restart_marker_blocks=7)
    assert told_of(tmp_path / "c.jpg", grey) == ""


def test_strip_of_a_tiff_that_libtiff_passes_over_is_told(tmp_path: Path) -> None:
    pages = [grainy(), grainy(200, 200)]
    content = encoded(pages[0], "TIFF", compression="tiff_deflate", save_all=True, append_images=pages[1:])
    start = content.index(b"II*\0") + len(content) // 3
    broken = content[:start] + bytes(300) + content[start + 300 :]
    file = written(tmp_path / "a.tif", broken)
    assert load_image(file).facts.damage == "", "there is nothing to find, else"
    assert hidden_damage(Picture(file)) == CORRUPT
    assert hidden_damage(Picture(file, 1)) == "", "the other page is whole"


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
            assert time.monotonic() - begun < 20, f"{name} {number}"
    assert outcomes["picture"] > 50
    assert outcomes["sentence"] > 50


@pytest.mark.parametrize(
    ("format_name", "size"),
    [
        ("TIFF", (60_000, 60_000)),
        ("TIFF", (9_000, 9_000)),
        ("GIF", (60_000, 60_000)),
        ("BMP", (60_000, 60_000)),
        ("JPEG", (60_000, 60_000)),
    ],
)
def test_bomb_is_refused_by_its_head(tmp_path: Path, format_name: str, size: tuple[int, int]) -> None:
    with pytest.raises(Undecodable) as raised:
        load_image(written(tmp_path / "bomb", claiming(format_name, *size)))
    assert f"{size[0]:,} × {size[1]:,} pixels" in raised.value.sentence


def test_photograph_with_far_less_data_than_it_claims_is_told(tmp_path: Path) -> None:
    assert told_of(tmp_path / "a.jpg", claiming("JPEG", 16_000, 16_000)) == CORRUPT


@pytest.mark.alone
def test_small_file_of_many_pixels_stays_within_time_and_memory(tmp_path: Path, decoders: Decoders) -> None:
    begun = time.monotonic()
    for format_name, options in (("PNG", {}), ("TIFF", {"compression": "tiff_deflate"})):
        file = written(tmp_path / "bomb", encoded(Image.new("RGB", (8000, 8000)), format_name, **options))
        assert file.size < 1_000_000
        assert decoders.run(load_image, file, (300, 300)).full_width == 8000
    assert time.monotonic() - begun < 60
