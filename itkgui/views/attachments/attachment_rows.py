"""The table of attachments: a small picture in each row, headings above groups, files to be dragged out."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QPainter, QPixmap, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QStyleOptionViewItem

from itkgui.item_models.attachment_table import ADDED, FILE, FROM, PLACE, AttachmentTable
from itkgui.item_models.plain_text import shown_text
from itkgui.language import _
from itkgui.records.attachment import Attachment
from itkgui.views.commands import is_key_of
from itkgui.views.context.attachment_shelf import AttachmentShelf
from itkgui.views.previews.image_ground import chequered
from itkgui.views.style import Style, scaled
from itkgui.views.tables.record_delegate import RecordDelegate
from itkgui.views.tables.record_view import RecordView

_PICTURE = 30  # pixels at 100 %
# What is left out where there is no room for all, since it stands above the preview, and how many digits are
# left to the name before.
_LEFT_OUT = ((PLACE, 25.0), (FROM, 25.0), (ADDED, 16.0))
_NARROWEST = 5  # the part of a box that a picture has at least, across and down
_SIGHT_MS = 200  # what goes by faster is not looked at


class AttachmentDelegate(RecordDelegate):
    """Paints the small picture instead of the icon, where there is one, and the headings of the groups."""

    def fit(self, size: float) -> None:
        super().fit(size)
        self.icon_side = scaled(_PICTURE)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        style: Any = option  # the stubs leave the option's fields out
        view: Any = self.parent()
        title = view.headings.get(index.row())
        if title is None:
            super().paint(painter, option, index)
            return
        whole, height = QRect(style.rect), view.heading_height
        self._paint_heading(painter, QRect(whole.left(), whole.top(), whole.width(), height), title)
        style.rect = whole.adjusted(0, height, 0, 0)
        super().paint(painter, option, index)
        style.rect = whole

    def _paint_heading(self, painter: QPainter, cell: QRect, title: str) -> None:
        """Paint a cell's part of a heading, which runs on over all columns."""
        view: Any = self.parent()
        joined = QRect(0, cell.top(), view.viewport().width(), cell.height())
        font, _ground = self._toned
        room = joined.adjusted(self.padding, 0, -self.padding, 0)
        text = QFontMetrics(font).elidedText(shown_text(title), Qt.TextElideMode.ElideRight, room.width())
        painter.save()
        painter.setClipRect(cell)
        painter.fillRect(cell, Style.theme.colour("window"))
        painter.setFont(font)
        painter.setPen(Style.theme.colour("quiet"))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.restore()

    def _paint_icon(self, painter: QPainter, box: QRect, record: Attachment, name: str, tone: str) -> None:
        view: Any = self.parent()
        picture = view.shelf.thumbnail(record)
        if picture is None:
            super()._paint_icon(painter, box, record, name, tone)
        else:
            paint_picture(painter, box, picture)


class AttachmentRows(RecordView[Attachment]):
    """Tells which attachments are in sight for a moment, that they may get their pictures.

    Space asks for a large preview, Ctrl+C for a copy of the one file that is chosen; more rows are copied as
    in every table.
    """

    delegate_type = AttachmentDelegate

    in_sight = Signal(object)  # list[Attachment]
    large_wanted = Signal()
    copy_wanted = Signal()
    drag_wanted = Signal()

    is_key_held = False
    """Whether what is just being chosen is so because a key is held, and others will follow."""

    def __init__(self, table: AttachmentTable, shelf: AttachmentShelf) -> None:
        self.shelf = shelf
        self.attachments = table
        self.headings: dict[int, str] = {}
        super().__init__(table, _("Attachments"), several=True)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self._sight = QTimer(self)
        self._sight.setSingleShot(True)
        self._sight.setInterval(_SIGHT_MS)
        self._sight.timeout.connect(self._tell_sight)
        for signal in (table.layoutChanged, table.modelReset):
            signal.connect(self._fit_headings)
            signal.connect(self._sight.start)
        self.verticalScrollBar().valueChanged.connect(self._sight.start)

    @property
    def heading_height(self) -> int:
        return self.fontMetrics().height() + self._delegate.beside // 2

    def repaint_row(self, code: str) -> None:
        """Show what was learned of an attachment, if it is in the table."""
        record = next((found for found in self.table.records if found.code == code), None)
        if record is not None:
            self.table.record_changed(record)

    def _tell_sight(self) -> None:
        first = self.rowAt(0)
        if self.isVisible() and first >= 0:
            last = self.rowAt(self.viewport().height() - 1)
            end = last + 1 if last >= 0 else self.table.rowCount()
            self.in_sight.emit(self.table.shown_between(first, end))

    def _fit_headings(self) -> None:
        """Give the first row of each group the room for its heading."""
        self.headings = self.attachments.headings()
        header = self.verticalHeader()
        usual = header.defaultSectionSize()
        for row in range(self.table.rowCount()):
            wanted = usual + self.heading_height if row in self.headings else usual
            if header.sectionSize(row) != wanted:
                header.resizeSection(row, wanted)

    def _fit_text(self) -> None:
        super()._fit_text()
        least = self._delegate.icon_side + self._delegate.beside // 2
        header = self.verticalHeader()
        header.setDefaultSectionSize(max(header.defaultSectionSize(), least))
        self._fit_headings()
        if self.isVisible():
            self._leave_out()

    def _leave_out(self) -> None:
        """Leave out what matters least as long as the names of the files have less than their room."""
        layout = self.layout_of_columns
        wide = {column: layout.width_of(column) for column in layout.order if layout.is_wanted(column)}
        has_names = wide.pop(FILE, 0) > 0
        room = self.viewport().width() - sum(wide.values())
        left_out = []
        for column, digits in _LEFT_OUT:
            if column in wide and room < (layout.least_width_of(FILE, digits) if has_names else 0):
                left_out.append(column)
                room += wide[column]
        layout.vacate(left_out, _("no room now"))

    def focusInEvent(self, event: QFocusEvent) -> None:
        had_one = self.currentIndex().isValid()
        super().focusInEvent(event)
        if not had_one and self.currentIndex().isValid():  # Qt makes the first row the current one only
            self._select([self.currentIndex().row()])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_key_of(event, "preview") and self.currentIndex().isValid():
            self.large_wanted.emit()
        elif is_key_of(event, "copy-file") and len(self.all_chosen) == 1:
            self.copy_wanted.emit()
        else:
            with self.following(is_held=event.isAutoRepeat()):
                super().keyPressEvent(event)

    @contextlib.contextmanager
    def following(self, *, is_held: bool) -> Iterator[None]:
        """Let what is chosen in a block be chosen by a key, which may be held."""
        self.is_key_held = is_held
        yield
        self.is_key_held = False

    def startDrag(self, _actions: Qt.DropAction) -> None:
        self.drag_wanted.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._leave_out()
        super().resizeEvent(event)
        self._sight.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._sight.start()


def paint_picture(painter: QPainter, box: QRect, picture: QPixmap) -> None:
    """Paint a picture in the middle of a box, as large as fits; a narrow one wider than it is, to be seen."""
    least = min(box.width(), box.height()) // _NARROWEST
    size = picture.size().scaled(box.size(), Qt.AspectRatioMode.KeepAspectRatio)
    target = QRect(QPoint(0, 0), size.expandedTo(QSize(least, least)))
    target.moveCenter(box.center())
    if picture.hasAlphaChannel():
        painter.fillRect(target, chequered())
    painter.setRenderHint(painter.RenderHint.SmoothPixmapTransform)
    painter.drawPixmap(target, picture)
