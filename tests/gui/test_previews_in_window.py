"""The preview in the window: tried again, given to another program, and with files dropped on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QObject, QPoint, QPointF, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from itkgui.client.files import BinaryFile, open_file
from itkgui.records.attachment import Storage
from itkgui.records.measurement import iv_curve_of
from itkgui.views.components.component_view import ATTACHMENTS
from itkgui.views.previews.other_programs import is_harmless_file
from tests.end2end.job import text_shown
from tests.end2end.plain_server import SILENCE, PlainServer
from tests.gui.person import Person, words
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.program("used")

PIXEL = "20UPGM23800001"
STRIP = "20USBML0000001"
BROKEN = "20UPGPQ4200004"

# Trying again ----------------------------------------------------------------------------------------------


def again(pane: QWidget) -> QPushButton:
    """Return the button of a pane that tries again."""
    (found,) = (b for b in pane.findChildren(QPushButton) if b.isVisible() and b.text() == "Try again")
    return found


def test_cancelled_fetch_can_be_tried_again(person: Person, sandbox: SandboxProcess) -> None:
    component = person.scan(PIXEL)
    person.show_tab(ATTACHMENTS)
    preview = component.attachments.preview
    with PlainServer(sandbox) as server, server.failing(SILENCE):
        person.choose(component.attachments.view, lambda a: a.display_name == "readout.log")
        person.click(preview.fetching.cancel_button)
    person.click(again(preview.content))
    person.until(lambda: preview.content.shown_kind == "text", "the file")
    assert text_shown(preview.content).startswith("# Read-out")


@pytest.mark.parametrize("way", ["button", "Enter"])
def test_failed_fetch_can_be_tried_again(person: Person, sandbox: SandboxProcess, way: str) -> None:
    component = person.scan(PIXEL)
    files = component.attachments
    downloads = person.program.options.paths.downloads
    person.show_tab(ATTACHMENTS)
    downloads.mkdir(parents=True, exist_ok=True)
    kept = downloads.rename(downloads.with_name("kept aside"))
    downloads.write_text("a file where the folder should be")
    person.look_at("readout.log")
    assert files.preview.content.trouble.isVisible()
    downloads.unlink()
    kept.rename(downloads)
    if way == "button":
        person.click(again(files.preview.content.trouble))
    else:
        person.press(Qt.Key.Key_Return, files.view)
    person.until(lambda: files.preview.content.shown_kind == "text", "the file")


def test_damage_does_not_go_by_trying_again(person: Person) -> None:
    component = person.scan(BROKEN)
    person.look_at("archive.zip")
    trouble = component.attachments.preview.content.trouble
    assert not [b for b in trouble.findChildren(QPushButton) if b.isVisible() and b.text() == "Try again"]


def test_fetched_file_that_is_gone_is_fetched_again(person: Person) -> None:
    component = person.scan(PIXEL)
    person.look_at("readout.log")
    for path in person.program.options.paths.downloads.rglob("readout*.log"):
        path.unlink()
    person.look_at("summary.json")
    person.look_at("readout.log")
    assert text_shown(component.attachments.preview.content).startswith("# Read-out")


def test_page_of_maintenance_is_told_and_tried_again(person: Person, sandbox: SandboxProcess) -> None:
    component = person.scan(PIXEL)
    preview = component.attachments.preview
    photo = next(a for a in component.attachments.table.records if a.storage is Storage.EOS)
    with PlainServer(sandbox) as server:
        server.fail({"match": "GET *", "do": "html", "server": "node", "times": None})
        person.look_at(photo.display_name)
        assert preview.content.trouble.isVisible()
        assert "A web page came" in words(preview.content.trouble)
        server.ask("DELETE", "_sandbox/faults", {})
    person.click(again(preview.content.trouble))
    person.until(lambda: preview.content.shown_kind == "image", "the photo")


@pytest.mark.parametrize("way", ["menu", "key"])
def test_file_is_fetched_again_though_one_is_kept(person: Person, way: str) -> None:
    component = person.scan(PIXEL)
    preview = component.attachments.preview
    person.look_at("readout.log")
    (kept,) = person.program.options.paths.downloads.rglob("readout*.log")
    size = kept.stat().st_size
    kept.write_bytes(b"<p>Down</p>".ljust(size))  # as long, so nothing tells that it is another
    person.look_at("summary.json")
    person.look_at("readout.log")
    assert preview.file is not None
    assert preview.file.path.read_bytes().startswith(b"<p>Down")
    if way == "menu":
        preview.kind_button.kinds.aboutToShow.emit()
        next(a for a in preview.kind_button.kinds.actions() if a.text() == "Fetch again").trigger()
    else:
        preview.content.setFocus()
        person.press(Qt.Key.Key_F5, preview, Qt.KeyboardModifier.ShiftModifier)
    person.until(lambda: text_shown(preview.content).startswith("# Read-out"), "the file of the server")


def test_nothing_is_shown_when_the_chosen_one_is_gone(person: Person) -> None:
    component = person.scan(PIXEL)
    files = component.attachments
    person.look_at("readout.log")
    files.show_attachments([a for a in files.table.records if a.display_name != "readout.log"])
    assert files.preview.content.shown_kind == ""
    assert files.preview.content.empty.sentence == "No file chosen."
    assert not files.preview.name.isVisible()


# Other programs --------------------------------------------------------------------------------------------


class Desktop(QObject):
    """Stands where the desktop would open addresses; keeps what it is asked to open."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def take(self, address: QUrl) -> None:
        self.opened.append(address.toString())


