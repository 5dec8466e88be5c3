"""Writes a private file whole or not at all, and lets one process at a time do so."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

_PATIENCE, _PACE = 3.0, 0.02  # seconds


@contextmanager
def turn(file: Path) -> Iterator[None]:
    """Be the only one, of all processes, that writes a file. Raises OSError if that takes too long.

    The folder is made if it is not there (mode 0700). The empty file beside it stays: one that went could be
    locked by two, each of whom made it.
    """
    from filelock import FileLock, Timeout  # not for every start: most keep nothing anew at once

    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = FileLock(
        f"{file}.lock", timeout=_PATIENCE, mode=0o600, poll_interval=_PACE, preserve_lock_file=True
    )
    try:
        with lock:
            yield
    except Timeout as error:
        raise OSError(f"{file}.lock is held by another window") from error


def write_whole(file: Path, text: str, limit: int) -> None:
    """Put a file for this user only (mode 0600) in the place of what was there.

    Raises OSError, also for one of ``limit`` bytes or more, which would be too large to be read again.
    """
    content = text.encode()
    if len(content) >= limit:
        raise OSError(f"{file} would be too large to be read again")
    with whole(file) as opened:
        opened.write(content)


@contextmanager
def whole(file: Path) -> Iterator[BinaryIO]:
    """Lend a file to be written, which comes in the place of what was there when the block is done.

    It is for this user only (mode 0600). If the block fails, all stays as it was. Raises OSError.
    """
    with tempfile.NamedTemporaryFile(  # of mode 0600
        prefix=".itkgui-", suffix=".part", dir=file.parent, delete=False
    ) as opened:
        part = Path(opened.name)
        try:
            yield cast(BinaryIO, opened)
            opened.flush()
            os.fsync(opened.fileno())  # else a power cut may leave an empty file under the name
            opened.close()  # Windows moves no open file
            part.replace(file)
        finally:
            part.unlink(missing_ok=True)
