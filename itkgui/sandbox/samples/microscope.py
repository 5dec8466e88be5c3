"""Generated photographs under the microscope: wire bonds and sensor corners, whole or with a defect."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

from itkgui.sandbox.samples.drawing import (
    GOLD,
    HEIGHT,
    MASK,
    SILICON,
    SILVER,
    WHITE,
    WIDTH,
    Canvas,
    Point,
    expose,
    jpeg,
    scale_bar,
    traces,
    vary,
)
from itkgui.sandbox.samples.subject import Subject

_PITCH = 40  # units between bonds, which lie 100 µm apart
_UNITS_PER_MICRON = _PITCH / 100
_FIRST = 30
_STRIP_SENSOR = (96, 84, 124)
# What carries pads, but no wires when it is inspected.
_BARE_BOARDS = ("Module PCB", "Hybrid flex", "Powerboard", "Stave")
_MARK = (255, 214, 10)
_FOOT_CHIP, _FOOT_FLEX = 652, 350
_DEFECT_AT = 19  # the bond in the middle of the picture


def bond_field(
    canvas: Canvas, subject: Subject, missing: tuple[int, ...] = (), lifted: int = -1, bonded: bool = True
) -> None:
    """Draw a row of bonds, 100 µm apart and 25 µm thick.

    They lead from a flex (above) to a pixel chip, from a read-out chip to a strip sensor, or nowhere: not
    every board is bonded.
    """
    dice = subject.rng
    _ground(canvas, subject, bonded)
    upper, lower = (GOLD, SILVER) if bonded else (GOLD, GOLD)
    if _is_strip(subject):
        upper = SILVER
    bonds = []
    for number, x in enumerate(range(_FIRST, WIDTH, _PITCH)):
        canvas.rounded((x - 13, 270, x + 13, 420), 4, vary(upper, dice.randrange(-8, 10)))
        canvas.rectangle((x - 14, 620, x + 14, 720), vary(lower, dice.randrange(-10, 6)))
        canvas.rectangle((x - 9, 690, x + 9, 712), vary(lower, -36))
        top = (x + dice.randint(-3, 3), _FOOT_FLEX + dice.randint(-14, 14))
        bottom = (x + dice.randint(-2, 2), _FOOT_CHIP + dice.randint(-6, 6))
        if number == lifted:
            bottom = (x + 16, _FOOT_CHIP - 64)
        if bonded and number not in missing:
            bonds.append((top, bottom))
    canvas.shade([((x0 + 12, y0 + 8), (x1 + 12, y1 + 8)) for (x0, y0), (x1, y1) in bonds], (8, 14, 12), 9, 5)
    for (x0, y0), (x1, y1) in bonds:
        canvas.line([(x0, y0), (x1, y1)], (150, 152, 156), 10)
        canvas.line([(x0 - 1, y0), (x1 - 1, y1)], (206, 208, 212), 5)
        canvas.line([(x0 - 2, y0 + 30), (x1 - 2, y1 - 60)], (252, 252, 250), 2)
        for x, y in ((x0, y0), (x1, y1)):
            canvas.ellipse((x - 9, y - 20, x + 9, y + 20), (196, 198, 202))
            canvas.ellipse((x - 4, y - 14, x + 2, y + 8), (240, 240, 240))


def _is_strip(subject: Subject) -> bool:
    return subject.serial.startswith("20US")


def _ground(canvas: Canvas, subject: Subject, bonded: bool) -> None:
    """Draw what the pads are on: above, in the gap, and below."""
    dice = subject.rng
    if not bonded:
        canvas.rectangle((0, 0, WIDTH, HEIGHT), vary(MASK, 6))
        traces(canvas, subject, (0, 760, WIDTH, HEIGHT))
        for x in range(-40, WIDTH + 40, 40):
            canvas.line([(x + 30, 0), (x + 30, 280)], vary(MASK, 18), 12)
        return
    if _is_strip(subject):
        canvas.rectangle((0, 0, WIDTH, 470), SILICON)
        for y in range(0, 240, 12):
            canvas.line([(0, y), (WIDTH, y)], vary(SILICON, dice.randrange(-14, 16)), 6)
        canvas.rectangle((0, 464, WIDTH, 474), (128, 130, 138))
        canvas.rectangle((0, 474, WIDTH, HEIGHT), _STRIP_SENSOR)
        for x in range(_FIRST, WIDTH, 30):  # strips lie 75.5 µm apart
            canvas.rectangle((x - 3, 740, x + 4, HEIGHT), vary(_STRIP_SENSOR, 26 + dice.randrange(-3, 4)))
        return
    canvas.rectangle((0, 0, WIDTH, 470), vary(MASK, 6))
    for x in range(-40, WIDTH + 40, 34):
        canvas.line([(x + 17, 0), (x + 17, 250)], vary(MASK, 18), 12)
    canvas.rectangle((0, 470, WIDTH, 560), (30, 30, 34))
    canvas.rectangle((0, 560, WIDTH, HEIGHT), SILICON)
    for y in range(800, HEIGHT, 20):
        for x in range(0, WIDTH, 20):
            canvas.rectangle((x + 1, y + 1, x + 18, y + 18), vary(SILICON, 12), vary(SILICON, -18))
            canvas.ellipse((x + 6, y + 6, x + 13, y + 13), vary(SILICON, 34 + dice.randrange(-6, 7)))
    canvas.rectangle((0, 556, WIDTH, 566), (128, 130, 138))


def sensor_corner(canvas: Canvas, subject: Subject) -> float:
    """Draw the corner of a sensor: guard rings, a fiducial, and pixels or strips; return units per µm."""
    dice, strips = subject.rng, subject.kind == "Sensor" or _is_strip(subject)
    canvas.rectangle((0, 0, WIDTH, HEIGHT), (28, 28, 32))
    canvas.rectangle((160, 140, WIDTH, HEIGHT), (96, 84, 124))
    for ring in range(9):
        inset = 24 + ring * 26
        colour = vary((196, 186, 158), -ring * 5)
        canvas.arc((160 + inset, 140 + inset, 260 + inset, 240 + inset), 180, 270, colour, 10)
        canvas.line([(210 + inset, 145 + inset), (WIDTH, 145 + inset)], colour, 10)
        canvas.line([(165 + inset, 190 + inset), (165 + inset, HEIGHT)], colour, 10)
    implant = (122, 112, 150)
    if strips:
        for x in range(470, WIDTH, 46):
            canvas.rectangle((x, 520, x + 15, HEIGHT), vary(implant, dice.randrange(-4, 5)))
            canvas.rectangle((x - 3, 520, x + 18, 600), vary(SILVER, dice.randrange(-26, -8)))
            canvas.line([(x + 8, 452), (x + 8, 520)], (150, 120, 96), 4)
    else:
        for y in range(450, HEIGHT, 46):
            for x in range(470, WIDTH, 46):
                canvas.rounded((x, y, x + 37, y + 37), 6, vary(implant, dice.randrange(-4, 5)))
                canvas.ellipse((x + 12, y + 12, x + 25, y + 25), vary(SILVER, dice.randrange(-20, 0)))
    canvas.rectangle((420, 418, 452, 426), GOLD)
    canvas.rectangle((432, 406, 440, 438), GOLD)
    # Pixels lie 50 µm apart, strips 75.5 µm.
    return 46 / 75.5 if strips else 46 / 50


def wirebonds(subject: Subject) -> bytes:
    """Return a row of wire bonds between the pads of a chip and those of the flex."""
    return jpeg(bonds_canvas(subject, 1.0))


def bonds_canvas(subject: Subject, scale: float) -> Canvas:
    canvas = Canvas(MASK, scale)
    bond_field(canvas, subject)
    expose(canvas, subject, 7.0)
    _imprint(canvas, f"{subject.serial}  {_field_name(subject)}")
    scale_bar(canvas, "500 µm", 500 * _UNITS_PER_MICRON)
    return canvas


def corner(subject: Subject) -> bytes:
    """Return the corner of a sensor."""
    canvas = Canvas((28, 28, 32))
    per_micron = sensor_corner(canvas, subject)
    expose(canvas, subject, 5.0)
    _imprint(canvas, subject.serial)
    scale_bar(canvas, "200 µm", 200 * per_micron)
    return jpeg(canvas)


def _field_name(subject: Subject) -> str:
    return "front-end row 1" if _is_strip(subject) else "FE1"


def _imprint(canvas: Canvas, text: str) -> None:
    """Write what the microscope's software writes below a picture."""
    canvas.rectangle((0, HEIGHT - 58, 40 + 16 * len(text), HEIGHT), (12, 12, 14))
    canvas.text((20, HEIGHT - 29), text, 26, (232, 232, 236), "lm")


