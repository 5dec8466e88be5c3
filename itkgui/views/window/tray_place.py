"""The place of the tray in the window: made when somebody goes there, and joined with what is around it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from itkgui.item_models.plain_text import shown_name
from itkgui.views.context.view_context import ViewContext
from itkgui.views.tray.tray_view import TrayView
from itkgui.views.widgets.late_place import LatePlace

if TYPE_CHECKING:
    from itkgui.views.window.workspace_view import WorkspaceView


class TrayPlace(LatePlace[TrayView]):
    """Lets scans into the tray while it is on the screen, and opens what is chosen there."""

    def __init__(self, context: ViewContext, workspace: WorkspaceView) -> None:
        super().__init__(partial(_make, context, workspace))

    @property
    def on_screen(self) -> TrayView | None:
        """The tray, if it is what the window shows."""
        return self.made if self.isVisible() else None

    @property
    def reviewed_labels(self) -> list[str]:
        """What files are under review for, if there are any."""
        return [self.made.target_name] if self.made is not None and self.made.is_reviewing else []

    def take_typed(self, text: str) -> bool:
        """Put what was typed into the scan box into the tray; tell whether that was wanted."""
        return self.on_screen is not None and self.on_screen.take_typed(text)

    def detach(self) -> None:
        """Stop listening, before the view goes."""
        if self.made is not None:
            self.made.detach()


def _make(context: ViewContext, workspace: WorkspaceView) -> TrayView:
    view = TrayView(context)
    view.component_requested.connect(workspace.look_up)
    view.files_for_other.connect(partial(workspace.sheets.move, view))
    view.focus_wanted.connect(workspace.take_focus)
    view.scan_begun.connect(lambda name: workspace.footer.begin_scan(shown_name(name)))
    view.scan_ended.connect(workspace.footer.end_scan)
    return view
