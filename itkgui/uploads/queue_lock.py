"""One process at a time runs a queue: a lock that ends with its holder, however that one ends."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import time
from dataclasses import dataclass
from pathlib import Path

import filelock

from itkgui.client.exceptions import ItkError
from itkgui.language import N_
from itkgui.paths import private_file
from itkgui.uploads.disk import is_shared, private_folder
from itkgui.uploads.queue_file import QueueNotWritten

_FRESH = 120.0  # seconds for which the word of another computer counts
_RENEWAL = 20.0  # seconds between two words


@dataclass(frozen=True)
class Holder:
    """The process that runs a queue, by its number and computer, and since when, in seconds since 1970."""

    pid: int
    since: float
    host: str = ""


class QueueElsewhere(ItkError):
    """Another computer runs the queue, or did a moment ago."""

    title = N_("Queue in use on another computer")
    sentence = N_("Your uploads lie on a disk of the network, and another computer is at work with them.")
    cure = N_(
        "Close the program there and wait two minutes, or start it here with --data-dir "
        "and a folder on this computer's own disk."
    )


class QueueLock:
    """The right to run the queue in a folder; of the whole process, whichever thread has taken it.

    On a disk that several computers share, a lock may be known to one of them alone. There whoever runs the
    queue says so again and again in a note, which other computers heed. Methods block, and raise
    QueueNotWritten and, on such a disk, QueueElsewhere.
    """

    def __init__(self, folder: Path, *, may_be_shared: bool | None = None) -> None:
        self._folder = folder
        self._may_be_shared = may_be_shared
        self._path = folder / "queue.lock"
        self._lock = filelock.FileLock(self._path, mode=0o600, thread_local=False, preserve_lock_file=True)
        self._note = folder / "queue.holder"
        self._since = self._said_at = 0.0

    @property
    def is_shared(self) -> bool:
        """Whether other computers may be at the folder, as far as that is known."""
        if self._may_be_shared is None:
            self._may_be_shared = is_shared(self._folder)
        return self._may_be_shared

    def try_take(self) -> bool:
        """Take the lock unless another process has it; return whether it is ours."""
        if self._lock.is_locked:
            return True
        try:
            private_folder(self._folder)
            self._lock.acquire(blocking=False)
        except filelock.Timeout:
            self.check_computer()
            return False
        except OSError as error:
            raise QueueNotWritten(f"{self._folder}: {error.strerror}") from error
        try:
            self.check_computer()
        except QueueElsewhere:
            self._lock.release()
            raise
        self._since = time.time()
        self._say()
        return True

    def check_computer(self) -> None:
        """Raise QueueElsewhere if another computer says that it runs the queue."""
        if not self.is_shared:
            return
        holder = self.holder()
        if holder is None or holder.host in ("", platform.node()):
            return
        try:
            self._path.touch(0o600)  # to have the time of the disk's own clock
            age = self._path.stat().st_mtime - self._note.stat().st_mtime
        except FileNotFoundError:  # it has ended at this very moment
            return
        except OSError as error:
            raise QueueNotWritten(f"{self._folder}: {error.strerror}") from error
        if age < _FRESH:
            raise QueueElsewhere(f"{holder.host}, process {holder.pid}")

    def renew(self) -> None:
        """Say again that the queue runs here; to be called often by whoever has the lock."""
        if self.is_shared and abs(time.time() - self._said_at) >= _RENEWAL:
            self._say()

    def _say(self) -> None:
        self._said_at = time.time()
        told = {"pid": os.getpid(), "since": self._since, "host": platform.node()}
        part = self._note.with_suffix(".new")
        with contextlib.suppress(OSError):  # it is a word, which is said again
            private_file(part)
            part.write_text(json.dumps(told))
            part.replace(self._note)  # nobody reads half of it, or nothing, and takes the queue

    def holder(self) -> Holder | None:
        """Return who has taken the lock last, by their own word; None if nobody can tell."""
        try:
            told = json.loads(self._note.read_text())
            return Holder(int(told["pid"]), float(told["since"]), str(told.get("host", "")))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def release(self) -> None:
        """Leave the queue to the next process; without the lock nothing happens."""
        if self._lock.is_locked:
            with contextlib.suppress(OSError):
                self._note.unlink()
            self._lock.release()
