"""What can be done with attachments outside: saved, copied, dragged, printed."""

from __future__ import annotations

import contextlib
from functools import partial
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageChops
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QFileDialog, QMenu

from itkgui.client.files import open_file
from itkgui.records.attachment import Storage
from itkgui.views.attachments.attachment_drag import copy_for_others
from itkgui.views.previews.image import ImagePreview
from tests.end2end.plain_server import PlainServer
from tests.gui.listing import PIXEL, STRIP, see_list
from tests.gui.person import Person
from tests.sandbox_process import SandboxProcess
from tests.unit.decoding.pictures import BLUE, RED, encoded

pytestmark = pytest.mark.program("used")

_CONTROL = Qt.KeyboardModifier.ControlModifier


def test_save_by_the_keyboard(person: Person, tmp_path: Path) -> None:
    see_list(person)
    files = person.component.attachments
    person.look_at("readout.log")
    files.view.setFocus()
    person.press(Qt.Key.Key_S, files.view, _CONTROL)
    (dialog,) = files.preview.findChildren(QFileDialog)
    dialog.setDirectory(str(tmp_path))
    dialog.selectFile("copy.log")
    dialog.accept()
    person.until((tmp_path / "copy.log").exists, "the copy")
    assert (tmp_path / "copy.log").stat().st_size == 8688
    files.preview.save()
    again = files.preview.findChildren(QFileDialog)[-1]
    assert Path(again.directory().absolutePath()) == tmp_path
    again.reject()


def test_only_files_are_counted_to_be_saved(person: Person) -> None:
    see_list(person)
    files = person.component.attachments

    def offered() -> list[tuple[str, bool]]:
        person.click(files.bar.more_button)
        (menu,) = (menu for menu in files.bar.findChildren(QMenu) if menu.isVisible())
        said = [(action.text(), action.isEnabled()) for action in menu.actions()[:2]]
        menu.close()
        return said

    stored = sum(attachment.storage is not Storage.LINK for attachment in files.table.shown)
    assert stored < files.table.rowCount()
    person.choose(files.view, lambda a: a.storage is Storage.LINK)
    assert offered() == [
        ("Save the chosen file in folders…", False),
        (f"Save the {stored} shown files in folders…", True),
    ]
    person.choose(files.view, lambda a: a.display_name == "readout.log")
    assert offered()[0] == ("Save the chosen file in folders…", True)


def test_copies_a_text_as_text_and_a_picture_as_picture(person: Person) -> None:
    see_list(person)
    files = person.component.attachments
    person.look_at("readout.log")
    files.view.setFocus()
    person.press(Qt.Key.Key_C, files.view, _CONTROL)
    person.until(lambda: person.verdict == "Text copied: readout.log", "the copy")
    assert QGuiApplication.clipboard().text().startswith(f"# Read-out of Module {PIXEL}")
    person.look_at("module_front.jpg")
    person.click(files.preview.copy_button)
    person.until(lambda: person.verdict == "Picture copied, 1600 × 1200 pixels: module_front.jpg", "the copy")
    image = QGuiApplication.clipboard().image()
    assert (image.width(), image.height()) == (1600, 1200)
    person.look_at("dump.dat")
    person.click(files.preview.copy_button)
    person.until(lambda: person.verdict.startswith("File copied"), "the copy")
    (url,) = QGuiApplication.clipboard().mimeData().urls()
    assert Path(url.toLocalFile()).name == "dump.dat"


def test_copies_the_page_that_is_seen(person: Person, sandbox: SandboxProcess, tmp_path: Path) -> None:
    name = f"{tmp_path.name}.tif"
    pages = [Image.new("RGB", (40, 30), colour) for colour in (RED, BLUE)]
    with PlainServer(sandbox) as server:
        server.attach(STRIP, name, encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:]))
    see_list(person, STRIP)
    person.look_at(name)
    files = person.component.attachments
    shown = files.preview.content.currentWidget()
    assert isinstance(shown, ImagePreview)
    shown.page.setValue(2)
    person.until(lambda: shown.pane.picture is not None and shown.pane.picture.page == 1, "the second page")
    files.view.setFocus()
    person.press(Qt.Key.Key_C, files.view, _CONTROL)
    person.until(lambda: person.verdict == f"Picture copied, 40 × 30 pixels: {name}", "the copy")
    assert QGuiApplication.clipboard().image().pixelColor(20, 15) == QColor(*BLUE)


def test_what_is_dragged_out_is_a_copy_of_the_right_name(person: Person, tmp_path: Path) -> None:
    see_list(person)
    person.look_at("readout.log")
    file = person.component.attachments.preview.file
    assert file is not None
    copy = copy_for_others(file, tmp_path)
    assert copy.is_relative_to(tmp_path)
    copy.write_text("changed by another program")
    assert file.path.stat().st_size == 8688
    assert copy.name == "readout.log"
    assert copy_for_others(file, tmp_path) != copy


@pytest.mark.parametrize(("name", "pages"), [("module_front.jpg", 1), ("certificate.pdf", 3)])
def test_prints_pictures_and_pdf(person: Person, tmp_path: Path, name: str, pages: int) -> None:
    see_list(person)
    files = person.component.attachments
    person.look_at(name)
    shown = files.preview.content.currentWidget()
    if isinstance(shown, ImagePreview):
        shown.canvas.turn()
    person.press(Qt.Key.Key_P, files.view, _CONTROL)
    (dialog,) = files.preview.findChildren(QPrintDialog)
    person.until(dialog.isVisible, "the dialog")
    assert dialog.isModal()
    printer = dialog.printer()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    dialog.accepted.emit(printer)  # its own button would choose the file by itself
    dialog.reject()
    person.until(lambda: "was printed into printed.pdf" in person.verdict, "the end of printing")
    printed = open_file(tmp_path / "printed.pdf", "printed.pdf")
    assert printed.media_type == "application/pdf"
    assert printed.size > 5000, "there is a picture on the page"
    assert f"{pages} page" in person.verdict
    if pages == 1:
        with contextlib.closing(pypdfium2.PdfDocument(printed.path)) as document:
            page = document[0].render().to_pil().convert("L")
        left, top, right, bottom = ImageChops.invert(page).getbbox() or (0, 0, 0, 0)
        assert (bottom - top) / (right - left) == pytest.approx(4 / 3, rel=0.02), "turned as it is seen"


