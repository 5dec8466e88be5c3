"""What was sent arrives on the page: it is chosen there, unless its list is in use by then."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from itkgui.uploads.upload import UploadState
from itkgui.views.attachments.attachment_view import AttachmentView
from itkgui.views.components.component_view import ATTACHMENTS, TESTS
from tests.gui.listing import PIXEL, see_list
from tests.gui.person import Person
from tests.gui.reviewing import drop

MAP, OTHER = "threshold_map.png", "summary.json"


def send_late(person: Person, path: Path) -> None:
    """Send a file that does not leave before ``let_arrive``."""
    queue, component = person.workspace.upload_view.queue, person.component
    queue._start(person.workspace.upload_view.watch.uploads.pause)
    person.until(lambda: person.workspace.upload_view.watch.uploads.is_paused, "the pause")
    drop(person, [path])
    person.until(person.sheet.send_button.isEnabled, "the review")
    person.click(person.sheet.send_button)
    person.until(lambda: person.uploads and component.body.currentIndex() == 0, "the page")


def let_arrive(person: Person) -> None:
    queue = person.workspace.upload_view.queue
    queue._start(person.workspace.upload_view.watch.uploads.resume)
    person.until(lambda: person.uploads[-1].state is UploadState.DONE, "the upload")


def until_listed(person: Person, name: str) -> AttachmentView:
    files = person.component.attachments
    person.until(lambda: any(a.display_name == name for a in files.table.records), "the entry of the file")
    person.until(lambda: not person.component._files_task.is_running, "all that is loaded with it")
    return files


def note(tmp_path: Path) -> Path:
    path = tmp_path / f"seen {tmp_path.name}.txt"
    path.write_text(f"seen by {path}")
    return path


def test_a_file_that_arrives_is_chosen_and_no_filter_hides_it(person: Person, tmp_path: Path) -> None:
    see_list(person)
    files = person.component.attachments
    person.type(files.bar.text, "map")
    person.until(lambda: files.table.rowCount() < len(files.table.records), "the filter")
    person.look_at(MAP)
    path = note(tmp_path)
    send_late(person, path)
    let_arrive(person)
    until_listed(person, path.name)
    person.until(lambda: files.view.chosen and files.view.chosen.display_name == path.name, "the new row")
    assert files.bar.text.text() == ""
    person.until(lambda: files.preview.file and files.preview.file.name == path.name, "the new file")


def test_who_filters_and_looks_at_another_meanwhile_goes_on_with_that(person: Person, tmp_path: Path) -> None:
    see_list(person)
    person.look_at(MAP)
    path = note(tmp_path)
    send_late(person, path)
    files = person.component.attachments
    person.type(files.bar.text, "png")
    person.until(lambda: files.table.rowCount() < len(files.table.records), "the filter")
    chosen = person.choose(files.view, lambda a: a.display_name.endswith(".png") and a.display_name != MAP)
    person.until(lambda: files.preview.content.shown_kind == "image", "the picture")
    person.until(lambda: files.preview.file is not None, "the picture")
    picture, shown = files.preview.content.currentWidget(), files.table.rowCount()
    looks: list[object] = []
    files.preview.shown.connect(looks.append)
    let_arrive(person)
    until_listed(person, path.name)
    assert files.bar.text.text() == "png"
    assert files.table.rowCount() == shown, "the filter hides what has come"
    assert files.view.chosen.code == chosen.code
    assert files.preview.attachment is not None
    assert files.preview.attachment.code == chosen.code
    assert files.preview.content.currentWidget() is picture
    assert looks == [], "what is looked at was not loaded again"
    assert path.name in person.verdict


def test_a_question_stays_when_a_file_arrives(person: Person, tmp_path: Path) -> None:
    see_list(person)
    person.look_at(OTHER)
    chosen = person.component.attachments.view.chosen
    path = note(tmp_path)
    send_late(person, path)
    files = person.component.attachments
    files.view.setFocus()
    person.press(Qt.Key.Key_Delete, files.view)
    person.until(files.preview.guard.isVisible, "the question")
    said = files.preview.guard.question.text()
    let_arrive(person)
    until_listed(person, path.name)
    assert files.preview.guard.isVisible()
    assert files.preview.guard.question.text() == said
    assert files.preview.guard.keep_button.hasFocus()
    assert files.view.chosen.code == chosen.code
    person.press(Qt.Key.Key_Escape, files.preview.guard.keep_button)
    assert not files.preview.guard.isVisible()


@pytest.mark.parametrize("is_used", [False, True])
def test_a_run_that_arrives_is_chosen_unless_the_runs_are_in_use(
    person: Person, tmp_path: Path, is_used: bool
) -> None:
    component = person.scan(PIXEL)
    person.show_tab(TESTS)
    path = tmp_path / "result.json"
    body = {
        "component": PIXEL,
        "testType": "MASS_MEASUREMENT",
        "institution": component.component.location.code,
        "runNumber": "7",
        "date": "2026-01-05T10:00:00.000Z",
        "passed": True,
        "problems": False,
        "properties": {"SCALE_ACCURACY": 0.1},
        "results": {"MASS": int.from_bytes(os.urandom(4), "big") / 64},
    }
    path.write_text(json.dumps(body), "utf-8")
    send_late(person, path)
    tests, before = component.tests, len(component.tests.runs)
    person.until(lambda: component.tabs.currentIndex() == TESTS, "the runs")
    chosen = tests.detail.run
    assert chosen is not None
    if is_used:
        person.type(tests.bar.text, chosen.test_type.name)
        person.until(lambda: tests.table.rowCount() < before, "the filter")
        code = chosen.test_type.code
        chosen = person.look_at_run(lambda run: run.test_type.code == code)
    else:
        tests.view.scrollToBottom()
    let_arrive(person)
    person.until(lambda: len(tests.runs) > before, "the new run")
    person.until(lambda: not component._files_task.is_running, "all that is loaded with it")
    new = person.uploads[-1].code
    if is_used:
        assert tests.bar.text.text() == chosen.test_type.name
        assert tests.detail.run is not None
        assert tests.detail.run.id == chosen.id
    else:
        person.until(lambda: tests.detail.run is not None and tests.detail.run.id == new, "the new run")
        row = tests.table.row_of(new)
        heading = max(above for above in range(row) if tests.table.shown[above].is_heading)
        top = tests.view.rowViewportPosition(heading)
        assert 0 <= top < tests.view.rowViewportPosition(row) < tests.view.viewport().height()


def test_a_file_that_somebody_asks_to_see_is_shown_in_any_case(person: Person, tmp_path: Path) -> None:
    see_list(person)
    path = note(tmp_path)
    send_late(person, path)
    files = person.component.attachments
    person.look_at(MAP)
    person.show_tab(TESTS)
    let_arrive(person)
    until_listed(person, path.name)
    assert files.view.chosen.display_name == MAP
    person.workspace.show_upload(person.uploads[-1])
    person.until(lambda: person.component.tabs.currentIndex() == ATTACHMENTS, "the files")
    person.until(lambda: files.view.chosen.display_name == path.name, "the file")


def test_ctrl_enter_sends_what_is_under_review(person: Person, tmp_path: Path) -> None:
    see_list(person)
    drop(person, [note(tmp_path)])
    sheet = person.sheet
    person.until(sheet.send_button.isEnabled, "the review")
    assert not person.uploads
    person.press(Qt.Key.Key_Return, sheet.view, Qt.KeyboardModifier.ControlModifier)
    person.until(lambda: person.uploads and person.uploads[-1].state is UploadState.DONE, "the upload")
