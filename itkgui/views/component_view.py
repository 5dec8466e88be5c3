"""One open component: who it is, always in sight, and tabs for its overview, tests and attachments."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QStackedWidget,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from itkgui.background.upload_runner import Upload, UploadState
from itkgui.client.exceptions import ItkError
from itkgui.item_models.moments import sort_key
from itkgui.item_models.plain_text import plain_hint
from itkgui.records.attachment import Attachment
from itkgui.records.component import Component
from itkgui.records.test_run import TestRun
from itkgui.views.attachment_view import AttachmentView
from itkgui.views.empty_pane import EmptyPane
from itkgui.views.overview_view import OverviewView
from itkgui.views.review_sheet import ReviewSheet
from itkgui.views.style import Style, set_icon, set_role
from itkgui.views.test_history_view import TestHistoryView
from itkgui.views.view_context import ViewContext
from itkgui.views.view_task import ViewTask

OVERVIEW, TESTS, ATTACHMENTS = range(3)


class ComponentView(QWidget):
    """Shows a component; files dropped anywhere on it are reviewed, then sent to it."""

    component_requested = Signal(str)  # code
    files_sent = Signal(object, object)  # Owner, list[NewAttachment]

    def __init__(self, context: ViewContext, style: Style, component: Component) -> None:
        super().__init__()
        self._context = context
        self.component = component
        self._runs: Sequence[TestRun] = ()
        self._runs_task = ViewTask(self, self._on_runs_failed)
        self._reload_task = ViewTask(self, context.messages.show)
        self.sheet: ReviewSheet | None = None  # made when the first file is dropped
        self._wanted_code = ""  # the attachment to choose when it shows up
        self._style = style
        self._build()
        self.setAcceptDrops(True)
        self._show_component(component)

    def _build(self) -> None:
        set_role(self, "page")
        self.serial, self.kind, self.stage, self.place, self.age = (QLabel() for _ in range(5))
        for label in (self.serial, self.kind, self.stage, self.place, self.age):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.serial.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        set_role(self.serial, "serial")
        set_role(self.kind, "heading")
        set_role(self.stage, "pill")
        for label in (self.place, self.age):
            set_role(label, "quiet")
        self.reload_button, copy_button = QToolButton(), QToolButton()
        for button, icon_name, text, action in (
            (copy_button, "copy", "Copy the serial number", self._on_copy),
            (self.reload_button, "reload", "Load again (F5)", self.reload),
        ):
            set_icon(button, icon_name, "quiet")
            button.setToolTip(text)
            button.setAccessibleName(text)
            button.clicked.connect(action)
        self.reload_button.setShortcut("F5")

        strip = QFrame()
        set_role(strip, "strip")
        first, second = QHBoxLayout(), QHBoxLayout()
        first.setSpacing(14)
        first.addWidget(self.serial)
        first.addWidget(copy_button)
        first.addWidget(self.kind, 1)
        first.addWidget(self.stage)
        second.addWidget(self.place, 1)
        second.addWidget(self.age)
        second.addWidget(self.reload_button)
        lines = QVBoxLayout(strip)
        lines.setContentsMargins(18, 10, 14, 4)
        lines.setSpacing(2)
        lines.addLayout(first)
        lines.addLayout(second)

        self.overview = OverviewView()
        self.overview.component_requested.connect(self.component_requested)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.overview, "Overview")
        self.body = QStackedWidget()
        self.body.addWidget(self.tabs)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(strip)
        layout.addWidget(self.body, 1)
        self.drop_hint = _DropHint(self)

    async def complete(self) -> None:
        """Make the other tabs, a frame for each, and begin to load; awaited before the view is shown."""
        await asyncio.sleep(0)
        self.tests = TestHistoryView(self._style)
        self.tests.attachment_requested.connect(self._on_attachment_requested)
        self.tests.retry_requested.connect(lambda: self._runs_task.start(self._load_runs()))
        self.tabs.addTab(self.tests, "Tests")
        await asyncio.sleep(0)
        self.attachments = AttachmentView(self._context)
        self.attachments.add_requested.connect(self.choose_files)
        self.attachments.retry_requested.connect(lambda: self._runs_task.start(self._load_runs()))
        self.tabs.addTab(self.attachments, "Attachments")
        await asyncio.sleep(0)
        self._context.uploads.listeners.append(self._on_upload_changed)
        self._runs_task.start(self._load_runs())

    @property
    def is_reviewing(self) -> bool:
        """Whether dropped files wait to be sent or given up."""
        return self.body.currentWidget() is self.sheet

    def cancel(self) -> None:
        """Stop loading; what is shown stays."""
        self._reload_task.cancel()
        self.attachments.preview.cancel()

    def detach(self) -> None:
        """Stop listening, before the view goes."""
        if self._on_upload_changed in self._context.uploads.listeners:  # else it was never completed
            self._context.uploads.listeners.remove(self._on_upload_changed)

    # Loading -----------------------------------------------------------------------------------------------

    def reload(self) -> None:
        """Ask the server again; what is chosen stays chosen."""
        self._reload_task.start(self._reload())

    async def _reload(self) -> None:
        component = await self._context.worker.call(self._context.database.reload, self.component)
        self._show_component(component)
        self._runs_task.start(self._load_runs())

    def _show_counts(self) -> None:
        for tab, text, view in ((TESTS, "Tests", self.tests), (ATTACHMENTS, "Attachments", self.attachments)):
            count = len(view.table.records)
            self.tabs.setTabText(tab, f"{text} ({count})" if count else text)

    async def _load_runs(self) -> None:
        runs = await self._context.worker.call(self._context.database.test_runs, self.component)
        self._runs = runs
        self.tests.show_runs(runs)
        if self.sheet is not None:
            self.sheet.set_targets(self.component, runs)
        self._show_attachments()

    def _show_component(self, component: Component) -> None:
        self.component = component
        self.serial.setText(component.label)
        kinds = (component.component_type.label, component.type.label)
        self.kind.setText("  ·  ".join(kind for kind in kinds if kind))
        self.stage.setText(component.stage.label or "no stage")
        self.stage.setToolTip(plain_hint(component.stage.code))
        facts = (
            f"at {component.location.label}" if component.location else "at an unknown place",
            f"owner {component.institution.code}" if component.institution else "",
            *component.flags,
            f"grade {component.grade}" if component.grade else "",
        )
        self.place.setText("  ·  ".join(fact for fact in facts if fact))
        self.age.setText(f"as of {datetime.now().astimezone():%H:%M}")
        self.overview.show_component(component)

    def _show_attachments(self) -> None:
        found = list(self.component.attachments)
        for run in self._runs:
            if not run.is_deleted:
                found += run.attachments
        found.sort(key=lambda attachment: sort_key(attachment.moment), reverse=True)
        self.attachments.show_attachments(found)
        self._show_counts()
        if self._wanted_code and self.attachments.view.chosen is None:  # else somebody looks at another
            self.attachments.choose(self._wanted_code)
        self._wanted_code = ""

    def _on_runs_failed(self, error: ItkError) -> None:
        self.tests.show_error(error)
        self.attachments.show_error(error)

    def _on_attachment_requested(self, attachment: Attachment) -> None:
        self.show_tab(ATTACHMENTS)
        self.attachments.choose(attachment.code)

    def show_tab(self, tab: int) -> None:
        """Show a tab, its table ready for the arrow keys."""
        self.tabs.setCurrentIndex(tab)
        if tab != OVERVIEW:
            (self.tests if tab == TESTS else self.attachments).view.setFocus()

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.component.label)
        self._context.messages.notify(f"{self.component.label} copied")

    # Files coming in ---------------------------------------------------------------------------------------

    def choose_files(self) -> None:
        """Let the user choose files, where dropping is inconvenient."""
        dialog = QFileDialog(self, f"Add files to {self.component.label}")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(lambda names: self.review([Path(name) for name in names]))
        dialog.open()

    def review(self, paths: Sequence[Path]) -> None:
        """Show what would be sent, before it is sent."""
        if not paths:
            return
        if self.sheet is None:
            self.sheet = ReviewSheet(self._context)
            self.sheet.sent.connect(self._on_sent)
            self.sheet.closed.connect(lambda: self.body.setCurrentWidget(self.tabs))
            self.sheet.set_targets(self.component, self._runs)
            self.body.addWidget(self.sheet)
        self.body.setCurrentWidget(self.sheet)
        self.sheet.add(paths)

    def _on_sent(self, owner: object, files: object) -> None:
        self.tabs.setCurrentIndex(ATTACHMENTS)
        self.files_sent.emit(owner, files)

    def _on_upload_changed(self, upload: Upload) -> None:
        owners = [self.component.owner, *(run.owner for run in self._runs)]
        if upload.state is UploadState.DONE and upload.owner in owners and upload.attachment is not None:
            self._wanted_code = upload.attachment.code
            self.reload()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            _accept_as_copy(event)
            self.drop_hint.show_over(f"Drop to add to {self.component.label}")

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if event.mimeData().hasUrls():
            _accept_as_copy(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.drop_hint.hide()
        event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        self.drop_hint.hide()
        _accept_as_copy(event)
        urls = event.mimeData().urls()
        paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
        if len(paths) < len(urls):
            self._context.messages.notify("Only files of this computer can be dropped.", "caution")
        self.review(paths)


class _DropHint(QFrame):
    """Lies over the whole component while files are dragged across it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        set_role(self, "drop")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._pane = EmptyPane("drop", "")
        layout = QVBoxLayout(self)
        layout.addWidget(self._pane)
        self.hide()

    def show_over(self, sentence: str) -> None:
        self._pane.say(sentence, "The files on this computer stay as they are.")
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(parent.rect().adjusted(10, 10, -10, -10))
        self.raise_()
        self.show()


def _accept_as_copy(event: QDropEvent) -> None:
    # Whatever keys are held: answering "move" would let the other program delete the source.
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()
