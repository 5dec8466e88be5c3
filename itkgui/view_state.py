"""What the program keeps of how each person left it: columns, places, saved searches, in one private file."""

from __future__ import annotations

import json
import logging
import tempfile
import threading
from pathlib import Path
from typing import Any

FILE_NAME = "view-state.json"
_SIZE_LIMIT = 4_000_000  # bytes

logger = logging.getLogger(__name__)


class ViewState:
    """One person's part of the file; each thing has a key such as ``"table/components"`` and a version.

    ``put`` only remembers; ``save`` writes, and may be called from any thread: others do not wait for it.
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
        self._changed: set[str] = set()

    def get(self, key: str, version: int) -> Any:
        """Return a copy of what was put by this key; None if nothing was, or of another version."""
        with self._lock:
            entry = _dictionary(self._values.get(key))
            return json.loads(json.dumps(entry.get("value"))) if entry.get("version") == version else None

    def put(self, key: str, version: int, value: Any) -> None:
        """Remember a value made of what JSON knows. Raises TypeError or ValueError for any other."""
        entry = {"version": version, "value": json.loads(json.dumps(value, allow_nan=False))}
        with self._lock:
            if self._values.get(key) != entry:
                self._values[key] = entry
                self._changed.add(key)

    def save(self) -> bool:
        """Write what has changed, the file whole or not at all; return whether all is in the file.

        What others keep in the file stays, and so does what another window of the same person has put since.
        Failing is logged only: nobody's work is lost with it.
        """
        with self._file_lock:
            with self._lock:
                changed = {key: self._values[key] for key in self._changed}
            if not changed:
                return True
            try:
                everything = _read(self._file)
                everything[self._user] = _dictionary(everything.get(self._user)) | changed
                _write(self._file, json.dumps(everything, indent=1))
            except OSError as error:
                logger.warning("what was arranged cannot be kept: %s", error)
                return False
            with self._lock:  # what was put anew meanwhile is for the next time
                self._changed -= {key for key, entry in changed.items() if self._values[key] is entry}
                return not self._changed


def _read(file: Path) -> dict[str, Any]:
    """Return what is in the file; nothing if it is damaged, and then it is kept beside. Raises OSError."""
    try:
        with file.open("rb") as opened:
            content = opened.read(_SIZE_LIMIT)  # a longer one is cut, and then no JSON
    except FileNotFoundError:
        return {}
    try:
        return _dictionary(json.loads(content))
    except (ValueError, RecursionError) as error:
        logger.warning("%s is damaged, and put aside: %s", file, error)
        file.replace(file.with_suffix(".damaged"))
        return {}


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(  # of mode 0600
        "w", encoding="utf-8", prefix=".itkgui-", suffix=".part", dir=file.parent, delete=False
    ) as opened:
        part = Path(opened.name)
        try:
            opened.write(text)
            opened.close()  # Windows moves no open file
            part.replace(file)
        finally:
            part.unlink(missing_ok=True)


def _dictionary(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
