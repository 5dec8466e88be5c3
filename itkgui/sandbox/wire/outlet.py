"""What leaves on one connection: the head of an answer, and its body in pieces that a fault may hold up."""

from __future__ import annotations

import contextlib
import gzip
import os
import socket
from collections.abc import Callable, Generator
from email.utils import formatdate
from pathlib import Path

from itkgui.sandbox.wire.answers import phrase
from itkgui.sandbox.wire.messages import BLOCK, Gate, Response

_SEND_SECONDS = 120.0
_CHUNKED_FROM = 2048
# Every byte becomes another one.
_GARBLED = bytes((byte + 101) % 256 for byte in range(256))
_BODILESS = frozenset({204, 304})


class Content:
    """The body of one answer, ready to travel: its size and its bytes; closes the file it comes from.

    Raises FileNotFoundError if the file has gone.
    """

    def __init__(self, response: Response, *, compress: bool, garble: bool = False) -> None:
        body = response.body
        self._file = body.open("rb") if isinstance(body, Path) else None if isinstance(body, bytes) else body
        self._bytes = body if isinstance(body, bytes) else b""
        self._start = 0
        self._garble = garble and self._file is not None
        if garble:
            # Before any compression: what arrives can be unpacked, and is nonsense.
            self._bytes = self._bytes.translate(_GARBLED)
        self.is_chunked = False
        self.is_compressed = False
        if self._file is not None:
            self._start, self.size = response.span or (0, os.fstat(self._file.fileno()).st_size)
            return
        limit = response.compress_from
        if compress and limit is not None and len(self._bytes) >= limit:
            self.is_compressed = True
            # Large answers come in chunks, small ones with their length (API reference §1.4).
            self.is_chunked = len(self._bytes) >= _CHUNKED_FROM
            self._bytes = gzip.compress(self._bytes, compresslevel=1)
        self.size = len(self._bytes)

    def __enter__(self) -> Content:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def blocks(self, size: int) -> Generator[bytes, None, None]:
        """Return the first `size` bytes in blocks; fewer if the file has become shorter."""
        if self._file is None:
            for start in range(0, size, BLOCK):
                yield self._garbled(self._bytes[start : min(start + BLOCK, size)])
            return
        self._file.seek(self._start)
        while size and (block := self._file.read(min(BLOCK, size))):
            size -= len(block)
            yield self._garbled(block)

    def _garbled(self, block: bytes) -> bytes:
        return block.translate(_GARBLED) if self._garble else block


class Outlet:
    """The sending half of a connection; raises TimeoutError if the client does not take what it is sent."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def send(self, data: bytes | memoryview) -> None:
        self._connection.settimeout(_SEND_SECONDS)
        self._connection.sendall(data)

    def send_body(
        self,
        head: bytes,
        content: Content,
        size: int,
        gate: Gate | None,
        count: Callable[[int], None],
    ) -> bool:
        """Send a head and the first `size` bytes of its content; return whether all of them were there.

        `count` is told what is about to leave, and `gate` may hold it up.
        """
        sent = 0
        with contextlib.closing(content.blocks(size)) as blocks:
            for block in blocks:
                rest = memoryview(block)
                while rest:
                    cut = len(rest) if gate is None else gate.allow(sent, len(rest))
                    piece, rest = rest[:cut], rest[cut:]
                    count(len(piece))
                    framed = b"%x\r\n%b\r\n" % (len(piece), bytes(piece)) if content.is_chunked else piece
                    self.send(head + framed if head else framed)
                    head = b""
                    sent += len(piece)
        if head:
            self.send(head)
        if gate is not None:
            gate.end()
        if content.is_chunked:
            self.send(b"0\r\n\r\n")
        return sent == size


def head_of(
    response: Response,
    content: Content,
    server: str,
    *,
    date: float | None,
    connection: list[tuple[str, str]],
) -> bytes:
    """Return the head of an answer as it travels; `connection` are the headers about the connection.

    `date` is the moment that it tells, in seconds since 1970; None if it tells none.
    """
    headers = [("Date", formatdate(date, usegmt=True))] if date is not None else []
    headers += [("Server", server), *connection, *response.headers]

    def about_the_body(name: str, value: str) -> None:
        headers.append((name.lower() if response.lower_case else name, value))

    if content.is_compressed:
        about_the_body("Content-Encoding", "gzip")
    if content.is_chunked:
        headers.append(("Transfer-Encoding", "chunked"))
    elif response.status not in _BODILESS:
        about_the_body("Content-Length", str(content.size))
    lines = [f"HTTP/1.1 {response.status} {response.reason or phrase(response.status)}"]
    lines += [f"{name}: {value}" for name, value in headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")
