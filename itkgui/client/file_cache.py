"""Attachments that were fetched, kept on this computer for the person who fetched them, up to a size."""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from itkgui.client import transfer
from itkgui.client.database import ProductionDatabase
from itkgui.client.exceptions import Cancelled, FileNotWritten
from itkgui.client.files import BinaryFile, open_file
from itkgui.paths import key_of, scratch_folder
from itkgui.records.attachment import Attachment
from itkgui.settings import Settings

log = logging.getLogger(__name__)

_MEGABYTE = 1_000_000
_BEAT = 0.05  # seconds between two looks whether somebody still waits
_PREFIX = "kept-"


@dataclass(frozen=True)
class _Entry:
    """A file, in a folder of its own so that it has its right name, or a thumbnail; ``size`` in bytes."""

    path: Path
    size: int
    last_used: float


class FileCache:
    """The files of one person at one server; safe to share between threads, and with other programs.

    Everything lies below ``root``, in folders for this user only (0700, files 0600). The limit is for
    all persons there together: what was not used for longest goes first. The name of an entry tells its
    size, by which it is checked when it is used.
    """

    def __init__(
        self, root: Path, server: str, identity: str, megabytes: float = Settings.cache_megabytes
    ) -> None:
        self._root = root
        self.folder = root / f"{_PREFIX}{key_of(server, identity)}"
        self.use(megabytes)
        self._is_closed = False
        self._lock = threading.Lock()
        self._fetching: set[str] = set()  # codes
        self._fetched = threading.Condition()

    def use(self, megabytes: float) -> None:
        """Keep so much from now on, of all persons there together."""
        self._limit = megabytes * _MEGABYTE

    @property
    def limit(self) -> int:
        """How many bytes are kept at most."""
        return int(self._limit)

    def find(self, attachment: Attachment) -> BinaryFile | None:
        """Return the file of an attachment if it is here, and whole. Raises FileUnreadable."""
        for entry in self._entries_of(attachment):
            inside = _only_file_in(entry)
            try:
                if inside is not None and inside.stat().st_size == _size_in(entry.name):
                    os.utime(entry)
                    return open_file(inside, inside.name)
            except OSError:  # it was removed just now
                continue
            log.info("a kept file is not what it was, and is fetched again: %s", entry.name)
            _remove(entry)
        return None

    def fetch(
        self,
        database: ProductionDatabase,
        attachment: Attachment,
        *,
        most: int | None = None,
        is_anew: bool = False,
    ) -> BinaryFile:
        """Return the file of an attachment, fetched if it is not here yet.

        With ``is_anew`` it is fetched in any case, and takes the place of what is kept only when it has come.
        Who asks for one that is just being fetched waits for it. Raises what ``find`` and
        ``ProductionDatabase.download`` raise; ``most`` is as there, and no matter for what is here.
        """
        with self._alone(attachment.code):
            found = None if is_anew else self.find(attachment)
            if found is not None:
                return found
            with self._private_folder() as part:
                fetched = database.download(attachment, part, most=most)
                place = self.folder / f"{key_of(attachment.code)}-{fetched.size}"
                if is_anew:
                    self.forget(attachment)
                with contextlib.suppress(OSError):  # another program has fetched it too
                    part.rename(place)
            self._prune(keep=place)
        found = self.find(attachment)
        if found is None:
            raise FileNotWritten(f"{place} is gone again")
        return found

    def thumbnail(self, attachment: Attachment) -> Path:
        """Return where the thumbnail of an attachment is, if it was made."""
        return self.folder / f"{key_of(attachment.code)}.png"

    def new_thumbnail(self, attachment: Attachment) -> Path:
        """Return an empty file for a thumbnail to be written to. Raises FileNotWritten."""
        path = self.thumbnail(attachment)
        self._make_folder()
        try:
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600))
        except OSError as error:
            raise FileNotWritten(f"{path}: {error.strerror or error}") from error
        return path

    def forget(self, attachment: Attachment) -> None:
        """Remove what is kept of an attachment."""
        for entry in (*self._entries_of(attachment), self.thumbnail(attachment)):
            _remove(entry)

    @property
    def size(self) -> int:
        """How many bytes are kept for this person."""
        return sum(entry.size for entry in _entries_in(self.folder))

    def clear(self) -> None:
        """Remove everything that is kept for this person."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def close(self) -> None:
        """Remove everything, and keep nothing more, not even what is on its way at this moment."""
        self._is_closed = True
        self.clear()

    @contextlib.contextmanager
    def _alone(self, code: str) -> Iterator[None]:
        """Let one thread at a time fetch an attachment."""
        with self._fetched:
            while not self._fetched.wait_for(lambda: code not in self._fetching, _BEAT):
                transfer.current().check()
            self._fetching.add(code)
        try:
            yield
        finally:
            with self._fetched:
                self._fetching.remove(code)
                self._fetched.notify_all()

    def _make_folder(self) -> None:
        if self._is_closed:
            raise Cancelled("the session has ended")
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise FileNotWritten(f"{self.folder}: {error.strerror or error}") from error

    @contextlib.contextmanager
    def _private_folder(self) -> Iterator[Path]:
        """Give a folder that is gone after the block, unless it was renamed."""
        self._make_folder()
        try:
            part = scratch_folder(self.folder, ".part")
        except OSError as error:
            raise FileNotWritten(f"{self.folder}: {error.strerror or error}") from error
        try:
            yield part
        finally:
            shutil.rmtree(part, ignore_errors=True)

    def _entries_of(self, attachment: Attachment) -> list[Path]:
        return list(self.folder.glob(f"{key_of(attachment.code)}-*"))

    def _prune(self, keep: Path) -> None:
        """Remove what was not used for longest, until the rest is within the limit."""
        with self._lock:
            entries = [entry for folder in self._root.glob(f"{_PREFIX}*") for entry in _entries_in(folder)]
            total = sum(entry.size for entry in entries)
            for entry in sorted(entries, key=lambda entry: entry.last_used):
                if total <= self._limit:
                    break
                if entry.path != keep:
                    _remove(entry.path)
                    total -= entry.size


def _size_in(name: str) -> int:
    told = name.rpartition("-")[2]
    return int(told) if told.isascii() and told.isdigit() else -1


def _only_file_in(folder: Path) -> Path | None:
    try:
        found = list(folder.iterdir())
    except OSError:
        return None  # it was removed just now
    return found[0] if len(found) == 1 and found[0].is_file() else None


def _entries_in(folder: Path) -> Iterator[_Entry]:
    for path in folder.glob("[!.]*"):
        try:
            told = path.stat()
        except OSError:
            continue  # it was removed just now
        yield _Entry(path, told.st_size if path.suffix else max(0, _size_in(path.name)), told.st_mtime)


def _remove(entry: Path) -> None:
    if entry.is_dir():
        shutil.rmtree(entry, ignore_errors=True)
    else:
        entry.unlink(missing_ok=True)
