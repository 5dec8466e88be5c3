"""Who it is: every component, however little or odd what the server tells of it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication

from itkgui.records.changes import Changes
from itkgui.records.component import Component
from itkgui.views.components.identity_strip import IdentityStrip
from tests.gui.odd_component import MARKUP, show_record
from tests.gui.person import Person

pytestmark = pytest.mark.program("used")

PIXEL = "20UPGM23800001"
STRIP = "20USBML0000001"


def strip_of(**raw: object) -> IdentityStrip:
    strip = IdentityStrip()
    strip.show_component(Component.from_json(raw))
    return strip


@pytest.mark.usefixtures("qapp")
def test_nothing_known_is_said_in_words() -> None:
    strip = strip_of(code="c0de", serialNumber=None, type=None, componentType=None, currentStage=None)
    assert strip.serial.text() == "c0de"
    assert strip.kind.text() == "no component type"
    assert strip.stage.text() == "no stage"
    for words in ("at an unknown place", "no owner", "no serial number", "state unknown"):
        assert words in strip.place.text()
    strip.deleteLater()


@pytest.mark.usefixtures("qapp")
def test_serious_marks_stand_out() -> None:
    strip = strip_of(serialNumber=PIXEL, trashed=True, inTransit=True)
    assert strip.marks.objectName() == "pill-bad"
    assert strip.marks.text() == "trashed  ·  in transit"
    strip.show_component(Component.from_json({"serialNumber": PIXEL, "reworked": True}))
    assert strip.marks.objectName() == "pill-caution"
    strip.show_component(Component.from_json({"serialNumber": PIXEL, "completed": True}))
    assert strip.marks.isHidden()
    assert "·  completed" in strip.place.text()
    strip.deleteLater()


@pytest.mark.usefixtures("qapp")
def test_newer_is_named_until_it_is_taken_over() -> None:
    strip = strip_of(serialNumber=PIXEL)
    assert strip.news.isHidden()
    strip.tell_newer(Changes(("stage", "2 new test runs", "marks", "grade")))
    assert strip.news.text() == "newer on the server: stage, 2 new test runs, marks, more"
    assert "grade" in strip.news.toolTip()
    assert not strip.news.isHidden()
    strip.show_component(Component.from_json({"serialNumber": PIXEL}))
    assert strip.news.isHidden()
    strip.deleteLater()


def test_markup_is_shown_as_it_stands(person: Person) -> None:
    view = show_record(
        person,
        code="f" * 32,
        serialNumber=MARKUP,
        type={"code": "X", "name": MARKUP},
        componentType={"code": "Y", "name": MARKUP},
        currentStage={"code": "Z", "name": MARKUP},
        currentLocation={"code": "L", "name": MARKUP},
    )
    for label in (view.strip.serial, view.strip.kind, view.strip.stage, view.strip.place):
        assert "<h1>big</h1>" in label.text()
        assert "\u202e" not in label.text()
        assert label.textFormat() is Qt.TextFormat.PlainText


def test_narrow_strip_takes_more_lines_and_cuts_nothing(person: Person) -> None:
    person.scan(STRIP)
    component = person.scan(PIXEL)
    two_lines = component.strip.height()
    person.press(
        Qt.Key.Key_Return,
        person.workspace,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )
    person.until(lambda: component.strip.height() > two_lines, "the narrow strip")
    person.settle()
    for label in (component.strip.serial, component.strip.stage, component.strip.age):
        assert label.width() >= label.sizeHint().width()
        assert component.strip.rect().contains(label.geometry())


def see_serial_numbers(person: Person, width: int) -> None:
    strip = person.scan(PIXEL).strip
    for serial in (STRIP, "0123456789abcdef" * 2, "W" * 200):
        stage = {"code": "MODULE", "name": "At the loading site"}
        raw = {"serialNumber": serial, "componentType": {"name": "Module"}, "currentStage": stage}
        strip.show_component(Component.from_json(raw))
        strip.resize(width, strip.heightForWidth(width))
        person.until(lambda: strip.width() == width)
        QApplication.sendEvent(strip, QEvent(QEvent.Type.LayoutRequest))
        assert strip.serial.width() >= strip.serial.sizeHint().width()
        assert strip.rect().contains(strip.serial.geometry())
        assert strip.rect().contains(strip.copy_button.geometry())
        assert strip.serial.text() == serial or (serial != STRIP and "…" in strip.serial.text())
        assert strip.serial.font().pointSizeF() >= 10
    strip.show_component(Component.from_json({"serialNumber": STRIP}))
    assert strip.serial.font().pointSizeF() >= 18


def test_serial_number_is_never_cut_unmarked(person: Person) -> None:
    for width in [330, 400, 440, 520, 600, 720, 760, 900]:
        see_serial_numbers(person, width)


def test_mark_keeps_the_height_of_its_words(person: Person) -> None:
    strip = person.scan(PIXEL).strip
    place = {"code": "LAB", "name": "A laboratory of a very long name " * 6}
    strip.show_component(
        Component.from_json({"serialNumber": STRIP, "trashed": True, "currentLocation": place})
    )
    strip.resize(440, strip.heightForWidth(440))
    QApplication.sendEvent(strip, QEvent(QEvent.Type.LayoutRequest))
    assert strip.place.height() > 2 * strip.marks.height()
    assert strip.marks.height() == strip.marks.sizeHint().height()
    assert strip.place.geometry().top() > strip.kind.geometry().bottom()
