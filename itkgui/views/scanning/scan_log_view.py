"""The log of what was scanned: newest first, told apart by shifts, filtered, exported."""

from __future__ import annotations

from datetime import datetime, timezone

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from itkgui.background.worker import Lane
from itkgui.item_models.record_table import RecordTable
from itkgui.item_models.scan_words import scan_columns
from itkgui.language import _
from itkgui.scanning.scan_log import MOST, ScanEntry, shift_of
from itkgui.views.context.view_context import ViewContext
from itkgui.views.context.view_task import ViewTask
from itkgui.views.scanning.scan_desk import ScanDesk
from itkgui.views.scanning.scan_result_card import read_as
from itkgui.views.style import set_role
from itkgui.views.tables.column_menu import ColumnButton
from itkgui.views.tables.export_button import ExportButton
from itkgui.views.tables.record_view import RecordView
from itkgui.views.widgets.empty_pane import EmptyPane
from itkgui.views.widgets.filter_line import FilterLine


class ScanLogView(QWidget):
    """Reads the file once, and adds what comes."""

    def __init__(self, context: ViewContext, desk: ScanDesk) -> None:
        super().__init__()
        self._context, self._desk = context, desk
        self._entries: list[ScanEntry] = []
        self._early: list[ScanEntry] | None = []  # came while the file is read
        title = QLabel(_("Log of scans"))
        title.setWordWrap(True)
        set_role(title, "heading")
        self.table: RecordTable[ScanEntry] = RecordTable(
            scan_columns(lambda: self._starts, lambda entry: read_as(entry.meaning, entry.text))
        )
        self.view = RecordView(self.table, _("Scans"), several=True)
        self.view.set_widths(20, 16, 19, 24, 24, 18, 15, 16, 14, 13)
        for hidden in (6, 7, 8, 9):
            self.view.setColumnHidden(hidden, True)
        self.view.remember(context.memory, "scans")
        self.this_shift = QCheckBox(_("This shift only"))
        self.this_shift.toggled.connect(self.show_entries)
        self.text_filter = FilterLine(self.table)
        self.export_button = ExportButton(self.view, "scans", context)
        above = QGridLayout()
        above.setHorizontalSpacing(10)
        above.addWidget(title, 0, 0)
        above.addWidget(self.this_shift, 0, 1)
        above.addWidget(ColumnButton(self.view), 0, 2)
        above.addWidget(self.export_button, 0, 3)
        above.addWidget(self.text_filter, 1, 0, 1, 4)
        above.setColumnStretch(0, 1)
        self.empty = EmptyPane("scanner", _("Nothing was scanned yet."), _("What you scan is listed here."))
        self.rows = QStackedWidget()
        set_role(self.rows, "pane")
        self.rows.addWidget(self.empty)
        self.rows.addWidget(self.view)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 14)
        layout.addLayout(above)
        layout.addWidget(self.rows, 1)
        desk.logged.connect(self._add)
        self._task = ViewTask(self, context.messages.show)
        self._task.start(self._load())

    @property
    def _starts(self) -> tuple[str, ...]:
        starts: tuple[str, ...] = self._desk.preferences.settings.shift_starts
        return starts

    async def _load(self) -> None:
        read = await self._context.worker.call(self._desk.log.read, lane=Lane.QUEUE)
        early, self._early = self._early or [], None
        self._entries = [*read, *(entry for entry in early if entry not in read[-len(early) :])]
        self.show_entries()

    def _add(self, entry: ScanEntry) -> None:
        if self._early is not None:
            self._early.append(entry)
            return
        self._entries.append(entry)
        del self._entries[:-MOST]
        if self.isVisible():  # else when it is looked at
            self.show_entries()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.show_entries()

    def show_entries(self) -> None:
        """Show the entries that are wanted, the newest first."""
        entries = self._entries[::-1]
        if self.this_shift.isChecked():
            shift = shift_of(datetime.now(timezone.utc), self._starts)
            entries = [entry for entry in entries if entry.moment >= shift.begin]
        self.view.show_records(entries, key=id)
        self.rows.setCurrentWidget(self.view if entries else self.empty)
