"""The table every list of records is shown in: one look, full keyboard use, icons in the theme's colours."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QStaticText
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from itkgui.item_models.record_table import RECORD_ROLE, RecordTable
from itkgui.views.style import Style, icon, mono_font, text_font

Record = TypeVar("Record")

_ICON_SIDE = 18
_PADDING = 9  # pixels beside the text, as the style sheet gives the headers


class RecordView(QTableView, Generic[Record]):
    """Shows a record table; Enter or a double click opens a row, moving to a row chooses it."""

    record_chosen = Signal(object)
    record_opened = Signal(object)

    def __init__(self, table: RecordTable[Record], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = table
        self.setModel(table)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setItemDelegate(RecordDelegate(table, self))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 16)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        self.selectionModel().currentRowChanged.connect(self._on_row_changed)

    def set_widths(self, *characters: int) -> None:
        """Make each column as wide as so many digits; the last takes what is left."""
        digit = self.fontMetrics().horizontalAdvance("0")
        for column, count in enumerate(characters):
            self.setColumnWidth(column, digit * count + 16)

    def stretch(self, column: int) -> None:
        """Let one column take the space left over."""
        self.horizontalHeader().setStretchLastSection(False)
        self.horizontalHeader().setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)

    def show_records(self, records: Iterable[Record], key: Callable[[Record], object]) -> None:
        """Show other records without a jump: the row chosen, told by its key, and the place stay.

        Choosing it anew tells the listeners, since its record may have changed.
        """
        before, place = self.chosen, self.verticalScrollBar().value()
        self.table.replace(records)
        self.doItemsLayout()  # or the scroll bar would not know yet how far it may go
        if before is not None:
            row = self.table.row_where(lambda record: key(record) == key(before))
            if row >= 0:
                self.setCurrentIndex(self.table.index(row, 0))
        self.verticalScrollBar().setValue(place)

    def choose_row(self, row: int) -> None:
        """Make a row the current one and bring it into sight."""
        if 0 <= row < self.table.rowCount():
            self.setCurrentIndex(self.table.index(row, 0))
            self.scrollTo(self.table.index(row, 0))

    @property
    def chosen(self) -> Any:
        """The record of the current row; None if there is none."""
        index = self.currentIndex()
        return index.data(RECORD_ROLE) if index.isValid() else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.record_opened.emit(self.chosen)
            return
        super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        if self.indexAt(event.position().toPoint()).isValid():
            self.record_opened.emit(self.chosen)

    def _on_row_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid():
            self.record_chosen.emit(current.data(RECORD_ROLE))


class RecordDelegate(QStyledItemDelegate):
    """Paints a cell with the icon, tone and typeface its column asks for.

    It does all by itself: Qt's own way asks the model nine questions a cell and tries every rule of the style
    sheet, which takes four times as long.
    """

    def __init__(self, table: RecordTable[Any], parent: QWidget) -> None:
        super().__init__(parent)
        self._table = table
        fonts = (text_font(), text_font(weight=QFont.Weight.Medium), mono_font())
        self._plain, self._toned, self._mono = ((font, font.toString()) for font in fonts)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        style: Any = option  # the stubs leave the option's fields out
        record, column = self._table.record(index), self._table.columns[index.column()]
        theme = Style.theme
        rect: QRect = style.rect
        if style.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme.colour("selection"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, theme.colour("sunken"))
        room = rect.adjusted(_PADDING, 0, -_PADDING, -1)
        tone = column.tone(record) if column.tone else ""
        if column.icon is not None and (name := column.icon(record)):
            box = QRect(room.left(), room.center().y() - _ICON_SIDE // 2, _ICON_SIDE, _ICON_SIDE)
            icon(name, tone or "quiet", _ICON_SIDE).paint(painter, box)
            room.setLeft(box.right() + _PADDING - 2)
        font, font_name = self._mono if column.monospace else self._toned if tone else self._plain
        text = _laid_out(column.text(record), font_name, room.width())
        left = room.right() - text.size().width() if column.align_right else room.left()
        top = room.top() + (room.height() - text.size().height()) / 2
        painter.setFont(font)
        painter.setPen(theme.colour(tone or "text"))
        painter.drawStaticText(QPointF(left, top), text)


@functools.lru_cache(maxsize=4096)
def _laid_out(text: str, font_name: str, width: int) -> QStaticText:
    """Return a text cut to a width in pixels and laid out, which is most of the work of a cell."""
    font = QFont()
    font.fromString(font_name)
    made = QStaticText(QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, width))
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.prepare(font=font)
    return made
