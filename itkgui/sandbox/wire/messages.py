"""What the servers of the sandbox read and write: requests with bodies that stream, and responses."""

from __future__ import annotations

import email.message
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from itkgui.sandbox.wire.intake import Intake

BLOCK = 256 * 1024
COMPRESS_FROM = 2048
_LONGEST_LINE = 4 * 1024
_MOST_TRAILERS = 20
# Made once: `json.dumps` makes one for each value that it is to write like this.
_ENCODER = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"))
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]*)?\r?\n")


class BadRequestError(Exception):
    """The client sent something that cannot be understood; `status` is what it deserves."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


class DroppedError(ConnectionError):
    """A connection ends here without another word, by a TCP reset if `reset`."""

    def __init__(self, message: str, *, reset: bool = False) -> None:
        super().__init__(message)
        self.reset = reset


@dataclass(frozen=True)
class EncodedList:
    """A JSON list whose items are text already."""

    items: Sequence[bytes]


class Gate(Protocol):
    """Something that acts on the bytes of one body while they pass: a fault."""

    def allow(self, passed: int, wanted: int) -> int:
        """Return how many of `wanted` bytes may follow the `passed` ones; may wait or raise DroppedError."""

    def end(self) -> None:
        """Nothing more will pass: whatever has not acted yet acts now."""


class Body:
    """The body of one request, read once and in pieces, with an announced length or in chunks.

    Raises BadRequestError for a broken framing (400), for more than `limit` bytes (413) and for a client
    that is too slow (408); DroppedError when the client leaves early.
    """

    def __init__(
        self, intake: Intake, length: int | None, limit: int, invite: Callable[[], None] | None = None
    ) -> None:
        """`length` is None for chunks; `invite` asks a client for the body that waits to be asked."""
        self._intake = intake
        self._chunked = length is None
        self._left = length or 0
        self._limit = limit
        self._invite = invite
        self._ended = length == 0
        self.received = 0
        self.gate: Gate | None = None
        # A server that loses bytes stores only so many of an uploaded file; None: all of them.
        self.kept: int | None = None

    @property
    def ended(self) -> bool:
        return self._ended

    @property
    def awaits_invitation(self) -> bool:
        """Whether the client holds the body back until it is asked for it."""
        return self._invite is not None and not self._ended

    def read(self, size: int = BLOCK) -> bytes:
        """Return up to `size` bytes; empty at the end."""
        if self._ended:
            return b""
        self._check_limit(self._limit)
        if self.gate is not None:
            size = self.gate.allow(self.received, size)
        if self._invite is not None:
            self._invite()
            self._invite = None
        try:
            return self._next(size)
        except TimeoutError as error:
            raise BadRequestError("The request came too slowly.", 408) from error

    def _next(self, size: int) -> bytes:
        if self._chunked and self._left == 0 and not self._open_chunk():
            self._end()
            return b""
        block = self._intake.read(min(size, self._left))
        if not block:
            raise DroppedError("The client left in the middle of a body.")
        self._left -= len(block)
        self.received += len(block)
        self._check_limit(self._limit)
        if self._left == 0:
            if not self._chunked:
                self._end()
            elif self._line() not in (b"\r\n", b"\n"):
                raise BadRequestError("A chunk is longer than it says.")
        return block

    def _end(self) -> None:
        self._ended = True
        if self.gate is not None:
            self.gate.end()

    def _open_chunk(self) -> bool:
        match = _CHUNK_SIZE.fullmatch(self._line())
        if match is None:
            raise BadRequestError("The length of a chunk is not a number.")
        self._left = int(match[1], 16)
        if self._left == 0:
            for _ in range(_MOST_TRAILERS):
                if not self._line().strip(b"\r\n"):
                    return False
            raise BadRequestError("There are too many trailers.", 431)
        return True

    def _line(self) -> bytes:
        line = self._intake.line(_LONGEST_LINE)
        if line.endswith(b"\n"):
            return line
        if len(line) < _LONGEST_LINE:
            raise DroppedError("The client left in the middle of a body.")
        raise BadRequestError("A line of the body is too long.")

    def _check_limit(self, limit: int) -> None:
        if self.received + self._left > limit:
            raise BadRequestError("The request is too large.", 413)

    def blocks(self) -> Iterator[bytes]:
        while block := self.read():
            yield block

    def drain(self) -> None:
        for _ in self.blocks():
            pass

    def whole(self, limit: int) -> bytes:
        """Return everything. Raises BadRequestError with status 413 for more than `limit` bytes."""
        parts = []
        self._check_limit(limit)
        for block in self.blocks():
            self._check_limit(limit)
            parts.append(block)
        return b"".join(parts)

    def storing(self, write: Callable[[bytes], object]) -> Callable[[bytes], object]:
        """Return what an uploaded file is written with: `write`, or less of it if bytes are to be lost."""
        if self.kept is None:
            return write
        left = self.kept

        def write_some(block: bytes) -> None:
            nonlocal left
            write(block[:left])
            left = max(0, left - len(block))

        return write_some


@dataclass
class Request:
    """One request as the applications see it."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: email.message.Message
    body: Body
    peer: str = ""
    # A fault: the token that this request carries, or asks for, is no longer good from now on.
    expire_token: bool = False

    @property
    def bearer(self) -> str:
        scheme, _, token = self.headers.get("Authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""

    @property
    def content_type(self) -> str:
        return self.headers.get_content_type() if "Content-Type" in self.headers else ""

    @property
    def is_upload(self) -> bool:
        """Whether the body brings a file."""
        return self.method == "PUT" or self.content_type == "multipart/form-data"


@dataclass
class Response:
    """One answer: bytes, or a file that is sent block by block; an open one is closed afterwards."""

    status: int = 200
    reason: str | None = None
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes | Path | BinaryIO = b""
    # The part of a file that is sent, its first byte and its length; None: all of it.
    span: tuple[int, int] | None = None
    # Bodies of this size and more are compressed for whoever accepts that; None: never.
    compress_from: int | None = None
    # Whether the headers about length and encoding are written in lower case.
    lower_case: bool = False

    def close(self) -> None:
        """Let go of an open file that will not be sent after all."""
        if not isinstance(self.body, bytes | Path):
            self.body.close()

    @classmethod
    def json(
        cls, content: Any, status: int = 200, content_type: str = "application/json; charset=utf-8"
    ) -> Response:
        """Answer with an object, whose values may be an `EncodedList`, or with any other JSON value."""
        body = b"".join(_members(content)) if isinstance(content, dict) else encode(content)
        compress_from = COMPRESS_FROM if status < 400 else None
        return cls(status, headers=[("content-type", content_type)], body=body, compress_from=compress_from)


def encode(content: Any) -> bytes:
    """Return a JSON value as it travels: nothing between the words, UTF-8."""
    return _ENCODER.encode(content).encode("utf-8", "replace")


def _members(content: dict[str, Any]) -> Iterator[bytes]:
    """Yield the pieces of an object, each item of a list by itself: large ones are put together only once."""
    yield b"{"
    for place, (key, value) in enumerate(content.items()):
        yield b"%b%b:" % (b"," if place else b"", encode(key))
        if not isinstance(value, EncodedList):
            yield encode(value)
            continue
        yield b"["
        for number, item in enumerate(value.items):
            if number:
                yield b","
            yield item
        yield b"]"
    yield b"}"
