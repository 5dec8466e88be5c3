"""Plug-ins of other packages: what makes of an instrument's file one that is known here, or test results.

A package names functions in its entry points by the ending of the files that they are for, such as
``mpx = "labtools:show"``. Each takes the path of a copy of a file. In the group ``itkgui.viewers`` it returns
the name and the content (text or bytes) of a file that is shown instead, such as a table or a picture; in the
group ``itkgui.readers`` a body of uploadTestRunResults, or a list of them. They run in a decoder's process,
and none is loaded until somebody allows its ending.
"""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass
from importlib.metadata import EntryPoint, distributions
from pathlib import Path, PurePath
from typing import Any

from itkgui.client.exceptions import ItkError
from itkgui.client.files import BinaryFile
from itkgui.decoding.undecodable import Undecodable
from itkgui.language import _

log = logging.getLogger(__name__)

VIEWERS, READERS = "itkgui.viewers", "itkgui.readers"

_MOST_READ = 50_000_000  # bytes as JSON, more than any results the database could take
_DEEPEST = 50  # lists and objects within each other
_MOST_TOLD = 60  # characters of a place

_allowed: frozenset[str] = frozenset()
_installed: dict[str, Mapping[str, EntryPoint]] = {}  # as it was found last, by group and ending


@dataclass(frozen=True)
class Instead:
    """What a plug-in has made of a file."""

    name: str
    content: bytes


def allow(endings: Iterable[str]) -> None:
    """Let plug-ins be used for files of these endings, and no others; none is loaded in this process."""
    global _allowed
    allowed = frozenset(map(_as_ending, endings))
    if allowed != _allowed:  # any setting may have changed
        _allowed = allowed
        _installed.clear()


def find_installed() -> None:
    """Look for what is installed by now, ahead of its use: that may take a moment."""
    if _allowed:
        _installed.update({group: installed(group) for group in (VIEWERS, READERS)})


def is_shown(file: BinaryFile) -> bool:
    """Tell whether a file is for a viewer; also if none is installed, which is told where it is used."""
    ending = _ending(file.name)
    return ending in _allowed and (ending in _endings(VIEWERS) or ending not in _endings(READERS))


def is_read(name: str) -> bool:
    """Tell whether there is a reader for a file of that name."""
    ending = _ending(name)
    return ending in _allowed and ending in _endings(READERS)


def is_left_alone(name: str) -> bool:
    """Tell whether a file of that name is for plug-ins, and none is installed."""
    ending = _ending(name)
    return ending in _allowed and ending not in _endings(READERS) | _endings(VIEWERS)


def load_by_plugin(path: Path) -> Instead:
    """Return what the viewer for a file makes of it. Raises Undecodable, and whatever the plug-in does."""
    match _called(VIEWERS, path, _ending(path.name)):
        case (str(name), str(text)):
            made = Instead(_plain(name), str.encode(text))
        case (str(name), bytes(content)):
            made = Instead(_plain(name), bytes(memoryview(content)))
        case other:
            raise Undecodable(f"it returned {type(other)}", why=_("its plug-in gives no file"))
    if _ending(made.name) in _endings(VIEWERS):
        raise Undecodable(made.name, why=_("its plug-in gives a file that needs a plug-in, too"))
    return made


def read_by_plugin(path: Path) -> list[Any]:
    """Return what the reader for a file makes of it, a list of what may be bodies of uploadTestRunResults.

    All in it is as JSON holds it. Raises Undecodable, and whatever the plug-in does.
    """
    found = _called(READERS, path, _ending(path.name))
    if not isinstance(found, (dict, list)):
        raise Undecodable(f"it returned {type(found)}", why=_("its plug-in gives no results of a test"))
    place, odd = _odd_one(found, "", 0)
    if odd:
        where = _("{what} at “{place}”").format(what=odd, place=place[:_MOST_TOLD]) if place else odd
        raise Undecodable(place, why=_("its plug-in gives {what}, which is no JSON").format(what=where))
    plain = json.dumps(found)
    if len(plain) > _MOST_READ:
        raise Undecodable(f"{len(plain)} bytes", why=_("its plug-in gives more than results of tests can be"))
    found = json.loads(plain)  # without what other packages make of numbers and texts
    return found if isinstance(found, list) else [found]


def _called(group: str, path: Path, ending: str) -> object:
    """Return what the function of a plug-in returns for a file."""
    entry = installed(group).get(ending)
    if entry is None:
        raise Undecodable(ending, why=_("no plug-in for “.{ending}” is installed").format(ending=ending))
    try:
        function: Callable[[Path], object] = entry.load()
        return function(path)
    except ItkError as error:
        raise RuntimeError(f"{type(error).__name__}: {error}") from error  # it is the plug-in's, not ours


def _odd_one(value: object, place: str, depth: int) -> tuple[str, str]:
    """Return place and kind of the first thing that JSON does not know; empty texts if there is none."""
    if depth > _DEEPEST:
        return place, _("too many lists and objects within each other")
    inner: Iterable[tuple[str, object]] = ()
    match value:
        case None | bool() | int():
            pass
        case float():
            if not math.isfinite(value):
                return place, _("the number {number}").format(number=value)
        case str():
            if _is_broken(value):
                return place, _("a text with broken characters")
        case list():
            numbered = enumerate(value)
            inner = ((f"{place}[{number}]", item) for number, item in numbered if not _is_usual(item))
        case dict():
            for key in value:
                if not isinstance(key, str):
                    return place, _("a name of the type {type}").format(type=type(key).__qualname__)
                if _is_broken(key):
                    return place, _("a name with broken characters")
            beginning = f"{place}." if place else ""
            inner = ((f"{beginning}{_plain(key)}", item) for key, item in value.items())
        case _other:
            return place, _("something of the type {type}").format(type=type(value).__qualname__)
    found = (_odd_one(item, where, depth + 1) for where, item in inner)
    return next((odd for odd in found if odd[1]), ("", ""))


def _plain(text: str) -> str:
    """Return a text as Python's own, so that nothing but that crosses to the program.

    Of a class of the plug-in it would have the plug-in loaded there, where it is unpickled.
    """
    return "".join((text,))  # which, unlike ``str``, asks no class for its own way


def _is_broken(text: str) -> bool:
    """Tell whether a text cannot be sent: it has halves of characters."""
    return str.encode(text, "utf-8", "replace").decode() != _plain(text)


def _is_usual(item: object) -> bool:
    """Tell whether something is what long lists consist of, so that a look at them is short."""
    return type(item) is float and math.isfinite(item)


def _ending(name: str) -> str:
    return _as_ending(PurePath(name).suffix)


def _as_ending(text: str) -> str:
    return text.lower().lstrip(".")


def _endings(group: str) -> Set[str]:
    """Return the endings for which functions are installed, as far as that is known."""
    if group not in _installed:
        _installed[group] = installed(group)
    return _installed[group].keys()


def installed(group: str) -> Mapping[str, EntryPoint]:
    """Look for what is installed in a group, by ending; of several for the same one the first counts."""
    found: dict[str, EntryPoint] = {}
    for package in distributions():
        try:
            entries = package.entry_points
        except (OSError, TypeError, ValueError) as error:  # whatever it is for
            log.warning(
                "what a package in %s has for others cannot be read: %s", package.locate_file(""), error
            )
            continue
        for entry in entries:
            if entry.group == group:
                found.setdefault(_as_ending(entry.name), entry)
    return found
