"""One attachment: fetched when it is chosen, previewed, and given out of the program."""

from __future__ import annotations

import time
from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QToolButton, QVBoxLayout

from itkgui.client.downloads import LargerThanAllowed
from itkgui.client.exceptions import ItkError
from itkgui.client.files import BinaryFile, ImageFile, TextFile
from itkgui.decoding.image_files import Picture
from itkgui.decoding.printing import is_printable
from itkgui.item_models.attachment_table import kind_icon
from itkgui.item_models.attachment_words import facts_of, kept_text
from itkgui.language import N_, _
from itkgui.records.attachment import Attachment, OwnerKind, Storage
from itkgui.records.sizes import size_text
from itkgui.views.attachments.attachment_head import AttachmentHead
from itkgui.views.attachments.attachment_out import AttachmentOut
from itkgui.views.attachments.attachment_print import AttachmentPrint
from itkgui.views.attachments.delete_guard import DeleteGuard, Doomed
from itkgui.views.attachments.fetch_line import FetchLine
from itkgui.views.attachments.neighbours import Neighbours
from itkgui.views.attachments.stepping_pane import SteppingPane
from itkgui.views.commands import WITHIN, hint, offer
from itkgui.views.context.view_context import ViewContext
from itkgui.views.context.view_task import ViewTask
from itkgui.views.previews.caution_bar import CautionBar
from itkgui.views.previews.kind_button import KindButton
from itkgui.views.previews.other_programs import is_harmless_file
from itkgui.views.previews.pdf import PdfPreview
from itkgui.views.previews.preview_content import PreviewContent
from itkgui.views.previews.registry import broken_promise
from itkgui.views.style import arrange_by_text, set_role
from itkgui.views.widgets.empty_pane import EmptyPane

ASK_ABOVE = 50_000_000  # bytes: what is larger takes long on a slow line, and is loaded when asked for
_REST_S = 0.12  # a selection that changes sooner is on its way to another; longer than a key repeats
_LOW = 24  # lines of text; a lower page leaves most of its height to what is shown
_OPEN = N_("Open in another program")


