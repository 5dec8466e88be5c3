"""The errors of a file whose content cannot be shown."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from itkgui.client.exceptions import FileProblem

_DAMAGED = "it is damaged or not what its name says"


class Undecodable(FileProblem):
    """The bytes arrived, but they are not what they seem, are damaged, too much, or are gone again.

    ``what`` is the kind of file and ``why`` the end of the sentence about it. It travels between processes.
    """

    title = "No preview"
    cure = "Save the file and open it in another program, or ask the person who added it for a new copy."

    def __init__(self, detail: str, *, what: str = "file", why: str = _DAMAGED, cure: str = "") -> None:
        super().__init__(detail)
        self._words = {"what": what, "why": why, "cure": cure}
        self.sentence = f"This {what} cannot be shown: {why}."
        self.may_pass = bool(cure)
        """Whether it may work when tried again; then ``cure`` says what to do before."""
        if cure:
            self.cure = cure

    def __reduce__(self) -> tuple[Any, ...]:
        return _undecodable, (type(self), self.detail, self._words)


class TooSlow(Undecodable):
    """The decoder was stopped since it took longer than it may."""


class PasswordNeeded(Undecodable):
    """The content is encrypted; it can be read again with a password, the same way."""


def _undecodable(kind: type[Undecodable], detail: str, words: dict[str, str]) -> Undecodable:
    return kind(detail, **words)


@contextlib.contextmanager
def reading(what: str) -> Iterator[None]:
    """Turn the OSError of a block that reads a fetched file into Undecodable."""
    try:
        yield
    except OSError as error:
        raise Undecodable(
            str(error),
            what=what,
            why="its copy on this computer cannot be read",
            cure="Try again to fetch it.",
        ) from error


@contextlib.contextmanager
def unpacking() -> Iterator[None]:
    """Turn the OSError of a block that writes a member of an archive into Undecodable."""
    try:
        yield
    except OSError as error:
        raise not_unpacked(error) from error


def not_unpacked(error: Exception) -> Undecodable:
    """Return the error of a member that cannot be written to this computer."""
    return Undecodable(
        str(error),
        what="member",
        why="it cannot be unpacked on this computer",
        cure="Check the free space of the disk, then try again.",
    )


def check_readable(path: Path, what: str) -> None:
    """Raise Undecodable if a fetched file is gone, which its decoder would take for damage."""
    with reading(what):
        path.open("rb").close()
