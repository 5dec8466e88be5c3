"""A table of records: columns that know how to show and to sort, an index list instead of Qt's slow proxy."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from itkgui.item_models.plain_text import plain_hint, shown_text
from itkgui.item_models.row_order import RowOrder
from itkgui.item_models.slices import Slices
from itkgui.language import _, ngettext

Record = TypeVar("Record")
Index = QModelIndex | QPersistentModelIndex

RECORD_ROLE = Qt.ItemDataRole.UserRole


AT_ONCE = 2000  # records; fewer are sorted and filtered at once, and may change while they are shown
_TURN_MS = 5.0
_IDLE_DELAY_MS, _IDLE_TURN_MS, _IDLE_PAUSE_MS = 250, 3.0, 6


@dataclass(frozen=True)
class Column(Generic[Record]):
    """One column: its text for a record, the value to sort by if not the text, and marks beside the text.

    ``declared`` is its title, marked with N_; ``as_given`` lets one that is from the database or a file be as
    it is.
    ``export`` gives the value that files get: a number, bool, datetime or text, None where there is none; it
    is also what the column sorts by, unless ``sort`` gives another. ``unit`` is that value's. Values of
    several kinds may mix: numbers stand before texts, what is unknown stands last.
    ``icon`` names a shipped icon and ``tone`` a colour of the palette (``"good"``, ``"bad"``, ``"quiet"``).
    ``key`` is the name by which the user's choice of columns is kept, if not the declared title.
    ``elide_middle`` keeps the end of a text that has no room.
    ``falling`` lets it sort from the greatest first, as one wants of dates.
    """

    declared: str
    text: Callable[[Record], str]
    sort: Callable[[Record], Any] | None = None
    icon: Callable[[Record], str] | None = None
    tone: Callable[[Record], str] | None = None
    align_right: bool = False
    monospace: bool = False
    hint: Callable[[Record], str] | None = None
    export: Callable[[Record], Any] | None = None
    unit: str = ""
    key: str = ""
    falling: bool = False
    elide_middle: bool = False
    as_given: bool = False

    @property
    def title(self) -> str:
        """The title as people read it, in the language in use."""
        return self.declared if self.as_given else _(self.declared)

    @property
    def name(self) -> str:
        return self.key or self.declared

    @property
    def value(self) -> Callable[[Record], Any]:
        """What the column sorts by."""
        return self.sort or self.export or self.text

    @property
    def first_order(self) -> Qt.SortOrder:
        """The order in which the first click on the title sorts; the next one turns it."""
        return Qt.SortOrder.DescendingOrder if self.falling else Qt.SortOrder.AscendingOrder

    @property
    def exported(self) -> Callable[[Record], Any]:
        """What files get of a record."""
        return self.export or self.text


class Change(Enum):
    """Why rows come to stand elsewhere."""

    SORTED = "sorted"
    FILTERED = "filtered"
    GROWN = "grown"


class RecordTable(QAbstractTableModel, Generic[Record]):
    """Records in rows. More may be fetched as the view scrolls; sorting and filtering keep the selection.

    ``more_wanted`` asks the owner for the next records; it answers with ``append``. From ``AT_ONCE`` records
    on, sorting and filtering take place between other events, and ``arranged`` tells that the rows are as
    they should be; until then they stay as they were. Touched by the GUI thread only.
    """

    more_wanted = Signal()
    rearranging = Signal()  # before anybody prepares for rows that change places
    arranged = Signal()
    counts_changed = Signal()  # how many records there are, or are shown

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
        self._total: int | None = None
        self.latest_change = Change.GROWN
        self._prepared = RowOrder(self.columns, self._records)
        self._arranging = Slices(self, budget=_TURN_MS)
        self._preparing = Slices(self, budget=_IDLE_TURN_MS, pause=_IDLE_PAUSE_MS)

    # Contents ---------------------------------------------------------------------------------------

    @property
    def records(self) -> Sequence[Record]:
        """All records, in the order they came, whether the filter shows them or not."""
        return self._records

    @property
    def shown(self) -> list[Record]:
        """The records that the filter shows, in the order of the rows."""
        return self.shown_between(0, len(self._order))

    def shown_between(self, first: int, end: int) -> list[Record]:
        """Return the records of some rows, ``end`` not included."""
        return list(map(self._records.__getitem__, self._order[first:end]))

    @property
    def total(self) -> int | None:
        """How many records there are, those not yet fetched included; None if nobody knows."""
        return self._total if self._more else len(self._records)

    @property
    def is_partly_sorted(self) -> bool:
        """Whether the rows are sorted while there are further ones, which might stand between them."""
        return self._more and self._sort_column >= 0

    @property
    def counts(self) -> str:
        """How many rows there are, are loaded and are shown, in words."""
        shown, loaded, total = len(self._order), len(self._records), self.total
        if total is None:
            text = ngettext(
                "{count:,} row loaded, and there are more",
                "{count:,} rows loaded, and there are more",
                loaded,
            )
            said = [text.format(count=loaded)]
        else:
            said = [ngettext("{count:,} row", "{count:,} rows", total).format(count=total)]
            if self._more:
                text = (
                    _("sorted among the {count:,} loaded") if self.is_partly_sorted else _("{count:,} loaded")
                )
                said.append(text.format(count=loaded))
        if shown != loaded:
            said.append(_("{count:,} shown").format(count=shown))
        return ", ".join(said)

    def replace(self, records: Iterable[Record], *, more: bool = False, total: int | None = None) -> None:
        """Show other records; ``more`` tells that there are further ones to be fetched, of ``total`` in all.

        Many records stand in the order they came until ``arranged`` tells otherwise.
        """
        self._arranging.stop()
        self._preparing.stop()
        self.beginResetModel()
        self._records = list(records)
        self._more, self._asked, self._total = more, False, total
        self._prepared = RowOrder(self.columns, self._records)
        at_once = self._is_small or not self._is_arranged
        self._order = _run(self._steps()) if at_once else list(range(len(self._records)))
        self.endResetModel()
        if not at_once:
            self._arrange(Change.SORTED)
        self._prepare()
        self.counts_changed.emit()

    def append(self, records: Iterable[Record], *, more: bool, total: int | None = None) -> None:
        """Add the records that ``more_wanted`` asked for, below the others or where the sorting puts them."""
        added = list(records)
        self._more, self._asked = more, False
        self._total = self._total if total is None else total
        if self._is_arranged:
            self._records += added
            if not self._arranging.is_running:  # or it goes on by itself, see _show
                self._arrange(Change.GROWN)
        elif added:
            self._preparing.stop()
            first = len(self._order)
            self.beginInsertRows(QModelIndex(), first, first + len(added) - 1)
            self._records += added
            self._order += range(first, len(self._records))
            self.endInsertRows()
            self._prepare()
        self.counts_changed.emit()

    def record_changed(self, record: Record) -> None:
        """Repaint the row of a record that is another than before, if it is shown."""
        if not self._is_small:  # what was prepared may be wrong now
            self._preparing.stop()
            self._prepared = RowOrder(self.columns, self._records)
            self._prepare()
        row = self.row_where(lambda shown: shown is record)
        if row >= 0:
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(self.columns) - 1))

    def asking_failed(self) -> None:
        """Let the next scroll ask again, after ``more_wanted`` could not be answered."""
        self._asked = False

    def set_filter(self, text: str) -> None:
        """Show only records in which some column holds this text, whatever its case."""
        self._filter = text.strip().casefold()
        self._arrange(Change.FILTERED)

    def record(self, index: Index) -> Record:
        return self._records[self._order[index.row()]]

    def row_where(self, wanted: Callable[[Record], bool]) -> int:
        """Return the first row shown whose record is wanted, or −1."""
        return next((row for row, place in enumerate(self._order) if wanted(self._records[place])), -1)

    # Order --------------------------------------------------------------------------------------------

    @property
    def is_arranging(self) -> bool:
        """Whether sorting or filtering is under way."""
        return self._arranging.is_running

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._sort_column, self._sort_order = column, order
        self._arrange(Change.SORTED)

    @property
    def _is_small(self) -> bool:
        return len(self._records) < AT_ONCE

    @property
    def _is_arranged(self) -> bool:
        return bool(self._filter) or self._sort_column >= 0

    def _steps(self) -> Generator[None, None, list[int]]:
        # What is kept ready would not notice that a record changed, which in a small table it may.
        order = RowOrder(self.columns, self._records) if self._is_small else self._prepared
        return order.arrange(
            self._filter, self._sort_column, self._sort_order is Qt.SortOrder.DescendingOrder
        )

    def _arrange(self, change: Change) -> None:
        """Sort and filter anew, instead of what is under way."""
        self.latest_change = change
        self._preparing.stop()
        if self._is_small or not self._is_arranged:
            self._arranging.stop()
            self._show(_run(self._steps()), len(self._records))
        else:
            count = len(self._records)
            self._arranging.start(self._steps(), lambda order: self._show(order, count))

    def _prepare(self) -> None:
        if not self._is_small and not self._arranging.is_running:
            self._preparing.start(self._prepared.prepare(), delay=_IDLE_DELAY_MS)

    def _show(self, order: list[int], count: int) -> None:
        """Show an order of the first ``count`` records, and go on if more have come."""
        self.rearranging.emit()
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        places = [self._order[index.row()] for index in before]
        self._order = order
        rows = _rows_of(places, order)
        after = [
            self.index(rows[place], index.column()) if place in rows else QModelIndex()
            for place, index in zip(places, before, strict=True)
        ]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()
        self.counts_changed.emit()
        if count < len(self._records):
            self._arrange(Change.GROWN)
        else:
            self.arranged.emit()
            self._prepare()

    # What Qt asks -------------------------------------------------------------------------------------

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
                return shown_text(self.columns[section].title)
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return alignment(self.columns[section])
            if role == Qt.ItemDataRole.AccessibleTextRole:
                return self._spoken_title(section)
            if role == Qt.ItemDataRole.InitialSortOrderRole:
                return self.columns[section].first_order
        return None

    def _spoken_title(self, section: int) -> str:
        title = shown_text(self.columns[section].title)
        if section != self._sort_column:
            return title
        if self._sort_order is Qt.SortOrder.AscendingOrder:
            return _("{title}, sorted ascending").format(title=title)
        return _("{title}, sorted descending").format(title=title)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        record, column = self.record(index), self.columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return shown_text(column.text(record))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return shown_text(column.text(record)) or _("no {title}").format(title=column.title)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return alignment(column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_hint(column.hint(record)) if column.hint else None
        if role == RECORD_ROLE:
            return record
        return None


def alignment(column: Column[Any]) -> Qt.AlignmentFlag:
    """Return where a column's texts stand in their cells."""
    side = Qt.AlignmentFlag.AlignRight if column.align_right else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


def _rows_of(places: Iterable[int], order: list[int]) -> dict[int, int]:
    """Return where some places stand in an order, without those that are not in it."""
    wanted = set(places)
    if len(wanted) > 4:
        return {place: row for row, place in enumerate(order) if place in wanted}
    # Looking for each is ten times as fast as looking at all.
    return {place: order.index(place) for place in wanted if place in order}


def _run(steps: Generator[None, None, list[int]]) -> list[int]:
    """Work off an arrangement at once."""
    result: list[int] = []

    def keep() -> Generator[None, None, None]:
        nonlocal result
        result = yield from steps

    for _step in keep():
        pass
    return result
