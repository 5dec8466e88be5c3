"""Archives: their members as the rows of a tree; nothing is unpacked but what is looked at."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath

import numpy as np
import numpy.typing as npt

from itkgui.client.exceptions import FileNotWritten, FileUnreadable
from itkgui.client.files import ArchiveFile, BinaryFile, receive, safe_name
from itkgui.client.scratch import new_place
from itkgui.decoding.members import Archive, Flag, Member, Members, open_archive
from itkgui.decoding.undecodable import Undecodable, check_readable, not_unpacked, unpacking
from itkgui.language import _
from itkgui.records.sizes import size_text

MOST_ROWS = 200_000  # members and folders
# What lies deeper stands in one row, with its path: further to the right there is no room for a name.
DEEPEST_FOLDER = 8
LARGEST_MEMBER = 512_000_000  # bytes, unpacked
# Bytes that may come of whatever is packed; more must have been at least a hundredth as large before.
HARMLESS, BOMB_RATIO = 64_000_000, 100
_INFO, _LARGEST_INFO = "attachments_info.json", 4_000_000
_DRIVE = re.compile(r"[A-Za-z]:")


@dataclass(frozen=True)
class LoadedArchive:
    """The rows that show an archive, each folder before what is in it; the arrays have shape (rows,).

    ``parents`` are the rows of the folders, -1 for what is in none; ``members`` are places in the archive, -1
    for a folder. Sizes are in bytes as the archive claims them, -1 where it is silent. ``moments`` are dates
    without a zone, written as a number like 202609011230, or 0. ``flags`` are those of ``Flag``.
    ``paths`` tells the names in the archive of those members that are shown by another. ``damage`` is a
    sentence, and empty if the archive is whole.
    """

    joined_names: str
    parents: npt.NDArray[np.int32]
    members: npt.NDArray[np.int32]
    sizes: npt.NDArray[np.int64]
    packed: npt.NDArray[np.int64]
    moments: npt.NDArray[np.int64]
    flags: npt.NDArray[np.uint8]
    paths: Mapping[int, str] = field(default_factory=dict)
    note: str = ""
    damage: str = ""

    @cached_property
    def names(self) -> Sequence[str]:
        """The names of the rows. They travel as one text, which stops the GUI a tenth as long."""
        return self.joined_names.split("\0") if len(self.parents) else ()


def load_archive(file: ArchiveFile) -> LoadedArchive:
    """Read the list of members. Raises Undecodable if there is none, or it has too many."""
    check_readable(file.path, "archive")
    with open_archive(file) as archive:
        members = archive.members(MOST_ROWS)
        titles, note = _titles(archive, members)
    rows = _Rows(members, titles)
    if len(rows.names) > MOST_ROWS:
        why = _("it is too large, with {count:,} members in {folders:,} folders")
        raise Undecodable(
            f"{len(rows.names)} rows",
            what="archive",
            why=why.format(count=len(members.names), folders=rows.folder_count),
        )
    return rows.loaded(members, note)


def extract_member(file: ArchiveFile, place: int, folder: Path, password: str = "") -> BinaryFile:
    """Unpack one member into a folder of the program's own and open it.

    Its name in the archive never becomes a path, and what it claims to be is not believed. Of the members
    that were unpacked there before, the oldest go if they are too many. Raises PasswordNeeded if it is
    encrypted, Undecodable if it is damaged or very large, or cannot be written.
    """
    check_readable(file.path, "member")
    with open_archive(file) as archive:
        member = archive.member(place)
        _check_size(member.size, member.packed)
        with unpacking():
            if file.path.is_relative_to(folder):
                os.utime(file.path.parent)  # an archive in another is still in use
            own_folder = new_place(folder)
        name = safe_name(PurePosixPath(member.title.replace("\\", "/")).name)
        try:
            return receive(_pieces(archive.read(member, password), member), None, own_folder, name)
        except (FileNotWritten, FileUnreadable) as error:
            raise not_unpacked(error) from error


def _pieces(blocks: Iterator[bytes], member: Member) -> Iterator[tuple[int, bytes]]:
    done = 0
    for block in blocks:
        yield done, block
        done += len(block)
        _check_size(done, member.packed)


def _check_size(size: int, packed: int) -> None:
    """Raise Undecodable for what unpacks to more than a preview needs, or than anything real does."""
    if size > HARMLESS and size > BOMB_RATIO * packed:
        why = _(
            "{packed} of it would become {size} or more, {times:,} times as much; "
            "up to {most} times is unpacked"
        ).format(
            packed=size_text(packed), size=size_text(size), times=size // max(1, packed), most=BOMB_RATIO
        )
        raise Undecodable(f"{size} bytes of {packed}", what="member", why=why)
    if size > LARGEST_MEMBER:
        why = _("it is larger than {size}").format(size=size_text(LARGEST_MEMBER))
        raise Undecodable(f"{size} bytes", what="member", why=why)


def _titles(archive: Archive, members: Members) -> tuple[dict[str, str], str]:
    """Return what members are called in truth, by the list that packers of attachments add, and a note.

    The list names each member, which is called by a code there, as ``data_id`` and its file as ``title``.
    """
    if _INFO not in members.names:
        return {}, ""
    member = archive.member(members.names.index(_INFO))
    if member.is_encrypted or member.size > _LARGEST_INFO:
        return {}, _("{name} is not read").format(name=_INFO)
    try:
        told = json.loads(b"".join(archive.read(member, "")))
    except (ValueError, RecursionError, Undecodable):
        return {}, _("{name} is damaged, so names are as they are").format(name=_INFO)
    entries = [entry for entry in told if isinstance(entry, dict)] if isinstance(told, list) else []
    pairs = ((entry.get("data_id"), entry.get("title")) for entry in entries)
    return {
        code: title for code, title in pairs if isinstance(code, str) and isinstance(title, str) and title
    }, ""


def _is_unsafe(name: str) -> bool:
    """Tell whether a name would be no good as a path, or has characters that nobody sees."""
    if not name.isprintable() or name.startswith(("/", "\\")) or _DRIVE.match(name):
        return True
    return ".." in name and ".." in name.replace("\\", "/").split("/")


class _Rows:
    """Builds the rows of a tree from the names of members."""

    def __init__(self, members: Members, titles: Mapping[str, str]) -> None:
        self.names: list[str] = []
        self.paths: dict[int, str] = {}
        self._parents: list[int] = []
        self._members: list[int] = []
        self._folders: dict[str, int] = {"": -1}
        for place, name in enumerate(members.names):
            path = name.replace("\\", "/") if "\\" in name else name
            is_folder = path.endswith("/")
            folder, _, last = path.rstrip("/").rpartition("/")
            parent = self._folders.get(folder)
            if parent is None or path.count("/") > DEEPEST_FOLDER:
                parent, last = self._add_folders(path)
            if is_folder:
                if path.rstrip("/") not in self._folders:
                    self._folders[path.rstrip("/")] = self._add(parent, last, -1)
                continue
            title = titles.get(name)
            if title is not None and title != name:
                self.paths[len(self.names)] = name
            self._add(parent, title or last or name, place)

    @property
    def folder_count(self) -> int:
        return self._members.count(-1)

    def _add(self, parent: int, name: str, member: int) -> int:
        self.names.append(name.replace("\0", "␀"))
        self._parents.append(parent)
        self._members.append(member)
        return len(self.names) - 1

    def _add_folders(self, path: str) -> tuple[int, str]:
        """Add the rows of a member's folders that have none yet; return the innermost and the name in it."""
        parts = [part for part in path.split("/") if part not in ("", ".")]
        depth = min(max(0, len(parts) - 1), DEEPEST_FOLDER)
        parent, whole = -1, ""
        for part in parts[:depth]:
            whole = f"{whole}/{part}" if whole else part
            if whole not in self._folders:
                self._folders[whole] = self._add(parent, part, -1)
            parent = self._folders[whole]
        return parent, "/".join(parts[depth:])

    def loaded(self, members: Members, note: str) -> LoadedArchive:
        places = np.array(self._members, np.int32)
        flags = members.flags | np.fromiter(
            (Flag.UNSAFE if _is_unsafe(name) else 0 for name in members.names),
            np.uint8,
            len(members.names),
        )
        columns = (
            np.append(values, filler)[places]  # -1, for a folder, is the filler
            for values, filler in (
                (members.sizes, -1),
                (members.packed, -1),
                (members.moments, 0),
                (flags, 0),
            )
        )
        sizes, packed, moments, shown_flags = columns
        return LoadedArchive(
            "\0".join(self.names),
            np.array(self._parents, np.int32),
            places,
            sizes,
            packed,
            moments,
            shown_flags.astype(np.uint8),
            self.paths,
            note,
            members.damage,
        )
