"""Codes in photos: turned, small, several, none; and the bar codes that are printed here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from itkgui.client.files import open_file
from itkgui.decoding.undecodable import Undecodable
from itkgui.scanning.code128 import QUIET, widths
from itkgui.scanning.photo_code import NoCodeInPhoto, PhotoCode, codes_in

SERIAL = "20UPGM23800001"
_AS_STORED = {  # by a camera that notes how it was held
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def code(text: str, kind: str = "QRCode", scale: int = 6) -> Image.Image:
    made = zxingcpp.create_barcode(text, zxingcpp.barcode_format_from_str(kind))
    return Image.fromarray(np.array(zxingcpp.write_barcode_to_image(made, scale=scale)))


def photo(
    folder: Path, *codes: Image.Image, size: tuple[int, int] = (1200, 900), orientation: int = 1
) -> Path:
    picture = Image.new("RGB", size, (180, 186, 190))
    for number, one in enumerate(codes):
        picture.paste(one.convert("RGB"), (100 + 30 * number, 80 + 380 * number))
    notes = Image.Exif()
    notes[274] = orientation
    if orientation in _AS_STORED:
        picture = picture.transpose(_AS_STORED[orientation])
    path = folder / "photo.jpg"
    picture.save(path, exif=notes)
    return path


def read(path: Path) -> tuple[PhotoCode, ...]:
    return codes_in(open_file(path, path.name))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_code_is_read_however_the_camera_was_held(tmp_path: Path, orientation: int) -> None:
    found = read(photo(tmp_path, code(SERIAL, "DataMatrix", 5), orientation=orientation))
    assert found == (PhotoCode(SERIAL, "Data Matrix"),)


@pytest.mark.parametrize("kind", ["QR Code", "Code 128", "Aztec"])
def test_codes_of_many_kinds_are_read(tmp_path: Path, kind: str) -> None:
    assert read(photo(tmp_path, code(SERIAL, kind.replace(" ", ""), 4))) == (PhotoCode(SERIAL, kind),)


def test_several_codes_stand_from_top_to_bottom(tmp_path: Path) -> None:
    found = read(photo(tmp_path, code("first"), code("second", "DataMatrix"), code("first")))
    assert [one.text for one in found] == ["first", "second"]


def test_a_small_code_in_a_large_photo_is_found(tmp_path: Path) -> None:
    assert read(photo(tmp_path, code(SERIAL, scale=2), size=(4200, 3000)))[0].text == SERIAL


def test_a_photo_without_a_code_is_told(tmp_path: Path) -> None:
    with pytest.raises(NoCodeInPhoto, match=r"photo\.jpg"):
        read(photo(tmp_path))


def test_what_is_no_picture_is_told(tmp_path: Path) -> None:
    (tmp_path / "notes.jpg").write_bytes(b"\xff\xd8\xff\xe0 no picture")
    with pytest.raises(Undecodable):
        read(tmp_path / "notes.jpg")


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=40))
def test_what_is_printed_as_code_128_can_be_read(text: str) -> None:
    modules: list[int] = []
    for number, width in enumerate(widths(text)):
        modules += [0 if number % 2 == 0 else 255] * width
    row = np.repeat(np.array([255] * QUIET + modules + [255] * QUIET, dtype=np.uint8), 2)
    (found,) = zxingcpp.read_barcodes(np.tile(row, (40, 1)))
    assert (found.text, found.format.name) == (text, "Code128")


@pytest.mark.parametrize("text", ["", "é", "a\n"])
def test_what_cannot_be_printed_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not to be written"):
        widths(text)