# Defects. Each draws on the scene and returns centre and radius of the marker.

Marker = tuple[float, float, float]


def _blot(centre: Point, radius: float, dice: random.Random, points: int = 26) -> list[Point]:
    """Return an outline that wavers around a circle."""
    wave, turn = dice.uniform(2, 5), dice.uniform(0, math.tau)
    outline = []
    for step in range(points):
        angle = math.tau * step / points
        reach = radius * (1 + 0.16 * math.sin(wave * angle + turn) + dice.uniform(-0.09, 0.09))
        outline.append((centre[0] + reach * math.cos(angle), centre[1] + reach * math.sin(angle)))
    return outline


def _scratch(canvas: Canvas, dice: random.Random, size: float) -> Marker:
    """Draw a scratch across pads and surface: bright metal with a dark edge and a few splinters."""
    x, y, tilt = 790.0, 665.0, dice.uniform(-0.25, 0.25)
    points = []
    for step in range(25):
        along = (step / 24 - 0.5) * size
        waver = dice.uniform(-2.5, 2.5) + 6 * math.sin(step / 5)
        points.append((x + along * math.cos(tilt), y + along * math.sin(tilt) + waver))
    canvas.line([(a, b + 3) for a, b in points], (30, 30, 36), 5)
    canvas.line(points, (224, 224, 230), 3)
    for a, b in points[::3]:
        reach = dice.uniform(4, 12)
        canvas.line([(a, b), (a + reach, b + dice.choice((-1, 1)) * reach)], (170, 170, 178), 1)
    return x, y, size / 2 + 24


