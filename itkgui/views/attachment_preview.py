"""One attachment: fetched when it is chosen, previewed, saved or given to another program."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from itkgui.background.worker import Call, Lane
from itkgui.client.exceptions import ItkError
from itkgui.client.files import BinaryFile
from itkgui.item_models.attachment_table import kind_icon
from itkgui.item_models.moments import local_text
from itkgui.item_models.plain_text import shown_text
from itkgui.records.attachment import Attachment, Storage
from itkgui.records.sizes import size_text
from itkgui.views.previews.kind_button import KindButton
from itkgui.views.previews.other_programs import is_harmless_file, is_web_address
from itkgui.views.previews.preview_content import PreviewContent
from itkgui.views.previews.registry import kinds_for
from itkgui.views.style import set_icon, set_role
from itkgui.views.view_context import ViewContext
from itkgui.views.view_task import ViewTask

_PROGRESS_MS = 100
_PROMISED = frozenset(("image", "text", "archive"))  # icons that are kinds of preview too
_OPEN = "Open in another program"


class AttachmentPreview(QWidget):
    """Name, facts and actions of one attachment above its preview; fetches it when it is chosen."""

    def __init__(self, context: ViewContext) -> None:
        super().__init__()
        self._context = context
        self._attachment: Attachment | None = None
        self._fetched: dict[str, BinaryFile] = {}
        self._call: Call[BinaryFile] | None = None
        self._task = ViewTask(self, self._on_fetch_failed)
        self._save_task = ViewTask(self, context.messages.show)
        self._progress_timer = QTimer(self)
        self._progress_timer.setInterval(_PROGRESS_MS)
        self._progress_timer.timeout.connect(self._show_progress)

        self.name, self.facts, self.advice = QLabel(), QLabel(), QLabel()
        for label in (self.name, self.facts, self.advice):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        set_role(self.name, "heading")
        set_role(self.facts, "quiet")
        set_role(self.advice, "pill-caution")
        self.advice.hide()
        self.save_button, self.open_button = QToolButton(), QToolButton()
        for button, icon_name, text in (
            (self.save_button, "save", "Save as…"),
            (self.open_button, "open-outside", _OPEN),
        ):
            set_icon(button, icon_name)
            button.setToolTip(text)
            button.setAccessibleName(text)
            button.setEnabled(False)
        self.save_button.clicked.connect(self._on_save)
        self.open_button.clicked.connect(self._on_open)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.cancel_button = QPushButton("Cancel")
        self.cancel_button.clicked.connect(self.cancel)
        self._loading = QWidget()
        loading = QHBoxLayout(self._loading)
        loading.setContentsMargins(14, 4, 14, 4)
        loading.addWidget(self.progress, 1)
        loading.addWidget(self.cancel_button)
        self._loading.hide()
        self.content = PreviewContent(context.worker, context.decoders, context.downloads)
        self.content.retry_requested.connect(self._on_retry)
        self.kind_button = KindButton(self.content)

        titles = QVBoxLayout()
        titles.setSpacing(3)
        titles.addWidget(self.name)
        titles.addWidget(self.facts)
        head = QHBoxLayout()
        head.setContentsMargins(14, 8, 10, 6)
        head.addLayout(titles, 1)
        for button in (self.kind_button, self.save_button, self.open_button):
            head.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self._head = QWidget()
        self._head.setLayout(head)
        advice = QHBoxLayout()
        advice.setContentsMargins(14, 0, 14, 0)
        advice.addWidget(self.advice)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._head)
        layout.addLayout(advice)
        layout.addWidget(self._loading)
        layout.addWidget(self.content, 1)
        self.show_nothing()

    def show_nothing(self) -> None:
        self._task.cancel()
        self._end_progress()
        self._attachment = None
        self._head.hide()
        self.advice.hide()
        self.content.show_nothing("No file chosen.", "Choose a file in the list to look at it here.")

    def show_attachment(self, attachment: Attachment) -> None:
        """Fetch an attachment, unless it was fetched before, and show it."""
        self._end_progress()
        self._attachment = attachment
        self._head.show()
        self.advice.hide()
        self.name.setText(shown_text(attachment.display_name))
        self._show_facts(attachment, None)
        self.save_button.setEnabled(False)
        self._allow_open(attachment.storage is Storage.LINK)
        if attachment.storage is Storage.LINK:
            self._task.cancel()
            self.content.show_nothing(
                "This attachment is a link.", f"It leads to {attachment.url}; open it in another program."
            )
        else:
            self._task.start(self._fetch(attachment))

    def show_again(self, attachment: Attachment) -> None:
        """Show an attachment anew, unless it is just being fetched."""
        if attachment != self._attachment or not self._task.is_running:
            self.show_attachment(attachment)

    def _on_retry(self) -> None:
        if self._attachment is not None:
            self.show_attachment(self._attachment)

    async def _fetch(self, attachment: Attachment) -> None:
        file = self._fetched.get(attachment.code)
        if file is None or not file.path.exists():
            self.content.show_nothing("Fetching the file…")
            database = self._context.database
            self._call = self._context.worker.call(
                database.download, attachment, self._context.downloads, lane=Lane.TRANSFERS
            )
            self._progress_timer.start()
            # No "finally": when this task is cancelled, the view may be gone already.
            file = await self._call
            self._end_progress()
            self._fetched[attachment.code] = file
        self._show_facts(attachment, file)
        self.save_button.setEnabled(True)
        self._allow_open(is_harmless_file(file), "Save it to open it in another program")
        self._warn_of_wrong_name(attachment, file)
        self.content.show_file(file)

    def cancel(self) -> None:
        """Stop fetching."""
        if self._call is not None:
            self._call.cancel()
            self._end_progress()
            self.content.show_nothing("Not fetched.", can_retry=True)

    def _end_progress(self) -> None:
        self._progress_timer.stop()
        self._loading.hide()
        self._call = None

    def _show_progress(self) -> None:
        if self._call is None:
            return
        transfer = self._call.transfer
        self._loading.show()
        # A bar without a range moves to and fro: the size is not known yet.
        self.progress.setRange(0, 1000 if transfer.total else 0)
        if transfer.total:
            self.progress.setValue(round(1000 * transfer.done / transfer.total))

    def _show_facts(self, attachment: Attachment, file: BinaryFile | None) -> None:
        about_file = [size_text(file.size), file.media_type] if file is not None else []
        about_file.append(f"kept in {attachment.storage.label}")
        about_entry = [local_text(attachment.moment), attachment.user.name]
        lines = ["  ·  ".join(fact for fact in facts if fact) for facts in (about_file, about_entry)]
        if attachment.description not in (attachment.title, attachment.display_name):
            lines.append(attachment.description)
        self.facts.setText("\n".join(shown_text(line) for line in lines if line))

    def _warn_of_wrong_name(self, attachment: Attachment, file: BinaryFile) -> None:
        promised = kind_icon(attachment)
        if promised in _PROMISED and promised not in kinds_for(file) and file.size:
            self.advice.setText(
                f"The name promises {_with_article(promised)}, the content is {file.media_type}."
            )
            self.advice.show()

    def _on_fetch_failed(self, error: ItkError) -> None:
        self._end_progress()
        self.content.show_error(error)

    # Out -----------------------------------------------------------------------------------------------

    def _allow_open(self, allowed: bool, why_not: str = _OPEN) -> None:
        self.open_button.setEnabled(allowed)
        self.open_button.setToolTip(_OPEN if allowed else why_not)

    def _on_save(self) -> None:
        file = self._fetched.get(self._attachment.code) if self._attachment else None
        if file is None:
            return
        dialog = QFileDialog(self, "Save the attachment")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.selectFile(file.name)
        dialog.fileSelected.connect(lambda chosen: self._save_task.start(self._save(file, Path(chosen))))
        dialog.open()

    async def _save(self, file: BinaryFile, target: Path) -> None:
        # The dialog has asked already whether to replace a file of this name.
        saved = await self._context.worker.call(partial(file.save, target, overwrite=True))
        self._context.messages.notify(f"Saved as {saved}", "good")

    def _on_open(self) -> None:
        if self._attachment is None:
            return
        if self._attachment.storage is Storage.LINK:
            address = QUrl(self._attachment.url.strip())
            if not is_web_address(address):
                self._context.messages.notify(
                    f"Not opened, since it is no web address: {self._attachment.url}", "caution"
                )
                return
        else:
            file = self._fetched.get(self._attachment.code)
            if file is None or not is_harmless_file(file):
                return
            address = QUrl.fromLocalFile(str(file.path))
        if not QDesktopServices.openUrl(address):
            self._context.messages.notify("No program on this computer opens it.", "caution")


def _with_article(word: str) -> str:
    return word if word == "text" else f"an {word}"
