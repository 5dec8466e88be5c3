"""Generated pictures: modules, wire bonds, chips and boards under a microscope, maps and plots."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from itkgui.paths import resource
from itkgui.sandbox.sample_files import Subject

Colour = tuple[int, int, int]
Pixels = npt.NDArray[np.float32]

_SIZE = (1600, 1200)
_GOLD: Colour = (206, 170, 92)
_SILVER: Colour = (186, 188, 190)
_MASK: Colour = (22, 82, 52)
_SILICON: Colour = (74, 78, 92)
_JPEG_QUALITY = 87


def photo(subject: Subject) -> bytes:
    """Return a quad module from above: flex with passives and connectors on four chips."""
    image = Image.new("RGB", _SIZE, (38, 40, 44))
    draw = ImageDraw.Draw(image)
    dice = subject.rng
    left, top, right, bottom = 330, 110, 1270, 1050
    _shadow(image, (left - 26, top - 10, right + 26, bottom + 10))
    draw = ImageDraw.Draw(image)
    for row in range(2):
        for column in range(2):
            x0, y0 = left - 26 + column * 500, top + 4 + row * 472
            _chip_surface(draw, (x0, y0, x0 + 492, y0 + 460))
    draw.rounded_rectangle((left + 24, top - 4, right - 24, bottom + 4), 10, fill=_MASK)
    _traces(draw, subject, (left + 60, top + 30, right - 60, bottom - 30))
    for side in (left + 30, right - 46):
        for y in range(top + 20, bottom - 20, 11):
            draw.rectangle((side, y, side + 16, y + 5), fill=_vary(_GOLD, dice.randrange(-14, 14)))
    for side, sign in ((left + 30, -1), (right - 30, 1)):
        for y in range(top + 20, bottom - 20, 11):
            end = side + sign * dice.randint(38, 46)
            draw.line((side, y + 2, end, y + 2 + dice.choice((0, 1))), fill=(214, 216, 220), width=2)
    _connector(draw, (720, 560, 880, 640))
    _connector(draw, (640, 150, 960, 214))
    for _ in range(90):
        x, y = dice.randint(left + 90, right - 130), dice.randint(top + 60, bottom - 80)
        if not (600 < x < 980 and (120 < y < 240 or 530 < y < 660)):
            _passive(draw, x, y, dice.random() < 0.5, dice.random() < 0.3)
    _label(draw, (left + 110, bottom - 62), subject.serial, 26, (226, 232, 226))
    return _finish(image, subject, 8.0, "10 mm", 240)


def wirebonds(subject: Subject) -> bytes:
    """Return a row of wire bonds between the pads of a chip and those of the flex, slightly out of focus above."""
    dice = subject.rng
    image = Image.new("RGB", _SIZE, _MASK)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 1600, 470), fill=_vary(_MASK, 6))
    for x in range(-40, 1640, 34):
        draw.line((x + 17, 0, x + 17, 250), fill=_vary(_MASK, 18), width=12)
    draw.rectangle((0, 470, 1600, 560), fill=(30, 30, 34))
    draw.rectangle((0, 560, 1600, 1200), fill=_SILICON)
    for y in range(900, 1200, 26):
        for x in range(0, 1600, 26):
            draw.rectangle((x + 2, y + 2, x + 22, y + 22), fill=_vary(_SILICON, dice.randrange(-5, 9)))
    draw.rectangle((0, 556, 1600, 566), fill=(128, 130, 138))
    pitch = 40
    bonds: list[tuple[int, int, int, int]] = []
    for number, x in enumerate(range(30, 1600, pitch)):
        shift = dice.randint(-3, 3)
        draw.rounded_rectangle((x - 13, 270, x + 13, 420), 4, fill=_vary(_GOLD, dice.randrange(-8, 10)))
        draw.rectangle((x - 14, 620, x + 14, 720), fill=_vary(_SILVER, dice.randrange(-10, 6)))
        draw.rectangle((x - 9, 690, x + 9, 712), fill=_vary(_SILVER, -36))
        if number != 23:
            bonds.append((x + shift, 350 + dice.randint(-14, 14), x + dice.randint(-2, 2), 652 + dice.randint(-6, 6)))
    shade = Image.new("L", _SIZE, 0)
    pen = ImageDraw.Draw(shade)
    for x0, y0, x1, y1 in bonds:
        pen.line((x0 + 12, y0 + 8, x1 + 12, y1 + 8), fill=110, width=9)
    image.paste((8, 14, 12), mask=shade.filter(ImageFilter.GaussianBlur(5)))
    draw = ImageDraw.Draw(image)
    for x0, y0, x1, y1 in bonds:
        draw.line((x0, y0, x1, y1), fill=(150, 152, 156), width=9)
        draw.line((x0 - 1, y0, x1 - 1, y1), fill=(206, 208, 212), width=5)
        draw.line((x0 - 2, y0 + 30, x1 - 2, y1 - 60), fill=(252, 252, 250), width=2)
        for x, y in ((x0, y0), (x1, y1)):
            draw.ellipse((x - 9, y - 20, x + 9, y + 20), fill=(196, 198, 202))
            draw.ellipse((x - 4, y - 14, x + 2, y + 8), fill=(240, 240, 240))
    _label(draw, (40, 1140), f"{subject.serial}  FE1", 26, (226, 228, 232))
    return _finish(image, subject, 5.0, "200 µm", 160)


def chips(subject: Subject) -> bytes:
    """Return the corner of a sensor: guard rings, a fiducial and the pixel matrix."""
    dice = subject.rng
    image = Image.new("RGB", _SIZE, (28, 28, 32))
    draw = ImageDraw.Draw(image)
    draw.rectangle((160, 140, 1600, 1200), fill=(96, 84, 124))
    for ring in range(9):
        inset = 24 + ring * 26
        colour = _vary((196, 186, 158), -ring * 5)
        draw.arc((160 + inset, 140 + inset, 260 + inset, 240 + inset), 180, 270, fill=colour, width=10)
        draw.line((210 + inset, 145 + inset, 1600, 145 + inset), fill=colour, width=10)
        draw.line((165 + inset, 190 + inset, 165 + inset, 1200), fill=colour, width=10)
    for y in range(450, 1200, 46):
        for x in range(470, 1600, 46):
            draw.rounded_rectangle((x, y, x + 37, y + 37), 6, fill=_vary((122, 112, 150), dice.randrange(-4, 5)))
            draw.ellipse((x + 12, y + 12, x + 25, y + 25), fill=_vary(_SILVER, dice.randrange(-20, 0)))
    draw.rectangle((420, 418, 452, 426), fill=_GOLD)
    draw.rectangle((432, 406, 440, 438), fill=_GOLD)
    _label(draw, (1180, 60), subject.serial, 26, (210, 212, 220))
    return _finish(image, subject, 5.0, "100 µm", 184)


def board(subject: Subject) -> bytes:
    """Return a populated board from above."""
    dice = subject.rng
    image = Image.new("RGB", _SIZE, (52, 54, 58))
    _shadow(image, (180, 160, 1420, 1030))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((180, 160, 1420, 1030), 24, fill=_MASK)
    _traces(draw, subject, (230, 210, 1370, 980))
    for x in range(260, 1340, 24):
        for y in (190, 988):
            draw.rectangle((x, y, x + 13, y + 20), fill=_vary(_GOLD, dice.randrange(-14, 12)))
    for column in range(5):
        x = 290 + column * 216
        draw.rectangle((x, 470, x + 150, 650), fill=(34, 36, 42))
        _chip_surface(draw, (x + 6, 476, x + 144, 644))
        for step in range(0, 150, 9):
            draw.line((x + step, 650, x + step, 694), fill=(216, 218, 222), width=2)
            draw.rectangle((x + step - 2, 694, x + step + 3, 706), fill=_GOLD)
    _connector(draw, (620, 250, 980, 320))
    for _ in range(110):
        x, y = dice.randint(240, 1330), dice.choice((dice.randint(340, 450), dice.randint(730, 950)))
        _passive(draw, x, y, dice.random() < 0.5, dice.random() < 0.3)
    for x, y in ((215, 195), (1385, 195), (215, 995), (1385, 995)):
        draw.ellipse((x - 16, y - 16, x + 16, y + 16), fill=_GOLD)
        draw.ellipse((x - 9, y - 9, x + 9, y + 9), fill=(30, 32, 34))
    _label(draw, (560, 960), subject.serial, 24, (224, 230, 224))
    return _finish(image, subject, 7.0, "5 mm", 200)


# Pieces


def _vary(colour: Colour, amount: int) -> Colour:
    red, green, blue = (max(0, min(255, value + amount)) for value in colour)
    return red, green, blue


def _shadow(image: Image.Image, box: tuple[int, int, int, int]) -> None:
    mask = Image.new("L", image.size, 0)
    ImageDraw.Draw(mask).rectangle(tuple(value + 16 for value in box), fill=190)
    image.paste((10, 10, 12), mask=mask.filter(ImageFilter.GaussianBlur(22)))


def _chip_surface(draw: ImageDraw.ImageDraw, box: tuple[int, int, int, int]) -> None:
    x0, y0, x1, y1 = box
    draw.rectangle(box, fill=_SILICON)
    for y in range(y0, y1, 6):
        draw.line((x0, y, x1, y), fill=_vary(_SILICON, 10 if y // 6 % 2 else -6))
    for x in range(x0, x1, 8):
        draw.line((x, y0, x, y1), fill=_vary(_SILICON, -10))
    draw.rectangle(box, outline=(140, 142, 150), width=2)


def _connector(draw: ImageDraw.ImageDraw, box: tuple[int, int, int, int]) -> None:
    x0, y0, x1, y1 = box
    draw.rounded_rectangle(box, 6, fill=(206, 196, 172), outline=(120, 112, 94), width=3)
    draw.rectangle((x0 + 12, y0 + 16, x1 - 12, y1 - 16), fill=(58, 54, 48))
    for x in range(x0 + 18, x1 - 18, 12):
        draw.rectangle((x, y0 + 4, x + 5, y0 + 20), fill=_GOLD)
        draw.rectangle((x, y1 - 20, x + 5, y1 - 4), fill=_GOLD)


def _passive(draw: ImageDraw.ImageDraw, x: int, y: int, upright: bool, dark: bool) -> None:
    width, height = (12, 24) if upright else (24, 12)
    body = (40, 38, 40) if dark else (150, 122, 88)
    draw.rectangle((x - 2, y - 2, x + width + 2, y + height + 2), fill=_vary(_MASK, -18))
    draw.rectangle((x, y, x + width, y + height), fill=(204, 204, 200))
    if upright:
        draw.rectangle((x, y + 6, x + width, y + height - 6), fill=body)
    else:
        draw.rectangle((x + 6, y, x + width - 6, y + height), fill=body)


def _traces(draw: ImageDraw.ImageDraw, subject: Subject, box: tuple[int, int, int, int]) -> None:
    dice = subject.rng
    x0, y0, x1, y1 = box
    for _ in range(150):
        x, y = dice.randrange(x0, x1), dice.randrange(y0, y1)
        length, turn = dice.randint(40, 220), dice.choice((-1, 1)) * dice.randint(10, 60)
        points = [(x, y), (min(x + length, x1), y), (min(x + length + abs(turn), x1), max(y0, min(y + turn, y1)))]
        draw.line(points, fill=_vary(_MASK, dice.randint(8, 18)), width=dice.choice((3, 4, 6)))
    for _ in range(220):
        x, y = dice.randrange(x0, x1), dice.randrange(y0, y1)
        draw.ellipse((x - 4, y - 4, x + 4, y + 4), fill=_vary(_GOLD, -46))
        draw.ellipse((x - 2, y - 2, x + 2, y + 2), fill=(18, 40, 28))


def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(resource("fonts/DejaVuSansMono.ttf")), size)


def _label(draw: ImageDraw.ImageDraw, place: tuple[int, int], text: str, size: int, colour: Colour) -> None:
    draw.text(place, text, font=_font(size), fill=colour)


def _finish(image: Image.Image, subject: Subject, noise: float, scale: str, length: int) -> bytes:
    """Add what a camera adds, then the scale bar, which the camera's software draws afterwards."""
    image = image.filter(ImageFilter.GaussianBlur(1.1))
    pixels: Pixels = np.asarray(image, dtype=np.float32)
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
    font = _font(30)
    draw.text((right - length / 2, bottom - 8), scale, font=font, fill=(255, 255, 255), anchor="ms")
    return _saved(image, "JPEG", quality=_JPEG_QUALITY)


