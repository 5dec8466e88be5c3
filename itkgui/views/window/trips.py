"""Goes back and forward between what was on the screen, and to where one was when one left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from itkgui.language import N_, _
from itkgui.views.context.memory import Memory
from itkgui.views.window.trail import Stop, Trail

if TYPE_CHECKING:
    from itkgui.views.window.workspace_view import WorkspaceView

_PLACES, _VERSION = "places", 1


class Trips:
    """Takes a workspace to its places; notes nothing before ``restore``.

    Each is told as page, icon and title: that in English, since it is kept.
    """

    def __init__(
        self, workspace: WorkspaceView, places: Sequence[tuple[QWidget, str, str]], memory: Memory
    ) -> None:
        self._workspace, self._places, self._memory = workspace, places, memory
        self._trail = Trail()
        self.is_noting = False

    def back(self) -> None:
        """Go to the place or component that was on the screen before."""
        self._travel(self._trail.back())

    def forward(self) -> None:
        """Undo the last step back."""
        self._travel(self._trail.forward())

    def note(self) -> None:
        """Take what is on the screen for the next stop, and for where one is found the next time."""
        here = self._here
        self._trail.visit(here)
        self._workspace.header.show_trail(self._trail)
        if self.is_noting:
            places = self._workspace.open.kept() | {"place": here.place}
            self._memory.put_here(_PLACES, _VERSION, places)

    def restore(self) -> None:
        """Open what was open, and go where one was."""
        kept = self._memory.get_here(_PLACES, _VERSION)
        self._workspace.open.restore(kept)
        self.is_noting = True
        self._workspace.go_to(self._place(kept.get("place") if isinstance(kept, dict) else None))

    def _travel(self, stop: Stop | None) -> None:
        if stop is None:
            return
        workspace = self._workspace
        page = workspace.open.page_of(stop.component) if stop.component else self._place(stop.place)
        with workspace.focus_kept():
            if page is None:  # it was closed meanwhile
                workspace.look_up(stop.component)
            elif stop.component:
                workspace.open.show(page)
                workspace.go_to(workspace.side_by_side)
            elif stop.shipment:
                workspace.open_shipment(stop.shipment)
            else:
                if page is workspace.shipments_view:
                    workspace.shipments_view.show_list()
                workspace.go_to(page)
        workspace.header.show_trail(self._trail)

    def _place(self, title: object) -> QWidget:
        pages = (page for page, _icon, name in self._places if name == title)
        return next(pages, self._workspace.search_view)

    @property
    def _here(self) -> Stop:
        workspace = self._workspace
        shown = workspace.centre.currentWidget()
        for page, _icon, title in self._places:
            if page is workspace.shipments_view is shown and workspace.current_shipment is not None:
                shipment = workspace.current_shipment
                return Stop(title, shipment=shipment.shipment_id, label=shipment.label)
            if page is shown and page is not workspace.side_by_side:
                return Stop(title, label=_(title))
        known = workspace.open.known_of(workspace.open.front)
        title = N_("Components")
        return Stop(title, known.key, label=known.label) if known else Stop(title, label=_(title))
