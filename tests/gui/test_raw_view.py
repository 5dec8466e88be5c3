"""The server's JSON: complete, found in, copied, and no burden however long it is."""

from __future__ import annotations

import json
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from itkgui.views.components.component_view import RAW, ComponentView
from itkgui.views.diagnosis.heartbeat import Heartbeat
from tests.end2end.plain_server import PlainServer
from tests.gui.odd_component import MARKUP, show_record
from tests.gui.person import Person
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.program("used")

PIXEL = "20UPGM23800001"
OWN = "a" * 32


def open_raw(person: Person, component: ComponentView) -> None:
    person.show_tab(RAW)
    person.until(lambda: not component.raw.pane.is_loading and component.raw.facts.text(), "the JSON")


def find(person: Person, component: ComponentView, text: str) -> None:
    person.type(component.raw.find_box, text)
    person.until(lambda: not component.raw._pause.isActive(), "the pause after the last key")
    person.until(lambda: not component.raw._finding.is_running, "the search")


def chosen(component: ComponentView) -> str:
    return component.raw.reader.textCursor().selectedText()


def test_it_is_what_the_server_says(person: Person, sandbox: SandboxProcess) -> None:
    component = person.scan(PIXEL)
    assert not component.raw.reader.toPlainText()
    open_raw(person, component)
    with PlainServer(sandbox) as server:
        said = server.ask("GET", "getComponent", {"component": PIXEL, "noEosToken": True}).json()
    shown = json.loads(component.raw.reader.toPlainText())
    said.pop("uuAppErrorMap", None)
    shown.pop("uuAppErrorMap", None)
    assert shown == said


def test_find_goes_from_one_to_the_next_and_around(person: Person) -> None:
    component = person.scan(PIXEL)
    open_raw(person, component)
    person.press(Qt.Key.Key_F, component.raw.reader, Qt.KeyboardModifier.ControlModifier)
    assert component.raw.find_box.hasFocus()
    find(person, component, "SERIALNUMBER")
    total = component.raw.reader.toPlainText().lower().count("serialnumber")
    assert component.raw.count.text() == f"1 of {total}"
    assert chosen(component) == "serialNumber"
    first = component.raw.reader.textCursor().position()
    person.press(Qt.Key.Key_F3, component.raw)
    assert component.raw.count.text() == f"2 of {total}"
    assert component.raw.reader.textCursor().position() > first
    person.press(Qt.Key.Key_F3, component.raw, Qt.KeyboardModifier.ShiftModifier)
    assert component.raw.reader.textCursor().position() == first
    person.press(Qt.Key.Key_F3, component.raw, Qt.KeyboardModifier.ShiftModifier)
    assert component.raw.count.text() == f"{total} of {total}"
    find(person, component, "no such thing")
    assert component.raw.count.text() == "not found"
    assert not component.raw.next_button.isEnabled()


def test_copy_takes_all_of_it(person: Person) -> None:
    component = person.scan(PIXEL)
    open_raw(person, component)
    person.click(component.raw.copy_button)
    assert json.loads(QGuiApplication.clipboard().text()) == component.component.raw


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("😀😀 needle", "needle"),
        ("x" * 1700 + "needle" + "y" * 800, "needle"),
        ("x" * 497 + "needle", "needle"),
        ("\u202eneedle\u2028", "needle"),
        (MARKUP, "<b>bold</b>"),
        ("ΩΣ needle İ", "NEEDLE"),
    ],
)
def test_found_text_is_what_is_chosen(person: Person, value: str, wanted: str) -> None:
    odd = show_record(person, code=OWN, alternativeIdentifier=value)
    open_raw(person, odd)
    find(person, odd, wanted)
    assert chosen(odd).replace("\u2029", "").lower() == wanted.lower()
    person.click(odd.raw.copy_button)
    assert json.loads(QGuiApplication.clipboard().text())["alternativeIdentifier"] == value
    assert "\u202e" not in odd.raw.reader.toPlainText()


@pytest.mark.alone
@pytest.mark.parametrize(
    "long", ["one word " * 120_000, [{"code": f"P{number}", "value": number} for number in range(20_000)]]
)
def test_a_megabyte_does_not_hold_up_the_window(person: Person, long: Any) -> None:
    odd = show_record(person, code=OWN, extra=long)
    heartbeat = Heartbeat()
    heartbeat.start()
    open_raw(person, odd)
    assert heartbeat.stop()["max"] < 300  # a whole megabyte at once takes longer; the benchmark is stricter
    assert odd.raw.facts.text().endswith("MB")
    assert len(odd.raw.reader.toPlainText()) > 1_000_000


def test_deep_json_is_shown(person: Person) -> None:
    deep: Any = "bottom"
    for _ in range(400):
        deep = [deep]
    odd = show_record(person, code=OWN, extra=deep)
    open_raw(person, odd)
    find(person, odd, "bottom")
    assert chosen(odd) == "bottom"


def test_f5_keeps_place_and_match(person: Person) -> None:
    component = person.scan(PIXEL)
    open_raw(person, component)
    find(person, component, "componentType")
    for _ in range(5):
        person.press(Qt.Key.Key_F3, component.raw)
    place, before = component.raw.reader.verticalScrollBar().value(), component.component
    position = component.raw.reader.textCursor().position()
    person.press(Qt.Key.Key_F5, component)
    person.until(lambda: component.component is not before, "the new answer")
    person.until(lambda: not component.raw.pane.is_loading, "the JSON")
    assert component.raw.reader.verticalScrollBar().value() == place
    assert component.raw.reader.textCursor().position() == position
