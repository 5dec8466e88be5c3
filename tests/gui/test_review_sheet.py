"""The review of dropped files: what may go, what stops, and the one component it all goes to."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtWidgets import QFileDialog, QMessageBox

from itkgui.item_models.review_row import ReviewRow
from itkgui.records.attachment import OwnerKind, Storage
from itkgui.uploads.upload import UploadState
from itkgui.views.components.component_view import ComponentView
from tests.end2end.job import write_files
from tests.end2end.plain_server import PlainServer
from tests.gui.person import Person
from tests.sandbox_process import SandboxProcess

PIXEL = "20UPGM23800001"
STRIP = "20USBMS0000001"
pytestmark = pytest.mark.program("used")


@pytest.fixture
def component(person: Person) -> ComponentView:
    return person.scan(STRIP)


def review(person: Person, paths: list[Path]) -> None:
    assert person.drop(person.component, paths) == Qt.DropAction.CopyAction
    person.until(lambda: len(person.sheet.rows) == len(paths), "the review")
    person.until(lambda: person.sheet.table.are_looked_at, "a look at each file")
    person.until(lambda: person.sheet.view.chosen is not None, "a chosen row")
    person.until(lambda: person.sheet.form.title.isEnabled(), "the form")
    person.until(lambda: "Looking" not in person.sheet.status.text(), "the words")


def choose(person: Person, path: Path) -> ReviewRow:
    """Click on the row of a file, and wait until what can be done with it is shown."""
    row = person.choose(person.sheet.view, lambda row: row.path == path)
    assert isinstance(row, ReviewRow)
    person.until(lambda: person.sheet.form.chosen.text() == path.name, "the form")
    return row


def test_files_are_shown_with_what_becomes_of_them(
    person: Person, component: ComponentView, tmp_path: Path
) -> None:
    note, photo = write_files(tmp_path)
    review(person, [note, photo])
    sheet = person.sheet
    assert sheet.isVisible()
    assert sheet.heading.text() == f"Add files to {STRIP}"
    rows = {row.path: row for row in sheet.rows}
    assert (rows[note].kept_in, rows[note].reason) == (Storage.FILE, "small file")
    assert (rows[photo].kept_in, rows[photo].reason) == (Storage.EOS, "image")
    assert rows[note].title == note.name
    assert sheet.send_button.isEnabled(), sheet.status.text()
    assert sheet.send_button.text() == "Send 2 files"
    assert "in all" in sheet.status.text()


def asked(person: Person) -> QMessageBox:
    (box,) = (box for box in person.sheet.findChildren(QMessageBox) if box.isVisible())
    return box


def test_a_review_is_given_up_at_once_unless_something_was_changed_in_it(
    person: Person, component: ComponentView, tmp_path: Path
) -> None:
    paths = list(write_files(tmp_path))
    review(person, paths)
    person.press(Qt.Key.Key_Escape, component)
    assert not person.sheet.isVisible()
    review(person, paths)
    sheet, title = person.sheet, person.sheet.form.title
    title.setFocus()
    person.type_on(title, " again")
    person.press(Qt.Key.Key_Escape, title)
    assert asked(person).text() == f"{sheet.head.said}: send nothing of it?"
    assert asked(person).informativeText() == "What was typed and decided for it is not kept."
    person.press(Qt.Key.Key_Escape, asked(person))
    assert len(sheet.rows) == 2
    person.click(sheet.cancel_button)
    person.click(
        next(one for one in asked(person).buttons() if one.text().replace("&", "") == "Send nothing")
    )
    assert not sheet.isVisible()
    assert not person.uploads


def test_no_button_moves_when_another_changes(
    person: Person, component: ComponentView, tmp_path: Path
) -> None:
    note, photo = write_files(tmp_path)
    empty = tmp_path / "empty.txt"
    empty.write_bytes(b"")
    review(person, [empty, note, photo])
    sheet = person.sheet

    def places() -> list[QPoint]:
        left, right = (button.geometry() for button in (sheet.cancel_button, sheet.send_button))
        return [sheet.foot.mapTo(sheet, place) for place in (left.bottomLeft(), right.bottomRight())]

    person.until(lambda: "2 files" in sheet.send_button.text(), "the words")
    before, was_wide = places(), sheet.send_button.width()
    person.click(sheet.marked_button)
    person.until(lambda: [row.path for row in sheet.form._rows] == [empty], "the form")
    person.click(sheet.form.remove_button)
    person.until(lambda: len(sheet.rows) == 2, "the end of the empty one")
    sheet.remove([row for row in sheet.rows if row.path == photo])
    person.until(lambda: sheet.send_button.width() != was_wide, "other words")
    assert not sheet.marked_button.isVisible()
    assert places() == before
    assert sheet.cancel_button.x() == 0


def test_what_cannot_be_sent_stops_all(person: Person, component: ComponentView, tmp_path: Path) -> None:
    note, _ = write_files(tmp_path)
    bad = {name: tmp_path / f"bad-{name}" for name in ("empty", "dangling", "loop")}
    bad["empty"].write_bytes(b"")
    bad["dangling"].symlink_to(tmp_path / "nowhere")
    bad["loop"].symlink_to(bad["loop"])
    review(person, [*bad.values(), note])
    sheet = person.sheet
    assert not sheet.send_button.isEnabled()
    assert sheet.status.text() == "Choose “Do not send” for the marked files to go on."
    expected = {
        "empty": "The file has a size of 0 bytes",
        "dangling": "File not found",
        "loop": "File not readable",
    }
    for name, sentence in expected.items():
        choose(person, bad[name])
        person.until(lambda said=sentence: said in sheet.form.doubts.text.text(), "what is wrong")  # type: ignore[misc]
    states = {row.path.name: row.remark for row in sheet.rows if row.path != note}
    assert states == {
        "bad-empty": "empty file",
        "bad-dangling": "file not found",
        "bad-loop": "file not readable",
    }
    choose(person, note)
    person.click(sheet.form.remove_button)
    person.until(lambda: sheet.status.text() == "None of these can be sent.", "the words")
    person.drop(component, [note])
    person.until(lambda: len(sheet.rows) == 4, "the good one again")
    sheet.remove([row for row in sheet.rows if row.path != note])
    person.until(sheet.send_button.isEnabled, "the way")
    assert [row.path for row in sheet.rows] == [note]


def test_removing_the_last_file_and_cancel_close_the_review(
    person: Person, component: ComponentView, tmp_path: Path
) -> None:
    note, _ = write_files(tmp_path)
    review(person, [note])
    person.press(Qt.Key.Key_Delete, person.sheet.view)
    person.until(component.tabs.isVisible, "the tabs")
    review(person, [note])
    assert len(person.sheet.rows) == 1
    person.click(person.sheet.cancel_button)
    assert component.tabs.isVisible()
    assert not person.uploads


def test_a_title_is_needed(person: Person, component: ComponentView, tmp_path: Path) -> None:
    note, _ = write_files(tmp_path)
    review(person, [note])
    title = person.sheet.form.title
    person.type(title, "   ")
    person.until(lambda: person.sheet.status.text() == "Every file needs a title.", "the words")
    assert not person.sheet.send_button.isEnabled()
    person.type(title, "A title")
    person.until(person.sheet.send_button.isEnabled, "the way")


def test_files_dropped_later_are_added_once(person: Person, component: ComponentView, tmp_path: Path) -> None:
    note, photo = write_files(tmp_path)
    review(person, [note])
    person.type(person.sheet.form.title, "Edited before")
    person.drop(component, [note, photo, photo])
    person.until(lambda: len(person.sheet.rows) == 2, "the second file")
    titles = {row.path: row.title for row in person.sheet.rows}
    assert titles == {note: "Edited before", photo: photo.name}


def test_answer_is_copy_whatever_keys_are_held(
    person: Person, component: ComponentView, tmp_path: Path
) -> None:
    note, _ = write_files(tmp_path)
    shift = Qt.KeyboardModifier.ShiftModifier
    for proposed in (Qt.DropAction.MoveAction, Qt.DropAction.LinkAction):
        assert person.drop(component, [note], shift, proposed) == Qt.DropAction.CopyAction
    assert note.exists()


def test_what_is_no_local_file_is_refused_in_words(person: Person, component: ComponentView) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl("https://server.invalid/picture.jpg")])
    person.drop_mime(component, mime)
    assert (
        person.verdict
        == "Only files of this computer, or pictures themselves, can be dropped: save it first."
    )
    assert component.tabs.isVisible()
    text = QMimeData()
    text.setText("only text")
    assert person.drop_mime(component, text) == Qt.DropAction.IgnoreAction


@pytest.mark.program("new")
def test_cancel_is_too_late_while_the_queue_takes_the_files(
    person: Person, component: ComponentView, tmp_path: Path
) -> None:
    note, _ = write_files(tmp_path)
    review(person, [note])
    sheet = person.sheet
    person.until(sheet.send_button.isEnabled, "the copy")
    (path,) = (tmp_path / "data").rglob("queue.sqlite3")
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("BEGIN IMMEDIATE")  # a disk that is slow
    person.click(sheet.send_button)
    person.click(sheet.cancel_button)
    person.press(Qt.Key.Key_Escape, component)
    assert len(sheet.rows) == 1
    database.execute("ROLLBACK")
    database.close()
    person.until(lambda: not sheet.rows, "the queue to take it")
    person.until(lambda: [row.state for row in person.uploads] == [UploadState.DONE], "its end")


def test_target_stays_when_another_component_is_scanned(
    person: Person, sandbox: SandboxProcess, component: ComponentView, tmp_path: Path
) -> None:
    note, _ = write_files(tmp_path)
    review(person, [note])
    sheet = person.sheet
    person.type_label(PIXEL)
    person.until(sheet.question.isVisible, "the question")
    assert person.component is component, "nothing happens without a yes"
    person.click(sheet.question.open_button)
    person.until(lambda: person.component is not component, "the other component")
    other = person.component
    assert not sheet.isVisible()
    assert sheet.target.currentData() == component.component.owner
    person.workspace.components.setCurrentWidget(component)
    assert sheet.isVisible()
    assert sheet.heading.text() == f"Add files to {STRIP}"
    person.click(sheet.send_button)
    person.until(lambda: person.uploads and not person.has_open_uploads, "the upload")
    with PlainServer(sandbox) as server:
        assert len(server.titled(STRIP, note.name)) == 1
        assert server.titled(PIXEL, note.name) == []
    assert other.component.label == PIXEL


def test_target_stays_when_the_component_is_loaded_again(
    person: Person, component: ComponentView, tmp_path: Path
) -> None:
    note, _ = write_files(tmp_path)
    review(person, [note])
    sheet = person.sheet
    run = next(i for i in range(sheet.target.count()) if sheet.target.itemData(i).kind is OwnerKind.TEST_RUN)
    sheet.target.setCurrentIndex(run)
    chosen = sheet.target.currentData()
    before = component.tests.table.records
    person.press(Qt.Key.Key_F5, component)
    person.until(lambda: component.tests.table.records is not before, "the reload")
    person.settle()
    assert sheet.isVisible()
    assert sheet.target.currentData() == chosen
    assert [row.path for row in sheet.rows] == [note]


def test_deleted_runs_are_no_targets_and_what_is_gone_is_not_replaced_by_another(
    person: Person, component: ComponentView, tmp_path: Path
) -> None:
    note, _ = write_files(tmp_path)
    review(person, [note])
    sheet = person.sheet
    runs = component.tests.table.runs
    offered = {sheet.target.itemData(i).key for i in range(sheet.target.count())}
    assert offered == {component.component.code} | {run.id for run in runs if not run.is_deleted}
    sheet.target.setCurrentIndex(1)
    assert sheet.target.currentData().kind is OwnerKind.TEST_RUN
    sheet.set_targets(component.component, [])  # somebody deleted the run meanwhile
    assert sheet.target.currentData() is None
    assert not sheet.send_button.isEnabled()
    sheet.target.setCurrentIndex(0)
    assert sheet.send_button.isEnabled()


def test_file_for_a_test_run_arrives_there(
    person: Person, sandbox: SandboxProcess, component: ComponentView, tmp_path: Path
) -> None:
    note, _ = write_files(tmp_path)
    review(person, [note])
    person.sheet.target.setCurrentIndex(1)
    run = person.sheet.target.currentData()
    person.click(person.sheet.send_button)
    person.until(lambda: person.uploads and not person.has_open_uploads, "the upload")
    with PlainServer(sandbox) as server:
        raw = next(found for found in server.runs(STRIP) if found["id"] == run.key)
        assert [a["title"] for a in raw["attachments"]].count(note.name) == 1
    person.until(lambda: component.attachments.view.chosen is not None, "the new row")
    assert component.attachments.view.chosen.title == note.name


def test_add_files_opens_a_dialog_for_those_who_cannot_drop(
    person: Person, component: ComponentView, tmp_path: Path
) -> None:
    note, _ = write_files(tmp_path)
    person.press(Qt.Key.Key_U, person.workspace, Qt.KeyboardModifier.ControlModifier)
    (dialog,) = component.findChildren(QFileDialog)
    person.until(dialog.isVisible, "the dialog")
    dialog.filesSelected.emit([str(note)])
    dialog.reject()
    person.until(lambda: component.sheet is not None and len(component.sheet.rows) == 1, "the review")
