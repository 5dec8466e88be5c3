"""The place of the shipments: those of an institute in a list, and the one that was opened."""

from __future__ import annotations

import asyncio
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from itkgui.item_models.plain_text import shown_text
from itkgui.language import _
from itkgui.records.people import Reference
from itkgui.records.shipment import Shipment
from itkgui.views.commands import offer
from itkgui.views.context.age_line import AgeLine
from itkgui.views.context.view_context import ViewContext
from itkgui.views.context.view_task import ViewTask
from itkgui.views.shipments.shipment_list import ShipmentList
from itkgui.views.shipments.shipment_view import ShipmentView
from itkgui.views.style import set_icon, set_role
from itkgui.views.widgets.picker import Picker
from itkgui.views.widgets.turning_row import TurningRow

BOTH, SENT, EXPECTED = range(3)
_LEAST_LETTERS = 14  # of a choice


class ShipmentsView(QStackedWidget):
    """At first what leaves and comes to the user's own institute; any other can be chosen."""

    component_requested = Signal(str)  # code
    files_for_other = Signal(object, str, object)  # page, a component's name, list of ReviewRow for it
    moved = Signal()  # from the list to a shipment, to another, or back; or more is known of it

    def __init__(self, context: ViewContext) -> None:
        super().__init__()
        self._context = context
        self._shipments: tuple[Shipment, ...] = ()
        self._has_places = False
        self._places_task = ViewTask(self, context.messages.show)
        self._open_task = ViewTask(self, context.messages.show)
        self.page: ShipmentView | None = None  # made when the first shipment is opened
        self.list = ShipmentList(context, "shipments", self._load)
        self.list.shipment_requested.connect(self.open)
        self.institute = Picker(_("Institute"), least=_LEAST_LETTERS)
        self.direction = Picker(_("Direction"), least=_LEAST_LETTERS)
        self._is_filling = False
        self.reload_button = QToolButton()
        set_icon(self.reload_button, "reload", "quiet")
        self.reload_button.setToolTip(_("Load again (F5)"))
        self.reload_button.setAccessibleName(_("Load the shipments again (F5)"))
        offer(self.list, "reload-list", self.reload_button.click)
        self.reload_button.clicked.connect(self.reload)
        self._fill_institutes(())
        self._name_directions()
        self.institute.currentIndexChanged.connect(self._on_institute_changed)
        self.direction.currentIndexChanged.connect(self._show_direction)
        self.age_line = AgeLine(context.connection)
        self.age_line.reload_wanted.connect(self.reload)
        self._build()
        self.list.pane.reload()

    def _build(self) -> None:
        title = QLabel(_("Shipments"))
        set_role(title, "title")
        above = TurningRow(title, self.institute, self.direction, self.reload_button)
        page = QWidget()
        set_role(page, "page")
        layout = QVBoxLayout(page)
        layout.setContentsMargins(18, 14, 18, 14)
        layout.setSpacing(10)
        layout.addWidget(above)
        layout.addWidget(self.age_line)
        layout.addWidget(self.list, 1)
        self.addWidget(page)

    def detach(self) -> None:
        """Stop listening, before the view goes."""
        if self.page is not None:
            self.page.detach()

    def focusInEvent(self, event: QFocusEvent) -> None:
        # No focus proxy: Qt's Tab would skip all that stands before it.
        (self.shown_page or self.list.view).setFocus(event.reason())

    # The list ----------------------------------------------------------------------------------------------

    def reload(self) -> None:
        """Ask the server again; status, filter and choice stay."""
        self.list.pane.reload()

    async def _load(self) -> None:
        if not self._has_places:
            self._places_task.start(self._load_places())
        code = self._code
        if not code:
            self.list.show_shipments((), _("No institute chosen."), _("Choose one in the box above."))
            return
        ask = partial(self._context.database.shipments_at, code, with_deleted=True)
        self._shipments = await self._context.worker.call(ask)
        self._name_directions()
        self._show_direction()

    async def _load_places(self) -> None:
        places = await self._context.worker.call(self._context.database.institutions)
        self._has_places = True
        self._fill_institutes(places)

    @property
    def _code(self) -> str:
        return str(self.institute.currentData() or "")

    def _fill_institutes(self, places: tuple[Reference, ...]) -> None:
        """Offer the user's own institutes, the home first, then all others, keeping what was chosen."""
        user, chosen = self._context.database.user, self._code
        mine = dict.fromkeys(filter(None, (user.home.code, *(m.institution.code for m in user.memberships))))
        names = {place.code: place.name for place in (*(m.institution for m in user.memberships), *places)}
        self._is_filling = True
        self.institute.clear()
        if not mine:
            self.institute.addItem(_("choose an institute"), "")
        for code in (*mine, *(place.code for place in places if place.code not in mine)):
            whose = _("{code} (mine)").format(code=code) if code in mine else code
            self.institute.addItem(shown_text("  ·  ".join(filter(None, (whose, names.get(code))))), code)
        self.institute.setCurrentIndex(max(0, self.institute.findData(chosen)))
        self._is_filling = False

    def _on_institute_changed(self) -> None:
        if self._is_filling:
            return
        self._shipments = ()
        self.list.forget()
        self.list.pane.reload()

    def _name_directions(self) -> None:
        counts = [len(self._going(way)) for way in (BOTH, SENT, EXPECTED)]
        for way, words in enumerate((_("sent and expected"), _("sent from here"), _("expected here"))):
            if way == self.direction.count():
                self.direction.addItem("")
            self.direction.setItemText(way, f"{words} ({counts[way]:,})")

    def _going(self, way: int) -> list[Shipment]:
        """Return the shipments of one direction; in both go all that the server gave."""
        if way == BOTH:
            return list(self._shipments)
        ends = ((s, s.sender if way == SENT else s.recipient) for s in self._shipments)
        return [shipment for shipment, end in ends if end.code == self._code]

    def _show_direction(self) -> None:
        way, code = self.direction.currentIndex(), self._code
        sentence = (
            _("Nothing was sent from {code} or to it.").format(code=code),
            _("Nothing was sent from {code}.").format(code=code),
            _("Nothing was sent to {code}.").format(code=code),
        )[way]
        self.list.show_shipments(
            self._going(way), sentence, _("Choose another institute or direction above.")
        )

    # One of them -------------------------------------------------------------------------------------------

    def open(self, shipment_id: str, file: str = "") -> None:
        """Show the page of a shipment, unless files for another one wait for a decision."""
        if self.page is not None:
            self._show_page(self.page, shipment_id, file)
        else:
            self._open_task.start(self._open(shipment_id, file))

    async def _open(self, shipment_id: str, file: str) -> None:
        page = ShipmentView(self._context)
        self.addWidget(page)  # before it has its tabs: one after the other is dressed faster than all
        try:
            await page.complete()
        except asyncio.CancelledError:  # another shipment was asked for, or the view goes
            page.detach()
            if isValid(page):
                page.deleteLater()
            raise
        self.page = page
        page.component_requested.connect(self.component_requested)
        page.files_for_other.connect(partial(self.files_for_other.emit, page))
        page.focus_wanted.connect(self.setFocus)
        page.back_requested.connect(self.show_list)
        page.loaded.connect(self.moved)
        self._show_page(page, shipment_id, file)

    def _show_page(self, page: ShipmentView, shipment_id: str, file: str) -> None:
        had_focus = self.isAncestorOf(QApplication.focusWidget() or self)
        self.setCurrentWidget(page)
        if not page.open(shipment_id):
            self._context.messages.notify(
                _("Files for {label} wait for a decision: send them or cancel.").format(label=page.label),
                "caution",
            )
        elif file:
            page.show_file(file)
        elif had_focus:
            page.setFocus(Qt.FocusReason.OtherFocusReason)
        self.moved.emit()

    def show_list(self) -> None:
        """Go back from a shipment to the list."""
        self.setCurrentIndex(0)
        self.list.view.setFocus(Qt.FocusReason.OtherFocusReason)
        self.moved.emit()

    @property
    def shown_page(self) -> ShipmentView | None:
        """The page of a shipment, if it is what this place shows."""
        return self.page if self.page is not None and self.currentWidget() is self.page else None

    @property
    def reviewed_labels(self) -> list[str]:
        """The shipment that files are under review for, if there is one."""
        return [self.page.label] if self.page is not None and self.page.is_reviewing else []

    def escape(self) -> None:
        """Stop what is being loaded; if nothing is, go back to the list."""
        page = self.shown_page
        if page is None:
            self.list.pane.cancel()
        elif not page.cancel() and not page.is_reviewing:
            self.show_list()
