"""Pictures: decoded no larger than a screen needs, in the byte order that the screen takes."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from functools import partial

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from itkgui.client.files import BinaryFile, ImageFile
from itkgui.decoding.undecodable import Undecodable, reading

LONGEST_SIDE = 2400  # pixels decoded: more than a pane shows, little enough to decode and paint at once
MOST_PIXELS = 256_000_000
MOST_PIXELS_AT_ONCE = 64_000_000  # of 4 bytes each, decoded in full before they are scaled down
Image.MAX_IMAGE_PIXELS = None  # Pillow guards by a number of its own; _check_size knows the format too
# What Pillow raises for bytes that are no picture.
_DAMAGED = (
    UnidentifiedImageError,
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    EOFError,
    AttributeError,
    OverflowError,
    struct.error,
    zlib.error,
)
_failed = partial(Undecodable, what="image")


@dataclass(frozen=True)
class LoadedImage:
    """A picture ready to paint, turned as its camera says, and its size in the file, turned too (pixels).

    ``pixels`` has 4 bytes a pixel without gaps: blue, green, red, and alpha, with which the others are
    multiplied; without ``has_alpha`` the fourth means nothing.
    """

    pixels: bytes
    width: int
    height: int
    has_alpha: bool
    full_width: int
    full_height: int


def load_image(file: BinaryFile, longest_side: int = LONGEST_SIDE) -> LoadedImage:
    """Decode an image file, scaled down to at most ``longest_side`` pixels.

    Raises Undecodable if the file is no image, is damaged or gone, or is too large to be decoded.
    """
    with reading("image"):
        opened = file.path.open("rb")
    with opened:
        try:
            return _load(Image.open(opened), longest_side)
        except _DAMAGED as error:
            raise _failed(f"{file.name}: {error}") from error


def thumbnail(file: BinaryFile, longest_side: int) -> LoadedImage:
    """Decode a picture, small. Raises Undecodable."""
    if not isinstance(file, ImageFile):
        raise _failed(file.name, why="it is none")
    return load_image(file, longest_side)


def _load(image: Image.Image, longest_side: int) -> LoadedImage:
    width, height = image.size
    _check_size(image)
    factor = max(width, height) / longest_side
    if factor > 1:
        target = (max(1, round(width / factor)), max(1, round(height / factor)))
        image.draft(
            "RGB", target
        )  # a JPEG is decoded at a half, a quarter or an eighth, which is as much faster
        scaled = image.resize(target, Image.Resampling.BILINEAR, reducing_gap=2.0)
        scaled.info = image.info
    else:
        scaled = image
    if scaled.mode.startswith(("I", "F")):
        scaled = _stretched(scaled)
    turned = ImageOps.exif_transpose(scaled)
    if (turned.height > turned.width) != (height > width):
        width, height = height, width
    has_alpha = turned.has_transparency_data
    if has_alpha:
        pixels = turned.convert("RGBA").convert("RGBa").tobytes("raw", "BGRa")
    else:
        pixels = turned.convert("RGB").tobytes("raw", "BGRX")
    return LoadedImage(pixels, turned.width, turned.height, has_alpha, width, height)


def _stretched(image: Image.Image) -> Image.Image:
    """Return a picture of numbers as shades of grey, between its darkest and its brightest 0.5 %."""
    values = np.asarray(image, dtype=np.float32)
    low, high = np.nanpercentile(values, (0.5, 99.5))
    shades = (values - low) * (255 / max(high - low, np.finfo(np.float32).tiny))
    grey = Image.fromarray(np.nan_to_num(shades).clip(0, 255).astype(np.uint8))
    grey.info = image.info
    return grey


def _check_size(image: Image.Image) -> None:
    """Raise Undecodable for an image that would take too much memory to decode, by what its head claims."""
    width, height = image.size
    most = MOST_PIXELS if image.format == "JPEG" else MOST_PIXELS_AT_ONCE
    if width * height > most:
        dimensions = f"{width:,} × {height:,} pixels"
        raise _failed(dimensions, why=f"it is too large, with {dimensions}")
