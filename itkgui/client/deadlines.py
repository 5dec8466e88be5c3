"""How long a thread waits for bytes, not for each of them alone, and a server for the next request."""

from __future__ import annotations

import contextlib
import io
import math
import re
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

# What must not be repeated must not meet a connection that is closed at that very moment: it only takes one
# that the server has promised to keep for this much longer, in seconds.
_MARGIN = 1.0
_KEEP_ALIVE = re.compile(r"\b(timeout|max)\s*=\s*(\d{1,6})", re.IGNORECASE)

_threads = threading.local()


@contextlib.contextmanager
def within(seconds: float) -> Iterator[None]:
    """While the block runs, what this thread reads has to come in so many seconds. Raises TimeoutError."""
    outer = _deadline()
    _threads.deadline = min(outer, time.monotonic() + seconds)
    try:
        yield
    finally:
        _threads.deadline = outer


def _deadline() -> float:
    found: float = getattr(_threads, "deadline", math.inf)
    return found


class Incoming(io.RawIOBase):
    """The bytes of a socket; waits for them no longer than ``within`` allows."""

    def __init__(self, stream: io.RawIOBase, connection: socket.socket) -> None:
        self._stream = stream
        self._connection = connection

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        deadline = _deadline()
        if deadline == math.inf:
            return self._stream.readinto(buffer)
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the server takes too long over its answer")
        silence_limit = self._connection.gettimeout()
        self._connection.settimeout(left if silence_limit is None else min(left, silence_limit))
        try:
            return self._stream.readinto(buffer)
        finally:
            self._connection.settimeout(silence_limit)

    def close(self) -> None:
        self._stream.close()
        super().close()


def promised_rest(keep_alive: str) -> float:
    """Return for how many seconds a connection may rest and is still open, as its server says."""
    found = {name.lower(): int(number) for name, number in _KEEP_ALIVE.findall(keep_alive)}
    return found.get("timeout", 0) - _MARGIN if found.get("max", 1) else 0.0
