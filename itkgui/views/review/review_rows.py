"""The table of files under review, with a small picture in the row of each that is one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QImage,
    QImageReader,
    QPainter,
    QPixmap,
    QResizeEvent,
    QShowEvent,
)

from itkgui.background.worker import Lane, Worker
from itkgui.item_models.review_row import ReviewRow
from itkgui.item_models.review_table import (
    ATTACH_TO,
    DESCRIPTION,
    FILE,
    KEEP_IN,
    TITLE,
    ReviewTable,
)
from itkgui.language import _
from itkgui.views.attachments.attachment_rows import paint_picture
from itkgui.views.commands import HERE, offer
from itkgui.views.context.view_task import ViewTask
from itkgui.views.style import scaled
from itkgui.views.tables.record_delegate import RecordDelegate
from itkgui.views.tables.sparing_view import SparingView

_PICTURE = 30  # pixels at 100 %
_SIGHT_MS = 150  # what goes by faster is not looked at


class _Delegate(RecordDelegate):
    """Paints the small picture instead of the icon of the first column."""

    def fit(self, size: float) -> None:
        super().fit(size)
        self.icon_side = scaled(_PICTURE)

    def _paint_icon(self, painter: QPainter, box: QRect, record: ReviewRow, name: str, tone: str) -> None:
        view: Any = self.parent()
        picture = view.pictures.get(record.id) if name == "image" else None
        if picture is None:
            side = self.icon_side * 3 // 5
            inner = QRect(0, 0, side, side)
            inner.moveCenter(box.center())
            super()._paint_icon(painter, inner, record, name, tone)
        else:
            paint_picture(painter, box, picture)


class ReviewRows(SparingView[ReviewRow]):
    """Delete asks for the chosen rows to be left out, Enter and F2 for their titles to be edited."""

    delegate_type = _Delegate
    left_out_first = (DESCRIPTION, ATTACH_TO, KEEP_IN, TITLE)

    removal_wanted = Signal()
    edit_wanted = Signal()

    def __init__(self, table: ReviewTable, worker: Worker) -> None:
        self.pictures: dict[str, QPixmap] = {}
        super().__init__(table, _("Files to be sent"), several=True)
        self._worker = worker
        self._task = ViewTask(self, lambda _error: None)
        self._is_drawing = False
        self.set_widths(24, 26, 22, 9, 13, 25, 14)
        self.stretch(FILE)
        self.setSortingEnabled(False)  # an order that changes while states do would be of no use
        self._sight = QTimer(self)
        self._sight.setSingleShot(True)
        self._sight.setInterval(_SIGHT_MS)
        self._sight.timeout.connect(self._on_sight)
        for signal in (table.layoutChanged, table.modelReset, table.rowsInserted, table.dataChanged):
            signal.connect(self._look_soon)
        self.verticalScrollBar().valueChanged.connect(self._sight.start)
        self.record_opened.connect(self.edit_wanted)
        offer(self, "edit-title", self.edit_wanted.emit, context=HERE)
        offer(self, "do-not-send", self.removal_wanted.emit, context=HERE)

    def _look_soon(self) -> None:
        if not self._sight.isActive():
            self._sight.start()

    def _in_sight(self) -> Iterator[ReviewRow]:
        first = self.rowAt(0)
        if self.isVisible() and first >= 0:
            last = self.rowAt(self.viewport().height() - 1)
            yield from self.table.shown_between(first, last + 1 if last >= 0 else self.table.rowCount())

    def _next_without_picture(self) -> ReviewRow | None:
        rows = (row for row in self._in_sight() if row.media_type.startswith("image/"))
        return next((row for row in rows if row.id not in self.pictures), None)

    def _on_sight(self) -> None:
        if not self._is_drawing and self._next_without_picture() is not None:
            self._task.start(self._draw())

    async def _draw(self) -> None:
        self._is_drawing = True
        try:
            while (row := self._next_without_picture()) is not None:
                side = 2 * self._delegate.icon_side
                image = await self._worker.call(_drawn, row.path, side, lane=Lane.DECODING)
                self.pictures[row.id] = QPixmap.fromImage(image)
                self.table.record_changed(row)
        finally:
            self._is_drawing = False

    def _fit_text(self) -> None:
        super()._fit_text()
        least = self._delegate.icon_side + self._delegate.beside // 2
        header = self.verticalHeader()
        header.setDefaultSectionSize(max(header.defaultSectionSize(), least))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scrollTo(self.currentIndex())  # what there is to say about it may have taken its place
        self._look_soon()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._look_soon()


def _drawn(path: Path, side: int) -> QImage:
    """Return a picture that fits in a square; an empty one if it cannot be read."""
    reader = QImageReader(str(path))
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid():
        reader.setScaledSize(size.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()
