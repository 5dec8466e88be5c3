"""A list of shipments: by status with counts, filtered by text, newest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Coroutine, Iterable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QTabBar, QVBoxLayout, QWidget

from itkgui.item_models.plain_text import shown_text
from itkgui.item_models.shipment_table import (
    STATUSES,
    ShipmentTable,
    newest_first,
    status_look,
    status_of,
)
from itkgui.language import _, ngettext
from itkgui.records.shipment import Shipment
from itkgui.views.context.view_context import ViewContext
from itkgui.views.style import set_role, set_room
from itkgui.views.tables.column_menu import ColumnButton
from itkgui.views.tables.export_button import ExportButton
from itkgui.views.tables.record_view import RecordView
from itkgui.views.widgets.loading_pane import LoadingPane, LoadingWords

_ON_THE_PAGE = (7, 8)  # service and type: in the list there is no room for all
_USUAL = frozenset(STATUSES[:4])  # shown even if no shipment has them


class ShipmentList(QWidget):
    """Enter or a double click opens a shipment. ``load`` ends with ``show_shipments`` or ``show_nothing``."""

    shipment_requested = Signal(str)  # id

    def __init__(
        self, context: ViewContext, kind: str, load: Callable[[], Coroutine[Any, Any, None]]
    ) -> None:
        """``kind`` is the name by which the arrangement of the columns is kept."""
        super().__init__()
        self._shipments: list[Shipment] = []
        self._nothing = ("", "")
        self._codes: list[str] = [""]  # the statuses as their tabs stand; the first is any
        self.table = ShipmentTable()
        self.view = RecordView(self.table, _("Shipments"))
        self.view.set_widths(20, 30, 17, 17, 15, 15, 16, 18)
        self.view.stretch(1)
        for column in _ON_THE_PAGE:
            self.view.hideColumn(column)
        self.view.remember(context.memory, kind)
        self.view.record_opened.connect(self._on_opened)
        words = LoadingWords(
            _("Loading the shipments…"),
            _("Loading the shipments was stopped."),
            _("The shipments could not be loaded."),
        )
        self.pane = LoadingPane(self.view, "shipment", words, load)
        self._is_renewing = False
        self.pane.renewing.connect(self._on_renewing)
        self.statuses = QTabBar()
        self.statuses.setAccessibleName(_("Status"))
        self.statuses.setExpanding(False)
        self.statuses.setDrawBase(False)
        self.statuses.setElideMode(Qt.TextElideMode.ElideNone)
        self.statuses.addTab(_("all"))
        self.statuses.currentChanged.connect(self._show_status)
        self.text_filter = QLineEdit()
        self.text_filter.setPlaceholderText(_("Filter: name, institute, tracking number…"))
        self.text_filter.setClearButtonEnabled(True)
        self.text_filter.setAccessibleName(_("Filter the shipments"))
        set_room(self.text_filter, least=(16, 0), most=(34, 0))
        self.text_filter.textChanged.connect(self.table.set_filter)
        self.text_filter.returnPressed.connect(self._on_filter_entered)
        self.table.counts_changed.connect(self._show_count)
        self.summary = QLabel()
        self.summary.setTextFormat(Qt.TextFormat.PlainText)
        self.summary.setWordWrap(True)
        set_role(self.summary, "quiet")
        above = QHBoxLayout()
        above.setSpacing(12)
        above.addWidget(self.summary, 1)
        above.addWidget(self.text_filter, 1)
        above.addWidget(ColumnButton(self.view))
        self.export_button = ExportButton(self.view, kind, context)
        above.addWidget(self.export_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(above)
        layout.addWidget(self.statuses)
        layout.addWidget(self.pane, 1)

    def forget(self) -> None:
        """Show none until the next ones come, which are of something else."""
        self._shipments = []
        self.view.show_records((), key=lambda shipment: shipment.id)
        self.pane.show_nothing("")
        self._show_count()

    def show_shipments(self, shipments: Iterable[Shipment], sentence: str, advice: str) -> None:
        """Show shipments, keeping status and choice; the words tell that there are none, and what to do."""
        self._shipments = newest_first(shipments)
        self._nothing = (sentence, advice)
        self.pane.show_content()
        self._fill_statuses()
        self._show_status()

    def _fill_statuses(self) -> None:
        counts = Counter(map(status_of, self._shipments))
        before = self.status
        known = [status for status in STATUSES if counts[status] or status in _USUAL]
        self._codes = ["", *known, *sorted(status for status in counts if status not in STATUSES)]
        texts = [_("all ({count})").format(count=len(self._shipments))]
        texts += [f"{status_look(status).word} ({counts[status]})" for status in self._codes[1:]]
        self.statuses.blockSignals(True)
        while self.statuses.count() > len(texts):
            self.statuses.removeTab(self.statuses.count() - 1)
        for tab, text in enumerate(texts):
            if tab == self.statuses.count():
                self.statuses.addTab("")
            self.statuses.setTabText(tab, shown_text(text).replace("&", "&&"))
        self.statuses.setCurrentIndex(self._codes.index(before) if before in self._codes else 0)
        self.statuses.blockSignals(False)

    @property
    def status(self) -> str:
        """The status that is shown; empty for all."""
        tab = self.statuses.currentIndex()
        return self._codes[tab] if 0 <= tab < len(self._codes) else ""

    def _show_status(self) -> None:
        status = self.status
        shown = [s for s in self._shipments if not status or status_of(s) == status]
        self.view.show_records(shown, key=lambda shipment: shipment.id)

    def _show_count(self) -> None:
        count, shown = len(self._shipments), self.table.rowCount()
        whole = ngettext("{count} shipment", "{count} shipments", count)
        some = ngettext("{shown} of {count} shipment", "{shown} of {count} shipments", count)
        parts = [(some if shown < count else whole).format(shown=f"{shown:,}", count=f"{count:,}")]
        if shown:
            parts.append(_("newest first"))
        if self._is_renewing:
            parts.append(_("loading again…"))
        self.summary.setText(", ".join(parts) if count else "")
        if shown:
            if not self.pane.has_content:
                self.pane.show_content()
        elif count:
            self.pane.show_nothing(
                _("None of these shipments is shown."), _("Choose “all”, or clear the filter.")
            )
        elif self._nothing[0]:
            self.pane.show_nothing(*self._nothing)

    def _on_renewing(self, is_renewing: bool) -> None:
        self._is_renewing = is_renewing
        self._show_count()

    def _on_filter_entered(self) -> None:
        if self.table.rowCount():
            self.view.setFocus()
            if self.view.chosen is None:
                self.view.choose_row(0)

    def _on_opened(self, shipment: Shipment) -> None:
        if shipment.id:
            self.shipment_requested.emit(shipment.id)
