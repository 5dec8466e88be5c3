"""What the servers of the sandbox read and write: requests with bodies that stream, and responses."""

from __future__ import annotations

import email.message
import io
import json
import urllib.parse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

BLOCK = 256 * 1024
_LONGEST_LINE = 8 * 1024


class BadRequestError(Exception):
    """The client sent something that cannot be understood; `status` is what it deserves."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


class Body:
    """The body of one request, read once and in pieces, with an announced length or in chunks.

    Raises BadRequestError for a broken framing and ConnectionError when the client leaves early.
    """

    def __init__(self, stream: io.BufferedIOBase, headers: Mapping[str, str]) -> None:
        self._stream = stream
        lowered = {name.lower(): value for name, value in headers.items()}
        self._chunked = "chunked" in lowered.get("transfer-encoding", "").lower()
        # EOS reads are sent with a lone "transfer-encoding: chunked" by itkdb (API reference §6.3).
        length = lowered.get("content-length", "0").strip()
        if not (length.isascii() and length.isdigit()):
            raise BadRequestError("The content length is not a number.")
        self._left = 0 if self._chunked else int(length)
        self._done = not self._chunked and self._left == 0

    def read(self, size: int = BLOCK) -> bytes:
        """Return up to `size` bytes; empty at the end."""
        if self._done:
            return b""
        if self._chunked and self._left == 0 and not self._next_chunk():
            self._done = True
            return b""
        block = self._stream.read(min(size, self._left))
        if not block:
            raise ConnectionAbortedError("The client left in the middle of a body.")
        self._left -= len(block)
        if self._left == 0:
            if self._chunked:
                self._stream.readline(_LONGEST_LINE)
            else:
                self._done = True
        return block

    def _next_chunk(self) -> bool:
        line = self._stream.readline(_LONGEST_LINE).split(b";")[0].strip()
        try:
            self._left = int(line, 16)
        except ValueError as error:
            self._done = True
            raise BadRequestError("The length of a chunk is not a number.") from error
        if self._left < 0:
            self._done = True
            raise BadRequestError("The length of a chunk is negative.")
        if self._left == 0:
            while self._stream.readline(_LONGEST_LINE).strip():
                pass
        return self._left > 0

    def blocks(self) -> Iterator[bytes]:
        while block := self.read():
            yield block

    def drain(self) -> None:
        for _ in self.blocks():
            pass

    def whole(self, limit: int) -> bytes:
        """Return everything. Raises BadRequestError with status 413 for more than `limit` bytes."""
        parts, size = [], 0
        for block in self.blocks():
            size += len(block)
            if size > limit:
                raise BadRequestError("The request is too large.", 413)
            parts.append(block)
        return b"".join(parts)


@dataclass
class Request:
    """One request as the applications see it."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: email.message.Message
    body: Body

    @property
    def bearer(self) -> str:
        scheme, _, token = self.headers.get("Authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""

    @property
    def content_type(self) -> str:
        return self.headers.get_content_type() if "Content-Type" in self.headers else ""


@dataclass
class Response:
    """One answer: bytes, or a file that is sent block by block."""

    status: int = 200
    reason: str | None = None
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes | Path = b""
    compress: bool = False

    @classmethod
    def json(
        cls, content: Any, status: int = 200, content_type: str = "application/json; charset=utf-8"
    ) -> Response:
        body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
        return cls(status, headers=[("content-type", content_type)], body=body, compress=status < 400)


def split_target(target: str) -> tuple[str, dict[str, list[str]]]:
    """Return the decoded path and the query of a request line's target."""
    try:
        parts = urllib.parse.urlsplit(target)
        query = urllib.parse.parse_qs(parts.query, keep_blank_values=True, max_num_fields=200)
    except ValueError as error:
        raise BadRequestError("The address cannot be read.") from error
    return urllib.parse.unquote(parts.path), query
