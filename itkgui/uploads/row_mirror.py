"""The rows of the queue in memory, as they are on the disk, for the thread that decides and shows."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from operator import attrgetter

from itkgui.uploads.sorting import Timing
from itkgui.uploads.upload import Upload, UploadState

_ENDED_SHOWN = 500  # of this run; all are in the history
_LONGEST_WAIT = 3600.0  # seconds; what a row can ask for after a clock was set back


class RowMirror:
    """What has not ended, and the latest that has in this run; used from one thread.

    ``due`` tells when each may be tried, by ``clock``, which goes forward only: a wait goes on as it was when
    the computer's clock is set. ``earlier`` has what ended in an earlier run and awaits a last look.
    """

    def __init__(self, clock: Callable[[], float], timing: Timing) -> None:
        self.due: dict[str, float] = {}
        self._clock = clock
        self._timing = timing
        self._rows: dict[str, Upload] = {}
        self._numbers: dict[str, int] = {}
        self.earlier: dict[str, Upload] = {}
        self._order: list[Upload] | None = None

    @property
    def rows(self) -> Sequence[Upload]:
        """All in the order in which they are sent."""
        if self._order is None:
            self._order = sorted(self._rows.values(), key=attrgetter("place"))
        return self._order

    @property
    def unsettled(self) -> Sequence[Upload]:
        """Those that may still change, be it by what another process does."""
        return [row for row in self.rows if row.awaits_last_look or not row.state.has_ended]

    def get(self, upload_id: str) -> Upload | None:
        return self._rows.get(upload_id)

    def is_hurried(self, row: Upload) -> bool:
        """Tell whether another process was told to try a row at once that waited for its next try."""
        before = self._rows.get(row.id)
        is_due = row.state is UploadState.WAITING and not row.next_try
        return is_due and before is not None and before.next_try > 0.0 and before.tries > 0

    def take(self, row: Upload, number: int) -> bool:
        """Take a row that has changed; return whether it was news.

        Of two changes the later has the higher number; threads may tell of them the other way round. What was
        read after a change, and may show what another process has done since, has its number.
        """
        if number < self._numbers.get(row.id, 0):
            return False
        self._numbers[row.id] = number
        before = self._rows.get(row.id)
        if row == before:
            return False
        self._rows[row.id] = row
        self._order = None
        if before is None or before.next_try != row.next_try:
            self._note_due(row)
        if row.state.has_ended:
            self._forget_oldest()
        return True

    def keep_in_mind(self, row: Upload, number: int) -> None:
        """Take note of a row that ended in an earlier run, and is looked after once more; it is not shown.

        One that is looked after no longer is forgotten.
        """
        if number < self._numbers.get(row.id, 0):
            return
        self.earlier.pop(row.id, None)
        if row.awaits_last_look:
            self.earlier[row.id] = row
            self._numbers[row.id] = number
            self._note_due(row)
        else:
            self.forget(row.id)

    def _note_due(self, row: Upload) -> None:
        if row.state is UploadState.COPYING:
            longest = self._timing.still
        else:
            longest = self._timing.undo if row.is_untouched else _LONGEST_WAIT
        self.due[row.id] = self._clock() + min(max(0.0, row.next_try - time.time()), longest)

    def _forget_oldest(self) -> None:
        if len(self._rows) <= _ENDED_SHOWN:
            return
        ended = [row for row in self._rows.values() if row.state.has_ended and not row.awaits_last_look]
        if len(ended) <= _ENDED_SHOWN:
            return
        for row in sorted(ended, key=lambda row: row.ended)[:-_ENDED_SHOWN]:
            self.forget(row.id)

    def forget(self, upload_id: str) -> None:
        """Let go of a row that is in the queue no more."""
        self._order = None
        for known in (self._rows, self.earlier, self.due, self._numbers):
            known.pop(upload_id, None)
