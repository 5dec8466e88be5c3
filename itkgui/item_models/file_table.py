"""The rows of a table in a file, of which only those that are looked at are in memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from itkgui.client.table_form import TableForm
from itkgui.decoding.table import MOST_COLUMNS, ColumnFacts, LoadedTable, TableIndex
from itkgui.decoding.table_lines import TableLayout
from itkgui.item_models.plain_text import plain_hint, shown_text
from itkgui.language import _, ngettext

PAGE = 256  # rows fetched at once
_PAGES_KEPT = 64
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_NO_PARENT = QModelIndex()
_Parent = QModelIndex | QPersistentModelIndex
Order = npt.NDArray[np.int32]


class FileTable(QAbstractTableModel):
    """Shows the first rows of a table at once, and all of them when it is told where they stand.

    Whoever owns it answers ``rows_wanted`` with ``put_page`` for each of ``wanted_pages``, and
    ``order_wanted`` (column or -1, descending) with ``set_order``.
    """

    rows_wanted = Signal()
    order_wanted = Signal(int, bool)

    def __init__(self) -> None:
        super().__init__()
        self._titles: tuple[str, ...] = ()
        self._numeric: frozenset[int] = frozenset()
        self._times: frozenset[int] = frozenset()
        self._facts: Sequence[ColumnFacts] = ()
        self._first: Sequence[Sequence[str]] = ()
        self._layout: TableLayout | None = None
        self._index: TableIndex | None = None
        self._order: Order | None = None
        self._pages: OrderedDict[int, Sequence[Sequence[str]]] = OrderedDict()
        self._wanted: OrderedDict[int, None] = OrderedDict()
        self._columns = self._widest = self._rows = self._counted = 0

    # What is shown -----------------------------------------------------------------------------------------

    def show_table(self, loaded: LoadedTable) -> None:
        """Show the first rows of another table."""
        self.beginResetModel()
        form = loaded.layout.form
        self._titles, self._numeric, self._first = form.titles, loaded.numeric, loaded.rows
        self._facts, self._index, self._order, self._times = (), None, None, loaded.times
        self._layout = loaded.layout
        self._pages.clear()
        self._wanted.clear()
        self._rows = len(loaded.rows)
        self._widest = max([form.width, len(form.titles), *map(len, loaded.rows)])
        self._columns = min(MOST_COLUMNS, self._widest)
        self.endResetModel()

    def show_index(self, index: TableIndex) -> None:
        """Show all rows, now that it is known where they are."""
        self._widest = max(self._widest, index.widest)
        if index.widest > self._columns:
            columns = min(MOST_COLUMNS, index.widest)
            if columns > self._columns:
                self.beginInsertColumns(_NO_PARENT, self._columns, columns - 1)
                self._columns = columns
                self.endInsertColumns()
        self._index = index
        if index.layout != self._layout:  # the first rows were read another way
            self._first = ()
        count = len(index.starts)
        if count > self._rows:
            self.beginInsertRows(_NO_PARENT, self._rows, count - 1)
            self._rows = count
            self.endInsertRows()

    def show_facts(self, facts: Sequence[ColumnFacts], count: int) -> None:
        """Tell what the columns hold in the first ``count`` rows; those of numbers stand on the right."""
        self._facts, self._counted = facts, count
        self._numeric = frozenset(place for place, one in enumerate(facts) if one.is_numeric)
        self._times = frozenset(place for place, one in enumerate(facts) if one.is_time)
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, self._columns - 1)
        self._repaint(0, self._rows - 1)

    def set_order(self, order: Order | None) -> None:
        """Show the rows in another order, None for that of the file."""
        self._order = order
        self._pages.clear()
        self._wanted.clear()
        # No change of layout: views would look for each of a million rows anew.
        self._repaint(0, self._rows - 1)
        self.headerDataChanged.emit(Qt.Orientation.Vertical, 0, self._rows - 1)

    @property
    def numeric(self) -> tuple[int, ...]:
        """The columns of numbers."""
        return tuple(sorted(place for place in self._numeric if place < self._columns))

    @property
    def times(self) -> tuple[int, ...]:
        """The columns of times."""
        return tuple(sorted(place for place in self._times if place < self._columns))

    @property
    def columns_words(self) -> str:
        """How many columns there are, and how many of them are shown if not all."""
        if self._widest > self._columns:
            text = ngettext(
                "{shown:,} of {count:,} column are shown",
                "{shown:,} of {count:,} columns are shown",
                self._widest,
            )
            return text.format(shown=self._columns, count=self._widest)
        return ngettext("{count:,} column", "{count:,} columns", self._columns).format(count=self._columns)

    @property
    def is_sorted(self) -> bool:
        return self._order is not None

    def title(self, column: int) -> str:
        """Return the name of a column, or its number where it has none, counted from 1."""
        title = self._titles[column] if column < len(self._titles) else ""
        return title or _("Column {number}").format(number=column + 1)

    # Rows that come late ------------------------------------------------------------------------------------

    def wanted_pages(self, most: int) -> list[int]:
        """Return pages that somebody has looked at and that are not there, the latest first."""
        pages = list(reversed(self._wanted))[:most]
        self._wanted.clear()
        return pages

    def rows_of(self, page: int) -> npt.NDArray[np.int64]:
        """Return the rows in the file that are on a page."""
        return self.file_rows(page * PAGE, min(self._rows, (page + 1) * PAGE))

    def file_rows(self, first: int, end: int) -> npt.NDArray[np.int64]:
        """Return the rows in the file that some rows on the screen show."""
        if self._order is None:
            return np.arange(first, end)
        return self._order[first:end].astype(np.int64)

    def rows_shown(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return where some rows of the file stand on the screen, from the top."""
        if self._order is None or not len(rows):
            return rows
        wanted = np.zeros(len(self._order), np.bool_)
        wanted[rows] = True
        return np.flatnonzero(wanted[self._order])

    def put_page(self, page: int, rows: Sequence[Sequence[str]]) -> None:
        self._pages[page] = rows
        while len(self._pages) > _PAGES_KEPT:
            self._pages.popitem(last=False)
        self._repaint(page * PAGE, min(self._rows, (page + 1) * PAGE) - 1)

    def _repaint(self, first: int, last: int) -> None:
        if last >= first and self._columns:
            self.dataChanged.emit(self.index(first, 0), self.index(last, self._columns - 1))

    def text(self, row: int, column: int) -> str:
        """Return the text of a cell; empty until its page is there, which is asked for."""
        if self._order is None and row < len(self._first):
            cells = self._first[row]
        else:
            page = row // PAGE
            rows = self._pages.get(page)
            if rows is None:
                if self._index is not None:
                    if not self._wanted:
                        self.rows_wanted.emit()
                    self._wanted[page] = None
                    self._wanted.move_to_end(page)
                return ""
            self._pages.move_to_end(page)
            cells = rows[row - page * PAGE]
        return cells[column] if column < len(cells) else ""

    def is_right(self, column: int) -> bool:
        return column in self._numeric

    # Qt ----------------------------------------------------------------------------------------------------

    def rowCount(self, parent: _Parent = _NO_PARENT) -> int:
        return 0 if parent.isValid() else self._rows

    def columnCount(self, parent: _Parent = _NO_PARENT) -> int:
        return 0 if parent.isValid() else self._columns

    def data(self, index: _Parent, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return shown_text(self.text(index.row(), index.column()))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if index.column() in self._numeric else _LEFT
        if role == Qt.ItemDataRole.ToolTipRole:
            text = self.text(index.row(), index.column())
            return plain_hint(text) if len(text) > PAGE // 8 else None
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Vertical:
            if role == Qt.ItemDataRole.DisplayRole:
                return str(int(self._order[section] if self._order is not None else section) + 1)
            return _RIGHT if role == Qt.ItemDataRole.TextAlignmentRole else None
        if role == Qt.ItemDataRole.DisplayRole:
            return shown_text(self.title(section))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if section in self._numeric else _LEFT
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_hint("\n".join((self.title(section), *self._facts_of(section))))
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self.order_wanted.emit(column, order is Qt.SortOrder.DescendingOrder)

    def _facts_of(self, column: int) -> list[str]:
        if column >= len(self._facts):
            if column in self._numeric:
                return [_("numbers, so far")]
            return [_("times, so far") if column in self._times else _("text, so far")]
        facts = self._facts[column]
        if facts.is_numeric:
            text = ngettext(
                "{count:,} number, from {least:g} to {greatest:g}",
                "{count:,} numbers, from {least:g} to {greatest:g}",
                facts.numbers,
            )
            said = [text.format(count=facts.numbers, least=facts.least, greatest=facts.greatest)]
            text = ngettext(
                "{count:,} field with words instead", "{count:,} fields with words instead", facts.texts
            )
            said += [text.format(count=facts.texts)] * bool(facts.texts)
        elif facts.is_time:
            said = [ngettext("{count:,} time", "{count:,} times", facts.times).format(count=facts.times)]
        else:
            texts = facts.texts + facts.numbers
            said = [ngettext("{count:,} text", "{count:,} texts", texts).format(count=texts)]
        said += [_("{count:,} × NaN or alike").format(count=facts.missing)] * bool(facts.missing)
        said += [_("{count:,} empty").format(count=facts.empty)] * bool(facts.empty)
        if self._counted < self._rows:
            text = ngettext("in the first {count:,} row", "in the first {count:,} rows", self._counted)
            said.append(text.format(count=self._counted))
        return said


def caution_words(form: TableForm, index: TableIndex | None) -> str:
    """Return in sentences what of a file the table does not show as it stands; empty if all is well."""
    said = []
    if form.head:
        text = ngettext(
            "{count:,} line above the table is not shown; see “As text”.",
            "{count:,} lines above the table are not shown; see “As text”.",
            form.head,
        )
        said.append(text.format(count=form.head))
    if index is not None and index.strays == 1:
        said.append(
            _("A quote in line {line:,} is never closed; it is read as a letter.").format(
                line=index.first_stray
            )
        )
    elif index is not None and index.strays:
        text = ngettext(
            "{count:,} quote has no other, the first in line {line:,}; they are read as letters.",
            "{count:,} quotes have no other, the first in line {line:,}; they are read as letters.",
            index.strays,
        )
        said.append(text.format(count=index.strays, line=index.first_stray))
    if index is not None and index.ragged:
        rows = ngettext("{count:,} row", "{count:,} rows", len(index.starts))
        text = ngettext(
            "{count:,} of {rows} has more or fewer columns than {width}; it is row {first:,}.",
            "{count:,} of {rows} have more or fewer columns than {width}; the first is row {first:,}.",
            index.ragged,
        )
        said.append(
            text.format(
                count=index.ragged,
                rows=rows.format(count=len(index.starts)),
                width=index.layout.form.width,
                first=index.first_ragged + 1,
            )
        )
    return " ".join(said)
