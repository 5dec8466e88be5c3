"""The file in which answers are kept: private, limited in size, shared by programs, in nobody's way."""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

log = logging.getLogger(__name__)
T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]

# Names and flags stand before the entry, so that looking through them does not read the entries. "used" is
# when an answer was last given, "until" when nobody wants it any more; both in seconds since 1970.
_TABLE = (
    "CREATE TABLE answers (key TEXT PRIMARY KEY, used REAL, until REAL, is_changing_list INTEGER, "
    "names TEXT, entry BLOB)"
)
_READ = "SELECT CAST(entry AS BLOB) FROM answers WHERE key = ?"
_SIZES = "SELECT key, length(entry) + length(names) FROM answers ORDER BY used"
_LOCK_PATIENCE = 0.1  # seconds that another process may hold the file before one does without it
_PAUSE = 1.0  # seconds for which the file is then left alone
_SEPARATORS = str.maketrans("\t\n", "  ")
_STATES = 0x7FFFFFFF  # the largest number that SQLite keeps as user_version


@dataclass(frozen=True)
class Stored:
    """What is kept of one answer; ``until`` is in seconds since 1970.

    ``objects`` are those that it mentions, each by all the identifiers that it gives for it.
    """

    key: str
    until: float
    is_changing_list: bool
    objects: Iterable[tuple[str, ...]]
    entry: bytes


