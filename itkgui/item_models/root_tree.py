"""What is in a ROOT file as a tree for the screen, whose levels come when they are opened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QIcon

from itkgui.decoding.root import LoadedRoot, RootRow
from itkgui.item_models.plain_text import plain_hint, shown_text
from itkgui.language import N_, _

_Index = QModelIndex | QPersistentModelIndex
_ROLES = Qt.ItemDataRole
HEADERS = (N_("Name"), N_("Class or type"), N_("Title"), N_("Cycle"), N_("Entries"))


@dataclass(eq=False)
class _Node:
    row: RootRow | None
    number: int = 0  # among all of the tree
    above: _Node | None = None
    place: int = 0
    below: list[_Node] = field(default_factory=list)
    is_asked: bool = False


class RootTree(QAbstractItemModel):
    """Asks for a level by ``level_wanted`` when somebody opens it, and is given it by ``add_level``."""

    level_wanted = Signal(object)  # RootRow

    def __init__(self, icon_of: Callable[[RootRow], QIcon]) -> None:
        super().__init__()
        self._icon_of = icon_of
        self._all = [_Node(None)]  # by number: Qt keeps numbers safely, but not Python's objects

    def show_file(self, loaded: LoadedRoot) -> None:
        """Show the uppermost level of another file."""
        self.beginResetModel()
        top = _Node(None, is_asked=True)
        self._all = [top]
        top.below = self._nodes(top, loaded)
        self.endResetModel()

    def add_level(self, row: RootRow, loaded: LoadedRoot) -> None:
        """Show what is below a row, unless the tree shows another file by now."""
        node = next((node for node in self._all if node.row is row), None)
        if node is None or node.below or not loaded.rows:
            return
        self.beginInsertRows(self._index_of(node), 0, len(loaded.rows) - 1)
        node.below = self._nodes(node, loaded)
        self.endInsertRows()

    def row_at(self, index: _Index) -> RootRow | None:
        return self._node(index).row

    def _nodes(self, above: _Node, loaded: LoadedRoot) -> list[_Node]:
        first = len(self._all)
        made = [_Node(row, first + place, above, place) for place, row in enumerate(loaded.rows)]
        self._all += made
        return made

    def _node(self, index: _Index) -> _Node:
        return self._all[index.internalId()] if index.isValid() else self._all[0]

    def _index_of(self, node: _Node) -> QModelIndex:
        return self.createIndex(node.place, 0, node.number) if node.above is not None else QModelIndex()

    # Qt ----------------------------------------------------------------------------------------------------

    def index(self, row: int, column: int, parent: _Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        below = self._node(parent).below
        if 0 <= row < len(below) and 0 <= column < len(HEADERS):
            return self.createIndex(row, column, below[row].number)
        return QModelIndex()

    def parent(self, index: _Index) -> QModelIndex:  # type: ignore[override]
        above = self._node(index).above
        return QModelIndex() if above is None else self._index_of(above)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return len(self._node(parent).below) if parent.column() <= 0 else 0

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: ARG002, B008
        return len(HEADERS)

    def hasChildren(self, parent: _Index = QModelIndex()) -> bool:  # noqa: B008
        node = self._node(parent)
        return bool(node.below) or self.canFetchMore(parent)

    def canFetchMore(self, parent: _Index) -> bool:
        node = self._node(parent)
        return node.row is not None and node.row.has_more and not node.is_asked

    def fetchMore(self, parent: _Index) -> None:
        node = self._node(parent)
        if self.canFetchMore(parent):
            node.is_asked = True
            self.level_wanted.emit(node.row)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _ROLES.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == _ROLES.DisplayRole:
            return _(HEADERS[section])
        return None

    def data(self, index: _Index, role: int = _ROLES.DisplayRole) -> Any:
        row = self._node(index).row
        if row is None:
            return None
        text = (
            row.name,
            row.kind,
            row.title,
            "" if row.cycle is None else str(row.cycle),
            "" if row.entries is None else f"{row.entries:,}",
        )[index.column()]
        if role == _ROLES.DisplayRole:
            return shown_text(text)
        if role == _ROLES.ToolTipRole:
            return plain_hint(text)
        if role == _ROLES.DecorationRole and index.column() == 0:
            return self._icon_of(row)
        if role == _ROLES.TextAlignmentRole and index.column() >= 3:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None
