"""Reads a multipart/form-data body as it arrives: short fields into memory, files onto the disk."""

from __future__ import annotations

import email.message
import email.parser
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from itkgui.sandbox.wire.messages import BadRequestError, Body

_LONGEST_HEAD = 16 * 1024
_LONGEST_FIELD = 1024 * 1024
_MOST_PARTS = 100


@dataclass
class UploadedFile:
    """A file of the form: where its bytes lie for now, and what the client calls it."""

    path: Path
    filename: str
    content_type: str | None


@dataclass
class Form:
    """The parts of one form, by field name."""

    fields: dict[str, str] = field(default_factory=dict)
    files: dict[str, UploadedFile] = field(default_factory=dict)

    def discard(self) -> None:
        """Remove the files that nobody has taken over."""
        for file in self.files.values():
            file.path.unlink(missing_ok=True)


class _Reader:
    """A window on the body that finds the next delimiter without holding more than a block."""

    def __init__(self, body: Body) -> None:
        self._body = body
        self._buffer = b""

    def until(self, delimiter: bytes, write: Callable[[bytes], object]) -> None:
        """Hand everything before the next `delimiter` to `write`, and step over the delimiter."""
        while True:
            found = self._buffer.find(delimiter)
            if found >= 0:
                write(self._buffer[:found])
                self._buffer = self._buffer[found + len(delimiter) :]
                return
            keep = min(len(delimiter) - 1, len(self._buffer))
            cut = len(self._buffer) - keep
            write(self._buffer[:cut])
            block = self._body.read()
            if not block:
                raise BadRequestError("The form ends before its last boundary.")
            self._buffer = self._buffer[cut:] + block

    def storing(self, write: Callable[[bytes], object]) -> Callable[[bytes], object]:
        return self._body.storing(write)

    def short(self, delimiter: bytes, limit: int) -> bytes:
        content = bytearray()

        def write(block: bytes) -> None:
            content.extend(block)
            if len(content) > limit:
                raise BadRequestError("A part of the form is too long.", 413)

        self.until(delimiter, write)
        return bytes(content)

    def take(self, count: int) -> bytes:
        """Return the next so many bytes, fewer only at the end, and step over them."""
        while len(self._buffer) < count and (block := self._body.read()):
            self._buffer += block
        head, self._buffer = self._buffer[:count], self._buffer[count:]
        return head


def read_form(body: Body, boundary: str, open_file: Callable[[], tuple[Path, BinaryIO]]) -> Form:
    """Read the whole form. Raises BadRequestError for what is not one, and leaves no file behind then."""
    if not 0 < len(boundary) <= 200:
        raise BadRequestError("The form has no usable boundary.")
    reader = _Reader(body)
    form = Form()
    delimiter = b"\r\n--" + boundary.encode("utf-8", "surrogateescape")
    try:
        # The first delimiter has no line end before it.
        reader.short(delimiter[2:], _LONGEST_HEAD)
        for _ in range(_MOST_PARTS):
            if reader.take(2) == b"--":
                body.drain()
                return form
            _read_part(reader, delimiter, form, open_file)
    except BaseException:
        form.discard()
        raise
    form.discard()
    raise BadRequestError("The form has too many parts.", 413)


def _read_part(
    reader: _Reader, delimiter: bytes, form: Form, open_file: Callable[[], tuple[Path, BinaryIO]]
) -> None:
    head = _part_head(reader.short(b"\r\n\r\n", _LONGEST_HEAD))
    name = head.get_param("name", header="Content-Disposition")
    if not isinstance(name, str):
        raise BadRequestError("A part of the form has no name.")
    filename = head.get_filename()
    if filename is None:
        form.fields[name] = reader.short(delimiter, _LONGEST_FIELD).decode("utf-8", "replace")
        return
    path, stream = open_file()
    if name in form.files:
        form.files[name].path.unlink(missing_ok=True)
    # Known to the form before its bytes are here, so that a broken upload is cleaned up.
    form.files[name] = UploadedFile(path, filename, head.get("Content-Type"))
    with stream:
        reader.until(delimiter, reader.storing(stream.write))


def _part_head(head: bytes) -> email.message.Message:
    # Browsers and requests write raw UTF-8 into file names; the e-mail parser wants text.
    return email.parser.HeaderParser().parsestr(head.decode("utf-8", "replace").lstrip("\r\n"))
