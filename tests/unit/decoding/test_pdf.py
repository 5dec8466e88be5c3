"""PDF documents: opened, drawn, searched and read, whatever is in them."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest

from itkgui.client.files import BinaryFile
from itkgui.decoding.decoders import Decoders
from itkgui.decoding.pdf import KEPT, LONGEST_SIDE, Piece, draw_piece, find_in_pdf, load_pdf, page_text
from itkgui.decoding.undecodable import PasswordNeeded, Undecodable
from tests.unit.decoding.damage import damaged, look_through_pdf, survived, written
from tests.unit.decoding.misbehaving import own_pid
from tests.unit.decoding.pdf_files import A4, Document, page_of, write_pdf

THREE = Document([page_of("Certificate"), page_of("Second page", "certificate again"), page_of("The end")])


@pytest.fixture(scope="module")
def decoders() -> Iterator[Decoders]:
    found = Decoders(processes=1)
    yield found
    found.close()


def pdf(folder: Path, document: Document = THREE) -> BinaryFile:
    return written(folder / "a.pdf", write_pdf(document))


def whole(file: BinaryFile, page: int, width: int, height: int, password: str = "") -> np.ndarray:
    pixels = draw_piece(file, Piece(page, width, height, 0, 0, width, height), password)
    return np.frombuffer(pixels, np.uint8).reshape(height, width, 4)[:, :, :3]


def test_pages_are_measured(tmp_path: Path) -> None:
    loaded = load_pdf(pdf(tmp_path))
    assert loaded.pages == 3
    assert loaded.sizes.tolist() == [list(A4)] * 3
    turned = load_pdf(pdf(tmp_path, replace(THREE, rotate=90)))
    assert turned.sizes[0].tolist() == [A4[1], A4[0]]


def test_page_is_drawn_where_its_text_is(tmp_path: Path) -> None:
    shades = whole(pdf(tmp_path), 0, 595, 842).mean(axis=2)
    rows, columns = np.nonzero(shades < 128)
    assert 60 < rows.min() < rows.max() < 90
    assert 70 < columns.min() < columns.max() < 200
    assert shades[0, 0] == 255


def test_pieces_are_parts_of_the_whole(tmp_path: Path) -> None:
    file = pdf(tmp_path)
    page = whole(file, 1, 1190, 1684)
    part = np.frombuffer(draw_piece(file, Piece(1, 1190, 1684, 100, 80, 400, 300)), np.uint8)
    assert np.abs(part.reshape(300, 400, 4)[:, :, :3].astype(int) - page[80:380, 100:500]).max() < 40


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_hits_are_where_the_ink_is(tmp_path: Path, rotate: int) -> None:
    file = pdf(tmp_path, replace(THREE, rotate=rotate))
    found = find_in_pdf(file, "CERTIFICATE", 0)
    assert [hit.page for hit in found.hits] == [0, 1]
    assert found.next_page is None
    width, height = load_pdf(file).sizes[0].astype(int)
    ink = np.argwhere(whole(file, 0, width, height).mean(axis=2) < 128)[:, ::-1] / (width, height)
    left, top, right, bottom = found.hits[0].boxes[0]
    assert ink.min(axis=0) == pytest.approx((left, top), abs=0.01)
    assert ink.max(axis=0) == pytest.approx((right, bottom), abs=0.01)


def test_search_goes_on_where_it_stopped(tmp_path: Path) -> None:
    assert [hit.page for hit in find_in_pdf(pdf(tmp_path), "certificate", 1).hits] == [1]
    assert not find_in_pdf(pdf(tmp_path), "nowhere", 0).hits


def test_characters_and_their_boxes(tmp_path: Path) -> None:
    text = page_text(pdf(tmp_path), 1)
    assert text.text == "Second page\r\ncertificate again"
    assert text.boxes.shape == (len(text.text), 4)
    place = text.text.index("certificate")
    first, other = text.boxes[0], text.boxes[place]
    assert first[0] == pytest.approx(other[0], abs=0.01)
    assert first[3] < other[3] < 0.2, "the second line is below the first"
    assert text.boxes[1][0] > first[0], "the next letter is to the right"


def test_encrypted_document_asks_for_its_password(tmp_path: Path) -> None:
    file = pdf(tmp_path, replace(THREE, password="open sesame"))
    assert load_pdf(file).is_locked
    assert load_pdf(file, "wrong").is_locked
    loaded = load_pdf(file, "open sesame")
    assert not loaded.is_locked
    assert loaded.pages == 3
    assert page_text(file, 0, "open sesame").text == "Certificate"
    with pytest.raises(PasswordNeeded):
        page_text(file, 0)


def test_document_is_let_go_of_with_its_password(tmp_path: Path, decoders: Decoders) -> None:
    file = pdf(tmp_path, replace(THREE, password="open sesame"))
    process = psutil.Process(decoders.run(own_pid))

    def holds_it() -> bool:
        return str(file.path) in [found.path for found in process.open_files()]

    assert decoders.run(load_pdf, file, "open sesame").pages == 3
    assert holds_it()
    deadline = time.monotonic() + 4 * KEPT
    while holds_it():
        assert time.monotonic() < deadline
        threading.Event().wait(0.05)
    assert decoders.run(page_text, file, 0, "open sesame").text == "Certificate"
    with pytest.raises(PasswordNeeded):
        decoders.run(page_text, file, 0)


def test_script_is_not_run(tmp_path: Path) -> None:
    target = tmp_path / "made by a script"
    more = f"/OpenAction << /S /JavaScript /JS (app.launchURL('file://{target}'); while (true) {{}}) >>"
    file = pdf(tmp_path, replace(THREE, more=more))
    assert load_pdf(file).pages == 3
    assert (whole(file, 0, 300, 400) < 128).any()
    assert not target.exists()


# Bad files -------------------------------------------------------------------------------------------------


def test_ten_thousand_pages(tmp_path: Path, decoders: Decoders) -> None:
    file = pdf(tmp_path, Document([page_of(f"Page {n}") for n in range(10_000)]))
    assert decoders.run(load_pdf, file).pages == 10_000
    assert decoders.run(page_text, file, 9_999).text == "Page 9999"
    begun = time.monotonic()
    found = decoders.run(find_in_pdf, file, "page", 0)
    assert found.hits
    assert time.monotonic() - begun < 20


@pytest.mark.parametrize("box", [(2_000_000_000, 2_000_000_000), (100_000, 1), (0, 0)])
def test_page_of_any_size(tmp_path: Path, decoders: Decoders, box: tuple[int, int]) -> None:
    file = pdf(tmp_path, replace(THREE, box=box))
    loaded = decoders.run(load_pdf, file)
    assert (loaded.sizes >= 1).all()
    assert (loaded.sizes <= LONGEST_SIDE).all()
    assert len(decoders.run(draw_piece, file, Piece(0, 400_000, 400_000, 0, 0, 1000, 800))) == 3_200_000


@pytest.mark.parametrize("content", [b"%PDF-1.7\n", b"%PDF-1.4\n" + bytes(5000), write_pdf(Document([]))])
def test_what_is_no_document_is_told(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(Undecodable) as raised:
        load_pdf(written(tmp_path / "a.pdf", content))
    assert raised.value.sentence.startswith("This document cannot be shown: it ")


def test_document_that_is_gone(tmp_path: Path) -> None:
    file = pdf(tmp_path)
    file.path.unlink()
    for look in (lambda: load_pdf(file), lambda: whole(file, 0, 10, 10), lambda: page_text(file, 0)):
        with pytest.raises(Undecodable, match="No such file") as raised:
            look()
        assert raised.value.may_pass


def test_damaged_documents_do_no_harm(tmp_path: Path, decoders: Decoders) -> None:
    content = write_pdf(THREE)
    files = (written(tmp_path / "a.pdf", damage) for damage in damaged(content, 120))
    seen = [survived(decoders, look_through_pdf, file) for file in files]
    assert seen.count(3) > 20
    assert seen.count(0) > 5
