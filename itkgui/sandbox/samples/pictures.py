"""Generated photographs: modules, wire bonds, sensors and boards, from above or under a microscope."""

from __future__ import annotations

from collections.abc import Callable

from PIL import Image, ImageDraw, ImageFilter

from itkgui.sandbox.samples.charts import flatness_scan, iv_plot, threshold_map
from itkgui.sandbox.samples.drawing import (
    GOLD,
    MASK,
    SILICON,
    SILVER,
    SIZE,
    chip_surface,
    connector,
    finish,
    label,
    passives,
    shadow,
    traces,
    vary,
)
from itkgui.sandbox.samples.subject import Subject


def photo(subject: Subject) -> bytes:
    """Return a quad module from above: flex with passives and connectors on four chips."""
    image = Image.new("RGB", SIZE, (38, 40, 44))
    draw = ImageDraw.Draw(image)
    dice = subject.rng
    left, top, right, bottom = 330, 110, 1270, 1050
    shadow(image, (left - 26, top - 10, right + 26, bottom + 10))
    draw = ImageDraw.Draw(image)
    for row in range(2):
        for column in range(2):
            x0, y0 = left - 26 + column * 500, top + 4 + row * 472
            chip_surface(draw, (x0, y0, x0 + 492, y0 + 460))
    draw.rounded_rectangle((left + 24, top - 4, right - 24, bottom + 4), 10, fill=MASK)
    traces(draw, subject, (left + 60, top + 30, right - 60, bottom - 30))
    for side in (left + 30, right - 46):
        for y in range(top + 20, bottom - 20, 11):
            draw.rectangle((side, y, side + 16, y + 5), fill=vary(GOLD, dice.randrange(-14, 14)))
    for side, sign in ((left + 30, -1), (right - 30, 1)):
        for y in range(top + 20, bottom - 20, 11):
            end = side + sign * dice.randint(38, 46)
            draw.line((side, y + 2, end, y + 2 + dice.choice((0, 1))), fill=(214, 216, 220), width=2)
    connector(draw, (720, 560, 880, 640))
    connector(draw, (640, 150, 960, 214))
    free = ((720, 560, 880, 640), (640, 150, 960, 214), (left + 100, bottom - 70, left + 340, bottom - 20))
    passives(draw, subject, 130, (left + 90, top + 60, right - 130, bottom - 80), free)
    label(draw, (left + 110, bottom - 62), subject.serial, 26, (226, 232, 226))
    return finish(image, subject, 8.0, "10 mm", 240)


def wirebonds(subject: Subject) -> bytes:
    """Return a row of wire bonds between the pads of a chip and those of the flex; one is missing."""
    dice = subject.rng
    image = Image.new("RGB", SIZE, MASK)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 1600, 470), fill=vary(MASK, 6))
    for x in range(-40, 1640, 34):
        draw.line((x + 17, 0, x + 17, 250), fill=vary(MASK, 18), width=12)
    draw.rectangle((0, 470, 1600, 560), fill=(30, 30, 34))
    draw.rectangle((0, 560, 1600, 1200), fill=SILICON)
    for y in range(800, 1200, 26):
        for x in range(0, 1600, 26):
            draw.rectangle((x + 2, y + 2, x + 22, y + 22), fill=vary(SILICON, 12), outline=vary(SILICON, -22))
            draw.ellipse((x + 8, y + 8, x + 16, y + 16), fill=vary(SILICON, 34 + dice.randrange(-6, 7)))
    draw.rectangle((0, 556, 1600, 566), fill=(128, 130, 138))
    pitch = 40
    bonds: list[tuple[int, int, int, int]] = []
    for number, x in enumerate(range(30, 1600, pitch)):
        shift = dice.randint(-3, 3)
        draw.rounded_rectangle((x - 13, 270, x + 13, 420), 4, fill=vary(GOLD, dice.randrange(-8, 10)))
        draw.rectangle((x - 14, 620, x + 14, 720), fill=vary(SILVER, dice.randrange(-10, 6)))
        draw.rectangle((x - 9, 690, x + 9, 712), fill=vary(SILVER, -36))
        if number != 23:
            bonds.append(
                (x + shift, 350 + dice.randint(-14, 14), x + dice.randint(-2, 2), 652 + dice.randint(-6, 6))
            )
    shade = Image.new("L", SIZE, 0)
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
    label(draw, (40, 1140), f"{subject.serial}  FE1", 26, (226, 228, 232))
    return finish(image, subject, 5.0, "200 µm", 160)


def chips(subject: Subject) -> bytes:
    """Return the corner of a sensor: guard rings, a fiducial, and the pixels or strips."""
    dice = subject.rng
    image = Image.new("RGB", SIZE, (28, 28, 32))
    draw = ImageDraw.Draw(image)
    draw.rectangle((160, 140, 1600, 1200), fill=(96, 84, 124))
    for ring in range(9):
        inset = 24 + ring * 26
        colour = vary((196, 186, 158), -ring * 5)
        draw.arc((160 + inset, 140 + inset, 260 + inset, 240 + inset), 180, 270, fill=colour, width=10)
        draw.line((210 + inset, 145 + inset, 1600, 145 + inset), fill=colour, width=10)
        draw.line((165 + inset, 190 + inset, 165 + inset, 1200), fill=colour, width=10)
    if subject.kind == "Sensor":
        for x in range(470, 1600, 46):
            draw.rectangle((x, 520, x + 15, 1200), fill=vary((122, 112, 150), dice.randrange(-4, 5)))
            draw.rectangle((x - 3, 520, x + 18, 600), fill=vary(SILVER, dice.randrange(-26, -8)))
            draw.line((x + 8, 452, x + 8, 520), fill=(150, 120, 96), width=4)
    for y in range(450, 1200, 46) if subject.kind != "Sensor" else ():
        for x in range(470, 1600, 46):
            draw.rounded_rectangle(
                (x, y, x + 37, y + 37), 6, fill=vary((122, 112, 150), dice.randrange(-4, 5))
            )
            draw.ellipse((x + 12, y + 12, x + 25, y + 25), fill=vary(SILVER, dice.randrange(-20, 0)))
    draw.rectangle((420, 418, 452, 426), fill=GOLD)
    draw.rectangle((432, 406, 440, 438), fill=GOLD)
    label(draw, (1180, 60), subject.serial, 26, (210, 212, 220))
    return finish(image, subject, 5.0, "100 µm", 184)


