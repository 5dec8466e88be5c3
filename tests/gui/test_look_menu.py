"""The look and the size of text chosen with the mouse in a menu, with several components open."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLayout, QMenu, QToolButton, QWidget

from itkgui.views.commands import run_by_name
from itkgui.views.components.component_view import TESTS
from itkgui.views.style import Style
from tests.gui.person import Person

SEVERAL = ("20UPGM23800001", "20USBML0000001", "20USBMS0000001")
LEFT_OF_ALL = (2, 300)  # a pixel of the rail
pytestmark = pytest.mark.usefixtures("usual_look")


def take(person: Person, button: QToolButton, *texts: str) -> None:
    """Click on a button and through its menus while something else wants to be painted."""
    left = list(texts)

    def click() -> None:
        menu = QApplication.activePopupWidget()
        found = (
            [entry for entry in menu.actions() if entry.text() == left[0]] if isinstance(menu, QMenu) else []
        )
        if isinstance(menu, QMenu) and found:
            place = menu.actionGeometry(found[0]).center()
            if len(left) == 1:
                person.workspace.scan_box.update()
            QTest.mouseMove(menu, place)
            person.click_at(menu, place)
            if len(left) == 1 or menu is not QApplication.activePopupWidget():
                left.pop(0)
        if not left:
            clicks.stop()

    clicks = QTimer()
    clicks.setInterval(30)
    clicks.timeout.connect(click)
    clicks.start()
    person.click(button)  # lasts as long as the menu is open
    assert not left
    person.until(lambda: not person.program.style.is_changing, "the new look")


def on_screen(window: QWidget) -> QImage:
    """Return what was painted last, without painting it once more."""
    return window.screen().grabWindow(window.winId()).toImage()


def check_whole(person: Person) -> None:
    window = person.window
    rail = QColor(Style.theme.surface)
    person.until(lambda: on_screen(window).pixelColor(*LEFT_OF_ALL) == rail, "the window to be painted")
    parts = [window, *window.findChildren(QWidget)]
    assert all(part.updatesEnabled() for part in parts)
    assert all(layout.isEnabled() for layout in window.findChildren(QLayout))
    person.until(lambda: not overlapping(window), f"room for {overlapping(window)}")


def overlapping(window: QWidget) -> list[str]:
    """Return the widgets in sight that a layout has put over one another, or left where they were not."""
    found = []
    for layout in window.findChildren(QLayout):
        parent = layout.parentWidget()
        if parent is None or not parent.isVisible():
            continue
        items = [layout.itemAt(place) for place in range(layout.count())]
        widgets = [item.widget() for item in items if item is not None]
        shown = [widget for widget in widgets if widget is not None and widget.isVisible()]
        for place, one in enumerate(shown):
            found += [
                f"{one} and {other}"
                for other in shown[place + 1 :]
                if one.geometry().intersects(other.geometry())
            ]
    return found


def test_whole_window_changes_with_the_mouse(person: Person) -> None:
    for label in SEVERAL:
        person.scan(label)
        person.show_tab(TESTS)
    button = person.workspace.header.person
    for part, text in (
        ("Look", "Dark"),
        ("Text size", "150 %"),
        ("Look", "Light"),
        ("Text size", "100 %"),
    ):
        take(person, button, part, text)
        check_whole(person)


@pytest.mark.logs("The change is not kept")
def test_a_look_that_a_scan_or_key_chose_but_is_not_kept_is_told(person: Person) -> None:
    preferences = person.program.preferences
    preferences.configuration.paths.settings_file.write_text("not toml", "utf-8")
    person.window.activateWindow()
    assert run_by_name(person.window, "look-dark")
    person.until(lambda: "The change is not kept" in person.verdict, "the message")
    assert preferences.settings.theme == "dark"
