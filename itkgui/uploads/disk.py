"""What shall outlive a power cut is brought to the disk itself, in folders for this user only."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path


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
