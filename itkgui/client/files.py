"""Files on this computer: those to be sent, and those that were fetched, as what their content makes them."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import stat
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from itkgui.client import transfer
from itkgui.client.exceptions import (
    FileEmpty,
    FileMissing,
    FileNotWritten,
    FileUnreadable,
    NotAFile,
    TransferIncomplete,
)
from itkgui.client.media_types import HEAD, encoding_of, is_archive, is_table, media_type_of, suffix_for

_NAME_LIMIT = 180  # bytes; file systems allow 255, and a number may be added
_SUFFIX = re.compile(r"\.(?=[0-9]*[A-Za-z])[0-9A-Za-z]{1,8}$")  # not the 2 of "version 1.2"
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_RESERVED = re.compile(r"(con|prn|aux|nul|(com|lpt)[0-9¹²³]) *(\.|$)", re.IGNORECASE)


@dataclass(frozen=True)
class LocalFile:
    """A file that can be sent: it has bytes, and they can be read."""

    path: Path
    size: int
    media_type: str


@dataclass(frozen=True)
class BinaryFile:
    """A fetched file; ``name`` is safe to give to a file, ``size`` in bytes, ``media_type`` by content."""

    path: Path
    name: str
    size: int
    media_type: str

    def save(self, target: Path | str, *, overwrite: bool = False) -> Path:
        """Copy the file into a folder under its name, or to a path, and return where it is.

        In a folder a number is added if the name is taken; a path that is taken is only replaced if
        ``overwrite`` is set. Who may read it is as for any new file of this user. Raises FileNotWritten.
        """
        target = Path(target)
        is_folder = target.is_dir()
        folder = target if is_folder else target.parent
        with _reported_as_unwritten(target), _private_file(folder) as part:
            shutil.copyfile(self.path, part)
            part.chmod(_usual_mode(part))
            if is_folder:
                return _place(part, folder, self.name)
            if overwrite:
                part.replace(target)
            else:
                _claim(target)
                part.replace(target)
            return target


@dataclass(frozen=True)
class ImageFile(BinaryFile):
    """A picture of any format, those included that this program cannot paint."""


@dataclass(frozen=True)
class TextFile(BinaryFile):
    """A text; also HTML, JSON and XML, which are shown as what they are: text."""

    def text(self, limit: int) -> str:
        """Return at most ``limit`` bytes of the file as text; what cannot be read becomes U+FFFD.

        Raises FileUnreadable.
        """
        head = _head_of(self.path, limit)
        return head.decode(encoding_of(head), errors="replace")


@dataclass(frozen=True)
class TableFile(TextFile):
    """A text whose lines are the rows of a table."""


@dataclass(frozen=True)
class ArchiveFile(BinaryFile):
    """A zip, a tar, or a compressed file; nothing of it is unpacked before it is asked for."""


def inspect(path: Path) -> LocalFile:
    """Look at a file before it is sent.

    Raises FileMissing, NotAFile for a folder or a device, FileUnreadable, FileEmpty.
    """
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise FileMissing(f"{path.name} does not exist") from error
    except (OSError, ValueError) as error:
        raise FileUnreadable(f"{path.name}: {error}") from error
    if not stat.S_ISREG(found.st_mode):
        raise NotAFile(f"{path.name} is no file")
    if found.st_size == 0:
        raise FileEmpty(f"{path.name} has no bytes")
    return LocalFile(path, found.st_size, media_type_of(_head_of(path, HEAD), path.name))


def open_file(path: Path, name: str) -> BinaryFile:
    """Return a fetched file as what its content makes it. Raises FileUnreadable."""
    head = _head_of(path, HEAD)
    media_type = media_type_of(head, name)
    safe = safe_name(name)
    if not _SUFFIX.search(safe):
        safe += suffix_for(media_type)
    try:
        size = path.stat().st_size
    except OSError as error:
        raise FileUnreadable(f"{path.name}: {error.strerror}") from error
    kind = TableFile if is_table(head, media_type) else _class_for(media_type)
    return kind(path, safe, size, media_type)


def receive(pieces: Iterable[tuple[int, bytes]], size: int | None, folder: Path, name: str) -> BinaryFile:
    """Write what comes from a server into a folder, where it appears under a safe name when it is whole.

    Each piece has its position in front; one of 0 begins the file anew. Reports to the thread's Transfer.
    Raises FileNotWritten, TransferIncomplete, and what ``pieces`` raises; then nothing is left.
    """
    progress = transfer.current()
    progress.expect(size)
    with _reported_as_unwritten(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _private_file(folder) as part:
        with _reported_as_unwritten(folder), part.open("wb") as file:
            for position, block in pieces:
                if position == 0:
                    progress.expect(size)
                    file.seek(0)
                    file.truncate()
                progress.advance(len(block))
                file.write(block)
        if size is not None and progress.done != size:
            raise TransferIncomplete(f"{progress.done} bytes came, {size} were announced")
        fetched = open_file(part, name)
        with _reported_as_unwritten(folder):
            path = _place(part, folder, fetched.name)
    return type(fetched)(path, fetched.name, fetched.size, fetched.media_type)


def safe_name(text: str) -> str:
    """Make a file name out of a text from a server, one that no system takes for a path or device."""
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFC", text)
        # Control, format and surrogate characters, line and paragraph separators: invisible, or worse.
        text = "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Zl", "Zp"))
    parts = (part.strip() for part in re.split(r"[/\\]", text))
    text = _FORBIDDEN.sub("_", "_".join(part for part in parts if part.strip(". ")))
    text = text.strip(". ")
    if _RESERVED.match(text):
        text = f"_{text}"
    return _shortened(text) or "attachment"


def _shortened(name: str) -> str:
    suffix = Path(name).suffix
    if len(suffix.encode()) > 20:
        suffix = ""
    stem = name.removesuffix(suffix).encode()[: _NAME_LIMIT - len(suffix.encode())]
    return stem.decode(errors="ignore").rstrip(". ") + suffix


def _class_for(media_type: str) -> type[BinaryFile]:
    if media_type.startswith("text/") or media_type in ("application/json", "image/svg+xml"):
        return TextFile
    if media_type.startswith("image/"):
        return ImageFile
    return ArchiveFile if is_archive(media_type) else BinaryFile


def _head_of(path: Path, limit: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(limit)
    except OSError as error:
        raise FileUnreadable(f"{path.name}: {error.strerror}") from error


@contextlib.contextmanager
def _private_file(folder: Path) -> Iterator[Path]:
    """Give an empty file in the folder that only this user can read; gone after the block unless renamed."""
    with _reported_as_unwritten(folder):
        descriptor, name = tempfile.mkstemp(prefix=".itkgui-", suffix=".part", dir=folder)
        os.close(descriptor)
    part = Path(name)
    try:
        yield part
    finally:
        with contextlib.suppress(OSError):  # renamed, or the folder is gone: nothing is left either way
            part.unlink(missing_ok=True)


@contextlib.contextmanager
def _reported_as_unwritten(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FileNotWritten(f"{target}: {error.strerror or error}") from error


def _usual_mode(beside: Path) -> int:
    """Return the mode that new files get in a folder, which only making one tells."""
    probe = beside.with_suffix(".mode")
    os.close(os.open(probe, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    try:
        return stat.S_IMODE(probe.stat().st_mode)
    finally:
        probe.unlink()


def _claim(path: Path) -> None:
    """Create a file, so that nobody else gets its name. Raises FileExistsError."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _place(part: Path, folder: Path, name: str) -> Path:
    """Move a file into a folder under the first free of ``name.txt``, ``name (2).txt`` and so on."""
    stem, suffix = Path(name).stem, Path(name).suffix
    number = 1
    while True:
        path = folder / (name if number == 1 else f"{stem} ({number}){suffix}")
        try:
            _claim(path)
        except FileExistsError:
            number += 1
        else:
            return part.replace(path)