@pytest.fixture
def desktop(qapp: QApplication) -> Iterator[Desktop]:
    found = Desktop()
    schemes = ("http", "https", "file", "javascript", "smb", "ms-settings")
    slot: Any = "take"  # the stubs ask for bytes, which Qt then refuses
    for scheme in schemes:
        QDesktopServices.setUrlHandler(scheme, found, slot)
    yield found
    for scheme in schemes:
        QDesktopServices.unsetUrlHandler(scheme)


def show_link(person: Person, url: str) -> None:
    """Show a link among the attachments of the component on the screen, and choose it."""
    files = person.component.attachments
    model = files.table.records[0]
    link = replace(model, code="a-link", filename="", title="The link", storage=Storage.LINK, url=url)
    person.show_tab(ATTACHMENTS)
    files.show_attachments([link])
    person.choose(files.view, lambda a: a.code == "a-link")


@pytest.mark.parametrize("url", ["https://itk.invalid/plots", "HTTP://itk.invalid/plots"])
def test_link_to_the_web_is_opened(person: Person, desktop: Desktop, url: str) -> None:
    person.scan(PIXEL)
    show_link(person, url)
    person.click(person.component.attachments.preview.open_button)
    assert [address.lower() for address in desktop.opened] == [url.lower()]


def test_link_to_anything_else_is_told_not_opened(person: Person, desktop: Desktop) -> None:
    person.scan(PIXEL)
    for url in [
        "file:///etc/passwd",
        "smb://itk.invalid/share/run.exe",
        "javascript:alert(1)",
        "ms-settings:about",
        "/etc/passwd",
        "https:",
        "",
    ]:
        show_link(person, url)
        person.click(person.component.attachments.preview.open_button)
        assert desktop.opened == []
        told = person.program.messages.history[-1]
        assert told.tone == "caution"
        assert told.title == f"Not opened, since it is no web address: {url}"


def test_harmless_file_is_opened_under_a_fitting_name(person: Person, desktop: Desktop) -> None:
    component = person.scan(PIXEL)
    person.look_at("module_front.jpg")
    person.click(component.attachments.preview.open_button)
    person.until(lambda: desktop.opened, "the other program")
    (address,) = desktop.opened
    path = Path(QUrl(address).toLocalFile())
    assert path.suffix == ".jpg"
    assert path.is_file()


@pytest.mark.parametrize("suffix", [".desktop", ".bat", ".html"])
def test_file_that_may_run_is_not_opened(
    person: Person, sandbox: SandboxProcess, desktop: Desktop, tmp_path: Path, suffix: str
) -> None:
    title = f"hostile {tmp_path.name}{suffix}"
    with PlainServer(sandbox) as server:
        server.attach(STRIP, title, b"[Desktop Entry]\nType=Application\nExec=harm\n")
    component = person.scan(STRIP)
    person.look_at(title)
    preview = component.attachments.preview
    assert not preview.open_button.isEnabled()
    assert preview.open_button.toolTip() == "Save it to open it in another program"
    person.click_at(preview.open_button, preview.open_button.rect().center())
    assert desktop.opened == []
    assert preview.save_button.isEnabled()


