"""The codes in a photo of a label: bar codes and matrix codes of every kind that scanners read."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec

from PIL import Image, ImageOps

from itkgui.client.exceptions import FileProblem, ItkError
from itkgui.client.files import BinaryFile
from itkgui.decoding.image_files import OpenedImage, Picture, read_image
from itkgui.language import N_

_SIDES = (1600, 4000, 10_000)  # pixels; most codes are found in a small picture, small ones in a large one


class PhotoCodesMissing(ItkError):
    """The package that finds codes is not installed."""

    title = N_("No codes from photos here")
    sentence = N_(
        "To read the code in a photo, this program needs the package zxing-cpp, which is not installed."
    )
    cure = N_("Install it (pip install 'itkgui[codes]'), then drop the photo again.")


class NoCodeInPhoto(FileProblem):
    """There is no code in a photo, or none that can be read."""

    title = N_("No code in this photo")
    sentence = N_("No code could be read in this picture.")
    cure = N_("Take it from nearer, without shadows and reflections, with the whole code in focus.")


@dataclass(frozen=True)
class PhotoCode:
    """A code: what it says, and of which kind it is."""

    text: str
    kind: str


def codes_in(file: BinaryFile) -> tuple[PhotoCode, ...]:
    """Return the codes in a picture, from the upper left to the lower right, each once.

    Raises PhotoCodesMissing, NoCodeInPhoto, Undecodable for what is no picture.
    """
    if find_spec("zxingcpp") is None:
        raise PhotoCodesMissing
    found, _ = read_image(Picture(file), _codes)
    if not found:
        raise NoCodeInPhoto(file.name)
    return found


def _codes(opened: OpenedImage) -> tuple[PhotoCode, ...]:
    import zxingcpp

    longest = max(opened.size)
    for side in _SIDES:
        share = min(1.0, side / longest)
        size = tuple(max(1, round(length * share)) for length in opened.size)
        image = opened.scaled((size[0], size[1])).convert("L")
        codes = [code for code in zxingcpp.read_barcodes(_upright(image, opened.orientation)) if code.valid]
        if codes or share == 1.0:
            break
    codes.sort(key=lambda code: (code.position.top_left.y, code.position.top_left.x))
    return tuple(dict.fromkeys(PhotoCode(code.text, _kind(code)) for code in codes))


def _kind(code: object) -> str:
    return str(getattr(code, "format", "")).rpartition(".")[2]


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    """Turn a picture as its notes tell: a code that is mirrored would not be found."""
    notes = Image.Exif()
    notes[274] = orientation
    image.info["exif"] = notes.tobytes()
    return ImageOps.exif_transpose(image)
