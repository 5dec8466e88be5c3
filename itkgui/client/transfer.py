"""The state of one piece of work that talks to a server: how far it is, and whether it is still wanted."""

from __future__ import annotations

import contextlib
import socket
import struct
import sys
import threading
from collections.abc import Iterator
from datetime import datetime

from itkgui.client.exceptions import Cancelled, ServerSilent

_LINGER = "hh" if sys.platform == "win32" else "ii"
_NO_LINGERING, _USUAL = struct.pack(_LINGER, 1, 0), struct.pack(_LINGER, 0, 0)


class Transfer:
    """Bytes done, bytes in total, and a cancel switch that also wakes a thread blocked in a socket.

    Calls within ``with running(Transfer()) as work:`` report to it; any thread may look at it, and cancel.

    ``as_of`` is the moment (UTC) of the oldest answer that the work used, None if all came from
    the server just now: with a cache, answers may be of some minutes ago, or off line of some days.
    ``only_kept`` sends no question that a cache might answer: what it does not hold is ConnectionFailed.

    One thread works and calls ``expect`` and ``advance``; threads that help it share ``check``, ``pause`` and
    ``watch``; any thread may read ``done`` and ``total`` and call ``cancel``.
    """

    def __init__(self, *, only_kept: bool = False) -> None:
        self.only_kept = only_kept
        self.done = 0
        self.total: int | None = None
        self.is_checking = False
        self.as_of: datetime | None = None
        self._cancelled = threading.Event()
        self._lock = threading.Lock()
        self._sockets: set[socket.socket] = set()
        self._deadlines: set[threading.Timer] = set()

    @property
    def is_cancelled(self) -> bool:
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Stop the work: the next ``check`` raises, and a socket being waited on is shut down at once."""
        with self._lock:
            if self._cancelled.is_set():
                return
            self._cancelled.set()
            for connection in self._sockets:
                _shut_down(connection)
            for deadline in self._deadlines:
                deadline.start()

    def check(self) -> None:
        """Raise Cancelled if the work is no longer wanted."""
        if self._cancelled.is_set():
            raise Cancelled

    def pause(self, seconds: float) -> None:
        """Wait, but raise Cancelled as soon as the work is no longer wanted."""
        if self._cancelled.wait(seconds):
            raise Cancelled

    def note_age(self, moment: datetime | None) -> None:
        """Note that an answer of this moment is used; None is now."""
        with self._lock:
            if moment is not None and (self.as_of is None or moment < self.as_of):
                self.as_of = moment

    def expect(self, total: int | None) -> None:
        """Begin to count from zero towards a total in bytes; None if it is not known."""
        self.done, self.total = 0, total

    def begin_check(self) -> None:
        """Note that all bytes are sent, and that what the server holds is now compared with them."""
        self.is_checking = True

    def advance(self, count: int) -> None:
        """Count bytes; raises Cancelled if the work is no longer wanted."""
        self.check()
        self.done += count

    @contextlib.contextmanager
    def watch(self, connection: socket.socket) -> Iterator[None]:
        """Let ``cancel`` shut this socket down while the block runs.

        If the block fails, or the program ends in it, what waits in the system's memory is dropped: else an
        upload that was given up might become complete later, when nobody counts on it.
        """
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGERING)
        with self._lock:
            self._sockets.add(connection)
            if self._cancelled.is_set():
                _shut_down(connection)
        try:
            yield
            with contextlib.suppress(OSError):  # it is closed
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _USUAL)
        finally:
            with self._lock:
                self._sockets.discard(connection)

    @contextlib.contextmanager
    def start_when_cancelled(self, deadline: threading.Timer) -> Iterator[None]:
        """Start a timer if ``cancel`` is called before or while the block runs; it is stopped at its end."""
        with self._lock:
            self._deadlines.add(deadline)
            if self._cancelled.is_set():
                deadline.start()
        try:
            yield
        finally:
            with self._lock:
                self._deadlines.discard(deadline)
            deadline.cancel()
            if deadline.ident is not None:
                deadline.join()


_current = threading.local()


def current() -> Transfer:
    """Return the transfer this thread works on; outside ``running`` one that nobody watches."""
    found: Transfer | None = getattr(_current, "transfer", None)
    return found if found is not None else Transfer()


@contextlib.contextmanager
def running(transfer: Transfer) -> Iterator[Transfer]:
    """Make a transfer the one that client calls of this thread report to and obey."""
    outer = getattr(_current, "transfer", None)
    _current.transfer = transfer
    try:
        yield transfer
    finally:
        _current.transfer = outer


@contextlib.contextmanager
def shielded(seconds: float) -> Iterator[None]:
    """Let the block finish though the thread's work is cancelled, but not later than ``seconds`` after that.

    Raises ServerSilent if it takes longer.
    """
    shield = Transfer()
    try:
        with current().start_when_cancelled(threading.Timer(seconds, shield.cancel)), running(shield):
            yield
    except Cancelled as error:
        raise ServerSilent(f"no answer in the {seconds:g} s that were left after a cancel") from error


def _shut_down(connection: socket.socket) -> None:
    # It may have been closed by the peer or by its thread in the meantime, which is as good.
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
