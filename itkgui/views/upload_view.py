"""Every upload since sign-in: what, where to, how far, and what went wrong."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from itkgui.background.upload_runner import Upload, UploadRunner, UploadState
from itkgui.item_models.upload_table import UploadTable
from itkgui.records.attachment import OwnerKind
from itkgui.views.empty_pane import EmptyPane
from itkgui.views.record_view import RecordView
from itkgui.views.style import set_role
from itkgui.views.trouble_pane import TroublePane

_PROGRESS_MS = 200


class UploadView(QWidget):
    """The list of uploads; one can be cancelled, retried, or its target opened."""

    component_requested = Signal(str)  # code
    shipment_requested = Signal(str)  # id
    count_changed = Signal(int)  # uploads that have not ended

    def __init__(self, uploads: UploadRunner) -> None:
        super().__init__()
        self._uploads = uploads
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
        self._timer.timeout.connect(self.table.progress_changed)
        uploads.listeners.append(self._on_upload_changed)
        self._show_actions()

    def detach(self) -> None:
        """Stop listening, before the view goes."""
        self._uploads.listeners.remove(self._on_upload_changed)

    def focusInEvent(self, event: QFocusEvent) -> None:
        # No focus proxy: Qt's Tab would skip all that stands before it.
        self.view.setFocus(event.reason())

    def _on_upload_changed(self, upload: Upload) -> None:
        if upload in self.table.records:
            self.table.record_changed(upload)
        else:
            self.table.append([upload], more=False)
            self.rows.setCurrentWidget(self.view)
        if self._uploads.open_count:
            self._timer.start()
        else:
            self._timer.stop()
        self._show_actions()
        self.count_changed.emit(self._uploads.open_count)

    def _show_actions(self) -> None:
        upload = self.view.chosen
        self.cancel_button.setEnabled(upload is not None and upload.state.is_open)
        if upload is not None and upload.state is UploadState.FAILED and upload.error is not None:
            self.trouble.show_error(upload.error)
        else:
            self.trouble.hide()

    def _on_opened(self, upload: Upload) -> None:
        if upload.owner.kind is OwnerKind.COMPONENT:
            self.component_requested.emit(upload.owner.key)
        elif upload.owner.kind is OwnerKind.SHIPMENT:
            self.shipment_requested.emit(upload.owner.key)

    def _on_cancel(self) -> None:
        if self.view.chosen is not None:
            self._uploads.cancel(self.view.chosen)

    def _on_retry(self) -> None:
        if self.view.chosen is not None:
            self._uploads.retry(self.view.chosen)

    def choose(self, upload: Upload) -> None:
        """Choose an upload, to show what went wrong with it."""
        self.view.choose_row(self.table.row_where(lambda row: row is upload))
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)
