"""A picture in full for the clipboard: decoded as a whole, and fetched a stripe at a time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from PySide6.QtGui import QImage

from itkgui.decoding.image import ROOM, LoadedImage, load_image, load_part
from itkgui.decoding.image_files import Picture
from itkgui.item_models.painted import painted

MOST_COPIED = 50_000_000  # pixels: as many as a decoder keeps from one stripe to the next
_STRIPE = 2_000_000  # pixels: put in their place within a frame
_LOOK = (512, 512)  # pixels, to learn its size and its shades

T_co = TypeVar("T_co", covariant=True)


class Decode(Protocol):
    """Runs a function in a decoder's process, away from the thread that waits for it."""

    def __call__(self, function: Callable[..., T_co], *arguments: Any) -> Awaitable[T_co]: ...


@dataclass(frozen=True)
class CopiedPicture:
    """A picture of its own memory; not ``is_whole`` if it has fewer pixels than the file."""

    image: QImage
    is_whole: bool


async def copied_picture(
    picture: Picture, decode: Decode, begun: Callable[[LoadedImage], None]
) -> CopiedPicture:
    """Return a picture in the shades it is first seen in, in full unless it is very large.

    ``begun`` is told its size before the long part. Raises Undecodable.
    """
    page, is_developed = picture.page, picture.is_developed
    look = await decode(load_image, picture.file, _LOOK, page, is_developed)
    begun(look)
    width, height = look.full_width, look.full_height
    if width * height > MOST_COPIED:
        scaled = await decode(load_image, picture.file, ROOM, page, is_developed)
        return CopiedPicture(painted(scaled).copy(), is_whole=False)
    image = QImage(width, height, painted(look).format())
    pixels = memoryview(image.bits())
    rows = max(1, _STRIPE // width)
    for top in range(0, height, rows):
        bottom = min(height, top + rows)
        box = (0, top, width, bottom)
        part = await decode(load_part, picture, box, (width, bottom - top), look.tone)
        pixels[4 * width * top : 4 * width * bottom] = part.pixels
    return CopiedPicture(image, is_whole=True)
