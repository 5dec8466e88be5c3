"""What is known of a picture beside its pixels: format, depth, date, camera, and how large a pixel is."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from PIL import Image

from itkgui.decoding.image_files import DAMAGED, OpenedImage, notes_of
from itkgui.language import N_, _

_FORMATS = {"MPO": "JPEG", "JPEG2000": "JPEG 2000", "HEIF": "HEIC", "WEBP": "WebP"}
_ANIMATED = ("GIF", "WEBP")
_COLOURS = {
    "1": N_("{bits}-bit black and white"),
    "L": N_("{bits}-bit grey"),
    "LA": N_("{bits}-bit grey with alpha"),
    "P": N_("{bits}-bit palette"),
    "PA": N_("{bits}-bit palette"),
    "RGBA": N_("{bits}-bit RGB with alpha"),
    "RGBX": N_("{bits}-bit RGB"),
    "RGB": N_("{bits}-bit RGB"),
    "F": N_("{bits}-bit floating point"),
    "YCbCr": N_("{bits}-bit colour"),
    **dict.fromkeys(("I", "I;16", "I;16B", "I;16L"), N_("{bits}-bit grey")),
}
_BITS = {"1": 1, "F": 32, "I": 32, "I;16": 16, "I;16B": 16, "I;16L": 16}
_BITS_TAG, _DESCRIPTION, _MAKER, _CAMERA, _CHANGED = 258, 270, 271, 272, 306
_RESOLUTION_X, _RESOLUTION_Y, _UNIT = 282, 283, 296
_EXIF, _TAKEN = 0x8769, 36867
_MICROMETRES = {2: 25_400.0, 3: 10_000.0}  # in a unit of the resolution: inch, centimetre
_PER_INCH = 25_400.0
# What programs write who do not know: a screen's.
_MEANINGLESS = (1.0, 72.0, 96.0)  # pixels per inch
_IMAGEJ_UNIT = re.compile(r"^unit=(.*)$", re.MULTILINE)
_OME_SIZE = re.compile(r'PhysicalSize([XY])="([\d.eE+-]+)"')
_OME_UNIT = re.compile(r'PhysicalSize[XY]Unit="([^"]+)"')
_UNITS = {"nm": 1e-3, "µm": 1.0, "μm": 1.0, "um": 1.0, "micron": 1.0, "\\u00B5m": 1.0, "mm": 1e3, "cm": 1e4}
_NO_YEARS = ("0000", "1970")  # of clocks that were never set
_LONGEST = 60  # characters of a camera's name


@dataclass(frozen=True)
class ImageFacts:
    """Facts in words; ``micrometres`` is the size of a pixel in the object, None if it is not known.

    ``damage`` is the end of a sentence, and empty if the decoder saw none.
    """

    format: str = ""
    depth: str = ""
    pages: int = 1
    is_animated: bool = False
    date: str = ""
    camera: str = ""
    micrometres: tuple[float, float] | None = None
    remark: str = ""
    damage: str = ""
    can_be_developed: bool = False


def facts_of(opened: OpenedImage, *, is_raw: bool = False) -> ImageFacts:
    """Return what an opened picture tells of itself; damaged notes are left out."""
    image = opened.image
    try:
        date, camera, micrometres = _notes(image)
    except DAMAGED:
        date, camera, micrometres = "", "", None
    return ImageFacts(
        format="RAW" if is_raw else _FORMATS.get(image.format or "", image.format or ""),
        depth=_depth(image),
        pages=opened.pages,
        is_animated=opened.pages > 1 and image.format in _ANIMATED,
        date=date,
        camera=camera,
        micrometres=None if is_raw else micrometres,
        remark=opened.remark,
    )


def _depth(image: Image.Image) -> str:
    bits = _BITS.get(image.mode, 8)
    words = _(_COLOURS[image.mode]) if image.mode in _COLOURS else f"{{bits}}-bit {image.mode}"
    tags = getattr(image, "tag_v2", {})
    stored: tuple[int, ...] = tags.get(_BITS_TAG) or (bits,)
    # Of colours with 16 bits Pillow keeps the upper half, and tells it only in how it decodes them.
    if bits == 8 and (
        ";16" in str(getattr(image, "tile", "")) or (isinstance(stored, tuple) and max(stored) == 16)
    ):
        return _("{depth}, the upper 8 read").format(depth=words.format(bits=16))
    if bits == 32 and isinstance(stored, tuple) and stored:
        bits = stored[0]
    return words.format(bits=bits)


def _notes(image: Image.Image) -> tuple[str, str, tuple[float, float] | None]:
    """Return date, camera and size of a pixel."""
    notes = notes_of(image)
    date = str(notes.get_ifd(_EXIF).get(_TAKEN) or notes.get(_CHANGED) or "").strip("\0 ")
    maker, camera = (str(notes.get(tag) or "").strip("\0 ") for tag in (_MAKER, _CAMERA))
    if maker and not camera.lower().startswith(maker.lower().split()[0]):
        camera = f"{maker} {camera}"
    # Pictures of a camera tell a resolution too, but it is none of the object.
    micrometres = None if camera else _pixel_size(image)
    return _date(date), camera.strip()[:_LONGEST], micrometres


def _date(text: str) -> str:
    """Return a date of EXIF as dates are written here; empty if it is none."""
    found = re.fullmatch(r"(\d{4}):(\d\d):(\d\d) (\d\d:\d\d)(?::\d\d)?", text)
    return "{}-{}-{} {}".format(*found.groups()) if found and found[1] not in _NO_YEARS else ""


def _pixel_size(image: Image.Image) -> tuple[float, float] | None:
    tags = getattr(image, "tag_v2", None)
    if tags is not None:
        described = str(tags.get(_DESCRIPTION, ""))
        if "PhysicalSize" in described:
            return _ome_size(described)
        per_unit = float(tags.get(_RESOLUTION_X, 0)), float(tags.get(_RESOLUTION_Y, 0))
        if described.startswith("ImageJ=") and (unit := _IMAGEJ_UNIT.search(described)):
            return _size(_UNITS.get(unit[1].strip(), 0.0), *per_unit)
        return _size(_MICROMETRES.get(tags.get(_UNIT, 2), 0.0), *per_unit)
    found = image.info.get("dpi")
    return _size(_PER_INCH, float(found[0]), float(found[1])) if found else None


def _ome_size(described: str) -> tuple[float, float] | None:
    sizes = {axis: float(value) for axis, value in _OME_SIZE.findall(described)}
    unit = _OME_UNIT.search(described)
    factor = _UNITS.get(unit[1], 0.0) if unit else 1.0
    x = sizes.get("X", 0.0) * factor
    return _plausible(x, sizes.get("Y", sizes.get("X", 0.0)) * factor)


def _size(unit: float, x: float, y: float) -> tuple[float, float] | None:
    """Return the size of a pixel in µm, by pixels in a unit of so many µm."""
    if not unit or not x > 0 or not y > 0 or round(x * _PER_INCH / unit, 1) in _MEANINGLESS:
        return None
    return _plausible(unit / x, unit / y)


def _plausible(x: float, y: float) -> tuple[float, float] | None:
    return (x, y) if all(math.isfinite(side) and 1e-4 < side < 1e5 for side in (x, y)) else None
