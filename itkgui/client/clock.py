"""The clocks of servers, as the Date headers of their answers tell them, beside that of this computer."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from itkgui.client.answers import moment_in
from itkgui.client.exceptions import ClockWrong
from itkgui.language import _, ngettext

NOTEWORTHY = 30.0  # seconds of difference that a person should know of; less is the network's
_EXACT_UP_TO = 120  # seconds
# Goes on in the sleep; on Windows the monotonic one does.
_CLOCK = getattr(time, {"linux": "CLOCK_BOOTTIME", "darwin": "CLOCK_MONOTONIC"}.get(sys.platform, ""), None)


def steady() -> float:
    """Return seconds that pass evenly whatever the clock is set to, while the computer sleeps too."""
    return time.monotonic() if _CLOCK is None else time.clock_gettime(_CLOCK)


class ServerClock:
    """One server's clock; exact to a second and the time an answer travels. Safe to share between threads."""

    def __init__(self, steady: Callable[[], float] = steady) -> None:
        self._steady = steady
        self._ahead: float | None = None  # of the steady seconds

    def note(self, header: str) -> None:
        """Take up what an answer that has just come tells; one that tells nothing changes nothing."""
        if (moment := moment_in(header)) is not None:
            self._ahead = moment.timestamp() - self._steady()

    def now(self) -> float:
        """Return the moment in seconds since 1970; by this computer's clock until the server has told it."""
        return time.time() if self._ahead is None else self._steady() + self._ahead

    @property
    def offset(self) -> float | None:
        """By how many seconds this computer's clock is ahead, negative if behind; None if nobody told."""
        return None if self._ahead is None else time.time() - self.now()


def told_by_how_much(error: ClockWrong, offset: float | None) -> ClockWrong:
    """Return an error that says by how much the clock is off, as far as that is known."""
    if offset is not None and round(offset):
        error.sentence = _("{difference} So the session cannot be checked.").format(
            difference=difference(offset)
        )
    return error


def difference(offset: float) -> str:
    """Say in a sentence by how much this computer's clock is off: in seconds, many in larger units too."""
    seconds = round(abs(offset))
    amount = ngettext("{count} second", "{count} seconds", seconds).format(count=f"{seconds:,}")
    if seconds > _EXACT_UP_TO:
        amount = _("{seconds} (about {time})").format(seconds=amount, time=_about(seconds))
    if offset > 0:
        return _("This computer's clock is {amount} ahead of the server's.").format(amount=amount)
    return _("This computer's clock is {amount} behind the server's.").format(amount=amount)


def _about(seconds: int) -> str:
    minutes = round(seconds / 60)
    if minutes < 60:
        return ngettext("{count} minute", "{count} minutes", minutes).format(count=minutes)
    hours = round(seconds / 3_600)
    if hours < 48:
        return ngettext("{count} hour", "{count} hours", hours).format(count=hours)
    days = round(seconds / 86_400)
    return ngettext("{count} day", "{count} days", days).format(count=f"{days:,}")
