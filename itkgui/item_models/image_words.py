"""What is said of a picture: its facts, a distance in it, the values of a pixel."""

from __future__ import annotations

import math
from collections.abc import Sequence

from itkgui.decoding.image import LoadedImage
from itkgui.decoding.tones import Tone
from itkgui.item_models.plain_text import shown_text
from itkgui.language import N_, _, ngettext

Scale = tuple[float, float]  # µm of a pixel, across and down

_BAND_NAMES = {"L": N_("value")}


def image_facts(
    loaded: LoadedImage, zoom: float, *, page: int = 0, scale: Scale | None = None, remark: str = ""
) -> str:
    """Return the facts of a picture in a line; ``zoom`` is the screen's pixels for each of the picture's."""
    facts = loaded.facts
    width, height = loaded.full_width, loaded.full_height
    parts = [
        _("{width} × {height} pixels").format(width=width, height=height),
        f"{zoom:.0%}" if zoom >= 0.01 else f"{zoom:.1%}",
    ]
    parts.append(", ".join(filter(None, (facts.format, facts.depth))))
    if facts.is_animated:
        if loaded.can_play:
            frames = ngettext("{count:,} frame", "{count:,} frames", facts.pages)
        else:
            frames = ngettext(
                "{count:,} frame, too large to be played",
                "{count:,} frames, too large to be played",
                facts.pages,
            )
        parts.append(frames.format(count=facts.pages))
    elif facts.pages > 1:
        parts.append(_("page {page} of {pages}").format(page=page + 1, pages=facts.pages))
    if scale is not None:
        parts.append(f"{micrometres(width * scale[0])} × {micrometres(height * scale[1])}")
    parts += [facts.date, facts.camera, facts.remark, remark]
    return shown_text("  ·  ".join(part for part in parts if part))


def micrometres(length: float) -> str:
    """Return a length [µm] with three digits that count, in nm, µm, mm or m."""
    for factor, unit in ((1e6, "m"), (1e3, "mm"), (1.0, "µm")):
        if length >= factor:
            return f"{_three_digits(length / factor)} {unit}"
    return f"{_three_digits(length * 1e3)} nm"


def distance_words(across: float, down: float, scale: Scale | None) -> str:
    """Return a distance in pixels, and in the object if the scale is known."""
    words = _("{length:,.1f} pixels").format(length=math.hypot(across, down))
    if scale is None:
        return words
    return f"{words} = {micrometres(math.hypot(across * scale[0], down * scale[1]))}"


def pixel_words(x: int, y: int, values: Sequence[tuple[str, float]]) -> str:
    """Return where a pixel is and what the file holds there."""
    named = "  ".join(f"{_band_name(band)} {value_words(value)}" for band, value in values)
    return f"x {x}  y {y}" + (f"  ·  {named}" if named else "")


def _band_name(band: str) -> str:
    return _(_BAND_NAMES[band]) if band in _BAND_NAMES else band


def value_words(value: float) -> str:
    """Return a value of a pixel: whole numbers as they are, others with six digits."""
    return f"{value:.0f}" if abs(value) < 1e15 and float(value).is_integer() else f"{value:.6g}"


def adjusted(usual: Tone, brightness: float, contrast: float) -> Tone:
    """Return the window after two sliders from -1 to 1; at 0 both, it is the usual one.

    Full contrast is a quarter of the window, full brightness moves it by its width.
    """
    span = usual.high - usual.low
    middle = (usual.high + usual.low) / 2 - brightness * span
    half = span / 2 * 4.0**-contrast
    return Tone(middle - half, middle + half)


def _three_digits(value: float) -> str:
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"
