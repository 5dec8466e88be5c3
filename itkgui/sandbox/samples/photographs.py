"""Photographs as cameras write them: twelve megapixels, EXIF, lying on the side, and a raw file."""

from __future__ import annotations

import io
import struct
import time

import numpy as np
from PIL import Image

from itkgui.sandbox.dates import SECOND
from itkgui.sandbox.samples.drawing import Canvas, jpeg, saved
from itkgui.sandbox.samples.microscope import bonds_canvas
from itkgui.sandbox.samples.pictures import pixel_module_canvas, strip_module_canvas
from itkgui.sandbox.samples.subject import Subject

_LARGE = 2.5  # 4000 × 3000
_QUALITY = 92
_TURN_RIGHT = 6  # EXIF orientation: what shows it must turn it by 90° clockwise
_MAKER, _MODEL = "Canon", "Canon EOS 850D"
_EXIF_IFD = 0x8769


def large_photo(subject: Subject) -> bytes:
    """Return a module from above in 4000 × 3000, with EXIF."""
    canvas = _module(subject)
    return _with_exif(canvas.image, subject, 1)


def large_bonds(subject: Subject) -> bytes:
    """Return wire bonds under the microscope in 4000 × 3000, with EXIF."""
    return _with_exif(bonds_canvas(subject, _LARGE).image, subject, 1)


def rotated_photo(subject: Subject) -> bytes:
    """Return an upright picture that lies on its side in the file; only EXIF tells which way is up."""
    canvas = _module(subject)
    upright = canvas.image.crop((875, 0, 3125, 3000))
    return _with_exif(upright.transpose(Image.Transpose.ROTATE_90), subject, _TURN_RIGHT)


def raw_photo(subject: Subject) -> bytes:
    """Return a raw file built as Canon's CR2: TIFF tags, JPEG previews, and a sensor's noise.

    IFD0 has the preview of 1600 × 1200 as its one strip (compression 6), IFD1 a thumbnail by the two tags for
    JPEG in TIFF, the last one the sensor's strip; after the TIFF header stands CR2 and where that one is.
    """
    small = _module(subject, 1.0)
    preview = jpeg(small, 90)
    thumbnail = saved(small.image.resize((160, 120)), "JPEG", quality=80)
    dice = np.random.default_rng(subject.rng.getrandbits(64))
    mosaic = np.clip(dice.normal(2600, 240, (600, 800)), 0, 16383).astype("<u2")
    sensor = mosaic.tobytes()
    out = io.BytesIO()
    out.write(b"II*\0" + struct.pack("<I", 16) + b"CR\x02\x00" + bytes(4))
    for entries in _first_ifds(small, preview, thumbnail, subject):
        _write_ifd(out, entries, last=False)
    raw = _write_ifd(
        out,
        [
            (256, _LONG, 800),
            (257, _LONG, 600),
            (258, _SHORT, 14),
            (259, _SHORT, 6),
            (273, _BLOB, sensor),
            (279, _LONG, len(sensor)),
        ],
        last=True,
    )
    content = bytearray(out.getvalue())
    content[12:16] = struct.pack("<I", raw)
    return bytes(content)


_SHORT, _LONG, _ASCII, _BLOB = 3, 4, 2, 0
_Entry = tuple[int, int, int | str | bytes]


def _first_ifds(
    canvas: Canvas, preview: bytes, thumbnail: bytes, subject: Subject
) -> tuple[list[_Entry], list[_Entry]]:
    width, height = canvas.image.size
    return (
        [
            (256, _SHORT, width),
            (257, _SHORT, height),
            (259, _SHORT, 6),
            (271, _ASCII, _MAKER),
            (272, _ASCII, _MODEL),
            (273, _BLOB, preview),
            (274, _SHORT, 1),
            (279, _LONG, len(preview)),
            (306, _ASCII, _exif_date(subject)),
        ],
        [(513, _BLOB, thumbnail), (514, _LONG, len(thumbnail))],
    )


def _write_ifd(out: io.BytesIO, entries: list[_Entry], *, last: bool) -> int:
    """Write a directory and after it what does not fit into its entries; return where it is.

    A blob's entry holds the place of the bytes. The next directory, if there is one, follows at once.
    """
    start = out.tell()
    data_at = start + 2 + 12 * len(entries) + 4
    table, data = struct.pack("<H", len(entries)), b""
    for tag, kind, value in entries:
        if isinstance(value, int):
            packed = struct.pack("<HH", value, 0) if kind == _SHORT else struct.pack("<I", value)
            table += struct.pack("<HHI", tag, kind, 1) + packed
            continue
        blob = value.encode() + b"\0" if isinstance(value, str) else value
        count, written_kind = (len(blob), _ASCII) if kind == _ASCII else (1, _LONG)
        table += struct.pack("<HHII", tag, written_kind, count, data_at + len(data))
        data += blob + bytes(len(blob) % 2)
    following = 0 if last else data_at + len(data)
    out.write(table + struct.pack("<I", following) + data)
    return start


def _module(subject: Subject, scale: float = _LARGE) -> Canvas:
    draw = strip_module_canvas if subject.serial.startswith("20US") else pixel_module_canvas
    return draw(subject, scale)


def _with_exif(image: Image.Image, subject: Subject, orientation: int) -> bytes:
    exif = Image.Exif()
    date = _exif_date(subject)
    exif[0x010F], exif[0x0110], exif[0x0112], exif[0x0132] = _MAKER, _MODEL, orientation, date
    detail = exif.get_ifd(_EXIF_IFD)
    detail[0x9003], detail[0x829A], detail[0x829D], detail[0x8827] = date, (1, 60), (56, 10), 200
    return saved(image, "JPEG", quality=_QUALITY, exif=exif)


def _exif_date(subject: Subject) -> str:
    return time.strftime("%Y:%m:%d %H:%M:%S", time.gmtime(subject.time // SECOND))
