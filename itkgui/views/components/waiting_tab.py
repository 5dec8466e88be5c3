"""The tab of a component that is not loaded yet: it is asked for when somebody looks at the tab."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from itkgui.client.exceptions import ItkError
from itkgui.item_models.plain_text import shown_text
from itkgui.language import _
from itkgui.records.component import Component
from itkgui.records.known_component import KnownComponent
from itkgui.views.context.view_context import ViewContext
from itkgui.views.context.view_task import ViewTask
from itkgui.views.style import set_role
from itkgui.views.widgets.empty_pane import EmptyPane
from itkgui.views.widgets.trouble_pane import TroublePane


class WaitingTab(QWidget):
    """Says what it waits for, and why it did not come; ``loaded`` is awaited with what came."""

    def __init__(
        self,
        context: ViewContext,
        known: KnownComponent,
        loaded: Callable[[WaitingTab, Component], Awaitable[None]],
    ) -> None:
        super().__init__()
        self.known = known
        self._context = context
        self._loaded = loaded
        set_role(self, "page")
        self._task = ViewTask(self, self._on_failed)
        self.trouble = TroublePane()
        self.trouble.retry_requested.connect(self.load)
        facts = (known.component_type, known.type, known.stage, known.location)
        told = "  ·  ".join(filter(None, facts))
        self.empty = EmptyPane("component", shown_text(known.label), shown_text(told))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 14, 18, 14)
        layout.addWidget(self.trouble)
        layout.addWidget(self.empty, 1)

    def load(self) -> None:
        """Ask for the component, unless it is under way."""
        if not self._task.is_running:
            self.trouble.hide()
            self.empty.say(shown_text(self.known.label), _("Loading…"))
            self._task.start(self._load())

    async def _load(self) -> None:
        database = self._context.database
        found = await self._context.worker.call(database.component, self.known.key)
        await self._loaded(self, found.component)

    def cancel(self) -> None:
        """Stop loading; looking at the tab again, or trying again, goes on."""
        if self._task.is_running:
            self._task.cancel()
            self.empty.say(shown_text(self.known.label), _("Stopped. F5 loads it."))

    def _on_failed(self, error: ItkError) -> None:
        self.empty.say(shown_text(self.known.label), _("This component is not shown."))
        self.trouble.show_error(error)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self.trouble.isVisibleTo(self):
            self.load()
