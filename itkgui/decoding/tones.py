"""Values of a picture as shades: black at one value, white at another, and what lies between."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

_NUMBERS = frozenset(("I", "I;16", "F"))
_DARKEST, _BRIGHTEST = 0.5, 99.5  # per cent of the values that a usual window takes in


@dataclass(frozen=True)
class Tone:
    """The values of the file that are shown black and white; of colours, the same for each."""

    low: float
    high: float


BYTES = Tone(0.0, 255.0)  # as they are


def is_of_numbers(image: Image.Image) -> bool:
    """Tell whether a picture has one number for each pixel that is no shade yet."""
    return image.mode in _NUMBERS


def usual_tone(image: Image.Image) -> Tone:
    """Return the window in which a picture is shown at first."""
    if not is_of_numbers(image):
        return BYTES
    values = np.asarray(image)
    values = values[np.isfinite(values)]
    if not values.size:
        return Tone(0.0, 1.0)
    low, high = np.percentile(values, (_DARKEST, _BRIGHTEST))
    return Tone(float(low), float(high) if high > low else float(low) + 1.0)


def shaded(image: Image.Image, tone: Tone) -> Image.Image:
    """Return a picture with its values as shades of a window; what is transparent stays so."""
    span = max(tone.high - tone.low, float(np.finfo(np.float32).tiny))
    if is_of_numbers(image):
        values = np.asarray(image, np.float32)
        with np.errstate(all="ignore"):  # of endless values
            shades = np.nan_to_num((values - np.float32(tone.low)) * np.float32(255 / span), posinf=255.0)
        return Image.fromarray(shades.clip(0, 255).astype(np.uint8))
    if tone == BYTES:
        return image
    if image.mode not in ("L", "RGB", "RGBA"):
        image = image.convert("RGB")
    curve = ((np.arange(256) - tone.low) * (255 / span)).round().clip(0, 255).astype(int).tolist()
    bands = len(image.getbands())
    return image.point(curve * 3 + list(range(256)) if bands == 4 else curve * bands)
