"""Texts that are never cut off, and one that must not change the room about which it tells."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from itkgui.views.widgets.whole_label import WholeLabel

LONG, SHORT = "as many words as need several lines in a window that is as narrow as this", "few words"


@pytest.mark.parametrize("is_steady", [False, True])
def test_only_what_is_steady_keeps_the_height_that_it_once_needed(qtbot: QtBot, *, is_steady: bool) -> None:
    window, label, rest = QWidget(), WholeLabel(is_steady=is_steady), QWidget()
    qtbot.addWidget(window)
    layout = QVBoxLayout(window)
    layout.addWidget(rest, 1)
    layout.addWidget(label)
    label.setText(SHORT)
    window.resize(160, 300)
    window.show()
    least = label.height()
    label.setText(LONG)
    qtbot.waitUntil(lambda: label.height() >= 3 * least - 2 * label.margin())
    most = label.height()
    label.setText(SHORT)
    qtbot.waitUntil(lambda: label.height() == (most if is_steady else least))
    label.clear()
    label.setText(SHORT)
    qtbot.waitUntil(lambda: label.height() == least)
    label.setText(LONG)
    qtbot.waitUntil(lambda: label.height() == most)
    window.resize(600, 300)
    label.setText(SHORT)
    qtbot.waitUntil(lambda: label.height() == least)
