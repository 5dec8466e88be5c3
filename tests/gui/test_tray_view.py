"""A tray of components: pasted, scanned, looked up together, the unknown ones told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication

from itkgui.item_models.tray_table import Finding
from itkgui.records.due_tests import DueStatus
from itkgui.views.components.component_view import OVERVIEW
from itkgui.views.tray.tray_view import TrayView
from tests.conftest import settings_for
from tests.end2end.plain_server import PlainServer
from tests.gui.person import Person, words
from tests.interop.control import Control
from tests.sandbox_process import SandboxProcess
from tests.unit.client.signed_in import requests_of

STRIP = "20USBML0000001"
PIXEL = "20UPGM23800001"
NOBODY = "20UPGM29999999"
CONTROL = Qt.KeyboardModifier.ControlModifier


def go(person: Person) -> TrayView:
    person.click(person.workspace.rail.button(person.workspace.list_place))
    view = person.workspace.list_place.view
    person.until(view.editor.isVisible, "the place")
    return view


def test_a_list_is_looked_up_together(person: Person, sandbox: SandboxProcess) -> None:
    view = go(person)
    assert view.rows.currentWidget() is view.empty
    view.editor.setPlainText(f"{STRIP.lower()}\n{NOBODY}, {PIXEL}\nno such part\n{STRIP}\n")
    before = len(requests_of(sandbox))
    view.editor.setFocus()
    person.press(Qt.Key.Key_Return, view.editor, CONTROL)
    said = "2 found, 2 unknown, 1 repeated and left out"
    person.until(lambda: view.count.text() == said, "the answer")
    asked = requests_of(sandbox)[before:]
    assert asked.count("getComponentBulk") == 1
    assert asked.count("getComponentTypeByCode") == asked.count("listTestTypes") == 2
    assert [(row.label, row.component is not None) for row in view.table.records] == [
        (NOBODY, False),
        ("no such part", False),
        (STRIP, True),
        (PIXEL, True),
    ]
    with PlainServer(sandbox) as server:
        stage = server.component(PIXEL)["currentStage"]["name"]
    row = view.table.row_where(lambda row: row.label == PIXEL)
    shown = [view.table.index(row, column).data() for column in range(view.table.columnCount())]
    assert stage in shown
    assert view.table.records[3].last_tested is not None
    person.workspace.look_up(PIXEL)
    person.until(lambda: person.workspace.current_component is not None, "the component")
    person.until(lambda: person.component.is_complete, "its tabs")
    person.show_tab(OVERVIEW)
    overview = person.component.overview
    person.until(lambda: overview.due.table.records, "what is due")
    listed, due = view.table.records[3], overview.due.table.records
    assert [(test.test_type, test.status) for test in listed.due or ()] == [
        (test.test_type, test.status) for test in due
    ]
    for test in due:
        assert (test.test_type.label in listed.gaps_text) is (test.status is not DueStatus.PASSED)
    go(person)
    view.text_filter.setText("unknown")
    assert view.table.rowCount() == 2


def test_found_ones_open(person: Person) -> None:
    view = go(person)
    view.show_list(f"{STRIP}\n{NOBODY}")
    person.until(lambda: view.count.text() == "1 found, 1 unknown", "the answer")
    view.view.choose_row(0)
    person.press(Qt.Key.Key_Return, view.view)
    person.settle()
    assert person.workspace.current_component is None, "an unknown one was looked up again"
    view.view.choose_row(1)
    person.press(Qt.Key.Key_Return, view.view)
    person.until(lambda: person.workspace.current_component is not None, "the component")


@pytest.mark.parametrize("between", ["\n", "\r\n", " "])
def test_a_list_pasted_into_the_scan_box_goes_there(person: Person, between: str) -> None:
    box = person.workspace.scan_box
    box.setFocus()
    QGuiApplication.clipboard().setText(between.join((STRIP, PIXEL)))
    person.press(Qt.Key.Key_V, box, CONTROL)
    view = person.workspace.list_place.view
    person.until(lambda: view.isVisible() and view.count.text() == "2 found", "the list")
    assert box.text() == ""


def test_one_pasted_serial_number_stays_in_the_scan_box(person: Person) -> None:
    box = person.workspace.scan_box
    QGuiApplication.clipboard().setText(f"{STRIP}\n")
    person.press(Qt.Key.Key_V, box, CONTROL)
    assert box.text().strip() == STRIP
    assert person.workspace.list_place.made is None


def test_a_scanner_that_sends_several_at_once(person: Person) -> None:
    person.type_label(f"{STRIP} {PIXEL}")
    view = person.workspace.list_place.view
    person.until(lambda: view.isVisible() and view.count.text() == "2 found", "the list")
    assert person.workspace.scan_box.text() == ""


def test_a_file_that_is_pasted_is_reviewed_for_all_of_the_tray(person: Person, tmp_path: Path) -> None:
    view = go(person)
    path = tmp_path / "note.txt"
    path.write_text("seen")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    QGuiApplication.clipboard().setMimeData(mime)
    view.editor.setFocus()
    person.press(Qt.Key.Key_V, view.editor, CONTROL)
    person.until(lambda: "Nothing is here yet" in person.verdict, "why there is nothing to do")
    assert view.editor.toPlainText() == ""
    view.editor.setPlainText(STRIP)
    person.press(Qt.Key.Key_Return, view.editor, CONTROL)
    person.until(lambda: view.count.text() == "1 found", "the component")
    person.press(Qt.Key.Key_V, view.editor, CONTROL)
    person.until(lambda: view.sheet is not None and len(view.sheet.rows) == 1, "the review")
    assert view.is_reviewing
    assert not person.uploads, "nothing is sent unseen"
    assert view.editor.toPlainText() == STRIP


def test_looking_up_can_be_stopped(
    start_sandbox: Callable[..., SandboxProcess], start_program: Callable[..., Person]
) -> None:
    person = start_program(settings_for(start_sandbox("--components", "200", "--latency", "400")))
    person.sign_in()
    view = go(person)
    view.show_list(f"{STRIP}\nno such part\nnor this one")
    person.until(lambda: "Looking up 3" in view.count.text(), "the beginning")
    person.press(Qt.Key.Key_Escape, person.workspace)
    person.until(lambda: view.count.text().startswith("Stopped."), "the end")


@pytest.mark.logs("Server not reached|Connection lost")
def test_a_server_that_is_away(
    start_sandbox: Callable[..., SandboxProcess], start_program: Callable[..., Person]
) -> None:
    server = start_sandbox("--components", "200")
    port = urlsplit(server.info["api_url"]).port
    person = start_program(settings_for(server))
    person.sign_in()
    view = go(person)
    server.stop()
    view.show_list(f"{STRIP}\n{NOBODY}")
    person.until(view.trouble.isVisible, "the trouble")
    assert "cannot reach the server" in words(view.trouble)
    start_sandbox("--components", "200", "--port", str(port))
    view.trouble.retry_requested.emit()
    person.until(lambda: view.count.text() == "1 found, 1 unknown", "the answer")
    assert not view.trouble.isVisible()


def test_too_many_are_refused_in_words(person: Person) -> None:
    view = go(person)
    view.show_list("\n".join(f"part {number}" for number in range(2001)))
    assert view.count.text() == "2,001 are too many; please look up 2,000 at a time."
    person.click(view.entry.clear_button)
    assert view.rows.currentWidget() is view.empty


def test_what_is_no_serial_number_is_marked_and_stays(person: Person, sandbox: SandboxProcess) -> None:
    view = go(person)
    text = f"{STRIP}\n20UPGM238\n{STRIP}"
    view.editor.setPlainText(text)
    before = len(requests_of(sandbox))
    person.click(view.entry.look_up_button)
    said = "1 found, 1 garbled, 1 repeated and left out"
    person.until(lambda: view.count.text() == said, "the answer")
    assert view.editor.toPlainText() == text
    assert [mark.cursor.selectedText() for mark in view.editor.extraSelections()] == ["20UPGM238"]
    row = view.table.records[0]
    assert (row.asked, row.finding) == ("20UPGM238", Finding.GARBLED)
    assert "14 characters; this one has 9" in row.gaps_text
    assert "getComponent" not in requests_of(sandbox)[before:], "it was asked for one by one"
    view.editor.setPlainText(STRIP)
    assert not view.editor.extraSelections()


@pytest.mark.parametrize("text", [" ;,\n", '""\n'])
def test_a_list_of_nothing_says_so_and_stays(person: Person, text: str) -> None:
    view = go(person)
    view.editor.setPlainText(text)
    person.click(view.entry.look_up_button)
    assert view.count.text() == "There is no serial number or name in the list."
    assert view.editor.toPlainText() == text


def test_looking_for_gaps_may_fail_and_be_stopped(
    start_sandbox: Callable[..., SandboxProcess], start_program: Callable[..., Person]
) -> None:
    server = start_sandbox("--components", "200")
    person = start_program(settings_for(server))
    person.sign_in()
    view = go(person)
    with Control(server.info["api_url"]) as control:
        control.fail("GET *listTestTypes", "status", status=403)
        view.show_list(STRIP)
        person.until(view.trouble.isVisible, "the trouble")
        assert (view.count.text(), view.table.records[0].gaps_text) == ("1 found", "–")
        control.fail("GET *listTestTypes", "stall")
        view.reload()
        person.until(lambda: view.count.text() == "1 found; looking for what is due…", "the question")
        person.press(Qt.Key.Key_Escape, person.workspace)
        assert view.count.text() == "1 found; what is due was not looked for"
    view.reload()
    person.until(lambda: view.table.records[0].gaps_text != "–", "the answer")
    assert view.count.text() == "1 found"
