"""What goes to the printer: every page of a document or a scan, the first frame of a film."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from itkgui.client.files import BinaryFile, open_file
from itkgui.decoding.printing import Look, is_printable, load_page, page_count
from itkgui.decoding.tones import Tone
from itkgui.decoding.undecodable import PasswordNeeded, Undecodable
from tests.unit.decoding.pdf_files import Document, page_of, write_pdf
from tests.unit.decoding.pictures import colour_at, corners, encoded

RED, GREEN = (255, 0, 0), (0, 255, 0)


def written(path: Path, content: bytes) -> BinaryFile:
    path.write_bytes(content)
    return open_file(path, path.name)


def two_pages(kind: str) -> bytes:
    first, second = (Image.new("RGB", (40, 30), colour) for colour in (RED, GREEN))
    return encoded(first, kind, save_all=True, append_images=[second])


def test_document_is_printed_page_by_page_as_it_is_turned(tmp_path: Path) -> None:
    file = written(tmp_path / "a.pdf", write_pdf(Document([page_of("one"), ""], rotate=90)))
    assert is_printable(file)
    assert page_count(file) == 2
    pages = [load_page(file, number) for number in range(2)]
    assert [(page.width, page.height) for page in pages] == [(2339, 1653)] * 2
    colours = [set(zip(*(page.pixels[n::4] for n in range(3)), strict=True)) for page in pages]
    assert (0, 0, 0) in colours[0]
    assert all(blue == green == red for blue, green, red in colours[0]), "no colours at the edges of letters"
    assert colours[1] == {(255, 255, 255)}


def test_huge_page_is_printed_with_fewer_dots(tmp_path: Path) -> None:
    page = load_page(written(tmp_path / "a.pdf", write_pdf(Document([""], box=(14_000, 100)))), 0)
    assert (page.width, page.height) == (6667, 48)


def test_what_is_no_page_or_locked_is_told(tmp_path: Path) -> None:
    locked = written(tmp_path / "a.pdf", write_pdf(Document([""], password="secret")))
    for password in ("", "wrong"):
        with pytest.raises(PasswordNeeded) as raised:
            page_count(locked, password)
        assert "then print it" in raised.value.cure
    with pytest.raises(Undecodable):
        page_count(written(tmp_path / "b.pdf", write_pdf(Document([""]))[:60]))


def test_what_is_locked_is_printed_with_its_password(tmp_path: Path) -> None:
    content = write_pdf(Document([page_of("one"), ""], password="secret"))
    locked = written(tmp_path / "a.pdf", content)
    assert page_count(locked, "secret") == 2
    first, second = (load_page(locked, number, "secret") for number in range(2))
    assert bytes(4) not in (first.pixels[:4], second.pixels[:4])
    assert first.pixels != second.pixels


def test_scan_of_several_pages_is_printed_whole_and_of_a_film_the_first_frame(tmp_path: Path) -> None:
    scan = written(tmp_path / "a.tif", two_pages("TIFF"))
    assert page_count(scan) == 2
    assert [colour_at(load_page(scan, number).pixels, 40, 5, 5) for number in range(2)] == [RED, GREEN]
    film = written(tmp_path / "a.gif", two_pages("GIF"))
    assert film.media_type == "image/gif"
    assert page_count(film) == 1


def test_picture_is_printed_as_it_is_seen(tmp_path: Path) -> None:
    picture = written(tmp_path / "a.png", encoded(corners(40, 30), "PNG"))
    turned = load_page(picture, 0, look=Look(quarters=1))
    assert (turned.width, turned.height) == (30, 40)
    assert colour_at(turned.pixels, 30, 25, 5) == RED, "what was left above is right above"
    darker = load_page(picture, 0, look=Look(tone=Tone(0.0, 510.0)))
    assert colour_at(darker.pixels, 40, 5, 5) == (128, 0, 0)
