"""Viewers of other packages: what makes of an instrument's file one that is known here. Off until allowed.

A package names a function in its entry points, in the group ``itkgui.viewers``, by the ending of the files it
is for: ``mpx = "labtools:show"``. It takes the path of a file, and returns the name and the content (text or
bytes) of a file that is shown instead, such as a table or a picture. It runs in a decoder's process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path, PurePath

from itkgui.client.files import BinaryFile
from itkgui.decoding.undecodable import Undecodable
from itkgui.language import _

GROUP = "itkgui.viewers"

_allowed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Instead:
    """What a plug-in has made of a file."""

    name: str
    content: bytes


def allow(endings: Iterable[str]) -> None:
    """Let plug-ins show files of these endings, and no others; nothing of them is loaded in this process."""
    global _allowed
    _allowed = frozenset(ending.lower().lstrip(".") for ending in endings)


def is_allowed(file: BinaryFile) -> bool:
    """Tell whether a file is for a plug-in that may be used."""
    return _ending(file.name) in _allowed


def load_by_plugin(file: BinaryFile) -> Instead:
    """Return what the plug-in for a file makes of it. Raises Undecodable, and whatever the plug-in does."""
    ending = _ending(file.name)
    entry = _entry(ending)
    if entry is None:
        raise Undecodable(ending, why=_("no plug-in for “.{ending}” is installed").format(ending=ending))
    show: Callable[[Path], object] = entry.load()
    match show(file.path):
        case (str(name), str(text)):
            made = Instead(name, text.encode())
        case (str(name), bytes(content)):
            made = Instead(name, content)
        case other:
            raise Undecodable(f"{entry.value} returned {type(other)}", why=_("its plug-in gives no file"))
    if _entry(_ending(made.name)) is not None:
        raise Undecodable(made.name, why=_("its plug-in gives a file that needs a plug-in, too"))
    return made


def _ending(name: str) -> str:
    return PurePath(name).suffix.lower().lstrip(".")


def _entry(ending: str) -> EntryPoint | None:
    return next(iter(entry_points(group=GROUP, name=ending)), None)
