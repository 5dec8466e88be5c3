"""Brings dropped files into a review: found, looked at, and copied into the spool, all beside the GUI."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Collection, Coroutine, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from itkgui.background.worker import Call, Lane
from itkgui.client.exceptions import Cancelled, FileMissing, ItkError
from itkgui.item_models.review_table import ReviewRow, ReviewTable, Stage
from itkgui.uploads.intake import STILL, Taken, examine_all, gather, states_of, take
from itkgui.uploads.spool import FileChanged
from itkgui.views.view_context import ViewContext
from itkgui.views.view_task import ViewTask

_AT_ONCE = 16  # files that are looked at in one go
_LOOK = 0.5  # seconds between two looks at files that are still being written


class ReviewIntake:
    """Works for one sheet, whose table it fills; ``told`` hears what was left out, ``changed`` of rows."""

    def __init__(
        self,
        view: QWidget,
        context: ViewContext,
        table: ReviewTable,
        told: Callable[[str], None],
        changed: Callable[[Sequence[ReviewRow]], None],
    ) -> None:
        self._context = context
        self._table = table
        self._told, self._changed = told, changed
        self._dropped: list[Path] = []
        self._unwanted: list[str] = []
        self._call: Call[Taken] | None = None
        self._copied: ReviewRow | None = None
        self._active: set[str] = set()
        self._is_held = False
        names = ("gather", "look", "copy", "tidy")
        self._tasks = {name: ViewTask(view, context.messages.show) for name in names}

    @property
    def is_gathering(self) -> bool:
        return "gather" in self._active

    def add(self, paths: Sequence[Path]) -> None:
        """Take what was dropped: files, or folders with files."""
        self._dropped += paths
        self.go_on()

    def go_on(self) -> None:
        """Do what there is to do: for rows too that were added to the table, or are to be tried again."""
        self._is_held = False
        works = {"gather": self._gather, "look": self._look, "copy": self._copy, "tidy": self._tidy}
        for name, work in works.items():
            if name not in self._active:
                self._active.add(name)
                self._tasks[name].start(self._run(name, work))

    async def _run(self, name: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        try:
            await work()
        finally:
            self._active.discard(name)

    # Found, and looked at ----------------------------------------------------------------------------------

    async def _gather(self) -> None:
        while self._dropped:
            paths, self._dropped = self._dropped, []
            gathered = await self._context.worker.call(gather, paths)
            self._told(gathered.left_out)
            known = {row.path for row in self._table.records}
            rows = [ReviewRow(found) for found in gathered.files if found.path not in known]
            if rows:
                self._table.append(rows, more=False)
            self._changed(rows)
            self.go_on()

    async def _look(self) -> None:
        while rows := [row for row in self._table.records if row.stage is Stage.UNSEEN][:_AT_ONCE]:
            outcomes = await self._context.worker.call(examine_all, [row.found for row in rows])
            for row, outcome in zip(rows, outcomes, strict=True):
                if isinstance(outcome, ItkError):
                    self._break(row, outcome)
                else:
                    row.examined, row.stage = outcome, Stage.COPIED if row.copy else Stage.SEEN
            self._changed(rows)
            self.go_on()

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
        worker, uploads = self._context.worker, self._context.uploads
        self._copied = row
        self._call = worker.call(take, uploads.spool, row.path, row.id, row.path.name, lane=Lane.UPLOADS)
        try:
            taken = await self._call
        except Cancelled:
            if not row.is_gone:
                raise
        except FileChanged:
            self._begin_to_watch(row, Stage.GROWING)
        except ItkError as problem:
            self._break(row, problem)
        else:
            row.copy, row.stage = taken.copy, Stage.COPIED
            row.sendings = await worker.call(uploads.store.sent_before, taken.copy.sha256)
            row.seen = taken.state
            if taken.may_grow:
                self._begin_to_watch(row, Stage.COPIED)
        finally:
            self._call = self._copied = None
        if not row.is_gone:
            self._changed([row])
        elif row.copy is not None:
            self.drop([row])

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
            await self._context.worker.call(self._context.uploads.spool.drop, self._unwanted.pop())

    async def hold(self) -> None:
        """Stop copying, until told to go on: rows that are not copied can then be copied elsewhere."""
        self._is_held = True
        if self._call is not None:
            self._call.cancel()
            with contextlib.suppress(ItkError):  # which whoever copies learns too
                await self._call
        self._tasks["copy"].cancel()
        self._active.discard("copy")
