"""What stops files from going where they do not belong, or where they are already."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path, PurePath

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from itkgui.item_models.review_row import ReviewRow, Stage
from itkgui.uploads.intake import Found
from itkgui.uploads.targets import Doubt, Finding, Home
from itkgui.uploads.upload import UploadState
from itkgui.views.components.component_view import ComponentView
from itkgui.views.review.review_doubts import ReviewDoubts
from tests.conftest import settings_for
from tests.end2end.plain_server import PlainServer
from tests.gui.person import Person
from tests.gui.reviewing import choose, choose_all, drop, until_copied
from tests.sandbox_process import SandboxProcess

STRIP, OTHER = "20USBMS0000001", "20UPGM23800001"


@pytest.fixture
def component(person: Person) -> ComponentView:
    return person.scan(STRIP)


def write(folder: Path, name: str, content: str = "") -> Path:
    path = folder / name
    path.write_text(content or f"{name} of {folder.name}", "utf-8")
    return path


def test_who_belongs_nowhere_is_warned_before_sending(
    sandbox: SandboxProcess, start_program: Callable[..., Person], tmp_path: Path
) -> None:
    settings = replace(settings_for(sandbox), access_code1="guest-code-1", access_code2="guest-code-2")
    person = start_program(settings)
    person.sign_in()
    person.scan(STRIP)
    drop(person, [write(tmp_path, f"ours-{tmp_path.name}.txt")])
    until_copied(person)
    assert " · Your account belongs to no institution" in person.sheet.status.text()
    assert person.sheet.status.objectName() == "caution"
    person.until(person.sheet.send_button.isEnabled, "the way to send: the server decides")
    person.sheet.give_up()


def test_a_file_of_another_component_stops_and_goes_there(
    person: Person, sandbox: SandboxProcess, component: ComponentView, tmp_path: Path
) -> None:
    ours = write(tmp_path, f"ours-{tmp_path.name}.txt")
    theirs = write(tmp_path, f"{OTHER}_{tmp_path.name}.txt")
    drop(person, [ours, theirs])
    sheet = person.sheet
    assert choose(person, theirs.name).remark == "names another component"
    person.until(lambda: "marked red" in sheet.status.text(), "the stop")
    assert not sheet.send_button.isEnabled()
    doubts = sheet.form.doubts
    person.until(doubts.other_button.isVisible, "the way out")
    assert doubts.text.text() == f"It names {OTHER} in its name, not {STRIP}."
    person.click(doubts.other_button)
    person.until(lambda: person.component is not component, "the other component")
    assert person.component.component.label == OTHER
    person.until(lambda: person.component.is_reviewing, "the sheet there")
    assert [row.path for row in person.sheet.rows] == [theirs]
    assert [row.path for row in sheet.rows] == [ours]
    until_copied(person)
    person.click(person.sheet.send_button)
    person.until(lambda: person.uploads and not person.has_open_uploads, "the upload")
    with PlainServer(sandbox) as server:
        assert len(server.titled(OTHER, theirs.name)) == 1
        assert server.titled(STRIP, theirs.name) == []


def test_what_is_being_sent_is_not_taken_to_the_other_component_as_well(
    person: Person, sandbox: SandboxProcess, component: ComponentView, tmp_path: Path
) -> None:
    theirs = write(tmp_path, f"{OTHER}_{tmp_path.name}.txt")
    drop(person, [theirs])
    doubts, (row,) = person.sheet.form.doubts, person.sheet.rows
    person.until(doubts.other_button.isVisible, "the way out")
    for button in (doubts.other_button, doubts.here_button, doubts.here_button):
        button.click()  # all while the server is asked for the other component
    assert not row.open_doubts
    person.sheet._on_send()
    person.until(lambda: person.component.component.label == OTHER, "the other component")
    person.until(lambda: person.verdict.startswith("Nothing was moved here"), "why not")
    assert not person.component.is_reviewing
    person.until(lambda: person.uploads and not person.has_open_uploads, "the upload")
    with PlainServer(sandbox) as server:
        assert len(server.titled(STRIP, theirs.name)) == 1


def test_that_it_belongs_here_all_the_same_takes_two_clicks_for_each_file(
    person: Person, component: ComponentView, tmp_path: Path
) -> None:
    files = [write(tmp_path, f"{OTHER}-{number}.txt") for number in range(2)]
    drop(person, files)
    sheet, doubts = person.sheet, person.sheet.form.doubts
    for number in (0, 1, 0):
        row = choose(person, files[number].name)
        assert doubts.here_button.text() == "It belongs here all the same"
        person.click(doubts.here_button)
        assert doubts.here_button.text() == f"Yes, attach it to {STRIP}"
        person.settle()
        assert row.open_doubts
    person.click(doubts.here_button)
    person.until(lambda: not row.open_doubts, "the word")
    choose(person, files[1].name)
    for _ in range(2):
        person.click(doubts.here_button)
    person.until(sheet.send_button.isEnabled, "the way")


@pytest.mark.usefixtures("qapp")
def test_what_is_found_after_the_first_of_two_clicks_is_not_decided_by_the_second(tmp_path: Path) -> None:
    stranger = Finding(Doubt.OTHER_COMPONENT, f"It names {OTHER}.", OTHER)
    rows = [ReviewRow(Found(tmp_path / name, PurePath(name))) for name in ("seen.txt", "pending.txt")]
    home, doubts = Home(STRIP, "", "", (), frozenset()), ReviewDoubts()
    rows[0].findings = (stranger,)
    doubts.show_rows(rows, home)
    doubts.here_button.click()
    doubts.show_rows(rows, home)
    assert doubts.here_button.text() == f"Yes, attach it to {STRIP}"
    rows[1].findings = (stranger,)
    doubts.show_rows(rows, home)
    assert doubts.here_button.text() == "These 2 belong here all the same"
    doubts.here_button.click()
    assert all(row.open_doubts for row in rows)
    assert doubts.here_button.text() == f"Yes, attach these 2 to {STRIP}"
    doubts.here_button.click()
    assert not any(row.open_doubts for row in rows)


def test_names_in_the_content_stop_too_but_not_those_of_the_family(
    person: Person, component: ComponentView, tmp_path: Path
) -> None:
    child = next(slot.component for slot in component.component.children if slot.component)
    files = [
        write(tmp_path, "a.json", json.dumps({"deep": {"serialNumber": OTHER}})),
        write(tmp_path, "b.json", json.dumps({"serialNumber": STRIP, "parts": [{"component": OTHER}]})),
        write(tmp_path, "c.json", json.dumps({"serialNumber": child.serial_number})),
        write(tmp_path, f"{STRIP}.txt"),
        write(tmp_path, f"{STRIP}.json", json.dumps({"serialNumber": OTHER})),
    ]
    drop(person, files)
    person.until(person.sheet.marked_button.isVisible, "the stop")
    person.click(person.sheet.marked_button)
    person.until(lambda: len(person.sheet.form._rows) == 2, "those marked red")
    said = person.sheet.form.doubts.text.text().splitlines()
    assert [line.split(":")[0] for line in said] == ["a.json and 1 more"]
    found = {row.path.name: [f.doubt for f in row.findings] for row in person.sheet.rows}
    assert found == {
        "a.json": [Doubt.OTHER_COMPONENT],
        "b.json": [Doubt.CAUTION],
        "c.json": [Doubt.CAUTION],
        f"{STRIP}.txt": [],
        f"{STRIP}.json": [Doubt.OTHER_COMPONENT],
    }


def test_the_very_file_that_was_sent_is_not_sent_again_by_accident(
    person: Person, component: ComponentView, tmp_path: Path
) -> None:
    note = write(tmp_path, f"note-{tmp_path.name}.txt")
    drop(person, [note])
    person.click(person.sheet.send_button)
    person.until(lambda: person.uploads and person.uploads[0].state is UploadState.DONE, "the upload")
    person.until(lambda: component.attachments.view.chosen is not None, "the new row")
    renamed = write(tmp_path, "other-name.txt", note.read_text())
    drop(person, [renamed])
    doubts = person.sheet.form.doubts
    person.until(doubts.skip_button.isVisible, "the question")
    assert "This very file is on the component" in doubts.text.text()
    person.until(lambda: not person.sheet.send_button.isEnabled(), "the stop")
    person.click(doubts.again_button)
    person.until(person.sheet.send_button.isEnabled, "the way")
    person.click(person.sheet.cancel_button)


def test_the_same_bytes_twice_in_the_sheet(person: Person, component: ComponentView, tmp_path: Path) -> None:
    drop(person, [write(tmp_path, "one.txt", "the same"), write(tmp_path, "two.txt", "the same")])
    one, two = person.sheet.rows
    assert not one.findings
    assert [finding.doubt for finding in two.findings] == [Doubt.TWICE]
    choose(person, "two.txt")
    person.click(person.sheet.form.doubts.skip_button)
    person.until(person.sheet.send_button.isEnabled, "the way")
    assert person.sheet.rows == [one]


def test_a_name_that_is_there_already_is_told(
    person: Person, component: ComponentView, tmp_path: Path
) -> None:
    there = next(a for a in component.component.attachments if a.title.isalnum())
    drop(person, [write(tmp_path, "new.txt")])
    choose(person, "new.txt")
    person.type(person.sheet.form.title, there.title)
    person.until(lambda: person.sheet.rows[0].findings, "the caution")
    person.until(lambda: person.sheet.rows[0].compared, "the comparison")
    assert "Another file of this name" in person.sheet.rows[0].findings[0].sentence
    assert not person.sheet.rows[0].open_doubts


def test_a_file_that_changed_after_the_drop_is_looked_at_again(
    person: Person, sandbox: SandboxProcess, component: ComponentView, tmp_path: Path
) -> None:
    note = write(tmp_path, f"note-{tmp_path.name}.txt")
    drop(person, [note])
    note.write_text("not what was dropped", "utf-8")
    person.until(lambda: person.sheet.rows[0].stage is Stage.GROWING or person.sheet.send_button.isEnabled())
    person.click(person.sheet.send_button)
    person.until(lambda: person.sheet.rows and person.sheet.rows[0].size == 20, "the other content")
    until_copied(person)
    person.click(person.sheet.send_button)
    person.until(lambda: person.uploads and not person.has_open_uploads, "the upload")
    with PlainServer(sandbox) as server:
        (held,) = server.titled(STRIP, note.name)
        assert server.content(STRIP, held) == note.read_bytes()


def test_a_stick_may_be_pulled_after_the_copy(
    person: Person, sandbox: SandboxProcess, component: ComponentView, tmp_path: Path
) -> None:
    note = write(tmp_path, f"note-{tmp_path.name}.txt")
    content = note.read_bytes()
    drop(person, [note])
    person.until(lambda: "all copied" in person.sheet.status.text(), "the copy")
    note.unlink()
    person.click(person.sheet.send_button)
    person.until(lambda: person.uploads and not person.has_open_uploads, "the upload")
    with PlainServer(sandbox) as server:
        (held,) = server.titled(STRIP, note.name)
        assert server.content(STRIP, held) == content


def test_a_file_that_cannot_be_read_can_be_tried_again(
    person: Person, component: ComponentView, tmp_path: Path
) -> None:
    path = tmp_path / "late.txt"
    path.touch()
    drop(person, [path])
    doubts = person.sheet.form.doubts
    person.until(doubts.retry_button.isVisible, "the problem")
    path.write_text("there now")
    person.click(doubts.retry_button)
    until_copied(person)
    person.until(person.sheet.send_button.isEnabled, "the way")


def test_copies_of_what_is_given_up_are_gone(
    person: Person, component: ComponentView, tmp_path: Path
) -> None:
    files = [write(tmp_path, f"{number}.txt") for number in range(3)]
    drop(person, files)
    spool = component._context.uploads.spool.folder
    assert len(list(spool.iterdir())) == 3
    choose(person, files[1].name)
    person.press(Qt.Key.Key_Delete, person.sheet.view)
    person.until(lambda: len(list(spool.iterdir())) == 2, "the copy to go")
    person.click(person.sheet.cancel_button)
    person.until(lambda: not list(spool.iterdir()), "the copies to go")


def test_what_was_sent_can_be_taken_back_with_all_that_was_typed(
    sandbox: SandboxProcess, start_program: object, tmp_path: Path
) -> None:
    person: Person = start_program(settings_for(sandbox, undo_seconds=60.0))  # type: ignore[operator]
    person.sign_in()
    component = person.scan(STRIP)
    files = [write(tmp_path, f"{number}-{tmp_path.name}.txt") for number in range(3)]
    drop(person, files)
    choose_all(person)
    person.type(person.sheet.form.title, "{serial} no {n}")
    person.press(Qt.Key.Key_Return, person.sheet.form.title)
    person.click(person.sheet.send_button)
    person.until(lambda: component.undo_bar is not None and component.undo_bar.isVisible(), "the bar")
    bar = component.undo_bar
    assert bar is not None
    assert bar.text.text().startswith(f"3 files for {STRIP} go in ")
    assert not component.is_reviewing
    for path in files:
        path.unlink()  # the stick is gone
    person.click(bar.undo_button)
    person.until(lambda: component.is_reviewing and len(person.sheet.rows) == 3, "the rows")
    assert [row.title for row in person.sheet.rows] == [f"{STRIP} no {number}" for number in (1, 2, 3)]
    assert [upload.state for upload in person.uploads] == [UploadState.CANCELLED] * 3
    person.click(person.sheet.send_button)
    person.until(lambda: len(person.uploads) == 6, "the second try")
    bar._end = 0.0
    person.until(lambda: not bar.isVisible(), "the end of the time to undo")
    focus = QApplication.focusWidget()
    assert focus is not None
    assert component.isAncestorOf(focus), "Enter would go back"
    folders = {path.name for path in component._context.uploads.spool.folder.iterdir()}
    assert {upload.id for upload in person.uploads if upload.state.is_open} == folders


def test_a_long_name_leaves_send_in_the_window(
    person: Person, component: ComponentView, tmp_path: Path
) -> None:
    long = write(tmp_path, f"{OTHER}_{'x' * 200}.txt")
    least = component.minimumSizeHint().width()
    drop(person, [long])
    form = person.sheet.form
    person.until(form.doubts.isVisible, "the stop")
    assert person.sheet.minimumSizeHint().width() <= max(least, 900)
    assert form.chosen.toolTip() == long.name
    assert form.chosen.text().endswith(".txt")
    assert "…" in form.chosen.text()


def test_a_field_that_there_is_not_goes_into_no_title(
    person: Person, component: ComponentView, tmp_path: Path
) -> None:
    drop(person, [write(tmp_path, f"{number}.txt") for number in range(2)])
    choose_all(person)
    sheet, form = person.sheet, person.sheet.form
    person.type(form.title, "{n} {nonsense}")
    person.press(Qt.Key.Key_Return, form.title)
    person.until(lambda: "a field that there is not" in sheet.status.text(), "the stop")
    assert not sheet.send_button.isEnabled()
    assert "{nonsense} is no field" in form.remark.text()
    person.type(form.title, "{n} {name}")
    person.press(Qt.Key.Key_Return, form.title)
    person.until(sheet.send_button.isEnabled, "the way")
    assert [row.title for row in sheet.rows] == ["1 0", "2 1"]


def test_what_another_computer_sent_is_told_by_its_bytes(
    person: Person, sandbox: SandboxProcess, component: ComponentView, tmp_path: Path
) -> None:
    there = next(a for a in component.component.attachments if a.title == "Read-out log")
    with PlainServer(sandbox) as server:
        content = server.content(STRIP, server.titled(STRIP, there.title)[0])
    same = tmp_path / there.title
    same.write_bytes(content)
    drop(person, [same])
    person.until(lambda: "Decide about" in person.sheet.status.text(), "the stop")
    assert person.sheet.rows[0].findings[0].sentence.startswith("This very file is on the component")


def test_files_called_the_same_are_told_apart_by_their_folders(
    person: Person, component: ComponentView, tmp_path: Path
) -> None:
    (tmp_path / "dropped" / "sub").mkdir(parents=True)
    write(tmp_path / "dropped", "a.txt", "one")
    write(tmp_path / "dropped" / "sub", "a.txt", "two")
    drop(person, [tmp_path / "dropped"])
    rows = list(person.sheet.rows)
    assert [row.name for row in rows] == ["dropped/a.txt", "dropped/sub/a.txt"]
    assert "the same title" in rows[0].findings[0].sentence
    person.sheet.remove([rows[1]])
    assert (rows[0].name, rows[0].findings) == ("a.txt", ())


def test_what_is_skipped_takes_with_it_what_is_found_later(
    person: Person, component: ComponentView, tmp_path: Path
) -> None:
    files = [write(tmp_path, f"{number}.txt", "the same") for number in range(40)]  # not copied in one go
    other = write(tmp_path, "other.txt")
    person.drop(component, [*files, other])
    sheet, doubts = person.sheet, person.sheet.form.doubts
    person.until(lambda: any(row.open_doubts for row in sheet.rows), "the first copy of the same")
    sheet.view.selectAll()
    person.until(doubts.skip_button.isVisible, "the way to skip")
    person.click(doubts.skip_button)
    person.until(lambda: {row.path for row in sheet.rows} == {files[0], other}, "all of these to go")
    person.until(sheet.send_button.isEnabled, "the way")


@pytest.mark.logs("No such component")
def test_a_component_that_there_is_not_is_named(
    person: Person, component: ComponentView, tmp_path: Path
) -> None:
    nobody = "20UPGM29999999"
    theirs = write(tmp_path, f"{nobody}.txt")
    drop(person, [theirs])
    person.click(person.sheet.form.doubts.other_button)
    person.until(lambda: person.verdict.startswith(f"{nobody}: "), "why not")
    assert [row.path for row in person.sheet.rows] == [theirs]
