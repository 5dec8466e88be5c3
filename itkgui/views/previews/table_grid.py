"""The grid of a table in a file: row numbers, titles that sort, cells that are painted quickly."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QStyle, QStyledItemDelegate, QTableView

from itkgui.item_models.file_table import FileTable
from itkgui.item_models.plain_text import shown_text
from itkgui.language import _
from itkgui.views.commands import is_key_of
from itkgui.views.previews.kept_arrows import keep_arrows
from itkgui.views.style import Style, mono_font, row_height, set_room, spaced

_PADDING, _AROUND = 8, 8  # pixels beside the text, and above and below it together
_WIDEST = 32  # digits
_LEAST = 6  # lines of text: the titles and three rows; in less one reads no table
_FITTED = 60  # columns that are as wide as what is in them; the others are as wide as the usual one


class TableGrid(QTableView):
    """Whole rows are chosen; Ctrl+C asks for a copy of them; the third click on a title ends its sorting."""

    copy_requested = Signal(object)  # QItemSelection

    def __init__(self, table: FileTable) -> None:
        super().__init__()
        self._table = table
        self.setModel(table)
        self._cells = _Cells(table, self)
        self._longest: list[int] = []  # characters of the fields of each column, as far as known
        self.setItemDelegate(self._cells)
        self.setAccessibleName(_("Rows of the table"))
        set_room(self, least=(0, _LEAST))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        across, down = self.horizontalHeader(), _RowNumbers(table, self)
        self.setVerticalHeader(down)
        # Qt would look at every row, whether it is chosen, to paint a title.
        across.setHighlightSections(False)
        down.setHighlightSections(False)
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        across.setSortIndicatorClearable(True)
        across.setSectionsClickable(True)
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setDefaultSectionSize(row_height(self._metrics().height() + spaced(_AROUND)))
        across.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)

    def fit_columns(self, rows: Sequence[Sequence[str]]) -> None:
        """Make the columns as wide as the rows given, and sort by none."""
        self.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self._longest = [max(map(len, cells)) for cells in zip_longest(*rows, fillvalue="")]
        self._fit_columns()
        self.scrollToTop()

    def widen_columns(self, longest: Sequence[int]) -> None:
        """Make room for fields of so many characters, but not in columns that somebody has resized."""
        header = self.horizontalHeader()
        columns = range(min(_FITTED, self._table.columnCount()))
        fitted = [header.sectionSize(n) in (self._width(n), header.defaultSectionSize()) for n in columns]
        self._longest = [max(both) for both in zip_longest(self._longest, longest, fillvalue=0)]
        for column in columns:
            if fitted[column]:
                header.resizeSection(column, self._width(column))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.ApplicationFontChange):
            QTimer.singleShot(0, self, self._fit_text)

    def _fit_text(self) -> None:
        self._cells.fit()
        self.verticalHeader().setDefaultSectionSize(row_height(self._metrics().height() + spaced(_AROUND)))
        self._fit_columns()

    def _fit_columns(self) -> None:
        header = self.horizontalHeader()
        header.setDefaultSectionSize(12 * self._metrics().averageCharWidth())
        for column in range(min(_FITTED, self._table.columnCount())):
            header.resizeSection(column, self._width(column))
        self.fit_numbers()

    def _width(self, column: int) -> int:
        """Return how wide a column is if nobody has resized it."""
        longest = self._longest[column] if column < len(self._longest) else 0
        letters = min(_WIDEST, max(5, longest, len(self._table.title(column)) + 3))
        return letters * self._metrics().averageCharWidth() + 2 * spaced(_PADDING) + 4

    def fit_numbers(self) -> None:
        """Make room for the numbers of the rows."""
        digits = len(str(self._table.rowCount()))
        self.verticalHeader().setFixedWidth(
            (digits + 1) * self._metrics().averageCharWidth() + 2 * spaced(_PADDING)
        )

    def _metrics(self) -> QFontMetrics:
        return QFontMetrics(mono_font())

    def sort_again(self) -> None:
        """Ask for the order that the titles show, if they show one."""
        header = self.horizontalHeader()
        if header.sortIndicatorSection() >= 0:
            self._table.sort(header.sortIndicatorSection(), header.sortIndicatorOrder())

    def keyboardSearch(self, search: str) -> None:
        """Look for nothing by a letter: Qt would go through every row, and ask for each to be read."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_key_of(event, "copy-rows"):
            self.copy_requested.emit(self.selectionModel().selection())
        else:
            super().keyPressEvent(event)
            keep_arrows(event)


class _RowNumbers(QHeaderView):
    """The number of each row in the file, in the height that the rows have."""

    def __init__(self, table: FileTable, grid: TableGrid) -> None:
        super().__init__(Qt.Orientation.Vertical, grid)
        self._table = table

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:  # noqa: N803 - Qt's name
        theme = Style.theme
        painter.fillRect(rect, theme.colour("surface"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, theme.colour("sunken"))
        painter.setPen(theme.colour("quiet"))
        number = self._table.headerData(logicalIndex, Qt.Orientation.Vertical)
        align = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(rect.adjusted(0, 0, -spaced(_PADDING), -1), align, number)


class _Cells(QStyledItemDelegate):
    """Paints a cell without a style, which takes Qt a quarter of its own time."""

    def __init__(self, table: FileTable, grid: TableGrid) -> None:
        super().__init__(grid)
        self._table = table
        self.fit()

    def fit(self) -> None:
        """Use the size of text of the moment."""
        self._font, self._metrics, self._padding = mono_font(), QFontMetrics(mono_font()), spaced(_PADDING)

    def paint(self, painter: QPainter, option: Any, index: QModelIndex | QPersistentModelIndex) -> None:
        theme = Style.theme
        rect = option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme.colour("selection"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, theme.colour("sunken"))
        column = index.column()
        text = shown_text(self._table.text(index.row(), column))
        if not text:
            return
        room = rect.adjusted(self._padding, 0, -self._padding, -1)
        metrics = self._metrics
        if len(text) * metrics.averageCharWidth() > room.width():
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        side = Qt.AlignmentFlag.AlignRight if self._table.is_right(column) else Qt.AlignmentFlag.AlignLeft
        painter.setFont(self._font)
        painter.setPen(theme.colour("text"))
        painter.drawText(room, int(side | Qt.AlignmentFlag.AlignVCenter), text)
