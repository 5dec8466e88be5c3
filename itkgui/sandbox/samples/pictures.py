"""Generated photographs of modules and boards from above."""

from __future__ import annotations

from itkgui.sandbox.samples.drawing import (
    GOLD,
    MASK,
    Box,
    Canvas,
    Point,
    chip_surface,
    connector,
    expose,
    jpeg,
    passives,
    scale_bar,
    traces,
    vary,
)
from itkgui.sandbox.samples.subject import Subject

_TABLE = (38, 40, 44)
_WIRE = (216, 218, 222)
_SENSOR = (88, 84, 112)
_WEDGE = 100


def pixel_module(subject: Subject) -> bytes:
    """Return a pixel module from above."""
    return jpeg(pixel_module_canvas(subject, 1.0))


def pixel_module_canvas(subject: Subject, scale: float) -> Canvas:
    """Draw a quad (40 × 41 mm) or a triplet (64 × 20 mm): a flex with its parts, glued onto the chips."""
    canvas = Canvas(_TABLE, scale)
    triplet = "TRIPLET" in subject.variant
    columns, rows = (3, 1) if triplet else (2, 2)
    per_mm = 22.0 if triplet else 23.5
    width, height = (20.6 * columns * per_mm, 20.0 * rows * per_mm)
    left, top = 800 - width / 2, 580 - height / 2
    right, bottom = left + width, top + height
    canvas.shadow((left - 26, top - 10, right + 26, bottom + 10))
    for row in range(rows):
        for column in range(columns):
            x0, y0 = left - 26 + column * (width + 52) / columns, top + row * height / rows
            canvas_end = (x0 + (width + 52) / columns - 6, y0 + height / rows - 6)
            chip_surface(canvas, (x0, y0, *canvas_end))
    canvas.rounded((left + 24, top - 4, right - 24, bottom + 4), 10, MASK)
    traces(canvas, subject, (left + 60, top + 30, right - 60, bottom - 30))
    _side_bonds(canvas, subject, (left, top, right, bottom))
    middle = (left + right) / 2
    power, data = (middle - 160, top + 40, middle + 160, top + 104), (middle - 80, top + 0.47 * height)
    plug = (*data, data[0] + 160, data[1] + 80)
    connector(canvas, power)
    connector(canvas, plug)
    name = (left + 100, bottom - 70, left + 360, bottom - 20)
    passives(canvas, subject, 130, (left + 90, top + 60, right - 130, bottom - 80), (power, plug, name))
    canvas.text((left + 110, bottom - 62), subject.serial, 26, (226, 232, 226))
    expose(canvas, subject, 8.0)
    scale_bar(canvas, "10 mm", 10 * per_mm)
    return canvas


def _side_bonds(canvas: Canvas, subject: Subject, box: Box) -> None:
    left, top, right, bottom = box
    dice = subject.rng
    for side, sign in ((left + 30, -1), (right - 30, 1)):
        for step in range(int((bottom - top - 40) / 11)):
            y = top + 20 + 11 * step
            pad = side if sign < 0 else side - 16
            canvas.rectangle((pad, y, pad + 16, y + 5), vary(GOLD, dice.randrange(-14, 14)))
            end = (side + sign * dice.randint(38, 46), y + 2 + dice.choice((0, 1)))
            canvas.line([(side, y + 2), end], (214, 216, 220), 2)


def strip_module(subject: Subject) -> bytes:
    """Return a strip module from above."""
    return jpeg(strip_module_canvas(subject, 1.0))


