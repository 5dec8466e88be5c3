"""The table every list of records is shown in: one look, full keyboard use, columns as one wants them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar

from PySide6.QtCore import (
    SIGNAL,
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from itkgui.item_models.record_table import AT_ONCE, RECORD_ROLE, Change, RecordTable
from itkgui.item_models.table_export import Extract
from itkgui.language import _
from itkgui.views.commands import is_key_of, show_key
from itkgui.views.context.memory import Memory
from itkgui.views.style import row_height
from itkgui.views.tables.column_layout import VERSION, ColumnLayout
from itkgui.views.tables.column_menu import RecordHeader, column_menu
from itkgui.views.tables.column_presets import ColumnPresets
from itkgui.views.tables.record_delegate import RecordDelegate
from itkgui.views.tables.table_clipboard import TableClipboard

Record = TypeVar("Record")
_Moves = QAbstractItemView.CursorAction
_ENDS = {_Moves.MoveHome: 0, _Moves.MoveEnd: -1}
_MOST_KEPT = 2 * AT_ONCE  # rows chosen, unless it is all of them, that stay chosen when rows change places


class RecordView(QTableView, Generic[Record]):
    """Shows a record table; Enter or a double click opens a row, moving to a row chooses it.

    With ``several``, more than one row can be chosen, and ``records_chosen`` gives them all in the order of
    the rows, also when sorting or filtering changed it. Ctrl+C copies them as a spreadsheet takes them. The
    actions that a page adds to it stand first in its menu.
    """

    delegate_type: type[RecordDelegate] = RecordDelegate
    layout_type: type[ColumnLayout] = ColumnLayout

    record_chosen = Signal(object)
    record_opened = Signal(object)
    records_chosen = Signal(object)  # list of records

    def __init__(
        self, table: RecordTable[Record], name: str, parent: QWidget | None = None, *, several: bool = False
    ) -> None:
        super().__init__(parent)
        self.table = table
        self._several = several
        self._told: list[Record] = []
        self._memory: Memory | None = None
        self._kind = ""
        self._anchor: tuple[QPersistentModelIndex, int] | None = None
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        modes = QAbstractItemView.SelectionMode
        self.setSelectionMode(modes.ExtendedSelection if several else modes.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._delegate = self.delegate_type(table, self)
        self.setItemDelegate(self._delegate)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setHorizontalHeader(RecordHeader(self))
        self.setSortingEnabled(True)
        self.setModel(table)  # now that there is nothing else that would look at all of it again
        # One that stays empty: to paint a title, Qt would look at every row whether it is selected.
        self._no_selection = QItemSelectionModel(table, self)
        self.horizontalHeader().setSelectionModel(self._no_selection)
        self.layout_of_columns = self.layout_type(self)
        self._fit_text()
        self.clipboard = TableClipboard(self)
        self.selectionModel().currentRowChanged.connect(self._on_row_changed)
        table.rearranging.connect(self._give_up_huge_selection)
        table.layoutAboutToBeChanged.connect(self._note_place)
        table.layoutChanged.connect(self._keep_place)
        if several:
            self._telling = QTimer(self)  # once, however many changes there are in one turn
            self._telling.setSingleShot(True)
            self._telling.timeout.connect(self._tell_chosen)
            for signal in (self.selectionModel().selectionChanged, table.layoutChanged, table.modelReset):
                signal.connect(self._tell_soon)

    # Columns ------------------------------------------------------------------------------------------------

    def set_widths(self, *digits: float) -> None:
        """Make each column as wide as so many digits; the last takes what is left."""
        self.layout_of_columns.declare(digits)

    def stretch(self, column: int) -> None:
        """Let one column take the space left over."""
        self.layout_of_columns.fill_with(column)

    def remember(self, memory: Memory, kind: str) -> None:
        """Arrange the columns as the user left them in a table of this kind, and keep what changes from now.

        To be called once, after the widths are set and columns hidden.
        """
        self._memory, self._kind = memory, kind
        self.layout_of_columns.restore(memory.get(f"table/{kind}", VERSION))
        self.layout_of_columns.changed.connect(self._keep_columns)

    def _keep_columns(self) -> None:
        if self._memory is not None:
            self._memory.put(f"table/{self._kind}", VERSION, self.layout_of_columns.saved())

    @property
    def presets(self) -> ColumnPresets | None:
        """The arrangements kept by name; None where nothing is remembered."""
        return ColumnPresets(self.layout_of_columns, self._memory, self._kind) if self._memory else None

    # Records ------------------------------------------------------------------------------------------------

    def show_records(self, records: Iterable[Record], key: Callable[[Record], object]) -> None:
        """Show other records without a jump: the rows chosen, told by their keys, and the place stay.

        Choosing them anew tells the listeners, since their records may have changed.
        """
        before, place = self.chosen, self.verticalScrollBar().value()
        chosen = {key(record) for record in self.all_chosen} if self._several else set()
        self.table.replace(records)
        self.doItemsLayout()  # or the scroll bar would not know yet how far it may go
        if before is not None:
            wanted = key(before)
            row = self.table.row_where(lambda record: key(record) == wanted)
            if row >= 0 and self._several:  # it may be current for the keys only, and not chosen
                self._make_current(row)
            elif row >= 0:
                self.setCurrentIndex(self.table.index(row, 0))
        if chosen:
            rows = [row for row, record in enumerate(self.table.shown) if key(record) in chosen]
            self._select(rows)
        self.verticalScrollBar().setValue(place)

    def choose_row(self, row: int) -> None:
        """Make a row the current one and bring it into sight."""
        if 0 <= row < self.table.rowCount():
            self.setCurrentIndex(self.table.index(row, 0))
            self.scrollTo(self.table.index(row, 0))

    def choose_rows(self, rows: list[int]) -> None:
        """Choose rows, given in their order, and bring the first into sight."""
        self._select(rows)
        if rows:
            self._make_current(rows[0])
            self.scrollTo(self.table.index(rows[0], 0))

    def choose_nothing(self) -> None:
        """Let no row be chosen, nor be the one from which the keys go on."""
        self.selectionModel().clear()

    def _make_current(self, row: int) -> None:
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(self.table.index(row, 0), flags.NoUpdate)

    @property
    def chosen(self) -> Any:
        """The record of the current row; None if there is none."""
        index = self.currentIndex()
        return index.data(RECORD_ROLE) if index.isValid() else None

    @property
    def all_chosen(self) -> list[Record]:
        """The records of all selected rows, in the order of the rows."""
        parts = [self.table.shown_between(first, end) for first, end in self._chosen_ranges]
        return parts[0] if len(parts) == 1 else list(itertools.chain.from_iterable(parts))

    @property
    def _chosen_ranges(self) -> list[tuple[int, int]]:
        selection = self.selectionModel().selection()
        spans = [selection.at(place) for place in range(selection.count())]
        return sorted({(span.top(), span.bottom() + 1) for span in spans})

    def extract(self, *, only_chosen: bool = False, all_columns: bool = False) -> Extract:
        """Return what is to be written elsewhere: the rows shown, in the columns shown, as they stand."""
        layout = self.layout_of_columns
        columns = layout.order if all_columns else layout.shown
        return Extract(
            [self.table.columns[column] for column in columns if self.table.columns[column].title],
            self.all_chosen if only_chosen else self.table.shown,
        )

    def _give_up_huge_selection(self) -> None:
        # Qt would note every cell of it, which takes seconds; only "all" is simple.
        chosen = sum(end - first for first, end in self._chosen_ranges)
        if _MOST_KEPT < chosen < self.table.rowCount():
            self.clearSelection()

    def _select(self, rows: list[int]) -> None:
        selection, last = QItemSelection(), len(self.table.columns) - 1
        stretches = itertools.groupby(enumerate(rows), lambda numbered: numbered[1] - numbered[0])
        for _step, stretch in stretches:  # of rows one below the other: Qt takes its time over each
            found = [row for _place, row in stretch]
            selection.select(self.table.index(found[0], 0), self.table.index(found[-1], last))
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().select(selection, flags.ClearAndSelect)

    def _on_row_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid():
            self.record_chosen.emit(current.data(RECORD_ROLE))

    def _tell_soon(self) -> None:
        self._telling.start()

    def _tell_chosen(self) -> None:
        if not self.receivers(SIGNAL("records_chosen(PyObject)")):
            return  # 100,000 records that nobody asked for would hold up the window
        chosen = self.all_chosen
        if chosen != self._told:
            self._told = chosen
            self.records_chosen.emit(chosen)

    # Place --------------------------------------------------------------------------------------------------

    def _note_place(self) -> None:
        """Remember a row that is to stay where it is on the screen while others come, go or change places."""
        change, place = self.table.latest_change, self.verticalScrollBar().value()
        index = self.currentIndex()
        top = self.rowViewportPosition(index.row())
        if not index.isValid() or not -self.rowHeight(index.row()) < top < self.viewport().height():
            index = self.indexAt(self.viewport().rect().topLeft())
            if change is not Change.GROWN:
                index = QModelIndex()
        if not place and change is not Change.FILTERED:  # who stands at the top wants to see what comes first
            index = QModelIndex()
        top = self.rowViewportPosition(index.row())
        self._anchor = (QPersistentModelIndex(index), top) if index.isValid() else None

    def _keep_place(self) -> None:
        anchor, self._anchor = self._anchor, None
        if anchor is not None and anchor[0].isValid():
            index, top = anchor
            self.doItemsLayout()
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + self.rowViewportPosition(index.row()) - top)
        elif self.table.latest_change is Change.FILTERED:
            self.doItemsLayout()
            if self.currentIndex().isValid():
                self.scrollTo(self.currentIndex())
            else:  # the place of before means nothing among other rows
                self.scrollToTop()

    # Events -------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index, to_left = self.currentIndex(), is_key_of(event, "column-left")
        if is_key_of(event, "open-row") and index.isValid():
            self.record_opened.emit(self.chosen)
        elif is_key_of(event, "copy-rows"):
            self.clipboard.copy(self.extract(only_chosen=True))
        elif to_left or is_key_of(event, "column-right"):
            if index.isValid():
                self.layout_of_columns.move(index.column(), -1 if to_left else 1)
        else:
            super().keyPressEvent(event)

    def moveCursor(self, action: _Moves, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Let Home and End go to the first and last row, as in every list, and not along the row."""
        if action in _ENDS and self.table.rowCount():
            row = _ENDS[action] % self.table.rowCount()
            return self.table.index(row, max(0, self.currentIndex().column()))
        return super().moveCursor(action, modifiers)

    def keyboardSearch(self, search: str) -> None:
        """Find a row by its first letters, unless there are so many that looking would take long."""
        if self.table.rowCount() < AT_ONCE:
            super().keyboardSearch(search)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        if self.indexAt(event.position().toPoint()).isValid():
            self.record_opened.emit(self.chosen)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self.currentIndex()
        menu = column_menu(self, index.column(), self)
        first = menu.actions()[0]
        copy = menu.addAction(_("Copy"), lambda: self.clipboard.copy(self.extract(only_chosen=True)))
        show_key(copy, "copy-rows")
        copy.setEnabled(self.selectionModel().hasSelection())
        if self.actions():
            menu.insertActions(first, self.actions())
            menu.insertSeparator(first)
        menu.insertAction(first, copy)
        menu.insertSeparator(first)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        at = self.visualRect(index).bottomLeft() if by_key and index.isValid() else event.pos()
        menu.popup(self.viewport().mapToGlobal(at) if by_key else event.globalPos())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.layout_of_columns.fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.ApplicationFontChange):
            QTimer.singleShot(0, self, self._fit_text)  # all tables at once would hold up the window

    def _fit_text(self) -> None:
        self._delegate.fit(self.font().pointSizeF())
        self.verticalHeader().setDefaultSectionSize(
            row_height(self.fontMetrics().height() + self._delegate.beside)
        )
        self.layout_of_columns.apply()
