"""Shipments: those of an institute by status, one of them with all it holds, those of a component."""

from __future__ import annotations

from itkgui.item_models.shipment_table import status_look
from itkgui.records.shipment import Shipment
from itkgui.tour.driver import Driver, Step, StepFailed, check
from itkgui.views.components.component_view import SHIPMENTS
from itkgui.views.shipments.shipment_view import ATTACHMENTS, CHECKLIST, OVERVIEW, ShipmentView

_STATUS = "delivered"
_SEVERAL = "Front-end Chip, Sensor Tile for UCSC"  # a shipment of both


class Shipments:
    """Begins at any place and ends at a component that travelled."""

    def __init__(self, driver: Driver) -> None:
        self._at = driver

    @property
    def steps(self) -> tuple[Step, ...]:
        return (
            ("shipments of an institute", self._list),
            ("shipments by status", self._by_status),
            ("a shipment", self._one),
            ("check-list of a shipment", self._checklist),
            ("file of a shipment", self._file),
            ("shipments of an item", self._item),
        )

    @property
    def _page(self) -> ShipmentView:
        page = self._at.workspace.current_shipment
        if page is None:
            raise StepFailed("no shipment is on the screen")
        return page

    @property
    def _shipment(self) -> Shipment:
        if self._page.shipment is None:
            raise StepFailed("the shipment is not loaded")
        return self._page.shipment

    async def _list(self) -> None:
        place = self._at.workspace.shipments_view
        await self._at.go_to(place)
        await self._at.until(lambda: place.list.table.rowCount() > 0, "shipments")
        home = self._at.workspace.shipments_view.institute.currentData()
        ends = [{shipment.sender.code, shipment.recipient.code} for shipment in place.list.table.shown]
        check(all(home in both for both in ends), "all leave from the institute or come to it")

    async def _by_status(self) -> None:
        shown = self._at.workspace.shipments_view.list
        bar, word = shown.statuses, status_look(_STATUS).word
        tab = next(n for n in range(bar.count()) if bar.tabText(n).startswith(f"{word} ("))
        await self._at.click_tab(bar, tab)
        await self._at.until(lambda: shown.status == _STATUS, "the status")
        rows = shown.table.shown
        check(rows and all(shipment.status == _STATUS for shipment in rows), "all have the status")
        check(bar.tabText(tab) == f"{word} ({len(rows)})", "the tab counts them")

    async def _one(self) -> None:
        place = self._at.workspace.shipments_view
        await self._at.choose(place.list.view, lambda shipment: shipment.label == _SEVERAL, opens=True)
        await self._at.until(
            lambda: (
                (page := self._at.workspace.current_shipment) and page.shipment and page.overview.isVisible()
            ),
            "the shipment",
        )
        check(self._page.tabs.currentIndex() == OVERVIEW, "the overview comes first")
        check(len(self._shipment.items) > 1, "there are several items")
        check(self._page.overview.items_view.table.rowCount() == len(self._shipment.items), "all are listed")
        check(self._shipment.sender.code in self._page.overview.from_address.text, "the sender is told")

    async def _checklist(self) -> None:
        await self._at.show_tab(self._page.tabs, CHECKLIST)
        checklist = self._page.checklist
        check(checklist.view.isVisible(), "the check-list is on the screen")
        check(checklist.table.rowCount() == len(self._shipment.checklist) > 0, "with all questions")

    async def _file(self) -> None:
        await self._at.show_tab(self._page.tabs, ATTACHMENTS)
        files = self._page.attachments
        await self._at.choose(files.view, lambda _: True)
        await self._at.until(lambda: files.preview.content.shown_kind, "the preview of a file")

    async def _item(self) -> None:
        await self._at.show_tab(self._page.tabs, OVERVIEW)
        wanted = self._shipment.id
        item = await self._at.choose(self._page.overview.items_view, lambda _: True, opens=True)
        await self._at.until_open(item.component.label)
        component = self._at.component
        await self._at.show_page(SHIPMENTS)
        rows = component.shipments.list.table
        await self._at.until(lambda: rows.rowCount() > 0, "the shipments of the component")
        check(any(shipment.id == wanted for shipment in rows.shown), "the shipment is among them")