def test_text_is_not_printed(person: Person) -> None:
    see_list(person)
    person.look_at("readout.log")
    files = person.component.attachments
    assert not files.preview.print_button.isVisible()
    person.press(Qt.Key.Key_P, files.view, _CONTROL)
    assert not files.preview.findChildren(QPrintDialog)


def test_saves_all_in_folders_and_only_once(person: Person, tmp_path: Path) -> None:
    see_list(person)
    files = person.component.attachments
    files.bar.kind.choose(["text"])
    wanted = len(files.table.shown)
    files.bar.save_wanted.emit(False)
    (dialog,) = files.saver.findChildren(QFileDialog)
    root = tmp_path / "saved"
    root.mkdir()
    dialog.fileSelected.emit(str(root))
    dialog.reject()
    person.until(lambda: f"{wanted} saved below" in person.verdict, "all files")
    found = [path for path in root.rglob("*") if path.is_file()]
    assert len(found) == wanted
    assert root / PIXEL / "readout.log" in found
    runs = [path for path in found if path.parent.name.startswith("run ")]
    assert all(len(path.relative_to(root / PIXEL).parts) == 4 for path in runs)
    files.saver.save(files.table.shown, files.table.origin, root)
    person.until(lambda: person.verdict.endswith(f"{wanted} were there already"), "the second time")
    assert [path for path in root.rglob("*") if path.is_file()] == found
    context = person.program.context
    assert context is not None
    context.cache.clear()
    changed = root / PIXEL / "readout.log"
    changed.write_bytes(bytes(changed.stat().st_size))  # which its server does not tell from the right one
    files.saver.save(files.table.shown, files.table.origin, root)
    person.until(lambda: person.verdict.endswith("judged by name and size)"), "the third time")
    context.attachments.fetch(next(a for a in files.table.shown if a.display_name == "readout.log"))
    person.until(lambda: context.cache.size > 0, "a copy to compare with")
    files.saver.save(files.table.shown, files.table.origin, root)
    person.until(lambda: person.verdict.startswith("1 saved below"), "the fourth time")
    assert (root / PIXEL / "readout (2).log").is_file()


def test_saving_tells_what_failed(person: Person, sandbox: SandboxProcess, tmp_path: Path) -> None:
    with PlainServer(sandbox) as server:
        server.attach(STRIP, f"gone {tmp_path.name}.txt", b"soon gone")
        server.attach(STRIP, f"stays {tmp_path.name}.txt", b"stays")
        see_list(person, STRIP)
        (gone,) = server.titled(STRIP, f"gone {tmp_path.name}.txt")
        server.ask("POST", "deleteComponentAttachment", {"component": STRIP, "code": gone["code"]})
    files = person.component.attachments
    both = [a for a in files.table.records if tmp_path.name in a.title]
    assert len(both) == 2
    files.saver.save(both, files.table.origin, tmp_path)
    person.until(lambda: "1 of 2 files were not saved" in person.verdict, "the summary")
    assert (tmp_path / STRIP / f"stays {tmp_path.name}.txt").read_bytes() == b"stays"


def test_saving_can_be_stopped(person: Person, tmp_path: Path) -> None:
    see_list(person)
    files = person.component.attachments
    files.saver.save(files.table.shown, files.table.origin, tmp_path / "saved")
    person.click(files.saver.cancel_button)
    assert person.verdict.startswith("Stopped: ")
    assert not files.saver.isVisible()
    person.settle()
    whole = [path for path in (tmp_path / "saved").rglob("*") if path.is_file()]
    assert len(whole) < len(files.table.shown)


def test_several_chosen_are_saved_in_folders_by_the_same_key(person: Person, tmp_path: Path) -> None:
    see_list(person)
    files = person.component.attachments
    person.look_at("readout.log")
    files.view.setFocus()
    person.press(Qt.Key.Key_Down, files.view, Qt.KeyboardModifier.ShiftModifier)
    person.press(Qt.Key.Key_S, files.view, _CONTROL)
    assert not files.preview.findChildren(QFileDialog)
    (dialog,) = files.saver.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path))
    dialog.reject()
    person.until(lambda: "2 saved below" in person.verdict, "both files")


def test_name_is_as_it_was_given(person: Person, sandbox: SandboxProcess, tmp_path: Path) -> None:
    name = f'5" of {tmp_path.name}.txt'
    with PlainServer(sandbox) as server:
        server.attach(STRIP, name, b"a quotation mark")
    see_list(person, STRIP)
    files = person.component.attachments
    wanted = person.choose(files.view, lambda a: a.title == name)
    assert files.view.currentIndex().data() == name
    person.until(lambda: files.preview.file is not None, "the file")
    assert files.preview.name.text() == name
    for said in ("1 saved below", "0 saved below"):
        files.saver.save([wanted], files.table.origin, tmp_path / "saved")
        person.until(partial(_is_said, person, said), "the copy")


def _is_said(person: Person, words: str) -> bool:
    return words in person.verdict
