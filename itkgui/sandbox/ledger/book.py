"""Keeps records on the disk, so that what was written survives the process, even one that is killed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from itkgui.sandbox.ledger.plain import dumps, loads

_SCHEMA = """
CREATE TABLE IF NOT EXISTS about (name TEXT PRIMARY KEY, content TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS records (
    kind TEXT NOT NULL, number INTEGER NOT NULL, content TEXT NOT NULL, PRIMARY KEY (kind, number)
);
"""


class Book:
    """One SQLite file of records by kind and number; the caller's lock lets one thread in at a time.

    Raises OSError if the file cannot be used, or belongs to sample data other than `about` says.
    """

    def __init__(self, file: Path, about: str) -> None:
        try:
            # The file is this process's own: for others who hold it, no client waits more than a second.
            self._connection = sqlite3.connect(file, 1.0, check_same_thread=False, isolation_level=None)
            # A killed process loses nothing in this mode; only a power failure could lose the last writes.
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self._connection.executescript(_SCHEMA)
            self._connection.execute("INSERT OR IGNORE INTO about VALUES ('data', ?)", (about,))
            ((found,),) = self._connection.execute("SELECT content FROM about WHERE name = 'data'")
        except sqlite3.Error as error:
            raise OSError(f"{file} cannot be used: {error}") from error
        if found != about:
            self._connection.close()
            raise OSError(f"{file.parent} was written to with {found}; this sandbox has {about}")

    def read(self, kind: type[Any]) -> Iterator[tuple[int, Any]]:
        """Yield number and record of everything of one kind, in order.

        Raises OSError for what cannot be read.
        """
        query = "SELECT number, content FROM records WHERE kind = ? ORDER BY number"
        number = -1
        try:
            for number, content in self._connection.execute(query, (kind.__name__,)):
                yield number, loads(kind, content)
        except (ValueError, TypeError, KeyError) as error:
            raise OSError(f"{kind.__name__} {number} of the storage cannot be read: {error!r}") from error

    def write(self, records: list[tuple[int, Any]]) -> None:
        """Keep records, all or none of them. Raises sqlite3.Error if the disk does not take them."""
        rows = [(type(record).__name__, number, dumps(record)) for number, record in records]
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            self._connection.executemany("INSERT OR REPLACE INTO records VALUES (?, ?, ?)", rows)
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    def close(self) -> None:
        self._connection.close()
