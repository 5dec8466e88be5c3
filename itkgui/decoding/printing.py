"""Pages for the printer: pictures, and the pages of a PDF one by one."""

from __future__ import annotations

from itkgui.client.files import BinaryFile, ImageFile
from itkgui.decoding.image import LoadedImage, load_image
from itkgui.decoding.undecodable import Undecodable, check_readable

_DPI = 200  # of a page of a PDF: text is crisp, a page takes 15 MB
_MOST_POINTS = 2400  # of a page's side, A0 at 72 dpi is 3370; larger ones get fewer dots
PDF = "application/pdf"


def is_printable(file: BinaryFile) -> bool:
    return isinstance(file, ImageFile) or file.media_type == PDF


def page_count(file: BinaryFile) -> int:
    """Return how many pages a printable file has. Raises Undecodable."""
    if file.media_type != PDF:
        return 1
    import pypdfium2

    check_readable(file.path, "document")
    try:
        with pypdfium2.PdfDocument(file.path) as document:
            return len(document)
    except pypdfium2.PdfiumError as error:
        raise Undecodable(f"{file.name}: {error}", what="document") from error


def load_page(file: BinaryFile, number: int) -> LoadedImage:
    """Return a page of a printable file, counted from 0. Raises Undecodable."""
    if file.media_type != PDF:
        return load_image(file)
    import pypdfium2

    check_readable(file.path, "document")
    try:
        with pypdfium2.PdfDocument(file.path) as document:
            page = document[number]
            dots = _DPI * min(1.0, _MOST_POINTS / max(page.get_size()))
            picture = page.render(scale=dots / 72).to_pil().convert("RGB")
    except (pypdfium2.PdfiumError, IndexError, ZeroDivisionError) as error:
        raise Undecodable(f"{file.name}, page {number + 1}: {error}", what="document") from error
    width, height = picture.size
    return LoadedImage(picture.tobytes("raw", "BGRX"), width, height, False, width, height)
