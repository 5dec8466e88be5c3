"""Damage that no decoder tells of when it loads a picture: found by another look at the data of the file."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

from itkgui.decoding.image_files import CORRUPT, MOST_PIXELS, OpenedImage, Picture, read_image
from itkgui.decoding.raw import RAW_TYPES, embedded_preview
from itkgui.decoding.undecodable import reading

_JPEG, _TIFF = "image/jpeg", "image/tiff"
_SMALLER = 8  # times: what libjpeg decodes quickest
# Of libjpeg's warnings those that cost a part of the picture; others are of its notes, or matters of form.
_CORRUPT = re.compile(r"Corrupt JPEG data: (?:premature end|bad (?:Huffman|arithmetic) code|found marker)")
_LEFT_OVER = re.compile(r"Corrupt JPEG data: (\d+) extraneous bytes before marker 0x(..)")
_END = b"\xff\xd9"
_NOTES = (*(f"e{digit:x}" for digit in range(16)), "fe")  # markers of what is no part of the picture
_COMPRESSION, _DEFLATED = 259, (8, 32946)
_PARTS = ((273, 279), (324, 325))  # the tags of where strips and tiles are, and of how many bytes they have
_AT_ONCE = 2**20  # bytes that are unpacked, only to see whether they can be


def may_hide_damage(picture: Picture) -> bool:
    """Tell whether damage of a picture may be hidden when it is loaded, and found by ``hidden_damage``."""
    kind = picture.file.media_type
    return kind in (_JPEG, _TIFF) or (kind in RAW_TYPES and not picture.is_developed)


def hidden_damage(picture: Picture) -> str:
    """Return what is wrong with a photograph's, raw preview's or TIFF's data; empty if nothing is found.

    A JPEG has no check sums: what is found is data that does not fit together, such as too little or too much
    for its size. That takes about as long as to load it. Raises Undecodable.
    """
    path = picture.file.path
    with reading("image"):
        if picture.file.media_type == _TIFF:
            return CORRUPT if _has_bad_part(picture) else ""
        data = path.read_bytes() if picture.file.media_type == _JPEG else embedded_preview(path).jpeg
    return CORRUPT if _costs_something(_warnings_for(data), data) else ""


def _costs_something(warnings: Sequence[str], data: bytes) -> bool:
    for warning in warnings:
        if _CORRUPT.match(warning):
            return True
        left_over = _LEFT_OVER.match(warning)
        # Some cameras fill up to a certain length.
        if left_over and left_over[2] not in _NOTES and bytes(int(left_over[1])) + _END not in data:
            return True
    return False


def _warnings_for(data: bytes) -> list[str]:
    """Return what libjpeg has to say of a JPEG, which is the first thing only."""
    # Pillow keeps these warnings to itself; Qt hands them on.
    from PySide6.QtCore import QBuffer, QByteArray, QSize, QtMsgType, qInstallMessageHandler
    from PySide6.QtGui import QImageReader

    said: list[str] = []

    def note(_: QtMsgType, __: object, text: str) -> None:
        said.append(text)

    source = QBuffer()
    source.setData(QByteArray(data))
    source.open(QBuffer.OpenModeFlag.ReadOnly)
    reader = QImageReader(source, b"jpeg")
    before = qInstallMessageHandler(note)
    try:
        size = reader.size()
        if 0 < size.width() * size.height() <= MOST_PIXELS:
            reader.setScaledSize(QSize(max(1, size.width() // _SMALLER), max(1, size.height() // _SMALLER)))
            reader.read()
    finally:
        qInstallMessageHandler(before)
    return said


def _has_bad_part(picture: Picture) -> bool:
    """Tell whether a deflated strip or tile of a TIFF ends too early or belies its check sum.

    libtiff stops before the check sum. Raises OSError, Undecodable.
    """
    places, _ = read_image(picture, _deflated_parts)
    with picture.file.path.open("rb") as opened:
        for start, count in places:
            opened.seek(start)
            if not _unpacks(opened.read(count)):
                return True
    return False


def _deflated_parts(opened: OpenedImage) -> list[tuple[int, int]]:
    """Return the position and length in bytes of all that is deflated in a TIFF."""
    tags = getattr(opened.image, "tag_v2", {})
    if tags.get(_COMPRESSION) not in _DEFLATED:
        return []
    return [part for at, long in _PARTS for part in zip(tags.get(at, ()), tags.get(long, ()), strict=False)]


def _unpacks(data: bytes) -> bool:
    unpacker = zlib.decompressobj()
    try:
        while data and not unpacker.eof:
            unpacker.decompress(data, _AT_ONCE)
            data = unpacker.unconsumed_tail
    except zlib.error:
        return False
    return unpacker.eof
