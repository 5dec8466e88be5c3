"""Between the drop and the upload: each file with its title, its destination and what is wrong with it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from itkgui.client.exceptions import ItkError
from itkgui.item_models.moments import local_text
from itkgui.item_models.plain_text import shown_text
from itkgui.item_models.review_row import ReviewRow
from itkgui.item_models.review_runs import ReviewRuns
from itkgui.item_models.review_status import (
    changed_text,
    doubt_of_rights,
    left_out_text,
    lost_text,
    ready_text,
    send_text,
    unused_words_text,
)
from itkgui.item_models.review_table import ReviewTable, Tally, short_name
from itkgui.item_models.review_words import heading_for, obstacle_in
from itkgui.language import _
from itkgui.records.attachment import Owner, Storage
from itkgui.records.component import Component
from itkgui.records.shipment import Shipment
from itkgui.records.test_run import TestRun
from itkgui.uploads.targets import Doubt, Home
from itkgui.views.commands import WITHIN, offer
from itkgui.views.context.view_context import ViewContext
from itkgui.views.context.view_task import ViewTask
from itkgui.views.review.review_end import ReviewFoot, ask_to_give_up
from itkgui.views.review.review_form import ReviewForm
from itkgui.views.review.review_intake import ReviewIntake
from itkgui.views.review.review_room import FormRoom, ReviewHead, SheetRoom
from itkgui.views.review.review_rows import ReviewRows
from itkgui.views.review.scan_question import ScanQuestion
from itkgui.views.review.storage_rules import StorageRules
from itkgui.views.style import set_role
from itkgui.views.widgets.dropped import PASTED
from itkgui.views.widgets.name_label import NameLabel
from itkgui.views.widgets.tall_page import bring_into_sight

log = logging.getLogger(__name__)

_SOON_MS = 40


class ReviewSheet(QWidget):
    """Shows what would be sent where; nothing leaves before Send. What it is for never changes."""

    sent = Signal(object)  # list of ReviewRow that the queue has
    closed = Signal()
    other_wanted = Signal(str, object)  # a component's name, list of ReviewRow that are for it
    run_wanted = Signal(str)  # the id of a test run to be looked at

    def __init__(self, context: ViewContext) -> None:
        super().__init__()
        self._context = context
        self._offered_first: Owner | None = None
        self._skipped = 0  # left out by themselves
        self._sending = ViewTask(self, self._on_not_taken)
        self.form = ReviewForm(context.memory)
        set_role(self, "page")
        self._rules = StorageRules(context.site)
        self.table = ReviewTable(context.database.settings.eos_size_limit, self._rules.of)
        self.runs = ReviewRuns(self.table, self._arrange)
        self.intake = ReviewIntake(
            self, context, self.table, self.runs, self._on_left_out, self._on_more_known
        )
        context.connection.returned.connect(self._on_returned)
        self.view = ReviewRows(self.table, context.worker)
        self.view.remember(context.memory, "review")
        self.view.records_chosen.connect(self._on_chosen)
        self.view.edit_wanted.connect(self._on_edit_wanted)
        self.view.removal_wanted.connect(lambda: self.remove(self.view.all_chosen))
        self.form.changed.connect(self._on_more_known)
        self.form.sent_elsewhere.connect(self._on_all_changed)
        self.form.removal_wanted.connect(self.remove)
        self.form.retry_wanted.connect(self._on_retry)
        self.form.other_wanted.connect(self._on_other_wanted)
        self.form.rule_wanted.connect(self._on_rule_wanted)
        self.form.plain_wanted.connect(self._on_plain_wanted)
        self.form.doubts.own_wanted.connect(self._on_own_wanted)
        self.form.doubts.run_wanted.connect(self.run_wanted)
        self.left_out, self.status = NameLabel(), NameLabel()
        set_role(self.left_out, "caution")
        set_role(self.status, "quiet")
        self.left_out.hide()
        self.head, self.form_room, self.question = ReviewHead(), FormRoom(self.form), ScanQuestion()
        self.form.reshaped.connect(self.form_room.fit)
        self.heading, self.target = self.head.heading, self.head.target
        self.target.currentIndexChanged.connect(self._on_target_changed)
        self.send_button, self.cancel_button = QPushButton(_("Send")), QPushButton(_("Cancel"))
        self.marked_button = QPushButton(_("Choose the marked"))
        set_role(self.send_button, "main")
        self.marked_button.clicked.connect(self._on_marked)
        self.send_button.clicked.connect(self._on_send)
        send = self.send_button  # of two sheets side by side the one in use
        offer(self, "send-files", send.click, context=WITHIN, is_available=send.isEnabled)
        self.cancel_button.clicked.connect(self.ask_to_give_up)
        self._lay_out()
        self._soon = QTimer(self)  # once, however many rows have changed in one turn
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SOON_MS)
        self._soon.timeout.connect(self._show_all)

    def _lay_out(self) -> None:
        self.foot = ReviewFoot((self.cancel_button, self.marked_button), self.status, self.send_button)
        above = (self.question, self.head, self.left_out)
        self.room = SheetRoom(self, above, self.view, self.form_room, self.foot)

    # Where they can go -------------------------------------------------------------------------------------

    def set_targets(self, component: Component, runs: Sequence[TestRun], first: Owner | None = None) -> None:
        """Offer the component and its test runs, keeping what was chosen; ``first`` is chosen at first."""
        self._take_results_for(component)
        self._offer(Home.of_component(component, runs, [local_text(run.date) for run in runs]), first)

    def _take_results_for(self, component: Component) -> None:
        before, self.runs.component = self.runs.component, component
        if before is None or (before.stage, before.location) == (component.stage, component.location):
            return
        for row in self.rows:  # what was right where it was may not be where it is
            if row.run is not None and not row.is_for_its_own:
                row.check_again()
        self.intake.go_on()

    def set_tray(self, label: str, components: Sequence[Component]) -> None:
        """Send each file to each of some components; there is a row for each."""
        self._offer(Home.of_tray(label, components), None)

    def set_shipment(self, shipment: Shipment) -> None:
        """Offer a shipment as the only target."""
        self._offer(Home.of_shipment(shipment), None)

    def _offer(self, home: Home, first: Owner | None) -> None:
        is_new, kept = not self.target.count(), self.target.currentData()
        if is_new:
            self._offered_first = first
        targets = sorted(home.targets, key=lambda target: target.owner != self._offered_first)
        self.table.home = home
        with QSignalBlocker(self.target):
            self.target.clear()
            for target in targets:
                self.target.addItem(shown_text(short_name(target)), target.owner)
            # A target that is gone is replaced by no other: somebody has to choose.
            places = range(self.target.count())
            found = next((place for place in places if self.target.itemData(place) == kept), -1)
            self.target.setCurrentIndex(0 if is_new else found)
        self._on_target_changed()

    def _on_target_changed(self) -> None:
        self.table.target = self.target.currentData()
        self._on_all_changed()

    def _on_rule_wanted(self, media_type: str, storage: Storage) -> None:
        self._rules.put(media_type, storage)
        for row in self.rows:
            if row.media_type == media_type and row.storage is storage:
                row.storage = None
        self._on_all_changed()

    # Rows --------------------------------------------------------------------------------------------------

    @property
    def rows(self) -> Sequence[ReviewRow]:
        return self.table.records

    @property
    def is_sending(self) -> bool:
        """Whether the queue is about to have the files."""
        return self._sending.is_running

    def add(self, paths: Sequence[Path]) -> None:
        """Take more files, or folders with files; each is looked at and copied in the background."""
        self.intake.add(paths)
        self._show_status()

    def take_over(self, rows: Sequence[ReviewRow]) -> None:
        """Take rows from another sheet, or back from the queue, with what was typed.

        Of a file that is here already nothing is added but what was typed, unless other words are here.
        """
        doubled, unused = self.table.merge(rows)
        if unused:
            self._on_left_out(unused_words_text([row.path.name for row in unused]))
        self.intake.drop(doubled)
        self._on_all_changed()

    def remove(self, rows: Sequence[ReviewRow]) -> None:
        """Leave some rows out, with files that only they have named; without any left, the sheet closes."""
        if self.is_sending:
            return
        paths, rows = {row.path for row in rows}, self.runs.with_followers(rows)
        self.let_go(rows)
        self._context.reviewed.settle(paths)
        self.intake.drop(rows)

    def let_go(self, rows: Sequence[ReviewRow]) -> None:
        """Have some rows no longer, whose copies stay."""
        gone = {row.id for row in rows}
        self._arrange([row for row in self.rows if row.id not in gone])
        if self.rows or self.intake.is_gathering:
            self._on_all_changed()
        else:
            self._close()

    def _arrange(self, rows: list[ReviewRow]) -> None:
        place = self.view.currentIndex().row()
        self.view.show_records(rows, lambda row: row.id)
        if rows and self.view.chosen is None:
            self.view.choose_row(max(0, min(place, len(rows) - 1)))

    def _on_retry(self, rows: Sequence[ReviewRow]) -> None:
        self.intake.look_again(rows)
        self._on_all_changed()
        self.intake.go_on()

    def _on_returned(self) -> None:
        self.intake.check_what_passed()
        self._on_all_changed()

    def _on_plain_wanted(self, rows: Sequence[ReviewRow], is_plain: bool) -> None:
        """Send results as the files they are, or as test runs after all."""
        if is_plain:
            self.intake.drop(self.runs.bring_together(rows, plain=True))
        else:
            for row in rows:
                row.is_plain = False
            self.intake.drop(self.runs.bring_again(self.runs.spread(rows)))
        self._on_all_changed()
        self._show_all()  # what is shown must not work on rows that are no more
        self.intake.go_on()

    def _on_own_wanted(self, rows: Sequence[ReviewRow]) -> None:
        for row in rows:
            row.is_for_its_own = True
            row.check_again()
        self._on_all_changed()
        self.intake.go_on()

    def _on_other_wanted(self, name: str, rows: Sequence[ReviewRow]) -> None:
        if not self.is_sending:
            self.other_wanted.emit(name, [*rows, *self.runs.followers(rows)])

    def _on_left_out(self, sentence: str) -> None:
        self.left_out.say(shown_text(sentence))
        self.left_out.setVisible(bool(sentence))

    def _on_more_known(self, rows: Sequence[ReviewRow]) -> None:
        self.table.judge_some(rows)
        self._skip(rows)
        self._show_soon()

    def _skip(self, rows: Sequence[ReviewRow]) -> None:
        """Leave out what is found to be like others that were left out."""
        found = [row for row in rows if row.skipped_for and row.is_to_be_skipped]
        for row in rows:
            if row.skipped_for and not row.is_pending:
                row.skipped_for = frozenset()
        if found:
            self._skipped += len(found)
            self._on_left_out(left_out_text(self._skipped))
            self.remove(found)

    def _on_all_changed(self) -> None:
        self.table.judge()
        self._skip(self.rows)
        self._show_status()
        self._show_soon()

    def _show_soon(self) -> None:
        if not self._soon.isActive():
            self._soon.start()

    def _show_all(self) -> None:
        if self.rows and not self.view.all_chosen:
            self.view.choose_row(0)
        self.intake.compare()  # what is typed, or chosen, may make it the namesake of another
        self.view.viewport().update()
        self._show_form()
        self._show_status()

    def _on_chosen(self, _rows: Sequence[ReviewRow]) -> None:
        self._show_form()
        self.room.show_what_is_wrong(self.form.doubts)

    def _on_edit_wanted(self) -> None:
        bring_into_sight(self.form.title)
        self.form.title.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _show_form(self) -> None:
        self.form.show_rows(self.view.all_chosen, self.table.home, self.table.targets)
        self.room.share(has_tall_form=self.form.is_tall)
        self.head.targets.setVisible(any(row.run is None and row.target is None for row in self.rows))

    # What is still to be done ------------------------------------------------------------------------------

    def _obstacle(self, tally: Tally) -> str:
        """Return what keeps the files from being sent, in words; empty if nothing does."""
        return obstacle_in(tally, is_gathering=self.intake.is_gathering)

    def _show_status(self) -> None:
        tally, count = self.table.tally(), len(self.rows)
        self._context.reviewed.hold(self, self.intake.paths)
        self.head.say(shown_text(heading_for(self.rows, self.table.home, self.table.target)))
        obstacle = self._obstacle(tally)
        self.send_button.setEnabled(not obstacle and not self.is_sending)
        self.marked_button.setVisible(count > 1 and tally.broken + tally.undecided > 0)
        self.send_button.setText(send_text(tally))
        self.foot.arrange()
        user = self._context.database.user
        doubt = doubt_of_rights(user)  # a warning only: the server decides
        set_role(self.status, "caution" if tally.mistyped or doubt else "quiet")
        said = (obstacle or ready_text(tally, user.signature), doubt)
        self.status.say(shown_text(" · ".join(filter(None, said))))

    def _on_marked(self) -> None:
        self.view.choose_rows([place for place, row in enumerate(self.rows) if row.tone == "bad"])

    # Sent, or given up -------------------------------------------------------------------------------------

    def _on_send(self) -> None:
        self.setFocus()  # what is being typed counts
        if not self._obstacle(self.table.tally()) and not self.is_sending:
            self._sending.start(self._send())
            self._show_status()

    async def _send(self) -> None:
        await self.intake.hold()
        if changed := await self.intake.changed_since():
            self._on_retry(changed)
            self._on_left_out(changed_text([path.name for path in {row.path for row in changed}]))
            return
        if await self.intake.keep_copies():
            self._on_left_out(_("Some copies were gone, and are made once more. Then press Send."))
            return
        self.table.judge()  # what was dropped or decided in the meantime counts
        if self._obstacle(self.table.tally()):
            self._on_all_changed()
            self.intake.go_on()
            return
        rows, uploads = list(self.rows), self.table.uploads()
        for row in rows:
            if Doubt.OTHER_COMPONENT in row.decided:
                sentences = [f.sentence for f in row.findings if f.doubt is Doubt.OTHER_COMPONENT]
                log.info("%s is sent to %s all the same: %s", row.path.name, self.table.home.label, sentences)
        await self._context.uploads.add(uploads)
        self.sent.emit(rows)
        self.let_go(rows)  # what was dropped in the meantime stays
        self._context.reviewed.settle(row.path for row in rows)
        if self.rows or self.intake.is_gathering:
            self.intake.go_on()

    def _on_not_taken(self, error: ItkError) -> None:
        self._context.messages.show(error)
        self.intake.go_on()
        self._show_status()
        set_role(self.status, "bad")
        self.status.say(shown_text(f"{error.title}. {error.sentence} {error.cure}"))

    def give_up(self) -> None:
        """Send nothing, and let go of the copies; too late once the queue is about to have them."""
        if self.is_sending:
            return
        rows = list(self.rows)
        self._context.reviewed.give_up(self)
        self.intake.give_up()
        self._close()
        self.intake.drop(rows)

    def _close(self) -> None:
        self.table.replace([])
        self._context.reviewed.hold(self, ())
        self._skipped = 0
        self._on_left_out("")
        self.question.hide()
        self.closed.emit()

    def ask_to_give_up(self) -> None:
        """Give the review up; if something was changed in it, or is nowhere else, only after a yes."""
        pasted = self._context.downloads / PASTED
        lost = lost_text(
            is_changed=any(row.is_changed for row in self.rows),
            is_pasted=any(pasted in row.path.parents for row in self.rows),
        )
        if lost and not self.is_sending:
            ask_to_give_up(self, self.head.said, lost, self.give_up)
        else:
            self.give_up()

    def ask_to_open(self, scanned: str, then: Callable[[], None]) -> None:
        """Ask whether a component that was scanned is to be opened while this sheet waits."""
        self.question.ask(self.table.home.label, scanned, then)
