"""Deleting attachments: what is asked before, and what is left."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from itkgui.client.database import NewAttachment
from itkgui.records.attachment import Attachment, Storage
from itkgui.views.components.component_view import ATTACHMENTS
from tests.end2end.plain_server import PlainServer
from tests.gui.listing import STRIP, see_list
from tests.gui.person import Person
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.program("used")


def attached(person: Person, path: Path, storage: Storage) -> Attachment:
    """Attach a file and look at it; return its entry."""
    component = person.scan(STRIP)
    context = person.program.context
    assert context is not None
    made = context.database.attach(component.component, NewAttachment.of(path, storage=storage))
    component.reload()
    person.show_tab(ATTACHMENTS)
    person.choose(component.attachments.view, lambda a: a.code == made.code)
    person.until(lambda: component.attachments.preview.content.shown_kind, "the file")
    return made


@pytest.mark.parametrize("storage", [Storage.FILE, Storage.EOS])
def test_delete_asks_first_and_takes_the_bytes_too(
    person: Person, sandbox: SandboxProcess, tmp_path: Path, storage: Storage
) -> None:
    path = tmp_path / f"{storage.value} goes.txt"
    path.write_text("to be deleted")
    made = attached(person, path, storage)
    files = person.component.attachments
    files.view.setFocus()
    person.press(Qt.Key.Key_Delete, files.view)
    guard = files.preview.guard
    person.until(guard.isVisible, "the question")
    assert guard.question.text() == f"Delete “{path.name}” from {STRIP}?"
    assert "which is you" in guard.facts.text()
    assert ("EOS" in guard.facts.text()) == (storage is Storage.EOS)
    assert guard.keep_button.hasFocus()
    person.press(Qt.Key.Key_Escape, guard.keep_button)
    assert not guard.isVisible()
    with PlainServer(sandbox) as server:
        (held,) = server.titled(STRIP, path.name)
        person.click(files.preview.delete_button)
        person.click(guard.delete_button)
        person.until(lambda: files.table.row_where(lambda a: a.code == made.code) < 0, "the list without it")
        assert server.titled(STRIP, path.name) == []
        if storage is Storage.EOS:
            assert requests.get(held["url"], timeout=10).status_code == 404
    assert files.view.shelf.cache.find(made) is None
    assert files.view.chosen is not None, "the next one is chosen"


def test_entry_whose_bytes_stay_on_eos_is_deleted(
    person: Person, sandbox: SandboxProcess, tmp_path: Path
) -> None:
    path = tmp_path / f"{tmp_path.name}.txt"
    path.write_text("its bytes stay")
    made = attached(person, path, Storage.EOS)
    files = person.component.attachments
    with PlainServer(sandbox) as server:
        server.fail({"match": "DELETE /eos/*", "do": "status", "status": 403, "times": None})
        person.click(files.preview.delete_button)
        person.click(files.preview.guard.delete_button)
        person.until(lambda: files.table.row_where(lambda a: a.code == made.code) < 0, "the list without it")
        server.fail()
    assert person.verdict.startswith(f"{path.name} was deleted, but its bytes stay on EOS: Not allowed.")
    assert files.view.shelf.cache.find(made) is None


@pytest.mark.parametrize("storage", [Storage.FILE, Storage.EOS])
def test_what_somebody_else_has_deleted_leaves_the_list(
    person: Person, sandbox: SandboxProcess, tmp_path: Path, storage: Storage
) -> None:
    path = tmp_path / f"{tmp_path.name} {storage.value}.txt"
    path.write_text("deleted by two")
    made = attached(person, path, storage)
    files = person.component.attachments
    with PlainServer(sandbox) as server:
        server.ask("POST", "deleteComponentAttachment", {"component": STRIP, "code": made.code})
    person.click(files.preview.delete_button)
    person.click(files.preview.guard.delete_button)
    person.until(lambda: files.table.row_where(lambda a: a.code == made.code) < 0, "the list without it")
    assert person.verdict == f"{path.name} was deleted"


@pytest.mark.logs("Not allowed")
def test_refused_delete_changes_nothing(person: Person, sandbox: SandboxProcess) -> None:
    see_list(person)
    files = person.component.attachments
    chosen = person.choose(files.view, lambda a: a.display_name == "summary.json")
    count = files.table.rowCount()
    with PlainServer(sandbox) as server:
        server.fail({"match": "POST /deleteComponentAttachment", "do": "status", "status": 403})
        person.click(files.preview.delete_button)
        person.click(files.preview.guard.delete_button)
        person.until(lambda: person.verdict.startswith("Not allowed"), "the refusal")
        server.fail()
    assert files.table.rowCount() == count
    assert files.view.chosen == chosen


def test_other_selection_closes_the_question(person: Person) -> None:
    see_list(person)
    files = person.component.attachments
    person.choose(files.view, lambda a: a.display_name == "summary.json")
    person.click(files.preview.delete_button)
    assert files.preview.guard.isVisible()
    person.choose(files.view, lambda a: a.display_name == "readout.log")
    assert not files.preview.guard.isVisible()


def several(person: Person, sandbox: SandboxProcess, *titles: str) -> list[Attachment]:
    """Attach files, choose them all with the mouse, and return them in their order in the list."""
    with PlainServer(sandbox) as server:
        for title in titles:
            server.attach(STRIP, title, title.encode())
    see_list(person, STRIP)
    return all_chosen(person, *titles)


def all_chosen(person: Person, *titles: str) -> list[Attachment]:
    """Choose the files of these titles with the mouse, and return them in their order in the list."""
    view = person.component.attachments.view
    rows = {view.table.record(view.table.index(row, 0)).title: row for row in range(view.table.rowCount())}
    for place, title in enumerate(titles):
        index = view.table.index(rows[title], 0)
        view.scrollTo(index)
        held = Qt.KeyboardModifier.ControlModifier if place else Qt.KeyboardModifier.NoModifier
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, held, view.visualRect(index).center())
    assert {a.title for a in view.all_chosen} == set(titles)
    return view.all_chosen


def test_several_are_deleted_after_one_question(
    person: Person, sandbox: SandboxProcess, tmp_path: Path
) -> None:
    titles = [f"{tmp_path.name} {n}.txt" for n in range(3)]
    several(person, sandbox, *titles)
    files = person.component.attachments
    count = files.table.rowCount()
    person.press(Qt.Key.Key_Delete, files.view)
    guard = files.preview.guard
    person.until(guard.isVisible, "the question")
    assert guard.question.text() == "Delete these 3 files?"
    assert guard.files is not None
    said = guard.files.toPlainText().splitlines()
    assert sorted(line.split("  ·  ")[0] for line in said) == titles
    assert all(f"from {STRIP}" in line for line in said)
    assert guard.keep_button.hasFocus()
    assert not files.preview.pages.isVisible(), "the list has its room"
    person.press(Qt.Key.Key_Escape, guard.keep_button)
    assert files.preview.pages.isVisible()
    gap = files.preview.pages.y() - files.preview.head.geometry().bottom()
    assert gap < files.preview.pages.height() / 4, "the question's room is given back"
    assert files.table.rowCount() == count
    assert len(files.view.all_chosen) == 3
    person.click(files.preview.delete_button)
    person.click(guard.delete_button)
    person.until(lambda: person.verdict == "3 files were deleted", "the verdict")
    person.until(lambda: files.table.rowCount() == count - 3, "the list without them")
    with PlainServer(sandbox) as server:
        assert not any(server.titled(STRIP, title) for title in titles)


def test_what_cannot_be_deleted_does_not_keep_the_others(
    person: Person, sandbox: SandboxProcess, tmp_path: Path
) -> None:
    titles = [f"{tmp_path.name} {n}.txt" for n in range(3)]
    several(person, sandbox, *titles)
    files = person.component.attachments
    count = files.table.rowCount()
    with PlainServer(sandbox) as server:
        server.fail({"match": "POST /deleteComponentAttachment", "do": "status", "status": 403, "times": 1})
        person.click(files.preview.delete_button)
        person.click(files.preview.guard.delete_button)
        person.until(lambda: "1 of 3 files were not deleted" in person.verdict, "the verdict")
        server.fail()
        person.until(lambda: files.table.rowCount() == count - 2, "the list without the others")
        assert sum(bool(server.titled(STRIP, title)) for title in titles) == 1


def test_what_is_left_of_several_is_told_apart(
    person: Person, sandbox: SandboxProcess, tmp_path: Path
) -> None:
    path, refused = tmp_path / f"{tmp_path.name} on EOS.txt", f"{tmp_path.name} refused.txt"
    path.write_text("its bytes stay")
    with PlainServer(sandbox) as server:
        server.attach(STRIP, refused, b"stays")
        attached(person, path, Storage.EOS)
        files = person.component.attachments
        place = [chosen.title for chosen in all_chosen(person, refused, path.name)].index(refused)
        server.fail(
            {"match": "DELETE /eos/*", "do": "status", "status": 403, "times": None},
            {"match": "POST /deleteComponentAttachment", "do": "status", "status": 403, "skip": place},
        )
        person.click(files.preview.delete_button)
        person.click(files.preview.guard.delete_button)
        person.until(lambda: files.table.row_where(lambda a: a.title == path.name) < 0, "the list without it")
        server.fail()
    assert "1 of 2 files were not deleted" in person.verdict
    assert f"Still there: {refused}: Not allowed. Bytes stay on EOS: {path.name}: " in person.verdict
    assert files.table.row_where(lambda a: a.title == refused) >= 0


def test_file_shown_though_others_are_chosen_is_the_one_asked_for(
    person: Person, sandbox: SandboxProcess, tmp_path: Path
) -> None:
    chosen = several(person, sandbox, f"{tmp_path.name} a.txt", f"{tmp_path.name} b.txt")
    files = person.component.attachments
    files.view.clearSelection()
    person.click(files.preview.delete_button)
    assert files.preview.attachment in chosen
    assert files.preview.guard.question.text().startswith(f"Delete “{files.preview.attachment.display_name}”")
