"""The keys of the signed-in window, and what each does in the place that is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence, QShortcut

from itkgui.records.known_component import KnownComponent
from itkgui.views.known_view import KnownView
from itkgui.views.late_place import LatePlace
from itkgui.views.search_view import SearchView

if TYPE_CHECKING:
    from itkgui.views.workspace_view import WorkspaceView

_TABS = 8  # of a component's page, each with its number


class WorkspaceKeys(QObject):
    """Belongs to the workspace, for which it listens to the keys that work everywhere in it."""

    def __init__(self, workspace: WorkspaceView) -> None:
        super().__init__(workspace)
        for keys, action in (
            ("Ctrl+L", self._on_scan_box_wanted),
            ("Ctrl+U", self._on_add_files),
            ("Ctrl+V", self._on_paste),
            ("Ctrl+W", self._on_close),
            ("Ctrl+D", self._on_pin),
            ("Ctrl+Tab", lambda: self._on_step(1)),
            ("Ctrl+Shift+Tab", lambda: self._on_step(-1)),
            ("Ctrl+Shift+Return", self._on_beside),
            ("Alt+Left", workspace.go_back),
            ("Alt+Right", workspace.go_forward),
            ("Ctrl+,", lambda: workspace.go_to(workspace.settings_place)),
            ("Esc", self._on_escape),
        ):
            QShortcut(QKeySequence(keys), workspace).activated.connect(action)
        # Of the components' page, since that of the shipments loads again by itself.
        QShortcut(QKeySequence("F5"), workspace.side_by_side).activated.connect(workspace.open.reload)
        for number in range(1, _TABS + 1):
            QShortcut(QKeySequence(f"Ctrl+{number}"), workspace).activated.connect(
                lambda tab=number - 1: self._on_tab_wanted(tab)
            )

    @property
    def _workspace(self) -> WorkspaceView:
        # Not kept: two that keep each other live until garbage is collected.
        return cast("WorkspaceView", self.parent())

    @property
    def _is_at_components(self) -> bool:
        return self._workspace.centre.currentWidget() is self._workspace.side_by_side

    def _on_scan_box_wanted(self) -> None:
        self._workspace.scan_box.setFocus()
        self._workspace.scan_box.selectAll()

    def _on_paste(self) -> None:
        target = self._workspace.current_component or self._workspace.current_shipment
        if target is not None:
            target.paste()

    def _on_add_files(self) -> None:
        target = self._workspace.current_component or self._workspace.current_shipment
        if target is not None:
            target.choose_files()

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

    def _on_tab_wanted(self, tab: int) -> None:
        page = self._workspace.current_component or self._workspace.current_shipment
        if page is not None:
            page.show_tab(tab)

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
