"""The queue's own copies of the files: made in one read that also takes the checksums, kept until sent."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import stat
import sys
from collections.abc import Collection
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import NoReturn

from zlib_ng import zlib_ng

from itkgui.client import transfer
from itkgui.client.exceptions import (
    FileEmpty,
    FileMissing,
    FileNotWritten,
    FileUnreadable,
    NotAFile,
)
from itkgui.client.files import safe_name
from itkgui.client.media_types import HEAD, media_type_of
from itkgui.uploads.disk import flush_folder, private_folder
from itkgui.uploads.upload import Upload

if sys.platform == "linux":
    import fcntl

    _FICLONE = 0x40049409  # linux/fs.h: let two files share their blocks until one of them is written to

_BLOCK = 1 << 20  # bytes


class FileChanged(FileUnreadable):
    """The file was written to while it was copied."""

    title = "File still changing"
    sentence = "The file changed while it was copied for the queue, so it was not taken."
    cure = "Wait until the program that writes it has finished, then drop it again."


class NoCopy(FileNotWritten):
    """There is no place for the queue's copy of a file."""

    title = "No room for a copy"
    sentence = "The file could not be copied to the queue's folder on this computer, so it was not taken."
    cure = "Free some space on the disk of your home folder and check its permissions, then drop it again."


@dataclass(frozen=True)
class Spooled:
    """What the queue has copied: bytes, their checksums in hexadecimal, and what kind of file they are."""

    size: int
    sha256: str
    adler32: str
    media_type: str


class Spool:
    """The folder of the copies, each in a folder of its own that is called by the upload's id.

    So each keeps its name, as far as that is one on every system (``safe_name``). Methods block; threads may
    share it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, upload: Upload) -> Path:
        return self.folder / upload.spool_name

    def take(self, path: Path, upload_id: str, name: str) -> Spooled:
        """Copy a file for an upload, on the disk when this returns; reports to the thread's Transfer.

        A copy that was there is replaced. Raises FileMissing, NotAFile, FileUnreadable, FileEmpty,
        FileChanged, NoCopy, Cancelled; then no copy is there.
        """
        with _opened(path) as source:
            self.drop(upload_id)
            folder = self.folder / upload_id
            try:
                private_folder(folder)
                spooled = _copy(source, path, folder / safe_name(name), name)
                flush_folder(folder)
            except BaseException as error:
                shutil.rmtree(folder, ignore_errors=True)
                if isinstance(error, OSError):
                    raise NoCopy(f"{path.name}: {error.strerror or error}") from error
                raise
            return spooled

    def drop(self, upload_id: str) -> None:
        """Remove the copy of an upload, if there is one. Raises NoCopy if it cannot be removed."""
        try:
            with contextlib.suppress(FileNotFoundError):
                shutil.rmtree(self.folder / upload_id)
        except OSError as error:
            raise NoCopy(f"{upload_id}: {error.strerror}") from error

    def sweep(self, known_ids: Collection[str]) -> None:
        """Remove what belongs to no upload any more. Raises NoCopy if something cannot be removed."""
        try:
            found = [path.name for path in self.folder.iterdir()]
        except FileNotFoundError:
            return
        except OSError as error:
            raise NoCopy(f"{self.folder}: {error.strerror}") from error
        for name in found:
            if name not in known_ids:
                self.drop(name)


def _opened(path: Path) -> FileIO:
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # before it is opened: a pipe would wait for its writer
            raise NotAFile(f"{path.name} is no file")
        return FileIO(path)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise FileMissing(f"{path.name} does not exist") from error
    except (OSError, ValueError) as error:
        _unreadable(path, error)


def _copy(source: FileIO, path: Path, target: Path, name: str) -> Spooled:
    before = os.fstat(source.fileno())
    if before.st_size == 0:
        raise FileEmpty(f"{path.name} has no bytes")
    progress = transfer.current()
    progress.expect(before.st_size)
    with FileIO(target, "x+", opener=_private) as copy:
        is_clone = _clone(source, copy)
        content = copy if is_clone else source
        sha256, adler32, size, head = hashlib.sha256(), zlib_ng.adler32(b""), 0, b""
        block = memoryview(bytearray(_BLOCK))
        while True:
            try:
                count = content.readinto(block)
            except OSError as error:
                _unreadable(path, error)
            if not count:
                break
            part = block[:count]
            if len(head) < HEAD:
                head += part[: HEAD - len(head)]
            sha256.update(part)
            adler32 = zlib_ng.adler32(part, adler32)
            if not is_clone:
                _write(copy, part)
            size += count
            progress.advance(count)
        os.fsync(copy.fileno())
    try:
        after = path.stat()
    except OSError as error:
        _unreadable(path, error)
    if size != before.st_size or _state(after) != _state(before):
        raise FileChanged(f"{path.name} had {before.st_size} bytes, then {after.st_size}")
    return Spooled(size, sha256.hexdigest(), f"{adler32:08x}", media_type_of(head, name))


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _clone(source: FileIO, copy: FileIO) -> bool:
    """Let the copy share the blocks of the source, where the file system can do so; return whether it can."""
    if sys.platform != "linux":
        return False
    try:
        fcntl.ioctl(copy.fileno(), _FICLONE, source.fileno())
    except OSError:  # another file system, or one that cannot; whatever else it is, writing will tell
        return False
    return True


def _write(copy: FileIO, part: memoryview) -> None:
    while part:
        part = part[copy.write(part) :]


def _state(found: os.stat_result) -> tuple[int, ...]:
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def _unreadable(path: Path, error: OSError | ValueError) -> NoReturn:
    raise FileUnreadable(f"{path.name}: {getattr(error, 'strerror', None) or error}") from error
