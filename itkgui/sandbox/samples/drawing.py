"""What generated photographs are drawn with: a canvas of any resolution, parts that recur, and the camera."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from itkgui.paths import resource
from itkgui.sandbox.samples.subject import Subject

Colour = tuple[int, int, int]
Box = tuple[float, float, float, float]
Point = tuple[float, float]

# Scenes are drawn in these coordinates, whatever the resolution of the picture.
WIDTH, HEIGHT = 1600, 1200
GOLD: Colour = (206, 170, 92)
SILVER: Colour = (186, 188, 190)
MASK: Colour = (22, 82, 52)
SILICON: Colour = (74, 78, 92)
WHITE: Colour = (255, 255, 255)
_JPEG_QUALITY = 87
_GRAIN = (500, 375)


def vary(colour: Colour, amount: int) -> Colour:
    red, green, blue = (max(0, min(255, value + amount)) for value in colour)
    return red, green, blue


class Canvas:
    """A picture of 1600 × 1200 units, each `scale` pixels wide; the methods are Pillow's."""

    def __init__(self, ground: Colour, scale: float = 1.0) -> None:
        self.scale = scale
        self.image = Image.new("RGB", (round(WIDTH * scale), round(HEIGHT * scale)), ground)
        self._draw = ImageDraw.Draw(self.image)

    def redraw(self) -> None:
        """Go on drawing on `image` after it was replaced."""
        self._draw = ImageDraw.Draw(self.image)

    def rectangle(
        self, box: Box, fill: Colour | None = None, outline: Colour | None = None, width: float = 1
    ) -> None:
        self._draw.rectangle(self._box(box), fill, outline, self._width(width))

    def rounded(
        self,
        box: Box,
        radius: float,
        fill: Colour | None = None,
        outline: Colour | None = None,
        width: float = 1,
    ) -> None:
        self._draw.rounded_rectangle(self._box(box), radius * self.scale, fill, outline, self._width(width))

    def ellipse(
        self, box: Box, fill: Colour | None = None, outline: Colour | None = None, width: float = 1
    ) -> None:
        self._draw.ellipse(self._box(box), fill, outline, self._width(width))

    def arc(self, box: Box, start: float, end: float, fill: Colour, width: float) -> None:
        self._draw.arc(self._box(box), start, end, fill, self._width(width))

    def line(self, points: Sequence[Point], fill: Colour, width: float = 1) -> None:
        self._draw.line(self._points(points), fill, self._width(width), joint="curve")

    def polygon(self, points: Sequence[Point], fill: Colour, outline: Colour | None = None) -> None:
        self._draw.polygon(self._points(points), fill, outline)

    def text(
        self, place: Point, text: str, size: float, colour: Colour = WHITE, anchor: str | None = None
    ) -> None:
        at = (place[0] * self.scale, place[1] * self.scale)
        self._draw.text(at, text, font=font(size * self.scale), fill=colour, anchor=anchor)

    def shade(self, lines: Sequence[Sequence[Point]], colour: Colour, width: float, blur: float) -> None:
        """Darken along lines, softly: the shadows of wires, a smear."""
        mask, pen = self._mask()
        for points in lines:
            pen.line([(x / 2, y / 2) for x, y in points], fill=130, width=max(1, round(width / 2)))
        self._lay(colour, mask, blur)

    def spot(self, points: Sequence[Point], colour: Colour, strength: int, blur: float) -> None:
        """Lay a patch with a soft edge over the picture, of a strength from 0 to 255."""
        mask, pen = self._mask()
        pen.polygon([(x / 2, y / 2) for x, y in points], fill=strength)
        self._lay(colour, mask, blur)

    def shadow(self, box: Box) -> None:
        """Darken around a box, as a lamp from the upper left does."""
        x0, y0, x1, y1 = (value + 16 for value in box)
        self.spot([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], (10, 10, 12), 190, 22)

    def _mask(self) -> tuple[Image.Image, ImageDraw.ImageDraw]:
        mask = Image.new("L", (WIDTH // 2, HEIGHT // 2), 0)
        return mask, ImageDraw.Draw(mask)

    def _lay(self, colour: Colour, mask: Image.Image, blur: float) -> None:
        soft = mask.filter(ImageFilter.GaussianBlur(blur / 2))
        self.image.paste(colour, mask=soft.resize(self.image.size, Image.Resampling.BILINEAR))

    def _box(self, box: Box) -> Box:
        x0, y0, x1, y1 = box
        return x0 * self.scale, y0 * self.scale, x1 * self.scale, y1 * self.scale

    def _points(self, points: Sequence[Point]) -> list[Point]:
        return [(x * self.scale, y * self.scale) for x, y in points]

    def _width(self, width: float) -> int:
        return max(1, round(width * self.scale))


def chip_surface(canvas: Canvas, box: Box) -> None:
    x0, y0, x1, y1 = box
    canvas.rectangle(box, SILICON)
    for order, y in enumerate(np.arange(y0, y1, 6.0)):
        canvas.line([(x0, y), (x1, y)], vary(SILICON, 10 if order % 2 else -6))
    for x in np.arange(x0, x1, 8.0):
        canvas.line([(x, y0), (x, y1)], vary(SILICON, -10))
    canvas.rectangle(box, outline=(140, 142, 150), width=2)


def connector(canvas: Canvas, box: Box) -> None:
    x0, y0, x1, y1 = box
    canvas.rounded(box, 6, (206, 196, 172), (120, 112, 94), 3)
    canvas.rectangle((x0 + 12, y0 + 16, x1 - 12, y1 - 16), (58, 54, 48))
    for x in np.arange(x0 + 18, x1 - 18, 12.0):
        canvas.rectangle((x, y0 + 4, x + 5, y0 + 20), GOLD)
        canvas.rectangle((x, y1 - 20, x + 5, y1 - 4), GOLD)


def passives(canvas: Canvas, subject: Subject, count: int, area: Box, free: tuple[Box, ...] = ()) -> None:
    """Place up to `count` resistors and capacitors in `area`, apart from each other and from `free`."""
    dice = subject.rng
    taken = list(free)
    for _ in range(count):
        x, y = dice.uniform(area[0], area[2]), dice.uniform(area[1], area[3])
        if any(x0 - 34 < x < x1 + 10 and y0 - 34 < y < y1 + 10 for x0, y0, x1, y1 in taken):
            continue
        taken.append((x, y, x + 24, y + 24))
        _passive(canvas, x, y, upright=dice.random() < 0.5, dark=dice.random() < 0.3)


def _passive(canvas: Canvas, x: float, y: float, *, upright: bool, dark: bool) -> None:
    width, height = (12, 24) if upright else (24, 12)
    body = (40, 38, 40) if dark else (150, 122, 88)
    canvas.rectangle((x - 2, y - 2, x + width + 2, y + height + 2), vary(MASK, -18))
    canvas.rectangle((x, y, x + width, y + height), (204, 204, 200))
    if upright:
        canvas.rectangle((x, y + 6, x + width, y + height - 6), body)
    else:
        canvas.rectangle((x + 6, y, x + width - 6, y + height), body)


def traces(canvas: Canvas, subject: Subject, box: Box, ground: Colour = MASK) -> None:
    dice = subject.rng
    x0, y0, x1, y1 = box
    for _ in range(150):
        x, y = dice.uniform(x0, x1), dice.uniform(y0, y1)
        length, turn = dice.randint(40, 220), dice.choice((-1, 1)) * dice.randint(10, 60)
        end = (min(x + length + abs(turn), x1), max(y0, min(y + turn, y1)))
        canvas.line(
            [(x, y), (min(x + length, x1), y), end],
            vary(ground, dice.randint(8, 18)),
            dice.choice((3, 4, 6)),
        )
    for _ in range(220):
        x, y = dice.uniform(x0, x1), dice.uniform(y0, y1)
        canvas.ellipse((x - 4, y - 4, x + 4, y + 4), vary(GOLD, -46))
        canvas.ellipse((x - 2, y - 2, x + 2, y + 2), vary(ground, -40))


def font(size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(resource("fonts/DejaVuSansMono.ttf")), round(size))


def expose(canvas: Canvas, subject: Subject, noise: float) -> Canvas:
    """Add what a camera adds: a lens that is not quite sharp, light from one side, and grain."""
    image = canvas.image.filter(ImageFilter.GaussianBlur(1.1))
    dice = np.random.default_rng(subject.rng.getrandbits(64))
    y, x = np.mgrid[-1:1:75j, -1:1:100j]
    light_x, light_y = subject.rng.uniform(-0.3, 0.3), subject.rng.uniform(-0.3, 0.1)
    light = np.clip(1.02 - 0.3 * ((x - light_x) ** 2 + (y - light_y) ** 2), 0, 1)
    tint = np.array([1.0, 0.98, 0.95])
    lamp = Image.fromarray((255 * light[..., None] * tint).astype(np.uint8))
    image = ImageChops.multiply(image, lamp.resize(image.size, Image.Resampling.BICUBIC))
    grain = dice.normal(128, noise, (_GRAIN[1], _GRAIN[0], 3)).round().astype(np.uint8)
    sheet = Image.new("RGB", image.size)
    tile = Image.fromarray(grain)
    for top in range(0, image.height, tile.height):
        for left in range(0, image.width, tile.width):
            sheet.paste(tile, (left, top))
    # Grain lies around 128; brighter by a tenth, because the lamp only takes away.
    canvas.image = ImageChops.add(image, sheet, 1, -120)
    canvas.redraw()
    return canvas


def scale_bar(canvas: Canvas, text: str, length: float) -> None:
    """Draw the bar that the microscope's software puts into the corner, `length` units long."""
    right, bottom = WIDTH - 60, HEIGHT - 60
    left = right - max(length, 150) / 2 - length / 2 if length < 150 else right - length
    canvas.rectangle((right - max(length, 150) - 24, bottom - 62, right + 24, bottom + 24), (12, 12, 14))
    canvas.rectangle((left, bottom, left + length, bottom + 7), WHITE)
    canvas.text((left + length / 2, bottom - 8), text, 30, anchor="ms")


def jpeg(canvas: Canvas, quality: int = _JPEG_QUALITY) -> bytes:
    return saved(canvas.image, "JPEG", quality=quality)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()
