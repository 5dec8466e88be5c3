"""The attachments of a component and its test runs, with a preview of the chosen one beside the list."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from itkgui.client.exceptions import ItkError
from itkgui.item_models.attachment_table import AttachmentTable
from itkgui.records.attachment import Attachment
from itkgui.views.attachment_preview import AttachmentPreview
from itkgui.views.empty_pane import EmptyPane
from itkgui.views.record_view import RecordView
from itkgui.views.style import set_icon, set_role
from itkgui.views.trouble_pane import TroublePane
from itkgui.views.view_context import ViewContext

_PERSON = 5


class AttachmentView(QSplitter):
    """Told which attachments to show; fetches the chosen one and previews it."""

    add_requested = Signal()
    retry_requested = Signal()

    def __init__(self, context: ViewContext) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.table = AttachmentTable()
        self.view = RecordView(self.table, "Attachments")
        self.view.set_widths(24, 20, 18, 9, 15)
        self.view.stretch(0)
        self.view.hideColumn(_PERSON)  # it stands above the preview
        self.preview = AttachmentPreview(context)
        self.view.record_chosen.connect(self.preview.show_attachment)
        self.view.record_opened.connect(self.preview.show_again)
        self.summary = QLabel()
        set_role(self.summary, "quiet")
        self.add_button = QPushButton("Add files…")
        set_icon(self.add_button, "upload")
        self.add_button.clicked.connect(self.add_requested)
        self.empty = EmptyPane("drop", "Loading the attachments…")
        self.trouble = TroublePane()
        self.trouble.retry_requested.connect(self.retry_requested)
        self.rows = QStackedWidget()
        self.rows.addWidget(self.empty)
        self.rows.addWidget(self.view)

        above = QHBoxLayout()
        above.setContentsMargins(12, 8, 12, 8)
        above.addWidget(self.summary, 1)
        above.addWidget(self.add_button)
        left = QWidget()
        layout = QVBoxLayout(left)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(above)
        layout.addWidget(self.trouble)
        layout.addWidget(self.rows, 1)
        self.setChildrenCollapsible(False)
        self.addWidget(left)
        self.addWidget(self.preview)
        self.setStretchFactor(0, 4)
        self.setStretchFactor(1, 3)

    def show_attachments(self, attachments: Sequence[Attachment]) -> None:
        """Show attachments, keeping the chosen one if it is still among them."""
        self.trouble.hide()
        self.summary.setText(
            f"{len(attachments)} files. Drop files anywhere on this page to add them." if attachments else ""
        )
        if not attachments:
            self.empty.say("No files yet.", "Drop files anywhere on this page, or use “Add files…”.")
        self.rows.setCurrentWidget(self.view if attachments else self.empty)
        self.view.show_records(attachments, key=lambda attachment: attachment.code)
        if self.view.chosen is None:  # or is no more among them, which no signal tells
            self.preview.show_nothing()

    def show_error(self, error: ItkError) -> None:
        self.empty.say("The list of files could not be loaded.")
        self.trouble.show_error(error)

    def choose(self, code: str) -> None:
        """Choose the attachment with this code, if it is shown."""
        self.view.choose_row(self.table.row_where(lambda attachment: attachment.code == code))
