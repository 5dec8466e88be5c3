"""The place of the uploads: those that are not over, and the history of those that are."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from itkgui.language import _, ngettext
from itkgui.uploads.upload import Upload
from itkgui.views.context.upload_watch import UploadWatch
from itkgui.views.context.view_context import ViewContext
from itkgui.views.context.view_task import ViewTask
from itkgui.views.style import set_role
from itkgui.views.uploads.upload_history import UploadHistory
from itkgui.views.uploads.upload_list import UploadList
from itkgui.views.uploads.upload_news import UploadNews
from itkgui.views.widgets.late_place import LatePlace


class UploadView(QWidget):
    """Two lists under two tabs; the history is made when somebody looks at it."""

    show_requested = Signal(object)  # Upload
    sign_in_requested = Signal()
    renamed = Signal()  # ``title`` or ``warning`` may be others

    def __init__(self, context: ViewContext) -> None:
        super().__init__()
        self._context = context
        set_role(self, "page")
        self.watch = UploadWatch(context.uploads, context.connection.state, self)
        self.news = UploadNews(self.watch, context.messages, self)
        self.queue = UploadList(context, self.watch)
        self.queue.show_requested.connect(self.show_requested)
        self.queue.sign_in_requested.connect(self.sign_in_requested)
        self.history_place = LatePlace(self._make_history)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)  # which would be a line above them
        self.tabs.addTab(self.queue, _("Uploads"))
        self.tabs.addTab(self.history_place, _("History"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 8, 18, 14)
        layout.addWidget(self.tabs)
        self.watch.changed.connect(self._on_changed)
        self._going_on = ViewTask(self, context.messages.show)
        context.connection.returned.connect(self._on_returned)  # no lambda: the session outlasts the view

    def _on_returned(self) -> None:
        self._going_on.start(self._go_on())

    async def _go_on(self) -> None:
        await self._context.uploads.database_answers()

    def detach(self) -> None:
        """Stop listening, before the view goes."""
        self.watch.detach()

    @property
    def title(self) -> str:
        """Its name, with the number of what has not arrived; if any failed, of what needs somebody."""
        tally = self.watch.tally
        count = tally.stopped if tally.failed else tally.unfinished
        return _("Uploads  {count}").format(count=f"{count:,}") if count else _("Uploads")

    @property
    def warning(self) -> str:
        """How many have failed, and how many need somebody if those are more; empty if none has failed."""
        failed, stopped = self.watch.tally.failed, self.watch.tally.stopped
        if not failed:
            return ""
        said = ngettext("{count} upload failed", "{count} uploads failed", failed).format(count=f"{failed:,}")
        if stopped == failed:
            return said
        needing = ngettext("{count} upload needs you", "{count} uploads need you", stopped)
        return _("{needing}: {failed}").format(needing=needing.format(count=f"{stopped:,}"), failed=said)

    def _make_history(self) -> UploadHistory:
        history = UploadHistory(self._context)
        history.show_requested.connect(self.show_requested)
        return history

    @property
    def history(self) -> UploadHistory:
        """The list of what has ended."""
        return self.history_place.view

    def focusInEvent(self, event: QFocusEvent) -> None:
        # No focus proxy: Qt's Tab would skip all that stands before it.
        place = self.tabs.currentWidget()
        (self.queue if place is self.queue else self.history).setFocus(event.reason())

    def _on_changed(self, uploads: Sequence[Upload]) -> None:
        history = self.history_place.made
        if history is not None and any(upload.state.has_ended for upload in uploads):
            history.note_news()
        self.renamed.emit()
