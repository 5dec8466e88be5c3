"""Request bodies that are read from disk while they are sent: no file is ever in memory as a whole."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Protocol

from zlib_ng import zlib_ng

from itkgui.client import transfer
from itkgui.client.connections import BLOCK
from itkgui.client.exceptions import FileUnreadable


class Checksum(Protocol):
    """What hashlib's objects can do, and Adler32."""

    def update(self, data: bytes | memoryview, /) -> None: ...

    def hexdigest(self) -> str: ...


class Adler32:
    """The checksum of EOS (API reference §6.3), in the manner of hashlib.

    That of the standard library takes longer than all the rest of a transfer.
    """

    def __init__(self) -> None:
        self._value = zlib_ng.adler32(b"")

    def update(self, data: bytes | memoryview, /) -> None:
        self._value = zlib_ng.adler32(data, self._value)

    def hexdigest(self) -> str:
        return f"{self._value:08x}"


class FileBody:
    """The bytes of a file, with their checksum once they are sent; each iteration sends it from the start.

    The checksum costs time, so there is one: of the kind that the receiver's is compared with. Reports to the
    thread's Transfer. Raises FileUnreadable if the file cannot be read or is not of the size that was
    announced, Cancelled.
    """

    def __init__(self, path: Path, size: int, checksum: Callable[[], Checksum] = hashlib.sha256) -> None:
        self.path = path
        self.size = size
        self._checksum = checksum
        self.digest = checksum().hexdigest()  # of nothing, as an empty body is never iterated
        self.is_begun = False  # whether any of it was given out
        self.given_out = 0  # how often in whole: whoever has it may act upon it, if late

    def __len__(self) -> int:
        return self.size

    def __iter__(self) -> Iterator[bytes | memoryview]:
        """Yield the blocks to send; each is overwritten by the next."""
        self.is_begun = True
        progress = transfer.current()
        progress.expect(self.size)
        checksum = self._checksum()
        for block in self._blocks():
            progress.advance(len(block))
            if progress.done > self.size:
                break
            checksum.update(block)
            self.given_out += progress.done == self.size
            yield block
        if progress.done != self.size:
            raise FileUnreadable(f"{self.path.name} changed its size while it was sent")
        self.digest = checksum.hexdigest()

    def _blocks(self) -> Iterator[bytes | memoryview]:
        buffer = memoryview(bytearray(min(self.size + 1, BLOCK)))  # one more shows a file that has grown
        try:
            with self.path.open("rb", buffering=0) as file:
                while count := file.readinto(buffer):
                    yield buffer[:count]
        except OSError as error:
            raise FileUnreadable(f"{self.path.name}: {error.strerror}") from error


class MultipartBody:
    """Form fields and one file as multipart/form-data, of known length (API reference §5.5)."""

    def __init__(self, fields: Mapping[str, str], file: FileBody, file_name: str, media_type: str) -> None:
        self.fields = fields
        boundary = uuid.uuid4().hex
        self.content_type = f"multipart/form-data; boundary={boundary}"
        head = "".join(
            f'--{boundary}\r\nContent-Disposition: form-data; name="{_quoted(name)}"\r\n\r\n{value}\r\n'
            for name, value in fields.items()
        )
        head += (
            f'--{boundary}\r\nContent-Disposition: form-data; name="data"; '
            f'filename="{_quoted(file_name)}"\r\nContent-Type: {media_type}\r\n\r\n'
        )
        # A file name may hold bytes that are no text (surrogate escapes); a field may not.
        self._head = head.encode("utf-8", errors="replace")
        self._tail = f"\r\n--{boundary}--\r\n".encode()
        self._file = file

    def __len__(self) -> int:
        return len(self._head) + len(self._file) + len(self._tail)

    def __iter__(self) -> Iterator[bytes | memoryview]:
        yield self._head
        yield from self._file
        yield self._tail


def _quoted(text: str) -> str:
    """Escape what would end a quoted parameter early, as browsers do."""
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
