"""The signed-in window: header with the scan box, places to go, the open components, the last verdict."""

from __future__ import annotations

import asyncio
from datetime import datetime, timezone

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from itkgui.background.upload_runner import Upload, UploadState
from itkgui.client.exceptions import ItkError
from itkgui.records.component import Component
from itkgui.records.serial_number import SerialNumber, looks_like_serial_number, without_marks
from itkgui.views.component_view import ComponentView
from itkgui.views.empty_pane import EmptyPane
from itkgui.views.footer_view import FooterView
from itkgui.views.messages import Message
from itkgui.views.scan_box import ScanBox
from itkgui.views.search_view import SearchView
from itkgui.views.shipment_view import ShipmentView
from itkgui.views.shipments_view import ShipmentsView
from itkgui.views.side_by_side import SideBySide
from itkgui.views.style import Style, set_icon, set_role
from itkgui.views.upload_view import UploadView
from itkgui.views.view_context import ViewContext
from itkgui.views.view_task import ViewTask

_SESSION_CHECK_MS = 15_000


class WorkspaceView(QWidget):
    """Joins the panes of a signed-in user; made at sign-in, gone at sign-out."""

    sign_out_requested = Signal()

    def __init__(self, context: ViewContext, style: Style, banner: str, search_view: SearchView) -> None:
        super().__init__()
        self._context = context
        self._style = style
        self._doubted = ""  # a malformed serial number; entered again, it is looked up all the same
        self._find_task = ViewTask(self, context.messages.show)
        set_role(self, "page")
        self.search_view = search_view
        self.search_view.component_requested.connect(self.look_up)
        self.shipments_view = ShipmentsView(context)
        self.shipments_view.component_requested.connect(self.look_up)
        self.shipments_view.files_sent.connect(self._on_files_sent)
        self.upload_view = UploadView(context.uploads)
        self.upload_view.component_requested.connect(self.look_up)
        self.upload_view.shipment_requested.connect(self.open_shipment)
        self.upload_view.count_changed.connect(self._on_upload_count_changed)
        context.uploads.listeners.append(self._on_upload_changed)
        self.side_by_side = SideBySide(context.messages)
        self.side_by_side.close_requested.connect(self._on_close_requested)
        self.components = self.side_by_side.tabs
        self.no_component = EmptyPane(
            "component", "No component open.", "Scan a label, type a serial number above, or search."
        )
        self.centre = QStackedWidget()
        for page in (
            self.search_view,
            self.side_by_side,
            self.no_component,
            self.shipments_view,
            self.upload_view,
        ):
            self.centre.addWidget(page)
        self.footer = FooterView(context.messages, context.uploads)
        self.footer.uploads_requested.connect(lambda: self.go_to(self.upload_view))

        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self._build_rail())
        middle.addWidget(self.centre, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._build_header())
        if banner:
            label = QLabel(banner)
            set_role(label, "banner")
            layout.addWidget(label)
        layout.addLayout(middle, 1)
        layout.addWidget(self.footer)
        self._build_shortcuts()
        self._session_timer = QTimer(self)
        self._session_timer.setInterval(_SESSION_CHECK_MS)
        self._session_timer.timeout.connect(self._show_session)
        self._session_timer.start()
        self._show_session()
        self.scan_box.setFocus()

    def _build_header(self) -> QFrame:
        header = QFrame()
        set_role(header, "header")
        self.scan_box = ScanBox()
        self.scan_box.returnPressed.connect(lambda: self.look_up(self.scan_box.text()))
        user = self._context.database.user
        self.person = QToolButton()
        set_icon(self.person, "user")
        self.person.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.person.setText(
            "  ·  ".join(part for part in (user.name or "bearer token", user.home.code) if part)
        )
        self.person.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.person)
        self.sign_out_action = menu.addAction("Sign out")
        self.sign_out_action.triggered.connect(self.sign_out_requested)
        self.person.setMenu(menu)
        self.session = QLabel()
        set_role(self.session, "quiet")
        layout = QHBoxLayout(header)
        layout.setContentsMargins(14, 9, 12, 9)
        layout.setSpacing(14)
        layout.addWidget(self.scan_box)
        layout.addStretch(1)
        layout.addWidget(self.session)
        layout.addWidget(self.person)
        return header

    def _build_rail(self) -> QFrame:
        rail = QFrame()
        set_role(rail, "rail")
        self._places = QButtonGroup(self)
        layout = QVBoxLayout(rail)
        layout.setContentsMargins(8, 10, 8, 10)
        layout.setSpacing(4)
        self._place_buttons: dict[QWidget, QToolButton] = {}
        for page, icon_name, text in (
            (self.search_view, "search", "Search"),
            (self.side_by_side, "component", "Components"),
            (self.shipments_view, "shipment", "Shipments"),
            (self.upload_view, "upload", "Uploads"),
        ):
            button = QToolButton()
            set_role(button, "place")
            set_icon(button, icon_name)
            button.setText(text)
            button.setCheckable(True)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setMinimumWidth(self.fontMetrics().averageCharWidth() * 17)
            button.clicked.connect(lambda _checked, page=page: self.go_to(page))
            self._places.addButton(button)
            self._place_buttons[page] = button
            layout.addWidget(button)
        self._place_buttons[self.search_view].setChecked(True)
        layout.addStretch()
        return rail

    def _build_shortcuts(self) -> None:
        for keys, action in (
            ("Ctrl+L", self._on_scan_box_wanted),
            ("Ctrl+U", self._on_add_files),
            ("Ctrl+W", self._on_close_key),
            ("Ctrl+Shift+Return", self._on_beside_key),
            ("Esc", self._on_escape),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(action)
        # Of the components' page, since that of the shipments loads again by itself.
        QShortcut(QKeySequence("F5"), self.side_by_side).activated.connect(self._on_reload_key)
        for number in range(1, 9):
            QShortcut(QKeySequence(f"Ctrl+{number}"), self).activated.connect(
                lambda tab=number - 1: self._on_tab_wanted(tab)
            )

    def detach(self) -> None:
        """Stop listening, before the view goes."""
        self._context.uploads.listeners.remove(self._on_upload_changed)
        self.footer.detach()
        self.upload_view.detach()
        self.shipments_view.detach()
        for view in self.open_components:
            view.detach()

    # Going places ------------------------------------------------------------------------------------------

    def go_to(self, page: QWidget) -> None:
        """Show a place; the components' place says so while none is open."""
        nothing_open = page is self.side_by_side and not self.open_components
        self.centre.setCurrentWidget(self.no_component if nothing_open else page)
        self._place_buttons[page].setChecked(True)

    @property
    def open_components(self) -> list[ComponentView]:
        """The views of all open components, in the order of their tabs, the one beside them last."""
        return self.side_by_side.views

    @property
    def reviewed_labels(self) -> list[str]:
        """The components and shipments that files are under review for."""
        components = [view.component.label for view in self.open_components if view.is_reviewing]
        return [*components, *self.shipments_view.reviewed_labels]

    @property
    def draft_labels(self) -> list[str]:
        """The components that a comment was begun for and not sent."""
        return [view.component.label for view in self.open_components if view.has_draft]

    @property
    def current_component(self) -> ComponentView | None:
        """The view of the component on screen, of two the one last used; None elsewhere."""
        on_screen = self.centre.currentWidget() is self.side_by_side
        return self.side_by_side.current if on_screen else None

    @property
    def current_shipment(self) -> ShipmentView | None:
        """The page of the shipment on screen; None elsewhere."""
        on_screen = self.centre.currentWidget() is self.shipments_view
        return self.shipments_view.shown_page if on_screen else None

    def open_shipment(self, shipment_id: str) -> None:
        """Show the page of a shipment."""
        self.go_to(self.shipments_view)
        self.shipments_view.open(shipment_id)

    def look_up(self, identifier: str) -> None:
        """Open the component that was scanned, typed or chosen; a garbled scan is explained at once."""
        typed, identifier = identifier.strip(), without_marks(identifier)
        if not identifier:
            return
        if looks_like_serial_number(identifier) and identifier != self._doubted:
            try:
                SerialNumber.parse(identifier)
            except ValueError as error:
                self._doubted = identifier
                self._context.messages.warn(
                    f"“{identifier}” was not looked up", str(error), "Scan again; Enter asks anyway."
                )
                self._release(typed)
                return
        self._doubted = ""
        self._find_task.start(self._find(identifier, typed))

    async def _find(self, identifier: str, typed: str) -> None:
        self.footer.tell(Message("quiet", f"Looking for {identifier}…"))
        try:
            found = await self._context.worker.call(self._context.database.component, identifier)
        except ItkError as error:
            self._release(typed)
            self._context.messages.show(error, about=identifier)
            return
        await self.open_component(found.component)
        by_alternative = found.matched_by == "alternative identifier"
        matched = f" by its alternative identifier {identifier}" if by_alternative else ""
        self._context.messages.notify(f"{found.component.label} found{matched}", "good")
        if self.scan_box.text().strip() == typed:  # else the next scan is already coming in
            self.scan_box.clear()

    def _release(self, typed: str) -> None:
        """Let the next scan replace what was looked up in vain, unless it is already coming in."""
        if self.scan_box.text().strip() == typed:
            self.scan_box.selectAll()

    async def open_component(self, component: Component) -> None:
        """Show a component in its tab, a new one if it has none yet."""
        for view in self.open_components:
            if view.component.code == component.code:
                view.reload()
                break
        else:
            view = ComponentView(self._context, self._style, component)
            view.component_requested.connect(self.look_up)
            view.shipment_requested.connect(self.open_shipment)
            view.files_sent.connect(self._on_files_sent)
            self.side_by_side.add(view)
            view.complete()
            await asyncio.sleep(0)  # put in place in one frame, shown in the next
        self.side_by_side.show_view(view)
        self.go_to(self.side_by_side)

    def _on_close_requested(self, view: ComponentView) -> None:
        if view.is_reviewing or view.has_draft:
            self.side_by_side.show_view(view)
            what = "Files" if view.is_reviewing else "A comment"
            verb = "wait" if view.is_reviewing else "waits"
            self._context.messages.notify(
                f"{what} for {view.component.label} {verb} for a decision: send or give up.", "caution"
            )
        else:
            view.detach()
            self.side_by_side.remove(view)
            view.deleteLater()
            if not self.open_components:
                self.go_to(self.side_by_side)

    # Keys --------------------------------------------------------------------------------------------------

    def _on_scan_box_wanted(self) -> None:
        self.scan_box.setFocus()
        self.scan_box.selectAll()

    def _on_add_files(self) -> None:
        target = self.current_component or self.current_shipment
        if target is not None:
            target.choose_files()

    def _on_close_key(self) -> None:
        if self.current_component is not None:
            self._on_close_requested(self.current_component)

    def _on_beside_key(self) -> None:
        if self.current_component is not None:
            self.side_by_side.toggle(self.current_component)

    def _on_reload_key(self) -> None:
        if self.current_component is not None:
            self.current_component.reload()

    def _on_tab_wanted(self, tab: int) -> None:
        page = self.current_component or self.current_shipment
        if page is not None:
            page.show_tab(tab)

    def _on_escape(self) -> None:
        if self._find_task.is_running:
            self._find_task.cancel()
            self.footer.tell(Message("quiet", "Stopped looking"))
        self.search_view.cancel()
        if self.current_component is not None:
            self.current_component.cancel()
        if self.centre.currentWidget() is self.shipments_view:
            self.shipments_view.escape()

    # Uploads and session -----------------------------------------------------------------------------------

    def _on_files_sent(self, owner: object, files: list[object]) -> None:
        for new in files:
            self._context.uploads.add(owner, new)  # type: ignore[arg-type]

    def _on_upload_changed(self, upload: Upload) -> None:
        name, target = upload.new.file.path.name, upload.owner.label
        if upload.state is UploadState.DONE:
            self._context.messages.notify(f"{name} is on {target}: sent and read back", "good")
        elif upload.state is UploadState.FAILED and upload.error is not None:
            self._context.messages.show(upload.error)

    def _on_upload_count_changed(self, count: int) -> None:
        self._place_buttons[self.upload_view].setText(f"Uploads  {count}" if count else "Uploads")

    def _show_session(self) -> None:
        ends = self._context.database.session_ends
        if ends is None:
            self.session.setText("")
            return
        minutes = max(0, round((ends - datetime.now(timezone.utc)).total_seconds() / 60))
        self.session.setText(f"session {minutes} min")
        self.session.setToolTip(f"The present token ends at {ends.astimezone():%H:%M}.")
