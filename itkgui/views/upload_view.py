"""Every upload since sign-in: what, where to, how far, and what went wrong."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from itkgui.client.exceptions import ItkError
from itkgui.item_models.upload_table import UploadLine, UploadTable
from itkgui.records.attachment import OwnerKind
from itkgui.uploads.upload import Upload, UploadState
from itkgui.uploads.upload_queue import UploadQueue
from itkgui.views.empty_pane import EmptyPane
from itkgui.views.record_view import RecordView
from itkgui.views.style import set_role
from itkgui.views.trouble_pane import TroublePane
from itkgui.views.view_task import ViewTask

_PROGRESS_MS = 200


class UploadView(QWidget):
    """The list of uploads; one can be cancelled, retried, or its target opened."""

    component_requested = Signal(str)  # code
    shipment_requested = Signal(str)  # id
    count_changed = Signal(int)  # uploads that have not ended

    def __init__(self, uploads: UploadQueue) -> None:
        super().__init__()
        self._uploads = uploads
        self._task = ViewTask(self, lambda error: self.trouble.show_error(error))
        self.table = UploadTable()
        self.view = RecordView(self.table, "Uploads")
        self.view.set_widths(30, 27, 9, 9, 18, 18)
        self.view.stretch(0)
        self.view.record_chosen.connect(lambda _: self._show_actions())
        self.view.record_opened.connect(self._on_opened)
        self.empty = EmptyPane("upload", "Nothing uploaded yet.", "Open a component and drop files on it.")
        self.rows = QStackedWidget()
        set_role(self.rows, "pane")
        self.rows.addWidget(self.empty)
        self.rows.addWidget(self.view)
        self.trouble = TroublePane()
        self.trouble.retry_requested.connect(self._on_retry)
        title = QLabel("Uploads")
        set_role(title, "title")
        self.cancel_button = QPushButton("Cancel upload")
        self.cancel_button.clicked.connect(self._on_cancel)
        above = QHBoxLayout()
        above.addWidget(title, 1)
        above.addWidget(self.cancel_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 14, 18, 14)
        layout.setSpacing(12)
        layout.addLayout(above)
        layout.addWidget(self.rows, 1)
        layout.addWidget(self.trouble)
        self._timer = QTimer(self)
        self._timer.setInterval(_PROGRESS_MS)
        self._timer.timeout.connect(lambda: self.table.show_progress(self._uploads.progress))
        uploads.listeners.append(self._on_upload_changed)
        for upload in uploads.uploads:  # left by an earlier run
            self._on_upload_changed(upload)
        self._show_actions()

    def detach(self) -> None:
        """Stop listening, before the view goes."""
        self._uploads.listeners.remove(self._on_upload_changed)

    def focusInEvent(self, event: QFocusEvent) -> None:
        # No focus proxy: Qt's Tab would skip all that stands before it.
        self.view.setFocus(event.reason())

    def _on_upload_changed(self, upload: Upload) -> None:
        self.table.take(upload)
        self.rows.setCurrentWidget(self.view)
        if self._uploads.open_count:
            self._timer.start()
        else:
            self._timer.stop()
        self._show_actions()
        self.count_changed.emit(self._uploads.open_count)

    @property
    def chosen(self) -> Upload | None:
        line: UploadLine | None = self.view.chosen
        return line.upload if line is not None else None

    def _show_actions(self) -> None:
        upload = self.chosen
        self.cancel_button.setEnabled(upload is not None and upload.state.is_open)
        if upload is not None and upload.state is UploadState.FAILED and upload.trouble is not None:
            told = ItkError(upload.trouble.detail)
            told.title, told.sentence = upload.trouble.title, upload.trouble.sentence
            told.cure = upload.trouble.cure
            self.trouble.show_error(told)
        else:
            self.trouble.hide()

    def _on_opened(self, line: UploadLine) -> None:
        upload = line.upload
        if upload.target.kind is OwnerKind.COMPONENT:
            self.component_requested.emit(upload.target.key)
        elif upload.target.kind is OwnerKind.SHIPMENT:
            self.shipment_requested.emit(upload.target.key)

    def _on_cancel(self) -> None:
        if self.chosen is not None:
            self._task.start(self._uploads.cancel([self.chosen.id]))

    def _on_retry(self) -> None:
        if self.chosen is not None:
            self._task.start(self._uploads.retry([self.chosen.id]))

    def choose(self, upload: Upload) -> None:
        """Choose an upload, to show what went wrong with it."""
        self.view.choose_row(self.table.row_where(lambda row: row.upload.id == upload.id))
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)
