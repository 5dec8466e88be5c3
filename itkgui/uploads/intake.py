"""How files come in: found in what was dropped, looked at, and copied before anything else can happen."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePath

from itkgui.client import transfer
from itkgui.client.exceptions import FileProblem, FileUnreadable
from itkgui.client.files import inspect
from itkgui.decoding.decoders import Decoders
from itkgui.decoding.plugins import is_left_alone, is_read
from itkgui.language import _, ngettext
from itkgui.records.sizes import size_text
from itkgui.uploads.reading import runs_read
from itkgui.uploads.results import RunInFile, break_in, flaw_in, runs_in
from itkgui.uploads.serial_search import (
    Sighting,
    sightings_in_json,
    sightings_in_name,
    sightings_in_results,
    sightings_in_zip,
)
from itkgui.uploads.spool import NoCopy, Spool, Spooled

MOST_FILES = 2000  # of one drop
STILL = 2.0  # seconds without a change, after which a file counts as written
_MOST_JSON = 8_000_000  # bytes in which names and flaws are looked for
_GO = 0.5  # seconds, after which it is told what was found so far
_NOTES = 1 << 17  # bytes in which the notes of a camera stand
_MOMENT = re.compile(rb"((?:19[89]|20\d)\d):([01]\d):([0-3]\d) ([0-2]\d:[0-5]\d):[0-5]\d\0")
SYSTEM = frozenset(("thumbs.db", "ehthumbs.db", "desktop.ini", ".ds_store", "__macosx", ".directory"))
_ROOM = 100_000_000  # bytes that stay free on the disk

State = tuple[int, int]
"""Size in bytes and time of the last change in nanoseconds: what tells that a file has changed."""


@dataclass(frozen=True)
class Found:
    """A file, and its path from the folder that was dropped on; of a file that was dropped, its name.

    ``raw_of`` are file and number of results with which it goes as it is, though it is also read by itself:
    those that a plug-in has read from it, or others that name it.
    """

    path: Path
    within: PurePath
    raw_of: tuple[Path, int] | None = None

    @property
    def is_raw(self) -> bool:
        """Whether it is not to be read any more, since it goes with results as it is."""
        return self.raw_of is not None

    @property
    def may_be_read(self) -> bool:
        """Whether a plug-in is to be asked for the results in it, and what they name; that may take long."""
        return not self.is_raw and is_read(self.path.name)


@dataclass(frozen=True)
class Gathered:
    """The files in what was dropped, and in words what was left out; nothing if that is empty."""

    files: tuple[Found, ...]
    left_out: str


@dataclass(frozen=True)
class Examined:
    """What a look at a file tells; ``taken`` is when a picture was, like ``2026-05-12 09:30``.

    ``runs`` are the results of tests that it holds, if it holds nothing else, or that a plug-in reads from
    it; ``flaw`` tells in a sentence why what seems to be results is none, ``broken`` where any other JSON
    stops being one, ``unread`` that a plug-in which may read it is not installed. ``state`` was the file's
    before the look.
    """

    size: int
    media_type: str
    sightings: tuple[Sighting, ...] = ()
    taken: str = ""
    runs: tuple[RunInFile, ...] = ()
    flaw: str = ""
    broken: str = ""
    unread: str = ""
    state: State = (0, 0)

    @property
    def sightings_in_names(self) -> list[Sighting]:
        """Those that are not in the content, of which results tell more."""
        return [one for one in self.sightings if not one.is_in_content]


def gather(paths: Iterable[Path], most: int = MOST_FILES) -> Gathered:
    """Return the files that were dropped, and those in folders that were, however deep.

    In folders, what is hidden is left out, and what file managers leave everywhere. Raises Cancelled.
    """
    files: dict[Path, Found] = {}
    hidden, system, closed, is_cut = 0, 0, 0, False
    for path, within in _walked(paths):
        transfer.current().check()
        if within is None:
            closed += 1
        elif within.name.lower() in SYSTEM or within.name.startswith("~$"):
            system += 1
        elif any(part.startswith(".") for part in within.parts[1:]):
            hidden += 1
        elif len(files) == most and path not in files:
            is_cut = True
            break
        else:
            files.setdefault(path, Found(path, within))
    said = [
        (hidden, ngettext("{count} hidden file", "{count} hidden files", hidden)),
        (
            system,
            ngettext("{count} file of the operating system", "{count} files of the operating system", system),
        ),
        (
            closed,
            ngettext(
                "{count} folder that could not be read", "{count} folders that could not be read", closed
            ),
        ),
    ]
    parts = ", ".join(text.format(count=f"{count:,}") for count, text in said if count)
    left_out = _("Left out: {files}.").format(files=parts) if parts else ""
    if is_cut:
        sentence = _("Only the first {count} files are taken at a time.").format(count=f"{most:,}")
        left_out = f"{sentence} {left_out}".strip()
    elif not files and not left_out:
        left_out = _("There is no file in it.")
    return Gathered(tuple(files.values()), left_out)


def _walked(paths: Iterable[Path]) -> Iterator[tuple[Path, PurePath | None]]:
    """Yield each path with its way from what was dropped; None for the way into a closed folder."""
    for dropped in paths:
        if not dropped.is_dir():
            yield dropped, PurePath(dropped.name)
            continue
        errors: list[OSError] = []
        for folder, folders, names in os.walk(dropped, onerror=errors.append):
            folders[:] = sorted(name for name in folders if name.lower() not in SYSTEM)
            for name in sorted(names):
                path = Path(folder, name)
                yield path, path.relative_to(dropped.parent)
        for _error in errors:
            yield dropped, None


def examine(found: Found, decoders: Decoders | None = None) -> Examined:
    """Look at a file; without ``decoders`` no plug-in reads it. Raises FileProblem, Cancelled."""
    state = state_of(found.path) or (0, 0)
    file = inspect(found.path)
    sightings = list(sightings_in_name(found.within))
    runs, flaw, broken, unread, taken = tuple[RunInFile, ...](), "", "", "", ""
    try:
        with found.path.open("rb") as content:
            if file.media_type == "application/json":
                head = content.read(_MOST_JSON)
                runs = () if found.is_raw else runs_in(found.path)
                if file.size <= _MOST_JSON and not runs:
                    flaw = flaw_in(head)
                    broken = "" if flaw else break_in(head)
                sightings += sightings_in_json(BytesIO(head), _("in its content"))
            elif file.media_type == "application/zip":
                sightings += sightings_in_zip(content)
            elif file.media_type.startswith("image/"):
                taken = _moment_in(content.read(_NOTES))
    except OSError as error:
        raise FileUnreadable(f"{found.path.name}: {error.strerror}") from error
    if not found.is_raw and not runs:
        if decoders is not None and found.may_be_read:
            runs, flaw_of_plugin = runs_read(found.path, decoders)
            seen = sightings_in_results(run.component for run in runs)
            sightings += [one for one in seen if one not in sightings]
            flaw = flaw_of_plugin or ("" if runs else flaw)
        elif is_left_alone(found.path.name):
            unread = _("No plug-in for “{ending}” is installed: it is sent as it is.")
            unread = unread.format(ending=found.path.suffix)
    return Examined(file.size, file.media_type, tuple(sightings), taken, runs, flaw, broken, unread, state)


def examine_all(files: Sequence[Found], decoders: Decoders | None = None) -> list[Examined | FileProblem]:
    """Look at the first of some files, as many as take a moment, and at one at least.

    What is wrong with one stands in its place. Raises Cancelled.
    """
    outcomes: list[Examined | FileProblem] = []
    begun = time.monotonic()
    for found in files:
        if outcomes and time.monotonic() - begun > _GO:
            break
        try:
            outcomes.append(examine(found, decoders))
        except FileProblem as problem:
            outcomes.append(problem)
    return outcomes


def _moment_in(notes: bytes) -> str:
    """Return the earliest moment in the notes of a picture: that of the exposure, others are of changes."""
    moments = sorted(b"%b-%b-%b %b" % found for found in _MOMENT.findall(notes))
    return moments[0].decode("ascii") if moments else ""


# Copies -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Taken:
    """A copy in the spool, and the state that the file had before it was copied."""

    copy: Spooled
    state: State
    is_whole: bool = False  # whether the content itself tells that nothing is missing

    @property
    def may_grow(self) -> bool:
        """Whether the file was written to so shortly before that it may be written to again."""
        return not self.is_whole and time.time() - self.state[1] / 1e9 < STILL


def take(spool: Spool, path: Path, upload_id: str, name: str) -> Taken:
    """Copy a file for an upload. Raises what Spool.take does, and NoCopy before a copy that finds no room."""
    state = state_of(path)
    if state is not None:
        try:
            spool.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            free = shutil.disk_usage(spool.folder).free - _ROOM
        except OSError as error:
            raise NoCopy(f"{error.filename}: {error.strerror}") from error
        if state[0] > free:
            raise NoCopy(f"{path.name} has {size_text(state[0])}, {size_text(max(0, free))} can be used")
    return Taken(spool.take(path, upload_id, name), state or (0, 0))


def state_of(path: Path) -> State | None:
    """Return what tells whether a file has changed; None if it cannot be asked for, or is gone."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return found.st_size, found.st_mtime_ns


def states_of(paths: Sequence[Path]) -> list[State | None]:
    return [state_of(path) for path in paths]
