"""Pages for the printer: pictures, and the pages of a PDF one by one."""

from __future__ import annotations

from dataclasses import dataclass

from itkgui.client.files import BinaryFile, ImageFile
from itkgui.decoding.image import ROOM, Painting, load_image, load_part
from itkgui.decoding.image_files import Picture
from itkgui.decoding.pdf import Piece, draw_piece, load_pdf, page_size
from itkgui.decoding.svg import SVG_TYPE
from itkgui.decoding.tones import Tone
from itkgui.decoding.undecodable import PasswordNeeded
from itkgui.language import _

_DPI = 200  # of a page of a PDF: text is crisp, a page takes 15 MB
_MOST_POINTS = 2400  # of a page's side, A0 at 72 dpi is 3370; larger ones get fewer dots
_PDF = "application/pdf"
_LEAST = (1, 1)  # pixels of a picture that is only asked for its pages


@dataclass(frozen=True)
class Look:
    """How a picture is seen: turned by quarters clockwise, in other shades than usual, developed."""

    quarters: int = 0
    tone: Tone | None = None
    is_developed: bool = False


AS_STORED = Look()


def is_printable(file: BinaryFile) -> bool:
    return isinstance(file, ImageFile) or file.media_type in (_PDF, SVG_TYPE)


def page_count(file: BinaryFile, password: str = "") -> int:
    """Return how many pages a printable file has. Raises Undecodable, PasswordNeeded."""
    if file.media_type == _PDF:
        document = load_pdf(file, password)
        if document.is_locked:
            raise PasswordNeeded(
                file.name,
                what="document",
                why=_("it is encrypted"),
                cure=_("Open it with its password in the preview, then print it."),
            )
        return len(document.sizes)
    # The frames of a film are no pages.
    return load_image(file, _LEAST).facts.pages if file.media_type == "image/tiff" else 1


def load_page(file: BinaryFile, number: int, password: str = "", look: Look = AS_STORED) -> Painting:
    """Return a page of a printable file, counted from 0; a picture as it is seen. Raises Undecodable."""
    if file.media_type != _PDF:
        return _load_picture(file, number, look)
    size = page_size(file, number, password)
    dots = min(_DPI / 72, _DPI / 72 * _MOST_POINTS / max(size))
    width, height = (max(1, round(side * dots)) for side in size)
    piece = Piece(number, width, height, 0, 0, width, height)
    pixels = draw_piece(file, piece, password, is_for_paper=True)
    return Painting(pixels, width, height, has_alpha=False)


def _load_picture(file: BinaryFile, number: int, look: Look) -> Painting:
    loaded = load_image(file, ROOM, number, look.is_developed)
    if not look.quarters and look.tone is None:
        return loaded
    box = (0, 0, loaded.full_width, loaded.full_height)
    picture = Picture(file, number, look.is_developed)
    return load_part(picture, box, (loaded.width, loaded.height), look.tone or loaded.tone, look.quarters)