class AnswerStore:
    """Entries by key in a file of SQLite; threads and programs may share it.

    No method raises: while the file cannot be used (locked, full, not to be written), nothing is found and
    nothing is kept, which the log tells once; a file that is damaged is replaced. What could not be dropped
    is not given any more.
    """

    def __init__(self, path: Path, size_limit: int) -> None:
        self.path = path
        self.entry_limit = size_limit // 16  # in bytes; one entry leaves room for others
        self._size_limit = size_limit
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._is_closed = False
        self._resume = {"read": 0.0, "write": 0.0}  # by the monotonic clock
        self._owed: list[Work[object]] = []
        self._used: dict[str, float] = {}
        self._written = size_limit  # in bytes since the last look at the file's size: the first write looks
        self._is_oversize = False
        self._told: set[str] = set()

    def read(self, key: str) -> tuple[bytes | None, int | None]:
        """Return an entry, and the state of the store, without which nothing can be written; or None."""

        def look(database: sqlite3.Connection) -> tuple[bytes | None, int | None]:
            found = database.execute(_READ, (key,)).fetchone()
            if found is not None:
                self._used[key] = time.time()
            return (found[0] if found else None), _state(database)

        nothing: tuple[bytes | None, int | None] = (None, None)
        return self._run("read", look, nothing)

    def write(self, stored: Stored, state: int) -> None:
        """Keep an entry, unless something was dropped since the store was in this state.

        An answer that was under way at that time may tell how things were before.
        """
        names = "\n".join("".join(map(_quoted, one)) for one in stored.objects)
        row = (stored.key, time.time(), stored.until, stored.is_changing_list, names, stored.entry)

        def insert(database: sqlite3.Connection) -> None:
            if _state(database) != state:
                return
            database.execute("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?, ?)", row)
            self._written += len(stored.entry) + len(names)
            if self._written > self._size_limit // 16:
                self._prune(database)

        self._run("write", insert, None)

    def forget(self, identifiers: Iterable[str]) -> None:
        """Drop what mentions one of these, by whichever of its names, and lists that any write changes."""
        names = {name for name in identifiers if name}
        self._owe(lambda database: _forget(database, names))

    def drop(self, key: str) -> None:
        self._owe(lambda database: database.execute("DELETE FROM answers WHERE key = ?", (key,)))

    def drop_damaged(self, key: str, error: Exception) -> None:
        self._tell("damaged entry", "an answer in the cache is damaged (%s)", type(error).__name__)
        self.drop(key)

    def clear(self) -> None:
        """Drop everything."""
        self._owe(_clear)

    def prune(self) -> None:
        """Drop what nobody wants any more and, near the size limit, what was not used for longest."""
        self._run("write", self._prune, None)

    def close(self) -> None:
        """Close the file; whoever still asks finds nothing."""
        self._run("write", lambda _: None, None)  # which notes what was used
        with self._lock:
            self._is_closed = True
            self._disconnect()

    def delete(self) -> None:
        """Drop all answers and remove the file; only another program of the same identity keeps it, empty."""
        with self._lock:
            self._is_closed = True
            self._owed = [_clear]
            is_shared = False
            try:
                self._connection = self._connection or self._connect()
                self._write(self._connection, lambda _: None)
                is_shared = not _is_last(self._connection)
            except (sqlite3.Error, ValueError, OSError) as error:
                log.info("the cache is removed as it is: %s", error)
            self._disconnect()
            if not is_shared:
                self._remove()

    def _owe(self, action: Work[object]) -> None:
        """Do an action that cannot be left out; until it is done, the store gives no answers."""
        with self._lock:
            self._owed = [*self._owed, action] if len(self._owed) < 100 else [_clear]
        self._run("write", lambda _: None, None)

    def _run(self, purpose: str, work: Work[T], otherwise: T) -> T:
        with self._lock:
            if self._owed:
                purpose = "write"
            if self._is_closed or time.monotonic() < self._resume[purpose]:
                return otherwise
            try:
                if self._connection is None:
                    self._connection = self._connect()
                if purpose == "read":
                    return work(self._connection)
                return self._write(self._connection, work)
            except (sqlite3.OperationalError, OSError) as error:
                self._rest(purpose, error)
            except (sqlite3.Error, ValueError) as error:
                self._tell("damaged", "the cache is damaged and begins anew: %s", error)
                self._disconnect()
                self._remove()
            return otherwise

    def _write(self, database: sqlite3.Connection, work: Work[T]) -> T:
        """Do what is owed, then the work, all or nothing of it."""
        database.execute("BEGIN IMMEDIATE")
        try:
            for action in self._owed:
                action(database)
            if self._owed:
                database.execute(f"PRAGMA user_version = {_state(database) + 1 & _STATES}")
            database.executemany("UPDATE answers SET used = ?2 WHERE key = ?1", self._used.items())
            result = work(database)
            database.execute("COMMIT")
        finally:
            if database.in_transaction:
                database.execute("ROLLBACK")
        self._owed = []
        self._used.clear()
        if self._is_oversize:  # execute() would free one page only
            self._is_oversize = False
            database.executescript("PRAGMA incremental_vacuum")
        return result

    def _prune(self, database: sqlite3.Connection) -> None:
        self._written = 0
        database.execute("DELETE FROM answers WHERE until < ?", (time.time(),))
        page = _number(database, "page_size")
        in_use = page * (_number(database, "page_count") - _number(database, "freelist_count"))
        if in_use > self._size_limit * 3 // 4:
            excess, keys = in_use - self._size_limit // 2, []
            for key, size in database.execute(_SIZES):
                if excess <= 0:
                    break
                keys.append((key,))
                excess -= size
            database.executemany("DELETE FROM answers WHERE key = ?", keys)
        self._is_oversize = page * _number(database, "page_count") > self._size_limit

    def _connect(self) -> sqlite3.Connection:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:  # the files that SQLite puts beside it get its mode
            os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            if self.path.stat().st_mode & 0o077:
                self.path.chmod(0o600)
        database = sqlite3.connect(
            self.path, timeout=_LOCK_PATIENCE, isolation_level=None, check_same_thread=False
        )
        try:
            self._set_up(database)
        except BaseException:
            database.close()
            raise
        return database

    def _set_up(self, database: sqlite3.Connection) -> None:
        database.text_factory = lambda raw: str(raw, "utf-8", "replace")
        database.execute("PRAGMA trusted_schema = OFF")
        if is_new := not _schema(database):
            database.execute("PRAGMA auto_vacuum = INCREMENTAL")
        database.execute("PRAGMA journal_mode = WAL")  # a writer does not stop readers
        database.execute("PRAGMA synchronous = NORMAL")
        database.execute("PRAGMA secure_delete = OFF")  # but see _clear
        pages = max(64, self._size_limit // 32 // _number(database, "page_size"))
        database.execute(f"PRAGMA wal_autocheckpoint = {pages}")
        database.execute(f"PRAGMA journal_size_limit = {self._size_limit // 32}")
        if is_new:
            database.execute("BEGIN IMMEDIATE")
            if not _schema(database):
                database.execute(_TABLE)
                # Not a number that an answer under way has noted from the file that was here before.
                database.execute(f"PRAGMA user_version = {secrets.randbelow(_STATES)}")
            database.execute("COMMIT")
        if _schema(database) != [_TABLE]:  # triggers and views could do anything
            raise sqlite3.DatabaseError("it is not the cache's own file")

    def _disconnect(self) -> None:
        database, self._connection = self._connection, None
        if database is not None:
            with contextlib.suppress(sqlite3.Error):  # a damaged file cannot be put in order any more
                database.close()

    def _remove(self) -> None:
        try:
            for suffix in ("", "-wal", "-shm", "-journal"):
                self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
        except OSError as error:
            self._rest("write", error)
            self._rest("read", error)
        else:
            self._owed = []

    def _rest(self, purpose: str, error: Exception) -> None:
        self._resume[purpose] = time.monotonic() + _PAUSE
        self._tell("unusable", "the cache cannot be used at the moment: %s", error)

    def _tell(self, topic: str, message: str, *details: object) -> None:
        if topic not in self._told:
            self._told.add(topic)
            log.warning(message, *details)


def _is_last(database: sqlite3.Connection) -> bool:
    """Tell whether nobody else has the file open, under whom it must not go away; what was in it is gone."""
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    try:
        (mode,) = database.execute("PRAGMA journal_mode = DELETE").fetchone()
    except sqlite3.OperationalError:
        return False
    return str(mode) == "delete"


def _state(database: sqlite3.Connection) -> int:
    """Return a number that changes whenever something is forgotten, in whichever process."""
    return _number(database, "user_version")


def _number(database: sqlite3.Connection, pragma: str) -> int:
    (value,) = database.execute(f"PRAGMA {pragma}").fetchone()
    return int(value)


def _schema(database: sqlite3.Connection) -> list[str]:
    return [sql for (sql,) in database.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")]


def _clear(database: sqlite3.Connection) -> None:
    database.execute("PRAGMA secure_delete = ON")
    database.execute("DELETE FROM answers")


def _quoted(name: str) -> str:
    """Return a name as it stands in the file, where an object has a line; odd ones may become one."""
    name = name.translate(_SEPARATORS)
    return f"\t{name if name.isascii() else name.encode(errors='replace').decode()}\t"


def _forget(database: sqlite3.Connection, names: set[str]) -> None:
    mentions = database.execute("SELECT key, names FROM answers WHERE typeof(names) = 'text'").fetchall()
    known, wanted = set[str](), {_quoted(name) for name in names}
    while wanted - known:  # until no further name of theirs turns up
        known |= wanted
        for _, text in mentions:
            if any(name in text for name in known):
                lines = [line for line in text.split("\n") if any(name in line for name in known)]
                wanted |= {_quoted(name) for line in lines for name in line.split("\t") if name}
    gone = [(key,) for key, text in mentions if any(name in text for name in known)]
    database.executemany("DELETE FROM answers WHERE key = ?", gone)
    database.execute("DELETE FROM answers WHERE is_changing_list OR typeof(names) != 'text'")
