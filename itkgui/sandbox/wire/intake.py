"""What arrives on one connection: read in lines and blocks, under a limit of time."""

from __future__ import annotations

import socket
import time

_AT_ONCE = 16 * 1024


class Intake:
    """The receiving half of a connection; every read raises TimeoutError once the client's time is used up.

    Time counts only while a read waits for the client: a server that dawdles cuts nobody off.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._buffer = b""
        self.allow(0)

    def allow(self, seconds: float, bytes_per_second: float | None = None) -> None:
        """Begin a new budget: so many seconds, and one more for every `bytes_per_second` that arrive."""
        self._seconds = seconds
        self._rate = bytes_per_second
        self._waited = 0.0
        self._received = 0

    def wait(self) -> bool:
        """Wait until there is something to read; return False if the client has closed instead."""
        if not self._buffer:
            self._buffer = self._receive(_AT_ONCE)
        return bool(self._buffer)

    def line(self, limit: int) -> bytes:
        """Return the next line with its end; less than a line only at the limit or at the end of all."""
        while (end := self._buffer.find(b"\n", 0, limit)) < 0 and len(self._buffer) < limit:
            block = self._receive(_AT_ONCE)
            if not block:
                break
            self._buffer += block
        cut = min(limit, len(self._buffer)) if end < 0 else end + 1
        line, self._buffer = self._buffer[:cut], self._buffer[cut:]
        return line

    def read(self, size: int) -> bytes:
        """Return from 1 to `size` bytes, or none once the client has closed."""
        if not self._buffer:
            return self._receive(size)
        block, self._buffer = self._buffer[:size], self._buffer[size:]
        return block

    def swallow(self, expected: bytes) -> bool:
        """Step over these bytes if they come next; return whether they did. Waits while they may yet come."""
        while expected and len(self._buffer) < len(expected) and expected.startswith(self._buffer):
            block = self._receive(_AT_ONCE)
            if not block:
                break
            self._buffer += block
        swallowed = bool(expected) and self._buffer.startswith(expected)
        if swallowed:
            self._buffer = self._buffer.removeprefix(expected)
        return swallowed

    def _receive(self, size: int) -> bytes:
        left = self._seconds - self._waited
        if self._rate is not None:
            left += self._received / self._rate
        if left <= 0:
            raise TimeoutError("The client is too slow.")
        self._connection.settimeout(left)
        start = time.monotonic()
        try:
            block = self._connection.recv(size)
        except TimeoutError:
            raise
        except OSError as error:
            # Over TLS more can go wrong than a lost connection.
            raise ConnectionAbortedError(f"The client cannot be heard: {error}") from error
        finally:
            self._waited += time.monotonic() - start
        self._received += len(block)
        return block
