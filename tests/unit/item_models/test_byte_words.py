"""Bytes and offsets as people write them."""

from __future__ import annotations

import struct

import pytest

from itkgui.item_models.byte_words import characters_of, hex_of, offset_in, readings_of, sought_bytes


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("4660", 4660),
        ("4,660", 4660),
        (" 0x1234 ", 0x1234),
        ("1f00h", 0x1F00),
        ("0X1F", 0x1F),
        ("1f00", None),
        ("", None),
        ("-5", None),
        ("0x", None),
        ("here", None),
    ],
)
def test_offsets(text: str, offset: int | None) -> None:
    assert offset_in(text) == offset


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("0x1f8b", (b"\x1f\x8b", False)),
        ("0x 1F 8b", (b"\x1f\x8b", False)),
        ("0x1", (b"0x1", True)),
        ("0x", (b"0x", True)),
        ("Größe", ("Größe".encode(), True)),
    ],
)
def test_what_is_sought(text: str, wanted: tuple[bytes, bool]) -> None:
    assert sought_bytes(text) == wanted


def test_bytes_in_words() -> None:
    assert hex_of(b"\x00A\xff") == "00 41 ff"
    assert characters_of(b"\x00A\xff") == "·A·"
    words = readings_of(4660, struct.pack("<d", 2.5))
    assert words.startswith("offset 1234h = 4,660  ·  byte 0  ·  int16 0")
    assert words.endswith("float64 2.5")
    assert "float32" not in readings_of(0, b"\1\2\3")
    assert readings_of(0, b"") == ""
