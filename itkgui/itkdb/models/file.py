"""Fetched files: their bytes lie in a file of their own, which goes when the object goes."""

from __future__ import annotations

import html
import io
import logging
import mimetypes
import shutil
import tempfile
import weakref
import zipfile
from pathlib import Path
from types import TracebackType
from typing import IO, Any, TypeVar

import requests

from itkgui.client import files
from itkgui.client.answers import Answer
from itkgui.client.downloads import compared_blocks, positioned
from itkgui.client.media_types import UNKNOWN, encoding_of
from itkgui.itkdb.exceptions import translated
from itkgui.itkdb.settings import core_settings
from itkgui.itkdb.utils import get_filesize, get_mimetype, sizeof_fmt

log = logging.getLogger(__name__)

AnyFile = TypeVar("AnyFile", bound="BinaryFile")

# What a fetched file tells of the answer that it came with.
_OF_THE_ANSWER = ("status_code", "headers", "encoding", "raw", "reason", "request", "url")


class BinaryFile:
    """A file whose bytes are in ``fptr``; whatever else it is asked leaves ``fptr`` where it is.

    It is closed by ``close``, at the end of a ``with``, or when nobody refers to it any more; a fetched one
    is then deleted from this computer's temporary folder.
    """

    status_code: int
    headers: Any
    encoding: str | None
    raw: Any
    reason: str
    request: requests.PreparedRequest
    url: str

    def __init__(
        self, fptr: IO[bytes], suggested_filename: str | None = None, mimetype: str | None = None
    ) -> None:
        self.fptr = fptr
        self._suggested_filename = suggested_filename
        self._mimetype = mimetype
        self._end: weakref.finalize[..., object] = weakref.finalize(self, fptr.close)

    @classmethod
    def from_response(cls: type[AnyFile], response: requests.Response) -> AnyFile:
        """Read and close an answer that is a file.

        Raises TransferFailed, ConnectionFailed, FileProblem.
        """
        answer = Answer(response, core_settings().read_timeout)
        return _taken_over(_received(answer), answer, cls)

    @property
    def filename(self) -> str:
        """The path of the file on this computer."""
        return str(self.fptr.name)

    @property
    def suggested_filename(self) -> str | None:
        """The name that the server gives the file, made safe; None if it gives none."""
        return self._suggested_filename

    @property
    def extension(self) -> str | None:
        """The usual ending without its dot: by the suggested name, the announced type, or the content."""
        if self.suggested_filename and "." in self.suggested_filename:
            return self.suggested_filename.rpartition(".")[2].lower()
        announced = (self.mimetype or "").partition(";")[0].strip()
        found = mimetypes.guess_extension(announced or self.content_type)
        return found.removeprefix(".") if found else None

    @property
    def size(self) -> int:
        """The number of bytes."""
        return get_filesize(None, self.fptr)

    @property
    def size_fmt(self) -> str:
        """The size in words."""
        return sizeof_fmt(self.size)

    @property
    def mimetype(self) -> str | None:
        """The media type that the server announced; from EOS, which knows none, that of the content."""
        return self._mimetype

    @property
    def content_type(self) -> str:
        """The media type by content."""
        return get_mimetype(None, self.fptr)

    @property
    def content(self) -> bytes:
        """All bytes, wherever somebody has read to."""
        position = self.fptr.tell()
        self.fptr.seek(0)
        try:
            return self.fptr.read()
        finally:
            self.fptr.seek(position)

    def save(self, filename: str | Path | None = None) -> int:
        """Copy the file to a path, by default its suggested name in the working directory.

        A file that is there is replaced. Returns the size in bytes. Raises ValueError if there is no name,
        FileProblem if it cannot be written.
        """
        target = filename or self.suggested_filename
        if target is None:
            raise ValueError("the server gives this file no name: save it under one")
        name = self.suggested_filename or Path(self.filename).name
        source = files.BinaryFile(Path(self.filename), name, self.size, self.content_type)
        with translated():
            saved = source.save(Path(target), overwrite=True)
        log.info("saved %s as %s", self.size_fmt, saved)
        return self.size

    def close(self) -> None:
        """Close the file; a fetched one is deleted."""
        self._end()

    def __enter__(self: AnyFile) -> AnyFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __len__(self) -> int:
        return self.size

    def __repr__(self) -> str:
        return _described(self)


class ImageFile(BinaryFile):
    """A picture, which a notebook shows."""

    def _repr_png_(self) -> bytes | None:
        return self.content if self.extension == "png" else None

    def _repr_jpeg_(self) -> bytes | None:
        return self.content if self.extension in ("jpeg", "jpg") else None

    def _repr_svg_(self) -> str | None:
        return self.content.decode("utf-8", "replace") if self.extension == "svg" else None


