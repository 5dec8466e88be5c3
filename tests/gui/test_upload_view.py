"""Uploads: on their way, done, failed with a reason and sent again, cancelled, held, paused, remembered."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PySide6.QtCore import Qt

from itkgui.item_models.upload_deeds import Deed
from itkgui.item_models.upload_notices import Remedy
from itkgui.item_models.upload_table import SIZE, SPEED, STATE
from itkgui.records.attachment import Storage
from itkgui.uploads.upload import Step, Upload, UploadKind, UploadState
from itkgui.views.components.component_view import ATTACHMENTS
from itkgui.views.uploads.upload_list import UploadList
from tests.conftest import settings_for
from tests.end2end.job import write_files
from tests.end2end.plain_server import PlainServer
from tests.gui.person import Person, words
from tests.gui.reviewing import drop
from tests.interop.control import Control
from tests.sandbox_process import SandboxProcess

PIXEL = "20UPGM23800001"
STRIP = "20USBMS0000001"
Sandboxes = Callable[..., SandboxProcess]
Programs = Callable[..., Person]


def send(person: Person, paths: list[Path]) -> None:
    drop(person, paths)
    person.click(person.sheet.send_button)


def state_shown(person: Person, row: int = 0) -> str:
    return str(person.workspace.upload_view.queue.table.index(row, STATE).data())


def look(person: Person) -> UploadList:
    """Go to the uploads."""
    view = person.workspace.upload_view
    person.workspace.go_to(view)
    return view.queue


def notes(folder: Path, count: int) -> list[Path]:
    paths = [folder / f"note-{folder.name}-{number}.txt" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_text(f"{path.name} {number}\n" * 20, "utf-8")
        os.utime(path, (1.7e9, 1.7e9))  # nobody is at it any more
    return paths


def upload_of(person: Person, path: Path) -> Upload:
    """Return a row for the component on the screen, as the review would make it."""
    component = person.component.component
    return Upload(
        UploadKind.FILE,
        component.owner,
        path.name,
        path.name,
        "",
        Storage.FILE,
        path.stat().st_size,
        "text/plain",
        str(path),
        component=component.key,
    )


def test_done_uploads_say_so_once(person: Person, tmp_path: Path) -> None:
    component = person.scan(STRIP)
    before = component.attachments.table.rowCount()
    send(person, list(write_files(tmp_path)))
    person.until(lambda: len(person.uploads) == 2, "the uploads")
    person.until(lambda: not any(row.state.is_open for row in person.uploads), "their end")
    person.until(lambda: "sent and read back" in person.verdict, "the message")
    assert person.verdict == f"2 files are on {STRIP}: sent and read back"
    person.until(
        lambda: [state_shown(person, row) for row in range(2)] == ["done, read back"] * 2, "the rows"
    )
    person.until(lambda: not person.workspace.footer.progress.isVisible(), "the end of the progress")
    person.until(lambda: component.attachments.table.rowCount() == before + 2, "the new rows")
    queue = look(person)
    assert queue.view.isVisible()
    person.choose(queue.view, lambda _: True)
    person.until(queue.tools.buttons[Deed.SHOW].isEnabled, "the choice")
    assert not queue.tools.buttons[Deed.CANCEL].isEnabled()
    assert person.window.windowTitle().startswith("itkgui")


def test_sizes_and_speeds_have_room(person: Person) -> None:
    person.window.resize(1366, 768)
    view = person.workspace.upload_view.queue.view
    person.workspace.go_to(person.workspace.upload_view)
    for column, text in ((SIZE, "300.0 kB"), (SPEED, "300.0 kB/s")):
        needed = view.fontMetrics().horizontalAdvance(text) + 2 * view._delegate.padding
        assert view.layout_of_columns.width_of(column) >= needed, text


def test_progress_is_shown_and_can_be_cancelled(
    person: Person, sandbox: SandboxProcess, tmp_path: Path
) -> None:
    person.scan(STRIP)
    note, photo = write_files(tmp_path)
    stall = {"match": "POST *Attachment", "do": "stall"}
    with PlainServer(sandbox) as server, server.failing(stall):
        send(person, [note, photo])
        cancel_the_second(person)
    person.until(lambda: state_shown(person) == "done, read back", "the first upload")
    with PlainServer(sandbox) as asked:
        assert len(asked.titled(STRIP, note.name)) == 1
        assert asked.titled(STRIP, photo.name) == []


def cancel_the_second(person: Person) -> None:
    footer = person.workspace.footer
    person.until(footer.progress.isVisible, "the progress")
    assert footer.upload_button.text().startswith("0 of 2 done, ")
    assert "% – itkgui" in person.window.windowTitle()
    person.click(footer.upload_button)
    queue = person.workspace.upload_view.queue
    assert person.workspace.centre.currentWidget() is person.workspace.upload_view
    person.until(lambda: state_shown(person).startswith(("sending", "reading")), "the first upload's state")
    assert state_shown(person, 1) == "waiting"
    person.choose(queue.view, lambda line: line.upload.state is UploadState.WAITING)
    person.click(queue.tools.buttons[Deed.CANCEL])
    person.until(lambda: state_shown(person, 1) == "cancelled", "the cancelling")
    person.until(lambda: person.verdict.endswith(" cancelled"), "the word")
    assert person.program.messages.history[-1].tone == "quiet", "it is no trouble"


def test_cancelling_what_is_being_sent_leaves_nothing_behind(
    person: Person, sandbox: SandboxProcess, tmp_path: Path
) -> None:
    person.scan(STRIP)
    _, photo = write_files(tmp_path)
    with PlainServer(sandbox) as asked, asked.failing({"match": "PUT /eos/*", "do": "stall"}):
        send(person, [photo])
        queue = look(person)
        person.until(lambda: person.uploads and person.uploads[0].step is Step.RESERVED, "the sending")
        person.choose(queue.view, lambda _: True)
        person.click(queue.tools.buttons[Deed.CANCEL])
        person.until(lambda: state_shown(person) == "cancelled", "the end of the upload")
        assert asked.titled(STRIP, photo.name) == []


@pytest.mark.logs("Server not reached|Connection lost")
def test_server_that_is_away_is_waited_for_and_tried_again_on_demand(
    start_sandbox: Sandboxes, start_program: Programs, tmp_path: Path
) -> None:
    first = start_sandbox("--components", "100")
    person = start_program(settings_for(first))
    person.sign_in()
    person.scan(STRIP)
    note, _ = write_files(tmp_path)
    drop(person, [note])
    first.stop()
    person.click(person.sheet.send_button)
    assert person.program.context is not None
    person.program.context.uploads.timing.first_pause = 0.1
    person.until(lambda: "is not on" in person.verdict and " yet: " in person.verdict, "the news")
    alert, footer = person.workspace.upload_alert, person.workspace.footer
    person.until(alert.isVisible, "the bar on the component's page")
    assert alert.title.text().endswith(": 1 upload waits")
    person.until(lambda: footer.upload_button.text() == alert.title.text(), "the same in the footer")
    person.click(alert.help_button)
    queue = person.workspace.upload_view.queue
    assert queue.isVisible()
    assert not alert.isVisible(), "the page says it"
    person.until(lambda: queue.bars.button(Remedy.RETRY) is not None, "the bar")
    person.until(lambda: state_shown(person) == "waits to try again", "the failure")
    person.choose(queue.view, lambda _: True)
    person.until(queue.detail.trouble.isVisible, "the detail")
    assert "This computer cannot reach the server" in words(queue.detail.trouble)
    person.until(lambda: "again in " in queue.detail.facts.text(), "the next try")
    again = start_sandbox("--components", "100", "--port", str(urlsplit(first.info["api_url"]).port))
    with Control(again.info["api_url"]) as control:
        control.fail("POST *createComponentAttachment", "stall")
        connection = person.program.context.connection
        connection.look()
        person.until(lambda: not connection.is_away, "the connection")
        person.click(queue.retry_button)
        person.until(lambda: state_shown(person) == "trying again", "the sending")
        person.until(lambda: not queue.bars.isVisible(), "no bar: the server is back")
        assert "wait" not in footer.upload_button.text()
        control.clear()
    person.until(lambda: state_shown(person) == "done, read back", "the upload")
    person.until(lambda: not queue.detail.trouble.isVisible(), "the end of the trouble")
    with PlainServer(again) as asked:
        (held,) = asked.titled(STRIP, note.name)
        assert asked.content(STRIP, held) == note.read_bytes()


def test_file_that_is_gone_before_it_is_copied_fails_in_words(person: Person, tmp_path: Path) -> None:
    person.scan(STRIP)
    (note,) = notes(tmp_path, 1)
    upload = upload_of(person, note)
    note.unlink()
    queue = look(person)
    queue._start(lambda: person.workspace.upload_view.watch.uploads.add([upload]))
    person.until(lambda: state_shown(person) == "failed", "the failure")
    person.until(lambda: person.verdict.startswith(f"{note.name} is not on {STRIP}: "), "the message")
    place = person.workspace.rail.button(person.workspace.upload_view)
    person.until(lambda: place.toolTip() == "1 upload failed", "the mark")
    assert place.text() == "Uploads  1"
    assert (place.property("iconName"), place.property("iconTone")) == ("failed", "bad")
    person.until(lambda: [f"1 file for {STRIP}" in bar for bar in queue.bars.texts] == [True], "the bar")
    note.write_text("found again\n", "utf-8")
    retry = queue.bars.button(Remedy.RETRY)
    assert retry is not None
    person.click(retry)
    person.until(lambda: state_shown(person) == "done, read back", "the upload")
    person.until(lambda: (place.property("iconName"), place.toolTip()) == ("upload", ""), "no mark")
    person.until(lambda: not queue.bars.isVisible(), "no bar")


def test_the_mark_of_what_failed_counts_what_needs_somebody(person: Person, tmp_path: Path) -> None:
    person.scan(STRIP)
    paths = notes(tmp_path, 5)
    rows = [upload_of(person, path) for path in paths]
    place, uploads = person.workspace.rail.button(person.workspace.upload_view), person.workspace.upload_view
    queue = look(person)
    queue._start(uploads.watch.uploads.pause, lambda: uploads.watch.uploads.add(rows[:3]))
    person.until(lambda: place.text() == "Uploads  3", "what has not arrived")
    for path in paths[3:]:
        path.unlink()
    queue._start(lambda: uploads.watch.uploads.add(rows[3:]))
    person.until(lambda: place.toolTip() == "2 uploads failed", "the mark")
    assert place.text() == "Uploads  2", "and not those that wait"


def test_target_of_an_upload_opens_at_the_attachment(person: Person, tmp_path: Path) -> None:
    component = person.scan(STRIP)
    note, other = notes(tmp_path, 2)
    send(person, [note, other])
    person.until(lambda: [row.state for row in person.uploads] == [UploadState.DONE] * 2, "the uploads")
    person.scan(PIXEL)
    queue = look(person)
    person.choose(queue.view, lambda line: line.upload.name == note.name)
    person.until(queue.tools.buttons[Deed.SHOW].isEnabled, "the choice")
    person.click(queue.tools.buttons[Deed.SHOW])
    person.until(lambda: person.workspace.current_component is component, "the component")
    assert component.tabs.currentIndex() == ATTACHMENTS
    files = component.attachments
    person.until(
        lambda: files.view.chosen is not None and files.view.chosen.display_name == note.name, "the file"
    )


def test_all_can_be_paused_and_go_on(person: Person, tmp_path: Path) -> None:
    person.scan(STRIP)
    queue = look(person)
    assert queue.empty.isVisible()
    assert queue.empty.sentence == "Nothing is waiting to be uploaded."
    assert not queue.tools.isVisible()
    assert not queue.bars.isVisible()
    assert not queue.pause_button.isEnabled()
    uploads = person.workspace.upload_view.watch.uploads
    queue._start(uploads.pause)
    person.until(lambda: queue.bars.button(Remedy.RESUME), "the bar")
    person.workspace.go_to(person.workspace.side_by_side)
    send(person, notes(tmp_path, 2))
    look(person)
    person.until(lambda: [state_shown(person, row) for row in range(2)] == ["waiting"] * 2, "the rows")
    assert queue.pause_button.text() == "Resume all"
    assert queue.bars.texts == ["All uploads are paused. Nothing is sent."]
    names = [line.upload.name for line in queue.table.shown]
    person.choose(queue.view, lambda line: line.upload.name == names[1])
    person.until(queue.tools.buttons[Deed.UP].isEnabled, "the choice")
    person.click(queue.tools.buttons[Deed.UP])
    person.until(lambda: [line.upload.name for line in queue.table.shown] == names[::-1], "the new order")
    assert [upload.name for upload in queue.chosen] == [names[1]], "the choice stays with its row"
    person.click(queue.pause_button)
    person.until(lambda: [row.state for row in person.uploads] == [UploadState.DONE] * 2, "the uploads")
    person.until(lambda: not queue.bars.isVisible(), "no bar")


def test_what_is_being_sent_says_why_it_does_not_pause(
    person: Person, sandbox: SandboxProcess, tmp_path: Path
) -> None:
    with Control(sandbox.info["api_url"]) as control:
        control.fail("POST *createComponentAttachment", "stall")
        person.scan(STRIP)
        (note,) = notes(tmp_path, 1)
        send(person, [note])
        queue = look(person)
        person.until(lambda: queue.table.rowCount() and state_shown(person) == "sending", "the sending")
        person.click(queue.pause_button)
        told = [f"All uploads are paused. {note.name} is finished first; nothing else is sent."]
        person.until(lambda: queue.bars.texts == told, "the bar")
        person.choose(queue.view, lambda line: line.upload.name == note.name)
        button = queue.tools.buttons[Deed.PAUSE]
        person.until(lambda: "is finished first" in button.toolTip(), "the reason")
        assert not button.isEnabled()
        person.press(Qt.Key.Key_P, queue.view)
        person.until(lambda: person.verdict.startswith(f"{note.name} is finished first"), "the reason by key")
        control.clear()
    person.until(lambda: person.uploads[-1].state is UploadState.DONE, "the upload")
    person.until(lambda: queue.bars.texts == ["All uploads are paused. Nothing is sent."], "the rest")


def test_several_are_paused_and_cancelled_together(person: Person, tmp_path: Path) -> None:
    person.scan(STRIP)
    rows = [upload_of(person, path) for path in notes(tmp_path, 3)]
    queue = look(person)
    uploads = person.workspace.upload_view.watch.uploads
    queue._start(uploads.pause, lambda: uploads.add(rows))
    person.until(lambda: queue.table.rowCount() == 3, "the list")
    waiting = ["waiting"] * 3  # in the list too: what it shows as being copied cannot be paused
    person.until(lambda: [state_shown(person, row) for row in range(3)] == waiting, "the rows")
    queue.choose([row.id for row in rows[:2]])
    person.until(lambda: queue.detail.title.text().startswith("2 uploads"), "the choice")
    person.click(queue.tools.buttons[Deed.PAUSE])
    wanted = ["paused", "paused", "waiting"]
    person.until(lambda: [state_shown(person, row) for row in range(3)] == wanted, "the pause")
    person.until(queue.tools.buttons[Deed.RESUME].isVisible, "the way back")
    assert not queue.tools.buttons[Deed.PAUSE].isVisible()
    person.click(queue.tools.buttons[Deed.CANCEL])
    gone = [UploadState.CANCELLED] * 2
    person.until(lambda: [row.state for row in person.uploads][:2] == gone, "the end of two")
    queue._start(uploads.resume)
    person.until(lambda: person.uploads[2].state is UploadState.DONE, "the third")


def test_history_is_searched_and_opens_its_target(person: Person, tmp_path: Path) -> None:
    component = person.scan(STRIP)
    paths = notes(tmp_path, 3)
    send(person, paths)
    person.until(lambda: [row.state for row in person.uploads] == [UploadState.DONE] * 3, "the uploads")
    view = person.workspace.upload_view
    look(person)
    view.tabs.setCurrentIndex(1)
    history = view.history
    person.until(lambda: history.table.rowCount() == 3, "the history")
    person.type(history.search, paths[1].name)
    person.until(lambda: [row.name for row in history.table.shown] == [paths[1].name], "what is searched")
    person.type(history.search, "nothing of that kind")
    person.until(history.empty.isVisible, "that there is none")
    person.type(history.search, "done")
    person.until(lambda: history.table.rowCount() == 3, "all again")
    chosen = person.choose(history.view, lambda row: row.name == paths[0].name)
    assert history.detail.title.text() == paths[0].name
    person.scan(PIXEL)
    look(person)
    history.view.record_opened.emit(chosen)
    person.until(lambda: person.workspace.current_component is component, "the component")


def test_burst_for_one_target_reloads_its_page_once(person: Person, tmp_path: Path) -> None:
    component = person.scan(STRIP)
    before = component.attachments.table.rowCount()
    loads: list[int] = []
    component.attachments.table.modelReset.connect(lambda: loads.append(1))
    send(person, notes(tmp_path, 12))
    person.until(lambda: component.attachments.table.rowCount() == before + 12, "the new rows")
    assert len(loads) <= 2, "once for the component and its runs, once more for shipments"
    good = [m.title for m in person.program.messages.history if "sent and read back" in m.title]
    person.until(lambda: person.verdict.endswith("sent and read back"), "the message")
    assert len(good) <= 1


def test_the_same_file_once_more_waits_for_a_word(person: Person, tmp_path: Path) -> None:
    person.scan(STRIP)
    (note,) = notes(tmp_path, 1)
    rows = [upload_of(person, note) for _ in range(2)]
    queue = look(person)
    queue._start(lambda: person.workspace.upload_view.watch.uploads.add(rows))
    person.until(lambda: queue.bars.button(Remedy.ANYWAY), "the question")
    assert [row.state for row in person.uploads if row.id == rows[1].id] == [UploadState.HELD]
    (bar,) = queue.bars.texts
    assert bar.startswith(f"There already: 1 file for {STRIP}.")
    anyway = queue.bars.button(Remedy.ANYWAY)
    assert anyway is not None
    person.click(anyway)
    person.until(lambda: [row.state for row in person.uploads] == [UploadState.DONE] * 2, "the uploads")
