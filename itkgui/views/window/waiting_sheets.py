"""What happens to other components while files wait on a page for a decision."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from itkgui.client.exceptions import ItkError
from itkgui.item_models.plain_text import shown_text
from itkgui.item_models.review_row import ReviewRow
from itkgui.records.component import Component
from itkgui.views.components.component_view import ComponentView
from itkgui.views.components.open_components import OpenComponents
from itkgui.views.context.view_context import ViewContext
from itkgui.views.context.view_task import ViewTask
from itkgui.views.review.drop_area import DropArea


class WaitingSheets:
    """Opens components, whose place ``show`` shows."""

    def __init__(
        self, context: ViewContext, components: OpenComponents, show: Callable[[], None], parent: QWidget
    ) -> None:
        self._context = context
        self._components, self._show = components, show
        self._task = ViewTask(parent, context.messages.show)

    async def open(self, component: Component, page: DropArea | None) -> None:
        """Open a component, but ask first if files for another one are under review on the page in front."""
        is_here = isinstance(page, ComponentView) and page.component.key == component.key
        if page is not None and page.is_reviewing and not is_here:
            page.ask_to_open(component.label, lambda: self._task.start(self._open(component)))
        else:
            await self._open(component)

    async def _open(self, component: Component) -> None:
        await self._components.open(component)
        self._show()

    def move(self, page: DropArea, name: str, rows: Sequence[ReviewRow]) -> None:
        """Take files from a page to that of the component they name, by serial number or code."""
        self._task.start(self._move(page, name, rows))

    async def _move(self, page: DropArea, name: str, rows: Sequence[ReviewRow]) -> None:
        try:
            found = await self._context.worker.call(self._context.database.component, name)
        except ItkError as error:
            self._context.messages.show(error, about=shown_text(name))
            return
        await self._open(found.component)
        other = self._components.page_of(found.component.key)
        if isinstance(other, DropArea):
            await page.hand_over(rows, other)
