"""What can be done in the signed-in window, by key or otherwise, in the place that is shown."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from itkgui.language import _
from itkgui.records.known_component import KnownComponent
from itkgui.views.commands import offer
from itkgui.views.components.known_view import KnownView
from itkgui.views.context.messages import Message
from itkgui.views.search.search_view import SearchView
from itkgui.views.widgets.late_place import LatePlace

if TYPE_CHECKING:
    from itkgui.views.components.component_view import ComponentView
    from itkgui.views.shipments.shipment_view import ShipmentView
    from itkgui.views.window.workspace_view import WorkspaceView

_PLACES = (
    "search",
    "list",
    "components",
    "recent",
    "pinned",
    "shipments",
    "uploads",
    "scanner",
    "settings",
    "diagnosis",
    "person",
)
_TABS = 8  # of a component's page, each with its number


class WorkspaceKeys(QObject):
    """Belongs to the workspace, and offers there what works everywhere in it."""

    def __init__(self, workspace: WorkspaceView) -> None:
        super().__init__(workspace)
        for name, run, is_available in (
            ("scan-box", self._on_scan_box_wanted, lambda: True),
            ("add-files", self._on_add_files, lambda: workspace.taker_of_files is not None),
            ("add-new-files", workspace.folder_bar.add, lambda: workspace.folder_bar.can_add),
            ("connection", workspace.light.show_panel, lambda: True),
            ("look-at-servers", workspace.light.look, lambda: True),
            ("paste", self._on_paste, lambda: workspace.taker_of_files is not None),
            ("close", self._on_close, lambda: self._is_at_components),
            ("pin", self._on_pin, lambda: self._is_at_components),
            ("qr-code", self._on_qr, lambda: workspace.current_component is not None),
            ("next-component", lambda: self._on_step(1), lambda: bool(workspace.open.pages)),
            ("previous-component", lambda: self._on_step(-1), lambda: bool(workspace.open.pages)),
            ("beside", self._on_beside, lambda: workspace.current_component is not None),
            ("back", workspace.go_back, lambda: workspace.header.back_button.isEnabled()),
            ("forward", workspace.go_forward, lambda: workspace.header.forward_button.isEnabled()),
            ("cancel", self._on_escape, lambda: True),
        ):
            offer(workspace, name, run, is_available=is_available)
        # Of the components' page, since that of the shipments loads again by itself.
        offer(
            workspace.side_by_side,
            "reload",
            workspace.open.reload,
            is_available=lambda: workspace.current_component is not None,
        )
        for number in range(1, _TABS + 1):
            offer(
                workspace,
                f"tab-{number}",
                partial(self._on_tab_wanted, number - 1),
                is_available=lambda: workspace.open.is_front_loaded,
            )

    def offer_places(self, places: Sequence[QWidget]) -> None:
        """Offer to go to the places of the window, from top to bottom."""
        for name, place in zip(_PLACES, places, strict=True):
            offer(self._workspace, name, partial(self._workspace.go_to, place))

    @property
    def _workspace(self) -> WorkspaceView:
        # Not kept: two that keep each other live until garbage is collected.
        return cast("WorkspaceView", self.parent())

    @property
    def _page(self) -> ComponentView | ShipmentView | None:
        return self._workspace.current_component or self._workspace.current_shipment

    @property
    def _is_at_components(self) -> bool:
        return self._workspace.centre.currentWidget() is self._workspace.side_by_side

    def _on_scan_box_wanted(self) -> None:
        self._workspace.scan_box.setFocus()
        self._workspace.scan_box.selectAll()

    def _on_paste(self) -> None:
        page = self._workspace.taker_of_files
        if page is not None and page.target_name:
            page.paste()
        elif page is not None:
            said = _("Nothing is here yet that files could be added to.")
            self._workspace.footer.tell(Message("caution", said))

    def _on_add_files(self) -> None:
        taker = self._workspace.taker_of_files
        if taker is not None:
            taker.choose_files()

    def _on_close(self) -> None:
        front = self._workspace.open.front
        if front is not None and self._is_at_components:
            with self._workspace.focus_kept():
                self._workspace.open.close(front)

    def _on_pin(self) -> None:
        workspace = self._workspace
        page = workspace.centre.currentWidget()
        if self._is_at_components:
            workspace.open.toggle_pin(workspace.open.front)
        elif isinstance(page, LatePlace) and isinstance(page.made, KnownView):
            page.made.toggle_pin()
        elif isinstance(page, SearchView):
            for component in page.view.all_chosen:
                known = KnownComponent.of(component)
                workspace.open.tell_pin(known, workspace.known.toggle_pin(known))

    def _on_step(self, by: int) -> None:
        if self._is_at_components:
            with self._workspace.focus_kept():
                self._workspace.open.step(by)
        elif self._workspace.open.pages:
            self._workspace.go_to(self._workspace.side_by_side)

    def _on_beside(self) -> None:
        component = self._workspace.current_component
        if component is not None:
            self._workspace.side_by_side.toggle(component)

    def _on_qr(self) -> None:
        component = self._workspace.current_component
        if component is not None:
            component.strip.qr_requested.emit()

    def _on_tab_wanted(self, tab: int) -> None:
        if self._page is None and self._workspace.open.is_front_loaded:  # from any other place
            self._workspace.go_to(self._workspace.side_by_side)
        if self._page is not None:
            self._page.show_tab(tab)

    def _on_escape(self) -> None:
        workspace = self._workspace
        workspace.finder.cancel()
        workspace.search_view.cancel()
        if workspace.list_place.made is not None:
            workspace.list_place.made.cancel()
        if self._is_at_components:
            workspace.open.cancel()
        if workspace.centre.currentWidget() is workspace.shipments_view:
            workspace.shipments_view.escape()
