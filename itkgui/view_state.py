"""What the program keeps of how each person left it: columns, places, saved searches, in one private file."""

from __future__ import annotations

import json
import logging
import threading
from pathlib import Path
from typing import Any

from itkgui.whole_file import turn, write_whole

FILE_NAME = "view-state.json"
COMPUTER_FILE = "computer-state.json"  # what does not go with who signs in
EVERYBODY = "everybody"
_SIZE_LIMIT = 4_000_000  # bytes

logger = logging.getLogger(__name__)


class ViewState:
    """One person's part of the file; each thing has a key such as ``"table/components"`` and a version.

    ``put`` only remembers; ``save`` writes, and may be called from any thread: others do not wait for it.
    Windows of one person write the file in turn, also those of other processes.
    A file that cannot be read, or has something else where a thing should be, counts as if nothing had been
    kept: the program must start.
    """

    def __init__(self, file: Path, user: str) -> None:
        self._file, self._user = file, user
        self._lock = threading.Lock()  # of what is in memory
        self._file_lock = threading.Lock()
        try:
            everything = _read(file)
        except OSError as error:
            logger.warning("%s cannot be read: %s", file, error)
            everything = {}
        self._values = _dictionary(everything.get(user))
        self._before = dict(self._values)  # as they were when they were read or written here
        self._changed: set[str] = set()
        self._of_entries: set[str] = set()

    def get(self, key: str, version: int) -> Any:
        """Return a copy of what was put by this key; None if nothing was, or of another version."""
        with self._lock:
            entry = _dictionary(self._values.get(key))
            return json.loads(json.dumps(entry.get("value"))) if entry.get("version") == version else None

    def put(self, key: str, version: int, value: Any, *, of_entries: bool = False) -> None:
        """Remember a value made of what JSON knows. Raises TypeError or ValueError for any other.

        One made ``of_entries`` is an object, or a list of objects that each have a ``"key"``: then what
        another window adds to it, or takes out of it, is kept beside what is changed here.
        """
        entry = {"version": version, "value": json.loads(json.dumps(value, allow_nan=False))}
        with self._lock:
            if of_entries:
                self._of_entries.add(key)
            if self._values.get(key) != entry:
                self._values[key] = entry
                self._changed.add(key)

    def save(self) -> bool:
        """Write what has changed, the file whole or not at all; return whether all is in the file.

        What others keep in the file stays, and so does what another window of the same person has put since;
        of what both have put, entries are joined, and otherwise the last one counts.
        Failing is logged only: nobody's work is lost with it.
        """
        with self._file_lock:
            with self._lock:
                changed = {key: self._values[key] for key in self._changed}
                before = {key: self._before.get(key) for key in self._changed & self._of_entries}
            if not changed:
                return True
            try:
                with turn(self._file):
                    everything = _read_to_write(self._file)
                    there = _dictionary(everything.get(self._user))
                    joined = {key: _joined(before[key], changed[key], there.get(key)) for key in before}
                    everything[self._user] = there | changed | joined
                    write_whole(self._file, json.dumps(everything, indent=1), _SIZE_LIMIT)
            except OSError as error:
                logger.warning("what was arranged cannot be kept: %s", error)
                return False
            with self._lock:  # what was put anew meanwhile is for the next time
                self._before |= changed
                self._changed -= {key for key, entry in changed.items() if self._values[key] is entry}
                return not self._changed


def _read(file: Path) -> dict[str, Any]:
    """Return what is in the file; nothing if it is damaged. Raises OSError."""
    return _parsed(file) or {}


def _read_to_write(file: Path) -> dict[str, Any]:
    """Do the same in one's turn to write, and keep a damaged file beside. Raises OSError."""
    found = _parsed(file)
    if found is None:
        aside = file.with_suffix(".damaged")
        logger.warning("%s is put aside as %s", file, aside.name)
        file.replace(aside)
    return found or {}


def _parsed(file: Path) -> dict[str, Any] | None:
    """Return what is in the file; None if it is damaged. Raises OSError."""
    try:
        with file.open("rb") as opened:
            content = opened.read(_SIZE_LIMIT)  # a longer one is cut, and then no JSON
    except FileNotFoundError:
        return {}
    try:
        return _dictionary(json.loads(content))
    except (ValueError, RecursionError) as error:
        logger.warning("%s is damaged: %s", file, error)
        return None


def _joined(before: Any, here: dict[str, Any], there: Any) -> dict[str, Any]:
    """Return what stands in the file, with those entries changed that were changed here since ``before``."""
    if _dictionary(there).get("version") != here["version"]:
        return here
    is_known = _dictionary(before).get("version") == here["version"]
    old = _entries(before.get("value")) if is_known else {}
    ours, theirs = _entries(here["value"]), _entries(there.get("value"))
    if theirs == old:  # nobody else has written, so that the order is that of here
        return here
    changed = {key: entry for key, entry in ours.items() if old.get(key) != entry}
    gone = (old.keys() - ours.keys()) | changed.keys()
    value = changed | {key: entry for key, entry in theirs.items() if key not in gone}
    return here | {"value": value if isinstance(here["value"], dict) else list(value.values())}


def _entries(value: Any) -> dict[str, Any]:
    if isinstance(value, list):
        return {str(entry["key"]): entry for entry in value if isinstance(entry, dict) and "key" in entry}
    return _dictionary(value)


def _dictionary(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
