"""The file of SQLite in which the queue is: what was written to it survives a power cut."""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from itkgui.client.exceptions import ItkError
from itkgui.language import N_
from itkgui.uploads.disk import flush_folder, private_folder
from itkgui.uploads.upload_rows import SCRIPTS, folded

log = logging.getLogger(__name__)
T = TypeVar("T")
Row = dict[str, Any]

FILE_NAME = "queue.sqlite3"
_MARK = 0x69744B71  # in the file's head, so that no other program's file is taken for a queue
_PATIENCE = 10.0  # seconds for which another process may write


class QueueNotWritten(ItkError):
    """The queue's file cannot be used: no room, no right, or another process holds it for long."""

    title = N_("Queue not saved")
    sentence = N_("The list of uploads cannot be written on this computer, so this was not done.")
    cure = N_("Free some space on the disk of your home folder and check its permissions, then try again.")


class QueueDamaged(ItkError):
    """The queue's file was damaged while it was in use."""

    title = N_("Queue damaged")
    sentence = N_("The list of uploads on this computer is damaged, so this was not done.")
    cure = N_("Restart the program: it puts the damaged list aside. Check this computer's disk.")


class QueueTooNew(ItkError):
    """The queue's file was made by a newer program."""

    title = N_("Queue of a newer version")
    sentence = N_("A newer version of this program has made the list of uploads; this one leaves it alone.")
    cure = N_("Start the newer version to have the waiting files sent.")


class Execute(Protocol):
    """Executes a statement of SQL with values for its question marks; returns the rows by column."""

    def __call__(self, statement: str, *values: Any) -> list[Row]: ...


class QueueFile:
    """One connection, which threads take in turn: those that write at the same time share a commit.

    It is the commit that takes time, as the disk is waited for. Raises QueueNotWritten and QueueDamaged; the
    constructor QueueTooNew too. A damaged file is put aside when it is opened, if that may be done, with the
    copies that belong to it: ``put_aside`` is the folder then. Other processes may use the file at the same
    time; whoever puts it aside must know that none does.

    On a disk that ``is_shared`` with other computers it is kept without SQLite's WAL, which needs memory that
    all have in common.
    """

    def __init__(self, folder: Path, *, may_put_aside: bool = True, is_shared: bool = False) -> None:
        self.put_aside: Path | None = None
        self._lock = threading.Lock()
        self._jobs: deque[_Job[Any]] = deque()
        with _reported():
            try:
                self._database = _opened(folder, is_shared=is_shared)
            except sqlite3.DatabaseError as error:
                if not may_put_aside or not _is_damage(error):
                    raise
                self.put_aside = _put_aside(folder)
                log.warning("the queue is damaged (%s) and was put aside: %s", error, self.put_aside)
                self._database = _opened(folder, is_shared=is_shared)

    def read(self, statement: str, *values: Any) -> list[Row]:
        with self._lock, _reported():
            return self._execute(statement, *values)

    def write(self, work: Callable[[Execute], T]) -> T:
        """Do a piece of work, all or nothing of it; return what it returns, once it is on the disk.

        The work raises an ItkError only before it has changed anything: what other threads do with the same
        commit is done all the same.
        """
        job = _Job(work)
        self._jobs.append(job)
        with self._lock:
            if not job.is_over:  # not yet done by a thread that had the lock before
                self._do_all()
        return job.outcome()

    def close(self) -> None:
        with self._lock, _reported():
            self._database.close()

    def _do_all(self) -> None:
        jobs = [self._jobs.popleft() for _job in range(len(self._jobs))]
        try:
            with _reported(), _transaction(self._database):
                for job in jobs:
                    job.do(self._execute)
        except ItkError as error:
            for job in jobs:
                job.fail(error)
        except BaseException as error:  # a fault of one of them, which is told by this thread
            for job in jobs:
                job.fail(QueueNotWritten(f"{error!r} came in between"))
            raise
        finally:
            for job in jobs:
                job.is_over = True

    def _execute(self, statement: str, *values: Any) -> list[Row]:
        return _executed(self._database, statement, values)


