"""Scans that go into the tray, what is missing there, and files for all that is in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from itkgui.item_models.tray_table import Finding
from itkgui.scanning.scan_log import Outcome
from itkgui.uploads.upload import UploadState
from itkgui.views.tray.tray_view import TrayView
from tests.conftest import settings_for
from tests.end2end.plain_server import PlainServer
from tests.gui.person import Person
from tests.gui.scanner import Scanner
from tests.sandbox_process import SandboxProcess

STRIPS = ["20USBML0000001", "20USBML0000002", "20USBML0000004"]
BETWEEN, PIXEL, NOBODY = "20USBML0000003", "20UPGM23800001", "20UPGM29999999"


def go(person: Person) -> TrayView:
    person.click(person.workspace.rail.button(person.workspace.list_place))
    view = person.workspace.list_place.view
    person.until(view.editor.isVisible, "the tray")
    return view


def labels(view: TrayView) -> list[tuple[str, Finding]]:
    return [(row.label, row.finding) for row in view.table.records]


def test_scans_go_into_the_tray_while_it_is_on_the_screen(person: Person) -> None:
    view = go(person)
    view.entry.clear_button.click()
    for label in (PIXEL, STRIPS[0], "20UPG", NOBODY):
        person.type_label(label)  # the next one, whether or not the one before is found
    person.until(lambda: "Looking" not in view.count.text() and len(view.table.records) == 4, "all of them")
    assert labels(view) == [
        ("20UPG", Finding.GARBLED),
        (NOBODY, Finding.UNKNOWN),
        (PIXEL, Finding.FOUND),
        (STRIPS[0], Finding.FOUND),
    ]
    assert person.workspace.current_component is None, "nothing was opened"
    assert person.workspace.scan_box.text() == ""
    person.type_label(PIXEL.lower())
    assert person.verdict == f"{PIXEL} is in the tray already"
    assert view.view.chosen.label == PIXEL
    assert view.editor.toPlainText().splitlines() == [PIXEL, STRIPS[0], "20UPG", NOBODY]

    person.click(view.scan_button)  # now they open again
    person.scan(PIXEL)
    view = go(person)
    assert not view.scan_button.isChecked()
    person.click(view.scan_button)
    person.workspace.go_to(person.workspace.search_view)
    person.scan(STRIPS[0])  # not from another place either
    assert len(view.table.records) == 4


def test_what_is_missing_between_the_numbers_is_told_and_added(person: Person) -> None:
    view = go(person)
    view.entry.clear_button.click()
    view.show_list(" ".join(STRIPS))
    person.until(lambda: not view.missing.isHidden(), "what is missing")
    assert view.missing.words.text() == BETWEEN
    person.click(view.missing.help_button)
    person.until(lambda: view.missing.isHidden() and len(view.table.records) == 4, "the missing one")


def test_the_tray_is_there_again_at_the_next_sign_in(person: Person) -> None:
    view = go(person)
    view.entry.clear_button.click()
    view.show_list(f"{PIXEL}\n{STRIPS[0]}")
    person.until(lambda: view.count.text() == "2 found", "the answer")
    person.workspace.sign_out_requested.emit()
    person.until(lambda: person.window.workspace is None, "the end of the session")
    person.until(person.login.sign_in_button.isEnabled, "the sign-in page")
    person.login.refill()
    person.sign_in()
    again = go(person)
    person.until(lambda: again.count.text() == "2 found", "the tray")
    person.click(again.entry.clear_button)
    assert again.rows.currentWidget() is again.empty


def test_a_file_goes_to_all_and_can_be_taken_back(
    start_sandbox: Callable[..., SandboxProcess], start_program: Callable[..., Person], tmp_path: Path
) -> None:
    server = start_sandbox("--components", "200")
    person = start_program(settings_for(server, undo_seconds=600.0))
    person.sign_in()
    view = go(person)
    assert not view.attach_button.isEnabled()
    view.show_list("\n".join((*STRIPS[:2], NOBODY)))
    person.until(lambda: view.count.text() == "2 found, 1 unknown", "the answer")
    note, own = tmp_path / "note of the tray.txt", tmp_path / f"note of {STRIPS[0]}.txt"
    note.write_text("seen and found well")
    own.write_text("of one only")
    assert person.drop(view, [note, own]) == Qt.DropAction.CopyAction
    sheet = view.sheet
    assert sheet is not None
    person.until(lambda: len(sheet.rows) == 4 and all(row.copy for row in sheet.rows), "a row for each")
    assert sheet.heading.text() == "Add files to all 2 components of the tray"
    stopped = [row for row in sheet.rows if row.open_doubts]
    assert [(row.path, row.target.key if row.target else "") for row in stopped] == [
        (own, view.table.records[2].component.key)  # type: ignore[union-attr]
    ], "it names the other one"
    sheet.remove([row for row in sheet.rows if row.path == own])
    person.until(sheet.send_button.isEnabled, "the review")
    assert person.workspace.reviewed_labels == ["all 2 components of the tray"]
    assert Scanner(person).outcome(f"{BETWEEN}\r") is Outcome.REFUSED
    assert "would not go to what is added" in person.verdict
    person.type_label(BETWEEN)
    view.show_list(BETWEEN)
    assert view.editor.toPlainText().splitlines() == [*STRIPS[:2], NOBODY]
    person.click(sheet.send_button)
    person.until(lambda: not view.is_reviewing and len(person.uploads) == 2, "the queue to have them")
    assert view.undo_bar is not None
    view.undo_bar.undo_requested.emit(view.undo_bar._rows)
    person.until(lambda: view.is_reviewing and len(sheet.rows) == 2, "them back")
    assert {row.goes_to.owner.label for row in sheet.rows if row.goes_to} == set(STRIPS[:2])
    person.program.context.uploads.timing.undo = 0.0  # type: ignore[union-attr]
    person.until(sheet.send_button.isEnabled, "the review")
    person.click(sheet.send_button)
    person.until(
        lambda: (
            [one.state for one in person.uploads if one.state is UploadState.DONE] == [UploadState.DONE] * 2
        ),
        "both",
    )
    with PlainServer(server) as asked:
        for serial in STRIPS[:2]:
            assert len(asked.titled(serial, note.name)) == 1


@pytest.mark.parametrize("count", [500])
def test_five_hundred_parts_hold_nobody_up(person: Person, sandbox: SandboxProcess, count: int) -> None:
    with PlainServer(sandbox) as asked:
        page = {"filterMap": {"state": ["ready"]}, "pageInfo": {"pageIndex": 0, "pageSize": count}}
        items = asked.ask("GET", "listComponents", page).json()["itemList"]
    serials = [item["serialNumber"] for item in items if item["serialNumber"]]
    view = go(person)
    view.entry.clear_button.click()
    view.show_list("\n".join(serials))
    person.until(lambda: any(row.due is not None for row in view.table.records), "what is due")
    assert view.count.text() == f"{len(serials):,} found"
    due = [row for row in view.table.records if row.due is not None]
    assert len(due) > 0.9 * len(serials)


def test_a_file_of_a_component_beside_the_tray_goes_there_once(
    start_sandbox: Callable[..., SandboxProcess], start_program: Callable[..., Person], tmp_path: Path
) -> None:
    person = start_program(settings_for(start_sandbox("--components", "200")))
    person.sign_in()
    view = go(person)
    view.show_list("\n".join(STRIPS[:2]))
    person.until(lambda: view.count.text() == "2 found", "the answer")
    file = tmp_path / f"note of {STRIPS[2]}.txt"
    file.write_text("of one that is not on the tray")
    person.drop(view, [file])
    sheet = view.sheet
    assert sheet is not None
    person.until(lambda: len(sheet.rows) == 2 and all(row.copy for row in sheet.rows), "a row for each")
    ids = {row.id for row in sheet.rows}
    sheet.view.selectAll()
    person.until(lambda: len(sheet.form._rows) == 2, "both to be chosen")
    person.click(sheet.form.doubts.other_button)
    person.until(lambda: person.workspace.current_component is not None, "the component")
    person.until(lambda: person.component.is_reviewing and not view.is_reviewing, "its sheet")
    (row,) = person.sheet.rows
    spool = person.workspace.upload_view.watch.uploads.spool.folder
    person.until(lambda: ids & {path.name for path in spool.iterdir()} == {row.id}, "one copy to be left")
    person.until(person.sheet.send_button.isEnabled, "nothing to be decided")
    person.sheet.give_up()
