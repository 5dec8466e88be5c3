"""A folder into which instruments write: which of its files are new, and whole; looked at, never touched."""

from __future__ import annotations

import enum
import logging
import os
import stat
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from itkgui.background.lookout import Lookout
from itkgui.paths import key_of
from itkgui.uploads.intake import STILL, SYSTEM, State

logger = logging.getLogger(__name__)

MOST_WATCHED = 5_000  # files of a folder; looking at more would take too much of a computer
_PAUSE, _LONGEST_PAUSE = 0.5, 60.0  # seconds between two looks
_IDLE_SHARE = 100  # times as long as a look took nothing is done after it, so that it costs next to nothing
_UNFINISHED = (".tmp", ".temp", ".part", ".partial", ".crdownload", ".filepart", ".lock", ".swp")


class FolderTrouble(enum.Enum):
    """Why a folder is not watched at the moment."""

    NONE = enum.auto()
    AWAY = enum.auto()
    TOO_MANY = enum.auto()


class TooManyFiles(OSError):
    """A folder has more files than can be watched."""


@dataclass(frozen=True)
class NewFile:
    """A file that is whole; ``mark`` is another for each path, size and time of the last change."""

    path: Path
    mark: str


@dataclass(frozen=True)
class FolderNews:
    """What a look has told: new files, the oldest first.

    ``present`` has the marks of all files, after the first look that was not in vain; None after others.
    """

    new: tuple[NewFile, ...] = ()
    trouble: FolderTrouble = FolderTrouble.NONE
    present: frozenset[str] | None = None


class NewFiles:
    """Decides from one look to the next. ``known`` has the marks of what is not new.

    It is None where nobody has watched before: then what there is at the first look is none of ours. A file
    is whole that has content, and has been the same for a while by the clock of this computer: the times of
    the files may come from another one.
    """

    def __init__(self, folder: Path, known: Iterable[str] | None) -> None:
        self._folder = folder
        self._known = None if known is None else frozenset(known)
        self._has_looked = False
        self._seen: dict[Path, tuple[State, float, str]] = {}  # since when, and its mark

    def take(self, found: Mapping[Path, State], now: float) -> FolderNews:
        """Take what was found at a moment in seconds."""
        before, self._seen = self._seen, {}
        for path, state in found.items():
            seen = before.get(path)
            self._seen[path] = (
                seen if seen is not None and seen[0] == state else (state, now, self._mark(path, state))
            )
        marks = frozenset(mark for _state, _since, mark in self._seen.values())
        present = None if self._has_looked else marks
        self._has_looked = True
        if self._known is None:
            self._known = marks
        known = self._known
        new = [
            (state[1], NewFile(path, mark))
            for path, (state, since, mark) in self._seen.items()
            if state[0] and now - since >= STILL and mark not in known
        ]
        new.sort(key=lambda one: one[0])
        return FolderNews(tuple(file for _moment, file in new), present=present)

    def _mark(self, path: Path, state: State) -> str:
        return key_of(str(path.relative_to(self._folder)), *map(str, state))[:16]


def files_in(folder: Path, most: int = MOST_WATCHED) -> Iterator[tuple[Path, State]]:
    """Yield the files of a folder, however deep, that an instrument may have finished, with their states.

    What is hidden, of the operating system, or called as what is still being written is left out, and so are
    folders that may not be read. Raises OSError if the folder is not there, TooManyFiles.
    """

    def on_error(error: OSError) -> None:
        if not isinstance(error, PermissionError) or error.filename == str(folder):
            raise error

    count = 0
    for place, folders, names in os.walk(folder, onerror=on_error):
        folders[:] = [name for name in folders if _is_wanted(name)]
        for name in filter(_is_wanted, names):
            path = Path(place, name)
            try:
                found = path.stat()
            except FileNotFoundError:  # an instrument may rename what it has just written
                continue
            if stat.S_ISREG(found.st_mode):
                count += 1
                if count > most:
                    raise TooManyFiles(f"{folder}: more than {most} files")
                yield path, (found.st_size, found.st_mtime_ns)


def _is_wanted(name: str) -> bool:
    lower = name.lower()
    return not (lower.startswith((".", "~$")) or lower in SYSTEM or lower.endswith(_UNFINISHED))


class FolderWatch(Lookout):
    """Looks again and again until it is stopped, and tells on its own thread what has changed.

    It looks, since drives of the network tell nobody of changes.
    """

    def __init__(
        self, folder: Path, known: Iterable[str] | None, on_news: Callable[[FolderNews], object]
    ) -> None:
        super().__init__("watched-folder")
        self._folder, self._on_news = folder, on_news
        self._files = NewFiles(folder, known)

    def _run(self) -> None:
        told: FolderNews | None = None
        while not self._stopped.is_set():
            began = time.monotonic()
            news = self._look()
            if news != told and not self._stopped.is_set():
                told = news
                self._on_news(news)
            took = time.monotonic() - began
            self._stopped.wait(min(_LONGEST_PAUSE, max(_PAUSE, took * _IDLE_SHARE)))

    def _look(self) -> FolderNews:
        found: dict[Path, State] = {}
        try:
            for path, state in files_in(self._folder):
                found[path] = state
                if self._stopped.is_set():
                    break
        except OSError as error:
            logger.debug("watched folder: %s", error)
            is_full = isinstance(error, TooManyFiles)
            return FolderNews(trouble=FolderTrouble.TOO_MANY if is_full else FolderTrouble.AWAY)
        return self._files.take(found, time.monotonic())
