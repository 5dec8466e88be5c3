"""The command palette: whatever can be done, found by typing some of its letters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLabel,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from itkgui.item_models.word_match import distance, rank
from itkgui.language import _
from itkgui.views.command_list import COMMANDS
from itkgui.views.commands import Command, Group, Offer, offers
from itkgui.views.style import Style, least_target, set_role, set_room, spaced

_Index = QModelIndex | QPersistentModelIndex
_WIDTH = 64  # characters
_SHARE = 0.7  # of the window's height, at most
_TO_THE_LIST = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
_LAST = {Group.PLACES: 1, Group.EVERYWHERE: 2}  # what concerns the page is more likely meant
_ROLE = Qt.ItemDataRole


@dataclass(frozen=True)
class Entry:
    """A command; without an offer it cannot be done now."""

    command: Command
    offer: Offer | None

    @property
    def side(self) -> str:
        """What stands beside the title: the key, or what is missing."""
        return self.command.key if self.offer is not None else _(self.command.needs)

    @property
    def said(self) -> str:
        """All of it, for a screen reader."""
        parts = (self.command.text, self.side, self.command.group.title)
        return ", ".join(part for part in parts if part)


def entries_in(window: QWidget) -> list[Entry]:
    """Return what can be done in a window, and below that what could be if something was there for it."""
    offered = {one.command.name: one for one in offers(window)}
    listed = [command for command in COMMANDS.values() if command.in_palette]
    possible = [Entry(command, offered[command.name]) for command in listed if command.name in offered]
    others = [Entry(command, None) for command in listed if command.needs and command.name not in offered]
    possible.sort(key=lambda entry: _LAST.get(entry.command.group, 0))
    return possible + others


class _Entries(QAbstractListModel):
    def __init__(self, entries: list[Entry], parent: QObject) -> None:
        super().__init__(parent)
        self._all, self.shown = entries, entries

    def find(self, typed: str) -> None:
        lines = [(rank(f"{one.command.text} {one.command.group.title}", typed), one) for one in self._all]
        found = [(worth, entry) for worth, entry in lines if worth is not None]
        found.sort(key=lambda one: (one[1].offer is None, distance(one[1].command.text, typed), one[0]))
        self.beginResetModel()
        self.shown = [entry for _worth, entry in found]
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.shown)

    def data(self, index: _Index, role: int = _ROLE.DisplayRole) -> Any:
        entry = self.shown[index.row()]
        if role == _ROLE.DisplayRole:
            return entry.command.text
        return entry.said if role == _ROLE.AccessibleTextRole else None


class _Delegate(QStyledItemDelegate):
    """The title on the left; on the right, as far as there is room, the key, or what is missing."""

    def __init__(self, model: _Entries, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, _index: _Index) -> QSize:
        style: Any = option
        return QSize(0, max(style.fontMetrics.height() + spaced(12), least_target()))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        style: Any = option  # the stubs leave the option's fields out
        entry, theme, rect = self._model.shown[index.row()], Style.theme, QRect(style.rect)
        if style.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme.colour("selection"))
        room, middle = rect.adjusted(spaced(10), 0, -spaced(10), 0), Qt.AlignmentFlag.AlignVCenter
        title, side = told_in(room.width(), entry, style.fontMetrics)
        painter.setPen(theme.colour("quiet"))
        painter.drawText(room, middle | Qt.AlignmentFlag.AlignRight, side)
        painter.setPen(theme.colour("text" if entry.offer is not None else "quiet"))
        painter.drawText(room, middle | Qt.AlignmentFlag.AlignLeft, title)


def told_in(width: int, entry: Entry, metrics: QFontMetrics) -> tuple[str, str]:
    """Return the title and what stands beside it as there is room for them, in pixels: the title is first."""
    cut = Qt.TextElideMode.ElideRight
    title = metrics.elidedText(entry.command.text, cut, width)
    left = width - metrics.horizontalAdvance(title) - spaced(10)
    return title, metrics.elidedText(entry.side, cut, max(0, left))


class Palette(QFrame):
    """Lies over its window until something is chosen, or the keys go elsewhere."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window, self._focus_before = window, QApplication.focusWidget()
        set_role(self, "palette")
        self.setAccessibleName(_("Find a command"))
        self._entries = _Entries(entries_in(window), self)
        self.field, self.list = QLineEdit(), QListView()
        self.field.setPlaceholderText(_("What do you want to do?"))
        self.field.setAccessibleName(_("Find a command"))
        self.field.installEventFilter(self)
        self.field.textChanged.connect(self._find)
        self.list.setModel(self._entries)
        self.list.setItemDelegate(_Delegate(self._entries, self.list))
        self.list.setAccessibleName(_("Commands"))
        self.list.setMinimumHeight(1)  # of Qt's own, a single hit would take the field's room
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the arrow keys reach it from the field
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.clicked.connect(self._run)
        self.list.selectionModel().currentChanged.connect(self._tell)
        self.nothing = QLabel(_("Nothing is called so."))
        self.nothing.setIndent(spaced(10))  # as the entries are
        set_role(self.nothing, "quiet")
        self.nothing.hide()  # shown, it would be a window of its own for a moment
        set_room(self, least=(0, 0), most=(_WIDTH, 0))
        layout = QVBoxLayout(self)
        layout.addWidget(self.field)
        layout.addWidget(self.nothing)
        layout.addWidget(self.list, 1)
        window.installEventFilter(self)
        self._find("")
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    @property
    def shown(self) -> list[Entry]:
        """The entries that answer what is typed, the best first."""
        return self._entries.shown

    def close_and_return(self) -> None:
        """Go, and give the keys back to what had them."""
        if self._focus_before is not None and self._focus_before.isVisible():
            self._focus_before.setFocus(Qt.FocusReason.PopupFocusReason)
        self._leave()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is not self.field:
            if event.type() == QEvent.Type.Resize:
                self._place()
            return False
        if event.type() == QEvent.Type.FocusOut:
            self._leave()
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()  # no key means anything else while this is open
            return True
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._take(event)
        return False

    def _take(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.close_and_return()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._run(self.list.currentIndex())
        elif key in _TO_THE_LIST:
            QApplication.sendEvent(self.list, event)
        else:
            return False
        return True

    def _find(self, typed: str) -> None:
        self._entries.find(typed)
        self.list.setCurrentIndex(self._entries.index(0))
        is_empty = not self._entries.shown
        if is_empty:
            self.field.setAccessibleDescription(self.nothing.text())
        self.nothing.setVisible(is_empty)
        self.list.setVisible(not is_empty)
        self._place()

    def _tell(self, index: QModelIndex) -> None:
        """Let a screen reader, which is at the field, say what Enter would do."""
        self.field.setAccessibleDescription(self._entries.shown[index.row()].said if index.isValid() else "")

    def _run(self, index: QModelIndex) -> None:
        entry = self._entries.shown[index.row()] if index.isValid() else None
        if entry is not None and entry.offer is not None:
            self.close_and_return()
            entry.offer.trigger()

    def _leave(self) -> None:
        if not self.isHidden():
            self.hide()
            self.deleteLater()

    def _place(self) -> None:
        window = self._window
        width = min(self.maximumWidth(), window.width() - 2 * spaced(20))
        rows = self.list.sizeHintForRow(0) * len(self._entries.shown) + 2 * self.list.frameWidth()
        least = self.sizeHint().height()
        if not self.list.isHidden():
            least += rows - self.list.sizeHint().height()
        height = min(round(window.height() * _SHARE), least)
        self.setGeometry((window.width() - width) // 2, spaced(48), width, height)
