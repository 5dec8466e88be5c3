"""Which uploads are chosen: none without a click, the next after a cancel, none of before in a new batch."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt

from itkgui.item_models.upload_deeds import Deed
from itkgui.uploads.upload import Upload, UploadState
from itkgui.views.uploads.upload_list import UploadList
from tests.gui.person import Person
from tests.gui.test_upload_view import STRIP, look, notes, upload_of


def rows_of(person: Person, paths: list[Path]) -> list[Upload]:
    """Return rows for the strip module, and go to the uploads."""
    person.scan(STRIP)
    rows = [upload_of(person, path) for path in paths]
    look(person)
    return rows


def add(person: Person, rows: list[Upload], *, paused: bool) -> None:
    """Put rows into a queue that rests, or sends them."""
    uploads = person.workspace.upload_view.watch.uploads
    change = uploads.pause if paused else uploads.resume
    person.workspace.upload_view.queue._start(change, lambda: uploads.add(rows))


def chosen(queue: UploadList) -> list[str]:
    return [upload.name for upload in queue.chosen]


def until_states(person: Person, queue: UploadList, wanted: list[UploadState]) -> None:
    person.until(lambda: [line.upload.state for line in queue.table.shown] == wanted, f"{wanted}")


def test_after_a_cancel_the_next_one_is_chosen(person: Person, tmp_path: Path) -> None:
    paths = notes(tmp_path, 4)
    rows = rows_of(person, paths)
    queue = person.workspace.upload_view.queue
    add(person, rows, paused=True)
    waiting, cancelled = UploadState.WAITING, UploadState.CANCELLED
    until_states(person, queue, [waiting] * 4)
    person.choose(queue.view, lambda line: line.upload.name == paths[1].name)
    person.until(queue.tools.buttons[Deed.CANCEL].isEnabled, "the choice")
    person.press(Qt.Key.Key_Delete, queue.view)
    until_states(person, queue, [waiting] * 3 + [cancelled])
    person.until(lambda: chosen(queue) == [paths[2].name], "the one below")
    person.press(Qt.Key.Key_Down, queue.view)
    assert chosen(queue) == [paths[3].name]
    person.until(lambda: queue.detail.title.text() == paths[3].name, "what is told of it")
    person.press(Qt.Key.Key_Delete, queue.view)
    until_states(person, queue, [waiting] * 2 + [cancelled] * 2)
    person.until(lambda: chosen(queue) == [paths[2].name], "the one above, as none below waits")
    person.until(lambda: queue.detail.title.text() == paths[2].name, "what is told of it")
    queue.choose({upload.id for upload in person.uploads if not upload.state.has_ended})
    person.until(lambda: queue.detail.title.text().startswith("2 uploads"), "the choice of all")
    person.press(Qt.Key.Key_Delete, queue.view)
    until_states(person, queue, [cancelled] * 4)
    person.until(lambda: chosen(queue) == [], "nothing, as all are over")


def test_what_is_done_becomes_chosen_by_nobody(person: Person, tmp_path: Path) -> None:
    paths = notes(tmp_path, 4)
    rows = rows_of(person, paths)
    queue = person.workspace.upload_view.queue
    add(person, rows[:2], paused=True)
    until_states(person, queue, [UploadState.WAITING] * 2)
    queue.view.setFocus(Qt.FocusReason.TabFocusReason)
    person.until(queue.view.hasFocus, "the keys for the list")
    add(person, [], paused=False)
    until_states(person, queue, [UploadState.DONE] * 2)
    add(person, rows[2:], paused=True)
    until_states(person, queue, [UploadState.WAITING] * 2 + [UploadState.DONE] * 2)
    assert chosen(queue) == []
    person.press(Qt.Key.Key_Down, queue.view)
    assert chosen(queue) == [paths[2].name], "the first, and none that is over"


def test_a_new_batch_is_seen_from_its_beginning(person: Person, tmp_path: Path) -> None:
    paths = notes(tmp_path, 31)
    rows = rows_of(person, paths)
    queue = person.workspace.upload_view.queue
    add(person, rows[:1], paused=False)
    until_states(person, queue, [UploadState.DONE])
    person.choose(queue.view, lambda line: line.upload.name == paths[0].name)
    person.workspace.go_to(person.workspace.side_by_side)
    add(person, rows[1:], paused=True)
    until_states(person, queue, [UploadState.WAITING] * 30 + [UploadState.DONE])
    look(person)
    person.until(queue.view.hasFocus, "the keys for the list")
    assert queue.view.verticalScrollBar().maximum() > 0
    assert queue.view.verticalScrollBar().value() == 0
    assert chosen(queue) == []


def test_a_choice_stays_while_somebody_looks_at_it(person: Person, tmp_path: Path) -> None:
    paths = notes(tmp_path, 2)
    rows = rows_of(person, paths)
    queue = person.workspace.upload_view.queue
    add(person, rows, paused=True)
    until_states(person, queue, [UploadState.WAITING] * 2)
    person.choose(queue.view, lambda line: line.upload.name == paths[0].name)
    add(person, [], paused=False)
    until_states(person, queue, [UploadState.DONE] * 2)
    assert chosen(queue) == [paths[0].name]
    assert queue.detail.title.text() == paths[0].name
