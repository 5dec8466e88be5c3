"""The members of an archive as a tree that is made as it is looked at, however many there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QIcon

from itkgui.decoding.archive import LoadedArchive
from itkgui.decoding.members import Flag
from itkgui.item_models.plain_text import plain_hint, shown_text
from itkgui.records.sizes import size_text

TITLES = ("Member", "Size", "Packed", "Date")
NAME, SIZE, PACKED, MOMENT = range(4)
_NO_PARENT = QModelIndex()
_Parent = QModelIndex | QPersistentModelIndex
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_WARNINGS = (
    (Flag.ENCRYPTED, "Encrypted: it asks for a password."),
    (Flag.UNSAFE, "Unsafe name: it is only saved under a name that is safe."),
    (Flag.NO_FILE, "A link or a device, not a file."),
)


class ArchiveTree(QAbstractItemModel):
    """Rows are those of a loaded archive; a filter leaves members whose name has a text, and their folders.

    ``icon`` gives the shipped ones ``"folder"``, ``"file"`` and ``"warning"`` in the colours of the moment.
    """

    def __init__(self, icon: Callable[[str], QIcon]) -> None:
        super().__init__()
        self._icon = icon
        self._loaded: LoadedArchive | None = None
        self._lower: list[str] = []
        self._filter = ""
        self._column, self._is_descending = -1, False
        self._parents: list[int] = []
        self._children: list[int] = []  # rows, those of one folder beside each other
        self._starts: list[int] = [0, 0]  # where those of a folder begin, from that of no folder on
        self._places: list[int] = []  # among those of its folder

    def show_archive(self, loaded: LoadedArchive) -> None:
        """Show another archive, with neither filter nor sorting."""
        self.beginResetModel()
        self._loaded, self._lower, self._filter = loaded, [], ""
        self._parents = loaded.parents.tolist()
        self._column = -1
        self._arrange()
        self.endResetModel()

    def set_filter(self, text: str) -> None:
        """Show only members whose name holds a text, whatever its case."""
        self.beginResetModel()
        self._filter = text.casefold()
        self._arrange()
        self.endResetModel()

    @property
    def shown_count(self) -> int:
        """How many rows there are, folders included."""
        return len(self._children)

    def first_member(self) -> QModelIndex:
        """Return the first row that is no folder; an invalid index if there is none."""
        loaded = self._loaded
        if loaded is None or not self._children:
            return QModelIndex()
        rows = np.array(self._children)
        found = rows[loaded.members[rows] >= 0]
        return self._index_of(int(found.min())) if len(found) else QModelIndex()

    def row_of(self, index: _Parent) -> int:
        """Return the row of the loaded archive that an index shows; -1 for none."""
        return int(index.internalId()) if index.isValid() else -1

    # Arranging ---------------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        loaded = self._loaded
        if loaded is None:
            return
        rows = self._sorted(self._filtered(loaded), loaded)
        parents = loaded.parents[rows]
        children = rows[np.argsort(parents, kind="stable")]
        starts = np.searchsorted(np.sort(parents), np.arange(-1, len(loaded.names) + 1))
        places = np.zeros(len(loaded.names), np.int64)
        places[children] = np.arange(len(children)) - starts[loaded.parents[children] + 1]
        self._children, self._starts, self._places = children.tolist(), starts.tolist(), places.tolist()

    def _filtered(self, loaded: LoadedArchive) -> npt.NDArray[np.int64]:
        if not self._filter:
            return np.arange(len(loaded.names))
        if not self._lower:
            self._lower = [name.casefold() for name in loaded.names]
        wanted = self._filter
        is_shown = np.fromiter((wanted in name for name in self._lower), np.bool_, len(self._lower))
        parents = loaded.parents[is_shown]
        while len(parents := parents[parents >= 0]):
            is_shown[parents] = True
            parents = loaded.parents[np.unique(parents)]
        return np.flatnonzero(is_shown)

    def _sorted(self, rows: npt.NDArray[np.int64], loaded: LoadedArchive) -> npt.NDArray[np.int64]:
        if self._column < 0:
            return rows
        if self._column == NAME:
            names: Sequence[str] = loaded.names
            ordered = sorted(
                rows.tolist(), key=lambda row: names[row].casefold(), reverse=self._is_descending
            )
            rows = np.array(ordered, np.int64)
        else:
            keys = self._numbers(loaded)[rows]
            rows = rows[np.argsort(-keys if self._is_descending else keys, kind="stable")]
        return rows[np.argsort(loaded.members[rows] >= 0, kind="stable")]  # folders first

    def _numbers(self, loaded: LoadedArchive) -> npt.NDArray[Any]:
        if self._column == PACKED:
            return np.where(loaded.packed < 0, 2.0, loaded.packed / np.maximum(loaded.sizes, 1))
        return loaded.sizes if self._column == SIZE else loaded.moments

    # Qt ----------------------------------------------------------------------------------------------------

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        self._column, self._is_descending = column, order is Qt.SortOrder.DescendingOrder
        self._arrange()
        self.changePersistentIndexList(
            before, [self._index_of(self.row_of(index), index.column()) for index in before]
        )
        self.layoutChanged.emit()

    def _index_of(self, row: int, column: int = 0) -> QModelIndex:
        return self.createIndex(self._places[row], column, row)

    def index(self, row: int, column: int, parent: _Parent = _NO_PARENT) -> QModelIndex:
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        return self.createIndex(row, column, self._children[self._starts[self.row_of(parent) + 1] + row])

    def parent(self, child: _Parent = _NO_PARENT) -> QModelIndex:  # type: ignore[override]
        above = self._parents[self.row_of(child)] if child.isValid() else -1
        return self._index_of(above) if above >= 0 else QModelIndex()

    def rowCount(self, parent: _Parent = _NO_PARENT) -> int:
        if parent.column() > 0:
            return 0
        at = self.row_of(parent) + 1
        return self._starts[at + 1] - self._starts[at] if at + 1 < len(self._starts) else 0

    def columnCount(self, parent: _Parent = _NO_PARENT) -> int:  # noqa: ARG002
        return len(TITLES)

    def flags(self, index: _Parent) -> Qt.ItemFlag:
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        loaded = self._loaded
        is_member = loaded is not None and index.isValid() and loaded.members[self.row_of(index)] >= 0
        return (
            usual | Qt.ItemFlag.ItemIsDragEnabled | Qt.ItemFlag.ItemNeverHasChildren if is_member else usual
        )

    def data(self, index: _Parent, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        loaded, row, column = self._loaded, self.row_of(index), index.column()
        if loaded is None or row < 0:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _text(loaded, row, column)
        if role == Qt.ItemDataRole.TextAlignmentRole and column in (SIZE, PACKED):
            return _RIGHT
        if role == Qt.ItemDataRole.DecorationRole and column == NAME:
            is_folder = loaded.members[row] < 0
            return self._icon("folder" if is_folder else "warning" if loaded.flags[row] else "file")
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_hint("\n".join(hints(loaded, row)))
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return TITLES[section]
            if role == Qt.ItemDataRole.TextAlignmentRole and section in (SIZE, PACKED):
                return _RIGHT
        return None


def hints(loaded: LoadedArchive, row: int) -> list[str]:
    """Return the name of a member, what it is called in the archive, and what is to be known of it."""
    said = [loaded.names[row]]
    if row in loaded.paths:
        said.append(f"In the archive: {loaded.paths[row]}")
    if loaded.packed[row] >= 0 and loaded.sizes[row] >= 0:
        said.append(
            f"{size_text(int(loaded.packed[row]))} of {size_text(int(loaded.sizes[row]))} in the archive"
        )
    return said + [text for flag, text in _WARNINGS if loaded.flags[row] & flag]


def _text(loaded: LoadedArchive, row: int, column: int) -> str:
    if column == NAME:
        return shown_text(loaded.names[row])
    if loaded.members[row] < 0:
        return ""
    size, packed, moment = int(loaded.sizes[row]), int(loaded.packed[row]), int(loaded.moments[row])
    if column == SIZE:
        return size_text(size) if size >= 0 else ""
    if column == PACKED:
        return f"{packed / size:.0%}" if packed >= 0 and size > 0 else ""
    date, clock = divmod(moment, 10**4)
    if not moment:
        return ""
    return f"{date // 10**4}-{date // 100 % 100:02}-{date % 100:02} {clock // 100:02}:{clock % 100:02}"
