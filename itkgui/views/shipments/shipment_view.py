"""The page of one shipment: which it is, always in sight, and tabs for all that is known of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QStackedWidget, QVBoxLayout

from itkgui.client.exceptions import ItkError
from itkgui.item_models.moments import local_text, sort_key
from itkgui.item_models.plain_text import shown_text
from itkgui.language import _, ngettext
from itkgui.records.attachment import Owner
from itkgui.records.comment import Comment
from itkgui.records.shipment import Shipment, ShipmentItem
from itkgui.views.attachments.attachment_view import AttachmentView
from itkgui.views.context.view_context import ViewContext
from itkgui.views.review.drop_area import DropArea
from itkgui.views.review.review_sheet import ReviewSheet
from itkgui.views.shipments.checklist_view import ChecklistView
from itkgui.views.shipments.shipment_overview import ShipmentOverview
from itkgui.views.shipments.shipment_strip import ShipmentStrip
from itkgui.views.style import set_role
from itkgui.views.widgets.empty_pane import EmptyPane
from itkgui.views.widgets.loading_pane import LoadingPane, LoadingWords
from itkgui.views.widgets.tall_page import TallPage, TallTabs

OVERVIEW, CHECKLIST, COMMENTS, ATTACHMENTS = range(4)
_MOST_LINES = 200  # of one comment; nobody reads more, and laying out a megabyte takes seconds


class ShipmentView(DropArea):
    """Shows one shipment at a time; files dropped anywhere on it are reviewed, then sent to it."""

    strip: ShipmentStrip

    component_requested = Signal(str)  # code
    back_requested = Signal()
    loaded = Signal()

    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        self._id = ""
        self.shipment: Shipment | None = None
        set_role(self, "page")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.strip = ShipmentStrip()
        self.strip.back_requested.connect(self.back_requested)
        self.strip.reload_requested.connect(self.reload)
        copied = _("{number} copied")
        self.strip.copied.connect(lambda number: context.messages.notify(copied.format(number=number)))
        self.unread = QLabel()
        self.unread.setTextFormat(Qt.TextFormat.PlainText)
        self.unread.setWordWrap(True)
        set_role(self.unread, "pill-caution")
        self.unread.hide()
        self.overview = ShipmentOverview(context)
        self.overview.item_opened.connect(self._on_item_opened)
        self.tabs = TallTabs()
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.overview, _("Overview"))
        words = LoadingWords(
            _("Loading the shipment…"),
            _("Loading the shipment was stopped."),
            _("The shipment could not be loaded."),
        )
        self.pane = LoadingPane(self.tabs, "shipment", words, self._load)
        self.pane.renewing.connect(self.strip.tell_renewing)
        self.body.addWidget(self.pane)
        page = TallPage()
        page.layout_of_content.addWidget(self.strip)
        page.layout_of_content.addWidget(self.age_line)
        page.layout_of_content.addWidget(self.unread)
        page.layout_of_content.addWidget(self.body, 1)
        self.content = page.layout_of_content
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(page)

    async def complete(self) -> None:
        """Make the other tabs, a frame for each; awaited before the view is shown."""
        await asyncio.sleep(0)
        self.checklist = ChecklistView()
        self.tabs.addTab(self.checklist, _("Check-list"))
        self.comments = _CommentReader()
        self.tabs.addTab(self.comments, _("Comments"))
        await asyncio.sleep(0)
        self.attachments = AttachmentView(self._context, of_one=True)
        self.attachments.add_requested.connect(self.choose_files)
        self.attachments.retry_requested.connect(self.reload)
        self.attachments.changed.connect(self.reload)
        self.tabs.addTab(self.attachments, _("Attachments"))
        await asyncio.sleep(0)
        self.listen()

    @property
    def shipment_id(self) -> str:
        """The id of the shipment on the screen, whether it is loaded or not."""
        return self._id

    @property
    def label(self) -> str:
        """What to call the shipment on the screen."""
        return self.shipment.label if self.shipment else self._id

    # Loading -----------------------------------------------------------------------------------------------

    def open(self, shipment_id: str) -> bool:
        """Show a shipment by its id; return False if files for another one wait for a decision."""
        if shipment_id != self._id:
            if self.is_reviewing:
                return False
            self._forget()
            self._id = shipment_id
        self.pane.reload()
        return True

    def _forget(self) -> None:
        self.shipment = None
        self.target_name = ""
        self.tabs.setCurrentIndex(OVERVIEW)
        self.strip.show_nothing(_("Shipment"))
        self.unread.hide()
        self.attachments.show_attachments(())
        self.pane.show_nothing("")
        self.give_up_review()

    def reload(self) -> None:
        """Ask the server again; what is chosen stays chosen."""
        self.pane.reload()

    def cancel(self) -> bool:
        """Stop loading; return False if nothing was being loaded."""
        was_loading = self.pane.is_loading
        self.pane.cancel()
        self.attachments.preview.cancel()
        return was_loading

    async def _load(self) -> None:
        ask = partial(self._context.database.shipment, self._id)
        try:
            shipment = await self._context.worker.call(ask)
        except ItkError:
            if self.shipment is None:
                self.strip.show_nothing(_("Shipment not loaded"))
            raise
        self._show(shipment)
        self.pane.show_content()
        self.loaded.emit()
        if self.hasFocus():
            self.show_tab(self.tabs.currentIndex())

    def _show(self, shipment: Shipment) -> None:
        self.shipment = shipment
        self.target_name = _("the shipment {name}").format(name=shown_text(shipment.label))
        self.strip.show_shipment(shipment)
        unread = _("Could not be read in the server's answer: {names}.")
        self.unread.setText(unread.format(names=", ".join(shipment.unreadable)))
        self.unread.setVisible(bool(shipment.unreadable))
        self.overview.show_shipment(shipment)
        has_arrived = shipment.status.startswith("delivered")
        self.checklist.show_checklist(shipment.checklist, has_arrived=has_arrived)
        self.comments.show_comments(shipment.comments)
        newest_first = sorted(shipment.attachments, key=lambda a: sort_key(a.moment), reverse=True)
        self.attachments.show_attachments(newest_first, shipment.label)
        self.choose_new(self.attachments)
        for tab, text, count in (
            (COMMENTS, _("Comments"), len(shipment.comments)),
            (ATTACHMENTS, _("Attachments"), len(shipment.attachments)),
        ):
            self.tabs.setTabText(tab, f"{text} ({count})" if count else text)

    def show_tab(self, tab: int) -> None:
        """Show a tab, its table ready for the arrow keys."""
        if tab < self.tabs.count():
            self.tabs.setCurrentIndex(tab)
            views = (
                self.overview.items_view,
                self.checklist.view,
                self.comments.reader,
                self.attachments.view,
            )
            views[tab].setFocus()

    def _on_item_opened(self, item: ShipmentItem) -> None:
        if item.component.key:
            self.component_requested.emit(item.component.key)
        else:
            self._context.messages.notify(_("The server does not tell which component this is."), "caution")

    # Files coming in ---------------------------------------------------------------------------------------

    def set_targets(self, sheet: ReviewSheet) -> None:
        if self.shipment is not None:
            sheet.set_shipment(self.shipment)

    @property
    def picture_names(self) -> tuple[str, str]:
        return self.label, ""

    @property
    def owners(self) -> tuple[Owner, ...]:
        return (self.shipment.owner,) if self.shipment is not None else ()

    def show_files(self) -> None:
        self.tabs.setCurrentIndex(ATTACHMENTS)


class _CommentReader(QStackedWidget):
    """The comments, newest first; no command is known that adds one to a shipment (API reference §5.8)."""

    def __init__(self) -> None:
        super().__init__()
        advice = _(
            "They are written when a shipment is made; put what comes up later in a file and drop it here."
        )
        self.empty = EmptyPane("text", _("No comments."), advice)
        self.reader = QPlainTextEdit()
        self.reader.setReadOnly(True)
        self.reader.setAcceptDrops(False)
        self.reader.setTabChangesFocus(True)
        self.reader.setAccessibleName(_("Comments"))
        set_role(self.reader, "prose")
        self.addWidget(self.empty)
        self.addWidget(self.reader)

    def show_comments(self, comments: Sequence[Comment]) -> None:
        newest_first = sorted(comments, key=lambda comment: sort_key(comment.moment), reverse=True)
        text = "\n\n".join(map(_written, newest_first))
        if text != self.reader.toPlainText():  # whoever reads, or has chosen some words, is not disturbed
            self.reader.setPlainText(text)
        self.setCurrentIndex(1 if comments else 0)


def _written(comment: Comment) -> str:
    """Return a comment as lines that are safe to show."""
    lines = comment.text.splitlines()
    shown = [shown_text(line) for line in lines[:_MOST_LINES]]
    if len(lines) > _MOST_LINES:
        more = len(lines) - _MOST_LINES
        said = ngettext("… {count} more line", "… {count} more lines", more)
        shown.append(said.format(count=f"{more:,}"))
    name = shown_text(comment.user.name or _("Somebody"))
    return "\n".join((f"{name}, {local_text(comment.moment)}", *shown))
