"""The list of attachments: small pictures and sizes, groups, gallery, and what can be done with the files."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QApplication, QFileDialog, QListView

from itkgui.client.files import open_file
from itkgui.item_models.attachment_table import ADDED, FILE, FROM, PLACE, SIZE, Grouping
from itkgui.records.attachment import OwnerKind, Storage
from itkgui.views.attachment_drag import copy_for_others
from itkgui.views.attachment_print import AttachmentPrint
from itkgui.views.component_view import ATTACHMENTS, TESTS
from itkgui.views.previews.image import ImagePreview
from itkgui.views.previews.text import TextPreview
from tests.conftest import settings_for
from tests.end2end.plain_server import PlainServer
from tests.gui.person import Person
from tests.sandbox_process import SandboxProcess

PIXEL = "20UPGM23800001"
STRIP = "20USBML0000001"
_CONTROL = Qt.KeyboardModifier.ControlModifier


def see_list(person: Person, serial: str = PIXEL) -> None:
    person.scan(serial)
    person.show_tab(ATTACHMENTS)


def known(person: Person, name: str) -> str:
    """Return the size that the list tells of a file."""
    table = person.component.attachments.table
    return str(table.index(table.row_where(lambda a: a.display_name == name), SIZE).data())


# What is in sight ------------------------------------------------------------------------------------------


def test_rows_in_sight_get_pictures_and_sizes_the_others_none(person: Person) -> None:
    see_list(person)
    files = person.component.attachments
    shelf = person.program._context.attachments  # type: ignore[union-attr]
    names = [found.display_name for found in files.table.shown]
    assert known(person, names[-1]) == ""
    first = [found for found in files.table.shown[:6] if found.storage is not Storage.LINK]
    person.until(lambda: all(known(person, a.display_name) for a in first), "the sizes in sight")
    assert known(person, names[-1]) == ""
    row = files.table.row_where(lambda a: a.display_name == "module_front.jpg")
    picture = files.table.record(files.table.index(row, 0))
    assert shelf.thumbnail(picture) is None
    files.view.scrollTo(files.table.index(row, 0))
    person.until(lambda: shelf.thumbnail(picture) is not None, "the small picture")
    assert known(person, "module_front.jpg") == "434.7 kB"
    cell = files.view.visualRect(files.table.index(row, 0))
    shown = files.view.viewport().grab(cell).toImage()
    left = {shown.pixel(x, y) for x in range(12, 36, 3) for y in range(6, cell.height() - 6, 3)}
    assert len(left) > 20, "a picture, not an icon of two colours"


def test_small_pictures_are_kept_for_the_next_time(
    sandbox: SandboxProcess, start_program: Callable[..., Person]
) -> None:
    first = start_program(settings_for(sandbox))
    first.sign_in()
    see_list(first)
    first.look_at("module_front.jpg")
    shelf, wanted = first.component.attachments.view.shelf, first.component.attachments.view.chosen
    first.until(lambda: shelf.thumbnail(wanted) is not None, "the small picture")
    first.end()
    second = start_program(settings_for(sandbox))
    second.sign_in()
    with PlainServer(sandbox) as server:
        server.fail({"match": "* /getComponentAttachment", "do": "status", "status": 500, "times": None})
        see_list(second)
        second.look_at("module_front.jpg")
        files = second.component.attachments
        assert files.preview.content.shown_kind == "image"
        second.until(lambda: files.view.shelf.thumbnail(wanted) is not None, "the small picture")
        server.fail()


def test_sign_out_leaves_neither_files_nor_pictures(person: Person) -> None:
    see_list(person)
    files = person.component.attachments
    person.choose(files.view, lambda a: a.display_name == "module_front.jpg")
    person.until(lambda: files.view.shelf.cache.thumbnail(files.view.chosen).exists(), "the small picture")
    person.workspace.sign_out_action.trigger()
    person.until(lambda: person.window.workspace is None, "the sign-in page")
    person.until(person.login.sign_in_button.isEnabled, "the end of the sign-out")
    assert not list(person.program.options.paths.downloads.iterdir())


def test_picture_that_is_none_holds_up_no_other(person: Person) -> None:
    see_list(person, "20UPGPQ4200004")
    files = person.component.attachments
    (wrong,) = (a for a in files.table.records if a.display_name == "picture.jpg")
    (right,) = (a for a in files.table.records if a.display_name == "pcb.jpg")
    person.until(lambda: files.view.shelf.thumbnail(right) is not None, "the other picture")
    person.until(lambda: known(person, "picture.jpg"), "what it is")
    assert files.view.shelf.thumbnail(wrong) is None
    assert person.program.messages.history[-1].tone != "bad", "who does not choose it is not told"


# Groups, filters, gallery ----------------------------------------------------------------------------------


def test_names_of_files_keep_their_room_in_a_narrow_list(person: Person) -> None:
    see_list(person)
    view = person.component.attachments.view
    layout = view.layout_of_columns
    view.resize(2000, 400)
    assert layout.shown == [FILE, SIZE, FROM, PLACE, ADDED]
    for left in ([FILE, SIZE, FROM, ADDED], [FILE, SIZE, ADDED], [FILE, SIZE]):
        view.resize(sum(map(layout.width_of, layout.shown)) - 20, 400)
        assert layout.shown == left
        assert view.columnWidth(FILE) >= layout.width_of(FILE)
    view.resize(2000, 400)
    assert layout.shown == [FILE, SIZE, FROM, PLACE, ADDED]


def test_groups_are_headed_and_remembered(person: Person) -> None:
    see_list(person)
    files = person.component.attachments
    headings = files.view.headings
    assert headings[0].startswith(f"Component {PIXEL} (")
    usual = files.view.rowHeight(1)
    assert files.view.rowHeight(0) == usual + files.view.heading_height
    files.bar.group_by(Grouping.KIND)
    assert files.view.headings[0].startswith("Picture (")
    files.bar.group_by(Grouping.NONE)
    assert not files.view.headings
    assert {files.view.rowHeight(row) for row in range(5)} == {usual}
    kept = person.program._context.memory.get("attachments/arrangement", 1)  # type: ignore[union-attr]
    assert kept == {"groups": "NONE", "gallery": False}


def test_filters_narrow_and_a_wanted_file_clears_them(person: Person) -> None:
    see_list(person)
    files = person.component.attachments
    count = files.table.rowCount()
    files.bar.kind.choose(["document"])
    assert 0 < files.table.rowCount() < count
    assert {a.display_name[-4:] for a in files.table.shown} == {".pdf"}
    files.bar.place.choose(["link"])
    assert files.table.rowCount() == 0
    wanted = next(a for a in files.table.records if a.display_name == "readout.log")
    files.choose(wanted.code)
    assert files.table.rowCount() == count
    assert files.view.chosen == wanted


def test_gallery_by_the_keyboard(person: Person) -> None:
    see_list(person)
    files = person.component.attachments
    person.choose(files.view, lambda a: a.display_name == "summary.json")
    person.click(files.bar.gallery_button)
    gallery = files.gallery
    assert isinstance(gallery, QListView)
    person.until(gallery.isVisible, "the gallery")
    gallery.setFocus()
    row = files.view.currentIndex().row()
    person.press(Qt.Key.Key_Right, gallery)
    assert files.view.currentIndex().row() == row + 1
    assert files.preview.attachment == files.view.chosen
    person.press(Qt.Key.Key_Down, gallery)
    assert files.view.currentIndex().row() > row + 2
    person.click(files.bar.gallery_button)
    assert files.view.isVisible()


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


def test_no_preview_takes_the_keys_from_the_list(person: Person) -> None:
    see_list(person)
    files = person.component.attachments
    content = files.preview.content
    of_each = {
        Path(a.display_name).suffix: a.display_name
        for a in files.table.shown
        if a.storage is not Storage.LINK
    }
    shown = set()
    for name in of_each.values():
        person.look_at(name)
        person.settle()
        assert files.view.hasFocus(), name
        shown.add(content.shown_kind)
    assert shown >= {"image", "text", "table", "archive", "pdf", "root", "bytes"}


def test_run_of_a_file_opens(person: Person) -> None:
    see_list(person)
    files = person.component.attachments
    wanted = person.choose(files.view, lambda a: a.owner.kind is OwnerKind.TEST_RUN)
    person.click(files.preview.owner_button)
    assert person.component.tabs.currentIndex() == TESTS
    run = person.component.tests.detail.run
    assert run is not None
    assert run.id == wanted.owner.key


# Fetching --------------------------------------------------------------------------------------------------


def test_only_the_file_on_which_the_selection_rests_is_shown(person: Person) -> None:
    see_list(person)
    files = person.component.attachments
    shown: list[str] = []
    files.preview.shown.connect(lambda attachment: shown.append(attachment.code))
    files.view.setFocus()
    person.choose(files.view, lambda a: a.display_name == "summary.json")
    for _ in range(5):
        person.press(Qt.Key.Key_Down, files.view)
    last = files.view.chosen
    person.until(lambda: last.code in shown, "the last one")
    assert len(shown) <= 2, "at most the one that was chosen first besides"
    assert shown[-1] == last.code


def test_large_file_waits_for_a_click(person: Person, sandbox: SandboxProcess, tmp_path: Path) -> None:
    title = f"large {tmp_path.name}.dat"
    with PlainServer(sandbox) as server:
        server.attach(STRIP, title, bytes(range(256)) * 90_000)
    see_list(person, STRIP)
    files = person.component.attachments
    person.choose(files.view, lambda a: a.title == title)
    person.until(files.preview.load_button.isVisible, "the offer")
    assert files.preview.load_button.text() == "23.0 MB — load"
    assert "23.0 MB" in files.preview.facts.text()
    assert not files.preview.save_button.isEnabled()
    assert known(person, files.view.chosen.display_name) in ("23.0 MB", "")
    person.click(files.preview.load_button)
    person.until(lambda: files.preview.content.shown_kind == "bytes", "the file")
    assert not files.preview.load_button.isVisible()


def test_neighbours_are_there_before_one_looks(person: Person) -> None:
    see_list(person)
    files = person.component.attachments
    cache = files.view.shelf.cache
    person.look_at("summary.json")
    row = files.view.currentIndex().row()
    beside = [files.table.shown[row - 1], files.table.shown[row + 1]]
    person.until(lambda: all(cache.find(a) for a in beside), "the neighbours")


# Out -------------------------------------------------------------------------------------------------------


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
    person.click(files.preview.print_button)
    (dialog,) = files.preview.findChildren(QPrintDialog)
    person.until(dialog.isVisible, "the dialog")
    assert dialog.isModal()
    dialog.reject()
    printer = QPrinter(QPrinter.PrinterMode.ScreenResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    context = person.program._context
    assert context is not None
    assert files.preview.file is not None
    AttachmentPrint(files.preview, context).print_on(printer, files.preview.file)
    person.until(lambda: "was sent to the printer" in person.verdict, "the end of printing")
    printed = open_file(tmp_path / "printed.pdf", "printed.pdf")
    assert printed.media_type == "application/pdf"
    assert printed.size > 5000, "there is a picture on the page"
    assert f"{pages} page" in person.verdict


def test_text_is_not_printed(person: Person) -> None:
    see_list(person)
    person.look_at("readout.log")
    assert not person.component.attachments.preview.print_button.isVisible()


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
    context = person.program._context
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


def test_what_is_forgotten_is_tried_anew(person: Person, sandbox: SandboxProcess, tmp_path: Path) -> None:
    with PlainServer(sandbox) as server:
        server.attach(STRIP, f"broken {tmp_path.name}.png", b"\x89PNG\r\n\x1a\n" + bytes(40))
    see_list(person, STRIP)
    shelf = person.program._context.attachments  # type: ignore[union-attr]
    broken = next(a for a in person.component.attachments.table.records if tmp_path.name in a.title)
    task = asyncio.ensure_future(shelf.look_at([broken]))
    person.until(task.done, "the attempt")
    assert broken.code in shelf._failed
    task = asyncio.ensure_future(shelf.forget(broken))
    person.until(task.done, "it to be forgotten")
    assert broken.code not in shelf._failed


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


def test_purge_removes_the_copies(person: Person) -> None:
    see_list(person)
    files = person.component.attachments
    person.look_at("readout.log")
    cache = files.view.shelf.cache
    assert cache.size > 0
    files.bar.purge()
    person.until(lambda: person.verdict.startswith("Removed"), "the purge")
    person.until(lambda: cache.find(files.view.chosen) is None)
    assert "stay" not in person.verdict


def test_purge_tells_what_stays_unpacked(person: Person) -> None:
    see_list(person)
    files = person.component.attachments
    person.look_at(f"{PIXEL}_configs.zip")
    person.until(lambda: files.preview.content.inner_kind, "the first member")
    files.bar.purge()
    person.until(lambda: person.verdict.startswith("Removed"), "the purge")
    assert "unpacked, or given to other programs, stay until" in person.verdict


def test_a_long_name_widens_nothing(person: Person, tmp_path: Path) -> None:
    from itkgui.client.database import NewAttachment

    path = tmp_path / f"{'x' * 184}.txt"
    path.write_text("a name without a blank")
    component = person.scan(STRIP)
    context = person.program._context
    assert context is not None
    made = context.database.attach(component.component, NewAttachment.of(path, storage=Storage.FILE))
    component.reload()
    person.show_tab(ATTACHMENTS)
    preview = component.attachments.preview
    person.choose(component.attachments.view, lambda a: a.code == made.code)
    person.until(lambda: preview.content.shown_kind, "the file")
    person.until(lambda: "…" in preview.name.text(), "what fits of the name")
    assert preview.name.toolTip() == path.name
    assert preview.name.fontMetrics().horizontalAdvance(preview.name.text()) <= preview.width()
    person.click(preview.delete_button)
    person.until(preview.guard.isVisible, "the question")
    assert path.name in preview.guard.question.toolTip()
    assert preview.minimumSizeHint().width() < preview.name.fontMetrics().horizontalAdvance(path.name) / 3
    person.press(Qt.Key.Key_Escape, preview.guard.keep_button)


# Delete ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("storage", [Storage.FILE, Storage.EOS])
def test_delete_asks_first_and_takes_the_bytes_too(
    person: Person, sandbox: SandboxProcess, tmp_path: Path, storage: Storage
) -> None:
    from itkgui.client.database import NewAttachment

    path = tmp_path / f"{storage.value} goes.txt"
    path.write_text("to be deleted")
    component = person.scan(STRIP)
    context = person.program._context
    assert context is not None
    made = context.database.attach(component.component, NewAttachment.of(path, storage=storage))
    component.reload()
    person.show_tab(ATTACHMENTS)
    files = component.attachments
    person.choose(files.view, lambda a: a.code == made.code)
    person.until(lambda: files.preview.content.shown_kind, "the file")
    files.view.setFocus()
    person.press(Qt.Key.Key_Delete, files.view)
    guard = files.preview.guard
    person.until(guard.isVisible, "the question")
    assert guard.question.text() == f"Delete “{path.name}” from {STRIP}?"
    assert "which is you" in guard.facts.text()
    assert ("EOS" in guard.facts.text()) == (storage is Storage.EOS)
    assert guard.keep_button.hasFocus()
    person.press(Qt.Key.Key_Escape, guard.keep_button)
    assert not guard.isVisible()
    with PlainServer(sandbox) as server:
        (held,) = server.titled(STRIP, path.name)
        person.click(files.preview.delete_button)
        person.click(guard.delete_button)
        person.until(lambda: files.table.row_where(lambda a: a.code == made.code) < 0, "the list without it")
        assert server.titled(STRIP, path.name) == []
        if storage is Storage.EOS:
            import requests

            assert requests.get(held["url"], timeout=10).status_code == 404
    assert files.view.shelf.cache.find(made) is None
    assert files.view.chosen is not None, "the next one is chosen"


@pytest.mark.logs("Not allowed")
def test_refused_delete_changes_nothing(person: Person, sandbox: SandboxProcess) -> None:
    see_list(person)
    files = person.component.attachments
    chosen = person.choose(files.view, lambda a: a.display_name == "summary.json")
    count = files.table.rowCount()
    with PlainServer(sandbox) as server:
        server.fail({"match": "POST /deleteComponentAttachment", "do": "status", "status": 403})
        person.click(files.preview.delete_button)
        person.click(files.preview.guard.delete_button)
        person.until(lambda: person.verdict.startswith("Not allowed"), "the refusal")
        server.fail()
    assert files.table.rowCount() == count
    assert files.view.chosen == chosen


def test_other_selection_closes_the_question(person: Person) -> None:
    see_list(person)
    files = person.component.attachments
    person.choose(files.view, lambda a: a.display_name == "summary.json")
    person.click(files.preview.delete_button)
    assert files.preview.guard.isVisible()
    person.choose(files.view, lambda a: a.display_name == "readout.log")
    assert not files.preview.guard.isVisible()


# Files that have come --------------------------------------------------------------------------------------


def test_new_file_is_chosen_though_another_was(person: Person, tmp_path: Path) -> None:
    see_list(person, STRIP)
    files = person.component.attachments
    person.choose(files.view, lambda a: tmp_path.name not in a.title)
    path = tmp_path / f"new {tmp_path.name}.txt"
    path.write_text("just measured")
    person.component.review([path])
    person.until(person.sheet.send_button.isEnabled, "the review")
    person.click(person.sheet.send_button)
    person.until(
        lambda: files.view.chosen is not None and files.view.chosen.title == path.name, "the new file"
    )
    at = files.view.visualRect(files.view.currentIndex())
    assert files.view.viewport().rect().contains(QPoint(5, at.center().y())), "it is in sight"


# Afterwards ------------------------------------------------------------------------------------------------


def test_nothing_of_the_files_outlives_the_session(person: Person) -> None:
    see_list(person)
    person.look_at("readout.log")
    folder = person.program.options.paths.downloads
    assert list(folder.rglob("readout.log"))
    decoders = [one for one in psutil.Process().children() if "spawn_main" in " ".join(one.cmdline())]
    assert decoders
    person.workspace.sign_out_requested.emit()
    person.until(lambda: person.login.sign_in_button.isEnabled() and not list(folder.iterdir()), "signed out")
    assert not any(process.is_running() for process in decoders)