def _particle(canvas: Canvas, dice: random.Random, size: float) -> Marker:
    """Draw a grain of dust with its shadow."""
    x, y = _FIRST + _PITCH * _DEFECT_AT + 22.0, 712.0
    canvas.spot(_blot((x + 7, y + 8), size / 2, dice), (6, 6, 8), 170, 5)
    outline = _blot((x, y), size / 2, dice, 14)
    canvas.polygon(outline, (92, 66, 44), (58, 40, 28))
    canvas.polygon([(x + (a - x) * 0.5 - 3, y + (b - y) * 0.5 - 3) for a, b in outline], (150, 118, 84))
    return x, y, size / 2 + 30


def _glue(canvas: Canvas, dice: random.Random, size: float) -> Marker:
    """Draw glue that has come up from under the chip's edge over the pads."""
    x, reach = 800.0, size
    rim = [(x + step * 20 - 200, 566 + reach * math.exp(-(((step - 10) / 5) ** 2))) for step in range(21)]
    rim = [(a, b + dice.uniform(-4, 4)) for a, b in rim]
    body = [*rim, (x + 200, 556), (x - 200, 556)]
    canvas.spot(body, (214, 188, 120), 150, 4)
    canvas.line(rim[4:-4], (250, 240, 205), 3)
    canvas.spot(_blot((x - 40, 566 + reach * 0.45), reach * 0.18, dice), WHITE, 130, 6)
    return x, 566 + reach / 2, max(150.0, reach)


