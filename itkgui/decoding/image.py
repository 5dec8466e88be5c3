"""Pictures: decoded no larger than the screen needs, in the byte order that the screen takes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from PIL import Image

from itkgui.client.files import BinaryFile, ImageFile
from itkgui.decoding.image_facts import ImageFacts, facts_of
from itkgui.decoding.image_files import (
    OpenedImage,
    Picture,
    failed,
    forget_others,
    read_image,
    resized,
    whole_image,
)
from itkgui.decoding.raw import RAW_TYPES
from itkgui.decoding.svg import SVG_TYPE, draw_svg, load_svg
from itkgui.decoding.tones import BYTES, Tone, shaded, usual_tone
from itkgui.language import _

ROOM = (2400, 2400)  # pixels decoded where nobody says for what: more than a pane shows
# How a picture is turned to stand upright, by the number of its orientation in EXIF.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# Of all frames together: to decode more keeps a process busy for about ten seconds of each round.
MOST_PLAYED = 500_000_000
_QUARTERS = (None, Image.Transpose.ROTATE_270, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_90)

Box = tuple[int, int, int, int]  # left, top, right, bottom in pixels


@dataclass(frozen=True)
class Painting:
    """Pixels ready to paint, without gaps: blue, green, red, and alpha, with which the others are multiplied.

    Without ``has_alpha`` the fourth byte means nothing.
    """

    pixels: bytes
    width: int
    height: int
    has_alpha: bool


@dataclass(frozen=True)
class LoadedImage(Painting):
    """A picture, turned as its camera says, and its size in the file, turned too (pixels).

    ``has_lines`` tells that it is drawn anew at any size; then its size is only what it is meant to be.
    """

    full_width: int
    full_height: int
    tone: Tone = BYTES
    facts: ImageFacts = field(default_factory=ImageFacts)
    has_lines: bool = False

    @property
    def can_play(self) -> bool:
        """Whether its pages are frames of an animation, and not too large to be shown as one."""
        pixels = self.full_width * self.full_height * self.facts.pages
        return self.facts.is_animated and pixels <= MOST_PLAYED


@dataclass(frozen=True)
class ImagePart(Painting):
    """A part of a picture: what lies in ``box`` of the picture in full, upright."""

    box: Box


def load_image(
    file: BinaryFile, room: tuple[int, int] = ROOM, page: int = 0, is_developed: bool = False
) -> LoadedImage:
    """Decode an image file, scaled down to fit a room in pixels.

    Raises Undecodable if the file is no image, is damaged or gone, or is too large to be decoded.
    """
    if file.media_type == SVG_TYPE:
        return _loaded_svg(file, room)
    is_raw = file.media_type in RAW_TYPES

    def load(opened: OpenedImage) -> LoadedImage:
        facts = facts_of(opened, is_raw=is_raw)  # before it is decoded, which changes its mode
        facts = replace(facts, can_be_developed=is_raw and not is_developed)
        scaled = fitted(opened, room)
        width, height = opened.upright_size
        tone = usual_tone(scaled)
        made = painting(shaded(scaled, tone), opened.orientation, 0)
        return LoadedImage(
            made.pixels, made.width, made.height, made.has_alpha, width, height, tone=tone, facts=facts
        )

    picture = Picture(file, page, is_developed)
    forget_others(picture)
    loaded, damage = read_image(picture, load)
    return replace(loaded, facts=replace(loaded.facts, damage=damage)) if damage else loaded


def load_part(
    picture: Picture, box: Box, size: tuple[int, int], tone: Tone = BYTES, quarters: int = 0
) -> ImagePart:
    """Decode what lies in a box of the upright picture, at a size, then turned by quarters clockwise.

    The size is before turning, and not larger than the box but for drawings. Raises Undecodable.
    """
    if picture.file.media_type == SVG_TYPE:
        drawn = draw_svg(picture.file, box, size)
        image = Image.frombytes("RGBa", size, drawn, "raw", "BGRa").convert("RGBA")
        made = painting(shaded(image, tone), 1, quarters)
    else:
        whole = whole_image(picture)
        stored = _stored_box(box, whole.image.size, whole.orientation, whole.reduction)
        if whole.orientation > 4:
            size = size[1], size[0]
        if size == (stored[2] - stored[0], stored[3] - stored[1]):
            part = whole.image.crop(stored)
        else:
            part = resized(whole.image, size, stored)
        made = painting(shaded(part, tone), whole.orientation, quarters)
    return ImagePart(made.pixels, made.width, made.height, made.has_alpha, box)


def values_at(picture: Picture, x: int, y: int) -> tuple[tuple[str, float], ...]:
    """Return the values of one pixel of the upright picture, by the names of their bands, as in the file.

    Empty for a drawing, and for a picture too large to be decoded in full. Raises Undecodable.
    """
    if picture.file.media_type == SVG_TYPE:
        return ()
    whole = whole_image(picture)
    if whole.reduction > 1:
        return ()
    left, top, *_end = _stored_box((x, y, x + 1, y + 1), whole.image.size, whole.orientation, 1)
    found = whole.image.getpixel((left, top))
    values = found if isinstance(found, tuple) else (found,)
    bands = whole.image.getbands() if len(values) > 1 else (_("value"),)
    return tuple((band, value or 0) for band, value in zip(bands, values, strict=True))


def thumbnail(file: BinaryFile, longest_side: int) -> LoadedImage:
    """Decode a picture, small. Raises Undecodable."""
    if not isinstance(file, ImageFile) and file.media_type != SVG_TYPE:
        raise failed(file.name, why=_("it is none"))
    return load_image(file, (longest_side, longest_side))


def _loaded_svg(file: BinaryFile, room: tuple[int, int]) -> LoadedImage:
    drawing = load_svg(file, room)
    return LoadedImage(
        drawing.pixels,
        *drawing.drawn_size,
        has_alpha=True,
        full_width=drawing.size[0],
        full_height=drawing.size[1],
        facts=ImageFacts(format="SVG", remark=drawing.remark),
        has_lines=True,
    )


def _fitting(size: tuple[int, int], room: tuple[int, int]) -> tuple[int, int]:
    factor = max(size[0] / max(1, room[0]), size[1] / max(1, room[1]), 1.0)
    return max(1, round(size[0] / factor)), max(1, round(size[1] / factor))


def fitted(opened: OpenedImage, room: tuple[int, int]) -> Image.Image:
    """Decode a picture, as stored, no larger than fits a room when it is upright."""
    width, height = _fitting(opened.upright_size, room)
    return opened.scaled((height, width) if opened.orientation > 4 else (width, height))


def painting(image: Image.Image, orientation: int, quarters: int = 0) -> Painting:
    """Return the pixels of a picture as stored, turned upright, and then by quarters clockwise."""
    for turn in (_TURNS.get(orientation), _QUARTERS[quarters % 4]):
        if turn is not None:
            image = image.transpose(turn)
    if image.mode == "RGBA":
        return Painting(image.tobytes("raw", "BGRa"), image.width, image.height, has_alpha=True)
    return Painting(image.convert("RGB").tobytes("raw", "BGRX"), image.width, image.height, has_alpha=False)


def _stored_box(box: Box, size: tuple[int, int], orientation: int, reduction: int) -> Box:
    """Return where a box of the upright picture lies in the one that is stored, of a size, and reduced."""
    left, top, right, bottom = (side // reduction for side in box)
    right, bottom = max(right, left + 1), max(bottom, top + 1)
    width, height = size
    if right > (height if orientation > 4 else width) or bottom > (width if orientation > 4 else height):
        why, cure = _("it has changed since it was opened"), _("Choose it again.")
        raise failed(f"{box} of {size}", why=why, cure=cure)
    if orientation > 4:
        left, top, right, bottom = top, left, bottom, right
    if orientation in (2, 3, 7, 8):
        left, right = width - right, width - left
    if orientation in (3, 4, 6, 7):
        top, bottom = height - bottom, height - top
    return left, top, right, bottom
