"""What must be so on every page for those who use no mouse, or no screen."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QSlider,
    QTabBar,
    QTableView,
    QTextEdit,
    QWidget,
)

from tests.gui.page_checks import SEEN, Pixels, in_sight, luminance, told

_CONTROLS = (
    QAbstractButton,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QComboBox,
    QAbstractSpinBox,
    QAbstractItemView,
    QSlider,
    QTabBar,
)
_MOST_STEPS = 300
_CHANGED = 20  # pixels, at least, by which one sees the focus


def controls(window: QWidget) -> list[QWidget]:
    """Return what a person can act on: not the parts of other controls, nor what only shows something."""
    return [
        widget
        for widget in in_sight(window)
        if isinstance(widget, _CONTROLS) and widget.isEnabled() and not _is_part(widget)
    ]


def _is_part(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    # Of a table's corner, a field's cross and a tab's cross and arrows the keys do the same elsewhere.
    whole = (QComboBox, QAbstractSpinBox, QLineEdit, QTableView, QTabBar)
    return isinstance(widget, QHeaderView) or isinstance(parent, whole)


def unreachable(window: QWidget) -> list[str]:
    """Go round a window by Tab; return the controls that this does not come to, or does not get out of."""
    missing = {id(widget): widget for widget in controls(window)}
    start = QApplication.focusWidget()
    steps = 0
    while missing and steps < _MOST_STEPS:
        before = QApplication.focusWidget()
        QTest.keyClick(before or window, Qt.Key.Key_Tab)
        focus = QApplication.focusWidget()
        if focus is before:
            return [f"Tab stays in {told(focus) if focus is not None else 'the window'}"]
        place = focus
        while place is not None:  # a focus proxy, or a part that has the keys for the whole
            missing.pop(id(place), None)
            place = place.parentWidget()
        if isinstance(focus, QAbstractButton) and (group := focus.group()) is not None:
            for button in group.buttons():  # of which the arrow keys choose one
                missing.pop(id(button), None)
        steps += 1
        if focus is start:
            break
        start = start or focus
    return [told(widget) for widget in missing.values()]


def nameless(window: QWidget) -> list[str]:
    """Return what a screen reader could only call "button" or "table", and rows that say nothing."""
    found = []
    for widget in controls(window):
        spoken = QAccessible.queryAccessibleInterface(widget)
        if spoken is None or not _name(spoken):
            found.append(told(widget))
        elif spoken.role() in (QAccessible.Role.NoRole, QAccessible.Role.Client):
            found.append(f"{told(widget)} has no role")
        if isinstance(widget, QAbstractItemView):
            found += _silent_rows(widget)
    return found


def _name(spoken: QAccessibleInterface) -> str:
    name = spoken.text(QAccessible.Text.Name)
    return name.replace("&", "").strip()


def _silent_rows(view: QAbstractItemView) -> list[str]:
    model, root = view.model(), view.rootIndex()
    found = []
    for row in range(min(model.rowCount(root), 30)):
        columns = range(model.columnCount(root)) if isinstance(view, QTableView) else (0,)
        said = [_said(model.index(row, column, root)) for column in columns]
        if not any(said):
            found.append(f"row {row} of {told(view)}")
    return found


def _said(index: object) -> str:
    text = index.data(Qt.ItemDataRole.AccessibleTextRole) or index.data()  # type: ignore[attr-defined]
    return str(text or "").strip()


def unseen_focus(window: QWidget, known: set[tuple[str, str]]) -> list[str]:
    """Return the kinds of controls, but for those known, that look the same with the focus and without.

    Those that look otherwise are known from then on.
    """
    found = []
    for widget in controls(window):
        kind = (type(widget).__name__, widget.objectName())
        if kind in known or not widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            continue
        _look_away(window, widget)
        without = widget.grab().toImage()
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        if widget.hasFocus() or widget.focusProxy() is not None:
            seen = _difference(without, widget.grab().toImage())
            if seen < _CHANGED:
                found.append(f"{told(widget)}: {seen} pixels")
                continue  # it is looked at again once layouts have settled
        known.add(kind)
    return found


def _look_away(window: QWidget, widget: QWidget) -> None:
    focus = QApplication.focusWidget()
    if focus is not None:
        focus.clearFocus()


def _difference(one: QImage, other: QImage) -> int:
    """Return how many pixels have changed by a contrast that can be seen."""
    if one.size() != other.size():
        return _CHANGED  # it is larger with the keys
    before, after = luminance(_pixels(one)), luminance(_pixels(other))
    high, low = np.maximum(before, after), np.minimum(before, after)
    return int(((high + 0.05) / (low + 0.05) >= SEEN).sum())


def _pixels(image: QImage) -> Pixels:
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(image.constBits(), np.uint32).reshape(-1) & 0xFFFFFF