class _Job(Generic[T]):
    """A piece of work that a thread waits for, and what came of it."""

    def __init__(self, work: Callable[[Execute], T]) -> None:
        self._work = work
        self._results: list[T] = []
        self._error: ItkError | None = None
        self.is_over = False

    def do(self, execute: Execute) -> None:
        try:
            self._results.append(self._work(execute))
        except ItkError as error:
            self._error = error

    def fail(self, error: ItkError) -> None:
        """Note that nothing was written, in an exception of its own: each thread raises one."""
        if self._error is None:
            self._error = type(error)(error.detail)

    def outcome(self) -> T:
        if self._error is not None:
            raise self._error
        return self._results[0]


def _opened(folder: Path, *, is_shared: bool) -> sqlite3.Connection:
    private_folder(folder)
    path = folder / FILE_NAME
    with contextlib.suppress(FileExistsError):  # the files that SQLite puts beside it get its mode
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        flush_folder(folder)
    database = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
    try:
        _set_up(database, "DELETE" if is_shared else "WAL")
    except BaseException:
        database.close()
        raise
    return database


def _set_up(database: sqlite3.Connection, journal: str) -> None:
    database.execute("PRAGMA trusted_schema = OFF")
    version = _number(database, "user_version")  # before anything is written to it
    if version > len(SCRIPTS):
        raise QueueTooNew(f"its version is {version}, this program knows {len(SCRIPTS)}")
    if version and _number(database, "application_id") != _MARK:
        raise sqlite3.DatabaseError("the file is no queue")
    database.execute(f"PRAGMA journal_mode = {journal}")
    database.execute("PRAGMA synchronous = EXTRA")  # FULL, and the folder of a journal that was deleted
    database.execute("PRAGMA fullfsync = ON")  # else macOS leaves it in the disk's own memory
    if database.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        raise sqlite3.DatabaseError("the file contradicts itself")
    if version < len(SCRIPTS):
        with _transaction(database):
            _migrate(database)
    database.create_function("folded", -1, folded, deterministic=True)


def _migrate(database: sqlite3.Connection) -> None:
    version = _number(database, "user_version")  # another process may have been faster
    if version == 0:
        database.execute(f"PRAGMA application_id = {_MARK}")
    for script in SCRIPTS[version:]:
        for statement in script.split(";"):
            database.execute(statement)
    database.execute(f"PRAGMA user_version = {len(SCRIPTS)}")


def _put_aside(folder: Path) -> Path:
    """Move all that a damaged queue consists of into a folder beside it, for whoever can still read it."""
    aside = Path(tempfile.mkdtemp(prefix=time.strftime("damaged-%Y%m%d-%H%M%S-"), dir=folder))
    for name in (*(FILE_NAME + suffix for suffix in ("", "-wal", "-shm", "-journal")), "spool"):
        if (folder / name).exists():
            (folder / name).rename(aside / name)
    flush_folder(folder)
    return aside


@contextlib.contextmanager
def _transaction(database: sqlite3.Connection) -> Iterator[None]:
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
        database.execute("COMMIT")
    finally:
        if database.in_transaction:
            database.execute("ROLLBACK")


@contextlib.contextmanager
def _reported() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise (QueueDamaged if _is_damage(error) else QueueNotWritten)(str(error)) from error
    except OSError as error:
        raise QueueNotWritten(f"{error.filename}: {error.strerror}") from error


def _is_damage(error: sqlite3.Error) -> bool:
    """Tell whether an error is about the file's content; any other has a class of its own."""
    return type(error) is sqlite3.DatabaseError


def _executed(database: sqlite3.Connection, statement: str, values: tuple[Any, ...]) -> list[Row]:
    found = database.execute(statement, values)
    columns = [column[0] for column in found.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in found]


def _number(database: sqlite3.Connection, pragma: str) -> int:
    (value,) = database.execute(f"PRAGMA {pragma}").fetchone()
    return int(value)


def glance(folder: Path, columns: Sequence[str]) -> list[Row]:
    """Return some columns of all uploads in a queue, which is neither changed nor made.

    Raises QueueNotWritten and QueueDamaged where it cannot be read.
    """
    with _reported(), contextlib.closing(_for_reading(folder)) as database:
        return _executed(database, f"SELECT {', '.join(columns)} FROM uploads ORDER BY place", ())  # noqa: S608


def _for_reading(folder: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{(folder / FILE_NAME).as_uri()}?mode=ro", uri=True, timeout=1)
