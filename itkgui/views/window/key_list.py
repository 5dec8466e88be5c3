"""The list of all keys, by where they work, with what each does."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QFont, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from itkgui.item_models.word_match import rank
from itkgui.language import _
from itkgui.views.command_list import COMMANDS
from itkgui.views.commands import WITHIN, Command, Group, offer, shown_key
from itkgui.views.style import set_role, set_room


class KeyList(QDialog):
    """A window beside the program's, which may stay open while one works."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Help: all keys"))
        advice = QLabel(
            _("{key} finds whatever can be done, by some letters of its name.").format(
                key=COMMANDS["palette"].key
            )
        )
        advice.setTextFormat(Qt.TextFormat.PlainText)
        advice.setWordWrap(True)
        set_role(advice, "quiet")
        self.field, self.tree = QLineEdit(), QTreeView()
        self.field.setPlaceholderText(_("Find a key, or what it does"))
        self.field.setAccessibleName(_("Find a key"))
        self.field.setClearButtonEnabled(True)
        self.field.textChanged.connect(self._find)
        self._model = _model()
        self._model.setParent(self)
        self.tree.setModel(self._model)
        self.tree.setAccessibleName(_("All keys"))
        self.tree.setRootIsDecorated(False)
        self.tree.setItemsExpandable(False)
        self.tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.tree.expandAll()
        self.tree.setCurrentIndex(self._model.index(0, 0, self._model.index(0, 0)))  # where the keys go on
        for row in range(self._model.rowCount()):
            self.tree.setFirstColumnSpanned(row, QModelIndex(), True)
        header = self.tree.header()
        header.setSectionsMovable(False)
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        set_room(self, least=(60, 24))
        layout = QVBoxLayout(self)
        for widget in (advice, self.field, self.tree):
            layout.addWidget(widget)
        offer(self, "find-key", self.field.setFocus, context=WITHIN)
        self.field.setFocus()

    @property
    def listed(self) -> list[tuple[str, str]]:
        """What is in sight: what is done, and by which keys."""
        return [
            (self._text(group, line, 0), self._text(group, line, 1))
            for group in (self._model.index(row, 0) for row in range(self._model.rowCount()))
            for line in range(self._model.rowCount(group))
            if not self.tree.isRowHidden(line, group)
        ]

    def _text(self, group: QModelIndex, row: int, column: int) -> str:
        return str(self._model.index(row, column, group).data())

    def _find(self, typed: str) -> None:
        for row in range(self._model.rowCount()):
            group, seen = self._model.index(row, 0), 0
            for line in range(self._model.rowCount(group)):
                words = " ".join((str(group.data()), self._text(group, line, 0), self._text(group, line, 1)))
                is_found = rank(words, typed) is not None
                self.tree.setRowHidden(line, group, not is_found)
                seen += is_found
            self.tree.setRowHidden(row, QModelIndex(), not seen)


def _model() -> QStandardItemModel:
    model = QStandardItemModel()
    model.setHorizontalHeaderLabels([_("What it does"), _("Keys")])
    bold = QFont()
    bold.setBold(True)
    for group in Group:
        commands = [command for command in COMMANDS.values() if command.group is group and command.keys]
        if commands:
            title = QStandardItem(group.title)
            title.setFont(bold)
            for command in commands:
                title.appendRow([QStandardItem(command.text), QStandardItem(_keys(command))])
            model.appendRow(title)
    return model


def _keys(command: Command) -> str:
    return _(" or ").join(dict.fromkeys(shown_key(keys) for keys in command.keys))
