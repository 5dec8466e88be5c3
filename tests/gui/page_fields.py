"""What must be so of every field on every page, whatever is pasted into it."""

from __future__ import annotations

import time

from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from tests.gui.page_checks import in_sight, told

_MUCH = "20UPGM23800001é" * 300 + "\t<b>two\u202e words</b>\n" * 275  # 10 kB, at first without a blank
_LONGEST = 1.0  # seconds of work, whatever else the machine does; some 20 ms are usual


def overfilled(window: QWidget, known: set[str]) -> list[str]:
    """Paste far too much into each field that is not known; return those that the window suffers from."""
    found = []
    for field in [one for one in in_sight(window) if isinstance(one, QLineEdit | QPlainTextEdit | QTextEdit)]:
        name = told(field)  # what it is called before it is filled
        if not field.isEnabled() or field.isReadOnly() or name in known:
            continue
        before, size, least = _text(field), window.size(), window.minimumSizeHint()
        field.setFocus()
        QGuiApplication.clipboard().setText(_MUCH)
        begin = time.thread_time()
        QTest.keySequence(field, QKeySequence(QKeySequence.StandardKey.Paste))
        QApplication.processEvents()
        took = time.thread_time() - begin
        widens = window.minimumSizeHint().width() > max(least.width(), size.width()) or window.size() != size
        if widens or took > _LONGEST:
            found.append(f"{name}: {took:.2f} s, {window.size()}, {window.minimumSizeHint()}")
        else:
            known.add(name)
        _put(field, before)
    return found


def _text(field: QLineEdit | QPlainTextEdit | QTextEdit) -> str:
    return field.text() if isinstance(field, QLineEdit) else field.toPlainText()


def _put(field: QLineEdit | QPlainTextEdit | QTextEdit, text: str) -> None:
    if isinstance(field, QLineEdit):
        field.setText(text)
    else:
        field.setPlainText(text)
