"""What happened to a component, newest first: stages, places, shipments, runs, attachments, comments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from itkgui.item_models.timeline_table import TimelineTable
from itkgui.language import _, ngettext
from itkgui.records.component import Component
from itkgui.records.test_run import TestRun
from itkgui.records.timeline import Event, EventKind
from itkgui.views.context.view_context import ViewContext
from itkgui.views.style import arrange_by_text, set_role
from itkgui.views.tables.column_menu import ColumnButton
from itkgui.views.tables.export_button import ExportButton
from itkgui.views.tables.record_view import RecordView
from itkgui.views.widgets.loading_pane import LoadingPane, LoadingWords
from itkgui.views.widgets.whole_label import WholeLabel

_WHO = 3
_ALL_COLUMNS = 110  # characters; a narrower table leaves out who it was, which the filter still finds


class TimelineView(QWidget):
    """One timeline; Enter or a double click opens what an event speaks of."""

    subject_opened = Signal(object)  # Subject

    def __init__(self, context: ViewContext) -> None:
        super().__init__()
        self._context = context
        self._component: Component | None = None
        self._runs: Sequence[TestRun] = ()
        self._events: tuple[Event, ...] = ()
        self._kinds: list[EventKind | None] = [None]  # as they stand in the box
        self.table = TimelineTable()
        self.view = RecordView(self.table, _("History"))
        self.view.set_widths(16, 15, 60, 20)
        self.view.stretch(2)
        self.view.remember(context.memory, "history")
        self.view.record_opened.connect(self._on_opened)
        words = LoadingWords(
            _("Loading the history…"),
            _("Loading the history was stopped."),
            _("The history could not be loaded."),
        )
        self.pane = LoadingPane(self.view, "clock", words, self._load)
        self.kind = QComboBox()
        self.kind.setAccessibleName(_("Kind of event"))
        self.kind.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.kind.currentIndexChanged.connect(self._show_kind)
        self.text_filter = QLineEdit()
        self.text_filter.setPlaceholderText(_("Filter: text, person, date…"))
        self.text_filter.setClearButtonEnabled(True)
        self.text_filter.setAccessibleName(_("Filter the history"))
        self.text_filter.textChanged.connect(self._on_text_changed)
        self.summary = WholeLabel()
        self.summary.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        set_role(self.summary, "quiet")
        above = QHBoxLayout()
        above.setContentsMargins(12, 8, 12, 8)
        above.setSpacing(10)
        above.addWidget(self.summary, 2)
        above.addWidget(self.kind)
        above.addWidget(self.text_filter, 1)
        above.addWidget(ColumnButton(self.view))
        self.export_button = ExportButton(self.view, "history", context)
        above.addWidget(self.export_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(above)
        layout.addWidget(self.pane, 1)
        arrange_by_text(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        is_narrow = event.size().width() < self.fontMetrics().averageCharWidth() * _ALL_COLUMNS
        self.view.layout_of_columns.vacate((_WHO,) if is_narrow else (), _("no room now"))
        super().resizeEvent(event)

    def show_timeline(self, component: Component, runs: Sequence[TestRun]) -> None:
        """Tell what happened to a component, as soon as somebody looks."""
        self._component, self._runs = component, runs
        self.export_button.name = f"history-{component.label}"
        self.pane.reload()

    def cancel(self) -> None:
        self.pane.cancel()

    async def _load(self) -> None:
        component = self._component
        if component is None:
            return
        database = self._context.database
        events = await self._context.worker.call(database.timeline, component, self._runs)
        self._events = events[::-1]
        self._fill_kinds()
        self._show_kind()

    @property
    def _kind(self) -> EventKind | None:
        return self._kinds[max(0, self.kind.currentIndex())]

    def _fill_kinds(self) -> None:
        counts, before = Counter(event.kind for event in self._events), self._kind
        self._kinds = [None, *(kind for kind in EventKind if counts[kind])]
        self.kind.blockSignals(True)
        self.kind.clear()
        self.kind.addItem(_("everything ({count})").format(count=len(self._events)))
        self.kind.addItems([f"{_(kind.value)} ({counts[kind]})" for kind in self._kinds if kind])
        self.kind.setCurrentIndex(self._kinds.index(before) if before in self._kinds else 0)
        self.kind.blockSignals(False)

    def _show_kind(self) -> None:
        kind = self._kind
        events = [event for event in self._events if kind is None or event.kind is kind]
        self.view.show_records(events, key=lambda event: (event.kind, event.moment, event.text))
        self._show_count()
        if self._events:
            self.pane.show_content()
        else:
            self.pane.show_nothing(
                _("No history."), _("The server tells nothing that happened to this component.")
            )

    def _on_text_changed(self, text: str) -> None:
        self.table.set_filter(text)
        self._show_count()

    def _show_count(self) -> None:
        shown, count = self.table.rowCount(), len(self._events)
        if shown < count:
            said = ngettext(
                "{shown} of {count} event, newest first", "{shown} of {count} events, newest first", count
            )
        else:
            said = ngettext("{count} event, newest first", "{count} events, newest first", count)
        self.summary.setText(said.format(shown=shown, count=count) if count else "")

    def _on_opened(self, event: Event) -> None:
        if event.subject is not None:
            self.subject_opened.emit(event.subject)
        else:
            self._context.messages.notify(_("There is nothing more to open about this event."))
