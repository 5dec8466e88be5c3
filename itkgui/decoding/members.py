"""Reads the members of zip and tar archives and of compressed files, whatever is wrong with them."""

from __future__ import annotations

import bz2
import contextlib
import gzip
import lzma
import re
import struct
import tarfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntFlag
from itertools import islice
from pathlib import PurePath
from typing import IO, Any, Protocol

import numpy as np
import numpy.typing as npt

from itkgui.client.files import ArchiveFile
from itkgui.decoding.undecodable import PasswordNeeded, Undecodable
from itkgui.decoding.zip_aes import AES_METHOD, WrongPassword, read_aes
from itkgui.decoding.zip_directory import ZipDirectory, ZipEntry
from itkgui.language import N_, _, ngettext

# What the libraries raise for bytes that are no archive, beside RuntimeError.
_DAMAGED = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    LookupError,
    OSError,  # of gzip and bz2, and of places that are before the beginning
    OverflowError,
    ValueError,
)
_BLOCK = 2**20
_MOST_UNPACKED = 4_000_000_000  # bytes of a compressed tar that are gone through for its list
_TAR_MARK = slice(257, 262)
_DATE = np.array((10**8, 10**6, 10**4, 100, 1), np.int64)
_ENCRYPTED, _STRONG = 1, 64  # flags of a zip's members
_NOT_OPENED = N_("this password does not open it")
_MAY_BE_DAMAGED = N_("this password does not open it, or it is damaged")
_COMPRESSED_NAME = re.compile(r"\.(gz|bz2|xz|z)$", re.IGNORECASE)


class Flag(IntFlag):
    """What is to be known of a member before it is opened."""

    ENCRYPTED = 1
    UNSAFE = 2
    """Its name would lead out of the folder, or hides something."""
    NO_FILE = 4
    """A link, a device or alike: it has no bytes of its own."""


@dataclass(frozen=True)
class Members:
    """All members in their order; arrays of shape (members,), see LoadedArchive. Folders end in ``/``.

    ``damage`` is a sentence, and empty if these are all there ever were.
    """

    names: Sequence[str]
    sizes: npt.NDArray[np.int64]
    packed: npt.NDArray[np.int64]
    moments: npt.NDArray[np.int64]
    flags: npt.NDArray[np.uint8]
    damage: str = ""


@dataclass(frozen=True)
class Member:
    """One of them; ``packed`` bytes became ``size``, which is -1 if it is not known before it is read."""

    title: str
    size: int
    packed: int
    is_encrypted: bool
    entry: Any


class Archive(Protocol):
    """An archive that is open. Everything raises Undecodable."""

    def members(self, most: int) -> Members:
        """Return the members, unless there are more than ``most``."""

    def member(self, place: int) -> Member:
        """Return one by its place among the members."""

    def read(self, member: Member, password: str) -> Iterator[bytes]:
        """Yield what is in a member. Raises PasswordNeeded too."""


@contextlib.contextmanager
def open_archive(file: ArchiveFile) -> Iterator[Archive]:
    """Open an archive of any kind. What the block finds damaged is told as Undecodable."""
    packers: dict[str, Callable[..., Any]] = {
        "application/gzip": gzip.open,
        "application/x-bzip2": bz2.open,
        "application/x-xz": lzma.open,
    }
    with _damage("archive"), contextlib.ExitStack() as stack:
        if file.media_type == "application/x-tar":
            yield _Tar(file, stack.enter_context(file.path.open("rb")))
        elif file.media_type in packers:
            unpacked: Any = stack.enter_context(packers[file.media_type](file.path, "rb"))
            is_tar = unpacked.read(512)[_TAR_MARK] == b"ustar"
            unpacked.seek(0)
            yield _Tar(file, unpacked) if is_tar else _Compressed(file, unpacked)
        else:
            yield _Zip(stack.enter_context(file.path.open("rb")))


class _Zip:
    def __init__(self, file: IO[bytes]) -> None:
        self._directory = ZipDirectory.of(file)

    def members(self, most: int) -> Members:
        _check_count(min(self._directory.count, self._directory.size), most)  # before all are read
        entries = list(islice(self._directory.entries(), most + 1))
        _check_count(len(entries), most)
        numbers = np.array([(e.size, e.packed, e.moment, e.flags) for e in entries], np.int64).reshape(-1, 4)
        sizes, packed, moments, flags = numbers.T
        names = [entry.name for entry in entries]
        damage = _cut_words(names) if self._directory.is_rebuilt else ""
        return Members(names, sizes, packed, moments, (flags & _ENCRYPTED).astype(np.uint8), damage)

    def member(self, place: int) -> Member:
        entry = next(islice(self._directory.entries(), place, None), None)
        if entry is None:
            raise _gone(str(place))
        return Member(entry.name, entry.size, entry.packed, bool(entry.flags & _ENCRYPTED), entry)

    def read(self, member: Member, password: str) -> Iterator[bytes]:
        entry: ZipEntry = member.entry
        if entry.flags & _STRONG:
            why = _("it is encrypted as only PKZIP can undo")
            raise Undecodable(entry.name, what="member", why=why)
        if member.is_encrypted and not password:
            raise _password_needed(entry.name, N_("it is encrypted"))
        with _damage("member"):
            try:
                with self._directory.opened(entry) as archive:
                    (info,) = archive.infolist()
                    if info.compress_type == AES_METHOD and archive.fp is not None:
                        yield from read_aes(archive.fp, info, password)
                        return
                    with archive.open(info, pwd=password.encode() or None) as opened:
                        yield from _blocks(opened)
            except NotImplementedError:
                raise
            except WrongPassword as error:
                raise _password_needed(
                    entry.name, _NOT_OPENED if error.is_certain else _MAY_BE_DAMAGED
                ) from error
            except RuntimeError as error:
                raise _password_needed(entry.name, _NOT_OPENED) from error
            except (zipfile.BadZipFile, zlib.error, EOFError) as error:
                if member.is_encrypted:  # one wrong password in 256 is found out by what comes of it only
                    raise _password_needed(entry.name, _MAY_BE_DAMAGED) from error
                raise


