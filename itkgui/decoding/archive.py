"""Zip archives: their members as the rows of a tree; nothing is unpacked but what is looked at."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from itkgui.client.exceptions import FileNotWritten, FileUnreadable
from itkgui.client.files import BinaryFile, ZipFile, ZipMember, receive
from itkgui.decoding.undecodable import Undecodable, check_readable, not_unpacked, unpacking
from itkgui.records.sizes import size_text

MOST_ROWS = 10_000  # members and folders
# What lies deeper stands in one row, with its path: further to the right there is no room for a name.
DEEPEST_FOLDER = 8
LARGEST_MEMBER = 64_000_000  # bytes, unpacked


@dataclass(frozen=True)
class ArchiveRow:
    """One row of the tree: a member, or a folder; ``parent`` is the place of its folder's row, or -1."""

    parent: int
    name: str
    member: ZipMember | None = None


@dataclass(frozen=True)
class LoadedArchive:
    """The rows that show an archive, each folder before what is in it."""

    rows: Sequence[ArchiveRow]


def load_archive(file: ZipFile) -> LoadedArchive:
    """Read the list of members. Raises Undecodable if it is no zip or has too many."""
    check_readable(file.path, "archive")
    try:
        members = file.members()
    except FileUnreadable as error:
        raise Undecodable(error.detail, what="archive") from error
    rows: list[ArchiveRow] = []
    folders: dict[tuple[str, ...], int] = {}
    for member in members:
        _add_rows(member, rows, folders)
        if len(rows) > MOST_ROWS:
            raise Undecodable(
                f"{len(members)} members",
                what="archive",
                why=f"it is too large, with {len(members):,} members in {len(folders):,} folders"
                if len(members) <= MOST_ROWS
                else f"it is too large, with {len(members):,} members",
            )
    return LoadedArchive(rows)


def _add_rows(member: ZipMember, rows: list[ArchiveRow], folders: dict[tuple[str, ...], int]) -> None:
    """Add the row of a member, and those of its folders that have none yet."""
    parts = tuple(part for part in PurePosixPath(member.name).parts if part != "/")
    depth = min(max(0, len(parts) - 1), DEEPEST_FOLDER)
    parent = -1
    for level in range(1, depth + 1):
        folder = parts[:level]
        if folder not in folders:
            folders[folder] = len(rows)
            rows.append(ArchiveRow(parent, folder[-1]))
        parent = folders[folder]
    rows.append(ArchiveRow(parent, "/".join(parts[depth:]) or member.name, member))


def extract_member(file: ZipFile, member: ZipMember, folder: Path) -> BinaryFile:
    """Unpack one member into a folder of the program's own and open it.

    Its name in the archive never becomes a path, and what it claims to be is not believed. Raises
    Undecodable for an encrypted, damaged or very large member, and if it cannot be written.
    """
    if member.is_encrypted:
        raise Undecodable(member.name, what="member", why="it is encrypted")
    check_readable(file.path, "member")
    try:
        content = file.read(member, LARGEST_MEMBER + 1)
    except FileUnreadable as error:
        raise Undecodable(error.detail, what="member") from error
    if len(content) > LARGEST_MEMBER:
        raise Undecodable(member.name, what="member", why=f"it is larger than {size_text(LARGEST_MEMBER)}")
    with unpacking():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # A folder for each: members of different folders may share a name, and one may still be being read.
        own_folder = Path(tempfile.mkdtemp(dir=folder))
    try:
        return receive([(0, content)], len(content), own_folder, PurePosixPath(member.name).name)
    except (FileNotWritten, FileUnreadable) as error:
        raise not_unpacked(error) from error
