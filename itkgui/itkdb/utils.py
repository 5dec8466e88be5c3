"""Small helpers: what a file is and where it belongs, sizes in words, addresses, requests in print."""

from __future__ import annotations

import contextlib
import io
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any
from urllib.parse import parse_qs, urlencode, urlsplit

import requests

from itkgui.client.eos import choose_storage
from itkgui.client.media_types import HEAD, media_type_of
from itkgui.itkdb.settings import core_settings
from itkgui.log import REMOVED, redact
from itkgui.records.attachment import Storage

FileComponents = tuple[str, Any, str, dict[str, str]]
_SECRET_HEADERS = ("authorization", "proxy-authorization", "cookie")


def get_file_components(files: Any) -> FileComponents:
    """Return name, file, media type and headers of the one file in a ``files=`` argument.

    Its value is a file, or a tuple of name and file, perhaps with media type, perhaps with headers. Raises
    ValueError unless there is exactly one.
    """
    entries = list(files.items() if isinstance(files, Mapping) else files or ())
    if len(entries) != 1:
        raise ValueError(f"an attachment has one file, not {len(entries)}")
    key, value = entries[0]
    if isinstance(value, tuple | list):
        name, file, media_type, headers = (*value, None, None)[:4]
    else:
        name, file, media_type, headers = _name_of(value) or key, value, None, None
    return name, file, media_type or get_mimetype(name, file), dict(headers or {})


def get_mimetype(fname: str | os.PathLike[str] | None, fpointer: Any) -> str:
    """Return the media type of a file by its content, e.g. ``image/jpeg``; it stays at its position."""
    with _at_the_start(fname, fpointer) as file:
        return media_type_of(file.read(HEAD), str(fname or ""))


def get_filesize(fname: str | os.PathLike[str] | None, fpointer: Any) -> int:
    """Return the size of a file in bytes; it stays at its position."""
    with _at_the_start(fname, fpointer) as file:
        return int(file.seek(0, os.SEEK_END))


def is_image(fname: str | os.PathLike[str] | None, fpointer: Any) -> bool:
    return get_mimetype(fname, fpointer).startswith("image/")


def is_root(fname: str | os.PathLike[str] | None, fpointer: Any) -> bool:
    return get_mimetype(fname, fpointer) == "application/x-root"


def is_largefile(fname: str | os.PathLike[str] | None, fpointer: Any, limit: int = 64 * 1000) -> bool:
    """Tell whether a file has more than ``limit`` bytes."""
    return get_filesize(fname, fpointer) > limit


def is_eos_uploadable(fname: str | os.PathLike[str] | None, fpointer: Any) -> bool:
    """Tell whether a file belongs on EOS: images, ROOT files, and what is large (API reference §6.1)."""
    size, media_type = get_filesize(fname, fpointer), get_mimetype(fname, fpointer)
    return choose_storage(size, media_type, core_settings().eos_size_limit)[0] is Storage.EOS


def binary(file: Any) -> Any:
    """Return a file that gives bytes: requests also takes texts, the bytes themselves, and files of text."""
    if isinstance(file, io.StringIO):
        file = file.getvalue()
    if isinstance(file, str):
        file = file.encode()
    if isinstance(file, bytes | bytearray):
        return io.BytesIO(file)
    return file.buffer if isinstance(file, io.TextIOWrapper) else file


def can_be_streamed(file: Any) -> bool:
    """Tell whether a file can be read twice, as what looks at it before it is sent has to."""
    seekable = getattr(binary(file), "seekable", None)
    return seekable is not None and bool(seekable())


def sizeof_fmt(num: float, suffix: str = "B") -> str:
    """Return a size in words, by powers of 1024: ``64.0KiB``."""
    for prefix in ("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi"):
        if abs(num) < 1024:
            return f"{num:.1f}{prefix}{suffix}"
        num /= 1024
    return f"{num:.1f}Yi{suffix}"


def merge_url_query_params(url: str, additional_params: Mapping[str, Any]) -> str:
    """Return an address with these parameters in its query; they replace those of the same name."""
    parts = urlsplit(url)
    query = parse_qs(parts.query) | dict(additional_params)
    return parts._replace(query=urlencode(query, doseq=True)).geturl()


def pretty_print(req: requests.Request | requests.PreparedRequest) -> str:
    """Return a request as it goes over the wire, without its credentials; of a file only that it is one."""
    prepared = req.prepare() if isinstance(req, requests.Request) else req
    parts = urlsplit(prepared.url or "")
    lines = [f"Host: {parts.netloc}", f"{prepared.method} {redact(prepared.path_url)} HTTP/1.1"]
    for name, value in prepared.headers.items():
        lines.append(f"{name}: {REMOVED if name.lower() in _SECRET_HEADERS else redact(str(value))}")
    return "\r\n".join((*lines, "", _printed(prepared.body)))


def _name_of(file: Any) -> str:
    """Return the name that a file was opened by; one of a pipe or a number is none."""
    name = getattr(file, "name", None)
    if not isinstance(name, str) or name.startswith("<"):
        return ""
    return Path(name).name


def _printed(body: Any) -> str:
    if body is None:
        return ""
    if not isinstance(body, bytes | str):
        return "<a file>"
    try:
        text = body.decode() if isinstance(body, bytes) else body
    except UnicodeDecodeError:
        return "<bytes>"
    with contextlib.suppress(ValueError):
        text = json.dumps(json.loads(text))
    return redact(text)


@contextlib.contextmanager
def _at_the_start(fname: str | os.PathLike[str] | None, fpointer: Any) -> Iterator[IO[bytes]]:
    """Give a file, or what is at the path if there is none, at its start; it is put back where it was."""
    if fpointer is None:
        with Path(fname or "").open("rb") as opened:
            yield opened
        return
    file = binary(fpointer)
    position = file.tell()
    file.seek(0)
    try:
        yield file
    finally:
        file.seek(position)
