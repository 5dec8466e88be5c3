"""The values of a JSON file as a tree, of which only what was opened is loaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from itkgui.decoding.text_json import JsonRow
from itkgui.item_models.plain_text import plain_hint, shown_text
from itkgui.language import N_, _

Index = QModelIndex | QPersistentModelIndex
TITLES = (N_("Name"), N_("Value"))
_NOWHERE = QModelIndex()


@dataclass(eq=False)
class Item:
    """A value; ``children`` are those of its ``row.count`` values that were loaded."""

    row: JsonRow
    number: int  # among all of the tree
    parent: Item | None = None
    place: int = 0
    children: list[Item] = field(default_factory=list)
    is_asked_for: bool = False

    @property
    def path(self) -> tuple[int, ...]:
        return (*self.parent.path, self.place) if self.parent is not None else ()


def _root() -> Item:
    return Item(JsonRow("", "", "list", 1), 0)


class JsonTree(QAbstractItemModel):
    """Asks for rows with ``wanted``; its owner gives them with ``add``. Touched by the GUI thread only."""

    wanted = Signal(object)  # an Item, whose next rows should be loaded

    def __init__(self) -> None:
        super().__init__()
        # By number: Qt keeps numbers safely, but not Python's objects.
        self._items = [_root()]

    def begin(self) -> None:
        """Begin a new tree, and ask for its first rows."""
        self.beginResetModel()
        self._items = [_root()]
        self.endResetModel()
        self.fetchMore(_NOWHERE)

    def add(self, item: Item, count: int, rows: Sequence[JsonRow]) -> None:
        """Add the next rows of a value that has so many."""
        item.is_asked_for = False
        first = len(item.children)
        if rows:
            self.beginInsertRows(self._index(item), first, first + len(rows) - 1)
            next_number = len(self._items)
            added = [Item(row, next_number + at, item, first + at) for at, row in enumerate(rows)]
            self._items += added
            item.children += added
            item.row = JsonRow(item.row.name, item.row.text, item.row.kind, count)
            self.endInsertRows()

    def item(self, index: Index) -> Item:
        return self._items[index.internalId()] if index.isValid() else self._items[0]

    def _index(self, item: Item) -> QModelIndex:
        return _NOWHERE if item.parent is None else self.createIndex(item.place, 0, item.number)

    # What Qt asks ------------------------------------------------------------------------------------------

    def columnCount(self, parent: Index = _NOWHERE) -> int:  # noqa: ARG002
        return len(TITLES)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return len(self.item(parent).children) if parent.column() <= 0 else 0

    def hasChildren(self, parent: Index = _NOWHERE) -> bool:
        return self.item(parent).row.count > 0 and parent.column() <= 0

    def canFetchMore(self, parent: Index) -> bool:
        item = self.item(parent)
        return item.row.count > len(item.children) and not item.is_asked_for

    def fetchMore(self, parent: Index) -> None:
        item = self.item(parent)
        if self.canFetchMore(parent):
            item.is_asked_for = True
            self.wanted.emit(item)

    def index(self, row: int, column: int, parent: Index = _NOWHERE) -> QModelIndex:
        children = self.item(parent).children
        if not 0 <= row < len(children):
            return QModelIndex()
        return self.createIndex(row, column, children[row].number)

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override]  # the other one is QObject's
        above = self.item(index).parent
        return self._index(above) if above is not None else QModelIndex()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.item(index).row
        text = row.name if index.column() == 0 else row.text
        if role == Qt.ItemDataRole.DisplayRole:
            return shown_text(text)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_hint(text)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return _(TITLES[section])
        return None
