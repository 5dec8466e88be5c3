"""What of a file is copied: what is seen of it, as the button says."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from itkgui.views.previews.image import ImagePreview
from tests.end2end.plain_server import PlainServer
from tests.gui.person import Person
from tests.sandbox_process import SandboxProcess

PIXEL = "20UPGM23800001"
STRIP = "20USBML0000001"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="120" height="60"><rect width="60" height="60"/></svg>'


def test_svg_is_copied_as_what_is_seen(person: Person, sandbox: SandboxProcess, tmp_path: Path) -> None:
    title = f"drawing {tmp_path.name}.svg"
    with PlainServer(sandbox) as server:
        server.attach(STRIP, title, SVG)
    files = person.scan(STRIP).attachments
    person.look_at(title)
    preview = files.preview
    assert preview.copy_button.toolTip() == "Copy the picture (Ctrl+C)"
    files.view.setFocus()
    person.press(Qt.Key.Key_C, files.view, Qt.KeyboardModifier.ControlModifier)
    person.until(lambda: person.verdict.startswith("Picture copied"), "the copy")
    assert person.verdict.endswith(f"pixels: {title}")
    image = QGuiApplication.clipboard().image()
    assert image.width() == 2 * image.height()
    (drawing,) = preview.content.findChildren(ImagePreview)
    drawing.source_button.click()
    assert preview.copy_button.toolTip() == "Copy the text (Ctrl+C)"
    person.click(preview.copy_button)
    person.until(lambda: person.verdict == f"Text copied: {title}", "the copy")
    assert QGuiApplication.clipboard().text() == SVG.decode()
    preview.content.show_as("bytes")
    person.until(lambda: preview.content.shown_kind == "bytes", "the bytes")
    assert preview.copy_button.accessibleName() == "Copy the text"


def test_button_names_no_key_for_what_the_key_does_not_copy(person: Person) -> None:
    files = person.scan(PIXEL).attachments
    person.look_at("dump.dat")
    assert files.preview.copy_button.toolTip() == "Copy the file"
    before = QGuiApplication.clipboard()
    before.clear()
    files.view.setFocus()
    person.press(Qt.Key.Key_C, files.view, Qt.KeyboardModifier.ControlModifier)
    person.until(lambda: "dump.dat" in QGuiApplication.clipboard().text(), "the row")
