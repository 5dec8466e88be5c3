"""Attachments and their previews: each kind of file, and each file that is not what it seems."""

from __future__ import annotations

import io
import json
import random
import time
import zipfile
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from itkgui.records.attachment import Storage
from itkgui.views.attachments.attachment_preview import _REST_S
from itkgui.views.components.component_view import ATTACHMENTS
from itkgui.views.previews.hex import HexPreview
from itkgui.views.previews.image import ImagePreview
from itkgui.views.previews.member_tree import MemberTree
from itkgui.views.previews.text import TextPreview
from tests.end2end.job import colours, row_named, text_shown
from tests.end2end.plain_server import SILENCE, PlainServer
from tests.gui.person import Person, words
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.program("used")

PIXEL = "20UPGM23800001"
STRIP = "20USBML0000001"
BROKEN = "20UPGPQ4200004"


def member_shown(person: Person, name: str) -> None:
    """Click on a member of the archive on the screen."""
    trees = person.component.attachments.preview.content.findChildren(MemberTree)
    tree, row = next(
        (tree, row) for tree in trees if tree.isVisible() and (row := row_named(tree, name)) >= 0
    )
    tree.scrollTo(tree.members.index(row, 0))
    person.click_at(tree.viewport(), tree.visualRect(tree.members.index(row, 0)).center())


def test_nothing_is_chosen_at_first(person: Person) -> None:
    component = person.scan(PIXEL)
    person.show_tab(ATTACHMENTS)
    content = component.attachments.preview.content
    assert content.empty.isVisible()
    assert content.empty.sentence == "No file chosen."
    assert "Drop files anywhere on this page" in component.attachments.summary.text()


@pytest.mark.parametrize("ending", [".jpg", ".png", ".tiff"])
def test_image(person: Person, ending: str) -> None:
    component = person.scan(PIXEL)
    files = component.attachments
    name = next(a.display_name for a in files.table.records if a.display_name.endswith(ending))
    person.look_at(name)
    assert files.preview.content.shown_kind == "image"
    (preview,) = files.preview.content.findChildren(ImagePreview)
    assert "pixels" in preview.facts.text()
    assert colours(preview.canvas.grab().toImage()) > 20
    assert files.preview.name.text() == name
    assert "image/" in files.preview.facts.text()


def test_image_zooms_turns_and_fits(person: Person) -> None:
    component = person.scan(PIXEL)
    person.look_at("module_front.jpg")
    (preview,) = component.attachments.preview.content.findChildren(ImagePreview)
    buttons = {
        button.accessibleName(): button
        for button in preview.findChildren(type(component.strip.reload_button))
    }
    fitted = preview.canvas.scale_shown
    person.click(buttons["Larger"])
    assert preview.canvas.scale_shown == pytest.approx(fitted * 1.25)
    person.click(buttons["Fit to the pane"])
    assert preview.canvas.scale_shown == pytest.approx(fitted)
    wide = preview.canvas.place.full
    person.click(buttons["Rotate by 90°"])
    assert preview.canvas.place.full == wide.transposed()


def test_text(person: Person) -> None:
    component = person.scan(PIXEL)
    person.look_at("readout.log")
    content = component.attachments.preview.content
    assert content.shown_kind == "text"
    assert text_shown(content).startswith(f"# Read-out of Module {PIXEL}")
    (pane,) = content.findChildren(TextPreview)
    assert pane.encoding_button.text().startswith("UTF-8")


def test_json_is_laid_out(person: Person, sandbox: SandboxProcess) -> None:
    component = person.scan(PIXEL)
    person.look_at("summary.json")
    content = component.attachments.preview.content
    (pane,) = content.findChildren(TextPreview)
    person.until(lambda: "JSON, laid out" in pane.facts.text(), "the JSON")
    with PlainServer(sandbox) as server:
        (held,) = (a for a in server.attachments(PIXEL) if a["filename"] == "summary.json")
        raw = server.content(PIXEL, held)
    assert text_shown(content) == json.dumps(json.loads(raw), indent=2, ensure_ascii=False)


def test_archive_shows_its_members(person: Person) -> None:
    component = person.scan(PIXEL)
    person.look_at(f"{PIXEL}_configs.zip")
    content = component.attachments.preview.content
    assert content.shown_kind == "archive"
    person.until(lambda: content.inner_kind == "text", "the first member")
    member_shown(person, "threshold_map.png")
    person.until(lambda: content.inner_kind == "image", "the picture in it")
    member_shown(person, "FE2_warm.json")
    person.until(lambda: '"ITKPIXV2"' in text_shown(content), "the JSON in it")


