"""Two components side by side: by key and by menu, each with its own page, and back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QToolButton

from itkgui.views.components.component_view import FAMILY, TESTS
from tests.gui.person import Person

pytestmark = pytest.mark.program("used")

PIXEL = "20UPGM23800001"
STRIP = "20USBML0000001"
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def press_beside(person: Person) -> None:
    person.press(Qt.Key.Key_Return, person.workspace, CONTROL | SHIFT)


def test_one_alone_stays_where_it_is(person: Person) -> None:
    component = person.scan(PIXEL)
    press_beside(person)
    person.until(lambda: "Open a second component" in person.verdict, "the advice")
    assert person.component is component
    assert person.workspace.side_by_side.beside is None


def test_two_are_seen_at_once_and_go_back(person: Person) -> None:
    first, second = person.scan(PIXEL), person.scan(STRIP)
    press_beside(person)
    person.until(lambda: first.isVisible() and second.isVisible(), "both")
    pair = person.workspace.side_by_side
    assert pair.beside is second
    assert person.workspace.open_components == [first, second]
    assert abs(pair.sizes()[0] - pair.sizes()[1]) < 60
    assert person.component is second
    press_beside(person)
    person.until(lambda: not first.isVisible(), "one")
    assert second.isVisible()
    assert person.workspace.components.count() == 2


def test_keys_concern_the_one_last_used(person: Person) -> None:
    first, second = person.scan(PIXEL), person.scan(STRIP)
    press_beside(person)
    person.press(Qt.Key.Key_2, person.workspace, CONTROL)
    assert second.tabs.currentIndex() == TESTS
    bar = first.tabs.tabBar()
    person.click_at(bar, bar.tabRect(FAMILY).center())
    first.family.view.setFocus()
    person.until(lambda: person.component is first, "the first in use")
    before = first.component, second.component
    person.press(Qt.Key.Key_F5, first)
    person.until(lambda: first.component is not before[0], "the new answer")
    assert second.component is before[1]


def test_another_takes_the_place_beside(person: Person) -> None:
    first, second = person.scan(PIXEL), person.scan(STRIP)
    press_beside(person)
    third = person.scan("20UCMCF0000001")
    press_beside(person)
    assert person.workspace.side_by_side.beside is third
    assert set(person.workspace.open_components) == {first, second, third}
    assert person.workspace.components.count() == 2


def test_scanned_again_it_stays_beside(person: Person) -> None:
    first, second = person.scan(PIXEL), person.scan(STRIP)
    press_beside(person)
    person.type_label(PIXEL)
    person.until(lambda: person.component is first, "the first")
    person.type_label(STRIP)
    person.until(lambda: person.component is second, "the second")
    assert person.workspace.side_by_side.beside is second


def test_closing_the_last_tab_brings_the_other_back(person: Person) -> None:
    first, second = person.scan(PIXEL), person.scan(STRIP)
    press_beside(person)
    person.workspace.side_by_side.close_requested.emit(first)
    person.until(lambda: person.workspace.open_components == [second], "one")
    assert person.workspace.components.count() == 1
    assert person.workspace.side_by_side.beside is None
    assert second.isVisible()


def test_closing_the_one_beside(person: Person) -> None:
    first, _second = person.scan(PIXEL), person.scan(STRIP)
    press_beside(person)
    person.click(person.workspace.side_by_side.close_button)
    person.until(lambda: person.workspace.open_components == [first], "one")
    assert first.isVisible()


@pytest.mark.qt_log_ignore("grabbing the keyboard")
def test_menu_of_the_tab(person: Person) -> None:
    first, second = person.scan(PIXEL), person.scan(STRIP)
    pair = person.workspace.side_by_side
    bar = person.workspace.components.tabBar()
    bar.customContextMenuRequested.emit(QPoint(bar.tabRect(0).center()))
    (menu,) = pair.findChildren(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly)
    entries = [action.text().split("\t")[0] for action in menu.actions()]
    assert entries == ["Show beside the others", "Close", "Close the others", "", "Pin"]
    menu.actions()[0].trigger()
    menu.close()
    person.until(lambda: pair.beside is first and second.isVisible(), "both")


def test_pinning_by_key_concerns_the_one_in_use(person: Person) -> None:
    first, second = person.scan(PIXEL), person.scan(STRIP)
    for page in (first, second):
        page.show_tab(TESTS)
    press_beside(person)
    person.until(lambda: first.isVisible() and second.isVisible(), "both")
    first.tests.view.setFocus()
    person.press(Qt.Key.Key_P, first.tests.view, CONTROL)
    shown = first.tests.detail.run
    assert shown is not None
    person.until(lambda: first.tests.detail.head.pin_button.isChecked(), "the pin")
    person.press(Qt.Key.Key_P, first.tests.view, CONTROL)
    person.until(lambda: not first.tests.detail.head.pin_button.isChecked(), "no pin")
    assert not second.tests.detail.head.pin_button.isChecked()


def test_names_of_tabs_are_whole_and_the_rest_is_reached_by_arrows(person: Person) -> None:
    person.scan(PIXEL)
    second = person.scan(STRIP)
    person.window.resize(1024, 700)
    press_beside(person)
    bar = second.tabs.tabBar()
    left, right = bar.findChildren(QToolButton)
    person.until(right.isVisible, "the arrows")
    last = bar.count() - 1
    for tab in range(bar.count()):
        assert bar.tabRect(tab).width() >= bar.fontMetrics().horizontalAdvance(bar.tabText(tab)) + 2 * 14
    assert bar.tabRect(last).right() > left.x()
    while right.isEnabled():
        person.click(right)
    assert bar.tabRect(last).right() <= left.x()
    for arrow in (left, right):
        assert arrow.width() >= 20
        shades = {arrow.grab().toImage().pixelColor(x, arrow.height() // 2).name() for x in range(4, 18)}
        assert len(shades) > 1, "an arrow that nobody sees"


def test_buttons_put_beside_and_pin(person: Person) -> None:
    first, second = person.scan(PIXEL), person.scan(STRIP)
    pair = person.workspace.side_by_side
    for button in (second.strip.beside_button, second.strip.pin_button):
        assert button.isVisible()
        assert "Ctrl+" in button.toolTip()
    person.click(second.strip.beside_button)
    person.until(lambda: first.isVisible() and pair.beside is second, "both")
    person.click(first.strip.pin_button)
    assert person.verdict == f"{PIXEL} is pinned"
    assert (first.strip.pin_button.isChecked(), second.strip.pin_button.isChecked()) == (True, False)
    first.tabs.setFocus()
    person.press(Qt.Key.Key_D, first, CONTROL)
    assert not first.strip.pin_button.isChecked()
    person.click(second.strip.beside_button)
    assert pair.beside is None
