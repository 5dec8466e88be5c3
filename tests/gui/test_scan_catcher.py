"""Scans are heard wherever the focus is; typing comes through as it was."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction, QKeySequence, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QDialog,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from itkgui.scanning.reading import Arrival, Reader
from itkgui.views.scanning.scan_catcher import ScanCatcher
from itkgui.views.style import Style
from itkgui.views.widgets.secret_field import SecretField
from tests.wedge import Wedge

SERIAL = "20UPGM23800001"


class Page(QWidget):
    """A window with fields, a button, and a key of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.line, self.text, self.button, self.codes = (
            QLineEdit(),
            QPlainTextEdit(),
            QPushButton("Do"),
            QLineEdit(),
        )
        self.codes.setEchoMode(QLineEdit.EchoMode.Password)
        layout = QVBoxLayout(self)
        for widget in (self.line, self.text, self.button, self.codes):
            layout.addWidget(widget)
        self.did: list[str] = []
        self.button.clicked.connect(lambda: self.did.append("button"))
        for keys in ("R", "0", "+", "Ctrl+W"):
            action = QAction(keys, self)
            action.setShortcut(QKeySequence(keys))
            action.triggered.connect(lambda _=False, keys=keys: self.did.append(keys))
            self.addAction(action)


@dataclass
class Scene:
    qtbot: QtBot
    page: Page
    catcher: ScanCatcher
    wedge: Wedge
    scans: list[Arrival]

    @property
    def texts(self) -> list[str]:
        return [scan.text for scan in self.scans]

    def until(self, condition: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()))

    def until_quiet(self) -> None:
        self.until(lambda: not self.catcher.is_waiting)

    @property
    def window(self) -> QWindow:
        found = self.page.windowHandle()
        assert found is not None
        return found


@pytest.fixture
def scene(qtbot: QtBot) -> Iterator[Scene]:
    page = Page()
    qtbot.addWidget(page)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    catcher = ScanCatcher(page, Reader(), 35)
    scans: list[Arrival] = []
    catcher.scanned.connect(scans.append)
    handle = page.windowHandle()
    assert handle is not None
    yield Scene(qtbot, page, catcher, Wedge(handle), scans)
    catcher.detach()


@pytest.mark.parametrize("ending", ["\r", "\t", "", "\n", "\r\n"])
@pytest.mark.parametrize("place", ["line", "text", "button"])
def test_a_scan_leaves_the_focus_and_all_text_alone(scene: Scene, place: str, ending: str) -> None:
    focus: QWidget = getattr(scene.page, place)
    scene.page.line.setText("half a")
    scene.page.text.setPlainText("comment")
    focus.setFocus()
    scene.wedge.scan(SERIAL + ending)
    scene.until(lambda: scene.scans)
    scene.until_quiet()
    assert scene.texts[0].rstrip("\r\n\t") == SERIAL
    assert (scene.page.line.text(), scene.page.text.toPlainText()) == ("half a", "comment")
    assert not scene.page.text.document().isUndoAvailable()
    assert (scene.page.did, focus.hasFocus()) == ([], True)


@pytest.mark.parametrize("every", [36.0, 90.0, 250.0])
def test_typing_comes_through(scene: Scene, every: float) -> None:
    scene.page.text.setFocus()
    scene.wedge.scan("Wire bond 7 lifted, 20UPGM23800001 seen\rnext line", every=every)
    scene.until(lambda: scene.page.text.toPlainText() == "Wire bond 7 lifted, 20UPGM23800001 seen\nnext line")
    assert scene.scans == []


