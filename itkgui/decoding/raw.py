"""Raw files of cameras: the preview that the camera put in, and the picture made from what its sensor saw."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from itkgui.decoding.undecodable import Undecodable, check_readable
from itkgui.language import _

if TYPE_CHECKING:
    import rawpy

RAW_TYPES = frozenset(
    f"image/x-{name}"
    for name in (
        "adobe-dng",
        "canon-cr2",
        "canon-cr3",
        "canon-crw",
        "nikon-nef",
        "sony-arw",
        "fuji-raf",
        "olympus-orf",
        "panasonic-rw2",
        "minolta-mrw",
    )
)
# The sensor's values, four of 16 bits a pixel while they are mixed, and the picture: 13 bytes a pixel.
_MOST_PIXELS_IN_FULL = 26_000_000
_ORIENTATIONS = {0: 1, 3: 3, 5: 8, 6: 6}  # of LibRaw's turns, in the numbers of EXIF


@dataclass(frozen=True)
class RawPreview:
    """The picture in a raw file, None if there is none, and the sensor's size in pixels.

    ``orientation`` tells how the camera was held, as EXIF counts; the picture's own notes, if it has any,
    are better. ``jpeg`` is the picture as it stands in the file, if it is a JPEG.
    """

    image: Image.Image | None
    orientation: int
    raw_size: tuple[int, int]
    jpeg: bytes = b""


def embedded_preview(path: Path) -> RawPreview:
    """Return the largest picture that the camera put into a raw file, not decoded yet. Raises Undecodable."""
    import rawpy  # a tenth of a second, which other files do not need

    with _opened(path) as raw:
        size = (raw.sizes.width, raw.sizes.height)
        orientation = _ORIENTATIONS.get(raw.sizes.flip, 1)
        try:
            preview = raw.extract_thumb()
        except (rawpy.LibRawNoThumbnailError, rawpy.LibRawUnsupportedThumbnailError):
            return RawPreview(None, orientation, size)
        data = preview.data
        if isinstance(data, bytes):
            return RawPreview(Image.open(io.BytesIO(data)), orientation, size, data)
        return RawPreview(Image.fromarray(data), orientation, size)


def developed(path: Path, *, half: bool = False) -> Image.Image:
    """Return the picture made from a raw file's sensor values, upright; at half its size if it is very large.

    Raises Undecodable.
    """
    with _opened(path) as raw:
        pixels = raw.sizes.raw_width * raw.sizes.raw_height
        half = half or pixels > _MOST_PIXELS_IN_FULL
        return Image.fromarray(raw.postprocess(half_size=half, use_camera_wb=True, output_bps=8))


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[rawpy.RawPy]:
    import rawpy

    check_readable(path, "raw")
    try:
        with rawpy.imread(str(path)) as raw:
            yield raw
    except rawpy.LibRawFileUnsupportedError as error:
        why = _("its camera is not known to LibRaw, or it is damaged")
        raise _failed(str(error), why=why) from error
    except (rawpy.LibRawUnsufficientMemoryError, rawpy.LibRawTooBigError) as error:
        raise _failed(str(error), why=_("it needs more memory than a file may take here")) from error
    except rawpy.LibRawError as error:
        raise _failed(f"LibRaw: {error}") from error


def _failed(detail: str, **words: str) -> Undecodable:
    return Undecodable(detail, what="raw", **words)
