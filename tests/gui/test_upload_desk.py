"""Uploads between sessions: what goes on after the next sign-in, and a queue that cannot be opened."""

from __future__ import annotations

import os
import sqlite3
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox

from itkgui.item_models.upload_notices import Remedy
from itkgui.uploads.queue_lock import QueueLock
from itkgui.uploads.upload import UploadState
from itkgui.uploads.upload_queue import UploadQueue
from tests.end2end.away import codes_of, enter, overlays
from tests.gui.person import Person
from tests.gui.test_upload_view import STRIP, look, notes, upload_of


def queue_of(person: Person) -> UploadQueue:
    return person.workspace.upload_view.watch.uploads


def let_wait(person: Person, paths: list[Path]) -> None:
    """Put files for the strip module into a queue that is paused."""
    person.scan(STRIP)
    rows = [upload_of(person, path) for path in paths]
    queue = look(person)
    queue._start(queue_of(person).pause, lambda: queue_of(person).add(rows))
    person.until(
        lambda: [row.state for row in person.uploads] == [UploadState.WAITING] * len(paths), "the rows"
    )


def sign_out(person: Person) -> QMessageBox | None:
    """Ask to sign out; return the question if there is one."""
    person.workspace.sign_out_action.trigger()
    boxes = [box for box in person.window.findChildren(QMessageBox) if box.isVisible()]
    return boxes[0] if boxes else None


def leave(person: Person, box: QMessageBox) -> None:
    (button,) = (button for button in box.buttons() if "sign out" in button.text())
    person.click(button)
    until_out(person)


def until_out(person: Person) -> None:
    person.until(lambda: person.window.workspace is None, "the sign-in page")
    person.until(person.login.sign_in_button.isEnabled, "the end of the sign-out")


def sign_in_again(person: Person) -> None:
    """Sign in with codes that were typed: the form has forgotten those of before."""
    settings = person.program.preferences.settings
    person.type(person.login.code1, settings.access_code1)
    person.type(person.login.code2, settings.access_code2)
    person.sign_in()


def queue_file(tmp_path: Path) -> Path:
    (found,) = (tmp_path / "data").rglob("queue.sqlite3")
    return found


def test_a_sign_in_once_more_asks_nothing_of_what_goes_on(person: Person, tmp_path: Path) -> None:
    let_wait(person, notes(tmp_path, 1))
    person.workspace.upload_view.queue.sign_in_requested.emit()
    assert not [box for box in person.window.findChildren(QMessageBox) if box.isVisible()]
    (overlay,) = overlays(person)
    person.until(lambda: overlay.is_on, "the sign-in over what is open")
    assert overlay.card.title.text() == "Sign in again"
    enter(person, overlay.card, *codes_of())
    person.until(lambda: not overlay.is_on, "the session")
    assert [row.state for row in person.uploads] == [UploadState.WAITING]


def test_what_is_paused_stays_paused_after_the_next_sign_in(person: Person, tmp_path: Path) -> None:
    let_wait(person, notes(tmp_path, 3))
    box = sign_out(person)
    assert box is not None
    assert box.text() == ("3 uploads are paused, and stay so until they are resumed: nothing of it is lost.")
    assert box.informativeText() == ""
    assert box.defaultButton().text() == "Go on working"
    leave(person, box)
    assert list(person.uploads) == []
    sign_in_again(person)
    person.until(lambda: len(person.uploads) == 3, "the uploads of before")
    told = [message.title for message in person.program.messages.history]
    assert "3 uploads of before stay paused" in told
    assert "3 uploads of before go on" not in told
    queue = look(person)
    resume = queue.bars.button(Remedy.RESUME)
    assert resume is not None
    person.click(resume)
    person.until(lambda: [row.state for row in person.uploads] == [UploadState.DONE] * 3, "their end")


def test_one_that_is_paused_is_not_said_to_go_on(person: Person, tmp_path: Path) -> None:
    let_wait(person, notes(tmp_path, 2))
    queue = queue_of(person)
    first = person.uploads[0].id
    look(person)._start(partial(queue.pause, [first]), queue.resume)
    states = [UploadState.PAUSED, UploadState.DONE]
    person.until(lambda: [row.state for row in person.uploads] == states, "the other")
    box = sign_out(person)
    assert box is not None
    assert box.text() == "1 upload is paused, and stays so until it is resumed: nothing of it is lost."
    leave(person, box)
    sign_in_again(person)
    person.until(lambda: len(person.uploads) == 1, "the upload of before")
    assert "1 upload of before stays paused" in [one.title for one in person.program.messages.history]


@pytest.mark.logs("Queue of a newer version")
def test_queue_of_a_newer_program_stops_uploads_but_no_sign_in(person: Person, tmp_path: Path) -> None:
    assert sign_out(person) is None
    until_out(person)
    path = queue_file(tmp_path)

    def set_version(version: int) -> int:
        database = sqlite3.connect(path)
        (before,) = database.execute("PRAGMA user_version").fetchone()
        database.execute(f"PRAGMA user_version = {version}")
        database.commit()
        database.close()
        return int(before)

    before = set_version(99)
    sign_in_again(person)
    assert any("newer version" in message.line for message in person.program.messages.history)
    queue = look(person)
    assert "No uploads until this is mended" in queue.bars.texts[0]
    person.workspace.upload_view.tabs.setCurrentIndex(1)
    person.until(person.workspace.upload_view.history.trouble.isVisible, "why there is no history")
    person.workspace.upload_view.tabs.setCurrentIndex(0)
    set_version(before)
    again = queue.bars.button(Remedy.OPEN)
    assert again is not None
    person.click(again)
    person.until(lambda: queue_of(person).trouble is None, "the queue")
    person.until(lambda: not queue.bars.isVisible(), "no bar")
    person.scan(STRIP)
    rows = [upload_of(person, path) for path in notes(tmp_path, 1)]
    look(person)._start(lambda: queue_of(person).add(rows))
    person.until(lambda: [row.state for row in person.uploads] == [UploadState.DONE], "the upload")


@pytest.mark.logs("damaged")
def test_damaged_queue_is_put_aside_and_told(person: Person, tmp_path: Path) -> None:
    assert sign_out(person) is None
    until_out(person)
    queue_file(tmp_path).write_bytes(b"no database at all" * 100)
    sign_in_again(person)
    queue = look(person)
    assert "The list of uploads was damaged" in queue.bars.texts[0]
    assert "damaged-" in queue.bars.texts[0]
    known = queue.bars.button(Remedy.FORGET)
    assert known is not None
    person.click(known)
    person.until(lambda: not queue.bars.isVisible(), "no bar")


def test_window_that_does_not_send_says_who_does(person: Person, tmp_path: Path) -> None:
    assert sign_out(person) is None
    until_out(person)
    other = QueueLock(queue_file(tmp_path).parent)
    assert other.try_take()
    sign_in_again(person)
    queue = look(person)
    assert queue.bars.texts[0].startswith(f"Another window (process {os.getpid()} since ")
    assert not queue_of(person).is_master
    other.release()
    person.until(lambda: not queue.bars.isVisible(), "the queue to be taken over")
    assert queue_of(person).is_master
