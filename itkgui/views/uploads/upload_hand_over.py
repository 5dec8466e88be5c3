"""Hands waiting uploads to another computer, and takes over those of another one."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from itkgui.background.worker import Call, Lane
from itkgui.client.exceptions import Cancelled, ItkError
from itkgui.item_models.plain_text import shown_text
from itkgui.language import N_, _, ngettext
from itkgui.records.sizes import size_text
from itkgui.uploads.hand_over import export_rows, import_rows
from itkgui.uploads.hand_over_errors import OtherPerson
from itkgui.uploads.upload import Upload
from itkgui.views.context.view_context import ViewContext
from itkgui.views.context.view_task import ViewTask
from itkgui.views.widgets.loading_line import LoadingLine
from itkgui.views.widgets.question_box import QuestionBox
from itkgui.views.widgets.save_dialog import OpenDialog, SaveDialog

_PROGRESS_MS = 200
_ARCHIVES = N_("Archives of uploads (*.zip)")


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
        said = ngettext(
            "{count} upload stays: some of it has begun.",
            "{count} uploads stay: some of it has begun.",
            len(staying),
        ).format(count=f"{len(staying):,}")
        if not going:
            self._tell(_("Nothing can be handed over"), said if staying else _("No uploads are waiting."))
            return
        size = size_text(sum(upload.size for upload in going))
        question = ngettext(
            "Hand {count} upload to another computer?",
            "Hand {count} uploads to another computer?",
            len(going),
        ).format(count=f"{len(going):,}")
        box = self._box(question, _("Choose the file…"))
        told = _(
            "What goes into the archive, {size}, is not sent from here any more: "
            "take the archive over on the other computer, and on one only. Where two have it, each looks "
            "first what the other has sent; if both send at the same moment, what came twice is removed."
        ).format(size=size)
        cure = _("Finish or cancel that here.")
        box.setInformativeText(f"{told}\n{said} {cure}" if staying else told)
        box.accepted.connect(lambda: self._ask_where(going))
        box.open()

    def _ask_where(self, going: Sequence[Upload]) -> None:
        name = f"uploads-{time.strftime('%Y-%m-%d')}.zip"
        title = ngettext("Archive for {count} upload", "Archive for {count} uploads", len(going))
        dialog = SaveDialog(self._page, title.format(count=f"{len(going):,}"), name)
        dialog.setNameFilter(_(_ARCHIVES))
        dialog.setDefaultSuffix("zip")
        dialog.fileSelected.connect(lambda path: self._task.start(self.export(going, Path(path))))
        dialog.open()

    async def export(self, going: Sequence[Upload], path: Path) -> None:
        """Write the archive, and tell when it is complete."""
        queue, ids = self._context.uploads, [upload.id for upload in going]
        database = self._context.database
        origin = (self._server, database.client.server_time, database.user.name)
        what = (queue.store, queue.spool, ids, path, *origin)
        saying, stopped = _("Writing {name}"), _("Writing {name} was stopped; nothing has changed")
        gone = await self._run(path.name, saying, stopped, export_rows, *what)
        said = ngettext(
            "{count} upload handed over in {path}: take the archive over on the other computer",
            "{count} uploads handed over in {path}: take the archive over on the other computer",
            len(gone),
        )
        self._context.messages.notify(said.format(count=f"{len(gone):,}", path=path), "good")

    # In ----------------------------------------------------------------------------------------------------

    def take_over(self) -> None:
        """Ask which archive of another computer to take uploads from."""
        dialog = OpenDialog(self._page, _("Take over uploads of another computer"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(_(_ARCHIVES))
        dialog.fileSelected.connect(lambda path: self._task.start(self.take(Path(path))))
        dialog.open()

    async def take(self, path: Path, *, as_own: bool = False) -> None:
        """Take the uploads of an archive into the queue; another person's only after a question."""
        queue = self._context.uploads

        def read() -> list[Upload]:
            return import_rows(path, queue.store, queue.spool, self._server, as_own=as_own)

        try:
            saying, stopped = _("Reading {name}"), _("Reading {name} was stopped; nothing has changed")
            rows = await self._run(path.name, saying, stopped, read)
        except OtherPerson as error:
            self._ask_whose(path, error)
            return
        if rows:
            said = ngettext(
                "{count} upload taken over from {name}", "{count} uploads taken over from {name}", len(rows)
            ).format(count=f"{len(rows):,}", name=path.name)
            self._context.messages.notify(said, "good")
        else:
            said = _("Nothing was taken from {name}: this computer has all of it already")
            self._context.messages.notify(said.format(name=path.name), "caution")

    def _ask_whose(self, path: Path, error: OtherPerson) -> None:
        box = self._box(_("Take another person's uploads?"), _("Take them as my own"))
        told = _("{name} was handed over by {person}.\nTaken as your own, these are sent in your name.")
        box.setInformativeText(told.format(name=path.name, person=shown_text(error.detail)))
        box.accepted.connect(lambda: self._task.start(self.take(path, as_own=True)))
        box.open()

    # Both --------------------------------------------------------------------------------------------------

    @property
    def _server(self) -> str:
        return self._context.database.settings.api_url

    async def _run(
        self, name: str, saying: str, stopped: str, function: Callable[..., list[Upload]], *args: object
    ) -> list[Upload]:
        self._saying = saying.format(name=name)
        self._call = self._context.worker.call(function, *args, lane=Lane.TRANSFERS)
        self._show_progress()
        self.line.show()
        self._timer.start()
        try:
            return await self._call
        except Cancelled:
            self._context.messages.notify(stopped.format(name=name), "caution")
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
        box = QuestionBox(self._page, question, is_warning=False)
        box.addButton(deed, QMessageBox.ButtonRole.AcceptRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        return box

    def _tell(self, title: str, sentence: str) -> None:
        self._context.messages.warn(title, sentence, "")
