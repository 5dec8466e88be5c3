"""Scans while something else has the focus, on foreign keyboards, in parts, of commands, by rules or wire."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox

from itkgui.background.worker import Lane
from itkgui.scanning.layouts import LAYOUTS
from itkgui.scanning.reading import Meaning, Source
from itkgui.scanning.scan_log import Outcome, ScanLog
from itkgui.scanning.serial_port import PortState
from itkgui.scanning.tones import Tone
from itkgui.views.components.component_view import COMMENTS, TESTS
from tests.end2end.job import write_files
from tests.gui.person import Person
from tests.gui.scanner import Scanner
from tests.wedge import Wedge

STRIP, PIXEL = "20USBML0000001", "20UPGM23800001"


@pytest.fixture(autouse=True)
def played(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file in which a player of tones notes what it was to play; so nobody hears the tests."""
    folder = tmp_path / "bin"
    folder.mkdir()
    player, notes = folder / "paplay", folder / "played"
    player.write_text(f'#!/bin/sh\necho "$@" >> {notes}\n')
    player.chmod(0o700)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return notes


@pytest.fixture
def scanner(person: Person) -> Scanner:
    return Scanner(person)


def test_a_scan_opens_a_component_and_leaves_what_is_typed(
    person: Person, scanner: Scanner, played: Path
) -> None:
    assert scanner.outcome(f"{STRIP}\r") is Outcome.FOUND
    person.until(lambda: person.component.is_complete, "the component")
    person.show_tab(COMMENTS)
    field = person.component.comments.editor
    field.setFocus()
    scanner.type("bond 7 lifted")
    person.until(lambda: field.toPlainText() == "bond 7 lifted", "what was typed")
    entry = scanner.scan(f"{PIXEL}\r")
    assert (entry.outcome, entry.found, entry.source) == (Outcome.FOUND, PIXEL, Source.KEYS)
    assert person.verdict == f"{PIXEL} found"
    assert person.component.component.label == PIXEL
    assert field.toPlainText() == "bond 7 lifted"
    box = person.workspace.scan_box
    box.setFocus()
    scanner.type("R0H0")
    person.until(lambda: box.text() == "R0H0", "what was typed")
    box.setCursorPosition(2)
    assert [scanner.outcome(f"{STRIP}\t"), scanner.outcome(STRIP)] == [Outcome.FOUND, Outcome.AGAIN]
    assert (box.text(), box.cursorPosition(), box.hasSelectedText()) == ("R0H0", 2, False)
    if sys.platform == "linux":
        tones = ["good-50.wav"] * 3 + ["again-50.wav"]
        person.until(lambda: played.is_file() and len(played.read_text().splitlines()) == 4, "the tones")
        assert [Path(line).name for line in played.read_text().splitlines()] == tones


def test_a_piece_of_a_scan_goes_from_the_scan_box_once_a_scan_is_found(
    person: Person, scanner: Scanner
) -> None:
    box = person.workspace.scan_box
    box.setFocus()
    Wedge(scanner.window).scan("àààààé", every=8)
    person.until(lambda: box.text() == "àààààé", "the piece, as if it had been typed")
    assert scanner.outcome(f"{STRIP}\r") is Outcome.FOUND
    assert box.text() == ""


@pytest.mark.skipif(sys.platform != "linux", reason="has players of other names")
def test_a_tone_waits_for_no_server(person: Person, played: Path) -> None:
    context, answered = person.program.context, threading.Event()
    assert context is not None
    calls = [context.worker.call(answered.wait, 30) for _ in range(Lane.REQUESTS.value)]
    try:
        person.workspace.scan_desk.sound(Tone.WRONG)
        person.until(played.is_file, "the tone")
        assert not any(call.is_done for call in calls)
    finally:
        answered.set()


