"""Raw files for tests, built as DNG 1.4: a TIFF with a JPEG in front and the sensor's values behind it."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np

_BYTE, _ASCII, _SHORT, _LONG, _RATIONAL, _SRATIONAL = 1, 2, 3, 4, 5, 10
_FORMS = {_BYTE: "B", _SHORT: "H", _LONG: "I", _RATIONAL: "II", _SRATIONAL: "ii"}
_Entry = tuple[int, int, tuple[int, ...] | bytes]


def write_dng(
    path: Path,
    size: tuple[int, int],
    preview: bytes = b"",
    preview_size: tuple[int, int] = (0, 0),
    orientation: int = 1,
) -> Path:
    """Write a DNG of a grey ramp with noise; without ``preview`` it has none."""
    width, height = size
    dice = np.random.default_rng(3)
    ramp = np.linspace(400, 12_000, width)[None, :] + dice.normal(0, 60, (height, width))
    sensor = ramp.clip(0, 16_383).astype("<u2").tobytes()
    camera: list[_Entry] = [
        (271, _ASCII, b"Test\0"),
        (272, _ASCII, b"Test One\0"),
        (274, _SHORT, (orientation,)),
        (50706, _BYTE, (1, 4, 0, 0)),
        (50708, _ASCII, b"Test One\0"),
        (50721, _SRATIONAL, (1, 1, 0, 1, 0, 1, 0, 1, 1, 1, 0, 1, 0, 1, 0, 1, 1, 1)),
        (50728, _RATIONAL, (1, 1, 1, 1, 1, 1)),
    ]
    raw: list[_Entry] = [
        (254, _LONG, (0,)),
        (256, _LONG, (width,)),
        (257, _LONG, (height,)),
        (258, _SHORT, (16,)),
        (259, _SHORT, (1,)),
        (262, _SHORT, (32803,)),
        (273, _LONG, (0,)),
        (277, _SHORT, (1,)),
        (278, _LONG, (height,)),
        (279, _LONG, (len(sensor),)),
        (33421, _SHORT, (2, 2)),
        (33422, _BYTE, (0, 1, 1, 2)),
        (50714, _LONG, (0,)),
        (50717, _LONG, (16_383,)),
    ]
    with path.open("wb") as out:
        out.write(b"II*\0\x08\0\0\0")
        if preview:
            front: list[_Entry] = [
                (254, _LONG, (1,)),
                (256, _LONG, (preview_size[0],)),
                (257, _LONG, (preview_size[1],)),
                (258, _SHORT, (8, 8, 8)),
                (259, _SHORT, (7,)),
                (262, _SHORT, (6,)),
                (273, _LONG, (0,)),
                (277, _SHORT, (3,)),
                (278, _LONG, (preview_size[1],)),
                (279, _LONG, (len(preview),)),
                (330, _LONG, (0,)),
                *camera,
            ]
            raw_place = 8 + _size(front) + len(preview)
            out.write(_directory(front, 8, {273: 8 + _size(front), 330: raw_place}))
            out.write(preview)
        else:
            raw, raw_place = sorted([*raw, *camera]), 8
        out.write(_directory(raw, raw_place, {273: raw_place + _size(raw)}))
        out.write(sensor)
    return path


def _size(entries: list[_Entry]) -> int:
    return (
        2 + 12 * len(entries) + 4 + sum(len(_packed(entry)) for entry in entries if len(_packed(entry)) > 4)
    )


def _packed(entry: _Entry) -> bytes:
    _, kind, value = entry
    if isinstance(value, bytes):
        return value + bytes(len(value) % 2)
    form = _FORMS[kind] * (len(value) // len(_FORMS[kind]))
    packed = struct.pack(f"<{form}", *value)
    return packed + bytes(len(packed) % 2)


def _directory(entries: list[_Entry], start: int, places: dict[int, int]) -> bytes:
    table, data = struct.pack("<H", len(entries)), b""
    data_at = start + 2 + 12 * len(entries) + 4
    for tag, kind, value in sorted(entries):
        packed = struct.pack("<I", places[tag]) if tag in places else _packed((tag, kind, value))
        count = len(value) if isinstance(value, bytes) else len(value) // len(_FORMS[kind])
        table += struct.pack("<HHI", tag, kind, count)
        if len(packed) <= 4:
            table += packed.ljust(4, b"\0")
        else:
            table += struct.pack("<I", data_at + len(data))
            data += packed
    return table + struct.pack("<I", 0) + data
