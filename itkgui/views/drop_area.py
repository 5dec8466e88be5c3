"""A page that takes files: those dropped anywhere on it, or chosen, are reviewed, sent, and shown at last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QStackedWidget, QVBoxLayout, QWidget

from itkgui.records.attachment import Owner
from itkgui.uploads.upload import Upload, UploadState
from itkgui.views.attachment_view import AttachmentView
from itkgui.views.empty_pane import EmptyPane
from itkgui.views.review_sheet import ReviewSheet
from itkgui.views.style import set_role
from itkgui.views.view_context import ViewContext

_ARRIVING_MS = 150


class DropArea(QWidget):
    """Accepts files of this computer, as a copy whatever keys are held; ``target_name`` is what gets them.

    The page puts its own content first into ``body``, where the sheet takes its place while files are under
    review. It calls ``listen`` when it can be reloaded, and ``detach`` before it goes.
    """

    def __init__(self, context: ViewContext) -> None:
        super().__init__()
        self._context = context
        self.target_name = ""
        self.body = QStackedWidget()
        self.sheet: ReviewSheet | None = None  # made when the first file is dropped
        self._wanted_code = ""  # the attachment to choose when it shows up
        self._arriving = QTimer(self)  # so that many files make the page load once
        self._arriving.setInterval(_ARRIVING_MS)
        self._arriving.timeout.connect(self._on_arrived)
        self._hint = _DropHint(self)
        self.setAcceptDrops(True)

    # What a page tells of itself ---------------------------------------------------------------------------

    def set_targets(self, sheet: ReviewSheet) -> None:
        """Tell a sheet which targets there are."""
        raise NotImplementedError

    @property
    def owners(self) -> Iterable[Owner]:
        """Whose attachments the page shows."""
        raise NotImplementedError

    def show_files(self) -> None:
        """Turn to the attachments."""
        raise NotImplementedError

    def reload(self) -> None:
        """Ask the server again."""
        raise NotImplementedError

    # Files coming in ---------------------------------------------------------------------------------------

    @property
    def is_reviewing(self) -> bool:
        """Whether dropped files wait to be sent or given up."""
        return self.sheet is not None and self.body.currentWidget() is self.sheet

    def choose_files(self) -> None:
        """Let the user choose files, where dropping is inconvenient."""
        if not self.target_name:
            return
        dialog = QFileDialog(self, f"Add files to {self.target_name}")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(lambda names: self.review([Path(name) for name in names]))
        dialog.open()

    def review(self, paths: Sequence[Path]) -> None:
        """Show what would be sent, before it is sent."""
        if not paths or not self.target_name:
            return
        if self.sheet is None:
            self.sheet = ReviewSheet(self._context)
            self.sheet.sent.connect(self.show_files)
            self.sheet.closed.connect(lambda: self.body.setCurrentIndex(0))
            self.set_targets(self.sheet)
            self.body.addWidget(self.sheet)
        self.body.setCurrentWidget(self.sheet)
        self.sheet.add(paths)

    def event(self, event: QEvent) -> bool:
        """Take Esc, which closes the sheet, before the window would take it for its own."""
        is_escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if not is_escape or self.sheet is None or not self.is_reviewing:
            return super().event(event)
        event.accept()
        if event.type() == QEvent.Type.KeyPress:
            self.sheet.escape()
        return True

    def give_up_review(self) -> None:
        """Take the sheet away: it belongs to one target for good."""
        self._wanted_code = ""
        if self.sheet is not None:
            self.body.removeWidget(self.sheet)
            self.sheet.deleteLater()
            self.sheet = None

    # Files that have come ----------------------------------------------------------------------------------

    def listen(self) -> None:
        """Reload from now on when a file has come to one of the owners here."""
        self._context.uploads.listeners.append(self._on_upload_changed)

    def detach(self) -> None:
        """Stop listening."""
        self._arriving.stop()
        if self._on_upload_changed in self._context.uploads.listeners:  # else it never began
            self._context.uploads.listeners.remove(self._on_upload_changed)

    def _on_upload_changed(self, upload: Upload) -> None:
        if upload.state is UploadState.DONE and upload.target in self.owners:
            self._wanted_code = upload.code
            self._arriving.start()

    def _on_arrived(self) -> None:
        if not self._context.uploads.is_flowing(frozenset(self.owners)):
            self._arriving.stop()
            self.reload()

    def show_file(self, code: str) -> None:
        """Turn to an attachment, as soon as it is loaded."""
        self._wanted_code = code
        self.show_files()

    def choose_new(self, attachments: AttachmentView) -> None:
        """Choose the file that has come last: whoever sent it wants to see that it is there."""
        if self._wanted_code:
            attachments.choose(self._wanted_code)
        self._wanted_code = ""

    # Dropping ----------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        is_from_here = event.source() is not None  # a file that is being dragged out
        if event.mimeData().hasUrls() and self.target_name and not is_from_here:
            _accept_as_copy(event)
            self._hint.show_over(f"Drop to add to {self.target_name}")

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if event.mimeData().hasUrls() and self.target_name:
            _accept_as_copy(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._hint.hide()
        event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        self._hint.hide()
        _accept_as_copy(event)
        urls = event.mimeData().urls()
        paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
        if len(paths) < len(urls):
            self._context.messages.notify("Only files of this computer can be dropped.", "caution")
        self.review(paths)


class _DropHint(QFrame):
    """Lies over the whole page while files are dragged across it."""

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
