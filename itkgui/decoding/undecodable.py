"""The errors of a file whose content cannot be shown."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from itkgui.client.exceptions import FileProblem
from itkgui.language import N_, _

# By the kind of file, or of what is in it.
_SENTENCES = {
    "archive": N_("This archive cannot be shown: {why}."),
    "document": N_("This document cannot be shown: {why}."),
    "drawing": N_("This drawing cannot be shown: {why}."),
    "file": N_("This file cannot be shown: {why}."),
    "image": N_("This image cannot be shown: {why}."),
    "map": N_("This map cannot be shown: {why}."),
    "member": N_("This member cannot be shown: {why}."),
    "object": N_("This object cannot be shown: {why}."),
    "page": N_("This page cannot be shown: {why}."),
    "raw": N_("This raw image cannot be shown: {why}."),
    "root": N_("This ROOT file cannot be shown: {why}."),
    "table": N_("This table cannot be shown: {why}."),
    "text": N_("This text cannot be shown: {why}."),
}


class Undecodable(FileProblem):
    """The bytes arrived, but they are not what they seem, are damaged, too much, or are gone again.

    ``what`` is the kind of file and ``why`` the end of the sentence about it, in the language of the user, as
    ``cure`` is. It travels between processes.
    """

    title = N_("No preview")
    cure = N_("Save the file and open it in another program, or ask the person who added it for a new copy.")

    def __init__(self, detail: str, *, what: str = "file", why: str = "", cure: str = "") -> None:
        super().__init__(detail)
        why = why or _("it is damaged or not what its name says")
        self._words = {"what": what, "why": why, "cure": cure}
        self.sentence = _(_SENTENCES[what]).format(why=why)
        self.may_pass = bool(cure)
        """Whether it may work when tried again; then ``cure`` says what to do before."""
        if cure:
            self.cure = cure

    @property
    def why(self) -> str:
        """The end of the sentence, for another beginning."""
        return self._words["why"]

    @property
    def of_page(self) -> Undecodable:
        """The same error, said of a page if it is said of the document."""
        what = "page" if self._words["what"] == "document" else self._words["what"]
        return type(self)(self.detail, **{**self._words, "what": what})

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
            why=_("its copy on this computer cannot be read"),
            cure=_("Try again to fetch it."),
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
        why=_("it cannot be unpacked on this computer"),
        cure=_("Check the free space of the disk, then try again."),
    )


def check_readable(path: Path, what: str) -> None:
    """Raise Undecodable if a fetched file is gone, which its decoder would take for damage."""
    with reading(what):
        path.open("rb").close()
