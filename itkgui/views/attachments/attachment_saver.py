"""Saves many attachments into folders: asks where, tells how far it is, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from itkgui.background.worker import Call, Lane
from itkgui.client.attachment_folders import Saved, Source, save_into
from itkgui.client.exceptions import Cancelled, FileNotWritten, ItkError
from itkgui.item_models.attachment_words import failures_text
from itkgui.language import _, ngettext
from itkgui.records.attachment import Attachment, Storage
from itkgui.records.attachment_list import Provenance
from itkgui.records.sizes import size_text
from itkgui.views.context.view_context import ViewContext
from itkgui.views.context.view_task import ViewTask
from itkgui.views.style import set_role
from itkgui.views.widgets.save_dialog import SaveDialog

_PROGRESS_MS = 100


class AttachmentSaver(QWidget):
    """A line that is hidden until something is saved."""

    def __init__(self, context: ViewContext) -> None:
        super().__init__()
        self._context = context
        self._task = ViewTask(self, self._on_failed)
        self._call: Call[Saved] | None = None
        self._done = self._count = 0
        self.text = QLabel()
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        set_role(self.text, "quiet")
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.cancel_button = QPushButton(_("Cancel"))
        self.cancel_button.setAccessibleName(_("Stop saving"))
        self.cancel_button.clicked.connect(self.cancel)
        self._timer = QTimer(self)
        self._timer.setInterval(_PROGRESS_MS)
        self._timer.timeout.connect(self._show_progress)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 2, 12, 6)
        layout.addWidget(self.text)
        layout.addWidget(self.progress, 1)
        layout.addWidget(self.cancel_button)
        self.hide()

    def ask(
        self, attachments: Sequence[Attachment], origin: Callable[[Attachment], Provenance], title: str
    ) -> None:
        """Let the user choose a folder, and save the files of attachments below it."""
        dialog = SaveDialog(self, title)
        dialog.fileSelected.connect(lambda path: self.save(attachments, origin, Path(path)))
        dialog.open()

    def save(
        self, attachments: Sequence[Attachment], origin: Callable[[Attachment], Provenance], root: Path
    ) -> None:
        """Save the files of attachments in folders below ``root``; those there already are skipped."""
        wanted = [(a, origin(a).folders) for a in attachments if a.storage is not Storage.LINK]
        self._done, self._count = 0, len(wanted)
        self._task.start(self._save(wanted, root))
        self._show_progress()
        self.show()
        self._timer.start()

    @property
    def still_to_save(self) -> str:
        """A sentence about the files that are not saved yet; empty while nothing is being saved."""
        left = self._count - self._done
        if not self._task.is_running or not left:
            return ""
        return ngettext(
            "{left} of {count} files is still to be saved.",
            "{left} of {count} files are still to be saved.",
            left,
        ).format(left=left, count=self._count)

    def cancel(self) -> None:
        """Stop saving; what is saved stays."""
        if self._task.is_running:
            self._task.cancel()
            self._end()
            said = ngettext(
                "Stopped: {done} of {count} file is saved",
                "Stopped: {done} of {count} files are saved",
                self._count,
            )
            self._context.messages.notify(said.format(done=self._done, count=self._count), "caution")

    async def _save(self, wanted: Sequence[tuple[Attachment, tuple[str, ...]]], root: Path) -> None:
        saved: list[Saved] = []
        failed = []
        taken: set[Path] = set()
        for attachment, folders in wanted:
            shelf, database = self._context.attachments, self._context.database
            source = Source(
                partial(shelf.cache.find, attachment),
                partial(database.attachment_told, replace(attachment, size=shelf.size(attachment))),
                partial(shelf.cache.fetch, database, attachment),
            )
            self._call = self._context.worker.call(
                save_into, root, folders, attachment, source, taken, lane=Lane.TRANSFERS
            )
            try:
                saved.append(await self._call)
            except (Cancelled, FileNotWritten):  # the others would fare no better
                raise
            except ItkError as error:
                failed.append((attachment, error))
            self._done += 1
        self._end()
        self._tell(saved, failed, root)

    def _tell(
        self, saved: Sequence[Saved], failed: Sequence[tuple[Attachment, ItkError]], root: Path
    ) -> None:
        said = _said(saved, root)
        if not failed:
            self._context.messages.notify(said, "good")
            return
        title = ngettext(
            "{failed} of {count} file was not saved", "{failed} of {count} files were not saved", self._count
        )
        self._context.messages.warn(
            title.format(failed=len(failed), count=self._count),
            _("{saved}. Not saved: {files}.").format(saved=said, files=failures_text(failed)),
            _("Save again into the same folder: only what is missing is fetched."),
        )

    def _show_progress(self) -> None:
        transfer = self._call.transfer if self._call is not None else None
        done = transfer.done if transfer is not None else 0
        said = _("Saving file {number} of {count}, {size}") if done else _("Saving file {number} of {count}")
        number = min(self._done + 1, self._count)
        self.text.setText(said.format(number=number, count=self._count, size=size_text(done)))
        part = done / transfer.total if transfer is not None and transfer.total else 0.0
        self.progress.setRange(0, 1000)
        self.progress.setValue(round(1000 * (self._done + part) / max(1, self._count)))

    def _end(self) -> None:
        self._timer.stop()
        self._call = None
        self.hide()

    def _on_failed(self, error: ItkError) -> None:
        self._end()
        said = ngettext("{done} of {count} file is saved", "{done} of {count} files are saved", self._count)
        self._context.messages.show(error, said.format(done=self._done, count=self._count))


def _said(saved: Sequence[Saved], root: Path) -> str:
    skipped = [found for found in saved if found.was_there]
    unsure = sum(not found.is_certain for found in skipped)
    if not skipped:
        said = _("{saved} saved below {root}")
    elif not unsure:
        said = _("{saved} saved below {root}, {skipped} were there already")
    elif unsure == len(skipped):
        said = _("{saved} saved below {root}, {skipped} were there already (judged by name and size)")
    else:
        said = _(
            "{saved} saved below {root}, {skipped} were there already ({unsure} judged by name and size)"
        )
    return said.format(saved=len(saved) - len(skipped), root=root, skipped=len(skipped), unsure=unsure)
