"""Generated maps and plots, as test stations make them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from itkgui.sandbox.samples.curves import Axis, iv_curve
from itkgui.sandbox.samples.drawing import WHITE, font, saved
from itkgui.sandbox.samples.subject import Subject

_INK = (20, 20, 20)
_BLUE, _RED = (31, 97, 174), (190, 30, 45)
_COLUMNS, _ROWS = 400, 384


def threshold_map(subject: Subject) -> bytes:
    """Return the thresholds of a chip's pixels after tuning, with a few dead ones and a colour scale."""
    level = float(subject.results.get("TUNING_TUNED_THRESHOLD_MEAN", 1500.0))
    spread = float(subject.results.get("TUNING_TUNED_THRESHOLD_SIGMA", 42.0))
    return _pixel_map(subject, "threshold [e] of chip 1", level, spread, subject.rng.randint(2, 9))


def noise_map(subject: Subject) -> bytes:
    """Return the noise of a chip's pixels; those that the test counts as dead are dead here."""
    level = float(subject.results.get("MIN_HEALTH_NOISE_MEAN", 74.0))
    dead = int(subject.results.get("MIN_HEALTH_DEAD_ANALOG", 20))
    return _pixel_map(subject, "noise [e]", level, 4.5, dead)


def _pixel_map(subject: Subject, quantity: str, level: float, spread: float, dead: int) -> bytes:
    dice = np.random.default_rng(subject.rng.getrandbits(64))
    values = dice.normal(level, spread, (_ROWS, _COLUMNS))
    values += 0.6 * spread * np.sin(np.linspace(0, 9, _COLUMNS))[None, :]
    values.flat[dice.choice(values.size, min(dead, values.size), replace=False)] = 0
    low, high = level - 3.6 * spread, level + 3.6 * spread
    image = Image.new("RGB", (1000, 900), WHITE)
    drawn = _coloured((values - low) / (high - low))
    image.paste(Image.fromarray(drawn).resize((800, 768), Image.Resampling.NEAREST), (80, 60))
    scale = np.linspace(1, 0, 768)[:, None] * np.ones((1, 24))
    image.paste(Image.fromarray(_coloured(scale)), (900, 60))
    draw = ImageDraw.Draw(image)
    small = font(16)
    title = f"{subject.serial}   {quantity},   {dead} dead"
    draw.text((480, 30), title, font=small, fill=_INK, anchor="mm")
    for step in range(5):
        draw.text((80 + step * 200, 834), str(step * 100), font=small, fill=_INK, anchor="mt")
        draw.text((74, 828 - step * 192), str(step * 96), font=small, fill=_INK, anchor="rm")
        label = f"{low + (high - low) * step / 4:.0f}"
        draw.text((930, 828 - step * 192), label, font=small, fill=_INK, anchor="lm")
    draw.text((480, 866), "column", font=small, fill=_INK, anchor="mt")
    draw.text((74, 44), "row", font=small, fill=_INK, anchor="rm")
    draw.rectangle((79, 59, 880, 828), outline=_INK)
    return saved(image, "PNG")


def _coloured(values: npt.NDArray[np.float64]) -> npt.NDArray[np.uint8]:
    """Return colours from dark blue over green to yellow for values from 0 to 1."""
    stops = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
    channels = ((68, 59, 33, 94, 253), (1, 82, 145, 201, 231), (84, 139, 140, 98, 37))
    part = [np.interp(np.clip(values, 0, 1), stops, channel) for channel in channels]
    return np.stack(part, axis=-1).astype(np.uint8)


def iv_plot(subject: Subject) -> bytes:
    """Return the plot that a test station makes of an IV curve, with the limit it is held against."""
    curve = iv_curve(subject)
    image = Image.new("RGB", (1000, 700), WHITE)
    draw = ImageDraw.Draw(image)
    limit = subject.diode.least_breakdown
    across = Axis.to(max(*curve.voltages, min(limit * 1.02, 2 * max(curve.voltages))), 8)
    up = Axis.to(curve.most_shown, 5)
    small, ink = font(18), (30, 30, 30)

    def at(volts: float, value: float) -> tuple[float, float]:
        return 110 + 820 * volts / across.top, 600 - 520 * min(max(value, 0.0), up.top) / up.top

    for tick in across.ticks:
        x, _ = at(tick, 0)
        draw.line((x, 80, x, 600), fill=(225, 225, 225))
        draw.text((x, 612), f"{tick:g}", font=small, fill=ink, anchor="mt")
    for tick in up.ticks:
        _, y = at(0, tick)
        draw.line((110, y, 930, y), fill=(225, 225, 225))
        draw.text((100, y), f"{tick:g}", font=small, fill=ink, anchor="rm")
    if limit < across.top:
        x, _ = at(limit, 0)
        draw.line((x, 80, x, 600), fill=_RED, width=2)
        text = f"least breakdown {limit:.0f} V"
        draw.text((min(max(x, 320), 820), 76), text, font=small, fill=_RED, anchor="mb")
    # What lies above the axis is left out, but for the first point, to which the line still goes.
    above = next((place for place, value in enumerate(curve.values) if value > up.top), len(curve.values))
    shown = list(zip(curve.voltages, curve.values, strict=True))[: above + 1]
    points = [at(volts, value) for volts, value in shown]
    draw.line(points, fill=_BLUE, width=3)
    for x, y in points:
        draw.ellipse((x - 4, y - 4, x + 4, y + 4), fill=_BLUE)
    draw.rectangle((110, 80, 930, 600), outline=ink, width=2)
    title = f"{subject.serial}  IV at {curve.celsius:g} °C  {subject.stage}".rstrip()
    draw.text((520, 28), title, font=small, fill=_INK, anchor="mm")
    draw.text((520, 650), "reverse voltage [V]", font=small, fill=_INK, anchor="mt")
    draw.text((24, 58), f"current [{curve.unit}]", font=small, fill=_INK, anchor="lm")
    return saved(image, "PNG")
