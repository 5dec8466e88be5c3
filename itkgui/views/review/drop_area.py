"""A page that takes files: those dropped anywhere on it, or chosen, are reviewed, sent, and shown at last."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, Qt, QTimer, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from itkgui.item_models.review_row import ReviewRow
from itkgui.item_models.upload_words import undone_text
from itkgui.language import _
from itkgui.records.attachment import Owner
from itkgui.uploads.upload import Upload, UploadState
from itkgui.views.attachments.attachment_view import AttachmentView
from itkgui.views.context.age_line import AgeLine
from itkgui.views.context.view_context import ViewContext
from itkgui.views.context.view_task import ViewTask
from itkgui.views.review.awaited import Awaited
from itkgui.views.review.drop_hint import DropHint
from itkgui.views.review.review_sheet import ReviewSheet
from itkgui.views.review.undo_bar import UndoBar
from itkgui.views.review.waiting_bar import WaitingBar
from itkgui.views.style import arrange_by_text
from itkgui.views.widgets.dropped import PASTED, is_wanted, paths_in, picture_in, write_picture
from itkgui.views.widgets.save_dialog import OpenDialog
from itkgui.views.widgets.tall_page import TallStack

_ARRIVING_MS = 150
_LOW = 26  # lines of text; a page that is no higher has little to spare


class DropArea(QWidget):
    """Accepts files of this computer, as a copy whatever keys are held; ``target_name`` is what gets them.

    The page puts its own content first into ``body``, where the sheet takes its place while files are under
    review, and ``content`` around it; above it is a ``strip``. It calls ``listen`` when it can be reloaded,
    and ``detach`` before it goes.
    """

    files_for_other = Signal(str, object)  # a component's name, list of ReviewRow that are for it
    focus_wanted = Signal()  # for what is shown: what had the keys is gone

    def __init__(self, context: ViewContext) -> None:
        super().__init__()
        self._context = context
        self.target_name = ""
        self.body = TallStack()
        self.content: QVBoxLayout
        self.strip: QWidget
        self.sheet: ReviewSheet | None = None  # made when the first file is dropped
        self.undo_bar: UndoBar | None = None  # made when the first file is sent
        self.waiting_bar: WaitingBar | None = None  # made when somebody looks at a run for the first time
        self._pictures: list[tuple[QImage, str, str]] = []  # to be written, with what to call them after
        self._pasting = ViewTask(self, context.messages.show)
        self._undoing = ViewTask(self, context.messages.show)
        self.awaited_file = Awaited(self, lambda: self.findChild(AttachmentView))
        self._arriving = QTimer(self)  # so that many files make the page load once
        self._arriving.setInterval(_ARRIVING_MS)
        self._arriving.timeout.connect(self._on_arrived)
        self._hint = DropHint(self)
        self.age_line = AgeLine(context.connection)  # which the page puts below its strip
        self.age_line.reload_wanted.connect(lambda: self.reload())
        self.setAcceptDrops(True)
        self.body.currentChanged.connect(lambda _index: self._make_room())
        arrange_by_text(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._make_room()
        super().resizeEvent(event)

    @property
    def is_low(self) -> bool:
        """Whether the page has little height for its text."""
        return self.height() < self.fontMetrics().lineSpacing() * _LOW

    def _make_room(self) -> None:
        """Leave all of a low page to the sheet, which says itself whose files these are."""
        if self.sheet is not None:
            is_in_front = self.body.currentWidget() is self.sheet
            self.strip.setVisible(not (is_in_front and self.is_low))
            self.sheet.room.use_page(self.height(), is_low=self.is_low)

    # What a page tells of itself ---------------------------------------------------------------------------

    def set_targets(self, sheet: ReviewSheet) -> None:
        """Tell a sheet which targets there are."""
        raise NotImplementedError

    @property
    def owners(self) -> Iterable[Owner]:
        """Whose attachments the page shows."""
        raise NotImplementedError

    @property
    def picture_names(self) -> tuple[str, str]:
        """What a pasted picture is called after: the page's subject, and the test on the screen."""
        raise NotImplementedError

    def show_files(self) -> None:
        """Turn to the attachments."""
        raise NotImplementedError

    def look_at_run(self, run_id: str = "") -> None:
        """Turn to the test runs, or to one of them; only a page that can get results is asked."""
        raise NotImplementedError

    def await_arrival(self, upload: Upload) -> None:
        """Choose what has arrived as soon as it is loaded, unless its list is in use."""
        self.awaited_file.expect(upload.code)

    def reload(self) -> None:
        """Ask the server again."""
        raise NotImplementedError

    # Files coming in ---------------------------------------------------------------------------------------

    @property
    def is_reviewing(self) -> bool:
        """Whether dropped files wait to be sent or given up."""
        return self.sheet is not None and (self.body.currentWidget() is self.sheet or self._is_waiting)

    @property
    def _is_waiting(self) -> bool:
        """Whether the sheet has made room for something that somebody wants to look at."""
        return self.waiting_bar is not None and not self.waiting_bar.isHidden()

    def choose_files(self) -> None:
        """Let the user choose files, where dropping is inconvenient."""
        if not self.target_name:
            return
        dialog = OpenDialog(self, _("Add files to {target}").format(target=self.target_name))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda names: self.review([Path(name) for name in names]))
        dialog.open()

    def review(self, paths: Sequence[Path]) -> None:
        """Show what would be sent, before it is sent."""
        if paths and self.target_name:
            self._show_sheet().add(paths)

    def review_again(self, rows: Sequence[ReviewRow]) -> None:
        """Review what was taken back, or comes from another page, with what was typed."""
        if rows:
            self._show_sheet().take_over(rows)

    def _made_sheet(self) -> ReviewSheet:
        if self.sheet is None:
            self.sheet = ReviewSheet(self._context)
            self.sheet.sent.connect(self._on_sent)
            self.sheet.closed.connect(self._on_closed)
            self.sheet.run_wanted.connect(self._on_run_wanted)
            self.sheet.other_wanted.connect(self.files_for_other)
            self.body.addWidget(self.sheet)
        return self.sheet

    def _show_sheet(self) -> ReviewSheet:
        """Bring the sheet to the front; one that begins anew is for what is on the screen now."""
        sheet = self._made_sheet()
        if not self.is_reviewing:
            sheet.target.clear()
            self.set_targets(sheet)
        if self.body.currentWidget() is not sheet:
            self._bring_back()
        return sheet

    def _bring_back(self) -> None:
        """Bring the sheet to the front."""
        if self.sheet is not None:
            self._end_waiting()
            self.body.setCurrentWidget(self.sheet)
            self.sheet.view.setFocus()

    def _end_waiting(self) -> None:
        if self.waiting_bar is not None:
            self.waiting_bar.hide()

    def _on_closed(self) -> None:
        self._end_waiting()
        self.body.setCurrentIndex(0)

    def _on_run_wanted(self, run_id: str) -> None:
        """Let somebody look at a run that holds the same results, and come back."""
        if self.waiting_bar is None:
            self.waiting_bar = WaitingBar()
            self.waiting_bar.back_wanted.connect(self._bring_back)
            self.content.insertWidget(self.content.indexOf(self.body), self.waiting_bar)
        self.body.setCurrentIndex(0)
        self.look_at_run(run_id)
        self.waiting_bar.show()

    def take(self, mime: QMimeData) -> bool:
        """Review what was dropped or pasted; return False if there is nothing that could be sent."""
        paths = paths_in(mime)
        picture = None if paths else picture_in(mime)
        if paths:
            self.review(paths)
        elif picture is not None:
            self._show_sheet()
            self._pictures.append((picture, *self.picture_names))
            if len(self._pictures) == 1:
                self._pasting.start(self._take_pictures())
        return bool(paths) or picture is not None

    async def _take_pictures(self) -> None:
        folder = self._context.downloads / PASTED
        try:
            while self._pictures:
                picture, serial, test = self._pictures[0]
                self.review([await self._context.worker.call(write_picture, picture, folder, serial, test)])
                del self._pictures[0]
        finally:
            self._pictures.clear()

    def paste(self) -> None:
        """Review copied files, or a screenshot."""
        mime = QGuiApplication.clipboard().mimeData()
        if self.target_name and (mime is None or not self.take(mime)):
            self._context.messages.notify(_("There is neither a file nor a picture to be pasted."), "caution")

    def ask_to_open(self, scanned: str, then: Callable[[], None]) -> None:
        """Ask whether a component that was scanned is to be opened while the sheet waits."""
        if self.sheet is not None:
            self._bring_back()
            self.sheet.ask_to_open(scanned, then)

    async def hand_over(self, rows: Sequence[ReviewRow], other: DropArea) -> None:
        """Give rows under review here to another page, for which they are judged anew.

        Those that are being sent by now, or were left out, stay as they are.
        """
        sheet = self.sheet
        if sheet is None:
            return
        await sheet.intake.hold()
        is_too_late = sheet is not self.sheet or sheet.is_sending
        going = [] if is_too_late else [row for row in sheet.rows if row in rows]
        if going:
            sheet.let_go(going)
            for row in going:
                row.leave(going)
            other.review_again(going)
        else:
            said = _("Nothing was moved here: meanwhile it was sent from where it was, or left out.")
            self._context.messages.notify(said, "caution")
        if not is_too_late:  # else somebody else holds it, or there is no more of it
            sheet.intake.go_on()

    # Files sent, and taken back ----------------------------------------------------------------------------

    def _on_sent(self, rows: Sequence[ReviewRow]) -> None:
        for awaited in Awaited.of(self):
            awaited.watch()
        if any(row.run is not None for row in rows):
            self.look_at_run()
        else:
            self.show_files()
        seconds = self._context.uploads.timing.undo
        if seconds <= 0:
            return
        if self.undo_bar is None:
            self.undo_bar = UndoBar()
            self.undo_bar.undo_requested.connect(lambda rows: self._undoing.start(self._undo(rows)))
            self.undo_bar.focus_left.connect(self.focus_wanted)
            layout = self.layout()
            if layout is not None:  # below the page, which may scroll
                layout.addWidget(self.undo_bar)
            self.undo_bar.take_key(self)
        self.undo_bar.offer(rows, self.target_name, seconds)

    async def _undo(self, rows: Sequence[ReviewRow]) -> None:
        taken = await self._context.uploads.take_back([row.id for row in rows])
        back = [row for row in rows if row.id in taken]
        for row in back:
            row.id = taken[row.id]
        said = undone_text([row.path.name for row in back], len(rows))
        if len(back) == len(rows):
            self._context.messages.notify(said)
        else:
            sent = [row for row in rows if row not in back]
            where = _("“Uploads” has these.")
            if len(sent) == 1:
                where = _("“Uploads” has {name}.").format(name=sent[0].path.name)
            self._context.messages.notify(f"{said}. {where}", "caution")
        self.review_again(back)
        self._context.reviewed.reopen(row.path for row in back)

    def event(self, event: QEvent) -> bool:
        """Take Esc, which closes the sheet, before the window would take it for its own."""
        is_escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if not is_escape or self.sheet is None or not self.is_reviewing:
            return super().event(event)
        event.accept()
        if event.type() == QEvent.Type.KeyPress and self._is_waiting:
            self._bring_back()
        elif event.type() == QEvent.Type.KeyPress:
            self.sheet.ask_to_give_up()
        return True

    def give_up_review(self) -> None:
        """Take the sheet away: it belongs to one target for good."""
        self.awaited_file.forget()
        self._end_waiting()
        if self.sheet is not None:
            self._context.reviewed.give_up(self.sheet)
            self.body.removeWidget(self.sheet)
            self.sheet.deleteLater()
            self.sheet = None

    # Files that have come ----------------------------------------------------------------------------------

    def listen(self) -> None:
        """Reload from now on when a file has come to one of the owners here."""
        self._context.uploads.listeners.append(self._on_upload_changed)

    def detach(self) -> None:
        """Stop listening; Qt may have taken the page apart by then."""
        if self._is_listening:  # else it never began
            self._context.uploads.listeners.remove(self._on_upload_changed)
        self._context.reviewed.give_up(self.sheet)

    @property
    def _is_listening(self) -> bool:
        return self._on_upload_changed in self._context.uploads.listeners

    def _on_upload_changed(self, upload: Upload) -> None:
        if not self.concerns(upload):
            return
        if upload.state is UploadState.DONE:
            self.await_arrival(upload)
            self._arriving.start()
        elif upload.state.is_open:
            for awaited in Awaited.of(self):
                awaited.go_on_watching()

    def concerns(self, upload: Upload) -> bool:
        """Tell whether the page shows what an upload goes to."""
        return upload.target in self.owners

    def _on_arrived(self) -> None:
        if not self._context.uploads.is_flowing(frozenset(self.owners)):
            self._arriving.stop()
            if self._is_listening:
                self.reload()

    def show_file(self, code: str) -> None:
        """Turn to an attachment, as soon as it is loaded."""
        self.awaited_file.want(code)
        self.show_files()

    def choose_new(self, attachments: AttachmentView) -> None:
        """Choose the file that somebody wants to see, or that has come last."""
        if code := self.awaited_file.take(is_asking=not attachments.preview.guard.isHidden()):
            attachments.choose(code)

    # Dropping ----------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        is_from_here = event.source() is not None  # a file that is being dragged out
        if is_wanted(event.mimeData()) and self.target_name and not is_from_here:
            _accept_as_copy(event)
            self._hint.show_over(_("Drop to add to {target}").format(target=self.target_name))
            self._made_sheet()  # while the mouse is on its way: making it takes longer than a frame

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if is_wanted(event.mimeData()) and self.target_name:
            _accept_as_copy(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._hint.hide()
        event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        self._hint.hide()
        _accept_as_copy(event)
        mime = event.mimeData()
        if not self.take(mime):
            self._context.messages.notify(
                _("Only files of this computer, or pictures themselves, can be dropped: save it first."),
                "caution",
            )
        elif 0 < len(paths_in(mime)) < len(mime.urls()):
            self._context.messages.notify(_("What is no file of this computer was left out."), "caution")


def _accept_as_copy(event: QDropEvent) -> None:
    # Whatever keys are held: answering "move" would let the other program delete the source.
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()
