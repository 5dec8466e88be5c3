"""Hands waiting uploads to another computer, and takes over those of another one."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from itkgui.background.worker import Call, Lane
from itkgui.client.exceptions import Cancelled, ItkError
from itkgui.item_models.plain_text import shown_text
from itkgui.records.sizes import size_text
from itkgui.uploads.hand_over import export_rows, import_rows
from itkgui.uploads.hand_over_errors import OtherPerson
from itkgui.uploads.upload import Upload
from itkgui.views.loading_line import LoadingLine
from itkgui.views.save_dialog import SaveDialog
from itkgui.views.view_context import ViewContext
from itkgui.views.view_task import ViewTask

_PROGRESS_MS = 200
_ARCHIVES = "Archives of uploads (*.zip)"


class UploadHandOver:
    """Asks, then works on a thread; ``line`` shows how far it is, and stops it."""

    def __init__(self, page: QWidget, context: ViewContext, on_error: Callable[[ItkError], None]) -> None:
        self._page = page
        self._context = context
        self._task = ViewTask(page, on_error)
        self._call: Call[list[Upload]] | None = None
        self._saying = ""
        self.line = LoadingLine()
        self.line.stop_requested.connect(self._stop)
        self._timer = QTimer(page)
        self._timer.setInterval(_PROGRESS_MS)
        self._timer.timeout.connect(self._show_progress)

    # Out ---------------------------------------------------------------------------------------------------

    def hand_over(self, going: Sequence[Upload], staying: Sequence[Upload]) -> None:
        """Say what goes into the archive and what stays, then ask where the archive is to be."""
        said = f"{_count(len(staying))} {'stays' if len(staying) == 1 else 'stay'}: some of it has begun."
        if not going:
            self._tell("Nothing can be handed over", said if staying else "No uploads are waiting.")
            return
        size = size_text(sum(upload.size for upload in going))
        box = self._box(f"Hand {_count(len(going))} to another computer?", "Choose the file…")
        box.setInformativeText(
            f"What goes into the archive, {size}, is not sent from here any more: "
            "take the archive over on the other computer, and on one only. Where two have it, each looks "
            "first what the other has sent; if both send at the same moment, what came twice is removed."
            + (f"\n{said} Finish or cancel that here." if staying else "")
        )
        box.accepted.connect(lambda: self._ask_where(going))
        box.open()

    def _ask_where(self, going: Sequence[Upload]) -> None:
        name = f"uploads-{time.strftime('%Y-%m-%d')}.zip"
        dialog = SaveDialog(self._page, f"Archive for {_count(len(going))}", name)
        dialog.setNameFilter(_ARCHIVES)
        dialog.setDefaultSuffix("zip")
        dialog.fileSelected.connect(lambda path: self._task.start(self.export(going, Path(path))))
        dialog.open()

    async def export(self, going: Sequence[Upload], path: Path) -> None:
        """Write the archive, and tell when it is complete."""
        queue, ids = self._context.uploads, [upload.id for upload in going]
        database = self._context.database
        origin = (self._server, database.client.server_time, database.user.name)
        what = (queue.store, queue.spool, ids, path, *origin)
        gone = await self._run(f"Writing {path.name}", export_rows, *what)
        self._context.messages.notify(
            f"{_count(len(gone))} handed over in {path}: take the archive over on the other computer", "good"
        )

    # In ----------------------------------------------------------------------------------------------------

    def take_over(self) -> None:
        """Ask which archive of another computer to take uploads from."""
        dialog = QFileDialog(self._page, "Take over uploads of another computer")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(_ARCHIVES)
        dialog.fileSelected.connect(lambda path: self._task.start(self.take(Path(path))))
        dialog.open()

    async def take(self, path: Path, *, as_own: bool = False) -> None:
        """Take the uploads of an archive into the queue; another person's only after a question."""
        queue = self._context.uploads

        def read() -> list[Upload]:
            return import_rows(path, queue.store, queue.spool, self._server, as_own=as_own)

        try:
            rows = await self._run(f"Reading {path.name}", read)
        except OtherPerson as error:
            self._ask_whose(path, error)
            return
        if rows:
            self._context.messages.notify(f"{_count(len(rows))} taken over from {path.name}", "good")
        else:
            self._context.messages.notify(
                f"Nothing was taken from {path.name}: this computer has all of it already", "caution"
            )

    def _ask_whose(self, path: Path, error: OtherPerson) -> None:
        box = self._box("Take another person's uploads?", "Take them as my own")
        box.setInformativeText(
            f"{path.name} was handed over by {shown_text(error.detail)}.\n"
            "Taken as your own, these are sent in your name."
        )
        box.accepted.connect(lambda: self._task.start(self.take(path, as_own=True)))
        box.open()

    # Both --------------------------------------------------------------------------------------------------

    @property
    def _server(self) -> str:
        return self._context.database.settings.api_url

    async def _run(self, saying: str, function: Callable[..., list[Upload]], *args: object) -> list[Upload]:
        self._saying = saying
        self._call = self._context.worker.call(function, *args, lane=Lane.TRANSFERS)
        self._show_progress()
        self.line.show()
        self._timer.start()
        try:
            return await self._call
        except Cancelled:
            self._context.messages.notify(f"{saying} was stopped; nothing has changed", "caution")
            raise
        finally:
            self._call = None
            self._timer.stop()
            self.line.hide()

    def _stop(self) -> None:
        if self._call is not None:
            self._call.cancel()

    def _show_progress(self) -> None:
        transfer = self._call.transfer if self._call is not None else None
        of = f" {transfer.done / transfer.total:.0%}" if transfer is not None and transfer.total else ""
        self.line.text.setText(f"{self._saying}…{of}")

    def _box(self, question: str, deed: str) -> QMessageBox:
        box = QMessageBox(self._page)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(question)
        box.setText(question)
        box.addButton(deed, QMessageBox.ButtonRole.AcceptRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        return box

    def _tell(self, title: str, sentence: str) -> None:
        self._context.messages.warn(title, sentence, "")


def _count(number: int) -> str:
    return f"{number:,} {'upload' if number == 1 else 'uploads'}"
