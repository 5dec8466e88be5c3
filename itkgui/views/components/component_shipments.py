"""The shipments that one component is or was in."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from itkgui.language import _
from itkgui.records.component import Component
from itkgui.views.context.view_context import ViewContext
from itkgui.views.shipments.shipment_list import ShipmentList


class ComponentShipments(QWidget):
    """Told which component; loads its shipments as soon as somebody looks."""

    shipment_requested = Signal(str)  # id

    def __init__(self, context: ViewContext) -> None:
        super().__init__()
        self._context = context
        self._component: Component | None = None
        self.list = ShipmentList(context, "shipments-of-a-component", self._load)
        self.list.shipment_requested.connect(self.shipment_requested)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.addWidget(self.list)

    def show_component(self, component: Component) -> None:
        """Show the shipments of a component; those of the same one stay until there are newer ones."""
        if self._component is None or self._component.key != component.key:
            self.list.forget()
        self._component = component
        self.list.pane.reload()

    def cancel(self) -> None:
        """Stop loading; what is shown stays."""
        self.list.pane.cancel()

    async def _load(self) -> None:
        component = self._component
        if component is None:
            return
        ask = partial(self._context.database.shipments_of, component)
        found = await self._context.worker.call(ask)
        advice = _("It was registered where it is, or came there before shipments were written down.")
        self.list.show_shipments(
            found, _("{component} has not travelled.").format(component=component.label), advice
        )
