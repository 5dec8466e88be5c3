"""Brings dropped files into a review: found, looked at, and copied into the spool, all beside the GUI."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Collection, Coroutine, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from itkgui.background.worker import Call, Lane
from itkgui.client.database import ProductionDatabase
from itkgui.client.exceptions import Cancelled, FileMissing, ItkError
from itkgui.item_models.problem_table import LaidOut
from itkgui.item_models.review_row import ReviewRow, Stage
from itkgui.item_models.review_runs import ReviewRuns
from itkgui.item_models.review_table import ReviewTable
from itkgui.item_models.trouble_words import passes_by_itself
from itkgui.records.component import Component
from itkgui.uploads.intake import STILL, State, Taken, examine_all, gather, states_of, take
from itkgui.uploads.results import CheckedRun, Checker, RunInFile, put_body
from itkgui.uploads.spool import FileChanged
from itkgui.uploads.twins import holds_same
from itkgui.uploads.upload_queue import UploadQueue
from itkgui.uploads.upload_rows import Sending
from itkgui.views.context.view_context import ViewContext
from itkgui.views.context.view_task import ViewTask

log = logging.getLogger(__name__)

_AT_ONCE = 16  # files that are looked at in one go
_KEEP_MS = 600_000  # so often that no copy is taken for forgotten
_LOOK = 0.5  # seconds between two looks at files that are still being written


class ReviewIntake:
    """Works for one sheet, whose table it fills; ``told`` hears what was left out, ``changed`` of rows.

    Results of tests are checked, too, and go into the spool as they were checked.
    """

    def __init__(
        self,
        view: QWidget,
        context: ViewContext,
        table: ReviewTable,
        runs: ReviewRuns,
        told: Callable[[str], None],
        changed: Callable[[Sequence[ReviewRow]], None],
    ) -> None:
        self._context = context
        self._table = table
        self._runs = runs
        self._told, self._changed = told, changed
        self._dropped: list[Path] = []
        self._drops = 0
        self._unwanted: list[str] = []
        self._call: Call[tuple[Taken, Sequence[Sending]]] | None = None
        self._copied: ReviewRow | None = None
        self._active: set[str] = set()
        self._is_held = False
        names = ("gather", "look", "check", "copy", "compare", "tidy", "keep")
        self._tasks = {name: ViewTask(view, context.messages.show) for name in names}
        self._keeping = QTimer(view)
        self._keeping.setInterval(_KEEP_MS)
        self._keeping.timeout.connect(lambda: self._tasks["keep"].start(self._keep()))
        self._keeping.start()

    @property
    def is_gathering(self) -> bool:
        return "gather" in self._active

    @property
    def paths(self) -> set[Path]:
        """What was dropped and is not found yet, and the files of the rows."""
        return {*self._dropped, *(row.path for row in self._table.records)}

    def add(self, paths: Sequence[Path]) -> None:
        """Take what was dropped: files, or folders with files."""
        self._dropped += paths
        self.go_on()

    def go_on(self) -> None:
        """Do what there is to do: for rows too that were added to the table, or are to be tried again."""
        self._is_held = False
        rows = self._table.records
        works = {
            "gather": (self._gather, bool(self._dropped)),
            "look": (self._look, any(row.stage is Stage.UNSEEN for row in rows)),
            "check": (self._check, any(row.stage is Stage.CHECKING for row in rows)),
            "copy": (self._copy, any(row.stage is Stage.SEEN or row.is_watched for row in rows)),
            "tidy": (self._tidy, bool(self._unwanted)),
        }
        for name, (work, is_due) in works.items():
            if is_due and name not in self._active:
                self._active.add(name)
                self._tasks[name].start(self._run(name, work))

    async def _run(self, name: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        try:
            await work()
        finally:
            self._active.discard(name)
        self._changed(())

    # Found, and looked at ----------------------------------------------------------------------------------

    async def _gather(self) -> None:
        while paths := list(self._dropped):
            gathered = await self._context.worker.call(gather, paths)
            del self._dropped[: len(paths)]
            self._told(gathered.left_out)
            known = {row.path for row in self._table.records}
            new = [found for found in gathered.files if found.path not in known]
            rows = [row for found in new for row in self._table.rows_for(found)]
            together: dict[Path, int] = {}  # what was found on its own goes only with others of its folder
            for row in rows:
                base = row.path.parents[len(row.found.within.parts) - 1]
                row.drop = together.setdefault(base, self._drops + len(together) + 1)
            self._drops += len(together)
            if rows:
                self._table.append(rows, more=False)
                self._table.judge()  # others may be called the same now
                self._runs.look_for_missing()
            found = {file.path for file in gathered.files}
            broken = [row for row in self._table.records if row.path in found and row.stage is Stage.BROKEN]
            self.look_again(broken)  # it may be mended by now
            self._changed(rows)
            self.go_on()

    def look_again(self, rows: Collection[ReviewRow]) -> None:
        """Look at files once more, whatever was found in them."""
        for row in rows:
            if row.run is None:
                row.look_again()
        self.drop(self._runs.bring_together(rows, plain=False))

    def check_what_passed(self) -> None:
        """Check again what the connection kept from being checked."""
        for row in self._table.records:
            if row.run is not None and row.problem is not None and passes_by_itself(row.problem):
                row.check_again()
        self.go_on()

    async def _look(self) -> None:
        while unseen := [row for row in self._table.records if row.stage is Stage.UNSEEN]:
            quick = [row for row in unseen if not row.found.may_be_read]
            files = list(dict.fromkeys(row.found for row in (quick or unseen)[:_AT_ONCE]))
            looks = {row: row.looks for row in unseen}
            decoders, lane = (None, Lane.REQUESTS) if quick else (self._context.decoders, Lane.DECODING)
            outcomes = await self._context.worker.call(examine_all, files, decoders, lane=lane)
            seen = dict(zip(files, outcomes, strict=False))  # the others have their turn
            rows = [row for row in self._table.records if row.found in seen and looks.get(row) == row.looks]
            for row in rows:
                outcome = seen[row.found]
                if isinstance(outcome, ItkError):
                    self._break(row, outcome)
                    continue
                row.examined = outcome
                row.stage = Stage.COPIED if row.copy else Stage.SEEN
            rows = self._runs.spread(rows)
            self.drop([*self._runs.left_alone(), *self._runs.bring_again(rows)])
            if not self.is_gathering and not any(row.stage is Stage.UNSEEN for row in self._table.records):
                rows += self._runs.settle()
            self._changed(rows)
            self.go_on()

    # Checked -----------------------------------------------------------------------------------------------

    async def _check(self) -> None:
        while rows := [row for row in self._table.records if row.stage is Stage.CHECKING][:_AT_ONCE]:
            here, database = self._runs.component, self._context.database
            plan = [(row.run, None if row.is_for_its_own else here) for row in rows if row.run is not None]
            dropped = [row.path for row in self._table.records]
            looks = [row.looks for row in rows]
            outcomes = await self._context.worker.call(_checked, database, plan, dropped)
            there = set(self._table.records)
            for row, before, outcome in zip(rows, looks, outcomes, strict=True):
                if row not in there or row.looks != before:
                    continue  # it was taken elsewhere meanwhile, or is to be checked for something else
                if isinstance(outcome, ItkError):
                    self._break(row, outcome)
                    continue
                row.checked, row.laid_out = outcome
                row.stage = Stage.SEEN if row.checked.can_be_sent else Stage.BROKEN
            checked = [row for row in rows if row in there and row.checked is not None]
            gone = self._runs.bring_files(checked)
            self._changed([*rows, *self._runs.followers(rows)])
            self.drop(gone)

    # Copied ------------------------------------------------------------------------------------------------

    async def _copy(self) -> None:
        while not self._is_held:
            row = next((row for row in self._table.records if row.stage is Stage.SEEN), None)
            if row is not None:
                await self._copy_one(row)
            elif any(row.is_watched for row in self._table.records):
                await asyncio.sleep(_LOOK)
                await self._watch()
            else:
                return

    async def _copy_one(self, row: ReviewRow) -> None:
        self._copied = row
        uploads, looks = self._context.uploads, row.looks
        copied = partial(_copied, uploads, row.path, row.id)
        if row.checked is not None and row.examined is not None:
            copied = partial(_written, uploads, row.checked, row.examined.state, row.id)
        self._call = self._context.worker.call(copied, lane=Lane.UPLOADS)
        try:
            taken, sendings = await self._call
        except Cancelled:
            if not row.is_gone:
                raise
        except ItkError as problem:
            if row.looks != looks:
                pass  # it is looked at again, and then copied again
            elif isinstance(problem, FileChanged):
                self._begin_to_watch(row, Stage.GROWING)
            else:
                self._break(row, problem)
        else:
            if row.looks == looks or row.is_gone:
                row.copy, row.stage = taken.copy, Stage.COPIED
                row.sendings = sendings
                row.compared.clear()
                row.seen = taken.state
                if taken.may_grow:
                    self._begin_to_watch(row, Stage.COPIED)
        finally:
            self._call = self._copied = None
        if not row.is_gone:
            self._changed([row])
        elif row.copy is not None:
            self.drop([row])

    # Compared ----------------------------------------------------------------------------------------------

    def compare(self) -> None:
        """Compare copies with what is called the same where they go."""
        if "compare" not in self._active and any(row.to_compare for row in self._table.records):
            self._active.add("compare")
            self._tasks["compare"].start(self._run("compare", self._compare))

    async def _compare(self) -> None:
        files = self._context.database.files
        while row := next((row for row in self._table.records if row.to_compare), None):
            entry, copy = row.to_compare[0], row.copy
            if copy is None:
                return
            same: bool | None = None
            try:
                same = await self._context.worker.call(holds_same, files, entry, copy, lane=Lane.TRANSFERS)
            except Cancelled:
                raise
            except ItkError as error:  # what its name and size tell is shown then
                log.warning("%s was not compared with %s: %s", row.path.name, entry.code, error.detail)
            if row.copy is copy:
                row.compared[entry.code] = same
                self._changed([row])

    def _begin_to_watch(self, row: ReviewRow, stage: Stage) -> None:
        row.stage, row.is_watched = stage, True
        row.seen_since = asyncio.get_running_loop().time()

    async def _watch(self) -> None:
        """Copy a file once more that was written to after all, when it has been still for a while."""
        rows = [row for row in self._table.records if row.is_watched]
        states = await self._context.worker.call(states_of, [row.path for row in rows])
        now = asyncio.get_running_loop().time()
        for row, state in zip(rows, states, strict=True):
            if state is None:  # it is gone, and was whole when it was copied
                row.is_watched = False
                if row.copy is None:
                    self._break(row, FileMissing(row.path.name))
            elif state != row.seen:
                row.seen, row.seen_since = state, now
                row.stage, row.copy = Stage.GROWING, None
            elif now - row.seen_since >= STILL:
                row.is_watched = False
                row.stage = Stage.SEEN if row.stage is Stage.GROWING else row.stage
        self._changed(rows)

    @staticmethod
    def _break(row: ReviewRow, problem: ItkError) -> None:
        row.problem, row.stage = problem, Stage.BROKEN

    # Given up, or sent -------------------------------------------------------------------------------------

    def give_up(self) -> None:
        """Take nothing more of what was dropped."""
        self._tasks["gather"].cancel()
        self._dropped.clear()

    def drop(self, rows: Collection[ReviewRow]) -> None:
        """Let go of rows that are not to be sent, and of their copies."""
        for row in rows:
            row.is_gone = True
            if row is self._copied and self._call is not None:
                self._call.cancel()
        self._unwanted += [row.id for row in rows if row.copy is not None]
        self.go_on()

    async def _tidy(self) -> None:
        while self._unwanted:
            await self._context.worker.call(self._context.uploads.spool.let_go, self._unwanted.pop())

    async def keep_copies(self) -> bool:
        """See that the copies stay however long the review takes; tell whether some have to be made anew.

        A process that takes over the queue removes copies that are old and belong to no upload.
        """
        rows = {row.id: row for row in self._table.records if row.copy is not None}
        lost = await self._context.worker.call(self._context.uploads.spool.keep, list(rows))
        for row in map(rows.__getitem__, lost):
            row.copy, row.stage = None, Stage.SEEN
        if lost:
            self._changed([rows[one] for one in lost])
            self.go_on()
        return bool(lost)

    async def _keep(self) -> None:
        await self.keep_copies()

    async def changed_since(self) -> list[ReviewRow]:
        """Return the rows whose files have changed since they were copied; some may be gone by now."""
        rows = [row for row in self._table.records if row.copy is not None]
        states = await self._context.worker.call(states_of, [row.path for row in rows])
        pairs = zip(rows, states, strict=True)
        return [row for row, state in pairs if state not in (None, row.seen)]

    async def hold(self) -> None:
        """Stop copying, until told to go on: rows that are not copied can then be copied elsewhere."""
        self._is_held = True
        if self._call is not None:
            self._call.cancel()
            with contextlib.suppress(ItkError):  # which whoever copies learns too
                await self._call
        self._tasks["copy"].cancel()
        self._active.discard("copy")


def _copied(uploads: UploadQueue, path: Path, upload_id: str) -> tuple[Taken, Sequence[Sending]]:
    """Copy a file, and look up where these very bytes went before."""
    taken = take(uploads.spool, path, upload_id, path.name)
    return taken, uploads.store.sent_before(taken.copy.sha256)


def _written(
    uploads: UploadQueue, run: CheckedRun, state: State, upload_id: str
) -> tuple[Taken, Sequence[Sending]]:
    """Write results as they were checked, whatever has become of their file since it was in a state."""
    return Taken(put_body(run, uploads.spool, upload_id), state, is_whole=True), ()


def _checked(
    database: ProductionDatabase,
    plan: Sequence[tuple[RunInFile, Component | None]],
    dropped: Sequence[Path],
) -> list[tuple[CheckedRun, LaidOut] | ItkError]:
    """Check runs, each for a component, or for that which it names itself; an error stands in its place."""
    checker = Checker(database, dropped)

    def outcome(run: RunInFile, component: Component | None) -> tuple[CheckedRun, LaidOut] | ItkError:
        try:
            found = component or database.component(run.component).component
            return checker.check(run, found), LaidOut.of(run.body)
        except Cancelled:
            raise
        except ItkError as error:
            return error

    return [outcome(run, component) for run, component in plan]
