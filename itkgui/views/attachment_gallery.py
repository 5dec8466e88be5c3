"""The attachments as a grid of pictures with names, moved about in by the arrow keys."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QKeySequence, QPainter, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from itkgui.item_models.attachment_table import FILE, kind_icon
from itkgui.item_models.plain_text import shown_text
from itkgui.records.attachment import Attachment
from itkgui.views.attachment_rows import AttachmentRows, paint_picture
from itkgui.views.style import Style, icon, scaled

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
        return self._gallery.gridSize()


class AttachmentGallery(QListView):
    """Shows what ``rows`` shows, in the same order and with the same ones chosen."""

    in_sight = Signal(object)  # list[Attachment]

    def __init__(self, rows: AttachmentRows) -> None:
        super().__init__()
        self.rows = rows
        self.setAccessibleName("Attachments as pictures")
        self.setModel(rows.table)
        self.setModelColumn(FILE)
        self.setSelectionModel(rows.selectionModel())
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setMouseTracking(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.setItemDelegate(_PictureDelegate(self))
        self._fit()
        self._sight = QTimer(self)
        self._sight.setSingleShot(True)
        self._sight.setInterval(_SIGHT_MS)
        self._sight.timeout.connect(self._tell_sight)
        for signal in (rows.table.layoutChanged, rows.table.modelReset):
            signal.connect(self._sight.start)
        self.verticalScrollBar().valueChanged.connect(self._sight.start)
        self.doubleClicked.connect(lambda _index: rows.record_opened.emit(rows.chosen))

    def _fit(self) -> None:
        side, room = scaled(_SIDE), scaled(_ROOM)
        self.setGridSize(QSize(side + 3 * room, side + 2 * room + 2 * self.fontMetrics().height() + 6))

    def _tell_sight(self) -> None:
        if not self.isVisible():
            return
        seen, grid = self.viewport().rect(), self.gridSize()
        first = self.indexAt(QPoint(grid.width() // 2, grid.height() // 2))
        if first.isValid():
            columns = max(1, seen.width() // grid.width())
            lines = seen.height() // grid.height() + 2
            self.in_sight.emit(self.rows.table.shown_between(first.row(), first.row() + columns * lines))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            self.rows.large_wanted.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.rows.record_opened.emit(self.rows.chosen)
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.rows.copy_wanted.emit()
        else:
            with self.rows.following(is_held=event.isAutoRepeat()):
                super().keyPressEvent(event)

    def startDrag(self, _actions: Qt.DropAction) -> None:
        self.rows.drag_wanted.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._sight.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._sight.start()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.ApplicationFontChange):
            self._fit()
