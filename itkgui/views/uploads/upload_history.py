"""What has ended: sent or cancelled, the latest first, loaded as it is scrolled, searched on the disk."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QModelIndex, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from itkgui.client.exceptions import ItkError
from itkgui.item_models.record_table import RecordTable
from itkgui.item_models.upload_table import HISTORY_COLUMNS
from itkgui.language import _
from itkgui.uploads.upload import Upload
from itkgui.views.context.view_context import ViewContext
from itkgui.views.context.view_task import ViewTask
from itkgui.views.style import set_role, set_room
from itkgui.views.tables.column_menu import ColumnButton
from itkgui.views.tables.export_button import ExportButton
from itkgui.views.tables.record_view import RecordView
from itkgui.views.uploads.upload_detail import UploadDetail
from itkgui.views.widgets.empty_pane import EmptyPane
from itkgui.views.widgets.trouble_pane import TroublePane

_PAGE, _REST = 200, 1000
_TYPING_MS = 250
_READ_AHEAD = 40  # rows below the last one in sight


class UploadHistory(QWidget):
    """The list of ended uploads; opening one shows its attachment, where it can be deleted too."""

    show_requested = Signal(object)  # Upload

    def __init__(self, context: ViewContext) -> None:
        super().__init__()
        self._context = context
        self._text = ""
        self._is_stale = True
        self._task = ViewTask(self, self._on_failed)
        self.table: RecordTable[Upload] = RecordTable(HISTORY_COLUMNS)
        self.table.more_wanted.connect(self._on_more_wanted)
        self.table.counts_changed.connect(self._show_counts)
        self.view = RecordView(self.table, _("Uploads that have ended"))
        self.detail = UploadDetail()
        self.view.set_widths(15, 30, 17, 19, 24, 6, 9, 8, 15, 12, 20)
        self.view.remember(context.memory, "upload history")
        self.view.record_opened.connect(self.show_requested)
        self.view.record_chosen.connect(lambda upload: self.detail.show_uploads([upload]))
        self.view.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("Search file, title, target or state"))
        self.search.setAccessibleName(_("Search the uploads that have ended"))
        self.search.setClearButtonEnabled(True)
        set_room(self.search, least=(16, 0), most=(44, 0))
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self.reload)
        self.search.textChanged.connect(self._typing.start)
        self.search.returnPressed.connect(self.reload)
        self.count = QLabel()
        set_role(self.count, "quiet")
        self.export_button = ExportButton(self.view, "uploads", context, fetch_rest=self._fetch_rest)
        self.empty = EmptyPane("clock", "")
        self.trouble = TroublePane()
        self.trouble.retry_requested.connect(self.reload)
        self._build()

    def _build(self) -> None:
        self.rows = QStackedWidget()
        set_role(self.rows, "pane")
        self.rows.addWidget(self.empty)
        self.rows.addWidget(self.view)
        above = QHBoxLayout()
        above.setSpacing(8)
        above.addWidget(self.count)
        above.addStretch(1)
        above.addWidget(self.search, 2)
        above.addWidget(ColumnButton(self.view))
        above.addWidget(self.export_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(above)
        layout.addWidget(self.trouble)
        layout.addWidget(self.rows, 1)
        layout.addWidget(self.detail)

    def focusInEvent(self, event: QFocusEvent) -> None:
        # No focus proxy: Qt's Tab would skip all that stands before it.
        self.view.setFocus(event.reason())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale:
            self.reload()

    def note_news(self) -> None:
        """Load again what is in sight, unless somebody has scrolled away from the latest."""
        if not self.isVisible():
            self._is_stale = True
        elif self.view.verticalScrollBar().value() == 0:
            self.reload()

    def reload(self) -> None:
        """Load the latest that hold what is searched."""
        self._typing.stop()
        self._text = self.search.text()
        self._is_stale = False
        self._task.start(self._load())

    async def _load(self) -> None:
        rows, total = await self._context.worker.call(self._read, self._text, 0, _PAGE)
        self.trouble.hide()
        self.view.show_records(rows, key=lambda upload: upload.id)
        self.table.append((), more=len(rows) < total, total=total)
        if not rows:
            searched = bool(self._text.strip())
            sentence = _("Nothing that has ended holds this.") if searched else _("Nothing has ended yet.")
            self.empty.say(sentence, "" if searched else _("What was sent and read back is listed here."))
            self.detail.show_uploads(())
        self.rows.setCurrentWidget(self.view if rows else self.empty)

    def _read(self, text: str, first: int, count: int) -> tuple[list[Upload], int]:
        """Ask the disk, on a thread."""
        store = self._context.uploads.store
        return store.history(text, first, count), store.history_count(text)

    def _on_scrolled(self) -> None:
        last = self.view.rowAt(self.view.viewport().height() - 1)
        if last < 0 or last >= self.table.rowCount() - _READ_AHEAD:
            self.table.fetchMore(QModelIndex())

    def _on_more_wanted(self) -> None:
        self._task.start(self._load_more(_PAGE))

    async def _load_more(self, count: int) -> None:
        first = len(self.table.records)
        rows, total = await self._context.worker.call(self._read, self._text, first, count)
        known = {upload.id for upload in self.table.records}  # others may have ended meanwhile
        fresh = [upload for upload in rows if upload.id not in known]
        self.table.append(fresh, more=bool(rows) and first + len(rows) < total, total=total)

    async def _fetch_rest(self) -> None:
        """Load all that is found, to export it."""
        self._task.cancel()
        total = self.table.total
        while total is not None and len(self.table.records) < total:
            before = len(self.table.records)
            await self._load_more(_REST)
            await asyncio.sleep(0)
            if len(self.table.records) == before:
                break

    def _show_counts(self) -> None:
        self.count.setText(self.table.counts)

    def _on_failed(self, error: ItkError) -> None:
        self.table.asking_failed()
        self.trouble.show_error(error)
        if not self.table.records:
            self.empty.say(_("The history could not be loaded."))
            self.rows.setCurrentWidget(self.empty)
