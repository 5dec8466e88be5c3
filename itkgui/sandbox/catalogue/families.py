"""Makes the skeletons, one family at a time: modules with all that was built into them, and loose parts."""

from __future__ import annotations

import random
from collections.abc import Callable

from itkgui.sandbox.catalogue.definitions import Definitions
from itkgui.sandbox.catalogue.parts import Part
from itkgui.sandbox.catalogue.pixel_families import PixelFamilies
from itkgui.sandbox.catalogue.strip_families import StripFamilies
from itkgui.sandbox.catalogue.workshop import SHOWCASE_FAMILIES, Workshop
from itkgui.sandbox.dates import DAY, HOUR, MINUTE, moment

__all__ = ["END", "NEWEST", "SHOWCASE_FAMILIES", "FamilyBuilder", "showcase"]

# The newest module is registered here; nothing in the catalogue happens after END.
NEWEST = moment(2025, 8, 20)
END = moment(2025, 12, 15)
_SPAN = 1700 * DAY
_HALF_SPAN_FAMILIES = 600
# Its first ten lines make the showcase; what came later stands at the end, so that serial numbers stay.
_PATTERN = (
    "quad",
    "long",
    "quad",
    "short",
    "quad",
    "loose pixels",
    "quad",
    "long",
    "quad",
    "loose strips",
    "end-cap",
    "inner quad",
    "common",
    "triplet",
    "quad",
    "stave",
    "short",
    "loose pixels",
    "quad",
    "loose strips",
)

_SHOWCASE = (
    ("20UPGM23800001", "pixel quad module, attachments of every kind"),
    ("20USBML0000001", "long-strip module"),
    ("20USBMS0000001", "short-strip module"),
    ("20UPGPQ4200004", "PCB with a picture and an archive that are neither"),
)
_FURTHER = (
    ("20USEM00000001", "end-cap module R0"),
    ("20UPIM13100007", "quad module of layer 1, with a sensor of 100 µm"),
    ("20UPIMS3300001", "triplet of layer 0, with 3D sensors"),
    ("20USBST0000001", "stave with its first four modules"),
    ("20UCMCF0000001", "carbon foam"),
)


def showcase() -> str:
    """Return the parts to begin with, one per line."""
    lines = [f"  {serial}  {text}" for serial, text in _SHOWCASE]
    lines += ["and, from 300 components on:", *(f"  {serial}  {text}" for serial, text in _FURTHER)]
    return "\n".join(lines)


class FamilyBuilder:
    """Adds families until there are enough parts; family number n is the same for every total."""

    def __init__(self, seed: int, definitions: Definitions) -> None:
        self._seed = seed
        self._shop = Workshop(definitions)
        pixels, strips = PixelFamilies(self._shop), StripFamilies(self._shop)
        self._makers: dict[str, Callable[[], object]] = {
            "quad": pixels.quad_module,
            "inner quad": lambda: pixels.quad_module(inner=True),
            "triplet": pixels.triplet_module,
            "long": lambda: strips.strip_module(long_strips=True),
            "short": lambda: strips.strip_module(long_strips=False),
            "end-cap": strips.end_cap_modules,
            "stave": strips.stave,
            "common": strips.common_parts,
            "loose pixels": pixels.loose_pixels,
            "loose strips": strips.loose_strips,
        }

    def build(self, count: int) -> list[Part]:
        family = 0
        while len(self._shop.parts) < count:
            rng = random.Random(f"{self._seed}/family/{family}")
            day = NEWEST - _SPAN * family // (family + _HALF_SPAN_FAMILIES)
            self._shop.begin(family, day + 9 * HOUR + rng.randrange(8 * 60) * MINUTE, rng)
            self._makers[_PATTERN[family % len(_PATTERN)]]()
            family += 1
        return self._shop.parts
