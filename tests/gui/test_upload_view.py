"""Uploads: on their way, done, failed with a reason and sent again, cancelled."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from itkgui.background.upload_runner import UploadState
from PySide6.QtWidgets import QPushButton

from itkgui.item_models.upload_table import STATE_COLUMN
from tests.conftest import settings_for
from tests.end2end.job import write_files
from tests.end2end.plain_server import PlainServer
from tests.gui.person import Person, words
from tests.sandbox_process import SandboxProcess

PIXEL = "20UPGM23800001"
STRIP = "20USBMS0000001"
Sandboxes = Callable[..., SandboxProcess]
Programs = Callable[..., Person]


def send(person: Person, paths: list[Path]) -> None:
    person.drop(person.component, paths)
    person.click(person.sheet.send_button)


def state_shown(person: Person, row: int = 0) -> str:
    table = person.workspace.upload_view.table
    return str(table.index(row, STATE_COLUMN).data())


def test_nothing_at_first(person: Person) -> None:
    view = person.workspace.upload_view
    person.workspace.go_to(view)
    assert view.empty.isVisible()
    assert view.empty.sentence == "Nothing uploaded yet."
    assert not view.cancel_button.isEnabled()


def test_done_uploads_say_so(person: Person, tmp_path: Path) -> None:
    component = person.scan(STRIP)
    before = component.attachments.table.rowCount()
    send(person, list(write_files(tmp_path)))
    view = person.workspace.upload_view
    person.until(lambda: view.table.rowCount() == 2 and not view._uploads.open_count, "the uploads")
    assert [state_shown(person, row) for row in range(2)] == ["done, read back"] * 2
    assert "sent and read back" in person.verdict
    assert not person.workspace.footer.progress.isVisible()
    person.until(lambda: component.attachments.table.rowCount() == before + 2, "the new rows")
    person.workspace.go_to(view)
    assert view.view.isVisible()
    assert not view.cancel_button.isEnabled()


def test_progress_is_shown_and_can_be_cancelled(
    start_sandbox: Sandboxes, start_program: Programs, tmp_path: Path
) -> None:
    server = start_sandbox("--latency", "250", "--components", "100")
    person = start_program(settings_for(server))
    person.sign_in()
    person.scan(STRIP)
    note, photo = write_files(tmp_path)
    send(person, [note, photo])
    footer, view = person.workspace.footer, person.workspace.upload_view
    person.until(footer.progress.isVisible, "the progress")
    assert footer.upload_button.text().startswith("2 uploads running")
    person.click(footer.upload_button)
    assert person.workspace.centre.currentWidget() is view
    person.until(lambda: state_shown(person).startswith(("sending", "checking")), "the first upload's state")
    assert state_shown(person, 1) == "waiting"
    person.choose(view.view, lambda upload: upload.state is UploadState.WAITING)
    history = len(person.program.messages.history)
    person.click(view.cancel_button)
    assert state_shown(person, 1) == "cancelled"
    assert len(person.program.messages.history) == history, "a cancelled piece of work is no news"
    person.until(lambda: state_shown(person) == "done, read back", "the first upload")
    with PlainServer(server) as asked:
        assert len(asked.titled(STRIP, note.name)) == 1
        assert asked.titled(STRIP, photo.name) == []


def test_cancelling_what_is_being_sent_leaves_nothing_behind(
    start_sandbox: Sandboxes, start_program: Programs, tmp_path: Path
) -> None:
    server = start_sandbox("--latency", "250", "--components", "100")
    person = start_program(settings_for(server))
    person.sign_in()
    person.scan(STRIP)
    _, photo = write_files(tmp_path)
    send(person, [photo])
    view = person.workspace.upload_view
    person.workspace.go_to(view)
    person.until(lambda: person.program.uploads[0].share_done > 0, "the first bytes to go")
    person.choose(view.view, lambda _: True)
    person.click(view.cancel_button)
    person.until(lambda: state_shown(person) == "cancelled", "the end of the upload")
    with PlainServer(server) as asked:
        assert asked.titled(STRIP, photo.name) == []


@pytest.mark.logs("Server not reached|Connection lost")
def test_failed_upload_says_why_and_is_sent_again(
    start_sandbox: Sandboxes, start_program: Programs, tmp_path: Path
) -> None:
    first = start_sandbox("--components", "100")
    person = start_program(settings_for(first))
    person.sign_in()
    person.scan(STRIP)
    note, _ = write_files(tmp_path)
    first.stop()
    send(person, [note])
    view = person.workspace.upload_view
    person.until(lambda: state_shown(person) == "failed", "the failure")
    assert person.verdict.startswith(f"{note.name} is not on {STRIP}: Server not reached")
    assert "Start that server again" in person.verdict
    place = person.workspace.rail.button(view)
    assert (place.property("iconName"), place.property("iconTone")) == ("failed", "bad")
    assert place.accessibleDescription() == place.toolTip() == "1 upload failed"
    person.workspace.go_to(view)
    person.choose(view.view, lambda _: True)
    said = words(view.trouble)
    assert "This computer cannot reach the server" in said
    again = start_sandbox("--components", "100", "--port", str(urlsplit(first.info["api_url"]).port))
    retry = next(button for button in view.trouble.findChildren(QPushButton) if button.text() == "Try again")
    person.click(retry)
    person.until(lambda: state_shown(person) == "done, read back", "the upload")
    assert not view.trouble.isVisible()
    assert (place.property("iconName"), place.toolTip()) == ("upload", "")
    with PlainServer(again) as asked:
        (held,) = asked.titled(STRIP, note.name)
        assert asked.content(STRIP, held) == note.read_bytes()


@pytest.mark.logs("File not readable|File problem|Not a file")
def test_file_that_vanished_after_the_review_fails_in_words(person: Person, tmp_path: Path) -> None:
    person.scan(STRIP)
    note, _ = write_files(tmp_path)
    person.drop(person.component, [note])
    person.until(person.sheet.send_button.isEnabled, "the review")
    note.unlink()
    person.click(person.sheet.send_button)
    person.until(lambda: state_shown(person) == "failed", "the failure")
    assert "File" in person.verdict or "file" in person.verdict


@pytest.mark.logs("File not readable|Transfer failed|File problem|File")
def test_file_that_grew_after_the_review_is_not_half_sent(
    person: Person, sandbox: SandboxProcess, tmp_path: Path
) -> None:
    person.scan(STRIP)
    note, _ = write_files(tmp_path)
    person.drop(person.component, [note])
    person.until(person.sheet.send_button.isEnabled, "the review")
    with note.open("ab") as file:
        file.write(b"one more line\n")
    person.click(person.sheet.send_button)
    person.until(lambda: state_shown(person) in ("failed", "done, read back"), "the outcome")
    with PlainServer(sandbox) as server:
        held = server.titled(STRIP, note.name)
        if state_shown(person) == "failed":
            assert held == []
        else:
            assert server.content(STRIP, held[0]) == note.read_bytes()


def test_target_of_an_upload_opens_with_enter(person: Person, tmp_path: Path) -> None:
    component = person.scan(STRIP)
    note, _ = write_files(tmp_path)
    send(person, [note])
    person.until(lambda: state_shown(person) == "done, read back", "the upload")
    person.scan(PIXEL)
    view = person.workspace.upload_view
    person.workspace.go_to(view)
    view.view.record_opened.emit(person.choose(view.view, lambda _: True))
    person.until(lambda: person.workspace.current_component is component, "the component")
