"""PDF documents: drawn in pieces, searched and read; no form, script or link in them is ever run."""

from __future__ import annotations

import contextlib
import ctypes
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from itkgui.client.files import BinaryFile
from itkgui.decoding.kept import keep
from itkgui.decoding.undecodable import PasswordNeeded, Undecodable, check_readable, reading
from itkgui.language import _

Array = npt.NDArray[np.float64]

MOST_PAGES = 50_000  # to ask for the sizes of all takes half a second
LONGEST_SIDE = 20_000.0  # points, 7 m; a page that claims more is shown as if it had this
MOST_CHARACTERS = 50_000  # of a page, that can be selected
MOST_HITS = 5_000
KEPT = 5.0  # seconds that a document stays open, with its password, after the last call for it
SEARCHING = 0.25  # seconds of one part of a search, after which what was found is told

_PASSWORD = 4  # FPDF_ERR_PASSWORD
_FINE = 1_000_000  # steps across a page, in which places on it are counted


@dataclass(frozen=True)
class LoadedPdf:
    """A document: ``sizes`` of its pages as they are read, shape (pages, 2), width and height in points.

    ``pages`` is how many there are, which may be more; it ``is_locked`` if it needs a password to be read.
    """

    sizes: Array
    pages: int = 0
    title: str = ""
    is_locked: bool = False


@dataclass(frozen=True)
class Piece:
    """A part of a page: the page from 0, its whole size and the part of it, all in pixels."""

    page: int
    full_width: int
    full_height: int
    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True)
class PageText:
    """The characters of a page and where they are: ``boxes`` has shape (characters, 4).

    A box is left, top, right and bottom as parts of the page's width and height. What has no place is NaN.
    """

    text: str
    boxes: Array
    is_cut: bool = False


@dataclass(frozen=True)
class Hit:
    """A place where a text was found: the page from 0, and boxes as those of PageText."""

    page: int
    boxes: Array


@dataclass(frozen=True)
class Hits:
    """What part of a search found; ``next_page`` is where to go on, None at the end.

    ``characters`` were looked through: none on pages that are pictures.
    """

    hits: tuple[Hit, ...]
    next_page: int | None
    characters: int


def load_pdf(file: BinaryFile, password: str = "") -> LoadedPdf:
    """Open a document and measure its pages; without the right password it is locked.

    Raises Undecodable if it is damaged, has no pages, or is gone.
    """
    try:
        with _opened(file, password) as document:
            count = len(document)
            if not count:
                raise Undecodable("no pages", what="document", why=_("it has no pages"))
            sizes = [_size(document, page) for page in range(min(count, MOST_PAGES))]
            title = str(document.get_metadata_dict()["Title"])
    except PasswordNeeded:
        return LoadedPdf(np.empty((0, 2)), is_locked=True)
    return LoadedPdf(np.array(sizes), count, title)


def page_size(file: BinaryFile, number: int, password: str = "") -> tuple[float, float]:
    """Return width and height of a page in points, as ``LoadedPdf.sizes`` has them. Raises Undecodable."""
    with _opened(file, password) as document:
        return _size(document, number)


def draw_piece(file: BinaryFile, piece: Piece, password: str = "", *, is_for_paper: bool = False) -> bytes:
    """Return the pixels of a part of a page: blue, green, red and one that means nothing, without gaps.

    Annotations are drawn as they look; fields of forms too, but nothing is computed. Raises Undecodable.
    """
    import pypdfium2 as pdfium
    import pypdfium2.raw as raw

    with _opened(file, password) as document, _page(document, piece.page) as page:
        bitmap = pdfium.PdfBitmap.new_native(piece.width, piece.height, raw.FPDFBitmap_BGRx)
        bitmap.fill_rect((255, 255, 255, 255), 0, 0, piece.width, piece.height)
        place = -piece.left, -piece.top, piece.full_width, piece.full_height
        edges = raw.FPDF_PRINTING if is_for_paper else raw.FPDF_LCD_TEXT  # which colours them
        raw.FPDF_RenderPageBitmap(bitmap, page, *place, 0, raw.FPDF_ANNOT | edges)
        return bytes(bitmap.buffer)


