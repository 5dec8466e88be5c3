"""Bytes as people write and read them: in hexadecimal, as characters, as numbers, and as what is sought."""

from __future__ import annotations

import re
import struct

from itkgui.language import _

_HEX = re.compile(r"0x(?:[\s_]*[0-9a-f]{2})+", re.IGNORECASE)
_OFFSET = re.compile(
    r"(?:0x(?P<hex>[0-9a-f]+)|(?P<letters>[0-9a-f]+)h|(?P<number>[0-9][0-9,_ ]*))", re.IGNORECASE
)


def hex_of(content: bytes) -> str:
    """Return ``"1f 8b 08"``."""
    return content.hex(" ")


def characters_of(content: bytes) -> str:
    """Return one character for each byte: those of ASCII, a dot for what is none."""
    return "".join(chr(byte) if 32 <= byte < 127 else "·" for byte in content)


def offset_in(text: str) -> int | None:
    """Return the offset that is written as ``4,660``, ``0x1234`` or ``1234h``; None if it is none."""
    match = _OFFSET.fullmatch(text.strip())
    if match is None:
        return None
    if match["number"]:
        return int(re.sub(r"[,_ ]", "", match["number"]))
    return int(match["hex"] or match["letters"], 16)


def sought_bytes(text: str) -> tuple[bytes, bool]:
    """Return the bytes sought by ``0x 1f 8b`` or by a text, and whether any case will do."""
    if _HEX.fullmatch(text.strip()):
        return bytes.fromhex(re.sub(r"[\s_]", "", text.strip())[2:]), False
    return text.encode(), True


def readings_of(offset: int, content: bytes) -> str:
    """Return what the bytes at an offset mean as numbers, little end first: what most computers write."""
    if not content:
        return ""
    words = [
        _("offset {offset:x}h = {offset:,}").format(offset=offset),
        _("byte {value}").format(value=content[0]),
    ]
    for name, form in (
        ("int16", "<h"),
        ("int32", "<i"),
        ("float32", "<f"),
        ("float64", "<d"),
    ):
        size = struct.calcsize(form)
        if len(content) >= size:
            (value,) = struct.unpack(form, content[:size])
            words.append(f"{name} {value:.6g}" if name.startswith("float") else f"{name} {value}")
    return "  ·  ".join(words)