class AttachmentPreview(SteppingPane):
    """Name, facts and actions of one attachment above its preview; fetches it when the selection rests on it.

    Emits ``shown`` when it has got there.
    """

    shown = Signal(object)  # Attachment
    owner_requested = Signal(object)  # Owner
    delete_wanted = Signal()

    def __init__(self, context: ViewContext, *, of_one: bool = False) -> None:
        """``of_one`` does not offer to open what the attachments are from: it is on the screen."""
        super().__init__()
        self._context, self._of_one = context, of_one
        self._attachment: Attachment | None = None
        self.file: BinaryFile | None = None
        """What is shown, once it is here."""
        self._changed_at = 0.0
        self._is_anew = False  # it is to be fetched, though it is here
        self._task = ViewTask(self, self._on_fetch_failed)
        self._out, self._printing = AttachmentOut(self, context), AttachmentPrint(self, context)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(round(_REST_S * 1000))
        self._rest.timeout.connect(self._load)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._build()
        self.show_nothing()

    def _build(self) -> None:
        self.head, self.advice = AttachmentHead(), CautionBar()
        self.name, self.facts, self.tools = self.head.name, self.head.facts, self.head.tools
        add = self.tools.add_tool
        self.save_button = add("save", _("Save as…"), self.save, command="save")
        self.large_button = add(
            "enlarge", _("Large preview"), self.large_wanted.emit, command="preview", checkable=True
        )
        self.copy_button = add("copy", _("Copy the file"), self.copy, command="copy-file")
        self.open_button = add("open-outside", _(_OPEN), self._on_open)
        self.owner_button = add("go-right", _("Open the test run"), self._on_owner)
        self.print_button = add("print", _("Print…"), self._on_print, command="print")
        self.delete_button = add("trash", _("Delete…"), self.delete_wanted.emit, command="delete")
        self.fetching = FetchLine()
        self.fetching.cancel_button.clicked.connect(self.cancel)
        self.guard = DeleteGuard()
        context = self._context
        self.content = PreviewContent(context.worker, context.decoders, context.downloads)
        self.ahead = Neighbours(self, context, self.content)
        self.content.retry_requested.connect(self._on_retry)
        self.content.kinds_changed.connect(self._on_kinds_changed)
        self.content.kinds_changed.connect(self._name_copy)
        self.anew = offer(self, "fetch-again", self._on_fetch_anew, context=WITHIN)
        self.kind_button = KindButton(self.content, self.anew)
        self.kind_button.setToolTip(_("Show it another way, or fetch it again"))
        set_role(self.kind_button, "tool")
        self.tools.add_widget(self.kind_button)
        advice = _("It is fetched when you ask for it.")
        self.large_file = EmptyPane("file", _("This is a large file."), advice)
        self.load_button = self.large_file.add_button(_("Load"))
        set_role(self.load_button, "main")
        self.load_button.clicked.connect(self._on_load_large)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.content)
        self.pages.addWidget(self.large_file)
        self.guard.closed.connect(self._on_guard_closed)

        guard = QHBoxLayout()
        guard.setContentsMargins(10, 0, 10, 4)
        guard.addWidget(self.guard)
        self._parts = QVBoxLayout(self)
        self._parts.setContentsMargins(0, 0, 0, 0)
        self._parts.setSpacing(4)
        self._parts.addWidget(self.head)
        self._parts.addLayout(guard)
        self._parts.addWidget(self.advice)
        self._parts.addWidget(self.fetching)
        self._parts.addWidget(self.pages, 1)
        self._parts.addStretch(0)
        arrange_by_text(self)

    @property
    def attachment(self) -> Attachment | None:
        """What is shown, or to be."""
        return self._attachment

    # Showing -----------------------------------------------------------------------------------------------

    def show_nothing(self, sentence: str = "") -> None:
        self._stop()
        self._attachment = None
        self.head.hide()
        advice = _("Choose a file in the list to look at it here.")
        self.content.show_nothing(sentence or _("No file chosen."), advice)

    def show_attachment(self, attachment: Attachment, *, is_passing: bool = False) -> None:
        """Show an attachment: at once if the selection has rested, else, or ``is_passing``, when it does."""
        now = time.monotonic()
        has_rested, self._changed_at = not is_passing and now - self._changed_at > _REST_S, now
        self._stop()
        self._attachment = attachment
        self.head.show()
        self.head.show_name(attachment.display_name)
        self._show_facts(attachment, None)
        self._allow(None)
        if has_rested:
            self._load()
        else:
            self.content.show_nothing("…")
            self._rest.start()

    def show_again(self, attachment: Attachment) -> bool:
        """Tell what is known by now of an attachment that is here, or in question; False for any other."""
        is_same = self._attachment is not None and self._attachment.code == attachment.code
        if not is_same or (self.file is None and self.guard.isHidden()):
            return False
        self._attachment = attachment
        self.head.show_name(attachment.display_name)
        self._show_facts(attachment, self.file)
        self._allow(self.file)
        return True

    def open(self, attachment: Attachment) -> None:
        """Fetch a large file that waits for a word; show any other anew, unless it is just being fetched."""
        if attachment == self._attachment and self.pages.currentWidget() is self.large_file:
            self._on_load_large()
        elif attachment != self._attachment or not (self._task.is_running or self._rest.isActive()):
            self.show_attachment(attachment)

    def _stop(self) -> None:
        """Give up what is under way for the file of before."""
        self._rest.stop()
        self._task.cancel()
        self.ahead.cancel()
        self.fetching.end()
        self.guard.close_question()
        self.advice.say("")
        self.file, self._is_anew = None, False
        self.pages.setCurrentWidget(self.content)

    def _load(self, *, most: int | None = ASK_ABOVE) -> None:
        attachment = self._attachment
        if attachment is None:
            return
        if attachment.storage is Storage.LINK:
            said = _("It leads to {url}; open it in another program.").format(url=attachment.url)
            self.content.show_nothing(_("This attachment is a link."), said)
        else:
            if self.content.shown_kind:  # it may stay for the moment until the next is decoded
                self.content.await_file()
            else:
                self.content.show_nothing("…")
            self._task.start(self._fetch(attachment, most))

    async def _fetch(self, attachment: Attachment, most: int | None) -> None:
        shelf, is_anew = self._context.attachments, self._is_anew
        file = None if is_anew else await shelf.find(attachment)
        if file is None:
            size = shelf.size(attachment)
            if most is not None and size is not None and size > most:
                self._ask_for_large(attachment, size)
                return
            self.content.show_nothing(_("Fetching the file…"))
            call = shelf.fetch(attachment, most=most, is_anew=is_anew)
            self.fetching.begin(call)
            # No "finally": when this task is cancelled, the view may be gone already.
            try:
                file = await call
            except LargerThanAllowed as error:
                self.fetching.end()
                self._ask_for_large(attachment, error.size)
                return
            self.fetching.end()
        shelf.note(attachment, file, is_anew=is_anew)
        self._is_anew, self.file = False, file
        self._show_facts(attachment, file)
        self._allow(file)
        self.advice.say(broken_promise(kind_icon(attachment), file))
        self.content.show_file(file)
        self.shown.emit(attachment)
        if is_anew:
            await shelf.look_at((attachment,))  # for its small picture

    def _ask_for_large(self, attachment: Attachment, size: int | None) -> None:
        said = _("Large file — load") if size is None else _("{size} — load").format(size=size_text(size))
        self.load_button.setText(said)
        self._show_facts(attachment, None, size)
        self.pages.setCurrentWidget(self.large_file)

    def _on_load_large(self) -> None:
        self.pages.setCurrentWidget(self.content)
        self._load(most=None)

    def _on_retry(self) -> None:
        self._load(most=None)

    def _on_fetch_anew(self) -> None:
        attachment = self._attachment
        if attachment is not None and attachment.storage is not Storage.LINK:
            self._stop()
            self._is_anew = True  # until it is here: what is kept stays as long
            self._allow(None)
            self._load(most=None)

    def cancel(self) -> None:
        """Stop fetching, and asking whether to delete."""
        self.guard.close_question()
        if self.fetching.call is not None:
            self.fetching.call.cancel()
            self.fetching.end()
            self.content.show_nothing(_("Not fetched."), can_retry=True)

    def _show_facts(self, attachment: Attachment, file: BinaryFile | None, size: int | None = None) -> None:
        known = file.size if file is not None else size or self._context.attachments.size(attachment)
        lines = facts_of(attachment, known, file.media_type if file is not None else "")
        if file is not None and self._context.connection.is_away:
            lines.append(kept_text(file.path))
        self.head.show_facts(lines)

    def _on_fetch_failed(self, error: ItkError) -> None:
        self.fetching.end()
        self.content.show_error(error)

    def show_as_large(self, is_large: bool) -> None:
        """Arrange what is told of the file for a preview that has the whole window, or a part of it."""
        self.large_button.setChecked(is_large)
        self.facts.setHidden(is_large)  # the list tells most of them
        self._fit_head()
        self._fit_page()

    def _fit_page(self) -> None:
        shown = self.content.currentWidget()
        if self.large_button.isChecked() and isinstance(shown, PdfPreview):
            shown.canvas.fit_page()

    def _fit_head(self) -> None:
        self.head.use_little_height(self._is_low or self.large_button.isChecked())

    @property
    def _is_low(self) -> bool:
        return self.height() < _LOW * self.fontMetrics().lineSpacing()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit_head()
        super().resizeEvent(event)

    def _on_kinds_changed(self) -> None:
        if self.content.shown_kind:
            self._fit_page()
        if self.hasFocus() and isinstance(self.content.key_taker, QLineEdit):
            self.take_keys()

    # Out and about -----------------------------------------------------------------------------------------

    def _allow(self, file: BinaryFile | None) -> None:
        """Offer what can be done with the attachment, whose file is here or not yet."""
        attachment = self._attachment
        kind = attachment.owner.kind if attachment is not None else OwnerKind.COMPONENT
        is_link = attachment is not None and attachment.storage is Storage.LINK
        for button in (self.save_button, self.copy_button):
            button.setEnabled(file is not None)
        self.tools.offer(self.print_button, file is not None and is_printable(file))
        self.tools.offer(self.owner_button, kind is not OwnerKind.COMPONENT and not self._of_one)
        self.tools.offer(self.delete_button, kind is not OwnerKind.BATCH)
        of_shipment = kind is OwnerKind.SHIPMENT
        _name(self.owner_button, _("Open the shipment") if of_shipment else _("Open the test run"))
        self._name_copy()
        can_open = is_link or (file is not None and is_harmless_file(file))
        self.open_button.setEnabled(can_open)
        is_odd = file is not None and not can_open
        self.open_button.setToolTip(_("Save it to open it in another program") if is_odd else _(_OPEN))

    def save(self) -> None:
        """Ask where to save what is shown."""
        if self.file is not None:
            self._out.save(self.file)

    def ask_to_delete(self, doomed: Sequence[Doomed]) -> None:
        """Ask whether to delete; where there is no room for both, in place of what is shown."""
        is_list = len(doomed) > 1
        self.guard.ask(doomed, self._context.database.user)
        self._parts.setStretch(1, int(is_list))
        self.pages.setHidden(is_list or self._is_low)

    def _on_guard_closed(self) -> None:
        self._parts.setStretch(1, 0)
        self.pages.show()

    @property
    def _picture(self) -> Picture | None:
        """What is copied as a picture: the one that is seen, else the first of a file of pictures."""
        return self.content.picture or (Picture(self.file) if isinstance(self.file, ImageFile) else None)

    def _name_copy(self) -> None:
        picture, is_text = self._picture, isinstance(self.file, TextFile)
        said = _("Copy the picture") if picture else _("Copy the text") if is_text else _("Copy the file")
        # The key copies the row of what is neither, and what is selected in its preview.
        _name(self.copy_button, said, "copy-file" if picture or is_text else "")

    def copy(self) -> None:
        """Copy what is shown to the clipboard."""
        if self.file is not None:
            self._out.copy(self.file, self._picture)

    def _on_open(self) -> None:
        if self._attachment is not None:
            self._out.open(self._attachment, self.file)

    def _on_print(self) -> None:
        if self.file is not None:
            self._printing.ask(self.file, self.content.typed_password, self.content.look)

    def _on_owner(self) -> None:
        if self._attachment is not None:
            self.owner_requested.emit(self._attachment.owner)


def _name(button: QToolButton, text: str, command: str = "") -> None:
    button.setToolTip(hint(text, command))
    button.setAccessibleName(text)
