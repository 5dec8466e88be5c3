"""The error of a file that cannot be shown."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from itkgui.client.exceptions import FileProblem
from itkgui.client.files import BinaryFile


class PreviewFailed(FileProblem):
    """The bytes arrived, but they are not what they seem, are damaged, or are gone again."""

    title = "No preview"
    cure = "Save the file and open it in another program, or ask the person who added it for a new copy."

    def __init__(
        self,
        detail: str,
        *,
        what: str = "file",
        why: str = "it is damaged or not what its name says",
        cure: str = "",
    ) -> None:
        super().__init__(detail)
        self.sentence = f"This {what} cannot be shown: {why}."
        self.may_pass = bool(cure)
        """Whether it may work when tried again; then ``cure`` says what to do before."""
        if cure:
            self.cure = cure


@contextlib.contextmanager
def reading(what: str) -> Iterator[None]:
    """Turn the OSError of a block that reads a fetched file into PreviewFailed."""
    try:
        yield
    except OSError as error:
        raise PreviewFailed(
            str(error),
            what=what,
            why="its copy on this computer cannot be read",
            cure="Try again to fetch it.",
        ) from error


@contextlib.contextmanager
def unpacking() -> Iterator[None]:
    """Turn the OSError of a block that writes a member of an archive into PreviewFailed."""
    try:
        yield
    except OSError as error:
        raise not_unpacked(error) from error


def not_unpacked(error: Exception) -> PreviewFailed:
    """Return the error of a member that cannot be written to this computer."""
    return PreviewFailed(
        str(error),
        what="member",
        why="it cannot be unpacked on this computer",
        cure="Check the free space of the disk, then try again.",
    )


def check_readable(file: BinaryFile, what: str) -> None:
    """Raise PreviewFailed if a fetched file is gone, which its decoder would take for damage."""
    with reading(what):
        file.path.open("rb").close()
