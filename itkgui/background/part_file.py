"""A text file that appears under its name only once it is whole."""

from __future__ import annotations

import contextlib
import uuid
from pathlib import Path

from itkgui.client.exceptions import FileNotWritten


class PartFile:
    """Written beside its target, which ``finish`` replaces; ``abandon`` leaves the target as it was.

    UTF-8, with line ends as they are given. Who may read it follows from the folder and the user's mask,
    as of any file that is saved. Raises FileNotWritten.
    """

    def __init__(self, target: Path) -> None:
        self._target = target
        try:
            self._file = target.with_name(f".itkgui-{uuid.uuid4().hex}.part").open(
                "x",
                encoding="utf-8",
                errors="replace",  # half a character, which JSON can hold and UTF-8 cannot
                newline="",
            )
        except OSError as error:
            raise self._problem(error) from error

    def write(self, text: str) -> None:
        try:
            self._file.write(text)
        except OSError as error:
            raise self._problem(error) from error

    def finish(self) -> None:
        try:
            self._file.close()
            Path(self._file.name).replace(self._target)
        except OSError as error:
            raise self._problem(error) from error

    def abandon(self) -> None:
        """Remove what has been written, unless it is finished."""
        try:
            with contextlib.suppress(OSError):  # writing out the rest of what is thrown away
                self._file.close()
            Path(self._file.name).unlink(missing_ok=True)
        except OSError as error:
            raise self._problem(error) from error

    def _problem(self, error: OSError) -> FileNotWritten:
        return FileNotWritten(f"{self._target}: {error.strerror or error}")
