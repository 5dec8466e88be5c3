"""Where the bytes lie: uploads and samples in one folder; the samples are removed at the end."""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
import threading
import uuid
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from itkgui.sandbox.ledger.book import Book
from itkgui.sandbox.wire.messages import BLOCK

_NAME = re.compile(r"[0-9a-f]{32,64}")


class Storage:
    """Files under names that are codes, never anything a client chose; safe to share between threads.

    Everything lies below ``folder``, which one process at a time may use; without one, nothing is kept.
    """

    def __init__(self, folder: Path | None) -> None:
        place = Path(tempfile.mkdtemp(prefix="itkgui-sandbox-")) if folder is None else folder
        self._objects = place / "objects"
        self._incoming = place / "incoming"
        self._samples = place / "samples"
        # A process that was killed leaves half an upload, or samples that have the names of other ones here.
        self._passing = (self._incoming, self._samples) if folder is not None else (place,)
        self._book: Book | None = None
        if folder is not None:
            self._clear()
        for part in (self._objects, self._incoming, self._samples):
            part.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._checksums: dict[tuple[Path, str], str] = {}

    def book(self, about: str) -> Book:
        """Open the records that were written over the sample data `about`. Raises OSError."""
        self._book = Book(self._objects.parent / "records.sqlite", about)
        return self._book

    def close(self) -> None:
        if self._book is not None:
            self._book.close()
        self._clear()

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
        incoming.replace(path)
        self._forget(path)
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
        self._forget(path)
        return True

    def sample(self, name: str, make: Callable[[], bytes]) -> Path:
        """Return the generated file of that name, made on first use."""
        path = self._samples / self._path(name).name
        if not path.exists():
            half = path.with_name(uuid.uuid4().hex + ".part")
            half.write_bytes(make())
            half.replace(path)
        return path

    def adler32(self, path: Path) -> str:
        """Return the checksum EOS shows: eight hexadecimal digits; an empty file has eight zeros."""
        if path.stat().st_size == 0:
            # Adler-32 of nothing is 1, but EOS says 0 (API reference §6.3).
            return "00000000"
        return self._checksum(path, "adler32", _adler32)

    def etag(self, path: Path) -> str:
        """Return the quoted ETag of the binary store: MD5 and SHA-1 (API reference §1.4)."""
        return self._checksum(path, "etag", _etag)

    def _checksum(self, path: Path, kind: str, compute: Callable[[Path], str]) -> str:
        with self._lock:
            known = self._checksums.get((path, kind))
        if known is None:
            known = compute(path)
            with self._lock:
                self._checksums[path, kind] = known
        return known

    def _forget(self, path: Path) -> None:
        with self._lock:
            self._checksums.pop((path, "adler32"), None)
            self._checksums.pop((path, "etag"), None)

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError("not a storage name")
        return self._objects / name[:2] / name


def _adler32(path: Path) -> str:
    value = 1
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            value = zlib.adler32(block, value)
    return f"{value:08x}"


def _etag(path: Path) -> str:
    md5 = hashlib.md5(usedforsecurity=False)
    sha1 = hashlib.sha1(usedforsecurity=False)
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            md5.update(block)
            sha1.update(block)
    return f'"{md5.hexdigest()}.{sha1.hexdigest()}"'
