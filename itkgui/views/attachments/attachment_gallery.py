"""The attachments as a grid of pictures with names, in groups, moved about in by the arrow keys."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from itkgui.item_models.attachment_table import FILE, kind_icon
from itkgui.item_models.grouped_grid import Cell, GroupedGrid
from itkgui.item_models.plain_text import shown_text
from itkgui.language import _
from itkgui.records.attachment import Attachment
from itkgui.views.attachments.attachment_rows import AttachmentRows, paint_picture
from itkgui.views.commands import is_key_of
from itkgui.views.style import Style, icon, scaled, text_font

_SIDE = 118  # pixels of a picture at 100 %
_ICON = 48
_ROOM = 8  # around it
_SIGHT_MS = 200


class _PictureDelegate(QStyledItemDelegate):
    """Paints one attachment: its picture or the icon of its kind, and its name in two lines below."""

    def __init__(self, gallery: AttachmentGallery) -> None:
        super().__init__(gallery)
        self._gallery = gallery

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        style: Any = option  # the stubs leave the option's fields out
        attachment = self._gallery.rows.table.record(index)
        theme, room = Style.theme, scaled(_ROOM)
        cell = QRect(style.rect).adjusted(room // 2, room // 2, -room // 2, -room // 2)
        if style.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(cell, theme.colour("selection"))
        if style.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(theme.colour("accent"))
            painter.drawRect(cell.adjusted(0, 0, -1, -1))
        side = scaled(_SIDE)
        box = QRect(cell.center().x() - side // 2, cell.top() + room // 2, side, side)
        picture = self._gallery.rows.shelf.thumbnail(attachment)
        if picture is None:
            painter.fillRect(box, theme.colour("sunken"))
            mark = QRect(0, 0, scaled(_ICON), scaled(_ICON))
            mark.moveCenter(box.center())
            icon(kind_icon(attachment), "quiet", _ICON).paint(painter, mark)
        else:
            paint_picture(painter, box, picture)
        self._paint_name(painter, QRect(cell.left(), box.bottom() + 3, cell.width(), 0), attachment)

    def _paint_name(self, painter: QPainter, place: QRect, attachment: Attachment) -> None:
        metrics = QFontMetrics(self._gallery.font())
        width, name = place.width() - 6, shown_text(attachment.display_name)
        first = name
        while len(first) > 1 and metrics.horizontalAdvance(first) > width:
            first = first[: max(1, len(first) * width // metrics.horizontalAdvance(first))]
        rest = metrics.elidedText(name[len(first) :], Qt.TextElideMode.ElideMiddle, width)
        painter.setFont(self._gallery.font())
        painter.setPen(Style.theme.colour("text"))
        for line, text in enumerate((first, rest)):
            room = QRect(place.left(), place.top() + line * metrics.height(), place.width(), metrics.height())
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        cell = self._gallery.grid.cell
        return QSize(cell.width, cell.height)


class AttachmentGallery(QListView):
    """Shows what ``rows`` shows, in the same order and groups and with the same ones chosen.

    A list view knows no groups, so where everything stands is counted here.
    """

    in_sight = Signal(object)  # list[Attachment]

    def __init__(self, rows: AttachmentRows) -> None:
        super().__init__()
        self.rows = rows
        self.grid = GroupedGrid(0, 1, Cell(1, 1))
        self.setAccessibleName(_("Attachments as pictures"))
        self.setModel(rows.table)
        self.setModelColumn(FILE)
        self.setSelectionModel(rows.selectionModel())
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setMouseTracking(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(
            Qt.ScrollBarPolicy.ScrollBarAlwaysOn
        )  # a bar that goes changes the columns
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.setItemDelegate(_PictureDelegate(self))
        self._sight = QTimer(self)
        self._sight.setSingleShot(True)
        self._sight.setInterval(_SIGHT_MS)
        self._sight.timeout.connect(self._tell_sight)
        for signal in (rows.table.layoutChanged, rows.table.modelReset):
            signal.connect(self._arrange)
            signal.connect(self._sight.start)
        self.verticalScrollBar().valueChanged.connect(self._sight.start)
        self.doubleClicked.connect(lambda _index: rows.record_opened.emit(rows.chosen))
        self._arrange()

    # Places ------------------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        side, room = scaled(_SIDE), scaled(_ROOM)
        cell = Cell(side + 3 * room, side + 2 * room + 2 * self.fontMetrics().height() + 6)
        width, count = self.viewport().width(), self.rows.table.rowCount()
        self.grid = GroupedGrid(count, width, cell, self.rows.headings, self.rows.heading_height)
        self.updateGeometries()
        self.viewport().update()

    def doItemsLayout(self) -> None:
        QAbstractItemView.doItemsLayout(self)
        self._arrange()

    def updateGeometries(self) -> None:
        bar, seen = self.verticalScrollBar(), self.viewport().height()
        bar.setPageStep(seen)
        bar.setSingleStep(self.grid.cell.height // 4)
        bar.setRange(0, max(0, self.grid.height - seen))

    def verticalOffset(self) -> int:
        return self.verticalScrollBar().value()

    def horizontalOffset(self) -> int:
        return 0

    def visualRect(self, index: QModelIndex | QPersistentModelIndex) -> QRect:
        if not index.isValid() or index.row() >= self.grid.count:
            return QRect()
        left, top = self.grid.place(index.row())
        return QRect(left, top - self.verticalOffset(), self.grid.cell.width, self.grid.cell.height)

    def indexAt(self, spot: QPoint) -> QModelIndex:
        row = self.grid.row_at(spot.x(), spot.y() + self.verticalOffset())
        return self.rows.table.index(row, FILE) if row >= 0 else QModelIndex()

    def scrollTo(
        self,
        index: QModelIndex | QPersistentModelIndex,
        _hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        if not index.isValid() or index.row() >= self.grid.count:
            return
        top, bar = self.grid.place(index.row())[1], self.verticalScrollBar()
        headed = [place for row, place in self.grid.headings if row == index.row()]
        bottom = top + self.grid.cell.height - self.viewport().height()
        bar.setValue(min(max(bar.value(), bottom), *headed, top))

    def moveCursor(self, action: QAbstractItemView.CursorAction, _keys: Qt.KeyboardModifier) -> QModelIndex:
        grid, row = self.grid, self.currentIndex().row()
        if not grid.count:
            return QModelIndex()
        page = max(1, self.viewport().height() // grid.cell.height)
        way = QAbstractItemView.CursorAction
        new = {
            way.MoveLeft: row - 1,
            way.MovePrevious: row - 1,
            way.MoveRight: row + 1,
            way.MoveNext: row + 1,
            way.MoveHome: 0,
            way.MoveEnd: grid.count - 1,
        }.get(action)
        if new is None and row >= 0:
            lines = {way.MoveUp: -1, way.MoveDown: 1, way.MovePageUp: -page, way.MovePageDown: page}[action]
            new = grid.beside(row, lines)
        return self.rows.table.index(min(max(new or 0, 0), grid.count - 1), FILE)

    def setSelection(self, area: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        # From a cell to a cell it is all that stands between them; otherwise, what a frame touches.
        ends = [self.indexAt(area.topLeft()).row(), self.indexAt(area.bottomRight()).row()]
        rows = range(min(ends), max(ends) + 1) if min(ends) >= 0 else self._rows_in(area.normalized())
        table, chosen = self.rows.table, QItemSelection()
        for row in rows:
            chosen.select(table.index(row, 0), table.index(row, table.columnCount() - 1))
        self.selectionModel().select(chosen, command)

    def _rows_in(self, area: QRect) -> list[int]:
        grid, down = self.grid, self.verticalOffset()
        rows = grid.rows_between(area.top() + down, area.bottom() + 1 + down)
        lefts = ((row, grid.place(row)[0]) for row in rows)
        return [row for row, left in lefts if left <= area.right() and left + grid.cell.width > area.left()]

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        region = QRegion()
        for index in selection.indexes():
            region += self.visualRect(index)
        return region

    # Looks -------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, area = QPainter(self.viewport()), event.rect()
        down = self.verticalOffset()
        selection, current = self.selectionModel(), self.currentIndex().row()
        for row in self.grid.rows_between(area.top() + down, area.bottom() + 1 + down):
            index = self.rows.table.index(row, FILE)
            option: Any = QStyleOptionViewItem()  # the stubs leave the option's fields out
            option.rect = self.visualRect(index)
            if selection.isRowSelected(row):
                option.state |= QStyle.StateFlag.State_Selected
            if row == current and self.hasFocus():
                option.state |= QStyle.StateFlag.State_HasFocus
            self.itemDelegate().paint(painter, option, index)
        room, high = scaled(_ROOM), self.rows.heading_height
        font = text_font()
        painter.setFont(font)
        for row, top in self.grid.headings:
            band = QRect(0, top - down, self.viewport().width(), high)
            if band.intersects(area):
                words = band.adjusted(room, 0, -room, 0)
                title = shown_text(self.rows.headings.get(row, ""))
                title = QFontMetrics(font).elidedText(title, Qt.TextElideMode.ElideRight, words.width())
                painter.fillRect(band, Style.theme.colour("window"))
                painter.setPen(Style.theme.colour("quiet"))
                painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, title)

    def _tell_sight(self) -> None:
        if self.isVisible():
            down = self.verticalOffset()
            seen = self.grid.rows_between(down, down + self.viewport().height())
            if seen:
                self.in_sight.emit(self.rows.table.shown_between(seen.start, seen.stop))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_key_of(event, "preview") and self.currentIndex().isValid():
            self.rows.large_wanted.emit()
        elif is_key_of(event, "open-row") and self.currentIndex().isValid():
            self.rows.record_opened.emit(self.rows.chosen)
        elif is_key_of(event, "copy-file"):
            self.rows.copy_wanted.emit()
        else:
            with self.rows.following(is_held=event.isAutoRepeat()):
                super().keyPressEvent(event)

    def startDrag(self, _actions: Qt.DropAction) -> None:
        self.rows.drag_wanted.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
        self._sight.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._sight.start()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.ApplicationFontChange):
            self._arrange()
