"""The buttons that narrow a list: what a click on an entry of their menus does."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from itkgui.views.widgets.filter_buttons import Choice, ChoiceButton


@pytest.fixture
def button(qtbot: QtBot) -> ChoiceButton:
    button = ChoiceButton("Verdict")
    qtbot.addWidget(button)
    button.offer([Choice("p", "passed", 1_200), Choice("f", "failed", 2)])
    button.show()
    return button


def click(entry: str) -> QMenu:
    """Click on the entry of the open menu that begins so."""
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    (action,) = [action for action in menu.actions() if action.text().startswith(entry)]
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())
    return menu


def test_clicks_tick_one_value_after_the_other(qtbot: QtBot, button: ChoiceButton) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(button.changed):
        click("failed  (2)")
    assert button.chosen == {"f"}
    assert button.text() == "Verdict: failed ▾"
    menu = click("passed  (1,200)")
    assert button.chosen == {"f", "p"}
    assert button.text() == "Verdict: 2 ▾"
    click("failed")
    assert button.chosen == {"p"}
    assert menu.isVisible()
    QTest.keyClick(menu, Qt.Key.Key_Escape)


def test_any_takes_all_ticks_off(qtbot: QtBot, button: ChoiceButton) -> None:
    button.choose(["f"])
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(button.changed):
        click("Any")
    assert button.chosen == frozenset()
    assert button.text() == "Verdict ▾"
