"""Pieces of generated photographs: chips, connectors, passives, traces, and what a camera adds."""

from __future__ import annotations

import io

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from itkgui.paths import resource
from itkgui.sandbox.samples.subject import Subject

Colour = tuple[int, int, int]
Box = tuple[int, int, int, int]

SIZE = (1600, 1200)
GOLD: Colour = (206, 170, 92)
SILVER: Colour = (186, 188, 190)
MASK: Colour = (22, 82, 52)
SILICON: Colour = (74, 78, 92)
_JPEG_QUALITY = 87


def vary(colour: Colour, amount: int) -> Colour:
    red, green, blue = (max(0, min(255, value + amount)) for value in colour)
    return red, green, blue


def shadow(image: Image.Image, box: Box) -> None:
    mask = Image.new("L", image.size, 0)
    ImageDraw.Draw(mask).rectangle(tuple(value + 16 for value in box), fill=190)
    image.paste((10, 10, 12), mask=mask.filter(ImageFilter.GaussianBlur(22)))


def chip_surface(draw: ImageDraw.ImageDraw, box: Box) -> None:
    x0, y0, x1, y1 = box
    draw.rectangle(box, fill=SILICON)
    for y in range(y0, y1, 6):
        draw.line((x0, y, x1, y), fill=vary(SILICON, 10 if y // 6 % 2 else -6))
    for x in range(x0, x1, 8):
        draw.line((x, y0, x, y1), fill=vary(SILICON, -10))
    draw.rectangle(box, outline=(140, 142, 150), width=2)


def connector(draw: ImageDraw.ImageDraw, box: Box) -> None:
    x0, y0, x1, y1 = box
    draw.rounded_rectangle(box, 6, fill=(206, 196, 172), outline=(120, 112, 94), width=3)
    draw.rectangle((x0 + 12, y0 + 16, x1 - 12, y1 - 16), fill=(58, 54, 48))
    for x in range(x0 + 18, x1 - 18, 12):
        draw.rectangle((x, y0 + 4, x + 5, y0 + 20), fill=GOLD)
        draw.rectangle((x, y1 - 20, x + 5, y1 - 4), fill=GOLD)


def passives(
    draw: ImageDraw.ImageDraw, subject: Subject, count: int, area: Box, free: tuple[Box, ...] = ()
) -> None:
    """Place up to `count` resistors and capacitors in `area`, apart from each other and from `free`."""
    dice = subject.rng
    taken = list(free)
    for _ in range(count):
        x, y = dice.randrange(area[0], area[2]), dice.randrange(area[1], area[3])
        if any(x0 - 34 < x < x1 + 10 and y0 - 34 < y < y1 + 10 for x0, y0, x1, y1 in taken):
            continue
        taken.append((x, y, x + 24, y + 24))
        _passive(draw, x, y, upright=dice.random() < 0.5, dark=dice.random() < 0.3)


def _passive(draw: ImageDraw.ImageDraw, x: int, y: int, *, upright: bool, dark: bool) -> None:
    width, height = (12, 24) if upright else (24, 12)
    body = (40, 38, 40) if dark else (150, 122, 88)
    draw.rectangle((x - 2, y - 2, x + width + 2, y + height + 2), fill=vary(MASK, -18))
    draw.rectangle((x, y, x + width, y + height), fill=(204, 204, 200))
    if upright:
        draw.rectangle((x, y + 6, x + width, y + height - 6), fill=body)
    else:
        draw.rectangle((x + 6, y, x + width - 6, y + height), fill=body)


def traces(draw: ImageDraw.ImageDraw, subject: Subject, box: Box, ground: Colour = MASK) -> None:
    dice = subject.rng
    x0, y0, x1, y1 = box
    for _ in range(150):
        x, y = dice.randrange(x0, x1), dice.randrange(y0, y1)
        length, turn = dice.randint(40, 220), dice.choice((-1, 1)) * dice.randint(10, 60)
        points = [
            (x, y),
            (min(x + length, x1), y),
            (min(x + length + abs(turn), x1), max(y0, min(y + turn, y1))),
        ]
        draw.line(points, fill=vary(ground, dice.randint(8, 18)), width=dice.choice((3, 4, 6)))
    for _ in range(220):
        x, y = dice.randrange(x0, x1), dice.randrange(y0, y1)
        draw.ellipse((x - 4, y - 4, x + 4, y + 4), fill=vary(GOLD, -46))
        draw.ellipse((x - 2, y - 2, x + 2, y + 2), fill=vary(ground, -40))


def font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(resource("fonts/DejaVuSansMono.ttf")), size)


def label(draw: ImageDraw.ImageDraw, place: tuple[int, int], text: str, size: int, colour: Colour) -> None:
    draw.text(place, text, font=font(size), fill=colour)


def finish(image: Image.Image, subject: Subject, noise: float, scale: str, length: int) -> bytes:
    """Add what a camera adds, then the scale bar, which the camera's software draws afterwards."""
    image = image.filter(ImageFilter.GaussianBlur(1.1))
    pixels: npt.NDArray[np.float32] = np.asarray(image, dtype=np.float32)
    height, width = pixels.shape[:2]
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
    dice = np.random.default_rng(subject.rng.getrandbits(64))
    light_x, light_y = subject.rng.uniform(-0.3, 0.3), subject.rng.uniform(-0.3, 0.1)
    vignette = 1.12 - 0.34 * ((x - light_x) ** 2 + (y - light_y) ** 2)
    grain = dice.normal(0, noise, (height, width, 1)).astype(np.float32)
    pixels = pixels * vignette[..., None] * np.array([1.03, 1.0, 0.96], np.float32) + grain
    image = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(image)
    right, bottom = width - 60, height - 60
    draw.rectangle((right - length - 24, bottom - 62, right + 24, bottom + 24), fill=(12, 12, 14))
    draw.rectangle((right - length, bottom, right, bottom + 7), fill=(255, 255, 255))
    draw.text((right - length / 2, bottom - 8), scale, font=font(30), fill=(255, 255, 255), anchor="ms")
    return saved(image, "JPEG", quality=_JPEG_QUALITY)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()
