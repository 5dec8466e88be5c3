"""What must be so of every field on every page, whatever is pasted into it."""

from __future__ import annotations

import time

from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from tests.gui.page_checks import in_sight, told

_MUCH = "20UPGM23800001é" * 300 + "\t<b>two\u202e words</b>\n" * 275  # 10 kB, at first without a blank
_LONGEST = 1.0  # seconds; some 20 ms on a machine with nothing else to do


def overfilled(window: QWidget, known: set[str]) -> list[str]:
    """Paste far too much into each field that is not known; return those that the window suffers from."""
    found = []
    for field in [one for one in in_sight(window) if isinstance(one, QLineEdit | QPlainTextEdit | QTextEdit)]:
        if not field.isEnabled() or field.isReadOnly() or told(field) in known:
            continue
        known.add(told(field))
        before, size, least = _text(field), window.size(), window.minimumSizeHint()
        field.setFocus()
        QGuiApplication.clipboard().setText(_MUCH)
        begin = time.perf_counter()
        QTest.keySequence(field, QKeySequence(QKeySequence.StandardKey.Paste))
        QApplication.processEvents()
        took = time.perf_counter() - begin
        widens = window.minimumSizeHint().width() > max(least.width(), size.width()) or window.size() != size
        if widens or took > _LONGEST:
            found.append(f"{told(field)}: {took:.2f} s, {window.size()}, {window.minimumSizeHint()}")
        _put(field, before)
    return found


def _text(field: QLineEdit | QPlainTextEdit | QTextEdit) -> str:
    return field.text() if isinstance(field, QLineEdit) else field.toPlainText()


def _put(field: QLineEdit | QPlainTextEdit | QTextEdit, text: str) -> None:
    if isinstance(field, QLineEdit):
        field.setText(text)
    else:
        field.setPlainText(text)
