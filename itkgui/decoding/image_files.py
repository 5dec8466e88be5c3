"""Opens picture files of every kind, whole or damaged, and keeps the last one decoded in full."""

from __future__ import annotations

import contextlib
import importlib
import struct
import warnings
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import numpy as np
from PIL import Image, ImageFile, UnidentifiedImageError

from itkgui.client.files import BinaryFile
from itkgui.decoding.raw import RAW_TYPES, developed, embedded_preview
from itkgui.decoding.undecodable import Undecodable, reading
from itkgui.language import N_, _

MOST_PIXELS = 256_000_000
MOST_PIXELS_AT_ONCE = 64_000_000  # of 4 bytes each, decoded in full
MOST_PAGES = 10_000
_KEPT_BYTES = 200_000_000  # of the picture that stays decoded, for each process
# What is wrong with a picture that can be shown all the same.
CUT = N_("its end is missing")
CORRUPT = N_("its data is corrupt, so that a part of it may be missing or wrong")
_ENDS = {"image/jpeg": b"\xff\xd9", "image/png": b"IEND"}  # never in the data of the picture before
_TAIL = 4096  # bytes, in which they are looked for
_EMPTY = 0.998  # of a picture
_ORIENTATION = 274  # tag of a picture's notes
_HEIF_TYPES = frozenset(("image/heic", "image/heif"))
Image.MAX_IMAGE_PIXELS = None  # Pillow guards by a number of its own; _check_size knows the format too
# What Pillow raises for bytes that are no picture.
DAMAGED = (
    UnidentifiedImageError,
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    EOFError,
    AttributeError,
    AssertionError,
    ArithmeticError,
    RuntimeError,
    struct.error,
    zlib.error,
)
failed = partial(Undecodable, what="image")

T = TypeVar("T")


@dataclass(frozen=True)
class Picture:
    """One picture of a file: a page or frame; of a raw file its preview, or what the sensor saw."""

    file: BinaryFile
    page: int = 0
    is_developed: bool = False


@dataclass(frozen=True)
class OpenedImage:
    """A picture that is about to be decoded; ``size`` in pixels as stored, before it is turned."""

    image: Image.Image
    orientation: int
    size: tuple[int, int]
    pages: int = 1
    remark: str = ""

    @property
    def upright_size(self) -> tuple[int, int]:
        return (self.size[1], self.size[0]) if self.orientation > 4 else self.size

    def scaled(self, size: tuple[int, int]) -> Image.Image:
        """Decode all of it to a size as stored, which is no larger than its own."""
        # A JPEG is decoded at a half, a quarter or an eighth, which is as much faster.
        self.image.draft("RGB", size)
        image = in_usual_mode(self.image)
        return image if image.size == size else resized(image, size)


@dataclass(frozen=True)
class WholeImage:
    """A picture decoded in full, as stored; a huge JPEG at 1 / ``reduction`` of its size."""

    image: Image.Image
    orientation: int
    reduction: int


