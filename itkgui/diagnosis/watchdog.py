"""Notices when the window does not answer, and writes what all threads are doing at that moment."""

from __future__ import annotations

import faulthandler
import logging
import os
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

logger = logging.getLogger(__name__)

FILE_NAME = "stalls.txt"  # below the folder of the state
SILENCE = 2.0  # seconds without an answer
_PACE = 0.5  # seconds between an answer and the next question
_REST = 60.0  # seconds after stacks were written
_MOST = 20  # times in one run
_SIZE = 500_000  # bytes; a file that has them is begun anew, the one before is kept
_STEP = 0.5  # seconds of one wait for an answer, so that an end is not waited for longer
_LATE = 0.7  # seconds by which stacks may be written too late, or too early, if the process was let run


class Watchdog:
    """Asks the window's loop twice a second, by ``call_soon``, if it is there, from a thread of its own.

    ``call_soon`` takes a function that the loop is to call, and may be called from any thread. The stacks are
    written by a timer in C, so that a call which holds Python's lock is seen at work. A process that was
    suspended, or a computer that slept, was not silent: its stacks are written late, and are not kept.
    """

    def __init__(
        self,
        state: Path,
        call_soon: Callable[[Callable[[], object]], object],
        *,
        silence: float = SILENCE,
        pace: float = _PACE,
        rest: float = _REST,
    ) -> None:
        self.path = state / FILE_NAME
        self.asked = self.stalls = 0  # how often
        self._call_soon = call_soon
        self._silence, self._pace, self._rest = silence, pace, rest
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End at once; the loop that is asked may be closed after this."""
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        try:
            descriptor = self._opened()
        except OSError as error:
            logger.warning("what a window that hangs does would not be written: %s", error)
            return
        try:
            while self.stalls < _MOST and not self._ended.is_set():
                if self._is_silent(descriptor):
                    self.stalls += 1
                    self._ended.wait(self._rest)
        finally:
            faulthandler.cancel_dump_traceback_later()
            is_empty = os.fstat(descriptor).st_size == 0
            os.close(descriptor)
            if is_empty:
                self.path.unlink(missing_ok=True)

    def _opened(self) -> int:
        if self.path.is_file() and self.path.stat().st_size > _SIZE:
            self.path.replace(self.path.with_name(f"{FILE_NAME}.1"))
        return os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)

    def _is_silent(self, descriptor: int) -> bool:
        """Ask once; tell whether stacks were written as no answer came."""
        answered = threading.Event()
        size = os.fstat(descriptor).st_size
        # From before the pause: after it, the lock of Python may be held by what hangs.
        due = time.monotonic() + self._pace + self._silence
        faulthandler.dump_traceback_later(self._pace + self._silence, file=descriptor)
        self._ended.wait(self._pace)
        asked = min(time.monotonic(), due - self._silence)
        self.asked += 1
        try:
            self._call_soon(answered.set)
        except RuntimeError:  # the loop is closed: the program ends
            self._ended.set()
        while not self._ended.is_set() and not answered.wait(_STEP):
            pass
        faulthandler.cancel_dump_traceback_later()
        written = os.fstat(descriptor)
        if written.st_size == size:
            return False
        moment, silent = datetime.now().astimezone(), time.monotonic() - asked
        when = f"{moment:%Y-%m-%d %H:%M:%S %z}".encode()
        os.write(descriptor, b"%b: the window was silent for %.1f s\n\n" % (when, silent))
        # By the clock of the disk, which may be another computer's.
        since = os.fstat(descriptor).st_mtime - written.st_mtime
        if abs(time.monotonic() - since - due) > _LATE:
            os.ftruncate(descriptor, size)
            return False
        logger.warning("the window did not answer for %.1f s; what it did stands in %s", silent, self.path)
        return True
