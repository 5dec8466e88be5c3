"""A table of records: columns that know how to show and to sort, an index list instead of Qt's slow proxy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6 import QtGui
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

Record = TypeVar("Record")
Index = QModelIndex | QPersistentModelIndex

RECORD_ROLE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class Column(Generic[Record]):
    """One column: its text for a record, the value to sort by if not the text, and marks beside the text.

    ``icon`` names a shipped icon and ``tone`` a colour of the palette (``"good"``, ``"bad"``, ``"quiet"``).
    """

    title: str
    text: Callable[[Record], str]
    sort: Callable[[Record], Any] | None = None
    icon: Callable[[Record], str] | None = None
    tone: Callable[[Record], str] | None = None
    align_right: bool = False
    monospace: bool = False
    hint: Callable[[Record], str] | None = None


class RecordTable(QAbstractTableModel, Generic[Record]):
    """Records in rows. More may be fetched as the view scrolls; sorting and filtering keep the selection.

    ``more_wanted`` asks the owner for the next records; it answers with ``append``. Touched by the GUI
    thread only.
    """

    more_wanted = Signal()

    def __init__(self, columns: Sequence[Column[Record]]) -> None:
        super().__init__()
        self.columns = tuple(columns)
        self._records: list[Record] = []
        self._order: list[int] = []  # row shown → place in _records
        self._filter = ""
        self._sort_column = -1
        self._sort_order = Qt.SortOrder.AscendingOrder
        self._more = False
        self._asked = False

    # Contents ---------------------------------------------------------------------------------------

    @property
    def records(self) -> Sequence[Record]:
        """All records, in the order they came, whether the filter shows them or not."""
        return self._records

    def replace(self, records: Iterable[Record], *, more: bool = False) -> None:
        """Show other records; ``more`` tells that there are further ones to be fetched."""
        self.beginResetModel()
        self._records = list(records)
        self._more, self._asked = more, False
        self._order = self._arranged()
        self.endResetModel()

    def append(self, records: Iterable[Record], *, more: bool) -> None:
        """Add the records that ``more_wanted`` asked for, below the others or where the sorting puts them."""
        added = list(records)
        self._more, self._asked = more, False
        if self._sort_column >= 0 or self._filter:
            self._records += added
            self._rearrange()
            return
        first = len(self._records)
        if added:
            self.beginInsertRows(QModelIndex(), first, first + len(added) - 1)
            self._records += added
            self._order += range(first, len(self._records))
            self.endInsertRows()

    def asking_failed(self) -> None:
        """Let the next scroll ask again, after ``more_wanted`` could not be answered."""
        self._asked = False

    def set_filter(self, text: str) -> None:
        """Show only records in which some column holds this text, whatever its case."""
        self._filter = text.strip().casefold()
        self._rearrange()

    def record(self, index: Index) -> Record:
        return self._records[self._order[index.row()]]

    def row_where(self, wanted: Callable[[Record], bool]) -> int:
        """Return the first row shown whose record is wanted, or −1."""
        return next((row for row, place in enumerate(self._order) if wanted(self._records[place])), -1)

    # Order --------------------------------------------------------------------------------------------

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._sort_column, self._sort_order = column, order
        self._rearrange()

    def _arranged(self) -> list[int]:
        places: Iterable[int] = range(len(self._records))
        if self._filter:
            places = (place for place in places if self._filter in self._searchable(self._records[place]))
        if self._sort_column < 0:
            return list(places)
        column = self.columns[self._sort_column]
        key = column.sort or (lambda record: column.text(record).casefold())
        descending = self._sort_order is Qt.SortOrder.DescendingOrder
        return sorted(places, key=lambda place: key(self._records[place]), reverse=descending)

    def _searchable(self, record: Record) -> str:
        return "\n".join(column.text(record) for column in self.columns).casefold()

    def _rearrange(self) -> None:
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        places = [self._order[index.row()] for index in before]
        self._order = self._arranged()
        rows = {place: row for row, place in enumerate(self._order)}
        after = [
            self.index(rows[place], index.column()) if place in rows else QModelIndex()
            for place, index in zip(places, before, strict=True)
        ]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    # What Qt asks ----------------------------------------------------------------------------------------

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._order)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and self._more and not self._asked

    def fetchMore(self, parent: Index) -> None:
        if self.canFetchMore(parent):
            self._asked = True
            self.more_wanted.emit()

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and 0 <= section < len(self.columns):
            if role == Qt.ItemDataRole.DisplayRole:
                return self.columns[section].title
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return alignment(self.columns[section])
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        record, column = self.record(index), self.columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(record)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return alignment(column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_hint(column.hint(record)) if column.hint else None
        if role == RECORD_ROLE:
            return record
        return None


def plain_hint(text: str) -> str:
    """Return a text so that a tool tip shows it as it stands: Qt takes what looks like markup for markup."""
    return QtGui.Qt.convertFromPlainText(text) if QtGui.Qt.mightBeRichText(text) else text


def alignment(column: Column[Any]) -> Qt.AlignmentFlag:
    """Return where a column's texts stand in their cells."""
    side = Qt.AlignmentFlag.AlignRight if column.align_right else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
