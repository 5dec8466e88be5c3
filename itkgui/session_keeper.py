"""Keeps a session alive: renews it ahead of its end, and knows what is to be told of it."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from itkgui.background.worker import Worker
from itkgui.client.auth import Authenticator
from itkgui.client.clock import steady
from itkgui.client.exceptions import Cancelled, ClockWrong, ItkError, SignInFailed

log = logging.getLogger(__name__)

RENEW_AHEAD = 300.0  # seconds before the end; earlier than a request would, later than a transfer
WARN_AHEAD = 600.0  # seconds before the end, from which on a session that nobody renews is warned of
TRY_AGAIN = 30.0  # seconds after a renewal that failed
_LOOK = 2.0  # seconds between two looks, so that a wake-up from sleep is noticed soon


class SessionState(Enum):
    """How it stands with a session."""

    KEPT = "good, and renewed by itself"
    FINITE = "good until a time that is known, and then over: there is nothing to renew it with"
    OPEN = "good until the server takes it no more, at a time that nobody knows"
    UNRENEWED = "good still, but the renewal failed"
    AWAY = "ended; goes on by itself as soon as the identity provider answers"
    OVER = "ended, and somebody has to sign in again"


@dataclass(frozen=True)
class Outlook:
    """How it stands with a session at a moment; ``minutes`` are left of the token, None if unknown.

    ``trouble`` is why it could not be renewed.
    """

    state: SessionState
    minutes: int | None = None
    trouble: ItkError | None = None

    @property
    def is_urgent(self) -> bool:
        """Whether whoever works should know of it now."""
        if self.state is SessionState.FINITE:
            return self.minutes is not None and self.minutes * 60 <= WARN_AHEAD
        return self.state not in (SessionState.KEPT, SessionState.OPEN)


def outlook_of(authenticator: Authenticator) -> Outlook:
    """Look how it stands with the session now."""
    left, failure = authenticator.seconds_left, authenticator.failure
    minutes = None if math.isinf(left) else max(0, math.ceil(left / 60))
    if left <= 0 or authenticator.is_refused:
        # A token that was new and is refused all the same leaves no failure, and nothing to wait for.
        may_pass = not _needs_somebody(failure) and (failure is not None or not authenticator.is_refused)
        waits = authenticator.can_renew and may_pass
        return Outlook(SessionState.AWAY if waits else SessionState.OVER, minutes, failure)
    if failure is not None:
        return Outlook(SessionState.UNRENEWED, minutes, failure)
    if authenticator.can_renew:
        return Outlook(SessionState.KEPT, minutes)
    return Outlook(SessionState.OPEN if minutes is None else SessionState.FINITE, minutes)


def _needs_somebody(failure: ItkError | None) -> bool:
    return isinstance(failure, SignInFailed)


def _may_pass(failure: ItkError | None) -> bool:
    """Tell whether a renewal that failed may succeed later: a clock is set right, wrong codes stay wrong."""
    return not _needs_somebody(failure) or isinstance(failure, ClockWrong)


class SessionKeeper:
    """Watches one session from sign-in to sign-out; lives on the thread of an event loop.

    ``listeners`` hear whenever the outlook is another one. The renewal waits on the worker.
    """

    def __init__(self, authenticator: Authenticator, worker: Worker) -> None:
        self.listeners: list[Callable[[Outlook], None]] = []
        self.outlook = outlook_of(authenticator)
        self._authenticator = authenticator
        self._worker = worker
        self._not_before = -math.inf  # by the steady seconds
        self._watch: asyncio.Task[None] | None = None
        self._renewing: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to watch."""
        self._watch = asyncio.get_running_loop().create_task(self._run())

    def stop(self) -> None:
        """End, whatever is under way."""
        self.listeners.clear()
        for task in (self._watch, self._renewing):
            if task is not None:
                task.cancel()

    def look(self) -> None:
        """Look now: renew what is due, and tell of what has changed."""
        if not self._is_renewing and steady() >= self._not_before:
            failure = self._authenticator.failure
            if self._authenticator.is_due(RENEW_AHEAD) and _may_pass(failure):
                self._not_before = steady() + TRY_AGAIN
                self._renewing = asyncio.get_running_loop().create_task(self._renew())
        before, self.outlook = self.outlook, outlook_of(self._authenticator)
        if self.outlook != before:
            if self.outlook.state is not before.state:
                log.info("the session is %s", self.outlook.state.value)
            for listener in list(self.listeners):
                listener(self.outlook)

    @property
    def _is_renewing(self) -> bool:
        return self._renewing is not None and not self._renewing.done()

    async def _run(self) -> None:
        while True:
            self.look()
            await asyncio.sleep(_LOOK)

    async def _renew(self) -> None:
        try:
            await self._worker.call(self._authenticator.renew, RENEW_AHEAD)
        except Cancelled:
            return
        except ItkError as error:
            log.info("the session is not renewed: %s", error)
        asyncio.get_running_loop().call_soon(self.look)
