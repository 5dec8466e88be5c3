"""Where the bytes lie: uploads and samples in one folder; the samples are removed at the end."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
import tempfile
import threading
import uuid
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

from itkgui.sandbox.ledger.book import Book
from itkgui.sandbox.wire.messages import BLOCK

_NAME = re.compile(r"[0-9a-f]{32,64}")
_ADLER32, _ETAG, _SHA256 = range(3)
# Tells that a folder is a sandbox's own; locked by the one that uses it, and free again however that ends.
_MARK = "itkgui-sandbox"


class Storage:
    """Files under names that are codes, never anything a client chose; safe to share between threads.

    Everything lies below ``folder``, which one process at a time may use; without one, nothing is kept.
    Raises OSError for a folder that holds something else, or that another process uses. What is replaced or
    deleted while somebody reads it stays for him what it was; Windows refuses that instead.
    """

    def __init__(self, folder: Path | None) -> None:
        place = Path(tempfile.mkdtemp(prefix="itkgui-sandbox-")) if folder is None else folder
        self.folder = place
        self._objects = place / "objects"
        self._deleted = place / "deleted"
        self._incoming = place / "incoming"
        self._samples = place / "samples"
        # A process that was killed leaves half an upload, or samples that have the names of other ones here.
        self._passing = (self._incoming, self._samples) if folder is not None else (place,)
        self._book: Book | None = None
        self._claim: BinaryIO | None = None
        if folder is not None:
            self._claim = _claim(folder)
            self._clear()
        for part in (self._objects, self._deleted, self._incoming, self._samples):
            part.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._makers = threading.BoundedSemaphore(2)
        self._being_made: dict[str, threading.Lock] = {}
        # By what tells one content from another: a name may get a new one while the old one is read.
        self._checksums: dict[tuple[int, ...], str] = {}

    def book(self, about: str) -> Book:
        """Open the records that were written over the sample data `about`. Raises OSError."""
        self._book = Book(self._objects.parent / "records.sqlite", about)
        return self._book

    def close(self) -> None:
        if self._book is not None:
            self._book.close()
        self._clear()
        if self._claim is not None:
            self._claim.close()

    def _clear(self) -> None:
        for path in self._passing:
            shutil.rmtree(path, ignore_errors=True)

    def incoming(self) -> tuple[Path, BinaryIO]:
        """Open a new file for bytes whose fate is not decided yet."""
        path = self._incoming / uuid.uuid4().hex
        return path, path.open("wb")

    def keep(self, name: str, incoming: Path) -> Path:
        """Give a complete incoming file its name, in one step; an older one of that name is replaced."""
        path = self._path(name)
        path.parent.mkdir(exist_ok=True)
        self._forget(incoming)
        incoming.replace(path)
        return path

    def find(self, name: str) -> Path | None:
        path = self._path(name)
        return path if path.is_file() else None

    def remove(self, name: str) -> bool:
        path = self._path(name)
        try:
            path.unlink()
        except FileNotFoundError:
            return False
        return True

    def mark_deleted(self, name: str) -> None:
        """Remember, beyond the end of this process, that the file of that name is not to be seen again."""
        self._marker(name).touch()

    def is_deleted(self, name: str) -> bool:
        return self._marker(name).exists()

    def stored(self) -> list[Path]:
        """Return all uploaded files, by name."""
        return sorted(path for path in self._objects.glob("*/*") if path.is_file())

    def sample(self, name: str, make: Callable[[], bytes]) -> Path:
        """Return the generated file of that name, made on first use."""
        path = self._samples / self._path(name).name
        if path.exists():
            return path
        with self._lock:
            being_made = self._being_made.setdefault(name, threading.Lock())
        # Many may ask for the same at once, and a photograph takes a lot of memory while it is made.
        with being_made, self._makers:
            if path.exists():
                return path
            half = path.with_name(uuid.uuid4().hex + ".part")
            half.write_bytes(make())
            self._forget(half)
            half.replace(path)
        return path

    def adler32(self, file: BinaryIO) -> str:
        """Return the checksum EOS shows of an open file: eight hexadecimal digits; an empty one has zeros."""
        if os.fstat(file.fileno()).st_size == 0:
            # Adler-32 of nothing is 1, but EOS says 0 (API reference §6.3).
            return "00000000"
        return self._checksum(file, _ADLER32, _adler32)

    def etag(self, file: BinaryIO) -> str:
        """Return the quoted ETag of the binary store of an open file: MD5 and SHA-1 (API reference §1.4)."""
        return self._checksum(file, _ETAG, _etag)

    def sha256(self, path: Path) -> str:
        with path.open("rb") as file:
            return self._checksum(file, _SHA256, _sha256)

    def _checksum(self, file: BinaryIO, kind: int, compute: Callable[[BinaryIO], str]) -> str:
        key = (kind, *_identity(os.fstat(file.fileno())))
        with self._lock:
            known = self._checksums.get(key)
        if known is None:
            known = compute(file)
            with self._lock:
                self._checksums[key] = known
        return known

    def _forget(self, file: Path) -> None:
        """Drop what was known of a file that had the same identity before this new one."""
        identity = _identity(file.stat())
        with self._lock:
            for kind in (_ADLER32, _ETAG, _SHA256):
                self._checksums.pop((kind, *identity), None)

    def _marker(self, name: str) -> Path:
        return self._deleted / self._path(name).name

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError("not a storage name")
        return self._objects / name[:2] / name


def _claim(folder: Path) -> BinaryIO:
    """Take possession of a folder, as long as the file returned is open. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    mark = folder / _MARK
    if not mark.exists() and any(folder.iterdir()):
        raise OSError(f"{folder} holds something else; please name a new or an empty folder")
    claim = mark.open("ab")
    try:
        if sys.platform == "win32":
            msvcrt.locking(claim.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        claim.close()
        raise OSError(f"{folder} is in use by another sandbox") from error
    return claim


def _identity(details: os.stat_result) -> tuple[int, ...]:
    return details.st_dev, details.st_ino, details.st_mtime_ns, details.st_size


def _adler32(file: BinaryIO) -> str:
    value = 1
    while block := file.read(BLOCK):
        value = zlib.adler32(block, value)
    return f"{value:08x}"


def _sha256(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while block := file.read(BLOCK):
        digest.update(block)
    return digest.hexdigest()


def _etag(file: BinaryIO) -> str:
    md5 = hashlib.md5(usedforsecurity=False)
    sha1 = hashlib.sha1(usedforsecurity=False)
    while block := file.read(BLOCK):
        md5.update(block)
        sha1.update(block)
    return f'"{md5.hexdigest()}.{sha1.hexdigest()}"'
