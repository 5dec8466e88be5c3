"""The queue's own copies of the files: made in one read that also takes the checksums, kept until sent."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import shutil
import stat
import sys
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import NoReturn, Protocol

from zlib_ng import zlib_ng

from itkgui.client import transfer
from itkgui.client.exceptions import FileEmpty, FileMissing, FileNotWritten, FileUnreadable, NotAFile
from itkgui.client.files import safe_name
from itkgui.client.media_types import HEAD, media_type_of
from itkgui.language import N_
from itkgui.uploads.disk import flush_folder, private_folder
from itkgui.uploads.upload import Upload

if sys.platform == "linux":
    import fcntl

    _FICLONE = 0x40049409  # linux/fs.h: let two files share their blocks until one of them is written to

log = logging.getLogger(__name__)

_BLOCK = 1 << 20  # bytes
_AGE = 3600.0  # seconds; a copy that is needed is younger, whichever process needs it
_LEASE = 300.0  # seconds after which copies are shown to be needed still


class FileChanged(FileUnreadable):
    """The file was written to while it was copied."""

    title = N_("File still changing")
    sentence = N_("The file changed while it was copied for the queue, so it was not taken.")
    cure = N_("Wait until the program that writes it has finished, then drop it again.")


class NoCopy(FileNotWritten):
    """There is no place for the queue's copy of a file."""

    title = N_("No room for a copy")
    sentence = N_("The file could not be copied to the queue's folder on this computer, so it was not taken.")
    cure = N_(
        "Free some space on the disk of your home folder and check its permissions, then drop it again."
    )


class Content(Protocol):
    """Bytes that are read one after the other; an error of reading is one of this program's own."""

    def readinto(self, buffer: memoryview, /) -> int: ...


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
    share it. They raise NoCopy for whatever cannot be written or removed.

    A copy may belong to no upload yet: files under review are copied before they are sent. So whoever has
    made copies shows by the age of their folders, again and again, that they are needed (``care``); what is
    older, and no upload's, has been left by a process that was killed.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._needed: dict[str, None] = {}  # ids of copies made here; as a dictionary it can be copied
        self._unwanted: dict[str, None] = {}  # those that could not be removed
        self._cared_at = 0.0

    def path(self, upload: Upload) -> Path:
        return self.folder / upload.spool_name

    def holds(self, upload: Upload) -> bool:
        """Tell whether there is a copy, of the right size, of a file that was copied once."""
        try:
            return bool(upload.sha256) and self.path(upload).stat().st_size == upload.size
        except OSError:
            return False

    def take(self, path: Path, upload_id: str, name: str) -> Spooled:
        """Copy a file for an upload; it is on the disk when this returns. Reports to the thread's Transfer.

        A copy that was there is replaced. Raises FileMissing, NotAFile, FileUnreadable, FileEmpty,
        FileChanged, Cancelled; then no copy is there.
        """
        with _opened(path) as source, self._new(upload_id, name) as copy:
            before = os.fstat(source.fileno())
            if before.st_size == 0:
                raise FileEmpty(f"{path.name} has no bytes")
            transfer.current().expect(before.st_size)
            if _clone(source, copy):
                spooled = _taken(copy, None, name)
            else:
                spooled = _taken(_Source(source, path), copy, name)
            after = _stat(path)
            if spooled.size != before.st_size or _state(after) != _state(before):
                raise FileChanged(f"{path.name} had {before.st_size} bytes, then {after.st_size}")
        return spooled

    def put(self, content: Content, upload_id: str, name: str, wanted: Spooled) -> None:
        """Write what another queue has copied, as ``take`` does.

        Raises FileUnreadable if the bytes are not those that are wanted, and what ``content`` raises.
        """
        with self._new(upload_id, name) as copy:
            found = _taken(content, copy, name, wanted.size)
            if (found.size, found.sha256, found.adler32) != (wanted.size, wanted.sha256, wanted.adler32):
                raise FileUnreadable(f"{name} has not the checksum that it had")

    def drop(self, upload_id: str) -> None:
        """Remove the copy of an upload, if there is one."""
        self._needed.pop(upload_id, None)
        with _reported(upload_id), contextlib.suppress(FileNotFoundError):
            shutil.rmtree(self.folder / upload_id)
        self._unwanted.pop(upload_id, None)

    def let_go(self, upload_id: str) -> None:
        """Remove the copy of an upload, now or, if somebody has it open, later."""
        try:
            self.drop(upload_id)
        except NoCopy as error:
            if upload_id not in self._unwanted:
                log.warning("a copy is removed later: %s", error)
            self._unwanted[upload_id] = None

    def pass_on(self, upload_id: str, new_id: str) -> None:
        """Let a copy, if there is one and it can be, be that of another upload."""
        self._needed.pop(upload_id, None)
        try:
            with _reported(upload_id), contextlib.suppress(FileNotFoundError):
                (self.folder / upload_id).rename(self.folder / new_id)
                self._needed[new_id] = None
                flush_folder(self.folder)
        except NoCopy as error:
            log.warning("a file has to be copied once more: %s", error)

    def keep(self, upload_ids: Iterable[str]) -> list[str]:
        """Let copies of no upload count as just written, see ``sweep``; return those that are gone."""
        folders = {upload_id: self.folder / upload_id for upload_id in upload_ids}
        for upload_id in folders:
            self._renew(upload_id)
        return [upload_id for upload_id, folder in folders.items() if not folder.is_dir()]

    def care(self, *, at_once: bool = False) -> None:
        """Keep the copies made here from being swept, and remove what could not be; to be called often."""
        now = time.time()  # goes on while the computer sleeps, like the age of what is swept
        if not at_once and 0 <= now - self._cared_at < _LEASE:
            return
        self._cared_at = now
        for upload_id in list(self._needed):
            self._renew(upload_id)
        for upload_id in list(self._unwanted):
            self.let_go(upload_id)

    def _renew(self, upload_id: str) -> None:
        try:
            os.utime(self.folder / upload_id)
        except FileNotFoundError:  # another process has sent it
            self._needed.pop(upload_id, None)
        except OSError as error:
            log.warning("a copy may be swept: %s", error)

    def sweep(self, known_ids: Callable[[], Collection[str]], *, age: float = _AGE) -> None:
        """Remove what belongs to no upload any more, and to none that any process is about to add.

        The latter goes by the seconds for which nothing was written, and nobody has cared. ``known_ids`` is
        asked after a look at what there is: so an upload whose copy comes meanwhile is known.
        """
        self.care(at_once=True)
        newest = time.time() - age
        with _reported(self.folder.name):
            found = [path for path in self.folder.iterdir() if path.is_dir()] if self.folder.exists() else []
        known = known_ids()
        for folder in found:
            if folder.name in known or folder.name in self._needed:
                continue
            with _reported(folder.name), contextlib.suppress(FileNotFoundError):  # it was just dropped
                if _last_written(folder) <= newest:
                    self.let_go(folder.name)

    @contextlib.contextmanager
    def _new(self, upload_id: str, name: str) -> Iterator[FileIO]:
        """Give an empty file for a copy, on the disk after the block, or gone if the block raises."""
        folder = self.folder / upload_id
        try:
            with _reported(name):
                self._make(upload_id)
                self._needed[upload_id] = None
                with FileIO(folder / safe_name(name), "x+", opener=_private) as copy:
                    yield copy
                    os.fsync(copy.fileno())
                flush_folder(folder)
                flush_folder(self.folder)
        except BaseException:
            self._needed.pop(upload_id, None)
            shutil.rmtree(folder, ignore_errors=True)  # what cannot be removed now is swept
            raise

    def _make(self, upload_id: str) -> None:
        """Make an empty folder for a copy, which may be lost in a power cut as yet."""
        private_folder(self.folder)
        folder = self.folder / upload_id
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            self.drop(upload_id)
            folder.mkdir(mode=0o700)


