"""Ends of the program that nobody wanted: their stacks are kept, and told of at the next start.

Each run that has a window has a file of its own, into which Python writes all stacks if the process is killed
by a fault of its own (a segmentation fault, Qt's abort). It is removed at an orderly end; one that is found
later belongs to a run that had none.
"""

from __future__ import annotations

import faulthandler
import logging
import os
import re
import time
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, NamedTuple

from itkgui.language import _
from itkgui.log import redact
from itkgui.paths import computer_mark

logger = logging.getLogger(__name__)

FOLDER = "crashes"  # below the folder of the state
_KEPT = 8  # files
_LIMIT = 200_000  # bytes that are read of one
_RUN = re.compile(r"run-([0-9a-f]{8})-([0-9]+)\.txt")  # the computer, the process
_TOLD = "told-"


class SuddenEnd(NamedTuple):
    """A run that ended without wanting to.

    ``stacks`` are empty if it was killed, and ``moment`` is then when it began.
    """

    moment: datetime
    stacks: str

    @property
    def report(self) -> str:
        moment = f"{self.moment:%Y-%m-%d %H:%M:%S}"
        if self.stacks:
            ended = _("ended {moment}").format(moment=moment)
            return f"{ended}\n\n{self.stacks}"
        text = _("begun {moment}; killed, or the power went: there are no stacks")
        return text.format(moment=moment)


class CrashFile:
    """The file of this run. Where it cannot be written the program runs without one."""

    def __init__(self, state: Path) -> None:
        self._folder = state / FOLDER
        self._path = self._folder / f"run-{computer_mark()}-{os.getpid()}.txt"
        self._file: BinaryIO | None = None

    def open(self) -> None:
        """Have Python write all stacks there if the process dies by a fault."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            self._file = os.fdopen(descriptor, "wb", buffering=0)
        except OSError as error:
            logger.warning("a crash would leave no stacks: %s", error)
            return
        faulthandler.enable(self._file, all_threads=True)

    def close(self) -> None:
        """End in order: nothing stays."""
        if self._file is None:
            return
        faulthandler.disable()
        self._file.close()
        self._file = None
        try:
            self._path.unlink()
            if not any(self._folder.iterdir()):
                self._folder.rmdir()
        except OSError as error:
            logger.info("the file for stacks stays: %s", error)


def sudden_ends(state: Path) -> list[SuddenEnd]:
    """Return the ends that nobody was told of yet, the latest last; they count as told now.

    Raises OSError.
    """
    folder = state / FOLDER
    found = []
    for path in sorted(folder.glob("run-*.txt"), key=lambda one: one.stat().st_mtime):
        if _has_ended(path):
            moment = datetime.fromtimestamp(path.stat().st_mtime).astimezone()
            end = SuddenEnd(moment, read(path))
            found.append(end)
            if end.stacks:
                path.replace(folder / f"{_TOLD}{time.time_ns()}.txt")
            else:
                path.unlink()  # it has nothing more to tell
    for old in kept(state)[:-_KEPT]:
        old.unlink()
    return found


def kept(state: Path) -> list[Path]:
    """Return the files of ends that were told of, the latest last."""
    return sorted((state / FOLDER).glob(f"{_TOLD}*.txt"))


def read(path: Path) -> str:
    """Return the stacks in a file. Raises OSError."""
    with path.open("rb") as file:
        return redact(file.read(_LIMIT).decode("utf-8", "replace")).strip()


def _has_ended(path: Path) -> bool:
    """Tell whether the run that a file belongs to is over; of other computers nobody here can know."""
    made = _RUN.fullmatch(path.name)
    if made is None or made[1] != computer_mark() or int(made[2]) == os.getpid():
        return False
    import psutil  # not for every start: most find no file

    try:
        began = psutil.Process(int(made[2])).create_time()
    except psutil.Error:
        return True
    return began > path.stat().st_mtime + 1  # another one has that number now
