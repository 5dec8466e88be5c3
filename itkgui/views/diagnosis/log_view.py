"""The log on the screen: the latest entries by severity and text, followed as it grows, to be copied."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QFocusEvent, QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from itkgui.background.worker import Worker
from itkgui.client import transfer
from itkgui.client.exceptions import FileUnreadable, ItkError
from itkgui.diagnosis.log_reader import LEVELS, MOST, Entry, Excerpt, Wanted, following, latest
from itkgui.item_models.comments import visible_lines
from itkgui.item_models.log_table import log_columns
from itkgui.item_models.plain_text import shown_text
from itkgui.item_models.record_table import RecordTable
from itkgui.language import _, ngettext
from itkgui.views.commands import offer
from itkgui.views.context.view_task import ViewTask
from itkgui.views.style import set_icon, set_role, set_room
from itkgui.views.tables.record_view import RecordView
from itkgui.views.widgets.empty_pane import EmptyPane
from itkgui.views.widgets.picker import Picker
from itkgui.views.widgets.trouble_pane import TroublePane

_TYPING_MS, _FOLLOW_MS = 250, 1000
_MOST_READ = 50  # entries below each other
_CHOICES = ("DEBUG", "INFO", "WARNING", "ERROR")
_MOST_FOLLOWED = 5 * MOST  # entries; then the earlier ones go


class LogView(QWidget):
    """Reads on the worker, and only while it is on the screen.

    With ``since`` it shows only what was written after a moment, where nobody may see what others did before.
    """

    def __init__(self, worker: Worker, log_file: Path, since: Callable[[], str] | None = None) -> None:
        super().__init__()
        self._worker, self._file, self._since = worker, log_file, since
        self._excerpt: Excerpt | None = None
        self._most = MOST
        self._task = ViewTask(self, self._on_failed)
        self.table: RecordTable[Entry] = RecordTable(log_columns())
        self.view = RecordView(self.table, _("Entries of the log"), several=True)
        self.view.set_widths(14, 11, 14, 30)
        self.view.stretch(3)
        self.view.records_chosen.connect(self._show_entries)
        self.level = Picker(_("Least severe entries to be shown"))
        names = (_("All"), _("Without details"), _("Warnings and errors"), _("Errors"))
        for level, name in zip(_CHOICES, names, strict=True):
            self.level.addItem(name, level)
        self.level.currentIndexChanged.connect(self.reload)
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("Find in the log"))
        self.search.setAccessibleName(_("Find in the log"))
        self.search.setClearButtonEnabled(True)
        set_room(self.search, least=(14, 0), most=(40, 0))
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self.reload)
        self.search.textChanged.connect(self._typing.start)
        self.search.returnPressed.connect(self.reload)
        self.follow = QCheckBox(_("Follow"))
        self.follow.setChecked(True)
        self.follow.setToolTip(_("Show what is written from now on, too"))
        self._following = QTimer(self)
        self._following.setInterval(_FOLLOW_MS)
        self._following.timeout.connect(self._look_on)
        self.follow.toggled.connect(self._on_follow)
        self.copy_button = self._button(_("Copy"), "copy", self.copy)
        self.folder_button = self._button(_("Open the folder"), "folder", self._open_folder)
        if since is not None:
            self.folder_button.hide()  # shown, it would be a window of its own for a moment
        self.earlier_button = self._button(_("Earlier ones"), "go-up", self._show_earlier)
        self.count = QLabel()
        self.count.setWordWrap(True)
        set_role(self.count, "quiet")
        self.empty = EmptyPane("text", "")
        self.trouble = TroublePane()
        self.trouble.retry_requested.connect(self.reload)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(_("The whole entry"))
        set_role(self.text, "reader")
        self._build()
        offer(self, "find-in-log", partial(self.search.setFocus, Qt.FocusReason.ShortcutFocusReason))

    def _button(self, text: str, icon_name: str, act: Callable[[], object]) -> QPushButton:
        button = QPushButton(text)
        set_icon(button, icon_name, "text", 16)
        button.clicked.connect(lambda: act())
        return button

    def _build(self) -> None:
        above = QHBoxLayout()
        above.setSpacing(8)
        for widget in (self.level, self.search, self.follow):
            above.addWidget(widget)
        above.addStretch(1)
        above.addWidget(self.copy_button)
        below = QHBoxLayout()
        below.addWidget(self.earlier_button)
        below.addWidget(self.count, 1)
        below.addWidget(self.folder_button)
        self.rows = QStackedWidget()
        set_role(self.rows, "pane")
        self.rows.addWidget(self.empty)
        self.rows.addWidget(self.view)
        self.panes = QSplitter(Qt.Orientation.Vertical)
        self.panes.addWidget(self.rows)
        self.whole = QFrame()
        set_role(self.whole, "pane")
        inside = QVBoxLayout(self.whole)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addWidget(self.text)
        self.panes.addWidget(self.whole)
        self.panes.setStretchFactor(0, 3)
        self.panes.setStretchFactor(1, 1)
        self.panes.setChildrenCollapsible(False)
        self.panes.setSizes([3_000, 1_000])  # a share each
        self.whole.hide()
        self.contents = QWidget()
        inside = QVBoxLayout(self.contents)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(8)
        inside.addLayout(above)
        inside.addWidget(self.panes, 1)
        inside.addLayout(below)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 10, 0, 0)
        layout.addWidget(self.trouble)
        layout.addWidget(self.contents, 1)
        layout.addStretch()

    @property
    def wanted(self) -> Wanted:
        """Which entries are asked for."""
        since = self._since() if self._since is not None else ""
        return Wanted(self.level.currentData() or LEVELS[0], self.search.text(), since)

    def focusInEvent(self, event: QFocusEvent) -> None:
        # No focus proxy: Qt's Tab would skip all that stands before it.
        self.view.setFocus(event.reason())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.reload()
        self._on_follow()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._following.stop()
        self._task.cancel()

    def reload(self) -> None:
        """Read the latest entries anew."""
        self._typing.stop()
        self._task.start(self._load())

    def copy(self) -> None:
        """Copy the chosen entries whole; all that are shown if none is chosen."""
        entries = self.view.all_chosen or self.table.shown
        QGuiApplication.clipboard().setText("\n".join(entry.text for entry in entries))

    async def _load(self) -> None:
        excerpt = await self._worker.call(self._read, self.wanted, self._most)
        self.trouble.hide()
        self.contents.show()
        self._excerpt = excerpt
        self.view.show_records(excerpt.entries, key=lambda entry: entry.place)
        self._tell_counts()
        if not self.view.all_chosen:
            self.view.scrollToBottom()

    def _read(self, wanted: Wanted, most: int) -> Excerpt:
        try:
            return latest(self._file, wanted, transfer.current().check, most)
        except OSError as error:
            raise _unreadable(error) from error

    def _look_on(self) -> None:
        if self._excerpt is not None and not self._task.is_running and not self._typing.isActive():
            self._task.start(self._load_news(self._excerpt))

    async def _load_news(self, before: Excerpt) -> None:
        news = await self._worker.call(self._read_news, self.wanted, before)
        if news is None or len(self.table.records) > _MOST_FOLLOWED:
            await self._load()
            return
        self._excerpt = replace(news, more=before.more)
        if news.entries:
            bar = self.view.verticalScrollBar()
            was_at_end = bar.value() == bar.maximum()
            self.table.append(news.entries, more=False)
            self._tell_counts()
            if was_at_end:
                self.view.scrollToBottom()

    def _read_news(self, wanted: Wanted, before: Excerpt) -> Excerpt | None:
        try:
            return following(self._file, wanted, before)
        except OSError as error:
            raise _unreadable(error) from error

    def _tell_counts(self) -> None:
        count, more = len(self.table.records), self._excerpt is not None and self._excerpt.more
        words = ngettext("{count} entry", "{count} entries", count).format(count=f"{count:,}")
        told = _("the latest {entries} of {file}").format(entries=words, file=self._file)
        if self._since is not None:
            told = _("{told}; what was done before is shown to whoever is signed in").format(told=told)
        self.count.setText(shown_text(told))
        self.earlier_button.setVisible(more)
        has_filter = bool(self.search.text().strip()) or self.level.currentIndex() > 0
        self.empty.say(
            _("No entry is like that.") if has_filter else _("The log is empty."),
            _("Choose another severity, or empty the box.") if has_filter else "",
        )
        self.rows.setCurrentWidget(self.view if count else self.empty)

    def _show_entries(self, entries: list[Entry]) -> None:
        text = "\n".join(entry.text for entry in entries[:_MOST_READ])
        self.text.setPlainText("\n".join(visible_lines(text)))
        self.whole.setVisible(bool(entries))

    def _show_earlier(self) -> None:
        self._most *= 5
        self.reload()

    def _on_follow(self) -> None:
        if self.follow.isChecked() and self.isVisible():
            self._following.start()
        else:
            self._following.stop()

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._file.parent)))

    def _on_failed(self, error: ItkError) -> None:
        self._excerpt = None
        self.table.replace(())
        self.contents.hide()
        self.trouble.show_error(error)


def _unreadable(error: OSError) -> FileUnreadable:
    found = FileUnreadable(str(error))
    found.title = _("Log not readable")
    found.sentence = _(
        "There is no log file, or it cannot be read: the program may have no right to write one."
    )
    found.cure = _("See the check of the disk; messages are on the terminal meanwhile.")
    return found