def page_text(file: BinaryFile, number: int, password: str = "") -> PageText:
    """Return the characters of a page in the order of the document. Raises Undecodable."""
    import pypdfium2.raw as raw

    with _opened(file, password) as document, _page(document, number) as page:
        with _text_of(page) as text:
            total = text.count_chars()
            count = min(total, MOST_CHARACTERS)
            codes = [raw.FPDFText_GetUnicode(text, n) for n in range(count)]
            corners = np.full((count, 4), np.nan)
            box = [ctypes.c_double() for _ in range(4)]
            for n in range(count):
                if raw.FPDFText_GetCharBox(text, n, *box):
                    corners[n] = [value.value for value in box]  # left, right, bottom, top
        boxes = _on_page(page, corners[:, [0, 3, 1, 2]])
    return PageText("".join(map(_character, codes)), boxes, total > count)


def find_in_pdf(file: BinaryFile, words: str, first: int, password: str = "") -> Hits:
    """Search pages from one on, in any case, for as long as one waits gladly. Raises Undecodable."""
    found: list[Hit] = []
    characters = 0
    end = time.monotonic() + SEARCHING
    with _opened(file, password) as document:
        for number in range(first, min(len(document), MOST_PAGES)):
            with _page(document, number) as page, _text_of(page) as text:
                characters += text.count_chars()
                found += _hits_on(page, text, number, words, MOST_HITS - len(found))
            if time.monotonic() > end and number + 1 < len(document):
                return Hits(tuple(found), number + 1, characters)
    return Hits(tuple(found), None, characters)


def _hits_on(page: Any, text: Any, number: int, words: str, most: int) -> Iterator[Hit]:
    search = text.search(words)
    try:
        while most > 0 and (place := search.get_next()):
            rects = [text.get_rect(n) for n in range(text.count_rects(*place))]
            if rects:
                corners = np.array(rects, dtype=np.float64)[:, [0, 3, 2, 1]]
                yield Hit(number, _on_page(page, corners))
                most -= 1
    finally:
        search.close()


class _Kept:
    """The document that was opened last: to find a page among ten thousand takes longer than to draw it."""

    def __init__(self) -> None:
        self._key: object = None
        self._document: Any = None

    def document(self, file: BinaryFile, password: str) -> Any:
        import pypdfium2 as pdfium

        with reading("document"):
            found = file.path.stat()
        key = file.path, found.st_mtime_ns, found.st_size, password
        if key != self._key:
            self.close()
            check_readable(file.path, "document")
            self._document = pdfium.PdfDocument(file.path, password=password or None)
            self._key = key
        keep(self.close, KEPT)
        return self._document

    def close(self) -> None:
        if self._document is not None:
            self._document.close()
        self._document = self._key = None


_kept = _Kept()


@contextlib.contextmanager
def _opened(file: BinaryFile, password: str) -> Iterator[Any]:
    """Give the document to a block, and turn what goes wrong in it into Undecodable."""
    import pypdfium2 as pdfium

    try:
        yield _kept.document(file, password)
    except pdfium.PdfiumError as error:
        _kept.close()
        if error.err_code == _PASSWORD:
            raise PasswordNeeded(
                str(error), what="document", why=_("it is encrypted"), cure=_("Type its password.")
            ) from error
        raise Undecodable(f"{file.name}: {error}", what="document") from error


@contextlib.contextmanager
def _page(document: Any, number: int) -> Iterator[Any]:
    page = document[number]
    try:
        yield page
    finally:
        page.close()


@contextlib.contextmanager
def _text_of(page: Any) -> Iterator[Any]:
    text = page.get_textpage()
    try:
        yield text
    finally:
        text.close()


def _size(document: Any, number: int) -> tuple[float, float]:
    width, height = (min(max(side, 1.0), 1e12) for side in document.get_page_size(number))
    factor = min(1.0, LONGEST_SIDE / max(width, height))
    return max(1.0, width * factor), max(1.0, height * factor)


def _on_page(page: Any, corners: Array) -> Array:
    """Return boxes as parts of the page as it is shown, which may be turned or cropped."""
    import pypdfium2.raw as raw

    def shown(x: float, y: float) -> Array:
        at = ctypes.c_int(), ctypes.c_int()
        raw.FPDF_PageToDevice(page, 0, 0, _FINE, _FINE, 0, x, y, *at)
        return np.array([at[0].value, at[1].value]) / _FINE

    width, height = page.get_size()
    origin = shown(0, 0)
    along_x, along_y = (shown(width, 0) - origin) / width, (shown(0, height) - origin) / height
    ends = [origin + np.outer(corners[:, n], along_x) + np.outer(corners[:, n + 1], along_y) for n in (0, 2)]
    return np.hstack([np.minimum(*ends), np.maximum(*ends)])


def _character(code: int) -> str:
    """Return one character for a code, so that places in the text stay those of the boxes."""
    return chr(code) if 0 < code < 0xD800 or 0xE000 <= code <= 0x10FFFF else "�"