class _Tar:
    def __init__(self, file: ArchiveFile, unpacked: IO[bytes]) -> None:
        self._file = file
        self._unpacked = unpacked

    def _entries(self) -> Iterator[tarfile.TarInfo]:
        with tarfile.open(fileobj=self._unpacked, mode="r:") as archive:
            while (entry := archive.next()) is not None:
                yield entry
                if entry.offset_data + entry.size > _MOST_UNPACKED:
                    why = _("it would be very large unpacked")
                    raise Undecodable(self._file.name, what="archive", why=why)

    def members(self, most: int) -> Members:
        names: list[str] = []
        facts: list[tuple[int, int, int]] = []
        for entry in self._entries():
            names.append(f"{entry.name}/" if entry.isdir() else entry.name)
            is_usual = entry.isreg() or entry.isdir()
            facts.append((entry.size, _moment(entry.mtime), 0 if is_usual else Flag.NO_FILE))
            _check_count(len(names), most)
        sizes, moments, flags = np.array(facts, np.int64).reshape(-1, 3).T
        packed = sizes if self._file.media_type == "application/x-tar" else np.full_like(sizes, -1)
        return Members(names, sizes, packed, moments, flags.astype(np.uint8))

    def member(self, place: int) -> Member:
        entry = next(islice(self._entries(), place, None), None)
        if entry is None:
            raise _gone(str(place))
        return Member(entry.name, entry.size, self._file.size, False, entry)

    def read(self, member: Member, password: str) -> Iterator[bytes]:  # noqa: ARG002 - a tar has none
        entry: tarfile.TarInfo = member.entry
        if not entry.isreg() or entry.issparse():
            why = (
                _("it is a link to {name}").format(name=entry.linkname)
                if entry.linkname
                else _("it is no file with bytes of its own")
            )
            raise Undecodable(entry.name, what="member", why=why)
        with _damage("member"):
            self._unpacked.seek(entry.offset_data)
            left = entry.size
            while left:
                block = self._unpacked.read(min(_BLOCK, left))
                if not block:
                    raise Undecodable(entry.name, what="member", why=_("the archive ends before it does"))
                left -= len(block)
                yield block


class _Compressed:
    def __init__(self, file: ArchiveFile, unpacked: IO[bytes]) -> None:
        self._file = file
        self._unpacked = unpacked

    def members(self, most: int) -> Members:  # noqa: ARG002 - it is one
        member = self.member(0)
        size, packed, none = (np.array([n], np.int64) for n in (member.size, member.packed, 0))
        return Members([member.title], size, packed, none, np.zeros(1, np.uint8))

    def member(self, place: int) -> Member:  # noqa: ARG002 - it is one
        name = PurePath(self._file.name)
        title = f"{name.stem}.tar" if name.suffix.lower() == ".tgz" else _COMPRESSED_NAME.sub("", name.name)
        return Member(title or name.name, self._claimed_size(), self._file.size, False, None)

    def read(self, member: Member, password: str) -> Iterator[bytes]:  # noqa: ARG002 - and has none
        with _damage("member"):
            yield from _blocks(self._unpacked)

    def _claimed_size(self) -> int:
        """Return what the end of a gzip file tells, which is right below 4 GiB; -1 for other kinds."""
        if self._file.media_type != "application/gzip" or self._file.size < 18:
            return -1
        with self._file.path.open("rb") as opened:
            opened.seek(-4, 2)
            (size,) = struct.unpack("<L", opened.read(4))
        return int(size)


def _blocks(opened: IO[bytes]) -> Iterator[bytes]:
    while block := opened.read(_BLOCK):
        yield block


def _check_count(count: int, most: int) -> None:
    if count > most:
        raise Undecodable(
            f"{count} members",
            what="archive",
            why=_("it has more than {most:,} members, too many to look through here").format(most=most),
        )


def _cut_words(names: Sequence[str]) -> str:
    count = sum(not name.endswith("/") for name in names)
    return ngettext(
        "This archive is cut off: {count:,} member can be read.",
        "This archive is cut off: {count:,} members can be read.",
        count,
    ).format(count=count)


def _gone(place: str) -> Undecodable:
    return Undecodable(f"member {place}", what="member", why=_("it is not in the archive any more"))


def _password_needed(name: str, why: str) -> PasswordNeeded:
    return PasswordNeeded(name, what="member", why=_(why), cure=_("Type the password of the archive."))


@contextlib.contextmanager
def _damage(what: str) -> Iterator[None]:
    """Turn what the libraries raise in a block for damaged bytes into Undecodable."""
    try:
        yield
    except _DAMAGED as error:
        raise Undecodable(str(error) or type(error).__name__, what=what) from error
    except MemoryError as error:  # for a dictionary of gigabytes that nothing needs
        raise Undecodable(
            "MemoryError", what=what, why=_("unpacking it needs more memory than there is")
        ) from error
    except (RuntimeError, NotImplementedError) as error:
        raise Undecodable(
            str(error), what=what, why=_("it is packed in a way that this program does not know")
        ) from error


def _moment(seconds: float) -> int:
    if not 0 < seconds < 2**33:
        return 0
    return int(np.array(time.localtime(seconds)[:5], np.int64) @ _DATE)
