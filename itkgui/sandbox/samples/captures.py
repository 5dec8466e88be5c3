"""Pictures of other cameras: a thermal camera's film, a telephone's photo, an old microscope's frame."""

from __future__ import annotations

import io

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from itkgui.paths import resource
from itkgui.sandbox.samples.drawing import WHITE, font, saved
from itkgui.sandbox.samples.microscope import bonds_canvas
from itkgui.sandbox.samples.pictures import pixel_module_canvas, strip_module_canvas
from itkgui.sandbox.samples.subject import Subject

_FILM = (320, 240)
_FRAMES, _FRAME_MS, _FRAME_S = 16, 200, 15  # shown for so long, taken so far apart
_COLD, _HOT = 20.0, 60.0  # °C, the ends of the camera's scale
_IRON = ((0, 40, 140, 220, 255, 255), (0, 0, 20, 90, 180, 255), (20, 120, 150, 40, 10, 225))
_GRABBED = (640, 480)


def thermal_film(subject: Subject) -> bytes:
    """Return a GIF that moves: the chips of a module warm up after it is powered, one of them more."""
    dice = np.random.default_rng(subject.rng.getrandbits(64))
    settled = _settled_celsius(subject)
    frames = []
    for number in range(_FRAMES):
        part = 1 - np.exp(-number / 4)
        celsius = 21 + (settled - 21) * part + dice.normal(0, 0.06, settled.shape)
        frames.append(_thermal_frame(celsius, number * _FRAME_S))
    return saved(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=_FRAME_MS, loop=0)


def _settled_celsius(subject: Subject) -> npt.NDArray[np.float64]:
    """Return the temperatures of a powered module on its chuck, shape (240, 320)."""
    width, height = _FILM
    y, x = np.mgrid[0:height, 0:width]
    celsius = np.full((height, width), 22.0)
    for row in range(2):
        for column in range(2):
            middle = (112 + 86 * column, 84 + 72 * row)
            power = subject.rng.uniform(13, 17) + (12 if (row, column) == (1, 0) else 0)
            across, down = np.abs(x - middle[0]) / 40, np.abs(y - middle[1]) / 33
            celsius += power / (1 + np.exp(9 * (np.maximum(across, down) - 1)))
            spot = ((x - middle[0] - 22) ** 2 + (y - middle[1] - 18) ** 2) / 90
            celsius += 0.5 * power * np.exp(-spot)  # the regulators
    return celsius


def _thermal_frame(celsius: npt.NDArray[np.float64], seconds: int) -> Image.Image:
    level = np.clip((celsius - _COLD) / (_HOT - _COLD), 0, 1)
    image = Image.fromarray((level * 255).astype(np.uint8))
    image = image.convert("P")
    stops = np.linspace(0, 255, len(_IRON[0]))
    channels = [np.interp(np.arange(256), stops, channel) for channel in _IRON]
    image.putpalette(np.stack(channels, axis=-1).astype(np.uint8).tobytes())
    pen = ImageDraw.Draw(image)
    hottest = np.unravel_index(celsius.argmax(), celsius.shape)
    across, down = int(hottest[1]), int(hottest[0])
    for line in ((across - 6, down, across + 6, down), (across, down - 6, across, down + 6)):
        pen.line(line, fill=255)
    pen.text((6, 4), f"t = {seconds:3d} s", font=font(13), fill=255)
    pen.text((6, _FILM[1] - 20), f"max {celsius.max():.1f} °C", font=font(13), fill=255)
    for step in range(100):  # the scale
        pen.line((300, 190 - step, 308, 190 - step), fill=round(step * 2.55))
    pen.text((312, 78), f"{_HOT:.0f} °C", font=font(11), fill=255, anchor="rm")
    pen.text((312, 202), f"{_COLD:.0f} °C", font=font(11), fill=255, anchor="rm")
    return image


def telephone_photo(subject: Subject) -> bytes:
    """Return the photograph of a module as a messenger on a telephone makes it smaller: WebP."""
    draw = strip_module_canvas if subject.serial.startswith("20US") else pixel_module_canvas
    return saved(draw(subject, 0.6).image, "WEBP", quality=70, method=2)


def grabbed_frame(subject: Subject) -> bytes:
    """Return one frame of a microscope's camera without colours, as its old software saves it: BMP."""
    image = bonds_canvas(subject, 0.5).image.convert("L").crop((40, 50, 680, 530))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, _GRABBED[0], 18), fill=0)
    pen.text((6, 9), f"CAM1  {subject.serial}  5x", font=font(13), fill=WHITE[0], anchor="lm")
    return saved(image, "BMP")


def heic_photo(subject: Subject) -> bytes:
    """Return the photograph of a telephone; it is kept, since few programs can write HEIC."""
    del subject
    return resource("sandbox/bonds.heic").read_bytes()


def avif_photo(subject: Subject) -> bytes:
    """Return a photograph made small for a web page; it is kept, since not every Pillow writes AVIF."""
    del subject
    return resource("sandbox/bonds.avif").read_bytes()


def tuned_values(subject: Subject) -> bytes:
    """Return the values of the tuning of a chip's pixels, as numpy saves an array of (384, 400)."""
    dice = np.random.default_rng(subject.rng.getrandbits(64))
    out = io.BytesIO()
    np.save(out, np.clip(dice.normal(16, 2.4, (384, 400)).round(), 0, 31).astype(np.uint8))
    return out.getvalue()