def read_image(picture: Picture, read: Callable[[OpenedImage], T]) -> tuple[T, str]:
    """Return what a function reads from an opened picture, and what is wrong with the file; empty if nothing.

    Of a damaged file, as much is decoded as there is. Raises Undecodable.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of damaged notes: the picture is what counts
        try:
            with opened_image(picture) as opened:
                return read(opened), ""
        except DAMAGED as error:
            first = error
        try:
            with _lenient():
                with opened_image(picture) as opened:
                    _check_content(opened.image)  # which reads it smaller than it is, and only once
                with opened_image(picture) as opened:
                    return read(opened), CUT if _is_cut(picture, first) else CORRUPT
        except DAMAGED as error:
            raise failed(f"{picture.file.name}: {first}") from error


def _is_cut(picture: Picture, error: Exception) -> bool:
    """Tell whether a file ends too early; what overwrites a part of it lets a decoder run out of data too."""
    if "truncated" not in str(error):
        return False
    end = _ENDS.get(picture.file.media_type)
    with reading("image"), picture.file.path.open("rb") as opened:
        opened.seek(max(0, opened.seek(0, 2) - _TAIL))
        return end is None or end not in opened.read()


def whole_image(picture: Picture) -> WholeImage:
    """Return a picture decoded in full; the last one stays for the next call. Raises Undecodable."""
    return _kept.get(picture)


def forget_others(picture: Picture) -> None:
    """Let go of a picture decoded in full that is not this one: it takes the memory that another needs."""
    _kept.forget_others(picture)


def resized(
    image: Image.Image, size: tuple[int, int], box: tuple[int, int, int, int] | None = None
) -> Image.Image:
    """Return what lies in a box of a decoded picture at a smaller size."""
    gap = None if image.mode == "I;16" else 2.0  # Pillow has no quick first step for these
    return image.resize(size, Image.Resampling.BILINEAR, box=box, reducing_gap=gap)


def notes_of(image: Image.Image) -> Image.Exif:
    """Return the EXIF of a picture, without decoding it. Raises one of ``DAMAGED``."""
    # Pillow decodes all of a PNG to look for notes behind its pixels.
    is_without = image.format == "PNG" and "exif" not in image.info
    return Image.Exif() if is_without else image.getexif()


def in_usual_mode(image: Image.Image) -> Image.Image:
    """Decode a picture, so that its values can be scaled: palettes as colours, numbers in this order."""
    image.load()
    if image.mode.startswith("I;16") and image.mode != "I;16":
        order = ">u2" if image.mode == "I;16B" else "<u2"
        values = np.frombuffer(image.tobytes(), order).reshape(image.height, image.width)
        return Image.fromarray(values.astype(np.uint16))
    if image.mode == "1":
        return image.convert("L")
    if image.mode in ("P", "PA") or (image.mode in ("L", "RGB") and image.has_transparency_data):
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    if image.mode == "LA":
        return image.convert("RGBA")
    return image


class _Kept:
    """The picture that was decoded in full last, unless it is very large."""

    def __init__(self) -> None:
        self._key: tuple[Picture, int, int] | None = None
        self._whole: WholeImage | None = None

    def forget_others(self, picture: Picture) -> None:
        if self._key is not None and self._key[0] != picture:
            self._key = self._whole = None

    def get(self, picture: Picture) -> WholeImage:
        with reading("image"):
            about = picture.file.path.stat()
        key = (picture, about.st_mtime_ns, about.st_size)
        if self._whole is not None and key == self._key:
            return self._whole
        self._key = self._whole = None  # before the next one needs its room
        whole, _damage = read_image(picture, _decoded)
        if whole.image.width * whole.image.height * _pixel_bytes(whole.image) <= _KEPT_BYTES:
            self._key, self._whole = key, whole
        return whole


_kept = _Kept()


def _pixel_bytes(image: Image.Image) -> int:
    """Return what Pillow takes for a pixel in memory: for colours always four bytes."""
    return {"L": 1, "I;16": 2}.get(image.mode, 4)


def _decoded(opened: OpenedImage) -> WholeImage:
    width, height = opened.size
    reduction = 1
    while width * height > MOST_PIXELS_AT_ONCE * reduction**2:
        reduction *= 2
    if reduction > 1:
        opened.image.draft("RGB", (width // reduction, height // reduction))
    return WholeImage(in_usual_mode(opened.image), opened.orientation, reduction)


@contextlib.contextmanager
def opened_image(picture: Picture) -> Iterator[OpenedImage]:
    """Open a picture for a block, which decodes it. Raises Undecodable, and one of ``DAMAGED``."""
    if picture.file.media_type in RAW_TYPES:
        yield _opened_raw(picture)
        return
    if picture.file.media_type in _HEIF_TYPES:
        _add_heif()
    with reading("image"):
        opened = picture.file.path.open("rb")
    with opened:
        image = Image.open(opened)
        _check_size(image)
        # What is in front of a telephone's JPEG is the picture; behind it come helpers of its camera.
        pages = 1 if image.format == "MPO" else min(getattr(image, "n_frames", 1), MOST_PAGES)
        if pages > 1:
            image.seek(min(picture.page, pages - 1))
            _check_size(image)
        yield OpenedImage(image, _orientation(image), image.size, pages)


def _opened_raw(picture: Picture) -> OpenedImage:
    if picture.is_developed:
        image = developed(picture.file.path)
        return OpenedImage(image, 1, image.size)
    preview = embedded_preview(picture.file.path)
    if preview.image is None:
        image = developed(picture.file.path, half=True)
        return OpenedImage(image, 1, image.size, remark=_("half size, as it has no preview"))
    _check_size(preview.image)
    orientation = _orientation(preview.image, preview.orientation)
    width, height = preview.raw_size
    remark = _("preview of {width} × {height} raw pixels").format(width=width, height=height)
    return OpenedImage(preview.image, orientation, preview.image.size, remark=remark)


def _orientation(image: Image.Image, otherwise: int = 1) -> int:
    """Return how the camera was held, 1 to 8 as EXIF counts, or ``otherwise`` where no note can be read."""
    try:
        value = notes_of(image).get(_ORIENTATION, otherwise)
    except DAMAGED:
        return otherwise
    return value if value in range(1, 9) else otherwise


def _add_heif() -> None:
    """Teach Pillow HEIC. Raises Undecodable that says what to install."""
    try:
        importlib.import_module("pillow_heif").register_heif_opener()
    except ImportError as error:
        raise failed(
            str(error),
            why=_("HEIC needs the package pillow-heif, which is not installed"),
            cure=_("Install it with: pip install pillow-heif. Then try again."),
        ) from error


@contextlib.contextmanager
def _lenient() -> Iterator[None]:
    """Let Pillow stop where a file is damaged instead of refusing all of it."""
    before = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _check_content(image: Image.Image) -> None:
    """Raise OSError if next to nothing of a damaged picture can be decoded: it is all as its last pixel."""
    image.draft("RGB", (256, 256))
    values = np.asarray(in_usual_mode(image))
    if np.mean(values == values[-1, -1]) > _EMPTY:
        raise OSError("nothing of it can be decoded")


def _check_size(image: Image.Image) -> None:
    """Raise Undecodable for an image that would take too much memory to decode, by what its head claims."""
    width, height = image.size
    most = MOST_PIXELS if image.format in ("JPEG", "MPO") else MOST_PIXELS_AT_ONCE
    if width * height > most:
        why = _("it is too large, with {width:,} × {height:,} pixels").format(width=width, height=height)
        raise failed(f"{width:,} × {height:,} pixels", why=why)
