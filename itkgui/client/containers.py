"""Tells apart the many formats that are a TIFF, an ISO media file or a zip archive by their outer form."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Mapping
from typing import Any

# Cameras whose raw images are a TIFF with a small picture in front and the raw one in a sub-directory.
_RAW_BY_MAKER = (
    (b"NIKON", "image/x-nikon-nef"),
    (b"SONY", "image/x-sony-arw"),
)
_SUBFILE_TYPE, _MAKE, _SUB_DIRECTORIES, _DNG_VERSION = 254, 271, 330, 50706
_ENTRIES_LIMIT = 512

_BRANDS = {
    b"crx ": "image/x-canon-cr3",
    b"avif": "image/avif",
    b"avis": "image/avif",
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"heim": "image/heic",
    b"heis": "image/heic",
    b"hevc": "image/heic",
    b"hevx": "image/heic",
    b"mif1": "image/heif",  # any coding: the compatible brands tell more
    b"msf1": "image/heif",
    b"qt  ": "video/quicktime",
    b"M4A ": "audio/mp4",
}
_MP4 = re.compile(rb"iso[m2-9]|mp4[12]|avc1|dash|MSNV|mmp4|M4V |f4v ", re.DOTALL)

_LOCAL_HEADER = struct.Struct("<4s5H3I2H")  # of a file in a zip archive
_SIZE_FOLLOWS = 8  # the flag of a file whose size is told only after its bytes
_DECLARED = re.compile(rb"application/(?:epub\+zip|vnd\.oasis\.opendocument\.[a-z-]+)")
_OFFICE = "application/vnd.openxmlformats-officedocument"
_OFFICE_FOLDERS = (
    ("word/", f"{_OFFICE}.wordprocessingml.document"),
    ("xl/", f"{_OFFICE}.spreadsheetml.sheet"),
    ("ppt/", f"{_OFFICE}.presentationml.presentation"),
)


def kind_of_tiff(head: bytes) -> str:
    """Return what a file that begins as a TIFF is; damaged ones and all others are image/tiff."""
    if head[8:10] == b"CR" and head[:4] == b"II*\0":
        return "image/x-canon-cr2"
    tags = _first_directory(head)
    if _DNG_VERSION in tags:
        return "image/x-adobe-dng"
    # What a camera or its program exports as a TIFF has the picture itself in front.
    if _SUB_DIRECTORIES in tags and any(tags.get(_SUBFILE_TYPE, b"")):
        maker = tags.get(_MAKE, b"")
        return next((kind for start, kind in _RAW_BY_MAKER if maker.startswith(start)), "image/tiff")
    return "image/tiff"


def _first_directory(head: bytes) -> Mapping[int, bytes]:
    """Return the tags of the first directory with the bytes of their values, as far as the head goes."""
    order = "<" if head[:2] == b"II" else ">"
    is_big = head[2:4] in (b"+\0", b"\0+")
    (start,) = _unpacked(f"{order}Q", head, 8) if is_big else _unpacked(f"{order}I", head, 4)
    (count,) = _unpacked(f"{order}Q", head, start) if is_big else _unpacked(f"{order}H", head, start)
    start += 8 if is_big else 2
    form, room = (f"{order}HHQ8s", 8) if is_big else (f"{order}HHI4s", 4)
    tags: dict[int, bytes] = {}
    for number in range(min(count, _ENTRIES_LIMIT)):
        tag, kind, length, value = _unpacked(form, head, start + number * struct.calcsize(form))
        if kind == 2 and length > room:  # a text that is too long to stand here
            (place,) = struct.unpack(f"{order}{'Q' if is_big else 'I'}", value)
            value = head[place : place + min(length, 64)]
        if kind:
            tags[tag] = value
    return tags


def _unpacked(form: str, head: bytes, start: int) -> tuple[Any, ...]:
    """Unpack a structure; beyond the end of the head there are zeros."""
    size = struct.calcsize(form)
    return struct.unpack(form, head[start : start + size].ljust(size, b"\0"))


def kind_of_media(head: bytes) -> str:
    """Return what a file that begins with an ISO ``ftyp`` box is; empty if its brands are not known."""
    (size,) = struct.unpack(">I", head[:4])
    brands = [head[8:12], *(head[place : place + 4] for place in range(16, min(size, 256), 4))]
    kinds = [_BRANDS[brand] for brand in brands if brand in _BRANDS]
    if kinds and kinds[0] == "image/heif":
        return next((kind for kind in kinds if kind in ("image/avif", "image/heic")), "image/heif")
    if brands[0] in _BRANDS:
        return kinds[0]
    return "video/mp4" if _MP4.fullmatch(brands[0]) else ""


def kind_of_zip(head: bytes) -> str:
    """Return what a file that begins as a zip archive is, by the names of its first members."""
    members = list(_members(head))
    names = [name for name, _ in members]
    if names[:1] == ["mimetype"] and (declared := _DECLARED.match(members[0][1])):
        return declared[0].decode()
    if "[Content_Types].xml" in names or "_rels/.rels" in names:
        for folder, kind in _OFFICE_FOLDERS:
            if any(name.startswith(folder) for name in names):
                return kind
    if names[:1] in (["META-INF/"], ["META-INF/MANIFEST.MF"]):
        return "application/java-archive"
    if names and all(name.endswith(".npy") for name in names):
        return "application/x-npz"
    return "application/zip"


def _members(head: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield name and first bytes of the members whose headers are in the head."""
    place = 0
    while place >= 0 and len(head) - place >= _LOCAL_HEADER.size:
        mark, _, flags, _, _, _, _, packed, _, name_size, extra_size = _LOCAL_HEADER.unpack_from(head, place)
        if mark != b"PK\x03\x04":
            return
        start = place + _LOCAL_HEADER.size
        name = head[start : start + name_size].decode("latin-1")
        start += name_size + extra_size
        yield name, head[start : start + 100]
        # Where the size is not told in front (or stands in the extra field), the next header is looked for.
        told = not flags & _SIZE_FOLLOWS and packed != 0xFFFFFFFF
        place = start + packed if told else head.find(b"PK\x03\x04", start)