def test_archive_in_an_archive(person: Person, sandbox: SandboxProcess, tmp_path: Path) -> None:
    inner, outer = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("deep/note.txt", "found at the bottom\n")
    with zipfile.ZipFile(outer, "w") as archive:
        archive.writestr("../../escape.txt", "stays where it is\n")
        archive.writestr("inner.zip", inner.getvalue())
    title = f"nested {tmp_path.name}.zip"
    with PlainServer(sandbox) as server:
        server.attach(STRIP, title, outer.getvalue())
    component = person.scan(STRIP)
    person.look_at(title)
    content = component.attachments.preview.content
    assert content.shown_kind == "archive"
    person.until(lambda: "stays where it is" in text_shown(content), "the first member")
    member_shown(person, "inner.zip")
    person.until(lambda: content.inner_kind == "archive", "the archive in it")
    person.until(lambda: "found at the bottom" in text_shown(content), "the text in that")
    downloads = person.program.options.paths.downloads
    assert all(found.is_relative_to(downloads) for found in tmp_path.parent.rglob("escape.txt"))


def test_anything_else_is_shown_as_bytes(person: Person) -> None:
    component = person.scan(PIXEL)
    person.look_at("dump.dat")
    content = component.attachments.preview.content
    assert content.shown_kind == "bytes"
    (pane,) = content.findChildren(HexPreview)
    assert pane.canvas.known_bytes(0, 4) == b"\x93RGD"
    assert "of no kind that is known here" in pane.facts.text()


def test_empty_file_says_so(person: Person) -> None:
    component = person.scan(PIXEL)
    person.look_at("tuning.err")
    preview = component.attachments.preview
    person.until(lambda: "0 bytes" in preview.facts.text() or "0 B" in preview.facts.text(), "the size")
    assert preview.content.empty.isVisible()
    assert preview.content.empty.sentence == "This file is empty: 0 bytes."
    assert preview.content.kinds == ()


def test_image_that_is_none(person: Person) -> None:
    component = person.scan(BROKEN)
    person.look_at("picture.jpg")
    preview = component.attachments.preview
    assert preview.advice.isVisible()
    assert "The name promises an image, the content is text/plain." in preview.advice.sentence
    assert text_shown(preview.content).startswith("This file is called .jpg")


def test_noise_under_any_name_is_told(person: Person, sandbox: SandboxProcess, tmp_path: Path) -> None:
    promises = {".root": "a ROOT file", ".png": "an image", ".pdf": "a PDF", ".csv": "text"}
    titles = {f"noise {tmp_path.name}{ending}": promised for ending, promised in promises.items()}
    with PlainServer(sandbox) as server:
        for title in titles:
            server.attach(STRIP, title, b"\x93\0" + random.Random(2).randbytes(5000))
    preview = person.scan(STRIP).attachments.preview
    for title, promised in titles.items():
        person.look_at(title)
        assert preview.content.shown_kind == "bytes"
        assert preview.advice.isVisible()
        told = f"The name promises {promised}, the content is of no kind that is known here."
        assert preview.advice.sentence == told


def test_archive_that_is_none(person: Person) -> None:
    component = person.scan(BROKEN)
    person.look_at("archive.zip")
    preview = component.attachments.preview
    assert preview.content.shown_kind == ""
    said = words(preview.content.trouble)
    assert "This archive cannot be shown: it is damaged or not what its name says." in said
    assert "Save the file and open it in another program" in said
    assert preview.save_button.isEnabled()
    person.look_at("pcb.jpg")
    assert preview.content.shown_kind == "image"
    assert not preview.content.trouble.isVisible()


@pytest.mark.qt_log_ignore("JPEG", extend=True)
@pytest.mark.parametrize("cut", [64, 5000])
def test_damaged_image(person: Person, sandbox: SandboxProcess, tmp_path: Path, cut: int) -> None:
    title = f"damaged {tmp_path.name}.jpg"
    with PlainServer(sandbox) as server:
        (whole,) = (a for a in server.attachments(PIXEL) if a["filename"] == "module_front.jpg")
        server.attach(STRIP, title, server.content(PIXEL, whole)[:cut])
    component = person.scan(STRIP)
    person.look_at(title)
    content = component.attachments.preview.content
    if content.shown_kind == "":
        assert "This image cannot be shown" in words(content.trouble)
    else:  # what can be decoded of a file cut short may be shown
        assert content.shown_kind == "image"


def test_file_from_eos(person: Person) -> None:
    component = person.scan(PIXEL)
    attachment = next(a for a in component.attachments.table.records if a.storage is Storage.EOS)
    person.look_at(attachment.display_name)
    assert component.attachments.preview.content.shown_kind
    assert "kept in EOS" in component.attachments.preview.facts.text()