class TextFile(BinaryFile):
    """A text, which a notebook shows."""

    def _repr_html_(self) -> str:
        content = self.content
        return f"<pre>{html.escape(content.decode(encoding_of(content), 'replace'))}</pre>"


class ZipFile(zipfile.ZipFile):
    """A zip archive as Python's own, which also tells what BinaryFile tells."""

    def __init__(self, binary_file: BinaryFile) -> None:
        super().__init__(binary_file.fptr)
        self._file = binary_file

    @classmethod
    def from_response(cls, response: requests.Response) -> ZipFile:
        """Raises zipfile.BadZipFile if the answer is no archive, and as BinaryFile.from_response."""
        return cls(BinaryFile.from_response(response))

    def __getattr__(self, name: str) -> Any:
        """Hand on what the answer told."""
        if name in _OF_THE_ANSWER:
            return getattr(self._file, name)
        raise AttributeError(name)

    @property
    def suggested_filename(self) -> str | None:
        return self._file.suggested_filename

    @property
    def extension(self) -> str | None:
        return self._file.extension

    @property
    def size(self) -> int:
        return self._file.size

    @property
    def size_fmt(self) -> str:
        return self._file.size_fmt

    @property
    def mimetype(self) -> str | None:
        return self._file.mimetype

    @property
    def content_type(self) -> str:
        return self._file.content_type

    @property
    def content(self) -> bytes:
        return self._file.content

    def save(self, filename: str | Path | None = None) -> int:
        return self._file.save(filename)

    def close(self) -> None:
        super().close()
        # Python's own also closes what it could not open.
        if "_file" in self.__dict__:
            self._file.close()

    def __repr__(self) -> str:
        return _described(self)

    def _repr_html_(self) -> str:
        members = "".join(f"<li>{html.escape(repr(member))}</li>" for member in self.filelist)
        return f"{html.escape(repr(self))}<ul>{members}</ul>"


def fetched_file(answer: Answer, *, is_on_eos: bool = False) -> BinaryFile | ZipFile:
    """Return an answer's body as what its announced type makes it.

    EOS announces no type that means anything: there the content tells. Raises as BinaryFile.from_response.
    """
    fetched = _received(answer)
    mimetype = answer.headers.get("Content-Type")
    if is_on_eos and mimetype == UNKNOWN != fetched.media_type:
        log.info("EOS calls every file %s; by its content this one is %s", mimetype, fetched.media_type)
        answer.response.headers["Content-Type"] = mimetype = fetched.media_type
    file = _taken_over(fetched, answer, _class_for(mimetype))
    if mimetype == "application/zip":
        try:
            return ZipFile(file)
        except zipfile.BadZipFile as error:
            log.warning("announced as an archive, but it is none: %s", error)
    return file


def _class_for(mimetype: str | None) -> type[BinaryFile]:
    if mimetype is None:
        log.warning("No mimetype available: the file is probably empty.")
    elif mimetype.startswith("image/"):
        return ImageFile
    elif mimetype.startswith("text") or mimetype.partition(";")[0].strip() == "application/json":
        return TextFile
    elif mimetype != "application/zip":
        log.warning("No model available for Content-Type: '%s'. It is a BinaryFile.", mimetype)
    return BinaryFile


class _OwnFile(io.BufferedReader):
    """A file that is read, and is deleted with its folder when it is closed."""

    def __init__(self, path: Path) -> None:
        super().__init__(io.FileIO(str(path)))
        self._folder = path.parent

    def close(self) -> None:
        super().close()
        shutil.rmtree(self._folder, ignore_errors=True)


def _received(answer: Answer) -> files.BinaryFile:
    """Write a body to a folder of its own, under the name that the answer gives it, and close the answer."""
    folder = Path(tempfile.mkdtemp(prefix="itkdb-"))
    try:
        with translated(), answer.response:
            return files.receive(positioned(compared_blocks(answer)), answer.size, folder, answer.file_name)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _taken_over(fetched: files.BinaryFile, answer: Answer, kind: type[AnyFile]) -> AnyFile:
    """Make an object of a file that was received; with its end, the file's folder ends."""
    name = answer.file_name
    made = kind(
        _OwnFile(fetched.path),
        suggested_filename=files.safe_name(name) if name else None,
        mimetype=answer.headers.get("Content-Type"),
    )
    for attribute in _OF_THE_ANSWER:
        setattr(made, attribute, getattr(answer.response, attribute))
    return made


def _described(file: BinaryFile | ZipFile) -> str:
    kind = type(file)
    return (
        f"<{kind.__module__}.{kind.__qualname__} {file.suggested_filename or '(no name)'}, "
        f"{file.size_fmt} at {file.filename}>"
    )
