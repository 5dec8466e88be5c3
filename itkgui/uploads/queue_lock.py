"""One process at a time runs a queue: a lock that ends with its holder, however that one ends."""

from __future__ import annotations

import contextlib
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path

import filelock

from itkgui.uploads.disk import private_folder
from itkgui.uploads.queue_file import QueueNotWritten


@dataclass(frozen=True)
class Holder:
    """The process that runs a queue, by its number, and since when, in seconds since 1970."""

    pid: int
    since: float


class QueueLock:
    """The right to run the queue in a folder; of the whole process, whichever thread has taken it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = filelock.FileLock(
            folder / "queue.lock", mode=0o600, thread_local=False, preserve_lock_file=True
        )
        self._note = folder / "queue.holder"

    def try_take(self) -> bool:
        """Take the lock unless somebody has it; return whether it is ours. Raises QueueNotWritten."""
        if self._lock.is_locked:
            return True
        try:
            private_folder(self._folder)
            self._lock.acquire(blocking=False)
        except filelock.Timeout:
            return False
        except OSError as error:
            raise QueueNotWritten(f"{self._folder}: {error.strerror}") from error
        with contextlib.suppress(OSError):  # it is only a word for people
            self._note.write_text(json.dumps({"pid": os.getpid(), "since": time.time()}))
        return True

    def holder(self) -> Holder | None:
        """Return who has taken the lock last, as a word for people; None if nobody can tell."""
        try:
            told = json.loads(self._note.read_text())
            return Holder(int(told["pid"]), float(told["since"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def release(self) -> None:
        """Leave the queue to the next process; without the lock nothing happens."""
        if self._lock.is_locked:
            with contextlib.suppress(OSError):
                self._note.unlink()
            self._lock.release()
