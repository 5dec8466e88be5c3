"""The uploads that are not over, and what has ended since the start: followed, steered, helped."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Collection, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from itkgui.client.exceptions import ItkError
from itkgui.item_models.upload_deeds import Deed, may_repeat, may_swap, to_hand_over
from itkgui.item_models.upload_notices import Notice, Remedy
from itkgui.item_models.upload_table import (
    FAILED,
    FILE,
    KEPT_IN,
    NEXT_TRY,
    PERCENT,
    SIZE,
    SPEED,
    TIME_LEFT,
    WENT_WRONG,
    UploadLine,
    UploadTable,
)
from itkgui.item_models.upload_words import other_storage, undone_text, what_text
from itkgui.language import _, ngettext
from itkgui.uploads.upload import Upload, UploadState
from itkgui.views.context.messages import OPENING_UPLOADS
from itkgui.views.context.upload_watch import UploadWatch
from itkgui.views.context.view_context import ViewContext
from itkgui.views.context.view_task import ViewTask
from itkgui.views.style import set_icon, set_role, set_room
from itkgui.views.tables.column_menu import ColumnButton
from itkgui.views.tables.export_button import ExportButton
from itkgui.views.tables.sparing_view import SparingView
from itkgui.views.uploads.upload_bars import UploadBars
from itkgui.views.uploads.upload_detail import UploadDetail
from itkgui.views.uploads.upload_hand_over import UploadHandOver
from itkgui.views.uploads.upload_tools import UploadTools
from itkgui.views.widgets.empty_pane import EmptyPane
from itkgui.views.widgets.filter_line import FilterLine
from itkgui.views.widgets.tall_page import TallPage
from itkgui.views.widgets.trouble_pane import TroublePane

_LEAST_LINES = 9  # of text, that the list is high


class _UploadRows(SparingView[UploadLine]):
    """The table; the detail below has what is left out of it."""

    left_out_first = (KEPT_IN, SIZE, SPEED, FAILED, TIME_LEFT, NEXT_TRY, PERCENT, WENT_WRONG)


class UploadList(QWidget):
    """Bars for what needs the person, then the list with its tools, then all about what is chosen."""

    show_requested = Signal(object)  # Upload
    sign_in_requested = Signal()

    def __init__(self, context: ViewContext, watch: UploadWatch) -> None:
        super().__init__()
        self._context = context
        self._queue = context.uploads
        self._task = ViewTask(self, self._on_failed)
        self._chores: deque[Callable[[], Awaitable[object]]] = deque()
        self._chosen_ids: set[str] = set()
        self.table = UploadTable()
        self.view = _UploadRows(self.table, _("Uploads"), several=True)
        self.view.set_widths(19, 16, 18, 5, 10, 8, 6, 9.5, 15.5, 9, 6)
        self.view.stretch(FILE)
        self.view.remember(context.memory, "uploads")
        self.view.records_chosen.connect(lambda _lines: self._show_chosen())
        self.view.record_opened.connect(lambda line: self._do(Deed.SHOW, [line.upload]))
        self.bars, self.detail = UploadBars(), UploadDetail(self._queue.wait, self.table.progress_of)
        self.bars.remedy_chosen.connect(self._on_remedy)
        self.trouble = TroublePane(can_retry=False)
        self.hand_over = UploadHandOver(self, context, self._on_failed)
        self.empty = EmptyPane(
            "upload",
            _("Nothing is waiting to be uploaded."),
            _("Open a component and drop files on it. What has ended is in the History."),
        )
        self._watch = watch
        self._build()
        # In a turn of its own: what others change at once would be painted together with this.
        watch.changed.connect(self._on_changed, Qt.ConnectionType.QueuedConnection)
        watch.beaten.connect(self._on_beat, Qt.ConnectionType.QueuedConnection)
        self._show_all()

    def _build(self) -> None:
        self.totals = QLabel()
        self.totals.setTextFormat(Qt.TextFormat.PlainText)
        self.totals.setMinimumWidth(1)
        self.totals.setWordWrap(True)
        set_role(self.totals, "heading")
        self.pause_button, self.retry_button = QToolButton(), QToolButton()
        for button, icon_name in ((self.pause_button, "pause"), (self.retry_button, "reload")):
            set_role(button, "filter")
            set_icon(button, icon_name, size=16)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.pause_button.clicked.connect(self._on_pause_all)
        self.retry_button.setText(_("Retry all"))
        self.retry_button.clicked.connect(lambda: self._start(self._queue.retry_all))
        self.tools = UploadTools(self.view, first=self.pause_button, last=self.retry_button)
        self.tools.wanted.connect(self._do)
        self.tools.refused.connect(lambda said: self._context.messages.notify(said, "caution"))
        self.tools.add(FilterLine(self.table))
        menu = self._add_menu()
        menu.addAction(_("Hand the waiting files to another computer…"), self._on_hand_over)
        menu.addAction(_("Take over an archive…"), self.hand_over.take_over)
        above = QHBoxLayout()
        above.setSpacing(8)
        above.addWidget(self.totals, 1)
        export = ExportButton(self.view, "uploads", self._context)
        for widget in (ColumnButton(self.view), export, self.more_button):
            above.addWidget(widget)
        self.rows = QStackedWidget()
        set_role(self.rows, "pane")
        self.rows.addWidget(self.empty)
        self.rows.addWidget(self.view)
        set_room(self.rows, least=(0, _LEAST_LINES))
        self._page = page = TallPage(wraps=True)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 8, 0, 0)
        whole.addWidget(page)
        layout = page.layout_of_content
        layout.setSpacing(8)
        layout.addWidget(self.bars)
        layout.addLayout(above)
        layout.addWidget(self.tools)
        layout.addWidget(self.hand_over.line)
        layout.addWidget(self.trouble)
        layout.addWidget(self.rows, 1)
        layout.addWidget(self.detail)

    def _add_menu(self) -> QMenu:
        self.more_button = QToolButton()
        set_role(self.more_button, "filter")
        self.more_button.setText(_("Hand over ▾"))
        self.more_button.setAccessibleName(_("Hand over to another computer, or take over"))
        self.more_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.more_button)
        self.more_button.setMenu(menu)
        return menu

    def focusInEvent(self, event: QFocusEvent) -> None:
        # No focus proxy: Qt's Tab would skip all that stands before it.
        self.view.setFocus(event.reason())

    # What there is -----------------------------------------------------------------------------------------

    @property
    def chosen(self) -> list[Upload]:
        """The uploads of all rows chosen."""
        return [line.upload for line in self.view.all_chosen]

    def choose(self, ids: Collection[str]) -> None:
        """Choose uploads, and bring the first into sight."""
        self.view.choose_rows([row for row, line in enumerate(self.table.shown) if line.upload.id in ids])
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_changed(self, uploads: Sequence[Upload]) -> None:
        if self.table.follows(self._queue.uploads):
            self.table.take(uploads)
            if not self._chosen_ids.isdisjoint(upload.id for upload in uploads):
                self._show_chosen()
        else:
            self._show_all()

    def _show_all(self) -> None:
        rows = self._queue.uploads
        self._let_go()
        self.view.show_records(self.table.lines_of(rows), key=lambda line: line.upload.id)
        self.rows.setCurrentWidget(self.view if rows else self.empty)
        self.detail.setVisible(bool(rows))
        self.tools.setVisible(bool(rows))
        self._show_chosen()
        self._show_state()

    def _let_go(self) -> None:
        """Keep no choice of what is over while nobody looks, and let the keys not go on from there."""
        chosen, current = self.view.all_chosen, self.view.chosen
        kept = {line for line in chosen if self.isVisible() or not self._is_over(line.upload.id)}
        if not kept and current is not None and self._is_over(current.upload.id):
            self.view.choose_nothing()
            if not self.isVisible():
                self.view.scrollToTop()
        elif len(kept) < len(chosen):
            self.view.choose_rows([row for row, line in enumerate(self.table.shown) if line in kept])

    def _is_over(self, upload_id: str) -> bool:
        now = self._queue.get(upload_id)
        return now is None or now.state.has_ended or now.state is UploadState.CANCELLING

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._on_beat()

    def _on_beat(self) -> None:
        if self.isVisible():
            self.table.show_progress(self._queue.progress, self._queue.wait)
            self.detail.show_time()
            self.tools.tick()
            self._show_state()

    def _show_chosen(self) -> None:
        chosen = self.chosen
        self._chosen_ids = {upload.id for upload in chosen}
        self.detail.show_uploads(chosen)
        self.tools.offer(chosen)

    def _show_state(self) -> None:
        """Show what concerns all."""
        queue, totals = self._queue, self._watch.totals
        self._watch.look_again()
        if self.bars.show_notices(self._watch.notices):
            self._page.verticalScrollBar().setValue(0)
        said = totals.text or (_("Nothing is on its way") if queue.uploads else "")
        if self.totals.text() != said:
            self.totals.setText(said)
        words, name = (_("Resume all"), "resume") if queue.is_paused else (_("Pause all"), "pause")
        if self.pause_button.text() != words:
            self.pause_button.setText(words)
            set_icon(self.pause_button, name, size=16)
        self.pause_button.setEnabled(
            queue.trouble is None and (queue.is_paused or self._watch.tally.unfinished > 0)
        )
        self.retry_button.setEnabled(any(row.trouble and not row.state.has_ended for row in queue.uploads))

    # What can be done --------------------------------------------------------------------------------------

    def _start(self, *chores: Callable[[], Awaitable[object]]) -> None:
        """Do one thing after the other: none may be lost because somebody is quick."""
        self.trouble.hide()
        self._chores += chores
        if not self._task.is_running:
            self._task.start(self._work_off())

    async def _work_off(self) -> None:
        while self._chores:
            await self._work_on(self._chores.popleft())
        self._show_state()

    async def _work_on(self, chore: Callable[[], Awaitable[object]]) -> None:
        try:
            await chore()
        except ItkError as error:
            self._on_failed(error)

    def _do(self, deed: Deed, uploads: Sequence[Upload]) -> None:
        queue, ids = self._queue, [upload.id for upload in uploads]
        match deed:
            case Deed.UNDO:
                self._start(partial(self._undo, ids), self._choose_next(ids))
            case Deed.CANCEL:
                self._start(partial(self._cancel, ids), self._choose_next(ids))
            case Deed.PAUSE:
                partly = _("{some} of {count} paused")
                self._start(partial(self._do_to, ids, queue.pause, partly))
            case Deed.RESUME:
                partly = _("{some} of {count} resumed")
                self._start(partial(self._do_to, ids, queue.resume, partly))
            case Deed.RETRY:
                partly = _("{some} of {count} tried again")
                self._start(partial(self._do_to, ids, queue.retry, partly))
            case Deed.ANYWAY:
                partly = _("{some} of {count} sent anyway")
                self._start(partial(self._do_to, ids, partial(queue.retry, anyway=True), partly))
            case Deed.UP:
                self._start(partial(queue.move_up, ids[0]))
            case Deed.DOWN:
                self._start(partial(queue.move_down, ids[0]))
            case Deed.SWAP:
                self._swap(uploads)
            case Deed.SHOW:
                self.show_requested.emit(uploads[0])

    async def _undo(self, ids: Collection[str]) -> None:
        taken = [row for row in await self._queue.undo(ids) if row.id in ids]
        tone = "quiet" if len(taken) == len(ids) else "caution"
        self._context.messages.notify(undone_text([row.name for row in taken], len(ids)), tone)

    def _choose_next(self, ids: Collection[str]) -> Callable[[], Awaitable[object]]:
        """Return what chooses the row below those chosen once these are over, which go to the list's end.

        It does nothing if somebody has chosen another by then.
        """
        chosen, lines = set(self.view.all_chosen), self.table.shown
        places = [row for row, line in enumerate(lines) if line in chosen] or [0]
        nearest = [*lines[places[-1] + 1 :], *reversed(lines[: places[0]])]

        async def choose() -> None:
            if not chosen.issuperset(self.view.all_chosen) or not any(map(self._is_over, ids)):
                return
            wanted = next((line for line in nearest if not self._is_over(line.upload.id)), None)
            rows = [row for row, line in enumerate(self.table.shown) if line is wanted]
            if rows:
                self.view.choose_rows(rows)
            else:
                self.view.choose_nothing()

        return choose

    async def _do_to(
        self,
        ids: Collection[str],
        change: Callable[[Collection[str]], Awaitable[list[Upload]]],
        partly: str,
    ) -> list[Upload]:
        """Do something to uploads; if some had gone on in the meantime tell that, else return those there."""
        changed = {row.id for row in await change(ids)}
        if missed := len(set(ids) - changed):
            said = partly.format(some=f"{len(ids) - missed:,}", count=f"{len(ids):,}")
            rest = ngettext("{count} had gone on already", "{count} had gone on already", missed)
            self._context.messages.notify(f"{said}: {rest.format(count=f'{missed:,}')}", "caution")
            return []
        return [row for row in map(self._queue.get, changed) if row is not None]

    async def _cancel(self, ids: Collection[str]) -> None:
        rows = await self._do_to(ids, self._queue.cancel, _("{some} of {count} cancelled"))
        if rows:
            many = ngettext("{count} upload cancelled", "{count} uploads cancelled", len(rows))
            one = _("{name} cancelled").format(name=what_text(rows[0]))
            self._context.messages.notify(one if len(rows) == 1 else many.format(count=f"{len(rows):,}"))

    def _swap(self, uploads: Sequence[Upload]) -> None:
        self._start(*(partial(self._queue.keep_in, row.id, other_storage(row.storage)) for row in uploads))

    async def _open_again(self) -> None:
        await self._queue.open()
        self._show_all()
        self._context.messages.settle(OPENING_UPLOADS)
        self._context.messages.notify(_("Uploads are available again"), "good")

    def _on_pause_all(self) -> None:
        self._start(self._queue.resume if self._queue.is_paused else self._queue.pause)

    def _on_hand_over(self) -> None:
        self.hand_over.hand_over(*to_hand_over(self._queue.uploads, self._chosen_ids))

    def _on_remedy(self, remedy: Remedy, notice: Notice) -> None:
        rows = [row for row in map(self._queue.get, notice.ids) if row is not None]
        match remedy:
            case Remedy.SIGN_IN:
                self.sign_in_requested.emit()
            case Remedy.RETRY if notice.ids:
                self._do(Deed.RETRY, rows)
            case Remedy.RETRY:
                self._queue.session_renewed()
            case Remedy.ANYWAY:
                self._do(Deed.ANYWAY, [row for row in rows if may_repeat(row)])
            case Remedy.SWAP:
                self._swap([row for row in rows if may_swap(row)])
            case Remedy.RESUME:
                self._start(self._queue.resume)
            case Remedy.OPEN:
                self._start(self._open_again)
            case Remedy.SHOW:
                self.choose(notice.ids)
            case Remedy.FORGET:
                self._watch.forget_damage()
        self._show_state()

    def _on_failed(self, error: ItkError) -> None:
        self.trouble.show_error(error)
