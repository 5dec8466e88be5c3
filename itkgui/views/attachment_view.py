"""The attachments of a component and its test runs, with a preview of the chosen one beside the list."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton

from itkgui.client.exceptions import ItkError
from itkgui.item_models.attachment_table import AttachmentTable
from itkgui.records.attachment import Attachment
from itkgui.views.attachment_preview import AttachmentPreview
from itkgui.views.empty_pane import EmptyPane
from itkgui.views.list_and_detail import ListAndDetail
from itkgui.views.record_view import RecordView
from itkgui.views.style import set_icon
from itkgui.views.view_context import ViewContext

_FROM, _PERSON = 2, 5


class AttachmentView(ListAndDetail):
    """Told which attachments to show; fetches the chosen one and previews it."""

    add_requested = Signal()

    def __init__(self, context: ViewContext, *, of_one: bool = False) -> None:
        """``of_one`` leaves out what an attachment is from, since all are from the same."""
        self.table = AttachmentTable()
        view = RecordView(self.table, "Attachments")
        view.set_widths(24, 20, 18, 9, 15)
        view.stretch(0)
        view.hideColumn(_PERSON)  # it stands above the preview
        if of_one:
            view.hideColumn(_FROM)
        kind = "attachments of one" if of_one else "attachments"
        view.remember(context.memory, kind)
        self.preview = AttachmentPreview(context)
        self.add_button = QPushButton("Add files…")
        set_icon(self.add_button, "upload")
        empty = EmptyPane("drop", "Loading the attachments…")
        super().__init__(view, self.add_button, empty, self.preview, shares=(4, 3))
        self.remember(context.memory, kind)
        view.record_chosen.connect(self.preview.show_attachment)
        view.record_opened.connect(self.preview.show_again)
        self.add_button.clicked.connect(self.add_requested)

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
        self.show_failure("The list of files could not be loaded.", error)

    def choose(self, code: str) -> None:
        """Choose the attachment with this code, if it is shown."""
        self.view.choose_row(self.table.row_where(lambda attachment: attachment.code == code))
