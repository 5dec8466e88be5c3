"""A text file that appears under its name only once it is whole."""

from __future__ import annotations

import tempfile
from pathlib import Path
from types import TracebackType

from itkgui.client.exceptions import FileNotWritten


class PartFile:
    """Written beside its target, which is replaced at the end of the ``with`` block, or left if that fails.

    UTF-8 with line ends as they are given. Only its owner may read it. Every method raises FileNotWritten.
    """

    def __init__(self, target: Path) -> None:
        self._target = target

    def __enter__(self) -> PartFile:
        try:
            self._file = tempfile.NamedTemporaryFile(  # noqa: SIM115 (closed by __exit__)
                "w",
                encoding="utf-8",
                errors="replace",  # half a character, which JSON can hold and UTF-8 cannot
                newline="",
                prefix=".itkgui-",
                suffix=".part",
                dir=self._target.parent,
                delete=False,
            )
        except OSError as error:
            raise self._problem(error) from error
        return self

    def write(self, text: str) -> None:
        try:
            self._file.write(text)
        except OSError as error:
            raise self._problem(error) from error

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        part = Path(self._file.name)
        try:
            self._file.close()
            if kind is None:
                part.replace(self._target)
        except OSError as problem:
            raise self._problem(problem) from problem
        finally:
            part.unlink(missing_ok=True)

    def _problem(self, error: OSError) -> FileNotWritten:
        return FileNotWritten(f"{self._target}: {error.strerror or error}")