def _bond_marker(canvas: Canvas, dice: random.Random, size: float) -> Marker:
    del canvas, dice, size
    x = float(_FIRST + _PITCH * _DEFECT_AT)
    return x, 640, 86


def _chip_off(canvas: Canvas, dice: random.Random, size: float) -> Marker:
    """Break a piece out of the sensor's edge."""
    y = 640.0
    outline: list[Point] = [(150, y - size / 2)]
    for step in range(1, 12):
        depth = size * 0.42 * math.sin(math.pi * step / 12) * dice.uniform(0.75, 1.15)
        outline.append((160 + depth, y - size / 2 + size * step / 12))
    outline.append((150, y + size / 2))
    canvas.polygon(outline, (30, 30, 34))
    canvas.line(outline[1:-1], (206, 204, 214), 4)
    canvas.line([(a + 9, b) for a, b in outline[2:-2]], (150, 142, 172), 3)
    return 175, y, size / 2 + 36


def _surface_scratch(canvas: Canvas, dice: random.Random, size: float) -> Marker:
    marker = _scratch(canvas, dice, size)
    canvas.spot(_blot((marker[0], marker[1] + 5), 20, dice), (220, 216, 230), 60, 12)
    return marker


_ON_BONDS: dict[str, Callable[[Canvas, random.Random, float], Marker]] = {
    "SCRATCH": _scratch,
    "PARTICLE": _particle,
    "LIFTED_BOND": _bond_marker,
    "MISSING_BOND": _bond_marker,
    "UNBONDED": _bond_marker,
    "GLUE_OVERFLOW": _glue,
}
_ON_SENSOR: dict[str, Callable[[Canvas, random.Random, float], Marker]] = {
    "SCRATCH": _surface_scratch,
    "PARTICLE": _particle,
    "CHIPPED_EDGE": _chip_off,
}


def defect(subject: Subject) -> bytes:
    """Return the photograph of the subject's defect, with a ring around it and its size in a caption."""
    found = subject.defect or {}
    kind, size = found["name"], found["properties"].get("size", 100)
    on_sensor = kind == "CHIPPED_EDGE" or subject.kind in ("Sensor", "Bare module")
    canvas = Canvas(MASK)
    if on_sensor:
        per_micron = sensor_corner(canvas, subject)
        x, y, radius = _ON_SENSOR[kind](canvas, subject.rng, size * per_micron)
        bar = 200
    else:
        per_micron, bar = _UNITS_PER_MICRON, 500
        missing = (_DEFECT_AT,) if kind in ("MISSING_BOND", "UNBONDED") else ()
        lifted = _DEFECT_AT if kind == "LIFTED_BOND" else -1
        bond_field(canvas, subject, missing, lifted, subject.kind not in _BARE_BOARDS)
        x, y, radius = _ON_BONDS[kind](canvas, subject.rng, size * per_micron)
    expose(canvas, subject, 5.0)
    canvas.ellipse((x - radius, y - radius, x + radius, y + radius), outline=_MARK, width=5)
    end = (x + radius * 0.72, y - radius * 0.72)
    canvas.line([end, (end[0] + 70, end[1] - 70), (end[0] + 110, end[1] - 70)], _MARK, 4)
    name = kind.replace("_", " ").lower()
    canvas.rectangle((end[0] + 110, end[1] - 94, end[0] + 130 + 18.1 * len(name), end[1] - 46), (12, 12, 14))
    canvas.text((end[0] + 120, end[1] - 70), name, 30, _MARK, "lm")
    canvas.rectangle((0, 0, WIDTH, 64), (12, 12, 14))
    canvas.text((20, 32), _fitting(str(found["description"])), 28, (240, 240, 244), "lm")
    _imprint(canvas, subject.serial)
    scale_bar(canvas, f"{bar} µm", bar * per_micron)
    return jpeg(canvas)


def _fitting(text: str, most: int = 92) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
