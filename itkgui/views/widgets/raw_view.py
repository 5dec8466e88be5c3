"""The server's own JSON of a component or a test run: to be read, searched and copied."""

from __future__ import annotations

import asyncio
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication, QTextCursor
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from itkgui.item_models.json_pages import JsonPages
from itkgui.language import _, ngettext
from itkgui.records.json_fields import Json
from itkgui.records.sizes import size_text
from itkgui.views.commands import offer
from itkgui.views.context.view_context import ViewContext
from itkgui.views.context.view_task import ViewTask
from itkgui.views.style import set_icon, set_role, set_room
from itkgui.views.widgets.loading_pane import LoadingPane, LoadingWords

_PAUSE_MS = 150  # after the last key before the text is searched


class RawView(QWidget):
    """Laid out beside the GUI, shown a piece at a time; Ctrl+F finds, F3 goes on, Shift+F3 back."""

    def __init__(self, context: ViewContext) -> None:
        super().__init__()
        self._context = context
        self._raw: Json | None = None
        self._command = ""
        self._pages: JsonPages | None = None
        self._found: list[tuple[int, int]] = []
        self._finding = ViewTask(self, context.messages.show)
        self._build()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(lambda: self._finding.start(self._find()))
        self.find_box.textChanged.connect(self._pause.start)

    def _build(self) -> None:
        self.reader = QPlainTextEdit()
        self.reader.setReadOnly(True)
        self.reader.setAcceptDrops(False)
        self.reader.setUndoRedoEnabled(False)
        self.reader.setTabChangesFocus(True)
        self.reader.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.reader.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.reader.setAccessibleName(_("The server's JSON"))
        set_role(self.reader, "reader")
        words = LoadingWords(
            _("Loading the JSON…"),
            _("Loading the JSON was stopped."),
            _("The JSON could not be loaded."),
        )
        self.pane = LoadingPane(self.reader, "text", words, self._load)
        self.facts, self.count = QLabel(), QLabel()
        for label in (self.facts, self.count):
            set_role(label, "quiet")
        self.facts.setContentsMargins(12, 2, 12, 6)
        self.find_box = QLineEdit()
        self.find_box.setPlaceholderText(_("Find in the JSON (Ctrl+F)"))
        self.find_box.setClearButtonEnabled(True)
        self.find_box.setAccessibleName(_("Find in the JSON"))
        set_room(self.find_box, least=(10, 0), most=(24, 0))
        self.find_box.returnPressed.connect(lambda: self._go(1))
        self.previous_button, self.next_button = QToolButton(), QToolButton()
        for button, text, hint, step in (
            (self.previous_button, _("Previous"), _("Go to the one before (Shift+F3)"), -1),
            (self.next_button, _("Next"), _("Go to the next one (F3)"), 1),
        ):
            button.setText(text)
            button.setToolTip(hint)
            button.clicked.connect(lambda _checked=False, step=step: self._go(step))
        self.copy_button = QPushButton(_("Copy all"))
        set_icon(self.copy_button, "copy")
        self.copy_button.clicked.connect(self._on_copy)
        offer(self, "find", self._on_find_wanted)
        offer(self, "find-next", partial(self._go, 1))
        offer(self, "find-before", partial(self._go, -1))
        above = QHBoxLayout()
        above.setContentsMargins(12, 8, 12, 8)
        above.addWidget(self.count, 1)
        for widget in (self.find_box, self.previous_button, self.next_button, self.copy_button):
            above.addWidget(widget)
        above.setStretchFactor(self.find_box, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(above)
        layout.addWidget(self.pane, 1)
        layout.addWidget(self.facts)
        self._show_count()

    def show_raw(self, raw: Json, command: str) -> None:
        """Show what the server said to a command, as soon as somebody looks."""
        self._raw, self._command = raw, command
        self.pane.reload()

    def cancel(self) -> None:
        self._finding.cancel()
        self.pane.cancel()

    async def _load(self) -> None:
        raw = self._raw
        if raw is None:
            return
        pages = await self._context.worker.call(JsonPages.of, raw)
        if self._pages is not None and pages.text == self._pages.text and self.pane.has_content:
            self.pane.show_content()
            return
        places = [bar.value() for bar in (self.reader.verticalScrollBar(), self.reader.horizontalScrollBar())]
        cursor = self.reader.textCursor()
        chosen = cursor.anchor(), cursor.position()
        self._pages = pages
        self.reader.clear()
        self.pane.show_content()
        end = QTextCursor(self.reader.document())
        for number, piece in enumerate(pages.pieces):
            end.movePosition(QTextCursor.MoveOperation.End)
            end.insertText(f"\n{piece}" if number else piece)
            await asyncio.sleep(0)
        self._select(*chosen)
        for bar, place in zip(
            (self.reader.verticalScrollBar(), self.reader.horizontalScrollBar()), places, strict=True
        ):
            bar.setValue(place)
        size = len(pages.text.encode(errors="replace"))
        self.facts.setText(f"{self._command}, {size_text(size)}")
        self._found = pages.find(self.find_box.text()) if self.find_box.text() else []
        self._show_count()

    # Finding -----------------------------------------------------------------------------------------------

    def _on_find_wanted(self) -> None:
        self.find_box.setFocus()
        self.find_box.selectAll()

    async def _find(self) -> None:
        pages = self._pages
        if pages is None:
            return
        self._found = await self._context.worker.call(pages.find, self.find_box.text())
        self._show_count()
        self._go(0)

    def _go(self, step: int) -> None:
        """Select the next match after the cursor, or before it; around the ends. 0 keeps one that fits."""
        if not self._found:
            return
        cursor = self.reader.textCursor()
        here = cursor.selectionStart(), cursor.selectionEnd()
        if step < 0:
            place = next((n for n in reversed(range(len(self._found))) if self._found[n] < here), -1)
        else:
            place = next(
                (n for n, found in enumerate(self._found) if found > here or (step == 0 and found == here)), 0
            )
        self._select(*self._found[place])
        self.reader.centerCursor()
        self._show_count(place % len(self._found) + 1)

    def _select(self, start: int, end: int) -> None:
        longest = max(0, self.reader.document().characterCount() - 1)
        cursor = self.reader.textCursor()
        cursor.setPosition(min(start, longest))
        cursor.setPosition(min(end, longest), QTextCursor.MoveMode.KeepAnchor)
        self.reader.setTextCursor(cursor)

    def _show_count(self, number: int = 0) -> None:
        wanted = bool(self.find_box.text())
        total = len(self._found)
        if number:
            found = _("{number:,} of {total:,}").format(number=number, total=total)
        else:
            found = ngettext("{count:,} found", "{count:,} found", total).format(count=total)
        self.count.setText((found if self._found else _("not found")) if wanted else "")
        set_role(self.count, "quiet" if self._found or not wanted else "bad")
        for button in (self.previous_button, self.next_button):
            button.setEnabled(bool(self._found))

    def _on_copy(self) -> None:
        if self._pages is not None:
            QGuiApplication.clipboard().setText(self._pages.text)
            self._context.messages.notify(_("The JSON was copied"))
