"""What shall outlive a power cut is brought to the disk itself, in folders for this user only."""

from __future__ import annotations

import errno
import logging
import os
import sys
from collections.abc import Iterable
from pathlib import Path

log = logging.getLogger(__name__)

# Kinds of file systems that several computers may work on at a time, as Linux and macOS call them.
_SHARED = frozenset(
    (
        "9p",
        "afpfs",
        "afs",
        "beegfs",
        "ceph",
        "cifs",
        "davfs",
        "eos",
        "glusterfs",
        "gpfs",
        "lustre",
        "ncpfs",
        "nfs",
        "nfs4",
        "openafs",
        "orangefs",
        "panfs",
        "smb2",
        "smb3",
        "smbfs",
        "sshfs",
        "webdav",
    )
)


def private_folder(folder: Path) -> None:
    """Make a folder of mode 0700, and those above it; it survives a power cut. Raises OSError."""
    if folder.is_dir():
        return
    private_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    flush_folder(folder.parent)


def flush_folder(folder: Path) -> None:
    """Bring to the disk which files a folder has. Raises OSError."""
    if sys.platform == "win32":  # does so by itself, and opens no folders
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # network folders that do so by themselves
            raise
    finally:
        os.close(descriptor)


def is_shared(folder: Path) -> bool:
    """Tell whether a folder is on a disk of the network, where other computers may be at it too.

    False where that cannot be told.
    """
    import psutil  # not for every start

    try:
        found = psutil.disk_partitions(all=True)
    except (OSError, psutil.Error) as error:
        log.info("kinds of disks are not known: %s", error)
        return False
    return is_on_shared(folder.resolve(), [(Path(one.mountpoint), one.fstype, one.opts) for one in found])


def is_on_shared(path: Path, mounts: Iterable[tuple[Path, str, str]]) -> bool:
    """Tell the same from what is mounted where: its kind, and its options."""
    if str(path).startswith("\\\\"):  # of another computer, by its name
        return True
    kind, options, depth = "", "", -1
    for place, its_kind, its_options in mounts:
        if path.is_relative_to(place) and len(place.parts) >= depth:  # a later one hides an earlier one
            kind, options, depth = its_kind, its_options, len(place.parts)
    kind = kind.lower().removeprefix("fuse.")
    return kind in _SHARED or kind.startswith("eos") or "remote" in options.split(",")
