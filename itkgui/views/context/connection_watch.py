"""Watches how the connection stands, looks rarely for a server that is away, and tells when it is back."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from itkgui.background.worker import NoThread, Worker
from itkgui.client.connection_state import ConnectionState, Place
from itkgui.client.exceptions import Cancelled

if TYPE_CHECKING:  # the sign-in page does without, see late_loading
    from itkgui.client.database import ProductionDatabase

_SETTLE_MS = 500  # what failed at the last moment is on the screen by then
_SLEEP_CHECK_MS = 10_000
_SOONEST_MS = 200


class ConnectionWatch(QObject):
    """Shared by all views of a session; belongs to the GUI thread.

    ``changed`` tells that the state is another, ``returned`` that the database, or the object store, answers
    again after it was away, or that nobody knows any more that the latter is: what failed or is old may be
    loaded. ``forgotten`` tells that a write took away some of what can be
    read off line. While all is well nobody is asked.
    """

    changed = Signal()
    returned = Signal()
    forgotten = Signal()

    def __init__(self, database: ProductionDatabase, worker: Worker) -> None:
        super().__init__()
        self._database, self._worker = database, worker
        self.state: ConnectionState = database.client.connection
        self._loop = asyncio.get_event_loop()
        self._is_looking = self._is_returning = self._is_detached = False
        self._away: set[Place] = set()
        self._look_timer, self._settling, self._sleep_timer = QTimer(self), QTimer(self), QTimer(self)
        for timer in (self._look_timer, self._settling):
            timer.setSingleShot(True)
        self._look_timer.timeout.connect(self._on_look_due)
        self._settling.setInterval(_SETTLE_MS)
        self._settling.timeout.connect(self._on_settled)
        self._sleep_timer.setInterval(_SLEEP_CHECK_MS)
        self._sleep_timer.timeout.connect(self._on_sleep_check)
        self._sleep_timer.start()
        self.state.listener = self._on_listened
        database.client.on_forgotten = self._on_forgotten
        self._on_change()

    def detach(self) -> None:
        """Stop watching, before the session goes."""
        self._is_detached = True
        self.state.listener = self._database.client.on_forgotten = lambda: None
        for timer in (self._look_timer, self._settling, self._sleep_timer):
            timer.stop()

    @property
    def is_away(self) -> bool:
        """Whether only what is kept can be read."""
        return self.state.is_away

    @property
    def is_looking(self) -> bool:
        """Whether the servers are being asked at this moment."""
        return self._is_looking

    def look(self) -> None:
        """Ask the servers now, whatever is known of them."""
        self.state.look_now()
        self._begin_look()

    def _on_listened(self) -> None:
        # On any thread; the loop outlasts the worker's.
        self._loop.call_soon_threadsafe(self._on_change)

    def _on_forgotten(self) -> None:
        self._loop.call_soon_threadsafe(self._tell_forgotten)

    def _tell_forgotten(self) -> None:
        if not self._is_detached:
            self.forgotten.emit()

    def _on_change(self) -> None:
        if self._is_detached:
            return
        before, self._away = self._away, self._away_now
        self._is_returning |= bool(before - self._away)
        if self.state.is_away:
            self._settling.stop()
        elif self._is_returning:
            self._settling.start()
        self._plan()
        self.changed.emit()

    @property
    def _away_now(self) -> set[Place]:
        return {place for place in (Place.DATABASE, Place.STORE) if self.state.of(place).is_away}

    def _on_settled(self) -> None:
        if not self.state.is_away:
            self._is_returning = False
            self.returned.emit()

    def _plan(self) -> None:
        pause = self.state.next_look
        if pause is None or self._is_detached:
            self._look_timer.stop()
        elif not self._is_looking:
            self._look_timer.start(max(_SOONEST_MS, round(pause * 1000)))

    def _on_look_due(self) -> None:
        pause = self.state.next_look
        if pause is not None and (pause > 0 and self.state.is_away):
            self._plan()  # somebody asked meanwhile, in vain
        elif pause is not None:
            self._begin_look()

    def _on_sleep_check(self) -> None:
        if self.state.has_slept():
            self._begin_look()
        if self._away != self._away_now:  # the object store is no longer held to be away
            self._on_change()

    def _begin_look(self) -> None:
        if not self._is_looking and not self._is_detached:
            self._is_looking = True
            self.changed.emit()
            self._loop.create_task(self._look())

    async def _look(self) -> None:
        try:
            await self._worker.call(self._database.client.look)
        except (Cancelled, NoThread):  # somebody signs out or quits; after the other the next look tells
            pass
        finally:
            self._is_looking = False
            self._plan()
            if not self._is_detached:
                self.changed.emit()
