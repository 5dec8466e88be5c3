"""Attachments by the keyboard: in the list, in the gallery, and with the preview on the whole page."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QAbstractItemView, QApplication

from itkgui.item_models.attachment_table import Grouping
from itkgui.records.attachment import Storage
from itkgui.views.attachments.attachment_gallery import AttachmentGallery
from itkgui.views.previews.archive import ArchivePreview
from itkgui.views.previews.hex import HexPreview
from itkgui.views.previews.image import ImagePreview
from itkgui.views.previews.pdf import PdfPreview
from itkgui.views.previews.table import TablePreview
from itkgui.views.previews.text import TextPreview
from itkgui.views.style import Style
from tests.end2end.plain_server import PlainServer
from tests.gui.listing import PIXEL, STRIP, see_list
from tests.gui.person import Person
from tests.sandbox_process import LARGE_PHOTOS, SandboxProcess
from tests.unit.decoding.pdf_files import Document, page_of, write_pdf

pytestmark = pytest.mark.program("used")


def see_gallery(person: Person) -> AttachmentGallery:
    files = person.component.attachments
    person.click(files.bar.gallery_button)
    gallery = files.gallery
    assert gallery is not None
    person.until(gallery.isVisible, "the gallery")
    gallery.setFocus()
    return gallery


def test_gallery_by_the_keyboard(person: Person) -> None:
    see_list(person)
    files = person.component.attachments
    person.choose(files.view, lambda a: a.display_name == "summary.json")
    gallery = see_gallery(person)
    row = files.view.currentIndex().row()
    person.press(Qt.Key.Key_Right, gallery)
    assert files.view.currentIndex().row() == row + 1
    assert files.preview.attachment == files.view.chosen
    person.press(Qt.Key.Key_Down, gallery)
    assert files.view.currentIndex().row() > row + 2
    person.press(Qt.Key.Key_Left, gallery, Qt.KeyboardModifier.ShiftModifier)
    assert len(files.view.all_chosen) == 2
    person.press(Qt.Key.Key_End, gallery)
    assert files.view.currentIndex().row() == files.table.rowCount() - 1
    last = gallery.visualRect(gallery.currentIndex())
    assert gallery.viewport().rect().contains(last), "it is in sight"
    person.press(Qt.Key.Key_Home, gallery)
    person.press(Qt.Key.Key_Up, gallery)
    assert files.view.currentIndex().row() == 0
    assert gallery.verticalScrollBar().value() == 0, "the heading above the first is in sight too"
    person.press(Qt.Key.Key_Space, gallery)
    for row in (1, 2, 3):
        person.settle()
        person.press(Qt.Key.Key_Right, QApplication.focusWidget())
        assert files.view.currentIndex().row() == row, "Right leads on as it did in the gallery"
    person.press(Qt.Key.Key_Left, QApplication.focusWidget())
    assert files.view.currentIndex().row() == 2
    person.press(Qt.Key.Key_Escape, QApplication.focusWidget())
    person.click(files.bar.gallery_button)
    assert files.view.isVisible()


def test_gallery_has_the_groups_of_the_list(person: Person) -> None:
    see_list(person)
    files = person.component.attachments
    gallery = see_gallery(person)
    assert [row for row, _ in gallery.grid.headings] == sorted(files.view.headings)
    (start, top) = gallery.grid.headings[1]
    assert gallery.grid.place(start) == (0, top + files.view.heading_height), "a group begins a line"
    gallery.verticalScrollBar().setValue(top)
    band = QRect(0, 0, gallery.viewport().width(), files.view.heading_height)
    shown = gallery.viewport().grab(band).toImage()
    assert shown.pixelColor(band.width() - 5, 5) == Style.theme.colour("window")
    assert not gallery.indexAt(band.center()).isValid()
    spot = gallery.visualRect(files.table.index(start, 0)).center()
    person.click_at(gallery.viewport(), spot)
    assert files.view.currentIndex().row() == start
    files.bar.group_by(Grouping.KIND)
    assert [row for row, _ in gallery.grid.headings] == sorted(files.view.headings)
    files.bar.group_by(Grouping.NONE)
    assert gallery.grid.headings == []
    assert gallery.grid.place(0) == (0, 0)


def test_space_gives_the_preview_the_page_and_arrows_go_on(person: Person) -> None:
    see_list(person)
    files = person.component.attachments
    person.look_at("summary.json")
    files.view.setFocus()
    row = files.view.currentIndex().row()
    person.press(Qt.Key.Key_Space, files.view)
    assert not files.view.isVisible()
    person.until(files.preview.hasFocus, "the keys")
    person.press(Qt.Key.Key_Down, files.preview)
    assert files.view.currentIndex().row() == row + 1
    person.press(Qt.Key.Key_Space, files.preview)
    assert files.view.isVisible()
    person.until(files.view.hasFocus, "the keys in the list")


@pytest.mark.parametrize("back", [Qt.Key.Key_Space, Qt.Key.Key_Escape])
def test_what_is_shown_on_the_whole_page_gets_the_keys(person: Person, back: Qt.Key) -> None:
    see_list(person)
    files = person.component.attachments
    content = files.preview.content
    person.look_at("module_front.jpg")
    person.press(Qt.Key.Key_Space, files.view)
    image = content.currentWidget()
    assert isinstance(image, ImagePreview)
    for key, button in ((Qt.Key.Key_M, image.ruler_button), (Qt.Key.Key_P, image.pin_button)):
        for is_on in (True, False):
            person.press(key, QApplication.focusWidget())
            assert button.isChecked() is is_on
    person.press(Qt.Key.Key_R, QApplication.focusWidget())
    assert image.canvas.place.quarters == 1
    person.press(back, QApplication.focusWidget())
    assert files.view.isVisible()
    assert files.view.hasFocus()
    person.look_at("readout.log")
    person.press(Qt.Key.Key_Space, files.view)
    text = content.currentWidget()
    assert isinstance(text, TextPreview)
    person.until(lambda: text.pane.is_settled, "the text")
    person.press(Qt.Key.Key_PageDown, QApplication.focusWidget())
    assert text.reader.top > 0
    person.press(back, QApplication.focusWidget())
    assert files.view.hasFocus()
    person.look_at(next(a.display_name for a in files.table.shown if a.display_name.endswith(".zip")))
    person.press(Qt.Key.Key_Space, files.view)
    archive = content.currentWidget()
    assert isinstance(archive, ArchivePreview)
    assert archive.tree.hasFocus(), "the keys are for its members"
    person.press(back, archive.tree)
    assert files.view.hasFocus()


def test_no_preview_takes_the_keys_from_the_list(person: Person) -> None:
    see_list(person)
    files = person.component.attachments
    content = files.preview.content
    of_each = {
        Path(a.display_name).suffix.lower(): a.display_name
        for a in files.table.shown
        if a.storage is not Storage.LINK and a.display_name not in LARGE_PHOTOS
    }
    shown = set()
    for name in of_each.values():
        person.look_at(name)
        person.settle()
        assert files.view.hasFocus(), name
        shown.add(content.shown_kind)
    assert shown >= {"image", "text", "table", "archive", "pdf", "root", "bytes"}


def test_arrows_at_the_end_of_what_is_in_a_file_choose_no_other(person: Person) -> None:
    see_list(person)
    files = person.component.attachments
    for suffix in (".root", ".zip", ".csv"):
        person.look_at(next(a.display_name for a in files.table.shown if a.display_name.endswith(suffix)))
        row, content = files.view.currentIndex().row(), files.preview.content
        shown = content.currentWidget()
        rows = shown.grid if isinstance(shown, TablePreview) else content.key_taker
        assert isinstance(rows, QAbstractItemView)
        rows.setFocus()
        for end, arrow in ((Qt.Key.Key_Home, Qt.Key.Key_Up), (Qt.Key.Key_End, Qt.Key.Key_Down)):
            person.press(end, rows, Qt.KeyboardModifier.ControlModifier)
            for _ in range(2):
                person.press(arrow, rows)
                assert (files.view.currentIndex().row(), rows.hasFocus()) == (row, True), suffix
    person.settle()


def test_letters_reach_the_password_of_a_document_on_the_whole_page(
    person: Person, sandbox: SandboxProcess, tmp_path: Path
) -> None:
    title = f"locked {tmp_path.name}.pdf"
    with PlainServer(sandbox) as server:
        server.attach(STRIP, title, write_pdf(Document([page_of("behind it")], password="open sesame")))
    see_list(person, STRIP)
    files = person.component.attachments
    person.look_at(title)
    files.view.setFocus()
    person.press(Qt.Key.Key_Space, files.view)
    pdf = files.preview.content.currentWidget()
    assert isinstance(pdf, PdfPreview)
    person.until(pdf.password.hasFocus, "the field for the password")
    row = files.view.currentIndex().row()
    by = 1 if row == 0 else -1
    keys = {1: Qt.Key.Key_Down, -1: Qt.Key.Key_Up}
    person.press(keys[by], QApplication.focusWidget())
    assert files.view.currentIndex().row() == row + by, "the arrow keys go on from there"
    person.until(lambda: files.preview.content.shown_kind not in ("", "pdf"), "the other file")
    person.press(keys[-by], QApplication.focusWidget())
    person.until(pdf.password.hasFocus, "the field again")
    person.type_on(pdf.password, "open sesame")
    person.press(Qt.Key.Key_Return, QApplication.focusWidget())
    person.until(lambda: pdf.stack.currentIndex() == 0, "the pages")
    person.press(Qt.Key.Key_Escape, QApplication.focusWidget())
    assert files.view.isVisible()


@pytest.mark.parametrize("name", ["certificate.pdf", "dump.dat"])
def test_escape_closes_the_search_first(person: Person, name: str) -> None:
    see_list(person)
    files = person.component.attachments
    person.look_at(name)
    person.press(Qt.Key.Key_Space, files.view)
    shown = files.preview.content.currentWidget()
    assert isinstance(shown, PdfPreview | HexPreview)
    person.press(Qt.Key.Key_F, QApplication.focusWidget(), Qt.KeyboardModifier.ControlModifier)
    person.until(shown.search.box.hasFocus, "the search")
    person.press(Qt.Key.Key_Escape, shown.search.box)
    assert not shown.search.isVisible()
    assert not files.view.isVisible(), "the whole page is still the preview's"
    person.press(Qt.Key.Key_Escape, QApplication.focusWidget())
    assert files.view.isVisible()


@pytest.mark.parametrize("size", [(1366, 768), (1024, 768)])
def test_space_gives_the_preview_nearly_the_whole_window(person: Person, size: tuple[int, int]) -> None:
    person.window.resize(*size)
    see_list(person)
    component, files = person.component, person.component.attachments
    person.look_at("module_front.jpg")
    image = files.preview.content.currentWidget()
    assert isinstance(image, ImagePreview)
    around = (person.workspace.rail, component.strip, component.tabs.tabBar(), files.view)
    person.press(Qt.Key.Key_Space, files.view)
    assert not any(widget.isVisible() for widget in around)
    assert person.workspace.scan_box.isVisible()
    person.workspace.scan_box.setFocus()
    person.press(Qt.Key.Key_Escape, person.workspace.scan_box)
    assert files.view.isVisible(), "Esc leads back from the header too"
    person.press(Qt.Key.Key_Space, files.view)
    person.until(lambda: image.canvas.height() > 0.6 * size[1], "room for the picture")
    assert image.canvas.width() > 0.95 * size[0]
    person.press(Qt.Key.Key_Escape, QApplication.focusWidget())
    assert [widget for widget in around if not widget.isVisible()] == []


@pytest.mark.parametrize("serial", [PIXEL, STRIP])
def test_scan_leaves_the_whole_window(person: Person, serial: str) -> None:
    see_list(person)
    files = person.component.attachments
    person.look_at("module_front.jpg")
    person.press(Qt.Key.Key_Space, files.view)
    assert not person.workspace.rail.isVisible()
    component = person.scan(serial)
    person.until(person.workspace.rail.isVisible, "the places again")
    assert component.strip.isVisible()
    assert component.tabs.tabBar().isVisible()
    assert not files.preview.large_button.isChecked()


def test_filter_that_hides_the_chosen_file_takes_it_away(person: Person) -> None:
    see_list(person)
    files = person.component.attachments
    count = len(files.table.records)
    person.look_at("module_front.jpg")
    files.bar.text.setText("front.jpg")
    person.until(lambda: files.table.rowCount() < count, "fewer rows")
    assert files.preview.attachment is not None, "it is among them"
    assert files.summary.text().startswith(f"{files.table.rowCount()} of {count} files")
    files.bar.text.setText("readout.log")
    person.until(lambda: files.preview.attachment is None, "nothing chosen")
    assert files.preview.file is None
    assert "filter hides" in files.preview.content.empty.sentence
    assert not files.view.all_chosen
    files.bar.text.clear()
    person.until(lambda: files.summary.text().startswith(f"{count} files"), "all of them")


def test_document_on_the_whole_window_is_fitted_to_its_page(person: Person) -> None:
    see_list(person)
    files = person.component.attachments
    person.look_at("certificate.pdf")
    person.press(Qt.Key.Key_Space, files.view)
    document = files.preview.content.currentWidget()
    assert isinstance(document, PdfPreview)
    canvas = document.canvas
    person.until(lambda: _page_height(document) <= canvas.viewport().height(), "all of the page")
    assert _page_height(document) > 0.9 * canvas.viewport().height()
    assert document.page.text() == "1 of 3"


def _page_height(document: PdfPreview) -> float:
    return float(document.canvas.layout_shown.scale * document._loaded.sizes[0][1])