def strip_module_canvas(subject: Subject, scale: float) -> Canvas:
    """Draw a strip module (98 × 98 mm): the sensor, a hybrid or two with their chips, and the powerboard."""
    dice = subject.rng
    canvas = Canvas((44, 46, 50), scale)
    left, top, right, bottom = 300, 100, 1300, 1100
    # End-cap sensors are wedges with strips that fan out.
    wedge = _WEDGE if subject.serial.startswith("20USE") else 0
    outline: list[Point] = [(left + wedge, top), (right - wedge, top), (right, bottom), (left, bottom)]
    canvas.spot([(x + 16, y + 16) for x, y in outline], (10, 10, 12), 190, 22)
    canvas.polygon(outline, _SENSOR)
    for x in range(left + 14, right - 14, 5):
        upper = 800 + (x - 800) * (1 - wedge / 500)
        canvas.line([(upper, top + 14), (x, bottom - 14)], vary(_SENSOR, 8 + dice.randrange(5)))
    short = subject.variant == "BARREL_SS_MODULE"
    for y in (top + 250, top + 500, top + 750) if short else (top + 500,):
        canvas.line([(left + wedge / 2, y), (right - wedge / 2, y)], (60, 56, 78), 6)
    inner = [(800 + (x - 800) * 0.988, 600 + (y - 600) * 0.988) for x, y in outline]
    canvas.line([*inner, inner[0]], (176, 170, 150), 4)
    for y in (280,) if subject.variant == "BARREL_LS_MODULE" else (280, 760):
        inset = wedge * (bottom - y) / (bottom - top)
        _strip_hybrid(canvas, subject, (left - 30 + inset, y, right + 30 - inset, y + 170))
    board_top = 520
    canvas.rounded(
        (left + 20 + wedge / 2, board_top, right - 120 - wedge / 2, board_top + 150), 8, (34, 92, 66)
    )
    canvas.rounded((left + 140, board_top + 22, left + 350, board_top + 128), 6, (190, 192, 194))
    canvas.rectangle((left + 160, board_top + 42, left + 330, board_top + 108), (204, 206, 208))
    passives(canvas, subject, 70, (left + 380, board_top + 14, right - 240, board_top + 120))
    canvas.text((left + 20, bottom - 52), subject.serial, 26, (226, 226, 232))
    expose(canvas, subject, 7.0)
    scale_bar(canvas, "10 mm", 102.4)
    return canvas


def _strip_hybrid(canvas: Canvas, subject: Subject, box: Box) -> None:
    left, top, right, bottom = box
    copper = (150, 98, 44)
    canvas.rounded(box, 8, copper)
    traces(canvas, subject, (left + 20, top + 12, right - 20, top + 80), copper)
    for chip in range(int((right - left - 100) / 96)):
        x = left + 60 + chip * 96
        chip_surface(canvas, (x, top + 84, x + 78, bottom - 8))
        for bond in range(19):
            canvas.line([(x + 2 + 4 * bond, bottom - 10), (x + 2 + 4 * bond, bottom + 26)], _WIRE)
        for bond in range(9):
            pad = x + 6 + 8 * bond
            canvas.rectangle((pad, top + 62, pad + 4, top + 70), GOLD)
            canvas.line([(pad + 2, top + 66), (pad + 2, top + 88)], _WIRE)
    passives(canvas, subject, 60, (left + 60, top + 12, right - 90, top + 34))


def board(subject: Subject) -> bytes:
    """Return a populated board from above; a hybrid has its chips."""
    dice = subject.rng
    hybrid = subject.kind.startswith("Hybrid")
    canvas = Canvas((52, 54, 58))
    # A hybrid is 98 mm long and narrow, a module's PCB nearly square.
    box = (180, 340, 1420, 860) if hybrid else (360, 150, 1240, 1040)
    left, top, right, bottom = box
    canvas.shadow(box)
    canvas.rounded(box, 24, MASK)
    traces(canvas, subject, (left + 50, top + 50, right - 50, bottom - 50))
    for step in range(int((right - left - 140) / 24)):
        x = left + 80 + 24 * step
        for y in (top + 30, bottom - 42):
            canvas.rectangle((x, y, x + 13, y + 20), vary(GOLD, dice.randrange(-14, 12)))
    free: list[Box] = [(left + 380, bottom - 90, left + 640, bottom - 40)]
    if hybrid:
        for chip in range(10):
            x = left + 70 + chip * 111
            canvas.rectangle((x, top + 190, x + 92, top + 300), (34, 36, 42))
            chip_surface(canvas, (x + 5, top + 195, x + 87, top + 295))
            for step in range(10):
                pad = x + 8 + 8 * step
                canvas.line([(pad, top + 298), (pad, top + 338)], _WIRE, 2)
                canvas.rectangle((pad - 2, top + 336, pad + 2, top + 346), GOLD)
            free.append((x, top + 190, x + 92, top + 350))
    plug = (left + (right - left) * 0.36, top + 66, left + (right - left) * 0.64, top + 130)
    connector(canvas, plug)
    free.append(plug)
    passives(canvas, subject, 150, (left + 70, top + 150, right - 90, bottom - 110), tuple(free))
    for x in (left + 35, right - 35):
        for y in (top + 35, bottom - 35):
            canvas.ellipse((x - 16, y - 16, x + 16, y + 16), GOLD)
            canvas.ellipse((x - 9, y - 9, x + 9, y + 9), (30, 32, 34))
    canvas.text((left + 390, bottom - 84), subject.serial, 24, (224, 230, 224))
    expose(canvas, subject, 7.0)
    scale_bar(canvas, "10 mm", (right - left) / (98 if hybrid else 39.6) * 10)
    return jpeg(canvas)
