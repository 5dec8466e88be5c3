"""What is in a shipment, between which addresses it goes, and what became of it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from itkgui.item_models.plain_text import shown_text
from itkgui.item_models.shipment_table import ShipmentItemTable, ShipmentStepTable
from itkgui.language import _, ngettext
from itkgui.records.people import Institution
from itkgui.records.shipment import Shipment, ShipmentItem
from itkgui.views.context.view_context import ViewContext
from itkgui.views.style import set_role
from itkgui.views.tables.export_button import ExportButton
from itkgui.views.tables.record_view import RecordView
from itkgui.views.widgets.empty_pane import EmptyPane
from itkgui.views.widgets.tall_page import TallPage


class ShipmentOverview(QSplitter):
    """Items on the left, addresses and history on the right; Enter or a double click opens an item."""

    item_opened = Signal(object)  # ShipmentItem

    def __init__(self, context: ViewContext) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.items, self.steps = ShipmentItemTable(), ShipmentStepTable()
        self.items_view: RecordView[ShipmentItem] = RecordView(self.items, _("Items"))
        self.items_view.set_widths(17, 11, 18, 20)
        self.items_view.stretch(3)
        self.items_view.remember(context.memory, "shipment items")
        self.export_button = ExportButton(self.items_view, "items", context)
        self.items_view.record_opened.connect(self.item_opened)
        self.steps_view = RecordView(self.steps, _("History"))
        self.steps_view.set_widths(15, 18, 14)
        self.steps_view.remember(context.memory, "shipment history")
        self._items_pages = _Pages(self.items_view, "component", _("No items."))
        self._steps_pages = _Pages(self.steps_view, "clock", _("No history."))
        self._items_heading = QLabel()
        self.from_address, self.to_address = _Address(_("From")), _Address(_("To"))

        addresses = QHBoxLayout()
        addresses.setSpacing(12)
        addresses.addWidget(self.from_address, 1)
        addresses.addWidget(self.to_address, 1)
        right = TallPage(wraps=True)
        side = right.layout_of_content
        side.setContentsMargins(6, 12, 14, 12)
        side.setSpacing(12)
        side.addLayout(addresses)
        side.addWidget(_card(QLabel(_("History, newest first")), self._steps_pages), 1)
        left = QWidget()
        items = QVBoxLayout(left)
        items.setContentsMargins(14, 12, 6, 12)
        items.addWidget(_card(self._items_heading, self._items_pages, self.export_button))
        self.setChildrenCollapsible(False)
        self.addWidget(left)
        self.addWidget(right)
        self.setStretchFactor(0, 4)
        self.setStretchFactor(1, 3)

    def show_shipment(self, shipment: Shipment) -> None:
        self.items_view.show_records(shipment.items, key=lambda item: item.component.key)
        self.steps_view.show_records(reversed(shipment.history), key=lambda step: (step.status, step.moment))
        for pages in (self._items_pages, self._steps_pages):
            pages.show_fitting()
        missing = sum(item.is_delivered is False for item in shipment.items)
        count = len(shipment.items)
        parts = [ngettext("{count} item", "{count} items", count).format(count=f"{count:,}")]
        if missing:
            parts.append(_("{count} missing").format(count=f"{missing:,}"))
        self._items_heading.setText(", ".join(parts))
        self.from_address.show_place(shipment.sender)
        self.to_address.show_place(shipment.recipient)


class _Address(QFrame):
    """Where a shipment comes from or goes to, as it stands on the parcel."""

    def __init__(self, title: str) -> None:
        super().__init__()
        set_role(self, "card")
        heading, self._name, self._lines = QLabel(title), QLabel(), QLabel()
        set_role(heading, "quiet")
        set_role(self._name, "heading")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 10)
        layout.setSpacing(3)
        for label in (heading, self._name, self._lines):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            layout.addWidget(label)
        for label in (self._name, self._lines):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout.addStretch()

    def show_place(self, place: Institution) -> None:
        code = f" ({place.code})" if place.name and place.code else ""
        name = place.label or place.id or _("not told")
        self._name.setText(shown_text(f"{name}{code}"))
        self._lines.setText("\n".join(map(shown_text, place.address)) or _("no address told"))

    @property
    def text(self) -> str:
        return f"{self._name.text()}\n{self._lines.text()}"


class _Pages(QStackedWidget):
    """A table that says so when it is empty."""

    def __init__(self, view: RecordView[Any], icon_name: str, nothing: str) -> None:
        super().__init__()
        self._view = view
        self.addWidget(view)
        self.addWidget(EmptyPane(icon_name, nothing))

    def show_fitting(self) -> None:
        self.setCurrentIndex(0 if self._view.table.records else 1)


def _card(heading: QLabel, content: QWidget, tool: QWidget | None = None) -> QFrame:
    card = QFrame()
    set_role(card, "card")
    set_role(heading, "heading")
    heading.setContentsMargins(12, 0, 12, 0)
    layout = QVBoxLayout(card)
    layout.setContentsMargins(1, 10, 1, 8)
    layout.setSpacing(6)
    above = QHBoxLayout()
    above.setContentsMargins(0, 0, 8, 0)
    above.addWidget(heading, 1)
    if tool is not None:
        above.addWidget(tool)
    layout.addLayout(above)
    layout.addWidget(content, 1)
    return card
