"""The line that fetches a tray ahead: how far it is, what came of it, and the button that stops it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QToolButton

from itkgui.background.worker import Lane
from itkgui.client.exceptions import ItkError
from itkgui.client.fetch_ahead import Fetched, Progress, fetch_ahead, look_again
from itkgui.item_models.fetch_words import progress_text, tally_text, tone_of
from itkgui.item_models.plain_text import shown_text
from itkgui.language import _
from itkgui.records.component import ComponentSummary
from itkgui.views.context.view_context import ViewContext
from itkgui.views.context.view_task import ViewTask
from itkgui.views.style import set_icon, set_role, set_room

_PROGRESS_MS = 200
_SETTLE_MS = 500  # several writes, as of many files, are looked at together
_MEGABYTE = 1_000_000
_KEY, _VERSION, _MOST = "fetched-ahead", 1, 500
_ICONS = {"good": "passed", "caution": "warning"}


class FetchAheadBar(QFrame):
    """Hidden until something is fetched; what came of it stays until it is closed."""

    fetched = Signal(object)  # list of Fetched, as they come
    ended = Signal()

    def __init__(self, context: ViewContext) -> None:
        super().__init__()
        self._context = context
        self._task = ViewTask(self, self._on_failed)
        self._progress = Progress(0)
        self._told = 0
        self._here: dict[str, Fetched] = {}  # what was told, by the keys of the components
        self._looking = ViewTask(self, self._on_look_failed)
        self._settling = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settling.timeout.connect(self._look_again)
        context.connection.forgotten.connect(self._settling.start)
        if earlier := _told_before(context.memory.get_here(_KEY, _VERSION)):
            self._looking.start(self._find_again(earlier))
        self._is_running = self._was_stopped = False
        set_role(self, "notice-quiet")
        self.picture, self.text = QLabel(), QLabel()
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setWordWrap(True)
        self.text.setMinimumWidth(1)
        set_role(self.text, "notice-words")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        set_room(self.bar, most=(22, 0))
        self.cancel_button, self.close_button = QPushButton(_("Stop")), QToolButton()
        self.cancel_button.setAccessibleName(_("Stop fetching ahead"))
        self.cancel_button.clicked.connect(self.cancel)
        set_icon(self.close_button, "close", "quiet")
        self.close_button.setAccessibleName(_("Close this notice"))
        self.close_button.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 4, 8, 4)
        layout.setSpacing(10)
        layout.addWidget(self.picture)
        layout.addWidget(self.text, 1)
        for widget in (self.bar, self.cancel_button, self.close_button):
            layout.addWidget(widget)
        self._timer = QTimer(self)
        self._timer.setInterval(_PROGRESS_MS)
        self._timer.timeout.connect(self._show_progress)
        self.hide()

    @property
    def is_running(self) -> bool:
        return self._is_running

    def begin(self, components: Sequence[ComponentSummary]) -> None:
        """Fetch all that the pages of these components show, instead of what was being fetched."""
        self.cancel()
        self._progress, self._told = Progress(len(components)), 0
        self._is_running = True
        self._task.start(self._fetch(components))
        set_role(self, "notice-quiet")
        set_icon(self.picture, "go-down", "quiet", 18)
        for widget, is_seen in ((self.bar, True), (self.cancel_button, True), (self.close_button, False)):
            widget.setVisible(is_seen)
        self._show_progress()
        self._timer.start()
        self.show()

    async def _fetch(self, components: Sequence[ComponentSummary]) -> None:
        context = self._context
        largest = context.database.settings.fetch_ahead_megabytes * _MEGABYTE
        work = partial(fetch_ahead, context.database, context.cache, components, largest, self._progress)
        await context.worker.call(work, lane=Lane.TRANSFERS)
        self._end()

    def cancel(self) -> None:
        """Stop; what is here stays."""
        if self._task.is_running:
            self._task.cancel()
            self._end(was_stopped=True)

    def _show_progress(self) -> None:
        progress = self._progress
        self.text.setText(shown_text(progress_text(progress)))
        self.bar.setRange(0, max(1, progress.total))
        self.bar.setValue(len(progress.done))
        self._tell_fetched()

    def _tell_fetched(self) -> None:
        fresh: list[Fetched] = self._progress.done[self._told :]
        self._told += len(fresh)
        if fresh:
            self._tell(fresh)

    def _tell(self, found: list[Fetched]) -> None:
        self._here.update((one.key, one) for one in found)
        ready = [one.to_json() for one in self._here.values() if one.is_page_here]
        self._context.memory.put_here(_KEY, _VERSION, ready[-_MOST:])
        self.fetched.emit(found)

    def _look_again(self) -> None:
        """Take back what is no longer true of what was fetched, as after a write."""
        if self._is_running:  # what is being fetched may have been begun before
            self._settling.start()
        elif self._here:
            self._looking.start(self._look_at(list(self._here.values())))

    async def _look_at(self, known: list[Fetched]) -> None:
        now = await self._context.worker.call(self._looked_at, known)
        self._tell([new for old, new in zip(known, now, strict=True) if new != old])
        if not (self._is_running or self.isHidden()):
            self._progress.done = [self._here[one.key] for one in self._progress.done]
            self._show_tally()

    async def _find_again(self, earlier: list[Fetched]) -> None:
        """Tell of what was fetched before this start and can still be read."""
        now = await self._context.worker.call(self._looked_at, earlier)
        self._tell([one for one in now if one.is_page_here])

    def _looked_at(self, known: list[Fetched]) -> list[Fetched]:
        context = self._context
        return [look_again(context.database, context.cache, one) for one in known]

    def _on_look_failed(self, _error: ItkError) -> None:
        """Leave it as it was told: only the end of the session, or a stop, keeps this from being found."""

    def _end(self, *, was_stopped: bool = False) -> None:
        self._is_running, self._was_stopped = False, was_stopped
        self._timer.stop()
        self._tell_fetched()
        self._context.messages.notify(*self._show_tally())
        self.ended.emit()

    def _show_tally(self) -> tuple[str, str]:
        """Show what came of it, and return that with its tone."""
        said, tone = tally_text(self._progress, was_stopped=self._was_stopped), tone_of(self._progress)
        set_role(self, "notice-quiet" if tone == "good" else "notice-caution")
        set_icon(self.picture, _ICONS[tone], tone, 18)
        self.text.setText(shown_text(said))
        for widget, is_seen in ((self.bar, False), (self.cancel_button, False), (self.close_button, True)):
            widget.setVisible(is_seen)
        return said, tone

    def _on_failed(self, error: ItkError) -> None:
        self._progress.stopped_by = error
        self._end()


def _told_before(kept: Any) -> list[Fetched]:
    try:
        return [Fetched.from_json(one) for one in kept or ()]
    except (ValueError, TypeError, KeyError, OverflowError, OSError):  # somebody wrote into the file
        return []
