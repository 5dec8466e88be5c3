"""Looks for the components that a file names: in its name, its JSON, and the members of a zip archive."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePath
from typing import IO

from itkgui.client import transfer
from itkgui.decoding.zip_directory import ZipDirectory, ZipEntry
from itkgui.language import _

_SERIAL = r"20U(?:P[IBEG]|S[BEG]|C[ME])[0-9A-Z]{9}"
_NAME = re.compile(rf"{_SERIAL}|[0-9a-f]{{32}}")
_IN_NAME = re.compile(rf"(?<![0-9A-Z]){_SERIAL}(?![0-9A-Z])")
_IN_JSON = re.compile(
    rf'"(?:serial_?number|component|sn)"\s*:\s*"\s*({_SERIAL}|[0-9a-f]{{32}})\s*"'.encode(), re.IGNORECASE
)
_MOST_JSON = 8_000_000  # bytes of a file, and of all members of an archive together
_MOST_MEMBERS = 1000
_BLOCK, _OVERLAP = 1 << 18, 200  # bytes; the latter is more than a match is long
# What zipfile and zlib raise for bytes that are no archive, are encrypted or packed in ways they do not know.
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    RuntimeError,
    EOFError,
    ValueError,
    LookupError,
    OverflowError,
)


@dataclass(frozen=True)
class Sighting:
    """Components that one part of a file names, by serial number or code; ``place`` is where, in words."""

    names: tuple[str, ...]
    place: str
    is_in_content: bool = False


def sightings_in_name(within: PurePath) -> Iterator[Sighting]:
    """Yield what a file's name holds, and those of its folders up to the one that was dropped."""
    for part, place in (
        (within.name, _("in its name")),
        (str(within.parent), _("in the name of its folder")),
    ):
        if names := _distinct(_IN_NAME.findall(part.upper())):
            yield Sighting(names, place)


def sightings_in_json(file: IO[bytes], place: str, most: int = _MOST_JSON) -> Iterator[Sighting]:
    """Yield what the fields for a component hold, however deep, in the first ``most`` bytes of a JSON text.

    It need not be valid, nor whole.
    """
    found: list[bytes] = []
    tail, left = b"", most
    while left > 0 and (block := file.read(min(_BLOCK, left))):
        transfer.current().check()
        left -= len(block)
        found += _IN_JSON.findall(tail + block)
        tail = block[-_OVERLAP:]
    names = (name.decode("ascii") for name in found)
    # A code is written in small letters, a serial number in capitals.
    if distinct := _distinct(name if len(name) == 32 else name.upper() for name in names):
        yield Sighting(distinct, place, is_in_content=True)


def sightings_in_results(components: Iterable[str]) -> Iterator[Sighting]:
    """Yield what results name that a plug-in has read, as a JSON with the same results would."""
    stripped = (name.strip() for name in components)
    names = (name if len(name) == 32 else name.upper() for name in stripped)
    if distinct := _distinct(filter(_NAME.fullmatch, names)):
        yield Sighting(distinct, _("in its content"), is_in_content=True)


def sightings_in_zip(file: IO[bytes]) -> Iterator[Sighting]:
    """Yield what the names of the first members hold, and the JSON ones as far as they can be read."""
    try:
        directory = ZipDirectory.of(file)
        members = list(islice(directory.entries(), _MOST_MEMBERS))
    except _DAMAGED:  # it is sent as it is; nobody can tell what it names
        return
    if names := _distinct(name for m in members for name in _IN_NAME.findall(m.name.upper())):
        yield Sighting(names, _("in the names of its members"))
    left = _MOST_JSON
    for member in members:
        if member.name.lower().endswith(".json") and 0 < member.size <= left:
            left -= member.size
            yield from _sightings_in_member(directory, member)


def _sightings_in_member(directory: ZipDirectory, member: ZipEntry) -> Iterator[Sighting]:
    try:
        with directory.opened(member) as archive, archive.open(archive.infolist()[0]) as content:
            yield from sightings_in_json(
                content, _("in its member {name}").format(name=member.name), member.size
            )
    except _DAMAGED:
        return


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
