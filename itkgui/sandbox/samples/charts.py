"""Generated maps and plots, as test stations make them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from itkgui.sandbox.samples.drawing import font, saved
from itkgui.sandbox.samples.subject import Subject


def threshold_map(subject: Subject) -> bytes:
    """Return the map of a chip's pixels, 400 × 384, with a few dead ones and a colour scale."""
    dice = np.random.default_rng(subject.rng.getrandbits(64))
    values = dice.normal(1500, 42, (384, 400))
    values += 25 * np.sin(np.linspace(0, 9, 400))[None, :]
    values[dice.random((384, 400)) < 0.0008] = 0
    image = Image.new("RGB", (980, 900), (255, 255, 255))
    drawn = _coloured((values - 1350) / 300)
    image.paste(Image.fromarray(drawn).resize((800, 768), Image.Resampling.NEAREST), (80, 60))
    scale = np.linspace(1, 0, 768)[:, None] * np.ones((1, 24))
    image.paste(Image.fromarray(_coloured(scale)), (900, 60))
    draw = ImageDraw.Draw(image)
    small = font(16)
    draw.text((480, 30), f"{subject.serial}  threshold [e]", font=small, fill=(20, 20, 20), anchor="mm")
    for step in range(5):
        draw.text((80 + step * 200, 834), str(step * 100), font=small, fill=(20, 20, 20), anchor="mt")
        draw.text((74, 828 - step * 192), str(step * 96), font=small, fill=(20, 20, 20), anchor="rm")
        draw.text((930, 828 - step * 192), str(1350 + step * 75), font=small, fill=(20, 20, 20), anchor="lm")
    draw.text((480, 866), "column", font=small, fill=(20, 20, 20), anchor="mt")
    draw.rectangle((79, 59, 880, 828), outline=(20, 20, 20))
    return saved(image, "PNG")


def _coloured(values: npt.NDArray[np.float64]) -> npt.NDArray[np.uint8]:
    """Return colours from dark blue over green to yellow for values from 0 to 1."""
    stops = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
    channels = ((68, 59, 33, 94, 253), (1, 82, 145, 201, 231), (84, 139, 140, 98, 37))
    part = [np.interp(np.clip(values, 0, 1), stops, channel) for channel in channels]
    return np.stack(part, axis=-1).astype(np.uint8)


def iv_plot(subject: Subject) -> bytes:
    """Return the plot that a test station makes of an IV curve."""
    image = Image.new("RGB", (1000, 700), (255, 255, 255))
    draw = ImageDraw.Draw(image)
    voltages = [5.0 * step for step in range(41)]
    currents = [min(subject.diode.current(voltage, 20.0), 10.0) for voltage in voltages]
    top = max(currents) * 1.1
    small = font(18)
    for step in range(6):
        x, y = 110.0 + step * 164, 600.0 - step * 104
        draw.line((x, 80, x, 600), fill=(225, 225, 225))
        draw.line((110, y, 930, y), fill=(225, 225, 225))
        draw.text((x, 612), str(step * 40), font=small, fill=(30, 30, 30), anchor="mt")
        draw.text((100, y), f"{top * step / 5:.2f}", font=small, fill=(30, 30, 30), anchor="rm")
    points = [(110 + 820 * v / 200, 600 - 520 * c / top) for v, c in zip(voltages, currents, strict=True)]
    draw.line(points, fill=(31, 97, 174), width=3)
    for x, y in points:
        draw.ellipse((x - 4, y - 4, x + 4, y + 4), fill=(31, 97, 174))
    draw.rectangle((110, 80, 930, 600), outline=(30, 30, 30), width=2)
    draw.text((520, 44), f"{subject.serial}  IV", font=small, fill=(20, 20, 20), anchor="mm")
    draw.text((520, 650), "reverse voltage [V]", font=small, fill=(20, 20, 20), anchor="mt")
    draw.text((24, 50), "current [µA]", font=small, fill=(20, 20, 20), anchor="lm")
    return saved(image, "PNG")


def flatness_scan(subject: Subject) -> bytes:
    """Return a height map as a 16-bit TIFF, as a profilometer writes it."""
    dice = np.random.default_rng(subject.rng.getrandbits(64))
    y, x = np.mgrid[-1:1:600j, -1:1:800j]
    bow = 18 * (1 - (x * x + y * y) / 2)
    waves = 1.5 * np.sin(6 * x + subject.rng.uniform(0, 6)) * np.cos(5 * y)
    height = 100 + bow + waves + dice.normal(0, 0.3, x.shape)
    return saved(Image.fromarray((height * 400).astype(np.uint16)), "TIFF", compression="tiff_lzw")
