"""Reads the head of a request, strictly: what is not HTTP/1.0 or HTTP/1.1 is refused, not guessed at."""

from __future__ import annotations

import email.message
import re
import urllib.parse
from dataclasses import dataclass

from itkgui.sandbox.wire.intake import Intake
from itkgui.sandbox.wire.messages import BadRequestError, DroppedError

_LONGEST_REQUEST_LINE = 8 * 1024
_LONGEST_HEADER = 16 * 1024
_LARGEST_HEAD = 64 * 1024
_MOST_HEADERS = 100
_MOST_EMPTY_LINES = 4
_MOST_PARAMETERS = 200

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,80}"  # noqa: S105 - what HTTP calls a token
_REQUEST_LINE = re.compile(rf"({_TOKEN}) ([\x21-\x7e\x80-\xff]+) HTTP/([0-9])\.([0-9])")
_ORIGIN = re.compile(r"https?://(?:[\w.-]+|\[[0-9a-f:.]+\])(?::[0-9]*)?(?=[/?]|$)", re.ASCII | re.IGNORECASE)
_HEADER = re.compile(rf"({_TOKEN}):[ \t]*([\t\x20-\x7e\x80-\xff]*)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_LENGTH = re.compile(r"[0-9]{1,18}")


@dataclass
class Head:
    """A request without its body; `path` is decoded, `minor` is the minor version of HTTP/1."""

    method: str
    path: str
    query: dict[str, list[str]]
    minor: int
    headers: email.message.Message

    @property
    def wants_to_stay(self) -> bool:
        """Whether the client would like to send another request on this connection."""
        words = {word.strip().lower() for word in self.headers.get("Connection", "").split(",")}
        return "close" not in words and (self.minor > 0 or "keep-alive" in words)

    @property
    def expects_continue(self) -> bool:
        """Whether the body waits for an invitation. Raises BadRequestError for any other expectation."""
        expected = self.headers.get("Expect")
        if expected is None or self.minor == 0:
            return False
        if expected.strip().lower() != "100-continue":
            raise BadRequestError("This expectation cannot be met.", 417)
        return True

    @property
    def is_chunked(self) -> bool:
        return "Transfer-Encoding" in self.headers

    def body_length(self) -> int | None:
        """Return the announced length of the body, or None for chunks. Raises BadRequestError."""
        lengths = {length.strip() for length in self.headers.get_all("Content-Length", ())}
        if self.is_chunked:
            codings = ",".join(self.headers.get_all("Transfer-Encoding", ()))
            if lengths or self.minor == 0:
                # Two parties could disagree about where such a request ends.
                raise BadRequestError("The body has more than one framing.")
            if codings.strip().lower() != "chunked":
                raise BadRequestError("This transfer encoding is not known.", 501)
            return None
        if not lengths:
            return 0
        length = lengths.pop()
        if lengths or not _LENGTH.fullmatch(length):
            raise BadRequestError("The content length is not a number.")
        return int(length)


def read_head(intake: Intake) -> Head | None:
    """Return the next head, or None if the client closes instead.

    Raises BadRequestError, TimeoutError, and DroppedError if the client closes in the middle of it.
    """
    for _ in range(_MOST_EMPTY_LINES):
        line = intake.line(_LONGEST_REQUEST_LINE)
        if line not in (b"\r\n", b"\n"):
            break
    if not line:
        return None
    match = _REQUEST_LINE.fullmatch(_text(line, _LONGEST_REQUEST_LINE, 414))
    if match is None:
        raise BadRequestError("This is not a request.")
    if match[3] != "1":
        raise BadRequestError("Only HTTP/1 is spoken here.", 505)
    path, query = _split(match[2])
    head = Head(match[1], path, query, int(match[4]), _read_headers(intake))
    hosts = head.headers.get_all("Host", ())
    if len(hosts) > 1 or (head.minor > 0 and not hosts):
        raise BadRequestError("The request does not name one host.")
    return head


def _read_headers(intake: Intake) -> email.message.Message:
    headers = email.message.Message()
    size = 0
    for _ in range(_MOST_HEADERS + 1):
        line = intake.line(_LONGEST_HEADER)
        text = _text(line, _LONGEST_HEADER, 431)
        if not text:
            return headers
        size += len(line)
        match = _HEADER.fullmatch(text)
        if match is None:
            raise BadRequestError("A header cannot be read.")
        if size > _LARGEST_HEAD:
            break
        headers[match[1]] = match[2].rstrip(" \t")
    raise BadRequestError("The headers are too large.", 431)


def _text(line: bytes, limit: int, too_long: int) -> str:
    if not line.endswith(b"\n"):
        if len(line) < limit:
            raise DroppedError("The client left in the middle of a head.")
        raise BadRequestError("A line of the head is too long.", too_long)
    return line[:-1].removesuffix(b"\r").decode("latin-1")


def _split(target: str) -> tuple[str, dict[str, list[str]]]:
    """Return the decoded path and the query of a target, which may be a whole address."""
    if (match := _ORIGIN.match(target)) is not None:
        target = "/" + target[match.end() :].removeprefix("/")
    path, _, query = target.partition("?")
    decoded = urllib.parse.unquote_to_bytes(path.encode("latin-1")).decode("utf-8", "replace")
    if not decoded.startswith("/") or "#" in target or _CONTROL.search(decoded):
        raise BadRequestError("The address cannot be read.")
    try:
        parameters = urllib.parse.parse_qs(query, keep_blank_values=True, max_num_fields=_MOST_PARAMETERS)
    except ValueError as error:
        raise BadRequestError("The address has too many parameters.") from error
    return decoded, parameters