class _Source:
    """A file that is copied; that it cannot be read is another thing than that the copy cannot be written."""

    def __init__(self, file: FileIO, path: Path) -> None:
        self._file = file
        self._path = path

    def readinto(self, buffer: memoryview, /) -> int:
        try:
            return self._file.readinto(buffer)
        except OSError as error:
            _unreadable(self._path, error)


def _taken(content: Content, copy: FileIO | None, name: str, most: int | None = None) -> Spooled:
    """Read the content, write it to a copy if one is given, and return what it is; ``most`` is in bytes."""
    progress = transfer.current()
    sha256, adler32, size, head = hashlib.sha256(), zlib_ng.adler32(b""), 0, b""
    block = memoryview(bytearray(_BLOCK))
    while (most is None or size <= most) and (count := content.readinto(block)):
        part = block[:count]
        if len(head) < HEAD:
            head += part[: HEAD - len(head)]
        sha256.update(part)
        adler32 = zlib_ng.adler32(part, adler32)
        size += count
        while copy is not None and part:
            part = part[copy.write(part) :]
        progress.advance(count)
    return Spooled(size, sha256.hexdigest(), f"{adler32:08x}", media_type_of(head, name))


def _clone(source: FileIO, copy: FileIO) -> bool:
    """Let the copy share the blocks of the source where the file system can; return whether it does."""
    if sys.platform != "linux":
        return False
    try:
        fcntl.ioctl(copy.fileno(), _FICLONE, source.fileno())
    except OSError:  # another file system, or one that cannot; if it is worse than that, writing tells
        return False
    return True


def _opened(path: Path) -> FileIO:
    if not stat.S_ISREG(_stat(path).st_mode):  # a pipe would wait for its writer when it is opened
        raise NotAFile(f"{path.name} is no file")
    try:
        return FileIO(path)
    except OSError as error:
        _unreadable(path, error)


def _stat(path: Path) -> os.stat_result:
    try:
        return path.stat()
    except (OSError, ValueError) as error:
        _unreadable(path, error)


def _unreadable(path: Path, error: OSError | ValueError) -> NoReturn:
    kind = FileMissing if isinstance(error, FileNotFoundError | NotADirectoryError) else FileUnreadable
    raise kind(f"{path.name}: {getattr(error, 'strerror', None) or error}") from error


@contextlib.contextmanager
def _reported(name: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NoCopy(f"{name}: {error.strerror or error}") from error


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _state(found: os.stat_result) -> tuple[int, ...]:
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def _last_written(folder: Path) -> float:
    return max(path.stat().st_mtime for path in (folder, *folder.iterdir()))