@pytest.mark.logs("No such component")
def test_a_foreign_keyboard_is_put_right_and_told(person: Person, scanner: Scanner) -> None:
    for layout in ("azerty", "it", "swiss"):
        typed = LAYOUTS[layout].typed("20U-SB-ML-0000001")
        entry = scanner.scan(typed + "\r")
        assert (entry.text, entry.found) == (STRIP, STRIP)
        assert f"read as {typed}" in person.verdict
    # Y and Z change places, of which a beginning tells nothing.
    assert scanner.outcome("20UPGZ23800001\r") is Outcome.UNKNOWN
    assert "20UPGY23800001" in person.verdict
    person.program.preferences.put("scanner_layout", "qwertz")
    assert scanner.scan("20UPGZ23800001\r").text == "20UPGY23800001"


def test_what_is_no_label_is_explained_and_opens_nothing(person: Person, scanner: Scanner) -> None:
    scanner.scan(f"{STRIP}\r")
    for scanned, meaning, said in (
        (PIXEL + STRIP, Meaning.TOGETHER, "2 labels came as one"),
        ("20UPXM23800001", Meaning.GARBLED, "“PX”"),
        ("7" * 1_500, Meaning.GARBLED, "1,501 characters"),
        ("[)>\x1e06\x1dP20U", Meaning.GARBLED, "characters that no label has"),
        ("ITKGUI-DANCE", Meaning.UNKNOWN_COMMAND, "no such command"),
    ):
        entry = scanner.scan(f"{scanned}\r")
        assert (entry.outcome, entry.meaning) == (Outcome.REFUSED, meaning)
        assert said in person.verdict
        assert person.workspace.header.doubt.isVisible(), "the page of before looks as if it were meant"
    # A scan that is cut in half opens nothing, with neither half.
    assert scanner.scan(PIXEL[:7]).meaning is Meaning.CUT
    entry = scanner.scan(f"{PIXEL[7:]}\r")
    assert (entry.outcome, entry.meaning) == (Outcome.REFUSED, Meaning.CUT)
    assert PIXEL[:7] in person.verdict
    assert [view.component.label for view in person.workspace.open_components] == [STRIP]


def test_a_scan_answers_no_question(person: Person, scanner: Scanner, tmp_path: Path) -> None:
    scanner.scan(f"{STRIP}\r")
    person.until(lambda: person.component.is_complete, "the component")
    person.drop(person.component, list(write_files(tmp_path)))
    person.until(lambda: person.component.is_reviewing, "the sheet")
    assert scanner.outcome(f"{PIXEL}\r") is Outcome.ASKED
    assert person.component.component.label == STRIP
    box = QMessageBox(QMessageBox.Icon.Question, "Sure?", "Leave?", parent=person.window)
    box.addButton("Stop", QMessageBox.ButtonRole.AcceptRole)
    box.open()
    person.until(box.isActiveWindow, "the question")
    assert scanner.outcome(f"{PIXEL}\r") is Outcome.REFUSED
    assert box.isVisible()
    assert "question" in person.verdict
    box.close()
    assert person.component.component.label == STRIP
    assert scanner.outcome("ITKGUI-OPEN-SCANNED\r") is Outcome.DONE
    person.until(lambda: person.component.component.label == PIXEL, "the other component")