@pytest.mark.parametrize(
    ("name", "content", "harmless"),
    [
        ("a.txt", b"text\n", True),
        ("a.LOG", b"text\n", True),
        ("a.csv", b"a,b\n1,2\n3,4\n", True),
        ("a.json", b'{"a": 1}', True),
        ("no suffix", b'{"a": 1}', True),
        ("a.pdf", b"%PDF-1.7\n", True),
        ("a.zip", b"PK\x03\x04", True),
        ("a.root", b"root\0\0\0\0", True),
        ("a.png", b"\x89PNG\r\n\x1a\n", True),
        ("a.heif", b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", True),
        ("a.raf", b"FUJIFILMCCD-RAW 0201", True),
        ("a.orf", b"IIRO\x08\0", True),
        ("a.rw2", b"IIU\0\x18\0\0\0", True),
        ("a.crw", b"II\x1a\0\0\0HEAPCCDR", True),
        ("a.mrw", b"\0MRM\0\0\0\1\0PRD", True),
        ("a.arw", b"II*\0\x08\0\0\0\0\0", True),
        ("a.exe", b"FUJIFILMCCD-RAW 0201", False),
        ("a.sh", b"text\n", False),
        ("a.txt.lnk", b"text\n", False),
        ("a.jar", b"PK\x03\x04", False),
        ("a.html", b"<html></html>", False),
        ("a.txt", b"<html><script></script></html>", False),
        ("a.svg", b"<svg></svg>", False),
        ("a.png.exe", b"\x89PNG\r\n\x1a\n", False),
        ("a.txt", b"MZ\x90\0\x03\0\0\0\x04", False),
        ("a.exe", b"MZ\x90\0\x03\0\0\0\x04", False),
    ],
)
def test_what_another_program_may_be_given(tmp_path: Path, name: str, content: bytes, harmless: bool) -> None:
    source = tmp_path / "source"
    source.write_bytes(content)
    file = open_file(source, name)
    file = BinaryFile(file.save(tmp_path / file.name), file.name, file.size, file.media_type)
    assert is_harmless_file(file) is harmless


# Drops -----------------------------------------------------------------------------------------------------


def drop_in_window(window: QWidget, target: QWidget, path: Path) -> Qt.DropAction:
    """Drag a file over the middle of a widget and let go, as the window system tells the window of it."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    spot = target.mapTo(window, target.rect().center())
    place = window.windowHandle()
    possible, button, keys = (
        Qt.DropAction.CopyAction,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(place, QDragEnterEvent(QPoint(spot), possible, mime, button, keys))
    move = QDragMoveEvent(QPoint(spot), possible, mime, button, keys)
    QApplication.sendEvent(place, move)
    drop = QDropEvent(QPointF(spot), possible, mime, button, keys)
    QApplication.sendEvent(place, drop)
    return drop.dropAction() if move.isAccepted() and drop.isAccepted() else Qt.DropAction.IgnoreAction


@pytest.mark.parametrize("name", ["module_front.jpg", "readout.log", f"{PIXEL}_configs.zip"])
def test_file_dropped_on_a_preview_is_for_the_component(person: Person, tmp_path: Path, name: str) -> None:
    component = person.scan(PIXEL)
    person.look_at(name)
    path = tmp_path / "dropped.txt"
    path.write_text("dropped\n")
    content = component.attachments.preview.content
    assert drop_in_window(person.window, content, path) == Qt.DropAction.CopyAction
    person.until(lambda: [row.path for row in person.sheet.rows] == [path], "the review")


def test_file_dropped_on_a_curve_is_for_the_component(person: Person, tmp_path: Path) -> None:
    person.scan(PIXEL)
    person.look_at_run(lambda run: iv_curve_of(run) is not None)
    path = tmp_path / "dropped.txt"
    path.write_text("dropped\n")
    assert drop_in_window(person.window, person.curve().view, path) == Qt.DropAction.CopyAction
    person.until(lambda: [row.path for row in person.sheet.rows] == [path], "the review")
