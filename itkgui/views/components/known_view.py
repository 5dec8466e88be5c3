"""The place for components that were open lately, and the one for those that are pinned."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from itkgui.item_models.known_component_table import KNOWN_COLUMNS
from itkgui.item_models.record_table import RecordTable
from itkgui.language import _
from itkgui.records.known_component import KnownComponent
from itkgui.views.commands import HERE, offer
from itkgui.views.context.known_components import KnownComponents
from itkgui.views.context.view_context import ViewContext
from itkgui.views.style import set_role
from itkgui.views.tables.column_menu import ColumnButton
from itkgui.views.tables.export_button import ExportButton
from itkgui.views.tables.record_view import RecordView
from itkgui.views.widgets.empty_pane import EmptyPane
from itkgui.views.widgets.filter_line import FilterLine


class KnownView(QWidget):
    """Shows one of the two lists, without asking the server; Enter opens a component, Delete takes it off."""

    component_requested = Signal(str)  # key
    pin_changed = Signal(object, bool)  # KnownComponent, whether it is pinned now

    def __init__(self, context: ViewContext, known: KnownComponents, *, pinned: bool) -> None:
        super().__init__()
        self._known = known
        self._shows_pinned = pinned
        set_role(self, "page")
        self.table: RecordTable[KnownComponent] = RecordTable(KNOWN_COLUMNS)
        name = _("Pinned components") if pinned else _("Recent components")
        self.view = RecordView(self.table, name, several=True)
        self.view.set_widths(16, 17, 26, 24, 13, 17)
        self.view.stretch(2)
        self.view.remember(context.memory, "pinned" if pinned else "recent")
        self.view.record_opened.connect(lambda found: self.component_requested.emit(found.key))
        self.view.records_chosen.connect(self._show_buttons)
        title = QLabel(name)
        title.setWordWrap(True)
        set_role(title, "heading")
        self.text_filter = FilterLine(self.table)
        self.pin_button = QPushButton(_("Unpin") if pinned else _("Pin"))
        self.pin_button.setToolTip("Ctrl+D")
        self.pin_button.clicked.connect(self.toggle_pin)
        self.remove_button = QPushButton(_("Take off"))
        self.remove_button.setToolTip(_("Take off the list (Delete)"))
        self.remove_button.clicked.connect(self.remove)
        if pinned:
            self.remove_button.hide()
        offer(self.view, "take-off", self.toggle_pin if pinned else self.remove, context=HERE)
        above = QHBoxLayout()
        above.addWidget(title, 1)
        for widget in (self.text_filter, self.pin_button, self.remove_button):
            above.addWidget(widget)
        above.addWidget(ColumnButton(self.view))
        above.addWidget(
            ExportButton(self.view, "pinned-components" if pinned else "recent-components", context)
        )
        if pinned:
            self.empty = EmptyPane(
                "pin", _("Nothing is pinned."), _("The pin beside a component, or Ctrl+D, keeps it here.")
            )
        else:
            self.empty = EmptyPane("clock", _("No component was opened yet."), _("Scan a label, or search."))
        self.rows = QStackedWidget()
        set_role(self.rows, "pane")
        self.rows.addWidget(self.empty)
        self.rows.addWidget(self.view)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 14, 18, 14)
        layout.setSpacing(12)
        layout.addLayout(above)
        layout.addWidget(self.rows, 1)
        known.changed.connect(self._show)
        self._show()

    def focusInEvent(self, event: QFocusEvent) -> None:
        # No focus proxy: Qt's Tab would skip all that stands before it.
        self.view.setFocus(event.reason())

    def _show(self) -> None:
        found = self._known.pinned if self._shows_pinned else self._known.recent
        self.view.show_records(found, key=lambda known: known.key)
        self.rows.setCurrentWidget(self.view if found else self.empty)
        self._show_buttons()

    def _show_buttons(self) -> None:
        for button in (self.pin_button, self.remove_button):
            button.setEnabled(bool(self.view.all_chosen))
        self.pin_button.setText(_("Unpin") if self._shows_pinned or self._are_pinned else _("Pin"))

    def toggle_pin(self) -> None:
        """Pin the chosen components, or let them go if all of them are pinned."""
        pins = not self._are_pinned
        for known in self.view.all_chosen:
            if self._known.is_pinned(known.key) is not pins:
                self.pin_changed.emit(known, self._known.toggle_pin(known))

    @property
    def _are_pinned(self) -> bool:
        chosen = self.view.all_chosen
        return bool(chosen) and all(self._known.is_pinned(known.key) for known in chosen)

    def remove(self) -> None:
        """Take the chosen components off the list of recent ones."""
        self._known.forget_recent({known.key for known in self.view.all_chosen})