def _saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


# Maps and plots


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
    font = _font(16)
    draw.text((480, 30), f"{subject.serial}  threshold [e]", font=font, fill=(20, 20, 20), anchor="mm")
    for step in range(5):
        draw.text((80 + step * 200, 834), str(step * 100), font=font, fill=(20, 20, 20), anchor="mt")
        draw.text((74, 828 - step * 192), str(step * 96), font=font, fill=(20, 20, 20), anchor="rm")
        draw.text((930, 828 - step * 192), str(1350 + step * 75), font=font, fill=(20, 20, 20), anchor="lm")
    draw.text((480, 866), "column", font=font, fill=(20, 20, 20), anchor="mt")
    draw.rectangle((79, 59, 880, 828), outline=(20, 20, 20))
    return _saved(image, "PNG")


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
    font = _font(18)
    for step in range(6):
        x, y = 110 + step * 164, 600 - step * 104
        draw.line((x, 80, x, 600), fill=(225, 225, 225))
        draw.line((110, y, 930, y), fill=(225, 225, 225))
        draw.text((x, 612), str(step * 40), font=font, fill=(30, 30, 30), anchor="mt")
        draw.text((100, y), f"{top * step / 5:.2f}", font=font, fill=(30, 30, 30), anchor="rm")
    points = [(110 + 820 * v / 200, 600 - 520 * c / top) for v, c in zip(voltages, currents, strict=True)]
    draw.line(points, fill=(31, 97, 174), width=3)
    for x, y in points:
        draw.ellipse((x - 4, y - 4, x + 4, y + 4), fill=(31, 97, 174))
    draw.rectangle((110, 80, 930, 600), outline=(30, 30, 30), width=2)
    draw.text((520, 44), f"{subject.serial}  IV", font=font, fill=(20, 20, 20), anchor="mm")
    draw.text((520, 650), "reverse voltage [V]", font=font, fill=(20, 20, 20), anchor="mt")
    draw.text((24, 50), "current [µA]", font=font, fill=(20, 20, 20), anchor="lm")
    return _saved(image, "PNG")


def flatness_scan(subject: Subject) -> bytes:
    """Return a height map as a 16-bit TIFF, as a profilometer writes it."""
    dice = np.random.default_rng(subject.rng.getrandbits(64))
    y, x = np.mgrid[-1:1:600j, -1:1:800j]
    bow = 18 * (1 - (x * x + y * y) / 2)
    waves = 1.5 * np.sin(6 * x + subject.rng.uniform(0, 6)) * np.cos(5 * y)
    height = 100 + bow + waves + dice.normal(0, 0.3, x.shape)
    return _saved(Image.fromarray((height * 400).astype(np.uint16)), "TIFF", compression="tiff_lzw")


PICTURES: dict[str, Callable[[Subject], bytes]] = {
    "photo": photo,
    "wirebonds": wirebonds,
    "chips": chips,
    "board": board,
    "map": threshold_map,
    "plot": iv_plot,
    "scan": flatness_scan,
}
