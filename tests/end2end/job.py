"""The technician's main job, from sign-in to a file on the server, for any kind of window."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter

from itkgui.records.attachment import Storage
from itkgui.records.measurement import iv_curve_of
from itkgui.uploads.upload import UploadState
from itkgui.views.components.component_view import ATTACHMENTS
from itkgui.views.previews.member_tree import MemberTree
from itkgui.views.previews.preview_content import PreviewContent
from itkgui.views.previews.text import TextPreview
from tests.end2end.plain_server import PlainServer
from tests.gui.person import Person

PIXEL = "20UPGM23800001"


def scan_and_see_tests(person: Person, server: PlainServer) -> None:
    """Scan by typed keys and Enter; every run of the server is in the table, and a curve is drawn."""
    component = person.scan(PIXEL)
    assert component.strip.serial.text() == PIXEL
    assert len(component.tests.table.runs) == len(server.runs(PIXEL)) > 0
    run = person.look_at_run(lambda run: iv_curve_of(run) is not None)
    plot = person.curve()
    (curve,) = plot.curves
    voltage = curve.x
    raw = next(found for found in server.runs(PIXEL) if found["id"] == run.id)
    results = {result["code"]: result["value"] for result in raw["results"]}
    measured = results.get("IV_ARRAY") or results
    assert len(voltage) == len(curve.y) == len(measured["voltage"]) > 10
    assert list(voltage) == [abs(value) for value in measured["voltage"]]
    drawn = plot.grab().toImage()
    assert colours(drawn) > 20, "nothing is drawn"


def look_at_files(person: Person) -> None:
    """An image, a text and a member of an archive are shown beside the list."""
    component = person.component
    content = component.attachments.preview.content
    person.show_tab(ATTACHMENTS)
    for ending, kind in ((".jpg", "image"), (".log", "text"), ("_configs.zip", "archive")):
        files = component.attachments.table.records
        person.look_at(next(a.display_name for a in files if a.display_name.endswith(ending)))
        assert content.shown_kind == kind
        assert colours(content.grab().toImage()) > 20
    tree = content.findChild(MemberTree)
    assert tree is not None
    member = tree.members.index(row_named(tree, "tuning.log"), 0)
    tree.scrollTo(member)
    person.click_at(tree.viewport(), tree.visualRect(member).center())
    person.until(lambda: "Read-out of Module" in text_shown(content), "the member's text")


def row_named(tree: MemberTree, name: str) -> int:
    """Return the row of a member on the screen; -1 if there is none of that name."""
    rows = range(tree.members.rowCount())
    return next((row for row in rows if tree.members.text(tree.members.entry(row), 0) == name), -1)


def drop_and_send(person: Person, folder: Path) -> tuple[Path, Path]:
    """Drop a small note and an image on the component, and send them; return both files."""
    note, photo = write_files(folder)
    component = person.component
    before = component.attachments.table.rowCount()
    assert person.drop(component, [note, photo]) == Qt.DropAction.CopyAction
    person.until(person.sheet.send_button.isEnabled, "the review")
    kept = {row.path.name: row.kept_in for row in person.sheet.rows}
    assert kept == {note.name: Storage.FILE, photo.name: Storage.EOS}
    person.click(person.sheet.send_button)
    person.until(lambda: len(person.uploads) == 2 and not person.has_open_uploads, "the uploads")
    assert [(u.state, u.trouble) for u in person.uploads] == [(UploadState.DONE, None)] * 2
    person.until(lambda: component.attachments.table.rowCount() == before + 2, "the new rows")
    names = [attachment.display_name for attachment in component.attachments.table.records]
    assert {note.name, photo.name} <= set(names)
    return note, photo


def check_on_server(server: PlainServer, note: Path, photo: Path) -> None:
    """Both files are on the server, each where it should be, byte for byte."""
    for path, kind in ((note, "file"), (photo, "eos")):
        (held,) = server.titled(PIXEL, path.name)
        assert held["type"] == kind
        content = server.content(PIXEL, held)
        assert len(content) == path.stat().st_size
        assert hashlib.sha256(content).digest() == hashlib.sha256(path.read_bytes()).digest()


def text_shown(content: PreviewContent) -> str:
    """Return the text that a preview shows, in an archive too."""
    panes = content.findChildren(TextPreview)
    return next((loaded_text(pane) for pane in panes if pane.isVisible()), "")


def loaded_text(pane: TextPreview) -> str:
    """Return the rows of a text that are loaded."""
    pages = pane.reader.pages
    rows = (pages.row(number) for number in range(pages.rows))
    return "\n".join(row.text for row in rows if row is not None)


def write_files(folder: Path) -> tuple[Path, Path]:
    """Make a note and a picture whose names no other test uses."""
    mark = folder.name
    note, photo = folder / f"note-{mark}.txt", folder / f"photo-{mark}.png"
    note.write_text(f"Visual inspection ({mark})\nAll wire bonds present – no scratches, 21 °C.\n", "utf-8")
    picture = QImage(640, 480, QImage.Format.Format_RGB32)
    picture.fill(QColor("#1f5b3a"))
    painter = QPainter(picture)
    for number in range(60):
        painter.setPen(QColor.fromHsv(number * 6, 180, 230))
        painter.drawLine(10 * number, 20, 640 - 10 * number, 460)
    painter.end()
    assert picture.save(str(photo))
    return note, photo


def colours(picture: QImage) -> int:
    """Count the colours of a picture, on a grid that is fine enough to meet text."""
    # As it is, if it has a number for each pixel: what is grabbed has no alpha, and would lose its colours.
    plain = picture if picture.depth() == 32 else picture.convertToFormat(QImage.Format.Format_ARGB32)
    pixels = np.frombuffer(plain.constBits(), np.uint32).reshape(plain.height(), plain.width())
    return len(np.unique(pixels[::2, ::3]))