@pytest.mark.logs("No such component|Several components have this label")
def test_commands_and_labels_of_vendors(person: Person, scanner: Scanner) -> None:
    workspace, desk = person.workspace, person.workspace.scan_desk
    assert scanner.outcome("ITKGUI-UPLOADS\r") is Outcome.DONE
    assert workspace.centre.currentWidget() is workspace.upload_view
    assert scanner.outcome(LAYOUTS["azerty"].typed("ITKGUI-BACK\r")) is Outcome.DONE
    assert workspace.centre.currentWidget() is workspace.search_view
    assert scanner.outcome("ITKGUI-CLOSE\r") is Outcome.NOT_NOW
    assert "cannot be done now" in person.verdict
    person.program.messages.notify("news")
    assert "cannot be done now" in workspace.footer.scan.text()
    assert scanner.outcome("ITKGUI-UPLOADS\r") is Outcome.DONE
    person.program.messages.notify("news")
    assert not workspace.footer.scan.isVisible(), "the last scan did what it says"
    assert scanner.outcome("ITKGUI-TAB-2\r") is Outcome.NOT_NOW
    assert "Open a component first" in person.verdict
    person.scan(PIXEL)
    assert scanner.outcome("ITKGUI-UPLOADS\r") is Outcome.DONE
    assert scanner.outcome("ITKGUI-TAB-2\r") is Outcome.DONE, "it leads to what is open"
    assert (person.component.component.label, person.component.tabs.currentIndex()) == (PIXEL, TESTS)
    rules = """
        [[label]]
        name = "carrier"
        pattern = "CARRIER-(?P<n>[0-9]+)"
        identifier = "20USBML{n}"
        [[label]]
        name = "local name"
        pattern = "OWN (?P<n>.+)"
        project = "S"
        component_type = "MODULE"
        property = "LOCALNAME"
        value = "{n}"
        [[label]]
        name = "glue"
        pattern = "GLUE (?P<n>.+)"
        project = "S"
        component_type = "MODULE"
        property = "MODULE_GLUE"
        value = "{n}"
    """
    desk.rule_files[0].write_text(rules, "utf-8")
    with person.qtbot.waitSignal(desk.rules_changed):
        desk.load_rules()
    entry = scanner.scan("CARRIER-0000001\r")
    assert (entry.outcome, entry.found, entry.meaning) == (Outcome.FOUND, STRIP, Meaning.LABEL)
    assert "by the label CARRIER-0000001 (carrier)" in person.verdict
    entry = scanner.scan("OWN LBNL-LS-0001\r")
    assert (entry.outcome, entry.found, entry.text) == (
        Outcome.AGAIN,
        STRIP,
        "MODULE LOCALNAME = LBNL-LS-0001",
    )
    assert scanner.outcome("OWN LBNL-LS-9999\r") is Outcome.UNKNOWN
    assert scanner.outcome("GLUE True Blue\r") is Outcome.FAILED
    assert "more than one component" in person.verdict


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pairs of terminals")
def test_a_scanner_at_a_serial_port_and_the_log(person: Person, scanner: Scanner) -> None:
    desk, put = person.workspace.scan_desk, person.program.preferences.put
    ours, theirs = os.openpty()
    put("scanner_port", os.ttyname(theirs))
    person.until(lambda: desk.port_state is PortState.OPEN, "the port")
    os.write(ours, f"{STRIP}\r\n".encode())
    person.until(lambda: scanner.entries, "the scan")
    os.write(ours, PIXEL[:5].encode())
    os.close(ours)  # pulled out while it is read
    os.close(theirs)
    person.until(lambda: desk.port_state is PortState.MISSING, "the loss of the port")
    put("scanner_port", "")
    person.until(lambda: desk.port_state is PortState.CLOSED, "the end")
    person.until(lambda: person.workspace.current_component is not None, "the component")
    assert person.component.component.label == STRIP
    put("idle_lock_minutes", 1)
    watch = person.program._guard._idle  # type: ignore[union-attr]
    watch._used -= 60
    scanner.scan(f"{PIXEL}\r")
    watch.look()
    assert not person.window.locker.is_on, "who scans is there"
    person.scan(STRIP)  # typed
    context = person.program.context
    assert context is not None
    log = ScanLog(context.scan_log)
    person.until(lambda: len(log.read()) >= 3, "the log")
    wired, scanned, typed = (entry for entry in log.read() if entry.outcome is not Outcome.REFUSED)
    assert [entry.found for entry in (wired, scanned, typed)] == [STRIP, PIXEL, STRIP]
    assert [entry.source for entry in (wired, scanned, typed)] == [Source.PORT, Source.KEYS, Source.TYPED]
    assert (scanned.raw, scanned.lasted, scanned.longest_gap) == (f"{PIXEL}\r", 8 * 14, 8)