def test_save_as_writes_the_bytes_of_the_server(
    person: Person, sandbox: SandboxProcess, tmp_path: Path
) -> None:
    component = person.scan(PIXEL)
    person.look_at("probe_station.csv")
    preview = component.attachments.preview
    person.click(preview.save_button)
    (dialog,) = preview.findChildren(QFileDialog)
    person.until(dialog.isVisible, "the dialog")
    target = tmp_path / "saved copy.csv"
    dialog.setDirectory(str(tmp_path))
    dialog.selectFile(target.name)
    dialog.accept()
    person.until(lambda: person.verdict.startswith("Saved as"), "the verdict")
    with PlainServer(sandbox) as server:
        (held,) = (a for a in server.attachments(PIXEL) if a["filename"] == "probe_station.csv")
        assert target.read_bytes() == server.content(PIXEL, held)


def test_fetching_can_be_cancelled(person: Person, sandbox: SandboxProcess) -> None:
    component = person.scan(PIXEL)
    person.show_tab(ATTACHMENTS)
    files = component.attachments
    before = list(person.program.messages.history)
    with PlainServer(sandbox) as server, server.failing(SILENCE):
        person.choose(files.view, lambda a: a.display_name == "readout.log")
        person.click(files.preview.fetching.cancel_button)
    assert files.preview.content.empty.sentence == "Not fetched."
    assert not files.preview.fetching.cancel_button.isVisible()
    assert person.program.messages.history == before, "a cancelled piece of work is no news"
    person.choose(files.view, lambda a: a.display_name == "summary.json")
    person.until(lambda: files.preview.content.shown_kind == "text", "the other file")
    person.until(lambda: "{" in text_shown(files.preview.content), "its JSON")
    person.look_at("readout.log")
    assert files.preview.content.shown_kind == "text"


def test_progress_goes_when_a_fetched_file_is_chosen_instead(person: Person, sandbox: SandboxProcess) -> None:
    component = person.scan(PIXEL)
    person.look_at("readout.log")
    preview = component.attachments.preview
    with PlainServer(sandbox) as server, server.failing(SILENCE):
        person.choose(component.attachments.view, lambda a: a.display_name == "summary.json")
        person.until(preview.fetching.cancel_button.isVisible, "the progress")
        person.choose(component.attachments.view, lambda a: a.display_name == "readout.log")
        person.until(lambda: preview.content.shown_kind == "text", "the file that was fetched before")
        assert not preview.fetching.cancel_button.isVisible()


@pytest.mark.parametrize("place", ["rows", "gallery", "large preview"])
def test_key_that_is_held_loads_nothing_on_the_way(person: Person, place: str) -> None:
    person.scan(PIXEL)
    person.look_at("readout.log")
    files = person.component.attachments
    taker: QWidget = files.view
    if place == "gallery":
        files.bar.gallery_button.click()
        assert files.gallery is not None
        taker = files.gallery
    elif place == "large preview":
        files.show_large(True)
        taker = files.preview
    files.view.choose_row(0)
    preview, code = files.preview, Qt.Key.Key_Down if place != "gallery" else Qt.Key.Key_Right

    def rest() -> None:
        chosen_at = time.monotonic()
        person.until(lambda: time.monotonic() > chosen_at + 2 * _REST_S, "the selection to rest")

    for is_repeated in (True, False):
        rest()
        row = files.view.currentIndex().row()
        QApplication.sendEvent(
            taker, QKeyEvent(QEvent.Type.KeyPress, code, Qt.KeyboardModifier.NoModifier, "", is_repeated)
        )
        assert files.view.currentIndex().row() == row + 1
        assert preview._rest.isActive() == is_repeated, "one press is answered at once"


def test_closing_while_a_file_is_fetched(person: Person, sandbox: SandboxProcess) -> None:
    component = person.scan(PIXEL)
    person.show_tab(ATTACHMENTS)
    with PlainServer(sandbox) as server, server.failing(SILENCE):
        person.choose(component.attachments.view, lambda a: a.display_name == "readout.log")
        person.until(component.attachments.preview.fetching.cancel_button.isVisible, "the progress")
        person.workspace.components.tabCloseRequested.emit(0)
        person.until(lambda: person.workspace.components.count() == 0)
        person.settle()
    assert person.program.faults == []


@pytest.mark.program("new")
def test_sign_out_leaves_no_fetched_file(person: Person, tmp_path: Path) -> None:
    person.scan(PIXEL)
    person.look_at("readout.log")
    downloads = person.program.options.paths.downloads
    assert list(downloads.iterdir())
    person.workspace.sign_out_action.trigger()
    person.until(lambda: person.window.workspace is None, "the sign-in page")
    person.until(person.login.sign_in_button.isEnabled, "the end of the sign-out")
    assert not list(downloads.iterdir())
