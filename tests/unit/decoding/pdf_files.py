"""Writes PDF documents by hand: with pages of any number and size, turned, with a password, with scripts."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

A4 = (595, 842)
_PAD = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")
_IDENTITY = b"0123456789abcdef"
_FIRST = 4  # the number of the first page's object


@dataclass(frozen=True)
class Document:
    """What is written: ``pages`` are streams of drawing operators; ``more`` is for the catalogue."""

    pages: Sequence[str]
    box: tuple[int, int] = A4
    rotate: int = 0
    password: str = ""
    more: str = ""


def page_of(*lines: str, size: float = 20) -> str:
    """Return a page with lines of text, the first at the top."""
    return "\n".join(
        f"BT /F1 {size:g} Tf 72 {760 - 1.5 * size * number:g} Td ({line}) Tj ET"
        for number, line in enumerate(lines)
    )


def write_pdf(document: Document) -> bytes:
    kids = " ".join(f"{_FIRST + 2 * number} 0 R" for number in range(len(document.pages)))
    key, lock = _lock(document.password) if document.password else (b"", b"")
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {document.more} >>".encode(),
        f"<< /Type /Pages /Kids [{kids}] /Count {len(document.pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for page in document.pages:
        number = len(objects) + 1
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {document.box[0]} {document.box[1]}]"
            f" /Rotate {document.rotate} /Contents {number + 1} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        stream = page.encode("cp1252")
        if key:
            stream = _rc4(
                hashlib.md5(key + (number + 1).to_bytes(3, "little") + bytes(2)).digest()[:10], stream
            )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    out, places = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        lock,
        table,
    )
    return bytes(out)


def _lock(password: str) -> tuple[bytes, bytes]:
    """Return the key and the words of the trailer of RC4 with 40 bits (PDF reference 1.4, section 3.5)."""
    padded = (password.encode() + _PAD)[:32]
    owner = _rc4(hashlib.md5(padded).digest()[:5], padded)
    rights = (-4).to_bytes(4, "little", signed=True)
    key = hashlib.md5(padded + owner + rights + _IDENTITY).digest()[:5]
    user = _rc4(key, _PAD)
    encrypt = f"/Filter /Standard /V 1 /R 2 /O <{owner.hex()}> /U <{user.hex()}> /P -4"
    return key, f"/Encrypt << {encrypt} >> /ID [<{_IDENTITY.hex()}> <{_IDENTITY.hex()}>]".encode()


def _rc4(key: bytes, content: bytes) -> bytes:
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out, i, j = bytearray(), 0, 0
    for byte in content:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)
