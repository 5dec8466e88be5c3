"""Generated photographs of parcels as they arrive."""

from __future__ import annotations

from itkgui.sandbox.samples.drawing import WHITE, Canvas, expose, jpeg, vary
from itkgui.sandbox.samples.subject import Subject

_FLOOR, _CARD, _TAPE, _INK = (96, 98, 100), (176, 136, 92), (206, 186, 140), (28, 28, 32)
_RED, _ORANGE = (190, 34, 30), (226, 120, 30)


def parcel(subject: Subject) -> bytes:
    """Return a box from above with its label and a shock watch, which is red if the box was dropped."""
    canvas, dice = Canvas(_FLOOR), subject.rng
    box = (260, 190, 1340, 1010)
    canvas.shadow(box)
    canvas.rectangle(box, _CARD, vary(_CARD, -30), 4)
    for y in range(200, 1010, 18):  # the flutes of the card show through
        canvas.line([(264, y), (1336, y)], vary(_CARD, dice.choice((-5, 4))), 3)
    canvas.line([(260, 600), (1340, 600)], vary(_CARD, -60), 5)
    canvas.rectangle((260, 556, 1340, 644), _TAPE)
    for _ in range(dice.randint(2, 7)):  # scuffs of the journey
        left, top = dice.uniform(300, 1250), dice.uniform(230, 960)
        end = (left + dice.uniform(20, 90), top + dice.uniform(-12, 12))
        canvas.line([(left, top), end], vary(_CARD, -24), 3)
    _label(canvas, subject)
    _shock_watch(canvas, dropped=not subject.passed)
    canvas.rectangle((1010, 760, 1270, 850), _ORANGE)
    canvas.text((1140, 805), "FRAGILE", 50, WHITE, anchor="mm")
    return jpeg(expose(canvas, subject, 9.0))


def _label(canvas: Canvas, subject: Subject) -> None:
    canvas.rectangle((340, 260, 900, 540), (238, 238, 234), (150, 150, 148), 2)
    canvas.text((366, 284), "TO", 26, _INK)
    canvas.text((366, 318), subject.place, 48, _INK)
    canvas.text((366, 388), subject.stage, 26, _INK)
    canvas.text((366, 424), f"{len(subject.items)} item{'' if len(subject.items) == 1 else 's'}", 26, _INK)
    x = 366.0
    while x < 860:  # a bar code
        width = subject.rng.choice((3, 3, 5, 8))
        canvas.rectangle((x, 464, x + width, 526), _INK)
        x += width + subject.rng.choice((4, 6, 9))


def _shock_watch(canvas: Canvas, *, dropped: bool) -> None:
    canvas.rectangle((1010, 270, 1270, 480), (240, 238, 230), _RED, 8)
    canvas.text((1140, 306), "SHOCK 50 g", 30, _RED, anchor="mm")
    canvas.rounded((1060, 340, 1220, 396), 28, _RED if dropped else (250, 250, 248), (90, 90, 90), 4)
    canvas.text((1140, 440), "red: it was dropped", 20, _INK, anchor="mm")
