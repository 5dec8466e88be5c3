"""TIFF files: a stack of pictures at rising focus, and a height map of 16 bits."""

from __future__ import annotations

from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from itkgui.sandbox.samples.drawing import font, saved
from itkgui.sandbox.samples.microscope import bonds_canvas
from itkgui.sandbox.samples.subject import Subject

_SLICES, _STEP = 7, 25  # µm of focus from one slice to the next
_CROP = (520, 230, 1080, 760)


def focus_stack(subject: Subject) -> bytes:
    """Return seven pages of one bond field: first the feet are sharp, in the end the tops of the loops."""
    sharp = bonds_canvas(subject, 1.0).image.crop(_CROP)
    height = sharp.height
    # The loop rises between its feet: sharpness wanders from the ends of the wires to their middle.
    rows = np.linspace(-1, 1, height)
    loop = 150 * np.clip(1 - (rows / 0.62) ** 2, 0, 1)
    blurred = [sharp.filter(ImageFilter.GaussianBlur(radius)) for radius in (0.0, 2.0, 4.5, 8.0)]
    layers = np.stack([np.asarray(image, np.float32) for image in blurred])
    pages = []
    for number in range(_SLICES):
        away = np.clip(np.abs(loop - number * _STEP) / 45, 0, 2.999)
        lower = away.astype(int)
        part = (away - lower)[:, None, None]
        mixed = layers[lower, np.arange(height)] * (1 - part) + layers[lower + 1, np.arange(height)] * part
        page = Image.fromarray(mixed.astype(np.uint8))
        _caption(page, f"z = {number * _STEP:+d} µm   {number + 1}/{_SLICES}")
        pages.append(page)
    return saved(
        pages[0],
        "TIFF",
        save_all=True,
        append_images=pages[1:],
        compression="tiff_lzw",
        **_pixels_per_cm(4000),
    )


def _caption(page: Image.Image, text: str) -> None:
    pen = ImageDraw.Draw(page)
    pen.rectangle((0, page.height - 36, page.width, page.height), fill=(12, 12, 14))
    pen.text((12, page.height - 18), text, font=font(20), fill=(240, 240, 240), anchor="lm")
    # 200 µm, as everywhere in these bond fields: 0.4 pixels per µm.
    length = 80
    pen.rectangle(
        (page.width - 20 - length, page.height - 12, page.width - 20, page.height - 7), fill=(255, 255, 255)
    )
    pen.text(
        (page.width - 20 - length / 2, page.height - 15),
        "200 µm",
        font=font(14),
        fill=(255, 255, 255),
        anchor="ms",
    )


def flatness_scan(subject: Subject) -> bytes:
    """Return a height map of 16 bits as a profilometer writes it: 1 nm a step, 50 µm a pixel."""
    dice = np.random.default_rng(subject.rng.getrandbits(64))
    y, x = np.mgrid[-1:1:600j, -1:1:800j]
    bow = float(subject.results.get("BACKSIDE_FLATNESS", 14.0))
    waves = 0.08 * bow * np.sin(6 * x + subject.rng.uniform(0, 6)) * np.cos(5 * y)
    height = 12 + bow * (1 - (x * x + y * y) / 2) + waves + dice.normal(0, 0.3, x.shape)
    return saved(
        Image.fromarray((height * 1000).astype(np.uint16)),
        "TIFF",
        compression="tiff_lzw",
        **_pixels_per_cm(200),
    )


def _pixels_per_cm(count: int) -> dict[str, Any]:
    """Return the options that tell the scale, as microscopes do."""
    return {"resolution": float(count), "resolution_unit": "cm"}
