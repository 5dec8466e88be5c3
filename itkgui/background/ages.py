"""How old the oldest answer is that a coroutine has used, without each of them passing it on."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import datetime


class Ages:
    """The answers that one piece of work on the event loop has used so far."""

    def __init__(self) -> None:
        self.oldest: datetime | None = None

    def note(self, moment: datetime | None) -> None:
        """Note that an answer of this moment (UTC) was used; None is one that just came."""
        if moment is not None and (self.oldest is None or moment < self.oldest):
            self.oldest = moment


_current: ContextVar[Ages | None] = ContextVar("ages", default=None)


@contextlib.contextmanager
def gathered() -> Iterator[Ages]:
    """Gather the ages for tasks that are created in the block, for as long as they run."""
    found = Ages()
    token = _current.set(found)
    try:
        yield found
    finally:
        _current.reset(token)


def note(moment: datetime | None) -> None:
    """Note the age of an answer that the present task has been given."""
    ages = _current.get()
    if ages is not None:
        ages.note(moment)


def used() -> datetime | None:
    """Return the moment (UTC) of the oldest answer that the present task used; None if all just came."""
    ages = _current.get()
    return ages.oldest if ages is not None else None
