"""The signed-in window: header with the scan box, places to go, the open components, the last verdict."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from itkgui.language import N_, _
from itkgui.records.attachment import OwnerKind
from itkgui.records.component import Component
from itkgui.uploads.upload import Upload
from itkgui.views.components.component_view import ComponentView
from itkgui.views.components.known_view import KnownView
from itkgui.views.components.open_components import OpenComponents
from itkgui.views.context.known_components import KnownComponents
from itkgui.views.context.preferences import Preferences
from itkgui.views.context.view_context import ViewContext
from itkgui.views.diagnosis.care import Care
from itkgui.views.review.drop_area import DropArea
from itkgui.views.review.folder_bar import FolderBar
from itkgui.views.scanning.scan_desk import ScanDesk
from itkgui.views.search.search_view import SearchView
from itkgui.views.session.person_page import PersonPage
from itkgui.views.settings.settings_view import SettingsView
from itkgui.views.shipments.shipment_view import ShipmentView
from itkgui.views.shipments.shipments_view import ShipmentsView
from itkgui.views.style import Style, set_role
from itkgui.views.uploads.upload_alert import UploadAlert
from itkgui.views.uploads.upload_view import UploadView
from itkgui.views.widgets.empty_pane import EmptyPane
from itkgui.views.widgets.late_place import LatePlace
from itkgui.views.window.connection_light import BringsBack, ConnectionLight
from itkgui.views.window.finder import Finder
from itkgui.views.window.footer_view import FooterView
from itkgui.views.window.header_view import HeaderView
from itkgui.views.window.place_rail import PlaceRail
from itkgui.views.window.tray_place import TrayPlace
from itkgui.views.window.trips import Trips
from itkgui.views.window.waiting_sheets import WaitingSheets
from itkgui.views.window.workspace_keys import WorkspaceKeys


class WorkspaceView(QWidget):
    """Joins the panes of a signed-in user; made at sign-in, gone at sign-out.

    What was open when the same person left the same server is there again, loaded when it is looked at.
    """

    sign_out_requested = Signal()
    sign_in_requested = Signal()  # once more: the session has ended
    forget_codes_requested = Signal()

    def __init__(
        self,
        context: ViewContext,
        style: Style,
        banner: str,
        search_view: SearchView,
        preferences: Preferences,
        care: Care,
    ) -> None:
        super().__init__()
        self._context = context
        self._codes_place = ""
        self.banner = banner
        set_role(self, "page")
        self.known = KnownComponents(context.memory)
        self.search_view = search_view
        self.list_place = TrayPlace(context, self)
        self.recent_place = LatePlace(lambda: self._make_known(pinned=False))
        self.pinned_place = LatePlace(lambda: self._make_known(pinned=True))
        self.shipments_view = ShipmentsView(context)
        self.shipments_view.moved.connect(self._on_shipment_moved)
        self.upload_view = UploadView(context)
        self.upload_view.show_requested.connect(self.show_upload)
        self.upload_view.sign_in_requested.connect(self.sign_in_requested)
        self.scanner_place = LatePlace(self._make_scanner)
        self.settings_place = LatePlace(lambda: SettingsView(preferences))
        self.diagnosis_place = LatePlace(lambda: care.view_for(context.database.settings))
        self.person_place = LatePlace(self._make_person)
        self.open = OpenComponents(context, style, self.known, self)
        self.open.made.connect(self._on_component_made)
        self.open.changed.connect(self._on_open_changed)
        self.side_by_side, self.components = self.open.side_by_side, self.open.tabs
        self.sheets = WaitingSheets(context, self.open, lambda: self.go_to(self.side_by_side), self)
        self.shipments_view.files_for_other.connect(self.sheets.move)
        for page in (self.search_view, self.shipments_view):
            page.component_requested.connect(self.look_up)
        self.upload_view.renamed.connect(self._name_uploads)
        self.no_component = EmptyPane(
            "component", _("No component open."), _("Scan a label, type a serial number above, or search.")
        )
        self._places: tuple[tuple[QWidget, str, str], ...] = (
            (self.search_view, "search", N_("Search")),
            (self.list_place, "list", N_("Tray")),
            (self.side_by_side, "component", N_("Components")),
            (self.recent_place, "clock", N_("Recent")),
            (self.pinned_place, "pin", N_("Pinned")),
            (self.shipments_view, "shipment", N_("Shipments")),
            (self.upload_view, "upload", N_("Uploads")),
            (self.scanner_place, "scanner", N_("Scanner")),
            (self.settings_place, "settings", N_("Settings")),
            (self.diagnosis_place, "diagnosis", N_("Diagnosis")),
            (self.person_place, "", N_("You")),  # the name in the head leads there
        )
        self.centre = QStackedWidget()
        for place, _icon, _title in self._places:
            self.centre.addWidget(place)
        self.centre.addWidget(self.no_component)
        self.rail = PlaceRail((page, icon, _(title)) for page, icon, title in self._places)
        self.rail.place_requested.connect(self.go_to)
        self.upload_alert = UploadAlert(self.upload_view.watch)
        self.folder_bar = FolderBar(context.site, preferences, context.reviewed, lambda: self.taker_of_files)
        self.upload_view.watch.beaten.connect(self.folder_bar.look_around)
        self.upload_alert.sign_in_requested.connect(self.sign_in_requested)
        self.upload_alert.uploads_requested.connect(lambda: self.go_to(self.upload_view))
        self.centre.currentChanged.connect(
            lambda _index: self.upload_alert.stand_back(self.centre.currentWidget() is self.upload_view)
        )
        self.footer = FooterView(context.messages, self.upload_view.watch)
        self.footer.uploads_requested.connect(lambda: self.go_to(self.upload_view))
        self.header = HeaderView(context.database)
        self.light = ConnectionLight(context.connection)
        self.header.put_light(self.light)
        self.brings_back = BringsBack(self, context.connection)
        self.header.back_requested.connect(self.go_back)
        self.header.forward_requested.connect(self.go_forward)
        self.strip = self.header.strip
        self.strip.sign_out_requested.connect(self.sign_out_requested)
        self.strip.sign_in_requested.connect(self.sign_in_requested)
        self.strip.page_requested.connect(lambda: self.go_to(self.person_place))
        self.scan_box, self.person = self.header.scan_box, self.header.person
        self.sign_out_action = self.strip.sign_out_action
        self.finder = Finder(context, self.header, self.footer, self.open_component, self)
        self.finder.taker = self.list_place.take_typed
        self.finder.list_scanned.connect(self.show_list)
        self.finder.chosen_opened.connect(self._on_chosen_opened)
        self.scan_box.returnPressed.connect(lambda: self.finder.scan(self.scan_box.text()))
        self.scan_box.list_pasted.connect(self.show_list)

        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.rail)
        beside, bars = QVBoxLayout(), QVBoxLayout()
        bars.setContentsMargins(14, 0, 14, 0)  # as cards; a height would be there without bars
        bars.setSpacing(4)
        bars.addWidget(self.upload_alert)
        bars.addWidget(self.folder_bar)
        beside.addLayout(bars)
        beside.addWidget(self.centre, 1)
        middle.addLayout(beside, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        if banner:
            label = QLabel(banner)
            set_role(label, "banner")
            layout.addWidget(label)
        layout.addLayout(middle, 1)
        layout.addWidget(self.footer)
        self.trips = Trips(self, self._places, context.memory)
        self.scan_desk = ScanDesk(self, context, preferences)
        WorkspaceKeys(self).offer_places([page for page, _icon, _title in self._places])
        self.trips.restore()
        self._name_uploads()
        self.scan_box.setFocus()

    def _make_person(self) -> PersonPage:
        page = PersonPage(self._context, self.strip)
        page.show_codes(self._codes_place)
        page.forget_codes_requested.connect(self.forget_codes_requested)
        return page

    def show_codes(self, place: str) -> None:
        """Tell on the person's page where the access codes are kept; nowhere by an empty text."""
        self._codes_place = place
        if self.person_place.made is not None:
            self.person_place.made.show_codes(place)

    def _make_known(self, *, pinned: bool) -> KnownView:
        view = KnownView(self._context, self.known, pinned=pinned)
        view.component_requested.connect(self.look_up)
        view.pin_changed.connect(self.open.tell_pin)
        return view

    def _make_scanner(self) -> QWidget:
        from itkgui.views.scanning.scanner_page import (
            ScannerPage,  # with all its cards, for the few who go there
        )

        return ScannerPage(self._context, self.scan_desk)

    def detach(self) -> None:
        """Stop listening, before the view goes."""
        self.trips.is_noting = False
        self.scan_desk.detach()
        self.folder_bar.detach()
        self.upload_view.detach()
        self.footer.detach()
        self.shipments_view.detach()
        self.list_place.detach()
        self.open.detach()

    # Going places ------------------------------------------------------------------------------------------

    def go_to(self, page: QWidget) -> None:
        """Show a place; the components' place says so while none is open."""
        nothing_open = page is self.side_by_side and not self.open.pages
        place = self.no_component if nothing_open else page
        if place is not self.centre.currentWidget():
            with self.focus_kept():
                self.centre.setCurrentWidget(place)
        self.rail.mark(page)
        self.trips.note()

    @contextmanager
    def focus_kept(self) -> Iterator[None]:
        """Let what is typed go on to the centre: Qt would give it to whatever button comes next."""
        focus = QApplication.focusWidget()
        was_here = focus is None or self.centre.isAncestorOf(focus)
        yield
        if was_here:
            self.take_focus()

    def take_focus(self) -> None:
        """Give what is shown in the centre the keys."""
        place, front = self.centre.currentWidget(), self.open.front
        if place is self.side_by_side and isinstance(front, ComponentView):
            front.show_tab(front.tabs.currentIndex())
            return
        if isinstance(place, LatePlace):
            place = place.view
        if place is not None:  # always, but the stubs do not know
            place.setFocus(Qt.FocusReason.OtherFocusReason)

    def go_back(self) -> None:
        """Go to the place or component that was on the screen before."""
        self.trips.back()

    def go_forward(self) -> None:
        """Undo the last step back."""
        self.trips.forward()

    def _on_open_changed(self) -> None:
        if not self.trips.is_noting:
            return
        if self.centre.currentWidget() is self.side_by_side:
            self.go_to(self.side_by_side)  # which may be empty now
        else:
            self.trips.note()

    @property
    def open_components(self) -> list[ComponentView]:
        """The views of all components that are open and loaded, in the order of their tabs."""
        return self.side_by_side.views

    @property
    def reviewed_labels(self) -> list[str]:
        """The components and shipments that files are under review for."""
        components = [view.component.label for view in self.open_components if view.is_reviewing]
        return [*components, *self.shipments_view.reviewed_labels, *self.list_place.reviewed_labels]

    @property
    def draft_labels(self) -> list[str]:
        """The components that a comment was begun for and not sent."""
        return [view.component.label for view in self.open_components if view.has_draft]

    @property
    def current_component(self) -> ComponentView | None:
        """The view of the component on screen, of two the one last used; None elsewhere."""
        front = self.open.front if self.centre.currentWidget() is self.side_by_side else None
        return front if isinstance(front, ComponentView) else None

    @property
    def taker_of_files(self) -> DropArea | None:
        """The page on screen that files can be added to; None elsewhere."""
        return self.current_component or self.current_shipment or self.list_place.on_screen

    # Finding components ------------------------------------------------------------------------------------

    def show_list(self, text: str) -> None:
        """Look up a list that was pasted or scanned."""
        self.footer.forget_scan()
        self.go_to(self.list_place)
        self.list_place.view.show_list(text)

    @property
    def current_shipment(self) -> ShipmentView | None:
        """The page of the shipment on screen; None elsewhere."""
        on_screen = self.centre.currentWidget() is self.shipments_view
        return self.shipments_view.shown_page if on_screen else None

    def open_shipment(self, shipment_id: str, file: str = "") -> None:
        """Show the page of a shipment, turned to an attachment if the code of one is given."""
        with self.focus_kept():
            self.shipments_view.open(shipment_id, file)
            self.go_to(self.shipments_view)

    def look_up(self, identifier: str) -> None:
        """Open the component that was scanned, typed or chosen; a garbled scan is explained at once."""
        self.finder.look_up(identifier)

    async def open_component(self, component: Component) -> None:
        """Show a component in its tab, a new one if it has none yet; ask first if files are under review."""
        await self.sheets.open(component, self.taker_of_files)
        view = self.open.front
        if isinstance(view, ComponentView) and view.is_complete:
            view.attachments.leave_whole()  # a scan of the same one leads back to its page, too

    def _on_chosen_opened(self) -> None:
        if not (self.scan_box.hasFocus() and self.scan_box.text()):  # else the next scan is coming in
            self.take_focus()

    def _on_shipment_moved(self) -> None:
        if self.centre.currentWidget() is self.shipments_view:
            self.trips.note()

    def _on_component_made(self, view: ComponentView) -> None:
        view.component_requested.connect(self.look_up)
        view.shipment_requested.connect(self.open_shipment)
        view.files_for_other.connect(partial(self.sheets.move, view))
        view.focus_wanted.connect(self.take_focus)

    # Mouse -------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        # The thumb's buttons of a mouse, as in a browser.
        if event.button() == Qt.MouseButton.BackButton:
            self.go_back()
        elif event.button() == Qt.MouseButton.ForwardButton:
            self.go_forward()
        else:
            super().mousePressEvent(event)

    # Uploads -----------------------------------------------------------------------------------------------

    def show_upload(self, upload: Upload) -> None:
        """Open what an upload went to, or is to go to, at its attachment."""
        target = upload.target
        if target.kind is OwnerKind.SHIPMENT:
            self.open_shipment(target.key, upload.code)
            return
        component = target.key if target.kind is OwnerKind.COMPONENT else upload.component
        if component:
            self.open.want(component, upload)
            self.look_up(component)
        else:
            self._context.messages.notify(
                _("Which component {label} is of is not known.").format(label=target.label), "caution"
            )

    def _name_uploads(self) -> None:
        self.rail.name(self.upload_view, self.upload_view.title)
        self.rail.warn(self.upload_view, self.upload_view.warning)