def test_typing_of_real_keys_comes_through_and_can_be_undone(scene: Scene) -> None:
    scene.page.line.setFocus()
    QTest.keyClick(scene.window, Qt.Key.Key_A)
    QTest.keyClick(scene.window, Qt.Key.Key_B, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(scene.window, Qt.Key.Key_Space)
    QTest.keyClick(scene.window, Qt.Key.Key_C)
    QTest.keyClick(scene.window, Qt.Key.Key_Backspace)
    scene.until(lambda: scene.page.line.text() in ("aB ", "ab "))
    scene.page.line.undo()
    assert scene.page.line.text() != ""


def test_keys_of_the_window_still_do_what_they_did(scene: Scene) -> None:
    scene.page.button.setFocus()
    for key in (Qt.Key.Key_R, Qt.Key.Key_0):
        QTest.keyClick(scene.window, key)
        scene.until_quiet()
    scene.wedge.scan("+")
    scene.until(lambda: scene.page.did[-1:] == ["+"])
    QTest.keyClick(scene.window, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    scene.until(lambda: scene.page.did == ["R", "0", "+", "Ctrl+W"])


def test_in_a_field_such_a_key_writes(scene: Scene) -> None:
    scene.page.line.setFocus()
    QTest.keyClick(scene.window, Qt.Key.Key_R)
    scene.until(lambda: scene.page.line.text() == "r")
    assert scene.page.did == []


def test_a_button_is_pressed_by_the_blank_and_not_by_a_scan(scene: Scene) -> None:
    scene.page.button.setFocus()
    QTest.keyClick(scene.window, Qt.Key.Key_Space)
    scene.until(lambda: scene.page.did == ["button"])
    scene.wedge.scan("ABC 0R1 DEF0\r")
    scene.until(lambda: scene.texts == ["ABC 0R1 DEF0\r"])
    assert scene.page.did == ["button"]


def test_a_busy_program_takes_a_scan_whole(scene: Scene) -> None:
    scene.page.line.setFocus()
    # In the middle of a scan the loop stands still for longer than a scanner ever pauses.
    scene.wedge.scan(SERIAL[:5])
    QTimer.singleShot(0, lambda: _stand_still(0.3))
    QTimer.singleShot(0, lambda: scene.wedge.scan(SERIAL[5:] + "\r", after=8))
    scene.until(lambda: scene.scans)
    assert scene.texts == [SERIAL + "\r"]
    assert scene.page.line.text() == ""


def test_typing_while_the_program_is_busy_comes_through(scene: Scene) -> None:
    scene.page.line.setFocus()
    QTimer.singleShot(0, lambda: _stand_still(0.3))
    scene.wedge.scan("seen and found well", every=0)  # where events have no times of their own
    scene.until(lambda: scene.page.line.text() == "seen and found well")


def test_secrets_are_not_looked_at(scene: Scene) -> None:
    scene.page.codes.setFocus()
    scene.wedge.scan("kdjfhgsdkfjhgsdfkjhg")
    scene.until(lambda: scene.page.codes.text() == "kdjfhgsdkfjhgsdfkjhg")
    assert scene.scans == []


def test_a_secret_that_is_revealed_is_not_looked_at(scene: Scene, style: Style) -> None:
    field = SecretField()
    field.setParent(scene.page)
    field.show()
    field.actions()[0].setChecked(True)
    field.setFocus()
    assert field.echoMode() is QLineEdit.EchoMode.Normal
    scene.wedge.scan("kdjfhgsdkfjhgsdfkjhg")
    scene.until(lambda: field.text() == "kdjfhgsdkfjhgsdfkjhg")
    assert scene.scans == []


def test_nothing_is_taken_while_the_place_is_hidden(scene: Scene, qtbot: QtBot) -> None:
    other = QLineEdit()
    qtbot.addWidget(other)
    other.show()
    scene.page.hide()
    other.activateWindow()
    qtbot.waitUntil(other.isActiveWindow)
    handle = other.windowHandle()
    assert handle is not None
    Wedge(handle).scan(SERIAL)
    scene.until(lambda: other.text() == SERIAL)
    assert scene.scans == []


def test_a_scan_in_a_dialog_presses_no_button_of_it(scene: Scene) -> None:
    dialog = QDialog(scene.page)
    ok = QPushButton("OK", dialog)
    ok.setDefault(True)
    ok.clicked.connect(dialog.accept)
    dialog.open()
    scene.until(dialog.isActiveWindow)
    handle = dialog.windowHandle()
    assert handle is not None
    Wedge(handle).scan(SERIAL + "\r")
    scene.until(lambda: scene.scans)
    assert dialog.isVisible()
    dialog.reject()


def test_a_scan_under_a_menu_chooses_nothing_in_it(scene: Scene) -> None:
    menu = QMenu(scene.page)
    for letter in "20UPGM":
        menu.addAction(f"&{letter}…").triggered.connect(lambda: scene.page.did.append("menu"))
    menu.popup(scene.page.mapToGlobal(scene.page.rect().center()))
    scene.until(menu.isVisible)
    scene.wedge.scan(SERIAL + "\r")
    scene.until(lambda: scene.scans)
    menu.close()
    assert scene.page.did == []


def test_control_characters_of_a_scanner_are_no_shortcuts(scene: Scene) -> None:
    scene.wedge.scan("[)>06P20UPG\x17M238\r")  # Ctrl+W in the middle
    scene.until(lambda: scene.texts == ["[)>06P20UPG\x17M238\r"])
    assert scene.page.did == []


def test_ten_thousand_characters_stop_nobody(scene: Scene) -> None:
    scene.page.line.setFocus()
    scene.wedge.scan("x" * 10_000 + "\r", every=2)
    scene.until(lambda: scene.scans)
    assert (scene.scans[0].length, scene.page.line.text()) == (10_001, "")


def test_a_click_lets_held_keys_go_first(scene: Scene) -> None:
    scene.page.line.setFocus()
    scene.page.text.setFocus()
    scene.page.line.setFocus()
    scene.wedge.scan("ab", every=5)
    scene.until(lambda: scene.catcher.is_waiting)
    QTest.mouseClick(scene.window, Qt.MouseButton.LeftButton, pos=scene.page.text.geometry().center())
    assert scene.page.line.text() == "ab"


def test_scans_close_together_are_each_told(scene: Scene) -> None:
    for number in range(20):
        scene.wedge.scan(f"20UPGM238000{number:02}\r", every=3, after=60)
    scene.until(lambda: len(scene.scans) == 20)
    assert scene.texts == [f"20UPGM238000{number:02}\r" for number in range(20)]


def _stand_still(seconds: float) -> None:
    deadline = time.perf_counter() + seconds
    while time.perf_counter() < deadline:
        pass
