"""The comments on a component: read them, newest first, and add one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import (
    QFont,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QStackedWidget,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from itkgui.client.exceptions import ItkError
from itkgui.item_models.comments import visible_lines
from itkgui.item_models.moments import local_text, sort_key, utc_hint
from itkgui.item_models.plain_text import plain_hint, shown_text
from itkgui.language import _, ngettext
from itkgui.records.comment import Comment
from itkgui.records.component import Component
from itkgui.views.commands import HERE, offer
from itkgui.views.context.view_context import ViewContext
from itkgui.views.context.view_task import ViewTask
from itkgui.views.style import set_icon, set_role, set_room
from itkgui.views.widgets.empty_pane import EmptyPane
from itkgui.views.widgets.trouble_pane import TroublePane

_AT_ONCE = 100  # comments
_IN_A_FRAME = 10
_LONGEST = 5_000  # characters shown of one comment until all is asked for
_UTMOST = 100_000  # characters shown of one comment after that; the Raw tab has them all
_LONGEST_LINE = 2_000  # characters: Qt lays out a line as a whole


class CommentsView(QWidget):
    """Shows what a component came with; after one was added, what the server has now."""

    comment_added = Signal()

    def __init__(self, context: ViewContext) -> None:
        super().__init__()
        self._context = context
        self._component: Component | None = None
        self._comments: Sequence[Comment] = ()
        self._shows_all = False
        self._sending = ViewTask(self, self._on_failed)
        self._filling = ViewTask(self, context.messages.show)
        self._build()
        self._on_text_changed()

    def _build(self) -> None:
        self.reader = QTextEdit()
        self.reader.setReadOnly(True)
        self.reader.setAcceptDrops(False)
        self.reader.setUndoRedoEnabled(False)
        self.reader.setTabChangesFocus(True)
        self.reader.setLineWrapMode(QTextEdit.LineWrapMode.WidgetWidth)
        self.reader.setAccessibleName(_("Comments"))
        set_role(self.reader, "prose")
        self.more_button = QPushButton(_("Show all of it"))
        set_role(self.more_button, "link")
        self.more_button.clicked.connect(self._on_all_wanted)
        self.empty = EmptyPane("text", _("No comments yet."), _("Write the first one below."))
        self._pages = QStackedWidget()
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self.reader)
        self.trouble = TroublePane(can_retry=False)
        self.editor = QPlainTextEdit()
        self.editor.setAcceptDrops(False)
        self.editor.setTabChangesFocus(True)
        self.editor.setAccessibleName(_("Write a comment"))
        set_room(self.editor, least=(0, 4), most=(0, 4))
        self.editor.textChanged.connect(self._on_text_changed)
        self.author = QLabel()
        self.author.setTextFormat(Qt.TextFormat.PlainText)
        self.author.setWordWrap(True)
        set_role(self.author, "quiet")
        self.add_button = QPushButton(_("Add comment (Ctrl+Enter)"))
        set_role(self.add_button, "main")
        set_icon(self.add_button, "text", "on_accent")
        self.add_button.clicked.connect(self._on_add)
        offer(self.editor, "send-comment", self._on_add, context=HERE)

        below = QHBoxLayout()
        below.addWidget(self.author, 1)
        below.addWidget(self.add_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 12)
        layout.setSpacing(8)
        layout.addWidget(self._pages, 1)
        layout.addWidget(self.more_button, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self.trouble)
        layout.addWidget(self.editor)
        layout.addLayout(below)

    # Reading -----------------------------------------------------------------------------------------------

    def show_component(self, component: Component) -> None:
        self._component = component
        user = self._context.database.user
        said = (
            _("As {person}, on {component}")
            if user.signature
            else _("As the owner of the bearer token, on {component}")
        )
        label = component.label
        self.author.setText(shown_text(said.format(person=user.signature, component=label)))
        self.editor.setPlaceholderText(
            shown_text(_("Write a comment on {component}…").format(component=label))
        )
        self._show(component.comments)

    def _show(self, comments: Iterable[Comment]) -> None:
        newest_first = sorted(comments, key=lambda comment: sort_key(comment.moment), reverse=True)
        if newest_first == list(self._comments) and self._comments:
            return  # whoever reads, or has chosen some words, is not disturbed
        self._comments = newest_first
        self._fill()

    def _fill(self) -> None:
        """Show the newest comments, or, once they were asked for, all of them, a few in each frame."""
        self._filling.cancel()
        place = self.reader.verticalScrollBar().value()
        self.reader.clear()
        self._pages.setCurrentWidget(self.reader if self._comments else self.empty)
        is_cut = len(self._comments) > _AT_ONCE or any(len(c.text) > _LONGEST for c in self._comments)
        self.more_button.setVisible(is_cut and not self._shows_all)
        if self._shows_all:
            self._filling.start(self._write_all(place))
        else:
            self._write(self._comments[:_AT_ONCE], _LONGEST)
            self.reader.verticalScrollBar().setValue(place)

    async def _write_all(self, place: int) -> None:
        for first in range(0, len(self._comments), _IN_A_FRAME):
            self._write(self._comments[first : first + _IN_A_FRAME], _UTMOST)
            await asyncio.sleep(0)
        self.reader.verticalScrollBar().setValue(place)

    def _write(self, comments: Sequence[Comment], length: int) -> None:
        cursor = QTextCursor(self.reader.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.beginEditBlock()
        for comment in comments:
            _write(cursor, comment, length)
        cursor.endEditBlock()

    def _on_all_wanted(self) -> None:
        self._shows_all = True
        self._fill()

    # Writing -----------------------------------------------------------------------------------------------

    @property
    def has_draft(self) -> bool:
        """Whether a comment was begun and not sent."""
        return bool(self.editor.toPlainText().strip())

    @property
    def is_sending(self) -> bool:
        return self._sending.is_running

    def _on_text_changed(self) -> None:
        self.add_button.setEnabled(self.has_draft and not self.is_sending)

    def _on_add(self) -> None:
        if self._component is None or not self.has_draft or self.is_sending:
            return
        self.trouble.hide()
        self._sending.start(self._send(self._component, self.editor.toPlainText().strip()))
        self._set_busy(True)

    async def _send(self, component: Component, text: str) -> None:
        database, worker = self._context.database, self._context.worker
        comments = await worker.call(database.add_comment, component.owner, text)
        self.editor.clear()
        self._set_busy(False)
        self._show(comments)
        self.reader.verticalScrollBar().setValue(0)
        self._context.messages.notify(
            _("The comment is on {component}: sent and read back").format(component=component.label), "good"
        )
        self.comment_added.emit()

    def _on_failed(self, error: ItkError) -> None:
        self._set_busy(False)
        self.trouble.show_error(error)

    def _set_busy(self, busy: bool) -> None:
        self.editor.setReadOnly(busy)
        self.add_button.setText(_("Sending…") if busy else _("Add comment (Ctrl+Enter)"))
        self.add_button.setEnabled(not busy and self.has_draft)
        if not busy:
            self.editor.setFocus()


def _write(cursor: QTextCursor, comment: Comment, length: int) -> None:
    """Write one comment at the end of a document, as plain text whatever stands in it."""
    is_first = cursor.atStart()
    head, said = QTextBlockFormat(), QTextBlockFormat()
    head.setTopMargin(4 if is_first else 16)
    said.setTopMargin(2)
    name, plain, when = QTextCharFormat(), QTextCharFormat(), QTextCharFormat()
    name.setFontWeight(QFont.Weight.DemiBold)
    when.setToolTip(plain_hint(utc_hint(comment.moment)))
    if is_first:
        cursor.setBlockFormat(head)
    else:
        cursor.insertBlock(head)
    cursor.insertText(shown_text(comment.user.name or _("Somebody")), name)
    cursor.insertText(f"   {local_text(comment.moment)}", when)
    text = comment.text
    shown, left = text[:length], len(text) - length
    if left > 0:
        more = ngettext("… {count:,} more character", "… {count:,} more characters", left)
        shown += "\n" + more.format(count=left)
    for line in visible_lines(shown):
        for start in range(0, len(line), _LONGEST_LINE) or (0,):
            cursor.insertBlock(said, plain)
            cursor.insertText(line[start : start + _LONGEST_LINE], plain)
