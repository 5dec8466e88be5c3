"""What the queue learns from how uploads end: which server rests, what is held, who has to sign in."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from typing import Protocol

from itkgui.uploads import schedule
from itkgui.uploads.row_mirror import RowMirror
from itkgui.uploads.schedule import Hold, Outlook, Server
from itkgui.uploads.upload import Cause, Trouble, Upload, UploadState

# States in which what went wrong is new; trouble of an earlier try stays in a row until it has arrived.
_STOPPED = (UploadState.WAITING, UploadState.HELD, UploadState.FAILED, UploadState.CANCELLING)


class Move(Protocol):
    """Moves those rows to a state that are in one of some states, on the disk; see Wishes."""

    async def __call__(
        self, rows: Sequence[Upload], states: Collection[UploadState], state: UploadState, **changes: object
    ) -> None: ...


class Lessons:
    """Draws conclusions for the Dispatcher, whose outlook it keeps; methods belong to the loop's thread.

    ``clock`` is the event loop's, in seconds; ``look_again`` is called when more may be due than before.
    """

    def __init__(
        self,
        outlook: Outlook,
        mirror: RowMirror,
        clock: Callable[[], float],
        move: Move,
        look_again: Callable[[], None],
    ) -> None:
        self.renewals = 0  # of the session
        self.session_trouble: Trouble | None = None
        self._outlook = outlook
        self._mirror = mirror
        self._clock = clock
        self._move = move
        self._look_again = look_again

    @property
    def holds(self) -> Collection[Hold]:
        stopped = [row for row in self._mirror.rows if row.state is UploadState.HELD]
        found = [hold for row in stopped if (hold := Hold.after(row)) is not None]
        if self.session_trouble is not None:
            found.append(Hold(self.session_trouble))
        return tuple(dict.fromkeys(found))

    async def learn(self, rows: Sequence[Upload], renewals: int) -> None:
        """Draw conclusions from how one call has ended; ``renewals`` is of the session when it began."""
        failed: dict[str, float] = {}
        for row in rows:
            trouble = row.trouble if row.state in _STOPPED else None
            if trouble is None:
                self._note_success(row)
                await self._release(row)
                continue
            if server := schedule.server_of(trouble.cause):
                failed[server] = max(failed.get(server, 0.0), row.next_try - time.time())
            if trouble.cause is Cause.SESSION and renewals == self.renewals:
                self._outlook.needs_session, self.session_trouble = True, trouble
            hold = Hold.after(row)
            if hold is not None and row.state is UploadState.HELD:
                known = self._mirror.rows
                others = [r for r in known if r.state is UploadState.WAITING and hold.concerns(r)]
                await self._move(others, (UploadState.WAITING,), UploadState.HELD, trouble=trouble)
        for server, pause in failed.items():
            self._outlook.breakers[server].note_failure(self._clock(), max(0.0, pause))

    def _note_success(self, row: Upload) -> None:
        """Let what waited for a server go on as soon as that has answered well."""
        for name in schedule.servers_of(row) if row.state in (UploadState.CHECKING, UploadState.DONE) else ():
            if self._outlook.breakers[name].note_success():
                for other in self._mirror.rows:
                    if other.state is UploadState.WAITING and other.trouble is not None:
                        self._mirror.due[other.id] = 0.0

    async def _release(self, row: Upload) -> None:
        """Let go on what was held for the same reason as an upload that has arrived now."""
        if row.state is UploadState.DONE:
            stopped = [other for other in self._mirror.rows if other.state is UploadState.HELD]
            freed = [other for other in stopped if (hold := Hold.after(other)) and hold.concerns(row)]
            held, waiting = (UploadState.HELD,), UploadState.WAITING  # what was paused meanwhile stays so
            await self._move(freed, held, waiting, tries=0, next_try=0.0, trouble=None)

    def session_renewed(self) -> None:
        self.renewals += 1
        self._outlook.needs_session, self.session_trouble = False, None
        self._look_again()

    def database_answers(self) -> None:
        """Leave the database alone no more, and let one upload try at once whether EOS is back too."""
        self._outlook.breakers[Server.DATABASE].note_success()
        self._outlook.breakers[Server.EOS].end_pause()
        self._look_again()

    def somebody_is_impatient(self) -> None:
        """Let one upload try at once whether a server is back that is being left alone."""
        for breaker in self._outlook.breakers.values():
            breaker.end_pause()
        self._look_again()