def strip_module(subject: Subject) -> bytes:
    """Return a strip module from above: the sensor, a hybrid with its chips, and the powerboard."""
    dice = subject.rng
    image = Image.new("RGB", SIZE, (44, 46, 50))
    left, top, right, bottom = 300, 100, 1300, 1100
    shadow(image, (left, top, right, bottom))
    draw = ImageDraw.Draw(image)
    draw.rectangle((left, top, right, bottom), fill=(88, 84, 112))
    for x in range(left + 14, right - 14, 5):
        draw.line((x, top + 14, x, bottom - 14), fill=vary((88, 84, 112), 8 + dice.randrange(5)))
    for y in (top + 333, top + 666) if subject.serial[5:7] == "MS" else ():
        draw.line((left, y, right, y), fill=(60, 56, 78), width=6)
    draw.rectangle((left + 6, top + 6, right - 6, bottom - 6), outline=(176, 170, 150), width=4)
    hybrids = (280, 760) if subject.serial[5:7] == "MS" else (280,)
    for y in hybrids:
        _strip_hybrid(draw, subject, (left - 30, y, right + 30, y + 170))
    board_top = 520
    draw.rounded_rectangle((left + 20, board_top, right - 120, board_top + 150), 8, fill=(34, 92, 66))
    draw.rounded_rectangle((left + 120, board_top + 22, left + 330, board_top + 128), 6, fill=(190, 192, 194))
    draw.rectangle((left + 140, board_top + 42, left + 310, board_top + 108), fill=(204, 206, 208))
    passives(draw, subject, 70, (left + 360, board_top + 14, right - 160, board_top + 120))
    label(draw, (left + 20, bottom - 52), subject.serial, 26, (226, 226, 232))
    return finish(image, subject, 7.0, "10 mm", 103)


def _strip_hybrid(draw: ImageDraw.ImageDraw, subject: Subject, box: tuple[int, int, int, int]) -> None:
    left, top, right, bottom = box
    draw.rounded_rectangle(box, 8, fill=(150, 98, 44))
    traces(draw, subject, (left + 20, top + 12, right - 20, top + 80), (150, 98, 44))
    for chip in range(10):
        x = left + 60 + chip * 96
        chip_surface(draw, (x, top + 84, x + 78, bottom - 8))
        for bond in range(x + 2, x + 78, 4):
            draw.line((bond, bottom - 10, bond, bottom + 26), fill=(220, 222, 226), width=1)
        for bond in range(x + 6, x + 74, 8):
            draw.rectangle((bond, top + 62, bond + 4, top + 70), fill=GOLD)
            draw.line((bond + 2, top + 66, bond + 2, top + 88), fill=(220, 222, 226), width=1)
    passives(draw, subject, 60, (left + 60, top + 12, right - 90, top + 34))


def board(subject: Subject) -> bytes:
    """Return a populated board from above; a hybrid has its chips."""
    dice = subject.rng
    image = Image.new("RGB", SIZE, (52, 54, 58))
    shadow(image, (180, 160, 1420, 1030))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((180, 160, 1420, 1030), 24, fill=MASK)
    traces(draw, subject, (230, 210, 1370, 980))
    for x in range(260, 1340, 24):
        for y in (190, 988):
            draw.rectangle((x, y, x + 13, y + 20), fill=vary(GOLD, dice.randrange(-14, 12)))
    columns = range(290, 1290, 216) if subject.kind.startswith("Hybrid") else ()
    for x in columns:
        draw.rectangle((x, 470, x + 150, 650), fill=(34, 36, 42))
        chip_surface(draw, (x + 6, 476, x + 144, 644))
        for step in range(0, 150, 9):
            draw.line((x + step, 650, x + step, 694), fill=(216, 218, 222), width=2)
            draw.rectangle((x + step - 2, 694, x + step + 3, 706), fill=GOLD)
    connector(draw, (620, 250, 980, 320))
    free = ((620, 250, 980, 320), (560, 950, 800, 990), *((x, 470, x + 150, 710) for x in columns))
    passives(draw, subject, 150, (250, 340, 1330, 950), free)
    for x, y in ((215, 195), (1385, 195), (215, 995), (1385, 995)):
        draw.ellipse((x - 16, y - 16, x + 16, y + 16), fill=GOLD)
        draw.ellipse((x - 9, y - 9, x + 9, y + 9), fill=(30, 32, 34))
    label(draw, (560, 960), subject.serial, 24, (224, 230, 224))
    return finish(image, subject, 7.0, "5 mm", 200)


PICTURES: dict[str, Callable[[Subject], bytes]] = {
    "photo": photo,
    "strip photo": strip_module,
    "wirebonds": wirebonds,
    "chips": chips,
    "board": board,
    "map": threshold_map,
    "plot": iv_plot,
    "scan": flatness_scan,
}
