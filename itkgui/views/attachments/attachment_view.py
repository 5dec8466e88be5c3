"""The attachments of a component, its test runs and its shipments, with a preview of the chosen one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from itkgui.client.exceptions import ItkError
from itkgui.client.files import ImageFile, TextFile
from itkgui.item_models.attachment_table import FROM, PERSON, STAGE, TITLE, TYPE, AttachmentTable
from itkgui.language import _, ngettext
from itkgui.records.attachment import Attachment, OwnerKind, Storage
from itkgui.records.attachment_list import provenances, uses_of
from itkgui.records.test_run import TestRun
from itkgui.views.attachments.attachment_bar import AttachmentBar
from itkgui.views.attachments.attachment_drag import AttachmentDrag
from itkgui.views.attachments.attachment_gallery import AttachmentGallery
from itkgui.views.attachments.attachment_preview import AttachmentPreview
from itkgui.views.attachments.attachment_remover import AttachmentRemover
from itkgui.views.attachments.attachment_rows import AttachmentRows
from itkgui.views.attachments.attachment_saver import AttachmentSaver
from itkgui.views.attachments.delete_guard import Doomed
from itkgui.views.attachments.list_and_detail import ListAndDetail
from itkgui.views.commands import HERE, WITHIN, offer
from itkgui.views.context.view_context import ViewContext
from itkgui.views.context.view_task import ViewTask
from itkgui.views.style import set_icon
from itkgui.views.widgets.empty_pane import EmptyPane
from itkgui.views.widgets.whole_window import WholeWindow

_SHARES = (9, 11)  # of the width, for list and preview


class AttachmentView(ListAndDetail):
    """Told which attachments to show; fetches the chosen one and previews it.

    After ``changed`` the page is to ask the server again: an attachment was deleted.
    """

    add_requested = Signal()
    owner_requested = Signal(object)  # Owner
    changed = Signal()

    view: AttachmentRows

    def __init__(self, context: ViewContext, *, of_one: bool = False) -> None:
        """``of_one`` leaves out what an attachment is from, since all are from the same."""
        self._context = context
        self._runs: Sequence[TestRun] = ()
        self._is_large = False
        self._row_before = -1  # where the selection rested before
        self._gone: set[str] = set()  # codes of what was deleted just now
        self.gallery: AttachmentGallery | None = None  # made when it is first wanted
        shelf = context.attachments
        self.table = AttachmentTable(shelf.known)
        view = AttachmentRows(self.table, shelf)
        view.set_widths(25, 20, 8, 13, 18, 16, 9, 15)
        view.stretch(0)
        hidden = (PERSON, STAGE, TYPE, TITLE)  # they stand above the preview, or in the headings
        for column in (*hidden, FROM) if of_one else hidden:
            view.hideColumn(column)
        kind = "attachments-of-one" if of_one else "attachments"
        view.remember(context.memory, kind)
        self.bar = AttachmentBar(view, self.table, context)
        self.saver = AttachmentSaver(context)
        self.preview = AttachmentPreview(context, of_one=of_one)
        self.add_button = QPushButton(_("Add files…"))
        set_icon(self.add_button, "upload")
        empty = EmptyPane("drop", _("Loading the attachments…"))
        bars = (self.bar, self.saver)
        super().__init__(view, self.add_button, empty, self.preview, _SHARES, bars)
        self.core_of_detail = self.preview.content
        self.remember(context.memory, kind)
        self._sight_task = ViewTask(self, context.messages.show)
        self._remover = AttachmentRemover(self, context)
        self._drag = AttachmentDrag(view, context)
        self._whole = WholeWindow(self.preview)
        self._connect()

    def _connect(self) -> None:
        view, preview = self.view, self.preview
        self._context.attachments.learned.connect(self._on_learned)
        view.record_chosen.connect(self._on_chosen)
        view.record_opened.connect(preview.open)
        self._whole.left.connect(self.leave_whole)
        self.table.layoutChanged.connect(self._on_arranged)
        view.in_sight.connect(self._on_in_sight)
        view.copy_wanted.connect(self._on_copy)
        view.drag_wanted.connect(lambda: self._drag.start(view.all_chosen))
        for source in (view, preview):
            source.large_wanted.connect(lambda: self.show_large(not self._is_large))
        preview.step_wanted.connect(self._step)
        preview.shown.connect(self._on_shown)
        preview.owner_requested.connect(self.owner_requested)
        preview.delete_wanted.connect(self._on_delete_wanted)
        preview.guard.confirmed.connect(self._remover.remove)
        self._remover.removed.connect(self._on_removed)
        preview.guard.closed.connect(self._take_focus)
        self.add_button.clicked.connect(self.add_requested)
        self.bar.gallery_wanted.connect(self._show_gallery)
        self.bar.save_wanted.connect(self._on_save_wanted)
        has_file = preview.save_button.isEnabled
        saving = offer(self, "save", self.save, context=WITHIN, is_available=has_file)
        view.addAction(saving)
        offer(self, "print", self._print, context=WITHIN, is_available=preview.print_button.isVisible)
        in_folders = partial(self.bar.save_wanted.emit, True)
        offer(view, "save-in-folders", in_folders, context=HERE)
        is_one = lambda: view.chosen is not None  # noqa: E731
        offer(view, "open-owner", self._open_owner, context=HERE, is_available=is_one)
        offer(view, "delete", preview.delete_button.click, context=HERE, is_available=is_one)

    # Contents ----------------------------------------------------------------------------------------------

    def show_attachments(
        self, attachments: Sequence[Attachment], subject: str = "", runs: Sequence[TestRun] = ()
    ) -> None:
        """Show the attachments around ``subject``, keeping the chosen one if it is still among them.

        ``runs`` tell what is known of the test runs that some are from.
        """
        self.trouble.hide()
        self._runs = runs
        self._context.attachments.forget_failures()
        self.bar.setVisible(bool(attachments))
        if not attachments:
            self.empty.say(_("No files yet."), _("Drop files anywhere on this page, or use “Add files…”."))
        self.table.set_origins(provenances(attachments, subject, runs))
        row = self.view.currentIndex().row()
        before = self.preview.attachment
        self.view.show_records(attachments, key=lambda attachment: attachment.code)
        self.bar.offer_choices()
        self._show_list(bool(attachments))
        self._tell_count()
        if self.view.chosen is None:  # or is no more among them, which no signal tells
            self.preview.show_nothing()
            if before is not None and row >= 0 and before.code in self._gone:
                self.view.choose_row(min(row, self.table.rowCount() - 1))
        self._gone = set()

    def _tell_count(self) -> None:
        count, shown = len(self.table.records), self.table.rowCount()
        said = (
            ngettext(
                "{count:,} file. Drop files anywhere on this page to add them.",
                "{count:,} files. Drop files anywhere on this page to add them.",
                count,
            )
            if shown == count
            else ngettext(
                "{shown:,} of {count:,} file. Drop files anywhere on this page to add them.",
                "{shown:,} of {count:,} files. Drop files anywhere on this page to add them.",
                count,
            )
        )
        self.summary.say(said.format(shown=shown, count=count) if count else "")

    def _on_arranged(self) -> None:
        """Let nothing be chosen that a filter hides: what one does next would concern it."""
        self._tell_count()
        shown = self.preview.attachment
        if shown is not None and self._row_of(shown.code) < 0:
            self.view.clearSelection()
            self.preview.show_nothing(_("The filter hides the file that was chosen."))

    def _show_list(self, has_some: bool) -> None:
        if has_some and self.bar.gallery_button.isChecked():
            self._show_gallery(True)
        else:
            self.rows.setCurrentWidget(self.view if has_some else self.empty)

    def show_error(self, error: ItkError) -> None:
        self.show_failure(_("The list of files could not be loaded."), error)

    def choose(self, code: str) -> None:
        """Choose the attachment with this code, and take the filter away if it hides it."""
        if self._row_of(code) < 0 and any(attachment.code == code for attachment in self.table.records):
            self.bar.clear()
        self.view.choose_row(self._row_of(code))
        if self.gallery is not None:
            self.gallery.scrollTo(self.view.currentIndex())

    def _row_of(self, code: str) -> int:
        return self.table.row_where(lambda attachment: attachment.code == code)

    def _on_in_sight(self, attachments: Sequence[Attachment]) -> None:
        self._sight_task.start(self._context.attachments.look_at(attachments))

    def _on_learned(self, code: str) -> None:
        self.view.repaint_row(code)

    def _on_chosen(self, attachment: Attachment) -> None:
        if attachment != self.preview.attachment:
            self.bring_detail_into_sight()
        if not self.preview.show_again(attachment):  # who looks at it, or is asked, is not disturbed
            self.preview.show_attachment(attachment, is_passing=self.view.is_key_held)

    def _on_shown(self, _attachment: Attachment) -> None:
        row = self.view.currentIndex().row()
        below = self.table.shown_between(row + 1, row + 2)
        above = self.table.shown_between(max(0, row - 1), row)
        # Who goes up is likely to go on so.
        self.preview.ahead.fetch((*above, *below) if row < self._row_before else (*below, *above))
        self._row_before = row

    # Gallery, large preview --------------------------------------------------------------------------------

    def _show_gallery(self, wanted: bool) -> None:
        if wanted and self.gallery is None:
            self.gallery = AttachmentGallery(self.view)
            self.gallery.in_sight.connect(self._on_in_sight)
            self.gallery.addActions(self.view.actions())
            self.rows.addWidget(self.gallery)
            self.setTabOrder(self.view, self.gallery)  # not behind all of the window, as what comes late
        if self.rows.currentWidget() is not self.empty or wanted:
            has_focus = self.rows.isAncestorOf(QWidget.focusWidget(self) or self)
            self.rows.setCurrentWidget(self.gallery if wanted and self.gallery is not None else self.view)
            if wanted and self.gallery is not None:
                self.gallery.scrollTo(self.view.currentIndex())
            if has_focus:
                self._take_focus()

    def show_large(self, wanted: bool) -> None:
        """Give the preview the whole window, or a part of the page; arrow keys go on from file to file."""
        self._is_large = wanted and self.view.chosen is not None
        self.preview.steps_sideways = self.rows.currentWidget() is self.gallery  # as they did there
        if self._is_large:
            self.preview.take_keys()  # before the list is hidden: Qt would choose any button of the window
        self.preview.show_as_large(self._is_large)
        self._whole.take(self._is_large)
        self._take_focus()

    def leave_whole(self) -> None:
        """Show the page again as it was, if it was left; who has the keys keeps them."""
        if not self._is_large:
            return
        self._is_large = False
        self.preview.show_as_large(False)
        self._whole.take(False)

    def _take_focus(self) -> None:
        shown = self.rows.currentWidget()
        if self._is_large:
            self.preview.take_keys()
        elif shown is not None:
            shown.setFocus(Qt.FocusReason.OtherFocusReason)

    def _step(self, by: int, is_held: bool) -> None:
        with self.view.following(is_held=is_held):
            self.view.choose_row(self.view.currentIndex().row() + by)

    # Out, and away -----------------------------------------------------------------------------------------

    def _on_copy(self) -> None:
        if isinstance(self.preview.file, ImageFile | TextFile):
            self.preview.copy()
        else:
            self.view.clipboard.copy(self.view.extract(only_chosen=True))

    def _on_save_wanted(self, only_chosen: bool) -> None:
        attachments = self.view.all_chosen if only_chosen else self.table.shown
        files = [attachment for attachment in attachments if attachment.storage is not Storage.LINK]
        count = len(files)
        title = ngettext(
            "Save {count:,} file in folders below…", "Save {count:,} files in folders below…", count
        )
        self.saver.ask(files, self.table.origin, title.format(count=count))

    def save(self) -> None:
        """Save the file that is shown where somebody says, or several chosen ones in folders."""
        if len(self.view.all_chosen) > 1:
            self._on_save_wanted(True)
        else:
            self.preview.save()

    def _print(self) -> None:
        if self.preview.tools.is_offered(self.preview.print_button):
            self.preview.print_button.click()

    def _on_delete_wanted(self) -> None:
        """Ask whether to delete what is chosen, as far as it can be."""
        shown, chosen = self.preview.attachment, self.view.all_chosen
        wanted = chosen if shown in chosen else [shown]
        doomed = [
            Doomed(attachment, self.table.origin(attachment).place, uses_of(attachment, self._runs))
            for attachment in wanted
            if attachment is not None and attachment.owner.kind is not OwnerKind.BATCH
        ]
        if self._remover.is_busy:
            self._context.messages.notify(
                _("Files are being deleted still; ask again when they are"), "caution"
            )
        elif doomed:
            self.preview.ask_to_delete(doomed)

    def _on_removed(self, codes: set[str]) -> None:
        self._gone = codes
        self.changed.emit()

    def _open_owner(self) -> None:
        if self.view.chosen is not None:
            self.owner_requested.emit(self.view.chosen.owner)
