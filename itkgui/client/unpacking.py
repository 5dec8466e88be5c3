"""Unpacks the body of an answer while it comes in, never more at once than a block."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from urllib3.exceptions import DecodeError
from zlib_ng import zlib_ng

# What is asked for and so may come; the server packs answers of some size (API reference §1.4).
ACCEPTED = "gzip, deflate"
_GZIP, _ZLIB, _BARE = 31, 15, -15


class Unpacker:
    """Takes packed bytes and gives the plain ones, by the ``Content-Encoding`` of an answer.

    Raises DecodeError of urllib3 for bytes that are damaged, end early, or are packed in a way that nobody
    asked for.
    """

    def __init__(self, encoding: str, largest: int) -> None:
        encoding = encoding.strip().lower()
        if encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise DecodeError(f"packed as {encoding[:40]!r}, which was not asked for")
        self._is_plain = encoding in ("", "identity")
        self._is_deflate = encoding == "deflate"
        self._largest = largest
        self._stream: Any = None

    def plain(self, packed: bytes) -> Iterator[bytes]:
        """Yield the plain bytes of the next packed ones, at most ``largest`` at a time."""
        if self._is_plain:
            yield packed
            return
        try:
            while packed:
                if self._stream is None or self._stream.eof:  # the next of several packed one after the other
                    self._stream = zlib_ng.decompressobj(self._kind(packed))
                if block := self._stream.decompress(packed, self._largest):
                    yield block
                packed = self._stream.unconsumed_tail or self._stream.unused_data
        except zlib_ng.error as error:  # type: ignore[misc]  # the stubs take it for an instance
            raise DecodeError(f"the packed bytes are damaged: {error}") from error

    def end(self) -> None:
        """Tell that no bytes follow. Raises DecodeError if the packed ones are not complete."""
        if self._stream is not None and not self._stream.eof:
            raise DecodeError("the packed bytes end early")

    def _kind(self, packed: bytes) -> int:
        if not self._is_deflate:
            return _GZIP
        # Some servers leave the frame out that the standard wants; its first bytes have a checksum.
        return _ZLIB if packed[0] & 0x0F == 8 and int.from_bytes(packed[:2], "big") % 31 == 0 else _BARE
