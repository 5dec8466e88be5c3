"""Folders for files that are made while somebody looks at them, or gives them away; the oldest go in time."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import time
from pathlib import Path

# Of files in one folder: who goes through many needs none but the last ones for long.
MOST, MOST_BYTES = 200, 2_000_000_000


def new_place(folder: Path, spared: float = 0.0) -> Path:
    """Return a new folder below another one: files from different places may share a name.

    Before, those made longest ago are removed, until the others are within the limits; none is that was made
    or changed in the last ``spared`` seconds. All is for this user only. Raises OSError.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _make_room(folder, time.time() - spared)
    return Path(tempfile.mkdtemp(dir=folder))


def _make_room(folder: Path, before: float) -> None:
    with contextlib.suppress(FileNotFoundError):  # another process makes room at the same moment
        ages = {place: place.stat().st_mtime for place in folder.iterdir()}
        total = 0
        for count, place in enumerate(sorted(ages, key=lambda place: ages[place], reverse=True)):
            total += sum(path.stat().st_size for path in place.iterdir())
            if (count >= MOST or total > MOST_BYTES) and ages[place] <= before:
                shutil.rmtree(place, ignore_errors=True)
