"""All that a page tells a person, and which of it is the program's: the rest is known as data."""

from __future__ import annotations

import ast
import html
import re
from collections.abc import Iterable, Iterator
from typing import Any

from PySide6.QtCore import QAbstractListModel, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QGroupBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QTabBar,
    QToolButton,
    QWidget,
)

from tests.gui.page_checks import in_sight
from tests.unmarked_texts import ROOT

_ROWS, _COLUMNS = 12, 30  # of a table, that are read
_ROLES = Qt.ItemDataRole
_TOLD = (_ROLES.DisplayRole, _ROLES.ToolTipRole, _ROLES.AccessibleTextRole)
_MARKED = re.compile(r"⟦[^⟦⟧]*⟧")
_CUT = re.compile(r"⟦[^⟦⟧]*$|^[^⟦⟧]*⟧")  # of an elided text
_TWICE = re.compile(r"⟦⟦[^⟦⟧]*⟧[~ ]*⟧")
_WORD = re.compile(r"\w+")


def texts_of(window: QWidget) -> Iterator[str]:
    """Yield what is written in a window, told by its tool tips and spoken names, and chosen in its menus."""
    yield window.windowTitle()
    for widget in in_sight(window):
        yield from _said_by(widget)


def _said_by(widget: QWidget) -> Iterator[str]:
    yield from (widget.toolTip(), widget.accessibleName(), widget.accessibleDescription())
    if isinstance(widget, QLabel | QAbstractButton):
        yield widget.text()
    elif isinstance(widget, QLineEdit | QPlainTextEdit):
        yield widget.placeholderText()
    elif isinstance(widget, QSpinBox):
        yield from (widget.prefix(), widget.suffix(), widget.specialValueText())
    elif isinstance(widget, QGroupBox):
        yield widget.title()
    elif isinstance(widget, QProgressBar):
        yield widget.text()
    elif isinstance(widget, QComboBox):
        yield from (widget.itemText(row) for row in range(widget.count()))
    elif isinstance(widget, QTabBar):
        for tab in range(widget.count()):
            yield from (widget.tabText(tab), widget.tabToolTip(tab))
    elif isinstance(widget, QAbstractItemView) and widget.model() is not None:
        yield from _rows_of(widget)
    yield from (action.text() for action in widget.actions())
    if isinstance(widget, QToolButton | QPushButton) and (menu := widget.menu()) is not None:
        menu.aboutToShow.emit()
        yield from _entries_of(menu)


def _rows_of(view: QAbstractItemView) -> Iterator[str]:
    model, root = view.model(), view.rootIndex()
    columns = 1 if isinstance(model, QAbstractListModel) else min(model.columnCount(root), _COLUMNS)
    for column in range(columns):
        yield from (_text(model.headerData(column, Qt.Orientation.Horizontal, role)) for role in _TOLD)
        for row in range(min(model.rowCount(root), _ROWS)):
            index = model.index(row, column, root)
            yield from (_text(index.data(role)) for role in _TOLD)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _entries_of(menu: QMenu) -> Iterator[str]:
    for action in menu.actions():
        yield action.text()
        if menu.toolTipsVisible():
            yield action.toolTip()
        if isinstance(inner := action.menu(), QMenu):
            inner.aboutToShow.emit()
            yield from _entries_of(inner)


def texts_of_context_menus(window: QWidget, known: set[str]) -> Iterator[str]:
    """Yield the entries of the menus that a click of the right button opens, once for each kind of widget."""
    for widget in list(in_sight(window)):
        kind = type(widget).__name__
        own = next(one for one in type(widget).__mro__ if "contextMenuEvent" in vars(one))
        if not own.__module__.startswith("itkgui") or f"{kind} {widget.accessibleName()}" in known:
            continue
        known.add(f"{kind} {widget.accessibleName()}")
        at = QPoint(5, 5)
        event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, at, widget.mapToGlobal(at))
        QApplication.sendEvent(widget, event)
        menu = QApplication.activePopupWidget()
        if isinstance(menu, QMenu):
            yield from _entries_of(menu)
            menu.close()


# What is data ----------------------------------------------------------------------------------------------


def words_of(text: str) -> set[str]:
    """Return the words of a text that are in nobody's brackets; codes and numbers are no words."""
    bare = html.unescape(re.sub(r"<[^>]*>", " ", text))
    while bare != (bare := _MARKED.sub(" ", bare)):
        pass
    return {word for word in _WORD.findall(_CUT.sub(" ", bare)) if _is_word(word)}


def _is_word(word: str) -> bool:
    return len(word) > 2 and word.isalpha() and not word.isupper()


def is_twice(text: str) -> bool:
    """Tell whether a text was translated, and what came of it once more."""
    return _TWICE.search(text) is not None


def words_of_the_sandbox() -> set[str]:
    """Return the words of all that the sandbox can answer, as they are and as they begin a name."""
    found: set[str] = set()
    for path in (ROOT / "itkgui" / "sandbox").rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
                found |= words_of(node.value)
    for path in (ROOT / "resources" / "sandbox").glob("*.json"):
        found |= words_of(path.read_text("utf-8"))
    return found


def left_in(texts: Iterable[str], data: set[str]) -> dict[str, set[str]]:
    """Return the texts with words that are neither translated nor data, and these words."""
    found = {text: words_of(text) - data for text in texts}
    return {text: words for text, words in found.items() if words}
