"""Picture files for tests."""

from __future__ import annotations

import io
import struct
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from itkgui.client.files import BinaryFile, open_file

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


def written(path: Path, content: bytes) -> BinaryFile:
    path.write_bytes(content)
    return open_file(path, path.name)


def encoded(image: Image.Image, format_name: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, format_name, **options)
    return out.getvalue()


def corners(width: int = 120, height: int = 80) -> Image.Image:
    """Return a picture with a colour in each quarter: red and green above, blue and white below."""
    image = Image.new("RGB", (width, height))
    half = (width // 2, height // 2)
    for number, colour in enumerate((RED, GREEN, BLUE, WHITE)):
        left, top = half[0] * (number % 2), half[1] * (number // 2)
        image.paste(colour, (left, top, left + half[0], top + half[1]))
    return image


def noise(width: int = 200, height: int = 150, seed: int = 1) -> Image.Image:
    """Return a picture that no format can make small."""
    values = np.random.default_rng(seed).integers(0, 255, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(values)


def grainy(width: int = 300, height: int = 300) -> Image.Image:
    """Return a picture with soft shapes and a sensor's grain, as photographs have them."""
    dice = np.random.default_rng(1)
    size = height // min(100, height // 3), width // min(100, width // 3), 3
    shapes = Image.fromarray(dice.integers(0, 255, size, dtype=np.uint8))
    smooth = np.asarray(shapes.resize((width, height), Image.Resampling.BICUBIC), np.int16)
    grain = dice.integers(-6, 7, (height, width, 1), dtype=np.int16)
    return Image.fromarray((smooth + grain).clip(0, 255).astype(np.uint8))


def claiming(format_name: str, width: int, height: int) -> bytes:
    """Return a small TIFF, JPEG, GIF or BMP whose head claims a size in pixels."""
    content = bytearray(encoded(Image.new("L", (16, 16)), format_name))
    if format_name == "JPEG":
        struct.pack_into(">HH", content, content.index(b"\xff\xc0") + 5, height, width)
    elif format_name == "GIF":
        for place in (6, content.index(b",", 13) + 5):
            struct.pack_into("<HH", content, place, width, height)
    elif format_name == "BMP":
        struct.pack_into("<ii", content, 18, width, height)
    else:
        (start,) = struct.unpack_from("<I", content, 4)
        (count,) = struct.unpack_from("<H", content, start)
        for place in range(start + 2, start + 2 + 12 * count, 12):
            (tag,) = struct.unpack_from("<H", content, place)
            if tag in (256, 257):
                struct.pack_into("<HHII", content, place, tag, 4, 1, width if tag == 256 else height)
    return bytes(content)


def colour_at(pixels: bytes, width: int, x: int, y: int) -> tuple[int, int, int]:
    """Return red, green and blue of a pixel as they are given to the screen."""
    place = 4 * (y * width + x)
    blue, green, red = pixels[place : place + 3]
    return red, green, blue


def near(first: tuple[int, int, int], second: tuple[int, int, int]) -> bool:
    """Tell whether two colours differ by no more than a lossy format makes of one."""
    return all(abs(one - other) < 12 for one, other in zip(first, second, strict=True))
