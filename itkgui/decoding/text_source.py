"""A text file that is read by parts: where it is, how to read it, and whether it is still as it was."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from itkgui.decoding.text_encoding import Encoding
from itkgui.decoding.undecodable import Undecodable, reading
from itkgui.language import _

PIECE = 1000  # units of a row at most: what is laid out at once; a longer line is shown in several rows
PAGE = 256  # rows that are read and kept together


@dataclass(frozen=True)
class TextSource:
    """What it takes to read any part of a text: ``line_end`` is the unit a line ends with, 10 or 13.

    ``size`` in bytes and ``modified`` in nanoseconds are those of the file when it was opened.
    """

    path: Path
    size: int
    modified: int
    encoding: Encoding
    line_end: int
    language: str
    """What its parts are coloured as; empty for plain text."""

    @contextlib.contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """Open the file. Raises Undecodable if it is gone, cannot be read or has changed meanwhile."""
        with reading("text"), self.path.open("rb") as file:
            now = os.fstat(file.fileno())
            if (now.st_size, now.st_mtime_ns) != (self.size, self.modified):
                raise Undecodable(
                    f"{self.size} bytes when it was opened, now {now.st_size}",
                    what="text",
                    why=_("its copy on this computer has changed meanwhile"),
                    cure=_("Choose it again."),
                )
            yield file
