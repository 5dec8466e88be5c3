"""Request bodies that are read from disk while they are sent: no file is ever in memory as a whole."""

from __future__ import annotations

import hashlib
import uuid
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from itkgui.client import transfer
from itkgui.client.connections import BLOCK
from itkgui.client.exceptions import FileUnreadable


class FileBody:
    """The bytes of a file, with their checksums once they are sent; each iteration sends it from the start.

    Reports to the thread's Transfer. Raises FileUnreadable if the file cannot be read or is not of the size
    that was announced, Cancelled.
    """

    def __init__(self, path: Path, size: int) -> None:
        self.path = path
        self.size = size
        self.sha256 = hashlib.sha256().hexdigest()  # of nothing, as an empty body is never iterated
        self.adler32 = f"{zlib.adler32(b''):08x}"

    def __len__(self) -> int:
        return self.size

    def __iter__(self) -> Iterator[bytes]:
        progress = transfer.current()
        progress.expect(self.size)
        digest, checksum = hashlib.sha256(), zlib.adler32(b"")
        for block in self._blocks():
            progress.advance(len(block))
            if progress.done > self.size:
                break
            digest.update(block)
            checksum = zlib.adler32(block, checksum)
            yield block
        if progress.done != self.size:
            raise FileUnreadable(f"{self.path.name} changed its size while it was sent")
        self.sha256, self.adler32 = digest.hexdigest(), f"{checksum:08x}"

    def _blocks(self) -> Iterator[bytes]:
        try:
            with self.path.open("rb") as file:
                while block := file.read(BLOCK):
                    yield block
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

    def __iter__(self) -> Iterator[bytes]:
        yield self._head
        yield from self._file
        yield self._tail


def _quoted(text: str) -> str:
    """Escape what would end a quoted parameter early, as browsers do."""
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
